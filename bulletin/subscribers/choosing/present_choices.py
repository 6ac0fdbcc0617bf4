"""What a reader gets at present, and how long the link that they came with may add lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from sqlalchemy import and_, func, literal, select

from bulletin.database.states import OutboxKind, OutboxState, ScopeKind
from bulletin.database.tables import deliveries, mailings, memberships, outbox, subscribers
from bulletin.subscribers.suppression import find_suppressions, is_suppressed
from bulletin.subscribers.wishes import Wishes, find_wishes

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bulletin.subscribers.tokens import LinkToken

ADDS_WITHIN: Final = 365 * 24 * 60 * 60 * 1000  # ms after the email with the link was sent
_TO_NEWCOMERS: Final = (OutboxKind.WELCOME, OutboxKind.APPROVED)  # they have the link as well, and are no deliveries

Carriers: TypeAlias = Mapping[str, Sequence[str]]
"""The bulletins that go to each list, by the name that the journal of suppressions has for them (`find_bulletin`)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chooser:
    """The person a link names. `address` is "" for someone whose details were erased, `name` as their list has it.

    `sent_at` is when they were sent the email with the link (ms since 1970), None if that isn't known (any more).
    """

    id: int
    hash: bytes
    address: str
    name: str
    delivery_id: int | None = None
    sent_at: int | None = None

    def may_add(self, *, now: int) -> bool:
        """Whether the link may add lists: for a year. An email that was forwarded long ago mustn't sign anyone up."""
        return self.sent_at is not None and now - self.sent_at < ADDS_WITHIN


@dataclass(frozen=True, kw_only=True, slots=True)
class PresentChoices:
    """The lists that a reader is on (`own`), those through which they get anything (`received`), and their wishes.

    `stopped` are the bulletins that they have left and that reach them through no list, by their names in the journal.
    """

    own: frozenset[str]
    received: frozenset[str]
    stopped: frozenset[str]
    wishes: Wishes


def find_chooser(connection: Connection, token: LinkToken) -> Chooser | None:
    """Who a token names; None for a subscriber that this database doesn't have (any more)."""
    columns = subscribers.c
    query = select(columns.id, columns.hash, columns.address, columns.name).where(columns.id == token.subscriber_id)
    person = connection.execute(query).one_or_none()
    if person is None:
        return None
    sent_at = _find_sending(connection, token)
    return Chooser(
        id=person.id,
        hash=bytes(person.hash),
        address=person.address,
        name=person.name,
        delivery_id=None if sent_at is None else token.delivery_id or None,
        sent_at=sent_at if sent_at is not None or token.delivery_id else _find_welcome(connection, person.id),
    )


def _find_sending(connection: Connection, token: LinkToken) -> int | None:
    """When the delivery that a token names was sent, if it was one to that subscriber."""
    sent_at = func.coalesce(deliveries.c.claimed_at, mailings.c.began_at)
    own = and_(deliveries.c.id == token.delivery_id, deliveries.c.subscriber_id == token.subscriber_id)
    found: int | None = connection.scalar(select(sent_at).join_from(deliveries, mailings).where(own))
    return found


def _find_welcome(connection: Connection, subscriber_id: int) -> int | None:
    """When they were last sent an email that a new reader gets: its link names no delivery."""
    theirs = and_(
        outbox.c.subscriber_id == subscriber_id,
        outbox.c.kind.in_(_TO_NEWCOMERS),
        outbox.c.state == OutboxState.ACCEPTED,
    )
    found: int | None = connection.scalar(select(func.max(outbox.c.ended_at)).where(theirs))
    return found


def find_present_choices(connection: Connection, chooser: Chooser, carriers: Carriers) -> PresentChoices:
    """What they get now through the lists of `carriers`. Someone on a list gets nothing through it once they left."""
    query = select(memberships.c.list).where(memberships.c.subscriber_id == chooser.id)
    own = frozenset(connection.scalars(query)) & carriers.keys()
    pairs = _find_pairs(connection, chooser, {name: carriers[name] for name in sorted(own)})
    left = {
        one.scope.target for one in find_suppressions(connection, chooser.hash) if one.scope.kind is ScopeKind.BULLETIN
    }
    return PresentChoices(
        own=own,
        received=frozenset(name for name, _ in pairs),
        stopped=frozenset(left - {bulletin for _, bulletin in pairs}),
        wishes=find_wishes(connection, chooser.id),
    )


def _find_pairs(connection: Connection, chooser: Chooser, own: Carriers) -> frozenset[tuple[str, str]]:
    """The lists with the bulletins that reach them through each: one answer of the one predicate for each pair."""
    pairs = [(name, bulletin) for name, bulletins in own.items() for bulletin in bulletins]
    if not pairs:
        return frozenset()
    hash_ = literal(chooser.hash, subscribers.c.hash.type)
    answers = connection.execute(select(*(is_suppressed(hash_, *pair).label(f"s{n}") for n, pair in enumerate(pairs))))
    return frozenset(pair for pair, stopped in zip(pairs, answers.one(), strict=True) if not stopped)
