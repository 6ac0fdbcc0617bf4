"""Patterns in a line of an old bulletin: dates, times, months, labels, numbers. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from pydantic_core import PydanticCustomError

from bulletin.issue.dates import MONTHS, WEEKDAYS, Month, PartialDate, parse_date, parse_month, parse_time

_MONTH = "|".join([*MONTHS, *(f"{name[:3]}" for name in MONTHS), "Sept"])
_WEEKDAY = "|".join([*WEEKDAYS, "Tues", "Weds", "Thurs", "Thur", *(day[:3] for day in WEEKDAYS)])
_ODD_WEEKDAYS = {"tues": "Tuesday", "weds": "Wednesday", "thur": "Thursday", "thurs": "Thursday"}
_DAY = r"[0-9]{1,2}(?:st|nd|rd|th)?"
_FIGURES = r"[0-9]{1,2}[/.][0-9]{1,2}[/.](?:20)?[0-9]{2}\b"
_DATE = re.compile(
    rf"(?:\b(?:{_WEEKDAY})\.?,? (?:the )?)?"
    rf"\b(?:{_DAY}(?: of)? (?:{_MONTH})\b(?:\.?,? [0-9]{{4}}\b)?|(?:{_MONTH}) {_DAY}(?:,? [0-9]{{4}})\b"
    rf"|(?:{_MONTH}),? [0-9]{{4}}\b|{_FIGURES})",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"\b({'|'.join(MONTHS)}),? ([0-9]{{4}})\b", re.IGNORECASE)
_RANGE = re.compile(
    rf"\b(?P<before>(?:{_WEEKDAY}),? )?(?P<first>{_DAY})\s*(?P<word>–|-|—|to|and|&|until)\s*"
    rf"(?=(?:(?:{_WEEKDAY}),? )?{_DAY} (?P<rest>(?:{_MONTH})\b(?:,? [0-9]{{4}})?))",
    re.IGNORECASE,
)
_NOON = r"(?:12\s?)?(?:noon|midday)"
_HOUR = rf"{_NOON}|midnight|[0-9]{{1,2}}(?:[:.][0-9]{{2}})?\s?(?:am|pm|a\.m\.?|p\.m\.?)|[0-9]{{1,2}}:[0-9]{{2}}"
_BARE = r"[0-9]{1,2}(?:[:.][0-9]{2})?"
_HOURS = re.compile(
    rf"(?<![\w£.:])(?:(?P<start>{_HOUR}|{_BARE})\s*(?:to|-|–|—|until|till)\s*(?P<end>{_HOUR})|(?P<only>{_HOUR}))(?!\w)",
    re.IGNORECASE,
)
_MOST_REMEMBERED = 4_096  # texts and dates: the same ones are asked for many times
_LONGEST_PAST = 3  # months: a date without a year is more likely in the months ahead
_SEPARATOR = re.compile(r"\s+[·|–—-]\s+|\s*[;·|]\s+")
_DOT = re.compile(r"\s*·\s+|\s+\|\s+|\s*;\s+")


def find_dates(text: str) -> list[str]:
    """The valid dates in a text, as written."""
    return list(_find_dates(text))


@lru_cache(maxsize=_MOST_REMEMBERED)
def _find_dates(text: str) -> tuple[str, ...]:
    return tuple(match[0] for match in _DATE.finditer(text) if _read_date(match[0]))


@lru_cache(maxsize=_MOST_REMEMBERED)
def _read_date(text: str) -> PartialDate | None:
    try:
        return parse_date(write_date(text))
    except PydanticCustomError:
        return None


def write_date(written: str) -> str:
    """A date in a form that issues have: `27/11/2025` becomes `27 November 2025`, `Thurs 27` `Thursday 27`."""
    if match := re.fullmatch(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]((?:20)?[0-9]{2})", written):
        month = int(match[2])
        name = MONTHS[month - 1] if 1 <= month <= len(MONTHS) else ""
        year = match[3] if len(match[3]) == 4 else f"20{match[3]}"
        return f"{int(match[1])} {name} {year}" if name else written
    words = re.sub(r"(?<=[a-z0-9]) of (?=[A-Z])", " ", written.replace(".", ""), flags=re.IGNORECASE)
    words = re.sub(r"^(\w+),? the ", r"\1 ", words)
    first, space, rest = words.partition(" ")
    words = f"{_ODD_WEEKDAYS.get(first.strip(',').lower(), first)}{space}{rest}"
    turned = re.fullmatch(rf"({_MONTH}) ({_DAY})(,? [0-9]{{4}})?", words, re.IGNORECASE)
    return f"{turned[2]} {turned[1]}{(turned[3] or '').replace(',', '')}" if turned else words


def complete_date(written: str, month: Month) -> tuple[str, bool]:
    """A date with its year, and whether that is certain. A missing year is the one that is nearest to `month`.

    A weekday that fits makes it certain. If the weekday fits no year nearby, the date stays as it is.
    """
    date, found = write_date(written), _read_date(written)
    if found is None or found.year is not None or found.month is None:
        return date, not re.fullmatch(_FIGURES, written)
    distances = {year: Month(year, found.month) - month for year in _years_near(month)}
    years = [year for year, away in distances.items() if -_LONGEST_PAST <= away <= 12 - _LONGEST_PAST]
    fitting = [year for year in years if _read_date(f"{date} {year}")]
    if not fitting:
        return date, False
    certain = bool(re.match(_WEEKDAY, date, re.IGNORECASE))
    return f"{date} {fitting[0]}", certain


def _years_near(month: Month) -> range:
    return range(month.year - 1, month.year + 2)


def write_plainly(date: str) -> str:
    """A date as issues write it: `Tues 15th Sept 2026` as `15 September 2026`. The edition adds the weekday again."""
    found = _read_date(date)
    return str(found) if found and found.year and found.month else date


def is_ahead(written: str, month: Month) -> bool:
    """Whether a date is in the month of an issue or later."""
    found = _read_date(complete_date(written, month)[0])
    return bool(found and found.year and (found.year, found.month or 12) >= (month.year, month.month))


def spell_ranges(text: str) -> str:
    """The text with the month at each day of a range: `22 to 24 June 2021` as `22 June 2021 to 24 June 2021`."""
    return _RANGE.sub(lambda match: f"{match['before'] or ''}{match['first']} {match['rest']} {match['word']} ", text)


def find_day(texts: Iterable[str]) -> str:
    """The first whole date in the texts; empty if there is none."""
    days = (written for text in texts for written in find_dates(text))
    return next((written for written in days if (found := _read_date(written)) and found.exact), "")


def find_month(masthead: Iterable[str], rest: Iterable[str]) -> Month | None:
    """The month that the head of a bulletin names, or else the one that its text names most often."""
    for text in masthead:
        for match in _NAMED.finditer(text):
            return _read_month(match)
    named = Counter(match[0] for text in rest for match in _NAMED.finditer(text))
    return _read_month(found) if named and (found := _NAMED.match(named.most_common(1)[0][0])) else None


def _read_month(match: re.Match[str]) -> Month | None:
    try:
        return parse_month(f"{match[1]} {match[2]}")
    except PydanticCustomError:
        return None


def find_hours(text: str) -> tuple[str, str, str]:
    """The hours as written in a text, their start, and their end; each empty if the text doesn't have it.

    `9 – 11.30am` starts at 9am, `11–1pm` at 11am.
    """
    for match in _HOURS.finditer(text):
        start, end = match["start"] or match["only"], match["end"] or ""
        start, end = _space_noon(_add_half(start, end)), _space_noon(end)
        if _is_time(start) and (not end or _is_time(end)):
            return match[0], start, end
    return "", "", ""


def _space_noon(hour: str) -> str:
    return re.sub(r"^12\s?(noon|midday)$", r"12 noon", hour, flags=re.IGNORECASE)


def _add_half(start: str, end: str) -> str:
    """A start without am or pm gets that of the end, or the other one if it would be after the end."""
    if not re.fullmatch(_BARE, start) or not end or re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", end):
        return start
    half = "pm" if re.search(r"p\.?m", end, re.IGNORECASE) else "am"
    if re.search("noon|midday|midnight", end, re.IGNORECASE):
        return f"{start}{'pm' if 'midnight' in end.lower() else 'am'}"
    early = int(re.split("[:.]", start)[0]) % 12 <= int(re.split(r"\D", end)[0]) % 12
    return f"{start}{half if early else 'am' if half == 'pm' else 'pm'}"


def _is_time(text: str) -> bool:
    try:
        parse_time(text)
    except PydanticCustomError:
        return False
    return True


def find_number(text: str) -> tuple[int, str] | None:
    """The number and the title of `Priority 6: Neglect` or `6. Neglect`; None without a number."""
    match = re.fullmatch(r"(?:priority\s+)?([0-9]{1,3})\s*[.):–—-]\s*(\S.*)", text, re.IGNORECASE)
    return (int(match[1]), match[2]) if match else None


def read_label(text: str, *labels: str) -> str:
    """The words after a label at the beginning of a text, as in `Led by: Bexley CCG`; empty without one."""
    match = re.match(rf"(?:{'|'.join(labels)})(?:\s*:\s*|\s+(?=by\b)|\s+)(\S.*)", text, re.IGNORECASE)
    return match[1].rstrip(". ") if match else ""


def cut(text: str, *pieces: str) -> list[str]:
    """The parts of a text, split at its dots, dashes and brackets as in `Title · Publisher`, without the `pieces`."""
    for piece in filter(None, pieces):
        text = text.replace(piece, " · ", 1)
    return _strip_parts(_SEPARATOR.split(re.sub(r"[()]", " · ", f" {text} ")))


def cut_at_dots(text: str, *pieces: str) -> list[str]:
    """The parts of a text, split at its dots and where the `pieces` were. Words in brackets or after a dash stay."""
    for piece in filter(None, pieces):
        text = text.replace(piece, " · ", 1)
    opened = re.sub(r"\(([^()]*·[^()]*)\)", r" · \1 · ", f" {text} ")
    return _strip_parts(_DOT.split(opened))


def _strip_parts(parts: Iterable[str]) -> list[str]:
    return [stripped for part in parts if (stripped := part.strip(" ,;:·|–—-"))]
