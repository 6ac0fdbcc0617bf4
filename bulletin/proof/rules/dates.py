"""Dates: days that do not exist or do not fit, and words of time that have gone stale. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby, pairwise

from bulletin.issue.dates import MONTHS, WEEKDAYS, Month, PartialDate, TimeOfDay
from bulletin.issue.item import Booking, Session
from bulletin.issue.kinds.priorities import Milestone
from bulletin.issue.passages import Passage, Record
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.holidays import name_holiday
from bulletin.proof.reading.written_dates import Tense, WrittenDate, read_weekday
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_A_YEAR = range(150, 420)
"""Days: a date that is so far off, and would fit in the next year or the last, has the wrong year."""


@dataclass(frozen=True, kw_only=True)
class _Found:
    """A date in a text of the context."""

    passage: Passage
    date: WrittenDate

    def violation(self, message: str, remedy: str) -> Violation:
        return violation_at(self.passage, (self.date.start, self.date.end), message, remedy)


def _find_dates(context: Context) -> Iterator[_Found]:
    for passage, dates in context.dates:
        for written in dates:
            yield _Found(passage=passage, date=written)


def _last_day(written: WrittenDate) -> date | None:
    """The last day that it means; None where its year is not known, or where there is no such day."""
    year = written.known_year
    if year is None:
        return None
    if written.days:
        return written.find_days(year)[-1]
    return date(year + (written.month == 12), written.month % 12 + 1, 1) - timedelta(days=1)


def _first_day(written: WrittenDate) -> date | None:
    year = written.known_year
    if year is None:
        return None
    return written.find_days(year)[0] if written.days else date(year, written.month, 1)


def _misses_year(day: date, context: Context) -> bool:
    """Whether a day is about a year off: one year on or back, it would lie beside the publication."""
    return abs((day - context.issue.published).days) in _A_YEAR


@rule(
    "DATE01",
    "weekday-disagrees",
    severity=Severity.ERROR,
    reason="A reader who trusts the weekday comes on another day than one who trusts the date.",
    wrong=[Example(text="The forum meets on Monday 11 May 2021.", at="Monday 11 May 2021")],
    right=[Example(text="The forum meets on Tuesday 11 May 2021.")],
)
def weekday_disagrees(context: Context) -> Iterator[Violation]:
    """A weekday and a date that do not go together."""
    for found, day, name in _find_wrong_weekdays(context):
        if not _fits_other_year(day, name, context):
            right = WEEKDAYS[day.weekday()]
            yield found.violation(
                f"{day.day} {MONTHS[day.month - 1]} {day.year} is a {right}, not a {name}.",
                "Correct the day or the date.",
            )


def _find_wrong_weekdays(context: Context) -> Iterator[tuple[_Found, date, str]]:
    for found in _find_dates(context):
        year = found.date.known_year or context.issue.published.year
        for day, name in zip(found.date.find_days(year), found.date.weekdays, strict=True):
            number = read_weekday(name)
            if day and number is not None and number != day.weekday():
                yield found, day, WEEKDAYS[number]


def _fits_other_year(day: date, name: str, context: Context) -> bool:
    """Whether the weekday is right in another year, and the day would then lie beside the publication."""
    if not _misses_year(day, context):
        return False
    other = _move_year(day, context.issue.published)
    return other is not None and WEEKDAYS[other.weekday()] == name


def _move_year(day: date, published: date) -> date | None:
    """The same day of the year before or after, whichever is nearer to the publication."""
    try:
        return day.replace(year=day.year + (1 if day < published else -1))
    except ValueError:
        return None


@rule(
    "DATE02",
    "coming-but-past",
    severity=Severity.WARNING,
    reason="What is announced for a day that has gone makes readers doubt the rest.",
    wrong=[Example(text="The Board will meet on 26 April 2021.", at="26 April 2021")],
    right=[
        Example(text="The Board met on 26 April 2021."),
        Example(text="The Board will meet on 26 May 2021."),
    ],
)
def coming_but_past(context: Context) -> Iterator[Violation]:
    """Written as coming, although the day was over when the issue came out."""
    when = f"before this issue comes out ({_say(context.issue.published)})"
    for found in _find_dates(context):
        day = _last_day(found.date)
        gone = day and day < context.issue.published and not _misses_year(day, context)
        if gone and found.date.tense is Tense.COMING and not _asks_before(found.date):
            yield found.violation(f"This is written as still to come, but it was {when}.", "Correct the date or verb.")
    for record, name, day in _find_occasions(context):
        if day < context.issue.published and not _misses_year(day, context):
            message = f"This takes place {when}."
            yield _violation_at_field(context, record, name, message, "Take it out, or correct its date.")


def _find_occasions(context: Context) -> Iterator[tuple[Record, str, date]]:
    """The sessions and events, each with the field that says when it ends, and the day."""
    for record in context.records:
        if isinstance(record.value, Session):
            name = "until" if record.value.until else "date"
            written = record.value.until or record.value.date
            if written.exact:
                yield record, name, written.exact


def _violation_at_field(context: Context, record: Record, name: str, message: str, remedy: str) -> Violation:
    return Violation(span=context.span(*record.place, name), message=message, remedy=remedy)


def _say(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


@rule(
    "DATE03",
    "past-but-coming",
    severity=Severity.WARNING,
    reason="What is told as done on a day that has not come cannot be so.",
    wrong=[Example(text="The Executive met on 18 May 2021.", at="18 May 2021")],
    right=[Example(text="The Executive meets on 18 May 2021."), Example(text="We planned a talk for 18 May 2021.")],
)
def past_but_coming(context: Context) -> Iterator[Violation]:
    """Written as past, although the day had not come when the issue came out."""
    for found in _find_dates(context):
        day = _first_day(found.date)
        if day and day > context.issue.published and found.date.tense is Tense.PAST and not _misses_year(day, context):
            yield found.violation(
                f"This is written as past, but the issue comes out before it, on {_say(context.issue.published)}.",
                "Correct the date or the verb.",
            )
    for record in context.records:
        done = record.value.date if isinstance(record.value, Milestone) and record.value.done else None
        if done and done.earliest(year=context.issue.published.year) > context.issue.published:
            message = f"This step is done, and dated {done}, which is after this issue comes out."
            yield _violation_at_field(context, record, "date", message, "Correct the date, or take `done: yes` out.")


_RELATIVE = re.compile(r"\b(?P<which>this|next|last) month\b|\b(?P<recently>recently)\b", re.IGNORECASE)
_OFFSETS = {"this": 0, "next": 1, "last": -1}
_COMPARED = re.compile(r"\b(?:than|as|since|from|until|of|for)(?: in| on| the)*\s*\Z", re.IGNORECASE)
_RECENT = 100  # days
_MOST_BESIDE = 20  # dates of a sentence that are held against its words


@rule(
    "DATE04",
    "relative-month",
    severity=Severity.WARNING,
    reason="“Next month” is written weeks before it is read; beside another date, nobody knows which of them holds.",
    wrong=[Example(text="Next month, on 18 May 2021, the Executive meets.", at="Next month")],
    right=[Example(text="Next month, on 15 June 2021, the Executive meets.")],
)
def relative_month(context: Context) -> Iterator[Violation]:
    """“This month”, “next month” or “recently” beside a date that does not fit the issue's month."""
    for passage, dates in context.dates:
        sentences = {key: list(beside) for key, beside in groupby(dates, lambda written: written.sentence_start)}
        starts = list(sentences)
        for match in _RELATIVE.finditer(passage.prose.text):
            number = bisect_right(starts, match.start()) - 1
            beside = sentences[starts[number]] if number >= 0 else []
            if wrong := _contradict(context, match, beside):
                yield violation_at(
                    passage,
                    match,
                    f"“{match[0]}” does not fit the date beside it, which is {wrong}.",
                    f"Name the month, or correct the date: this is the issue of {context.month}.",
                )


def _contradict(context: Context, match: re.Match[str], dates: Sequence[WrittenDate]) -> str:
    """The date of the same sentence that contradicts the words; "" if none does."""
    beside = [written for written in dates[:_MOST_BESIDE] if _stands_beside(written, match)]
    known = [(written, day) for written in beside if (day := _first_day(_in_year(written, context)))]
    if match["recently"]:
        others = [written for written, day in known if (context.issue.published - day).days > _RECENT]
    else:
        meant = context.month + _OFFSETS[match["which"].lower()]
        others = [written for written, day in known if Month(day.year, day.month) != meant]
    return _name(others[0], context) if others and len(others) == len(known) else ""


def _stands_beside(written: WrittenDate, match: re.Match[str]) -> bool:
    same = written.sentence_start <= match.start() < written.sentence_start + len(written.sentence)
    return same and not _COMPARED.search(written.before)


def _in_year(written: WrittenDate, context: Context) -> WrittenDate:
    if written.known_year:
        return written
    return replace(written, near_year=context.issue.published.year)


def _name(written: WrittenDate, context: Context) -> str:
    return f"in {MONTHS[written.month - 1]} {written.known_year or context.issue.published.year}"


_YEARLY = re.compile(r"\b(?:(?:every|each) (?:year\b|[0-9])|annually|yearly|year (?:to|from|ending)\b)", re.IGNORECASE)
_NAMES_YEAR = re.compile(r"\b(?:19|20)[0-9][0-9]\b")


@rule(
    "DATE05",
    "year-missing",
    severity=Severity.WARNING,
    reason="An issue is read, filed and searched for years: “13 April” is then any 13 April.",
    wrong=[Example(text="The Board next meets on 9 June.", at="9 June")],
    right=[
        Example(text="The Board next meets on 9 June 2021."),
        Example(text="Our 2021 programme starts on 26 July and ends on 20 August."),
        Example(text="The financial year begins on 6 April every year."),
    ],
)
def year_missing(context: Context) -> Iterator[Violation]:
    """A day and a month without their year, where nothing beside them names it."""
    for found in _find_dates(context):
        written = found.date
        if written.known_year is None and not _is_dated(found) and not _YEARLY.search(written.around):
            yield found.violation(
                "The year is missing.", "Write it, so that the date holds when the issue is read later."
            )
    for record, name, written_date in _find_partial_dates(context):
        if written_date.day and not written_date.year:
            yield _violation_at_field(context, record, name, f"{written_date} has no year.", "Write the year as well.")


def _is_dated(found: _Found) -> bool:
    """Whether the sentence names a year, or the record has the same day with its year."""
    if _NAMES_YEAR.search(found.date.around):
        return True
    fields = (getattr(found.passage.record, name) for name in type(found.passage.record).model_fields)
    return any(
        isinstance(value, PartialDate) and value.year and (value.month, value.day) == (found.date.month, day)
        for value in fields
        for day in found.date.days
    )


def _find_partial_dates(context: Context) -> Iterator[tuple[Record, str, PartialDate]]:
    for record in context.records:
        for name in type(record.value).model_fields:
            value = getattr(record.value, name)
            if isinstance(value, PartialDate):
                yield record, name, value


@rule(
    "DATE06",
    "year-wrong",
    severity=Severity.WARNING,
    reason="In January the hand still writes last year, and a copied entry keeps the year that it had.",
    wrong=[Example(text="The Board next meets on Wednesday 9 June 2020.", at="Wednesday 9 June 2020")],
    right=[Example(text="The Board next meets on Wednesday 9 June 2021.")],
)
def year_wrong(context: Context) -> Iterator[Violation]:
    """A date that would fit if it had another year."""
    for found in _find_dates(context):
        day = _last_day(found.date)
        if day and found.date.year and (other := _right_year(found.date, day, context)):
            yield found.violation(f"Should this be {other}?", "Correct the year, or the verb if the year is right.")
    for record, name, day in _find_occasions(context):
        other_day = _move_year(day, context.issue.published) if _misses_year(day, context) else None
        if day < context.issue.published and other_day:
            message = f"{_say(day)} is long past. Should this be {other_day.year}?"
            yield _violation_at_field(context, record, name, message, "Correct the year.")


def _right_year(written: WrittenDate, day: date, context: Context) -> int | None:
    """The year in which a date's weekday, or its verb, would be right."""
    published = context.issue.published
    other = _move_year(day, published) if _misses_year(day, context) else None
    if other is None:
        return None
    number = read_weekday(written.weekdays[-1]) if written.weekdays else None
    if number is not None and number != day.weekday():
        return other.year if number == other.weekday() else None
    coming = (written.tense is Tense.COMING or _asks_before(written)) and day < published <= other
    past = written.tense is Tense.PAST and other <= published < day
    return other.year if coming or past else None


@rule(
    "DATE07",
    "ends-before-start",
    severity=Severity.ERROR,
    reason="What ends before it starts cannot be put into a diary.",
    wrong=[Example(text="The play scheme runs from 13 August to 2 August 2021.", at="2 August 2021")],
    right=[Example(text="The play scheme runs from 2 August to 13 August 2021.")],
)
def ends_before_start(context: Context) -> Iterator[Violation]:
    """An end that lies before its beginning."""
    for record in context.records:
        yield from _check_order(context, record)
    for passage, dates in context.dates:
        yield from _check_ranges(passage, dates)
    for passage in context.texts:
        for match in _HOURS.finditer(passage.prose.text):
            starts, ends = _read_hour(*match.group(1, 2, 3)), _read_hour(*match.group(4, 5, 6))
            if ends <= starts and match[3] == match[6]:  # from 5pm to 8am is a night
                message = "This ends before it starts."
                yield violation_at(passage, match, message, "Correct one of the times.")


_HOURS = re.compile(
    r"\bfrom ([0-9]{1,2})(?:[:.]([0-9][0-9]))? ?(am|pm) (?:to|until) ([0-9]{1,2})(?:[:.]([0-9][0-9]))? ?(am|pm)\b"
)


def _read_hour(hour: str, minute: str | None, half: str) -> TimeOfDay:
    return TimeOfDay(int(hour) % 12 + (12 if half == "pm" else 0), int(minute or 0))


def _check_order(context: Context, record: Record) -> Iterator[Violation]:
    value, year = record.value, context.issue.published.year
    if not isinstance(value, Session | Milestone):
        return
    if value.until and value.until.latest(year=year) < value.date.earliest(year=year):
        message = f"This ends on {value.until}, before it starts on {value.date}."
        yield _violation_at_field(context, record, "until", message, "Correct one of the dates.")
    if isinstance(value, Session) and value.starts and value.ends and not value.until and value.ends <= value.starts:
        message = f"This ends at {value.ends}, and starts at {value.starts}."
        yield _violation_at_field(context, record, "ends", message, "Correct one of the times.")


def _check_ranges(passage: Passage, dates: Sequence[WrittenDate]) -> Iterator[Violation]:
    for first, second in pairwise(dates):
        between = passage.prose.text[first.end : second.start]
        if re.fullmatch(r" (?:to|until) | ?[–-] ?", between):
            year = second.known_year
            start = first.find_days(first.year or year)[-1:] if year else ()
            end = _last_day(second)
            if start and start[0] and end and end < start[0]:
                yield violation_at(
                    passage, (first.start, second.end), "This ends before it starts.", "Correct one of them."
                )
    for written in dates:
        if written.is_range and len(written.days) == 2 and written.days[1] <= written.days[0]:
            yield violation_at(
                passage, (written.start, written.end), "This ends before it starts.", "Correct one of them."
            )


_ASKS = re.compile(
    r"\b(?:book|register|reply|replies|apply|applications?|respond|responses|send|sign up|nominat\w+|return|tell us|"
    r"enrol|submit|order|e-?mail|contact|write to|join|let us know|closing date|deadline)\b",
    re.IGNORECASE,
)
_BY = re.compile(r"\b(?:by|before|no later than|is|until)(?: [a-z]+ on)?(?: the)?\s*\Z", re.IGNORECASE)


def _asks_before(written: WrittenDate) -> bool:
    """Whether the sentence asks readers to do something by that day."""
    asks = _BY.search(written.before) and _ASKS.search(written.before) and " will " not in written.before
    return bool(asks) and written.tense is not Tense.PAST


@rule(
    "DATE08",
    "deadline-gone",
    severity=Severity.WARNING,
    reason="A reader who would still have come finds the door closed.",
    wrong=[Example(text="Please book your place by 30 April 2021.", at="30 April 2021")],
    right=[Example(text="Please book your place by 14 May 2021.")],
)
def deadline_gone(context: Context) -> Iterator[Violation]:
    """A deadline that was over when the issue came out."""
    remedy = "Take it out, or give a later day."
    when = f"before this issue comes out ({_say(context.issue.published)})"
    for found in _find_dates(context):
        day = _last_day(found.date)
        if day and day < context.issue.published and not _misses_year(day, context) and _asks_before(found.date):
            yield found.violation(f"This deadline ends {when}.", remedy)
    for record in context.records:
        by = record.value.by if isinstance(record.value, Booking) else None
        if by and by.latest(year=context.issue.published.year) < context.issue.published:
            yield _violation_at_field(context, record, "by", f"Booking ends {when}.", remedy)


@rule(
    "DATE09",
    "no-such-day",
    severity=Severity.ERROR,
    reason="Nobody can keep a date that does not exist.",
    wrong=[Example(text="The first phase ends on 31 June 2021.", at="31 June 2021")],
    right=[Example(text="The first phase ends on 30 June 2021.")],
)
def no_such_day(context: Context) -> Iterator[Violation]:
    """A day that the calendar does not have."""
    for found in _find_dates(context):
        year = found.date.known_year or 2024  # without a year, 29 February may be meant
        if any(day is None for day in found.date.find_days(year)):
            month = MONTHS[found.date.month - 1]
            yield found.violation(f"There is no such day in {month}.", "Correct the day or the month.")


@rule(
    "DATE10",
    "bank-holiday",
    severity=Severity.WARNING,
    reason="On a bank holiday in England most of those invited are not at work.",
    wrong=[
        Example(
            sections="""
            - kind: events
              title: Days to keep free
              items:
                - title: Forum
                  date: 31 May 2021
            """,
            at="31 May 2021",
        )
    ],
    right=[
        Example(
            sections="""
            - kind: events
              title: Days to keep free
              items:
                - title: Forum
                  date: 1 June 2021
            """
        )
    ],
)
def bank_holiday(context: Context) -> Iterator[Violation]:
    """An event or a session on a bank holiday in England."""
    for record in context.records:
        if isinstance(record.value, Session) and (day := record.value.date.exact) and (name := name_holiday(day)):
            message = f"{_say(day)} is {name} in England."
            yield _violation_at_field(context, record, "date", message, "Check the day with whoever invites.")


RULES: tuple[Rule, ...] = (
    weekday_disagrees,
    coming_but_past,
    past_but_coming,
    relative_month,
    year_missing,
    year_wrong,
    ends_before_start,
    deadline_gone,
    no_such_day,
    bank_holiday,
)
