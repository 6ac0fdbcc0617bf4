"""Write the comment that accepts a finding at its place, with the reason. Pure."""

from __future__ import annotations

import re

from bulletin.declaration.source import Place, Source, Span
from bulletin.errors import BulletinError
from bulletin.proof.finding import Finding


def write_ignore(source: Source, finding: Finding, because: str) -> list[str]:
    """The lines of the issue with a comment that accepts `finding`: behind its text, or above the text's field.

    Raises BulletinError if the reason can't be written in one line.
    """
    reason = " ".join(because.split())
    if not re.search(r"\w{2}", reason):
        raise BulletinError("The reason is empty.", 'Say why it is right, as in --because "It is a quotation".')
    comment = f"# proof: ignore {finding.code} because {reason}"
    lines = list(source.lines)
    span = _find_text(source, finding) or _find_key(source, finding)
    line = lines[span.line - 1]
    rest = line[span.column - 1 :] if span.end_line > span.line else line[span.end_column - 1 :]
    is_block = re.fullmatch(r"[|>][-+0-9]*\s*", rest) is not None
    if is_block or (span.end_line == span.line and not rest.strip()):
        lines[span.line - 1] = f"{line.rstrip()}  {comment}"
        return lines
    margin = " " * (len(line) - len(line.lstrip()))
    return [*lines[: span.line - 1], margin + comment, *lines[span.line - 1 :]]


def _find_text(source: Source, finding: Finding) -> Span | None:
    """The place of the text that a finding is in, the innermost; None if it is not in a text."""
    at = (finding.line, finding.column)
    texts: list[tuple[Place, Span]] = [
        (place, span)
        for place, span in source.values.items()
        if source.text_at(place) and (span.line, span.column) <= at < (span.end_line, span.end_column + 1)
    ]
    return max(texts, key=lambda entry: len(entry[0]))[1] if texts else None


def _find_key(source: Source, finding: Finding) -> Span:
    """The place of the field on the finding's line, or of the line itself."""
    on_line = [span for span in source.keys.values() if span.line == finding.line]
    return on_line[0] if on_line else finding.span
