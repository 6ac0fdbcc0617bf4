"""The names of an issue, and where each is written. Pure.

No list says which names are right. What counts is where a name is used: in the texts and fields of the issue, in
bulletin.yaml, in email addresses, and in the last two issues.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.reading.lexicon import is_place, is_welsh, is_word, open_dictionary, read_words
from bulletin.proof.vocabulary import is_name, own_addresses, own_names

_EARLIER = 2  # issues whose names count
_MOST_WORDS = 4_000  # different capitalised words that are compared; a large issue has a few hundred
_WORD = r"[A-ZÀ-Þ][^\W\d_]+(?:[’'-][^\W\d_]{2,})*"
_PLAIN = r"\b[A-ZÀ-Þ][^\W\d_]+"
_RUN = re.compile(rf"(?<![\w@./#-]){_WORD}(?:[ \n]{_WORD})*(?![\w@])")
_IN_RUN = re.compile(_WORD)
# “Weaver’s Yard”, “Weavers’ Yard”; “St Mary’s”
_APOSTROPHES = (re.compile(rf"{_PLAIN}(?:[’']s|(?<=s)[’']) {_PLAIN}\b"), re.compile(rf"\bSt {_PLAIN}[’']s\b"))
_BRACKET = re.compile(r"\([A-Z]{3,6}\)")
_PERSON = re.compile(r"(?:mailto:)?(?P<first>[a-z]{3,20})[._](?P<last>[a-z]{3,20})@")
_SLUG = re.compile(r"(?<=/)[a-z]{3,20}-[a-z]{3,20}(?![\w-])")
_SURNAME = re.compile(r"(?:mailto:)?(?:[a-z][._])?(?P<last>[a-z]{4,20})@")
TITLES = frozenset(["Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Professor", "Prof", "Councillor", "Cllr", "Sir", "Dame"])

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
    possessives: dict[Words, WrittenName] = field(default_factory=dict)
    explaining: list[Passage] = field(default_factory=list)

    def add_text(self, text: str, passage: Passage | None, *, weight: int, elsewhere: str = "") -> None:
        """Note the names of a text. Each use counts `weight`."""
        for run in _RUN.finditer(text):
            found = [(match[0], run.start() + match.start()) for match in _IN_RUN.finditer(run[0])]
            self._add_run([(word, at) for word, at in found if not word.isupper()], passage, weight, elsewhere)
        if passage is not None:
            self._add_marked(text, passage, weight)

    def _add_marked(self, text: str, passage: Passage, weight: int) -> None:
        """Note names with an apostrophe by how they are without it, and texts that explain initials in a bracket."""
        for mark in _APOSTROPHES if "’" in text or "'" in text else ():
            for match in mark.finditer(text):
                words = tuple(match[0].replace("’", "").replace("'", "").split())
                _note(self.possessives.setdefault(words, WrittenName(match[0])), passage, match.span(), weight, "")
        if "(" in text and _BRACKET.search(text):
            self.explaining.append(passage)

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
    for text in (*own_names(context), *settings.proof.terms, settings.organisation.address or ""):
        names.add_text(text, None, weight=2, elsewhere="in bulletin.yaml")
    addresses = [*own_addresses(context), *(link.address for link in context.links), *_find_mails(context)]
    for address in dict.fromkeys(addresses):
        if match := _PERSON.match(address):
            first, last = match["first"].capitalize(), match["last"].capitalize()
            names.add_person(first, last, weight=2, elsewhere=f"in {match[0].removeprefix('mailto:')}…")
        elif match := _SURNAME.match(address):
            name = match["last"].capitalize()
            names.add_text(name, None, weight=2, elsewhere=f"in {match[0].removeprefix('mailto:')}…")
    for link in context.links:
        for match in _SLUG.finditer(link.address, 8) if "-" in link.address else ():
            first, last = match[0].title().split("-")
            if not is_usual(last) and (is_given(first) or not is_usual(first)):
                names.add_person(first, last, weight=2, elsewhere=f"in {match[0]} of an address")
    for parsed in context.earlier[:_EARLIER]:
        lines = (line for line in parsed.source.lines if not line.lstrip().startswith("#"))
        names.add_text("\n".join(lines), None, weight=1, elsewhere=f"in the issue of {parsed.month}")
    return names


def _find_mails(context: Context) -> Iterator[str]:
    for passage in context.texts:
        if "@" in passage.prose.text:
            yield from (match[0] for match in re.finditer(r"(?<![\w.-])[a-z]+(?:[._][a-z]+)?@", passage.prose.text))


def are_two_people(names: Names, one: str, other: str) -> bool:
    """Whether two words are the first names or the surnames of different people: Ann Lee and Anne Wood."""
    surnames = [_find_surnames(names, word) for word in (one, other)]
    if all(surnames) and not surnames[0] & surnames[1]:
        return True
    owners = [_find_owners(names, word) for word in (one, other)]
    if owners[0] & owners[1] or not any(owners):
        return False
    by_title = [bool(found) and found <= TITLES for found in owners]
    return all(by_title) or not any(by_title)  # “Dr Patil” may be Sunita Patel, but not “Mrs Patel”


def _find_surnames(names: Names, word: str) -> set[str]:
    return set(names.after[word]) if is_given(word) or is_strange(word) else set()


def _find_owners(names: Names, word: str) -> set[str]:
    """The first names and titles before a surname."""
    return {first for first in names.before[word] if is_given(first) or first in TITLES}


@lru_cache(maxsize=1 << 15)
def is_given(word: str) -> bool:
    """Whether a word is a first name."""
    return word in read_words("given_names")


@lru_cache(maxsize=1 << 15)
def is_usual(word: str) -> bool:
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
