"""Put right what is safe to put right: the very characters of a finding are replaced, and nothing else is. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bulletin.declaration.source import parse_source
from bulletin.proof.finding import Finding

_LINE = re.compile("[^\r\n]*(?:\r\n|\r|\n|\\Z)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fix:
    """One line of a file before and after, without its end. `number` counts from 1."""

    number: int
    before: str
    after: str


def fix_text(text: str, findings: Iterable[Finding], *, file: str) -> tuple[str, tuple[Fix, ...]]:
    """The text of `file` with every safe fix of `findings` made, and what changed.

    Comments, order and layout stay: only characters of findings are touched. Where two overlap, the first is made, and
    the next run sees to the other. A fix that would change how the file is read as YAML is not made at all.
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
    """The findings that can be fixed, by their lines."""
    grouped: dict[int, list[Finding]] = {}
    for finding in findings:
        if finding.replacement is not None and finding.file == file and finding.span.end_line == finding.line:
            grouped.setdefault(finding.line, []).append(finding)
    return grouped


def _replace(line: str, findings: Sequence[Finding]) -> str:
    """One line with its findings' replacements, from left to right."""
    pieces: list[str] = []
    at = 0
    for finding in sorted(findings, key=lambda finding: finding.column):
        start, end = finding.column - 1, finding.span.end_column - 1
        if start >= at:
            pieces += [line[at:start], finding.replacement or ""]
            at = end
    return "".join([*pieces, line[at:]])


def _keeps_shape(before: str, after: str, *, file: str) -> bool:
    """Whether both are read as the same records, whatever their texts say."""
    old, new = (parse_source(text.removeprefix("\ufeff"), shown_as=file) for text in (before, after))
    return new.whole and not new.faults and list(old.values) == list(new.values)
