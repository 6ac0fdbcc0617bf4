"""All SQL about the outbox: what is due, the claim before an email leaves, the record after it.

States and their transitions are those of `database.states.OutboxState`; each statement names the state it comes from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import literal_column, select, update

from bulletin.database.states import OutboxKind, OutboxState, SignUpState, WishKind
from bulletin.database.tables import outbox, sign_ups, subscribers
from bulletin.delivery.limits.retry import GAVE_UP, find_wait
from bulletin.delivery.smtp.outcome import Fate, Outcome
from bulletin.subscribers.scope import EVERYTHING
from bulletin.subscribers.suppression import find_suppressions
from bulletin.subscribers.wishes import newest_wish

if TYPE_CHECKING:
    from sqlalchemy import Connection

_QUEUED: Final = outbox.c.state == literal_column(f"'{OutboxState.QUEUED}'")  # spelt out: SQLite's index is for that
_MILLISECOND: Final = timedelta(milliseconds=1)
_BROKEN_OFF: Final = "The program stopped while this email was being sent."

TO_SUBSCRIBERS: Final = frozenset({OutboxKind.WELCOME, OutboxKind.ALREADY, OutboxKind.APPROVED, OutboxKind.ADDED})
"""What goes to the address of a subscriber as it is now, and not to anyone who has been suppressed since."""

_ENDS: Final = {
    Fate.ACCEPTED: OutboxState.ACCEPTED,
    Fate.REFUSED: OutboxState.REFUSED,
    Fate.UNCERTAIN: OutboxState.UNCERTAIN,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class OutboxEmail:
    """One email that is due. `recipient` is "" if it is no longer right to send.

    `sign_up` is the number that its link to confirm names, `confirm_by` until when (ms since 1970), and `lists` are
    those that were asked for; 0 and nothing without one. `language` is the code of the one that the person chose, "" if
    they chose none.
    """

    id: int
    kind: OutboxKind
    recipient: str
    details: Mapping[str, Any]
    attempts: int
    made_at: int
    subscriber_id: int | None = None
    sign_up: int = 0
    confirm_by: int = 0
    lists: tuple[str, ...] = ()
    language: str = ""


def recover(connection: Connection, *, now: int) -> tuple[OutboxKind, ...]:
    """Make uncertain what an earlier sender left on its way; of which kinds. Only for who holds the outbox."""
    lost = (
        update(outbox)
        .where(outbox.c.state == OutboxState.SENDING)
        .values(state=OutboxState.UNCERTAIN, run=None, ended_at=now, recipient="", reply=_BROKEN_OFF)
        .returning(outbox.c.kind)
    )
    return tuple(OutboxKind(kind) for kind in connection.scalars(lost))


def make_waiting_uncertain(connection: Connection, *, now: int, reply: str) -> int:
    """Make uncertain all that wait or are on their way, and return how many: an older ledger doesn't know of them."""
    open_ones = outbox.c.state.in_((OutboxState.QUEUED, OutboxState.SENDING))
    values = {"state": OutboxState.UNCERTAIN, "run": None, "ended_at": now, "recipient": "", "reply": reply}
    return connection.execute(update(outbox).where(open_ones).values(**values)).rowcount


def has_waiting(connection: Connection, *, now: int) -> bool:
    """Whether anything is due at `now` (ms since 1970), or was on its way when a sender ended or still sends."""
    due = _QUEUED & (outbox.c.due_at <= now)
    query = select(outbox.c.id).where(due | (outbox.c.state == OutboxState.SENDING)).limit(1)
    return connection.scalar(query) is not None


def find_due(connection: Connection, *, now: int) -> OutboxEmail | None:
    """The email that has been due for longest; None if none is due."""
    query = (
        select(
            *(outbox.c[name] for name in ("id", "kind", "recipient", "details", "attempts", "made_at")),
            outbox.c.subscriber_id,
            sign_ups.c.public_id,
            sign_ups.c.address.label("asked_from"),
            sign_ups.c.state.label("sign_up_state"),
            sign_ups.c.expires_at,
            sign_ups.c.lists,
            sign_ups.c.language.label("asked_in"),
            newest_wish(outbox.c.subscriber_id, WishKind.LANGUAGE).label("wished"),
            subscribers.c.address,
            subscribers.c.hash,
        )
        .select_from(outbox)
        .outerjoin(sign_ups, sign_ups.c.id == outbox.c.sign_up_id)
        .outerjoin(subscribers, subscribers.c.id == outbox.c.subscriber_id)
        .where(_QUEUED, outbox.c.due_at <= now)
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _read_email(connection, row, now)


def _read_email(connection: Connection, row: Any, now: int) -> OutboxEmail:
    return OutboxEmail(
        id=row.id,
        kind=OutboxKind(row.kind),
        recipient=_find_recipient(connection, row, now),
        details=row.details,
        attempts=row.attempts,
        made_at=row.made_at,
        subscriber_id=row.subscriber_id,
        sign_up=int.from_bytes(row.public_id) if row.public_id else 0,
        confirm_by=row.expires_at or 0,
        lists=tuple(row.lists or ()),
        language=row.wished or row.asked_in or row.details.get("language", ""),
    )


def _find_recipient(connection: Connection, row: Any, now: int) -> str:
    """Where it goes to; "" if it is no longer right to send."""
    if row.kind == OutboxKind.CONFIRM:
        is_open = row.sign_up_state == SignUpState.SENT and now < row.expires_at
        return str(row.asked_from) if is_open else ""
    if row.kind in TO_SUBSCRIBERS and row.subscriber_id is not None:
        return str(row.address) if row.address and not _gets_nothing(connection, bytes(row.hash)) else ""
    return str(row.recipient or row.address or row.asked_from or "")


def _gets_nothing(connection: Connection, hash_: bytes) -> bool:
    """Whether all email is stopped for the person, and they haven't confirmed since that they want any of it."""
    return any(stop.scope == EVERYTHING and not stop.lifted for stop in find_suppressions(connection, hash_))


def claim(connection: Connection, email: OutboxEmail, *, run: str, now: int) -> bool:
    """Take it, so that it is known to be on its way. False if it isn't there to be taken any more."""
    values = {"state": OutboxState.SENDING, "run": run, "claimed_at": now}
    queued = (outbox.c.id == email.id) & (outbox.c.state == OutboxState.QUEUED)
    return connection.execute(update(outbox).where(queued).values(values)).rowcount == 1


def drop(connection: Connection, email: OutboxEmail, *, now: int) -> None:
    """End an email that is no longer right to send."""
    values = {"state": OutboxState.DROPPED, "ended_at": now, "recipient": ""}
    queued = (outbox.c.id == email.id) & (outbox.c.state == OutboxState.QUEUED)
    connection.execute(update(outbox).where(queued).values(values))


def release(connection: Connection, email: OutboxEmail, *, due_at: int) -> None:
    """Put back a claimed email that cannot have left, for another attempt at `due_at` (ms since 1970)."""
    _change(connection, email, {"state": OutboxState.QUEUED, "run": None, "due_at": due_at})


def record(
    connection: Connection, email: OutboxEmail, outcome: Outcome, *, retries: Sequence[timedelta], now: int
) -> OutboxState:
    """Write down what became of a claimed email, and return its state: QUEUED if it is tried again by `retries`."""
    attempts = email.attempts + 1
    state, reply, due_at = _ENDS.get(outcome.fate, OutboxState.QUEUED), outcome.reply, now
    if state is OutboxState.QUEUED:
        wait = find_wait(attempts, retries)
        due_at = now + (wait or timedelta(0)) // _MILLISECOND
        if wait is None:
            state, reply = OutboxState.REFUSED, f"{GAVE_UP} {attempts} attempts: {reply}"
    values: dict[str, Any] = {"state": state, "run": None, "attempts": attempts, "reply": _hide_addresses(reply)}
    ended = {"due_at": due_at} if state is OutboxState.QUEUED else {"ended_at": now, "recipient": ""}
    _change(connection, email, values | ended)
    return state


def _change(connection: Connection, email: OutboxEmail, values: Mapping[str, Any]) -> None:
    ours = (outbox.c.id == email.id) & (outbox.c.state == OutboxState.SENDING)
    connection.execute(update(outbox).where(ours).values(**values))


def _hide_addresses(reply: str) -> str:
    """Servers quote the address; what is kept must not."""
    return re.sub(r"[^\s<>]*@[^\s<>]*", "…", reply)
