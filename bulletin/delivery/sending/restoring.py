"""Put a back-up of the ledger in place: all that may have gone on since it was made stops, and a person decides.

A back-up that was made while an issue was being sent has people as queued who may have got it since. So each of them
becomes uncertain. The mark of the machine that sent (`database.mark`) may know more: that nothing was sent since, or
that everyone was.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bulletin.database.backup import copy_file
from bulletin.database.commits import allow_settling
from bulletin.database.database_events import record_database_event
from bulletin.database.database_status import read_database_status
from bulletin.database.dialects import find_file, fold_into_one_file
from bulletin.database.engine import connect_database
from bulletin.database.errors import database_errors
from bulletin.database.identity import DatabaseMemory, find_identity, name_place
from bulletin.database.mark import MailingMark, Mark, MarkFile
from bulletin.database.schema import open_database
from bulletin.database.shortfall import find_shortfall, keep_missing, read_mark
from bulletin.database.states import DatabaseEvent, MailingEvent
from bulletin.database.transfer import copy_tables, require_empty
from bulletin.delivery.ledger.counts import count_states
from bulletin.delivery.ledger.issue_lock import hold_issue
from bulletin.delivery.ledger.kept_counts import find_unfinished
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.delivery.ledger.mailing_events import add_event, was_cancelled
from bulletin.delivery.ledger.recovery import make_flying_uncertain, make_one_uncertain, make_waiting_accepted
from bulletin.delivery.outbox.claims import make_waiting_uncertain
from bulletin.delivery.plans.schedule import Schedule, call_off_all
from bulletin.disk import make_private_file, make_private_folder
from bulletin.errors import DatabaseError, NotFound
from bulletin.rights import find_rights
from bulletin.times import format_second

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from bulletin.delivery.ledger.mailing import Mailing
    from bulletin.workspace.workspace import Workspace

_REPLY: Final = "The ledger was put back from a back-up. It doesn't know what became of this message."
_ALL_ACCEPTED: Final = "Accepted, by the mark of the machine that sent."
_UNOPENED: Final = "Name a file that was made with: bulletin database backup FILE"


@dataclass(frozen=True, kw_only=True, slots=True)
class StoppedMailing:
    """A mailing that was unfinished in the back-up: how many are uncertain now, known to have it, or still queued."""

    issue: str
    uncertain: int
    accepted: int
    queued: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """What a back-up that is in place now knows until `since` (ms since 1970), and what was stopped for that.

    `missing` are issues that went out later, by the marks; `emails` those to one person that are uncertain.
    """

    since: int
    mailings: tuple[StoppedMailing, ...]
    unscheduled: tuple[Schedule, ...]
    emails: int
    missing: tuple[str, ...]


def restore_ledger(workspace: Workspace, file: Path, *, marks: Sequence[Mark] = (), now: int) -> Restored:
    """Put the back-up in `file` in the place of the workspace's database, which must not be there, or be empty.

    `marks` are those of the machines that send, as they are now; `now` in ms since 1970. Whole, or not at all. Raises
    NotFound without such a file, and DatabaseError if it is no back-up of this workspace's ledger, or if there is a
    database in its place.
    """
    if not file.is_file():
        raise NotFound(f"There is no file {file}.", _UNOPENED)
    url = workspace.database_url
    _require_free(url)
    workspace.make_state_folder()
    with _opened_copy(workspace, file) as (copy, copied):
        with database_errors(str(file)), copied.begin() as connection:
            allow_settling(connection)
            _require_ours(workspace, find_identity(connection).id, file)
            done = _settle(connection, (*marks, *_read_own_mark(workspace, connection)), now=now)
        fold_into_one_file(copied)
        copied.dispose()
        if place := _find_place(url):
            _put_in_place(copy, place)
        else:
            _copy_to_server(copy, url)
    _accept(workspace, url)
    return done


def settle_ledger(workspace: Workspace, engine: Engine, *, marks: Sequence[Mark] = (), now: int) -> Restored | None:
    """As `restore_ledger`, for a back-up that somebody has put in place already. None if it is none, and lacks nothing.

    Raises MailingHeld while an issue is being sent.
    """
    with ExitStack() as held:
        with database_errors(), engine.begin() as connection:
            if find_shortfall(connection) is None:
                return None
            unfinished = find_unfinished(connection, before=now + 1)
        for issue in unfinished:
            held.enter_context(hold_issue(engine, workspace.state_folder, issue, now=now))
        with database_errors(), engine.begin() as connection:
            allow_settling(connection)
            return _settle(connection, (*marks, *_read_own_mark(workspace, connection)), now=now)


def read_marks(files: Sequence[Path]) -> tuple[Mark, ...]:
    """The marks in these files, or in `ledger.mark` of these folders. Raises NotFound for one that can't be read."""
    found: list[Mark] = []
    for path in files:
        file = path / "ledger.mark" if path.is_dir() else path
        try:
            found.append(Mark.from_json(file.read_bytes().partition(b"\n")[0]))
        except (OSError, ValueError, KeyError, TypeError):
            raise NotFound(
                f"{file} can't be read as the mark of a machine that sent.",
                "Name the file .bulletin/ledger.mark of that machine's workspace.",
            ) from None
    return tuple(found)


def _read_own_mark(workspace: Workspace, connection: Connection) -> tuple[Mark, ...]:
    """The mark in the workspace, if it is further than the ledger: one that is as far may have been put back too."""
    mark, reached = MarkFile(workspace.state_folder).read(), read_mark(connection)
    return (mark,) if mark and mark.ledger == reached.ledger and mark.commits > reached.commits else ()


def _settle(connection: Connection, marks: Sequence[Mark], *, now: int) -> Restored:
    reached, shortfall = read_mark(connection), find_shortfall(connection)
    since = shortfall.since if shortfall else reached.at
    useful = [one for one in marks if one.ledger == reached.ledger and one.commits >= reached.commits]
    recorded = [one.mailing for one in shortfall.lost if one.mailing] if shortfall else []
    known = _join([*recorded, *(mailing for one in useful for mailing in one.mailings)])
    stopped = tuple(
        _stop(connection, mailing, known.get(mailing.key), now=now, since=since)
        for issue in find_unfinished(connection, before=now + 1)
        for mailing in find_mailings(connection, issue)
        if count_states(connection, [mailing]).unfinished
    )
    missing = _find_missing(connection, known)
    commits = max([reached.commits, *(one.commits for one in (*useful, *((shortfall,) if shortfall else ())))])
    keep_missing(connection, missing, commits=commits, since=since, until=now)
    record_database_event(connection, DatabaseEvent.RESTORED, now=now, since=since)
    return Restored(
        since=since,
        mailings=stopped,
        unscheduled=call_off_all(connection, now=now),
        emails=make_waiting_uncertain(connection, now=now, reply=_REPLY),
        missing=tuple(dict.fromkeys(one.issue for one in missing)),
    )


def _join(mailings: Iterable[MailingMark]) -> dict[str, MailingMark]:
    """The furthest of what is known of each mailing, by its key."""
    known: dict[str, MailingMark] = {}
    for one in mailings:
        known[one.key] = known[one.key].raise_to(one) if one.key in known else one
    return known


def _find_missing(connection: Connection, known: Mapping[str, MailingMark]) -> list[MailingMark]:
    """The mailings of which only marks know."""
    there = {mailing.key for one in known.values() for mailing in find_mailings(connection, one.issue)}
    return [one for key, one in known.items() if key not in there]


def _stop(
    connection: Connection, mailing: Mailing, known: MailingMark | None, *, now: int, since: int
) -> StoppedMailing:
    """Stop an unfinished mailing, and say what became of those who waited, as far as the marks know."""
    before = count_states(connection, [mailing])
    if not was_cancelled(connection, mailing.id):
        note = f"The ledger was put back from a back-up of {format_second(since)}."
        add_event(connection, mailing.id, MailingEvent.HALTED, now=now, note=note)
    uncertain = accepted = queued = 0
    waiting = before.unfinished
    if known and (known.gone, known.accepted) == (before.gone, before.accepted):  # nothing was sent since
        uncertain = make_flying_uncertain(connection, mailing, now=now, reply=_REPLY)
        queued = waiting - uncertain
    elif known and (known.gone, known.accepted) == (before.gone - before.sending + waiting, before.accepted + waiting):
        accepted = make_waiting_accepted(connection, mailing, now=now, reply=_ALL_ACCEPTED)
    else:
        uncertain = make_one_uncertain(connection, mailing, now=now, reply=_REPLY)
    return StoppedMailing(issue=mailing.issue, uncertain=uncertain, accepted=accepted, queued=queued)


def _require_free(url: str) -> None:
    """Raises DatabaseError if there is anything in the database at `url`: it would be lost."""
    status = read_database_status(url)
    if status is None or not (any(status.counts.values()) or status.events):
        return
    until = f", and knows what happened until {format_second(status.changed_at)}" if status.changed_at else ""
    is_file = status.kind.startswith("SQLite")
    raise DatabaseError(
        f"The database {status.place} is there{until}. A back-up put in its place would know less.",
        f"If it is damaged or wrong, move it away with its -wal file: mv {status.place} {status.place}.old"
        if is_file
        else "If it is damaged or wrong, have an empty one made, and set its address.",
    )


def _require_ours(workspace: Workspace, ledger: str, file: Path) -> None:
    memory = DatabaseMemory(workspace.state_folder)
    if memory.knows_another(ledger):
        raise DatabaseError(
            f"{file} is a back-up of another ledger than the one of this workspace.",
            "Name a back-up of this one, or go to the right folder.",
        )


@contextmanager
def _opened_copy(workspace: Workspace, file: Path) -> Iterator[tuple[Path, Engine]]:
    """A copy of the back-up with the present schema, open. The back-up itself stays as it is."""
    beside = _find_place(workspace.database_url) or workspace.state_folder / "ledger.db"
    copy = beside.with_name(f"{beside.name}.{secrets.token_hex(4)}")
    rights = workspace.rights
    try:
        try:
            make_private_folder(beside.parent, rights)
            make_private_file(copy, find_rights(beside.parent) if rights.group is None else rights)
            copy_file(file, copy)
        except OSError as error:
            raise DatabaseError(
                f"The back-up can't be copied to {beside.parent}: {error.strerror}.",
                "Check that folder, and the room on its disk.",
            ) from error
        except sqlite3.Error as error:
            raise DatabaseError(f"{file} is not a back-up: {error}.", _UNOPENED) from error
        if read_database_status(f"sqlite:///{copy}") is None:
            raise DatabaseError(f"{file} is not a back-up: it has no ledger in it.", _UNOPENED)
        engine = open_database(f"sqlite:///{copy}")
        try:
            yield copy, engine
        finally:
            engine.dispose()
    finally:
        for suffix in ("", "-wal", "-shm"):
            with suppress(OSError):
                copy.with_name(f"{copy.name}{suffix}").unlink(missing_ok=True)


def _find_place(url: str) -> Path | None:
    engine = connect_database(url)
    engine.dispose()
    return find_file(engine.url)


def _put_in_place(copy: Path, place: Path) -> None:
    with copy.open("rb") as file:
        os.fsync(file.fileno())
    try:
        copy.replace(place)
        for suffix in ("-wal", "-shm"):  # of the empty one that was there
            place.with_name(f"{place.name}{suffix}").unlink(missing_ok=True)
    except OSError as error:
        raise DatabaseError(
            f"The back-up can't be put at {place}: {error.strerror}.", "Check the permissions of that folder."
        ) from error


def _copy_to_server(copy: Path, url: str) -> None:
    source, target = connect_database(f"sqlite:///{copy}"), open_database(url)
    place = name_place(target.url)
    try:
        with database_errors(str(copy)), source.begin() as leaving, database_errors(place), target.begin() as arriving:
            require_empty(arriving, place)
            copy_tables(leaving, arriving, place=place)
            allow_settling(arriving)
    finally:
        source.dispose()
        target.dispose()


def _accept(workspace: Workspace, url: str) -> None:
    engine = connect_database(url)
    try:
        with database_errors(name_place(engine.url)), engine.begin() as connection:
            DatabaseMemory(workspace.state_folder).accept(find_identity(connection))
            MarkFile(workspace.state_folder).raise_to(read_mark(connection))
    finally:
        engine.dispose()
