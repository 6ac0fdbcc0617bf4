"""The fence: a shift that was taken over can claim and record nothing; and one that loses the database hands back."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event, text

from anytown import address_of, begin_mailing
from bulletin.database.schema import open_database
from bulletin.database.states import DeliveryState
from bulletin.delivery.dispatch.pool import BackOff
from bulletin.delivery.dispatch.shared_run import ShiftEnd, work_shift
from bulletin.delivery.dispatch.supervision import Callbacks, Control, SendOptions
from bulletin.delivery.ledger.counts import count_states
from bulletin.delivery.ledger.deliveries import list_deliveries
from bulletin.delivery.ledger.fence import Shift, begin_shift, take_over_silent
from bulletin.delivery.ledger.ledger import Result
from bulletin.delivery.ledger.mailing import Mailing
from bulletin.delivery.ledger.mailing_events import find_last_event
from bulletin.delivery.ledger.shared_ledger import SharedLedger
from bulletin.delivery.ledger.shared_mailings import share_mailing
from bulletin.delivery.limits.policies import Route
from bulletin.delivery.smtp.outcome import ACCEPTED, Outcome
from bulletin.delivery.smtp.relay import parse_relay
from bulletin.delivery.workers.roster import register_worker
from bulletin.errors import BulletinError, HoldLost
from conftest import count_examples, on_postgresql
from dispatching import now_ms
from inbox import RealRelay
from lenient import Lenient, Unlimited

pytestmark = [pytest.mark.slow, on_postgresql]

NAMES = [f"name-{number}" for number in range(7)]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def mailing(engine: Engine) -> Mailing:
    return share(engine)


@pytest.fixture
def relay() -> Iterator[RealRelay]:
    with RealRelay() as relay:
        yield relay


def share(engine: Engine, issue: str = "2021-05") -> Mailing:
    mailing = begin_mailing(engine, *NAMES, issue=issue)
    with engine.begin() as connection:
        share_mailing(connection, mailing)
    return mailing


def begin(engine: Engine, mailing: Mailing, *, worker: int | None = None) -> Shift:
    return begin_shift(engine, worker=worker or register_worker(engine), mailing=mailing.id, session=0)


def work(engine: Engine, shift: Shift, relay: RealRelay, pace: Unlimited | None = None) -> ShiftEnd:
    return work_shift(
        engine,
        shift,
        routes=[Route(relay=parse_relay(f"smtp://127.0.0.1:{relay.port}"), pace=pace or Unlimited(connections=2))],
        stop_rule=Lenient(),
        options=SendOptions(secret=b"a secret of this test", run=shift.run, back_off=BackOff(delays=(0,))),
        control=Control(clock=now_ms, stop=threading.Event()),
        observer=Callbacks(),
    )


def count_received(relay: RealRelay) -> Counter[str]:
    return Counter(address for envelope in relay.inbox.envelopes for address in envelope.rcpt_tos)


def read_states(engine: Engine, mailing: Mailing) -> dict[str, DeliveryState]:
    return {one.address: one.state for one in list_deliveries(engine, [mailing])}


def test_a_shift_that_was_taken_over_can_claim_and_record_nothing(engine: Engine, mailing: Mailing) -> None:
    shift = begin(engine, mailing)
    with SharedLedger(engine, mailing, shift=shift, retries=[]) as ledger:
        candidates, _ = ledger.read_fresh(after=0, upto=0, most=100, now=now_ms())
        assert ledger.commit([], candidates[:2], now=now_ms()) == {one.id for one in candidates[:2]}
        assert [one.id for one in take_over_silent(engine, lease=0)] == [shift.id]

        late = [Result(candidates[0], Outcome(ACCEPTED, "250 taken"))]
        for attempt in (
            lambda: ledger.commit(late, now=now_ms()),
            lambda: ledger.commit([], candidates[2:3], now=now_ms()),
            ledger.beat,
            lambda: ledger.settle(late, now=now_ms(), within=0, ran_dry=False),
        ):
            with pytest.raises(HoldLost):
                attempt()

    counts = count_states(engine, [mailing])
    assert (counts.uncertain, counts.queued, counts.accepted, counts.sending) == (2, len(NAMES) - 2, 0, 0)


def test_a_shift_that_is_heard_is_not_taken_over_and_a_worker_that_was_given_up_begins_none(
    engine: Engine, mailing: Mailing
) -> None:
    worker = register_worker(engine)
    begin(engine, mailing, worker=worker)
    assert take_over_silent(engine) == []
    with engine.begin() as connection:
        connection.execute(text("UPDATE workers SET ended_at = 1"))
    with pytest.raises(HoldLost):
        begin(engine, mailing, worker=worker)


def test_readers_are_dealt_to_one_shift_each_and_again_once_it_ended(engine: Engine, mailing: Mailing) -> None:
    first, second = begin(engine, mailing), begin(engine, mailing)
    with (
        SharedLedger(engine, mailing, shift=first, retries=[]) as one,
        SharedLedger(engine, mailing, shift=second, retries=[]) as other,
    ):
        dealt, _ = one.read_fresh(after=0, upto=0, most=3, now=now_ms())
        rest, _ = other.read_fresh(after=0, upto=0, most=100, now=now_ms())
        assert len(dealt) == 3
        assert {one.address for one in dealt + rest} == set(map(address_of, NAMES))
        assert other.read_fresh(after=0, upto=0, most=100, now=now_ms()) == ([], None)
        one.settle([], now=now_ms(), within=0, ran_dry=False)
        again, _ = other.read_fresh(after=0, upto=0, most=100, now=now_ms())
    assert len(again) == len(NAMES)


@pytest.mark.parametrize("after", [False, True], ids=["before the statement", "after a commit"])
def test_a_connection_lost_at_any_statement_costs_no_one_and_mails_no_one_twice(
    engine: Engine, database_url: str, mailing: Mailing, relay: RealRelay, *, after: bool
) -> None:
    worker = register_worker(engine)
    for round_, place in enumerate(find_places(after=after)):
        relay.inbox.envelopes.clear()
        one = mailing if not round_ else share(engine, f"2022-{round_:02}")
        victim = open_database(database_url)
        with broken_at(victim, engine, place, after=after), suppress(BulletinError):
            work(victim, begin(engine, one, worker=worker), relay)
        victim.dispose()
        take_over_silent(engine, lease=0)
        with engine.begin() as connection:
            connection.execute(text("UPDATE shared_mailings SET dealt = 0"))
        work(engine, begin(engine, one, worker=worker), relay)

        states, received = read_states(engine, one), count_received(relay)
        assert max(received.values()) == 1, (place, received)
        assert set(states.values()) <= {DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN}
        assert set(map(address_of, NAMES)) == set(states)
        uncertain = {address for address, state in states.items() if state is DeliveryState.UNCERTAIN}
        assert set(states) - set(received) <= uncertain
        assert len(uncertain) <= 2, place
        assert str(find_last_event(engine, one.id)) == "ended"


def find_places(*, after: bool) -> list[int]:
    """At which statements, or commits, the connection is lost: in `make soak` at each."""
    most, number = (14, 4) if after else (60, 8)
    step = max(1, most // count_examples(2 * number))
    return list(range(1, most, step))


@dataclass
class _Breaking:
    """Ends the sessions of `victim`, by `ours`, at the place with this number."""

    victim: Engine
    ours: Engine
    place: int
    numbers: Iterator[int]

    def strike(self, connection: Any) -> bool:
        if next(self.numbers) != self.place:
            return False
        with self.ours.connect() as ours:
            ours.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": connection.info.backend_pid})
        return True


@contextmanager
def broken_at(victim: Engine, ours: Engine, place: int, *, after: bool) -> Iterator[None]:
    breaking = _Breaking(victim, ours, place, count(1))
    if not after:

        class StrikingCursor(psycopg.Cursor[Any]):
            """Those that are sent together are struck one by one as well."""

            def execute(self, *arguments: Any, **options: Any) -> Any:
                breaking.strike(self.connection)
                return super().execute(*arguments, **options)

        def strike_from_now_on(connection: Any, *_: Any) -> None:
            connection.cursor_factory = StrikingCursor

        event.listen(victim, "checkout", strike_from_now_on)
        yield
        return
    commit = victim.dialect.do_commit

    def commit_and_lose(dbapi_connection: Any) -> None:
        commit(dbapi_connection)
        if breaking.strike(dbapi_connection.driver_connection):
            dbapi_connection.driver_connection.execute("SELECT 1")  # the answer to the commit never came

    victim.dialect.do_commit = commit_and_lose  # type: ignore[method-assign] # no event comes after a commit
    yield


class Outrun(Unlimited):
    """A pace of which others have used up the room, each second time that a message is to leave; soon there is more."""

    asked = 0
    has_room = True

    def room(self, *, now: int) -> int:
        return super().room(now=now) if self.has_room else 0

    def next_room(self, *, now: int) -> int | None:
        self.has_room = True
        return now + 1

    def admit(self, connection: Any, *, now: int) -> int:
        self.asked += 1
        self.has_room = bool(self.asked % 2)
        return super().admit(connection, now=now) if self.has_room else 0


def test_a_relay_that_is_ready_is_kept_waiting_for_a_turn_that_comes_soon(
    engine: Engine, mailing: Mailing, relay: RealRelay
) -> None:
    pace, before = Outrun(connections=2), relay.connected
    work(engine, begin(engine, mailing), relay, pace)
    assert set(count_received(relay).values()) == {1}
    assert len(count_received(relay)) == len(NAMES)
    assert pace.asked > len(NAMES) // 2
    assert relay.connected - before <= pace.connections


def test_what_was_dealt_and_is_deferred_comes_back_later(engine: Engine, mailing: Mailing) -> None:
    now = now_ms()
    with engine.begin() as connection:
        connection.execute(text("UPDATE deliveries SET state = 'deferred', due_at = :at"), {"at": now - 1})
    with SharedLedger(engine, mailing, shift=begin(engine, mailing), retries=[timedelta(hours=1)]) as one:
        assert len(one.read_due(most=100, now=now)) == len(NAMES)
        assert one.read_due(most=100, now=now) == []
        assert len(one.read_due(most=100, now=now + 11_000)) == len(NAMES)
