"""The second language of an issue in a file of its own: `2021-05.cy.yaml` beside `2021-05.yaml`. Pure.

Both files are read as one: a text that they have otherwise becomes `{cy: …, en: …}`, as if it were written so in one
file. So the model, the proof and everything behind them know nothing of two files. What is no text (a date, a kind, a
status) is written once: the second file leaves it out, or repeats it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from bulletin.declaration.declared import Declared
from bulletin.declaration.source import Data, Place, SecondFile, Source, Span
from bulletin.errors import Fault
from bulletin.issue.model import Issue
from bulletin.issue.passages import find_format
from bulletin.languages.known import LANGUAGES, WELSH

LANGUAGES_KEY: Final = "languages"
_BEGINNING: Final = Span(line=1, column=1, end_line=1, end_column=2)


def split_language(name: str) -> tuple[str, str]:
    """The name of an issue and the language of its second file: `2021-05.cy` is (`2021-05`, `cy`); "" for its first."""
    stem, dot, language = name.rpartition(".")
    return (stem, language) if dot and language in LANGUAGES else (name, "")


def order_languages(first: str, second: str) -> list[str]:
    """The languages of an issue in two files that doesn't say their order: Welsh comes first."""
    return sorted([first, second], key=lambda language: language != WELSH)


def join_files(first: Source, second: Source, *, languages: tuple[str, str], own: Iterable[type[Declared]]) -> Source:
    """Both files as one, with the places of each. `languages` are those of the files, `own` the workspace's own kinds.

    Faults name the file that they are in. The second file alone says nothing: an entry that only it has is a fault.
    """
    joining = _Joining(first=first, second=second, languages=languages, texts=_list_texts(tuple(own)))
    data = joining.join(first.data, second.data, (), ())
    if isinstance(data, dict) and LANGUAGES_KEY not in data:
        data = {**data, LANGUAGES_KEY: list[Data](order_languages(*languages))}
    return replace(
        first,
        data=data,
        lines=(*first.lines, *second.lines),
        values=joining.values,
        keys=joining.keys,
        faults=(*first.faults, *second.faults, *joining.faults),
        refused=frozenset({*first.refused, *second.refused, *joining.refused}),
        whole=first.whole and second.whole,
        second=joining.other,
    )


@cache
def _list_texts(own: tuple[type[Declared], ...]) -> frozenset[str]:
    """The names of all fields that may be texts, as files have them. A record may be written as a text, too."""
    return frozenset(
        info.alias or name
        for model in {*_walk_models(Issue), *(each for kind in own for each in _walk_models(kind))}
        for name, info in model.model_fields.items()
        if find_format(info) or any(_find_models(info.annotation))
    )


def _walk_models(model: type[Declared], seen: set[type[Declared]] | None = None) -> Iterator[type[Declared]]:
    """A model and all records in it."""
    found = seen if seen is not None else set()
    if model in found:
        return
    found.add(model)
    yield model
    for info in model.model_fields.values():
        for inner in _find_models(info.annotation):
            yield from _walk_models(inner, found)


def _find_models(annotation: object) -> Iterator[type[Declared]]:
    if isinstance(annotation, type) and issubclass(annotation, Declared):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _find_models(inner)


@dataclass(kw_only=True)
class _Joining:
    """Two files on their way to being one."""

    first: Source
    second: Source
    languages: tuple[str, str]
    texts: frozenset[str]
    values: dict[Place, Span] = field(init=False)
    keys: dict[Place, Span] = field(init=False)
    faults: list[Fault] = field(default_factory=list)
    refused: set[Place] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.values, self.keys = dict(self.first.values), dict(self.first.keys)

    @property
    def other(self) -> SecondFile:
        """The second file, behind the lines of the first."""
        return SecondFile(file=self.second.file, after=len(self.first.lines))

    def join(self, one: Data, other: Data, place: Place, name: Sequence[str]) -> Data:
        """What both say at a place. `name` is the name of the field that it is in, or ()."""
        if other is None or one == other:
            return one
        if isinstance(one, dict) and isinstance(other, dict):
            return self._join_records(one, other, place)
        if isinstance(one, list) and isinstance(other, list):
            return self._join_lists(one, other, place, name)
        if isinstance(one, str) and isinstance(other, str) and set(name) <= self.texts:
            return self._join_texts(one, other, place)
        self._blame(place, _explain_difference(self.first.file, one, other))
        return one

    def _join_records(self, one: dict[str, Data], other: dict[str, Data], place: Place) -> Data:
        joined = dict(one)
        for key, value in other.items():
            if not place and key in ("language", LANGUAGES_KEY):
                continue
            if key in one:
                joined[key] = self.join(one[key], value, (*place, key), (key,))
            elif value is not None:
                self._blame((*place, key), f"“{key}” is here, and not in {self.first.file}.")
        return joined

    def _join_lists(self, one: list[Data], other: list[Data], place: Place, name: Sequence[str]) -> Data:
        if len(other) > len(one):
            self._blame((*place, len(one)), f"This entry is here, and not in {self.first.file}.")
        return [
            self.join(each, other[number], (*place, number), name) if number < len(other) else each
            for number, each in enumerate(one)
        ]

    def _join_texts(self, one: str, other: str, place: Place) -> Data:
        first, second = self.languages
        if place in self.first.values and place in self.second.values:
            self.values[(*place, first)] = self.first.values[place]
            self.values[(*place, second)] = self._shift(self.second.values[place])
            self.keys |= {
                (*place, first): self.first.keys.get(place, self.first.values[place]),
                (*place, second): self._shift(self.second.keys.get(place, self.second.values[place])),
            }
        return {first: one, second: other}

    def _shift(self, span: Span) -> Span:
        after = self.other.after
        return replace(span, line=span.line + after, end_line=span.end_line + after)

    def _blame(self, place: Place, message: str) -> None:
        """A fault in the second file."""
        self.refused.add(place)
        span = self.second.keys.get(place) or self.second.values.get(place) or _BEGINNING
        remedy = "Write it there too, or delete it here." if " not in " in message else "Write here what is there."
        self.faults.append(self.second.fault_at(span, message, remedy))


def _explain_difference(file: str, one: Data, other: Data) -> str:
    if isinstance(one, str) and isinstance(other, str):
        return f"“{other}” is another value than in {file}: “{one}”. Only texts may differ."
    return f"This has another shape than in {file}."
