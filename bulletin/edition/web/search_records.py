"""What a search of past issues can find: a record for each item, with the words that the public reads in it. Pure.

An issue comes here without what is not for the public. A section that only holds items has no record of its own; the
issue has one for its introduction. What was taken away has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from bulletin.declaration.declared import Declared
from bulletin.declaration.prose import read_line, read_plain, read_text
from bulletin.edition.phrases import describe_when
from bulletin.edition.web.addresses import name_issue_path
from bulletin.edition.web.anchored import Anchored, find_anchored
from bulletin.edition.web.archive_pages import tell_kind
from bulletin.edition.web.issue_facts import IssueFacts
from bulletin.issue.dates import PartialDate, TimeOfDay
from bulletin.issue.item import Item
from bulletin.issue.model import Issue
from bulletin.issue.passages import TextFormat, find_format, walk_records
from bulletin.issue.traits import NOT_SHOWN, NextMonth, find_marked
from bulletin.languages.known import tag_of

INTRODUCTION: Final = "introduction"
"""The kind of an issue's own record."""

_READERS: Final = {TextFormat.TEXT: read_text, TextFormat.LINE: read_line, TextFormat.PLAIN: read_plain}
_TITLES: Final = ("title", "name")
_ENDS: Final = (".", "!", "?", "…", ":", ";", "”", "’")


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchRecord:
    """Something that can be found. `path` leads to it from the website's root: `monthly/2021-05/#conference`.

    In a bilingual issue it leads to the page in the record's language: `cy/monthly/2021-05/#conference`.

    `where` says in words which issue and which section it is in, and when it takes place. `language` is a tag, as HTML
    has it. `bulletin`, `year` and `kind` are what readers may choose by. `text` has a text a line. `stays`: whether its
    section is the same from month to month, as “About us” is.
    """

    path: str
    title: str
    where: str
    text: str
    language: str
    bulletin: str
    year: str
    kind: str
    stays: bool = False

    @property
    def month(self) -> str:
        """The name of its issue, which begins with its month: `2021-05`."""
        return self.path.split("/")[-2]

    @property
    def shown_text(self) -> str:
        """What it says, in one line: “ · ” between two texts if the first is no sentence."""
        lines = self.text.split("\n")
        ends = (" " if line.endswith(_ENDS) else " · " for line in lines[:-1])
        return "".join(piece for pair in zip_longest(lines, ends, fillvalue="") for piece in pair)

    @property
    def words(self) -> str:
        """All that it says, a text a line, as the proof of leaks reads it."""
        return f"{self.path}\n{self.title}\n{self.where}\n{self.text}"


def list_records(issue: Issue, facts: IssueFacts, *, bulletin_title: str) -> list[SearchRecord]:
    """The records of an issue in the order of its page, in each of its languages."""
    if issue.withdrawn:
        return []
    return [
        record
        for half in issue.in_each_language
        for record in _Lister(
            half,
            facts,
            f"{bulletin_title}, {facts.label}",
            folder=f"{half.first_language}/" if issue.languages else "",
        ).list_all()
    ]


class _Lister:
    """Lists the records of an issue in one language, whose pages are below `folder`.

    `whose` names the bulletin and the month.
    """

    def __init__(self, issue: Issue, facts: IssueFacts, whose: str, *, folder: str) -> None:
        self._issue = issue
        self._facts = facts
        self._whose = whose
        self._path = folder + name_issue_path(facts.bulletin, facts.name)
        visible = [each for each in find_anchored(issue) if not each.section.withdrawn]
        self._anchored = [each for each in visible if each.title or each.record is each.section]
        self._own = frozenset(id(each.record) for each in self._anchored)
        self._titles = {each.place: each.title for each in self._anchored}

    def list_all(self) -> Iterator[SearchRecord]:
        signed = self._issue.signed
        opening = [*_read(TextFormat.TEXT, self._issue.introduction), *(self._list_texts(signed) if signed else ())]
        if opening:
            title = read_plain(self._issue.subject).text
            yield self._make("", title=title, texts=opening, kind=INTRODUCTION, place=[])
        for each in self._anchored:
            texts = list(self._list_texts(each.record))
            if not each.record.withdrawn and (texts or not self._holds_others(each.record)):
                yield self._make(
                    each.anchor,
                    title=each.title or tell_kind(each.section.kind),
                    texts=texts,
                    kind=each.section.kind,
                    place=[*self._list_around(each), *_tell_day(each.record)],
                    stays=each.section.traits.next_month is NextMonth.KEPT,
                )

    def _make(
        self, anchor: str, *, title: str, texts: list[str], kind: str, place: list[str], stays: bool = False
    ) -> SearchRecord:
        corrected = any(each.item is None or each.item == anchor for each in self._issue.corrections)
        return SearchRecord(
            path=self._path + (f"#{anchor}" if anchor else ""),
            title=title,
            where=" · ".join([self._whose, *place, *(["corrected"] if corrected else [])]),
            text="\n".join(texts),
            language=tag_of(self._issue.first_language),
            bulletin=self._facts.bulletin,
            year=str(self._facts.year),
            kind=kind,
            stays=stays,
        )

    def _list_around(self, each: Anchored) -> list[str]:
        """The titles of what an item is in, from its section on; what kind of section a section is."""
        if each.record is each.section:
            return [tell_kind(each.section.kind)]
        steps = each.place.split(".")
        around = (self._titles.get(".".join(steps[:end]), "") for end in range(1, len(steps)))
        return list(filter(None, around)) or [tell_kind(each.section.kind)]

    def _holds_others(self, record: Item) -> bool:
        return any(id(inner.value) in self._own for inner in walk_records(record) if inner.value is not record)

    def _list_texts(self, record: Declared) -> Iterator[str]:
        """What a record says without its title, and without the records in it that have an address of their own.

        What it says in paragraphs comes first: an excerpt begins with that.
        """
        hidden = {*find_marked(type(record), NOT_SHOWN), "kind", *(_TITLES if id(record) in self._own else ())}
        forms = {name: find_format(field) for name, field in type(record).model_fields.items() if name not in hidden}
        for name in sorted(forms, key=lambda name: forms[name] is not TextFormat.TEXT):
            value = getattr(record, name)
            for each in value if isinstance(value, tuple) else (value,):
                if isinstance(each, Declared):
                    yield from () if self._is_apart(each) else self._list_texts(each)
                elif isinstance(each, PartialDate | TimeOfDay):
                    yield str(each)
                else:
                    yield from _read(forms[name], each)

    def _is_apart(self, record: Declared) -> bool:
        return isinstance(record, Item) and (id(record) in self._own or record.withdrawn is not None)


def _read(form: TextFormat | None, value: Any) -> Iterator[str]:
    """A text as readers see it, in one line; nothing of an address."""
    if form in _READERS and isinstance(value, str) and (words := " ".join(_READERS[form](value).text.split())):
        yield words


def _tell_day(record: Item) -> list[str]:
    """When it takes place, or came out; nothing if it has no day."""
    day, until = getattr(record, "date", None), getattr(record, "until", None)
    if not isinstance(day, PartialDate):
        return []
    return [describe_when(day, until if isinstance(until, PartialDate) else None)]
