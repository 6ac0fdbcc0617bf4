"""What other pages say of an issue: its name, its month, its subject, when it came, what it is about. Pure.

It is kept as JSON between two builds, so that an unchanged issue need not be read again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from bulletin.edition.languages.speech import ENGLISH_SPEECH, Speech, speak
from bulletin.issue.identity import read_identity
from bulletin.languages.known import ENGLISH


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
    `pictures` are the workspace's pictures that its page shows. `language` is that of the subject; a bilingual issue
    has `versions` in each of its languages.
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
    language: str = ENGLISH
    versions: tuple[IssueFacts, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that it has a page in, besides the page with all of them; () for an issue in one language."""
        return tuple(each.language for each in self.versions)

    def in_language(self, language: str) -> IssueFacts:
        """What is said of it in a language, if it has that; or else in its own."""
        found = next((each for each in self.versions if each.language == language), None)
        return replace(found, versions=self.versions) if found else self

    @property
    def year(self) -> int:
        """The year of its month."""
        return int(self.name[:4])

    def name_month(self, speech: Speech = ENGLISH_SPEECH) -> str:
        """`May`, or `May: flood` for a second issue in the month."""
        identity = read_identity(self.name)
        if identity is None:
            return self.name
        month = speech.month(identity.month).removesuffix(f" {self.year}")
        return f"{month}: {identity.word.replace('-', ' ')}" if identity.word else month

    @property
    def month_word(self) -> str:
        """Its month in English."""
        return self.name_month()

    def label_in(self, speech: Speech) -> str:
        """`May 2021`, `Mai 2021`."""
        month, colon, rest = self.name_month(speech).partition(":")
        return f"{month} {self.year}{colon}{rest}"

    @property
    def label(self) -> str:
        """`May 2021`."""
        return self.label_in(ENGLISH_SPEECH)

    @property
    def line(self) -> str:
        """Its subject without the month that a list shows beside it."""
        speech = speak(self.language)
        for month in (self.label_in(speech), self.name_month(speech)):
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
        return {**asdict(self), "versions": [each.to_json() for each in self.versions]}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> IssueFacts:
        """What `to_json` wrote."""
        given = dict(values)
        given["topics"] = tuple(TopicItem(**each) for each in given["topics"])
        given["versions"] = tuple(cls.from_json(each) for each in given["versions"])
        given["days"], given["pictures"] = tuple(given["days"]), tuple(given["pictures"])
        return cls(**given)
