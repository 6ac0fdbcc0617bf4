"""Words that name a place where something happens. Pure."""

from __future__ import annotations

import re

from bulletin.importing.blocks import find_words
from bulletin.importing.patterns import find_dates, find_hours

_CERTAIN = re.compile(
    r"(?:online(?:\s*\([^()]*\))?|virtual(?:ly)?|"
    r"(?:on |via |by )?(?:microsoft teams|ms teams|teams|zoom|webex|google meet))",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"\b(?:online|teams|zoom|webex|virtual|hall|centre|room|rooms|library|church|chapel|mosque|school|academy|college|"
    r"university|hospital|surgery|clinic|house|hub|offices?|street|road|lane|avenue|square|park|museum|theatre|"
    r"pavilion|chambers?|suite|building|hotel|caf[eé]|barn|stadium|station|guildhall|gardens?|campus|barracks|arena)\b"
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b",
    re.IGNORECASE,
)
_LONGEST = 12  # words
_SPLIT = re.compile(r"(?:,\s+| at (?=the |[A-Z])|\s+[–—-]\s+)(?=[^,]*$)")
_ADDRESS = re.compile(r",\s+(?=[^,]*(?:,|$))")


def is_certain_place(text: str) -> bool:
    """Whether the words can be nothing but a place: `Online`, `Microsoft Teams`."""
    return bool(_CERTAIN.fullmatch(text.strip()))


def is_place(text: str) -> bool:
    """Whether a few words are likely to be a place: `Town Hall, Room 3`."""
    short = len(find_words(text)) <= _LONGEST and not text.rstrip().endswith((".", "?", "!", ":"))
    return (
        short
        and not (":" in text or find_hours(text)[0] or find_dates(text))
        and bool(_WORDS.search(text))
        and not re.match(r"(?:for|by|with|book|bring|about|all)\b", text, re.IGNORECASE)
    )


def split_place(text: str) -> tuple[str, str]:
    """A title, and the place that follows it after a comma, a dash or `at`; the place is "" if there is none."""
    for match in _ADDRESS.finditer(text):
        if is_place(text[match.end() :]) and not is_place(text[: match.start()].rpartition(", ")[2]):
            return text[: match.start()], text[match.end() :]
    last = _SPLIT.search(text)
    if last and is_place(text[last.end() :]):
        return text[: last.start()], text[last.end() :]
    return text, ""
