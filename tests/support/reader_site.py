"""The website at work on a database: its clock, people who were sent an issue, and forms as a browser sends them."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from lxml import html
from sqlalchemy import Engine, select
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from anytown import NOON, add_people, make_edition
from bulletin.database.tables import deliveries, metadata, outbox
from bulletin.delivery.ledger.mailing import Mailing
from bulletin.delivery.ledger.start import start_mailing
from bulletin.issue.holidays import Nation
from bulletin.subscribers.tokens import Purpose, sign_token
from bulletin.website.answering import Answering
from bulletin.website.application import build_application
from bulletin.website.choosing import Choosing
from bulletin.website.complaining import Complaining
from bulletin.website.frame import Frame
from bulletin.website.pages.privacy import find_keeping_times
from bulletin.website.server import WebsiteServer, listen_for_readers
from bulletin.website.static_pages import list_static_routes
from bulletin.website.unsubscribing import Unsubscribing, name_bulletins
from public_pages import HOST, SETTINGS, frame_of, read_settings

KEY, OLD_KEY = b"the key of this office", b"the key before"
ORIGIN = f"https://{HOST}"
OFFERS = ("preferences", "privacy", "complaint")
PATHS = {Purpose.PREFERENCES: "/preferences", Purpose.UNSUBSCRIBE: "/unsubscribe"}
DAY = 24 * 60 * 60 * 1000  # ms

Pairs = list[tuple[str, str]]
"""The fields of a form, as they are sent."""


class ReaderSite:
    """The website of a database. `now` is its clock (ms), `wait` what a limit says."""

    def __init__(self, engine: Engine, settings: str = SETTINGS, *, languages: Any = ()) -> None:
        self.engine = engine
        self.now = NOON
        self.wait = 0
        self.lines: list[str] = []
        self._everywhere: tuple[str, ...] = ("zoe",)
        self.frame = frame_of(settings, offers=OFFERS)
        self.languages = languages
        self.settings = read_settings(settings)
        self.application = build_application(self.frame, self._list_routes(self.frame), write=self.lines.append)
        self.client = TestClient(self.application, base_url=ORIGIN, follow_redirects=False)

    def _list_routes(self, frame: Frame) -> list[BaseRoute]:
        common: dict[str, Any] = {"frame": frame, "engine": self.engine, "now": lambda: self.now}
        limit: dict[str, Any] = {"find_wait": lambda _network: self.wait}
        keys: dict[str, Any] = {"keys": (KEY, OLD_KEY)}
        choosing = Choosing(settings=self.settings, languages=self.languages, **keys, **common, **limit)
        return [
            Unsubscribing(titles=name_bulletins(self.settings), **keys, **common).route(),
            choosing.route(),
            Complaining(nation=Nation.ENGLAND, **common, **limit).route(),
            Answering(frame=frame, engine=self.engine, settings=self.settings, **limit).route(),
            *list_static_routes(frame, self.settings, keeping=find_keeping_times(self.settings.retention)),
        ]

    def add(self, **lists: Iterable[str]) -> None:
        """Put people on lists; the first time zoe on all of them, who never changes anything."""
        everywhere, self._everywhere = self._everywhere, ()
        add_people(self.engine, **{name: [*everywhere, *lists.get(name, ())] for name in self.settings.lists})

    def mail(self, *lists: str, issue: str = "2021-05") -> Mailing:
        """A mailing of an issue to these lists."""
        key = issue.replace("/", "").replace("-", "")
        return start_mailing(self.engine, make_edition(issue), lists=lists, key=key, now=self.now)

    def link(self, mailing: Mailing, name: str, purpose: Purpose = Purpose.PREFERENCES, *, key: bytes = KEY) -> str:
        query = select(deliveries.c.subscriber_id, deliveries.c.id).where(
            deliveries.c.mailing_id == mailing.id, deliveries.c.name == name
        )
        with self.engine.begin() as connection:
            person, delivery = connection.execute(query).one()
        return f"{PATHS[purpose]}/{sign_token(purpose, person, delivery, key=key)}"

    def open_form(self, link: str) -> Pairs:
        """The fields of the form at a link, as a browser would send them."""
        page = self.client.get(link)
        assert page.status_code == 200, page.text
        return list(html.fromstring(page.text).forms[0].form_values())

    def read(self, link: str) -> str:
        """What a person sees there."""
        tree = html.fromstring(self.client.get(link).text)
        return " ".join(tree.find("body").text_content().replace("\u2060", "").split())

    def send(self, link: str, pairs: Pairs) -> tuple[int, str]:
        """Send a form: the status, and the page, or the address that it leads to."""
        fields: dict[str, list[str]] = {}
        for name, value in pairs:
            fields.setdefault(name, []).append(value)
        answer = self.client.post(link, data=fields, headers={"Origin": ORIGIN})
        return answer.status_code, answer.headers.get("location", answer.text)

    def choose(self, link: str, *lists: str, **fields: str) -> None:
        """Open the form, tick these lists and no others, set these fields, and save it."""
        status, where = self.send(link, change(self.open_form(link), *lists, **fields))
        assert (status, where) == (303, f"{link}?saved")

    @contextmanager
    def serve(self) -> Iterator[str]:
        """The address at which a browser finds it meanwhile."""
        sock = listen_for_readers("127.0.0.1", 0)
        server = WebsiteServer(self.application, sock=sock)
        thread = threading.Thread(target=server.serve_until_stopped, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{sock.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)
            assert not thread.is_alive(), "the website did not end"

    def crawl(self, *links: str, times: int = 20) -> set[str]:
        """Open these links, and all that the pages lead to here, so often, as mail scanners do; return them."""
        waiting, seen = list(links), set[str]()
        while waiting:
            link = waiting.pop()
            if link in seen:
                continue
            seen.add(link)
            for _ in range(times):
                page = self.client.get(link)
                assert self.client.head(link).status_code == page.status_code
            assert page.status_code in (200, 404)
            assert "set-cookie" not in page.headers
            waiting += re.findall(r'(?:href|action)="(/[^"#]*)"', page.text)
        return seen

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        with self.engine.begin() as connection:
            return {
                table.name: [tuple(row) for row in connection.execute(select(table))]
                for table in metadata.sorted_tables
            }

    def outbox(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Kind, recipient and details of each email that is to be sent."""
        query = select(outbox.c.kind, outbox.c.recipient, outbox.c.details).order_by(outbox.c.id)
        with self.engine.begin() as connection:
            return [(row.kind, row.recipient, row.details) for row in connection.execute(query)]

    def reached(self, issue: str, *lists: str) -> set[str]:
        """Who a mailing of this issue to these lists is sent to now, without zoe."""
        mailing = self.mail(*lists, issue=issue)
        with self.engine.begin() as connection:
            names = select(deliveries.c.name).where(deliveries.c.mailing_id == mailing.id)
            return set(connection.scalars(names)) - {"zoe"}


def change(pairs: Pairs, *lists: str, **fields: str) -> Pairs:
    """A form with these lists ticked and no others, and with these fields."""
    kept = [(name, value) for name, value in pairs if name != "list" and name not in fields]
    return [*kept, *(("list", name) for name in lists), *fields.items()]
