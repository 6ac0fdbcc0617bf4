"""Take the pictures of the web archive: the November issue of the tests, published and corrected, on its own pages."""

from __future__ import annotations

import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser
from saving import PICTURES, ROOT, save_small
from sqlalchemy import insert

from bulletin.database.schema import open_database
from bulletin.database.tables import mailings
from bulletin.issue.dates import MONTHS
from bulletin.publishing.archive import build_archive
from bulletin.workspace.workspace import Workspace, open_workspace

_AT = int(datetime(2026, 11, 30, 12, tzinfo=UTC).timestamp() * 1000)
_CORRECTION = """\
corrections:
  - on: 30 November 2026
    text: The conference starts at 9:30am, not 9am.
"""
_SHOTS = (
    ("issue", "/{name}/2026-11/", 1280, 1500),
    ("issue", "/{name}/2026-11/", 390, 1900),
    ("index", "/", 1280, None),
    ("index", "/", 390, None),
    ("about", "/about/", 1280, None),
    ("missing", "/404.html", 390, None),
)


def take_archive(browser: Browser) -> None:
    """Each kind of page at the width of a phone and of a desk, light and dark."""
    with TemporaryDirectory() as folder:
        workspace = _publish(Path(folder))
        name = next(iter(workspace.settings.bulletins))
        with show_site(Path(folder, "site")) as address:
            for page_name, path, width, height in _SHOTS:
                for scheme in ("light", "dark"):
                    page = browser.new_page(viewport={"width": width, "height": height or 700}, color_scheme=scheme)
                    page.goto(address + path.format(name=name))
                    picture = page.screenshot(full_page=height is None)
                    save_small(picture, PICTURES / f"archive-{page_name}-{width}-{scheme}.png")
                    page.close()


def _publish(folder: Path) -> Workspace:
    """A workspace with an issue that was sent and then corrected, those of two years before it, and its archive."""
    root = folder / "workspace"
    shutil.copytree(ROOT / "tests/edition/november", root)
    issue = root / "issues/2026-11.yaml"
    text = issue.read_text(encoding="utf-8").replace("published: 30 November", "published: 26 November", 1)
    for year, month, word in _list_months():
        older = text.replace("2026-11", f"{year}-{month:02}", 1).replace("26 November 2026", f"4 {word} {year}", 1)
        older = older.replace("November 2026: one front door", f"{word} {year}: news of the front door", 1)
        (root / f"issues/{year}-{month:02}.yaml").write_text(older, encoding="utf-8")
    issue.write_text(text.replace("sections:", f"{_CORRECTION}sections:", 1), encoding="utf-8")
    workspace = open_workspace(root, environ={})
    engine = open_database(workspace)
    with engine.begin() as connection:
        sent = {"key": "none", "issue": "2026-11", "lists": [], "began_at": _AT - 86_400_000}
        connection.execute(insert(mailings).values(sent))
    build_archive(workspace, engine, folder / "site", now=_AT)
    engine.dispose()
    return workspace


def _list_months() -> Iterator[tuple[int, int, str]]:
    for year in (2024, 2025, 2026):
        for month in range(1, 11 if year == 2026 else 13):
            if month != 8:
                yield year, month, MONTHS[month - 1]


@contextmanager
def show_site(site: Path) -> Iterator[str]:
    """The address of a site on a plain web server."""
    handler = partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing of each file."""
