"""The promise that everything else stands on: a sender that dies at any moment loses nobody, and mails nobody twice.

The real command, a real server (Postfix's smtp-sink), and kill -9. CRASH_SEED=… repeats the moments of an earlier run,
CRASH_KILLS=… says how many there are (`make soak`: 200).
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bulletin.database.schema import open_database
from bulletin.database.states import DeliveryState
from bulletin.delivery.ledger.counts import count_states
from bulletin.delivery.ledger.deliveries import list_deliveries
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.workspace.workspace import Workspace
from command_call import call as run
from command_process import start_sending, wait_until_in_flight
from misbehaving import serve_and_stall
from sink import Sink, run_sink, run_slow_sink

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("CRASH_KILLS", "8"))
PEOPLE = [f"reader-{number:05}@example.org" for number in range(600 + 20 * KILLS)]
CONNECTIONS = 4


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    with run_sink(tmp_path / "sink") as sink:
        yield sink


@pytest.fixture
def slow_sink(tmp_path: Path) -> Iterator[Sink]:
    with run_slow_sink(tmp_path / "sink") as sink:
        yield sink


@pytest.fixture
def workspace(make_workspace: Callable[..., Workspace]) -> Workspace:
    """A thousand people on two lists, two hundred of them on both."""
    halves = {"partners": PEOPLE[:600], "schools": PEOPLE[400:]}
    return make_workspace(lists={name: "\n".join(["email", *members]) for name, members in halves.items()})


def choose_moments(chance: random.Random) -> list[int]:
    """After how many messages to kill: spread over the mailing, and apart, so that each run sends something."""
    apart = 10
    most = len(PEOPLE) - apart * KILLS - 100
    return [moment + apart * place for place, moment in enumerate(sorted(chance.sample(range(1, most), KILLS)))]


def test_a_thousand_people_get_one_message_each(workspace: Workspace, sink: Sink, tmp_path: Path) -> None:
    process = start_sending(workspace, sink.environ, tmp_path / "log.txt")

    assert process.wait(60) == 0, (tmp_path / "log.txt").read_text()
    assert sink.recipients() == Counter(PEOPLE)


def test_ctrl_c_waits_for_what_is_in_flight_and_leaves_nobody_uncertain(
    workspace: Workspace, slow_sink: Sink, tmp_path: Path
) -> None:
    process = start_sending(workspace, slow_sink.environ, tmp_path / "log.txt")
    wait_until_in_flight(2, process, workspace.database_url)
    process.send_signal(signal.SIGINT)

    assert process.wait(60) == 130, (tmp_path / "log.txt").read_text()
    assert "Continue with: bulletin send 2021-05" in (tmp_path / "log.txt").read_text()
    engine = open_database(workspace.database_url)
    counts = count_states(engine, find_mailings(engine, "2021-05"))
    engine.dispose()
    assert (counts.sending, counts.uncertain) == (0, 0)
    assert counts.accepted == slow_sink.recipients().total()
    assert counts.accepted + counts.queued == len(PEOPLE)


def test_a_second_ctrl_c_waits_no_longer_and_names_what_was_in_flight(workspace: Workspace, tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    with serve_and_stall() as silent:
        process = start_sending(workspace, silent.environ, log)
        wait_until_in_flight(CONNECTIONS, process, workspace.database_url)
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.5)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130, log.read_text()
    assert "The messages in flight are uncertain" in log.read_text()
    engine = open_database(workspace.database_url)
    counts = count_states(engine, find_mailings(engine, "2021-05"))
    engine.dispose()
    assert (counts.sending, counts.uncertain, counts.accepted) == (0, CONNECTIONS, 0)


def test_a_second_send_of_the_same_issue_says_who_is_sending_it(
    workspace: Workspace, slow_sink: Sink, tmp_path: Path
) -> None:
    first = start_sending(workspace, slow_sink.environ, tmp_path / "log.txt")
    slow_sink.wait_for(1, first)
    second = start_sending(workspace, slow_sink.environ, tmp_path / "second.txt")

    assert second.wait(60) == 1
    words = (tmp_path / "second.txt").read_text()
    assert "2021-05 is being sent already, by" in words
    assert f"process {first.pid}" in words
    first.kill()
    first.wait()


def test_of_two_sends_that_start_in_the_same_moment_one_sends_and_the_other_says_who_is_sending(
    make_workspace: Callable[..., Workspace], slow_sink: Sink, tmp_path: Path
) -> None:
    """The first may be so quick that it has not begun the mailing yet when the other asks."""
    few = PEOPLE[:40]  # ten seconds of sending, however much later the second one starts
    workspace = make_workspace(lists={"partners": "\n".join(["email", *few]), "schools": "email"})
    logs = [tmp_path / f"log-{number}.txt" for number in range(2)]
    processes = [start_sending(workspace, slow_sink.environ, log) for log in logs]
    codes = [process.wait(60) for process in processes]

    words = [log.read_text() for log in logs]
    assert sorted(codes) == [0, 1], words
    winner, loser = processes[codes.index(0)], words[codes.index(1)]
    assert "2021-05 is being sent already, by" in loser
    assert f"process {winner.pid}" in loser
    assert "is being sent already" not in words[codes.index(0)]
    assert slow_sink.recipients() == Counter(few)


def test_a_person_decides_what_became_of_the_uncertain(
    make_workspace: Callable[..., Workspace], sink: Sink, tmp_path: Path
) -> None:
    few = PEOPLE[: 2 * CONNECTIONS]  # of each connection one in flight, and one whose envelope waits behind it
    workspace = make_workspace(lists={"partners": "\n".join(["email", *few]), "schools": "email"})
    log = tmp_path / "log.txt"
    with serve_and_stall() as silent:
        killed = start_sending(workspace, silent.environ, log)
        wait_until_in_flight(CONNECTIONS, killed, workspace.database_url)
        killed.kill()
        killed.wait()

    workspace.issue_path("2021-05").write_text("broken: [")  # what was begun goes on with what it began with
    assert start_sending(workspace, sink.environ, log).wait(60) == 1, log.read_text()
    workspace.issue_path("2021-05").unlink()
    words = run("status", "2021-05", folder=workspace.root).stdout
    uncertain = re.findall(
        r"^    (reader-\d+@example\.org) .*\n      Message-ID <\w+\.\d+\.…@\S+>$", words, re.MULTILINE
    )
    assert len(uncertain) == CONNECTIONS
    assert "bulletin resolve 2021-05 ADDRESS" in words

    wrong = run("resolve", "2021-05", uncertain[0], "nobody@example.org", "--delivered", folder=workspace.root)
    assert wrong.returncode == 1
    assert "nobody@example.org was never written to" in wrong.stderr
    assert run("resolve", "2021-05", uncertain[0], "--delivered", folder=workspace.root).returncode == 0
    assert run("resolve", "2021-05", *uncertain[1:], "--resend", folder=workspace.root).returncode == 0
    assert start_sending(workspace, sink.environ, log).wait(60) == 0, log.read_text()
    status = json.loads(run("status", "2021-05", "--json", folder=workspace.root).stdout)
    assert (status["accepted"], status["uncertain"]) == (len(few), 0)
    assert sink.recipients() == Counter(set(few) - {uncertain[0]})


def test_whom_the_server_refuses_is_named_with_its_words(
    make_workspace: Callable[..., Workspace], tmp_path: Path
) -> None:
    workspace = make_workspace(lists={"partners": "email\nanna@example.org\n", "schools": "email\n"})
    options = ("-f", "RCPT", "-B", "550 5.1.1 No such person here")
    with run_sink(tmp_path / "sink", *options) as sink:
        assert start_sending(workspace, sink.environ, tmp_path / "log.txt").wait(60) == 1

    assert "See who was refused" in (tmp_path / "log.txt").read_text()
    words = run("status", folder=workspace.root).stdout
    assert re.search(r"^    anna@example\.org .* 550 5\.1\.1 No such person here$", words, re.MULTILINE)


def test_a_sender_killed_at_any_moment_loses_nobody_and_mails_nobody_twice(
    workspace: Workspace, sink: Sink, tmp_path: Path
) -> None:
    seed = int(os.environ.get("CRASH_SEED") or random.SystemRandom().randrange(10**6))
    print(f"CRASH_SEED={seed}")  # noqa: T201 -- to repeat what failed
    chance = random.Random(seed)
    engine = open_database(workspace.database_url)

    in_flight: list[set[str]] = []
    for moment in choose_moments(chance):
        process = start_sending(workspace, sink.environ, tmp_path / "log.txt")
        sink.wait_for(moment, process)
        with suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0, 0.02))
        process.kill()
        assert process.wait() == -9, (tmp_path / "log.txt").read_text()
        flying = list_deliveries(engine, find_mailings(engine, "2021-05"), states=[DeliveryState.SENDING])
        in_flight.append({delivery.address for delivery in flying})
    last = start_sending(workspace, sink.environ, tmp_path / "log.txt")
    assert last.wait(60) in (0, 1), (tmp_path / "log.txt").read_text()

    mailings = find_mailings(engine, "2021-05")
    states = {delivery.address: delivery.state for delivery in list_deliveries(engine, mailings)}
    engine.dispose()
    received = sink.recipients()
    uncertain = {address for address, state in states.items() if state == "uncertain"}
    print(f"in flight at each kill: {[len(addresses) for addresses in in_flight]}; uncertain: {len(uncertain)}")  # noqa: T201 -- says how hard it was tried
    assert {address: times for address, times in received.items() if times > 1} == {}
    assert {address for address, state in states.items() if state == "accepted"} - set(received) == set()
    assert set(received) - set(states) == set()
    assert sorted(states) == PEOPLE
    assert set(states.values()) <= {"accepted", "uncertain"}
    assert all(len(addresses) <= CONNECTIONS for addresses in in_flight)
    assert uncertain == set().union(*in_flight)  # those, and nobody else; a kill before the first message adds nobody
