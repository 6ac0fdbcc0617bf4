"""The case: everything that rules may look at, gathered once, the costly parts only when a rule asks. Pure.

Reading files and rendering are handed in (`load_earlier`, `render`, `read_file`), so that a rule is a function of what
it is given.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from itertools import accumulate, islice
from typing import Any, Final, TypeVar, overload

from bulletin.declaration.source import Place, Source, Span
from bulletin.edition.edition import Edition
from bulletin.issue.dates import Month
from bulletin.issue.model import Issue
from bulletin.issue.passages import Passage, Record, TextFormat, find_passages, find_records
from bulletin.proof.links.status import LinkStatus
from bulletin.proof.links.written import WrittenLink, find_written_links
from bulletin.proof.reading.sentences import Sentence, cut_sentences
from bulletin.proof.reading.written_dates import WrittenDate, find_written_dates
from bulletin.proof.theme.theme_files import ThemeFile, find_own_theme
from bulletin.settings.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class ParsedIssue:
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

    @cached_property
    def links(self) -> tuple[WrittenLink, ...]:
        """Every link, in texts and in fields, with its words and where both are written."""
        return tuple(find_written_links(self.passages))

    def span(self, *place: str | int) -> Span:
        """Where the value at `place` is written; if there is none, where the nearest record around it is."""
        at: Place = place
        while at and at not in self.source.values:
            at = at[:-1]
        return self.source.values[at]

    def refer(self, place: Place) -> str:
        """File and line of the value at `place`, as messages about other issues cite it: issues/2021-04.yaml:12."""
        return f"{self.source.file}:{self.span(*place).line}"

    def key(self, *place: str | int) -> Span:
        """Where the name of the field at `place` is written; if it is not there, where its record begins."""
        return self.source.keys.get(place) or self._begin(place[:-1])

    def _begin(self, place: Place) -> Span:
        span = self.span(*place)
        line = self.source.lines[span.line - 1] if span.line <= len(self.source.lines) else ""
        end = max(len(line.rstrip()), span.column) + 1
        return Span(line=span.line, column=span.column, end_line=span.line, end_column=end)


class EarlierIssues(Sequence[ParsedIssue]):
    """Earlier issues, the latest first. One is read when it is asked for, and those before it with it.

    So `earlier[0]` and `earlier[:3]` are cheap however long the bulletin has existed; its length reads all of them.
    """

    def __init__(self, coming: Iterable[ParsedIssue]) -> None:
        self._coming = iter(coming)
        self._read: list[ParsedIssue] = []

    @overload
    def __getitem__(self, index: int) -> ParsedIssue: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[ParsedIssue, ...]: ...

    def __getitem__(self, index: int | slice) -> ParsedIssue | tuple[ParsedIssue, ...]:
        if isinstance(index, slice):
            ends = (index.start or 0, index.stop if index.stop is not None else -1)
            self._fetch(None if min(ends) < 0 else index.stop)
            return tuple(self._read[index])
        self._fetch(None if index < 0 else index + 1)
        return self._read[index]

    def __len__(self) -> int:
        self._fetch(None)
        return len(self._read)

    def __bool__(self) -> bool:
        self._fetch(1)
        return bool(self._read)

    def __iter__(self) -> Iterator[ParsedIssue]:
        at = 0
        while self._fetch(at + 1) > at:
            yield self._read[at]
            at += 1

    def _fetch(self, count: int | None) -> int:
        """Read until there are `count`, or all; how many there are now."""
        missing = None if count is None else max(0, count - len(self._read))
        self._read.extend(islice(self._coming, missing))
        return len(self._read)


MOST_READ: Final = 400_000
"""Characters of an issue that are read: a full one has some 50,000."""


@dataclass(frozen=True, kw_only=True)
class Context(ParsedIssue):
    """An issue on the desk of the proof.

    `today` is the day of the proof. `bulletin` is the name of its bulletin in the settings. `load_earlier` gives the
    earlier issues of the same bulletin, the latest first, those that load; `load_promising` those of them that may
    have a follow-up for some months (left out, all may); `render` the edition, or None where it cannot be rendered;
    `read_file` the bytes of a file of the workspace by its path from there, None if it is not there.
    Rules ask through `earlier`, `find_promising`, `edition` and `read_file`. `link_statuses` say what came of asking
    for each address; None if nobody asked.
    """

    settings: Settings
    bulletin: str
    today: date
    load_earlier: Callable[[], Iterable[ParsedIssue]] = field(default=tuple, repr=False)
    load_promising: Callable[[Collection[Month]], Iterable[ParsedIssue]] | None = field(default=None, repr=False)
    render: Callable[[], Edition | None] = field(default=lambda: None, repr=False)
    read_file: Callable[[str], bytes | None] = field(default=lambda _: None, repr=False)
    link_statuses: Mapping[str, LinkStatus] | None = field(default=None, repr=False)

    @cached_property
    def earlier(self) -> EarlierIssues:
        return EarlierIssues(self.load_earlier())

    @property
    def predecessor(self) -> ParsedIssue | None:
        """The last issue, which this one continues; None for a second issue in a month, which continues none."""
        return self.earlier[0] if self.earlier and not self.issue.extra else None

    def find_promising(self, months: Collection[Month]) -> Iterable[ParsedIssue]:
        """The earlier issues that may have a follow-up for one of `months`, the latest first."""
        return self.load_promising(months) if self.load_promising else self.earlier

    @cached_property
    def edition(self) -> Edition | None:
        return self.render()

    @cached_property
    def section_lines(self) -> tuple[int, ...]:
        """The line on which each section begins."""
        return tuple(self.span("sections", index).line for index in range(len(self.issue.sections)))

    @cached_property
    def own_theme(self) -> tuple[ThemeFile, ...]:
        """The templates and style sheets that the workspace has changed; none for the theme that comes with us."""
        return find_own_theme(self.read_file)

    @cached_property
    def texts(self) -> tuple[Passage, ...]:
        """What readers read: every passage but the addresses, as far as MOST_READ characters go."""
        texts = [passage for passage in self.passages if passage.format is not TextFormat.ADDRESS]
        ends = list(accumulate(len(passage.written) for passage in texts))
        if not ends or ends[-1] <= MOST_READ:
            return tuple(texts)
        last = bisect_right(ends, MOST_READ)
        rest = MOST_READ - (ends[last - 1] if last else 0)
        return (*texts[:last], replace(texts[last], most=rest))

    @property
    def unread(self) -> Passage | None:
        """The text of which only the beginning is read, as the issue is too long; None if all of it is."""
        last = self.texts[-1] if self.texts else None
        return last if last and last.most is not None else None

    @property
    def web_addresses(self) -> list[str]:
        """The addresses of the issue that a web server can be asked for."""
        return [link.address for link in self.links if link.target.is_web]

    def sentences_of(self, passage: Passage) -> tuple[Sentence, ...]:
        """The sentences of a passage, cut once."""
        if id(passage) not in self._sentences:
            self._sentences[id(passage)] = tuple(cut_sentences(passage.prose))
        return self._sentences[id(passage)]

    def gather(self, make: Callable[[Context], T]) -> T:
        """What `make` makes of the context, made once, however many rules ask for it."""
        if make not in self._gathered:
            self._gathered[make] = make(self)
        found: T = self._gathered[make]
        return found

    @cached_property
    def _gathered(self) -> dict[Callable[[Context], Any], Any]:
        return {}

    @cached_property
    def _sentences(self) -> dict[int, tuple[Sentence, ...]]:
        return {}

    @cached_property
    def dates(self) -> tuple[tuple[Passage, tuple[WrittenDate, ...]], ...]:
        """Every text that holds dates, with them."""
        found = (
            (passage, tuple(find_written_dates(passage.prose, partial(self.sentences_of, passage))))
            for passage in self.texts
        )
        return tuple((passage, dates) for passage, dates in found if dates)

    @cached_property
    def addresses(self) -> tuple[Passage, ...]:
        """The addresses that stand in fields of their own; those in texts are in their prose's `links`."""
        return tuple(passage for passage in self.passages if passage.format is TextFormat.ADDRESS)
