"""Compare the words of a text with a term: right, a near miss, or something else. Pure."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from bulletin.issue.passages import Passage
from bulletin.proof.reading.lexicon import is_word

SMALL_WORDS = frozenset(["a", "an", "the", "of", "to", "in", "for", "on", "at", "and", "or", "with", "by", "from"])


@dataclass(frozen=True, slots=True)
class Term:
    """A right form. If `declared`, the workspace chose it, and lower case for capitals is a miss as well."""

    form: str
    key: str
    declared: bool

    @property
    def core(self) -> str:
        """The form from its first letter to its last, for comparison."""
        return plain_text(self.form).strip(".")

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


class WordRun(NamedTuple):
    """A run of words, from its first letter to its last. `leads` if it begins a sentence."""

    key: str
    text: str
    start: int
    end: int
    leads: bool


@lru_cache(maxsize=1 << 16)
def fold_letters(text: str) -> str:
    """Only the letters and figures of a text, in lower case."""
    plain = text.casefold()
    return plain if plain.isalnum() else "".join(filter(str.isalnum, plain))


def drop_possessive(text: str) -> str:
    """A word without its possessive ending."""
    return text[:-2].rstrip(".") if text[-2:] in ("’s", "'s") and len(text) > 3 else text


def plain_text(text: str) -> str:
    """A text with one space between words, and with straight apostrophes."""
    return " ".join(text.replace("’", "'").split())


def compare(term: Term, window: WordRun, passage: Passage) -> NearMiss | None:
    """The near miss, if words with the letters of a term are not written as the term is."""
    written, core = plain_text(window.text), term.core
    end = window.end
    after = passage.prose.text[end : end + 1]
    if written == core:
        whole = not term.dotted or after == "."
        return None if whole else NearMiss(passage, window.start, end, window.text, term.form)
    if _may_differ_in_case(term, window, written, core):
        return None
    if term.dotted and after == ".":
        end += 1
    return NearMiss(passage, window.start, end, passage.prose.text[window.start : end], fit_form(term, window))


def _may_differ_in_case(term: Term, window: WordRun, written: str, core: str) -> bool:
    """Whether other capitals are fine: at the start of a sentence, all in capitals, or in ordinary words."""
    if written.casefold() != core.casefold():
        # Dots, hyphens or spaces differ: “shield” is a word, not a name without its full stops.
        return "." in core and (written.islower() or (window.leads and is_word(written.lower())))
    if core.islower() or written.isupper():
        return True
    lowered = written[0].lower() + written[1:] if window.leads else written
    if lowered.removeprefix("the ") == core.removeprefix("The ") or (window.leads and written[1:] == core[1:]):
        return True
    if lowered.islower():
        words = core.split()
        ordinary = any(word.lower() in SMALL_WORDS for word in words) or len(words) == 1
        return (ordinary or not term.declared) and all(is_word(word) for word in written.lower().split())
    return not term.declared and _count_capitals(written) >= _count_capitals(core)


def _count_capitals(text: str) -> int:
    return sum(char.isupper() for char in text)


def is_near_miss(term: Term, window: WordRun, known: Container[str]) -> bool:
    """Whether words that are one letter off a term are a slip of it, rather than another word or a plural."""
    key, form = window.key, term.core
    if key + "s" == term.key or term.key + "s" == key or key in known:
        return False
    written, right = plain_text(window.text).split(), form.split()
    if len(written) != len(right) and "-" not in form:
        return False
    if "." in form and "." not in window.text:
        return False
    ends = ((written[0], form), (written[-1], form[::-1]))
    if any(end.lower() in SMALL_WORDS and not edge.lower().startswith(end.lower()[:1]) for end, edge in ends):
        return False
    if [char for char in key if char.isdigit()] != [char for char in term.key if char.isdigit()]:
        # “Section 17” is another section, but “Covid-10” is not another illness.
        numbered = re.search(r"([^\W\d_]+)-?\d", form)
        return numbered is not None and not is_word(numbered[1].lower())
    if "." in form:
        return True
    strange = [word for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", window.text) if not is_word(word)]
    if strange:
        return window.text[0].isupper() == term.form[0].isupper() or window.leads
    return len(right) > 1 and len(key) > 8 and [w[0].isupper() for w in written] == [w[0].isupper() for w in right]


def fit_form(term: Term, window: WordRun) -> str:
    """The right form, with a capital at the start of a sentence."""
    form = term.form
    return form[0].upper() + form[1:] if window.leads and window.text[0].isupper() else form
