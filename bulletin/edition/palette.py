"""The colours of an edition, light and dark, all derived from two settings so that all of it can be read. Pure.

Text reaches 4.5 to 1 on every ground that it can be on (WCAG 2.2, success criterion 1.4.3); what is seen and not read,
such as a rail or the edge of a button, 3 to 1 on the card (1.4.11).
"""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.declaration.colours import BLACK, WHITE, measure_contrast, mix, strengthen

DEFAULT_WARM = "#8f4100"

_GREY = "#808080"
_OF_RAILS = 3.5  # to 1 on the card: more than is required, for lines that are 2 px wide
_STEPS = 50  # of 2 per cent each


@dataclass(frozen=True, kw_only=True, slots=True)
class Scheme:
    """The colours of one scheme, each as `#rrggbb`."""

    page: str  # around the column
    card: str  # the column itself
    tint: str  # boxes in the column
    line: str  # hairlines; they only part what space parts already
    rail: str  # the line of dated steps, the line under a table's head
    ink: str  # text
    quiet: str  # text of second rank
    accent: str  # links, large numbers, kickers; on page, card, tint and going
    going: str  # the ground of "Under way"
    warm: str  # dates to keep and what to heed; on card and warm_tint
    warm_tint: str  # the ground of notices and of what to do
    warm_line: str  # hairlines on it
    ok: str  # "Closed", on ok_tint
    ok_tint: str
    fill: str  # buttons, bars and dots
    on_fill: str  # the words on a button
    help: str  # the ground of the strip with help
    on_help: str  # its words


@dataclass(frozen=True, kw_only=True, slots=True)
class Palette:
    """Both schemes, and the band of the pages' and the report's head, which is the same in both."""

    band: str
    on_band: str
    light: Scheme
    dark: Scheme


def derive_palette(accent: str, warm: str = DEFAULT_WARM) -> Palette:
    """Everything from two colours (`#rrggbb`), which reach 4.5 to 1 on white: the settings see to that."""
    return Palette(band=accent, on_band=WHITE, light=_derive_light(accent, warm), dark=_derive_dark(accent, warm))


def _derive_light(accent: str, warm: str) -> Scheme:
    muted = mix(_GREY, accent, 0.5)
    page, tint, going = mix(WHITE, muted, 0.12), mix(WHITE, accent, 0.06), mix(WHITE, accent, 0.11)
    quiet, warm_tint = mix("#4d5257", accent, 0.12), mix(WHITE, _lift(warm), 0.1)
    return Scheme(
        page=page,
        card=WHITE,
        tint=tint,
        line=mix(quiet, WHITE, 0.8),
        rail=_reach(quiet, WHITE),
        ink=mix("#17191c", accent, 0.08),
        quiet=quiet,
        accent=strengthen(accent, BLACK, [page, tint, going]),
        going=going,
        warm=strengthen(warm, BLACK, [WHITE, warm_tint]),
        warm_tint=warm_tint,
        warm_line=mix(warm_tint, warm, 0.22),
        ok="#1f6b3a",
        ok_tint="#e6f2ea",
        fill=accent,
        on_fill=WHITE,
        help=accent,
        on_help=WHITE,
    )


def _derive_dark(accent: str, warm: str) -> Scheme:
    page, card, tint = (mix(grey, accent, 0.06) for grey in ("#101214", "#191b1e", "#25282c"))
    going, warm_tint = mix(card, accent, 0.38), mix(card, _lift(warm), 0.1)
    quiet = "#b9bfc5"
    # Lighter than what can just be read: on a dark ground thin letters look darker than they are.
    light_accent = mix(strengthen(accent, WHITE, [page, card, tint, going, warm_tint]), WHITE, 0.12)
    light_warm = mix(strengthen(_lift(warm), WHITE, [card, warm_tint]), WHITE, 0.4)
    return Scheme(
        page=page,
        card=card,
        tint=tint,
        line=mix(quiet, card, 0.8),
        rail=_reach(quiet, card),
        ink="#e9ebed",
        quiet=quiet,
        accent=light_accent,
        going=going,
        warm=light_warm,
        warm_tint=warm_tint,
        warm_line=mix(warm_tint, light_warm, 0.22),
        ok="#8fd0a5",
        ok_tint="#1b2c21",
        fill=light_accent,
        on_fill=max(WHITE, BLACK, key=lambda words: measure_contrast(words, light_accent)),
        help=mix(card, accent, 0.45),
        on_help=WHITE,
    )


def _lift(warm: str) -> str:
    """The warm colour as it is on a screen at night: a brown becomes the orange that it is a shade of."""
    return strengthen(warm, WHITE, ["#25282c"])


def _reach(colour: str, ground: str) -> str:
    """The palest shade of `colour` on `ground` that can still be seen as a line."""
    shades = (mix(colour, ground, step / _STEPS) for step in range(_STEPS - 1, -1, -1))
    return next((shade for shade in shades if measure_contrast(shade, ground) >= _OF_RAILS), colour)
