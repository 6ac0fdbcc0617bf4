"""Terms: near misses of the right forms, and one thing written in two ways. Pure.

There is no list of wrong forms. The right ones come from the settings (`proof.terms`, the organisation, its bulletins),
from the fields that hold names, and from a short list of the field. What has the same letters but not the same form is
a near miss, and so is what is one letter off and no word by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.lexicon import is_word, read_list, read_words
from bulletin.proof.reading.sentences import Chunk, Sentence
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.vocabulary import find_names, is_name, is_quoted_title, own_names, own_texts
from bulletin.settings.proof import Severity

_MOST_WORDS = 8  # of a term
_LEAST_LETTERS = 6  # of a term for which one letter off is looked for
_CROWD = 30  # terms that begin or end alike; of more, none is looked for by one letter
_NONE: list[Term] = []
_NOWHERE: set[int] = set()
_SMALL = frozenset(["a", "an", "the", "of", "to", "in", "for", "on", "at", "and", "or", "with", "by", "from"])


@dataclass(frozen=True, slots=True)
class Term:
    """A right form. `declared` if somebody chose it: then small letters for capitals are a miss as well."""

    form: str
    key: str
    declared: bool

    @property
    def core(self) -> str:
        """The form from its first letter to its last, as it is compared."""
        return _plain(self.form).strip(".")

    @property
    def dotted(self) -> bool:
        return self.form.endswith(".")


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Words that are nearly a term."""

    passage: Passage
    start: int
    end: int
    written: str
    right: str


class _Window(NamedTuple):
    """Some words in a row, from their first letter to their last. `leads` if they begin a sentence."""

    key: str
    text: str
    start: int
    end: int
    leads: bool


class Terms:
    """The right forms of a context, so laid out that looking one up takes the same time however many there are."""

    def __init__(self, context: Context) -> None:
        declared = [*context.settings.proof.terms, *own_names(context)]
        names = sorted(find_names(context).items(), key=lambda entry: -entry[1])
        self.by_key: dict[str, Term] = {}
        self.lengths: set[int] = set()
        self._halves: dict[tuple[int, str], list[Term]] = {}
        self._gaps: dict[tuple[str, ...], Term] = {}
        self.words: set[str] = set()
        for form, chosen in [*((form, True) for form in declared), *((form, False) for form in read_list("terms"))]:
            self._add(form, declared=chosen)
        self.chosen = frozenset(self.by_key)
        for form in [name for name, _ in names if not self._is_slip(name)]:
            self._add(form, declared=False)
        self.longest = max(map(len, self.by_key), default=0)
        # By their edges, how long keys are, and what is one letter off them: one of its halves is the same.
        self.beginnings: dict[str, set[int]] = {}
        self.endings: dict[str, set[int]] = {}
        for key in self.by_key:
            lengths = (len(key) - 1, len(key), len(key) + 1)
            self.beginnings.setdefault(key[:2], set()).update(lengths)
            self.endings.setdefault(key[-2:], set()).update(lengths)
        self.openers = frozenset(map(fold, self.words))

    def _add(self, form: str, *, declared: bool) -> None:
        key = fold(form)
        if len(key) < 4 or key in self.by_key or len(form.split()) > _MOST_WORDS:
            return
        term = self.by_key[key] = Term(form, key, declared)
        if len(key) >= _LEAST_LETTERS or "." in form:
            half = len(key) // 2
            self.lengths.add(len(key))
            self._halves.setdefault((len(key), "<" + key[:half]), []).append(term)
            self._halves.setdefault((len(key), ">" + key[half:]), []).append(term)
        if len(words := _plain(form).split()) > 2:
            self.words.update(words[:2])
            for gap in _open_gaps(words):
                self._gaps.setdefault(gap, term)

    def _is_slip(self, name: str) -> bool:
        """Whether a name in a field is itself a near miss."""
        window = _Window(fold(name), name, 0, len(name), leads=False)
        term = self.find_one_off(window.key)
        return term is not None and _is_miss(self, term, window)

    def find_one_word_off(self, words: list[str]) -> Term | None:
        """The term of three words or more in which one word has another ending, or is another small word."""
        if len(words) > 2 and (words[0] in self.words or words[1] in self.words):
            for at, gap in enumerate(_open_gaps(words)):
                term = self._gaps.get(gap)
                if term and _is_other_form(words[at], _plain(term.form).split()[at]):
                    return term
        return None

    def find_one_off(self, key: str) -> Term | None:
        """The term that is one letter away from `key`, if there is one: one of its halves is then untouched."""
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
    """Some words, each of them left out in turn."""
    return [(*words[:at], "", *words[at + 1 :]) for at in range(len(words))]


def _is_other_form(written: str, right: str) -> bool:
    if written == right:
        return False
    return {written, right} <= _SMALL or (min(len(written), len(right)) > 4 and written[:5] == right[:5])


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """The letters and figures of a text alone, in small letters."""
    return "".join(char for char in text.casefold() if char.isalnum())


def is_one_off(one: str, other: str) -> bool:
    """Whether two texts differ by one letter: changed, left out, added, or swapped with its neighbour."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    at = 0
    while at < min(len(one), len(other)) and one[at] == other[at]:
        at += 1
    swapped = one[:at] + one[at + 1 : at + 2] + one[at : at + 1] + one[at + 2 :]
    shifts = ((1, 1), (1, 0), (0, 1))
    return swapped == other or any(one[at + here :] == other[at + there :] for here, there in shifts)


def find_near_misses(context: Context) -> list[NearMiss]:
    """Every near miss of a term in the author's own words."""
    return context.gather(_list_near_misses)


def _list_near_misses(context: Context) -> list[NearMiss]:
    return list(_find_near_misses(context, context.gather(Terms)))


def _find_near_misses(context: Context, terms: Terms) -> Iterator[NearMiss]:
    for passage in context.texts:
        for sentence in () if is_quoted_title(passage) else context.sentences_of(passage):
            for term, miss in _search(terms, passage, sentence):
                # Two partners may have names that are nearly the same.
                if term.key in terms.chosen or not is_name(passage):
                    yield miss


class _Piece(NamedTuple):
    """A chunk as windows are made of it. It `opens` after a bracket, and `closes` before a comma or a full stop."""

    key: str
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
        if named:  # the longest name that stands here, right or wrong
            length, window, term = named[0]
            done = at + length
            if miss := _compare(term, window, passage):
                yield term, miss
            continue
        for length, window in windows:
            if meant := _find_meant(terms, window, length):
                done = at + length
                yield meant, NearMiss(passage, window.start, window.end, window.text, _fit(meant, window))
                break


def _find_meant(terms: Terms, window: _Window, length: int) -> Term | None:
    """The term that a window of so many words is a slip of."""
    term = terms.find_one_off(window.key)
    if term and _is_miss(terms, term, window):
        return term
    if length < 3 or not any(_plain(word) in terms.words for word in window.text.split(maxsplit=2)[:2]):
        return None  # at once, as nearly always
    return terms.find_one_word_off(_plain(window.text).split())


def _read_piece(text: str, chunk: Chunk) -> _Piece | None:
    if chunk.text.isalnum() and not chunk.quiet:
        return _Piece(chunk.text.casefold(), chunk.start, chunk.end, opens=False, closes=False)
    first, last = _bounds(chunk.text)
    if chunk.quiet or first < 0:
        return None
    bare = _drop_possessive(chunk.text[first:last])
    end = chunk.start + first + len(bare)
    after = text[end : end + 1]
    closes = bool(after.strip(" \n.")) or (after == "." and not _is_dotted(chunk.text))
    return _Piece(fold(bare), chunk.start + first, end, opens=first > 0, closes=closes)


def _open_windows(terms: Terms, text: str, pieces: list[_Piece | None], at: int) -> list[tuple[int, _Window]]:
    """The words from `at` on that may be a term, right or wrong, and how many they are.

    They reach as far as the longest term, and no further than a comma. A term and its slip begin alike or end alike,
    and differ by one letter in length, unless one word is another.
    """
    found: list[tuple[int, _Window]] = []
    key, size, start = "", 0, -1
    opens = any(piece and piece.key in terms.openers for piece in pieces[at : at + 2])
    for length, piece in enumerate(pieces[at : at + _MOST_WORDS], start=1):
        if piece is None or (piece.opens and length > 1):
            break
        key += piece.key
        size = len(key)
        if size > terms.longest + 6:
            break
        start = piece.start if start < 0 else start
        begin, end = key[:2], key[-2:]
        alike = opens and length > 2 and (begin in terms.beginnings or end in terms.endings)
        if alike or size in terms.beginnings.get(begin, _NOWHERE) or size in terms.endings.get(end, _NOWHERE):
            found.append((length, _Window(key, text[start : piece.end], start, piece.end, at == 0)))
        if piece.closes:
            break
    return found


def _is_dotted(chunk: str) -> bool:
    return "." in chunk.strip("(\"“‘'").rstrip(".,;:!?)\"”’'")


@lru_cache(maxsize=1 << 16)
def _bounds(text: str) -> tuple[int, int]:
    """Where the first and after the last letter or figure of a chunk is; -1 if it has none."""
    first = next((at for at, char in enumerate(text) if char.isalnum()), -1)
    last = next((at for at in range(len(text), 0, -1) if text[at - 1].isalnum()), -1)
    return first, last


def _drop_possessive(text: str) -> str:
    return text[:-2].rstrip(".") if text[-2:] in ("’s", "'s") and len(text) > 3 else text


def _plain(text: str) -> str:
    """A text with one space between its words, and with a typewriter's apostrophes."""
    return " ".join(text.replace("’", "'").split())


def _compare(term: Term, window: _Window, passage: Passage) -> NearMiss | None:
    """What has the letters of a term: right, or a miss?"""
    written, core = _plain(window.text), term.core
    end = window.end
    after = passage.prose.text[end : end + 1]
    if written == core:
        whole = not term.dotted or after == "."
        return None if whole else NearMiss(passage, window.start, end, window.text, term.form)
    if _may_differ_in_case(term, window, written, core):
        return None
    if term.dotted and after == ".":
        end += 1
    return NearMiss(passage, window.start, end, passage.prose.text[window.start : end], _fit(term, window))


def _may_differ_in_case(term: Term, window: _Window, written: str, core: str) -> bool:
    """Whether other capitals are in order: where a sentence begins, in capitals throughout, or in ordinary words."""
    if written.casefold() != core.casefold():
        # Dots, hyphens or spaces differ: “shield” is a word, and no name without its full stops.
        return "." in core and (written.islower() or (window.leads and is_word(written.lower())))
    if core.islower() or written.isupper():
        return True
    lowered = written[0].lower() + written[1:] if window.leads else written
    if lowered.removeprefix("the ") == core.removeprefix("The ") or (window.leads and written[1:] == core[1:]):
        return True
    if lowered.islower():
        words = core.split()
        ordinary = any(word.lower() in _SMALL for word in words) or len(words) == 1
        return (ordinary or not term.declared) and all(is_word(word) for word in written.lower().split())
    return not term.declared and _count_capitals(written) >= _count_capitals(core)


def _count_capitals(text: str) -> int:
    return sum(char.isupper() for char in text)


def _is_miss(terms: Terms, term: Term, window: _Window) -> bool:
    """Whether what is one letter off a term is meant to be it, and not another word, or its plural."""
    key, form = window.key, term.core
    if key + "s" == term.key or term.key + "s" == key or key in terms.by_key:
        return False
    written, right = _plain(window.text).split(), form.split()
    if len(written) != len(right) and "-" not in form:
        return False
    if "." in form and "." not in window.text:
        return False
    ends = ((written[0], form), (written[-1], form[::-1]))
    if any(end.lower() in _SMALL and not edge.lower().startswith(end.lower()[:1]) for end, edge in ends):
        return False
    if [char for char in key if char.isdigit()] != [char for char in term.key if char.isdigit()]:
        # “Section 17” is another section; “Covid-10” is no other illness.
        numbered = re.search(r"([^\W\d_]+)-?\d", form)
        return numbered is not None and not is_word(numbered[1].lower())
    if "." in form:
        return True
    strange = [word for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", window.text) if not is_word(word)]
    if strange:
        return window.text[0].isupper() == term.form[0].isupper() or window.leads
    return len(right) > 1 and len(key) > 8 and [w[0].isupper() for w in written] == [w[0].isupper() for w in right]


def _fit(term: Term, window: _Window) -> str:
    """The right form, with a capital where the sentence begins."""
    form = term.form
    return form[0].upper() + form[1:] if window.leads and window.text[0].isupper() else form


@rule(
    "LANG02",
    "near-miss",
    severity=Severity.WARNING,
    reason="A name that is nearly right shows its owners that nobody looked, and searches do not find it.",
    wrong=[
        Example(text="We met F.LA.R.E. again.", settings="proof:\n  terms: [F.L.A.R.E.]\n", at="F.LA.R.E."),
        Example(text="A multiagency audit begins.", at="multiagency"),
        Example(text="The clinics closed during Covid-10.", at="Covid-10"),
        Example(text="The Learning hub meets.", settings="proof:\n  terms: [Learning Hub]\n", at="Learning hub"),
    ],
    right=[
        Example(
            text="F.L.A.R.E.’s members met the Learning Hub. Multi-agency work goes on after COVID-19.",
            settings="proof:\n  terms: [F.L.A.R.E., Learning Hub]\n",
        ),
        Example(text="We are working together to safeguard children."),
    ],
)
def near_miss(context: Context) -> Iterator[Violation]:
    """What is nearly a name or a term, but not quite."""
    misses = find_near_misses(context)
    forms = context.gather(_gather_forms) if misses else {}
    terms = context.gather(Terms) if misses else None
    for miss in misses:
        key = fold(miss.written)
        if terms and key in forms and _is_told_here(forms[key], terms.by_key.get(key)):
            continue
        yield violation_at(
            miss.passage,
            (miss.start, miss.end),
            f"“{miss.written}” is close to “{miss.right}”, but not the same.",
            f"Write “{miss.right}”.",
            replacement=miss.right,
        )


@dataclass(frozen=True, slots=True)
class _Use:
    passage: Passage
    start: int
    end: int
    text: str

    @property
    def line(self) -> int:
        return self.passage.locate(self.start, self.end).line


@rule(
    "LANG03",
    "two-names",
    severity=Severity.WARNING,
    reason="Readers who meet one thing under two names wonder whether they are two things.",
    wrong=[
        Example(
            text="Our e-newsletter is out. The enewsletter has news, and an e-newsletter is short.", at="enewsletter"
        ),
    ],
    right=[Example(text="To follow up, we send a follow-up e-mail; each e-mail is short.")],
)
def two_names(context: Context) -> Iterator[Violation]:
    """One word that is written in two ways: with and without a hyphen, or with other capitals."""
    terms = context.gather(Terms)
    for key, forms in context.gather(_gather_forms).items():
        if _is_told_here(forms, terms.by_key.get(key)):
            ranked = sorted(forms.items(), key=lambda entry: -len(entry[1]))
            usual, first = ranked[0][0], ranked[0][1][0]
            for form, uses in ranked[1:]:
                more = len(forms[usual]) > len(forms[form])
                yield violation_at(
                    uses[0].passage,
                    (uses[0].start, uses[0].end),
                    f"“{uses[0].text}” is “{first.text}” on line {first.line}.",
                    f"Write “{first.text}” here too." if more else "Write one of them throughout.",
                )


def _is_told_here(forms: dict[str, list[_Use]], term: Term | None) -> bool:
    """Whether a word has two forms that mean one thing. A slip of a term is another rule's, unless both are used."""
    if len(forms) < 2 or _is_two_words(forms):
        return False
    return term is None or any(
        len(uses) > 1 and _plain(uses[0].text).lower() == term.core.lower() for uses in forms.values()
    )


def _gather_forms(context: Context) -> dict[str, dict[str, list[_Use]]]:
    """Each word that could be written in two ways, by its letters: its forms, and where they stand."""
    found: dict[str, dict[str, list[_Use]]] = {}
    apart: dict[str, dict[str, list[_Use]]] = {}
    determiners = read_words("determiners")
    for passage in own_texts(context):
        for sentence in context.sentences_of(passage):
            for index, chunk in enumerate(sentence.chunks):
                first, last = _bounds(chunk.text)
                if chunk.quiet or first < 0 or last - first < 3:
                    continue
                bare = _drop_possessive(chunk.text[first:last])
                if last - first > 3 and (form := _name_form(bare, sentence.chunks, index)):
                    forms = found.setdefault(fold(bare), {})
                    if uses := forms.get(form):
                        uses.append(uses[0])  # only the first place is told, and how many there are
                    else:
                        start = chunk.start + first
                        forms[form] = [_Use(passage, start, start + len(bare), bare)]
                after = index > 0 and sentence.chunks[index - 1].text.lower() in determiners
                if after and first == 0 and (pair := _read_pair(sentence.chunks, index, passage)):
                    apart.setdefault(fold(pair.text), {}).setdefault(pair.text.lower(), []).append(pair)
    for key, pairs in apart.items():
        if key in found and all(_is_split(form, next(iter(pairs))) for form in found[key]):
            found[key] |= pairs
    for forms in found.values():
        _merge_capitals(forms)
    return found


def _merge_capitals(forms: dict[str, list[_Use]]) -> None:
    """Take a word that begins a sentence or a heading for the same in small letters, where that is used as well."""
    for form in [form for form in forms if form != form.lower() and form[1:].islower() and form.lower() in forms]:
        forms[form.lower()] += forms.pop(form)


_PARTICLES = frozenset(["in", "up", "out", "on", "off", "down", "over", "by", "back", "through"])


def _read_pair(chunks: tuple[Chunk, ...], index: int, passage: Passage) -> _Use | None:
    """Two words after “the” or “a” that a noun may be made of: “the drop in”, “a help line”."""
    if index >= len(chunks) - 1:
        return None
    one, other = chunks[index], chunks[index + 1]
    bare = other.text.rstrip(".,;:!?)”’")
    if not (one.text.isalpha() and one.text.islower() and bare.isalpha() and bare.islower()) or other.quiet:
        return None
    return _Use(passage, one.start, other.start + len(bare), passage.prose.text[one.start : other.start + len(bare)])


def _is_split(form: str, pair: str) -> bool:
    """Whether two words are the other form of a noun: “drop-in”, not the “long-term” that goes before one."""
    return (
        pair.rsplit(maxsplit=1)[-1] in _PARTICLES if "-" in form else form not in read_words("apart") and form.islower()
    )


@lru_cache(maxsize=1 << 16)
def _plain_form(text: str) -> str | None:
    """The form of a word that is the same wherever it stands; None if it depends on that."""
    parts = text.split("-")
    if len(parts) > 2 or not all(part.isalnum() for part in parts):
        return ""
    if len(parts) > 1 or text.isupper() or any(char.isupper() for char in text[1:]):
        return None
    return text.lower() if is_word(text.lower()) else text


def _name_form(text: str, chunks: tuple[Chunk, ...], index: int) -> str:
    """What is compared of a word: its hyphens, and those capitals that are its own. "" if it says nothing."""
    if (plain := _plain_form(text)) is not None:
        return plain
    parts = text.split("-")
    leads = index == 0
    named = any(_is_capitalised(chunks[at]) for at in (index - 1, index + 1) if 0 <= at < len(chunks))
    if text.isupper() or any(char.isupper() for char in parts[0][1:]):
        # COVID-19 beside Covid-19, OFSTED beside Ofsted; but SEND is no send, and a heading may be all in capitals.
        shouted = named and any(chunks[at].text.isupper() for at in (index - 1, index + 1) if 0 <= at < len(chunks))
        return "" if shouted or is_word(parts[0].lower()) else text
    return text.lower() if leads or named else text


def _is_capitalised(chunk: Chunk) -> bool:
    return chunk.text.lstrip("(“‘\"'")[:1].isupper()


def _is_two_words(forms: dict[str, list[_Use]]) -> bool:
    """Whether the forms mean two things: “re-form” and “reform”; or differ in nothing but a capital of a name."""
    hyphened = [form for form in forms if "-" in form]
    if any(form.lower().startswith("re-") for form in hyphened):
        return True
    if len({form.lower() for form in forms}) == 1:
        if not hyphened and any(form.islower() for form in forms):
            return True  # “.html” is no “HTML”
        return not any(form.isupper() or any(char.isupper() for char in form[1:]) for form in forms)
    return False


RULES: tuple[Rule, ...] = (near_miss, two_names)
