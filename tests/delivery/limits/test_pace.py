from __future__ import annotations

import os
import subprocess
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, func, insert, select

from anytown import NOON
from bulletin.database.schema import open_database
from bulletin.database.tables import departures
from bulletin.declaration.rates import Rate, parse_rate
from bulletin.delivery.limits.meter import Meter
from bulletin.delivery.limits.pace import NO_LIMIT, MeasuredPace, name_account
from bulletin.delivery.limits.provider_limits import Allowance, find_allowance, read_presets
from bulletin.delivery.limits.throttle import BURST, Throttle
from bulletin.delivery.smtp.outcome import Fate, Outcome
from bulletin.delivery.smtp.relay import Relay, parse_relay
from bulletin.settings.sending import Provider, Sending
from checkout import SUPPORT, TESTS
from conftest import examples, on_postgresql

pytestmark = pytest.mark.slow

RELAY = parse_relay("smtps://news@mail.example.org")
SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000

RATES = st.builds(
    Rate, st.integers(1, 40), st.sampled_from([timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)])
)
# Steps of the clock that meet the borders of buckets and windows often.
STEPS = (
    st.integers(0, 70) | st.sampled_from([999, 1_000, 59_999, 60_000, 61_000, 3_600_000]) | st.integers(0, 4_000_000)
)
ASKS = st.lists(st.tuples(STEPS, st.integers(1, 60)), max_size=60)


def allow(*limits: str, connections: int = 4) -> Allowance:
    return Allowance(limits=tuple(parse_rate(text) for text in limits), connections=connections, domain_limit=1)


@contextmanager
def new_database() -> Iterator[Engine]:
    with TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/ledger.db")
        yield engine
        engine.dispose()


@pytest.fixture
def engine() -> Iterator[Engine]:
    with new_database() as engine:
        yield engine


def let_go(engine: Engine, pace: MeasuredPace, most: int, now: int) -> int:
    """Claim as many of `most` as there is room for, as a turn of the dispatch does."""
    with engine.begin() as connection:
        number = min(most, pace.admit(connection, now=now))
        pace.record(connection, number, now=now)
    return number


def most_in_any_window(departed: dict[int, int], period: int) -> int:
    """The most departures in any stretch [t, t + period)."""
    times = sorted(departed)
    sums = [0, *accumulate(departed[time] for time in times)]
    return max(
        (sums[bisect_left(times, time + period)] - sums[index] for index, time in enumerate(times)),
        default=0,
    )


@given(rates=st.lists(RATES, min_size=1, max_size=3), asks=ASKS)
def test_no_window_ever_holds_more_than_its_rate(rates: list[Rate], asks: list[tuple[int, int]]) -> None:
    meters = [Meter(rate) for rate in rates]
    departed: Counter[int] = Counter()
    now = NOON
    for step, ask in asks:
        now += step
        number = min(ask, *(meter.room(now) for meter in meters))
        for meter in meters:
            meter.add(number, now)
        departed[now] += number
    for rate in rates:
        assert most_in_any_window(departed, rate.milliseconds) <= rate.number


@given(rate=RATES, asks=ASKS)
def test_room_comes_when_it_was_promised_and_not_before(rate: Rate, asks: list[tuple[int, int]]) -> None:
    meter = Meter(rate)
    now = NOON
    for step, ask in asks:
        now += step
        meter.add(min(ask, meter.room(now)), now)
        promised = meter.next_room(now)
        assert now <= promised <= now + meter.longest
        assert meter.copy().room(promised) > 0
        assert promised == now or meter.copy().room(promised - 1) == 0


@given(rate=RATES)
def test_what_is_lost_to_buckets_is_a_two_hundredth_of_the_period(rate: Rate) -> None:
    meter = Meter(rate)
    meter.add(rate.number, NOON)

    assert meter.next_room(NOON) - NOON - rate.milliseconds <= rate.milliseconds // 200


@examples(25)
@given(
    rates=st.lists(RATES, min_size=1, max_size=2, unique_by=lambda rate: rate.period),
    asks=ASKS,
    restarts=st.sets(st.integers(0, 60)),
)
def test_a_restart_in_the_middle_obeys_what_has_left_before(
    rates: list[Rate], asks: list[tuple[int, int]], restarts: set[int]
) -> None:
    allowance = Allowance(limits=tuple(rates), connections=4, domain_limit=1)
    departed: Counter[int] = Counter()
    with new_database() as engine:
        now = NOON
        pace = MeasuredPace.load(engine, RELAY, allowance, now=now)
        for index, (step, ask) in enumerate(asks):
            now += step
            if index in restarts:
                pace = MeasuredPace.load(engine, RELAY, allowance, now=now)
            departed[now] += let_go(engine, pace, ask, now)
    for rate in rates:
        assert most_in_any_window(departed, rate.milliseconds) <= rate.number


SENDER = """
import sys, time
from bulletin.database.schema import open_database
from bulletin.delivery.limits.pace import MeasuredPace
from test_pace import RELAY, allow, let_go

engine = open_database(sys.argv[1])
pace = MeasuredPace.load(engine, RELAY, allow("20/second", "90/minute"), now=time.time_ns() // 1_000_000)
print("ready", flush=True)
sys.stdin.readline()
end = time.monotonic() + 3
while time.monotonic() < end:
    with engine.begin() as connection:
        now = time.time_ns() // 1_000_000
        number = min(3, pace.admit(connection, now=now))
        pace.record(connection, number, now=now)
    if number:
        print(now, number, flush=True)
"""


def test_two_processes_on_one_database_keep_within_the_limits_together(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SENDER, f"sqlite:///{tmp_path / 'ledger.db'}"]
    paths = {"PYTHONPATH": os.pathsep.join(map(str, [Path(__file__).parent, SUPPORT, TESTS]))}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": os.environ | paths}
    senders = [subprocess.Popen(command, **pipes) for _ in range(2)]  # type: ignore[call-overload]
    for sender in senders:
        assert sender.stdout.readline() == "ready\n"
    for sender in senders:
        sender.stdin.write("go\n")
        sender.stdin.flush()
    departed: Counter[int] = Counter()
    by_sender = []
    for sender in senders:
        lines = [line.split() for line in sender.communicate()[0].splitlines()]
        assert sender.returncode == 0
        by_sender.append(sum(int(number) for _, number in lines))
        for time, number in lines:
            departed[int(time)] += int(number)

    assert most_in_any_window(departed, SECOND) <= 20
    assert 20 < sum(by_sender) <= 90


def test_another_process_is_noticed_at_the_next_commit_at_the_latest(engine: Engine) -> None:
    ours, theirs = (MeasuredPace.load(engine, RELAY, allow("10/minute"), now=NOON) for _ in range(2))
    let_go(engine, theirs, 6, NOON)
    assert ours.room(now=NOON) == 10

    with engine.begin() as connection:
        ours.record(connection, 1, now=NOON)

    assert ours.room(now=NOON) == 3


def test_a_claim_that_is_rolled_back_was_never_made(engine: Engine) -> None:
    pace = MeasuredPace.load(engine, RELAY, allow("10/minute"), now=NOON)
    with engine.connect() as connection:
        pace.record(connection, 10, now=NOON)
        connection.rollback()

    assert MeasuredPace.load(engine, RELAY, allow("10/minute"), now=NOON).room(now=NOON) == 10


def test_each_account_has_limits_of_its_own(engine: Engine) -> None:
    let_go(engine, MeasuredPace.load(engine, RELAY, allow("10/minute"), now=NOON), 10, NOON)
    other = parse_relay("smtps://second@mail.example.org")
    same = parse_relay("smtp+starttls://NEWS@mail.example.org:587")

    assert MeasuredPace.load(engine, other, allow("10/minute"), now=NOON).room(now=NOON) == 10
    assert MeasuredPace.load(engine, same, allow("10/minute"), now=NOON).room(now=NOON) == 0
    assert name_account(RELAY) == "news@mail.example.org"
    assert name_account(parse_relay("smtp://mail.example.org")) == "mail.example.org"


def test_without_limits_nothing_is_held_back_and_nothing_written(engine: Engine) -> None:
    pace = MeasuredPace.load(engine, RELAY, allow(), now=NOON)

    assert let_go(engine, pace, 5_000, NOON) == 5_000
    assert pace.room(now=NOON) == NO_LIMIT
    assert pace.next_room(now=NOON) == NOON
    with engine.begin() as connection:
        assert connection.scalar(select(func.count()).select_from(departures)) == 0


def test_what_counts_no_more_is_cleared_away(engine: Engine) -> None:
    pace = MeasuredPace.load(engine, RELAY, allow("10/second", "1000/hour"), now=NOON)
    for turn in range(300):
        let_go(engine, pace, 1, NOON + 100 * turn)

    with engine.begin() as connection:
        assert connection.scalar(select(func.count()).select_from(departures)) < 130


def test_a_quota_by_the_hour_is_waited_for_and_one_by_the_day_is_not(engine: Engine) -> None:
    by_hour = MeasuredPace.load(engine, RELAY, allow("10/hour"), now=NOON)
    let_go(engine, by_hour, 10, NOON)
    assert NOON + HOUR < (by_hour.next_room(now=NOON) or 0) < NOON + 1.02 * HOUR

    by_day = MeasuredPace.load(engine, parse_relay("smtps://other@mail.example.org"), allow("10/day"), now=NOON)
    let_go(engine, by_day, 10, NOON)
    assert by_day.next_room(now=NOON) is None
    assert by_day.next_room(now=NOON + 23 * HOUR) is not None


@pytest.mark.parametrize("back", [SECOND, MINUTE, HOUR, 400 * DAY])
def test_a_clock_that_is_set_back_neither_lets_more_go_nor_hangs(engine: Engine, back: int) -> None:
    pace = MeasuredPace.load(engine, RELAY, allow("10/minute"), now=NOON)
    let_go(engine, pace, 10, NOON)
    now = NOON - back

    assert let_go(engine, pace, 1, now) == 0
    assert MeasuredPace.load(engine, RELAY, allow("10/minute"), now=now).room(now=now) == 0
    again = MeasuredPace.load(engine, RELAY, allow("10/minute"), now=now).next_room(now=now)
    assert again is not None
    assert again <= now + 3 * MINUTE
    assert MeasuredPace.load(engine, RELAY, allow("10/minute"), now=again).room(now=again) == 10


def test_departures_before_and_after_a_small_step_back_of_the_clock_all_count() -> None:
    meter = Meter(parse_rate("10/minute"))
    meter.add(4, NOON)
    meter.add(6, NOON - 6 * SECOND)

    assert meter.room(NOON) == 0
    assert meter.next_room(NOON) == NOON - 6 * SECOND + meter.longest
    assert meter.room(NOON - 6 * SECOND + meter.longest) == 6


def test_rows_that_a_clock_far_ahead_has_left_are_dated_anew_once(engine: Engine) -> None:
    row = {"relay": "news@mail.example.org", "period": MINUTE, "bucket": NOON + 300 * DAY, "number": 7}
    with engine.begin() as connection:
        connection.execute(insert(departures), [row])

    assert MeasuredPace.load(engine, RELAY, allow("10/minute"), now=NOON).room(now=NOON) == 3
    later = NOON + 2 * MINUTE
    assert MeasuredPace.load(engine, RELAY, allow("10/minute"), now=later).room(now=later) == 10


@on_postgresql
def test_several_who_look_at_once_at_what_a_clock_far_ahead_has_left_do_not_meet(database_url: str) -> None:
    """As `run`, `send` and `status` may, on computers that share a database."""
    engine = open_database(database_url)
    ahead = {"relay": "news@mail.example.org", "period": MINUTE, "number": 1}
    for turn in range(20):
        now = NOON + turn * HOUR
        with engine.begin() as connection:
            buckets = range(now + 300 * DAY, now + 300 * DAY + 7 * SECOND, SECOND)
            connection.execute(insert(departures), [{**ahead, "bucket": bucket} for bucket in buckets])
        with ThreadPoolExecutor(4) as pool:
            paces = pool.map(lambda _: MeasuredPace.load(engine, RELAY, allow("10/minute"), now=now), range(4))  # noqa: B023 -- awaited here
            assert [pace.room(now=now) for pace in paces] == [3] * 4
    engine.dispose()


SLOWER = Outcome(fate=Fate.DEFERRED, reply="421 4.7.0 Too many messages, slow down")
ACCEPTED = Outcome(fate=Fate.ACCEPTED, reply="250 Ok")


def send_for(pace: MeasuredPace, engine: Engine, seconds: int, *, start: int, most: int = 10) -> int:
    """Let go what there is room for, at most `most` each 100 ms, all of it accepted; and say how many."""
    number = 0
    for now in range(start, start + 1000 * seconds, 100):
        left = let_go(engine, pace, min(most, pace.room(now=now)), now)
        for _ in range(left):
            pace.learn(ACCEPTED, now=now)
        number += left
    return number


def test_a_server_that_asks_for_it_gets_half_and_later_all_again(engine: Engine) -> None:
    pace = MeasuredPace.load(engine, RELAY, allow(connections=8), now=NOON)
    assert send_for(pace, engine, 10, start=NOON) == 1_000

    now = NOON + 10 * SECOND
    for _ in range(8):  # everything in flight hears it: that counts once
        pace.learn(SLOWER, now=now)

    assert pace.connections == 4
    assert pace.room(now=now) == 0
    assert pace.next_room(now=now) == now + 20
    half = send_for(pace, engine, 10, start=now)
    assert 500 <= half <= 560
    send_for(pace, engine, 170, start=now + 10 * SECOND)
    assert send_for(pace, engine, 10, start=now + 180 * SECOND) == 1_000
    assert pace.connections == 8
    assert pace.room(now=now + 200 * SECOND) == NO_LIMIT


def test_each_further_request_halves_again_and_something_is_always_tried() -> None:
    throttle = Throttle(8)
    throttle.note_departures(1_000, NOON)
    connections = []
    for turn in range(12):
        throttle.slow_down(NOON + turn * BURST)
        connections.append(throttle.connections)
    now = NOON + 11 * BURST

    assert connections[:5] == [4, 2, 1, 1, 1]
    assert throttle.room(now, most=9) == 0
    assert throttle.room(throttle.next_room(now), most=9) == 1
    assert throttle.next_room(now) - now <= 30 * SECOND


def test_before_anything_has_left_a_request_to_slow_down_still_lets_something_be_tried() -> None:
    throttle = Throttle(1)
    throttle.slow_down(NOON)

    assert throttle.connections == 1
    assert throttle.room(NOON + 29 * SECOND, most=1) == 0
    assert throttle.room(NOON + 31 * SECOND, most=1) == 1


def test_greylisting_slows_nobody_down(engine: Engine) -> None:
    pace = MeasuredPace.load(engine, RELAY, allow(), now=NOON)
    pace.learn(Outcome(fate=Fate.DEFERRED, reply="451 4.7.1 Greylisting in action"), now=NOON)

    assert pace.room(now=NOON) == NO_LIMIT


@given(
    st.lists(
        st.tuples(st.integers(-5_000, 40_000), st.sampled_from(["slow", "accepted", "leave"])), min_size=1, max_size=60
    )
)
def test_whatever_happens_the_throttle_never_hangs_and_never_lets_more_go_than_it_says(
    events: list[tuple[int, str]],
) -> None:
    throttle = Throttle(16)
    now = NOON
    for step, event in events:
        now += step
        if event == "slow":
            throttle.slow_down(now)
            throttle.note_departures(1, now)  # was on its way when the request came
        elif event == "accepted":
            throttle.speed_up(now)
        else:
            throttle.note_departures(throttle.room(now, most=5), now)
        assert 1 <= throttle.connections <= 16
        assert 0 <= throttle.room(now, most=5) <= 5
        assert throttle.next_room(now) >= now
    for _ in range(200):
        if throttle.room(now, most=1):
            break
        now = throttle.next_room(now)
    assert throttle.room(now, most=1) == 1


def sending(**fields: object) -> Sending:
    return Sending.model_validate(fields)


def test_each_provider_has_a_preset_with_its_source_and_day() -> None:
    presets = read_presets()

    assert set(presets) == set(Provider)
    for preset in presets.values():
        assert preset.source.startswith("https://")
        assert preset.checked.year >= 2026
        assert preset.name
        assert preset.connections >= 1
    assert [str(rate) for rate in presets[Provider.MICROSOFT_365].limits] == ["30/minute", "10,000/day"]
    assert presets[Provider.MICROSOFT_365].connections == 3


def test_what_the_workspace_sets_itself_wins_over_the_provider() -> None:
    preset = find_allowance(sending(provider="microsoft-365"))
    assert (preset.connections, [str(rate) for rate in preset.limits]) == (3, ["30/minute", "10,000/day"])

    own = find_allowance(sending(provider="microsoft-365", connections="2", limits=["20/minute"]))
    assert (own.connections, [str(rate) for rate in own.limits]) == (2, ["20/minute"])
    assert own.messages_per_connection == preset.messages_per_connection

    nothing = find_allowance(sending())
    assert (nothing.connections, nothing.limits, nothing.messages_per_connection) == (4, (), 0)


@pytest.mark.parametrize(
    ("connections", "share", "limit"), [(4, "25%", 1), (16, "25%", 4), (3, "1%", 1), (8, "100%", 8)]
)
def test_one_domain_gets_its_share_of_the_connections_and_one_at_least(
    connections: int, share: str, limit: int
) -> None:
    allowance = find_allowance(sending(connections=str(connections), domain_share=share))

    assert allowance.domain_limit == limit
    assert MeasuredPace("mail.example.org", allowance).domain_limit == limit


@pytest.mark.parametrize(("connections", "limit"), [(4, 4), (16, 4), (64, 16)])
def test_unless_a_share_is_asked_for_a_few_connections_serve_one_domain(connections: int, limit: int) -> None:
    assert find_allowance(sending(connections=str(connections))).domain_limit == limit


def test_a_very_long_account_name_still_fits_the_table() -> None:
    relay = Relay(host="mail.example.org", port=465, security=RELAY.security, username="a" * 400)

    assert len(name_account(relay)) == 255
