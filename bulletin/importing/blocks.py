"""What every old bulletin is made of, whatever its format: headings, paragraphs, list entries, pictures. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

ADDRESS = re.compile(r"https?://[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]’']")
_UNSEEN = "\u00ad\u200b\ufeff"  # soft hyphen, zero-width space, byte-order mark
_UNWRITABLE = ("Cc", "Cs", "Cn", "Co")


class Role(Enum):
    """What a block is to its reader."""

    HEADING = auto()
    PARAGRAPH = auto()
    ENTRY = auto()
    PICTURE = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """Words with one address (`link`, empty for none) and one weight."""

    text: str
    link: str = ""
    strong: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A heading (`level` 1 to 6), a paragraph, a list's entry (`number` if it has one) or a picture's alternative."""

    role: Role
    runs: tuple[Run, ...]
    level: int = 0
    number: int | None = None

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def links(self) -> list[Run]:
        return [run for run in self.runs if run.link]


def clean(text: str) -> str:
    """The text with one space for each run of blanks, and without what cannot be seen or written."""
    seen = (_replace(char) for char in text)
    return re.sub(r" +", " ", "".join(seen))


def _replace(char: str) -> str:
    if char in _UNSEEN:
        return ""
    category = unicodedata.category(char)
    return " " if char.isspace() or category.startswith("Z") or category in _UNWRITABLE else char


def join_runs(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The runs cleaned, neighbours alike made one, without blanks at either end; web addresses in them are links."""
    joined: list[Run] = []
    for run in (part for given in runs for part in _find_addresses(given)):
        text = clean(run.text)
        if not joined or joined[-1].text.endswith(" "):
            text = text.lstrip(" ")
        if not text:
            continue
        last = joined[-1] if joined else None
        if last and (last.link, last.strong) == (run.link, run.strong):
            joined[-1] = Run(text=last.text + text, link=run.link, strong=run.strong)
        else:
            joined.append(Run(text=text, link=run.link, strong=run.strong))
    if joined:
        joined[-1] = Run(text=joined[-1].text.rstrip(" "), link=joined[-1].link, strong=joined[-1].strong)
    return tuple(run for run in joined if run.text)


def _find_addresses(run: Run) -> Iterator[Run]:
    if run.link:
        yield run
        return
    start = 0
    for match in ADDRESS.finditer(run.text):
        yield Run(text=run.text[start : match.start()], strong=run.strong)
        yield Run(text=match[0], link=match[0])
        start = match.end()
    yield Run(text=run.text[start:], strong=run.strong)


def find_words(text: str) -> list[str]:
    """The words of a text, in small letters: what must not get lost."""
    return re.findall(r"[^\W_]+", text.lower())
