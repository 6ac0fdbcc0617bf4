"""What leaves for one recipient domain in a time: by itself, as the window keeps to it, and as settings say it."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import Engine, update

from anytown import NOON, begin_mailing
from bulletin.database.schema import open_database
from bulletin.database.states import DeliveryState, MailingEvent
from bulletin.database.tables import deliveries
from bulletin.declaration.rates import Rate, parse_rate
from bulletin.delivery.dispatch.read_ahead import ReadAhead
from bulletin.delivery.ledger.counts import count_waiting_domains
from bulletin.delivery.ledger.ledger import Ledger
from bulletin.delivery.ledger.mailing import Mailing
from bulletin.delivery.ledger.mailing_events import record_event
from bulletin.delivery.ledger.start import count_domains
from bulletin.delivery.limits.domains import Domains
from bulletin.delivery.limits.pace import load_domains
from bulletin.delivery.limits.provider_limits import find_domain_limits
from bulletin.delivery.smtp.relay import parse_relay
from bulletin.settings.sending import Sending
from conftest import on_sqlite

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
RATES = st.builds(
    Rate, st.integers(1, 20), st.sampled_from([timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)])
)
STEPS = st.integers(0, 70) | st.sampled_from([999, 1_000, 59_999, 60_000, 61_000]) | st.integers(0, 4_000_000)
ASKS = st.lists(st.tuples(STEPS, st.sampled_from("ab"), st.booleans()), max_size=120)


def most_in_any_window(times: list[int], period: int) -> int:
    """The most of these, in order, in any stretch [t, t + period)."""
    return max((bisect_left(times, time + period) - index for index, time in enumerate(times)), default=0)


@given(rates=st.lists(RATES, min_size=1, max_size=2, unique_by=lambda rate: rate.period), asks=ASKS)
def test_no_domain_ever_gets_more_than_its_rate_however_late_its_mail_leaves(
    rates: list[Rate], asks: list[tuple[int, str, bool]]
) -> None:
    domains = Domains(rates)
    departed: defaultdict[str, list[int]] = defaultdict(list)
    admitted: list[str] = []
    now = NOON
    for step, domain, leaves in asks:
        now += step
        if domains.admit(domain, now):
            admitted.append(domain)
        elif admitted:
            earliest = admitted.pop(0)
            if leaves:
                domains.depart(earliest, now)
                departed[earliest].append(now)
            else:
                domains.take_back(earliest)
    for rate in rates:
        for times in departed.values():
            assert most_in_any_window(times, rate.milliseconds) <= rate.number


@given(rate=RATES, asks=ASKS)
def test_a_domain_has_room_when_it_was_promised_and_not_before(rate: Rate, asks: list[tuple[int, str, bool]]) -> None:
    now = NOON
    domains = Domains([rate])
    for step, domain, _ in asks:
        now += step
        if domains.admit(domain, now):
            domains.depart(domain, now)
            continue
        promised = domains.next_room(domain, now)
        assert now < promised <= now + domains.longest
        assert domains.room(domain, promised - 1) == 0
        assert (domains.room(domain, promised) or 0) > 0
        now = promised


@given(rate=RATES, asks=ASKS, at=st.integers(0, 120))
def test_a_restart_obeys_what_has_left_for_a_domain_before(
    rate: Rate, asks: list[tuple[int, str, bool]], at: int
) -> None:
    domains, now = Domains([rate]), NOON
    departed: list[tuple[str, int]] = []
    for index, (step, domain, _) in enumerate(asks):
        now += step
        if index == at:
            domains = Domains([rate])
            domains.restore(departed, now=now)
        if domains.admit(domain, now):
            domains.depart(domain, now)
            departed.append((domain, now))
    for domain in "ab":
        times = [time for name, time in departed if name == domain]
        assert most_in_any_window(times, rate.milliseconds) <= rate.number


def test_one_domain_that_is_full_holds_no_other_back() -> None:
    domains = Domains([parse_rate("2/minute")])

    assert [domains.admit("nhs.net", NOON) for _ in range(3)] == [True, True, False]
    assert domains.admit("example.org", NOON)
    assert domains.room("nhs.net", NOON) == 0
    assert domains.room("example.org", NOON) == 1
    assert Domains().room("nhs.net", NOON) is None


def test_departures_that_seem_to_be_of_the_future_count_from_now_on() -> None:
    domains = Domains([parse_rate("2/minute")])
    domains.restore([("nhs.net", NOON + 10 * HOUR)] * 2, now=NOON)

    assert domains.room("nhs.net", NOON) == 0
    assert domains.room("nhs.net", NOON + 2 * MINUTE) == 2


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


def begin(engine: Engine, *, nhs: int, others: int) -> Mailing:
    """A mailing to so many at nhs.net first, and then to so many elsewhere."""
    mailing = begin_mailing(engine, *[f"nhs-{number:03}" for number in range(nhs)], *[f"o-{n}" for n in range(others)])
    at_nhs = deliveries.c.mailing_id.in_([mailing.id]) & deliveries.c.name.startswith("nhs-")
    with engine.begin() as connection:
        connection.execute(update(deliveries).where(at_nhs).values(address=deliveries.c.name + "@NHS.net"))
    return mailing


def take_all(window: ReadAhead, now: int) -> list[str]:
    """Whoever can be taken at `now`, each done with at once."""
    taken = []
    while candidate := window.take(limit=4, now=now):
        taken.append(candidate.name)
        window.depart(candidate, now=now)
        window.end(candidate)
    return taken


@on_sqlite
def test_who_is_too_many_for_a_domain_waits_and_lets_others_go_first(engine: Engine) -> None:
    mailing = begin(engine, nhs=10, others=3)
    with Ledger(engine, mailing, run="run", retries=()) as ledger:
        window = ReadAhead(ledger, Domains([parse_rate("4/minute")]))

        assert take_all(window, NOON) == ["nhs-000", "nhs-001", "nhs-002", "nhs-003", "o-0", "o-1", "o-2"]
        assert window.count(now=NOON + MINUTE) == 0
        assert window.waits_for_room
        later = NOON + MINUTE + SECOND
        assert window.count(now=later) == 4
        then = take_all(window, later)
        assert len(then) == 4
        last = take_all(window, later + MINUTE + SECOND)
        assert sorted(then + last) == [f"nhs-{number:03}" for number in range(4, 10)]
        assert not window.waits_for_room
        assert window.take(limit=4, now=later + MINUTE + SECOND) is None


@on_sqlite
def test_who_was_put_back_has_not_used_up_what_may_leave(engine: Engine) -> None:
    mailing = begin(engine, nhs=3, others=0)
    with Ledger(engine, mailing, run="run", retries=()) as ledger:
        window = ReadAhead(ledger, Domains([parse_rate("2/minute")]))
        first = window.take(limit=0, now=NOON)
        assert first
        window.put_back(first, first=True)

        assert take_all(window, NOON) == ["nhs-000", "nhs-001"]


@on_sqlite
def test_a_place_that_is_not_used_is_the_next_ones_at_once(engine: Engine) -> None:
    mailing = begin(engine, nhs=4, others=0)
    with Ledger(engine, mailing, run="run", retries=()) as ledger:
        window = ReadAhead(ledger, Domains([parse_rate("2/hour")]))
        unsubscribed = window.take(limit=0, now=NOON)
        assert unsubscribed
        assert take_all(window, NOON) == ["nhs-001"]
        window.end(unsubscribed)

        assert take_all(window, NOON) == ["nhs-002"]
        assert window.waits_for_room


@on_sqlite
def test_who_waits_at_the_server_keeps_the_place_of_its_domain(engine: Engine) -> None:
    mailing = begin(engine, nhs=4, others=0)
    with Ledger(engine, mailing, run="run", retries=()) as ledger:
        window = ReadAhead(ledger, Domains([parse_rate("2/minute")]))
        late = window.take(limit=0, now=NOON)
        assert late
        assert take_all(window, NOON) == ["nhs-001"]
        left = NOON + 50 * SECOND
        window.depart(late, now=left)

        assert take_all(window, NOON + MINUTE + SECOND) == ["nhs-002"]
        assert take_all(window, left + MINUTE - 1) == []
        assert take_all(window, left + MINUTE + SECOND) == ["nhs-003"]


def test_what_has_left_lately_is_read_from_the_deliveries_whatever_mailing_they_are_of(engine: Engine) -> None:
    mailing = begin(engine, nhs=5, others=2)
    with engine.begin() as connection:
        connection.execute(update(deliveries).values(claimed_at=NOON - 30 * SECOND))
        early = deliveries.c.name == "nhs-000"
        connection.execute(update(deliveries).where(early).values(claimed_at=NOON - 2 * MINUTE))
    domains = load_domains(engine, [parse_rate("10/minute")], now=NOON)

    assert domains.room("nhs.net", NOON) == 6
    assert domains.room("example.org", NOON) == 8
    record_event(engine, mailing.id, MailingEvent.ENDED, now=NOON - 29 * SECOND)
    assert load_domains(engine, [parse_rate("10/minute")], now=NOON).room("nhs.net", NOON) == 6
    assert load_domains(engine, (), now=NOON).room("nhs.net", NOON) is None


def test_people_are_counted_by_the_domain_of_their_address(engine: Engine) -> None:
    mailing = begin(engine, nhs=5, others=2)

    assert count_waiting_domains(engine, [mailing], now=NOON) == {"nhs.net": 5, "example.org": 2}
    with engine.begin() as connection:
        assert count_domains(connection, "2021-06", ["list-2021-05"]) == {"example.org": 7}
        assert count_domains(connection, mailing.issue, ["list-2021-05"]) == {}


def test_who_is_put_off_until_later_is_not_among_those_who_wait_at_a_domain(engine: Engine) -> None:
    mailing = begin(engine, nhs=5, others=2)
    with engine.begin() as connection:
        for name, due_at in (("nhs-000", NOON - SECOND), ("nhs-001", NOON), ("nhs-002", NOON + 1)):
            put_off = update(deliveries).where(deliveries.c.name == name)
            connection.execute(put_off.values(state=DeliveryState.DEFERRED, due_at=due_at))

    assert count_waiting_domains(engine, [mailing], now=NOON) == {"nhs.net": 4, "example.org": 2}


def sending(**fields: object) -> Sending:
    return Sending.model_validate(fields)


def test_a_domain_is_treated_gently_unless_the_server_is_on_this_computer_or_settings_say_otherwise() -> None:
    elsewhere, here, own = (parse_relay(f"smtp://{host}") for host in ("mail.example.org", "127.0.0.1", "localhost"))

    assert [str(rate) for rate in find_domain_limits(sending(), elsewhere)] == ["300/minute"]
    assert find_domain_limits(sending(), here) == find_domain_limits(sending(), own) == ()
    for relay in (elsewhere, here):
        assert [str(rate) for rate in find_domain_limits(sending(domain_limits="60/minute"), relay)] == ["60/minute"]
        assert find_domain_limits(sending(domain_limits=[]), relay) == ()


def test_a_limit_by_the_day_for_one_domain_is_refused_in_words() -> None:
    with pytest.raises(ValidationError, match="100/day is not a limit for one domain"):
        sending(domain_limits=["100/day"])
