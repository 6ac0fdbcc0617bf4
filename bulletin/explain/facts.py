"""Gathers all facts, and finds those that a person asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import Final, TypeAlias

from bulletin.explain.check_facts import list_check_facts
from bulletin.explain.fact import A_COMMAND, Fact
from bulletin.explain.model_facts import list_field_facts, list_kind_facts, list_setting_facts
from bulletin.explain.rule_facts import list_rule_facts
from bulletin.explain.state_facts import list_state_facts
from bulletin.explain.word_facts import list_word_facts

Source: TypeAlias = Callable[[], Iterable[Fact]]

SOURCES: Final[tuple[Source, ...]] = (
    list_kind_facts,
    list_field_facts,
    list_setting_facts,
    list_rule_facts,
    list_check_facts,
    list_state_facts,
    list_word_facts,
)
"""Where facts come from. To add some, name a function here."""

NEAREST: Final = 3


def gather_facts(sources: Iterable[Source] = SOURCES) -> list[Fact]:
    """The facts of all sources, in their order. A word of the glossary that one of them explains is left out."""
    facts = [fact for source in sources for fact in source()]
    explained = {fact.word for fact in facts if fact.sort != "a word"}
    return [fact for fact in facts if fact.sort != "a word" or fact.word not in explained]


def find_facts(facts: Sequence[Fact], asked: str) -> list[Fact]:
    """The facts that a person means: by the word, by another name of it, by the end of a path. None may be found.

    What it is may be before the word: “state sending”, “setting sending”.
    """
    wanted = _fold(asked)
    for names in (_list_words, _list_other_words, _list_ends):
        if found := [fact for fact in facts if wanted in names(fact)]:
            return found
    sort, _, word = wanted.partition(" ")
    found = find_facts(facts, word) if word else []
    return [fact for fact in found if sort in _fold(fact.sort).split()]


def find_nearest(facts: Sequence[Fact], asked: str) -> list[str]:
    """The three words that are most like the one that a person typed."""
    names = (_list_ends, _list_other_words, _list_words)
    known = {name: fact.word for list_names in names for fact in facts for name in list_names(fact)}
    close = get_close_matches(_fold(asked), known, n=4 * NEAREST, cutoff=0.4)
    return list(dict.fromkeys(known[name] for name in close))[:NEAREST]


def _fold(word: str) -> str:
    return re.sub(r"\s+", " ", word.replace("[]", "").strip().removeprefix("bulletin ").removesuffix(":").lower())


def _list_words(fact: Fact) -> tuple[str, ...]:
    return (_fold(fact.word),)


def _list_other_words(fact: Fact) -> tuple[str, ...]:
    return tuple(_fold(name) for name in fact.also)


def _list_ends(fact: Fact) -> tuple[str, ...]:
    """The ends of a path: `training.items.title` is found by `items.title` and `title`; a command by its last word."""
    paths = [_fold(name) for name in (fact.word, *fact.also) if "." in name or fact.sort == A_COMMAND]
    split = [re.split(r"[. ]", path) for path in paths]
    return tuple(".".join(steps[at:]) for steps in split for at in range(len(steps)))
