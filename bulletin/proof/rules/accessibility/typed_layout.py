"""Accessibility: tables and lists that are drawn with characters. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from bulletin.declaration.data_tables import MOST_COLUMNS, split_cells
from bulletin.issue.passages import Passage, TextFormat
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.typed_lines import SIGNS
from bulletin.proof.reporting import report_anywhere
from bulletin.proof.rule import Example, Rule, rule, takes_precedence
from bulletin.settings.proof import Severity

_CELLS = re.compile(r"[^|\s][^|\n]*")
_GAP = re.compile(r"(?<=\S)(?:[ \t]{3,}|\t)(?=\S)")
_LONE_BULLET = re.compile(rf"^[ \t]*([{SIGNS}–—-])[ \t]*$")
_TYPED_BULLET = re.compile(rf"^[ \t]*([{SIGNS}])[ \t\xa0]*\S")
# Bullets only where several lines begin with one: Word's o, letters of Wingdings, hyphens without spaces.
_MAYBE_BULLET = re.compile(
    r"^[ \t]*(?:([o§ØŸüvð»☐☑→➔✓✔])[ \t\xa0]+(?=\S)|([-*+–—])(?=[^\W\d])|([–—])[ \t\xa0]+(?=\S)"
    r"|(\d{1,2}[.)])(?=[^\W\d]))"
)
_LETTERS = "oØŸüvð"
_INLINE_BULLETS = re.compile(r"(?:^|:)[ \t]*•[^•\n]*•|•[^•\n]*•[^•\n]*•")
_HYPHENS = re.compile(r"[ \t>]*[-|:][-|: \t]*$")
_RULED_LINE = re.compile(r"(?:^|(?<=[ |]))\|?[ ]?:?-{3,}:?[ ]?\|[ ]?:?-{3,}:?")


@takes_precedence(2)
@rule(
    "ACC09",
    "drawn-with-characters",
    severity=Severity.ERROR,
    reason="Tables and lists made of characters fall apart in an email, and are read out character by character.",
    wrong=[
        Example(text="| Day | Morning |\n| Monday | 9am |\n| Friday | closed |", at="| Day | Morning |"),
        Example(text="Age          Morning     Whole day\nBabies       £31         £58", at="Age          Morning"),
        Example(text="The workshops will cover:\n\n•\nsafe sleep\n•\nhome visits", at="•"),
        Example(text="The workshops will cover:\n\no safe sleep\no home visits", at="o"),
    ],
    right=[
        Example(
            text="Table: When we are open\n\n| Day | Morning |\n| --- | --- |\n| Monday | 9am |\n| Friday | closed |"
        ),
        Example(text="- On Mondays: 9am to midday\n- On Fridays: closed"),
        Example(text="Call 01632 960 000 | Monday to Friday"),
    ],
)
def drawn_with_characters(context: Context) -> Iterator[Violation]:
    """A table made of tabs or spaces, or of | in another way than Markdown’s; bullets apart from their text, or signs.

    Columns made with spaces or tabs alone are a warning. A table in Markdown has a line of hyphens below its headings.
    """
    yield from report_anywhere(context, _check)


def _check(passage: Passage) -> Iterator[Violation]:
    if passage.format is TextFormat.TEXT:
        tables = {at for table in passage.prose.tables for at in table.line_starts}
        lines = [(at, "" if at in tables else line) for at, line in _list_lines(passage.written)]
        yield from _check_tables(passage, lines)
        yield from _check_bullets(passage, lines)


def _list_lines(text: str) -> list[tuple[int, str]]:
    """Each line and its place in the text."""
    lines, at = [], 0
    for line in text.split("\n"):
        lines.append((at, line))
        at += len(line) + 1
    return lines


def _check_tables(passage: Passage, lines: list[tuple[int, str]]) -> Iterator[Violation]:
    if any("|" in line for _, line in lines):
        ruled = next((index for index, (_, line) in enumerate(lines) if "--" in line and _is_ruled(line)), None)
        if ruled is not None:
            yield _explain_ruled(passage, lines, ruled)
            return
    for columns, together in groupby(lines, key=lambda line: _count_columns(line[1])):
        rows = list(together)
        start, line = rows[0]
        fewest = 2 if columns > 2 or line.lstrip().startswith("|") else 3
        if columns > 1 and len(rows) >= fewest:
            begin = start + len(line) - len(line.lstrip())
            yield Violation(
                span=passage.locate_written(begin, start + len(line.rstrip())),
                message=f"This is a table drawn with characters: {len(rows)} rows, {columns} columns.",
                remedy=_explain_table(line, columns),
                severity=None if any("|" in row for _, row in rows) else Severity.WARNING,
            )


def _is_ruled(line: str) -> bool:
    """Whether a line is, or has, the hyphens below the headings of a table."""
    return bool(_RULED_LINE.search(line) or ("|" in line and _HYPHENS.match(line)))


def _explain_table(first: str, columns: int) -> str:
    """How to write the table whose first row this is."""
    if columns > MOST_COLUMNS:
        return "Write a sentence or an entry of a list for each row, or link to a page that has the table."
    hyphens = f"| {' | '.join(['---'] * columns)} |"
    if "|" in first:
        return f"Type {hyphens} on a line of its own below the headings of the columns, and readers get a table."
    row = f"| {' | '.join(_GAP.split(first.strip()))} |"
    return f"Type {row}, below it {hyphens}, and then each row in the same way: readers get a table."


def _explain_ruled(passage: Passage, lines: list[tuple[int, str]], ruled: int) -> Violation:
    """Why readers don’t get a table in Markdown, from its first row to its last; or its one line, joined by YAML."""
    first = last = ruled
    while first > 0 and "|" in lines[first - 1][1]:
        first -= 1
    while last + 1 < len(lines) and "|" in lines[last + 1][1]:
        last += 1
    begin, end = lines[first][0], lines[last][0] + len(lines[last][1].rstrip())
    above = lines[ruled - 1][1] if first < ruled else ""
    message, remedy = _find_cause(lines[ruled][1], above)
    span = passage.locate_written(begin + len(lines[first][1]) - len(lines[first][1].lstrip()), end)
    return Violation(span=span, message=message, remedy=remedy)


def _find_cause(hyphens: str, above: str) -> tuple[str, str]:
    """What keeps a line of hyphens and the line above it from being a table, and what to do."""
    if not _HYPHENS.match(hyphens):
        message = "The rows of this table are on one line."
        return message, "Type | behind the name of the field, and each row on a line of its own below it."
    if not above:
        return "This table has no headings.", "Type the headings of its columns on the line above the hyphens."
    parts, cells = len(split_cells(hyphens)), len(split_cells(above))
    if parts != cells:
        message = f"The line of hyphens has {parts} part{'s' if parts > 1 else ''}, and the line above it has {cells}."
        return message, f"Type | {' | '.join(['---'] * cells)} | below the headings."
    message = "This table is indented, so readers see it as it is typed."
    return message, "Begin its rows where the lines around it begin."


def _count_columns(line: str) -> int:
    """The number of columns in a line; 0 if it is not part of a table."""
    if line.count("|") >= 2 or (line.count("|") == 1 and " | " in line):
        return len(_CELLS.findall(line))
    return len(_GAP.findall(line.strip())) + 1 if _GAP.search(line.strip()) else 0


def _check_bullets(passage: Passage, lines: list[tuple[int, str]]) -> Iterator[Violation]:
    """A violation at the first bullet of each kind, in a text that is not a proper list."""
    told = set()
    for start, line in lines:
        lone, typed = _LONE_BULLET.match(line), _TYPED_BULLET.match(line)
        match = (lone if lone and lone[1] not in "-–—" else None) or typed
        if match and match[1] not in told:
            told.add(match[1])
            yield Violation(
                span=passage.locate_written(start + match.start(1), start + match.end(1)),
                message="This bullet is separate from its text, so it isn’t a list." if lone else _explain(match[1]),
                remedy=_AS_LIST,
            )
    several = _find_several(lines)
    if several and several[1][0].strip()[0] not in told:
        start, match = several
        yield Violation(
            span=passage.locate_written(start + match.start(), start + match.end()),
            message=_explain(match[0].strip()),
            remedy=_AS_LIST,
        )


_AS_LIST = "Write each entry on one line: a hyphen, a space and its words."


def _explain(sign: str) -> str:
    if "\ue000" <= sign <= "\uf8ff":
        return "This bullet is a character of Word’s own: readers see an empty box, and no list."
    if sign in ("-", "*", "+"):
        return f"After “{sign}” a space is missing, so this isn’t a list."
    if sign[0].isdigit():
        return f"After “{sign}” a space is missing, so this isn’t a list."
    return "A bullet that is typed as a sign makes no list: readers get one long line."


def _find_several(lines: list[tuple[int, str]]) -> tuple[int, re.Match[str]] | None:
    """The first of at least two lines that begin with a sign that alone is no bullet; or several bullets in a line."""
    first: dict[str, tuple[int, re.Match[str]]] = {}
    before = ""
    for start, line in lines:
        begins, before = not before.strip() or before.rstrip().endswith(":"), line
        if match := _MAYBE_BULLET.match(line):
            sign = "1" if match[0].strip()[0].isdigit() else match[0].strip()
            if sign in first:
                return first[sign]
            if begins or sign not in _LETTERS:  # in Welsh, a line may begin with the word “o”
                first[sign] = (start, match)
        elif match := _INLINE_BULLETS.search(line):
            return start, match
    return None


RULES: tuple[Rule, ...] = (drawn_with_characters,)
