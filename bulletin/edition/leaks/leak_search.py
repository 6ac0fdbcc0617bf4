"""Look in an output for what it must not have. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from bulletin.edition.leaks.fingerprints import Fingerprints
from bulletin.edition.leaks.output_words import split_tokens, split_words

_PART_END = re.compile(r"\n\s*\n")


@dataclass(frozen=True, kw_only=True, slots=True)
class Leak:
    """Words or an address in an `output` that are of an `item` that is not for its readers."""

    output: str
    item: str
    words: str


def find_leaks(text: str, fingerprints: Fingerprints, *, output: str, by_line: bool = False) -> Iterator[Leak]:
    """Each item with something in `text` that must not be there, once, with the words found first.

    `text` is what the output says, decoded: see `output_words` for HTML. `output` names it in a sentence (“the plain
    text”). `by_line`: each line is a text of its own, so no words are read across two. A paragraph always is.
    """
    if not fingerprints:
        return
    told: set[str] = set()
    first_words: defaultdict[str, set[int]] = defaultdict(set)
    for run in fingerprints.runs:
        first_words[run[0]].add(len(run))
    for part in text.splitlines() if by_line else _PART_END.split(text):
        for item, words in (*_find_tokens(part, fingerprints), *_find_runs(part, fingerprints, first_words)):
            if item not in told:
                told.add(item)
                yield Leak(output=output, item=item, words=words)


def _find_tokens(text: str, fingerprints: Fingerprints) -> Iterator[tuple[str, str]]:
    for token in split_tokens(text):
        if token in fingerprints.tokens:
            yield fingerprints.tokens[token], token


def _find_runs(
    text: str, fingerprints: Fingerprints, first_words: Mapping[str, Collection[int]]
) -> Iterator[tuple[str, str]]:
    """The runs that must not be there. `first_words`: how long those are that begin with a word."""
    words = split_words(text)
    for at, word in enumerate(words):
        for length in first_words.get(word, ()):
            if item := fingerprints.runs.get(tuple(words[at : at + length])):
                yield item, " ".join(words[at : at + length])
