"""The time for which a mailing is planned: as people write it, and as they read it back, always with its zone.

Times of day are the local zone's. Where clocks go forward some of them do not exist, where they go back some come
twice: the first is refused, of the second the first is meant, and that is said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from pydantic_core import PydanticCustomError

from bulletin.errors import MailingError
from bulletin.issue.dates import MONTHS, WEEKDAYS, YEARS, PartialDate, TimeOfDay, parse_date, parse_time
from bulletin.times import describe_moment, describe_offset

FURTHEST: Final = timedelta(days=366)
"""How far ahead one can plan: what is further away has a slip in its year."""

_HOW: Final = "Write it as in 1 June 2021 9:00, tomorrow 9:00, or 2021-06-01T09:00."
_TIME: Final = r"[0-9]{1,2}[:.][0-9]{2}(?::00)?\s*(?:[ap]\.?m\.?)?|[0-9]{1,2}\s*[ap]\.?m\.?|midday|noon|midnight"
_WRITTEN: Final = (
    re.compile(rf"(?:(?P<day>.+?)(?:[,\s]+(?:at\s+)?|T))?(?P<time>{_TIME})", re.IGNORECASE),
    re.compile(rf"(?:at\s+)?(?P<time>{_TIME})[,\s]+(?P<day>.+)", re.IGNORECASE),
)
_IN_FIGURES: Final = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
_WITH_OFFSET: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?\s*(Z|[+-][0-9]{2}:?[0-9]{2})", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SendTime:
    """A moment in ms since 1970, UTC; `note` is what else a person must know of it, or ""."""

    at: int
    note: str = ""


def parse_send_time(text: str, *, now: int, zone: tzinfo | None = None) -> SendTime:
    """`9:00`, `tomorrow 9:00`, `9am on Tuesday`, `1 June 9:00`, `1/6/2021 at 9:00`, `2021-06-01T09:00[+01:00]`.

    Figures alone are day, month and year; where they could be month and day, the note says what was understood.
    `now` is in ms since 1970, `zone` the local zone (None: this computer's). Raises MailingError, in words, for
    what is no time, has passed, does not exist where clocks go forward, or is more than a year ahead.
    """
    try:
        moment = _parse(text.strip(), now, zone)
    except PydanticCustomError as error:
        (problem,) = (error.context or {})["problems"]
        raise MailingError(problem.message, problem.remedy) from None
    if moment.at <= now:
        raise MailingError(
            f"{describe_moment(moment.at, zone=zone)} has passed.", "Give a time to come, with its day: tomorrow 9:00."
        )
    if moment.at - now > FURTHEST / timedelta(milliseconds=1):
        raise MailingError(f"{describe_moment(moment.at, zone=zone)} is more than a year ahead.", "Look at the year.")
    return moment


def _parse(text: str, now: int, zone: tzinfo | None) -> SendTime:
    if _WITH_OFFSET.fullmatch(text):
        return _parse_with_offset(text)
    written = next((found for form in _WRITTEN if (found := form.fullmatch(text))), None)
    if written is None:
        raise _refuse(text)
    clock = parse_time(re.sub(r"(:[0-9][0-9]):00", r"\1", written["time"]))
    today = datetime.fromtimestamp(now / 1000, zone)
    words = re.sub(r"^on\s+", "", written["day"] or "", flags=re.IGNORECASE)
    day = _find_day(words, clock, today)
    moment = _localise(day, clock, zone)
    return replace(moment, note=" ".join(filter(None, (_tell_reading(words, day), moment.note))))


def _parse_with_offset(text: str) -> SendTime:
    try:
        moment = datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", "").upper())
    except ValueError:
        raise MailingError(f"“{text}” is not a time that exists.", _HOW) from None
    if moment.year not in YEARS:
        raise MailingError(f"“{text}” has a year that cannot be meant.", _HOW)
    return SendTime(at=round(moment.timestamp() * 1000))


def _refuse(text: str) -> MailingError:
    """Why this is no time: most often it is a day alone."""
    try:
        parse_date(text)
    except PydanticCustomError:
        if text.lower() not in ("today", "tomorrow", *map(str.lower, WEEKDAYS)):
            return MailingError(f"“{text}” is not a time.", _HOW)
    return MailingError(f"“{text}” does not say at what time of the day.", _HOW)


def _tell_reading(words: str, day: date) -> str:
    """What was understood, where somebody may have meant the month that comes first."""
    if not _IN_FIGURES.fullmatch(words) or day.day > 12 or day.day == day.month:
        return ""
    return f"{words} was read as day, month, year: {WEEKDAYS[day.weekday()]} {day.day} {day:%B %Y}."


def _find_day(text: str, clock: TimeOfDay, today: datetime) -> date:
    """The day that is meant; where several could be, for want of a year or by a weekday, the next that is to come.

    Only today's own date is never one of next year, whatever the time: then that has passed.
    """
    word, first = text.lower(), today.date()
    if word in ("", "today"):
        return first
    if word == "tomorrow":
        return first + timedelta(days=1)
    has_passed = (clock.hour, clock.minute) <= (today.hour, today.minute)
    if in_figures := _IN_FIGURES.fullmatch(text):
        text = f"{int(in_figures[1])} {_name_month(text, int(in_figures[3]))} {in_figures[4]}"
    for number, name in enumerate(WEEKDAYS):
        if word in (f"next {name.lower()}", f"next {name[:3].lower()}"):
            raise _refuse_next(text, first + timedelta(days=(number - first.weekday() - 1) % 7 + 1))
        if word in (name.lower(), name[:3].lower()):
            ahead = (number - first.weekday()) % 7
            return first + timedelta(days=7 if ahead == 0 and has_passed else ahead)
    found = _parse_date(text)
    if found.exact:
        return found.exact
    if not found.day or not found.month or (found.month, found.day) == (2, 29):
        raise MailingError(f"“{text}” is not a whole date.", _HOW)
    this_year = found.earliest(year=first.year)
    return found.earliest(year=first.year + (this_year < first))


def _name_month(text: str, number: int) -> str:
    if number not in range(1, 13):
        raise MailingError(f"“{text}” has no such month: it is read as day, month, year.", _HOW)
    return MONTHS[number - 1]


def _refuse_next(text: str, day: date) -> MailingError:
    """Some mean the coming one by it, some the one in the week after."""
    days = [f"{one.day} {one:%B %Y}" for one in (day, day + timedelta(days=7))]
    return MailingError(
        f"“{text}” can be {days[0]} or {days[1]}.", f"Write which of them, with its time, as in {days[0]} 9:00."
    )


def _parse_date(text: str) -> PartialDate:
    """As `parse_date`, with a remedy that helps here: a month or a year is no time."""
    try:
        return parse_date(text)
    except PydanticCustomError as error:
        (problem,) = (error.context or {})["problems"]
        remedy = problem.remedy if problem.remedy.startswith("Correct") else _HOW
        raise MailingError(problem.message, remedy) from None


def _localise(day: date, clock: TimeOfDay, zone: tzinfo | None) -> SendTime:
    """The moment at which clocks of the zone show this; raises MailingError if they never do."""
    shown = datetime(day.year, day.month, day.day, clock.hour, clock.minute)  # noqa: DTZ001 -- it gets its zone here
    first, second = (_put_into(shown.replace(fold=fold), zone) for fold in (0, 1))
    at = round(first.timestamp() * 1000)
    if datetime.fromtimestamp(at / 1000, zone).replace(tzinfo=None, fold=0) != shown:
        raise MailingError(
            f"On {day.day} {shown:%B %Y} there is no {shown:%H:%M}: clocks go forward over it.",
            "Give another time.",
        )
    if first.utcoffset() == second.utcoffset():
        return SendTime(at=at)
    return SendTime(
        at=at,
        note=f"Clocks go back that day, so {shown:%H:%M} comes twice: this is the first ({describe_offset(first)}). "
        f"For the second write {second.isoformat(timespec='minutes')}.",
    )


def _put_into(shown: datetime, zone: tzinfo | None) -> datetime:
    return shown.astimezone() if zone is None else shown.replace(tzinfo=zone)
