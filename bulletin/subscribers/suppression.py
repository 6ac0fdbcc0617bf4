"""Who must not be emailed: the journal of stops and lifts, and the one predicate that says what it means.

The latest event counts, but a lift never reaches further than its own scope: joining one list again doesn't bring back
the others. Nothing is ever changed or deleted, and only the person's own confirmed wish lifts (`consent`). The database
holds to that too: it refuses every UPDATE and DELETE, and every lift without such a wish.

Addresses are known by their hash (`address_hash`). No other module reads or writes this table.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, case, false, func, insert, literal_column, null, or_, select

from bulletin.database.dialects import lock_for_writing
from bulletin.database.states import LiftReason, ScopeKind, SuppressionEvent, SuppressionOrigin, SuppressionReason
from bulletin.database.tables import memberships, suppression_events
from bulletin.errors import InvalidAddress
from bulletin.subscribers.scope import EVERYTHING, Scope

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Executable, FromClause, Row


# --- the predicate


def is_suppressed(
    hash_: ColumnElement[bytes], list_name: ColumnElement[str] | str = "", bulletin: str = ""
) -> ColumnElement[bool]:
    """The condition that the address with this hash (a column) gets nothing of `bulletin` through a list.

    A stop applies to them, and no later lift that applies is at least as narrow. `list_name` may be a column. Without
    it, stops of one list don't count; without `bulletin` (see `scope.find_bulletin`), those of one bulletin don't.
    """
    stops, lifts = suppression_events.alias("stops"), suppression_events.alias("lifts")
    later = (
        select(_ONE)
        .select_from(lifts)
        .where(
            lifts.c.hash == stops.c.hash,
            lifts.c.event == _LIFT,
            lifts.c.id > stops.c.id,
            lifts.c.scope <= stops.c.scope,
            _applies(lifts, list_name, bulletin),
        )
    )
    standing = (
        select(_ONE)
        .select_from(stops)
        .where(
            stops.c.hash == hash_,
            stops.c.event == _STOP,
            _applies(stops, list_name, bulletin),
            ~later.correlate_except(lifts).exists(),
        )
    )
    # Only the inner tables are its own: in whichever statement this is used, `hash_` is that statement's.
    return standing.correlate_except(stops, lifts).exists()


def is_withheld(
    hash_: ColumnElement[bytes], subscriber_id: ColumnElement[int], lists: Sequence[str], bulletin: str
) -> ColumnElement[bool]:
    """The condition that an issue of `bulletin` to `lists` must not go to this subscriber (two columns).

    Every statement that queues or claims a delivery uses it. Someone on several of the lists is withheld if all of
    these are suppressed. Someone on none of them any more is withheld if anything at all is known of them.
    """
    joined = memberships.alias("joined")
    reached = (
        select(_ONE)
        .select_from(joined)
        .where(
            joined.c.subscriber_id == subscriber_id,
            joined.c.list.in_([_constant(name) for name in lists]),
            ~is_suppressed(hash_, joined.c.list, bulletin),
        )
    )
    # Not AND, of which SQLite works out both sides wherever the answer is a column.
    return case((is_unknown(hash_), false()), else_=~reached.correlate_except(joined).exists())


def is_unknown(hash_: ColumnElement[bytes]) -> ColumnElement[bool]:
    """The condition that the journal has nothing about the address with this hash (a column).

    So it is for nine people in ten: this look is all that they cost.
    """
    # No EXISTS, and the hash is named: or PostgreSQL would read the whole journal into memory for each statement.
    known = suppression_events.alias("known")
    of_them = select(_ONE).select_from(known).where(known.c.hash == hash_).correlate_except(known)
    first = of_them.limit(_ONE).offset(_NONE)  # spelt out: without an offset, SQLite is given one as a parameter
    return first.scalar_subquery().is_(None)


def _applies(events: FromClause, list_name: ColumnElement[str] | str, bulletin: str) -> ColumnElement[bool]:
    """The condition that an event is about this list and this bulletin."""
    named = _constant(list_name) if isinstance(list_name, str) else list_name
    return or_(
        events.c.scope == _number(ScopeKind.ALL),
        (events.c.scope == _number(ScopeKind.BULLETIN)) & (events.c.target == _constant(bulletin)),
        (events.c.scope == _number(ScopeKind.LIST)) & (events.c.target == named),
    )


def _constant(text: str) -> ColumnElement[str]:
    # In the statement itself: those that are prepared (`database.prepared`) have a parameter for each value of a row.
    quoted = text.replace("'", "''")
    return literal_column(f"'{quoted}'")


def _number(kind: ScopeKind) -> ColumnElement[int]:
    return literal_column(str(kind.value))


_ONE: Final[ColumnElement[int]] = literal_column("1")
_NONE: Final[ColumnElement[int]] = literal_column("0")
_STOP: Final = _constant(SuppressionEvent.STOP)
_LIFT: Final = _constant(SuppressionEvent.LIFT)


# --- what is written


def suppress(
    connection: Connection,
    hash_: bytes,
    *,
    reason: SuppressionReason,
    origin: SuppressionOrigin,
    now: int,
    scope: Scope = EVERYTHING,
    note: str = "",
    anew: bool = False,
) -> bool:
    """Don't email the address with this hash again, within `scope`; `now` in ms since 1970.

    False if that was already so: then nothing is written, and the earlier reason, time and note are kept. `anew`: it
    is written all the same, since it says what was done (an erasure). The address need not be a subscriber's. Raises
    InvalidAddress for a note with an @ in it: addresses aren't kept here.
    """
    refuse_address(note)
    values = {
        "new_hash": hash_,
        "new_event": SuppressionEvent.STOP.value,
        "new_scope": scope.kind.value,
        "new_target": scope.target,
        "new_reason": reason.value,
        "new_at": now,
        "new_origin": origin.value,
        "new_note": note,
    }
    return connection.execute(_insert_stop(anew=anew), values).rowcount == 1


@cache
def _insert_stop(*, anew: bool) -> Executable:
    """The statement that writes a stop, `new_` and a column's name for each value; without `anew` unless it is there.

    Made once: that takes longer than it takes to run, and all who write to the database would wait for it.
    """
    given = {name: bindparam(f"new_{name}", type_=suppression_events.c[name].type) for name in _STOP_COLUMNS}
    chosen = select(*given.values())
    if not anew:
        chosen = chosen.where(~_stands(given["hash"], given["scope"], given["target"]))
    new = insert(suppression_events).from_select(list(given), chosen)
    return new.execution_options(preserve_rowcount=True)


_STOP_COLUMNS: Final = ("hash", "event", "scope", "target", "reason", "at", "origin", "note")


def refuse_address(note: str) -> None:
    """Raises InvalidAddress for a note with an @ in it: what erases a person can't reach their address here."""
    if "@" in note:
        raise InvalidAddress(
            "The note has an @ in it. It's kept for good, so it can't have anyone's email address.",
            "Write the note without the address.",
        )


def lift(
    connection: Connection,
    hash_: bytes,
    *,
    scope: Scope,
    consent_id: int,
    reason: LiftReason,
    origin: SuppressionOrigin,
    now: int,
) -> bool:
    """Email the address with this hash again, within `scope`, because the person wants it; `now` in ms since 1970.

    `consent_id` is their own wish, confirmed since they were last stopped (`consent.add_consent`). False if nothing was
    stopped that this takes back: then nothing is written. Raises IntegrityError if the wish is not theirs, is older
    than the stop, or is for another list: the database refuses it.
    """
    lock_for_writing(connection, suppression_events)  # else a stop that is being written could come to be before it
    if not any(one.scope.includes(scope) and scope not in one.lifted for one in find_suppressions(connection, hash_)):
        return False
    new = insert(suppression_events).values(
        hash=hash_,
        event=SuppressionEvent.LIFT,
        scope=scope.kind.value,
        target=scope.target,
        reason=reason,
        at=now,
        origin=origin,
        consent_id=consent_id,
    )
    connection.execute(new)
    return True


def _stands(hash_: ColumnElement[bytes], scope: ColumnElement[int], target: ColumnElement[str]) -> ColumnElement[bool]:
    """The condition that there is the very same stop, and no later lift has taken anything of it back."""
    stops, lifts = suppression_events.alias("stops"), suppression_events.alias("lifts")
    narrower = (lifts.c.scope < scope) | _is_about(lifts, scope, target)
    later = select(_ONE).where(lifts.c.hash == stops.c.hash, lifts.c.event == _LIFT, lifts.c.id > stops.c.id, narrower)
    return (
        select(_ONE)
        .where(
            stops.c.hash == hash_,
            stops.c.event == _STOP,
            _is_about(stops, scope, target),
            ~later.correlate_except(lifts).exists(),
        )
        .exists()
    )


def _is_about(events: FromClause, scope: ColumnElement[int], target: ColumnElement[str]) -> ColumnElement[bool]:
    return (events.c.scope == scope) & (events.c.target == target)


# --- what is read


@dataclass(frozen=True, kw_only=True, slots=True)
class Suppression:
    """A stop that still holds: how far it reaches, why, since when (ms since 1970, UTC), through what, and a note.

    `lifted` are the narrower scopes in which the person has confirmed since then that they want email again.
    """

    scope: Scope
    reason: SuppressionReason
    since: int
    origin: SuppressionOrigin
    note: str = ""
    lifted: tuple[Scope, ...] = ()


def find_suppressions(connection: Connection, hash_: bytes) -> tuple[Suppression, ...]:
    """The stops of the address with this hash, the earliest first, without those that were lifted as a whole."""
    return tuple(_read_standing(connection.execute(_EVENTS_OF_ONE, {"one": hash_}).all()))


def _read_standing(rows: Sequence[Row[Any]]) -> Iterator[Suppression]:
    lifts = [(row.id, _read_scope(row)) for row in rows if row.event == SuppressionEvent.LIFT]
    for row in rows:
        scope = _read_scope(row)
        lifted = tuple(dict.fromkeys(one for id_, one in lifts if id_ > row.id and scope.includes(one)))
        if row.event == SuppressionEvent.STOP and scope not in lifted:
            yield Suppression(
                scope=scope,
                reason=SuppressionReason(row.reason),
                since=row.at,
                origin=SuppressionOrigin(row.origin),
                note=row.note,
                lifted=lifted,
            )


def _read_scope(row: Row[Any]) -> Scope:
    return Scope(ScopeKind(row.scope), row.target)


def list_suppressed(connection: Connection, list_name: str) -> Generator[bytes, None, None]:
    """All addresses that get nothing through a list, from any bulletin: their hashes in order, each once.

    Close it if it isn't read to its end.
    """
    hash_ = suppression_events.c.hash
    query = select(hash_).where(is_suppressed(hash_, list_name)).distinct().order_by(hash_)
    found = connection.scalars(query.execution_options(yield_per=_BATCH))
    try:
        yield from map(bytes, found)
    finally:
        found.close()


def count_suppressed(connection: Connection) -> int:
    """How many addresses must never be emailed, in whichever scope and for whichever reason."""
    hash_ = suppression_events.c.hash
    stopped = case((suppression_events.c.event == _STOP, hash_), else_=null())
    return connection.execute(select(func.count(stopped.distinct()))).scalar_one()


_EVENTS_OF_ONE: Final = (
    select(suppression_events)
    .where(suppression_events.c.hash == bindparam("one", type_=suppression_events.c.hash.type))
    .order_by(suppression_events.c.id)
)
_BATCH: Final = 10_000  # rows that are read at a time
