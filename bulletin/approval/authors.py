"""Who wrote an issue, compared with those who approve it. Pure.

People type names by hand, in the issue's file and on the command line. So names that could be one person count as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Final

from bulletin.declaration.source import Source
from bulletin.errors import Fault
from bulletin.issue.audience import name_all
from bulletin.issue.model import Issue
from bulletin.settings.approval import fold_name, fold_words

_BETWEEN: Final = re.compile(r"\s*(?:[,;/&+]|\b(?:and|with)\b)\s*", re.IGNORECASE)
_ALMOST: Final = 0.9  # likeness of two names of which one may be a slip of the other: Jo Blogs, Jo Bloggs


def find_strangers(issue: Issue, source: Source, people: Sequence[str]) -> Iterator[Fault]:
    """A fault for each author who is not one of the `people` who may approve; none where those are not named.

    `issue` has been validated from `source`. Two names in one text are read as two.
    """
    known = {fold_name(person): person for person in people}
    for number, author in enumerate(issue.author if people else ()):
        place = ("author", number) if ("author", number) in source.values else ("author",)
        for name in () if fold_name(author) in known else split_names(author):
            if fold_name(name) not in known:
                span = source.find_within(source.values[place], name)
                yield source.fault_at(span, *_explain(name, known), where="author")


def _explain(name: str, known: dict[str, str]) -> tuple[str, str]:
    near = get_close_matches(fold_name(name), known, n=1)
    hint = f"Did you mean “{known[near[0]]}”? " if near else ""
    remedy = f"The people are {name_all(tuple(known.values()))}. Write one of these, or add the name in bulletin.yaml."
    return f"“{name}” is not one of the `people:` who may approve.", hint + remedy


def split_names(text: str) -> tuple[str, ...]:
    """The names in one text: `Jo Bloggs, Sam Smith`, `Jo Bloggs and Sam Smith` and the like have two."""
    return tuple(filter(None, _BETWEEN.split(text)))


def could_be_one(author: str, name: str) -> bool:
    """Whether `name` may be an author's: the same in any spelling, or with all the words of the other.

    So each name in a text with two names is an author, and Dr Jo Bloggs is one if Jo Bloggs wrote it.
    """
    if fold_name(author) == fold_name(name):
        return True
    writers, others = ([fold_words(part) for part in (text, *split_names(text))] for text in (author, name))
    return any(one <= other or other <= one for one in writers for other in others if one and other)


def find_near(authors: Iterable[str], name: str) -> str:
    """The author whose name is so near to `name` that one may be a slip of the other; "" if there is none."""
    folded = {fold_name(part): part for author in authors for part in split_names(author)}
    near = get_close_matches(fold_name(name), folded, n=1, cutoff=_ALMOST)
    return folded[near[0]] if near else ""
