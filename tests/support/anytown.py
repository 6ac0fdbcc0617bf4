"""Anytown's database for tests: people on lists, an edition, and mailings of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Engine, insert, select

from bulletin.database.states import DeliveryState, SuppressionOrigin, SuppressionReason, WishKind
from bulletin.database.tables import deliveries, memberships, subscribers
from bulletin.delivery.ledger.ledger import Candidate, Ledger, Result
from bulletin.delivery.ledger.mailing import Mailing
from bulletin.delivery.ledger.start import start_mailing
from bulletin.edition.edition import Edition, Letterhead, Slots
from bulletin.subscribers.address_hash import hash_address, read_hasher
from bulletin.subscribers.scope import EVERYTHING, Scope
from bulletin.subscribers.suppression import suppress
from bulletin.subscribers.wishes import add_wish

NOON = 1_620_126_000_000  # 4 May 2021, 11:00 UTC

LETTERHEAD = Letterhead(
    sender_name="Anytown Partnership",
    sender_address="news@anytown.example.org",
    reply_to="hello@anytown.example.org",
    list_id="monthly.anytown.example.org",
    list_title="Anytown news",
    owner="hello@anytown.example.org",
    archive="",
    website="https://news.anytown.example.org",
    greeting="Hello {name},",
    greeting_unnamed="Hello,",
)


def make_edition(issue: str = "2021-05", *, words: str = "We are closed on 3 May 2021.") -> Edition:
    return Edition(
        issue=issue,
        subject=f"Anytown news, {issue}",
        html=f'<!doctype html><p>slotgreeting</p><p>{words}</p><a href="slotlink">Unsubscribe</a>',
        text=f"slotgreeting\n\n{words}\n\nUnsubscribe:\nslotlink\n",
        slots=Slots(greeting="slotgreeting", unsubscribe="slotlink"),
        letterhead=LETTERHEAD,
    )


def address_of(name: str) -> str:
    return f"{name}@example.org"


def add_people(engine: Engine, **lists: Iterable[str]) -> None:
    """Put people, by their names, on lists: `add_people(engine, partners=["anna", "ben"], schools=["anna"])`."""
    names = list(dict.fromkeys(name for members in lists.values() for name in members))
    with engine.begin() as connection:
        known = set(connection.scalars(select(subscribers.c.name)))
        hash_key = read_hasher(connection)
        rows = [
            {"hash": hash_key(address_of(name)), "address": address_of(name), "name": name, "added_at": NOON}
            for name in names
            if name not in known
        ]
        if rows:
            connection.execute(insert(subscribers), rows)
        ids = dict(connection.execute(select(subscribers.c.name, subscribers.c.id)).all())
        common = {"source": "file", "basis": "consent", "since": NOON, "details": {}}
        rows = [
            {"subscriber_id": ids[name], "list": list_name, **common}
            for list_name, members in lists.items()
            for name in dict.fromkeys(members)
        ]
        if rows:
            connection.execute(insert(memberships), rows)


def wish_language(engine: Engine, name: str, language: str, *, origin: str = "page", now: int = NOON) -> None:
    with engine.begin() as connection:
        subscriber_id = connection.execute(select(subscribers.c.id).where(subscribers.c.name == name)).scalar_one()
        add_wish(connection, subscriber_id, WishKind.LANGUAGE, language, origin=origin, now=now)


def opt_out(engine: Engine, *names: str, scope: Scope = EVERYTHING) -> None:
    with engine.begin() as connection:
        for name in names:
            hash_ = hash_address(connection, address_of(name))
            how = {"reason": SuppressionReason.OPTED_OUT, "origin": SuppressionOrigin.COMMAND}
            suppress(connection, hash_, scope=scope, now=NOON, **how)


def begin_mailing(engine: Engine, *names: str, issue: str = "2021-05") -> Mailing:
    """A mailing of `issue` to these people, on a list of their own."""
    add_people(engine, **{f"list-{issue}": names})
    return start_mailing(engine, make_edition(issue), lists=[f"list-{issue}"], key=f"key{issue}", now=NOON)


def read_states(engine: Engine) -> dict[str, DeliveryState]:
    """Each name's state, in the order in which the deliveries were frozen."""
    query = select(deliveries.c.name, deliveries.c.state).order_by(deliveries.c.id)
    with engine.begin() as connection:
        rows = connection.execute(query).all()
    states = {name: DeliveryState(state) for name, state in rows}
    assert len(states) == len(rows), f"somebody has two deliveries: {rows}"
    return states


def take_turn(ledger: Ledger, results: Sequence[Result] = (), *, free: int, now: int) -> tuple[Candidate, ...]:
    """Record `results`, then claim up to `free` others: whose turn never came, put back, or due, in this order."""
    if results:
        ledger.commit(results, now=now)
    claims: list[Candidate] = []
    for candidates in _read_ahead(ledger, free, now):
        chosen = candidates[: free - len(claims)]
        claimed = ledger.commit([], chosen, now=now)
        claims += [candidate for candidate in chosen if candidate.id in claimed]
    return tuple(claims)


def _read_ahead(ledger: Ledger, most: int, now: int) -> Iterator[list[Candidate]]:
    cursor: int | None = 0
    while cursor is not None and most:
        candidates, cursor = ledger.read_fresh(after=cursor, upto=10**9, most=most, now=now)
        yield candidates
    yield ledger.read_put_back(most=most, now=now)
    yield ledger.read_due(most=most, now=now)
