"""The website of a database where people join, with its clock, its mail server and what that has taken."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.smtp import Envelope
from sqlalchemy import Engine, event, select
from starlette.testclient import TestClient

from anytown import NOON
from bulletin.database.schema import open_database
from bulletin.database.tables import metadata, sign_ups
from bulletin.delivery.outbox.courier import OutboxReport
from bulletin.delivery.sending.outbox_runner import OutboxRunner
from bulletin.subscribers.link_key import list_reading_keys
from bulletin.subscribers.suppression import find_suppressions
from bulletin.website.api.calls import Api
from bulletin.website.application import build_application
from bulletin.website.confirming import Confirming
from bulletin.website.frame import make_frame
from bulletin.website.site import ReaderSite
from bulletin.website.static_pages import list_static_routes
from bulletin.website.subscribing import Subscribing
from bulletin.workspace.workspace import Workspace
from conftest import write_workspace
from inbox import RealRelay
from public_pages import HOST, KEEPING, OFFERS, SETTINGS

KEY = "the key of this office"
ORIGIN = f"https://{HOST}"
JO = "jo.bloggs@office.example.net"
DAY = 24 * 3_600_000  # ms


def read_email(envelope: Envelope) -> EmailMessage:
    content = envelope.content
    assert isinstance(content, bytes)
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def read_part(message: EmailMessage, subtype: str) -> str:
    (part,) = (part for part in message.walk() if part.get_content_subtype() == subtype)
    text: str = part.get_content()
    return text.replace("\r\n", "\n")


@dataclass
class JoiningSite:
    """It sends nothing until `send` is called."""

    workspace: Workspace
    engine: Engine
    relay: RealRelay
    now: int = NOON
    lines: list[str] = field(default_factory=list)
    woken: int = 0

    def __post_init__(self) -> None:
        self.site = ReaderSite(
            frame=make_frame(
                self.workspace.settings,
                self.workspace.theme_folders,
                offers=(*OFFERS, "preferences"),
                report=self.lines.append,
            ),
            settings=self.workspace.settings,
            engine=self.engine,
            keys=list_reading_keys(self.workspace),
            now=lambda: self.now,
            wake=self._wake,
        )
        routes = [
            Subscribing(site=self.site).route(),
            Confirming(site=self.site).route(),
            *Api(site=self.site).routes(),
            *list_static_routes(self.site.frame, self.workspace.settings, keeping=KEEPING),
        ]
        self.application = build_application(self.site.frame, routes, write=self.lines.append)
        self.client = TestClient(self.application, base_url=ORIGIN, follow_redirects=False)

    def _wake(self) -> None:
        self.woken += 1

    # --- as a visitor

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def post(self, path: str, *, host: str = "192.0.2.7", **fields: Any) -> Any:
        headers = {"Origin": ORIGIN, "X-Forwarded-For": host, "User-Agent": "A browser/1.0"}
        client = TestClient(self.application, base_url=ORIGIN, follow_redirects=False, client=("127.0.0.1", 4000))
        return client.post(path, data=fields, headers=headers)

    def subscribe(self, email: str = JO, *lists: str, host: str = "192.0.2.7", **fields: str) -> Any:
        chosen = list(lists or ("champions",))
        return self.post("/subscribe", host=host, email=email, list=chosen, **fields)

    def confirm(self, link: str) -> Any:
        return self.post(link)

    def join(self, email: str = JO, *lists: str, host: str = "203.0.113.77") -> str:
        """The whole way, up to the page after “Confirm”; its path."""
        self.subscribe(email, *lists, host=host)
        self.send()
        link = self.find_link(email)
        assert self.confirm(link).status_code == 303
        return link

    # --- as who sends

    @property
    def runner(self) -> OutboxRunner:
        return OutboxRunner(
            workspace=self.workspace,
            engine=self.engine,
            clock=lambda: self.now,
            stop=threading.Event(),
            report=self.lines.append,
        )

    def send(self) -> OutboxReport:
        return self.runner.run()

    def mail(self, address: str = JO) -> list[EmailMessage]:
        """What this address was sent, in order."""
        return [read_email(one) for one in self.relay.inbox.envelopes if one.rcpt_tos == [address]]

    def subjects(self, address: str = JO) -> list[str]:
        return [str(message["Subject"]) for message in self.mail(address)]

    def find_link(self, address: str = JO) -> str:
        """The path of the link in the last email to an address."""
        found = re.search(r"^https://\S+$", read_part(self.mail(address)[-1], "plain"), re.MULTILINE)
        assert found
        return urlsplit(found[0]).path

    # --- as the database has it

    def rows(self, table: str) -> list[Any]:
        with self.engine.begin() as connection:
            return list(connection.execute(select(metadata.tables[table])).all())

    def dump(self, *, without: tuple[str, ...] = ()) -> dict[str, list[Any]]:
        return {table.name: self.rows(table.name) for table in metadata.sorted_tables if table.name not in without}

    def states(self) -> list[str]:
        with self.engine.begin() as connection:
            return list(connection.scalars(select(sign_ups.c.state).order_by(sign_ups.c.id)))

    def stops(self, hash_: bytes) -> list[Any]:
        with self.engine.begin() as connection:
            return list(find_suppressions(connection, hash_))

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """The SQL that is executed meanwhile."""
        said: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            said.append(statement)

        event.listen(self.engine, "before_cursor_execute", note)
        try:
            yield said
        finally:
            event.remove(self.engine, "before_cursor_execute", note)


@contextmanager
def joining_site(
    folder: Path, database_url: str, *, settings: str = SETTINGS, relay: RealRelay | None = None, **files: Any
) -> Iterator[JoiningSite]:
    """A workspace with this website, whose emails go to a mail server of its own."""
    with relay or RealRelay() as server:
        environ = {
            "BULLETIN_DATABASE_URL": database_url,
            "BULLETIN_SECRET_KEY": KEY,
            "BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{server.port}",
        }
        workspace = write_workspace(folder / "workspace", settings=settings, environ=environ, **files)
        engine = open_database(database_url)
        try:
            yield JoiningSite(workspace=workspace, engine=engine, relay=server)
        finally:
            engine.dispose()
