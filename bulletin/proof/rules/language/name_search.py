"""Find names of people, places and bodies that are written in two ways. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain, combinations

from bulletin.proof.context import Context
from bulletin.proof.reading.lexicon import is_word
from bulletin.proof.reading.name_sounds import differs_in_first, fold_sound, is_near_name, sounds_like
from bulletin.proof.reading.similarity import is_one_off
from bulletin.proof.rules.language.lone_names import find_lone_names, find_mixed_initials, find_possessives
from bulletin.proof.rules.language.name_uses import (
    TITLES,
    Names,
    NameSlip,
    Words,
    WrittenName,
    are_two_people,
    gather_names,
    is_given,
    is_strange,
    is_usual,
    may_be_name,
)


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
        if len(word) > 3 and not is_usual(word):
            buckets[fold_sound(word)[:1]].append(word)
    for alike in buckets.values():
        for one, other in combinations(sorted(alike, key=len), 2):
            if len(other) - len(one) > 2:
                continue
            near = is_near_name(one, other) and may_be_name(one) and may_be_name(other)
            if near and (is_strange(one) or is_strange(other)) and not are_two_people(names, one, other):
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
            if sounds_like(one, other) and _share_entry(left, right) and not are_two_people(names, one, other):
                yield from _tell(left, right, seldom=True)


def _share_entry(one: WrittenName, other: WrittenName) -> bool:
    """Whether two names are in one entry, but never in one sentence, as two people would be."""
    places = {id(use.passage.record) for use in one.uses} & {id(use.passage.record) for use in other.uses}
    texts = {id(use.passage): use.passage.prose.text for use in (*one.uses, *other.uses)}
    beside = re.compile(rf"\b(?:{one.text}\b[^.!?]*\b{other.text}|{other.text}\b[^.!?]*\b{one.text})\b")
    return bool(places) and not any(beside.search(text) for text in texts.values())


def _compare_first_letters(names: Names) -> Iterator[NameSlip]:
    """Names that differ in their first letter only: “Keldon” and “Heldon”. The rarer one is in no list."""
    by_rest: dict[str, list[str]] = defaultdict(list)
    for word in names.words:
        if len(word) > _LEAST_REST and is_strange(word):
            by_rest[word[1:]].append(word)
    for alike in by_rest.values():
        for one, other in combinations(alike, 2):
            if not are_two_people(names, one, other):
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
            if known and len(name.uses) == 1 and is_near_name(word, usual) and not are_two_people(names, word, usual):
                yield NameSlip(name.uses[0], names.words[usual], sure=True)


_OWN_PLACE = 4  # uses of a name that is the publisher's own


def _compare_joined(names: Names) -> Iterator[NameSlip]:
    """A name in one word and in two: “Hatch Green” and “Hatchgreen”."""
    joined = {word.casefold().replace("-", ""): word for word in names.words if len(word) > _LEAST_REST}
    for words, pair in list(names.groups.items()):
        one = joined.get("".join(words).casefold()) if len(words) == 2 else None
        in_address = one is not None and names.words[one].elsewhere.endswith("@…")  # it can't have a blank
        if one and not in_address and may_be_name(one) and "-" not in "".join(words):
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
    return is_usual(word) or word in TITLES


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
    *(_compare_calls, find_lone_names, find_possessives, find_mixed_initials),
)


# What is told


def _tell(one: WrittenName, other: WrittenName, *, strange: bool = False, seldom: bool = False) -> Iterator[NameSlip]:
    """The slips of the rarer of two names; with `strange`, only those that are in no list.

    Nothing if both are in use; if both are used once, unless `seldom`; or if the rarer one isn't in this issue.
    """
    usual, rare = sorted((one, other), key=_rank)
    if strange and usual.weight == rare.weight and not is_strange(rare.text):
        usual, rare = rare, usual
    in_use = len(rare.uses) > 1 and usual.weight < _CLEARLY * rare.weight
    once = usual.weight < 2 and len(usual.text) < _LONG
    if not in_use and (seldom or not once) and (is_strange(rare.text) or not strange):
        for use in rare.uses:
            yield NameSlip(use, usual, usual.weight > rare.weight)


_CLEARLY = 3  # times as many uses of the right form, if the wrong one is in this issue more than once
_LONG = 8  # letters of a name that is compared even if both forms are used once


def _rank(name: WrittenName) -> tuple[int, int, tuple[int, int]]:
    """The usual name first; of two that are used as often, the longer, as letters get lost, or the earlier."""
    return -name.weight, 0 if is_given(name.text) else -len(name.text), _order(name)


def _order(name: WrittenName) -> tuple[int, int]:
    if not name.uses:
        return (-1, 0)
    span = name.uses[0].passage.locate(name.uses[0].start, name.uses[0].end)
    return span.line, span.column
