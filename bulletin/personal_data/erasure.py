"""Erase one person: everything that the database and the list files have on them (UK GDPR article 17).

One thing stays: the journal of suppressions gets a stop under the hash of their address, so that no list, import or
sync ever brings them back. Counts stay, and name no one: a delivery, and the number that links in old emails know the
person by, lose the address and the name, and get a hash that is no one's. The former list files are not kept.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, literal_column, select, update

from bulletin.database.dialects import lock_for_writing
from bulletin.database.errors import database_errors
from bulletin.database.identity import name_place
from bulletin.database.reading import begin_snapshot
from bulletin.database.residue import mark_residue, wipe_residue
from bulletin.database.shortfall import find_shortfall
from bulletin.database.states import OutboxState, SuppressionOrigin, SuppressionReason
from bulletin.database.tables import (
    complaints,
    consents,
    mailings,
    memberships,
    outbox,
    person_events,
    returns,
    sign_ups,
    subscribers,
    suppression_events,
    wishes,
)
from bulletin.delivery.ledger.forgetting import (
    find_issues_in_flight,
    find_waiting_issues,
    forget_deliveries,
    forget_in_notes,
    withdraw_waiting,
)
from bulletin.delivery.ledger.recovery import recover_lost
from bulletin.delivery.sending.last_failure import forget_failures_with
from bulletin.disk import File, write_all
from bulletin.errors import MailingHeld
from bulletin.personal_data.list_lines import ListSearch, search_files
from bulletin.personal_data.other_files import find_mentions
from bulletin.personal_data.traces import Traces, find_traces
from bulletin.subscribers.address_hash import hash_address
from bulletin.subscribers.suppression import find_suppressions, suppress

if TYPE_CHECKING:
    from sqlalchemy import Column, ColumnElement, Connection, Engine

    from bulletin.subscribers.address import Address
    from bulletin.workspace.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class ErasurePlan:
    """What an erasure would delete, and what it can't reach.

    `files`: what list files have on the person. `rows`: how many there are of each kind in the database. `waiting`: the
    issues that they won't be sent any more. `is_suppressed`: they already get no email at all, or not all of it.
    `unread`: list files that can't be read, each with why. `mentions`: other files with the address. `notes`: how many
    notes of officers the journal keeps, which can't be changed.
    """

    address: Address
    files: tuple[ListSearch, ...]
    rows: Mapping[str, int]
    waiting: tuple[str, ...]
    is_suppressed: bool
    unread: Mapping[str, str]
    mentions: tuple[str, ...]
    notes: int

    @property
    def own_files(self) -> tuple[ListSearch, ...]:
        """The list files with lines of their own."""
        return tuple(one for one in self.files if one.own)

    def __bool__(self) -> bool:
        """Whether there is anything to erase."""
        return bool(self.own_files or any(self.rows.values()))


def plan_erasure(engine: Engine, workspace: Workspace, address: Address) -> ErasurePlan:
    """What erasing the person with this address would do. Changes nothing. Raises DatabaseError."""
    files, unread = search_files(workspace, address)
    known = {one.file for one in files}
    with begin_snapshot(engine) as connection:
        traces = find_traces(connection, address)
        return ErasurePlan(
            address=address,
            files=files,
            rows=_count_rows(connection, traces),
            waiting=find_waiting_issues(connection, traces.hash),
            is_suppressed=bool(find_suppressions(connection, traces.hash)),
            unread=unread,
            mentions=find_mentions(workspace, address.written, known=known),
            notes=_count(connection, (suppression_events.c.hash == traces.hash) & (suppression_events.c.note != "")),
        )


def _count_rows(connection: Connection, traces: Traces) -> dict[str, int]:
    """How many rows of each kind there are, in words."""
    of = traces.are_of_subscriber
    lifts = select(suppression_events.c.consent_id).where(suppression_events.c.consent_id.is_not(None))
    loose = (consents.c.hash == traces.hash) & consents.c.id.not_in(lifts)
    return {
        "memberships of lists": _count(connection, of(memberships.c.subscriber_id)),
        "choices (language, format, pause)": _count(connection, of(wishes.c.subscriber_id)),
        "records of consent": _count(connection, loose),
        "requests to join": len(traces.sign_ups),
        "events": _count(connection, of(person_events.c.subscriber_id)),
        "emails to this person alone": len(traces.emails),
        "deliveries of issues": len(traces.deliveries),
        "emails that came back": len(traces.returns),
        "complaints": len(traces.complaints),
        "names and addresses": _count(connection, of(subscribers.c.id)),
    }


def _count(connection: Connection, which: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count(literal_column("1"))).where(which)) or 0


def erase_person(engine: Engine, workspace: Workspace, address: Address, *, now: int) -> bool:
    """Erase the person with this address, at `now` (ms since 1970), and wipe the database's free space.

    One transaction: all of it or nothing, the lines in list files as well. False if the free space can't be wiped yet,
    since another program uses the database: that is done when it is next opened. Raises MailingHeld if an email to them
    is on its way, Unwritten if a list file can't be written, LedgerBehind if the ledger lacks something, DatabaseError.
    """
    for issue in _find_in_flight(engine, address):
        recover_lost(engine, workspace.state_folder, issue, now=now)  # a program that died left it so
    files, _ = search_files(workspace, address)
    written = [File(path=one.path, content=one.cut()) for one in files if one.own]
    with database_errors(), engine.begin() as connection:
        if shortfall := find_shortfall(connection):  # before a file is written: nothing could be committed
            raise shortfall.explain(name_place(engine.url))
        lock_for_writing(connection, mailings)  # else a mailing that begins now could freeze them
        traces = find_traces(connection, address)
        _refuse_in_flight(connection, traces, now=now)
        _erase_rows(connection, traces, now=now)
        reason, origin = SuppressionReason.ERASED, SuppressionOrigin.COMMAND
        suppress(connection, traces.hash, reason=reason, origin=origin, now=now, anew=True)
        mark_residue(connection)
        if written:
            write_all(written)
    forget_failures_with(workspace.state_folder, address.written)
    return wipe_residue(engine)


def _find_in_flight(engine: Engine, address: Address) -> tuple[str, ...]:
    with database_errors(), engine.begin() as connection:
        return find_issues_in_flight(connection, hash_address(connection, address.key))


def _refuse_in_flight(connection: Connection, traces: Traces, *, now: int) -> None:
    withdraw_waiting(connection, traces.hash, now=now)
    issues = list(find_issues_in_flight(connection, traces.hash))
    theirs = outbox.c.id.in_(traces.emails) & (outbox.c.state == OutboxState.SENDING)
    issues += ["an email to them alone"] if _count(connection, theirs) else []
    if issues:
        raise MailingHeld(
            f"{' and '.join(issues)} is being sent to {traces.address.written} right now. Nothing was erased.",
            "Wait until it is sent, and run the same command again. Is nothing being sent? See: bulletin status",
        )


def _erase_rows(connection: Connection, traces: Traces, *, now: int) -> None:
    stranger = secrets.token_bytes(16)
    of = traces.are_of_subscriber
    for column in (memberships.c.subscriber_id, wishes.c.subscriber_id, person_events.c.subscriber_id):
        connection.execute(delete(column.table).where(of(column)))
    _erase_returns(connection, traces, now=now)
    _erase_consents(connection, traces)
    _erase_emails(connection, traces, now=now)
    connection.execute(delete(sign_ups).where(sign_ups.c.id.in_(traces.sign_ups)))
    _erase_complaints(connection, traces)
    forget_deliveries(connection, traces.hash, stranger=stranger)
    forget_in_notes(connection, traces.address.written)
    unknown = {"address": "", "name": "", "hash": stranger}
    connection.execute(update(subscribers).where(of(subscribers.c.id)).values(unknown))


def _erase_returns(connection: Connection, traces: Traces, *, now: int) -> None:
    """What came back loses its words. What waited for a person's decision about them needs none any more."""
    theirs = returns.c.id.in_(traces.returns)
    settled = func.coalesce(returns.c.settled_at, now)
    connection.execute(update(returns).where(theirs).values(diagnostic="", note="", settled_at=settled))


def _erase_consents(connection: Connection, traces: Traces) -> None:
    """All but those by which a suppression was lifted, which keep only what makes that valid."""
    theirs = consents.c.hash == traces.hash
    lifts = select(suppression_events.c.consent_id).where(suppression_events.c.consent_id.is_not(None))
    connection.execute(delete(consents).where(theirs, consents.c.id.not_in(lifts)))
    bare: dict[str, Any] = {"subscriber_id": None, "page": "", "network": "", "agent": ""}
    connection.execute(update(consents).where(theirs).values(bare))


def _erase_emails(connection: Connection, traces: Traces, *, now: int) -> None:
    """Emails to them alone: what waits isn't sent, and a row keeps only what became of it."""
    waiting = (outbox.c.id.in_(traces.emails)) & (outbox.c.state == OutboxState.QUEUED)
    connection.execute(update(outbox).where(waiting).values(state=OutboxState.DROPPED, ended_at=now))
    bare: dict[str, Any] = {"recipient": "", "details": {}, "reply": "", "sign_up_id": None, "subscriber_id": None}
    for id_ in traces.emails:
        dedupe = f"erased {secrets.token_hex(16)}"  # the former one may say who it was for
        connection.execute(update(outbox).where(outbox.c.id == id_).values(dedupe=dedupe, **bare))


def _erase_complaints(connection: Connection, traces: Traces) -> None:
    """Their address goes from their complaints, and wherever it is written in the words of one."""
    connection.execute(update(complaints).where(complaints.c.id.in_(traces.complaints)).values(reply_to=""))
    for column in (complaints.c.text, complaints.c.outcome):
        _mask(connection, column, traces.address.written)


def _mask(connection: Connection, column: Column[Any], written: str) -> None:
    query = select(complaints.c.id, column).where(column.icontains(written, autoescape=True))
    for id_, text in connection.execute(query).all():
        masked = re.sub(re.escape(written), "[address erased]", text, flags=re.IGNORECASE)
        connection.execute(update(complaints).where(complaints.c.id == id_).values({column: masked}))
