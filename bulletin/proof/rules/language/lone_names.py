"""Find names that are written once, and one letter off a name that the issue has elsewhere. Pure.

“Fara” beside “Farah”, “Saskia Thorn” beside “Saskia Thorne”, “Clr” beside “Cllr”, “Weaver’s Yard” beside
“Weavers Yard”, and “(NMCP)” after the “National Child Measurement Programme”.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from bulletin.proof.reading.similarity import is_one_off
from bulletin.proof.rules.language.name_uses import (
    TITLES,
    Names,
    NameSlip,
    NameUse,
    WrittenName,
    are_two_people,
    is_given,
    is_strange,
    is_usual,
    may_be_name,
)

_LEAST_LETTERS = 4  # of a name; in shorter ones, most that are one letter off are others
_SURE_LETTERS = 6  # of a name that need not be in the same entry
_SELDOM = 2  # the weight of one use in a field
_OFTEN = 3  # uses of a name that the issue is about
_OTHER_ENDINGS = "sniya"  # letters that make another word of a name: “Thornes”, “Kenyan”, “Somali”


def find_lone_names(names: Names) -> Iterator[NameSlip]:
    """The names that are written once and are nearly another one."""
    near = _index_by_gaps(names)
    for word, lone in names.words.items():
        if len(lone.uses) == 1 and lone.weight <= _SELDOM:
            others = dict.fromkeys(other for gap in _list_gaps(word) for other in near.get(gap, ()))
            ranked = sorted(others, key=lambda other: -names.words[other].weight)
            meant = next((other for other in ranked if _is_slip_of(names, word, other)), "")
            if meant:
                other = names.words[meant]
                yield NameSlip(lone.uses[0], other, sure=other.weight > lone.weight)


def _index_by_gaps(names: Names) -> dict[str, list[str]]:
    """The names by each form that leaves out a letter: two names that are one letter off have one in common."""
    found: dict[str, list[str]] = defaultdict(list)
    for word in names.words:
        for gap in _list_gaps(word):
            found[gap].append(word)
    return {gap: words for gap, words in found.items() if len(words) > 1}


def _list_gaps(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(1, len(word)))}  # the first letter is hardly ever wrong


def _is_slip_of(names: Names, lone: str, other: str) -> bool:
    """Whether a name that is written once is a slip of another one."""
    if lone == other or not is_one_off(lone, other):
        return False
    if other in TITLES:
        return is_strange(lone) and bool(names.after[lone])
    if min(len(lone), len(other)) < _LEAST_LETTERS or _is_ending(lone, other):
        return False
    if _rank(names, lone) >= _rank(names, other):
        return False
    if _share_neighbour(names, lone, other):
        return not (is_usual(lone) and is_usual(other)) and not (is_given(lone) and is_given(other))
    people = are_two_people(names, lone, other) and not _are_places(names, lone, other)
    if people or not (is_strange(lone) and may_be_name(other)):
        return False
    left, right = names.words[lone], names.words[other]
    return len(lone) >= _SURE_LETTERS or right.weight >= _OFTEN or share_record(left, right)


def _rank(names: Names, word: str) -> tuple[int, bool, int]:
    """How likely a name is the right one: by its uses, then if it is no common word, then by its length."""
    return names.words[word].weight, not is_usual(word), len(word)


def _are_places(names: Names, one: str, other: str) -> bool:
    """Whether only common words come after two names: “Calderwick Police” and “Calderwich Youth Club”."""
    return len(one) > _SURE_LETTERS and all(is_usual(word) for word in names.after[one] | names.after[other])


def _is_ending(one: str, other: str) -> bool:
    """Whether one name is the other with an ending that makes a plural, a people or a pet name of it."""
    shorter, longer = sorted((one, other), key=len)
    return longer.startswith(shorter) and longer[-1:] in _OTHER_ENDINGS and longer != shorter


def share_record(one: WrittenName, other: WrittenName) -> bool:
    """Whether two names are in one entry of the issue."""
    return bool({id(use.passage.record) for use in one.uses} & {id(use.passage.record) for use in other.uses})


def _share_neighbour(names: Names, one: str, other: str) -> bool:
    """Whether two names have the same name before them, or after them: “Saskia Thorn” and “Saskia Thorne”."""
    before = names.before[one] & names.before[other]
    after = names.after[one] & names.after[other]
    return any(is_given(word) or not is_usual(word) for word in (before | after) - TITLES)


# Possessives


def find_possessives(names: Names) -> Iterator[NameSlip]:
    """A name with an apostrophe in one place and without it in another: “Weaver’s Yard” and “Weavers Yard”."""
    for words, owned in names.possessives.items():
        plain = names.groups.get(words)
        if plain:
            yield from _tell_rarer(plain, owned)


def _tell_rarer(plain: WrittenName, owned: WrittenName) -> Iterator[NameSlip]:
    usual, rare = (owned, plain) if owned.weight > plain.weight else (plain, owned)
    if len(rare.uses) == 1:
        yield NameSlip(rare.uses[0], usual, sure=usual.weight > rare.weight)


# Initials

_EXPLAINED = re.compile(
    r"(?P<words>(?:[A-Z][a-z]+[ -](?:(?:and|for|of|the|in|on|to) )*){3,6})\((?P<short>[A-Z]{3,6})\)"
)


def find_mixed_initials(names: Names) -> Iterator[NameSlip]:
    """Initials in a bracket that are those of the words before it in another order: “NMCP” for “NCMP”."""
    for passage in names.explaining:
        for match in _EXPLAINED.finditer(passage.prose.text):
            initials = [word[0] for word in re.split(r"[ -]", match["words"]) if word]
            right = _find_order(initials, match["short"])
            if right:
                use = NameUse(passage, *match.span("short"), match["short"])
                yield NameSlip(use, WrittenName(right, elsewhere="(the initials of the words before it)"), sure=True)


def _find_order(initials: Sequence[str], short: str) -> str:
    """The initials in their order, if `short` has the same ones in another; else nothing."""
    capitals = "".join(letter for letter in initials if letter.isupper())
    every = "".join(initials).upper()
    for right in (capitals, every):
        last = right[-len(short) :]
        if short in right:
            return ""
        if sorted(last) == sorted(short):
            return last
    return ""
