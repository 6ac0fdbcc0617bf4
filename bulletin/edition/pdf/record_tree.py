"""Any record of an issue as data for a PDF's theme: each field by what it holds, whatever the kind. Pure.

A text is blocks, a line is inlines, words without marks are a string, an address is how it leads and how it prints, a
date is its words in three lengths, a picture is a file of the PDF's own folder. So a kind of section needs nothing
here, only its form in `templates/pdf/sections`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from bulletin.declaration.declared import Declared
from bulletin.edition.languages.speech import ENGLISH_SPEECH, Speech
from bulletin.edition.milestones import judge_step
from bulletin.edition.pdf.picture_files import PictureFiles
from bulletin.edition.pdf.printed_address import describe_link
from bulletin.edition.pdf.text_tree import Node, plain_inlines, read_inlines, read_tree
from bulletin.edition.phrases import dial
from bulletin.edition.typography.typesetting import TypeStyle, set_field, set_type
from bulletin.issue.dates import PartialDate, TimeOfDay
from bulletin.issue.item import Image, Task
from bulletin.issue.kinds.priorities import Milestone
from bulletin.issue.passages import TextFormat, find_format

_NEVER_SHOWN = frozenset({"for_", "follow_up", "marketing", "language", "author", "extra"})
_TASK = frozenset({"do", "by", "from_"})  # in the box of what to do


@dataclass(frozen=True, kw_only=True)
class Describer:
    """Describes the records of one issue, published on a day, in a language and a style of type."""

    published: date
    style: TypeStyle | None
    pictures: PictureFiles
    speech: Speech = ENGLISH_SPEECH

    def describe(self, record: Declared) -> Node:
        """The fields of a record by their names, and what a theme needs beside them."""
        found = {
            name: self._describe_value(getattr(record, name), text_format, owner=record)
            for name, text_format in _list_fields(type(record)).items()
        }
        return found | self._describe_more(record)

    def inlines(self, line: str | None) -> list[Node]:
        """A line with emphasis."""
        return read_inlines(line, self.style) if line else []

    def blocks(self, text: str | None) -> list[Node]:
        """A text in Markdown."""
        return read_tree(text, self.style) if text else []

    def plain(self, words: str) -> str:
        """Words without marks."""
        return set_type(words, self.style)

    def _describe_value(self, value: Any, text_format: TextFormat | None, *, owner: Declared) -> Any:
        if isinstance(value, tuple):
            return [self._describe_value(each, text_format, owner=owner) for each in value]
        if isinstance(value, Image):
            return self._describe_picture(value, owner)
        if isinstance(value, Declared):
            return self.describe(value)
        if isinstance(value, PartialDate):
            return self._describe_date(
                value, getattr(owner, "until", None) if value == getattr(owner, "date", 0) else None
            )
        if value is None or isinstance(value, bool | int):
            return value
        return _BY_FORMAT[text_format](self, str(value)) if text_format else str(value)

    def _describe_date(self, first: PartialDate, last: PartialDate | None) -> Node:
        """A date, or a run of them, in the words of a sentence, a row, a source, a step and a line's beginning."""
        words = {
            "long": self.speech.when(first, last, year=self.published.year),
            "short": _begin(self.speech.short_when(first, last)),
            "plain": self.speech.days(first, last),
            "step": _begin(self.speech.step_days(first, last)),
        }
        words["begin"] = _begin(words["long"])
        return {name: self.plain(set_field(said, self.style)) for name, said in words.items()}

    def _describe_picture(self, image: Image, owner: Declared) -> Node:
        return {
            **self.pictures.add(image, owner),
            "alt": image.alt,
            "caption": self.inlines(image.caption),
            "link": describe_link(image.link) if image.link else None,
            "size": image.size.value,
        }

    def _describe_more(self, record: Declared) -> Node:
        """What no field says by itself: hours, the state of a step, its readers, numbers to ring."""
        more: Node = {}
        if labels := _list_labels(type(record)):
            more["labels"] = {name: self.plain(label) for name, label in labels.items()}
        if hasattr(record, "starts"):
            starts, ends = (_take_time(getattr(record, name, None)) for name in ("starts", "ends"))
            more["hours"] = self.plain(set_field(self.speech.hours(starts, ends), self.style))
        if isinstance(record, Milestone):
            more["state"] = judge_step(record, published=self.published).word
        if audience := getattr(record, "audience", None):
            more["readers"] = self.inlines(self.speech.lower_first(audience))
        if places := getattr(record, "places", None):
            more["places"] = self.speech.say_number("{n} place", "{n} places", places)
        if email := getattr(record, "email", None):
            more["email"] = describe_contact(f"mailto:{email}", email)
        if telephone := getattr(record, "telephone", None):
            more["telephone"] = describe_contact(dial(telephone), self.plain(telephone))
        return more


def describe_contact(address: str, words: str) -> Node:
    """A link whose words are what it leads to, such as an email address."""
    return {"type": "link", "address": address, "shown": "", "long": False, "inlines": plain_inlines(words)}


def _begin(words: str) -> str:
    """Words as a line begins: `Dydd Mawrth 9 Chwefror`."""
    return words[:1].upper() + words[1:]


def _take_time(value: object) -> TimeOfDay | None:
    return value if isinstance(value, TimeOfDay) else None


_BY_FORMAT: dict[TextFormat, Callable[[Describer, str], Any]] = {
    TextFormat.TEXT: Describer.blocks,
    TextFormat.LINE: Describer.inlines,
    TextFormat.PLAIN: Describer.plain,
    TextFormat.ADDRESS: lambda _, address: describe_link(address),
}


@cache
def _list_labels(model: type[Declared]) -> dict[str, str]:
    """The words above a field, where its kind gives some: kinds of a workspace's own do."""
    return {name: info.title for name, info in model.model_fields.items() if info.title}


@cache
def _list_fields(model: type[Declared]) -> dict[str, TextFormat | None]:
    """The fields of a record that a PDF may show, each with the format of its text."""
    left_out = _NEVER_SHOWN | _TASK if issubclass(model, Task) else _NEVER_SHOWN
    return {name: find_format(info) for name, info in model.model_fields.items() if name not in left_out}
