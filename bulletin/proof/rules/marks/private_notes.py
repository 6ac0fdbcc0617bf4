"""Notes to oneself inside a text, where a # is no comment: readers would get them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.declaration.source import Span
from bulletin.issue.passages import Passage, TextFormat
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import report_anywhere
from bulletin.proof.rule import Example, Rule, rule, takes_precedence
from bulletin.settings.proof import Severity

_NOTE = re.compile(
    r"#+[ \t]*(?:check|write|todo|to do|fixme|note to self)[ \t]*:[^\n]{0,300}|^[ \t]*#+[ \t]*proof:[^\n]{0,300}",
    re.IGNORECASE | re.MULTILINE,
)
# A single # right below a line of text: a remark, more likely than a heading.
_REMARK = re.compile(r"(?<=\S)[ \t]*\n[ \t]*(#[ \t]+[^\n]{1,300})")
_REMEDY = "Delete it. For a note that only you see, put it above the text, at the beginning of its field’s line: # …"


@takes_precedence(3)
@rule(
    "MARK04",
    "note-in-text",
    severity=Severity.ERROR,
    reason="Inside a text a # is no comment: every reader gets the note, and in large letters.",
    wrong=[
        Example(
            text="We meet in the hall.\n# check: is the hall booked?\nPlease come.", at="# check: is the hall booked?"
        ),
        Example(text="We meet in the hall.\n# ask Sam about the hall\nPlease come.", at="# ask Sam about the hall"),
    ],
    right=[
        Example(text="We meet in the hall.\n\n# What to bring\n\nA pen."),
        Example(
            sections="""
            - kind: notice
              # check: is the hall booked?
              title: The champions meet
              text: We meet in the hall.
            """
        ),
    ],
)
def note_in_text(context: Context) -> Iterator[Violation]:
    """A note such as “# check: …” inside a text. A # right below a line of text is a warning: it may be a note."""
    yield from report_anywhere(context, _check)


def _check(passage: Passage) -> Iterator[Violation]:
    if "#" not in passage.written:
        return
    notes = [match.span() for match in _NOTE.finditer(passage.written)]
    for start, end in notes:
        shown = passage.written[start:end].split(":")[0].strip()
        yield Violation(
            span=_locate(passage, start, end),
            message=f"This is a note, but “{shown}” is inside the text, so every reader gets it.",
            remedy=_REMEDY,
        )
    for match in _REMARK.finditer(passage.written) if passage.format is TextFormat.TEXT else ():
        start, end = match.span(1)
        if not any(begin <= start < other for begin, other in notes):
            yield Violation(
                span=_locate(passage, start, end),
                message="Inside a text a # is no comment: readers get this line as a heading.",
                remedy="Delete it if it is a note. If it is a heading, leave a blank line before it.",
                severity=Severity.WARNING,
            )


def _locate(passage: Passage, start: int, end: int) -> Span:
    return passage.locate_written(start, start + len(passage.written[start:end].rstrip()))


RULES: tuple[Rule, ...] = (note_in_text,)
