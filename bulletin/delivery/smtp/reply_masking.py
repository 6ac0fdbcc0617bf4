"""What is kept of a server's words: without the address in them. Pure.

Servers quote the address that they refuse. The ledger has it once, where `erase` finds it, and nowhere else.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\s<>()\[\]\"',;:]+")
_QUOTED = re.compile(r"\"[^\"@]{1,64}\"@")


def mask_addresses(text: str) -> str:
    """`text` with each address as its first letter and its domain: `550 5.1.1 <a…@example.org>: User unknown`."""
    if "@" not in text and "%40" not in text:
        return text
    return _WORD.sub(_mask_word, _QUOTED.sub("…@", text))


def _mask_word(match: re.Match[str]) -> str:
    word = match[0].replace("%40", "@")
    return mask_address(word) if "@" in word else match[0]


def mask_address(address: str) -> str:
    """`a…@example.org` of `anna@example.org`."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1].rstrip('…')}…@{domain}" if local else "…"
