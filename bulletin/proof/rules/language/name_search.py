"""Find names of people, places and bodies that are written in two ways. Pure.

No list says which names are right. What counts is where a name is used: in the texts and fields of the issue, in
bulletin.yaml, in email addresses, and in the last two issues.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, combinations, pairwise
from typing import NamedTuple

from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.reading.lexicon import is_place, is_welsh, is_word, open_dictionary, read_words
from bulletin.proof.reading.name_sounds import differs_in_first, fold_sound, is_near_name, sounds_like
from bulletin.proof.reading.similarity import is_one_off
from bulletin.proof.vocabulary import is_name, own_addresses, own_names

_EARLIER = 2  # issues whose names count
_MOST_WORDS = 4_000  # different capitalised words that are compared; a large issue has a few hundred
_WORD = r"[A-ZÀ-Þ][^\W\d_]+(?:[’'-][^\W\d_]{2,})*"
_RUN = re.compile(rf"(?<![\w@./#-]){_WORD}(?:[ \n]{_WORD})*(?![\w@])")
_IN_RUN = re.compile(_WORD)
_PERSON = re.compile(r"(?:mailto:)?(?P<first>[a-z]{3,20})[._](?P<last>[a-z]{3,20})@")
_TITLES = frozenset(["Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Professor", "Prof", "Councillor", "Cllr", "Sir", "Dame"])

Words = tuple[str, ...]


class NameUse(NamedTuple):
    """A place where a name is written in the issue."""

    passage: Passage
    start: int
    end: int
    text: str


@dataclass(slots=True)
class WrittenName:
    """One form of a name: where it is in this issue, how often anywhere, and the first place elsewhere."""

    text: str
    uses: list[NameUse] = field(default_factory=list)
    weight: int = 0
    elsewhere: str = ""

    @property
    def where(self) -> str:
        """The place to show beside it: a line of this issue, or the file or the issue that has it."""
        if not self.uses:
            return self.elsewhere
        first = self.uses[0]
        return f"on line {first.passage.locate(first.start, first.end).line}"


class NameSlip(NamedTuple):
    """A name that is close to another one. `sure` if the other is clearly the usual one."""

    use: NameUse
    other: WrittenName
    sure: bool


@dataclass
class Names:
    """The names of an issue: single words, and pairs and triples of neighbouring ones."""

    words: dict[str, WrittenName] = field(default_factory=dict)
    groups: dict[Words, WrittenName] = field(default_factory=dict)
    before: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    after: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add_text(self, text: str, passage: Passage | None, *, weight: int, elsewhere: str = "") -> None:
        """Note the names of a text. Each use counts `weight`."""
        for run in _RUN.finditer(text):
            found = [(match[0], run.start() + match.start()) for match in _IN_RUN.finditer(run[0])]
            self._add_run([(word, at) for word, at in found if not word.isupper()], passage, weight, elsewhere)

    def add_person(self, first: str, last: str, *, weight: int, elsewhere: str) -> None:
        """Note a person by both names."""
        self._add_run([(first, 0), (last, len(first) + 1)], None, weight, elsewhere)

    def _add_run(self, run: Sequence[tuple[str, int]], passage: Passage | None, weight: int, elsewhere: str) -> None:
        for word, at in run:
            if word in self.words or len(self.words) < _MOST_WORDS:
                name = self.words.setdefault(word, WrittenName(word))
                _note(name, passage, (at, at + len(word)), weight, elsewhere)
        for (one, _), (other, _) in pairwise(run):
            self.after[one].add(other)
            self.before[other].add(one)
        for size in (2, 3):
            for index in range(len(run) - size + 1):
                part = run[index : index + size]
                words = tuple(word for word, _ in part)
                name = self.groups.setdefault(words, WrittenName(" ".join(words)))
                _note(name, passage, (part[0][1], part[-1][1] + len(words[-1])), weight, elsewhere)


def _note(name: WrittenName, passage: Passage | None, span: tuple[int, int], weight: int, elsewhere: str) -> None:
    name.weight += weight
    if passage is not None:
        name.uses.append(NameUse(passage, *span, passage.prose.text[span[0] : span[1]]))
    elif not name.elsewhere:
        name.elsewhere = elsewhere


def gather_names(context: Context) -> Names:
    """The names of the issue, of bulletin.yaml, of its addresses and of the issues before. Fields count double."""
    names = Names()
    for passage in context.texts:
        names.add_text(passage.prose.text, passage, weight=2 if is_name(passage) else 1)
    settings = context.settings
    for text in (*own_names(context), *settings.proof.terms, settings.organisation.address):
        names.add_text(text, None, weight=2, elsewhere="in bulletin.yaml")
    addresses = [*own_addresses(context), *(link.address for link in context.links), *_find_mails(context)]
    for address in dict.fromkeys(addresses):
        if match := _PERSON.match(address):
            first, last = match["first"].capitalize(), match["last"].capitalize()
            names.add_person(first, last, weight=2, elsewhere=f"in {match[0].removeprefix('mailto:')}…")
    for parsed in context.earlier[:_EARLIER]:
        lines = (line for line in parsed.source.lines if not line.lstrip().startswith("#"))
        names.add_text("\n".join(lines), None, weight=1, elsewhere=f"in the issue of {parsed.month}")
    return names


def _find_mails(context: Context) -> Iterator[str]:
    for passage in context.texts:
        if "@" in passage.prose.text:
            yield from (match[0] for match in re.finditer(r"[a-z]+[._][a-z]+@", passage.prose.text))


def find_name_slips(context: Context) -> tuple[NameSlip, ...]:
    """The names that are nearly another one, each at its places in this issue."""
    return context.gather(_list_slips)


def _list_slips(context: Context) -> tuple[NameSlip, ...]:
    names = context.gather(gather_names)
    proof = context.settings.proof
    accepted = {word for text in (*proof.words, *proof.terms, *proof.allowed) for word in text.split()}
    found: list[NameSlip] = []
    told: set[tuple[int, int]] = set()
    for slip in chain.from_iterable(compare(names) for compare in _WAYS):
        places = {(id(slip.use.passage), at) for at in range(slip.use.start, slip.use.end)}
        other = {(id(use.passage), use.start) for use in slip.other.uses}
        known = bool(other) and told >= other  # the other one was named as the slip
        if not accepted.intersection(slip.use.text.split()) and told.isdisjoint(places) and not known:
            found.append(slip)
            told |= places
    return tuple(found)


# Groups: people by both their names, and bodies of three words


def _compare_groups(names: Names) -> Iterator[NameSlip]:
    """Groups of words that differ in one word: “Marian Oyelaran” and “Marion Oyelaran”."""
    gaps: dict[tuple[int, Words], list[Words]] = defaultdict(list)
    for words in names.groups:
        for at in range(len(words)):
            gaps[at, (*words[:at], "", *words[at + 1 :])].append(words)
    for (at, _), alike in sorted(gaps.items(), key=lambda gap: -len(gap[0][1])):  # the longest says most
        for one, other in combinations(alike, 2) if len(alike) > 1 else ():
            near = is_near_name(one[at], other[at]) or differs_in_first(one[at], other[at])
            if near and _is_one_name(one, other, at):
                yield from _tell(names.groups[one], names.groups[other], seldom=True)


def _is_one_name(one: Words, other: Words, at: int) -> bool:
    """Whether two groups that differ a little in the word `at` name one person or body."""
    rest = [word for number, word in enumerate(one) if number != at]
    differ = (one[at], other[at])
    if len(one) > 2:
        # “Marsh Lane Primary” and “March Lane Primary”; in words that aren't names, both may be meant.
        return not any(word in _NUMBERED for word in (*rest, *differ))
    alike = sounds_like(*differ)
    if at == 0 and any(map(is_strange, differ)) and all(map(may_be_name, differ)) and not any(map(is_given, differ)):
        return is_word(rest[0].lower())  # “Wenchester Cathedral” and “Winchester Cathedral”, but not two people
    if at == 0:
        return any(map(is_given, differ)) and (alike or not is_word(rest[0].lower()))
    return is_given(one[0]) and (alike or not all(is_word(word.lower()) for word in differ))


_NUMBERED = frozenset(["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"])


# Single words


def _compare_words(names: Names) -> Iterator[NameSlip]:
    """Single words that are names and nearly alike: “Thornbridge” and “Thornebridge”."""
    buckets: dict[str, list[str]] = defaultdict(list)
    for word in names.words:
        if len(word) > 3 and not _is_usual(word):
            buckets[fold_sound(word)[:1]].append(word)
    for alike in buckets.values():
        for one, other in combinations(sorted(alike, key=len), 2):
            if len(other) - len(one) > 2:
                continue
            near = is_near_name(one, other) and may_be_name(one) and may_be_name(other)
            if near and (is_strange(one) or is_strange(other)) and not _are_two_people(names, one, other):
                yield from _tell(names.words[one], names.words[other], strange=True)


def _compare_given(names: Names) -> Iterator[NameSlip]:
    """First names that sound the same in one entry: “Sara” and “Sarah”."""
    by_sound: dict[str, list[str]] = defaultdict(list)
    for word in names.words:
        if is_given(word):
            by_sound[fold_sound(word)].append(word)
    for alike in by_sound.values():
        for one, other in combinations(alike, 2):
            left, right = names.words[one], names.words[other]
            if sounds_like(one, other) and _share_entry(left, right) and not _are_two_people(names, one, other):
                yield from _tell(left, right, seldom=True)


def _share_entry(one: WrittenName, other: WrittenName) -> bool:
    """Whether two names are in one entry, but never in one sentence, as two people would be."""
    places = {id(use.passage.record) for use in one.uses} & {id(use.passage.record) for use in other.uses}
    texts = {id(use.passage): use.passage.prose.text for use in (*one.uses, *other.uses)}
    beside = re.compile(rf"\b(?:{one.text}\b[^.!?]*\b{other.text}|{other.text}\b[^.!?]*\b{one.text})\b")
    return bool(places) and not any(beside.search(text) for text in texts.values())


def _are_two_people(names: Names, one: str, other: str) -> bool:
    """Whether two words are the first names or the surnames of different people: Ann Lee and Anne Wood."""
    surnames = [_find_surnames(names, word) for word in (one, other)]
    if all(surnames) and not surnames[0] & surnames[1]:
        return True
    owners = [_find_owners(names, word) for word in (one, other)]
    if owners[0] & owners[1] or not any(owners):
        return False
    by_title = [bool(found) and found <= _TITLES for found in owners]
    return all(by_title) or not any(by_title)  # “Dr Patil” may be Sunita Patel, but not “Mrs Patel”


def _find_surnames(names: Names, word: str) -> set[str]:
    return set(names.after[word]) if is_given(word) or is_strange(word) else set()


def _find_owners(names: Names, word: str) -> set[str]:
    """The first names and titles before a surname."""
    return {first for first in names.before[word] if is_given(first) or first in _TITLES}


@lru_cache(maxsize=1 << 15)
def is_given(word: str) -> bool:
    """Whether a word is a first name."""
    return word in read_words("given_names")


@lru_cache(maxsize=1 << 15)
def _is_usual(word: str) -> bool:
    """Whether a word is in the dictionary with a small letter. Quicker than `is_word`, which opens more lists."""
    return open_dictionary().spell(word.lower())


@lru_cache(maxsize=1 << 15)
def may_be_name(word: str) -> bool:
    """Whether a capitalised word is a name, and not a common word at the start of a sentence or in a title."""
    return not is_word(word.lower()) and not is_welsh(word)


@lru_cache(maxsize=1 << 15)
def is_strange(word: str) -> bool:
    """Whether a capitalised word is in no list of words, places or first names."""
    return may_be_name(word) and not is_word(word) and not is_place(word) and not is_given(word)


def _compare_first_letters(names: Names) -> Iterator[NameSlip]:
    """Names that differ in their first letter only: “Keldon” and “Heldon”. The rarer one is in no list."""
    by_rest: dict[str, list[str]] = defaultdict(list)
    for word in names.words:
        if len(word) > _LEAST_REST and is_strange(word):
            by_rest[word[1:]].append(word)
    for alike in by_rest.values():
        for one, other in combinations(alike, 2):
            if not _are_two_people(names, one, other):
                yield from _tell(names.words[one], names.words[other], strange=True)


_LEAST_REST = 5  # letters after the first one that two names must share: “Bold” and “Gold” are two


def _compare_places(names: Names) -> Iterator[NameSlip]:
    """A place that everybody knows, beside the name that the rest has: “Winchester” in news of “Wenchester”."""
    strange: dict[str, list[str]] = defaultdict(list)
    for word, name in names.words.items():
        if name.weight >= _OWN_PLACE and is_strange(word):
            strange[fold_sound(word)[:1]].append(word)
    for word, name in names.words.items() if strange else ():
        for usual in strange[fold_sound(word)[:1]]:
            known = may_be_name(word) and not is_strange(word)
            if known and len(name.uses) == 1 and is_near_name(word, usual) and not _are_two_people(names, word, usual):
                yield NameSlip(name.uses[0], names.words[usual], sure=True)


_OWN_PLACE = 4  # uses of a name that is the publisher's own


def _compare_joined(names: Names) -> Iterator[NameSlip]:
    """A name in one word and in two: “Hatch Green” and “Hatchgreen”."""
    joined = {word.casefold().replace("-", ""): word for word in names.words if len(word) > _LEAST_REST}
    for words, pair in list(names.groups.items()):
        one = joined.get("".join(words).casefold()) if len(words) == 2 else None
        if one and may_be_name(one) and "-" not in "".join(words):
            yield from _tell(pair, names.words[one], seldom=True)


def _compare_calls(names: Names) -> Iterator[NameSlip]:
    """A first name alone, and nearly the same with a surname: “Ansel” in an entry on “Anselm Okoro”."""
    first = [word for word in names.words if all(map(_is_no_name, names.before[word]))]
    full, alone = ([word for word in first if bool(names.after[word]) is with_more] for with_more in (True, False))
    by_start: dict[str, list[str]] = defaultdict(list)
    for word in full:
        if may_be_name(word):
            by_start[word[:2]].append(word)
    for word in alone:
        for other in by_start[word[:2]] if may_be_name(word) else ():
            if _is_called(names.words[word], names.words[other]):
                yield from (NameSlip(use, names.words[other], sure=True) for use in names.words[word].uses)


def _is_no_name(word: str) -> bool:
    """Whether a word before a first name is none itself: a title, or the beginning of the sentence."""
    return _is_usual(word) or word in _TITLES


def _is_called(alone: WrittenName, full: WrittenName) -> bool:
    """Whether a name by itself is a slip of one with a surname, and not a short form or another person."""
    if min(len(alone.text), len(full.text)) < _LEAST_CALL or not is_one_off(alone.text, full.text):
        return False
    if alone.weight > full.weight or len(alone.uses) > 1 or alone.text[-1] in "iy" or full.text[-1] in "iy":
        return False
    in_no_list = is_strange(alone.text) and is_strange(full.text)  # “Nneka” and “Nneke”
    return in_no_list or _share_entry(alone, full)


_LEAST_CALL = 5  # letters: “Anna” and “Anne” may be two people

_WAYS = (
    *(_compare_places, _compare_groups, _compare_words, _compare_given, _compare_first_letters, _compare_joined),
    _compare_calls,
)


# What is told


def _tell(one: WrittenName, other: WrittenName, *, strange: bool = False, seldom: bool = False) -> Iterator[NameSlip]:
    """The slips of the rarer of two names; with `strange`, only those that are in no list.

    Nothing if both are in use; if both are used once, unless `seldom`; or if the rarer one isn't in this issue.
    """
    usual, rare = sorted((one, other), key=lambda name: (-name.weight, _order(name)))
    if strange and usual.weight == rare.weight and not is_strange(rare.text):
        usual, rare = rare, usual
    in_use = len(rare.uses) > 1 and usual.weight < _CLEARLY * rare.weight
    once = usual.weight < 2 and len(usual.text) < _LONG
    if not in_use and (seldom or not once) and (is_strange(rare.text) or not strange):
        for use in rare.uses:
            yield NameSlip(use, usual, usual.weight > rare.weight)


_CLEARLY = 3  # times as many uses of the right form, if the wrong one is in this issue more than once
_LONG = 8  # letters of a name that is compared even if both forms are used once


def _order(name: WrittenName) -> tuple[int, int]:
    if not name.uses:
        return (-1, 0)
    span = name.uses[0].passage.locate(name.uses[0].start, name.uses[0].end)
    return span.line, span.column
