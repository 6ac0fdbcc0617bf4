"""Lists as Word and Outlook write them in HTML: paragraphs whose style names a list, with typed bullets. Pure.

`mso-list: l0 level2 lfo1` gives the depth. The bullet or number is in a span of its own, `mso-list: Ignore`. Other
programs often remove these styles, but keep the class `MsoListParagraph`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

_LIST = re.compile(r"mso-list\s*:\s*l\d+\s+level(\d)", re.IGNORECASE)
_IGNORED = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_CLASS = re.compile(r"MsoList(?:Paragraph|Bullet|Number|Continue)\w*", re.IGNORECASE)
_DEPTH = re.compile(r"MsoList(?:Bullet|Number)(\d)", re.IGNORECASE)
_NUMBER = re.compile(r"\s*\(?(\d{1,3})[.)]")
_SIGN = re.compile(r"\s*(?:[^\w\s£$€“\"'‘(\[&#@]|o(?=[\s\u00a0]{2}))[\s\u00a0]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class WordEntry:
    """Where an entry is in its list: its depth, from 0, and its number, None for a bullet."""

    depth: int
    number: int | None


def read_word_entry(element: etree._Element) -> WordEntry | None:
    """The place of a paragraph in a list of Word; None for all other elements."""
    found = _LIST.search(element.get("style") or "")
    named = next((name for name in (element.get("class") or "").split() if _CLASS.fullmatch(name)), "")
    mark = _find_mark(element)
    if element.tag != "p" or not (
        found or (named and (mark or _SIGN.match(_text(element)) or "Paragraph" not in named))
    ):
        return None
    deeper = _DEPTH.match(named)
    depth = int(found[1]) - 1 if found else int(deeper[1]) - 1 if deeper else 0
    numbered = _NUMBER.match(mark)
    return WordEntry(depth=max(depth, 0), number=int(numbered[1]) if numbered else None)


def is_word_mark(element: etree._Element) -> bool:
    """Whether an element has just the bullet or number of an entry."""
    return bool(_IGNORED.search(element.get("style") or ""))


def _find_mark(element: etree._Element) -> str:
    return next((_text(one) for one in element.iterdescendants("span") if is_word_mark(one)), "")


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))
