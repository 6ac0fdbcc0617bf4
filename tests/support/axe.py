"""What axe finds in a page, in Chromium."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from checkout import TESTS

AXE = TESTS / "node/node_modules/axe-core/axe.min.js"


LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ALL_LEVELS = [*LEVELS, "best-practice"]


FIND = """levels => axe.run(document, {runOnly: {type: "tag", values: levels}, iframes: false})
  .then(found => found.violations.map(each => [each.id, each.nodes.map(node => node.html)]))"""


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


def find_violations(page: Page, levels: Sequence[str] = LEVELS) -> Any:
    if not AXE.is_file():
        pytest.fail(f"axe is missing. Type: npm ci --prefix {AXE.parents[2]}")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(FIND, list(levels))
