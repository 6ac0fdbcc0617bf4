"""Find phrases of a list in a text, fast: by their first word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

_TOKEN = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*['’]?|[.,;:!?()\n“”\"–—]")
_GOES_ON = frozenset(
    """
    and or in who are is to at with from can have has need needs on for was were should will may must of by as also
    whose that but do if we they get live living
    """.split()  # noqa: SIM905 -- words alone are read more easily
)
"""Words after “the vulnerable” that show that no noun follows: the word means people."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Form(Generic[T]):
    words: tuple[str, ...]
    alone: bool  # whether no noun may follow
    value: T


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundPhrase(Generic[T]):
    """A phrase in a text, from `start` to `end`, and what the list says of it."""

    start: int
    end: int
    value: T


class PhraseList(Generic[T]):
    """Phrases with a value each. A phrase that ends in * is found only if no noun follows."""

    def __init__(self, phrases: Mapping[str, T]) -> None:
        self._forms: dict[str, list[_Form[T]]] = {}
        for written, value in phrases.items():
            words = tuple(_plain(match[0]) for match in _TOKEN.finditer(written.rstrip("*")))
            if words:
                form = _Form(words=words, alone=written.endswith("*"), value=value)
                self._forms.setdefault(words[0], []).append(form)
        for forms in self._forms.values():
            forms.sort(key=lambda form: -len(form.words))

    def find(self, text: str) -> Iterator[FoundPhrase[T]]:
        """The phrases in a text, in order, the longest at each place, in any mixture of capitals and small letters."""
        tokens = list(_TOKEN.finditer(text))
        plain = [_plain(token[0]) for token in tokens]
        done = 0
        for at, word in enumerate(plain):
            for form in self._forms.get(word, ()) if at >= done else ():
                end = at + len(form.words)
                if tuple(plain[at:end]) == form.words and not (form.alone and _is_followed_by_noun(plain, end)):
                    yield FoundPhrase(start=tokens[at].start(), end=tokens[end - 1].end(), value=form.value)
                    done = end
                    break


def _plain(word: str) -> str:
    return word.lower().replace("’", "'").rstrip("'") if len(word) > 1 else word


def _is_followed_by_noun(plain: Sequence[str], end: int) -> bool:
    following = plain[end] if end < len(plain) else "."
    return following[0].isalnum() and following not in _GOES_ON
