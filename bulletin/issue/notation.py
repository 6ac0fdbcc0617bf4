"""The way each kind of value is written, as JSON Schema: its types, its pattern, a hint. Pure.

The loader reads every scalar as text. An editor reads YAML 1.2, where `2021` and `14.30` are numbers and `true` is a
boolean, so each kind lists all types that its texts may look like. A pattern accepts everything that the loader
accepts, and refuses most of what it refuses: only the loader knows that 30 February does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, TypeAlias, get_args

from bulletin.declaration.rates import PERIODS, Rate
from bulletin.declaration.values import LinkAddress, MailAddress, Text, WebAddress
from bulletin.issue.archiving import Embargo, TakenAway
from bulletin.issue.date_forms import SHORT_WEEKDAYS
from bulletin.issue.dates import MONTHS, WEEKDAYS, Month, PartialDate, TimeOfDay
from bulletin.issue.framing import CropRatio, Focus
from bulletin.issue.kinds.campaign import Phase
from bulletin.issue.to_do_rows import ToDoRows

Schema: TypeAlias = dict[str, Any]


def describe_scalar(kind: type, metadata: Sequence[object]) -> Schema:
    """The schema of a value that is written as one scalar: its Python type, and the validators that belong to it."""
    if kind is not str:
        return _BY_TYPE[kind]
    return next((schema for validator, schema in _BY_VALIDATOR if validator in metadata), _LINE)


def _written(pattern: str, hint: str, *, types: Iterable[str] = ()) -> Schema:
    """A text of this pattern, with or without space around it; `types` are the other types it may look like."""
    return {"type": ["string", *types], "pattern": rf"^\s*(?:{pattern})\s*$", "errorMessage": hint}


def _any_case(words: Iterable[str]) -> str:
    """A pattern for one of `words` in small or capital letters: ECMA-262 has no flag for that inside a pattern."""
    return "|".join(re.sub("[a-z]", lambda letter: f"[{letter[0].upper()}{letter[0]}]", word.lower()) for word in words)


def _either_length(names: Sequence[str]) -> str:
    return _any_case(dict.fromkeys([*names, *(name[:3] for name in names)]))


_MONTH = f"(?:{_either_length(MONTHS)}|{_any_case(['Sept'])})"
_YEAR = "(?:19|2[01])[0-9]{2}"
_SHORT_YEAR = f"(?:{_YEAR}|['’]?[0-9]{{2}})"
_IN_FIGURES = f"{_YEAR}-(?:0[1-9]|1[0-2])"
_DAY = "(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?"
_MIDNIGHT = r"(?:[Tt\s]00:00(?::00(?:\.0+)?)?[Zz]?)?"
_BRITISH = rf"(?:0?[1-9]|[12][0-9]|3[01])\s?[/.-]\s?(?:0?[1-9]|[12][0-9]|3[01])\s?[/.-]\s?{_SHORT_YEAR}{_MIDNIGHT}"
_IN_WORDS = rf"{_DAY}(?:\s+{_any_case(['of'])})?[\s-]*{_MONTH}\.?"
_WHOLE_DAY = (
    rf"{_YEAR}[-/.](?:0[1-9]|1[0-2])[-/.][0-9]{{1,2}}{_MIDNIGHT}|{_BRITISH}|{_IN_WORDS},?[\s-]*{_SHORT_YEAR}"
    rf"|{_MONTH}\.?\s+{_DAY},?\s+{_YEAR}"
)
_PARTIAL_DATE = rf"(?:{_WHOLE_DAY}|{_YEAR}[-/.](?:0[1-9]|1[0-2])|{_YEAR}|{_IN_WORDS}|{_MONTH}\.?,?\s+{_YEAR})"
_WEEKDAY = rf"(?:(?:{_any_case([*WEEKDAYS, *SHORT_WEEKDAYS])})\.?,?\s+(?:{_any_case(['the'])}\s+)?)?"
_HALF = r"[AaPp]\.?[Mm]\.?"
_HOURS = _any_case(["hrs", "hours"])
_TIME = (
    rf"(?:[01]?[0-9]|2[0-3])[:.][0-5][0-9](?::00)?\s*(?:{_HOURS})?|(?:[01][0-9]|2[0-3])[0-5][0-9]\s*(?:{_HOURS})"
    rf"|(?:0?[1-9]|1[0-2])(?:[:.][0-5][0-9](?::00)?)?\s*{_HALF}"
    rf"|(?:12(?:[:.]00)?\s*)?(?:{_any_case(['midday', 'noon', 'midnight'])})"
)
_PLACE = f"(?:{_any_case(['top', 'bottom', 'left', 'right', 'centre', 'center', 'middle'])})"
_NUMBER = "0|[1-9][0-9]{0,8}"
_WEB = r"[Hh][Tt][Tt][Pp][Ss]?://\S+"
_OTHER_LINKS = rf"(?:{_any_case(['mailto', 'tel'])}):.+"

_LINE = _written(r"\S.*", "Write a text in one line.", types=["number"])
_TEXT: Schema = {"type": ["string", "number"], "pattern": r"\S", "errorMessage": "Write a text."}

_BY_TYPE: dict[type, Schema] = {
    bool: _written(_any_case(["yes", "no", "true", "false", "on", "off"]), "Write yes or no.", types=["boolean"]),
    ToDoRows: _written(
        _any_case(["yes", "no", "true", "false", "on", "off", "all"]), "Write yes, no or all.", types=["boolean"]
    ),
    int: _written(_NUMBER, "Write a whole number in figures, as in 3.", types=["integer"]) | {"minimum": 0},
    Month: _written(rf"{_IN_FIGURES}|{_MONTH}\s+{_YEAR}", "Write the month as 2021-06."),
    PartialDate: _written(
        rf"{_WEEKDAY}{_PARTIAL_DATE}[ .,;]*",
        "Write the date as 24 March 2021 (or March 2021, 13 April, 2021).",
        types=["integer"],
    ),
    date: _written(f"{_WEEKDAY}(?:{_WHOLE_DAY})[ .,;]*", "Write day, month and year, as in 4 May 2021."),
    Embargo: _written(
        rf"{_WEEKDAY}(?:{_WHOLE_DAY})(?:,?\s+(?:at\s+)?(?:{_TIME}))?[ .,;]*",
        "Write day, month and year, and the hour if you like, as in 3 December 2026, 9:30am.",
    ),
    TakenAway: _written(
        rf"{_any_case(['yes', 'no', 'true', 'false', 'on', 'off'])}|{_WEEKDAY}(?:{_WHOLE_DAY})[ .,;]*",
        "Write the day on which it was taken away, as in 30 November 2026.",
        types=["boolean"],
    ),
    TimeOfDay: _written(_TIME, "Write the time as 14:30 or 2:30pm.", types=["number"]),
    Phase: _written(
        rf"(?:{_any_case(['phase'])}\s+)?[0-9]{{1,2}}(?:\s+{_any_case(['of'])}\s+[0-9]{{1,2}})?",
        "Write the phase as 1 of 2, or as 1.",
        types=["integer"],
    ),
    CropRatio: _written(r"[1-9][0-9]{0,2}\s*:\s*[1-9][0-9]{0,2}", "Write width and height, as in 4:3, 16:9 or 1:1."),
    Focus: _written(
        rf"{_PLACE}(?:[\s,-]+{_PLACE})?|[0-9]{{1,3}}\s*%\s*,?\s*[0-9]{{1,3}}\s*%",
        "Write top, bottom, left, right, centre, or as in 30% 20%.",
    ),
    timedelta: _written(
        r"[0-9]{1,4}\s*(?:second|minute|hour|day)s?", "Write it as in 30 seconds, 5 minutes, 1 hour, 2 days."
    ),
    Rate: _written(
        rf"[0-9][0-9,]*\s*(?:/|\s(?:per|an?)\s)\s*(?:{'|'.join(PERIODS)})",
        "Write it as in 1/second, 30/minute, 500/hour, 10000/day.",
    ),
    float: _written(r"[0-9]{1,3}(?:\.[0-9]{1,2})?\s*%", "Write it in per cent, as in 5%."),
}


def _last_validator(alias: object) -> object:
    return get_args(alias)[-1]


_BY_VALIDATOR: list[tuple[object, Schema]] = [
    (_last_validator(Text), _TEXT),
    (_last_validator(WebAddress), _written(_WEB, "Write the whole address. Begin it with https://.")),
    (
        _last_validator(LinkAddress),
        _written(f"{_WEB}|{_OTHER_LINKS}", "Write the whole address. It begins with https://, mailto: or tel:."),
    ),
    (_last_validator(MailAddress), _written(r"[^\s@]+@[^\s@]+\.[^\s@]+", "Write it as in news@example.org.")),
]
