"""Take the pictures of a bilingual issue and of its Welsh half: on phones and desktops, light and dark."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from saving import PICTURES, ROOT, Scheme, save_small

from bulletin.delivery.copies.export import write_edition
from bulletin.edition.edition import Edition
from bulletin.edition.rendering import render_edition
from bulletin.edition.theme import Theme
from bulletin.issue.model import Issue
from bulletin.workspace.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WORKSPACE = ROOT / "tests" / "edition" / "bilingual"
ISSUE_ID = "2026-11"
VIEWS: tuple[tuple[str, int, Scheme], ...] = (
    ("bilingual", 390, "light"),
    ("bilingual", 640, "dark"),
    ("bilingual", 1280, "light"),
    ("welsh", 390, "dark"),
    ("welsh", 640, "light"),
)


def take_bilingual(browser: Browser) -> None:
    """All of them."""
    workspace = open_workspace(WORKSPACE, environ={})
    issue = workspace.load_issue(ISSUE_ID)
    with TemporaryDirectory() as folder:
        for name, shown in (("bilingual", issue), ("welsh", issue.in_language("cy"))):
            list(write_edition(_render(workspace, shown), Path(folder, name), now=datetime(2026, 11, 26, tzinfo=UTC)))
        for name, width, scheme in VIEWS:
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page.goto(Path(folder, name, "email.html").as_uri())
            save_small(page.screenshot(full_page=True), PICTURES / f"{name}-{width}-{scheme}.png")
            page.close()


def _render(workspace: Workspace, issue: Issue) -> Edition:
    return render_edition(
        issue,
        issue_id=ISSUE_ID,
        settings=workspace.settings,
        bulletin_name=workspace.bulletin_of(ISSUE_ID),
        theme=Theme(folders=workspace.theme_folders),
        pictures=workspace.read_picture,
    )
