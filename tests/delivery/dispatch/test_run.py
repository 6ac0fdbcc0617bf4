from __future__ import annotations

import sqlite3
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import accumulate
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, update

from anytown import begin_mailing, opt_out, read_states
from bulletin.database.schema import open_database
from bulletin.database.states import DeliveryState, MailingEvent
from bulletin.database.tables import deliveries
from bulletin.delivery.dispatch.addressing import Addresser
from bulletin.delivery.dispatch.dispatcher import MAX_CONNECT_FAILURES
from bulletin.delivery.dispatch.pool import BackOff
from bulletin.delivery.ledger.counts import Counts
from bulletin.delivery.ledger.deliveries import list_deliveries
from bulletin.delivery.ledger.ledger import Candidate, Ledger, Result
from bulletin.delivery.ledger.mailing import Mailing
from bulletin.delivery.ledger.mailing_events import find_last_event, record_event
from bulletin.delivery.limits.pace import MeasuredPace
from bulletin.delivery.limits.provider_limits import Allowance
from bulletin.delivery.smtp.connection import Timeouts
from bulletin.delivery.smtp.outcome import Fate, Outcome
from bulletin.delivery.smtp.protocol import OutgoingMessage
from bulletin.delivery.smtp.reply import Reply, ReplyReader
from bulletin.errors import (
    DatabaseError,
    Interrupted,
    MailingCancelled,
    MailingError,
    MailingHalted,
    MailingPaused,
    RelayError,
)
from conftest import new_database
from dispatching import SHORT, many, now_ms, send
from lenient import Unlimited
from scripted import HANG_UP, Server, serve

SOON = timedelta(milliseconds=30)

pytestmark = pytest.mark.slow


GREETINGS = {"lock-step": "250 server", "pipelining": "250-server\r\n250 PIPELINING"}


@pytest.fixture(autouse=True, params=["sqlite-lock-step", "sqlite-pipelining", "postgresql-lock-step"])
def _setting(request: pytest.FixtureRequest) -> str:
    """Everything holds whether or not envelopes may go out ahead, and with either database: neither knows the other."""
    return str(request.param)


on_sqlite = pytest.mark.parametrize("_setting", ["sqlite-lock-step", "sqlite-pipelining"], indirect=True)

# For tests whose messages wait for each other: with envelopes out ahead, two may be on one connection.
LOCK_STEP = pytest.mark.parametrize("_setting", ["sqlite-lock-step", "postgresql-lock-step"], indirect=True)
LOCK_STEP_ON_SQLITE = pytest.mark.parametrize("_setting", ["sqlite-lock-step"], indirect=True)


@pytest.fixture
def database_url(_setting: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    kind, _, _way = _setting.partition("-")
    with new_database(kind, request, tmp_path) as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def _each_way(_setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _kind, _, way = _setting.partition("-")
    monkeypatch.setattr(Server, "greeting", GREETINGS[way])


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    yield
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("delivery")] == []


def test_everybody_gets_exactly_one_message(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(60))
    with serve() as server:
        counts = send(engine, mailing, server.server_address[1])
    assert sorted(server.kept) == many(60)
    assert counts == Counts(accepted=60)


def test_a_message_is_the_readers_own(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna")
    with serve() as server:
        send(engine, mailing, server.server_address[1])
    (message,) = server.messages
    assert b"To: anna <anna@example.org>\r\n" in message
    assert b"Hello anna," in message
    assert b"Message-ID: <key2021-05.1@anytown.example.org>\r\n" in message
    assert b"List-Unsubscribe: <https://news.anytown.example.org/unsubscribe/" in message


def test_a_mailing_that_is_done_sends_nothing_more(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna")
    with serve() as server:
        assert send(engine, mailing, server.server_address[1]) == send(engine, mailing, server.server_address[1])
    assert server.kept == ["anna"]


def test_no_message_leaves_before_its_claim_is_on_the_disk(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(20))
    seen: list[str] = []

    def look(name: str) -> None:
        seen.append(read_states(engine)[name])  # by a connection of its own

    with serve(on_message=look) as server:
        send(engine, mailing, server.server_address[1])
    assert seen == ["sending"] * 20


@LOCK_STEP
def test_connections_work_at_once_and_in_flight_are_never_more_than_they(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(30))
    together = threading.Barrier(3, timeout=30)
    claimed: list[int] = []

    def wait_for_the_others(_name: str) -> None:
        together.wait()
        claimed.append(list(read_states(engine).values()).count("sending"))

    with serve(on_message=wait_for_the_others) as server:
        send(engine, mailing, server.server_address[1], connections=3)
    assert (server.greeted, server.most_in_flight) == (3, 3)
    assert max(claimed) == 3


def test_what_the_server_puts_off_is_tried_again_and_arrives_once(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben")
    with serve({"anna": ["450 4.2.1 Later", "451 Still not"]}) as server:
        counts = send(engine, mailing, server.server_address[1], retries=[SOON, SOON], patience=timedelta(seconds=5))
    assert sorted(server.kept) == ["anna", "ben"]
    assert counts == Counts(accepted=2)
    assert [delivery.attempts for delivery in list_deliveries(engine, [mailing])] == [3, 1]


def test_what_is_put_off_to_the_last_is_refused(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna")
    with serve({"anna": ["450 Later"] * 9}) as server:
        counts = send(engine, mailing, server.server_address[1], retries=[SOON], patience=timedelta(seconds=5))
    assert counts == Counts(refused=1)
    assert list_deliveries(engine, [mailing])[0].reply.startswith("gave up after 2 attempts: 450 ")


def test_what_is_due_beyond_our_patience_is_left_for_the_next_run(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben")
    hour = timedelta(hours=1)
    with serve({"anna": ["450 Later"]}) as server:
        counts = send(engine, mailing, server.server_address[1], retries=[hour], patience=timedelta(minutes=59))
    assert counts == Counts(accepted=1, deferred=1)


def test_a_refusal_concerns_one_person_only(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben", "cleo")
    with serve({"ben": ["550 5.1.1 No such person"]}) as server:
        counts = send(engine, mailing, server.server_address[1])
    assert counts == Counts(accepted=2, refused=1)
    assert sorted(server.kept) == ["anna", "cleo"]
    assert "No such person" in list_deliveries(engine, [mailing])[1].reply


def test_a_message_whose_fate_is_unknown_is_never_sent_again(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben")
    with serve({"anna": [HANG_UP]}) as server:
        for _ in range(2):
            counts = send(engine, mailing, server.server_address[1], connections=1)
            assert counts == Counts(accepted=1, uncertain=1)
    assert server.arrived == ["anna", "ben"]


def test_what_a_dead_run_left_in_flight_is_not_sent(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben")
    with Ledger(engine, mailing, run="dead", retries=()) as dead:
        (anna, _), _ = dead.read_fresh(after=0, upto=10**9, most=2, now=now_ms())
        dead.commit([], [anna], now=now_ms())
    with serve() as server:
        assert send(engine, mailing, server.server_address[1]) == Counts(accepted=1, uncertain=1)
    assert server.kept == ["ben"]


def test_who_opts_out_during_the_mailing_gets_nothing(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben", "cleo")
    with serve(on_message=lambda name: opt_out(engine, "cleo") if name == "anna" else None) as server:
        counts = send(engine, mailing, server.server_address[1], connections=1)
    assert server.kept == ["anna", "ben"]
    assert counts == Counts(accepted=2, withdrawn=1)


def test_an_address_that_cannot_be_written_to_is_refused_in_words(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben")
    with engine.begin() as connection:
        connection.execute(update(deliveries).where(deliveries.c.name == "anna").values(address="anna at example"))
    with serve() as server:
        assert send(engine, mailing, server.server_address[1]) == Counts(accepted=1, refused=1)
    assert "@" in list_deliveries(engine, [mailing])[0].reply


def test_many_addresses_that_cannot_be_written_to_hold_nobody_up(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(40))
    with engine.begin() as connection:
        bad = update(deliveries).where(deliveries.c.id % 4 < 2).values(address=deliveries.c.name + "..@example.org")
        connection.execute(bad)
    with serve() as server:
        pace = Unlimited(connections=4, domain_limit=4)
        assert send(engine, mailing, server.server_address[1], pace=pace) == Counts(accepted=20, refused=20)


@LOCK_STEP_ON_SQLITE
@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), ZeroDivisionError("a fault of ours")], ids=["Ctrl-C", "a fault"]
)
@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_what_breaks_off_while_a_reply_is_read_does_not_wait_for_long_and_leaves_who_is_in_doubt_uncertain(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, error: BaseException, loop: str
) -> None:
    mailing = begin_mailing(engine, *many(2))
    over, understood = threading.Event(), ReplyReader.feed
    hasty = Timeouts(shutdown=0.1)

    def break_off(reader: ReplyReader, data: bytes) -> list[Reply]:
        replies = understood(reader, data)
        if any(b"kept" in line for reply in replies for line in reply.lines):
            raise error
        return replies

    monkeypatch.setattr(ReplyReader, "feed", break_off)
    if loop == "asyncio":
        monkeypatch.setitem(sys.modules, "uvloop", None)
    both_in_flight = threading.Barrier(2, timeout=60)

    def answer_the_first(name: str) -> None:
        both_in_flight.wait()
        if name == "name-001":
            over.wait(60)

    with serve(on_message=answer_the_first) as server:
        with pytest.raises(type(error)):
            send(engine, mailing, server.server_address[1], connections=2, timeouts=hasty)
        assert not over.is_set()
        over.set()
    assert read_states(engine) == dict.fromkeys(many(2), "uncertain")


@on_sqlite
def test_a_commit_that_fails_by_a_fault_of_ours_ends_the_run_at_once(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing = begin_mailing(engine, *many(3))
    commit = Ledger.commit

    def fail(ledger: Ledger, results: Sequence[Result], *arguments: object, **options: object) -> object:
        if results:
            raise ZeroDivisionError("a fault of ours")
        return commit(ledger, results, *arguments, **options)  # type: ignore[arg-type] -- what it was called with

    monkeypatch.setattr(Ledger, "commit", fail)
    with serve() as server, pytest.raises(ZeroDivisionError):
        send(engine, mailing, server.server_address[1])


@on_sqlite
def test_no_connection_is_kept_while_nothing_is_due(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben")
    a_second, patience = timedelta(seconds=1), timedelta(seconds=5)
    options = {"retries": [a_second], "patience": patience, "back_off": BackOff(idle=0.1)}
    with serve({"anna": ["451 4.3.0 Later"]}) as server:
        port = server.server_address[1]
        counts = send(engine, mailing, port, connections=1, **options)
    assert counts == Counts(accepted=2)
    assert server.greeted == 2


@on_sqlite
def test_a_server_that_cannot_be_reached_ends_the_run_and_loses_nothing(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(30))
    with serve() as server:
        port = server.server_address[1]  # nobody listens there any more
    with pytest.raises(RelayError, match="No message could be sent, several times in a row"):
        send(engine, mailing, port, connections=2)
    assert {(delivery.state, delivery.attempts) for delivery in list_deliveries(engine, [mailing])} == {("queued", 0)}
    with serve() as server:
        assert send(engine, mailing, server.server_address[1]) == Counts(accepted=30)


@on_sqlite
def test_a_server_that_is_away_for_a_moment_is_waited_for(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(10))
    with serve() as server:
        server.not_ready = 4
        counts = send(engine, mailing, server.server_address[1], connections=2)
    assert counts == Counts(accepted=10)


@on_sqlite
def test_a_server_that_allows_one_connection_still_gets_everything(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(40))
    with serve() as server:
        server.most_connections = 1
        began = time.monotonic()
        counts = send(engine, mailing, server.server_address[1], connections=4)
        took = time.monotonic() - began
    assert counts == Counts(accepted=40)
    times = 1 + sum(delays <= took for delays in accumulate(SHORT.delays))  # the others rest, longer and longer
    assert server.greeted <= 1 + 3 * times


@on_sqlite
def test_a_server_that_allows_fewer_connections_slows_nothing_on_those_that_it_allows(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(60))
    pace = MeasuredPace("relay", Allowance(limits=(), connections=4, domain_limit=4))
    with serve() as server:
        server.most_connections = 1
        assert send(engine, mailing, server.server_address[1], pace=pace) == Counts(accepted=60)
        assert server.greeted > 1
    assert pace.room(now=now_ms()) >= 60


@on_sqlite
def test_a_server_that_hangs_up_from_time_to_time_gets_everything_in_the_end(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(20))
    come_back = ["421 4.3.2 Come back"] * 2  # the mailer itself tries a second time, on a new connection
    with serve(dict.fromkeys(many(20)[::2], come_back)) as server:
        counts = send(engine, mailing, server.server_address[1], connections=1)
    assert counts == Counts(accepted=20)


@on_sqlite
@pytest.mark.parametrize("step", ["banner", "EHLO", "MAIL", "RCPT"])
def test_what_a_server_says_that_takes_nothing_is_told_within_a_minute(
    engine: Engine, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing = begin_mailing(engine, *many(60))
    pace = MeasuredPace("relay", Allowance(limits=(), connections=4, domain_limit=4))
    stop, told, began = threading.Event(), list[tuple[int, str]](), now_ms()

    def hurry() -> int:  # a clock that is twenty times as fast
        return began + 20 * (now_ms() - began)

    def note(words: str) -> None:
        told.append((hurry() - began, words))
        stop.set()

    busy = "421 4.3.2 Busy until noon"
    with serve(dict.fromkeys(many(60), [busy] * 99) if step == "RCPT" else {}) as server:
        server.not_ready = 99 if step == "banner" else 0
        server.turned_away = busy
        monkeypatch.setattr(server, "greeting", busy if step == "EHLO" else "250 server")
        server.mail_reply = busy if step == "MAIL" else "250 OK"
        with pytest.raises(Interrupted):
            send(
                engine,
                mailing,
                server.server_address[1],
                pace=pace,
                stop=stop,
                clock=hurry,
                notify=note,
                back_off=BackOff(),
            )
    ((after, words),) = told
    assert after < 60_000
    assert "“421 4.3.2 Busy until noon”. No message has been accepted for " in words
    assert set(read_states(engine).values()) <= {"queued", "deferred"}


@on_sqlite
def test_a_server_that_turns_some_away_while_it_takes_others_is_not_told_of(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(60))
    told: list[str] = []
    with serve() as server:
        server.most_connections = 1
        send(engine, mailing, server.server_address[1], notify=told.append)
    assert told == []


@on_sqlite
@pytest.mark.parametrize("connections", [1, 4])
def test_a_server_that_never_says_what_became_of_a_message_stops_the_mailing_after_a_few(
    engine: Engine, connections: int
) -> None:
    mailing = begin_mailing(engine, *many(60))
    with (
        serve({name: [HANG_UP] for name in many(60)}) as server,
        pytest.raises(MailingHalted, match=r"the server didn't answer.*Ask the people who run the server"),
    ):
        send(engine, mailing, server.server_address[1], connections=connections)
    assert list(read_states(engine).values()).count("uncertain") <= connections + 2
    assert find_last_event(engine, mailing.id) is MailingEvent.HALTED


@on_sqlite
def test_where_no_more_may_leave_nobody_is_asked_about_after_an_answer_was_lost(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(9))
    stop, pace = threading.Event(), Ration(connections=1, portion=3, portions=1)
    with serve({many(9)[2]: [HANG_UP]}) as server:
        server.on_greeting = lambda number: number > 9 and stop.set()
        counts = send(engine, mailing, server.server_address[1], pace=pace, stop=stop)
    assert counts == Counts(accepted=2, uncertain=1, queued=6)
    assert server.greeted <= 2


@on_sqlite
def test_a_server_that_takes_one_connection_and_its_time_is_not_gone(engine: Engine) -> None:
    at_once = BackOff(delays=(0,))
    mailing = begin_mailing(engine, *many(3))
    pestered = threading.Event()
    with serve(on_message=lambda _name: pestered.wait(60)) as server:
        server.most_connections = 1
        server.on_greeting = lambda number: number > 4 * MAX_CONNECT_FAILURES + 1 and pestered.set()
        assert send(engine, mailing, server.server_address[1], back_off=at_once) == Counts(accepted=3)


@on_sqlite
def test_a_connection_that_is_refused_for_good_stops_nothing_while_another_was_let_in(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(9))
    under_way = threading.Event()
    with serve(on_message=lambda _name: under_way.set()) as server:
        server.most_connections, server.turned_away = 1, "554 5.7.0 Too many connections from your address"
        server.on_greeting = lambda number: number and under_way.wait(60)
        assert send(engine, mailing, server.server_address[1]) == Counts(accepted=9)


@on_sqlite
def test_a_server_that_sometimes_does_not_say_what_became_of_a_message_stops_nothing(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(40))
    with serve({name: [HANG_UP] for name in many(40)[::3]}) as server:
        assert send(engine, mailing, server.server_address[1], connections=3).uncertain == 14
    assert sorted(server.kept) == sorted(set(many(40)) - set(many(40)[::3]))


@on_sqlite
def test_whom_a_server_puts_off_while_it_asks_us_to_slow_down_is_put_off_and_not_asked_for_again(
    engine: Engine,
) -> None:
    mailing = begin_mailing(engine, *many(4))
    # Where no message has been accepted yet, the slowest rate holds: usually one in half a minute.
    pace = MeasuredPace("relay", Allowance(limits=(), connections=4, domain_limit=4), slowest=1 / 10)
    with serve(dict.fromkeys(many(4), ["451 4.7.1 Slow down"] * 9)) as server:
        counts = send(engine, mailing, server.server_address[1], connections=4, pace=pace, retries=[timedelta(hours=1)])
    assert counts == Counts(deferred=4)
    assert [delivery.attempts for delivery in list_deliveries(engine, [mailing])] == [1] * 4
    assert server.script == dict.fromkeys(many(4), ["451 4.7.1 Slow down"] * 8)


def test_who_is_put_off_for_the_last_time_counts_as_refused_for_the_judge(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna")
    with serve({"anna": ["450 4.2.1 Later"]}) as server, pytest.raises(MailingHalted, match="Too many were refused"):
        send(engine, mailing, server.server_address[1], stop_rule=Strict(), retries=[])
    assert read_states(engine) == {"anna": "refused"}


@on_sqlite
def test_one_message_that_the_server_always_hangs_up_on_keeps_nobody_waiting(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben", "cleo", "dora", "emil")
    with (
        serve({"anna": ["421 4.3.0 Goodbye"] * 50}) as server,
        pytest.raises(RelayError, match="Goodbye"),
    ):
        send(engine, mailing, server.server_address[1], connections=1)
    assert server.kept == ["ben", "cleo", "dora", "emil"]
    assert read_states(engine)["anna"] == "queued"


def test_a_relay_that_turns_us_away_ends_the_run_and_its_words_reach_the_user(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(9))
    with serve() as server:
        server.mail_reply = "550 5.7.1 Sender not allowed"
        with pytest.raises(RelayError, match="Sender not allowed"):
            send(engine, mailing, server.server_address[1], connections=2)
    assert set(read_states(engine).values()) == {"queued"}
    assert server.greeted <= 2


def test_once_asked_to_stop_nothing_more_begins_and_what_is_in_flight_is_recorded(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(30))
    stop = threading.Event()
    with serve(on_message=lambda _name: stop.set()) as server, pytest.raises(Interrupted, match="of 30 are left"):
        send(engine, mailing, server.server_address[1], connections=3, stop=stop)
    states = read_states(engine)
    assert sorted(server.kept) == [name for name, state in states.items() if state == "accepted"]
    assert 1 <= len(server.kept) <= 3
    assert list(states.values()).count("queued") == 30 - len(server.kept)


def test_a_wait_for_what_is_deferred_can_be_broken_off(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna")
    stop = threading.Event()
    began = time.monotonic()
    with serve({"anna": ["450 Later"]}) as server, pytest.raises(Interrupted):
        send(
            engine,
            mailing,
            server.server_address[1],
            retries=[timedelta(minutes=5)],
            patience=timedelta(minutes=10),
            stop=stop,
            report=lambda counts: stop.set() if counts.deferred else None,
        )
    assert time.monotonic() - began < 10
    assert read_states(engine) == {"anna": "deferred"}


def test_a_request_to_stop_that_comes_with_the_last_message_is_no_interruption(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna")
    stop = threading.Event()
    with serve(on_message=lambda _name: stop.set()) as server:
        assert send(engine, mailing, server.server_address[1], stop=stop) == Counts(accepted=1)


@LOCK_STEP
def test_a_fault_of_the_program_is_raised_after_all_that_is_known_was_recorded(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing = begin_mailing(engine, "anna", "ben", "cleo", "dora")
    both_in_flight = threading.Barrier(2, timeout=30)
    cleo_has_failed = threading.Event()
    write = Addresser.write

    def fail_for_cleo(writer: Addresser, candidate: Candidate) -> OutgoingMessage:
        if candidate.name == "cleo":
            cleo_has_failed.set()
            raise ZeroDivisionError
        return write(writer, candidate)

    def wait(name: str) -> None:
        both_in_flight.wait()
        if name == "anna":
            cleo_has_failed.wait(30)

    monkeypatch.setattr(Addresser, "write", fail_for_cleo)
    with serve(on_message=wait) as server, pytest.raises(ZeroDivisionError):
        send(engine, mailing, server.server_address[1], connections=2)
    assert read_states(engine) == {"anna": "accepted", "ben": "accepted", "cleo": "queued", "dora": "queued"}


@contextmanager
def locked(engine: Engine) -> Iterator[sqlite3.Connection]:
    """Another program that keeps the database to itself once it is told to `BEGIN IMMEDIATE`."""
    event.listen(engine, "checkout", lambda ours, *_: ours.execute("PRAGMA busy_timeout=50"))
    path = str(engine.url.database)
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        yield other


@on_sqlite
def test_what_cannot_be_recorded_is_uncertain_at_the_next_run(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(9))
    with locked(engine) as other:

        def lock(_name: str) -> None:
            if not other.in_transaction:
                other.execute("BEGIN IMMEDIATE")

        with serve(on_message=lock) as server, pytest.raises(DatabaseError):
            send(engine, mailing, server.server_address[1], connections=1)
    assert server.kept == many(9)[:1]
    with serve() as server:
        assert send(engine, mailing, server.server_address[1]) == Counts(accepted=8, uncertain=1)
    assert sorted(server.kept) == many(9)[1:]


@LOCK_STEP_ON_SQLITE
def test_what_the_database_refuses_for_a_moment_is_recorded_before_the_run_ends(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben", "cleo")
    refused = threading.Event()
    anna_is_kept = threading.Event()
    both_in_flight = threading.Barrier(2, timeout=30)
    event.listen(engine, "handle_error", lambda _context: refused.set())
    with locked(engine) as other:

        def lock_for_a_while(name: str) -> None:
            both_in_flight.wait()
            if name == "anna":
                other.execute("BEGIN IMMEDIATE")
                anna_is_kept.set()
            else:
                anna_is_kept.wait(30)
                refused.wait(30)
                other.execute("ROLLBACK")

        with serve(on_message=lock_for_a_while) as server, pytest.raises(DatabaseError):
            send(engine, mailing, server.server_address[1], connections=2)
    assert read_states(engine) == {"anna": "accepted", "ben": "accepted", "cleo": "queued"}


def test_progress_is_reported_from_the_first_turn_to_the_end(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(40))
    reports: list[Counts] = []
    with serve() as server:
        counts = send(engine, mailing, server.server_address[1], report=reports.append)
    assert reports[0].unfinished == 40
    assert reports[-1] == counts == Counts(accepted=40)
    assert all(report.total == 40 for report in reports)
    assert [report.accepted for report in reports] == sorted(report.accepted for report in reports)


# Limits, and those who stop a mailing


def people_at(engine: Engine, **domains: int) -> Mailing:
    """A mailing to so many people at each domain."""
    mailing = begin_mailing(
        engine, *[f"{domain}-{number}" for domain, most in domains.items() for number in range(most)]
    )
    with engine.begin() as connection:
        for domain in domains:
            of_domain = deliveries.c.name.startswith(f"{domain}-")
            connection.execute(
                update(deliveries).where(of_domain).values(address=deliveries.c.name + f"@{domain}.example.org")
            )
    return mailing


def test_no_domain_gets_more_at_once_than_its_share_and_others_do_not_wait_for_it(engine: Engine) -> None:
    mailing = people_at(engine, nhs=12, other=6)
    lock = threading.Lock()
    at_nhs = most_at_nhs = 0
    order: list[str] = []

    def count(name: str) -> None:
        nonlocal at_nhs, most_at_nhs
        with lock:
            order.append(name.partition("-")[0])
            at_nhs += name.startswith("nhs")
            most_at_nhs = max(most_at_nhs, at_nhs)
        time.sleep(0.01)  # so that messages meet
        with lock:
            at_nhs -= name.startswith("nhs")

    with serve(on_message=count) as server:
        pace = Unlimited(connections=6, domain_limit=2)
        assert send(engine, mailing, server.server_address[1], pace=pace) == Counts(accepted=18)
    assert most_at_nhs <= 2
    assert "other" in order[:6]


@pytest.mark.parametrize("share", [4, 2])
def test_to_one_domain_as_many_are_under_way_as_its_share(engine: Engine, share: int) -> None:
    """An envelope that waits behind a message is not one of them."""
    mailing = people_at(engine, nhs=40)
    meeting = threading.Barrier(share, timeout=60)
    under_way = [threading.Event() for _ in range(4)]  # at some time one, two, … messages

    def meet(_name: str) -> None:
        under_way[server.most_in_flight - 1].set()
        meeting.wait(20)

    with serve(on_message=meet) as server:  # the next connection is greeted when a message has left by the one before
        server.on_greeting = lambda number: under_way[min(number, share) - 1].wait(20) if number else None
        pace = Unlimited(connections=4, domain_limit=share)
        assert send(engine, mailing, server.server_address[1], pace=pace) == Counts(accepted=40)
    assert server.most_in_flight == share


@dataclass(kw_only=True)
class Ration(Unlimited):
    """A pace that gives room for some more each time that nothing has any left."""

    portion: int
    portions: int
    left: int = 0
    recorded: list[int] = field(default_factory=list)

    def room(self, *, now: int) -> int:  # noqa: ARG002 -- as Pace has it
        return self.left

    def next_room(self, *, now: int) -> int | None:
        if not self.portions:
            return None
        self.portions -= 1
        self.left = self.portion
        return now

    def admit(self, connection: Connection, *, now: int) -> int:  # noqa: ARG002
        return self.left

    def record(self, connection: Connection, number: int, *, now: int) -> None:  # noqa: ARG002
        assert connection.in_transaction()
        self.left -= number
        self.recorded.append(number)
        assert self.left >= 0


def test_no_more_begin_than_there_is_room_for_and_the_rest_is_left(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(20))
    pace = Ration(connections=4, portion=3, portions=5)
    with serve() as server:
        assert send(engine, mailing, server.server_address[1], pace=pace) == Counts(accepted=15, queued=5)
    assert sum(pace.recorded) == 15


def test_a_connection_is_renewed_after_as_many_messages_as_it_may_carry(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(10))
    with serve() as server:
        pace = Unlimited(connections=1, messages_per_connection=3)
        assert send(engine, mailing, server.server_address[1], pace=pace) == Counts(accepted=10)
    assert server.greeted == 4


@on_sqlite
def test_another_server_takes_over_from_one_that_cannot_be_reached(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(10))
    with serve() as gone:
        port = gone.server_address[1]
    told: list[str] = []
    with serve() as server:
        other = server.server_address[1]
        assert send(engine, mailing, port, other, connections=1, notify=told.append) == Counts(accepted=10)
    assert sorted(server.kept) == many(10)
    (words,) = told
    assert words.startswith("No message could be sent, several times in a row. The last time: The connection to ")
    assert words.endswith(f": Connection refused. Continuing with 127.0.0.1:{other}.")


def test_another_server_does_not_take_over_what_is_said_against_our_sender(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna")
    with serve() as first, serve() as second:
        first.mail_reply = "550 5.7.1 Sender not allowed"
        with pytest.raises(RelayError, match="Sender not allowed"):
            send(engine, mailing, first.server_address[1], second.server_address[1])
    assert second.greeted == 0
    assert find_last_event(engine, mailing.id) is MailingEvent.HALTED


class Strict:
    def note(self, outcome: Outcome) -> str:
        return "Too many were refused." if outcome.fate is Fate.REFUSED else ""


def test_a_mailing_stops_where_the_judge_says_so_and_goes_on_when_it_is_sent_again(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(20))
    with serve({"name-003": ["550 5.1.1 No such person"]}) as server:
        with pytest.raises(MailingHalted, match="Too many were refused"):
            send(engine, mailing, server.server_address[1], connections=1, stop_rule=Strict())
        assert find_last_event(engine, mailing.id) is MailingEvent.HALTED
        assert 3 <= len(server.kept) <= 5
        assert send(engine, mailing, server.server_address[1]) == Counts(accepted=19, refused=1)
    assert sorted(server.kept) == sorted(set(many(20)) - {"name-003"})
    assert find_last_event(engine, mailing.id) is MailingEvent.ENDED


@pytest.mark.parametrize(
    ("event", "error"), [(MailingEvent.PAUSED, MailingPaused), (MailingEvent.CANCELLED, MailingCancelled)]
)
def test_a_mailing_that_is_paused_or_cancelled_elsewhere_stops_within_two_seconds(
    engine: Engine, event: MailingEvent, error: type[MailingError]
) -> None:
    mailing = begin_mailing(engine, *many(400))
    asked: list[float] = []

    def ask(_name: str) -> None:
        if not asked:
            asked.append(time.monotonic())
            record_event(engine, mailing.id, event, now=now_ms())
        time.sleep(0.02)

    with serve(on_message=ask) as server, pytest.raises(error):
        send(engine, mailing, server.server_address[1], connections=2)
    assert time.monotonic() - asked[0] < 2
    left = DeliveryState.QUEUED if event is MailingEvent.PAUSED else DeliveryState.WITHDRAWN
    states = read_states(engine)
    assert sorted(server.kept) == [name for name, state in states.items() if state == "accepted"]
    assert set(states.values()) == {DeliveryState.ACCEPTED, left}


@on_sqlite
def test_a_database_that_is_moved_away_is_noticed(engine: Engine, tmp_path: Path) -> None:
    mailing = begin_mailing(engine, *many(400))
    moved = threading.Event()

    def move(_name: str) -> None:
        if not moved.is_set():
            moved.set()
            (tmp_path / "ledger.db").rename(tmp_path / "elsewhere.db")
        time.sleep(0.02)

    with serve(on_message=move) as server, pytest.raises(DatabaseError):
        send(engine, mailing, server.server_address[1], connections=2)
    assert len(server.kept) < 400


def test_a_clock_that_is_set_back_delays_nothing_and_sends_nothing_twice(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(20))
    back = 0

    def set_back(_name: str) -> None:
        nonlocal back
        back += 3_600_000

    with serve({"name-000": ["450 Later"]}, on_message=set_back) as server:
        counts = send(
            engine,
            mailing,
            server.server_address[1],
            retries=[SOON],
            patience=timedelta(seconds=5),
            clock=lambda: now_ms() - back,
        )
    assert counts == Counts(accepted=20)
    assert sorted(server.kept) == many(20)


def test_what_was_deferred_before_the_clock_was_set_back_waits_no_longer_than_a_retry_takes(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna")
    with serve({"anna": ["450 Later"]}) as server:
        a_year = 365 * 24 * 3_600_000
        ahead = send(engine, mailing, server.server_address[1], retries=[SOON], clock=lambda: now_ms() + a_year)
        assert ahead == Counts(deferred=1)
        counts = send(engine, mailing, server.server_address[1], retries=[SOON], patience=timedelta(seconds=5))
    assert counts == Counts(accepted=1)
