"""The colours of an edition, light and dark, all derived from one accent so that all of it can be read. Pure.

Text reaches 4.5 to 1 on every surface that it can be on (WCAG 2.2, success criterion 1.4.3).
"""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.declaration.colours import BLACK, WHITE, measure_contrast, mix, strengthen

_GREY = "#808080"


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
    """Everything from one accent (`#rrggbb`), which reaches 4.5 to 1 on white: the settings see to that."""
    return Palette(band=accent, on_band=WHITE, light=_derive_light(accent), dark=_derive_dark(accent))


def _derive_light(accent: str) -> Scheme:
    muted = mix(_GREY, accent, 0.5)
    page, tint = mix(WHITE, muted, 0.12), mix(WHITE, accent, 0.06)
    return Scheme(
        page=page,
        card=WHITE,
        tint=tint,
        line=mix(WHITE, muted, 0.32),
        ink=mix("#17191c", accent, 0.08),
        quiet=mix("#4d5257", accent, 0.12),
        accent=strengthen(accent, BLACK, [page, tint]),
        fill=accent,
        on_fill=WHITE,
    )


def _derive_dark(accent: str) -> Scheme:
    page, card, tint = (mix(grey, accent, 0.06) for grey in ("#101214", "#191b1e", "#25282c"))
    light_accent = strengthen(accent, WHITE, [page, card, tint])
    return Scheme(
        page=page,
        card=card,
        tint=tint,
        line=mix("#43474c", accent, 0.12),
        ink="#e9ebed",
        quiet="#b9bfc5",
        accent=light_accent,
        fill=light_accent,
        on_fill=max(WHITE, BLACK, key=lambda words: measure_contrast(words, light_accent)),
    )
