"""Text that may be kept and shown: one line, short, and without an address or a token in it. Pure."""

from __future__ import annotations

import re
from typing import Final

from bulletin.bounces.mime import decode_words
from bulletin.delivery.smtp.reply_masking import mask_addresses

LONGEST: Final = 200  # characters of a diagnostic that are kept

_TOKEN = re.compile(r"\b(?:[g-z][0-9a-f]{1,16}g[0-9a-f]{1,16}g[0-9a-f]{16,32}|[0-9a-f]{33,48})\b", re.IGNORECASE)
_LONGEST_READ: Final = 4000


def mask_text(text: str, *, names: tuple[str, ...] = ()) -> str:
    """`text` in one line, with each address as its first letter and its domain: `a…@example.org`.

    `names` are addresses whose part before the @ servers also write alone (“user anna not found”).
    """
    line = mask_addresses(_TOKEN.sub("…", decode_words(text[:_LONGEST_READ])))
    for name in names:
        local = name.rpartition("@")[0]
        if len(local) > 2 and _may_have(line, local):
            line = re.sub(rf"(?<!\w){re.escape(local)}(?!\w)", f"{local[0]}…", line, flags=re.IGNORECASE)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _may_have(line: str, local: str) -> bool:
    """Whether `line` may have `local` in it, in any case: a pattern for one name takes long to make."""
    return not (line.isascii() and local.isascii()) or local.lower() in line.lower()
