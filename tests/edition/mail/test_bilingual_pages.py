"""A bilingual email and a Welsh one in a browser: nothing for axe to find, nothing wider than a phone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from axe import SCHEMES, Scheme, find_violations, open_page
from bulletin.delivery.copies.export import write_edition
from bulletin.edition.edition import Edition
from bulletin.edition.rendering import render_edition
from bulletin.workspace.workspace import open_workspace
from checkout import TESTS
from specimen import THEME

BILINGUAL = TESTS / "edition" / "bilingual"
NOW = datetime(2026, 11, 26, tzinfo=UTC)


def render_in(languages: str) -> Edition:
    workspace = open_workspace(BILINGUAL, environ={})
    issue = workspace.load_issue("2026-11")
    return render_edition(
        issue if languages == "both" else issue.in_language(languages),
        issue_id="2026-11",
        settings=workspace.settings,
        bulletin_name="monthly",
        theme=THEME,
        pictures=workspace.read_picture,
    )


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("languages", ["both", "cy"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    browser: Browser, tmp_path: Path, languages: str, scheme: Scheme
) -> None:
    list(write_edition(render_in(languages), tmp_path, now=NOW))
    for width in (320, 390, 1280):
        with open_page(browser, width=width, scheme=scheme) as page:
            page.goto((tmp_path / "email.html").as_uri())
            assert find_violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
