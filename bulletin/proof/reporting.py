"""How a rule reports what it found: violations at words, at links and in theme files. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.links.written import WrittenLink
from bulletin.proof.theme.theme_files import ThemeFile
from bulletin.settings.proof import Severity


def violation_at(
    passage: Passage,
    where: re.Match[str] | tuple[int, int],
    message: str,
    remedy: str = "",
    *,
    replacement: str | None = None,
) -> Violation:
    """A violation at the words `passage.prose.text[start:end]`, given as a match or as `(start, end)`.

    A replacement is kept only where it can be typed over those exact characters: within one line, with no mark-up,
    fold or escape between them.
    """
    start, end = where.span() if isinstance(where, re.Match) else where
    offsets = passage.prose.offsets
    span = passage.locate(start, end)
    line = passage.source.lines[span.line - 1]
    typed = line[span.column - 1 : span.end_column - 1] if span.end_line == span.line else ""
    exact = end > start and offsets[end - 1] - offsets[start] == end - 1 - start
    fits = exact and typed == passage.prose.text[start:end] and replacement is not None and _is_safe(replacement)
    return Violation(span=span, message=message, remedy=remedy, replacement=replacement if fits else None)


def report_anywhere(context: Context, check: Callable[[Passage], Iterable[Violation]]) -> Iterator[Violation]:
    """What `check` finds in every text that readers get: those of the issue, and those of bulletin.yaml."""
    for passage in context.texts:
        yield from check(passage)
    for passage in context.imprint:
        for violation in check(passage):
            yield replace(violation, file=passage.source.file, lines=passage.source.lines)


def _is_safe(replacement: str) -> bool:
    """Whether a text means itself anywhere in YAML: between quotation marks, in a block, or plain."""
    return not any(char in replacement for char in "\"'\\#:\n\t{}[]&*!|>%@`")


def violation_at_link(
    link: WrittenLink,
    message: str,
    remedy: str = "",
    *,
    start: int = 0,
    end: int | None = None,
    replacement: str | None = None,
    severity: Severity | None = None,
) -> Violation:
    """A violation at `link.address[start:end]`. A replacement is kept only where it means itself."""
    fits = replacement is not None and link.may_become(replacement, start, end)
    fix = replacement if fits else None
    return Violation(span=link.locate(start, end), message=message, remedy=remedy, replacement=fix, severity=severity)


def violation_at_link_words(link: WrittenLink, message: str, remedy: str = "") -> Violation:
    """A violation at the words of a link; at its address if it has none."""
    return Violation(span=link.locate_words(), message=message, remedy=remedy)


def violation_in_theme(file: ThemeFile, where: str | tuple[int, int], message: str, remedy: str = "") -> Violation:
    """A violation at `file.text[start:end]`, or at the first words that match a pattern (else at the first line)."""
    start, end = file.find(where) if isinstance(where, str) else where
    return Violation(span=file.locate(start, end), message=message, remedy=remedy, file=file.name, lines=file.lines)
