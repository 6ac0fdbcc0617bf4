from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.delivery.timeline import MOST_STRETCHES, describe_length, draw_up

NOON = int(datetime(2021, 5, 4, 12, tzinfo=UTC).timestamp())


def test_what_took_minutes_is_shown_by_the_minute() -> None:
    line = draw_up({NOON + second: 10 for second in range(10 * 60)})

    assert line is not None
    assert (line.begins_at, line.length) == (NOON, 60)
    assert line.numbers == (600,) * 10
    assert line.a_minute == 600
    assert line.lasts_a_minute


def test_what_took_a_second_has_one_stretch_and_a_rate() -> None:
    line = draw_up({NOON: 50})

    assert line is not None
    assert (line.length, line.numbers, line.a_minute) == (1, (50,), 3000)
    assert not line.lasts_a_minute


def test_stretches_without_messages_stand_in_it() -> None:
    line = draw_up({NOON: 1, NOON + 5 * 60: 2})

    assert line is not None
    assert line.numbers[0] == 1
    assert line.numbers[-1] == 2
    assert set(line.numbers[1:-1]) == {0}


def test_days_begin_at_the_midnight_of_the_users_zone() -> None:
    line = draw_up({NOON: 1, NOON + 10 * 86400: 1}, offset=3600)

    assert line is not None
    assert datetime.fromtimestamp(line.begins_at, tz=UTC).strftime("%H:%M") == "23:00"


def test_nothing_has_no_time_line() -> None:
    assert draw_up({}) is None


@given(
    st.dictionaries(st.integers(0, 2**32), st.integers(1, 1000), min_size=1, max_size=50),
    st.integers(-12 * 3600, 14 * 3600),
)
def test_everything_is_in_it_once_whenever_it_was(numbers: dict[int, int], offset: int) -> None:
    line = draw_up(numbers, offset=offset)

    assert line is not None
    assert sum(line.numbers) == sum(numbers.values())
    assert line.begins_at <= min(numbers)
    assert line.begins_at + line.length * len(line.numbers) > max(numbers)
    assert (line.begins_at + offset) % line.length == 0
    if max(numbers) - min(numbers) < 10 * 365 * 86400:
        assert len(line.numbers) <= MOST_STRETCHES


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, "second"), (20, "20 seconds"), (60, "minute"), (7200, "2 hours"), (86400, "day")]
)
def test_a_length_is_told_in_words(seconds: int, words: str) -> None:
    assert describe_length(seconds) == words
