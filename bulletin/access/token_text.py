"""How a token for a program is written: `bulletin_` and 56 hexadecimal figures, of which the last 8 are a check. Pure.

The fixed beginning is for scanners that look for secrets in published files; the check (CRC-32, of what is before it)
tells a token from what only looks like one, without asking the database. 192 bits are random: no one guesses them, so a
plain hash is enough to keep them by.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Final
from zlib import crc32

PREFIX: Final = "bulletin_"
_RANDOM: Final = 24  # bytes
_FORM: Final = re.compile(f"{PREFIX}([0-9a-f]{{{2 * _RANDOM}}})([0-9a-f]{{8}})")
_SHOWN: Final = 6  # figures


def make_token_text(random_hex: Callable[[int], str]) -> str:
    """A new token; `random_hex` gives so many random bytes, as `secrets.token_hex` does."""
    body = random_hex(_RANDOM)
    return f"{PREFIX}{body}{_check(body)}"


def is_token_text(text: str) -> bool:
    """Whether it is written as a token is."""
    match = _FORM.fullmatch(text)
    return match is not None and match[2] == _check(match[1])


def hash_token(text: str) -> bytes:
    """What is kept of a token: SHA-256."""
    return hashlib.sha256(text.encode()).digest()


def hint_at(text: str) -> str:
    """The beginning of a token, by which people tell one from another."""
    return text[: len(PREFIX) + _SHOWN]


def _check(body: str) -> str:
    return f"{crc32(body.encode()):08x}"
