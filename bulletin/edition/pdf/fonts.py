"""Which characters a font has: its `cmap` table, as OpenType 1.9 describes it (formats 4 and 12). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from struct import error as StructError  # noqa: N812 -- as the other errors are named
from struct import iter_unpack, unpack_from
from typing import Final

from bulletin.errors import ThemeError

_UNICODE: Final = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3))
"""Platform and encoding of the tables that are worth reading, the fullest first."""


def find_common_characters(fonts: Iterable[bytes]) -> frozenset[int]:
    """The code points that every one of `fonts` (TrueType or OpenType files) has. Raises ThemeError for a bad file."""
    tables = [read_characters(font) for font in fonts]
    return frozenset.intersection(*tables) if tables else frozenset()


@lru_cache(maxsize=8)
def read_characters(font: bytes) -> frozenset[int]:
    """The code points that a font has a glyph for. Raises ThemeError if the file can't be read."""
    try:
        return frozenset(_read_table(font, _find_table(font)))
    except (StructError, StopIteration, LookupError) as error:
        raise ThemeError("A font of the theme can’t be read.", "Use the file as its makers publish it.") from error


def _find_table(font: bytes) -> int:
    """Where the best table of characters begins."""
    (tables,) = unpack_from(">H", font, 4)
    begin = next(
        unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * tables, 16) if font[at : at + 4] == b"cmap"
    )
    (count,) = unpack_from(">H", font, begin + 2)
    found = {record[:2]: record[2] for record in iter_unpack(">HHI", font[begin + 4 : begin + 4 + 8 * count])}
    return int(begin + next(found[kind] for kind in _UNICODE if kind in found))


def _read_table(font: bytes, at: int) -> Iterator[int]:
    (form,) = unpack_from(">H", font, at)
    if form == 12:
        (groups,) = unpack_from(">I", font, at + 12)
        for first, last, _ in iter_unpack(">III", font[at + 16 : at + 16 + 12 * groups]):
            yield from range(first, last + 1)
    elif form == 4:
        (doubled,) = unpack_from(">H", font, at + 6)
        ends = unpack_from(f">{doubled // 2}H", font, at + 14)
        starts = unpack_from(f">{doubled // 2}H", font, at + 16 + doubled)
        for first, last in zip(starts, ends, strict=True):
            yield from range(first, min(last + 1, 0xFFFF))
    else:
        raise LookupError(form)
