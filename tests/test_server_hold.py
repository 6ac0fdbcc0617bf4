from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Timer

import pytest
from sqlalchemy import Engine

from anytown import NOON
from bulletin.database.engine import connect_database
from bulletin.database.schema import open_database
from bulletin.delivery.server_hold import hold_on_server
from bulletin.delivery.sole_hold import hold_issue
from bulletin.errors import DatabaseError, MailingHeld
from conftest import on_postgresql, on_sqlite

HOLDER = """
import sys
from bulletin.database.schema import open_database
from bulletin.delivery.server_hold import hold_on_server

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
