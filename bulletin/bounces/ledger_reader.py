"""Reads tokens, Message-IDs and addresses of returned emails by the database and the keys that sign links.

It only reads. What was sent with an older key is recognised as long as BULLETIN_SECRET_KEY_OLD names that key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bulletin.bounces.match import DeliveryIds
from bulletin.delivery.ledger.bounced import find_delivery_address, find_delivery_of, find_recent_delivery
from bulletin.errors import InvalidAddress, InvalidToken
from bulletin.subscribers.address import parse_address
from bulletin.subscribers.address_hash import hash_address
from bulletin.subscribers.tokens import Purpose, read_message, read_token

if TYPE_CHECKING:
    from sqlalchemy import Connection

_RECENT: Final = 14 * 24 * 60 * 60 * 1000  # ms: for how long an address alone may name a delivery


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerReader:
    """A `match.DeliveryReader`. `now` is in ms since 1970."""

    connection: Connection
    keys: Sequence[bytes]
    now: int

    def read_token(self, text: str, purpose: str) -> DeliveryIds | None:
        """What the token names, if it was signed with one of our keys and for this purpose."""
        try:
            token = read_token(text, Purpose(purpose), self.keys)
        except InvalidToken:
            return None
        return DeliveryIds(token.subscriber_id, token.delivery_id)

    def read_message_id(self, text: str) -> DeliveryIds | None:
        """What a signed Message-ID (`<…>`) names, if the mailing is in the database."""
        try:
            mailing_key, subscriber_id = read_message(text.strip("<>").rpartition("@")[0], self.keys)
        except InvalidToken:
            return None
        delivery_id = find_delivery_of(self.connection, mailing_key, subscriber_id)
        return None if delivery_id is None else DeliveryIds(subscriber_id, delivery_id)

    def find_recent(self, address: str) -> DeliveryIds | None:
        """The newest delivery to this address of the last 14 days."""
        try:
            hash_ = hash_address(self.connection, parse_address(address).key)
        except InvalidAddress:
            return None
        found = find_recent_delivery(self.connection, hash_, since=self.now - _RECENT)
        return DeliveryIds(found.subscriber_id, found.id) if found else None

    def find_address(self, ids: DeliveryIds) -> str:
        """The address that a delivery went to; empty if that is not known any more."""
        return find_delivery_address(self.connection, ids.subscriber, ids.delivery)
