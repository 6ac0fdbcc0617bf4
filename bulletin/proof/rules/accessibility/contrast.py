"""Accessibility: colours of a theme that are too close to each other. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from bulletin.declaration.colours import LEAST_CONTRAST, measure_contrast
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import violation_in_theme
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.theme.css import Declaration, read_theme_styles
from bulletin.proof.theme.theme_files import ThemeFile
from bulletin.settings.proof import Severity

if TYPE_CHECKING:
    from bulletin.edition.palette import Palette


_HEX = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})\b", re.IGNORECASE)
_RGB = re.compile(r"rgb\(\s{0,9}(\d{1,3})\s{0,9},\s{0,9}(\d{1,3})\s{0,9},\s{0,9}(\d{1,3})\s{0,9}\)", re.IGNORECASE)
_FROM_PALETTE = re.compile(r"\{\{-?\s{0,9}(palette\.(?:light\.|dark\.)?|colours\.)([a-z_]{1,20})\s{0,9}-?\}\}")
_NAMED = {"white": "#ffffff", "black": "#000000", "red": "#ff0000", "yellow": "#ffff00", "blue": "#0000ff"}
_GREYS = {"gray": "#808080", "grey": "#808080", "silver": "#c0c0c0", "lightgray": "#d3d3d3", "lightgrey": "#d3d3d3"}
_ENOUGH_FOR_LARGE = 3.0  # WCAG 2.2, success criterion 1.4.3: from 24 px, or 18.66 px in bold
_MARK = "/* theme 2 */\n"
_PIXELS = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)px")


@rule(
    "ACC07",
    "contrast-too-low",
    severity=Severity.ERROR,
    reason="Many readers can’t read text of low contrast, and no one can on a phone in the sun.",
    wrong=[
        Example(
            files={"templates/email/styles/section.css": _MARK + ".kicker{color:#9aa4ad;background-color:#ffffff}\n"},
            at="color:#9aa4ad",
        ),
        Example(
            files={
                "templates/email/styles/tile.css": _MARK
                + ".day{background-color:{{ palette.dark.fill }};color:#ffffff}"
            },
            at="color:#ffffff",
        ),
    ],
    right=[
        Example(
            files={"templates/email/styles/section.css": _MARK + ".kicker{color:#4d5257;background-color:#ffffff}\n"}
        ),
        Example(
            files={
                "templates/email/styles/masthead.css": _MARK
                + ".h1{font-size:40px;color:#808080;background-color:#ffffff}"
            }
        ),
        Example(files={"templates/email/styles/section.css": _MARK + ".kicker{color:#9aa4ad}\n"}),
    ],
)
def contrast_too_low(context: Context) -> Iterator[Violation]:
    """A colour in your own style sheet with too little contrast to its background: 4.5 to 1, or 3 for large text.

    The colours that are derived from your accent reach that by themselves, in the light and in the dark.
    """
    if not context.own_theme:
        return
    from bulletin.edition.palette import derive_palette

    colours = context.settings.dress(context.bulletin).colours
    palette = derive_palette(colours.accent, colours.warm)
    for file in context.own_theme:
        styles = read_theme_styles(file.text, is_style=file.is_style)
        declared = [one for one in styles if isinstance(one, Declaration) and one.name in _LOOKS]
        for _, together in groupby(declared, key=lambda one: one.block):
            by_name = {one.name: one for one in together}
            yield from _check_contrast(file, by_name, palette)


_LOOKS = frozenset({"color", "background", "background-color", "font-size", "font-weight"})


def _check_contrast(file: ThemeFile, by_name: dict[str, Declaration], palette: Palette) -> Iterator[Violation]:
    words, ground = by_name.get("color"), by_name.get("background-color") or by_name.get("background")
    if words is None or ground is None:
        return
    colour, behind = (_read_colour(file.text[one.start : one.end], palette) for one in (words, ground))
    if colour and behind:
        contrast = measure_contrast(colour, behind)
        least = _ENOUGH_FOR_LARGE if _is_large(by_name) else LEAST_CONTRAST
        if contrast < least:
            yield violation_in_theme(
                file,
                (words.start, words.end),
                f"{colour} on {behind} has a contrast of {contrast:.1f} to 1; readers need {least:g} to 1.",
                "Make one darker or the other lighter, or use colours of the palette.",
            )


def _read_colour(declaration: str, palette: Palette) -> str:
    """The colour of a declaration as `#rrggbb`; "" if it can't be told."""
    value = declaration.partition(":")[2].replace("!important", "").strip()
    if match := _FROM_PALETTE.fullmatch(value):
        parts = [part for part in match[1].split(".")[1:] if part] if match[1] != "colours." else ["light"]
        found: object = palette
        for name in (*parts, match[2]):
            found = getattr(found, name, "")
        return found if isinstance(found, str) else ""
    if _HEX.fullmatch(value):
        return (value if len(value) == 7 else "#" + "".join(char * 2 for char in value[1:])).lower()
    if match := _RGB.fullmatch(value):
        return "#" + "".join(f"{min(255, int(channel)):02x}" for channel in match.groups())
    return (_NAMED | _GREYS).get(value.lower(), "")


def _is_large(by_name: dict[str, Declaration]) -> bool:
    size = _PIXELS.match(by_name["font-size"].value) if "font-size" in by_name else None
    bold = "font-weight" in by_name and by_name["font-weight"].value[:4] in ("bold", "700", "800", "900")
    return size is not None and float(size[1]) >= (18.66 if bold else 24)


RULES: tuple[Rule, ...] = (contrast_too_low,)
