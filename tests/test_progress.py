from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import pytest
from sqlalchemy import Engine

from anytown import NOON, add_people, begin_mailing, make_edition, take_turn
from bulletin.database.schema import open_database
from bulletin.database.tables import DeliveryState
from bulletin.delivery.intervention import cancel_mailings
from bulletin.delivery.ledger import Ledger
from bulletin.delivery.mailing import start_mailing
from bulletin.delivery.progress import Counts, count_states, list_deliveries


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
    again = start_mailing(engine, make_edition(), lists=lists, key="again", now=NOON, left_out=True)
    elsewhere = begin_mailing(engine, "ben", issue="2021-06")

    of_issue = [cancelled, again]
    assert count_states(engine, of_issue) == Counts(sending=1, queued=3)
    assert [one.name for one in list_deliveries(engine, of_issue)] == ["anna", "ben", "cara", "dora"]
    assert list_deliveries(engine, of_issue, states=[DeliveryState.WITHDRAWN]) == ()
    assert count_states(engine, [cancelled]) == Counts(sending=1, withdrawn=2)
    assert count_states(engine, [*of_issue, elsewhere]).total == 5


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
