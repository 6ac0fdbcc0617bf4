"""Several workers on one mailing: each reader gets one message, whatever becomes of a worker or the database."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bulletin.workspace.workspace import Workspace
from command_call import call as run
from conftest import SETTINGS
from postgresql import PostgreSQL
from sink import Sink, run_sink
from worker_processes import Crew, count, opened, read_states, wait_for, working

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

CONNECTIONS = 6
RATE = 60  # a second
PEOPLE = [f"reader-{number:05}@example.org" for number in range(30 * RATE)]
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


def test_kills_a_worker_that_wakes_up_too_late_and_a_restarted_database_cost_no_one_and_mail_no_one_twice(
    crew: Crew, sink: Sink, postgresql: PostgreSQL
) -> None:
    send = crew.send()
    with opened(crew.workspace) as engine:
        wait_for(lambda: len(find_shifts(engine)) == len(crew.processes), crew.read_log)
        lost = find_shifts(engine)
        killed, stopped, _ = crew.processes
        killed.kill()
        stopped.send_signal(signal.SIGSTOP)
        crew.start()
        show_that_status_names(3, crew)
        wait_for(lambda: not {lost[killed.pid], lost[stopped.pid]} & set(find_shifts(engine).values()), crew.read_log)
        stopped.send_signal(signal.SIGCONT)
        sink.wait_for(sink.count() + RATE, send)
        postgresql.restart()
        engine.dispose()
        assert send.wait(90) in (0, 1), crew.read_log()

        print(crew.read_log(), count(engine))  # noqa: T201 -- says how hard it was tried
        require_once_each(read_states(engine), sink, uncertain=2 * CONNECTIONS)


def show_that_status_names(number: int, crew: Crew) -> None:
    """The one that is stopped is still there, until it is given up."""
    shown = run("status", "2021-05", "--json", folder=crew.workspace.root, environ=crew.environ)
    workers = json.loads(shown.stdout)["workers"]
    assert len(workers) >= number - 1
    assert {"host", "process", "since", "rate", "issues"} <= workers[0].keys()


def require_once_each(states: dict[str, str], sink: Sink, *, uncertain: int) -> None:
    """No one got two, and who may have got none is named. At most so many are `uncertain`."""
    received = sink.recipients()
    assert {address: times for address, times in received.items() if times > 1} == {}
    assert sorted(states) == PEOPLE
    assert set(states.values()) <= {"accepted", "uncertain"}
    named = {address for address, state in states.items() if state == "uncertain"}
    assert set(PEOPLE) - set(received) <= named
    assert len(named) <= uncertain


def test_stopping_in_good_order_leaves_no_one_uncertain_and_a_pause_reaches_every_worker(
    crew: Crew, sink: Sink
) -> None:
    send = crew.send()
    sink.wait_for(RATE, send)
    crew.processes[0].send_signal(signal.SIGTERM)
    assert crew.processes[0].wait(30) == 0, crew.read_log()
    sink.wait_for(sink.count() + RATE, send)
    began = time.monotonic()
    assert run("pause", "2021-05", folder=crew.workspace.root, environ=crew.environ).returncode == 0
    assert send.wait(30) == 1, crew.read_log()
    with opened(crew.workspace) as engine:
        wait_for(lambda: not find_shifts(engine), crew.read_log)
        assert time.monotonic() - began < 5
        counts = count(engine)
    assert (counts.sending, counts.uncertain) == (0, 0)
    assert counts.accepted == sink.recipients().total()
    assert counts.accepted + counts.queued == len(PEOPLE)
    assert "paused" in crew.read_log()
