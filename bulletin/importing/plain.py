"""Blocks from plain text: its headings are guessed, and bullets go back to their text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bulletin.importing.blocks import Block, Role, Run, join_runs
from bulletin.importing.patterns import find_dates

_BULLET = r"[•·▪◦‣●○■□⁃\uf0b7\uf0a7*–-]"
_LONE = re.compile(rf"\s*(?:{_BULLET}|o)\s*\Z")
_ENTRY = re.compile(rf"\s*(?:{_BULLET}\s+|[•●▪◦‣\uf0b7])(?P<text>\S.*)")
_NUMBERED = re.compile(r"\s*(?P<number>\d{1,3})[.)]\s+(?P<text>\S.*)")
_UNDERLINE = re.compile(r"\s*(={3,}|-{3,})\s*\Z")
_RULE = re.compile(r"\s*([-=_*~#+])\1{3,}\s*\Z")
_LABEL = re.compile(r"\s*(?!Priority\b)[A-Z][a-z]+(?: by| steps)?:\s", re.IGNORECASE)
_CONTACT = re.compile(r"\s*(?:\S+@\S+\.\S+|www\.\S+|https?://\S+)\s*\Z")
_COLUMN = re.compile(r"\s*\t\s*|\s{3,}(?=\S)")  # what separates the columns of a line
_LONGEST_HEADING = 90
_SHORT_LINE = 0.7  # times the width of the text: such a line ends where its writer meant it to
_FULL_LINE = 60  # letters


def decode(data: bytes, *, otherwise: str = "cp1252") -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, or else Windows-1252 or the encoding that the file declares.

    An unreadable character becomes “�”, which `losses.find_unreadable` reports.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode(otherwise, "replace")


def read_text(data: bytes) -> list[Block]:
    """The blocks of a plain text."""
    return list(_read_groups(mend_bullets(_drop_rules(decode(data).splitlines()))))


def _drop_rules(lines: Sequence[str]) -> list[str]:
    """The lines. A rule is a blank line, unless it underlines a heading; one above and one below make a heading."""
    kept: list[str] = []
    for index, line in enumerate(lines):
        above, below = (lines[at] if 0 <= at < len(lines) else "" for at in (index - 1, index + 1))
        if not _RULE.match(line):
            kept.append(line)
        elif above.strip() and not _RULE.match(above) and (not below.strip() or _is_ruled(lines, index - 1)):
            kept += ["-" * 3 if _is_ruled(lines, index - 1) else line, ""]
        else:
            kept.append("")
    return kept


def _is_ruled(lines: Sequence[str], index: int) -> bool:
    """Whether a line is between two rules."""
    return 0 < index < len(lines) - 1 and bool(_RULE.match(lines[index - 1]) and _RULE.match(lines[index + 1]))


def mend_bullets(lines: Sequence[str]) -> list[str]:
    """The lines with each bullet before its text. Text copied from a PDF has its bullets above it, one or several."""
    mended: list[str] = []
    index = 0
    while index < len(lines):
        lone = _count_lone(lines, index)
        index += lone
        if not lone:
            mended.append(lines[index])
            index += 1
            continue
        while lone and (index := _skip_blank(lines, index)) < len(lines):
            mended.append(f"• {lines[index].strip()}")
            index += 1
            lone -= 1
            if lone and _count_lone(lines, _skip_blank(lines, index)):
                break
        mended += ["•"] * lone if index >= len(lines) else []
    return mended


def _count_lone(lines: Sequence[str], index: int) -> int:
    """The number of lines from `index` on that are bullets without a text, with blank lines; 0 if the first is not."""
    end = index
    while end < len(lines) and _LONE.match(lines[end]):
        end += 1
    return end - index


def _skip_blank(lines: Sequence[str], index: int) -> int:
    while index < len(lines) and not lines[index].strip():
        index += 1
    return index


def _read_groups(lines: Sequence[str]) -> Iterator[Block]:
    """A block for each group of lines between blank ones, and for each entry in it."""
    group: list[str] = []
    first = True
    full = sorted(len(line.strip()) for line in lines if line.strip())
    width = full[len(full) * 9 // 10] if full else 0
    short = int(width * _SHORT_LINE) if width > _FULL_LINE else 0
    for line in [*lines, ""]:
        if line.strip():
            group.append(line)
        elif group:
            yield from _read_group(group, first=first, short=short)
            group, first = [], False


def _read_group(lines: list[str], *, first: bool, short: int) -> Iterator[Block]:
    if (heading := _find_heading(lines, first=first)) is not None:
        level, text, used = heading
        yield Block(role=Role.HEADING, runs=join_runs([Run(text=text)]), level=level)
        lines = lines[used:]
    for index, block in enumerate(_read_rest(lines, short=short)):
        yield replace(block, tight=True) if index and block.role is Role.PARAGRAPH else block


def _read_rest(lines: Sequence[str], *, short: int) -> Iterator[Block]:
    """The entries and paragraphs of a group without blank lines."""
    gathered: list[str] = []
    number: int | None = None
    entry = False
    for line in lines:
        bullet, numbered = _ENTRY.match(line), _NUMBERED.match(line)
        if found := bullet or numbered:
            yield from _make(gathered, number, entry=entry, short=short)
            gathered, number, entry = [found["text"]], int(numbered["number"]) if numbered else None, True
        else:
            if _LABEL.match(line) and not entry:
                yield from _make(gathered, number, entry=entry, short=short)
                gathered = []
            gathered.append(line)
    yield from _make(gathered, number, entry=entry, short=short)


def _make(lines: list[str], number: int | None, *, entry: bool, short: int) -> Iterator[Block]:
    """An entry; or a paragraph, and each further line of it that was meant as a line (up to `short` letters)."""
    parts: list[list[str]] = [[]]
    dated = sum(_is_dated(line) for line in lines) > 1
    for before, line in zip([None, *lines], lines, strict=False):
        begins = not line.strip()[:1].islower() or _CONTACT.match(line)
        alone = before is not None and before.rstrip().endswith(":") and _CONTACT.match(line)
        ended = before is not None and len(before.strip()) <= short and begins and not alone
        if not entry and before is not None and (ended or (dated and _is_dated(line))):
            parts.append([])
        parts[-1].append(_COLUMN.sub(" · ", line.strip()))
    made = [runs for part in parts if (runs := join_runs([Run(text=" ".join(part))]))]
    for index, runs in enumerate(made):
        yield Block(role=Role.ENTRY if entry else Role.PARAGRAPH, runs=runs, number=number, tight=index > 0)


def _is_dated(line: str) -> bool:
    dates = find_dates(line)
    return bool(dates) and line.strip().startswith(dates[0])


def _find_heading(lines: list[str], *, first: bool) -> tuple[int, str, int] | None:
    """The level of the heading at the start of a group, its text, and its number of lines; None without one."""
    text = lines[0].strip()
    if len(lines) > 1 and (under := _UNDERLINE.match(lines[1])) and not _ENTRY.match(text):
        return (1 if under[1][0] == "=" and first else 2), text, 2
    if marked := re.match(r"(#{1,6})\s+(\S.*)", text):
        return len(marked[1]), marked[2], 1
    if len(text) > _LONGEST_HEADING or _ENTRY.match(text) or "://" in text:
        return None
    if first:
        return 1, text, 1
    if text.isupper() and len(text) > 3:
        return 2, text, 1
    if len(lines) == 1 and text[-1] not in ".,;:!?)" and not _LABEL.match(text) and not find_dates(text):
        return 3, text, 1
    return None
