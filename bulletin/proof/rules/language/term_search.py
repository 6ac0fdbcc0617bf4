"""Find the near misses of terms in an issue. Pure.

There is no list of wrong forms. The right ones come from the settings (`proof.terms`, the organisation, its bulletins),
from the fields for names, and from a short list for this field of work. A near miss has the same letters in another
form, or is one letter off a term and not in the dictionary.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.reading.lexicon import read_list
from bulletin.proof.reading.sentences import Chunk, Sentence
from bulletin.proof.reading.similarity import is_one_off
from bulletin.proof.rules.language.term_comparison import (
    SMALL_WORDS,
    NearMiss,
    Term,
    WordRun,
    compare,
    drop_possessive,
    fit_form,
    fold_letters,
    is_near_miss,
    plain_text,
)
from bulletin.proof.vocabulary import find_names, is_name, is_quoted_title, own_names, own_titles

_MOST_WORDS = 8  # of a term
_LEAST_LETTERS = 6  # of a term that is searched for with one letter off
_CROWD = 30  # terms that begin or end alike; if there are more, none is searched for with one letter off
_NONE: list[Term] = []
_NOWHERE: set[int] = set()


class Terms:
    """An index of the right forms, in which a look-up takes the same time however many there are."""

    def __init__(self, context: Context) -> None:
        proof, titles = context.settings.proof, own_titles(context)
        declared = [*proof.terms, *own_names(context)]
        names = sorted(find_names(context).items(), key=lambda entry: -entry[1])
        self.by_key: dict[str, Term] = {}
        self.lengths: set[int] = set()
        self._halves: dict[tuple[int, str], list[Term]] = {}
        self._gaps: dict[tuple[str, ...], Term] = {}
        self.words: set[str] = set()
        for form, chosen in [*((form, True) for form in declared), *((form, False) for form in read_list("terms"))]:
            # The words of a title may be just words: “our system update” is not the “System Update”.
            self._add(form, declared=chosen and (form not in titles or form in proof.terms))
        self.chosen = frozenset(self.by_key)
        for form in [name for name, _ in names if not self._is_slip(name)]:
            self._add(form, declared=False)
        self.longest = max(map(len, self.by_key), default=0)
        # The lengths of keys by their first and last letters. A slip of one letter leaves half of the key unchanged.
        self.beginnings: dict[str, set[int]] = {}
        self.endings: dict[str, set[int]] = {}
        for key in self.by_key:
            lengths = (len(key) - 1, len(key), len(key) + 1)
            self.beginnings.setdefault(key[:2], set()).update(lengths)
            self.endings.setdefault(key[-2:], set()).update(lengths)
        self.openers = frozenset(map(fold_letters, self.words))

    def _add(self, form: str, *, declared: bool) -> None:
        key = fold_letters(form)
        if len(key) < 4 or key in self.by_key or len(form.split()) > _MOST_WORDS:
            return
        term = self.by_key[key] = Term(form, key, declared)
        if len(key) >= _LEAST_LETTERS or "." in form:
            half = len(key) // 2
            self.lengths.add(len(key))
            self._halves.setdefault((len(key), "<" + key[:half]), []).append(term)
            self._halves.setdefault((len(key), ">" + key[half:]), []).append(term)
        if len(words := plain_text(form).split()) > 2:
            self.words.update(words[:2])
            for gap in _open_gaps(words):
                self._gaps.setdefault(gap, term)
        if (bare := drop_possessive(form)) != form:  # texts are compared without their possessive endings
            self._add(bare, declared=declared)

    def _is_slip(self, name: str) -> bool:
        """Whether a name in a field is itself a near miss."""
        window = WordRun(fold_letters(name), name, 0, len(name), leads=False)
        term = self.find_one_off(window.key)
        return term is not None and is_near_miss(term, window, self.by_key)

    def find_one_word_off(self, words: list[str]) -> Term | None:
        """The term of three words or more that differs in the ending of one word, or in one small word."""
        if len(words) > 2 and (words[0] in self.words or words[1] in self.words):
            for at, gap in enumerate(_open_gaps(words)):
                term = self._gaps.get(gap)
                if term and _is_other_form(words[at], plain_text(term.form).split()[at], of=len(words)):
                    return term
        return None

    def find_one_off(self, key: str) -> Term | None:
        """The term that is one letter off `key`, if any. One of its halves is then unchanged."""
        for length in (len(key), len(key) - 1, len(key) + 1):
            if length in self.lengths:
                half = length // 2
                begin = self._halves.get((length, "<" + key[:half]), _NONE)
                end = self._halves.get((length, ">" + key[half - length :]), _NONE)
                near = begin + end if begin or end else _NONE
                for term in near if len(near) <= _CROWD else _NONE:
                    if is_one_off(key, term.key):
                        return term
        return None


def _open_gaps(words: list[str]) -> list[tuple[str, ...]]:
    """The words with each of them left out in turn."""
    return [(*words[:at], "", *words[at + 1 :]) for at in range(len(words))]


def _is_other_form(written: str, right: str, *, of: int) -> bool:
    """Whether one of `of` words is a slip: another form of the right one, or in a long name one that begins alike."""
    if written == right:
        return False
    if of >= _LONG_NAME and written[0] == right[0] and written[0].isupper():
        return True  # “… for the Protection of Cruelty to Children”
    return {written, right} <= SMALL_WORDS or (min(len(written), len(right)) > 4 and written[:5] == right[:5])


_LONG_NAME = 6  # words of a name that is known though one of them is wrong


def find_near_misses(context: Context) -> list[NearMiss]:
    """Every near miss of a term in the author's own words."""
    return context.gather(_list_near_misses)


def _list_near_misses(context: Context) -> list[NearMiss]:
    return list(_find_near_misses(context, context.gather(Terms)))


def _find_near_misses(context: Context, terms: Terms) -> Iterator[NearMiss]:
    for passage in context.texts:
        quoted = is_quoted_title(passage)
        for sentence in context.sentences_of(passage):
            for term, miss in _search(terms, passage, sentence):
                # Two partners may have almost the same name.
                may_be = term.key in terms.chosen or not is_name(passage)
                if may_be and (not quoted or _is_wrong_anywhere(term, miss)):
                    yield miss


def _is_wrong_anywhere(term: Term, miss: NearMiss) -> bool:
    """Whether the name of a body is wrong even in somebody else’s title: in its letters or apostrophes."""
    is_body = " " in term.form and term.form[0].isupper() and miss.written[0].isupper()
    return is_body and plain_text(miss.written).casefold() != term.core.casefold()


class _Piece(NamedTuple):
    """A chunk as a part of windows. It `opens` after a bracket, and `closes` before a comma or a full stop.

    `whole` are its letters with those of a possessive ending, which `key` has not.
    """

    key: str
    whole: str
    start: int
    end: int
    opens: bool
    closes: bool


def _search(terms: Terms, passage: Passage, sentence: Sentence) -> Iterator[tuple[Term, NearMiss]]:
    pieces = [_read_piece(passage.prose.text, chunk) for chunk in sentence.chunks]
    done = 0
    for at in range(len(pieces)):
        if at < done:
            continue
        windows = _open_windows(terms, passage.prose.text, pieces, at)[::-1]
        if not windows:
            continue
        named = [(length, window, terms.by_key[window.key]) for length, window in windows if window.key in terms.by_key]
        if named:  # the longest name here, right or wrong
            length, window, term = named[0]
            done = at + length
            if miss := compare(term, window, passage):
                yield term, miss
            continue
        for length, window in windows:
            if meant := _find_meant(terms, window, length):
                done = at + length
                yield meant, NearMiss(passage, window.start, window.end, window.text, fit_form(meant, window))
                break


def _find_meant(terms: Terms, window: WordRun, length: int) -> Term | None:
    """The term that a window of `length` words is a slip of."""
    term = terms.find_one_off(window.key)
    if term and is_near_miss(term, window, terms.by_key):
        return term
    if length < 3 or not any(plain_text(word) in terms.words for word in window.text.split(maxsplit=2)[:2]):
        return None  # the usual case, decided early
    return terms.find_one_word_off(plain_text(window.text).split())


def _read_piece(text: str, chunk: Chunk) -> _Piece | None:
    if chunk.text.isalnum() and not chunk.quiet:
        key = chunk.text.casefold()
        return _Piece(key, key, chunk.start, chunk.end, opens=False, closes=False)
    first, last = find_bounds(chunk.text)
    if chunk.quiet or first < 0:
        return None
    written = chunk.text[first:last]
    bare = drop_possessive(written)
    end = chunk.start + first + len(bare)
    rest = chunk.text[last:]
    if bare != written or (rest in _APOSTROPHES and written.endswith("s") and first == 0):
        closes = bool(rest.strip("'’"))  # a name may continue after it: “Information Commissioner’s Office”
    else:
        after = text[end : end + 1]
        closes = bool(after.strip(" \n.")) or (after == "." and not _is_dotted(chunk.text))
    return _Piece(fold_letters(bare), fold_letters(written), chunk.start + first, end, opens=first > 0, closes=closes)


_APOSTROPHES = ("'", "’")


def _open_windows(terms: Terms, text: str, pieces: list[_Piece | None], at: int) -> list[tuple[int, WordRun]]:
    """The runs of words from `at` on that may be a term, right or wrong, each with its number of words.

    A run is no longer than the longest term, and ends at a comma. A term and its slip begin or end alike and differ by
    at most one letter in length, unless a whole word differs.
    """
    found: list[tuple[int, WordRun]] = []
    key, whole, size, start = "", "", 0, -1
    opens = any(piece and piece.key in terms.openers for piece in pieces[at : at + 2])
    for length, piece in enumerate(pieces[at : at + _MOST_WORDS], start=1):
        if piece is None or (piece.opens and length > 1):
            break
        key, whole = whole + piece.key, whole + piece.whole
        size = len(key)
        if size > terms.longest + 6:
            break
        start = piece.start if start < 0 else start
        begin, end = key[:2], key[-2:]
        alike = opens and length > 2 and (begin in terms.beginnings or end in terms.endings)
        if alike or size in terms.beginnings.get(begin, _NOWHERE) or size in terms.endings.get(end, _NOWHERE):
            found.append((length, WordRun(key, text[start : piece.end], start, piece.end, at == 0)))
        if piece.closes:
            break
    return found


def _is_dotted(chunk: str) -> bool:
    return "." in chunk.strip("(\"“‘'").rstrip(".,;:!?)\"”’'")


@lru_cache(maxsize=1 << 16)
def find_bounds(text: str) -> tuple[int, int]:
    """The start of the first and the end of the last letter or figure of a chunk; -1 if it has none."""
    first = next((at for at, char in enumerate(text) if char.isalnum()), -1)
    last = next((at for at in range(len(text), 0, -1) if text[at - 1].isalnum()), -1)
    return first, last
