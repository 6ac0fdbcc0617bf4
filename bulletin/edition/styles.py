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

_SHEET = re.compile(r"(<style\b[^>]*>)(.*?)(?=</style)", re.IGNORECASE | re.DOTALL)
_ANY_RULE = re.compile(r"(?:^|(?<=[{};]))([^{};]*)(\{[^{}]*\})")
_CLASSES = re.compile(r"\bclass\s*=\s*(?:\"([^\"]*)|'([^']*)|([^\s>\"']+))", re.IGNORECASE)
_NAME = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_IN_BRACKETS = re.compile(r"\[[^\]]*\]")


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


def drop_unused(html: str) -> str:
    """The same document without the rules that none of its elements can match, since none has such a class.

    Most issues use some components only, and each rule costs bytes in every email and time when styles are inlined.
    """
    used = {name for match in _CLASSES.finditer(html) for name in "".join(filter(None, match.groups())).split()}
    return _SHEET.sub(lambda match: match[1] + _keep_used(_COMMENT.sub("", match[2]), used), html)


def _keep_used(sheet: str, used: set[str]) -> str:
    def keep(match: re.Match[str]) -> str:
        selectors = [selector for selector in match[1].split(",") if _may_match(selector, used)]
        return ",".join(selectors) + match[2] if selectors else ""

    return _ANY_RULE.sub(keep, sheet)


def _may_match(selector: str, used: set[str]) -> bool:
    """Whether all its classes are used, or it says more than names of classes do: an escape, `:not(…)`."""
    return not set("\\(").isdisjoint(selector) or used.issuperset(_NAME.findall(_IN_BRACKETS.sub("", selector)))


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
