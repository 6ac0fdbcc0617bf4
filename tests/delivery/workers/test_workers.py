"""Several workers on one mailing: each reader gets one message, whatever becomes of a worker or the database."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bulletin.workspace.workspace import Workspace
from conftest import SETTINGS
from postgresql import PostgreSQL
from sink import Sink, run_sink
from worker_processes import Crew, count, opened, read_states, wait_for, working

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

CONNECTIONS = 6
RATE = 60  # a second
PEOPLE = [f"reader-{number:05}@example.org" for number in range(45 * RATE)]
KEY = "one key for all computers, long enough"


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    with run_sink(tmp_path / "sink") as sink:
        yield sink


@pytest.fixture
def crew(
    make_workspace: Callable[..., Workspace], postgresql: PostgreSQL, sink: Sink, tmp_path: Path
) -> Iterator[Crew]:
    url = postgresql.make_database()
    shared = {"BULLETIN_DATABASE_URL": url, "BULLETIN_SECRET_KEY": KEY}
    workspace = make_workspace(
        settings=f"{SETTINGS}sending: {{limits: [{RATE}/second], connections: {CONNECTIONS}}}\n",
        lists={"partners": "\n".join(["email", *PEOPLE]), "schools": "email"},
        environ=shared,
    )
    with working(workspace, sink.environ | shared, tmp_path / "logs") as crew:
        yield crew
    postgresql.drop(url)


def find_shifts(engine: Engine) -> dict[int, int]:
    """The processes that have an open shift, and its number."""
    query = text("SELECT pid, s.id FROM shifts s JOIN workers w ON w.id = s.worker_id WHERE s.ended_at IS NULL")
    with engine.connect() as connection:
        return {row.pid: row.id for row in connection.execute(query)}


def test_kills_a_restarted_database_and_a_worker_that_wakes_up_too_late_cost_no_one_and_mail_no_one_twice(
    crew: Crew, sink: Sink, postgresql: PostgreSQL
) -> None:
    send = crew.send()
    with opened(crew.workspace) as engine:
        sink.wait_for(2 * RATE, send)
        postgresql.restart()
        engine.dispose()
        sink.wait_for(sink.count() + 2 * RATE, send)
        wait_for(lambda: len(find_shifts(engine)) == 3, crew.read_log)
        lost = find_shifts(engine)
        killed, stopped, _ = crew.processes
        killed.kill()
        stopped.send_signal(signal.SIGSTOP)
        crew.start()
        wait_for(lambda: not {lost[killed.pid], lost[stopped.pid]} & set(find_shifts(engine).values()), crew.read_log)
        stopped.send_signal(signal.SIGCONT)
        assert send.wait(90) in (0, 1), crew.read_log()

        states = read_states(engine)
        received = sink.recipients()
        print(crew.read_log(), count(engine))  # noqa: T201 -- says how hard it was tried
        assert {address: times for address, times in received.items() if times > 1} == {}
        assert sorted(states) == PEOPLE
        assert set(states.values()) <= {"accepted", "uncertain"}
        uncertain = {address for address, state in states.items() if state == "uncertain"}
        assert set(PEOPLE) - set(received) <= uncertain
        assert len(uncertain) <= 2 * CONNECTIONS
