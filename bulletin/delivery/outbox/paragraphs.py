"""The words of a short email, from its template to plain text and to HTML. Pure.

A template of `templates/notices/` says the same to both. Its first line is the subject. A blank line parts paragraphs;
a line with a bullet is an entry of a list; `[words] address` is a link. Plain text shows its address alone on a line,
and its words before that unless a line above in the same paragraph says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bulletin.edition.wrapping import prefix_lines, tidy_text, wrap_text
from bulletin.errors import ThemeError

SUBJECT: Final = "Subject: "
BULLET: Final = "• "
_LINK: Final = re.compile(r"\[([^\[\]]+)\] (\S+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Paragraph:
    """Words, a link (`words` and `address`), or the `entries` of a list. `announced`: the words before say the same."""

    words: str = ""
    address: str = ""
    announced: bool = False
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """What an email says."""

    subject: str
    paragraphs: tuple[Paragraph, ...]


def parse_wording(text: str, *, template: str) -> Wording:
    """What a rendered template says. Raises ThemeError, which names it, if there is no subject or nothing else."""
    subject, _, rest = text.strip().partition("\n")
    paragraphs = tuple(one for part in re.split(r"\n[ \t]*\n", rest) for one in _parse_part(part))
    if not subject.startswith(SUBJECT) or not subject.removeprefix(SUBJECT).strip() or not paragraphs:
        raise ThemeError(
            f"{template}: this email has no subject, or no words.",
            f"Begin its first line with “{SUBJECT.strip()}”, and write what it says below.",
        )
    return Wording(subject=subject.removeprefix(SUBJECT).strip(), paragraphs=paragraphs)


def _parse_part(part: str) -> Iterator[Paragraph]:
    """The paragraphs between two blank lines: lines that follow each other are one, unless they are of another kind."""
    words: list[str] = []
    entries: list[str] = []
    announced = False
    for line in (line.strip() for line in part.split("\n")):
        link = _LINK.fullmatch(line)
        if words and (link or line.startswith(BULLET)):
            yield Paragraph(words=" ".join(words))
            words, announced = [], True
        if entries and not line.startswith(BULLET):
            yield Paragraph(entries=tuple(entries))
            entries = []
        if link:
            yield Paragraph(words=link[1], address=link[2], announced=announced)
        elif line.startswith(BULLET):
            entries.append(line.removeprefix(BULLET))
        elif line:
            words.append(line)
    if words:
        yield Paragraph(words=" ".join(words))
    if entries:
        yield Paragraph(entries=tuple(entries))


def write_plain(wording: Wording) -> str:
    """The plain text: lines of at most 76 characters, each link alone on its line and never broken."""
    return tidy_text("\n\n".join(map(_write_paragraph, wording.paragraphs)))


def _write_paragraph(paragraph: Paragraph) -> str:
    if paragraph.entries:
        return "\n".join(prefix_lines(wrap_text(entry, width=74), BULLET) for entry in paragraph.entries)
    if paragraph.address and not paragraph.announced:
        return f"{wrap_text(paragraph.words)}:\n{paragraph.address}"
    return paragraph.address or wrap_text(paragraph.words)
