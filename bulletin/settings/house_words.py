"""Add words and abbreviations to the proof's settings in bulletin.yaml, and keep all else as it is written. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from bulletin.declaration.source import Data, Source, Span
from bulletin.errors import BulletinError

_ABBREVIATION: Final = re.compile(r"(?:[A-Z]{2,}[a-z]?[A-Z]*|[A-Z][a-z]{1,2}[A-Z]+)s?|(?:[A-Z]\.){2,}")
_WORD: Final = re.compile(r"[^\W_](?:[^\W_]|[ .’'&+-]){0,60}")
_LIST: Final = "["


def is_abbreviation(word: str) -> bool:
    """Whether a word belongs with the abbreviations: DSL, DfE, SENCo, S.H.I.E.L.D."""
    return _ABBREVIATION.fullmatch(word) is not None


def find_new(source: Source, name: str, words: Iterable[str]) -> tuple[str, ...]:
    """Those of `words` that are not yet in the list `name` of the proof's settings."""
    there = _read(source.data, name)
    listed = [there] if isinstance(there, str) else there if isinstance(there, list) else []
    return tuple(word for word in dict.fromkeys(words) if word not in listed)


def add_words(source: Source, name: str, words: Sequence[str]) -> list[str]:
    """The lines of bulletin.yaml with `words` in the list `name` of its proof settings.

    Raises BulletinError for what can't be a word, and if the list is written in a way that only a person can extend.
    """
    for word in words:
        if not _WORD.fullmatch(word):
            raise BulletinError(f"“{word}” is not a word.", "Write letters only; put a comma between two words.")
    lines = list(source.lines)
    if span := source.values.get(("proof", name)):
        return _extend(source, lines, name, span, words)
    if source.values.get(("proof",)) is None:
        end = len(lines) if lines and lines[-1] else len(lines) - 1
        return [*lines[:end], "", "proof:", *_write_list(name, words, "  "), *lines[end:]]
    return _begin(source, lines, name, words)


def _read(data: Data, name: str) -> Data:
    proof = data.get("proof") if isinstance(data, dict) else None
    return proof.get(name) if isinstance(proof, dict) else None


def _write_list(name: str, words: Sequence[str], margin: str) -> list[str]:
    return [f"{margin}{name}:", *(f"{margin}  - {word}" for word in words)]


def _begin(source: Source, lines: list[str], name: str, words: Sequence[str]) -> list[str]:
    """A new list below `proof:`."""
    key = source.keys[("proof",)]
    below = [span for place, span in source.keys.items() if len(place) == 2 and place[0] == "proof"]
    if any(span.line == key.line for span in below) or lines[key.line - 1].partition(":")[2].strip()[:1] == "{":
        raise _refuse(name)
    margin = " " * (below[0].column - 1) if below else "  "
    return [*lines[: key.line], *_write_list(name, words, margin), *lines[key.line :]]


def _extend(source: Source, lines: list[str], name: str, span: Span, words: Sequence[str]) -> list[str]:
    """The words after those that are in the list already."""
    there = _read(source.data, name)
    begins = lines[span.line - 1][span.column - 1 : span.column]
    if isinstance(there, list) and begins == _LIST:
        at, line = span.end_column - 2, span.end_line - 1  # the closing bracket
        before = lines[line][:at].rstrip()
        joined = ", ".join(words)
        glue = "" if not there or before.endswith((",", "[")) else ", "
        lines[line] = f"{before}{glue}{joined}{lines[line][at:]}"
        return lines
    if isinstance(there, list) and there:
        last = source.values[("proof", name, len(there) - 1)]
        margin = re.match(r"\s*", lines[source.values[("proof", name, 0)].line - 1])
        entries = [f"{margin[0] if margin else '    '}- {word}" for word in words]
        end = last.end_line
        return [*lines[:end], *entries, *lines[end:]]
    if isinstance(there, str) and span.line == span.end_line:
        alone = lines[span.line - 1]
        before, written, after = (
            alone[: span.column - 1],
            alone[span.column - 1 : span.end_column - 1],
            alone[span.end_column - 1 :],
        )
        lines[span.line - 1] = f"{before}[{', '.join([written, *words])}]{after}"
        return lines
    raise _refuse(name)


def _refuse(name: str) -> BulletinError:
    return BulletinError(
        f"The proof’s settings in bulletin.yaml are in one line, and “{name}” can’t be added to it.",
        f"Add the words yourself, to `{name}` below `proof:`.",
    )
