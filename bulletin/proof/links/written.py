"""The links of an issue, in texts and fields: their words, addresses and places in the file. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from bulletin.declaration.prose import ProseLink
from bulletin.declaration.source import Place, Span
from bulletin.issue.item import Booking, Link
from bulletin.issue.kinds.about import Card
from bulletin.issue.kinds.campaign import Ask, Asset
from bulletin.issue.kinds.in_brief import Brief
from bulletin.issue.passages import Passage, TextFormat
from bulletin.proof.links.hosts import Target, read_target

_WORDS_OF: dict[type, str] = {Ask: "button", Asset: "title", Brief: "title", Card: "title", Link: "title"}
"""The field whose words are the link to a record's address. The title of others (a course) names more than a page."""

_OWN_WORDS = ("button", "link_text")
"""The fields that hold the words of the address beside them, whatever the record is."""

_PLAIN = re.compile(r"[A-Za-z0-9./?=&~_+@#$!*:%-]*[A-Za-z0-9/=_~+$-]\Z|\Z")
_ENTITY = re.compile(r"&#?[A-Za-z0-9]+;")


@dataclass(frozen=True, kw_only=True, eq=False)
class WrittenLink:
    """A link: its address in `passage.written` from `at` (-1 if it is not written there as such), and its words.

    `words` are what readers click: the text of a link in Markdown, or the title or button beside an address; "" if
    there are none. They are `words_in.prose.text[words_start:words_end]`. `bare` if the address is just typed.
    """

    passage: Passage
    address: str
    at: int
    words: str = ""
    words_in: Passage | None = None
    words_start: int = 0
    words_end: int = 0
    bare: bool = False

    @cached_property
    def target(self) -> Target:
        """The parts of the address: scheme, host, path."""
        return read_target(self.address)

    def locate(self, start: int = 0, end: int | None = None) -> Span:
        """Where `address[start:end]` is written; if it is not written as such, where its words are."""
        if self.at < 0:
            return self.locate_words()
        return self.passage.locate_written(self.at + start, self.at + (len(self.address) if end is None else end))

    def locate_words(self) -> Span:
        """Where the words are written; if there are none, where the address is."""
        if self.words_in is not None and self.words_end > self.words_start:
            return self.words_in.locate(self.words_start, self.words_end)
        return self.locate() if self.at >= 0 else self._place()

    def may_become(self, replacement: str, start: int = 0, end: int | None = None) -> bool:
        """Whether `replacement` means itself, in YAML and in Markdown, in the place of `address[start:end]`."""
        span = self.locate(start, end)
        line = self.passage.source.lines[span.line - 1]
        typed = line[span.column - 1 : span.end_column - 1] if span.end_line == span.line else ""
        return self.at >= 0 and typed == self.address[start:end] and _is_plain(replacement)

    def _place(self) -> Span:
        offset = self.passage.prose.offsets[self.words_start]
        return self.passage.locate_written(offset, offset)


def _is_plain(replacement: str) -> bool:
    """Whether part of an address means itself anywhere: in quotation marks, in a bracketed list, in a text."""
    return bool(_PLAIN.match(replacement)) and not _ENTITY.search(replacement)


def find_written_links(passages: Iterable[Passage]) -> Iterator[WrittenLink]:
    """Every link in the texts and fields, in the order of `passages`."""
    passages = tuple(passages)
    beside = {passage.place: passage for passage in passages}
    for passage in passages:
        if passage.format is TextFormat.ADDRESS:
            yield _read_field(passage, beside)
        elif passage.format is TextFormat.TEXT:
            yield from (_read_link(passage, link) for link in passage.prose.links)


def _read_field(passage: Passage, beside: dict[Place, Passage]) -> WrittenLink:
    at = max(0, passage.written.find(passage.written.strip()))
    words = _find_words(passage, beside) if passage.field == "link" else None
    return WrittenLink(
        passage=passage,
        address=passage.written.strip(),
        at=at,
        words=words.prose.text if words else "",
        words_in=words,
        words_end=len(words.prose.text) if words else 0,
    )


def _find_words(passage: Passage, beside: dict[Place, Passage]) -> Passage | None:
    """The words that readers press for an address in a field: its button, wherever that is, or a title."""
    place = passage.place[:-1]
    around = place[:-1] if isinstance(passage.record, Booking) else place
    for name in _OWN_WORDS:
        if words := beside.get((*around, name)):
            return words
    name = next((name for kind, name in _WORDS_OF.items() if isinstance(passage.record, kind)), "")
    return beside.get((*place, name)) if name else None


def _read_link(passage: Passage, link: ProseLink) -> WrittenLink:
    return WrittenLink(
        passage=passage,
        address=link.address,
        at=link.address_at,
        words=link.text,
        words_in=passage,
        words_start=link.start,
        words_end=link.end,
        bare=link.bare,
    )
