"""The sections and items of an issue that can have days, each with its anchor. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bulletin.declaration.prose import read_line
from bulletin.declaration.source import Place
from bulletin.issue.item import Item, Task
from bulletin.issue.model import Issue
from bulletin.issue.passages import walk_records
from bulletin.issue.section import BaseSection

_LONGEST_WORD = 60
"""Characters that the name of a file has of a title."""


@runtime_checkable
class _Titled(Protocol):
    @property
    def title(self) -> str | None: ...


@runtime_checkable
class _Summarised(Protocol):
    @property
    def summary(self) -> str | None: ...


@runtime_checkable
class _Told(Protocol):
    @property
    def text(self) -> str | None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class DatedRecord:
    """A section, or an item of it. `anchor` is where the issue's page has it; `name` is a word of its own, for a file.

    A point without a title is at its section's anchor.
    """

    record: Task
    section: BaseSection
    anchor: str
    name: str
    section_anchor: str

    @property
    def title(self) -> str:
        """Its title, with its marks; for a point without one, that of its section."""
        own = self.record.title if isinstance(self.record, _Titled) else None
        return own or self.section.title

    @property
    def summary(self) -> str | None:
        """What it says below its title."""
        match self.record:
            case _Summarised(summary=summary):
                return summary
            case _Told(text=text):
                return text
            case _:
                return None


def list_records(issue: Issue, *, withdrawn: bool = False) -> Iterator[DatedRecord]:
    """Every section that can have days, and every such record in it, in the order of the issue.

    `withdrawn`: those that were taken away from the website, in place of those that were not.
    """
    anchors = issue.anchors
    taken = set(anchors.values())
    for number, section in enumerate(issue.sections):
        at = ("sections", number)
        gone: list[Place] = [()] if issue.withdrawn else []
        for found in walk_records(section, at):
            place, record = found.place, found.value
            if isinstance(record, Item) and record.withdrawn:
                gone.append(place)
            if isinstance(record, Task) and withdrawn == any(place[: len(each)] == each for each in gone):
                anchor = anchors.get(place, "")
                name = anchor or _name_point(record, anchors[at], taken)
                yield DatedRecord(
                    record=record, section=section, anchor=anchor or anchors[at], name=name, section_anchor=anchors[at]
                )


def _name_point(point: Task, section: str, taken: set[str]) -> str:
    """A name for a point without a title: what it asks for, in its section."""
    word = f"{section}__{point.id or make_word(point.do or 'point')}"
    number = 1
    while (name := word if number == 1 else f"{word}__{number}") in taken:
        number += 1
    taken.add(name)
    return name


def make_word(line: str) -> str:
    """A line as a part of a file's name: small letters, figures and hyphens, 60 characters at most."""
    plain = unicodedata.normalize("NFKD", read_line(line).text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower())[:_LONGEST_WORD].strip("-") or "date"
