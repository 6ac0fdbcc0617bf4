from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.delivery.record.timeline import MOST_STRETCHES, draw_up
from bulletin.times import describe_interval

NOON = int(datetime(2021, 5, 4, 12, tzinfo=UTC).timestamp())
LONDON = ZoneInfo("Europe/London")
NEWFOUNDLAND = ZoneInfo("America/St_Johns")


def clock_of(zone: tzinfo) -> Callable[[int], int]:
    return lambda second: round((datetime.fromtimestamp(second, tz=zone).utcoffset() or timedelta()).total_seconds())


IN_UTC = clock_of(UTC)


def at(*moment: int, zone: tzinfo = LONDON) -> int:
    return int(datetime(*moment, tzinfo=zone).timestamp())  # type: ignore[arg-type, misc]  # year, month, day, …


def test_what_took_minutes_is_shown_by_the_minute() -> None:
    line = draw_up({NOON + second: 10 for second in range(10 * 60)}, ahead=IN_UTC)

    assert line is not None
    assert (line.begins[0].isoformat(), line.length) == ("2021-05-04T12:00:00", 60)
    assert line.numbers == (600,) * 10
    assert line.a_minute == 600
    assert line.lasts_a_minute


def test_what_took_a_second_has_one_stretch_and_a_rate() -> None:
    line = draw_up({NOON: 50}, ahead=IN_UTC)

    assert line is not None
    assert (line.length, line.numbers, line.a_minute) == (1, (50,), 3000)
    assert not line.lasts_a_minute


def test_stretches_without_messages_stand_in_it() -> None:
    line = draw_up({NOON: 1, NOON + 5 * 60: 2}, ahead=IN_UTC)

    assert line is not None
    assert line.numbers[0] == 1
    assert line.numbers[-1] == 2
    assert set(line.numbers[1:-1]) == {0}


def test_days_begin_at_the_midnight_of_the_users_zone() -> None:
    line = draw_up({at(2021, 5, 4, 0, 10): 1, at(2021, 5, 14, 23, 50): 1}, ahead=clock_of(LONDON))

    assert line is not None
    assert [begin.isoformat() for begin in line.begins] == [f"2021-05-{day:02}T00:00:00" for day in range(4, 15)]
    assert line.numbers == (1, *[0] * 9, 1)


@pytest.mark.parametrize("change", [(2026, 10, 25), (2026, 3, 29)])
def test_days_are_days_of_the_calendar_also_where_the_clock_is_changed(change: tuple[int, int, int]) -> None:
    days = [date(*change) + timedelta(days=number) for number in range(-5, 6)]
    seconds = [at(day.year, day.month, day.day, hour, 30) for day in days for hour in (0, 23)]
    line = draw_up(dict.fromkeys(seconds, 1), ahead=clock_of(LONDON))

    assert line is not None
    assert [begin.isoformat() for begin in line.begins] == [f"{day}T00:00:00" for day in days]
    assert set(line.numbers) == {2}


def test_where_the_clock_is_put_back_over_midnight_each_day_is_told_once() -> None:
    """Until 2011 the clocks of Newfoundland went from 00:01 back to 23:01 of the day before."""
    change = int(datetime(2010, 11, 7, 2, 31, tzinfo=UTC).timestamp())
    numbers = {change - 30: 1, change + 30: 2, change + 9 * 86400: 3}
    line = draw_up(numbers, ahead=clock_of(NEWFOUNDLAND))

    assert line is not None
    assert [begin.day for begin in line.begins] == list(range(6, 16))
    assert line.numbers == (2, 1, *[0] * 7, 3)


def test_an_hour_that_comes_twice_is_told_twice() -> None:
    change = int(datetime(2026, 10, 25, 1, tzinfo=UTC).timestamp())
    line = draw_up({change + minute * 60: 1 for minute in range(-119, 120)}, ahead=clock_of(LONDON))

    assert line is not None
    assert line.length == 20 * 60
    assert [f"{begin:%H:%M}" for begin in line.begins] == [
        *("00:00", "00:20", "00:40"),
        *("01:00", "01:20", "01:40") * 2,
        *("02:00", "02:20", "02:40"),
    ]
    assert line.a_minute == 1


def test_nothing_has_no_time_line() -> None:
    assert draw_up({}, ahead=IN_UTC) is None


@given(
    st.dictionaries(st.integers(0, 2**32), st.integers(1, 1000), min_size=1, max_size=50),
    st.sampled_from([UTC, LONDON, NEWFOUNDLAND, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Australia/Lord_Howe")]),
)
def test_everything_is_in_it_once_whenever_and_wherever_it_was(numbers: dict[int, int], zone: tzinfo) -> None:
    line = draw_up(numbers, ahead=clock_of(zone))

    assert line is not None
    assert len(line.begins) == len(line.numbers)
    assert sum(line.numbers) == sum(numbers.values())
    first = datetime.fromtimestamp(min(numbers), tz=zone).replace(tzinfo=None)
    assert timedelta() <= first - line.begins[0] < timedelta(seconds=line.length + 3600)
    if max(numbers) - min(numbers) < 10 * 365 * 86400:
        assert len(line.numbers) <= MOST_STRETCHES


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, "second"), (20, "20 seconds"), (60, "minute"), (7200, "2 hours"), (86400, "day")]
)
def test_a_length_is_told_in_words(seconds: int, words: str) -> None:
    assert describe_interval(seconds) == words
