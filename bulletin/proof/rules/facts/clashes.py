"""Facts: one event with two days, times or places, and one page with two titles. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.issue.dates import TimeOfDay
from bulletin.issue.item import Link, Session
from bulletin.issue.kinds.events import Event
from bulletin.issue.kinds.resources import Resource
from bulletin.issue.kinds.training import Course
from bulletin.issue.passages import Passage, Record
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.links.hosts import read_target
from bulletin.proof.reading.similarity import fold, fold_title
from bulletin.proof.reading.written_dates import Tense, WrittenDate
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.dates.found_dates import format_day, is_deadline
from bulletin.proof.rules.facts.head_days import find_wrong_days, find_wrong_ranges
from bulletin.proof.rules.facts.mentions import find_contradictions
from bulletin.settings.proof import Severity

_TWICE = """
- kind: events
  title: Days to keep free
  items:
    - {{title: Champions’ forum, date: 9 June 2021, starts: "9:30am", place: Town Hall}}
- kind: training
  title: Training
  items:
    - title: Champions’ forum
      provider: Us
      link: https://www.example.org/forum
      sessions:
        - {{date: {date}, starts: "9:30am", place: Town Hall}}
"""


@rule(
    "FACT06",
    "two-days-for-one-event",
    severity=Severity.WARNING,
    reason="Half of the readers come on the wrong day, at the wrong time, or to the wrong place.",
    wrong=[Example(sections=_TWICE.format(date="10 June 2021"), at="10 June 2021")],
    right=[Example(sections=_TWICE.format(date="9 June 2021"))],
)
def two_days_for_one_event(context: Context) -> Iterator[Violation]:
    """One event in two sections, with different days, times or places."""
    seen: dict[str, tuple[int, list[tuple[Record, Session]]]] = {}
    for title, section, sessions in _find_events(context):
        first_section, first = seen.setdefault(title, (section, sessions))
        if first_section == section or len(first) > 1 or len(sessions) > 1:
            continue
        yield from _compare(context, first[0], sessions[0])


def _find_events(context: Context) -> Iterator[tuple[str, int, list[tuple[Record, Session]]]]:
    """The title of each event and course with dates, its section, and its sessions."""
    for record in context.records:
        value = record.value
        if isinstance(value, Event):
            yield fold_title(value.title), int(record.place[1]), [(record, value), *_list_sessions(record, value)]
        elif isinstance(value, Course) and value.sessions:
            yield fold_title(value.title), int(record.place[1]), _list_sessions(record, value)


def _list_sessions(record: Record, value: Course | Event) -> list[tuple[Record, Session]]:
    """The sessions of a course, or the further dates of an event."""
    places = [(*record.place, "sessions", number) for number in range(len(value.sessions))]
    found = [Record(place=place, value=one) for place, one in zip(places, value.sessions, strict=True)]
    return list(zip(found, value.sessions, strict=True))


def _compare(context: Context, one: tuple[Record, Session], other: tuple[Record, Session]) -> Iterator[Violation]:
    for name in ("date", "starts", "place"):
        old, new = getattr(one[1], name), getattr(other[1], name)
        if old and new and fold(str(old)) != fold(str(new)):
            line = context.span(*one[0].place, name).line
            yield Violation(
                span=context.span(*other[0].place, name),
                message=f"The same event has “{old}” on line {line}, and “{new}” here.",
                remedy="Correct one of them, or give the two different titles.",
            )
            return


_HOURS = 12  # on a clock
_AT = re.compile(
    r"\b(?P<verb>starts|starting|begins|beginning|opens|from|arrive|at) (?:at |promptly at )?(?P<time>(?P<hour>\d{1,2})"
    r"(?:[.:](?P<minute>[0-5]\d))? ?(?P<half>[ap])\.?m\b)",
    re.IGNORECASE,
)
_OTHER_DAY = re.compile(
    r"\b(?:by|until|before|after|from|since|deadline|closing|closes?|book|register|apply|last year|was|were|held|also|"
    r"next|previous|follow(?:s|ed|ing)?|postponed|moved|instead of|rather than|published|launched|again|back|"
    r"re-?opens?|re-?starts?|resumes?|returns?|results?|closed|ends?|ended|announced?)\b",
    re.IGNORECASE,
)
_OTHER_ROLE = re.compile(
    r"\A[^.;]{0,40}\b(?:again|back|re-?opens?|resumes?|returns?|results|deadline|closing date|instead)\b", re.IGNORECASE
)
"""Words after a day that give it another role than that of the event’s own day."""

_PART_OF_DAY = re.compile(
    r"\b(?:tea|coffee|cakes?|biscuits|drinks?|refreshments|breakfast|brunch|lunch|dinner|supper|buffet|food|doors|gates|"
    r"registrations?|register|arrivals?|arrive|sign(?:ing)?[ -]in|check(?:ing)?[ -]in|networking|exhibitions?|stalls?|"
    r"parking|car park|set(?:ting)? up|rehearsals?|warm-up|breaks?|speaks?|talks?|tours?|bar|box office|"
    r"break-?outs?|questions|raffle|prizes?|awards|ceremony|closes?|ends?|finish(?:es)?|over|leaves?)\b",
    re.IGNORECASE,
)
"""Words for a part of an event, which has a time of its own."""

_FORUM = """
- kind: events
  title: Days to keep free
  items:
    - title: Champions’ forum
      date: 9 June 2021
      starts: "9:30am"
      summary: {summary}
"""


@rule(
    "FACT07",
    "text-against-date",
    severity=Severity.WARNING,
    reason="Readers can’t tell whether the date above or the one in the text is right.",
    wrong=[
        Example(sections=_FORUM.format(summary="All champions meet on 10 June 2021."), at="10 June 2021"),
        Example(sections=_FORUM.format(summary="The forum starts at 10am in the hall."), at="10am"),
        Example(
            header="introduction: Come to the Champions’ forum at 10am.",
            sections=_FORUM.format(summary="Hi."),
            at="10am",
        ),
    ],
    right=[
        Example(sections=_FORUM.format(summary="All champions meet on 9 June 2021, from 9:30am.")),
        Example(sections=_FORUM.format(summary="Please book by 1 June 2021.")),
        Example(sections=_FORUM.format(summary="We meet again on 9 September 2021. Coffee from 9am.")),
    ],
)
def text_against_date(context: Context) -> Iterator[Violation]:
    """A day or a starting time in a text that isn’t the one in the fields of its event, campaign or booking."""
    yield from find_contradictions(context)
    yield from find_wrong_days(context)
    yield from find_wrong_ranges(context)
    for passage, dates in context.dates:
        event = passage.record
        if isinstance(event, Event) and event.date.exact and not event.until and passage.field != "place":
            for written in dates:
                if _is_other_day(event, written):
                    message = f"This says {_name(written)}, but the event’s date is {format_day(event.date.exact)}."
                    yield violation_at(passage, (written.start, written.end), message, "Correct one of them.")
    for passage in context.texts:
        if isinstance(passage.record, Event) and passage.record.starts and passage.field in ("summary", "title"):
            yield from _check_time(passage, passage.record.starts)


def _is_other_day(event: Event, written: WrittenDate) -> bool:
    day = event.date.exact
    found = written.find_days(written.known_year or (day.year if day else 0)) if written.days else ()
    if len(found) != 1 or not day or found[0] in (None, day) or is_deadline(written):
        return False
    after = written.sentence[written.at + written.end - written.start :]
    other = _OTHER_DAY.search(written.before[-60:]) or _OTHER_ROLE.match(after)
    return written.tense is not Tense.PAST and not other


def _name(written: WrittenDate) -> str:
    return written.sentence[written.at : written.at + written.end - written.start]


def _check_time(passage: Passage, starts: TimeOfDay) -> Iterator[Violation]:
    """A time that the text gives as the start: the one after “starts”, or the only one."""
    found = [match for match in _AT.finditer(passage.prose.text) if int(match["hour"]) <= _HOURS]
    if any(_read_time(match) == starts for match in found):
        return
    said = [match for match in found if match["verb"].lower().startswith(("start", "begin"))]
    only = said or (found if len(found) == 1 else [])
    if only and not _is_of_a_part(only[0]):
        message = f"This says {only[0]['time']}, but the event starts at {starts}."
        yield violation_at(passage, only[0].span("time"), message, "Correct one of them.")


def _is_of_a_part(match: re.Match[str]) -> bool:
    """Whether a time is that of a part of the event, such as coffee before it or lunch: a word before it says so."""
    verb = match["verb"].lower()
    reach = _SUBJECT if verb.startswith(("start", "begin")) else _LONGEST_CLAUSE
    clause = re.split(r"[.;:!?\n]", match.string[max(0, match.start() - reach) : match.start()])[-1]
    return verb == "arrive" or bool(_PART_OF_DAY.search(clause))


_LONGEST_CLAUSE = 60  # characters before a time that may say what it is the time of
_SUBJECT = 14  # characters before “starts” that may say what starts


def _read_time(match: re.Match[str]) -> TimeOfDay:
    hour = int(match["hour"]) % _HOURS + (_HOURS if match["half"].lower() == "p" else 0)
    return TimeOfDay(hour, int(match["minute"] or 0))


_LINKS = """
- kind: links
  title: Useful links
  items:
    - {{title: Our plan, link: "https://www.example.org/plan"}}
    - {{title: {title}, link: "https://www.example.org/plan/"}}
"""


@rule(
    "FACT08",
    "one-page-two-titles",
    severity=Severity.WARNING,
    reason="One of the two links was copied and not changed, so readers can’t get to what it names.",
    wrong=[Example(sections=_LINKS.format(title="Training calendar"), at="Training calendar")],
    right=[Example(sections=_LINKS.format(title="Our plan").replace("plan/", "plan-2"))],
)
def one_page_two_titles(context: Context) -> Iterator[Violation]:
    """Two entries with different titles that lead to the same page."""
    seen: dict[str, Record] = {}
    for record in context.records:
        value = record.value
        if not isinstance(value, Link | Resource) or not value.link:
            continue
        target = read_target(str(value.link))
        if not target.is_web or not (target.path.strip("/") or target.query):
            continue
        page = f"{target.bare_host}{target.path.rstrip('/')}?{target.query}#{target.fragment}"
        twin = seen.setdefault(page, record)
        title = getattr(twin.value, "title", "")
        if twin is not record and not _have_word_in_common(title, value.title):
            line = context.span(*twin.place, "title").line
            message = f"“{value.title}” leads to the same page as “{title}” on line {line}."
            yield Violation(span=context.span(*record.place, "title"), message=message, remedy="Correct one address.")


def _have_word_in_common(one: str, other: str) -> bool:
    words = [{word for word in re.findall(r"\w+", fold(title)) if len(word) > 3} for title in (one, other)]
    return bool(words[0] & words[1])


RULES: tuple[Rule, ...] = (two_days_for_one_event, text_against_date, one_page_two_titles)
