"""Write the colours of the look into bulletin.yaml, and keep all else as it is written. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bulletin.declaration.source import Source
from bulletin.errors import BulletinError

_SECTION = "colours"


def write_colours(source: Source, colours: Mapping[str, str]) -> list[str]:
    """The lines of bulletin.yaml with these `colours` (`#rrggbb` by their names) below `colours:`.

    Comments stay. Raises BulletinError if the colours are written in a way that only a person can extend.
    """
    lines = list(source.lines)
    new = {}
    for name, colour in colours.items():
        span = source.values.get((_SECTION, name))
        if span is None:
            new[name] = colour
            continue
        if span.line != span.end_line:
            raise _refuse(colours)
        line = lines[span.line - 1]
        lines[span.line - 1] = f'{line[: span.column - 1]}"{colour}"{line[span.end_column - 1 :]}'
    return _add(source, lines, new) if new else lines


def _add(source: Source, lines: list[str], colours: Mapping[str, str]) -> list[str]:
    key = source.keys.get((_SECTION,))
    if key is None:
        end = len(lines) if lines and lines[-1] else len(lines) - 1
        return [*lines[:end], "", f"{_SECTION}:", *_write_entries(colours, "  "), *lines[end:]]
    below = [span for place, span in source.keys.items() if len(place) == 2 and place[0] == _SECTION]
    rest = lines[key.line - 1][key.end_column - 1 :].partition("#")[0].strip(" :")
    if rest or any(span.line == key.line for span in below):
        raise _refuse(colours)
    margin = " " * (below[0].column - 1) if below else "  "
    return [*lines[: key.line], *_write_entries(colours, margin), *lines[key.line :]]


def _write_entries(colours: Mapping[str, str], margin: str) -> list[str]:
    return [f'{margin}{name}: "{colour}"' for name, colour in colours.items()]


def _refuse(colours: Mapping[str, str]) -> BulletinError:
    told = ", ".join(f'`{name}: "{colour}"`' for name, colour in colours.items())
    return BulletinError("The colours in bulletin.yaml are in one line.", f"Write them there yourself: {told}.")
