"""What a list has in place of a name: “#N/A”, NULL, “-”, a merge tag; and names that came through damaged. Pure.

No one is greeted by such a word: “Hello NULL,” is worse than a greeting without a name.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from html import unescape


@dataclass(frozen=True, kw_only=True, slots=True)
class NameFault:
    """Why a text is not used as a name, and what to do about it."""

    message: str
    remedy: str


def find_name_fault(name: str) -> NameFault | None:
    """What keeps a text in one line from being a person's name, or a part of one. None if it may be one."""
    if _PLAIN.fullmatch(name):
        return _NO_NAME if name in _WORDS or name.casefold() in _NO_NAMES else None
    return _look_closely(name) if name else None


@lru_cache(maxsize=1 << 12)
def _look_closely(name: str) -> NameFault | None:
    if _LEFT_BY_PROGRAMS.fullmatch(name):
        return _NO_NAME
    if "\ufffd" in name or ("=?" not in name and _LOST_LETTER.search(name)):
        return NameFault(message="has a letter that was lost.", remedy="Type the name again.")
    if likely := _read_again(name):
        message = "has letters that another program read wrongly."
        return NameFault(message=message, remedy=f"Did you mean “{likely}”? Write that, or save the list as CSV UTF-8.")
    if _ENTITY.search(name) and (likely := unescape(unescape(name))) != name:
        message = "has the code of a web page in it."
        return NameFault(message=message, remedy=f"Did you mean “{' '.join(likely.split())}”? Write that.")
    return _NO_NAME if _is_no_name(name) else None


_NO_NAME = NameFault(message="is not a name.", remedy="Write the name, or empty the cell.")

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 '.-]*")
_WORDS = frozenset(("NA", "na", "NIL", "nil", "NaN", "nan", "None", "NONE", "none"))  # people are called Na, Nil, Nan
_NO_NAMES = frozenset(
    (
        *("null", "undefined", "n.a", "n.a.", "blank", "empty", "unknown", "not known", "not given", "no data"),
        *("not provided", "not applicable", "not available", "not specified", "not stated", "no name", "noname"),
        *("name", "first name", "last name", "full name", "firstname", "lastname", "surname", "forename", "fname"),
        *("lname", "your name", "subscriber", "tbc", "tba", "tbd", "missing", "true", "false", "missing value"),
        *("name unknown", "unnamed", "no value", "not set", "not supplied", "test test", "deleted user"),
    )
)
# What a workbook shows for what it can't work out; a formula; merge tags of other mailers; an address.
_LEFT_BY_PROGRAMS = re.compile(
    r"#[A-Z][A-Z_/0]*[!?]?|err:\d+|=(?!\?).*|\*\|.*\|\*|\{.*\}|\[.*\]|<.*>|%+\w+%+|\$\w+\$|\S+@\S+\.\S+|\(?blank\)?|n[/\\.-]a\.?|"
    r"https?://\S+|\(.*\)",
    re.IGNORECASE,
)
_LOST_LETTER = re.compile(r"[^\W\d_]\?[^\W\d_]|[^\W\d_]\?+$|^\?+[^\W\d_]")
_SEVERAL = re.compile(r"[^\x00-\x7f]{2}|[ÂÃ] ")  # one letter's octets; a no-break space may have become a space
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8}\d{0,2});")


def _is_no_name(name: str) -> bool:
    if not any(char.isalpha() for char in name) and name.isascii():
        return True
    if not any(char.isalnum() or ord(char) > 0x2FFF for char in name) and not re.search(r"[\u2600-\u27bf]", name):
        return True  # dashes and dots beyond ASCII; an emoji may be how somebody signs
    return name.casefold() in _NO_NAMES


def _read_again(name: str) -> str:
    """The name as it was before its UTF-8 was read in another encoding, once or twice over; "" if it wasn't.

    That is Windows-1252 or, on an old Mac, MacRoman.
    """
    found = name
    for _ in range(2):
        if not _SEVERAL.search(found):
            break
        again = next(filter(None, (_decode(found, encoding) for encoding in ("cp1252", "mac_roman"))), "")
        if not again:
            break
        found = again
    return "" if found == name else found


def _decode(text: str, encoding: str) -> str:
    """The text whose UTF-8 was read in `encoding`; "" if there is none. A no-break space may have become a space."""
    for spaces in (text, re.sub("(?<=[ÂÃ]) ", "\xa0", text)):
        try:
            again = b"".join(_encode(char, encoding) for char in spaces).decode()
        except UnicodeError:
            continue
        if again != text and _is_in_one_script(again):
            return " ".join(again.split())
    return ""


def _is_in_one_script(text: str) -> bool:
    """Whether all letters are of one alphabet. “Ó’Neil” could be read again too, with a Cyrillic letter in it."""
    letters = {unicodedata.name(char, "").partition(" ")[0] for char in text if char.isalpha()}
    return len(letters) == 1 and all(char.isprintable() or char == "\xa0" for char in text)


def _encode(char: str, encoding: str) -> bytes:
    """One octet. Windows-1252 leaves five octets open, which programs read as controls of the same number."""
    try:
        return char.encode(encoding)
    except UnicodeEncodeError:
        return char.encode("latin-1")
