"""The words of an old bulletin as Markdown that shows them unchanged. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bulletin.declaration.markup import refuse_address
from bulletin.importing.blocks import Block, Role, Run, join_cells

LONGEST_KEPT = 45
"""Letters: a line up to this length stays a line of its own, unless the next one begins with a small letter."""
_SPECIAL = re.compile(r"[\\`*\[\]<]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])")
_START = re.compile(r"(?=[-+=>#~])|(?<=^)(\d{1,9})(?=[.)](?:\s|$))")


def escape(text: str) -> str:
    """The text so that Markdown shows each of its characters."""
    return _SPECIAL.sub(lambda match: f"\\{match[0]}", text)


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
    text = escape(run.text)
    inner = text.strip()
    if not inner:
        return text
    if not run.link or not is_usable(run.link):
        mark = "**" * run.strong + "*" * run.slanted
        return text.replace(inner, f"{mark}{inner}{mark}", 1) if mark and _stands_apart(run, before, after) else text
    if run.text.strip() == run.link and run.link.isascii():
        return text.replace(escape(run.link), f"<{run.link}>")
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
    """Blocks as Markdown: paragraphs and headings with blank lines between, entries and table rows as lists."""
    written = ""
    margins: list[str] = []  # of the last entry and those around it, for the blocks that continue inside it
    for block in (part for given in blocks for part in _flatten(given)):
        if block.role is not Role.ENTRY:
            mark = "### " if block.role is Role.HEADING else ""
            start = write_runs(block.runs) if mark else escape_start(write_runs(block.runs))
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


def _write_gap(written: str, line: str) -> str:
    """What is between two lines of a paragraph: a line break, with its mark unless a short line needs none."""
    before = written.rpartition("\n")[2]
    if before.startswith(("- ", "### ")) or re.match(r"\d+\. ", before):
        return "\n\n"
    kept = len(before) <= LONGEST_KEPT and not line[:1].islower()
    return "\n" if kept else "\\\n"


def _flatten(block: Block) -> Iterator[Block]:
    if block.role is Role.TABLE:
        yield from (Block(role=Role.ENTRY, runs=join_cells(row)) for row in block.rows)
    else:
        yield block
