"""Find dates in running text, and tell by the sentence whether each is past or still to come. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from bulletin.declaration.prose import Prose
from bulletin.issue.dates import MONTHS, WEEKDAYS
from bulletin.proof.reading.sentences import Sentence, cut_sentences

_MONTH_NAMES = "|".join([*MONTHS, *(name[:3] for name in MONTHS if len(name) > 3), "Sept"])
_DAY_NAMES = "|".join([*WEEKDAYS, "Tues", "Weds", "Thurs", "Thur", *(name[:3] for name in WEEKDAYS)])
_NUMBER = r"[0-9]{1,2}(?:st|nd|rd|th)?"
_DATE = re.compile(
    rf"(?:\b(?P<weekday>{_DAY_NAMES})\b(?: morning| afternoon| evening| lunchtime| night)?,? (?:the )?)?"
    rf"(?<![0-9.,:£/-])\b(?P<days>{_NUMBER}(?:(?:, | and | or | to | ?[–-] ?)(?:(?:{_DAY_NAMES}),? )?{_NUMBER}){{0,8}})"
    rf"(?: of)? (?P<month>{_MONTH_NAMES})\b(?:,? (?P<year>(?:19|20)[0-9][0-9])\b)?"
)
_TURNED = re.compile(
    rf"\b(?P<month>{'|'.join(MONTHS)}) (?P<days>{_NUMBER})(?=[,.;:)]|$)(?:, (?P<year>20[0-9][0-9])\b)?"
)
_MONTH = re.compile(rf"\b(?P<month>{_MONTH_NAMES}) (?P<year>(?:19|20)[0-9][0-9])\b")
_IN_DAYS = re.compile(rf"(?P<weekday>{_DAY_NAMES})?,? ?(?P<day>[0-9]{{1,2}})")
_RANGE = re.compile(r"( to | ?[–-] ?)")


class Tense(StrEnum):
    """What a sentence says about a date."""

    COMING = "coming"
    PAST = "past"


@dataclass(frozen=True, kw_only=True)
class WrittenDate:
    """A date in a text: its place in the prose, and its parts as written. `days` is () for a month with a year.

    `weekdays` has the name before each day, or "". `near_year` is the year of another date close by, for a date that
    is written without its year.
    """

    start: int
    end: int
    days: tuple[int, ...]
    weekdays: tuple[str, ...]
    month: int
    year: int | None
    near_year: int | None
    is_range: bool
    sentence: str
    at: int  # where it begins in its sentence

    @property
    def known_year(self) -> int | None:
        return self.year or self.near_year

    def find_days(self, year: int) -> tuple[date | None, ...]:
        """Each of its days in that year; None for a day that doesn't exist."""
        return tuple(_make_day(year, self.month, day) for day in self.days)

    @cached_property
    def tense(self) -> Tense | None:
        """Whether its sentence says that it is past or still to come; None if that is not clear."""
        return _find_tense(self.sentence, self.at, self.at + self.end - self.start)

    @property
    def before(self) -> str:
        """The words before it in its sentence, as far as they can be about it."""
        return self.sentence[max(0, self.at - _AROUND) : self.at]

    @property
    def around(self) -> str:
        """The words on either side in its sentence, as far as they can be about it."""
        return self.sentence[max(0, self.at - _AROUND) : self.at + self.end - self.start + _AROUND]

    @property
    def sentence_start(self) -> int:
        """Where its sentence begins in the prose."""
        return self.start - self.at


def find_written_dates(prose: Prose, cut: Callable[[], Iterable[Sentence]] | None = None) -> Iterator[WrittenDate]:
    """Every date in a text, in order. `cut` returns its sentences if they have been split already."""
    if not _MAY_HOLD_DATE.search(prose.text):
        return
    for sentence in cut() if cut else cut_sentences(prose):
        text = prose.text[sentence.start : sentence.end]
        matches = _match(text)
        near: int | None = None
        found: list[WrittenDate] = []
        for match, after in zip(reversed(matches), [None, *reversed(matches)], strict=False):
            beside = after is not None and after.start() <= match.end() + _NEAR
            near = int(match["year"]) if match["year"] else near if beside else None
            found.append(_read(match, sentence, text, near))
        yield from reversed(found)


_MAY_HOLD_DATE = re.compile(_MONTH_NAMES)
_AROUND = 300  # characters: in longer sentences, words further away are not about the date
_NEAR = 40  # characters within which a later date lends its year: “from 31 May to 4 June 2021”


def _match(text: str) -> list[re.Match[str]]:
    """The dates in a sentence: first day and month, then months with a year and dates such as “March 8”."""
    found = list(_DATE.finditer(text))
    for pattern in (_MONTH, _TURNED):
        starts, ends = [match.start() for match in found], [match.end() for match in found]
        free = [match for match in pattern.finditer(text) if bisect_left(starts, match.end()) == _passed(ends, match)]
        found = sorted([*found, *free], key=lambda match: match.start())
    return found


def _passed(ends: list[int], match: re.Match[str]) -> int:
    """How many dates end before this one begins. If the same number begin before it ends, it overlaps none."""
    return bisect_right(ends, match.start())


def _read(match: re.Match[str], sentence: Sentence, text: str, near: int | None) -> WrittenDate:
    groups = match.groupdict()
    days = list(_IN_DAYS.finditer(groups.get("days") or ""))
    names = [found["weekday"] or "" for found in days]
    if names and groups.get("weekday"):
        names[0] = groups["weekday"]
    return WrittenDate(
        start=sentence.start + match.start(),
        end=sentence.start + match.end(),
        days=tuple(int(found["day"]) for found in days),
        weekdays=tuple(names),
        month=_read_month(match["month"]),
        year=int(match["year"]) if match["year"] else None,
        near_year=near,
        is_range=bool(_RANGE.search(groups.get("days") or "")),
        sentence=text,
        at=match.start(),
    )


def _read_month(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name[:3]))


def read_weekday(name: str) -> int | None:
    """The number of a weekday, 0 for Monday as in `date.weekday`; None if there is no name."""
    return next((number for number, day in enumerate(WEEKDAYS) if name and day.startswith(name[:3])), None)


def _make_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_CLAUSE = re.compile(
    r"[,;:()–—]|\b(?:and|but|or|that|which|who|when|where|while|so|because|after|before|if|until|than|as|whose)\b"
)
_COMING = (
    r"will|(?:is|are) (?:also |now |next |then )?(?:to|going to|due)|(?:is|are) being held|due to|due|going to|"
    r"look(?:s|ing)? forward to|takes? place|is taking place|taking place|comes? into force|takes? effect|"
    r"meets?(?: next| again)?|begins?|starts?|opens?|closes?|launches|ends?|follows|join us|come along|"
    r"book|register|sign up|save the date|keep|upcoming|forthcoming|planned|scheduled|expected"
)
_PASSED = (
    r"met|came|went|held|ran|took place|was|were|began|gave|heard|saw|spoke|told|led|won|had|made|became|brought|"
    r"ended|closed|opened|launched|published|joined|attended|reviewed|discussed|approved|visited|completed|started|"
    r"finished|welcomed|hosted|celebrated|presented|reported|interviewed|reopened|happened"
)
_NEUTRAL = (
    r"has|have|been|planned|scheduled|expected|invited|arranged|moved|postponed|booked|agreed|decided|confirmed|"
    r"announced|extended|delayed|proposed|asked|hoped|fixed|changed|set|born|chose|chosen|called"
)
_MARKER = re.compile(
    rf"\b(?:(?P<neutral>{_NEUTRAL})|(?P<past>{_PASSED})|(?P<coming>{_COMING}))\b|(?P<passed>\b[a-z]{{3,14}}ed\b)",
    re.IGNORECASE,
)
_NOT_PAST_AFTER = frozenset(
    {
        "be",
        "been",
        "being",
        "is",
        "are",
        "to",
        "will",
        "get",
        "gets",
        "well",
        "newly",
        "has",
        "have",
        "had",
        "was",
        "were",
    }
)
_SUBJECTS = frozenset({"we", "they", "it", "he", "she", "i", "who", "that", "also", "jointly", "has"})
_LEADS_TO_COMING = re.compile(
    r"(?:^|\b(?:on|in|by|before|until|during|at|next|this|than|again|is|are|be)) *\Z", re.IGNORECASE
)
_LEADS_TO_PAST = re.compile(r"(?:^|\b(?:on|in|during|last)) *\Z", re.IGNORECASE)
_REACH = 90  # characters on either side of a date in which a verb may be about it


def _find_tense(sentence: str, start: int, end: int) -> Tense | None:
    before = sentence[max(0, start - _REACH) : start]
    lead = re.sub(r"\bthe *\Z", "", before)
    clause = _CLAUSE.split(before)[-1]
    # In “is going to open” and “had been due to end”, the words before “to” give the tense.
    markers = [match for match in _MARKER.finditer(clause) if not clause[: match.start()].endswith("to ")]
    if markers:
        found = _read_marker(markers[-1], clause)
    elif len(before.split()) <= 1:  # the date begins its sentence, so the verb comes after it
        after = sentence[end : end + _REACH].lstrip(" ,")
        clause = re.split(r"[,;:]| and ", after)[0]
        first = _MARKER.search(clause)
        found = _read_marker(first, clause) if first else None
    else:
        return None
    if found is Tense.COMING:
        return found if _LEADS_TO_COMING.search(lead) else None
    return found if found is Tense.PAST and _LEADS_TO_PAST.search(lead) else None


def _read_marker(match: re.Match[str], clause: str) -> Tense | None:
    words = clause[: match.start()].split()
    word_before = words[-1] if words else ""
    if match["neutral"]:
        return None
    if match["coming"]:
        return None if word_before.lower() in ("had", "was", "were", "been") else Tense.COMING
    if word_before.lower() in _NOT_PAST_AFTER:
        return Tense.COMING if any(word.lower() in ("will", "to") for word in words[-2:]) else _passive(word_before)
    if match["past"]:
        return Tense.PAST
    return Tense.PAST if word_before.lower() in _SUBJECTS or word_before[:1].isupper() else None


def _passive(word_before: str) -> Tense | None:
    """“Was held” is past; “has been held” and “is published” can be about either."""
    return Tense.PAST if word_before.lower() in ("was", "were") else None
