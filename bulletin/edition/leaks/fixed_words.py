"""The words that a theme writes into every issue, as “What you need to do”. Pure but for the theme's files."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

from bulletin.edition.leaks.output_words import join_runs, split_words
from bulletin.edition.theme import find_files
from bulletin.languages.catalogue import list_phrases
from bulletin.languages.known import LANGUAGES

Run = tuple[str, ...]

RUN: Final = 5
"""Words that follow each other, from which a text is recognised."""
SHORTEST: Final = 2
"""Words of a text that is too short for that, such as a title."""
LENGTHS: Final = range(SHORTEST, RUN + 1)

# Those that our own code writes into an email: see `edition.kickers`, `edition.to_do`, `edition.phrases`.
_OURS: Final = (
    *("Group update", "Please note", "To come", "with captions", "When you can", "Under way", "On demand, at any time"),
    *("Book a place", "More on"),
)


def list_fixed_runs(folders: Iterable[Path]) -> frozenset[Run]:
    """The runs of words in the templates of a theme, its own and the product's."""
    paths = tuple(path for folder in folders for path in find_files(folder) if path.suffix == ".j2")
    return _read_runs(tuple((path, path.stat().st_mtime_ns) for path in paths))


@lru_cache(maxsize=4)
def _read_runs(paths: tuple[tuple[Path, int], ...]) -> frozenset[Run]:
    said = (words for language in LANGUAGES for words in list_phrases(language))
    texts = (*_OURS, *said, *(path.read_text(encoding="utf-8", errors="replace") for path, _ in paths))
    return frozenset(run for text in texts for run in join_runs(split_words(text), LENGTHS))
