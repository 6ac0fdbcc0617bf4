"""What a word can be in a sentence: a noun, its plural, a verb or one of its forms. For frequent words only. Pure.

`words/word_classes.txt` has each class with its words, forms that aren't regular among them. Where a form is regular
or an ending tells the class (“-tion” is a noun), the spelling dictionary says whether there is such a word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Final

from bulletin.proof.reading.lexicon import is_word, read_list, read_words

_NOUN_ENDINGS = ("tion", "sion", "ment", "ness", "ity", "ship", "ism")
_YEAR = 4  # digits
_SHORTEST = 5  # letters of a word that its ending tells of


@cache
def _read_classes() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for entry in read_list("word_classes"):
        name, *words = entry.split()
        found.setdefault(name.removeprefix("@"), set()).update(words)
    return {name: frozenset(words) for name, words in found.items()}


@cache
def list_class(name: str) -> frozenset[str]:
    """The words that the list has of a class."""
    return _read_classes().get(name, frozenset())


def _is_noun(word: str) -> bool:
    """A thing or person that can be counted, one of it, by a word that is no verb."""
    if word in list_class("noun") or word in read_words("nouns"):
        return True
    ends = len(word) > _SHORTEST and word.endswith(_NOUN_ENDINGS)
    return ends and word not in list_class("notnoun") and is_word(word)


def _is_single(word: str) -> bool:
    """One thing or person, but no group, after which British English takes “is” and “are”."""
    return _is_noun(word) and word not in list_class("collective")


def _is_plural(word: str) -> bool:
    if word in list_class("plural"):
        return True
    return word.endswith("s") and any(_is_noun(base) for base in _drop_s(word))


def _drop_s(word: str) -> list[str]:
    bases = [word[:-1]]
    if word.endswith("ies"):
        bases.append(word[:-3] + "y")
    elif word.endswith("es"):
        bases.append(word[:-2])
    return bases


def _is_verb_only(word: str) -> bool:
    """The plain form of a verb that is hardly ever anything else: provide."""
    return word in list_class("verbonly") or word in read_words("verbs")


def _is_base(word: str) -> bool:
    """The plain form of a verb, though it may be a noun as well, that can’t follow “has”: know, cause, block."""
    others = ("samepast", "past", "simplepast", "preposition", "adverb", "number", "after")
    if word.endswith(("ed", "ing", "en", "ss")) or any(word in list_class(name) for name in others):
        return False
    return _is_plain(word)


def _is_concrete(word: str) -> bool:
    """One thing or person, by its plural, but no group, and nothing that takes “in” and a verb, as “interest” does."""
    others = ("collective", "takesin", "frequent", "preposition", "adverb", "number", "plural")
    if len(word) <= len("we") or any(word in list_class(name) for name in others):
        return False
    return not word.endswith((*_NOUN_ENDINGS, "ing", "ed", "ly", "s", "er")) and is_word(word + "s")


def _is_third(word: str) -> bool:
    """The form of a verb after “he”: provides."""
    return word.endswith("s") and any(_is_verb_only(base) or base in list_class("basic") for base in _drop_s(word))


def _is_plain(word: str) -> bool:
    """The plain form of any verb, though it may be a noun as well: help, offer, park."""
    return len(word) > 1 and word not in list_class("notverb") and any(map(is_word, _add_ing(word)))


def _add_ing(word: str) -> list[str]:
    if word.endswith("e"):
        return [word[:-1] + "ing"]
    return [word + "ing", word + word[-1] + "ing"]


def _is_with_s(word: str) -> bool:
    """The form after “he” of any verb, though it may be a plural as well: helps, offers, parks."""
    return word.endswith("s") and not word.endswith("ss") and any(map(_is_plain, _drop_s(word)))


def _is_thing(word: str) -> bool:
    """One thing or person, which needs “a” or “the” after “you’re”."""
    return _is_noun(word) and word not in list_class("notthing")


def _is_any(word: str) -> bool:
    """Any word, but no mark."""
    return word[0].isalnum()


def _is_clock(word: str) -> bool:
    """A time of day: 9am, 12noon."""
    return word[0].isdigit() and word.endswith(("am", "pm", "noon"))


def _is_past(word: str) -> bool:
    """A form that can follow “has been”: held, attended."""
    if word in list_class("past"):
        return True
    return len(word) >= _SHORTEST and word.endswith("ed") and word not in list_class("notpast") and is_word(word)


def _is_ing(word: str) -> bool:
    return len(word) > _SHORTEST and word.endswith("ing") and word not in list_class("noting") and is_word(word)


def _is_many(word: str) -> bool:
    """What can only be a plural behind “the” at the beginning of a sentence."""
    ends = len(word) >= _SHORTEST and word.endswith("s") and not word.endswith(("ss", "us", "is", "ics", "'s"))
    return _is_plural(word) or (ends and word not in list_class("notmany") and is_word(word[:-1]))


def _is_possessive(word: str) -> bool:
    return word.endswith("'s") and (_is_noun(word[:-2]) or word[:-2] in list_class("holder"))


def _is_adverb(word: str) -> bool:
    return word in list_class("adverb") or (
        len(word) > _SHORTEST and word.endswith("ly") and word not in list_class("notly")
    )


def _is_number(word: str) -> bool:
    """More than one; a year is none."""
    if word.replace(",", "").isdigit():
        return word.strip("0") not in ("", "1") and not (len(word) == _YEAR and word.startswith(("19", "20")))
    return word in list_class("number")


_TESTS: Final[Mapping[str, Callable[[str], bool]]] = {
    "noun": _is_noun,
    "single": _is_single,
    "plural": _is_plural,
    "many": _is_many,
    "possessive": _is_possessive,
    "verbonly": _is_verb_only,
    "third": _is_third,
    "base": _is_base,
    "concrete": _is_concrete,
    "plain": _is_plain,
    "withs": _is_with_s,
    "thing": _is_thing,
    "any": _is_any,
    "clock": _is_clock,
    "past": _is_past,
    "ing": _is_ing,
    "adverb": _is_adverb,
    "number": _is_number,
}


@lru_cache(maxsize=1 << 16)
def is_in_class(word: str, name: str) -> bool:
    """Whether a word, in lower case and with straight apostrophes, can be in a class."""
    test = _TESTS.get(name)
    return test(word) if test else word in list_class(name)


def is_class(name: str) -> bool:
    """Whether there is a class of that name."""
    return name in _TESTS or name in _read_classes()
