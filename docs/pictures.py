"""Take the pictures in docs/pictures anew: the sample issue, its preview, readers' pages, the gallery, PDFs."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from archive_pictures import take_archive, take_bilingual_archive
from bilingual import take_bilingual
from calendar_pictures import take_calendars
from edition_pictures import take_editions
from gallery import take_gallery
from own_kind_pictures import take_own_kinds
from playwright.sync_api import Browser, Page, Route, sync_playwright
from printed_pages import take_printed_pages
from reader_pages import frame_of, render_pages
from running_preview import run_preview
from saving import COLOURS, PICTURES, ROOT, Scheme, save_small
from second_bulletin import take_second_bulletin

from bulletin.delivery.copies.export import write_edition
from bulletin.edition.build import make_edition
from bulletin.workspace.package_data import sample_folder
from bulletin.workspace.workspace import open_workspace

ISSUE = "2021-05"
WIDTHS = {320: 2400, 640: None, 1280: 2400}  # pixels, and down to where the picture goes: None is the whole page
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def main() -> None:
    """Take those that are named, or all."""
    parts = {
        "issue": take_issue,
        "previews": take_previews,
        "pages": take_pages,
        "gallery": take_gallery,
        "archive": take_archive,
        "archive-languages": take_bilingual_archive,
        "calendars": take_calendars,
        "editions": take_editions,
        "pdf": take_printed_pages,
        "bilingual": take_bilingual,
        "kinds": take_own_kinds,
        "second": take_second_bulletin,
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for name in sys.argv[1:] or parts:
            parts[name](browser)
        browser.close()


def take_issue(browser: Browser) -> None:
    """Render the issue as `bulletin render` does, and look at it in every width and both schemes."""
    workspace = open_workspace(ROOT, environ={})
    with TemporaryDirectory() as folder:
        list(write_edition(make_edition(workspace, ISSUE), Path(folder), now=datetime.now(UTC)))
        for width, height in WIDTHS.items():
            for scheme in SCHEMES:
                picture = take_picture(browser, Path(folder) / "email.html", width=width, height=height, scheme=scheme)
                save_small(picture, PICTURES / f"may-2021-{width}-{scheme}.png")


def take_pages(browser: Browser) -> None:
    """The pages for readers: on a phone, and on a desktop in the dark."""
    workspace = open_workspace(ROOT, environ={})
    frame = frame_of(workspace)
    pages = render_pages(workspace, frame)
    for name, width, scheme in (
        ("subscribe", 390, "light"),
        ("faults", 390, "light"),
        ("unsubscribe", 390, "light"),
        ("unsubscribed", 390, "dark"),
        ("preferences", 1280, "dark"),
    ):
        page = browser.new_page(viewport={"width": width, "height": 600}, color_scheme=scheme)
        page.route("**/page", partial(answer_with, pages[name], "text/html"))
        page.route("**/style.css", partial(answer_with, frame.render("style.css"), "text/css"))
        page.goto("http://readers.example/page")
        save_small(page.screenshot(full_page=True), PICTURES / f"page-{name}.png")
        page.close()


def answer_with(body: str, content_type: str, route: Route) -> None:
    """Without a server."""
    route.fulfill(body=body, content_type=content_type)


def take_previews(browser: Browser) -> None:
    """The preview of a copy of the sample: beside its file, on a phone in the dark, with findings, with a fault."""
    with TemporaryDirectory() as folder:
        _take_previews(browser, Path(folder) / "workspace")


def _take_previews(browser: Browser, root: Path) -> None:
    shutil.copytree(sample_folder(), root)
    issue = root / "issues" / f"{ISSUE}.yaml"
    with run_preview(root, ISSUE, at=datetime(2021, 5, 4, 10, 2, tzinfo=UTC)) as address:
        for name, scheme, pose in (
            ("desktop", "light", pose_file),
            ("phone", "light", pose_phone),
            ("dark", "dark", pose_dark),
            ("findings", "light", partial(pose_findings, issue)),
            ("fault", "light", partial(pose_fault, issue)),
        ):
            page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme=scheme)
            page.goto(address)
            page.locator("#stage > iframe:not(.coming)").wait_for()
            pose(page)
            save_small(page.screenshot(), PICTURES / f"preview-{name}.png", colours=4 * COLOURS)
            page.close()


def pose_file(page: Page) -> None:
    """A paragraph that was clicked, and its line."""
    mail = page.frame_locator("iframe:not(.coming)")
    mail.get_by_text("We moved ahead with plans").click()
    page.locator("[role=option][aria-selected=true]").first.wait_for()
    page.mouse.move(5, 5)


def pose_phone(page: Page) -> None:
    """The mail on a phone."""
    page.get_by_label("Phone").check()
    page.locator("iframe[title='The email on a phone']:not(.coming)").wait_for()


def pose_dark(page: Page) -> None:
    """The mail in its dark colours, in a dark preview, at a line of its file."""
    page.get_by_label("Dark").check()
    page.locator("iframe[src*=dark]:not(.coming)").wait_for()
    pose_file(page)


def pose_findings(issue: Path, page: Page) -> None:
    """What is still to be written, in the margin and in the list."""
    text = issue.read_text(encoding="utf-8")
    issue.write_text(
        text.replace("We asked how the Hub’s work is going.", "TO WRITE what the Hub decided."), encoding="utf-8"
    )
    page.get_by_role("tab", name="Findings (1)").click()
    page.get_by_role("button", name="Show line").click()
    page.get_by_role("tab", name="Findings").click()
    page.locator(".marker").wait_for()
    page.mouse.move(5, 5)


def pose_fault(issue: Path, page: Page) -> None:
    """A misspelt field, beside the last good version."""
    text = issue.read_text(encoding="utf-8")
    issue.write_text(text.replace("lead: >-", "led: >-"), encoding="utf-8")
    page.get_by_role("button", name="Show line").first.click()
    page.locator("[role=option][data-severity=error]").first.wait_for()
    page.mouse.move(5, 5)


def take_picture(browser: Browser, page_file: Path, *, width: int, height: int | None, scheme: Scheme) -> bytes:
    """The page as it looks on a screen of that width, down to `height` or to its end."""
    context = browser.new_context(viewport={"width": width, "height": height or 900}, color_scheme=scheme)
    try:
        page = context.new_page()
        page.goto(page_file.as_uri())
        return page.screenshot(full_page=height is None)
    finally:
        context.close()


if __name__ == "__main__":
    main()
