"""Take the pictures of a second bulletin: its email, the archive with both, and where readers choose among them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from archive_pictures import show_site
from playwright.sync_api import Browser, Page, Route
from reader_pages import frame_of
from saving import PICTURES, ROOT, save_small
from sqlalchemy import insert

from bulletin.database.schema import open_database
from bulletin.database.tables import mailings
from bulletin.delivery.copies.export import write_edition
from bulletin.edition.build import make_edition
from bulletin.publishing.archive import build_archive
from bulletin.subscribers.masking import mask_address
from bulletin.website.frame import Frame
from bulletin.website.pages.choices import describe_list, find_open_lists, list_bulletins
from bulletin.website.pages.preferences import PreferencesView, list_breaks, render_preferences
from bulletin.website.pages.subscribe import SubscribeView, render_subscribe
from bulletin.website.pages.unsubscribe import UnsubscribedView, render_unsubscribed
from bulletin.workspace.workspace import Workspace, open_workspace

_AT = int(datetime(2021, 5, 31, 12, tzinfo=UTC).timestamp() * 1000)
_ISSUES = ("2021-05", "training/2021-05")
_LOOKS = [(width, scheme) for width in (390, 1280) for scheme in ("light", "dark")]


def take_second_bulletin(browser: Browser) -> None:
    """Each at the width of a phone and of a desk, light and dark."""
    workspace = open_workspace(ROOT, environ={})
    with TemporaryDirectory() as folder:
        email = Path(folder, "email")
        now = datetime.fromtimestamp(_AT / 1000, tz=UTC)
        write_edition(make_edition(workspace, "training/2021-05"), email, now=now)
        _publish(workspace, Path(folder))
        _take(browser, "email", (email / "email.html").as_uri(), height=1500)
        with show_site(Path(folder, "site")) as address:
            _take(browser, "index", f"{address}/")
            _take(browser, "issue", f"{address}/training/2021-05/", height=1500)
    frame = frame_of(workspace)
    for name, html in _render_pages(workspace, frame).items():
        _take(
            browser, name, "http://readers.example/page", pages={"page": html, "style.css": frame.render("style.css")}
        )


def _take(
    browser: Browser, name: str, address: str, *, height: int = 0, pages: Mapping[str, str] | None = None
) -> None:
    for width, scheme in _LOOKS:
        page = browser.new_page(viewport={"width": width, "height": height or 700}, color_scheme=scheme)
        for path, body in (pages or {}).items():
            _answer(page, path, body)
        page.goto(address)
        save_small(page.screenshot(full_page=not height), PICTURES / f"second-{name}-{width}-{scheme}.png")
        page.close()


def _answer(page: Page, path: str, body: str) -> None:
    def fulfil(route: Route, *, kind: str) -> None:
        route.fulfill(body=body, content_type=kind)

    page.route(f"**/{path}", partial(fulfil, kind="text/css" if path.endswith(".css") else "text/html"))


def _publish(sample: Workspace, folder: Path) -> None:
    """The archive of a copy of the sample, in which an issue of each bulletin was sent."""
    root = folder / "workspace"
    root.mkdir()
    shutil.copy(sample.root / "bulletin.yaml", root)
    shutil.copytree(sample.root / "issues", root / "issues")
    workspace = open_workspace(root, environ={})
    engine = open_database(workspace)
    with engine.begin() as connection:
        for number, issue in enumerate(_ISSUES):
            sent = {
                "key": f"none{number}",
                "issue": issue,
                "lists": [],
                "began_at": _AT - 86_400_000,
            }
            connection.execute(insert(mailings).values(sent))
    build_archive(workspace, engine, folder / "site", now=_AT)
    engine.dispose()


def _render_pages(workspace: Workspace, frame: Frame) -> Mapping[str, str]:
    settings, masked = workspace.settings, mask_address("jo.bloggs@schools.example.net")
    bulletins = list_bulletins(settings, find_latest=lambda name: f"/{name}/latest/")
    lists = tuple(describe_list(settings, name, chosen=True) for name in ("champions", "schools"))
    return {
        "subscribe": render_subscribe(frame, SubscribeView(bulletins=bulletins, lists=find_open_lists(settings))),
        "preferences": render_preferences(
            frame,
            PreferencesView(
                masked=masked,
                lists=lists,
                bulletins=tuple(replace(one, chosen=one.name == "training") for one in bulletins),
                breaks=list_breaks(date(2021, 5, 4)),
                name="Jo Bloggs",
                unsubscribe_all="/unsubscribe/",
            ),
        ),
        "unsubscribed": render_unsubscribed(
            frame, UnsubscribedView(masked=masked, title=bulletins[1].title, others=(bulletins[0].title,))
        ),
    }
