"""Complaints in words: what each is about, by when it must be acknowledged, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from bulletin.cli.clock import now_ms, today
from bulletin.cli.terminal import warn
from bulletin.complaints.subject import ComplaintChannel, ComplaintSubject
from bulletin.errors import BulletinError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy import Engine

    from bulletin.complaints.register import LoggedComplaint
    from bulletin.workspace.workspace import Workspace

_SUBJECTS: Final = {
    ComplaintSubject.NOT_ASKED: "emails they didn’t ask for",
    ComplaintSubject.STILL_GETTING: "unsubscribed, but still gets emails",
    ComplaintSubject.WRONG: "their information is wrong",
    ComplaintSubject.NO_ANSWER: "a request that wasn’t answered",
    ComplaintSubject.OTHER: "something else",
}
_CHANNELS: Final = {
    ComplaintChannel.WEBSITE: "on our website",
    ComplaintChannel.EMAIL: "by email",
    ComplaintChannel.PHONE: "by phone",
    ComplaintChannel.LETTER: "by letter",
    ComplaintChannel.PERSON: "in person",
}
COMPLAIN_FURTHER: Final = "https://ico.org.uk/make-a-complaint/"


def describe_complaint(complaint: LoggedComplaint) -> Iterator[str]:
    """A line for each thing that a person needs to know of it, the first with its reference."""
    came = f"received on {write_day(complaint.received)} {_CHANNELS[complaint.channel]}"
    yield f"{complaint.reference}  {came}: {_SUBJECTS[complaint.about]}"
    for line in complaint.text.splitlines():
        yield f"    {line}".rstrip()
    if complaint.reply_to and complaint.closed_at is None:
        yield f"  Reply to {complaint.reply_to}"
    if complaint.is_waiting:
        by, command = write_day(complaint.acknowledge_by), f"bulletin complaints acknowledge {complaint.reference}"
        yield f"  Acknowledge it by {by}: {command}"
    elif complaint.closed_at is None:
        yield f"  Acknowledged. When it’s settled: bulletin complaints close {complaint.reference} --outcome TEXT"
    else:
        became = complaint.outcome or "what it said and what you found were deleted since"
        yield f"  Closed on {write_day(today(complaint.closed_at))}: {became}"


def write_day(day: date) -> str:
    """`Monday 5 April 2027`: people plan by it."""
    from bulletin.complaints.register import describe_date

    return f"{day:%A} {describe_date(day)}"


def print_reminders(engine: Engine) -> None:
    """Print which complaints a person must not forget."""
    from bulletin.complaints.reminders import find_reminders
    from bulletin.database.reading import begin_snapshot

    with begin_snapshot(engine) as connection:
        reminders = find_reminders(connection, today())
    for one in reminders:
        warn(one.describe())


def remind_of_complaints(workspace: Workspace, engine: Engine) -> None:
    """Print each reminder once on each of its days, and have it sent by email to the organisation."""
    from bulletin.complaints.reminders import find_reminders, remind
    from bulletin.database.errors import database_errors
    from bulletin.database.reading import begin_snapshot

    with begin_snapshot(engine) as connection:
        if not find_reminders(connection, today()):  # then nothing is written: most of the time
            return
    recipient = workspace.settings.organisation.email
    with database_errors(), engine.begin() as connection:
        reminders = remind(connection, today(), recipient=recipient, now=now_ms())
    for one in reminders:
        warn(one.describe())


def find_noon(day: date, *, now: int) -> int:
    """A time on the day on which a complaint came, in ms since 1970. Raises BulletinError for a day to come."""
    noon = int(datetime(day.year, day.month, day.day, 12).astimezone().timestamp() * 1000)
    if day > today(now):
        raise BulletinError(f"{write_day(day)} is still to come.", "Give the day on which the complaint came.")
    return min(noon, now)
