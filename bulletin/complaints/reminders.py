"""Which complaints a person must not forget: those that no one has acknowledged after 20 days, and after 27."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bulletin.complaints.deadline import find_reminder
from bulletin.complaints.register import LoggedComplaint, describe_date, find_complaints
from bulletin.database.states import OutboxKind
from bulletin.subscribers.outbox import put_email

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminder:
    """A complaint that waits, since `days` or more, and how many days are `left`: none are on the last one.

    `left` is below 0 once it is late.
    """

    complaint: LoggedComplaint
    days: int
    left: int

    def describe(self) -> str:
        """In two sentences, without any address: how long there is, and what to do."""
        reference, by = self.complaint.reference, self.complaint.acknowledge_by
        when = f"{by:%A} {describe_date(by)}"
        todo = f"Tell them that you have it, then run: bulletin complaints acknowledge {reference}"
        if self.left < 0:
            return f"Complaint {reference} should have been acknowledged by {when}. {todo}"
        return f"Complaint {reference} must be acknowledged by {when} ({_describe_left(self.left)}). {todo}"


def _describe_left(days: int) -> str:
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def find_reminders(connection: Connection, today: date) -> tuple[Reminder, ...]:
    """What has to be remembered on this day, the earliest complaint first."""
    return tuple(
        Reminder(complaint=one, days=days, left=(one.acknowledge_by - today).days)
        for one in find_complaints(connection)
        if one.is_waiting and (days := find_reminder(one.received, today)) is not None
    )


def remind(connection: Connection, today: date, *, recipient: str, now: int) -> tuple[Reminder, ...]:
    """Have a person reminded by email of each complaint, once on each of its days. Those that they weren't yet."""
    return tuple(one for one in find_reminders(connection, today) if _put(connection, one, recipient, now))


def _put(connection: Connection, one: Reminder, recipient: str, now: int) -> bool:
    reference = one.complaint.reference
    return put_email(
        connection,
        OutboxKind.ALERT,
        dedupe=f"complaint {reference} waits {one.days}",
        details={"subject": f"Acknowledge a complaint: {reference}", "lines": [one.describe()]},
        now=now,
        recipient=recipient,
    )
