"""The changes in a text, sentence by sentence and never letter by letter. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from bulletin.declaration.data_tables import split_cells

LONGEST_WHOLE = 60  # characters; people read two versions of this length at a glance

# A paragraph, an entry of a list, a heading, a row of a table.
_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*+>#]|\d+[.)])\s)|\n(?=[ \t>]*\|)")
_ROW = re.compile(r"[> ]*\|.*\|")
_HYPHENS = re.compile(r"[-|: \t>]*")
_ABBREVIATED = r"(?<!\be\.g\.)(?<!\bi\.e\.)(?<!^\d\.)(?<!^\d\d\.)"  # full stops inside a sentence
_SENTENCE = re.compile(rf"(?<=[.!?…]){_ABBREVIATED}\s+|(?<=[.!?…][”’)])\s+")


def describe_rewording(label: str, before: str, after: str) -> str:
    """The change of a text called `label`, on one line or, if it is long, on several: was, now.

    If no sentence is left as it was, only the first sentences are quoted.
    """
    if max(len(before), len(after)) <= LONGEST_WHOLE and "\n" not in before + after:
        return f"{label}: “{before}” → “{after}”"
    old, new = split_sentences(before), split_sentences(after)
    if old == new:
        return f"{label} laid out differently"
    if sorted(old) == sorted(new):
        return f"{label}: the same sentences in another order"
    if not set(old) & set(new):
        return f"{label} rewritten\n  was: {quote_beginning(before)}\n  now: {quote_beginning(after)}"
    return "\n  ".join((f"{label} changed", *_list_changes(old, new)))


def quote_beginning(text: str) -> str:
    """A text's first sentence in quotation marks, with an ellipsis if there is more."""
    first, *more = split_sentences(text)
    return f"“{first} …”" if more else f"“{first}”"


def split_sentences(text: str) -> list[str]:
    """The sentences, list entries and rows of tables of a text in Markdown, however its lines are broken."""
    blocks = (_tidy(block) for block in _BLOCK.split(text))
    return [sentence for block in blocks if block for sentence in _SENTENCE.split(block)]


def _tidy(block: str) -> str:
    """A block on one line. A row of a table has dots between its cells, and the line of hyphens is left out."""
    line = " ".join(block.split())
    if "|" not in line or not _ROW.fullmatch(line):
        return line
    return "" if _HYPHENS.fullmatch(line) else " · ".join(cell for cell in split_cells(line) if cell)


def _list_changes(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    for code, begin, end, new_begin, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if code in ("delete", "replace"):
            yield f"was: “{' '.join(old[begin:end])}”"
        if code in ("insert", "replace"):
            yield f"now: “{' '.join(new[new_begin:new_end])}”"
