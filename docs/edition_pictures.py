"""The pictures of who reads what: the matrix in the terminal, and the preview's tab “Editions”."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, Page
from running_preview import run_preview
from saving import COLOURS, PICTURES, ROOT, Scheme, save_small

from bulletin.database.schema import open_database
from bulletin.workspace.workspace import open_workspace

ISSUE: Final = "2026-11"
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDTHS: Final = (390, 1280)
WRITTEN: Final = """\
month: 2026-11
published: 26 November 2026
subject: "November 2026: dates for the new year"
preview_text: What the Executive decided, and courses in spring.
sections:
  - kind: executive_updates
    title: Executive updates
    lead: The Executive met in October 2026.
    items: [We agreed the plan for 2027., We thanked two members who are leaving.]
  - {kind: notice, title: Office hours, text: We are closed from 24 December 2026 to 1 January 2027.}
  - {kind: notice, title: Term dates for leads, for: schools, text: Spring term begins on 4 January 2027.}
  - {kind: notice, title: Champions’ rota, for: champions, text: Please choose your weeks by 11 December 2026.}
  - kind: events
    title: Spring courses
    for: [schools, champions]
    items: [{title: Professional curiosity, date: 9 February 2027, starts: 9:30am, ends: 12:30pm}]
"""
TERMINAL: Final = """<!doctype html><meta charset="utf-8"><style>
:root { color-scheme: light dark; --ground: #fff; --ink: #171e25 }
@media (prefers-color-scheme: dark) { :root { --ground: #11161b; --ink: #e9ebed } }
body { margin: 0; padding: 20px; background: var(--ground); color: var(--ink); }
pre { margin: 0; overflow: hidden; font: 13px/1.5 "DejaVu Sans Mono", monospace; }
</style><pre>$ bulletin render 2026-11 --matrix

"""


def take_editions(browser: Browser) -> None:
    """The sample's lists, and an issue with parts for some of them."""
    with TemporaryDirectory() as folder:
        root = Path(folder) / "workspace"
        (root / "issues").mkdir(parents=True)
        shutil.copy(ROOT / "bulletin.yaml", root)
        shutil.copytree(ROOT / "subscribers", root / "subscribers")
        shutil.copytree(ROOT / "issues" / "images", root / "issues" / "images")
        (root / "issues" / f"{ISSUE}.yaml").write_text(WRITTEN, encoding="utf-8")
        _take_terminal(browser, root)
        open_database(open_workspace(root, environ={})).dispose()
        with run_preview(root, ISSUE, at=datetime(2026, 11, 26, 10, 42, tzinfo=UTC)) as address:
            for width in WIDTHS:
                for scheme in SCHEMES:
                    _take_tab(browser, address, width, scheme)


def _take_terminal(browser: Browser, root: Path) -> None:
    command = [sys.executable, "-m", "bulletin", "render", ISSUE, "--matrix", "--workspace", str(root)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 -- our own program
    for scheme in SCHEMES:
        page = browser.new_page(viewport={"width": 860, "height": 200}, color_scheme=scheme)
        page.set_content(f"{TERMINAL}{escape(said)}</pre>")
        save_small(page.screenshot(full_page=True), PICTURES / f"matrix-terminal-{scheme}.png")
        page.close()


def _take_tab(browser: Browser, address: str, width: int, scheme: Scheme) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(f"{address}?beside=editions")
    page.locator("#stage > iframe:not(.coming)").wait_for()
    page.get_by_role("button", name="Open 2").click()
    page.locator("#unopened", has_not_text="edition 2").filter(has_not_text="editions").wait_for()
    page.locator("#matrix [aria-current]").wait_for()
    page.mouse.move(5, 5)
    _save(page, width, PICTURES / f"editions-{width}-{scheme}.png")
    page.close()


def _save(page: Page, width: int, path: Path) -> None:
    """Wide, all of the page; narrow, the tab with what is in it."""
    if width > WIDTHS[0]:
        save_small(page.screenshot(), path, colours=4 * COLOURS)
    else:
        save_small(page.locator(".beside").screenshot(), path)
