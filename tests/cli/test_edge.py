"""Where the world around a command is not as it should be: words and what to do, and a report that never fails."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bulletin.cli import edge
from bulletin.database.engine import connect_database
from bulletin.database.schema import open_database
from bulletin.delivery.smtp.relay import parse_relay
from bulletin.errors import BulletinError, DatabaseError, RelayError
from bulletin.workspace import workspace
from bulletin.workspace.workspace import Workspace
from conftest import ISSUE, SETTINGS, examples, full_disk
from misbehaving import MisbehavingServer, Step, serve
from new_workspace import ENOUGH
from typed import type_in

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

WILD = st.one_of(
    st.sampled_from(["a" * 300, "a/" * 2100, "\udcff", "b\udce9c", "a\0b", "a\nb", "\u202e", "..", "/", "~", "-", ""]),
    st.text(st.characters(exclude_categories=()), max_size=300),
)
COMMANDS = [
    ("{}",),
    ("check", "{}"),
    ("check", "--explain", "{}"),
    ("check", "--workspace", "{}"),
    ("new", "{}"),
    ("new", "--bulletin", "{}"),
    ("diff", "2021-05", "{}"),
    ("collect", "{}"),
    ("draft", "{}"),
    ("draft", "old.txt", "--month", "{}"),
    ("draft", "old.txt", "--out", "out/{}"),
    ("render", "2021-05", "--out", "out/{}"),
    ("test", "2021-05", "--to", "{}"),
    ("approve", "2021-05", "--yes", "--by", "{}"),
    ("approve", "2021-05", "--yes", "--by", "Jo", "--list", "{}"),
    ("approve", "2021-05", "--yes", "--by", "Jo", "--confirm", "{}"),
    ("send", "2021-05", "--list", "{}"),
    ("schedule", "2021-05", "--yes", "--at", "{}"),
    ("pause", "{}"),
    ("status", "{}"),
    ("status", "2021-05", "--who", "{}"),
    ("report", "{}", "--out", "out/x"),
    ("certificate", "{}"),
    ("resolve", "2021-05", "{}", "--delivered"),
    ("subscribers", "show", "{}"),
    ("subscribers", "remove", "{}"),
    ("subscribers", "remove", "ann@example.org", "--note", "{}"),
    ("run", "--log", "out/{}"),
    ("init", "out/{}", *ENOUGH),
]


@contextmanager
def standing_in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@pytest.fixture(scope="module")
def anytown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("anytown")
    for name, text in (("bulletin.yaml", SETTINGS), ("issues/2021-05.yaml", ISSUE), ("old.txt", "News\n\nMay 2021\n")):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_argument_is_a_fault_of_ours(anytown: Path, command: tuple[str, ...]) -> None:
    with standing_in(anytown):
        for wild in ("a" * 300, "b\udce9c"):
            code, words = type_in(*(part.format(wild) for part in command))
            assert code in (0, 1, 2), (wild, words)
            words.encode()


@examples(25)
@given(command=st.sampled_from(COMMANDS), wild=WILD)
def test_whatever_is_typed_is_answered_in_words(anytown: Path, command: tuple[str, ...], wild: str) -> None:
    with standing_in(anytown):
        code, words = type_in(*(part.replace("{}", wild) for part in command))
        assert code in (0, 1, 2), words


def test_a_byte_that_is_not_utf_8_is_named_and_an_address_may_be_pasted(anytown: Path) -> None:
    place = ("--workspace", str(anytown))

    code, words = type_in("approve", "2021-05", "--by", "Jos\udce9", *place)
    assert code == 2
    assert "Invalid value for '--by': This has a byte that is not UTF-8 (0xe9). Type it again." in words
    assert type_in("approve", "2021-05", "--by", "Jo\nBloggs", *place)[0] == 2
    assert type_in("subscribers", "remove", "\u200bbea@example.org\u2060\n", "--yes", *place)[0] == 0
    assert "bea@example.org already gets no email." in type_in("subscribers", "remove", "bea@example.org", *place)[1]


# --- addresses of databases and servers, and the environment


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://",
        "postgresql+psycopg://u:secret@h:port/x",
        "postgresql+psycopg://u:secret@[::1/x",
        "postgresql+psycopg://u:secret@a..b/x",
        f"postgresql+psycopg://u:secret@{'a' * 70}.org/x",
        "postgresql+psycopg://u:secret\udcff@127.0.0.1:1/x",
        "postgresql+psycopg://u:secret@127.0.0.1:1/x?hots=a",
        "postgresql+psycopg://u:secret@127.0.0.1:1/x?connect_timeout=soon",
        "postgresql+psycopg://u:secret@127.0.0.1:99999/x",
        "sqlite:/x",
        "sqlite://u:secret@host/x",
        "sqlite:////tmp/x?timeout=soon",
        "mysql://h/x",
        "no-such-database://h/x",
        "postgresql+no_such_driver://h/x",
        "://",
        "\0",
    ],
)
def test_a_database_address_that_cannot_be_is_refused_in_words(url: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        open_database(url)
    assert "secret" not in str(caught.value)


@given(
    st.one_of(
        st.text(),
        st.builds(
            "{}://{}".format,
            st.sampled_from(["sqlite", "postgresql+psycopg", "postgresql", "mysql", "x+y"]),
            st.text(st.characters(exclude_categories=())) | st.text(st.sampled_from("ab:@/?=&[]%.1\udcff ")),
        ),
    )
)
@example("postgresql+psycopg://h:٣/x")
@example("sqlite:///x?=a")
def test_any_text_is_the_address_of_a_database_or_is_refused_in_words(url: str) -> None:
    with suppress(DatabaseError):
        connect_database(url).dispose()


@given(st.text(st.characters(exclude_categories=())) | st.text(st.sampled_from("ab:@/?=&[]%.1\udcff ")))
def test_any_text_behind_smtp_is_a_server_or_is_refused_in_words(rest: str) -> None:
    with suppress(RelayError):
        parse_relay(f"smtp+starttls://{rest}")


@pytest.mark.parametrize("name", ["BULLETIN_SMTP_URL", "BULLETIN_SECRET_KEY", "BULLETIN_DATABASE_URL"])
def test_a_variable_that_is_not_utf_8_is_named(anytown: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "smtp://a\udcff")

    code, words = type_in("status", "--workspace", str(anytown))
    assert (code, words.count(name)) == (1, 1)
    assert "not UTF-8" in words


# --- places that are gone, or forbidden


def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    with standing_in(gone):
        gone.rmdir()
        for arguments in (("check",), ("status",), ("draft", "x.txt"), ("init", "new", *ENOUGH)):
            code, words = type_in(*arguments)
            assert code in (0, 1, 2), (arguments, words)
        assert type_in("check")[1].startswith("The folder that you are in is not there any more. Go to your workspace")


def test_a_workspace_that_is_deleted_while_it_sends_ends_in_words(
    make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = "".join(f"reader-{number}@example.org\n" for number in range(40))
    root = make_workspace(lists={"partners": f"email\n{people}", "schools": "email\n"}).root

    def delete(step: Step, _number: int) -> None:
        if step is Step.DOT:
            shutil.rmtree(root, ignore_errors=True)

    server = MisbehavingServer(on_step=delete)
    with serve(server):
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{server.port}")
        code, words = type_in("send", "2021-05", "--yes", "--workspace", str(root))

    assert code in (0, 1), words
    assert "fault of bulletin" not in words
    assert len({arrival.recipient for arrival in server.arrivals}) == len(server.arrivals)


GONE = [
    ("check",),
    ("check", "2021-05", "--fix", "--yes"),
    ("new",),
    ("followups",),
    ("diff", "2021-05"),
    ("collect", "2021-05"),
    ("collect", "2021-05", "--forms"),
    ("preview", "2021-05", "--no-open", "--port", "0"),
    ("render", "2021-05", "--out", "out"),
    ("test", "2021-05", "--to", "a@example.org"),
    ("approve", "2021-05", "--by", "Jo", "--yes"),
    ("send", "2021-05", "--yes"),
    ("schedule", "2021-05", "--at", "tomorrow 9:00", "--yes"),
    ("run",),
    ("pause", "2021-05"),
    ("status",),
    ("status", "2021-05"),
    ("report", "2021-05", "--out", "report.html"),
    ("certificate", "2021-05"),
    ("subscribers", "sync", "--yes"),
    ("subscribers", "show", "a@example.org"),
    ("subscribers", "remove", "a@example.org"),
]


@pytest.mark.parametrize("arguments", GONE, ids=" ".join)
def test_a_workspace_that_is_deleted_once_it_is_open_ends_in_words(
    make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    root = make_workspace(lists={"partners": "email\na@example.org\n", "schools": "email\n"}).root
    opened = workspace.open_workspace

    def delete(*wanted: Any, **options: Any) -> Workspace:
        place = opened(*wanted, **options)
        shutil.rmtree(root)
        return place

    monkeypatch.setattr(workspace, "open_workspace", delete)
    monkeypatch.setenv("BULLETIN_SMTP_URL", "smtp://127.0.0.1:1")
    with standing_in(root):
        code, words = type_in(*arguments)

    assert code == 1
    assert words.startswith(("The workspace ", "There is no bulletin.yaml in ")), words
    assert not root.exists()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENAMETOOLONG, "/x/y cannot be used: File name too long. Give another name."),
        (errno.EACCES, "/x/y cannot be used: Permission denied. Check the permissions of the file and its folder."),
        (errno.EROFS, "/x/y cannot be used: Read-only file system. Check the permissions of the file and its folder."),
        (errno.ENOSPC, "/x/y cannot be used: No space left on device. Make room on the disk, and run the same command"),
        (errno.EIO, "/x/y cannot be used: Input/output error. Check the disk or the network, and run"),
    ],
)
def test_what_the_system_refuses_is_told_in_words(monkeypatch: pytest.MonkeyPatch, number: int, words: str) -> None:
    monkeypatch.setattr(edge, "find_app", lambda _: mock.Mock(side_effect=OSError(number, os.strerror(number), "/x/y")))

    code, said = type_in()
    assert code == 1
    assert said.startswith(words)


@pytest.mark.parametrize(
    ("error", "code"), [(BulletinError("What.", "Do this."), 1), (OSError(errno.EACCES, "no", "x"), 1)]
)
def test_where_nobody_can_be_told_the_exit_code_still_is_right(
    monkeypatch: pytest.MonkeyPatch, error: Exception, code: int
) -> None:
    monkeypatch.setattr(edge, "find_app", lambda _: mock.Mock(side_effect=error))
    monkeypatch.setattr(edge, "warn", mock.Mock(side_effect=BrokenPipeError(errno.EPIPE, "Broken pipe")))

    assert type_in()[0] == code


def test_what_no_place_can_be_blamed_for_stays_our_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(edge, "find_app", lambda _: mock.Mock(side_effect=OSError(errno.EBADF, "Bad file descriptor")))

    assert type_in()[0] == 3


@pytest.mark.parametrize("closed", [">&-", ">&- 2>&- <&-"])
def test_a_stream_that_is_closed_beforehand_is_no_fault(anytown: Path, closed: str) -> None:
    command = f"exec {sys.executable} -m bulletin status --workspace {anytown} {closed}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done
    assert "Traceback" not in done.stderr


# --- the report of a fault of ours


class UnspeakableError(Exception):
    def __str__(self) -> str:
        raise LookupError("no words for it")


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A command with a fault of ours. Gives the folder of its report."""
    monkeypatch.setattr(
        edge, "find_app", lambda _: mock.Mock(side_effect=LookupError("a thing that cannot be \udcff \x1b[2J"))
    )
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_a_report_holds_also_what_cannot_be_encoded(failing: Path) -> None:
    code, words = type_in("status", "\udcff\x1b[2J")

    (report,) = failing.glob("bulletin-report-*.txt")
    assert code == 3
    assert str(report) in words
    assert r"status \udcff" in report.read_text(encoding="utf-8")
    assert "a thing that cannot be" in report.read_text(encoding="utf-8")


def test_an_error_that_cannot_even_be_written_down_has_a_report(failing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "find_app", lambda _: mock.Mock(side_effect=UnspeakableError()))

    assert type_in()[0] == 3
    (report,) = failing.glob("bulletin-report-*.txt")
    assert "UnspeakableError" in report.read_text()


def test_where_no_report_can_be_written_it_is_shown(failing: Path) -> None:
    with full_disk():
        code, words = type_in("status")
    assert code == 3
    assert "Bulletin could not write a report (OSError)." in words
    assert "LookupError: a thing that cannot be" in words
    assert "\x1b" not in words
    assert not list(failing.iterdir())


def test_without_any_folder_for_it_a_report_is_shown_too(failing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(failing / "gone"))

    code, words = type_in("status")
    assert code == 3
    assert "Bulletin could not write a report (FileNotFoundError)." in words
    assert "command: status" in words


def test_a_closed_terminal_takes_nothing_from_a_report(failing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "warn", mock.Mock(side_effect=OSError(errno.EIO, "Input/output error")))

    assert type_in()[0] == 3
    assert list(failing.glob("bulletin-report-*.txt"))
    assert tempfile.gettempdir() == str(failing)


BOTH = {"partners": "email\nann@example.org\nben@example.org\n"}


def test_several_addresses_are_removed_at_once(make_workspace: MakeWorkspace) -> None:
    place = ("--workspace", str(make_workspace(lists=BOTH).root))
    remove = ("subscribers", "remove")
    type_in(*remove, "ann@example.org", *place)
    code, words = type_in(*remove, "Ann@example.org", "ben@example.org", "BEN@example.org", "--yes", *place)

    assert code == 0
    assert words.splitlines() == [
        "Ann@example.org already gets no email.",
        "ben@example.org will never be emailed again, from any list.",
        "You don't need to edit the list files.",
    ]


def test_where_one_of_several_is_no_address_none_is_removed_and_all_faults_are_told(
    make_workspace: MakeWorkspace,
) -> None:
    place = ("--workspace", str(make_workspace().root))
    code, words = type_in("subscribers", "remove", "ann@example.org", "ben@", "example.org", "--yes", *place)

    assert code == 1
    assert "“ben@”" in words
    assert "“example.org”" in words
    assert "Nothing was changed." in words
    assert "We have no record of" in type_in("subscribers", "show", "ann@example.org", *place)[1]


def test_several_addresses_are_asked_about_once(make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)

    def decline(question: str, **_options: object) -> bool:
        asked.append(question)
        return False

    monkeypatch.setattr("typer.confirm", decline)
    place = ("--workspace", str(make_workspace(lists=BOTH).root))
    code, words = type_in("subscribers", "remove", "ann@example.org", "ben@example.org", *place)

    assert (code, words) == (1, "Nothing was changed.\n")
    assert asked == ["Stop all email to these 2 addresses, for good?"]
