"""The numbers and months that a text tells, so that two languages can be compared: English and Welsh. Pure."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from bulletin.edition.languages.welsh_dates import WELSH_MONTHS
from bulletin.issue.dates import MONTHS

_NUMBER: Final = re.compile(r"(?<![\w.])[0-9]+(?:[.,:][0-9]+)*")
_ADDRESS: Final = re.compile(r"\S*(?:://|www\.|@)\S*")
_CHANGED: Final = {"M": "F", "G": "", "T": "D", "Rh": "R"}
"""The first letters of Welsh months after some words: “o Fai”, “i Ragfyr”, “o Orffennaf”."""

_WORDS: Final = {
    0: "zero dim",
    1: "one un",
    2: "two both second dau dwy ddau ddwy",
    3: "three third tri tair dri dair thri thair",
    4: "four pedwar pedair bedwar bedair phedwar phedair",
    5: "five pump pum bump bum phump phum",
    6: "six chwech chwe",
    7: "seven saith",
    8: "eight wyth",
    9: "nine naw",
    10: "ten deg deng ddeg ddeng",
    11: "eleven",
    12: "twelve dozen deuddeg deuddeng ddeuddeg",
}
"""The words for small numbers: a translator may write 2 for “two”."""


def count_numbers(text: str) -> Counter[str]:
    """Each number in figures, without separators of thousands, and how often it is told. Addresses have none."""
    found = _NUMBER.findall(_ADDRESS.sub(" ", text))
    return Counter(re.sub(r",(?=[0-9]{3}\b)", "", number) for number in found)


def tells_in_words(text: str, number: str) -> bool:
    """Whether a small number is in a text as a word."""
    words = _WORDS.get(int(number)) if number.isdigit() and len(number) < 3 else None
    return bool(words) and bool(re.search(rf"\b(?:{'|'.join((words or '').split())})\b", text, re.IGNORECASE))


def find_months(text: str) -> Counter[int]:
    """The number of each month that is beside a figure, a day or a year: “4 Mai”, “Mai 2021”, “o Fai 2021”."""
    return Counter(_MONTHS[(match[1] or match[2]).lower()] for match in _DATED.finditer(text))


def _list_forms(month: str) -> list[str]:
    changed = [new + month.removeprefix(old) for old, new in _CHANGED.items() if month.startswith(old)]
    return [month, *(form.capitalize() for form in changed)]


_MONTHS: Final = {name.lower(): number for number, name in enumerate(MONTHS, 1)} | {
    form.lower(): number for number, month in enumerate(WELSH_MONTHS, 1) for form in _list_forms(month)
}
_NAMES: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATED: Final = re.compile(
    rf"[0-9](?:st|nd|rd|th|af|ail|ydd|fed|eg|ed)?\s+(?:of\s+|o\s+)?({_NAMES})\b|\b({_NAMES})\s+(?=[12][0-9]{{3}}\b)",
    re.IGNORECASE,
)
