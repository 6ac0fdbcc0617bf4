"""`bulletin worker`, and `bulletin send` where workers send."""

from __future__ import annotations

import signal
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bulletin.delivery.workers.roster import register_worker
from bulletin.workspace.workspace import Workspace
from command_call import call as run
from command_process import start
from conftest import SETTINGS
from misbehaving import serve_and_stall
from planned import make_due
from postgresql import PostgreSQL
from sink import Sink, run_sink
from worker_processes import count, opened, wait_for, working

PEOPLE = [f"reader-{number}@example.org" for number in range(12)]


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    with run_sink(tmp_path / "sink") as sink:
        yield sink


@pytest.fixture
def shared(
    make_workspace: Callable[..., Workspace], postgresql: PostgreSQL, sink: Sink
) -> Iterator[tuple[Workspace, dict[str, str]]]:
    """A workspace with a database on a server, and the environment of its commands."""
    url = postgresql.make_database()
    environ = {"BULLETIN_DATABASE_URL": url, "BULLETIN_SECRET_KEY": "one key for all computers, long enough"}
    workspace = make_workspace(
        settings=SETTINGS, lists={"partners": "\n".join(["email", *PEOPLE]), "schools": "email"}, environ=environ
    )
    yield workspace, sink.environ | environ
    postgresql.drop(url)


@pytest.mark.slow
def test_without_workers_send_sends_by_itself_and_says_so(shared: tuple[Workspace, dict[str, str]], sink: Sink) -> None:
    workspace, environ = shared
    done = run("send", "2021-05", "--yes", folder=workspace.root, environ=environ)
    assert done.returncode == 0, done.stderr
    assert "No worker was seen in the last 60 seconds, so this computer sends it." in done.stdout
    assert sink.recipients() == Counter(PEOPLE)


@pytest.mark.slow
def test_here_sends_although_there_is_a_worker(shared: tuple[Workspace, dict[str, str]], sink: Sink) -> None:
    workspace, environ = shared
    with opened(workspace) as engine:
        register_worker(engine)
    done = run("send", "2021-05", "--yes", "--here", folder=workspace.root, environ=environ)
    assert done.returncode == 0, done.stderr
    assert "worker" not in done.stdout
    assert sink.recipients() == Counter(PEOPLE)


@pytest.mark.slow
def test_defer_waits_for_a_worker_ctrl_c_leaves_it_to_one_and_once_sends_it(
    shared: tuple[Workspace, dict[str, str]], sink: Sink, tmp_path: Path
) -> None:
    workspace, environ = shared
    log = tmp_path / "log.txt"
    send = start(workspace, environ, log, "send", "2021-05", "--yes", "--defer")
    wait_for(lambda: "accepted" in log.read_text() or send.poll() is not None, log.read_text)
    send.send_signal(signal.SIGINT)
    assert send.wait(30) == 130
    assert "No worker is running. To start one: bulletin worker" in log.read_text()
    assert "The workers continue without you." in log.read_text()
    with opened(workspace) as engine:
        assert count(engine).queued == len(PEOPLE)
    assert "paused" not in run("status", "2021-05", folder=workspace.root, environ=environ).stdout

    done = run("worker", "--once", folder=workspace.root, environ=environ)
    assert done.returncode == 0, done.stderr
    assert sink.recipients() == Counter(PEOPLE)
    with opened(workspace) as engine:
        assert count(engine).accepted == len(PEOPLE)
    again = run("send", "2021-05", "--yes", "--defer", folder=workspace.root, environ=environ)
    assert "Everyone on these lists has got it" in again.stdout


@pytest.mark.slow
def test_a_scheduled_issue_is_sent_once_however_many_workers_find_it_due_and_systemd_hears_of_them(
    shared: tuple[Workspace, dict[str, str]], sink: Sink, tmp_path: Path
) -> None:
    workspace, environ = shared
    planned = run("schedule", "2021-05", "--at", "tomorrow 9:00", "--yes", folder=workspace.root, environ=environ)
    assert planned.returncode == 0, planned.stderr
    make_due(workspace)
    place, log = tmp_path / "notify", tmp_path / "log.txt"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(place))
        systemd.settimeout(30)
        workers = [start(workspace, environ | {"NOTIFY_SOCKET": str(place)}, log, "worker", "--once") for _ in range(3)]
        assert [worker.wait(90) for worker in workers] == [0, 0, 0], log.read_text()
        heard = Counter(systemd.recv(100) for _ in range(3 + 3))
    assert {b"READY=1", b"WATCHDOG=1"} <= heard.keys()
    assert sink.recipients() == Counter(PEOPLE), log.read_text()
    with opened(workspace) as engine:
        assert count(engine).accepted == len(PEOPLE)


@pytest.mark.slow
def test_a_second_request_to_stop_waits_no_longer(shared: tuple[Workspace, dict[str, str]], tmp_path: Path) -> None:
    workspace, environ = shared
    with serve_and_stall() as silent, working(workspace, environ | silent.environ, tmp_path / "logs", number=1) as crew:
        send = crew.send()
        with opened(workspace) as engine:
            wait_for(lambda: count(engine).sending > 0 or send.poll() is not None, crew.read_log)
        for _ in range(2):
            crew.processes[0].send_signal(signal.SIGTERM)
            time.sleep(0.3)
        assert crew.processes[0].wait(20) == 130, crew.read_log()
        assert "Stopped at once" in crew.read_log()
        send.kill()
        send.wait()


@pytest.mark.parametrize("command", [("worker",), ("send", "2021-05", "--yes", "--defer")])
def test_a_file_is_for_one_computer(
    make_workspace: Callable[..., Workspace], sink: Sink, command: tuple[str, ...]
) -> None:
    workspace = make_workspace(lists={"partners": "email\nanna@example.org\n", "schools": "email\n"})
    done = run(*command, folder=workspace.root, environ=sink.environ)
    assert done.returncode == 1
    assert "Workers need a PostgreSQL database" in done.stderr
    assert "BULLETIN_DATABASE_URL" in done.stderr


def test_here_and_defer_contradict_each_other(make_workspace: Callable[..., Workspace]) -> None:
    done = run("send", "2021-05", "--here", "--defer", folder=make_workspace().root)
    assert done.returncode == 2
    assert "choose one" in done.stderr
