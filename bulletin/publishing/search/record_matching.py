"""The search that a server does itself, for readers without scripts: the same records, read from the disk each time.

It is plain: a record is found if each word is the beginning of one of its own. Accents don't count, nor does how an
English word ends. What has a word in its title comes first, then what has it more often, then what is newer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from heapq import nsmallest
from pathlib import Path
from typing import Final
from unicodedata import combining, normalize

from bulletin.edition.web.search_page import CHOICES, MOST_SHOWN, FoundRecord, SearchAnswer, SearchForm
from bulletin.edition.web.search_records import SearchRecord
from bulletin.publishing.search.record_store import read_issues, select_records

_MOST_WORDS: Final = 10
_WORD: Final = re.compile(r"[^\W_]+")
_ENDING: Final = re.compile(r"(?<=\w{4})(?:ings?|ed|es|s)\Z")
_IN_TITLE: Final = 10
_MOST_COUNTED: Final = 5  # a long text isn't about a word because it has it often
_BEFORE, _EXCERPT = 8, 28  # words: as many as Pagefind shows


def find_in_records(path: Path, form: SearchForm, *, shown: int) -> SearchAnswer:
    """What a form finds among the records in the file `path`, and the first `shown` results, the best first.

    It takes the memory of one issue and of those results. Raises OSError, and ValueError for another file.
    """
    stems = list_stems(form.words)
    if not stems:
        return SearchAnswer(total=0, results=())
    patterns = [re.compile(rf"(?<![^\W_]){re.escape(stem)}") for stem in stems]
    counted = _Counted(_match(select_records(read_issues(path)), form, patterns))
    best = nsmallest(min(shown, MOST_SHOWN), counted, key=lambda each: each[:2])
    results = [FoundRecord(record=record, excerpt=cut_excerpt(record.shown_text, stems)) for _, _, record in best]
    return SearchAnswer(total=counted.total, results=results)


def list_stems(words: str) -> list[str]:
    """How the words begin that are looked for. A letter alone, as in “children’s”, counts only if there is no more."""
    found = _WORD.findall(_fold(words))
    longer = [word for word in found if len(word) > 1 or word.isdigit()]
    return [_ENDING.sub("", word) for word in (longer or found)[:_MOST_WORDS]]


class _Counted:
    """Counts what is iterated over."""

    def __init__(self, found: Iterator[tuple[int, int, SearchRecord]]) -> None:
        self._found = found
        self.total = 0

    def __iter__(self) -> Iterator[tuple[int, int, SearchRecord]]:
        for self.total, each in enumerate(self._found, start=1):  # noqa: B020 -- the number is what is kept
            yield each


def _match(
    records: Iterator[SearchRecord], form: SearchForm, patterns: Sequence[re.Pattern[str]]
) -> Iterator[tuple[int, int, SearchRecord]]:
    """The records that are found, each with its score, the lower the better, and its place."""
    chosen = [(name, getattr(form, name)) for name in CHOICES if getattr(form, name)]
    for at, record in enumerate(records):
        if any(getattr(record, name) != value for name, value in chosen):
            continue
        title, text = _fold(record.title), _fold(record.text)
        scores = [
            _IN_TITLE * bool(each.search(title)) + min(len(each.findall(text)), _MOST_COUNTED) for each in patterns
        ]
        if all(scores):
            yield -sum(scores), at, record


def cut_excerpt(text: str, stems: Collection[str]) -> tuple[tuple[str, bool], ...]:
    """The part of a text around the first word that begins with a stem, in pieces: True for those that were found."""
    words = list(_WORD.finditer(text))
    found = [_fold(word[0]).startswith(tuple(stems)) for word in words]
    first = next((at for at, is_found in enumerate(found) if is_found), 0)
    start = max(0, min(first - _BEFORE, len(words) - _EXCERPT))
    end = min(len(words), start + _EXCERPT)
    at = words[start].start() if start else 0
    pieces: list[tuple[str, bool]] = [("… ", False)] if start else []
    for word, is_found in zip(words[start:end], found[start:end], strict=True):
        if is_found:
            pieces += [(text[at : word.start()], False), (word[0], True)]
            at = word.end()
    last = words[end - 1].end() if 0 < end < len(words) else len(text)
    pieces += [(text[at:last], False), (" …" if last < len(text) else "", False)]
    return tuple(piece for piece in pieces if piece[0])


def _fold(text: str) -> str:
    """Without case and accents."""
    if text.isascii():
        return text.lower()
    return "".join(char for char in normalize("NFKD", text.casefold()) if not combining(char))
