"""The case: everything that rules may look at, gathered once, the costly parts only when a rule asks. Pure.

Reading files and rendering are handed in (`load_earlier`, `render`, `read_file`), so that a rule is a function of what
it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from bulletin.declaration.source import Place, Source, Span
from bulletin.edition.edition import Edition
from bulletin.issue.dates import Month
from bulletin.issue.model import Issue
from bulletin.issue.passages import Manner, Passage, Record, find_passages, find_records
from bulletin.proof.days import WrittenDate, find_written_dates
from bulletin.proof.finding import Remark
from bulletin.proof.sentences import Sentence, cut_sentences
from bulletin.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Written:
    """An issue together with the file that it was read from."""

    id: str
    issue: Issue
    source: Source

    @property
    def month(self) -> Month:
        return self.issue.month

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Every text of the issue, addresses too, in the order of the file."""
        return find_passages(self.issue, self.source)

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """Every record of the issue with its place: sections, items, figures, pictures."""
        return tuple(find_records(self.issue, self.source))

    def span(self, *place: str | int) -> Span:
        """Where the value at `place` is written; if there is none, where the nearest record around it is."""
        at: Place = place
        while at and at not in self.source.values:
            at = at[:-1]
        return self.source.values[at]

    def key(self, *place: str | int) -> Span:
        """Where the name of the field at `place` is written; if it is not there, where its record begins."""
        return self.source.keys.get(place) or self._begin(place[:-1])

    def _begin(self, place: Place) -> Span:
        span = self.span(*place)
        line = self.source.lines[span.line - 1] if span.line <= len(self.source.lines) else ""
        end = max(len(line.rstrip()), span.column) + 1
        return Span(line=span.line, column=span.column, end_line=span.line, end_column=end)


@dataclass(frozen=True, kw_only=True)
class Case(Written):
    """An issue on the desk of the proof.

    `today` is the day of the proof. `bulletin` is the name of its bulletin in the settings. `load_earlier` gives the
    earlier issues of the same bulletin, the latest first, those that load; `render` the edition, or None where it
    cannot be rendered; `read_file` the bytes of a file of the workspace by its path from there, None if it is not
    there. All three are called once at most, through `earlier`, `edition` and `read_file`.
    """

    settings: Settings
    bulletin: str
    today: date
    load_earlier: Callable[[], tuple[Written, ...]] = field(default=tuple, repr=False)
    render: Callable[[], Edition | None] = field(default=lambda: None, repr=False)
    read_file: Callable[[str], bytes | None] = field(default=lambda _: None, repr=False)

    @cached_property
    def earlier(self) -> tuple[Written, ...]:
        return self.load_earlier()

    @cached_property
    def edition(self) -> Edition | None:
        return self.render()

    @cached_property
    def texts(self) -> tuple[Passage, ...]:
        """What readers read: every passage but the addresses."""
        return tuple(passage for passage in self.passages if passage.manner is not Manner.ADDRESS)

    def sentences_of(self, passage: Passage) -> tuple[Sentence, ...]:
        """The sentences of a passage, cut once."""
        if id(passage) not in self._sentences:
            self._sentences[id(passage)] = tuple(cut_sentences(passage.prose))
        return self._sentences[id(passage)]

    @cached_property
    def _sentences(self) -> dict[int, tuple[Sentence, ...]]:
        return {}

    @cached_property
    def dates(self) -> tuple[tuple[Passage, tuple[WrittenDate, ...]], ...]:
        """Every text that holds dates, with them."""
        found = ((passage, tuple(find_written_dates(passage.prose))) for passage in self.texts)
        return tuple((passage, dates) for passage, dates in found if dates)

    @cached_property
    def addresses(self) -> tuple[Passage, ...]:
        """The addresses that stand in fields of their own; those in texts are in their prose's `links`."""
        return tuple(passage for passage in self.passages if passage.manner is Manner.ADDRESS)


def remark_on(
    passage: Passage, start: int, end: int, message: str, remedy: str = "", *, replacement: str | None = None
) -> Remark:
    """A remark on the words `passage.prose.text[start:end]`.

    A replacement is kept only where it can be typed over those very characters: within one line, with no mark-up,
    fold or escape between them.
    """
    offsets = passage.prose.offsets
    span = passage.locate(start, end)
    line = passage.source.lines[span.line - 1]
    typed = line[span.column - 1 : span.end_column - 1] if span.end_line == span.line else ""
    exact = end > start and offsets[end - 1] - offsets[start] == end - 1 - start
    fits = exact and typed == passage.prose.text[start:end] and replacement is not None and _is_safe(replacement)
    return Remark(span=span, message=message, remedy=remedy, replacement=replacement if fits else None)


def _is_safe(replacement: str) -> bool:
    """Whether a text means itself wherever it stands in YAML: between quotation marks, in a block, or plain."""
    return not any(char in replacement for char in "\"'\\#:\n\t{}[]&*!|>%@`")
