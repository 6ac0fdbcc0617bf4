"""Several workers on one mailing: each reader gets one message, whatever becomes of a worker or the database."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bulletin.workspace.workspace import Workspace
from conftest import SETTINGS
from postgresql import PostgreSQL
from sink import Sink, run_sink
from worker_processes import Crew, count, opened, read_states, wait_for, working

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

PEOPLE = [f"reader-{number:05}@example.org" for number in range(1200)]


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    with run_sink(tmp_path / "sink") as sink:
        yield sink


@pytest.fixture
def crew(make_workspace: Callable[..., Workspace], postgresql: PostgreSQL, sink: Sink, tmp_path: Path) -> Iterator[Crew]:
    url = postgresql.make_database()
    workspace = make_workspace(
        settings=SETTINGS + "sending: {limits: [300/second], connections: 6}\n",
        lists={"partners": "\n".join(["email", *PEOPLE]), "schools": "email"},
        environ={"BULLETIN_DATABASE_URL": url},
    )
    environ = sink.environ | {"BULLETIN_DATABASE_URL": url, "BULLETIN_SECRET_KEY": "one key for all computers, long"}
    with working(workspace, environ, tmp_path / "logs") as crew:
        yield crew
    postgresql.drop(url)


def test_three_workers_send_each_reader_one_message(crew: Crew, sink: Sink) -> None:
    send = crew.send()
    assert send.wait(90) == 0, crew.read_log()
    assert sink.recipients() == Counter(PEOPLE)
