"""A draft as YAML: each field on a line of its own, long texts folded, a `# check:` above each guess. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import TextWrapper
from typing import TypeAlias

from bulletin.importing.marking import LONGEST_KEPT, escape_start

WIDTH = 110
_PLAIN = re.compile(r"[^\W\d_](?:[\w ,.()'’“”/&?%+–·-]|:(?=\w|/))*(?<! )")
_ENTRY = re.compile(r"( *)(- |[0-9]{1,3}\. )")
_FIGURES = re.compile(
    r"[0-9]{1,2}(?:st|nd|rd|th)? [A-Za-z]+(?: [0-9]{4})?|[0-9]{4}-[0-9]{2}|[0-9]{1,6}"
    r"|[0-9]{1,2}(?:[:.][0-9]{2})? ?(?:am|pm)|[0-9]{1,2}:[0-9]{2}"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A field of a record: its value, and the question to check if it is a guess."""

    name: str
    value: Value
    check: str = ""


Record: TypeAlias = "tuple[Field, ...]"
Value: TypeAlias = "str | Record | list[Record]"  # a text, a record inside the other, or several


def write_record(record: Record, *, indent: int = 0) -> Iterator[str]:
    """The lines of a record. A text with line breaks is Markdown, and keeps its paragraphs."""
    margin = " " * indent
    for field in record:
        if field.check:
            yield from write_comment(f"check: {field.check}", indent=indent)
        if isinstance(field.value, str):
            yield from _write_text(f"{margin}{field.name}:", field.value, indent)
        else:
            yield f"{margin}{field.name}:"
            if isinstance(field.value, tuple):
                yield from write_record(field.value, indent=indent + 2)
            else:
                for entry in field.value:
                    yield from _write_entry(entry, indent + 2)


def _write_entry(entry: Record, indent: int) -> Iterator[str]:
    margin = " " * indent
    lines = list(write_record(entry, indent=indent + 2))
    while lines[0].lstrip().startswith("#"):
        yield margin + lines.pop(0).lstrip()
    yield f"{margin}- {lines[0].lstrip()}"
    yield from lines[1:]


def write_comment(text: str, *, indent: int = 0) -> list[str]:
    """A comment, folded."""
    mark = " " * indent + "# "
    return _wrap(text, mark)


def _write_text(start: str, text: str, indent: int) -> Iterator[str]:
    if "\n" in text:
        yield f"{start} |"
        yield from _write_lines(text, indent + 2)
    elif len(start) + len(text) > WIDTH or "\\" in text:
        yield f"{start} >-"
        yield from _wrap(text, " " * (indent + 2))
    else:
        yield f"{start} {_write_scalar(text)}"


def _write_lines(text: str, indent: int) -> Iterator[str]:
    margin = " " * indent
    for line in text.split("\n"):
        entry = _ENTRY.match(line)
        before, mark = (entry[1], entry[2]) if entry else ("", "")
        width = len(line) if line.startswith("### ") else WIDTH - indent - len(before + mark)
        first, *others = _wrap_text(line[len(before + mark) :], max(width, 20)) or [""]
        yield f"{margin}{before}{mark}{first}".rstrip()
        yield from (margin + before + " " * len(mark) + escape_start(other) for other in others)


def _wrap(text: str, margin: str, *, width: int = WIDTH) -> list[str]:
    """The text in lines, each after the margin; no word is broken."""
    return TextWrapper(
        width=width,
        initial_indent=margin,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    ).wrap(text)


def _wrap_text(text: str, width: int) -> list[str]:
    """The text in lines. None of them is so short that it would stay a line, except the last."""
    lines = _keep_starts(_wrap(text, "", width=width))
    joined = lines[:1]
    for line in lines[1:]:
        if len(joined[-1]) <= LONGEST_KEPT and not line[:1].islower():
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return joined


def _keep_starts(lines: list[str]) -> list[str]:
    """The lines. One that would begin like a list or a heading gets the last word of the line above it."""
    kept = list(lines)
    for index in range(1, len(kept)):
        above, space, word = kept[index - 1].rpartition(" ")
        if escape_start(kept[index]) != kept[index] and space and escape_start(word) == word:
            kept[index - 1], kept[index] = above, f"{word} {kept[index]}"
    return kept


def _write_scalar(text: str) -> str:
    safe = _PLAIN.fullmatch(text) and text != "null"
    return text if safe or _FIGURES.fullmatch(text) else json.dumps(text, ensure_ascii=False)
