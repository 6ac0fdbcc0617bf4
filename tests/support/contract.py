"""The contract of sending, checked from the server's own record and from the history of the ledger.

Nobody's message is accepted twice by the program's doing, nobody is missing, and whoever may have it without our
knowing is named as uncertain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from sqlalchemy import Engine, text

from bulletin.database.states import DeliveryState
from bulletin.delivery.ledger.counts import count_states
from bulletin.delivery.ledger.deliveries import Delivery, list_deliveries
from bulletin.delivery.ledger.mailing import Mailing
from misbehaving import Arrival

LEGAL = {
    ("queued", "sending"),
    ("queued", "withdrawn"),
    ("sending", "accepted"),
    ("sending", "deferred"),
    ("sending", "refused"),
    ("sending", "uncertain"),
    ("sending", "queued"),
    ("deferred", "sending"),
    ("deferred", "withdrawn"),
    ("uncertain", "accepted"),
    ("uncertain", "queued"),
    ("uncertain", "withdrawn"),
    ("refused", "queued"),
    ("refused", "withdrawn"),
}
"""The transitions of `DeliveryState`, as its comments tell them (what bounces, bounces later)."""

_HISTORY = "CREATE TABLE history (number {number}, delivery INTEGER, before TEXT, after TEXT, sending INTEGER)"
_WRITE_DOWN = """
    INSERT INTO history (delivery, before, after, sending) VALUES (
        new.id, old.state, new.state, (SELECT count(*) FROM deliveries WHERE state = 'sending')
    );
"""
_KEEP_HISTORY = {
    "sqlite": (
        _HISTORY.format(number="INTEGER PRIMARY KEY"),
        f"""
            CREATE TRIGGER keep_history AFTER UPDATE OF state ON deliveries WHEN old.state <> new.state
            BEGIN {_WRITE_DOWN} END
        """,
    ),
    "postgresql": (
        _HISTORY.format(number="SERIAL PRIMARY KEY"),
        f"""
            CREATE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN {_WRITE_DOWN} RETURN NULL; END $$
        """,
        """
            CREATE TRIGGER keep_history AFTER UPDATE OF state ON deliveries
            FOR EACH ROW WHEN (old.state <> new.state) EXECUTE FUNCTION keep_history()
        """,
    ),
}


def keep_history(engine: Engine) -> None:
    """Let the database itself write down every change of a delivery's state from now on."""
    with engine.begin() as connection:
        for statement in _KEEP_HISTORY[engine.dialect.name]:
            connection.execute(text(statement))


def read_history(engine: Engine) -> list[tuple[str, str]]:
    """Every change of a state, in order."""
    with engine.begin() as connection:
        rows = connection.execute(text("SELECT before, after FROM history ORDER BY number")).all()
    return [(before, after) for before, after in rows]


def most_in_flight(engine: Engine) -> int:
    """How many were `sending` at most, within any commit."""
    with engine.begin() as connection:
        return int(connection.execute(text("SELECT coalesce(max(sending), 0) FROM history")).scalar_one())


def check_contract(
    engine: Engine,
    mailing: Mailing,
    arrivals: Collection[Arrival],
    *,
    people: Collection[str],
    most_uncertain: int,
    may_be_refused: Collection[str] = (),
    sent_again: Collection[str] = (),
) -> dict[str, Delivery]:
    """Check it of a mailing to `people` (addresses) that is over, and return what the ledger says of each.

    `sent_again`: those of whom a person said so. `may_be_refused`: those whom the server has refused.
    """
    rows = list_deliveries(engine, [mailing])
    ledger = {row.address: row for row in rows}
    kept = Counter(arrival.recipient for arrival in arrivals)
    state = {address: row.state for address, row in ledger.items()}
    accepted = {address for address in state if state[address] is DeliveryState.ACCEPTED}
    uncertain = {address for address in state if state[address] is DeliveryState.UNCERTAIN}
    refused = {address for address in state if state[address] is DeliveryState.REFUSED}

    twice = {address: number for address, number in kept.items() if number > 1 + (address in sent_again)}
    assert twice == {}, "accepted twice"
    assert sorted(state) == sorted(people)
    assert len(rows) == len(ledger)
    assert accepted | uncertain | refused == set(state), f"not over: {state}"
    assert accepted <= set(kept), "recorded as accepted, and the server has not got it"
    assert not refused & set(kept), "recorded as refused, and the server has it"
    assert refused <= set(may_be_refused)
    assert set(kept) <= accepted | uncertain, "the server has it, and the ledger does not know"
    unanswered = {arrival.recipient for arrival in arrivals if not arrival.answered}
    assert unanswered - set(sent_again) <= uncertain, "never answered, and not named as uncertain"
    assert len(uncertain) <= most_uncertain

    assert {row.message_id for row in rows} >= {arrival.message_id for arrival in arrivals}
    assert all(ledger[arrival.recipient].message_id == arrival.message_id for arrival in arrivals)
    for address in uncertain:
        row = ledger[address]
        assert all((row.message_id, row.reply, row.claimed_at, row.ended_at)), row
        assert (row.claimed_at or 0) <= (row.ended_at or 0)
    assert set(read_history(engine)) <= LEGAL
    counts = count_states(engine, [mailing])
    assert counts.total == len(people)
    assert (counts.accepted, counts.uncertain, counts.refused) == (len(accepted), len(uncertain), len(refused))
    return ledger
