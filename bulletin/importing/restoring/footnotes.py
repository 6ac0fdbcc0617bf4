"""Footnotes: a raised number in the text, and the note at the end of its section. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bulletin.importing.blocks import Block, Role, Run, join_runs
from bulletin.importing.restoring.raised import raise_words

_NAME = re.compile(r"(?:foot|end)?(?:note|ftn|edn|fn)[-:_]?\d+", re.IGNORECASE)
_MARK = re.compile(r"\s*\[?\(?(\d{1,3}|[ivx]{1,5}|[a-z*†‡])\)?\]?\s*")
_BACK = re.compile(r"\s*[↑↩↵⇧^]\ufe0e?\s*")
_CHECK = "this is a footnote. Is it needed, and is it in the right place?"


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacedNote:
    """A note of a page: the name that its references link to, and its blocks."""

    name: str
    blocks: tuple[Block, ...]


def name_note(identifier: str) -> str:
    """The name of a note by the `id` of its element; "" for other elements."""
    name = identifier.lstrip("_").lower()
    return name if _NAME.fullmatch(name) else ""


def find_reference(link: str) -> str:
    """The name of the note that a link leads to; "" if it leads elsewhere."""
    return name_note(link[1:]) if link.startswith("#") else ""


def place_notes(blocks: Sequence[Block], notes: Sequence[PlacedNote]) -> list[Block]:
    """The blocks with each note at the end of the section that refers to it, and the marks of references raised."""
    if not notes:
        return list(blocks)
    by_name = {note.name: note for note in notes}
    placed: list[Block] = []
    waiting: list[Block] = []
    for block in blocks:
        if block.role is Role.HEADING:
            placed += waiting
            waiting = []
        names = [name for run in block.runs if (name := find_reference(run.link)) in by_name]
        placed.append(replace(block, runs=_raise_marks(block.runs)) if names else block)
        waiting += [one for name in names if (note := by_name.pop(name, None)) for one in _write_note(note, block)]
    left = [one for note in by_name.values() for one in _write_note(note, None)]
    return [*placed, *waiting, *left]


def _raise_marks(runs: Sequence[Run]) -> tuple[Run, ...]:
    marked = (replace(run, text=_raise(run.text), link="") if find_reference(run.link) else run for run in runs)
    return join_runs(marked)


def _raise(text: str) -> str:
    match = _MARK.fullmatch(text)
    return raise_words(match[1], "super") if match else text


def _write_note(note: PlacedNote, block: Block | None) -> list[Block]:
    """The note with its number before its words, as in `¹ Department for Education, 2021`."""
    mark = next((run.text for run in block.runs if find_reference(run.link) == note.name), "") if block else ""
    blocks = [
        replace(one, role=Role.PARAGRAPH, number=None, depth=0) for one in note.blocks if not _BACK.fullmatch(one.text)
    ]
    if not blocks:
        return []
    first = join_runs([Run(text=f"{_raise(mark)} "), *_without_back(blocks[0].runs)]) if mark else blocks[0].runs
    return [replace(blocks[0], runs=first, check=_CHECK), *blocks[1:]]


def _without_back(runs: Sequence[Run]) -> list[Run]:
    """The runs of a note without its own number and the arrow that leads back."""
    kept = [
        run
        for run in runs
        if not (run.link.startswith("#") and (_BACK.fullmatch(run.text) or _MARK.fullmatch(run.text)))
    ]
    return kept or list(runs)
