"""Text that may be kept and shown: one line, short, and without an address or a token in it. Pure."""

from __future__ import annotations

import re
from typing import Final

from bulletin.bounces.mime import decode_words

LONGEST: Final = 200  # characters of a diagnostic that are kept

_WORD = re.compile(r"[^\s<>()\[\]\"',;:]+")
_QUOTED = re.compile(r"\"[^\"@]{1,64}\"@")
_TOKEN = re.compile(r"\b(?:[g-z][0-9a-f]{1,16}g[0-9a-f]{1,16}g[0-9a-f]{16,32}|[0-9a-f]{33,48})\b", re.IGNORECASE)
_LONGEST_READ: Final = 4000


def mask_text(text: str, *, names: tuple[str, ...] = ()) -> str:
    """`text` in one line, with each address as its first letter and its domain: `a…@example.org`.

    `names` are addresses whose part before the @ servers also write alone (“user anna not found”).
    """
    line = _QUOTED.sub("…@", decode_words(text[:_LONGEST_READ]))
    line = _WORD.sub(_mask_word, _TOKEN.sub("…", line))
    for name in names:
        local = name.rpartition("@")[0]
        if len(local) > 2:
            line = re.sub(rf"(?<!\w){re.escape(local)}(?!\w)", f"{local[0]}…", line, flags=re.IGNORECASE)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _mask_word(match: re.Match[str]) -> str:
    word = match[0].replace("%40", "@")
    return mask_address(word) if "@" in word else match[0]


def mask_address(address: str) -> str:
    """`a…@example.org` of `anna@example.org`."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1].rstrip('…')}…@{domain}" if local else "…"
