"""The colours of a logo, as an accent and a warm colour that readers can read. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from colorsys import rgb_to_hls
from dataclasses import dataclass
from typing import TypeAlias

from bulletin.declaration.colours import BLACK, WHITE, strengthen
from bulletin.edition.palette import DEFAULT_WARM
from bulletin.edition.pictures.colours import spread_colours
from bulletin.edition.pictures.opening import open_picture
from bulletin.errors import BulletinError

Pixel: TypeAlias = tuple[int, int, int]

_LOOKED_AT = (160, 160)  # pixels: enough to weigh the areas of a logo
_LEAST_OPAQUE = 200  # of 255
_LEAST_SATURATION, _DARKEST, _LIGHTEST = 0.22, 0.06, 0.92  # of a colour; greys, black and white are none
_HUES = 24  # sectors of the circle of colours, 15 degrees each
_LEAST_SHARE = 0.01  # of the coloured pixels: less is the edge between two colours
_WARM_BELOW, _WARM_ABOVE = 4, 22  # sectors: from 330 degrees over red to 60, which is yellow
_APART = 2  # sectors, at least, between the accent and the warm colour


@dataclass(frozen=True, kw_only=True, slots=True)
class LogoColours:
    """Two colours (`#rrggbb`) with a contrast with white of 4.5 to 1 or more.

    `seen_accent` and `seen_warm` are the logo's own, before they were made darker. `seen_warm` is "" if the logo has no
    warm colour beside its accent: `warm` is then the product's.
    """

    accent: str
    warm: str
    seen_accent: str
    seen_warm: str


def find_logo_colours(path: str, content: bytes) -> LogoColours:
    """The colours of the logo in `content`. Raises BulletinError if it is no picture, or has no colour but greys."""
    with open_picture(path, content) as image:
        image.thumbnail(_LOOKED_AT)
        pixels = Counter[tuple[int, int, int, int]](spread_colours(image).convert("RGBA").getdata())
    sectors = _sort_by_hue(pixels)
    if not sectors:
        raise BulletinError(
            f"The picture “{path}” has no colours but black, white and greys.",
            "Choose an accent yourself: write `accent: '#1d5c87'` below `colours:` in bulletin.yaml.",
        )
    weights = {sector: sum(found.values()) for sector, found in sectors.items()}
    total = sum(weights.values())
    ranked = sorted((s for s in weights if weights[s] >= _LEAST_SHARE * total), key=lambda s: (-weights[s], s))
    main = ranked[0]
    warm = next((s for s in ranked[1:] if _is_warm(s) and _measure_distance(s, main) >= _APART), None)
    accent_seen = _most_common(sectors[main])
    warm_seen = _most_common(sectors[warm]) if warm is not None else ""
    return LogoColours(
        accent=strengthen(accent_seen, BLACK, [WHITE]),
        warm=strengthen(warm_seen, BLACK, [WHITE]) if warm_seen else DEFAULT_WARM,
        seen_accent=accent_seen,
        seen_warm=warm_seen,
    )


def _sort_by_hue(pixels: Counter[tuple[int, int, int, int]]) -> dict[int, Counter[Pixel]]:
    """The coloured pixels by the sector of their hue; how often each comes."""
    sectors = defaultdict[int, Counter[Pixel]](Counter)
    for (red, green, blue, opacity), count in pixels.items():
        hue, lightness, saturation = rgb_to_hls(red / 255, green / 255, blue / 255)
        coloured = saturation >= _LEAST_SATURATION and _DARKEST <= lightness <= _LIGHTEST
        if opacity >= _LEAST_OPAQUE and coloured:
            sectors[int(hue * _HUES) % _HUES][red, green, blue] += count
    return dict(sectors)


def _is_warm(sector: int) -> bool:
    return sector < _WARM_BELOW or sector >= _WARM_ABOVE


def _measure_distance(one: int, other: int) -> int:
    return min((one - other) % _HUES, (other - one) % _HUES)


def _most_common(pixels: Counter[Pixel]) -> str:
    """The colour that comes most often; of several, the darkest, so that the result is the same each time."""
    most = max(pixels.values())
    return _write(min(pixel for pixel, count in pixels.items() if count == most))


def _write(channels: Iterable[int]) -> str:
    return "#" + "".join(f"{channel:02x}" for channel in channels)
