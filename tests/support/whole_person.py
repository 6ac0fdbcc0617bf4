"""A person that every table knows something of, and a dump of every column, to look for them in it."""

from __future__ import annotations

import contextlib
import json
import zlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from anytown import NOON, address_of
from bulletin.database.states import (
    ConsentMethod,
    OutboxKind,
    OutboxState,
    PersonEventKind,
    SignUpState,
    SuppressionOrigin,
    SuppressionReason,
    WishKind,
)
from bulletin.database.tables import (
    complaints,
    consents,
    deliveries,
    memberships,
    metadata,
    outbox,
    returns,
    sign_ups,
    subscribers,
)
from bulletin.subscribers.address_hash import hash_address
from bulletin.subscribers.consent import add_consent, keep_wording
from bulletin.subscribers.outbox import put_email
from bulletin.subscribers.person_events import PersonEvent, record_event
from bulletin.subscribers.scope import one_list
from bulletin.subscribers.suppression import suppress
from bulletin.subscribers.wishes import add_wish

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

WORDING = "If you select ‘Subscribe’, you agree that Anytown may email you this bulletin."
AGENT = "Lynx/2.9 on the bus"


def surname_of(name: str) -> str:
    return f"Ravensworth-{name}"


def full_name(name: str) -> str:
    return f"{name.title()} {surname_of(name)}"


def tell_everything(engine: Engine, *names: str) -> None:
    """Let every table know something of these people, who are subscribers already (`anytown.add_people`)."""
    with engine.begin() as connection:
        for name in names:
            _tell(connection, name)


def _tell(connection: Connection, name: str) -> None:
    address, hash_ = address_of(name), hash_address(connection, address_of(name))
    number = connection.scalar(select(subscribers.c.id).where(subscribers.c.hash == hash_))
    assert number is not None
    connection.execute(update(subscribers).where(subscribers.c.id == number).values(name=full_name(name)))
    details = {"details": {"manager": full_name(name), "town": "Hull"}}
    connection.execute(update(memberships).where(memberships.c.subscriber_id == number).values(details))
    mailed = {"name": full_name(name), "reply": f"550 5.1.1 <{address}>: no such user {surname_of(name)}"}
    connection.execute(update(deliveries).where(deliveries.c.subscriber_id == number).values(mailed))
    for kind, value in ((WishKind.LANGUAGE, "cy"), (WishKind.FORMAT, "text")):
        add_wish(connection, number, kind, value, origin="page", now=NOON)
    record_event(connection, number, PersonEvent(kind=PersonEventKind.JOINED, at=NOON, origin="page", target="a"))
    wording = keep_wording(connection, WORDING)
    wish = add_consent(
        connection,
        hash_,
        method=ConsentMethod.DOUBLE_OPT_IN,
        asked_at=NOON,
        confirmed_at=NOON + 1,
        list_name="partners",
        wording=wording,
        page=f"/subscribe?for={surname_of(name)}",
    )
    connection.execute(update(consents).where(consents.c.id == wish).values(network="192.0.2.0/24", agent=AGENT))
    asked = _ask_to_join(connection, name, hash_, wording)
    put_email(connection, OutboxKind.CONFIRM, dedupe=f"c:{address}", details={"to": name}, now=NOON, sign_up_id=asked)
    put_email(
        connection, OutboxKind.COMPLAINT, dedupe=f"x:{name}", details={"n": 1}, now=NOON, recipient=address.upper()
    )
    sent = connection.scalar(select(deliveries.c.id).where(deliveries.c.subscriber_id == number).limit(1))
    _return(connection, name, number, sent)
    _complain(connection, name)
    how = {"reason": SuppressionReason.OPTED_OUT, "origin": SuppressionOrigin.PAGE, "now": NOON}
    suppress(connection, hash_, scope=one_list("schools"), **how)


def _ask_to_join(connection: Connection, name: str, hash_: bytes, wording: str) -> int:
    row = {
        "public_id": name.encode().ljust(16, b"."),
        "hash": hash_,
        "address": address_of(name),
        "name": full_name(name),
        "lists": ["schools"],
        "wording": wording,
        "page": "/subscribe",
        "network": "192.0.2.0/24",
        "agent": AGENT,
        "state": SignUpState.SENT,
        "asked_at": NOON,
        "changed_at": NOON,
        "expires_at": NOON + 7 * 86_400_000,
    }
    return connection.execute(insert(sign_ups).values(row).returning(sign_ups.c.id)).scalar_one()


def _return(connection: Connection, name: str, number: int, sent: int | None) -> None:
    row = {
        "report_key": name.encode().rjust(16, b"r"),
        "source": "mailbox",
        "kind": "mailbox full",
        "class": "to_confirm",
        "subscriber_id": number,
        "delivery_id": sent,
        "diagnostic": f"452 4.2.2 mailbox of {surname_of(name)} is full",
        "note": f"{surname_of(name)} asks to be removed",
        "at": NOON,
    }
    connection.execute(insert(returns).values(row))


def _complain(connection: Connection, name: str) -> None:
    row = {
        "reference": f"C-{name}",
        "received_at": NOON,
        "channel": "website",
        "about": "other",
        "text": f"Answer to {address_of(name).title()}, please.",
        "reply_to": address_of(name).upper(),
        "acknowledge_by": "2021-06-03",
    }
    connection.execute(insert(complaints).values(row))


def send_email_of(engine: Engine, name: str, state: OutboxState) -> None:
    """Let the first email to this person alone be in a state, as a sender leaves it."""
    run = "r" if state is OutboxState.SENDING else None
    with engine.begin() as connection:
        asked = select(sign_ups.c.id).where(sign_ups.c.address == address_of(name)).scalar_subquery()
        connection.execute(update(outbox).where(outbox.c.sign_up_id == asked).values(state=state, run=run))


def dump(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in order, with all that is packed unpacked."""
    with engine.begin() as connection:
        return {
            table.name: [
                tuple(map(_unpack, row)) for row in connection.execute(select(table).order_by(*table.primary_key))
            ]
            for table in metadata.sorted_tables
        }


def _unpack(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        value = bytes(value)
        with contextlib.suppress(zlib.error):
            return zlib.decompress(value)
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else value


def find_tables_with(engine: Engine, *texts: str) -> dict[str, list[str]]:
    """By table, the columns in which one of these texts is, in capitals or not."""
    found: dict[str, list[str]] = {}
    tables = {table.name: table for table in metadata.sorted_tables}
    for name, rows in dump(engine).items():
        for row in rows:
            for column, value in zip(tables[name].c, row, strict=True):
                shown = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                if any(text.lower() in shown.lower() for text in texts):
                    found.setdefault(name, []).append(column.name)
    return found
