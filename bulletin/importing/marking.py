"""The words of an old bulletin as Markdown that shows them unchanged. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bulletin.declaration.data_tables import MOST_COLUMNS, MOST_ROWS
from bulletin.declaration.markup import escape_marks, refuse_address
from bulletin.importing.blocks import Block, Cell, Role, Run, find_words, join_cells

LONGEST_KEPT = 45
"""Letters: a line up to this length stays a line of its own, unless the next one begins with a small letter."""
_START = re.compile(r"(?=[-+=>#~|])|(?=:[-:| ]*$)|(?<=^)(\d{1,9})(?=[.)](?:\s|$))")


def escape_start(line: str) -> str:
    """A line, escaped so that it doesn't begin a list, a heading, a quotation or a rule."""
    match = _START.match(line)
    if not match:
        return line
    end = match.end()
    return f"{line[:end]}\\{line[end:]}"


def write_runs(runs: Iterable[Run]) -> str:
    """Runs as one line of Markdown, with their emphasis, and with the links that an email can have."""
    given = list(runs)
    sides = zip([None, *given[:-1]], given, [*given[1:], None], strict=True)
    written = "".join(_write_run(run, before=before, after=after) for before, run, after in sides)
    return written.replace("![", "\\![")  # before a link, ! would make it a picture


def is_usable(link: str) -> bool:
    """Whether an issue can have this link."""
    return not refuse_address(link) and not re.search(r"[\s<>()\\]|&#?\w+;", link)


def _write_run(run: Run, *, before: Run | None, after: Run | None) -> str:
    text = escape_marks(run.text)
    inner = text.strip()
    if not inner:
        return text
    if not run.link or not is_usable(run.link):
        mark = "**" * run.strong + "*" * run.slanted
        return text.replace(inner, f"{mark}{inner}{mark}", 1) if mark and _stands_apart(run, before, after) else text
    if run.text.strip() == run.link and run.link.isascii():
        return text.replace(escape_marks(run.link), f"<{run.link}>")
    return text.replace(inner, f"[{inner}]({run.link})", 1)


def _stands_apart(run: Run, before: Run | None, after: Run | None) -> bool:
    """Whether Markdown reads marks around a run as emphasis. Inside a word they would be asterisks."""
    opens = before is None or run.text[0].isspace() or before.text[-1].isspace() or _opens_with_bracket(before)
    closes = after is None or run.text[-1].isspace() or after.text[0].isspace() or _closes_plainly(after)
    return opens and closes and any(char.isalnum() for char in run.text)


def _opens_with_bracket(before: Run) -> bool:
    return before.text[-1] in "(“‘" and not before.strong and not before.slanted


def _closes_plainly(after: Run) -> bool:
    return after.text[0] in ".,;:!?)”’" and not after.strong and not after.slanted


def write_blocks(blocks: Iterable[Block]) -> str:
    """Blocks as Markdown: paragraphs and headings with blank lines between, entries as lists, and tables.

    The rows of a table that is no simple one are a list.
    """
    written = ""
    margins: list[str] = []  # of the last entry and those around it, for the blocks that continue inside it
    for block in (part for given in blocks for part in _flatten(given)):
        if block.role is not Role.ENTRY:
            mark = "### " if block.role is Role.HEADING else ""
            start = _write_block(block)
            gap = _write_gap(written, start) if block.tight else "\n\n"
            written += (gap if written else "") + mark + start
            margins = []
            continue
        bullet = "- " if block.number is None else f"{block.number}. "
        depth = min(block.depth, len(margins))
        separator = "\n" if margins else "\n\n"
        margins = margins[:depth]
        written += (separator if written else "") + "".join(margins) + bullet + escape_start(write_runs(block.runs))
        margins.append(" " * len(bullet))
    return written


def _write_block(block: Block) -> str:
    """A heading without its mark, a table, or a paragraph."""
    if block.role is Role.TABLE:
        return _write_table(block.rows)
    written = write_runs(block.runs)
    return written if block.role is Role.HEADING else escape_start(written)


def is_simple(table: Block) -> bool:
    """Whether a table can be one in a text: small, each row as long as the others, and each with a heading.

    Its first row are headings if they are a few words without figures, or all bold.
    """
    head, *rows = table.rows
    texts = [["".join(run.text for run in cell).strip() for cell in row] for row in table.rows]
    fits = 1 < len(head) <= MOST_COLUMNS and 0 < len(rows) <= MOST_ROWS and {len(row) for row in rows} == {len(head)}
    short = all(len(find_words(text)) <= _MOST_WORDS_IN_HEADING for text in texts[0])
    plain = not any(char.isdigit() for text in texts[0] for char in text) or all(run.strong for run in sum(head, ()))
    named = all(texts[0][1:]) and all(row[0] for row in texts[1:])
    whole = not any(" · " in text for row in texts for text in row)  # paragraphs in a cell
    return fits and short and plain and named and whole


_MOST_WORDS_IN_HEADING = 5


def _write_table(rows: Sequence[tuple[Cell, ...]]) -> str:
    """Rows as a table of Markdown; those that are bold as headings are need no marks for it."""
    head = [tuple(replace(run, strong=False) for run in cell) for cell in rows[0]]
    first = [tuple(replace(run, strong=run.strong and len(row[0]) > 1) for run in row[0]) for row in rows[1:]]
    body = [(name, *row[1:]) for name, row in zip(first, rows[1:], strict=True)]
    hyphens = f"| {' | '.join(['---'] * len(head))} |"
    return "\n".join([_write_row(head), hyphens, *map(_write_row, body)])


def _write_row(cells: Iterable[Cell]) -> str:
    written = (write_runs(cell).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(written)} |"


def _write_gap(written: str, line: str) -> str:
    """What is between two lines of a paragraph: a line break, with its mark unless a short line needs none."""
    before = written.rpartition("\n")[2]
    if before.startswith(("- ", "### ", "| ")) or re.match(r"\d+\. ", before):
        return "\n\n"
    kept = len(before) <= LONGEST_KEPT and not line[:1].islower()
    return "\n" if kept else "\\\n"


def _flatten(block: Block) -> Iterator[Block]:
    if block.role is Role.TABLE and not is_simple(block):
        yield from (Block(role=Role.ENTRY, runs=join_cells(row)) for row in block.rows)
    else:
        yield block
