"""The context of a rule: everything it may look at. Costly parts are made once, when a rule first asks. Pure.

The caller passes in file reading and rendering (`load_earlier`, `render`, `read_file`), so a rule is a pure function.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from itertools import accumulate, islice
from typing import Any, Final, TypeVar, overload

from bulletin.declaration.source import Place, Source, Span, parse_source
from bulletin.edition.edition import Edition
from bulletin.issue.dates import Month
from bulletin.issue.model import Issue
from bulletin.issue.passages import Passage, Record, TextFormat, find_passages, walk_records
from bulletin.languages.known import ENGLISH
from bulletin.proof.links.link_status import LinkStatus
from bulletin.proof.links.written import WrittenLink, find_written_links
from bulletin.proof.reading.lazy_pattern import LazyPattern
from bulletin.proof.reading.learned import ISSUES, LearnedWords
from bulletin.proof.reading.sentences import Sentence, cut_sentences
from bulletin.proof.reading.written_dates import WrittenDate, find_written_dates
from bulletin.proof.theme.theme_files import ThemeFile, find_own_theme
from bulletin.settings.settings import Settings
from bulletin.workspace.workspace import SETTINGS_FILE

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class ParsedIssue:
    """An issue and the file it was read from."""

    id: str
    issue: Issue
    source: Source

    @property
    def month(self) -> Month:
        return self.issue.month

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Every text of the issue, addresses included, in the order of the file."""
        return find_passages(self.issue, self.source)

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """Every record of the issue and its place: sections, items, figures, pictures."""
        return tuple(walk_records(self.issue))

    @cached_property
    def links(self) -> tuple[WrittenLink, ...]:
        """Every link in texts and fields, with its words and where both are written."""
        return tuple(find_written_links(self.passages))

    def span(self, *place: str | int) -> Span:
        """Where the value at `place` is written; if it is not there, where the nearest record around it is."""
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
    """Earlier issues, the latest first. Each is read when a rule first asks for it or for an older one.

    So `earlier[0]` and `earlier[:3]` stay cheap in a bulletin with a long history. `len()` reads every issue.
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
        """Read until there are `count` issues, or all of them. Return how many are read now."""
        missing = None if count is None else max(0, count - len(self._read))
        self._read.extend(islice(self._coming, missing))
        return len(self._read)


MOST_READ: Final = 400_000
"""Characters of an issue that the proof reads. A full issue has about 50,000."""


@dataclass(frozen=True, kw_only=True)
class Context(ParsedIssue):
    """Everything a rule may look at.

    `today` is the day of the check; `bulletin` the issue's bulletin in the settings. `load_earlier` returns the earlier
    issues of the same bulletin that load, the latest first. `load_promising` returns only those that may have a
    follow-up for some months; without it, all may. `load_texts` returns the files of those that were published before
    today; without it, they are loaded. `render` returns the edition, or None if it can't be rendered.
    `read_file` returns the bytes of a file by its path in the workspace, or None if there is no such file.
    `english_only`: whether `texts` leave out what is in another language. `link_statuses` is the result of requesting
    each address; None if no links were checked. Rules use `earlier`, `find_promising`, `learned`, `edition` and
    `read_file` instead of what loads and renders.
    """

    settings: Settings
    bulletin: str
    today: date
    english_only: bool = False
    load_earlier: Callable[[], Iterable[ParsedIssue]] = field(default=tuple, repr=False)
    load_promising: Callable[[Collection[Month]], Iterable[ParsedIssue]] | None = field(default=None, repr=False)
    load_texts: Callable[[], Iterable[str]] | None = field(default=None, repr=False)
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
    def learned(self) -> LearnedWords:
        """The words that earlier issues have used so often that they are right in this one."""
        return LearnedWords(self.load_texts or self._list_texts)

    def _list_texts(self) -> Iterator[str]:
        past = (parsed for parsed in self.earlier[:ISSUES] if parsed.issue.published < self.today)
        return ("\n".join(parsed.source.lines) for parsed in past)

    @cached_property
    def edition(self) -> Edition | None:
        return self.render()

    @cached_property
    def section_lines(self) -> tuple[int, ...]:
        """The line on which each section begins."""
        return tuple(self.span("sections", index).line for index in range(len(self.issue.sections)))

    @cached_property
    def own_theme(self) -> tuple[ThemeFile, ...]:
        """The templates and style sheets that the workspace has changed; none if it uses the default theme."""
        return find_own_theme(self.read_file, kinds=[section.kind for section in self.issue.sections])

    @cached_property
    def texts(self) -> tuple[Passage, ...]:
        """The texts that readers read: every passage except addresses, up to MOST_READ characters in all."""
        texts = [passage for passage in self.passages if passage.format is not TextFormat.ADDRESS]
        if self.english_only:
            own = (passage for passage in texts if passage.language == ENGLISH)
            texts = [replace(passage, english_only=True) if passage.has_other_languages else passage for passage in own]
        ends = list(accumulate(len(passage.written) for passage in texts))
        if not ends or ends[-1] <= MOST_READ:
            return tuple(texts)
        last = bisect_right(ends, MOST_READ)
        rest = MOST_READ - (ends[last - 1] if last else 0)
        return (*texts[:last], replace(texts[last], most=rest))

    @cached_property
    def other_languages(self) -> tuple[str, ...]:
        """The languages besides English that the issue has texts or passages in."""
        texts = [passage for passage in self.passages if passage.format is not TextFormat.ADDRESS]
        own = {passage.language for passage in texts}
        marked = {each.language for text in texts if text.has_other_languages for each in text.prose.foreign}
        return tuple(sorted((own | marked) - {ENGLISH}))

    @cached_property
    def in_english(self) -> Context:
        """The same for rules on English, with the English texts alone; this very context, if it has no others."""
        if not self.other_languages:
            return self
        return replace(
            self,
            english_only=True,
            load_earlier=lambda: self.earlier,
            render=lambda: self.edition,
        )

    @cached_property
    def imprint(self) -> tuple[Passage, ...]:
        """The texts of bulletin.yaml that every reader gets: who publishes, the bulletin's title, the greeting."""
        content = self.read_file(SETTINGS_FILE)
        if content is None:
            return ()
        source = parse_source(content.decode("utf-8-sig", errors="replace"), shown_as=SETTINGS_FILE)
        bulletin = self.settings.bulletins.get(self.bulletin)
        records = {("organisation",): self.settings.organisation, ("bulletins", self.bulletin): bulletin}
        found = [
            passage
            for place, record in records.items()
            if record and place in source.values
            for passage in find_passages(record, source, place)
        ]
        return tuple(passage for passage in found if passage.format is not TextFormat.ADDRESS)

    @property
    def unread(self) -> Passage | None:
        """The text that is cut off because the issue is too long; None if the proof reads all of it."""
        last = self.texts[-1] if self.texts else None
        return last if last and last.most is not None else None

    @property
    def web_addresses(self) -> list[str]:
        """The web addresses in the issue, which a link check can request."""
        return [link.address for link in self.links if link.target.is_web]

    def matches(
        self, *patterns: re.Pattern[str] | LazyPattern, texts: Iterable[Passage] | None = None
    ) -> Iterator[tuple[Passage, re.Match[str]]]:
        """Every match of `patterns` in `texts` (by default those that readers read), each with its passage."""
        for passage in self.texts if texts is None else texts:
            for pattern in patterns:
                for match in pattern.finditer(passage.prose.text):
                    yield passage, match

    def sentences_of(self, passage: Passage) -> tuple[Sentence, ...]:
        """The sentences of a passage, split once."""
        if id(passage) not in self._sentences:
            self._sentences[id(passage)] = tuple(cut_sentences(passage.prose))
        return self._sentences[id(passage)]

    def gather(self, make: Callable[[Context], T]) -> T:
        """The result of `make(self)`, computed once for all rules that ask for it."""
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
        """Every text that contains dates, and those dates."""
        found = (
            (passage, tuple(find_written_dates(passage.prose, partial(self.sentences_of, passage))))
            for passage in self.texts
        )
        return tuple((passage, dates) for passage, dates in found if dates)

    @cached_property
    def addresses(self) -> tuple[Passage, ...]:
        """The addresses in fields of their own. Addresses in texts are in the `links` of their prose."""
        return tuple(passage for passage in self.passages if passage.format is TextFormat.ADDRESS)
