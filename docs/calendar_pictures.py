"""The pictures of the box “What you need to do” with its calendar links: in an email, and on the page of the issue."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from playwright.sync_api import Browser
from saving import PICTURES, ROOT, Scheme, save_small

from bulletin.delivery.copies.export import write_edition
from bulletin.edition.build import make_edition
from bulletin.workspace.workspace import open_workspace

ISSUE = "2026-11"
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def take_calendars(browser: Browser) -> None:
    """Copy the November issue, ask for all dates, and look at its box: on the day, and a fortnight later."""
    with TemporaryDirectory() as folder:
        root = Path(folder) / "workspace"
        shutil.copytree(ROOT / "tests" / "edition" / "november", root)
        file = root / "issues" / f"{ISSUE}.yaml"
        file.write_text(file.read_text(encoding="utf-8").replace("sections:\n", "to_do: all\nsections:\n", 1), "utf-8")
        _take_email(browser, root, Path(folder) / "email")
        _take_page(browser, root, Path(folder) / "site")


def _take_email(browser: Browser, root: Path, out: Path) -> None:
    list(write_edition(make_edition(open_workspace(root, environ={}), ISSUE), out, now=datetime.now(UTC)))
    for width in (390, 1280):
        for scheme in SCHEMES:
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page.goto((out / "email.html").as_uri())
            save_small(page.locator(".do").screenshot(), PICTURES / f"calendar-email-{width}-{scheme}.png")
            page.close()


def _take_page(browser: Browser, root: Path, out: Path) -> None:
    command = [sys.executable, "-m", "bulletin"]
    approve = [*command, "approve", ISSUE, "--by", "Asha Rahman", "--yes", "--workspace", str(root)]
    at = "14 December 2026, 9am"
    archive = [*command, "archive", "--out", str(out), "--at", at, "--workspace", str(root)]
    for each in (approve, archive):
        subprocess.run(each, check=True, capture_output=True)  # noqa: S603 -- our own program
    server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *more: _Quiet(*more, directory=str(out)))
    Thread(target=server.serve_forever, daemon=True).start()
    for width in (390, 1280):
        for scheme in SCHEMES:
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page.goto(f"http://127.0.0.1:{server.server_port}/monthly/{ISSUE}/")
            save_small(page.locator(".to-do").first.screenshot(), PICTURES / f"calendar-page-{width}-{scheme}.png")
            page.close()
    server.shutdown()
    server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    """Serves a folder, and writes no lines about it."""

    def log_message(self, *_: object) -> None: ...
