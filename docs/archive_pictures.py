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

_BILINGUAL_SHOTS = (
    ("both", "/monthly/2026-11/", 1280, 1500),
    ("both", "/monthly/2026-11/", 390, 1200),
    ("welsh", "/cy/monthly/2026-11/", 1280, 1300),
    ("welsh", "/cy/", 390, 700),
)


def take_archive(browser: Browser) -> None:
    """Each kind of page at the width of a phone and of a desk, light and dark."""
    with TemporaryDirectory() as folder:
        workspace = _publish(Path(folder))
        name = next(iter(workspace.settings.bulletins))
        with _show(Path(folder, "site")) as address:
            for page_name, path, width, height in _SHOTS:
                for scheme in ("light", "dark"):
                    page = browser.new_page(viewport={"width": width, "height": height or 700}, color_scheme=scheme)
                    page.goto(address + path.format(name=name))
                    picture = page.screenshot(full_page=height is None)
                    save_small(picture, PICTURES / f"archive-{page_name}-{width}-{scheme}.png")
                    page.close()


def take_bilingual_archive(browser: Browser) -> None:
    """The page of a bilingual issue with both languages, its page in Welsh, and all issues in Welsh."""
    with TemporaryDirectory() as folder:
        root = Path(folder, "workspace")
        shutil.copytree(ROOT / "tests/edition/bilingual", root)
        _build(open_workspace(root, environ={}), Path(folder, "site"))
        with _show(Path(folder, "site")) as address:
            for page_name, path, width, height in _BILINGUAL_SHOTS:
                for scheme in ("light", "dark"):
                    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                    page.goto(address + path)
                    save_small(page.screenshot(), PICTURES / f"archive-{page_name}-{width}-{scheme}.png")
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
    _build(workspace, folder / "site")
    return workspace


def _build(workspace: Workspace, out: Path) -> None:
    """The archive, as it is after the November issue was sent."""
    engine = open_database(workspace)
    with engine.begin() as connection:
        sent = {"key": "none", "issue": "2026-11", "lists": [], "began_at": _AT - 86_400_000}
        connection.execute(insert(mailings).values(sent))
    build_archive(workspace, engine, out, now=_AT)
    engine.dispose()


def _list_months() -> Iterator[tuple[int, int, str]]:
    for year in (2024, 2025, 2026):
        for month in range(1, 11 if year == 2026 else 13):
            if month != 8:
                yield year, month, MONTHS[month - 1]


@contextmanager
def _show(site: Path) -> Iterator[str]:
    handler = partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing of each file."""
