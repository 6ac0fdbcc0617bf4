"""The database in words: what it is, where it went, and what isn't known after a back-up was put in place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from bulletin.cli.terminal import count
from bulletin.database.states import DatabaseEvent
from bulletin.times import format_second

if TYPE_CHECKING:
    from bulletin.database.database_status import DatabaseStatus
    from bulletin.database.transfer import Transfer
    from bulletin.delivery.sending.restoring import Restored, StoppedMailing
    from bulletin.workspace.workspace import Workspace

_NAMES: Final = {
    "subscribers": "readers",
    "memberships": "entries on lists",
    "suppression_events": "stops and lifts",
    "mailings": "mailings",
    "deliveries": "deliveries",
}


def describe_database(status: DatabaseStatus) -> Iterator[str]:
    """What `bulletin database status` says, line by line."""
    yield f"Database: {status.kind}"
    yield f"Place:    {status.place}"
    yield f"Size:     {_describe_size(status.size)}"
    yield f"Schema:   {status.version} ({_describe_version(status)})"
    if status.changed_at:
        yield f"Changed:  {format_second(status.changed_at)}"
    for name, number in status.counts.items():
        yield f"{number:>12,}  {_NAMES[name]}"
    yield from _describe_events(status)


def _describe_version(status: DatabaseStatus) -> str:
    if status.is_current:
        return "up to date"
    if status.is_newer:
        return f"newer than this program, which knows {status.program}: update bulletin on this computer"
    return f"older than this program, which needs {status.program}: bulletin database upgrade"


def _describe_events(status: DatabaseStatus) -> Iterator[str]:
    for one in status.events:
        when = format_second(one.at)
        if one.event is DatabaseEvent.MOVED:
            yield f"It was moved to {one.details['to']} at {when}. Nothing is done with this one."
        elif one.event is DatabaseEvent.RESTORED:
            yield f"A back-up of {format_second(one.details['since'])} was put in its place at {when}."
        elif one.event in (DatabaseEvent.ARCHIVED, DatabaseEvent.UNARCHIVED):
            number = count(one.details["rows"], "delivery", "deliveries")
            yield f"{one.details['year']} was {one.event} at {when}: {number}."
    if status.unknown_since is not None:
        since = format_second(status.unknown_since)
        yield f"Who unsubscribed after {since}, until the back-up was put in place, isn't known."
    if status.shortfall:
        yield status.shortfall.explain(status.place).message


def _describe_size(size: int) -> str:
    """`12.5 MB`, in units of a thousand."""
    number, unit = size / 1000, "KB"
    for larger in ("MB", "GB", "TB"):
        if number < 1000:
            break
        number, unit = number / 1000, larger
    return f"{number:,.1f} {unit}"


def describe_transfer(done: Transfer, workspace: Workspace) -> Iterator[str]:
    """What was moved, and what is to be done on each computer now."""
    rows, tables = count(done.number, "row"), count(len(done.rows), "table")
    yield f"All of it is in {done.here.place} now: {rows} in {tables}, compared."
    yield (
        "On every computer, set BULLETIN_DATABASE_URL to the new address, with its password. Or write the address to "
        "`database:` in bulletin.yaml, without the password."
    )
    if not workspace.secrets.secret_key_is_given and workspace.secrets.has_secret_key:
        yield (
            "On the other computers, set BULLETIN_SECRET_KEY to the text in "
            f"{workspace.secrets.secret_key_file}: it signs the unsubscribe links."
        )
    yield "Nothing is done with the old one from now on. Restart `bulletin serve` if it runs."


def describe_restored(done: Restored) -> Iterator[str]:
    """What was stopped because a back-up can't know it, and what a person does next."""
    since = format_second(done.since)
    yield f"The back-up is in place. It knows what happened until {since}."
    for mailing in done.mailings:
        yield f"{mailing.issue} has stopped: {', '.join(_describe_stopped(mailing))}."
        yield f"  {_advise(mailing)}"
    for issue in done.missing:
        yield f"{issue} went out after that, and the back-up has no trace of it: bulletin resolve {issue} --unknown"
    for schedule in done.unscheduled:
        yield (
            f"{schedule.issue} was scheduled for {format_second(schedule.due_at)}, and isn't any more. If it wasn't "
            f"sent: bulletin schedule {schedule.issue} --at TIME"
        )
    if done.emails:
        emails = count(done.emails, "email")
        yield f"{emails} to one person, such as “Confirm your subscription”, may not have gone out."
    yield (
        f"Who unsubscribed after {since} isn't known. Remove them again: bulletin subscribers remove ADDRESS. Requests "
        "by email are read again from the mailbox: bulletin bounces. Once all is put right: "
        "bulletin database restore --checked"
    )


def _describe_stopped(mailing: StoppedMailing) -> Iterator[str]:
    if mailing.uncertain:
        yield f"{count(mailing.uncertain, 'reader')} uncertain"
    if mailing.accepted:
        yield f"{mailing.accepted:,} accepted, by the mark of the machine that sent"
    if mailing.queued:
        yield f"{mailing.queued:,} still queued, as nothing was sent since"


def _advise(mailing: StoppedMailing) -> str:
    if mailing.uncertain:
        return (
            f"If you have the mail server's log: bulletin resolve {mailing.issue} --log FILE. Then decide about the "
            f"rest: bulletin resolve {mailing.issue} --all --resend, or --delivered"
        )
    return f"To continue: bulletin send {mailing.issue}" if mailing.queued else "No one is left to be sent it."
