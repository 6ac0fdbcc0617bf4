"""Deliveries that were sent, for tests of what comes back: who got what, and tokens that can't be forged."""

from __future__ import annotations

import hashlib
import hmac
import re

from bulletin.bounces.match import DeliveryIds

_KEY = b"a key of the tests"


def sign(purpose: str, subscriber: int, delivery: int) -> str:
    """A token for one purpose: PURPOSE SUBSCRIBER g DELIVERY g TAG. Those of return paths have a shorter tag."""
    start = f"{purpose}{subscriber:x}g{delivery:x}g"
    return start + _tag(start, 8 if purpose == "v" else 16)


def sign_old(subscriber: int) -> str:
    """A token of an earlier release: the subscriber's number and a tag."""
    return f"{subscriber:x}" + _tag(f"old {subscriber:x}", 16)


def sign_message_id(subscriber: int, delivery: int, domain: str) -> str:
    start = f"{delivery:x}.{subscriber}"
    return f"<{start}.{_tag(start, 8)}@{domain}>"


def _tag(text: str, size: int) -> str:
    return hashlib.blake2b(text.encode(), key=_KEY, digest_size=size).hexdigest()


class SentDeliveries:
    """What the ledger would tell: each delivery by its number, with the subscriber and the address."""

    def __init__(self) -> None:
        self.addresses: dict[DeliveryIds, str] = {}
        self.recent: dict[str, DeliveryIds] = {}

    def add(self, subscriber: int, delivery: int, address: str, *, recent: bool = True) -> None:
        ids = DeliveryIds(subscriber, delivery)
        self.addresses[ids] = address
        if recent:
            self.recent[address.lower()] = ids

    def read_token(self, text: str, purpose: str) -> DeliveryIds | None:
        if match := re.fullmatch(r"([g-z])([0-9a-f]{1,16})g([0-9a-f]{1,16})g[0-9a-f]+", text):
            subscriber, delivery = int(match[2], 16), int(match[3], 16)
            good = match[1] == purpose and hmac.compare_digest(sign(purpose, subscriber, delivery), text)
            return DeliveryIds(subscriber, delivery) if good else None
        if purpose in ("m", "u") and re.fullmatch(r"[0-9a-f]{33,48}", text):
            subscriber = int(text[:-32], 16)
            return DeliveryIds(subscriber, None) if hmac.compare_digest(sign_old(subscriber), text) else None
        return None

    def read_message_id(self, text: str) -> DeliveryIds | None:
        match = re.fullmatch(r"<([0-9a-f]{1,16})\.(\d{1,18})\.[0-9a-f]{16}@([^<>\s@]+)>", text)
        if match is None:
            return None
        delivery, subscriber = int(match[1], 16), int(match[2])
        good = hmac.compare_digest(sign_message_id(subscriber, delivery, match[3]), text)
        return DeliveryIds(subscriber, delivery) if good else None

    def find_recent(self, address: str) -> DeliveryIds | None:
        return self.recent.get(address.lower())

    def find_address(self, ids: DeliveryIds) -> str:
        return self.addresses.get(ids, "")
