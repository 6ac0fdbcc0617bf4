"""Dates: “this month”, “next month” and “recently” beside a date that contradicts them. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from bulletin.issue.dates import MONTHS, Month
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.written_dates import WrittenDate
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.dates.found_dates import first_day
from bulletin.settings.proof import Severity

_RELATIVE = re.compile(r"\b(?P<which>this|next|last) month\b|\b(?P<recently>recently)\b", re.IGNORECASE)
_OFFSETS = {"this": 0, "next": 1, "last": -1}
_COMPARED = re.compile(r"\b(?:than|as|since|from|until|of|for)(?: in| on| the)*\s*\Z", re.IGNORECASE)
_RECENT = 100  # days
_MOST_BESIDE = 20  # dates of a sentence that are compared with its words


@rule(
    "DATE04",
    "relative-month",
    severity=Severity.WARNING,
    reason="You write “next month” weeks before it is read. Beside another date, readers can’t tell which is right.",
    wrong=[Example(text="Next month, on 18 May 2021, the Executive meets.", at="Next month")],
    right=[Example(text="Next month, on 15 June 2021, the Executive meets.")],
)
def relative_month(context: Context) -> Iterator[Violation]:
    """“This month”, “next month” or “recently” beside a date that contradicts it."""
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
                    f"“{match[0]}” doesn’t match the date beside it, which is {wrong}.",
                    f"Name the month, or correct the date: this is the issue of {context.month}.",
                )


def _contradict(context: Context, match: re.Match[str], dates: Sequence[WrittenDate]) -> str:
    """The date in the same sentence that contradicts the words; "" if none does."""
    beside = [written for written in dates[:_MOST_BESIDE] if _is_beside(written, match)]
    known = [(written, day) for written in beside if (day := first_day(_in_year(written, context)))]
    if match["recently"]:
        others = [written for written, day in known if (context.issue.published - day).days > _RECENT]
    else:
        meant = context.month + _OFFSETS[match["which"].lower()]
        others = [written for written, day in known if Month(day.year, day.month) != meant]
    return _name(others[0], context) if others and len(others) == len(known) else ""


def _is_beside(written: WrittenDate, match: re.Match[str]) -> bool:
    same = written.sentence_start <= match.start() < written.sentence_start + len(written.sentence)
    return same and not _COMPARED.search(written.before)


def _in_year(written: WrittenDate, context: Context) -> WrittenDate:
    if written.known_year:
        return written
    return replace(written, near_year=context.issue.published.year)


def _name(written: WrittenDate, context: Context) -> str:
    return f"in {MONTHS[written.month - 1]} {written.known_year or context.issue.published.year}"


RULES: tuple[Rule, ...] = (relative_month,)
