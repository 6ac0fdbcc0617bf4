"""What axe finds in a page, in Chromium."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from checkout import TESTS

AXE = TESTS / "node/node_modules/axe-core/axe.min.js"


LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ALL_LEVELS = [*LEVELS, "best-practice"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]  # all of axe's category of colours up to level AA


# No one reads the selectors that axe would make up for each element, nor what is in order.
FIND = """runOnly => axe.run(document, {
    runOnly, iframes: false, selectors: false, resultTypes: ["violations"],
  }).then(found => found.violations.map(each => [each.id, each.nodes.map(node => node.html)]))"""


Scheme = Literal["light", "dark"]


SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@contextmanager
def open_page(browser: Browser, *, width: int, scheme: Scheme) -> Iterator[Page]:
    # The preview's own policy forbids foreign scripts: axe is let past it, and nothing else changes.
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    try:
        yield context.new_page()
    finally:
        context.close()


def bring_axe(page: Page) -> None:
    """Every document that the page opens from now on has axe: read and sent once for all, where many are opened."""
    page.add_init_script(path=_find_axe())


def find_violations(page: Page, levels: Sequence[str] = LEVELS) -> Any:
    """What axe finds in what is shown: the rules, each with the elements that break it."""
    return _run(page, {"type": "tag", "values": list(levels)})


def find_colour_violations(page: Page) -> Any:
    """What axe finds by its rules about colours alone, where a page that it looked at has only changed its colours."""
    return _run(page, {"type": "rule", "values": COLOUR_RULES})


def _run(page: Page, rules: dict[str, Any]) -> Any:
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_find_axe().read_text(encoding="utf-8"))
    return page.evaluate(FIND, rules)


def _find_axe() -> Path:
    if not AXE.is_file():
        pytest.fail(f"axe is missing. Type: npm ci --prefix {AXE.parents[2]}")
    return AXE
