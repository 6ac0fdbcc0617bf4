"""The texts of a bilingual issue, each with its versions in both languages. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bulletin.declaration.source import Data, Place
from bulletin.declaration.translated import SAME, is_translated
from bulletin.issue.passages import Passage, TextFormat
from bulletin.issue.traits import NAMES_SOMEBODY, find_marked

_WORD = re.compile(r"[^\W\d_]{2,}")
_ONE_FOR_ALL = frozenset({"author", "address", "telephone", "email"})
"""Fields that are the same in any language."""


@dataclass(frozen=True, kw_only=True)
class BilingualText:
    """One text of an issue: its versions by their languages, or the one that is written for all of them.

    `is_same`: whether its author says that it is meant to be the same.
    """

    versions: Mapping[str, Passage]
    once: Passage | None = None
    is_same: bool = False

    @property
    def any_passage(self) -> Passage:
        """One of its passages, to point at."""
        return self.once or next(iter(self.versions.values()))

    @property
    def is_for_all(self) -> bool:
        """Whether it is a name, or something else that needs no translation."""
        passage = self.any_passage
        return passage.field in _ONE_FOR_ALL or passage.field in find_marked(type(passage.record), NAMES_SOMEBODY)


def find_bilingual(passages: Iterable[Passage]) -> Iterator[BilingualText]:
    """The texts that `passages` are the versions of, in the order of the file; addresses too."""
    found: dict[Place, dict[str, Passage]] = {}
    for passage in passages:
        around = _find_around(passage)
        if around is None:
            yield BilingualText(versions={}, once=passage)
        else:
            found.setdefault(passage.place[:-1], {})[str(passage.place[-1])] = passage
    for place, versions in found.items():
        data = _read(next(iter(versions.values())).source.data, place)
        same = str(data.get(SAME, "")) if isinstance(data, dict) else ""
        yield BilingualText(versions=versions, is_same=same.strip().lower() in ("yes", "true", "on"))


def count_words(passage: Passage) -> int:
    """The words of a passage as readers see it, without figures."""
    return 0 if passage.format is TextFormat.ADDRESS else len(_WORD.findall(passage.prose.text))


def _find_around(passage: Passage) -> Data:
    """The group of languages that a passage is in; None for one that is written once."""
    data = _read(passage.source.data, passage.place[:-1])
    return data if is_translated(data) else None


def _read(data: Data, place: Place) -> Data:
    for step in place:
        if isinstance(data, dict) and isinstance(step, str):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int):
            data = data[step]
    return data
