"""The style sheets of an email, arranged for mail programs: what is inlined, and what stays in its head. Pure.

A component's sheet is written for the light colours, with its rules for phones in `@media`. The dark colours are not
written at all: they are what the same sheet says with the dark scheme, so no class can be without one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

PHONE = "@media only screen and (max-width:600px)"

_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_BLOCK = re.compile(r"@media[^{]*\{((?:[^{}]*\{[^{}]*\})*)\s*\}")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")


@dataclass(frozen=True, kw_only=True, slots=True)
class Styles:
    """The rules to inline; and those to keep: for phones, for dark colours, and for those in Outlook on the web."""

    inlined: str
    kept: str


@lru_cache(maxsize=8)
def arrange_styles(light: str, dark: str) -> Styles:
    """From all sheets in the light colours, and the same sheets in the dark ones."""
    sheet = _COMMENT.sub("", light)
    phone = "".join(match[1].strip() + "\n" for match in _BLOCK.finditer(sheet))
    colours = _find_colours(_COMMENT.sub("", dark))
    lines = [f"{PHONE}{{\n{phone}}}"] if phone else []
    lines += [
        ":root{color-scheme:light dark;supported-color-schemes:light dark}",
        "@media (prefers-color-scheme:dark){",
    ]
    lines += [_write_rule(classes, *rule) for rule, classes in colours.items()]
    lines += ["}", *(_write_rule(classes, *rule, outlook=True) for rule, classes in colours.items())]
    return Styles(inlined=_BLOCK.sub("", sheet).strip(), kept="\n".join(lines))


def _find_colours(sheet: str) -> dict[tuple[str, str], list[str]]:
    """The classes of each pair of property and colour, in the order of the sheet."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for match in _RULE.finditer(_BLOCK.sub(r"\1", sheet)):
        selectors = [selector.strip() for selector in match[1].split(",")]
        for declaration in match[2].split(";"):
            name, _, value = declaration.partition(":")
            if colour := _COLOUR.search(value):
                rule = (_name_property(name.strip()), colour[0])
                found[rule] += [selector for selector in selectors if selector not in found[rule]]
    return found


def _name_property(name: str) -> str:
    return "border-color" if name.startswith("border") else name


def _write_rule(selectors: list[str], name: str, colour: str, *, outlook: bool = False) -> str:
    """Outlook on the web marks what it recolours: with `data-ogsc` for letters, `data-ogsb` for grounds and edges."""
    scope = ("[data-ogsc] " if name == "color" else "[data-ogsb] ") if outlook else ""
    return f"{','.join(scope + selector for selector in selectors)}{{{name}:{colour}!important}}"
