"""What an output for an audience must not have: the fingerprints of everything in the issue that is not for it. Pure.

A text's fingerprints are its runs of five words, or all of it if it has two to four. An item has more: each address in
it, the names of its pictures, its anchor. What the audience's own items, the settings or the theme have too is no
fingerprint, nor are dates, because those are in many texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import PurePosixPath
from typing import Final, Self

from pydantic import BaseModel

from bulletin.declaration.declared import Declared
from bulletin.declaration.prose import Prose, read_line, read_plain, read_text
from bulletin.declaration.source import Place
from bulletin.declaration.translated import choose_language, list_versions
from bulletin.edition.languages.welsh_dates import WELSH_DAYS, WELSH_MONTHS
from bulletin.edition.leaks.fixed_words import LENGTHS, RUN, SHORTEST, Run
from bulletin.edition.leaks.output_words import fold_token, join_runs, name_picture, split_words
from bulletin.issue.dates import MONTHS, WEEKDAYS
from bulletin.issue.item import Image, Item
from bulletin.issue.model import Issue
from bulletin.issue.passages import TextFormat, find_format, walk_records
from bulletin.languages.known import LANGUAGES

_ABOUT_ALL: Final = ("subject", "preview_text", "introduction", "sections")
"""Fields of an issue that are looked through themselves, because everyone gets them."""
_READERS: Final[Mapping[TextFormat, Callable[[str], Prose]]] = {
    TextFormat.TEXT: read_text,
    TextFormat.LINE: read_line,
    TextFormat.PLAIN: read_plain,
}
_LABELS: Final = frozenset({"for", "by", "with", "ask", "until", "from", "past", "place", "cost", "picture"})
"""What a template writes before a field's words: “For parents”."""
_DATE_WORDS: Final = frozenset(
    word.casefold() for name in (*MONTHS, *WEEKDAYS) for word in (name, name[:3])
) | frozenset(word.casefold() for word in (*WELSH_MONTHS, *WELSH_DAYS))
_SMALL_FIGURE: Final = re.compile(r"[0-9]{1,2}(?:am|pm|st|nd|rd|th)?|(?:19|20)[0-9]{2}|am|pm|to|and|on|from|midday")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fingerprints:
    """What an output must not have: `runs` of words and `tokens`, each with the item that it is of, in words."""

    runs: Mapping[Run, str] = field(default_factory=dict)
    tokens: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.runs or self.tokens)

    def with_tokens(self, tokens: Mapping[str, str]) -> Fingerprints:
        """These, and further words that must not occur, such as the UID of a date. Each has its item in words."""
        return Fingerprints(
            runs=self.runs, tokens={**self.tokens, **{fold_token(each): of for each, of in tokens.items()}}
        )


class FingerprintMaker:
    """Makes the fingerprints of each audience of one `whole` issue. Its texts are read once.

    `settings` are records whose words may occur anywhere, as `fixed` runs of words may.
    """

    def __init__(self, whole: Issue, *, settings: Iterable[BaseModel], fixed: Collection[Run]) -> None:
        anchors = whole.anchors
        self._fixed = fixed
        self._names = _name_items(whole)
        self._shown = {
            record.place: _Shown.of(record.value, anchor=anchors.get(record.place, ""))
            for record in walk_records(whole)
            if record.place
        }
        self._always = _Shown.of(whole, but=_ABOUT_ALL)
        for each in settings:
            for version in _list_versions(each):
                self._always.take_words(_list_strings(version.model_dump(mode="json")))

    def make(self, pruned: Issue) -> Fingerprints:
        """What an output for the readers of `pruned` must not have: the fingerprints of all that isn't in it."""
        visible = pruned.origins
        hidden = [place for place in self._shown if place not in visible and place[0] == "sections"]
        if not hidden:
            return Fingerprints()
        common = _Common.of([self._always, *(self._shown[place] for place in visible)], self._fixed)
        runs: dict[Run, str] = {}
        tokens: dict[str, str] = {}
        for place in hidden:
            shown, name = self._shown[place], self._names[place]
            runs |= {run: name for run in shown.fingerprints if not common.has(run)}
            tokens |= dict.fromkeys(shown.tokens - common.tokens, name)
        return Fingerprints(runs=runs, tokens=tokens)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Common:
    """What is no fingerprint, because an output may have it anyway: `whole` texts, runs of words, tokens."""

    whole: frozenset[Run]
    runs: frozenset[Run]
    fixed: Collection[Run]
    tokens: frozenset[str]

    @classmethod
    def of(cls, shown: Collection[_Shown], fixed: Collection[Run]) -> Self:
        return cls(
            whole=frozenset().union(*(each.whole for each in shown)),
            runs=frozenset().union(*(each.runs for each in shown)),
            fixed=fixed,
            tokens=frozenset().union(*(each.tokens for each in shown)),
        )

    def has(self, run: Run) -> bool:
        if run in self.runs or run in self.fixed or all(map(_is_of_date, run)):
            return True
        return run[0] in _LABELS and run[1:] in self.whole


def _is_of_date(word: str) -> bool:
    return word in _DATE_WORDS or _SMALL_FIGURE.fullmatch(word) is not None


class _Shown:
    """What records show: the words of each block of their texts, and their tokens."""

    def __init__(self) -> None:
        self.blocks: list[list[str]] = []
        self.tokens: set[str] = set()

    @classmethod
    def of(cls, record: Declared, *, anchor: str = "", but: Collection[str] = ()) -> Self:
        """What `record` itself shows, but for some fields; records in it are others."""
        shown = cls()
        shown._take(record, but)
        if anchor:
            shown.tokens.add(f"#{fold_token(anchor)}")
        return shown

    @cached_property
    def whole(self) -> frozenset[Run]:
        return frozenset(map(tuple, self.blocks))

    @cached_property
    def runs(self) -> frozenset[Run]:
        return frozenset(run for block in self.blocks for run in join_runs(block, LENGTHS))

    @cached_property
    def fingerprints(self) -> tuple[Run, ...]:
        short = (tuple(block) for block in self.blocks if SHORTEST <= len(block) < RUN)
        return (*short, *(run for block in self.blocks for run in join_runs(block, (RUN,))))

    def _take(self, record: Declared, but: Collection[str]) -> None:
        if isinstance(record, Image):
            self.tokens.add(name_picture(PurePosixPath(record.file).stem))
        for name, text_format in _find_texts(type(record)).items():
            value = getattr(record, name)
            for text in (value if isinstance(value, tuple) else (value,)) if name not in but else ():
                for _, version in list_versions(text) if isinstance(text, str) else ():
                    self._take_text(version, text_format)

    def take_words(self, texts: Iterable[str]) -> None:
        """What is said in settings: words or addresses, or both."""
        for text in texts:
            self._take_text(text, TextFormat.TEXT)
            self.tokens.add(fold_token(text))

    def _take_text(self, text: str, text_format: TextFormat) -> None:
        if text_format is TextFormat.ADDRESS:
            self.tokens.add(fold_token(text))
            return
        prose = _READERS[text_format](text)
        self.blocks += filter(None, (split_words(prose.text[block.start : block.end]) for block in prose.blocks))
        self.tokens |= {fold_token(link.address) for link in prose.links}


@cache
def _find_texts(model: type[Declared]) -> Mapping[str, TextFormat]:
    """The fields of a record that readers see as text or may open, each with its format."""
    found = {name: find_format(info) for name, info in model.model_fields.items()}
    mail = {name: TextFormat.ADDRESS for name in ("email",) if name in model.model_fields}
    return {name: text_format for name, text_format in found.items() if text_format} | mail


def _list_versions(settings: BaseModel) -> Iterator[BaseModel]:
    """Settings in each language that they may be in."""
    if isinstance(settings, Declared):
        yield from (choose_language(settings, language) for language in LANGUAGES)
    else:
        yield settings


def _list_strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from _list_strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _list_strings(inner)


def _name_items(issue: Issue) -> Mapping[Place, str]:
    """The title or name of each record, or of the nearest item around it that has one."""
    names: dict[Place, str] = {}
    for record in walk_records(issue):
        place = record.place
        around = next((names[place[:end]] for end in range(len(place) - 1, 0, -1) if place[:end] in names), "")
        title = getattr(record.value, "title", None) or getattr(record.value, "name", None) or ""
        names[place] = read_line(title).text if title and isinstance(record.value, Item) else around
    return names
