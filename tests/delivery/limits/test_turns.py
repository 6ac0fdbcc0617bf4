"""One rate for all who send: turns by one SQL statement, and domains' shares among several shifts."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlalchemy import Engine

from bulletin.database.schema import open_database
from bulletin.declaration.rates import parse_rate
from bulletin.delivery.limits.provider_limits import Allowance
from bulletin.delivery.limits.shared_pace import SharedDomains, SharedPace
from bulletin.delivery.limits.turns import Turns, TurnTaker
from bulletin.delivery.smtp.relay import parse_relay
from conftest import on_postgresql
from dispatching import now_ms

pytestmark = [pytest.mark.slow, on_postgresql]

RELAY = parse_relay("smtp://127.0.0.1:25")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def taker(engine: Engine) -> Iterator[TurnTaker]:
    with closing(TurnTaker(engine)) as taker:
        yield taker


def test_turns_of_many_who_ask_at_once_never_overlap(engine: Engine) -> None:
    def take_many(_: int) -> list[float]:
        with closing(TurnTaker(engine)) as taker:
            return [taker.take("relay", cost=1.0) for _ in range(10)]

    with ThreadPoolExecutor(4) as threads:
        waits = sorted(wait for many in threads.map(take_many, range(4)) for wait in many)
    # Each was asked for a moment later than the one before, so it waits a little less than its place.
    assert all(place - 2 < wait <= place for place, wait in enumerate(waits))


@pytest.mark.parametrize(
    ("text", "most"), [("100/second", 15), ("30/minute", 2), ("1/second", 2), ("1000/second", 130)]
)
def test_little_may_leave_at_once(taker: TurnTaker, text: str, most: int) -> None:
    """A moment after the beginning: what is allowed in a tenth of a second, and one."""
    turns = Turns(taker, "relay", parse_rate(text))
    now = now_ms()
    assert 1 <= turns.room(now) <= most
    turns.use(turns.room(now))
    assert turns.next_room(now) > now or turns.room(now) <= most


def test_turns_that_no_one_uses_are_lost_and_no_more_are_taken(taker: TurnTaker) -> None:
    turns, other = (Turns(taker, "relay", parse_rate("10/second")) for _ in range(2))
    now = now_ms()
    for later in range(0, 20_000, 500):
        turns.room(now + later)
    before = other.next_room(now)
    for later in range(20_000, 60_000, 500):
        assert turns.room(now + later) == 1, "ask, and take a turn then"
    assert Turns(taker, "relay", parse_rate("10/second")).next_room(now) <= before + 1000
    turns.wake()
    assert turns.room(now + 60_000) >= 0


def test_many_turns_are_taken_in_one_word_with_the_database(engine: Engine) -> None:
    class Counted(TurnTaker):
        words = 0

        def take(self, key: str, *, cost: float) -> float:
            self.words += 1
            return super().take(key, cost=cost)

    with closing(Counted(engine)) as taker:
        turns = Turns(taker, "relay", parse_rate("100/second"))
        now, left = now_ms(), 0
        for later in range(0, 3000, 10):
            room = turns.room(now + later)
            turns.use(room)
            left += room
    assert left > 5 * taker.words


def test_a_mailing_with_fewer_shifts_takes_more_turns_ahead(taker: TurnTaker) -> None:
    few, many = (Turns(taker, key, parse_rate("100/second")) for key in ("one", "another"))
    few.weight = 3
    now = now_ms()
    for turns in (few, many):
        turns.room(now)
    assert few.room(now + 900) >= 2.5 * many.room(now + 900)


@pytest.mark.parametrize(("rate", "shifts"), [("10/minute", 2), ("3/minute", 2), ("2/minute", 5), ("1/minute", 3)])
def test_several_shifts_together_never_exceed_the_limit_of_a_domain(taker: TurnTaker, rate: str, shifts: int) -> None:
    limit = parse_rate(rate)
    own = [SharedDomains([limit], taker) for _ in range(shifts)]
    for domains in own:
        domains.shifts = shifts
    now = now_ms()
    admitted = sum(domains.admit("nhs.net", now) for domains in own for _ in range(20))
    assert 1 <= admitted <= limit.number
    assert all(domains.admit(f"place-{shifts}.example.org", now) for domains in own[:1])


def test_connections_and_a_days_quota_are_shared_too(engine: Engine, taker: TurnTaker) -> None:
    limits = (parse_rate("100/second"), parse_rate("5/day"))
    allowance = Allowance(limits=limits, connections=6, domain_limit=4)
    paces = [
        SharedPace.share(engine, RELAY, allowance, now=now_ms(), domains=SharedDomains([], taker), taker=taker)
        for _ in range(2)
    ]
    for pace in paces:
        pace.note_others(3, ours=2, most=2)
    assert [pace.connections for pace in paces] == [2, 2]
    with engine.begin() as connection:
        assert paces[0].admit(connection, now=now_ms()) > 0
        paces[0].record(connection, 5, now=now_ms())
    with engine.begin() as connection:
        assert paces[1].admit(connection, now=now_ms()) == 0
    assert paces[1].next_room(now=now_ms()) is None, "not today"
