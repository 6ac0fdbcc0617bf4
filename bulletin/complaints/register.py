"""The log of complaints: each with its reference, by when it must be acknowledged, and what became of it.

Times are in ms since 1970, UTC. The text of a complaint is in no email and in no log: only here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select, update

from bulletin.complaints.deadline import find_deadline
from bulletin.complaints.reference import make_reference, tidy_reference
from bulletin.complaints.subject import ComplaintChannel, ComplaintSubject
from bulletin.database.dialects import insert_into, lock_for_writing
from bulletin.database.states import OutboxKind
from bulletin.database.tables import complaints
from bulletin.errors import BulletinError, NotFound
from bulletin.subscribers.outbox import put_email
from bulletin.times import read_local

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Row

    from bulletin.issue.holidays import Nation

AGAIN_WITHIN: Final = timedelta(days=1)
"""The very same words from the same person within this time are the same complaint, sent once more by mistake."""

MOST_A_DAY: Final = 3
"""To so many complaints a day from one address we answer at once. Anyone can type the address of someone else."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewComplaint:
    """A complaint as it came. `reply_to` is an email address, "" for someone who gave none."""

    channel: ComplaintChannel
    about: ComplaintSubject
    text: str
    reply_to: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedComplaint:
    """A complaint in the log. `text` is "" once it was deleted, `outcome` until it is closed."""

    reference: str
    received_at: int
    channel: ComplaintChannel
    about: ComplaintSubject
    text: str
    reply_to: str
    acknowledge_by: date
    acknowledged_at: int | None
    outcome: str
    closed_at: int | None

    @property
    def received(self) -> date:
        """The day on which it came, as the clocks of this computer show it."""
        return read_local(self.received_at).date()

    @property
    def is_waiting(self) -> bool:
        """Whether no person has acknowledged it yet."""
        return self.acknowledged_at is None and self.closed_at is None


# --- what is written


def add_complaint(
    connection: Connection,
    new: NewComplaint,
    *,
    nation: Nation,
    now: int,
    choose: Callable[[str], str],
    received_at: int | None = None,
) -> LoggedComplaint:
    """Put a complaint into the log, and have the person told at once that it has come, if they gave an address.

    It came at `received_at` (default: now). `nation` says which days people are at work, and `choose` makes the
    reference: see `make_reference`. The same one sent twice within a day is found again, and nothing is written.
    """
    lock_for_writing(connection, complaints)
    at = now if received_at is None else received_at
    if (known := _find_same(connection, new, at)) is not None:
        return known
    values = {
        "received_at": at,
        "channel": new.channel.value,
        "about": new.about.value,
        "text": new.text,
        "reply_to": new.reply_to,
        "acknowledge_by": find_deadline(read_local(at).date(), nation).isoformat(),
    }
    complaint = _insert(connection, values, choose)
    if complaint.reply_to and _count_lately(connection, complaint) <= MOST_A_DAY:
        put_email(
            connection,
            OutboxKind.COMPLAINT,
            dedupe=f"complaint {complaint.reference}",
            details={"reference": complaint.reference, "acknowledge_by": complaint.acknowledge_by.isoformat()},
            now=now,
            recipient=complaint.reply_to,
        )
    return complaint


def _is_of_day(at: int) -> ColumnElement[bool]:
    """Came in the day (24 hours) before a time."""
    return complaints.c.received_at.between(at - AGAIN_WITHIN // timedelta(milliseconds=1), at)


def _count_lately(connection: Connection, complaint: LoggedComplaint) -> int:
    """How many came from the same address within a day, with this one."""
    theirs = complaints.c.reply_to == complaint.reply_to
    query = select(func.count()).select_from(complaints).where(theirs, _is_of_day(complaint.received_at))
    return connection.execute(query).scalar_one()


def _find_same(connection: Connection, new: NewComplaint, at: int) -> LoggedComplaint | None:
    columns = complaints.c
    same = (columns.text == new.text, columns.reply_to == new.reply_to, columns.about == new.about.value)
    query = select(complaints).where(_is_of_day(at), columns.channel == new.channel.value, *same)
    row = connection.execute(query.order_by(columns.id.desc())).first()
    return None if row is None else _read(row)


def _insert(connection: Connection, values: Mapping[str, object], choose: Callable[[str], str]) -> LoggedComplaint:
    while True:
        new = insert_into(connection, complaints).values(reference=make_reference(choose), **values)
        row = connection.execute(new.on_conflict_do_nothing().returning(complaints)).one_or_none()
        if row is not None:  # else the reference was taken: one in a hundred million
            return _read(row)


def alert_about(connection: Connection, complaint: LoggedComplaint, *, recipient: str, now: int) -> None:
    """Have a person of the organisation told that a complaint has come: without its text, and without any address."""
    put_email(
        connection,
        OutboxKind.ALERT,
        dedupe=f"complaint {complaint.reference} has come",
        details={
            "subject": f"A complaint has come in: {complaint.reference}",
            "lines": [
                f"Someone complained about how their information is used. The reference is {complaint.reference}.",
                f"Acknowledge it by {complaint.acknowledge_by:%A} {describe_date(complaint.acknowledge_by)}.",
                "Read it with: bulletin complaints",
            ],
        },
        now=now,
        recipient=recipient,
    )


def acknowledge(connection: Connection, reference: str, *, now: int) -> LoggedComplaint:
    """A person has told them that we have the complaint. If that was so before, the earlier time stays.

    Raises NotFound.
    """
    found = find_complaint(connection, reference)
    waiting = (complaints.c.reference == found.reference) & complaints.c.acknowledged_at.is_(None)
    connection.execute(update(complaints).where(waiting).values(acknowledged_at=now))
    return find_complaint(connection, reference)


def close(connection: Connection, reference: str, outcome: str, *, now: int) -> LoggedComplaint:
    """Close a complaint with what was found and done. That acknowledges it too, if no one had done so.

    Raises NotFound, and BulletinError without an outcome or for one that is closed already.
    """
    found = find_complaint(connection, reference)
    if not outcome.strip():
        raise BulletinError("The outcome is missing.", "Say what you found and did: --outcome TEXT")
    if found.closed_at is not None:
        raise BulletinError(f"{found.reference} is closed already: {found.outcome}", "Nothing was changed.")
    ended = {"outcome": outcome.strip(), "closed_at": now, "acknowledged_at": found.acknowledged_at or now}
    connection.execute(update(complaints).where(complaints.c.reference == found.reference).values(**ended))
    return find_complaint(connection, reference)


# --- what is read


def find_complaint(connection: Connection, reference: str) -> LoggedComplaint:
    """The complaint with this reference, however it is typed. Raises NotFound."""
    row = connection.execute(
        select(complaints).where(complaints.c.reference == tidy_reference(reference))
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no complaint “{reference}”.", "See them all: bulletin complaints --all")
    return _read(row)


def find_complaints(connection: Connection, *, closed: bool = False) -> tuple[LoggedComplaint, ...]:
    """The complaints that are open, the earliest first; with `closed`, all."""
    is_open: ColumnElement[bool] = complaints.c.closed_at.is_(None)
    query = select(complaints).order_by(complaints.c.received_at, complaints.c.id)
    return tuple(_read(row) for row in connection.execute(query if closed else query.where(is_open)))


def describe_date(day: date) -> str:
    """`4 May 2021`."""
    return f"{day.day} {day:%B %Y}"


def _read(row: Row[tuple[object, ...]]) -> LoggedComplaint:
    return LoggedComplaint(
        reference=row.reference,
        received_at=row.received_at,
        channel=ComplaintChannel(row.channel),
        about=ComplaintSubject(row.about),
        text=row.text,
        reply_to=row.reply_to,
        acknowledge_by=date.fromisoformat(row.acknowledge_by),
        acknowledged_at=row.acknowledged_at,
        outcome=row.outcome,
        closed_at=row.closed_at,
    )
