"""Colours and their contrast with each other. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from colorsys import hls_to_rgb, rgb_to_hls

LEAST_CONTRAST = 4.5
"""What text needs on its ground (WCAG 2.2, success criterion 1.4.3)."""

WHITE, BLACK = "#ffffff", "#000000"

_STEPS = 50  # of 2 per cent each, on the way from a colour to white or black


def strengthen(colour: str, towards: str, surfaces: Iterable[str]) -> str:
    """The first shade of `colour` on the way `towards` white or black that can be read on every surface."""
    surfaces = list(surfaces)
    hue, lightness, saturation = rgb_to_hls(*(channel / 255 for channel in _channels(colour)))
    end = 1 if towards == WHITE else 0
    shades = (_shade(hue, lightness + (end - lightness) * step / _STEPS, saturation) for step in range(_STEPS))
    legible = (s for s in shades if all(measure_contrast(s, surface) >= LEAST_CONTRAST for surface in surfaces))
    return next(legible, towards)


def _shade(hue: float, lightness: float, saturation: float) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in hls_to_rgb(hue, lightness, saturation))


def mix(colour: str, other: str, share: float) -> str:
    """`colour` with `share` (0 to 1) of it replaced by `other`."""
    channels = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(mine + (theirs - mine) * share):02x}" for mine, theirs in channels)


def measure_contrast(colour: str, other: str) -> float:
    """The contrast of two colours: 1 to 21 (WCAG 2.2, contrast ratio)."""
    darker, lighter = sorted((_luminance(colour), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return float(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
