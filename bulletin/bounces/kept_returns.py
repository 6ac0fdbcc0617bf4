"""The table `returns`: a row for each thing that an email said about one delivery, known again by its key.

The email itself is not kept, and no address is: `note` and `diagnostic` have them masked.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, exists, func, select, update

from bulletin.bounces.decision import OPEN, ReturnDecision
from bulletin.bounces.verdict import ReturnClass, ReturnKind
from bulletin.database.dialects import domain_of, insert_into
from bulletin.database.tables import deliveries, returns, subscribers

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Row

MAILBOX: Final = "mailbox"
"""The source of what was read in a mailbox, a Maildir or an mbox file."""

WEBHOOK: Final = "webhook"
"""The source of what a mail service told by itself."""

_LONGEST_NOTE: Final = 400  # characters
_EDGE_REMEMBERED: Final = 14 * 24 * 60 * 60 * 1000  # ms
_CLASS: Final = returns.c["class"]
_IS_KEPT: Final = select(exists().where(returns.c.report_key == bindparam("key")))


def keep_return(connection: Connection, decision: ReturnDecision, *, source: str, now: int) -> bool:
    """Keep what was decided, at `now` (ms since 1970). False if it was kept before: then nothing is to be done."""
    verdict = decision.verdict
    counts = decision.result is ReturnClass.SOFT or (decision.result in OPEN and verdict.counts_as_soft)
    values = {
        "report_key": verdict.key,
        "source": source,
        "kind": verdict.kind.value,
        "class": decision.result.value,
        "subscriber_id": decision.subscriber_id,
        "delivery_id": decision.delivery.id if decision.delivery else None,
        "counts_as_soft": counts,
        "is_proof": decision.is_proved,
        "status": _clean(verdict.status)[:32],
        "diagnostic": _clean(verdict.diagnostic),
        "note": _clean(decision.note)[:_LONGEST_NOTE],
        "at": now,
    }
    new = insert_into(connection, returns).on_conflict_do_nothing()
    return connection.execute(new.execution_options(preserve_rowcount=True), values).rowcount == 1


def is_kept(connection: Connection, key: bytes) -> bool:
    """Whether a report with this key was read before."""
    return bool(connection.scalar(_IS_KEPT, {"key": key}))


def _clean(text: str) -> str:
    """Without what no database takes (NUL, halves of letters), and what a terminal would act on."""
    return "".join(char for char in text if char.isprintable())


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenReturn:
    """What waits for a person. `address` is the reader's; empty if we can't tell who it is. `at` in ms since 1970."""

    number: int
    kind: ReturnKind
    result: ReturnClass
    subscriber_id: int | None
    delivery_id: int | None
    hash: bytes | None
    address: str
    diagnostic: str
    note: str
    at: int


def list_open(connection: Connection, numbers: Collection[int] | None = None) -> tuple[OpenReturn, ...]:
    """What waits for a person, the earliest first; of these `numbers` alone, if they are given."""
    query = (
        select(returns, subscribers.c.address, subscribers.c.hash)
        .select_from(returns.outerjoin(subscribers, subscribers.c.id == returns.c.subscriber_id))
        .where(_IS_OPEN)
        .order_by(returns.c.id)
    )
    if numbers is not None:
        query = query.where(returns.c.id.in_(list(numbers)))
    return tuple(_read_open(row) for row in connection.execute(query))


def count_open(connection: Connection) -> int:
    """How many wait for a person."""
    return connection.execute(select(func.count()).select_from(returns).where(_IS_OPEN)).scalar_one()


def close_return(connection: Connection, number: int, *, now: int) -> None:
    """A person has decided about it, at `now` (ms since 1970)."""
    connection.execute(update(returns).where(returns.c.id == number).values(settled_at=now))


def find_soft_deliveries(connection: Connection, subscriber_id: int) -> frozenset[int]:
    """The deliveries of a subscriber that a proved report called a temporary failure."""
    query = select(returns.c.delivery_id).where(
        returns.c.subscriber_id == subscriber_id, _CLASS.in_([ReturnClass.SOFT.value]), returns.c.is_proof
    )
    return frozenset(connection.scalars(query))


def count_at_edge(connection: Connection, *, now: int) -> dict[str, int]:
    """At each domain, how many readers Exchange Online's “access denied” was about in the last 14 days."""
    domain = domain_of(deliveries.c.address, connection)
    query = (
        select(domain, func.count(deliveries.c.subscriber_id.distinct()))
        .select_from(returns.join(deliveries, deliveries.c.id == returns.c.delivery_id))
        .where(
            returns.c.kind == ReturnKind.EXCHANGE_EDGE.value,
            _CLASS.in_((ReturnClass.GONE.value, ReturnClass.HELD.value)),
            returns.c.at >= now - _EDGE_REMEMBERED,
        )
        .group_by(domain)
    )
    return dict(connection.execute(query).all())


_IS_OPEN: Final[ColumnElement[bool]] = _CLASS.in_([one.value for one in OPEN]) & returns.c.settled_at.is_(None)


def _read_open(row: Row[Any]) -> OpenReturn:
    return OpenReturn(
        number=row.id,
        kind=ReturnKind(row.kind),
        result=ReturnClass(row._mapping["class"]),  # noqa: SLF001 -- its public name for a column called like a keyword
        subscriber_id=row.subscriber_id,
        delivery_id=row.delivery_id,
        hash=None if row.hash is None else bytes(row.hash),
        address=row.address or "",
        diagnostic=row.diagnostic,
        note=row.note,
        at=row.at,
    )
