"""Accessibility: headings that skip a level. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from bulletin.declaration.prose import BlockKind, ProseBlock
from bulletin.declaration.source import Span
from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import violation_in_theme
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.theme.theme_files import ThemeFile
from bulletin.settings.proof import Severity


@rule(
    "ACC01",
    "heading-order",
    severity=Severity.WARNING,
    reason="Readers who listen jump from heading to heading. A missing level sounds like missing content.",
    wrong=[
        Example(text="## What helped\n\nThe nurse came back.\n\n#### At night\n\nNo one came.", at="#### At night"),
        Example(text="The nurse came back.\n\n## Volunteer with us", at="## Volunteer with us"),
        Example(
            files={"templates/email/parts/help.html.j2": "{# theme 2 #}<tr><td>\n<h4>Help</h4>\n</td></tr>\n"},
            at="<h4>Help</h4>",
        ),
    ],
    right=[
        Example(text="## What helped\n\nThe nurse came back.\n\n### At night\n\nNo one came."),
        Example(files={"templates/email/parts/help.html.j2": "{# theme 2 #}<tr><td>\n<h2>Help</h2>\n</td></tr>\n"}),
    ],
)
def heading_order(context: Context) -> Iterator[Violation]:
    """A heading without text or with nothing below it, or more than one level below the one before it.

    It may be in a text, or in your own theme.
    """
    for passage in context.texts:
        headings = [block for block in passage.prose.blocks if block.kind is BlockKind.HEADING]
        empty = [block for block in headings if not passage.prose.text[block.start : block.end].strip()]
        for _, marks in zip(empty, _ONLY_MARKS.finditer(passage.written), strict=False):
            message = "This heading has no text: readers who listen hear “heading”, and nothing else."
            yield Violation(span=passage.locate_written(*marks.span()), message=message, remedy="Delete it.")
        yield from _check_bare(passage, empty)
        for before, after in pairwise(headings):
            if after.level > before.level + 1:
                yield Violation(
                    span=_whole_line(passage, after.start),
                    message=f"This heading is level {after.level}, but the one before it is level {before.level}.",
                    remedy=f"Begin it with {'#' * (before.level + 1)}.",
                )
    yield from _check_theme_headings(context)


def _check_bare(passage: Passage, empty: list[ProseBlock]) -> Iterator[Violation]:
    """Headings with nothing below them: another one of their level follows, or the text ends."""
    blocks = passage.prose.blocks
    for block, below in zip(blocks, (*blocks[1:], None), strict=True):
        ends = below is None or (below.kind is BlockKind.HEADING and below.level <= block.level)
        if block.kind is BlockKind.HEADING and ends and block not in empty:
            yield Violation(
                span=_whole_line(passage, block.start),
                message="Nothing is below this heading.",
                remedy="Write what it announces, or delete it.",
            )


_ONLY_MARKS = re.compile(r"^ *#{1,6}[ #]*$", re.MULTILINE)


def _whole_line(passage: Passage, start: int) -> Span:
    """The line of a heading, with its # signs."""
    at = passage.prose.offsets[start]
    begin = passage.written.rfind("\n", 0, at) + 1
    end = passage.written.find("\n", at)
    return passage.locate_written(begin, end if end >= 0 else len(passage.written))


def _check_theme_headings(context: Context) -> Iterator[Violation]:
    """Check the headings of the rendered email if the workspace has changed its theme."""
    if not context.own_theme or not context.edition:
        return
    from bulletin.proof.theme.rendered import read_page

    level = 0
    for after, words in read_page(context.edition.html).list_headings():
        if after > level + 1:
            yield violation_in_theme(
                _find_heading(context.own_theme, after),
                rf"<h{after}\b[^\n]*",
                f"The heading “{words}” is level {after}, but the one before it is level {level}."
                if level
                else f"The first heading, “{words}”, is level {after}.",
                f"Make it <h{level + 1}>.",
            )
            return
        level = after


def _find_heading(files: tuple[ThemeFile, ...], level: int) -> ThemeFile:
    return next((file for file in files if f"<h{level}" in file.text), files[0])


RULES: tuple[Rule, ...] = (heading_order,)
