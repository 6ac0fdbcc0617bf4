"""Words of an old bulletin as Markdown that shows them as they were. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bulletin.declaration.markup import refuse_address
from bulletin.importing.blocks import Block, Role, Run

_SPECIAL = re.compile(r"[\\`*\[\]<]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])")
_START = re.compile(r"(?=[-+=>#~])|(?<=^)(\d{1,9})(?=[.)](?:\s|$))")


def escape(text: str) -> str:
    """The text so that Markdown shows each of its characters."""
    return _SPECIAL.sub(lambda match: f"\\{match[0]}", text)


def escape_start(line: str) -> str:
    """A line so that its beginning is not taken for a list, a heading, a quotation or a rule."""
    match = _START.match(line)
    if not match:
        return line
    end = match.end()
    return f"{line[:end]}\\{line[end:]}"


def write_runs(runs: Iterable[Run]) -> str:
    """Runs as one line of Markdown, with those links that a mail can carry."""
    return "".join(_write_run(run) for run in runs).replace("![", "\\![")  # before a link, ! would make it a picture


def is_usable(link: str) -> bool:
    """Whether a link can stand in an issue."""
    return not refuse_address(link) and not re.search(r"[\s<>()\\]|&#?\w+;", link)


def _write_run(run: Run) -> str:
    text = escape(run.text)
    if not run.link or not is_usable(run.link) or not text.strip():
        return text
    if run.text.strip() == run.link and run.link.isascii():
        return text.replace(escape(run.link), f"<{run.link}>")
    inner = text.strip()
    return text.replace(inner, f"[{inner}]({run.link})", 1)


def write_blocks(blocks: Iterable[Block]) -> str:
    """Blocks as Markdown: paragraphs and headings parted by blank lines, entries as a list."""
    written = ""
    was_entry = False
    for block in blocks:
        entry = block.role is Role.ENTRY
        separator = "" if not written else "\n" if entry and was_entry else "\n\n"
        written += separator + ("- " if entry else "") + escape_start(write_runs(block.runs))
        was_entry = entry
    return written
