from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.bounces.soft_policy import DeliveryEnd, EndedDelivery, find_soft_state

DAY = 24 * 60 * 60 * 1000
NOW = 400 * DAY


def past(days_ago: float, end: str, issue: str = "") -> EndedDelivery:
    return EndedDelivery(issue or f"issue {days_ago}", int(NOW - days_ago * DAY), DeliveryEnd(end))


@pytest.mark.parametrize(
    ("deliveries", "words"),
    [
        ([], "fine"),
        ([past(30, "accepted")], "fine"),
        ([past(1, "soft")], "1 of 3"),
        ([past(1, "soft"), past(31, "soft")], "2 of 3"),
        ([past(1, "soft"), past(31, "soft"), past(61, "soft")], "suppressed"),
        ([past(61, "soft"), past(1, "soft"), past(31, "soft")], "suppressed"),  # in any order
        ([past(1, "soft"), past(31, "accepted"), past(61, "soft"), past(91, "soft")], "1 of 3"),
        ([past(1, "soft"), past(31, "soft"), past(61, "accepted"), past(91, "soft")], "2 of 3"),
        # Accepted less than five days ago: it may still bounce, and breaks nothing.
        ([past(4.9, "accepted"), past(31, "soft"), past(61, "soft"), past(91, "soft")], "suppressed"),
        ([past(5, "accepted"), past(31, "soft"), past(61, "soft"), past(91, "soft")], "fine"),
        # Fourteen days between the first and the third.
        ([past(1, "soft"), past(8, "soft"), past(15, "soft")], "suppressed"),
        ([past(1, "soft"), past(8, "soft"), past(14.9, "soft")], "2 of 3"),
        # Half a year is looked at.
        ([past(1, "soft"), past(31, "soft"), past(180, "soft")], "suppressed"),
        ([past(1, "soft"), past(31, "soft"), past(180.1, "soft")], "2 of 3"),
        # One an issue: the newest.
        ([past(1, "soft", "a"), past(2, "soft", "a"), past(3, "soft", "a"), past(30, "soft", "b")], "2 of 3"),
        ([past(1, "soft", "a"), past(2, "accepted", "a"), past(30, "soft", "b"), past(60, "soft", "c")], "suppressed"),
    ],
)
def test_three_issues_in_a_row_suppress(deliveries: list[EndedDelivery], words: str) -> None:
    assert find_soft_state(deliveries, now=NOW).words == words


ENDS = st.sampled_from(("accepted", "soft"))
PASTS = st.lists(st.builds(past, st.integers(0, 300), ENDS, st.sampled_from("abcdefgh")), max_size=12)


@given(PASTS, st.randoms(use_true_random=False))
def test_neither_order_nor_reading_twice_matters(deliveries: list[EndedDelivery], random: object) -> None:
    unique = list({one.at: one for one in deliveries}.values())
    state = find_soft_state(unique, now=NOW)
    shuffled = [*unique, *unique]
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert find_soft_state(shuffled, now=NOW) == state


@given(PASTS)
def test_nobody_is_suppressed_without_three_failed_issues(deliveries: list[EndedDelivery]) -> None:
    state = find_soft_state(deliveries, now=NOW)
    failed = {one.issue for one in deliveries if one.end is DeliveryEnd.SOFT}

    assert not state.suppress or len(failed) >= 3
