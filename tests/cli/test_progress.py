from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict

import pytest
from sqlalchemy import Engine

from anytown import NOON, add_people, begin_mailing, make_edition, take_turn
from bulletin.cli.progress import watch
from bulletin.database.schema import open_database
from bulletin.database.states import DeliveryState
from bulletin.delivery.ledger.control import cancel_mailings
from bulletin.delivery.ledger.counts import Counts, count_states, find_next_due
from bulletin.delivery.ledger.deliveries import list_deliveries
from bulletin.delivery.ledger.ledger import Ledger
from bulletin.delivery.ledger.start import Recipients, start_mailing
from mailed import LATER, QUEUED, mail


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


def test_there_is_a_number_for_each_state_that_a_delivery_can_be_in() -> None:
    assert list(asdict(Counts())) == list(DeliveryState)


def test_the_counts_of_several_issues_add_up(engine: Engine) -> None:
    mailings = [begin_mailing(engine, "anna", "ben", issue="2021-04"), begin_mailing(engine, "anna", issue="2021-05")]
    take_turn(Ledger(engine, mailings[0], run="run", retries=()), free=1, now=NOON)
    counts = count_states(engine, mailings)
    assert counts == Counts(queued=2, sending=1)
    assert (counts.total, counts.unfinished) == (3, 3)
    assert count_states(engine, mailings[1:]) == Counts(queued=1)


def test_each_person_counts_once_for_an_issue_by_their_latest_delivery(engine: Engine) -> None:
    cancelled = begin_mailing(engine, "anna", "ben", "cara")
    take_turn(Ledger(engine, cancelled, run="run", retries=()), free=1, now=NOON)
    cancel_mailings(engine, "2021-05", now=NOON, note="")
    add_people(engine, late=["dora"])
    lists = ["list-2021-05", "late"]
    again = start_mailing(engine, make_edition(), lists=lists, key="again", now=NOON, recipients=Recipients.LEFT_OUT)
    late = start_mailing(engine, make_edition(), lists=lists, key="late", now=NOON)
    elsewhere = begin_mailing(engine, "ben", issue="2021-06")

    of_issue = [cancelled, again, late]
    assert count_states(engine, of_issue) == Counts(sending=1, queued=3)
    assert [one.name for one in list_deliveries(engine, of_issue)] == ["anna", "ben", "cara", "dora"]
    assert list_deliveries(engine, of_issue, states=[DeliveryState.WITHDRAWN]) == ()
    assert count_states(engine, [cancelled]) == Counts(sending=1, withdrawn=2)
    assert count_states(engine, [*of_issue, elsewhere]).total == 5


def test_the_next_to_be_tried_again_is_the_earliest_due(engine: Engine) -> None:
    mailing = mail(engine, [("anna", LATER), ("ben", LATER | {"due_at": NOON + 9}), ("cara", QUEUED)])
    assert find_next_due(engine, [mailing]) == NOON + 9
    assert find_next_due(engine, [begin_mailing(engine, "anna", issue="2021-06")]) is None


# --- while it goes on


class Time:
    """The clocks of whoever watches: seconds pass when the test says so, in a zone that is UTC."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.passed = 100.0
        monkeypatch.setenv("TZ", "UTC")
        time.tzset()
        monkeypatch.setattr("bulletin.cli.progress.time.monotonic", lambda: self.passed)
        for module in ("progress", "clock"):
            monkeypatch.setattr(f"bulletin.cli.{module}.now_ms", lambda: NOON + round(self.passed - 100) * 1000)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Time]:
    with monkeypatch.context() as patch:
        yield Time(patch)
    time.tzset()


def watch_for(clock: Time, counts: Counts, *, seconds: float, due: int | None = None) -> None:
    """What a sender does that reports ten times a second."""
    with watch(lambda: due) as report:
        for _ in range(round(seconds * 10)):
            report(counts)
            clock.passed += 0.1


def test_while_a_retry_is_waited_for_its_time_is_told_once_a_minute(
    clock: Time, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = Counts(accepted=24, refused=1, deferred=2)
    watch_for(clock, counts, seconds=6 * 60, due=NOON + 38 * 60_000)

    said = capsys.readouterr().out.splitlines()
    assert set(said) == {"24 of 27 accepted, 1 refused; waiting until 11:38 to try 2 again"}
    assert len(said) == 6


def test_a_line_is_written_where_something_has_changed_every_two_seconds(
    clock: Time, capsys: pytest.CaptureFixture[str]
) -> None:
    with watch() as report:
        for accepted in range(0, 101, 2):
            report(Counts(accepted=accepted, queued=100 - accepted))
            clock.passed += 0.125

    said = capsys.readouterr().out.splitlines()
    assert said == [
        "0 of 100 accepted",
        "32 of 100 accepted, 16 a second, 0:04 left",
        "64 of 100 accepted, 16 a second, 0:02 left",
        "96 of 100 accepted, 16 a second",
        "100 of 100 accepted",
    ]


def test_who_was_withdrawn_was_not_sent_it(clock: Time, capsys: pytest.CaptureFixture[str]) -> None:
    watch_for(clock, Counts(accepted=72, withdrawn=228), seconds=70)

    assert capsys.readouterr().out == "72 of 300 accepted, 228 withdrawn\n"


def test_a_slow_pace_is_told_by_the_minute(clock: Time, capsys: pytest.CaptureFixture[str]) -> None:
    with watch() as report:
        report(Counts(queued=300))
        clock.passed += 60
        report(Counts(accepted=20, queued=280))

    assert "20 of 300 accepted, 20 a minute, 14:00 left" in capsys.readouterr().out


def test_no_mailing_has_no_deliveries(engine: Engine) -> None:
    assert count_states(engine, []).total == 0
    assert list_deliveries(engine, []) == ()


def test_the_uncertain_are_listed_with_what_to_look_for_in_the_mail_servers_log(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben")
    ledger = Ledger(engine, mailing, run="run", retries=())
    take_turn(ledger, free=1, now=NOON)
    ledger.recover(now=NOON + 9)
    (delivery,) = list_deliveries(engine, [mailing], states=[DeliveryState.UNCERTAIN])
    assert (delivery.address, delivery.name) == ("anna@example.org", "anna")
    assert delivery.message_id == "<key2021-05.1@anytown.example.org>"
    assert (delivery.claimed_at, delivery.ended_at) == (NOON, NOON + 9)
    assert delivery.reply == "Sending broke off at this message."
