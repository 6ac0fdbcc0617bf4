"""Slips that the kinds of words around them give away: “will held”, “two session”, “in they school”. Pure.

`words/grammar.txt` has the patterns. Each is a row of words, or of classes of words, that stand next to each other. A
pattern is tried only where one of its own words is in the text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from typing import NamedTuple

from bulletin.proof.reading.lexicon import read_list
from bulletin.proof.reading.word_classes import is_in_class, list_class

_TOKEN = re.compile(
    r"[A-Za-zÀ-ÿ]+[0-9]*(?:['’-][A-Za-zÀ-ÿ]+)*['’]?|[0-9]+(?:[.,:/-][0-9]+)*[A-Za-z]*|[^\w\s]|\n", re.ASCII
)
_END = "."  # any mark, and the beginning or end of a text
_DIGITS = "0"  # any number, in the index
_OPENS = "^ "  # before a pattern that must begin a sentence
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
    triggers: frozenset[str]  # the words that it is found by
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
    return tuple(map(_read_slip, _list_entries()))


def _list_entries() -> list[str]:
    return [entry for entry in read_list("grammar") if " ;; " in entry]


def _read_slip(entry: str) -> GrammarSlip:
    pattern, meant, wrong, right = (part.strip() for part in entry.split(" ;; "))
    return GrammarSlip(pattern=pattern, meant=meant, wrong=wrong, right=right)


@cache
def _index_entries() -> Mapping[str, Sequence[str]]:
    """The entries by the words that show where to try them. Most have none in a text, and are never read further."""
    found: dict[str, list[str]] = defaultdict(list)
    for entry in _list_entries():
        for word in frozenset().union(*map(_find_triggers, _find_keys(entry.partition(" ;; ")[0]))):
            found[word].append(entry)
    return found


@cache
def _read_rows(entry: str) -> Sequence[_Row]:
    """The rows of a pattern, with and without each piece that may be missing."""
    slip = _read_slip(entry)
    pieces = _split_pattern(slip.pattern)
    if "?" not in slip.pattern:
        return (_read_row(slip, pieces),)
    choices = [[[piece[1:]], []] if piece[0] == "?" else [[piece]] for piece in pieces]
    return [_read_row(slip, [piece for part in chosen for piece in part]) for chosen in product(*choices)]


def _read_row(slip: GrammarSlip, written: Sequence[str]) -> _Row:
    pieces = tuple(_read_piece(piece) for piece in written)
    first = next(number for number, piece in enumerate(written) if "«" in piece)
    last = next(number for number, piece in enumerate(written) if "»" in piece)
    found_by = _find_key(written)
    key = written.index(found_by)
    checks = [(number - key, piece) for number, piece in enumerate(pieces) if number != key or piece.classes]
    checks.sort(key=lambda check: len(check[1].classes))
    opens = slip.pattern.startswith(_OPENS)
    return _Row(pieces, first, last, key, _find_triggers(found_by), tuple(checks), opens, slip)


def _split_pattern(pattern: str) -> list[str]:
    return pattern.removeprefix(_OPENS).split()


@cache
def _read_groups() -> Mapping[str, tuple[str, ...]]:
    lines = (entry for entry in read_list("grammar") if entry.startswith("@") and " ;; " not in entry)
    return {name: tuple(word for part in words for word in part.split("|")) for name, *words in map(str.split, lines)}


def _list_names(written: str) -> list[str]:
    """The words, and the classes with their @, that a piece names."""
    names = written.strip("«»").removeprefix("!").split("|")
    if "@" not in written:
        return names
    groups = _read_groups()
    return [name for one in names for name in groups.get(one, (one,))]


@cache
def _read_piece(written: str) -> _Piece:
    names = _list_names(written)
    classes = [one for one in names if one[0] == "@"] if "@" in written else []
    words = frozenset(names).difference(classes)
    return _Piece(words, tuple(one[1:] for one in classes), written.strip("«»").startswith("!"))


def _find_key(pieces: Iterable[str]) -> str:
    """The piece whose words are the rarest in a text."""
    return min(filter(_find_triggers, pieces), key=_count_often)


def _find_keys(pattern: str) -> list[str]:
    """The pieces by which a pattern may be found: the rarest that is always there, and rarer ones that may not be."""
    pieces = _split_pattern(pattern)
    key = _find_key(piece for piece in pieces if piece[0] != "?")
    others = (piece[1:] for piece in pieces if piece[0] == "?")
    return [key, *(one for one in others if _find_triggers(one) and _count_often(one) <= _count_often(key))]


@cache
def _count_often(written: str) -> int:
    triggers = _find_triggers(written)
    often = len(triggers & list_class("frequent")) + (_DIGITS in triggers)
    return len(triggers) + (_OFTEN - 1) * often


@cache
def _find_triggers(written: str) -> frozenset[str]:
    """The words that show where to try a pattern; empty if any word of a class, or any but some, will do."""
    plain = written.strip("«»")
    if plain[0] == "!":
        return frozenset()
    names = _list_names(plain)
    classes = [one for one in names if one[0] == "@"] if "@" in plain else []
    if classes == ["@number"]:
        return list_class("number") | {_DIGITS}
    return frozenset() if classes or _END in names else frozenset(names)


@lru_cache(maxsize=1 << 13)
def _find_rows(word: str) -> Sequence[_Row]:
    """The rows to try where a word is."""
    return [row for entry in _index_entries().get(word, ()) for row in _read_rows(entry) if word in row.triggers]


def find_grammar_slips(text: str) -> Iterator[FoundGrammar]:
    """The slips in a text, in order; of two that overlap, the one that is found first."""
    tokens, done, capitals = _split(text), 0, list_class("capital")
    for at, token in enumerate(tokens):
        if not (token.small or token.word in capitals):
            continue
        for row in _find_rows(_DIGITS if token.word.isdigit() else token.word):
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
