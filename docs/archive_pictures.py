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
from bulletin.delivery.copies.export import write_edition
from bulletin.edition.build import make_edition
from bulletin.issue.dates import MONTHS
from bulletin.publishing.archive import build_archive
from bulletin.publishing.search.search_files import SearchMaker
from bulletin.workspace.workspace import Workspace, open_workspace

_AT = int(datetime(2026, 11, 30, 12, tzinfo=UTC).timestamp() * 1000)
_CORRECTION = """\
corrections:
  - on: 30 November 2026
    text: The conference starts at 9:30am, not 9am.
    item: neglect-conference-seeing-the-child
"""
_OLDER = """\
month: {year}-{month:02}
published: 4 {word} {year}
subject: "{word} {year}: news of the front door"
preview_text: What we did
sections:
  - kind: in_brief
    title: In brief
    items:
"""
_NEWS = (
    ("Family hubs open on Saturdays", "Northgate and Weir Road open from 10am to 1pm."),
    ("Books for children in care", "Every child in care gets a parcel of books."),
    ("Interpreters by video", "All GP surgeries can now book one in 15 minutes."),
    ("New threshold guide", "It is shorter, and has 12 examples from practice."),
)
_ON_NEGLECT = {
    (2026, 6): (
        "Neglect, and how the screening tool works",
        "Four questions help to name it before it is an emergency.",
    ),
    (2026, 2): (
        "What we learned from a review",
        "Three schools had seen signs of neglect. No one had put them together.",
    ),
    (2025, 9): ("Ask about the dentist", "A child who often misses the dentist may be neglected. Ask why."),
    (2025, 3): ("Graded care profile", "A course of two days on measuring neglect together with the family."),
    (2024, 10): ("A day on neglect", "Eighty people from schools, health and the police came."),
}
_STATEMENT = """\
accessibility:
  name: the Safeguarding bulletin
  scope: the bulletin’s archive at news.riverbourne.example.org
  checked: 26 November 2026
  tested_by: Asha Rahman
  on: 2 November 2026
  method: keyboard alone, and zoom to 400%, on six pages
  problems: Films in issues before March 2026 have no audio description. This fails WCAG success criterion 1.2.5.
  improving: We are adding audio descriptions to our own films. All will have them by March 2027.
"""
_SHOTS = (
    ("issue", "/{name}/2026-11/", 1280, 1500),
    ("issue", "/{name}/2026-11/", 390, 1900),
    ("index", "/", 1280, None),
    ("index", "/", 390, None),
    ("about", "/about/", 1280, None),
    ("missing", "/404.html", 390, None),
    ("accessibility", "/accessibility/", 1280, None),
    ("accessibility", "/accessibility/", 390, None),
    ("item", "/{name}/2026-11/what-340-children-told-us/", 1280, None),
    ("item", "/{name}/2026-11/what-340-children-told-us/", 390, None),
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
        _take_teaser(browser, workspace, Path(folder, "email"))
        with show_site(Path(folder, "site")) as address:
            for page_name, path, width, height in _SHOTS:
                for scheme in ("light", "dark"):
                    page = browser.new_page(viewport={"width": width, "height": height or 700}, color_scheme=scheme)
                    page.goto(address + path.format(name=name))
                    picture = page.screenshot(full_page=height is None)
                    save_small(picture, PICTURES / f"archive-{page_name}-{width}-{scheme}.png")
                    page.close()
            _take_search(browser, address)


def _take_search(browser: Browser, address: str) -> None:
    for width, height in ((1280, 980), (390, 1500)):
        for scheme in ("light", "dark"):
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(f"{address}/search/?q=neglect")
            page.get_by_role("status").get_by_text("Showing").wait_for()
            picture = page.screenshot()
            save_small(picture, PICTURES / f"archive-search-{width}-{scheme}.png")
            page.close()


def _take_teaser(browser: Browser, workspace: Workspace, out: Path) -> None:
    """What the email has of an item that it only begins."""
    list(write_edition(make_edition(workspace, "2026-11"), out, now=datetime.now(UTC)))
    for width in (390, 640):
        for scheme in ("light", "dark"):
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page.goto((out / "email.html").as_uri())
            section = page.locator("td.section", has_text="Read all of it").last
            save_small(section.screenshot(), PICTURES / f"teaser-email-{width}-{scheme}.png")
            page.close()


def take_bilingual_archive(browser: Browser) -> None:
    """The page of a bilingual issue with both languages, its page in Welsh, and all issues in Welsh."""
    with TemporaryDirectory() as folder:
        root = Path(folder, "workspace")
        shutil.copytree(ROOT / "tests/edition/bilingual", root)
        _build(open_workspace(root, environ={}), Path(folder, "site"))
        with show_site(Path(folder, "site")) as address:
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
        (root / f"issues/{year}-{month:02}.yaml").write_text(_write_older(year, month, word), encoding="utf-8")
    told = "    title: What 340 children told us\n"
    text = text.replace(told, f"{told}    teaser: yes\n")
    issue.write_text(text.replace("sections:", f"{_CORRECTION}sections:", 1), encoding="utf-8")
    with (root / "bulletin.yaml").open("a", encoding="utf-8") as settings:
        settings.write(_STATEMENT)
    workspace = open_workspace(root, environ={})
    _build(workspace, folder / "site")
    return workspace


def _build(workspace: Workspace, out: Path) -> None:
    """The archive, as it is after the November issue was sent."""
    engine = open_database(workspace)
    with engine.begin() as connection:
        sent = {"key": "none", "issue": "2026-11", "lists": [], "began_at": _AT - 86_400_000}
        connection.execute(insert(mailings).values(sent))
    build_archive(workspace, engine, out, now=_AT, companions=[SearchMaker(workspace=workspace)])
    engine.dispose()


def _write_older(year: int, month: int, word: str) -> str:
    """An older issue: a piece of news that comes round again after some months, and one on neglect in a few of them."""
    news = [_NEWS[(year * 12 + month) % len(_NEWS)], *filter(None, [_ON_NEGLECT.get((year, month))])]
    items = "".join(f"      - title: {title}\n        text: {text}\n" for title, text in news)
    return _OLDER.format(year=year, month=month, word=word) + items


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
