"""What a spreadsheet or another program left at an address, and the address that is likely meant. Pure.

`'anna@example.org` is the apostrophe by which Excel marks a text, `anna@example.org#mailto:anna@example.org#` how
Access writes a link, `_x000D_` a line break of a workbook, `&#64;` and `%40` an @ on a web page and in its address.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

from bulletin.errors import InvalidAddress
from bulletin.subscribers.address import Address, parse_address


def find_likely_address(text: str) -> Address | None:
    """The one address that a text is likely meant to be, once what other programs left is taken off it. None if none.

    The text itself does not count, nor one with several addresses.
    """
    if len(text) > _LONGEST:
        return None
    bare = _LEFTOVERS.sub(" ", unquote(unescape(unescape(text))))
    for pattern, put in _WRITTEN_OUT:
        bare = pattern.sub(put, bare)
    found = {match.casefold(): match for match in _ADDRESS.findall(bare)}
    if len(found) != 1:
        return None
    try:
        address = parse_address(*found.values())
    except InvalidAddress:
        return None
    return None if address.written == text else address


def has_leftovers(text: str) -> bool:
    """Whether a text that passes for an address has at its beginning or its end what other programs leave there.

    By RFC 5322 an apostrophe, = # and % may be part of one, by RFC 6531 an Â. No person has an address that begins, or
    ends, so.
    """
    return bool(_BEGINS_ODDLY.match(text)) or text.endswith("Â")


_LONGEST = 1000  # characters
_BEGINS_ODDLY = re.compile(r"['=#*`|]|%[0-9A-Fa-f]{2}|_x00[0-9A-Fa-f]{2}_|u003[ce]|(?:e-?mail|smtp|mailto)=", re.ASCII)
# Line breaks of a workbook, schemes and questions of links, brackets in JSON, what is left of a no-break space.
_LEFTOVERS = re.compile(
    r"_x00[0-9A-Fa-f]{2}_|\b(?:mailto|smtp|e-?mail)[:=]|\?subject=.*|\\?u003[ce]|Â(?=\s|$)", re.IGNORECASE
)
_WRITTEN_OUT = (
    (re.compile(r"\s*[(\[{<]\s*at\s*[)\]}>]\s*|(?<=\w)\s+at\s+(?=[\w-]+\.\w)|[＠﹫]", re.IGNORECASE), "@"),
    (re.compile(r"\s*[(\[{<]\s*dot\s*[)\]}>]\s*", re.IGNORECASE), "."),
    (re.compile(r"\s*@\s*"), "@"),
    (re.compile(r"(?<=@)([\w-]+),(?=\w)"), r"\1."),
    (re.compile(r"(?<=@)([\w.-]+)\.\.+(?=\w)"), r"\1."),
)
_ADDRESS = re.compile(r"(?:[\w+&-][\w.+'&/-]*)?\w@[\w-]+(?:\.[\w-]+)+")
