"""Everything that we hold about one person: what they may ask to see (UK GDPR article 15). Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bulletin.database.reading import begin_snapshot
from bulletin.database.states import DeliveryState
from bulletin.database.tables import (
    complaints,
    consents,
    deliveries,
    mailings,
    outbox,
    returns,
    sign_ups,
    wishes,
    wordings,
)
from bulletin.personal_data.list_lines import ListLine, search_lists
from bulletin.personal_data.traces import Traces, find_traces
from bulletin.subscribers.person_events import PersonEvent, find_events
from bulletin.subscribers.subscriber import Subscriber, describe_subscriber

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Table

    from bulletin.subscribers.address import Address
    from bulletin.workspace.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentRecord:
    """A yes: to which list ("" for several), to what words, where, and when. Times are in ms since 1970, UTC.

    `network` and `agent` (the browser) are cleared after a while.
    """

    list: str
    method: str
    wording: str
    page: str
    asked_at: int
    confirmed_at: int | None
    network: str
    agent: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WishRecord:
    """A choice that a reader made, since when (ms since 1970, UTC), and through what."""

    kind: str
    value: str
    since: int
    origin: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SignUpRecord:
    """A request on the website to join, and where it is. Times are in ms since 1970, UTC."""

    state: str
    lists: tuple[str, ...]
    address: str
    name: str
    wording: str
    page: str
    network: str
    agent: str
    asked_at: int
    changed_at: int
    expires_at: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageRecord:
    """One issue's message: to which address and name it went, and what became of it. Times are in ms since 1970."""

    issue: str
    address: str
    name: str
    state: DeliveryState
    attempts: int
    claimed_at: int | None
    ended_at: int | None
    reply: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReturnRecord:
    """Something that came back about a delivery. `at` in ms since 1970, UTC."""

    at: int
    kind: str
    result: str
    status: str
    diagnostic: str
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EmailRecord:
    """An email to this person that was no issue. `made_at` in ms since 1970, UTC."""

    kind: str
    state: str
    recipient: str
    made_at: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ComplaintRecord:
    """A complaint with this person's address. Times are in ms since 1970, UTC."""

    reference: str
    received_at: int
    channel: str
    about: str
    text: str
    reply_to: str
    outcome: str
    closed_at: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonalRecord:
    """All of it. `subscriber` is None if the database has neither a row about them nor a suppression.

    `lines` are their lines in list files, and `unread` the list files that couldn't be read, each with the reason.
    """

    address: Address
    subscriber: Subscriber | None
    lines: tuple[ListLine, ...]
    unread: Mapping[str, str]
    consents: tuple[ConsentRecord, ...]
    wishes: tuple[WishRecord, ...]
    sign_ups: tuple[SignUpRecord, ...]
    messages: tuple[MessageRecord, ...]
    returns: tuple[ReturnRecord, ...]
    emails: tuple[EmailRecord, ...]
    complaints: tuple[ComplaintRecord, ...]
    events: tuple[PersonEvent, ...]

    def __bool__(self) -> bool:
        """Whether we hold anything at all."""
        return bool(self.subscriber or self.lines or self.consents or self.sign_ups or self.emails or self.complaints)


def read_record(engine: Engine, workspace: Workspace, address: Address) -> PersonalRecord:
    """All that the database and the list files have on the person with this address. Raises DatabaseError."""
    lines, unread = search_lists(workspace, address)  # before the database is asked, which others may be waiting for
    with begin_snapshot(engine) as connection:
        return _read_all(connection, address, lines, unread)


def _read_all(
    connection: Connection, address: Address, lines: tuple[ListLine, ...], unread: Mapping[str, str]
) -> PersonalRecord:
    traces = find_traces(connection, address)
    number = traces.subscriber_id
    return PersonalRecord(
        address=address,
        subscriber=describe_subscriber(connection, address.key),
        lines=lines,
        unread=unread,
        consents=_find_consents(connection, traces),
        wishes=_find_wishes(connection, traces),
        sign_ups=_find_sign_ups(connection, traces),
        messages=_find_messages(connection, traces),
        returns=_find_returns(connection, traces),
        emails=tuple(EmailRecord(**row) for row in _read(connection, outbox, traces.emails, EmailRecord)),
        complaints=tuple(
            ComplaintRecord(**row) for row in _read(connection, complaints, traces.complaints, ComplaintRecord)
        ),
        events=() if number is None else find_events(connection, number),
    )


def _read(connection: Connection, table: Table, ids: Iterable[int], kind: type[Any]) -> list[dict[str, Any]]:
    """The columns of these rows that a kind of record has fields for, the earliest first."""
    columns = [table.c[name] for name in kind.__dataclass_fields__ if name in table.c]
    query = select(*columns).where(table.c.id.in_(tuple(ids))).order_by(table.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def _find_consents(connection: Connection, traces: Traces) -> tuple[ConsentRecord, ...]:
    names = ("list", "method", "page", "asked_at", "confirmed_at", "network", "agent")
    query = (
        select(*(consents.c[name] for name in names), wordings.c.text)
        .outerjoin(wordings, wordings.c.digest == consents.c.wording)
        .where(consents.c.hash == traces.hash)
        .order_by(consents.c.id)
    )
    return tuple(
        ConsentRecord(wording=row["text"] or "", **{name: row[name] for name in names})
        for row in connection.execute(query).mappings()
    )


def _find_wishes(connection: Connection, traces: Traces) -> tuple[WishRecord, ...]:
    query = select(wishes.c.kind, wishes.c.value, wishes.c.since, wishes.c.origin)
    query = query.where(traces.are_of_subscriber(wishes.c.subscriber_id)).order_by(wishes.c.id)
    return tuple(WishRecord(**row) for row in connection.execute(query).mappings())


def _find_sign_ups(connection: Connection, traces: Traces) -> tuple[SignUpRecord, ...]:
    texts = dict(connection.execute(select(wordings.c.digest, wordings.c.text)).all())
    rows = _read(connection, sign_ups, traces.sign_ups, SignUpRecord)
    return tuple(
        SignUpRecord(**{**row, "lists": tuple(row["lists"]), "wording": texts.get(row["wording"], "")}) for row in rows
    )


def _find_messages(connection: Connection, traces: Traces) -> tuple[MessageRecord, ...]:
    names = ("address", "name", "state", "attempts", "claimed_at", "ended_at", "reply")
    query = (
        select(mailings.c.issue, *(deliveries.c[name] for name in names))
        .join(mailings, mailings.c.id == deliveries.c.mailing_id)
        .where(deliveries.c.id.in_(traces.deliveries))
        .order_by(mailings.c.began_at, mailings.c.id)
    )
    rows = connection.execute(query).mappings()
    return tuple(MessageRecord(**{**row, "state": DeliveryState(row["state"])}) for row in rows)


def _find_returns(connection: Connection, traces: Traces) -> tuple[ReturnRecord, ...]:
    names = ("at", "kind", "status", "diagnostic", "note")
    query = select(*(returns.c[name] for name in names), returns.c["class"].label("result"))
    query = query.where(returns.c.id.in_(traces.returns)).order_by(returns.c.at, returns.c.id)
    return tuple(ReturnRecord(**row) for row in connection.execute(query).mappings())
