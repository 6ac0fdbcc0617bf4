"""Make the fixes that are safe: replace exactly the characters of a finding, and nothing else. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bulletin.declaration.source import parse_source
from bulletin.proof.finding import Finding

_LINE = re.compile("[^\r\n]*(?:\r\n|\r|\n|\\Z)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fix:
    """One line of a file before and after, without its line ending. `number` counts from 1."""

    number: int
    before: str
    after: str


def fix_text(text: str, findings: Iterable[Finding], *, file: str) -> tuple[str, tuple[Fix, ...]]:
    """The text of `file` with every safe fix of `findings`, and the lines that changed.

    Comments, order and layout stay: only the characters of findings change. If two fixes overlap, this run makes the
    first and the next run makes the other. A fix that would change how YAML reads the file is left out.
    """
    lines = _LINE.findall(text)
    fixes: list[Fix] = []
    for number, spans in _group(findings, file=file).items():
        before = lines[number - 1]
        after = _replace(before, spans)
        tried = [*lines[: number - 1], after, *lines[number:]]
        if _keeps_shape("".join(lines), "".join(tried), file=file):
            lines = tried
            fixes.append(Fix(number=number, before=before.rstrip("\r\n"), after=after.rstrip("\r\n")))
    return "".join(lines), tuple(fixes)


def _group(findings: Iterable[Finding], *, file: str) -> dict[int, list[Finding]]:
    """The findings that can be fixed, by line number."""
    grouped: dict[int, list[Finding]] = {}
    for finding in findings:
        if finding.replacement is not None and finding.file == file and finding.span.end_line == finding.line:
            grouped.setdefault(finding.line, []).append(finding)
    return grouped


def _replace(line: str, findings: Sequence[Finding]) -> str:
    """One line with the replacements of its findings, from left to right."""
    pieces: list[str] = []
    at = 0
    for finding in sorted(findings, key=lambda finding: finding.column):
        start, end = finding.column - 1, finding.span.end_column - 1
        if start >= at:
            pieces += [line[at:start], finding.replacement or ""]
            at = end
    return "".join([*pieces, line[at:]])


def _keeps_shape(before: str, after: str, *, file: str) -> bool:
    """Whether both are read as the same records, with or without the same texts."""
    old, new = (parse_source(text.removeprefix("\ufeff"), shown_as=file) for text in (before, after))
    return new.whole and not new.faults and list(old.values) == list(new.values)
