"""Typography: times of day. Pure.

The style is that of GOV.UK and of an issue's own fields: “9:30am”, “5pm”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.issue.dates import TimeOfDay
from bulletin.issue.item import Session
from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.lexicon import read_words
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_TIME = re.compile(
    r"(?<![\w.:£/-])(\d{1,2})(?:([.:])(\d{2}))?[ \u00a0]?([AaPp])(\.?)[Mm](\.?)(?![\w])",
)
_BE = re.compile(r"\s+I\b")  # after “am”: in “Room 9 am I in?” it is a verb
_FULL_CLOCK = re.compile(r"(?<![\w.:£/-])([01]\d|2[0-3]):([0-5]\d)(?![\w:]|\.\d|[ \u00a0]?[AaPp]\.?[Mm]\b)")


@rule(
    "LANG13",
    "time-style",
    severity=Severity.WARNING,
    reason="Readers find a time at a glance if all times look alike, in texts and in lists of sessions.",
    wrong=[
        Example(text="The forum starts at 9.30 am.", at="9.30 am"),
        Example(text="The forum starts at 9:30 a.m. in the hall.", at="9:30 a.m"),
        Example(text="The forum lasts from 9am to 14:00 that day.", at="14:00"),
    ],
    right=[
        Example(text="The forum lasts from 9:30am to 2pm. The ratio is 1:8, or 12:30 by another count."),
        Example(text="The forum starts at 9.30am.", settings="proof:\n  times: 5.30pm\n"),
    ],
)
def time_style(context: Context) -> Iterator[Violation]:
    """A time of day that is not written in the form 9:30am (with `proof: times: 5.30pm`, 9.30am)."""
    point = context.settings.proof.house.times[1]
    halves = any(isinstance(record.value, Session) and record.value.starts for record in context.records)
    for passage, match in context.matches(_TIME):
        halves = True
        yield from _check_time(passage, match, point)
    if halves:
        for passage in context.texts:
            yield from _find_full_clock(passage, point)


def _check_time(passage: Passage, match: re.Match[str], point: str) -> Iterator[Violation]:
    hour, minute = int(match[1]), int(match[3] or 0)
    if not 1 <= hour <= 12 or minute > 59 or _BE.match(passage.prose.text, match.end()):
        return
    written, text = match[0], passage.prose.text
    right = f"{hour}{f'{point}{match[3]}' if match[3] else ''}{match[4].lower()}m"
    end = match.end()
    if match[6] and not match[5]:  # “9:30am.” ends a sentence
        written, end = written[:-1], end - 1
    if written == right:
        return
    followed = text[end : end + 2]
    if match[6] and match[5] and (not followed.strip() or followed.startswith("\n")):
        written, end = written[:-1], end - 1  # its last full stop also ends the sentence
    yield violation_at(
        passage,
        (match.start(), end),
        f"“{written}” isn’t in the style of other times.",
        f"Write {right}.",
        replacement=right,
    )


def _find_full_clock(passage: Passage, point: str) -> Iterator[Violation]:
    text = passage.prose.text
    for match in _FULL_CLOCK.finditer(text):
        before = text[max(0, match.start() - 12) : match.start()].split()
        if (match.start() < 2 or (before and before[-1].lower().strip("(") in read_words("clock"))) or text[
            match.start() - 1
        ] in "–(":
            right = str(TimeOfDay(int(match[1]), int(match[2]))).replace(":", point)
            yield violation_at(
                passage,
                match,
                f"“{match[0]}” is in the 24-hour clock; other times here use am and pm.",
                f"Write {right}.",
                replacement=right,
            )


RULES: tuple[Rule, ...] = (time_style,)
