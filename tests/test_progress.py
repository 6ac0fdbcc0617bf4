from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import pytest
from sqlalchemy import Engine

from anytown import NOON, begin_mailing, take_turn
from bulletin.database.schema import open_database
from bulletin.database.tables import DeliveryState
from bulletin.delivery.ledger import Ledger
from bulletin.delivery.progress import Counts, count_states, list_deliveries


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


def test_there_is_a_number_for_each_state_that_a_delivery_can_be_in() -> None:
    assert list(asdict(Counts())) == list(DeliveryState)


def test_the_counts_of_several_mailings_add_up(engine: Engine) -> None:
    mailings = [begin_mailing(engine, "anna", "ben", issue="2021-04"), begin_mailing(engine, "anna", issue="2021-05")]
    take_turn(Ledger(engine, mailings[0], run="run", retries=()), free=1, now=NOON)
    counts = count_states(engine, mailings)
    assert counts == Counts(queued=2, sending=1)
    assert (counts.total, counts.unfinished) == (3, 3)
    assert count_states(engine, mailings[1:]) == Counts(queued=1)


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
