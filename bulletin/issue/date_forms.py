"""The forms in which people write dates and times of day, as patterns. What they mean is decided in `dates`. Pure.

Figures are those from 0 to 9. A name of a month or a day may be shortened as in Sept, Tues and Thurs.
"""

from __future__ import annotations

import re
from typing import Final

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORT_WEEKDAYS: Final = (*(name[:3] for name in WEEKDAYS), "Tues", "Weds", "Thur", "Thurs")

MONTH_NUMBERS: Final = (
    {name.lower(): number for number, name in enumerate(MONTHS, start=1)}
    | {name[:3].lower(): number for number, name in enumerate(MONTHS, start=1)}
    | {"sept": 9}
)

WEEKDAY: Final = re.compile(
    rf"(?P<name>{'|'.join([*WEEKDAYS, *sorted(SHORT_WEEKDAYS, key=len, reverse=True)])})\.?,?\s+(?:the\s+)?",
    re.IGNORECASE,
)
"""A weekday before a date."""

_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[0-9]{4})"
_SHORT_YEAR = r"(?P<year>[0-9]{4}|['’]?[0-9]{2})"
_MIDNIGHT = r"(?:[T\s]00:00(?::00(?:\.0+)?)?Z?)?"  # as spreadsheets and databases add it to a day

IN_WORDS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_DAY}(?:\s+of)?[\s-]*(?P<month>[a-z]{{3,9}})\.?(?:,?[\s-]*{_SHORT_YEAR})?",
        rf"(?P<month>[a-z]{{3,9}})\.?\s+{_DAY},?\s+{_YEAR}",
        rf"(?P<month>[a-z]+)\.?(?:,?\s+{_YEAR})?",
    )
)
"""`24 March 2021`, `24th of March`, `24-Mar-21`; `March 24, 2021`; `March 2021`."""

YEAR_FIRST: Final = re.compile(rf"{_YEAR}(?:([-/.])(?P<month>[0-9]{{2}})(?:\2(?P<day>[0-9]{{1,2}}){_MIDNIGHT})?)?")
"""`2021-03-24`, `2021-03`, `2021`."""

IN_FIGURES: Final = re.compile(
    rf"(?P<first>[0-9]{{1,2}})\s?(?P<mark>[/.-])\s?(?P<second>[0-9]{{1,2}})\s?(?P=mark)\s?{_SHORT_YEAR}{_MIDNIGHT}"
)
"""`24/03/2021`, `24.3.21`. Only “.” always has the day first: with the others, Americans begin with the month."""

HALF: Final = r"[ap]\.?m\.?"
TIME: Final = (
    r"(?:12(?:[:.]00)?\s*)?(?:midday|noon|midnight)"
    rf"|[0-9]{{1,2}}[:.][0-9]{{2}}(?::00)?\s*(?:{HALF}|hrs|hours)?"
    rf"|[0-9]{{1,2}}\s*{HALF}|[0-9]{{4}}\s*(?:hrs|hours)"
)
"""A time of day in any form that `dates` reads. It has no groups."""

CLOCK: Final = re.compile(
    rf"(?P<hour>[0-9]{{1,2}})(?:[:.]?(?P<minute>[0-9]{{2}})(?::00)?)?\s*(?:(?P<half>{HALF})|hrs|hours)?", re.IGNORECASE
)
"""The parts of a time in figures."""

SOMEWHERE: Final = re.compile(
    r"(?<![\w/.-])(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}"
    r"|[0-9]{1,2}(?:st|nd|rd|th)?(?:\s+of)?[\s-]*[a-z]{3,9}\b(?:\.?,?[\s-]*[0-9]{4}\b)?"
    r"|[a-z]{3,9}\.?\s+[0-9]{1,2}(?:st|nd|rd|th)?,?\s+[0-9]{4}\b)",
    re.IGNORECASE,
)
"""A date in the middle of other words."""

RANGE: Final = re.compile(
    r"(?P<first>[0-9]{1,2})(?:st|nd|rd|th)?\s*(?:[-–—&]|to\b|and\b|until\b)\s*(?P<last>[0-9]{1,2})(?:st|nd|rd|th)?"
    r"(?P<rest>\s+[a-z]{3,9}\b\.?(?:,?\s+[0-9]{4}\b)?)",
    re.IGNORECASE,
)
"""Two days of one month."""
