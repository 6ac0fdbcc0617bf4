"""Which rows of the database are about one person: found by the hash of their address, and by their number.

Some tables know an address only as it was written (emails to one person, complaints). These are few, since each is
cleared when it has ended, and are compared one by one, so that every spelling is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import false, select

from bulletin.database.tables import complaints, deliveries, outbox, returns, sign_ups, subscribers
from bulletin.errors import InvalidAddress
from bulletin.subscribers.address import Address, parse_address
from bulletin.subscribers.address_hash import hash_address

if TYPE_CHECKING:
    from sqlalchemy import Column, ColumnElement, Connection, Table


@dataclass(frozen=True, kw_only=True, slots=True)
class Traces:
    """The ids of the rows about the person with this address, by table. `subscriber_id` is None if they are none."""

    address: Address
    hash: bytes
    subscriber_id: int | None
    deliveries: tuple[int, ...]
    sign_ups: tuple[int, ...]
    emails: tuple[int, ...]
    complaints: tuple[int, ...]
    returns: tuple[int, ...]

    def are_of_subscriber(self, column: Column[Any]) -> ColumnElement[bool]:
        """The condition that a column has the person's number; never true of someone who has none."""
        return _is_number(column, self.subscriber_id)


def find_traces(connection: Connection, address: Address) -> Traces:
    """Find the rows about the person with this address."""
    hash_ = hash_address(connection, address.key)
    number = connection.scalar(select(subscribers.c.id).where(subscribers.c.hash == hash_))
    delivered = _find_ids(connection, deliveries, deliveries.c.hash == hash_)
    asked = _find_ids(connection, sign_ups, sign_ups.c.hash == hash_)
    sent = outbox.c.sign_up_id.in_(asked) | _is_number(outbox.c.subscriber_id, number)
    emails = {*_find_ids(connection, outbox, sent), *_find_written(connection, outbox.c.recipient, address)}
    came_back = returns.c.delivery_id.in_(delivered) | _is_number(returns.c.subscriber_id, number)
    return Traces(
        address=address,
        hash=hash_,
        subscriber_id=number,
        deliveries=delivered,
        sign_ups=asked,
        emails=tuple(sorted(emails)),
        complaints=tuple(_find_written(connection, complaints.c.reply_to, address)),
        returns=_find_ids(connection, returns, came_back),
    )


def _is_number(column: Column[Any], number: int | None) -> ColumnElement[bool]:
    return false() if number is None else column == number  # not IS NULL: rows without a number are no one's


def _find_ids(connection: Connection, table: Table, which: ColumnElement[bool]) -> tuple[int, ...]:
    return tuple(connection.scalars(select(table.c.id).where(which).order_by(table.c.id)))


def _find_written(connection: Connection, column: Column[Any], address: Address) -> Iterator[int]:
    """The ids of the rows whose `column` is some spelling of the address."""
    query = select(column.table.c.id, column).where(column != "").order_by(column.table.c.id)
    for id_, written in connection.execute(query).all():
        with suppress(InvalidAddress):
            if parse_address(written).key == address.key:
                yield id_
