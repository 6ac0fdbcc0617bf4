from __future__ import annotations

from datetime import timedelta

from bulletin.delivery.limits.retry import find_wait

RETRIES = (timedelta(minutes=1), timedelta(hours=1))


def test_each_attempt_that_is_put_off_waits_as_the_schedule_says() -> None:
    assert [find_wait(attempts, RETRIES) for attempts in (1, 2)] == list(RETRIES)


def test_after_the_last_wait_of_the_schedule_there_is_no_further_attempt() -> None:
    assert find_wait(3, RETRIES) is None
    assert find_wait(1, ()) is None
