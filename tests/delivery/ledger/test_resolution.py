from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, update

from anytown import NOON, address_of, begin_mailing, make_edition, opt_out, read_states, take_turn
from bulletin.database.schema import open_database
from bulletin.database.states import MailingEvent
from bulletin.database.tables import deliveries
from bulletin.delivery.ledger.control import cancel_mailings
from bulletin.delivery.ledger.counts import count_states
from bulletin.delivery.ledger.deliveries import find_end
from bulletin.delivery.ledger.ledger import Ledger
from bulletin.delivery.ledger.mailing import Mailing
from bulletin.delivery.ledger.mailing_events import find_events, record_event
from bulletin.delivery.ledger.resolution import Decision, resolve_deliveries
from bulletin.delivery.ledger.start import Recipients, start_mailing
from bulletin.errors import MailingError


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


def crash_with_two_in_flight(engine: Engine) -> tuple[Mailing, Ledger]:
    """A mailing to anna, ben and cleo of which anna and ben are uncertain."""
    mailing = begin_mailing(engine, "anna", "ben", "cleo")
    ledger = Ledger(engine, mailing, run="run", retries=())
    take_turn(ledger, free=2, now=NOON)
    ledger.recover(now=NOON)
    return mailing, ledger


def test_what_a_person_knows_to_be_delivered_is_accepted(engine: Engine) -> None:
    crash_with_two_in_flight(engine)
    resolve_deliveries(engine, "2021-05", [address_of("anna")], Decision.DELIVERED, now=NOON)
    assert read_states(engine) == {"anna": "accepted", "ben": "uncertain", "cleo": "queued"}


def test_what_a_person_wants_sent_again_is_queued_and_goes_out(engine: Engine) -> None:
    _, ledger = crash_with_two_in_flight(engine)
    resolve_deliveries(engine, "2021-05", [address_of("anna"), address_of("ben")], Decision.RESEND, now=NOON)
    assert [claim.name for claim in take_turn(ledger, free=5, now=NOON)] == ["cleo", "anna", "ben"]


def test_a_mailing_that_had_ended_goes_on_where_somebody_is_sent_it_again(engine: Engine) -> None:
    mailing, _ = crash_with_two_in_flight(engine)
    record_event(engine, mailing.id, MailingEvent.ENDED, now=NOON)
    resolve_deliveries(engine, "2021-05", [address_of("anna")], Decision.DELIVERED, now=NOON + 1)
    assert find_events(engine, mailing.id)[-1].event is MailingEvent.ENDED
    resolve_deliveries(engine, "2021-05", [address_of("ben")], Decision.RESEND, now=NOON + 2)

    last = find_events(engine, mailing.id)[-1]
    assert (last.event, last.at, last.note) == (
        MailingEvent.RESUMED,
        NOON + 2,
        "Those who were uncertain are sent it again.",
    )
    with engine.begin() as connection:
        connection.execute(update(deliveries).values(state="accepted", ended_at=NOON + 9))
    counts = count_states(engine, [mailing])
    assert find_end(engine, mailing, counts, find_events(engine, mailing.id)) == NOON + 9


def test_who_has_opted_out_is_not_sent_again_whatever_a_person_decides(engine: Engine) -> None:
    _, ledger = crash_with_two_in_flight(engine)
    opt_out(engine, "anna")
    resolve_deliveries(engine, "2021-05", [address_of("anna")], Decision.RESEND, now=NOON)
    assert [claim.name for claim in take_turn(ledger, free=5, now=NOON)] == ["cleo"]
    assert read_states(engine)["anna"] == "withdrawn"


def test_each_address_that_is_not_uncertain_is_named_and_nothing_changes(engine: Engine) -> None:
    crash_with_two_in_flight(engine)
    keys = [address_of(name) for name in ("anna", "cleo", "dora")]
    with pytest.raises(MailingError) as caught:
        resolve_deliveries(engine, "2021-05", keys, Decision.DELIVERED, now=NOON)
    assert caught.value.message == (
        "Only what is uncertain can be decided. In 2021-05, cleo@example.org is queued; "
        "dora@example.org was never written to."
    )
    assert read_states(engine) == {"anna": "uncertain", "ben": "uncertain", "cleo": "queued"}


def test_a_decision_about_one_issue_leaves_another_alone(engine: Engine) -> None:
    crash_with_two_in_flight(engine)
    begin_mailing(engine, "anna", issue="2021-06")
    with pytest.raises(MailingError, match=r"In 2021-06, anna@example\.org is queued"):
        resolve_deliveries(engine, "2021-06", [address_of("anna")], Decision.DELIVERED, now=NOON)


@pytest.mark.parametrize("lost_in", [0, 1])
def test_who_is_uncertain_in_one_mailing_can_be_decided_whatever_they_are_in_another(
    engine: Engine, lost_in: int
) -> None:
    """As after a cancelling and `--left-out`; the order of the rows must not matter."""
    first = begin_mailing(engine, "anna")
    cancel_mailings(engine, "2021-05", now=NOON, note="")
    second = start_mailing(
        engine, make_edition(), lists=["list-2021-05"], key="second", now=NOON, recipients=Recipients.LEFT_OUT
    )
    lost = (first, second)[lost_in]
    with engine.begin() as connection:
        connection.execute(update(deliveries).values(state="withdrawn"))
        connection.execute(update(deliveries).where(deliveries.c.mailing_id == lost.id).values(state="uncertain"))

    resolve_deliveries(engine, "2021-05", [address_of("anna")], Decision.DELIVERED, now=NOON)
    assert count_states(engine, [lost]).accepted == 1
