"""Data as lines of YAML, laid out as a person would. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap

from bulletin.declaration.source import Data, Place
from bulletin.drafting.unfolding import write_scalar

_WIDEST = 100  # characters of a text's line, without its margin
_FIGURES = re.compile(r"[0-9](?:[A-Za-z0-9 ,.()/-]|:(?=[A-Za-z0-9]))*(?<! )")  # 9 June 2021, 9:30am, 6


def write_data(data: Data, *, comments: Mapping[Place, str] | None = None) -> list[str]:
    """The lines of a record, a list or a text, without margin; `comments` go above the entries at these places."""
    return list(_write(data, (), comments or {}))


def _write(data: Data, place: Place, comments: Mapping[Place, str]) -> Iterator[str]:
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _write_field(name, value, (*place, name), comments)
    elif isinstance(data, list):
        for number, entry in enumerate(data):
            yield from _write_entry(entry, (*place, number), comments)
    else:
        head, *body = _write_text(data)
        yield head
        yield from body


def _write_field(name: str, value: Data, place: Place, comments: Mapping[Place, str]) -> Iterator[str]:
    if isinstance(value, dict | list) and value:
        yield f"{write_scalar(name)}:"
        yield from _indent(_write(value, place, comments))
    else:
        head, *body = _write_text(value)
        yield f"{write_scalar(name)}: {head}".rstrip()
        yield from _indent(body)


def _write_entry(entry: Data, place: Place, comments: Mapping[Place, str]) -> Iterator[str]:
    if place in comments:
        yield comments[place]
    first, *others = _write(entry, place, comments) if entry else _write_text(entry)
    yield f"- {first}".rstrip()
    yield from _indent(others)


def _indent(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" if line else "" for line in lines)


def _write_text(value: Data) -> list[str]:
    """A text in its line, or as a block: `|` for several lines, `>-` for a long one. Then its lines."""
    if isinstance(value, dict):
        return ["{}"]
    if isinstance(value, list):
        return ["[]"]
    if value is None:
        return ["null"]
    lines = value.removesuffix("\n").split("\n")
    if len(lines) > 1 and _fits_block(lines):
        return ["|" if value.endswith("\n") else "|-", *lines]
    if len(value) > _WIDEST and value.isprintable() and value == " ".join(value.split()):
        return [">-", *wrap(value, _WIDEST, break_long_words=False, break_on_hyphens=False)]
    return [value if _FIGURES.fullmatch(value) else write_scalar(value)]


def _fits_block(lines: list[str]) -> bool:
    """Whether a block keeps these lines exactly as they are."""
    return all(line.isprintable() and line == line.strip() for line in lines) and bool(lines[0] and lines[-1])
