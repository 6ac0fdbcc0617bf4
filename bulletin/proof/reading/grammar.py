"""Slips that the kinds of words around them give away: “will held”, “two session”, “in they school”. Pure.

`words/grammar.txt` has the patterns. Each is a row of words, or of classes of words, that stand next to each other. A
pattern is tried only where one of its own words is in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import NamedTuple

from bulletin.proof.reading.lexicon import read_list
from bulletin.proof.reading.word_classes import is_in_class, list_class

_TOKEN = re.compile(
    r"[A-Za-zÀ-ÿ]+[0-9]*(?:['’-][A-Za-zÀ-ÿ]+)*['’]?|[0-9]+(?:[.,:/-][0-9]+)*[A-Za-z]*|[^\w\s]|\n", re.ASCII
)
_END = "."  # any mark, and the beginning or end of a text
_DIGITS = "0"  # any number, in the index
_STRAIGHT = "'"
_OFTEN = 40  # how much more often a frequent word is in a text than another


@dataclass(frozen=True, kw_only=True, slots=True)
class GrammarSlip:
    """A pattern: what was meant (a whole remedy if it begins with !), and a text for each of wrong and right."""

    pattern: str
    meant: str
    wrong: str
    right: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundGrammar:
    """A slip in a text, from `start` to `end`, with what was meant."""

    start: int
    end: int
    meant: str
    slip: GrammarSlip


class _Piece(NamedTuple):
    """One place of a pattern: the words and classes that it may be, or may not be."""

    words: frozenset[str]
    classes: tuple[str, ...]
    negative: bool


class _Row(NamedTuple):
    """A pattern without choices: its pieces, which of them are the slip, and the one that it is found by."""

    pieces: tuple[_Piece, ...]
    first: int
    last: int
    key: int
    checks: tuple[tuple[int, _Piece], ...]  # the other pieces with their places from the key on, the quickest first
    opens: bool  # whether it must begin a sentence
    slip: GrammarSlip


class _Token(NamedTuple):
    word: str
    start: int
    end: int
    opens: bool  # at the beginning of a sentence
    small: bool  # not a name: in small letters, or at the beginning of a sentence


@cache
def read_grammar_slips() -> tuple[GrammarSlip, ...]:
    """The patterns of the list, in order."""
    return tuple(_read_slip(entry) for entry in read_list("grammar") if " ;; " in entry)


def _read_slip(entry: str) -> GrammarSlip:
    pattern, meant, wrong, right = (part.strip() for part in entry.split(" ;; "))
    return GrammarSlip(pattern=pattern, meant=meant, wrong=wrong, right=right)


@cache
def _index_rows() -> Mapping[str, Sequence[_Row]]:
    found: dict[str, list[_Row]] = {}
    for slip in read_grammar_slips():
        for row in _read_rows(slip):
            for word in _find_triggers(row.pieces[row.key]):
                found.setdefault(word, []).append(row)
    return found


def _read_rows(slip: GrammarSlip) -> Iterator[_Row]:
    """The rows of a pattern: with and without each piece that may be missing."""
    opens = slip.pattern.startswith("^ ")
    choices = [[[piece[1:]], []] if piece[0] == "?" else [[piece]] for piece in slip.pattern.removeprefix("^ ").split()]
    for chosen in product(*choices):
        written = [piece for part in chosen for piece in part]
        pieces = tuple(_read_piece(piece) for piece in written)
        first = next(number for number, piece in enumerate(written) if "«" in piece)
        last = next(number for number, piece in enumerate(written) if "»" in piece)
        key = _find_key(pieces)
        checks = [(number - key, piece) for number, piece in enumerate(pieces) if number != key or piece.classes]
        checks.sort(key=lambda check: len(check[1].classes))
        yield _Row(pieces, first, last, key, tuple(checks), opens, slip)


@cache
def _read_groups() -> Mapping[str, str]:
    lines = (entry for entry in read_list("grammar") if entry.startswith("@") and " ;; " not in entry)
    return {name[1:]: "|".join(words) for name, *words in (line.split() for line in lines)}


@cache
def _read_piece(written: str) -> _Piece:
    plain = written.strip("«»")
    negative = plain.startswith("!")
    names: list[str] = []
    for one in plain.removeprefix("!").split("|"):
        group = _read_groups().get(one.removeprefix("@")) if one.startswith("@") else None
        names += group.split("|") if group else [one]
    words = frozenset(one for one in names if not one.startswith("@"))
    return _Piece(words, tuple(one[1:] for one in names if one.startswith("@")), negative)


def _find_key(pieces: Sequence[_Piece]) -> int:
    """The piece whose words are the rarest in a text."""
    own = [number for number, piece in enumerate(pieces) if _find_triggers(piece)]
    return min(own, key=lambda number: sum(map(_count_often, _find_triggers(pieces[number]))))


def _count_often(word: str) -> int:
    return _OFTEN if word == _DIGITS or word in list_class("frequent") else 1


@cache
def _find_triggers(piece: _Piece) -> frozenset[str]:
    """The words that show where to try a pattern; empty if any word of a class, or any but some, will do."""
    if piece.classes == ("number",) and not piece.negative:
        return list_class("number") | {_DIGITS}
    alone = not piece.classes and not piece.negative and _END not in piece.words
    return piece.words if alone else frozenset()


def find_grammar_slips(text: str) -> Iterator[FoundGrammar]:
    """The slips in a text, in order; of two that overlap, the one that is found first."""
    index, tokens, done = _index_rows(), _split(text), 0
    for at, token in enumerate(tokens):
        for row in index.get(_DIGITS if token.word.isdigit() else token.word, ()):
            begin = at - row.key
            if _fits(row, tokens, at) and tokens[begin + row.first].start >= done:
                slip = tokens[begin + row.first : begin + row.last + 1]
                done = slip[-1].end
                words = [text[one.start : one.end] for one in slip]
                yield FoundGrammar(start=slip[0].start, end=done, meant=row.slip.meant.format(*words), slip=row.slip)
                break


def _split(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    opens = True
    for match in _TOKEN.finditer(text):
        written = match[0]
        is_word = written[0].isalnum()
        word = written.lower().replace("’", _STRAIGHT) if is_word else _END
        tokens.append(_Token(word, match.start(), match.end(), opens, opens or not written[0].isupper()))
        opens = written in ".!?\n" or (opens and not is_word)
    return tokens


def _fits(row: _Row, tokens: Sequence[_Token], at: int) -> bool:
    """Whether a pattern is there, with the word that it is found by at `at`."""
    begin = at - row.key
    if begin < -row.pieces[0].negative or (row.opens and not tokens[begin].opens):
        return False
    if not (tokens[at].small or tokens[at].word in list_class("capital")):
        return False
    for offset, piece in row.checks:  # noqa: SIM110 -- a loop is faster, and this runs for each word of a text
        if not _is_one(piece, tokens, at + offset):
            return False
    return True


def _is_one(piece: _Piece, tokens: Sequence[_Token], at: int) -> bool:
    if not 0 <= at < len(tokens):
        return (_END in piece.words) is not piece.negative
    word, _, _, _, small = tokens[at]
    if not small and word not in list_class("capital"):
        return piece.negative
    if word in piece.words:
        return not piece.negative
    for name in piece.classes:
        if is_in_class(word, name):
            return not piece.negative
    return piece.negative
