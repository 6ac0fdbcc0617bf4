"""Write the colours of a look into bulletin.yaml, and keep all else as it is written. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bulletin.declaration.source import Place, Source
from bulletin.errors import BulletinError

OF_ALL: Place = ("colours",)
"""Where the colours are that all bulletins have."""


def find_look(bulletin: str) -> Place:
    """Where the colours are that a bulletin has of its own."""
    return ("bulletins", bulletin, "look")


def write_colours(source: Source, colours: Mapping[str, str], *, place: Place = OF_ALL) -> list[str]:
    """The lines of bulletin.yaml with these `colours` (`#rrggbb` by their names) below `place`.

    Comments stay. Raises BulletinError if the colours are written in a way that only a person can extend.
    """
    lines = list(source.lines)
    new = {}
    for name, colour in colours.items():
        span = source.values.get((*place, name))
        if span is None:
            new[name] = colour
            continue
        if span.line != span.end_line:
            raise _refuse(colours)
        line = lines[span.line - 1]
        lines[span.line - 1] = f'{line[: span.column - 1]}"{colour}"{line[span.end_column - 1 :]}'
    return _add(source, lines, new, place) if new else lines


def _add(source: Source, lines: list[str], colours: Mapping[str, str], place: Place) -> list[str]:
    key = source.keys.get(place)
    if key is not None:
        margin = _find_margin(source, lines, place, colours)
        return [*lines[: key.line], *_write_entries(colours, margin), *lines[key.line :]]
    above = source.keys.get(place[:-1])
    if above is not None:
        margin = _find_margin(source, lines, place[:-1], colours)
        entries = [f"{margin}{place[-1]}:", *_write_entries(colours, f"{margin}  ")]
        return [*lines[: above.line], *entries, *lines[above.line :]]
    end = len(lines) if lines and lines[-1] else len(lines) - 1
    return [*lines[:end], "", f"{place[-1]}:", *_write_entries(colours, "  "), *lines[end:]]


def _find_margin(source: Source, lines: list[str], place: Place, colours: Mapping[str, str]) -> str:
    """The blanks before an entry of the record at `place`. Raises BulletinError if the record is in one line."""
    key, at = source.keys[place], len(place)
    below = [span for other, span in source.keys.items() if len(other) == at + 1 and other[:at] == place]
    rest = lines[key.line - 1][key.end_column - 1 :].partition("#")[0].strip(" :")
    if rest or any(span.line == key.line for span in below):
        raise _refuse(colours)
    return " " * (below[0].column - 1 if below else key.column + 1)


def _write_entries(colours: Mapping[str, str], margin: str) -> list[str]:
    return [f'{margin}{name}: "{colour}"' for name, colour in colours.items()]


def _refuse(colours: Mapping[str, str]) -> BulletinError:
    told = ", ".join(f'`{name}: "{colour}"`' for name, colour in colours.items())
    return BulletinError("The colours in bulletin.yaml are in one line.", f"Write them there yourself: {told}.")
