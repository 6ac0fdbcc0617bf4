"""Headings in capitals, as typed where no letters can be bold, in the usual letters. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bulletin.importing.blocks import Block, Role, join_runs

_WORD = re.compile(r"[^\W\d_][^\W\d_’']*")
_PHRASE = re.compile(r"(?:[A-Z][\w’']+ ){1,6}[A-Z][\w’']+")  # several words with capitals: a name
_FEWEST_LETTERS = 4
_FEWEST_HEADINGS = 2
_CHECK = "this heading was in capitals: are its names and abbreviations right?"


def lower_capitals(blocks: Sequence[Block]) -> list[Block]:
    """The blocks. Headings in capitals, if there are several, get a capital at their start and in names.

    A word is a name or an abbreviation if the text has it with capitals in the middle of a sentence, and never without.
    """
    shouted = [block.role is Role.HEADING and _is_in_capitals(block.text) for block in blocks]
    if sum(shouted) < _FEWEST_HEADINGS:
        return list(blocks)
    text = " ".join(block.text for block, loud in zip(blocks, shouted, strict=True) if not loud)
    names = _find_names(text)
    phrases = sorted(set(_PHRASE.findall(text)), key=len, reverse=True)
    return [_lower(block, names, phrases) if loud else block for block, loud in zip(blocks, shouted, strict=True)]


def _is_in_capitals(text: str) -> bool:
    return text.isupper() and sum(char.isalpha() for char in text) >= _FEWEST_LETTERS


def _find_names(text: str) -> dict[str, str]:
    """The words that a text has only with capitals, by how they are without."""
    plain = set(re.findall(r"(?<![\w@./-])[a-z][a-z’']*\b(?!@|/|\.\w)", text))
    inside = re.findall(r"(?<=[\w,;] )[A-Z][\w’']*", text)
    abbreviated = re.findall(r"\b[A-Z]{2,}\b", text)
    return {word.lower(): word for word in [*inside, *abbreviated] if word.lower() not in plain}


def _lower(block: Block, names: dict[str, str], phrases: Sequence[str]) -> Block:
    first = True
    runs = []
    for run in block.runs:
        words = _WORD.sub(lambda match: names.get(match[0].lower(), match[0].lower()), run.text)
        for phrase in phrases:
            words = re.sub(re.escape(phrase), phrase, words, flags=re.IGNORECASE)
        runs.append(replace(run, text=words[:1].upper() + words[1:] if first else words))
        first = first and not run.text.strip()
    return replace(block, runs=join_runs(runs), check=f"{block.check} {_CHECK}".strip())
