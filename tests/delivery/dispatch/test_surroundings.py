"""Whatever becomes of the machine around a sender: its process, disk, database and clock, or another sender beside it.

`contract.check_contract` checks the contract from the server's own record. CRASH_SEED=… repeats the moments of an
earlier run, CRASH_KILLS=… says how many there are (`make soak`: 200).
"""

from __future__ import annotations

import os
import random
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from anytown import NOON, add_people, begin_mailing, make_edition
from bulletin.database.schema import open_database
from bulletin.delivery.ledger.counts import count_states
from bulletin.delivery.ledger.start import start_mailing
from bulletin.delivery.smtp.connection import Timeouts
from contract import keep_history, most_in_flight
from misbehaving import Conduct, Fault, MisbehavingServer, Step, serve
from officer import CONNECTIONS, HOUR, Clock, Officer
from sender_process import DONE, HELD, IN_WORDS, Sender, ended

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)
KILLS = int(os.environ.get("CRASH_KILLS", "20"))
SEED = int(os.environ.get("CRASH_SEED") or random.SystemRandom().randrange(10**6))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    (tmp_path / "state").mkdir()
    engine = open_database(f"sqlite:///{tmp_path / 'state' / 'ledger.db'}")
    keep_history(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def file(engine: Engine) -> Path:
    return Path(engine.url.database or "")


def many(number: int) -> list[str]:
    return [f"reader-{place:04}" for place in range(number)]


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelining", "lock-step"])
def test_a_sender_killed_at_any_step_loses_nobody_and_mails_nobody_twice(
    engine: Engine, file: Path, *, pipelining: bool
) -> None:
    """Half of the kills for each way of talking; at any step of the run, a moment after it, or before it has begun."""
    print(f"CRASH_SEED={SEED} CRASH_KILLS={KILLS}")  # noqa: T201 -- to repeat what failed
    chance = random.Random(f"{SEED}{pipelining}")
    kills = KILLS // 2
    mailing = begin_mailing(engine, *many(20 * kills))
    most_steps = 5 * 20  # of a run, on average: five a message
    in_flight: list[int] = []
    moment = 0
    process = None
    reached = threading.Event()
    lock = threading.Lock()

    def on_step(_step: Step, _number: int) -> None:
        nonlocal moment
        with lock:
            moment -= 1
            if moment == 0:
                reached.set()

    server = MisbehavingServer(pipelining=pipelining, on_step=on_step)
    with serve(server):
        for _ in range(kills):
            moment = chance.randrange(most_steps) if chance.random() < 0.9 else -1
            reached.clear()
            connections = chance.randint(1, 8)
            with ended(Sender(file=file, port=server.port, connections=connections).start()) as process:
                if moment >= 0:
                    reached.wait(5)
                process.join(chance.choice([0, chance.uniform(0, 0.005), chance.uniform(0, 0.05)]))
            in_flight.append(count_states(engine, [mailing]).sending)
            assert in_flight[-1] <= connections
            assert process.exitcode in (-9, DONE)
            flying = sum(in_flight)
            assert Officer(engine, mailing, server).recover() == in_flight[-1]
        officer = Officer(engine, mailing, server)
        officer.send_to_the_end()
        print(f"in flight at each kill: {in_flight}")  # noqa: T201 -- says how hard it was tried
        ledger = officer.check(most_uncertain=flying)
        assert sum(row.state == "uncertain" for row in ledger.values()) == flying
        officer.resolve(ledger)
        officer.send_to_the_end()
        officer.check(most_uncertain=0)


def test_on_a_full_disk_nothing_leaves_that_cannot_be_written_down(engine: Engine, file: Path) -> None:
    mailing = begin_mailing(engine, *many(150))
    with engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    server = MisbehavingServer()
    with serve(server):
        for room in (1, 40_000, 150_000):
            assert Sender(file=file, port=server.port, largest_file=file.stat().st_size + room).run() == IN_WORDS
        assert 0 < server.kept().total() < 150
        officer = Officer(engine, mailing, server)
        officer.send_to_the_end()
        officer.check(most_uncertain=3 * CONNECTIONS)


def test_a_database_that_another_program_keeps_locked_ends_the_run_in_words(engine: Engine, file: Path) -> None:
    mailing = begin_mailing(engine, *many(30))
    kept_by_then = 0  # the other program may have to wait for the sender first
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:

        def lock(step: Step, number: int) -> None:
            nonlocal kept_by_then
            if (step, number) == (Step.DOT, 11):
                other.execute("BEGIN IMMEDIATE")
                kept_by_then = server.kept().total()

        server = MisbehavingServer(on_step=lock)
        with serve(server):
            assert Sender(file=file, port=server.port, waits_for_lock=50).run() == IN_WORDS
            assert kept_by_then <= server.kept().total() <= kept_by_then + CONNECTIONS
            other.execute("ROLLBACK")
            officer = Officer(engine, mailing, server)
            officer.send_to_the_end()
            officer.check(most_uncertain=CONNECTIONS)


@pytest.mark.parametrize("what", ["ledger.db", "."], ids=["file", "folder"])
def test_a_database_that_vanishes_ends_the_run_in_words_and_once_it_is_back_the_mailing_goes_on(
    engine: Engine, file: Path, tmp_path: Path, what: str
) -> None:
    mailing = begin_mailing(engine, *many(30))
    there, elsewhere = file.parent / what, tmp_path / "elsewhere"
    gone = threading.Event()

    def vanish(step: Step, number: int) -> None:
        if (step, number) == (Step.DOT, 11):
            there.resolve().rename(elsewhere)
            gone.set()
        elif step is Step.DOT and gone.is_set():
            held.wait(30)  # the sender is to see it while messages are under way

    held = threading.Event()
    server = MisbehavingServer(on_step=vanish)
    with serve(server):
        with ended(Sender(file=file, port=server.port).start()) as process:
            assert gone.wait(30)
            process.join(1.5)  # it looks every 0.9 s
            held.set()
            process.join(30)
            assert process.exitcode == IN_WORDS
        assert not file.exists()
        elsewhere.rename(there.resolve() if what != "." else file.parent)
        officer = Officer(engine, mailing, server)
        officer.send_to_the_end()
        officer.check(most_uncertain=CONNECTIONS)


def test_a_database_that_may_no_longer_be_read_ends_the_run_before_anything_leaves(engine: Engine, file: Path) -> None:
    mailing = begin_mailing(engine, *many(5))
    engine.dispose()
    server = MisbehavingServer()
    with serve(server):
        file.chmod(0)
        assert Sender(file=file, port=server.port, rights=False).run() == IN_WORDS
        assert server.connections == 0
        file.chmod(0o600)
        officer = Officer(engine, mailing, server)
        officer.send_to_the_end()
        officer.check(most_uncertain=0)


def test_of_two_senders_at_once_one_sends_and_the_other_says_so(engine: Engine, file: Path) -> None:
    mailing = begin_mailing(engine, *many(40))
    go_on = threading.Event()
    server = MisbehavingServer(on_step=lambda step, _number: step is Step.DOT and go_on.wait(30) and None)
    with serve(server):
        sender = Sender(file=file, port=server.port, holds=True)
        processes = [sender.start() for _ in range(4)]
        losers = 0
        while losers < 3:
            losers = sum(process.exitcode == HELD for process in processes)
            for process in processes:
                process.join(0.01)
        go_on.set()
        for process in processes:
            process.join(60)
        assert sorted(process.exitcode or 0 for process in processes) == [DONE, HELD, HELD, HELD]
        Officer(engine, mailing, server).check(most_uncertain=0)
        assert server.kept().total() == 40


def test_senders_that_do_not_know_of_each_other_still_mail_nobody_twice(engine: Engine, file: Path) -> None:
    """As from two machines, where the lock on the issue does not reach: what one has in flight, the other finds."""
    mailing = begin_mailing(engine, *many(120))
    server = MisbehavingServer()
    with serve(server):
        processes = [Sender(file=file, port=server.port).start() for _ in range(3)]
        for process in processes:
            process.join(60)
        assert {process.exitcode for process in processes} <= {DONE, IN_WORDS}
        officer = Officer(engine, mailing, server)
        officer.send_to_the_end()
        officer.check(most_uncertain=3 * 2 * CONNECTIONS)


@pytest.mark.parametrize("jump", [-DAY, -HOUR, DAY, 400 * DAY], ids=["a day back", "an hour back", "a day", "a year"])
def test_a_clock_that_is_set_neither_holds_a_mailing_up_nor_sends_twice(engine: Engine, jump: timedelta) -> None:
    mailing = begin_mailing(engine, *many(30))
    clock = Clock()

    def jump_once(step: Step, number: int) -> None:
        if (step, number) == (Step.MAIL, 12):
            clock.wait(jump)

    server = MisbehavingServer(on_step=jump_once, fault=Fault(step=Step.RCPT, conduct=Conduct.DEFER, first=10, times=5))
    with serve(server):
        officer = Officer(engine, mailing, server, clock=clock)
        officer.send()
        clock.wait(-jump)  # and set right again, between the runs
        officer.send_to_the_end()
        officer.check(most_uncertain=0)
        assert server.kept().total() == 30
        assert server.strikes == 5


def test_a_server_that_takes_no_more_in_and_never_hangs_up_is_given_up(engine: Engine) -> None:
    """As where a cable is pulled out: nothing comes back, and what we send stays in our own buffers."""
    add_people(engine, partners=many(6))
    edition = make_edition(words="We are closed on 3 May 2021. " * 100_000)
    mailing = start_mailing(engine, edition, lists=["partners"], key="key", now=NOON)
    go_on = threading.Event()
    server = MisbehavingServer(
        on_step=lambda step, number: (step, number) == (Step.BODY, 2) and go_on.wait(30) and None
    )
    with serve(server):
        officer = Officer(engine, mailing, server)
        counts = officer.send(timeouts=Timeouts(step=30, message=10))
        go_on.set()
        assert (counts.accepted, counts.uncertain) == (5, 1)
        officer.send_to_the_end()
        ledger = officer.check(most_uncertain=1)
        officer.resolve(ledger)
        officer.send_to_the_end()
        officer.check(most_uncertain=0)
        assert server.kept().total() == 6
        assert most_in_flight(engine) <= CONNECTIONS
