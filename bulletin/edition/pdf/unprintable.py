"""Characters that the font of a PDF lacks, and what is printed instead. Pure.

PDF/UA allows no character without a glyph (ISO 14289-1, 7.21.8), and one of them would stop the whole PDF. So each is
replaced beforehand: what can't be seen is left out, a sign becomes its Unicode name in brackets, a passage in a script
that the font doesn't have becomes a note that says where to read it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from bulletin.edition.pdf.text_tree import Node

_ALWAYS: Final = frozenset("\n")
_IGNORED: Final = frozenset("\u034f\u00ad\ufe0e\ufe0f")  # nothing of them is seen
_SKIN_TONES: Final = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS: Final = range(0x1F1E6, 0x1F200)
_GENERAL_PUNCTUATION: Final = range(0x2000, 0x2070)  # of no script in particular
_BETWEEN_WORDS: Final = re.compile(r"[\s\d.,;:!?'\"“”‘’()/–-]+")
_NOT_PRINTED: Final = frozenset(
    {"address", "file", "type", "kind", "anchor", "alt", "size", "phrases", "language", "region", "code"}
)


class Lack(Enum):
    """What a stretch without glyphs is, and so what becomes of it."""

    UNSEEN = auto()  # control and direction characters: left out
    SIGN = auto()  # an emoji or another sign: its name in brackets
    PASSAGE = auto()  # words in a script that the font lacks: a note


@dataclass(frozen=True, kw_only=True, slots=True)
class Unprintable:
    """A stretch of a text, from `start` to `end`, and what is printed in its place."""

    start: int
    end: int
    lack: Lack
    instead: str


def find_unprintable(text: str, characters: Collection[int], *, note: str) -> Iterator[Unprintable]:
    """The stretches of `text` that can't be printed with `characters`, in order. `note` replaces a passage."""
    at = 0
    while at < len(text):
        lack = _judge(text[at], characters)
        if lack is None:
            at += 1
            continue
        end = _find_end(text, at, lack, characters)
        yield Unprintable(start=at, end=end, lack=lack, instead=_replace(text[at:end], lack, characters, note))
        at = end


def make_printable(text: str, characters: Collection[int], *, note: str) -> str:
    """`text` with only `characters` in it."""
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text).replace("\t", "    ")
    pieces: list[str] = []
    done = 0
    for found in find_unprintable(composed, characters, note=note):
        pieces += (composed[done : found.start], found.instead)
        done = found.end
    return "".join((*pieces, composed[done:]))


def print_tree(tree: Any, characters: Collection[int], *, note: str, name: str = "") -> Any:
    """A document in which every word that is printed has only `characters` in it."""
    if isinstance(tree, str):
        return tree if name in _NOT_PRINTED else make_printable(tree, characters, note=note)
    if isinstance(tree, list):
        return [print_tree(each, characters, note=note, name=name) for each in tree]
    if isinstance(tree, dict):
        return _print_node(tree, characters, note)
    return tree


def _print_node(node: Node, characters: Collection[int], note: str) -> Node:
    return {name: print_tree(value, characters, note=note, name=name) for name, value in node.items()}


def _judge(char: str, characters: Collection[int]) -> Lack | None:
    """What a character lacks; None if it can be printed."""
    category = unicodedata.category(char)
    if char in _ALWAYS:
        return None
    if category in ("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp") or char in _IGNORED:
        return Lack.UNSEEN
    if ord(char) in characters:
        return None
    if _find_simpler(char, characters) or ord(char) in _GENERAL_PUNCTUATION:
        return Lack.SIGN
    return Lack.PASSAGE if category[0] in "LMNP" else Lack.SIGN


def _find_end(text: str, at: int, lack: Lack, characters: Collection[int]) -> int:
    """Where the stretch that begins at `at` ends: a passage goes over blanks and points to its last letter."""
    step: Callable[[int], int] = _STEPS[lack]
    end = at + 1
    while (after := end + step(_count_between(text, end))) < len(text):
        following = _judge(text[after], characters)
        if following is lack or (following is Lack.UNSEEN and lack is not Lack.UNSEEN):
            end = after + 1
        else:
            break
    return end


def _count_between(text: str, at: int) -> int:
    match = _BETWEEN_WORDS.match(text, at)
    return len(match[0]) if match else 0


_STEPS: Final[dict[Lack, Callable[[int], int]]] = {
    Lack.UNSEEN: lambda _: 0,
    Lack.SIGN: lambda _: 0,
    Lack.PASSAGE: lambda between: between,
}


def _replace(stretch: str, lack: Lack, characters: Collection[int], note: str) -> str:
    if lack is Lack.UNSEEN:
        return ""
    if lack is Lack.PASSAGE:
        return f"[{note}]"
    return "".join(_name_sign(stretch, characters))


def _name_sign(stretch: str, characters: Collection[int]) -> Iterator[str]:
    """A simpler form of each sign, or its name in brackets. Signs that are joined to one share the brackets."""
    names: list[str] = []
    flag = ""
    for char in stretch:
        if ord(char) in _FLAG_LETTERS:
            flag += chr(ord("A") + ord(char) - _FLAG_LETTERS.start)
            if len(flag) == 2:
                names.append(f"flag of {flag}")
                flag = ""
        elif simpler := _find_simpler(char, characters):
            yield simpler
        elif ord(char) not in _SKIN_TONES and _judge(char, characters) is not Lack.UNSEEN:
            names.append(unicodedata.name(char, "sign").lower())
    if names:
        yield f"[{', '.join(names)}]"


def _find_simpler(char: str, characters: Collection[int]) -> str:
    """What the character is a form of, as ﬁ is of fi, where that can be printed; else ""."""
    simpler = unicodedata.normalize("NFKC", char)
    return simpler if simpler != char and all(ord(each) in characters for each in simpler) else ""
