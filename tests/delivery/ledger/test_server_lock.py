from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread, Timer
from time import sleep
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, event

from anytown import NOON, address_of
from bulletin.database.engine import connect_database
from bulletin.database.schema import open_database
from bulletin.delivery.dispatch import dispatcher
from bulletin.delivery.dispatch.supervision import Control
from bulletin.delivery.ledger import server_lock
from bulletin.delivery.ledger.issue_lock import hold_issue
from bulletin.delivery.ledger.server_lock import hold_on_server
from bulletin.delivery.sending.send_preview import preview_send
from bulletin.delivery.sending.sending import send_or_resume
from bulletin.edition.build import make_edition
from bulletin.edition.edition import Edition
from bulletin.errors import DatabaseError, HoldLost, MailingHeld
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import on_postgresql, on_sqlite
from mailed import run
from scripted import serve

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection

    from postgresql import PostgreSQL

pytestmark = pytest.mark.slow

HOLDER = """
import sys
from bulletin.database.schema import open_database
from bulletin.delivery.sending.send_preview import preview_send
from bulletin.delivery.sending.sending import send_or_resume
from bulletin.delivery.dispatch.supervision import Control
from bulletin.delivery.ledger.server_lock import hold_on_server
from bulletin.delivery.dispatch.supervision import Control

with hold_on_server(open_database(sys.argv[1]), "2021-05", now=1_620_126_000_000):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


def start_holder(url: str) -> subprocess.Popen[str]:
    """Another process that holds 2021-05 until it is killed or its input ends."""
    command = [sys.executable, "-c", HOLDER, url]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


@on_postgresql
def test_a_mailing_that_a_process_elsewhere_sends_is_refused_and_its_holder_named(
    engine: Engine, database_url: str
) -> None:
    with start_holder(database_url) as holder:
        with pytest.raises(MailingHeld) as caught, hold_on_server(engine, "2021-05", now=NOON):
            pass
        assert f"(process {holder.pid}, since " in caught.value.message
        assert " on 4 May 2021)" in caught.value.message
        holder.communicate("")
    with hold_on_server(engine, "2021-05", now=NOON):
        pass


@on_postgresql
def test_a_process_elsewhere_is_waited_for_as_long_as_one_likes(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    """As `bulletin pause` does, on a computer with a state folder of its own."""
    with start_holder(database_url) as holder:
        with pytest.raises(MailingHeld), hold_issue(engine, tmp_path, "2021-05", now=NOON, wait=0.1):
            pass
        leaving = Timer(0.3, lambda: holder.communicate(""))
        leaving.start()
        with hold_issue(engine, tmp_path, "2021-05", now=NOON, wait=60):
            pass
        leaving.join()


@on_postgresql
def test_a_mailing_whose_holder_was_killed_can_be_held_once_the_server_knows(engine: Engine, database_url: str) -> None:
    with start_holder(database_url) as holder:
        os.kill(holder.pid, signal.SIGKILL)
        holder.communicate()
        wait_for_the_end_of_others(engine)
        with hold_on_server(engine, "2021-05", now=NOON):
            pass


def wait_for_the_end_of_others(engine: Engine) -> None:
    """Until the server has noticed that nobody is at the other end of a session: soon, by a process of its own."""
    others = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.exec_driver_sql(others).scalar_one():
            connection.exec_driver_sql("SELECT pg_stat_clear_snapshot(), pg_sleep(0.01)")


@on_postgresql
def test_a_hold_on_the_server_ends_with_its_block_however_that_ends(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), hold_on_server(engine, "2021-05", now=NOON):
        raise ZeroDivisionError
    with (
        hold_on_server(engine, "2021-05", now=NOON),
        pytest.raises(MailingHeld),
        hold_on_server(engine, "2021-05", now=NOON),
    ):
        pass


@on_postgresql
def test_issues_are_held_one_by_one_on_the_server_too(engine: Engine) -> None:
    with ExitStack() as holds:
        for issue in ("2021-05", "2021-06", "training/2021-05", "training-2021-05"):
            holds.enter_context(hold_on_server(engine, issue, now=NOON))


@on_postgresql
def test_a_holder_whose_user_and_computer_have_long_or_foreign_names_is_named_as_far_as_the_server_keeps_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "zoë.of.the.communications.team@anytown")
    monkeypatch.setattr("socket.gethostname", lambda: "a-computer-with-a-name-that-is-as-long-as-names-may-be")
    with hold_on_server(engine, "2021-05", now=NOON), pytest.raises(MailingHeld) as caught:
        hold_on_server(engine, "2021-05", now=NOON).__enter__()
    assert re.search(
        rf"by zo\?\.of\.the\.communica on a-com[\w-]+ \(process {os.getpid()}, since", caught.value.message
    )


@on_postgresql
def test_a_hold_that_the_server_has_ended_meanwhile_hides_no_other_error(engine: Engine) -> None:
    end_it = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE starts_with(application_name, 'bulletin ')"

    def fail_without_the_session() -> None:
        with engine.begin() as connection:
            assert connection.exec_driver_sql(end_it).scalars().all() == [True]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), hold_on_server(engine, "2021-05", now=NOON):
        fail_without_the_session()


def test_a_server_that_cannot_be_asked_is_told_in_words() -> None:
    nowhere = connect_database("postgresql+psycopg://anna:s3cret@127.0.0.1:1/ledger")
    with pytest.raises(DatabaseError, match=r"Check that its server runs") as caught:
        hold_on_server(nowhere, "2021-05", now=NOON).__enter__()
    assert "s3cret" not in str(caught.value)


@on_sqlite
def test_where_the_database_is_a_file_there_is_no_server_to_ask(engine: Engine, tmp_path: Path) -> None:
    with hold_on_server(engine, "2021-05", now=NOON), hold_on_server(engine, "2021-05", now=NOON):
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith("2021")] == []


# A session may end while its holder works on.


@dataclass
class Line:
    """The way to the server, as a router between has it: `cut` lets nothing through any more that holds a lock.

    Whoever speaks at either end is not told.
    """

    folder: Path  # with the socket of the server
    place: Path  # where this one has its own
    is_cut: Event = field(default_factory=Event)
    threads: list[Thread] = field(default_factory=list)

    @contextmanager
    def laid(self) -> Iterator[None]:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(self.place / SOCKET))
            listening.listen()
            self._start(self._accept, listening)
            yield
            listening.shutdown(socket.SHUT_RDWR)
            for thread in self.threads:
                thread.join()

    def cut(self) -> None:
        self.is_cut.set()

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = Thread(target=work, args=arguments)
        thread.start()
        self.threads.append(thread)

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listening.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(str(self.folder / SOCKET))
                holds = Event()
                for ends in ((near, far), (far, near)):
                    self._start(self._carry, *ends, holds)

    def _carry(self, source: socket.socket, target: socket.socket, holds: Event) -> None:
        with source, suppress(OSError):
            while data := source.recv(65_536):
                if b"pg_try_advisory_lock" in data:
                    holds.set()
                if not (holds.is_set() and self.is_cut.is_set()):
                    target.sendall(data)
            target.shutdown(socket.SHUT_RDWR)


SOCKET = ".s.PGSQL.5432"


def end_holders(engine: Engine) -> None:
    """As an administrator does, or a server that shuts down."""
    end = (
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE starts_with(application_name, 'bulletin ')"
    )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        assert connection.exec_driver_sql(end).scalars().all() == [True]


def let_go_of_all(engine: Engine) -> list[DBAPIConnection]:
    """Every connection of `engine` from now on: some server in between may reset what a session has set."""
    opened: list[DBAPIConnection] = []
    event.listen(engine, "connect", lambda connection, _record: opened.append(connection))
    return opened


def require_lost(require_hold: Callable[[], None], words: str, other: Engine) -> None:
    """That the holder is told so, again and again, and that another one can have it at once."""
    for _ in range(2):
        with pytest.raises(HoldLost, match=words) as caught:
            require_hold()
        assert "bulletin status 2021-05" in caught.value.remedy
    with hold_on_server(other, "2021-05", now=NOON) as theirs:
        theirs()
        with pytest.raises(HoldLost):
            require_hold()


@pytest.fixture
def other(database_url: str) -> Iterator[Engine]:
    """As another computer has it."""
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@on_postgresql
def test_a_holder_whose_session_an_administrator_has_ended_is_told(engine: Engine, other: Engine) -> None:
    with hold_on_server(engine, "2021-05", now=NOON) as require_hold:
        require_hold()
        end_holders(other)
        require_lost(require_hold, "terminating connection due to administrator command", other)


@on_postgresql
def test_a_holder_whose_session_the_server_has_ended_because_it_idled_is_told(
    engine: Engine, other: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_lock, "_SETTINGS", server_lock._SETTINGS.replace("'0'", "'200'"))
    with hold_on_server(engine, "2021-05", now=NOON) as require_hold:
        engine.dispose()
        wait_for_the_end_of_others(other)
        require_lost(require_hold, "idle-session timeout", other)


@on_postgresql
def test_a_holder_whose_server_was_restarted_is_told(engine: Engine, database_url: str, postgresql: PostgreSQL) -> None:
    with hold_on_server(engine, "2021-05", now=NOON) as require_hold:
        require_hold()
        postgresql.restart()
        other = open_database(database_url)
        require_lost(require_hold, "terminating connection|closed the connection", other)
        other.dispose()


@on_postgresql
def test_a_holder_from_whose_session_something_in_between_has_taken_the_lock_is_told(
    database_url: str, other: Engine
) -> None:
    engine = connect_database(database_url)
    opened = let_go_of_all(engine)
    with hold_on_server(engine, "2021-05", now=NOON) as require_hold:
        require_hold()
        with closing(opened[0].cursor()) as cursor:
            cursor.execute("DISCARD ALL")
        require_lost(require_hold, "has let go of its lock", other)
    engine.dispose()


@on_postgresql
def test_a_holder_whose_session_falls_silent_is_told_and_waits_for_it_no_longer(
    database_url: str, other: Engine, postgresql: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_lock, "_SILENCE", 0.2)
    place = Path(tempfile.mkdtemp())  # a socket's path is short
    line = Line(folder=postgresql.folder, place=place)
    with line.laid():
        engine = connect_database(database_url.replace(str(postgresql.folder), str(place)))
        with hold_on_server(engine, "2021-05", now=NOON) as require_hold:
            require_hold()
            line.cut()
            with pytest.raises(HoldLost, match="has not answered for"):
                require_hold()
            end_holders(other)  # as the server does with a session that has fallen silent
        engine.dispose()
    shutil.rmtree(place)


PEOPLE = [f"reader{number}" for number in range(40)]


@pytest.fixture
def computers(
    database_url: str, make_workspace: Callable[..., Workspace], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Workspace, Workspace]:
    """Two that share a database: files alike, and each its own state folder."""
    here = make_workspace(lists={"partners": "\n".join(["email", *map(address_of, PEOPLE)]), "schools": "email"})
    shutil.copytree(here.root, tmp_path / "elsewhere")
    monkeypatch.setenv("BULLETIN_DATABASE_URL", database_url)
    monkeypatch.setenv("BULLETIN_SECRET_KEY", "the same on both computers")
    return here, open_workspace(tmp_path / "elsewhere", environ={})


@on_postgresql
@pytest.mark.parametrize("how", ["its session is ended", "the server restarts"])
def test_a_sender_that_nothing_keeps_alone_any_more_stops_in_words_and_the_next_one_goes_on(
    how: str,
    computers: tuple[Workspace, Workspace],
    other: Engine,
    postgresql: PostgreSQL,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here, there = computers
    monkeypatch.setattr(dispatcher, "_CHECK_EVERY", 0)
    lost = Event()

    def take(_name: str) -> None:
        if len(server.kept) == 3 and not lost.is_set():
            lost.set()
            postgresql.restart() if how == "the server restarts" else end_holders(other)
        if lost.is_set():
            sleep(0.3)  # as slow as it needs for the sender to have looked, long before all have it

    with serve(on_message=take) as server:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{server.server_address[1]}")
        with pytest.raises((HoldLost, DatabaseError), match="un the same command again"):
            run(here, "send", "2021-05", "--yes")
        assert len(server.kept) < len(PEOPLE) / 2
        server.on_message = lambda _name: None
        assert "40  accepted" in run(there, "send", "2021-05", "--yes")
        assert sorted(server.kept) == sorted(PEOPLE)


@on_postgresql
def test_nothing_leaves_where_the_lock_was_lost_while_the_mailing_began(
    engine: Engine, other: Engine, database_url: str, make_workspace: Callable[..., Workspace]
) -> None:
    root = make_workspace(lists={"partners": "email\nanna@example.org", "schools": "email"}).root

    def prepare() -> Edition:
        end_holders(other)
        return make_edition(place, "2021-05")

    with serve() as server:
        smtp = f"smtp://127.0.0.1:{server.server_address[1]}"
        environ = {"BULLETIN_DATABASE_URL": database_url, "BULLETIN_SMTP_URL": smtp, "BULLETIN_SECRET_KEY": "a key"}
        place = open_workspace(root, environ=environ)
        shown = preview_send(place, engine, "2021-05", lists=("partners",), now=NOON)
        control = Control(clock=lambda: NOON, stop=Event())
        with pytest.raises(HoldLost):
            send_or_resume(place, engine, shown, make_edition=prepare, control=control)
        assert server.arrived == []
        shown = preview_send(place, engine, "2021-05", lists=("partners",), now=NOON)
        assert send_or_resume(place, engine, shown, make_edition=prepare, control=control).accepted == 1
