"""What axe finds against WCAG 2.2 AA, in the e-mail as a page and in the preview: nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from axe import SCHEMES, Scheme, find_violations, open_page
from bulletin.delivery.copies.export import write_edition
from bulletin.edition.build import make_edition
from bulletin.workspace.package_data import sample_folder
from bulletin.workspace.workspace import Workspace, open_workspace
from previewing import serve, visit
from specimen import render


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_in_the_sample_or_in_an_issue_with_every_kind(
    browser: Browser, tmp_path: Path, width: int, scheme: Scheme
) -> None:
    sample = make_edition(open_workspace(sample_folder(), environ={}), "2021-05")
    for number, edition in enumerate([sample, render()]):
        list(write_edition(edition, tmp_path / str(number), now=datetime(2021, 5, 4, tzinfo=UTC)))
        with open_page(browser, width=width, scheme=scheme) as page:
            page.goto((tmp_path / str(number) / "email.html").as_uri())
            assert find_violations(page) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_in_the_preview_and_its_views(
    browser: Browser, make_workspace: Callable[..., Workspace], scheme: Scheme
) -> None:
    root = make_workspace(lists={"partners": "email,name\nanna@example.org,Anna\n", "schools": "email\n"}).root
    with serve(root) as address, open_page(browser, width=1280, scheme=scheme) as page:
        visit(page, address)
        assert find_violations(page) == []
        for view in ("Phone", "Outlook", "Plain text", "Source"):
            page.get_by_text(view, exact=True).first.click()
            assert find_violations(page) == [], view


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_where_the_preview_shows_faults(
    browser: Browser, make_workspace: Callable[..., Workspace], scheme: Scheme
) -> None:
    root = make_workspace().root
    path = root / "issues" / "2021-05.yaml"
    path.write_text(path.read_text().replace("kind: notice", "kind: notise"))
    with serve(root) as address, open_page(browser, width=1280, scheme=scheme) as page:
        page.goto(address)
        page.get_by_text("Did you mean “notice”?").wait_for()
        assert find_violations(page) == []


def test_axe_does_find_what_is_wrong(browser: Browser) -> None:
    with open_page(browser, width=640, scheme="light") as page:
        page.set_content("<html lang='en-GB'><title>T</title><img src='x.png'><p style='color:#ccc'>Pale</p>")

        assert {name for name, _ in find_violations(page)} == {"image-alt", "color-contrast"}
