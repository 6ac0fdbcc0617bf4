"""Doubts whether the database knows everything that was sent: it may be a copy, or it may be new.

A copy and its original do not know of each other, and a new database knows of no one who unsubscribed. Nothing is sent
from either until a person has confirmed it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from bulletin.database.database_events import find_unknown_since, record_database_event
from bulletin.database.errors import database_errors
from bulletin.database.identity import DatabaseIdentity, DatabaseMemory, find_identity, name_place
from bulletin.database.states import DatabaseEvent
from bulletin.delivery.ledger.mailing import has_mailings
from bulletin.delivery.plans.schedule import has_schedules
from bulletin.errors import BulletinError, MailingError
from bulletin.issue.dates import Month
from bulletin.subscribers.suppression import count_suppressed
from bulletin.times import format_second
from bulletin.workspace.package_data import sample_folder

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.workspace.workspace import Workspace

_MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])(?![0-9])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """Why nothing is sent yet, in a sentence. A person answers `question`; `remedy` says how to answer in advance."""

    words: str
    question: str
    remedy: str

    def to_error(self) -> MailingError:
        """Make the error for when no one can be asked."""
        return MailingError(f"{self.words} Nothing was sent.", self.remedy)


def doubt_place(workspace: Workspace, engine: Engine) -> Doubt | None:
    """Doubt whether the database is a copy of one that is still in use elsewhere."""
    with database_errors(), engine.begin() as connection:
        here = find_identity(connection)
    if (original := DatabaseMemory(workspace.state_folder).find_original(here)) is None:
        return None
    before, now = _describe_difference(original, here)
    return Doubt(
        words=f"This workspace may be a copy: its database was {before} until now, and is {now}. If the other one is "
        "still in use, the two do not know of each other. Both would send each issue, and each would miss who "
        "unsubscribes from the other.",
        question="Has everyone stopped using the other one?",
        remedy="Make sure that no one uses the other one. Then add --moved once, to `bulletin send` or `bulletin run`.",
    )


def accept_place(workspace: Workspace, engine: Engine) -> None:
    """Accept a person's word that the database was moved here and not copied. They are not asked again."""
    with database_errors(), engine.begin() as connection:
        here = find_identity(connection)
    DatabaseMemory(workspace.state_folder).accept(here)


def doubt_gap(engine: Engine) -> Doubt | None:
    """Doubt a database that was put back from a back-up: what was done between the two isn't known."""
    with database_errors(), engine.begin() as connection:
        since = find_unknown_since(connection)
    if since is None:
        return None
    return Doubt(
        words=f"The database {name_place(engine.url)} was put back from a back-up. It doesn't know who unsubscribed "
        f"after {format_second(since)}, or what was sent then. Remove those people again: bulletin subscribers remove "
        "ADDRESS. If an issue was sent then: bulletin resolve ISSUE --unknown.",
        question=f"Is everything from after {format_second(since)} put right?",
        remedy="Once that is put right, type: bulletin database restore --checked",
    )


def close_gap(engine: Engine, *, now: int) -> bool:
    """Record a person's word that what a back-up couldn't know is put right. False if nothing was unknown."""
    with database_errors(), engine.begin() as connection:
        if find_unknown_since(connection) is None:
            return False
        record_database_event(connection, DatabaseEvent.CHECKED, now=now)
        return True


def doubt_record(workspace: Workspace, engine: Engine, issue: str, *, now: int) -> Doubt | None:
    """Doubt a new database if the workspace has issues from before `issue`, or before `now` (ms since 1970).

    A database with a schedule is not new: a person was asked then.
    """
    with database_errors(), engine.begin() as connection:
        if has_mailings(connection) or has_schedules(connection):
            return None
        unsubscribed = count_suppressed(connection)
    today = datetime.fromtimestamp(now / 1000).astimezone().date()
    earlier = tuple(_find_earlier(workspace, issue, today))
    if not earlier:
        return None
    named = f"an earlier issue, {earlier[0]}" if len(earlier) == 1 else f"{len(earlier):,} earlier issues"
    people = f"and of only {unsubscribed:,} who unsubscribed" if unsubscribed else "or of anyone who unsubscribed"
    return Doubt(
        words=f"The database {name_place(engine.url)} is new, but this workspace has {named}. The database has no "
        f"record of anything sent, {people}. If there is a record elsewhere, put the folder .bulletin/ back, or set "
        "BULLETIN_DATABASE_URL.",
        question="Send without any record of earlier emails?",
        remedy="If none was ever made, add --new-database to `bulletin send` or `bulletin schedule`.",
    )


def require_known(workspace: Workspace, engine: Engine, issue: str, *, new_database: bool, now: int) -> None:
    """Raise MailingError while a person has to confirm the database; `new_database`: they did, for a new one."""
    require_own_place(workspace, engine)
    if not new_database and (doubt := doubt_record(workspace, engine, issue, now=now)):
        raise doubt.to_error()


def require_own_place(workspace: Workspace, engine: Engine) -> None:
    """Raise MailingError if the database may be a copy or doesn't know all, and no person has settled that."""
    if doubt := doubt_place(workspace, engine) or doubt_gap(engine):
        raise doubt.to_error()


def _describe_difference(original: DatabaseIdentity, here: DatabaseIdentity) -> tuple[str, str]:
    """Name both places, each with its computer if these differ."""
    if not (original.computer and here.computer) or original.computer == here.computer:
        return original.place, here.place
    before, now = (f"{home.place} on the computer {home.computer}" for home in (original, here))
    return before, now


def _find_earlier(workspace: Workspace, issue: str, today: date) -> Iterator[str]:
    """Find the issues that may have been sent before. The sample's own issues were not."""
    ours = _find_month(workspace, issue)
    for name in workspace.issue_ids():
        if name != issue and not _is_sample(workspace, name) and _is_earlier(workspace, name, ours, today):
            yield name


def _is_earlier(workspace: Workspace, name: str, ours: Month | None, today: date) -> bool:
    month = _find_month(workspace, name)
    if month and month < (ours or Month(today.year, today.month)):
        return True
    with suppress(BulletinError):
        return workspace.load_issue(name).published < today
    return False


def _find_month(workspace: Workspace, name: str) -> Month | None:
    """Find an issue's month by its file's name, or else in the file; None if that cannot be read."""
    if match := _MONTH.match(name.rpartition("/")[2]):
        return Month(int(match[1]), int(match[2]))
    with suppress(BulletinError):
        return workspace.load_issue(name).month
    return None


def _is_sample(workspace: Workspace, name: str) -> bool:
    shipped = sample_folder() / "issues" / f"{name}.yaml"
    with suppress(OSError):
        return shipped.read_bytes() == workspace.issue_path(name).read_bytes()
    return False
