"""What is on the wire: how every email says that its reader can leave, and what names it if it comes back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from bulletin.cli.clock import now_ms
from bulletin.database.schema import open_database
from bulletin.database.states import WishKind
from bulletin.database.tables import deliveries, subscribers
from bulletin.subscribers.link_key import list_reading_keys
from bulletin.subscribers.tokens import LinkToken, Purpose, read_message, read_token
from bulletin.subscribers.wishes import TEXT_ONLY, add_wish
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import SETTINGS, refuse_connections
from inbox import RealRelay
from planned import LISTS, run

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

HTTPS = SETTINGS
HTTP = SETTINGS.replace("https://news", "http://news")
NO_WEBSITE = SETTINGS.partition("website:")[0]
RETURNS = "returns: {address: returns@anytown.example.org}\n"
VERP = "returns: {address: returns@anytown.example.org, verp: yes}\n"
TOKEN = r"[ump][0-9a-f]+g[0-9a-f]+g[0-9a-f]{32}"


@pytest.fixture
def relays(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[RealRelay, RealRelay]]:
    """Two servers. The first one of the two that `towards` names is used."""
    monkeypatch.setenv("BULLETIN_SECRET_KEY", "the key of this office")
    with RealRelay() as one, RealRelay() as other:
        yield one, other


def read(content: bytes | str | None) -> EmailMessage:
    assert isinstance(content, bytes)
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def send_to_each_list(workspace: Workspace, relays: tuple[RealRelay, RealRelay], patch: pytest.MonkeyPatch) -> None:
    """One list by one server; the other by the second, because the first can't be reached."""
    patch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{relays[0].port}")
    run(workspace, "send", "2021-05", "--yes", "--list", "partners")
    with refuse_connections() as port:
        patch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{port} smtp://127.0.0.1:{relays[1].port}")
        run(workspace, "send", "2021-05", "--yes", "--list", "schools")
    assert [len(relay.inbox.envelopes) for relay in relays] == [2, 1]


def named(workspace: Workspace, address: str) -> LinkToken:
    engine = open_database(workspace.database_url)
    query = select(deliveries.c.subscriber_id, deliveries.c.id).where(deliveries.c.address == address)
    with engine.begin() as connection:
        found = LinkToken(*connection.execute(query).one())
    engine.dispose()
    return found


@pytest.mark.parametrize(
    ("settings", "uris", "one_click"),
    [
        (HTTPS, f"<https://news.anytown.example.org/unsubscribe/{TOKEN}>, <mailto:MAILBOX>", True),
        (HTTPS + RETURNS, f"<https://news.anytown.example.org/unsubscribe/{TOKEN}>, <mailto:MAILBOX>", True),
        (HTTP, f"<http://news.anytown.example.org/unsubscribe/{TOKEN}>, <mailto:MAILBOX>", False),
        (NO_WEBSITE, "<mailto:MAILBOX>", False),
        (NO_WEBSITE + RETURNS, "<mailto:MAILBOX>", False),
        (NO_WEBSITE + VERP, "<mailto:MAILBOX>", False),
    ],
    ids=["https", "https-returns", "http", "none", "none-returns", "none-verp"],
)
def test_every_message_of_each_list_and_server_says_how_to_leave(
    make_workspace: MakeWorkspace,
    relays: tuple[RealRelay, RealRelay],
    monkeypatch: pytest.MonkeyPatch,
    settings: str,
    uris: str,
    *,
    one_click: bool,
) -> None:
    workspace = make_workspace(lists=LISTS, settings=settings)
    send_to_each_list(workspace, relays, monkeypatch)
    keys = list_reading_keys(open_workspace(workspace.root))

    mailbox = "returns@anytown.example.org" if "returns" in settings else "news@anytown.example.org"
    expected = uris.replace("MAILBOX", rf"{mailbox}\?subject=Unsubscribe%20{TOKEN}")
    for relay in relays:
        for envelope in relay.inbox.envelopes:
            message, ids = read(envelope.content), named(workspace, envelope.rcpt_tos[0])
            (given,) = message.get_all("List-Unsubscribe")
            assert re.fullmatch(expected, given), given
            posts = message.get_all("List-Unsubscribe-Post", [])
            assert posts == (["List-Unsubscribe=One-Click"] if one_click else [])
            *pages, mail = re.findall(TOKEN, given)
            assert [read_token(page, Purpose.UNSUBSCRIBE, keys) for page in pages] == [ids] * len(pages)
            assert read_token(mail, Purpose.MAIL, keys) == ids
            assert read_token(message["X-Bulletin-Return"], Purpose.RETURN, keys) == ids
            key, person = read_message(message["Message-ID"][1:].partition("@")[0], keys)
            assert (person, key[0]) == (ids.subscriber_id, "s")


def test_the_foot_leads_to_ones_own_choices_where_there_is_a_website(
    make_workspace: MakeWorkspace, relays: tuple[RealRelay, RealRelay], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = make_workspace(lists=LISTS)
    send_to_each_list(workspace, relays, monkeypatch)
    keys = list_reading_keys(open_workspace(workspace.root))

    for envelope in (one for relay in relays for one in relay.inbox.envelopes):
        message, ids = read(envelope.content), named(workspace, envelope.rcpt_tos[0])
        for kind, pattern in (
            ("plain", rf"\nChange what you get:\nhttps://news\.anytown\.example\.org/preferences/({TOKEN})\n"),
            ("html", rf'href="https://news\.anytown\.example\.org/preferences/({TOKEN})"[^>]*>Change what you get</a>'),
        ):
            part = message.get_body((kind,))
            assert part is not None
            (token,) = re.findall(pattern, str(part.get_content()).replace("\r\n", "\n"))
            assert read_token(token, Purpose.PREFERENCES, keys) == ids


def test_without_a_website_no_page_is_linked_to(
    make_workspace: MakeWorkspace, relays: tuple[RealRelay, RealRelay], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = make_workspace(lists=LISTS, settings=NO_WEBSITE + RETURNS)
    send_to_each_list(workspace, relays, monkeypatch)

    message = read(relays[0].inbox.envelopes[0].content)
    plain, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    words = str(plain.get_content()).replace("\r\n", "\n")
    assert (
        len(
            re.findall(
                rf"To unsubscribe, email returns@anytown\.example\.org with this subject:\nUnsubscribe {TOKEN}\n", words
            )
        )
        == 1
    )
    page = str(html.get_content())
    assert "Unsubscribe by email" in page
    assert "This opens an email that is ready to send. Send it as it is." in page
    assert re.search(
        rf'href="mailto:returns@anytown\.example\.org\?subject=Unsubscribe%20{TOKEN}&amp;body=Send%20this', page
    )
    for content in (words, page):
        assert "preferences" not in content
        assert "Change what you get" not in content


@pytest.mark.parametrize(
    ("settings", "sender"), [(HTTPS, "news@"), (HTTPS + RETURNS, "returns@"), (HTTPS + VERP, "returns+")]
)
def test_what_comes_back_goes_to_the_mailbox_that_bulletin_reads(
    make_workspace: MakeWorkspace,
    relays: tuple[RealRelay, RealRelay],
    monkeypatch: pytest.MonkeyPatch,
    settings: str,
    sender: str,
) -> None:
    workspace = make_workspace(lists=LISTS, settings=settings)
    send_to_each_list(workspace, relays, monkeypatch)
    keys = list_reading_keys(open_workspace(workspace.root))

    for envelope in (one for relay in relays for one in relay.inbox.envelopes):
        address = envelope.mail_from or ""
        assert re.fullmatch(
            re.escape(sender) + r"[^@]*@anytown\.example\.org|" + re.escape(sender) + r"anytown\.example\.org", address
        )
        assert read(envelope.content)["From"].addresses[0].addr_spec == "news@anytown.example.org"
        if sender.endswith("+"):
            token = address.partition("+")[2].partition("@")[0]
            assert read_token(token, Purpose.RETURN, keys) == named(workspace, envelope.rcpt_tos[0])


def test_a_test_copy_comes_back_there_too(
    make_workspace: MakeWorkspace, relays: tuple[RealRelay, RealRelay], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{relays[0].port}")
    run(make_workspace(lists=LISTS, settings=HTTPS + VERP), "test", "2021-05", "--to", "jo@example.org")
    (envelope,) = relays[0].inbox.envelopes
    assert envelope.mail_from == "returns@anytown.example.org"


def test_a_reader_who_wants_plain_text_alone_gets_it(
    make_workspace: MakeWorkspace, relays: tuple[RealRelay, RealRelay], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = make_workspace(lists=LISTS)
    run(workspace, "subscribers", "sync", "--yes")
    engine = open_database(workspace.database_url)
    with engine.begin() as connection:
        ids = dict(connection.execute(select(subscribers.c.address, subscribers.c.id)).all())
        for address, value in (
            ("ben@example.org", TEXT_ONLY),
            ("anna@example.org", TEXT_ONLY),
            ("anna@example.org", ""),
        ):
            add_wish(connection, ids[address], WishKind.FORMAT, value, origin="page", now=now_ms())
    engine.dispose()

    send_to_each_list(workspace, relays, monkeypatch)

    messages = {one.rcpt_tos[0]: read(one.content) for relay in relays for one in relay.inbox.envelopes}
    ben = messages.pop("ben@example.org")
    assert ben.get_content_type() == "text/plain"
    assert not list(ben.iter_attachments())
    assert "Office hours" in ben.get_content()
    for other in messages.values():
        assert other.get_content_type() == "multipart/alternative"
        assert [name for name in ben if name != "Content-Transfer-Encoding"] == list(other)
