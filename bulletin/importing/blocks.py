"""The blocks of an old bulletin in any format: headings, paragraphs, entries, tables, pictures. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

from bulletin.declaration.characters import remove_hidden

ADDRESS = re.compile(r"https?://[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]’']")
_UNSEEN = "\u00ad\u200b\u200c\u034f\ufeff"  # soft hyphen; zero-width space, non-joiner; joiner; byte-order mark
_UNWRITABLE = ("Cc", "Cs", "Cn", "Co")


class Role(Enum):
    """The role of a block for its reader."""

    HEADING = auto()
    PARAGRAPH = auto()
    ENTRY = auto()
    PICTURE = auto()
    TABLE = auto()
    PREHEADER = auto()
    LEFT_OUT = auto()
    LOST = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """Words with one address (`link`, empty for none), one weight and one slant."""

    text: str
    link: str = ""
    strong: bool = False
    slanted: bool = False


Cell = tuple[Run, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A heading (`level` 1 to 6), a paragraph, a list's entry, a table or a picture; or a loss, in our words.

    An entry has a `depth` (0 for a list that is in no other) and its `number`, if it has one. A picture has its
    alternative as its words, and its `source`: a data: URI or its address. A table has `rows` of cells, and all their
    words. A preheader is the hidden line for the inbox. What was left out has its words, and its name as `check`.

    A `tight` paragraph is a new line of the paragraph above it. `check` is what a person should confirm about a block.
    """

    role: Role
    runs: tuple[Run, ...]
    level: int = 0
    number: int | None = None
    depth: int = 0
    source: str = ""
    rows: tuple[tuple[Cell, ...], ...] = ()
    tight: bool = False
    check: str = ""

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def links(self) -> list[Run]:
        return [run for run in self.runs if run.link]


def clean(text: str) -> str:
    """The text with single spaces, and without characters that are invisible or that a file can't have."""
    seen = remove_hidden("".join(map(_replace, text)))
    return re.sub(r" +", " ", seen)


def _replace(char: str) -> str:
    if char in _UNSEEN:
        return ""
    category = unicodedata.category(char)
    return " " if char.isspace() or category.startswith("Z") or category in _UNWRITABLE else char


def join_runs(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The runs cleaned and trimmed, equal neighbours merged, and their web addresses made links."""
    joined: list[Run] = []
    for run in (part for given in runs for part in _find_addresses(given)):
        text = clean(run.text)
        if not joined or joined[-1].text.endswith(" "):
            text = text.lstrip(" ")
        if not text:
            continue
        _add_run(joined, replace(run, text=text))
    if joined:
        joined[-1] = replace(joined[-1], text=joined[-1].text.rstrip(" "))
    return tuple(run for run in joined if run.text)


def _add_run(joined: list[Run], run: Run) -> None:
    """Add a run. A link that the format cut in two, with only a space between, becomes one again."""
    last = joined[-1] if joined else None
    if last and (_is_alike(last, run) or (not run.text.strip() and not last.link)):
        joined[-1] = replace(last, text=last.text + run.text)
    elif len(joined) > 1 and not joined[-1].text.strip() and run.link and _is_alike(joined[-2], run):
        joined[-2:] = [replace(run, text=joined[-2].text + joined[-1].text + run.text)]
    else:
        joined.append(run)


def _is_alike(one: Run, other: Run) -> bool:
    return (one.link, one.strong, one.slanted) == (other.link, other.strong, other.slanted)


def _find_addresses(run: Run) -> Iterator[Run]:
    if run.link:
        yield run
        return
    start = 0
    for match in ADDRESS.finditer(run.text):
        yield replace(run, text=run.text[start : match.start()])
        yield Run(text=match[0], link=match[0])
        start = match.end()
    yield replace(run, text=run.text[start:])


def make_table(rows: Iterable[Iterable[Iterable[Run]]]) -> Block | None:
    """A table; None for one without words."""
    cells = tuple(tuple(join_runs(cell) for cell in row) for row in rows)
    kept = tuple(row for row in cells if any(row))
    words = join_cells(cell for row in kept for cell in row)
    return Block(role=Role.TABLE, runs=words, rows=kept) if kept else None


def join_cells(cells: Iterable[Cell]) -> tuple[Run, ...]:
    """The words of cells, separated by dots."""
    parted = [run for cell in cells if cell for run in (Run(text=" · "), *cell)]
    return join_runs(parted[1:])


def find_words(text: str) -> list[str]:
    """The words of a text in lower case, to find out whether any get lost. A raised or lowered figure is a figure."""
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).lower())
