"""Delete what was kept long enough: what `retention:` in bulletin.yaml says (UK GDPR article 5(1)(e)).

Each duty names what it deletes, and counts before it does. It is carried out once a day by `bulletin run`, whatever
computer runs it first: when it was done last is in the database. Nothing is deleted while an issue is being sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, exists, func, insert, literal_column, or_, select, update

from bulletin.database.errors import database_errors
from bulletin.database.reading import begin_snapshot
from bulletin.database.residue import mark_residue, wipe_residue
from bulletin.database.states import DeliveryState, OutboxState, SignUpState
from bulletin.database.tables import (
    complaints,
    consents,
    deliveries,
    kept_answers,
    limits,
    memberships,
    outbox,
    person_events,
    retention_runs,
    returns,
    sign_ups,
    subscribers,
    token_actions,
)
from bulletin.delivery.ledger.kept_counts import count_rows, find_old_mailings, find_unfinished, keep_counts_only

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Delete, Engine, Update

    from bulletin.settings.retention import Retention

DAY: Final = 24 * 60 * 60 * 1000
"""ms: `bulletin run` deletes once in such a time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RemovedKind:
    """How much of one kind is deleted, or would be. `what` is in words, for one and for many."""

    what: tuple[str, str]
    number: int
    kept_for: str

    def __str__(self) -> str:
        return f"{self.number:,} {self.what[0] if self.number == 1 else self.what[1]}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Tidying:
    """What was deleted, or would be. `unfinished`: old issues whose rows stay, because no one has ended them.

    `is_wiped`: whether the database's free space has been wiped after it; if not, it is when it is next opened.
    """

    removals: tuple[RemovedKind, ...]
    unfinished: tuple[str, ...] = ()
    is_wiped: bool = True

    def __bool__(self) -> bool:
        """Whether anything is, or would be, deleted."""
        return any(one.number for one in self.removals)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Duty:
    """What is deleted or cleared in a table: of which rows, and by which statement."""

    what: tuple[str, str]
    kept_for: str
    which: ColumnElement[bool]
    statement: Delete | Update


def is_due(engine: Engine, *, now: int) -> bool:
    """Whether nothing was deleted for a day before `now` (ms since 1970), and no issue is being sent."""
    with database_errors(), engine.begin() as connection:
        last = connection.scalar(select(func.max(retention_runs.c.at)))
        return (last is None or now - last >= DAY or last > now) and not _is_sending(connection)


def _is_sending(connection: Connection) -> bool:
    return bool(connection.scalar(select(exists().where(deliveries.c.state == DeliveryState.SENDING))))


def foresee_tidying(engine: Engine, retention: Retention, *, now: int) -> Tidying:
    """What would be deleted at `now` (ms since 1970). Changes nothing. Raises DatabaseError."""
    before = months_before(now, retention.deliveries)
    with begin_snapshot(engine) as connection:
        found = [
            RemovedKind(what=duty.what, number=_count(connection, duty.which), kept_for=duty.kept_for)
            for duty in _list_duties(retention, now)
        ]
        old = count_rows(connection, find_old_mailings(connection, before=before))
        unfinished = find_unfinished(connection, before=before)
    return Tidying(removals=(_of_deliveries(old, retention), *found), unfinished=unfinished)


def tidy(engine: Engine, retention: Retention, *, now: int) -> Tidying:
    """Delete what was kept long enough at `now` (ms since 1970), record how much it was, and wipe the free space.

    Deliveries go ten thousand at a time, so that no other program waits long. Raises DatabaseError.
    """
    before = months_before(now, retention.deliveries)
    old = _of_deliveries(sum(_delete_deliveries(engine, before=before, now=now)), retention)
    with database_errors(), engine.begin() as connection:
        found = [
            RemovedKind(what=duty.what, number=_carry_out(connection, duty), kept_for=duty.kept_for)
            for duty in _list_duties(retention, now)
        ]
        unfinished = find_unfinished(connection, before=before)
        done = Tidying(removals=(old, *found), unfinished=unfinished)
        removed = {one.what[1]: one.number for one in done.removals if one.number}
        connection.execute(insert(retention_runs).values(at=now, removed=removed))
        if done:
            mark_residue(connection)
    is_wiped = wipe_residue(engine) if done else True
    return Tidying(removals=done.removals, unfinished=done.unfinished, is_wiped=is_wiped)


def _of_deliveries(number: int, retention: Retention) -> RemovedKind:
    return RemovedKind(what=("delivery", "deliveries"), number=number, kept_for=_months(retention.deliveries))


def _delete_deliveries(engine: Engine, *, before: int, now: int) -> Iterator[int]:
    """Delete batch after batch; how many each."""
    while True:
        with database_errors(), engine.begin() as connection:
            old = find_old_mailings(connection, before=before)
            if not old:
                return
            yield keep_counts_only(connection, old[0], now=now)
            mark_residue(connection)


def _count(connection: Connection, which: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count(literal_column("1"))).where(which)) or 0


def _carry_out(connection: Connection, duty: _Duty) -> int:
    statement = duty.statement.where(duty.which).execution_options(preserve_rowcount=True)
    return connection.execute(statement).rowcount


def _list_duties(retention: Retention, now: int) -> tuple[_Duty, ...]:
    """All of them but deliveries, in the order in which they are carried out."""
    return (
        _expire_sign_ups(retention, now),
        _forget_ended_sign_ups(retention, now),
        _clear_networks(retention, now),
        _clear_returns(retention, now),
        _forget_events(retention, now),
        _forget_emails(retention, now),
        _clear_readers(retention, now),
        _clear_complaints(retention, now),
        _forget_limits(retention, now),
        _forget_actions(retention, now),
        _forget_answers(retention, now),
    )


def _expire_sign_ups(retention: Retention, now: int) -> _Duty:
    c = sign_ups.c
    unconfirmed = c.state.in_((SignUpState.ASKED, SignUpState.SENT)) & (c.asked_at < now - retention.unconfirmed * DAY)
    unanswered = (c.state == SignUpState.WAITING) & (c.expires_at < now)
    cleared = {"address": "", "name": "", "network": "", "agent": "", "page": ""}
    return _Duty(
        what=("unconfirmed request to join", "unconfirmed requests to join"),
        kept_for=_days(retention.unconfirmed),
        which=or_(unconfirmed, unanswered),
        statement=update(sign_ups).values(state=SignUpState.EXPIRED, changed_at=now, **cleared),
    )


def _forget_ended_sign_ups(retention: Retention, now: int) -> _Duty:
    is_open = sign_ups.c.state.in_((SignUpState.ASKED, SignUpState.SENT, SignUpState.WAITING))
    return _Duty(
        what=("ended request to join", "ended requests to join"),
        kept_for=_days(retention.network),
        which=~is_open & (sign_ups.c.changed_at < now - retention.network * DAY),
        statement=delete(sign_ups),
    )


def _clear_networks(retention: Retention, now: int) -> _Duty:
    known = or_(consents.c.network != "", consents.c.agent != "")
    return _Duty(
        what=("network of a consent", "networks of consents"),
        kept_for=_days(retention.network),
        which=known & (consents.c.asked_at < now - retention.network * DAY),
        statement=update(consents).values(network="", agent=""),
    )


def _clear_returns(retention: Retention, now: int) -> _Duty:
    """Its key stays, so that an email that is read again is known."""
    c = returns.c
    known = or_(c.subscriber_id.is_not(None), c.delivery_id.is_not(None), c.diagnostic != "", c.note != "")
    bare = {"subscriber_id": None, "delivery_id": None, "diagnostic": "", "note": ""}
    return _Duty(
        what=("email that came back", "emails that came back"),
        kept_for=_months(retention.deliveries),
        which=known & (c.at < months_before(now, retention.deliveries)),
        statement=update(returns).values(settled_at=func.coalesce(c.settled_at, now), **bare),
    )


def _forget_events(retention: Retention, now: int) -> _Duty:
    """What happened because of an issue, as the issue's deliveries. Who joined, and when, stays with the person."""
    c = person_events.c
    return _Duty(
        what=("event of an issue", "events of issues"),
        kept_for=_months(retention.deliveries),
        which=c.delivery_id.is_not(None) & (c.at < months_before(now, retention.deliveries)),
        statement=delete(person_events),
    )


def _forget_emails(retention: Retention, now: int) -> _Duty:
    is_open = outbox.c.state.in_((OutboxState.QUEUED, OutboxState.SENDING))
    return _Duty(
        what=("email to one person", "emails to one person"),
        kept_for=_months(retention.deliveries),
        which=~is_open & (outbox.c.made_at < months_before(now, retention.deliveries)),
        statement=delete(outbox),
    )


def _clear_readers(retention: Retention, now: int) -> _Duty:
    """Someone on no list who was sent nothing for so long. Their number and hash stay: old links know them by it.

    So unsubscribing by an old email still stops the right person, also once they are on a list again.
    """
    c = subscribers.c
    is_listed = exists().where(memberships.c.subscriber_id == c.id)
    mailed = select(deliveries.c.subscriber_id)  # once for all: there is no index by person
    long_ago = c.added_at < months_before(now, retention.deliveries)
    return _Duty(
        what=("reader on no list", "readers on no list"),
        kept_for=_months(retention.deliveries),
        which=(c.address != "") & long_ago & ~is_listed & c.id.not_in(mailed),
        statement=update(subscribers).values(address="", name=""),
    )


def _clear_complaints(retention: Retention, now: int) -> _Duty:
    c = complaints.c
    known = or_(c.text != "", c.outcome != "", c.reply_to != "")
    return _Duty(
        what=("complaint’s words", "complaints’ words"),
        kept_for=_months(retention.complaints),
        which=known & (c.closed_at < months_before(now, retention.complaints)),
        statement=update(complaints).values(text="", outcome="", reply_to=""),
    )


def _forget_limits(retention: Retention, now: int) -> _Duty:
    return _Duty(
        what=("count of requests", "counts of requests"),
        kept_for=_days(retention.limits),
        which=limits.c.window_start < now - retention.limits * DAY,
        statement=delete(limits),
    )


def _forget_actions(retention: Retention, now: int) -> _Duty:
    return _Duty(
        what=("action of another program", "actions of other programs"),
        kept_for=_months(retention.deliveries),
        which=token_actions.c.at < months_before(now, retention.deliveries),
        statement=delete(token_actions),
    )


def _forget_answers(retention: Retention, now: int) -> _Duty:
    return _Duty(
        what=("answer to another program", "answers to other programs"),
        kept_for=_days(retention.limits),
        which=kept_answers.c.at < now - retention.limits * DAY,
        statement=delete(kept_answers),
    )


def _days(number: int) -> str:
    return f"{number} {'day' if number == 1 else 'days'}"


def _months(number: int) -> str:
    return f"{number} {'month' if number == 1 else 'months'}"


def months_before(now: int, months: int) -> int:
    """The same day and hour so many months before `now` (ms since 1970, UTC); the month's last day if it is shorter."""
    at = datetime.fromtimestamp(now / 1000, tz=UTC)
    year, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    first = at.replace(year=year, month=month + 1, day=1)
    next_first = (first + timedelta(days=32)).replace(day=1)
    last_day = (next_first - timedelta(days=1)).day
    return int(first.replace(day=min(at.day, last_day)).timestamp() * 1000)
