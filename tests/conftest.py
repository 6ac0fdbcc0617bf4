"""What all tests share: a guard that keeps the real world out of reach, and workspaces made from a few lines."""

from __future__ import annotations

import asyncio
import gc
import ipaddress
import os
import random
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

import new_ledgers
from bulletin.workspace.workspace import Workspace, open_workspace
from once import made_once
from postgresql import PostgreSQL, run_postgresql

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# No deadline: shared machines are slow at times, and speed is shown by benchmarks. CI tries the same examples every
# time, so that what it says of a change is about the change; every other run looks for new ones.
# `make soak` tries many times as many, `make test` fewer, and `make quick` a few.
EXAMPLES = float(os.environ.get("EXAMPLES", "1"))


def count_examples(number: int) -> int:
    """How many of `number` examples are tried this time."""
    return max(1, round(number * EXAMPLES))


def examples(number: int) -> settings:
    """So many examples, where each takes a while; in `make soak` many times as many."""
    return settings(max_examples=count_examples(number))


settings.register_profile("suite", max_examples=count_examples(100), deadline=None, derandomize="CI" in os.environ)
settings.load_profile("suite")


SETTINGS = """\
organisation:
  name: Anytown Partnership
  about: We keep children safe in Anytown.
  address: 1 High Street, Anytown AN1 1AA
  email: hello@anytown.example.org
bulletins:
  monthly:
    title: Anytown news
    sender: {name: Anytown Partnership, email: news@anytown.example.org}
lists:
  partners: {title: Partner agencies, basis: public-task}
  schools: {title: Schools, basis: consent}
website:
  url: https://news.anytown.example.org
"""

ISSUE = """\
month: 2021-05
published: 4 May 2021
subject: Anytown news for May
preview_text: What we did in April
sections:
  - kind: notice
    title: Office hours
    text: We are closed on **3 May 2021**.
"""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser or a server, so that `-m "not browser"` leaves it out."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        case = getattr(item, "callspec", None)
        values = [value for value in case.params.values() if isinstance(value, str)] if case else []
        if "browser" in names:
            item.add_marker("browser")
        if names & {"postgresql", "empty_server_url"} or any(value.startswith("postgresql") for value in values):
            item.add_marker("postgres")


def pytest_collection_finish() -> None:
    """Python looks for garbage seldom, as the product lets it, and never again among what was collected."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, *gc.get_threshold()[1:])


def find_program(name: str, *, package: str) -> str:
    """The path of a program of the system. A test that needs a missing one fails, and says how to install it."""
    path = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))
    if path is None:
        pytest.fail(f"{name} is missing. Type: sudo apt-get install --no-install-recommends {package}")
    return path


def find_free_port() -> int:
    """A port for a server that cannot be told to choose one.

    It is below those that systems give out by themselves (from 32,768 on, or 49,152): of the tests that run at the same
    time none gets it between this and the server's start.
    """
    for port in random.SystemRandom().sample(range(20_000, 32_000), 100):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    pytest.fail("Of a hundred ports on 127.0.0.1 from 20,000 to 32,000 none is free.")


@contextmanager
def refuse_connections() -> Iterator[int]:
    """A port at which connections are refused, and which nobody else can get, during the `with` block."""
    with socket.socket() as never_listening:
        never_listening.bind(("127.0.0.1", 0))
        yield never_listening.getsockname()[1]


@pytest.fixture(scope="session", autouse=True)
def _signals_as_usual() -> None:
    """Whoever started the tests in the background may have let signals be ignored, and programs inherit that."""
    for name, usual in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, usual)


@pytest.fixture(scope="session", autouse=True)
def _new_ledgers_are_copied() -> Iterator[None]:
    """The migrations take ten times as long as most tests of a ledger."""
    with new_ledgers.copied():
        yield


@pytest.fixture(scope="session", autouse=True)
def _what_never_changes_is_made_once() -> Iterator[None]:
    with made_once():
        yield


@pytest.fixture(scope="session", autouse=True)
def _style_sheets_are_read_once() -> Iterator[None]:
    """Nearly all tests render with the same theme, and reading its sheet is a third of that."""
    from premailer import Premailer

    read = Premailer._parse_style_rules
    known: dict[tuple[str, int], tuple[list[Any], list[Any]]] = {}

    def read_once(inliner: Any, css: str, index: int) -> tuple[list[Any], list[Any]]:
        if (css, index) not in known:
            known[css, index] = read(inliner, css, index)
        rules, others = known[css, index]
        return list(rules), list(others)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Premailer, "_parse_style_rules", read_once)
        yield


@pytest.fixture(autouse=True)
def _terminal_as_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal in which the tests were started may be narrow, or may want colours."""
    for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window and without any traffic of its own."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=20_000)  # ms: other tests may be at work beside this one
    chromium = find_program("chromium", package="chromium fonts-liberation")
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu", *quiet])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL server for all tests that want one."""
    with run_postgresql() as server:
        yield server


@contextmanager
def new_database(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of the test's own: a file, or one on a server."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.db'}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    url = server.make_database()
    yield url
    server.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own, once of each kind. A test of one kind says so: see `on_sqlite`."""
    with new_database(request.param, request, tmp_path) as url:
        yield url


@pytest.fixture
def empty_server_url(postgresql: PostgreSQL) -> Iterator[str]:
    """A database on a server, without any table."""
    url = postgresql.make_empty_database()
    yield url
    postgresql.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    return str(request.getfixturevalue("empty_server_url"))


on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


class RealWorldError(AssertionError):
    """A test tried to reach an address that is not on this machine."""


def _refuse_other_machines(address: Any) -> None:
    if isinstance(address, tuple) and not _is_loopback(str(address[0])):
        message = f"a test tried to reach {address[0]}: everything a test talks to runs on this machine"
        raise RealWorldError(message)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(scope="session", autouse=True)
def _real_world_out_of_reach() -> Iterator[None]:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        _refuse_other_machines(address)
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        for name in [name for name in os.environ if name.startswith("BULLETIN_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session", autouse=True)
def _other_loops_beside_the_browsers() -> Iterator[None]:
    """Playwright's loop counts as running in this thread while its browser is open. Mail is sent by another one.

    For the whole session: what several tests share may send mail before any of them begins.
    """

    def beside(call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **options: Any) -> Any:
            playwrights = asyncio._get_running_loop()
            asyncio._set_running_loop(None)
            try:
                return call(*arguments, **options)
            finally:
                asyncio._set_running_loop(playwrights)

        return called

    with pytest.MonkeyPatch.context() as patch:
        for owner, names in (
            (asyncio, ("run",)),
            (asyncio.Runner, ("run", "close")),
            (asyncio.BaseEventLoop, ("run_until_complete", "run_forever")),
        ):
            for name in names:
                patch.setattr(owner, name, beside(getattr(owner, name)))
        yield


@contextmanager
def full_disk(*, room: int = 0) -> Iterator[None]:
    """No file can grow beyond `room` bytes, as on a full disk (but for the number of the error)."""
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.fixture
def make_workspace(tmp_path: Path) -> Callable[..., Workspace]:
    """Make a workspace in a folder of its own: `make_workspace(issues={"2021-05": TEXT}, lists={"partners": CSV})`."""

    def make(
        *,
        settings: str = SETTINGS,
        issues: dict[str, str] | None = None,
        lists: dict[str, str] | None = None,
        environ: dict[str, str] | None = None,
    ) -> Workspace:
        folder = tmp_path / "workspace"
        return write_workspace(folder, settings=settings, issues=issues, lists=lists, environ=environ)

    return make


def write_workspace(
    root: Path,
    *,
    settings: str = SETTINGS,
    issues: dict[str, str] | None = None,
    lists: dict[str, str] | None = None,
    environ: dict[str, str] | None = None,
) -> Workspace:
    """What `make_workspace` makes, in a folder of your choice."""
    files = {"bulletin.yaml": settings}
    files |= {f"issues/{name}.yaml": text for name, text in (issues or {"2021-05": ISSUE}).items()}
    files |= {f"subscribers/{name}.csv": text for name, text in (lists or {}).items()}
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return open_workspace(root, environ=environ or {})
