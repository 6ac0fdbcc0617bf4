"""Find days and times in texts that contradict a field elsewhere: of an event, a campaign or a booking. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from bulletin.declaration.source import Place
from bulletin.issue.dates import MONTHS, WEEKDAYS, TimeOfDay
from bulletin.issue.item import Booking, Session
from bulletin.issue.kinds.campaign import Campaign
from bulletin.issue.kinds.events import Event
from bulletin.issue.kinds.training import Course
from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.sentences import Sentence
from bulletin.proof.reading.written_dates import Tense, WrittenDate
from bulletin.proof.reporting import violation_at
from bulletin.proof.rules.dates.found_dates import format_day, is_deadline
from bulletin.proof.vocabulary import own_texts

_LEAST_TITLE = 10  # letters of a title that is found again in other texts; “Open day” may be another one
_SAME_EVENT = 20  # days between two days of one event; further away, it is the event of another month
_HALF_DAY = 12  # hours on a clock

_TIME = re.compile(
    r"(?<![\d.:£])(?:(?P<hour>\d{1,2})(?:[.:](?P<minute>[0-5]\d))? ?(?P<half>[ap])\.?m\b"
    r"|(?P<whole>[01]\d|2[0-3])[.:](?P<past>[0-5]\d)(?! ?[ap]\.?m\b)|(?P<noon>noon|midday)\b)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:by|until|before|after|since|deadline|closing|closes?|book|booking|register|registration|apply|was|were|held|"
    r"last|next|previous|again|back|postponed|moved|instead|rather|published|results?|coffee|tea|lunch|doors|arrive)\b",
    re.IGNORECASE,
)
"""Words that give a day or a time in the sentence another role than that of the event."""


class _Occasion(NamedTuple):
    """An event or a course with one session: its title in small letters, or a part, and where its fields are."""

    title: str
    place: Place
    session: Session
    whole: bool = True  # no other event can be meant


def find_contradictions(context: Context) -> Iterator[Violation]:
    """Each day or time in a text that isn't the one in a field of what the text is about."""
    yield from {violation.span: violation for violation in _compare_mentions(context)}.values()  # each place once
    for passage, dates in context.dates:
        for written in dates:
            yield from _compare_end(context, passage, written)
            yield from _compare_booking(passage, written)


def _compare_mentions(context: Context) -> Iterator[Violation]:
    """The days and times beside what an event is called; at one place several times if it has several names there."""
    occasions = list(_find_occasions(context))
    for passage in own_texts(context) if occasions else ():
        lowered = passage.prose.text.lower()
        for occasion in occasions:
            if occasion.title in lowered and passage.place[: len(occasion.place)] != occasion.place:
                for at in _find_mentions(occasion, lowered):
                    yield from _compare_mention(context, passage, occasion, at)


def _find_occasions(context: Context) -> Iterator[_Occasion]:
    """The events and courses on one date, with a title that no other has."""
    found: list[_Occasion] = []
    for record in context.records:
        value = record.value
        if isinstance(value, Event) and not value.sessions:
            found.append(_Occasion(value.title.lower(), record.place, value))
        elif isinstance(value, Course) and len(value.sessions or ()) == 1:
            found.append(_Occasion(value.title.lower(), record.place, value.sessions[0]))
    times = Counter(occasion.title for occasion in found)
    nouns = Counter(_read_noun(occasion.title) for occasion in found)
    for occasion in found:
        long = len(occasion.title) >= _LEAST_TITLE and " " in occasion.title
        if times[occasion.title] > 1 or occasion.session.until:
            continue
        if long:
            yield occasion
        noun = _read_noun(occasion.title)
        if nouns[noun] == 1 and len(noun) >= _LEAST_NOUN:
            yield _Occasion(noun, occasion.place, occasion.session, whole=False)


_LEAST_NOUN = 4  # letters of the word that a text may call an event by: “the vigil”


def _read_noun(title: str) -> str:
    """What a text calls an event for short: the last word of its title."""
    words = re.findall(r"[^\W\d_]+", re.split(r"[:–—(]", title)[0])
    return words[-1] if words else ""


def _find_mentions(occasion: _Occasion, lowered: str) -> Iterator[int]:
    """Where a text has the title of an event; or, in each place, the word that it is called by after “the” or “our”."""
    if occasion.whole:
        yield lowered.index(occasion.title)
    else:
        called = rf"\b(?:the|our|this year’s) (?:{_LEAST_WORD}){re.escape(occasion.title)}\b(?! (?:{_PARTS})\b)"
        yield from (match.end() - len(occasion.title) for match in re.finditer(called, lowered))


_LEAST_WORD = r"(?:[\w’-]+ )?"
_PARTS = "group|team|hub|programme|page|form|budget|report|packs?|plan|website|organisers?|committee|dates?"


def _compare_mention(context: Context, passage: Passage, occasion: _Occasion, at: int) -> Iterator[Violation]:
    """The only time and the only day in a sentence with the title of an event."""
    sentence = next((one for one in context.sentences_of(passage) if one.start <= at < one.end), None)
    if sentence is None or len(passage.prose.text[sentence.start : sentence.end]) <= len(occasion.title):
        return
    text = passage.prose.text[sentence.start : sentence.end]
    rest = text.lower().replace(occasion.title, "")
    if _OTHER.search(rest):
        return
    if occasion.whole or _says_day(context, passage, occasion, sentence):
        yield from _compare_time(context, passage, occasion, sentence)
    if occasion.whole or _says_place(occasion, rest):
        yield from _compare_day(context, passage, occasion, sentence)


def _says_day(context: Context, passage: Passage, occasion: _Occasion, sentence: Sentence) -> bool:
    """Whether a sentence has the day of the event, so that no other one can be meant."""
    found = next((dates for other, dates in context.dates if other is passage), ())
    day = occasion.session.date.exact
    inside = (written for written in found if sentence.start <= written.start < sentence.end)
    return any(len(one.days) == 1 and day in one.find_days(one.known_year or day.year) for one in inside if day)


def _says_place(occasion: _Occasion, rest: str) -> bool:
    """Whether a sentence has the place of the event."""
    place = (occasion.session.place or "").lower().split(",")[0]
    return len(place) > _LEAST_NOUN and place in rest and place != "online"


def _compare_time(context: Context, passage: Passage, occasion: _Occasion, sentence: Sentence) -> Iterator[Violation]:
    session = occasion.session
    times = _leave_ends(list(_TIME.finditer(passage.prose.text, sentence.start, sentence.end)))
    if len(times) != 1 or not session.starts or _read_time(times[0]) == session.starts:
        return
    if _read_time(times[0]) == session.ends and not _BEGINS.search(
        passage.prose.text[sentence.start : times[0].start()]
    ):
        return
    if _is_of_event(passage.prose.text, sentence, occasion.title, times[0].span()):
        line = _line(context, occasion, "starts")
        message = f"This says {times[0][0]}, but on line {line} the event starts at {session.starts}."
        yield violation_at(passage, times[0].span(), message, "Correct one of them.")


_BEGINS = re.compile(r"\b(?:is|starts|begins|meets|opens|takes place|held)(?: at| from)? \Z", re.IGNORECASE)


def _leave_ends(times: list[re.Match[str]]) -> list[re.Match[str]]:
    """The times of a sentence without the second one of “6pm to 7pm”."""
    ranged = len(times) > 1 and re.fullmatch(
        r" ?(?:to|until|–|-) ?", times[0].string[times[0].end() : times[1].start()]
    )
    return [times[0], *times[2:]] if ranged else times


def _compare_day(context: Context, passage: Passage, occasion: _Occasion, sentence: Sentence) -> Iterator[Violation]:
    found = next((dates for other, dates in context.dates if other is passage), ())
    dates = [written for written in found if sentence.start <= written.start < sentence.end]
    day = occasion.session.date.exact
    if len(dates) != 1 or not day or not _is_other_day(dates[0], day):
        return
    span = (dates[0].start, dates[0].end)
    if _is_of_event(passage.prose.text, sentence, occasion.title, span):
        line = _line(context, occasion, "date")
        message = f"This says {_name(dates[0])}, but on line {line} the event is on {format_day(day)}."
        yield violation_at(passage, span, message, "Correct one of them.")


_BETWEEN = re.compile(
    rf"(?:\W|\d|\b(?:is|are|on|at|from|takes?|taking|place|will|be|being|held|meets?|starts?|begins?|opens?|this|the|our|in|"
    rf"for|to|we|have|hold|promptly|online|am|pm|noon|midday|{'|'.join([*MONTHS, *WEEKDAYS])})\b)*",
    re.IGNORECASE,
)
"""What may be between the title of an event and its day or time. Other words may give them to something else."""


def _is_of_event(text: str, sentence: Sentence, title: str, span: tuple[int, int]) -> bool:
    """Whether a day or a time in a sentence is that of the event with this title."""
    begin = text.lower().find(title, sentence.start, sentence.end)
    end = begin + len(title)
    if begin < 0:
        return False
    if span[0] >= end:
        return bool(_BETWEEN.fullmatch(text, end, span[0]))
    # After a comma, the event is another one, unless the day begins the sentence: “On 9 June, the forum meets.”
    leads = span[0] - sentence.start <= len("At about ")
    return bool(_BETWEEN.fullmatch(text, span[1], begin)) and (leads or "," not in text[span[1] : begin])


def _line(context: Context, occasion: _Occasion, field: str) -> int:
    inside = () if isinstance(occasion.session, Event) else ("sessions", 0)
    return context.span(*occasion.place, *inside, field).line


def _is_other_day(written: WrittenDate, day: date) -> bool:
    found = written.find_days(written.known_year or day.year) if len(written.days) == 1 else ()
    if not found or found[0] is None or written.tense is Tense.PAST:
        return False
    return 0 < abs((found[0] - day).days) <= _SAME_EVENT


def _read_time(match: re.Match[str]) -> TimeOfDay:
    if match["noon"]:
        return TimeOfDay(_HALF_DAY, 0)
    if match["whole"]:
        return TimeOfDay(int(match["whole"]), int(match["past"]))
    later = _HALF_DAY if match["half"].lower() == "p" else 0
    return TimeOfDay(int(match["hour"]) % _HALF_DAY + later, int(match["minute"] or 0))


def _name(written: WrittenDate) -> str:
    return written.sentence[written.at : written.at + written.end - written.start]


# Campaigns and bookings

_ENDS = re.compile(
    r"\b(?:closes?|closing|ends?|finish(?:es)?|runs?|running|open|continues?|deadline|last day|final day)\b"
    r"(?P<between>(?: (?:at|on|is|the|for|until|to|till|noon|midday|midnight|\d{1,2}(?:[.:]\d\d)? ?[ap]m|"
    r"nominations|entries|applications|votes?))*)[ ,]*\Z",
    re.IGNORECASE,
)
_HAVE_UNTIL = re.compile(
    r"\b(?:you(?: still)? have|you can|votes?|voting|respond|replies|reply|have your say|take part|enter|nominate|"
    r"apply|sign|send|give|join)\b[^.;!?]{0,60}? (?:until|till)"
    r"(?: (?:the end of|noon|midday|midnight|at|\d{1,2}(?:[.:]\d\d)? ?[ap]m|on))*"
    r" *\Z",
    re.IGNORECASE,
)
"""How a text tells readers until when they can do what a campaign asks for: “You have until 5pm on”."""
_NEEDS_UNTIL = re.compile(r"\b(?:runs?|running|open|continues?)\b", re.IGNORECASE)


def _compare_end(context: Context, passage: Passage, written: WrittenDate) -> Iterator[Violation]:
    """The day on which a campaign’s text says that it ends."""
    section = context.issue.sections[passage.section] if passage.section is not None else None
    ends = section.ends.exact if isinstance(section, Campaign) and section.ends else None
    if not ends or not written.days or not _says_end(written):
        return
    last = written.find_days(written.known_year or ends.year)[-1]
    if last and last != ends and written.tense is not Tense.PAST:
        line = context.span("sections", passage.section or 0, "ends").line
        message = f"This says {_name(written)}, but on line {line} the campaign ends on {format_day(ends)}."
        yield violation_at(passage, (written.start, written.end), message, "Correct one of them.")


def _says_end(written: WrittenDate) -> bool:
    found = _ENDS.search(written.before)
    if _HAVE_UNTIL.search(written.before):
        return True
    if not found:
        return written.is_range and bool(re.search(r"\bruns?(?: from)? *\Z", written.before))
    needs_until = _NEEDS_UNTIL.match(found[0])
    return not needs_until or bool(re.search(r"\b(?:until|till|to)\b", found["between"]))


def _compare_booking(passage: Passage, written: WrittenDate) -> Iterator[Violation]:
    """The day by which a text asks readers to book."""
    record = passage.record
    booking = record if isinstance(record, Booking) else getattr(record, "book", None)
    by = booking.by.exact if isinstance(booking, Booking) and booking.by else None
    if not by or len(written.days) != 1 or not is_deadline(written) or not _BOOKS.search(written.before):
        return
    day = written.find_days(written.known_year or by.year)[0]
    if day and day != by:
        message = f"This says {_name(written)}, but booking ends on {format_day(by)}."
        yield violation_at(passage, (written.start, written.end), message, "Correct one of them.")


_BOOKS = re.compile(r"\b(?:book|register|sign up|reserve|enrol|apply)\b", re.IGNORECASE)
