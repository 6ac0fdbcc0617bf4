"""The colours of an edition, light and dark, all derived from one accent so that all of it can be read. Pure.

Text reaches 4.5 to 1 on every surface that it can stand on (WCAG 2.2, success criterion 1.4.3).
"""

from __future__ import annotations

from collections.abc import Iterable
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass

from bulletin.errors import BulletinError

LEAST_CONTRAST = 4.5

_WHITE, _BLACK, _GREY = "#ffffff", "#000000", "#808080"
_STEPS = 50  # of 2 per cent each, on the way from a colour to white or black


@dataclass(frozen=True, kw_only=True, slots=True)
class Scheme:
    """The colours of one scheme, each as `#rrggbb`."""

    page: str  # around the column
    card: str  # the column itself
    tint: str  # boxes in the column
    line: str  # hairlines; they only part what space parts already
    ink: str  # text
    quiet: str  # text of second rank
    accent: str  # links, large numbers, labels; on page, card and tint
    fill: str  # buttons and bars
    on_fill: str  # the words on a button


@dataclass(frozen=True, kw_only=True, slots=True)
class Palette:
    """Both schemes, and the masthead's band, which is the same in both."""

    band: str
    on_band: str
    light: Scheme
    dark: Scheme


def derive_palette(accent: str) -> Palette:
    """Everything from one accent (`#rrggbb`).

    Raises BulletinError, with the nearest shade that will do, if it does not reach 4.5 to 1 on white.
    """
    if measure_contrast(accent, _WHITE) < LEAST_CONTRAST:
        raise BulletinError(
            f"The accent {accent} in bulletin.yaml is too pale: its contrast with white is "
            f"{measure_contrast(accent, _WHITE):.1f} to 1, and readers need 4.5 to 1.",
            f"Choose a darker one. The nearest shade that can be read is {_strengthen(accent, _BLACK, [_WHITE])}.",
        )
    return Palette(band=accent, on_band=_WHITE, light=_derive_light(accent), dark=_derive_dark(accent))


def _derive_light(accent: str) -> Scheme:
    muted = mix(_GREY, accent, 0.5)
    page, tint = mix(_WHITE, muted, 0.12), mix(_WHITE, accent, 0.06)
    return Scheme(
        page=page,
        card=_WHITE,
        tint=tint,
        line=mix(_WHITE, muted, 0.32),
        ink=mix("#17191c", accent, 0.08),
        quiet=mix("#4d5257", accent, 0.12),
        accent=_strengthen(accent, _BLACK, [page, tint]),
        fill=accent,
        on_fill=_WHITE,
    )


def _derive_dark(accent: str) -> Scheme:
    page, card, tint = (mix(grey, accent, 0.06) for grey in ("#101214", "#191b1e", "#25282c"))
    light_accent = _strengthen(accent, _WHITE, [page, card, tint])
    return Scheme(
        page=page,
        card=card,
        tint=tint,
        line=mix("#43474c", accent, 0.12),
        ink="#e9ebed",
        quiet="#b9bfc5",
        accent=light_accent,
        fill=light_accent,
        on_fill=max(_WHITE, _BLACK, key=lambda words: measure_contrast(words, light_accent)),
    )


def _strengthen(colour: str, towards: str, surfaces: Iterable[str]) -> str:
    """The first shade of `colour` on the way to white or black that can be read on every surface."""
    surfaces = list(surfaces)
    hue, lightness, saturation = rgb_to_hls(*(channel / 255 for channel in _channels(colour)))
    end = 1 if towards == _WHITE else 0
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
    """How far two colours stand out from each other: 1 to 21 (WCAG 2.2, contrast ratio)."""
    darker, lighter = sorted((_luminance(colour), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return float(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
