"""What other pages say of an issue: its name, its month, its subject, when it came, what it is about. Pure.

It is kept as JSON between two builds, so that an unchanged issue need not be read again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from bulletin.issue.dates import MONTHS
from bulletin.issue.identity import read_identity


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicItem:
    """An item that is about a topic: where it is, and what it is called."""

    topic: str
    anchor: str
    title: str
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueFacts:
    """One issue, as lists of issues show it. Dates are in ISO form; `corrected` is that of the last correction, or "".

    `days` are the last days of what readers were asked to do, `anchors` the anchors of the page by their places.
    `pictures` are the workspace's pictures that its page shows.
    """

    id: str
    bulletin: str
    name: str
    subject: str
    preview_text: str
    published: str
    minutes: int
    corrected: str = ""
    withdrawn: str = ""
    days: tuple[str, ...] = ()
    anchors: Mapping[str, str] = field(default_factory=dict)
    topics: tuple[TopicItem, ...] = ()
    pictures: tuple[str, ...] = ()

    @property
    def year(self) -> int:
        """The year of its month."""
        return int(self.name[:4])

    @property
    def month_word(self) -> str:
        """`May`, or `May: flood` for a second issue in the month."""
        identity = read_identity(self.name)
        if identity is None:
            return self.name
        month = MONTHS[identity.month.month - 1]
        return f"{month}: {identity.word.replace('-', ' ')}" if identity.word else month

    @property
    def label(self) -> str:
        """`May 2021`."""
        word = self.month_word
        month, colon, rest = word.partition(":")
        return f"{month} {self.year}{colon}{rest}"

    @property
    def line(self) -> str:
        """Its subject without the month that a list shows beside it."""
        for month in (self.label, self.month_word):
            if self.subject.lower().startswith(f"{month.lower()}:"):
                rest = self.subject[len(month) + 1 :].strip()
                return rest[:1].upper() + rest[1:]
        return self.subject

    @property
    def published_day(self) -> date:
        """The day of publication."""
        return date.fromisoformat(self.published)

    @property
    def corrected_day(self) -> date | None:
        """The day of its last correction."""
        return date.fromisoformat(self.corrected) if self.corrected else None

    def to_json(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> IssueFacts:
        """What `to_json` wrote."""
        given = dict(values)
        given["topics"] = tuple(TopicItem(**each) for each in given["topics"])
        given["days"], given["pictures"] = tuple(given["days"]), tuple(given["pictures"])
        return cls(**given)
