"""The key of what one email says about one delivery: reading the email again, from anywhere, changes nothing. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

from bulletin.bounces.mime import MimePart

_PURPOSE: Final = b"return 1"
_SIZE: Final = 16  # bytes


def make_report_key(root: MimePart, *, delivery: int | None, recipient: str, status: str) -> bytes:
    """128 bits of BLAKE2b (RFC 7693) over the email's identity, the delivery, the recipient and the status.

    An email is known by its Message-ID; one without by its Date and the Received field of its last hop; one without any
    of these by what is in it. So it is the same in an IMAP mailbox, a Maildir, an mbox file and a webhook.
    """
    return _hash((*_identify(root), "" if delivery is None else str(delivery), recipient.lower(), status))


def _identify(root: MimePart) -> tuple[str, ...]:
    if message_id := root.get("message-id"):
        return "id", message_id
    if root.get("date") or root.get("received"):
        return "hop", root.get("date"), root.get("received")
    return "content", root.get("subject"), root.content.decode("latin-1")


def _hash(values: Iterable[str]) -> bytes:
    """Each value with its length before it, so that no two lists of values are written alike."""
    digest = hashlib.blake2b(person=_PURPOSE, digest_size=_SIZE)
    for value in values:
        octets = value.encode("utf-8", "surrogatepass")
        digest.update(len(octets).to_bytes(8, "big") + octets)
    return digest.digest()
