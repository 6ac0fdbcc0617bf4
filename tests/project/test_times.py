from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from bulletin import times

LONDON = ZoneInfo("Europe/London")
AT = 1_620_118_927_120  # 4 May 2021, 09:02:07.120 UTC


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (times.format_time(AT, zone=LONDON), "4 May 2021, 10:02"),
        (times.format_exact_time(AT, zone=LONDON), "4 May 2021, 10:02:07 BST"),
        (times.format_clock_first(AT, zone=LONDON), "10:02 on 4 May 2021"),
        (times.format_second(AT, zone=LONDON), "10:02:07 on Tuesday 4 May 2021"),
        (times.describe_moment(AT, zone=LONDON), "10:02 on Tuesday 4 May 2021 (BST, UTC+1)"),
        (times.format_rfc3339(AT), "2021-05-04T09:02:07.120Z"),
        (times.format_utc(AT), "2021-05-04T09:02:07Z"),
    ],
)
def test_each_kind_of_wording_tells_the_same_moment(words: str, expected: str) -> None:
    assert words == expected
