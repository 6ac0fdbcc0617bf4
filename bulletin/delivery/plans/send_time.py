"""Parse the time for which a mailing is scheduled, as people write it.

Times of day are in the local zone. When clocks go forward, some times do not exist: these are refused. When clocks go
back, some times come twice: the first one is meant, and a note says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from pydantic_core import PydanticCustomError

from bulletin.errors import MailingError
from bulletin.issue.date_forms import IN_FIGURES, SHORT_WEEKDAYS, TIME
from bulletin.issue.dates import MONTHS, WEEKDAYS, YEARS, PartialDate, TimeOfDay, parse_date, parse_time
from bulletin.times import describe_moment, describe_offset

FURTHEST: Final = timedelta(days=366)
"""How far ahead a mailing can be scheduled: anything further away has a mistake in its year."""

_HOW: Final = "Write it as in 1 June 2021 9:00, tomorrow 9:00, or 2021-06-01T09:00."
_BARE: Final = r"(?:[01]?[0-9]|2[0-3])(?![0-9:.])"  # the hour alone: “at 9”
_WRITTEN: Final = (
    re.compile(rf"(?:at\s+)?(?P<time>{TIME})(?P<day>)", re.IGNORECASE),
    re.compile(rf"(?:(?P<day>.+?)(?:[,\s]+(?:at\s+)?|T))?(?P<time>{TIME})", re.IGNORECASE),
    re.compile(rf"(?:at\s+)?(?P<time>{TIME})[,\s]+(?P<day>.+)", re.IGNORECASE),
    re.compile(rf"(?:(?P<day>.+?)[,\s]+)?at\s+(?P<time>{_BARE})", re.IGNORECASE),
    re.compile(rf"at\s+(?P<time>{_BARE})[,\s]+(?P<day>.+)", re.IGNORECASE),
    re.compile(rf"(?P<day>today|tomorrow)[,\s]+(?P<time>{_BARE})", re.IGNORECASE),
)
_WITH_OFFSET: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?\s*(Z|[+-][0-9]{2}:?[0-9]{2})", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SendTime:
    """A time in ms since 1970, UTC. `note` is what else a person must know of it, or ""."""

    at: int
    note: str = ""


def parse_send_time(text: str, *, now: int, zone: tzinfo | None = None) -> SendTime:
    """`9:00`, `tomorrow 9:00`, `9am on Tuesday`, `1 June 9:00`, `1/6/2021 at 9:00`, `2021-06-01T09:00[+01:00]`.

    Figures alone are day, month and year; if they could also be month and day, the note says how they were read. `now`
    is in ms since 1970; `zone` is the local zone (None: this computer's). Raises MailingError for what is not a time,
    has passed, does not exist because clocks go forward, or is more than a year ahead.
    """
    try:
        moment = _parse(text.strip(), now, zone)
    except PydanticCustomError as error:
        (problem,) = (error.context or {})["problems"]
        raise MailingError(problem.message, problem.remedy) from None
    if moment.at <= now:
        raise MailingError(
            f"{describe_moment(moment.at, zone=zone)} has passed.", "Give a later time, with its day: tomorrow 9:00."
        )
    if moment.at - now > FURTHEST / timedelta(milliseconds=1):
        raise MailingError(f"{describe_moment(moment.at, zone=zone)} is more than a year ahead.", "Check the year.")
    return moment


def _parse(text: str, now: int, zone: tzinfo | None) -> SendTime:
    if _WITH_OFFSET.fullmatch(text):
        return _parse_with_offset(text)
    written = next((found for form in _WRITTEN if (found := form.fullmatch(text))), None)
    if written is None:
        raise _refuse(text)
    clock = _read_clock(written["time"], text)
    today = datetime.fromtimestamp(now / 1000, zone)
    words = re.sub(r"^on\s+", "", written["day"] or "", flags=re.IGNORECASE)
    day = _find_day(words, clock, today)
    moment = _localise(day, clock, zone)
    notes = (_describe_reading(words, day), _describe_hour(written["time"], clock), moment.note)
    return replace(moment, note=" ".join(filter(None, notes)))


def _read_clock(written: str, text: str) -> TimeOfDay:
    """The time of day. A bare hour is one of the morning from 7 to 11, or of the 24-hour clock from 12."""
    if not written.isdigit() or len(written) > 2:
        return parse_time(written)
    hour = int(written)
    if hour < 7:
        both = (text.replace(written, str(TimeOfDay(half, 0))) for half in (hour % 12, hour % 12 + 12))
        raise MailingError(f"“{text}” can be two times.", f"Write it as {' or as '.join(both)}.")
    return TimeOfDay(hour, 0)


def _describe_hour(written: str, clock: TimeOfDay) -> str:
    """How a bare hour was read."""
    return f"{written} was read as {clock}." if written.isdigit() and len(written) < 3 else ""


def _parse_with_offset(text: str) -> SendTime:
    try:
        moment = datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", "").upper())
    except ValueError:
        raise MailingError(f"“{text}” isn't a time that exists.", _HOW) from None
    if moment.year not in YEARS:
        raise MailingError(f"“{text}” has an impossible year.", _HOW)
    return SendTime(at=round(moment.timestamp() * 1000))


def _refuse(text: str) -> MailingError:
    """Why this is not a time: most often it is a day alone."""
    try:
        parse_date(text)
    except PydanticCustomError:
        if text.lower() not in ("today", "tomorrow", *map(str.lower, (*WEEKDAYS, *SHORT_WEEKDAYS))):
            return MailingError(f"“{text}” isn't a time.", _HOW)
    return MailingError(f"“{text}” doesn't have a time of day.", _HOW)


def _describe_reading(words: str, day: date) -> str:
    """How it was read, if the first figure could have been meant as the month."""
    if not IN_FIGURES.fullmatch(words) or day.day > 12 or day.day == day.month:
        return ""
    return f"{words} was read as day, month, year: {WEEKDAYS[day.weekday()]} {day.day} {day:%B %Y}."


def _find_day(text: str, clock: TimeOfDay, today: datetime) -> date:
    """The day that is meant; without a year, or by a weekday, the next one.

    But today's own date is never one of next year: if its time is over, it has passed.
    """
    word, first = text.lower(), today.date()
    if word in ("", "today"):
        return first
    if word == "tomorrow":
        return first + timedelta(days=1)
    has_passed = (clock.hour, clock.minute) <= (today.hour, today.minute)
    if in_figures := IN_FIGURES.fullmatch(text):
        text = f"{int(in_figures['first'])} {_name_month(text, int(in_figures['second']))} {in_figures['year']}"
    for number, name in enumerate(WEEKDAYS):
        names = [name.lower(), *(short.lower() for short in SHORT_WEEKDAYS if name.startswith(short[:3]))]
        if word in [f"next {each}" for each in names]:
            raise _refuse_next(text, first + timedelta(days=(number - first.weekday() - 1) % 7 + 1))
        if word in names:
            ahead = (number - first.weekday()) % 7
            return first + timedelta(days=7 if ahead == 0 and has_passed else ahead)
    found = _parse_date(text)
    if found.exact:
        return found.exact
    if not found.day or not found.month or (found.month, found.day) == (2, 29):
        raise MailingError(f"“{text}” isn't a whole date.", _HOW)
    this_year = found.earliest(year=first.year)
    return found.earliest(year=first.year + (this_year < first))


def _name_month(text: str, number: int) -> str:
    if number not in range(1, 13):
        raise MailingError(f"“{text}” has no such month: it is read as day, month, year.", _HOW)
    return MONTHS[number - 1]


def _refuse_next(text: str, day: date) -> MailingError:
    """Refuse “next Tuesday”: some mean the coming one, and others the one in the week after."""
    days = [f"{one.day} {one:%B %Y}" for one in (day, day + timedelta(days=7))]
    return MailingError(
        f"“{text}” can be {days[0]} or {days[1]}.", f"Write the one that you mean, with its time, as in {days[0]} 9:00."
    )


def _parse_date(text: str) -> PartialDate:
    """As `parse_date`, with a remedy that helps here: a month or a year is not enough."""
    try:
        return parse_date(text)
    except PydanticCustomError as error:
        (problem,) = (error.context or {})["problems"]
        remedy = problem.remedy if problem.remedy.startswith("Correct") else _HOW
        raise MailingError(problem.message, remedy) from None


def _localise(day: date, clock: TimeOfDay, zone: tzinfo | None) -> SendTime:
    """The time at which clocks of the zone show this. Raises MailingError if they never do."""
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
