"""Accessibility: tables without a caption or without headings, and tables that are too large. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.declaration.data_tables import MOST_COLUMNS, MOST_ROWS
from bulletin.declaration.prose import ProseRow, ProseTable
from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import report_anywhere
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity


@rule(
    "ACC11",
    "table-without-caption",
    severity=Severity.WARNING,
    reason="Screen readers announce a table by its caption, and in plain text only the caption says what the rows are.",
    wrong=[
        Example(text="| Day | Morning |\n| --- | --- |\n| Monday | 9am |\n| Friday | closed |", at="| Day | Morning |"),
        Example(
            text="Our clinics in May:\n\n| Town | Room |\n| --- | --- |\n| Erith | 4 |\n| Sidcup | 2 |",
            at="| Town | Room |",
        ),
    ],
    right=[
        Example(
            text="Table: When we are open\n\n| Day | Morning |\n| --- | --- |\n| Monday | 9am |\n| Friday | closed |"
        ),
    ],
)
def table_without_caption(context: Context) -> Iterator[Violation]:
    """A table without a line above it that begins with “Table:” and says what the table shows."""
    yield from report_anywhere(context, _check_captions)


def _check_captions(passage: Passage) -> Iterator[Violation]:
    for table in passage.prose.tables:
        if not table.caption.strip():
            yield _report(
                passage,
                table.rows[0],
                "This table has no caption.",
                "Type “Table: ” and what it shows on the line above it, as in “Table: What children said”.",
            )


@rule(
    "ACC12",
    "table-hard-to-read",
    severity=Severity.ERROR,
    reason="On phones and in plain text each row is a block: its first cell, then the others, each behind its heading.",
    wrong=[
        Example(
            text="Table: Places\n\n| Course | May | June | July | August |\n| --- | --- | --- | --- | --- |\n"
            "| First aid | 4 | 2 | 0 | 9 |",
            at="| Course | May | June | July | August |",
        ),
        Example(
            text="Table: When we are open\n\n| Day | |\n| --- | --- |\n| Monday | 9am |\n| Friday | closed |",
            at="| Day | |",
        ),
        Example(
            text="Table: When we are open\n\n| Day | Hours |\n| --- | --- |\n| Monday | 9am |\n| | 2pm |",
            at="| | 2pm |",
        ),
    ],
    right=[
        Example(
            text="Table: Places\n\n| | May | June |\n| --- | --: | --: |\n| First aid | 4 | |\n| Records | 3 | 7 |"
        ),
    ],
)
def table_hard_to_read(context: Context) -> Iterator[Violation]:
    """A table with more than 4 columns or 12 rows, with one column, without rows, or without a heading.

    A column or a row without a heading, and a table of one column, are a warning. The first heading can be empty.
    """
    yield from report_anywhere(context, _check_tables)


def _check_tables(passage: Passage) -> Iterator[Violation]:
    for table in passage.prose.tables:
        yield from _check_size(passage, table)
        yield from _check_headings(passage, table)


def _check_size(passage: Passage, table: ProseTable) -> Iterator[Violation]:
    head, *rows = table.rows
    if len(head.cells) > MOST_COLUMNS:
        message = f"This table has {len(head.cells)} columns; an email has room for {MOST_COLUMNS}."
        yield _report(passage, head, message, _SHORTEN.format("columns"))
    if len(rows) > MOST_ROWS:
        message = f"This table has {len(rows)} rows; readers of an email follow {MOST_ROWS}."
        yield _report(passage, rows[MOST_ROWS], message, _SHORTEN.format("rows"))
    if not rows:
        remedy = "Type the rows below the line of hyphens, without an empty line between."
        yield _report(passage, head, "This table has headings and no rows.", remedy)
    elif len(head.cells) == 1:
        remedy = "Write a list: each entry on a line of its own, with a hyphen and a space before it."
        yield _report(passage, head, "This table has one column.", remedy, severity=Severity.WARNING)


_SHORTEN = "Leave {} out, make two tables of it, or link to a page that has the whole table."


def _check_headings(passage: Passage, table: ProseTable) -> Iterator[Violation]:
    head, *rows = table.rows
    for number, words in enumerate(head.cells[1:], start=2):
        if not words.strip():
            message = f"Column {number} of this table has no heading."
            yield _report(passage, head, message, "Type one: it introduces each cell.", severity=Severity.WARNING)
    for row in rows:
        if not row.cells[0].strip() and len(head.cells) > 1:
            remedy = "Type what the row is about into its first cell."
            yield _report(passage, row, "This row has no heading.", remedy, severity=Severity.WARNING)


def _report(
    passage: Passage, row: ProseRow, message: str, remedy: str, *, severity: Severity | None = None
) -> Violation:
    """A violation at a row, from its first character to its last."""
    line = passage.written[row.begin : row.end]
    begin = row.begin + len(line) - len(line.lstrip())
    span = passage.locate_written(begin, row.begin + len(line.rstrip()))
    return Violation(span=span, message=message, remedy=remedy, severity=severity)


RULES: tuple[Rule, ...] = (table_without_caption, table_hard_to_read)
