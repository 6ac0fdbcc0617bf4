"""CSS moved from style sheets into style attributes, which is where Outlook and some web mailers look for it.

This module owns premailer: its imports take a quarter of a second, so they load when the first email is rendered.
"""

from __future__ import annotations

import os
import re
from functools import cache
from typing import Any

from bulletin.edition.styles import drop_unused
from bulletin.errors import ThemeError

_MOST_HTML = 2_000_000  # characters
_MOST_STYLE = 200_000  # characters of it that are style
_MOST_SELECTORS = 1_000  # the theme of the product has 150
_MOST_WORK = 15_000_000  # selectors times tags
_KEPT_PIECES = "2000"  # style sheets and `style` attributes
_KEPT_SHEETS = 8
_MOST_ESCAPES = 12  # backslashes; cssutils tries each in two ways
_LONGEST_TAG = 5_000  # characters
_DEEPEST = 3  # parts of a selector: `.a .b .c`
_LONG_TAG = re.compile(rf"<[^<>]{{{_LONGEST_TAG}}}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SHEET = re.compile(r"<style\b.*?(?=</style|\Z)", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE = re.compile(r"\bstyle\s*=\s*(\"[^\"]*|'[^']*|[^\s>\"']*)", re.IGNORECASE)


def inline_css(html: str, *, trusted: bool = True) -> str:
    """The same whole document, with each rule of its style sheets in the `style` of the elements that it selects.

    A rule for classes that no element has is left out. What cannot be inlined stays in its sheet, and so does all of a
    sheet with `data-premailer="ignore"`.
    Rules select by class only: premailer weighs other selectors wrongly or leaves them out.
    Raises ThemeError where a theme that is not `trusted` asks for more than can be done within seconds.
    """
    if not trusted:
        _refuse_too_much(html)
    try:
        return _inline(drop_unused(html))
    except RecursionError as error:
        raise ThemeError("A style sheet of the theme is nested too deep.", "Make its rules simpler.") from error


def _refuse_too_much(html: str) -> None:
    sheets = _SHEET.findall(html)
    styles = sheets + _ATTRIBUTE.findall(html)
    if any(_has_open_comment(style) for style in styles):
        raise ThemeError("A comment in a style of the theme has no end.", "Write */ where it ends.")
    selectors = [selector for sheet in sheets for selector in _list_selectors(sheet)]
    if (
        len(html) > _MOST_HTML
        or _LONG_TAG.search(html)
        or sum(map(len, styles)) > _MOST_STYLE
        or sum(style.count("\\") for style in styles) > _MOST_ESCAPES
        or len(selectors) > _MOST_SELECTORS
        or len(selectors) * html.count("<") > _MOST_WORK
        or any(len(re.split(r"[\s>+~]+", selector)) > _DEEPEST for selector in selectors)
    ):
        raise ThemeError(
            "The theme makes more HTML, or more rules of style, than an email can hold.",
            "Make its style sheet shorter, or write less HTML for each section.",
        )


def _list_selectors(sheet: str) -> list[str]:
    """Each selector of a style sheet."""
    before_braces = _COMMENT.sub("", sheet).split("{")[:-1]
    rules = [re.split(r"[;}]", text)[-1] for text in before_braces]
    return [selector.strip() for rule in rules if "@" not in rule for selector in rule.split(",")]


def _has_open_comment(style: str) -> bool:
    """Whether cssutils would look for the end of a comment for ever."""
    end = 0
    while (begin := style.find("/*", end)) >= 0:
        end = style.find("*/", begin + 2)
        if end < 0:
            return True
    return False


def _inline(html: str) -> str:
    import logging

    # premailer keeps 128 pieces that it has parsed. An email has more, and with too few it parses all of them anew.
    os.environ.setdefault("PREMAILER_CACHE_MAXSIZE", _KEPT_PIECES)

    import cssutils

    cssutils.log.setLevel(logging.CRITICAL + 1)  # it writes a line to stderr for every property younger than itself
    inlined = _make_inliner()(
        html,
        keep_style_tags=False,  # what was inlined only makes the email heavier
        remove_classes=False,  # the dark colours and the narrow layout need them
        strip_important=False,  # it would strip them inside @media too, where they must beat the inlined style
        # Attributes are what Outlook reads: those of the template are meant, those derived from CSS are not.
        disable_basic_attributes=["width", "height", "bgcolor", "align", "valign"],
        align_floating_images=False,
        disable_validation=True,
        allow_network=False,
        allow_loading_external_files=False,
    ).transform(pretty_print=False)
    return str(inlined).replace("</wbr>", "")  # libxml2 knows HTML 4, in which this element isn't


@cache
def _make_inliner() -> Any:
    """premailer, made to remember the rules of the sheets that it read last.

    It puts each rule back into text for every document, which is a third of its time, while an issue that is previewed
    keeps its sheet.
    """
    from premailer import Premailer

    class Inliner(Premailer):  # type: ignore[misc]  # it has no types
        def _parse_style_rules(self, css_body: str, ruleset_index: int) -> Any:
            key = (css_body, ruleset_index)
            rules = _RULES.get(key)
            if rules is None:
                rules, leftover = super()._parse_style_rules(css_body, ruleset_index)
                if leftover:  # rules that premailer changes itself
                    return rules, leftover
                while len(_RULES) >= _KEPT_SHEETS:
                    _RULES.pop(next(iter(_RULES)))
                _RULES[key] = rules
            return [*rules], []

    return Inliner


_RULES: dict[tuple[str, int], list[Any]] = {}
