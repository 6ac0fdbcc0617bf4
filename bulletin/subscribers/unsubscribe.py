"""Unsubscribe links: a token that names a subscriber, can't be forged, and has no address in it. Pure.

A token is the subscriber's number and a keyed BLAKE2b (RFC 7693) of it, 128 bits long, both in hexadecimal: figures
and small letters only, at most 48, because a mail program may leave a “-” or “_” at the end of a link out of it, and a
List-Unsubscribe header must stay in one line.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from functools import lru_cache

_TAG = 16  # bytes
_PURPOSE = b"unsubscribe 1"  # so that nothing else signed with the same key passes for a token


def sign_token(subscriber_id: int, *, key: bytes) -> str:
    """The token for the subscriber with this number (from 1 to 2⁶⁴ − 1). The same each time, and it never expires."""
    number = b"%x" % subscriber_id
    signing = _begin_signing(key).copy()
    signing.update(number)
    return number.decode() + signing.hexdigest()


def read_token(token: str, *, keys: Sequence[bytes]) -> int:
    """The number of the subscriber that `token` was signed for, with any of `keys` (the present one and older ones).

    Capital letters are as good as small ones. Raises ValueError if it was signed with none of them.
    """
    number = _read_number(token)
    if number and any(hmac.compare_digest(sign_token(number, key=key), token.lower()) for key in keys):
        return number
    raise ValueError("This is not an unsubscribe token of ours.")


def unsubscribe_url(website: str, token: str) -> str:
    """Where the reader with `token` unsubscribes, on the public pages at `website`."""
    return f"{website.rstrip('/')}/unsubscribe/{token}"


@lru_cache(maxsize=16)
def _begin_signing(key: bytes) -> hashlib.blake2b:
    """What all tokens of a key have in common. A key may have any length; BLAKE2b takes 64 bytes at most."""
    return hashlib.blake2b(key=hashlib.sha512(key).digest(), person=_PURPOSE, digest_size=_TAG)


def _read_number(token: str) -> int:
    """The number that `token` begins with; 0 if it is no token at all."""
    number = token[: -2 * _TAG]
    return int(number, 16) if token.isascii() and token.isalnum() and _is_hexadecimal(number) else 0


def _is_hexadecimal(text: str) -> bool:
    return 0 < len(text) <= 16 and not set(text.lower()) - set("0123456789abcdef")
