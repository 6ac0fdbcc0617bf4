"""Unsubscribe links: a token that names a subscriber, that nobody else can make, and that has no address in it. Pure.

A token is the subscriber's number and the first 16 bytes of its HMAC-SHA256 (RFC 2104), written in base32: small
letters and figures only, at most 39, because a mail program may leave a “-” or “_” at the end of a link out of it,
and a List-Unsubscribe header must stay in one line.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Sequence

_TAG = 16  # bytes; RFC 2104 section 5 asks for half of the hash at least
_PURPOSE = b"bulletin unsubscribe 1:"  # so that nothing else signed with the same key passes for a token


def sign_token(subscriber_id: int, *, key: bytes) -> str:
    """The token for the subscriber with this number (from 1 to 2⁶⁴ − 1). The same each time, and it never expires."""
    number = subscriber_id.to_bytes((subscriber_id.bit_length() + 7) // 8, "big")
    return base64.b32encode(number + _tag(number, key)).decode("ascii").rstrip("=").lower()


def read_token(token: str, *, keys: Sequence[bytes]) -> int:
    """The number of the subscriber that `token` was signed for, with any of `keys` (the present one and older ones).

    Capital letters are as good as small ones. Raises ValueError if it was signed with none of them.
    """
    signed = _decode(token)
    number, tag = signed[:-_TAG], signed[-_TAG:]
    if number and any(hmac.compare_digest(tag, _tag(number, key)) for key in keys):
        return int.from_bytes(number, "big")
    raise ValueError("This is not an unsubscribe token of ours.")


def unsubscribe_url(website: str, token: str) -> str:
    """Where the reader with `token` unsubscribes, on the public pages at `website`."""
    return f"{website.rstrip('/')}/unsubscribe/{token}"


def _tag(number: bytes, key: bytes) -> bytes:
    return hmac.digest(key, _PURPOSE + number, "sha256")[:_TAG]


def _decode(token: str) -> bytes:
    """The bytes that `token` stands for; none if it is not base32 at all, or not in its one canonical form."""
    letters = token.upper() if token.isascii() else ""
    try:
        signed = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except binascii.Error:
        return b""
    return signed if base64.b32encode(signed).decode("ascii").rstrip("=") == letters else b""
