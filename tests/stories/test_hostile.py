"""What people and files can do to a mail, sent through the whole road and read back from the inbox."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from email import message_from_string, policy
from email.header import decode_header, make_header
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from email.utils import parseaddr
from html.parser import HTMLParser

import pytest

from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.workspace.workspace import Workspace
from command_call import call as run
from conftest import ISSUE, SETTINGS, write_workspace
from program import towards

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

PEOPLE = {
    "plain@example.org": "Ann O'Neil",
    "injected@example.org": "Eve\r\nBcc: victim@example.org\r\n\r\n<b>Hello</b>",
    "comma@example.org": 'Jones, "Bob" <bob@example.net>',
    "emoji@example.org": "Zoë 🦊 — Ünïcödé",
    "long@example.org": "Wolfeschlegelstein" * 17,
    "markup@example.org": "<script>alert(1)</script> & {{ 7*7 }}",
    "dot@example.org": ".\r\n.\r\nQUIT",
    "encoded@example.org": "=?utf-8?q?x?= %0d%0aBcc: x",
    "plus+tag@example.org": "",
    "o'brien@example.org": "",
    "anna@bücher.example": "",
    "jöhn@example.org": "Jöhn",
}

WORDS = (
    "{{ 7*7 }} {% include '/etc/passwd' %} ${x} %(x)s",
    "`<script>alert(1)</script>` and 5 < 6 & 7 > 3",
    ".",
    "From here on",
    "slot000000000000unsubscribe",
    "[square] and \\backslash and 100% *of it*",
)

HOSTILE_ISSUE = ISSUE.replace("subject: Anytown news for May", 'subject: "=?utf-8?q?Bcc:_x?= {{ 7*7 }} é"') + "".join(
    f"""\
  - kind: article
    title: '{word.replace("'", "''")}'
    text: |
      {word}
"""
    for word in WORDS
)


# The proof would stop words like these; what is tried out here is what happens when somebody lets them stand.
LENIENT = SETTINGS + "proof:\n  severities: {LANG08: off}\ntypography: no\n"


class Markup(HTMLParser):
    """The elements, addresses and words of an HTML document."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses |= {value or "" for name, value in attrs if name in ("href", "src", "action")}

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, EmailMessage]:
    """Each person's message, by the address that the server was given. Sent once: the tests only read them."""
    tmp_path = tmp_path_factory.mktemp("hostile")
    table = io.StringIO()
    csv.writer(table).writerows([("email", "name"), *PEOPLE.items()])
    root = write_workspace(
        tmp_path / "workspace",
        lists={"partners": table.getvalue(), "schools": "email\n"},
        issues={"2021-05": HOSTILE_ISSUE},
        settings=LENIENT,
    ).root
    with MailCatcher(tmp_path / "caught") as catcher:
        done = run("send", "2021-05", "--yes", folder=root, environ=towards(catcher))
        assert done.returncode == 0, done.stdout + done.stderr
        found = {}
        for caught in catcher.caught:
            # RFC 6532 headers are UTF-8; the parser of bytes would take them for something else.
            message = message_from_string(caught.file.read_bytes().decode(), policy=policy.default)
            assert isinstance(message, EmailMessage)
            found[caught.recipient] = message
        return found


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def name_in(message: EmailMessage) -> str:
    """The name that a mail program shows. (The parser of the standard library puts spaces between encoded words.)"""
    raw = next(value for field, value in message.raw_items() if field == "To")
    name, _ = parseaddr("".join(raw.splitlines()))
    return str(make_header(decode_header(name)))


def test_everybody_gets_exactly_one_and_nobody_else_does(messages: dict[str, EmailMessage]) -> None:
    expected = {address.replace("bücher.example", "xn--bcher-kva.example") for address in PEOPLE}

    assert set(messages) == expected


def test_no_name_adds_a_header_or_a_recipient(messages: dict[str, EmailMessage]) -> None:
    names = [sorted(message.keys()) for message in messages.values()]

    assert all(own == names[0] for own in names)
    for address, message in messages.items():
        assert message["Bcc"] is None
        to = message["To"]
        assert isinstance(to, AddressHeader)
        assert [mailbox.addr_spec for mailbox in to.addresses] == [address]


def test_a_name_reaches_its_reader_whole(messages: dict[str, EmailMessage]) -> None:
    for address, name in PEOPLE.items():
        shown = " ".join(name.split())
        message = messages.get(address)
        if not shown or message is None:
            continue
        assert name_in(message) == shown
        assert f"Hello {shown}," in " ".join(body(message, "plain").split("\n"))
        assert f"Hello {shown}," in " ".join(Markup(body(message, "html")).words.split())


def test_no_template_is_run_and_no_word_is_lost(messages: dict[str, EmailMessage]) -> None:
    message = messages["plain@example.org"]
    words = " ".join(Markup(body(message, "html")).words.split())
    plain = " ".join(body(message, "plain").split())

    assert message["Subject"] == "=?utf-8?q?Bcc:_x?= {{ 7*7 }} é"
    for word in WORDS:
        shown = word.replace("`", "").replace("*of it*", "of it")
        assert shown in words, word
        assert shown in plain, word


def test_no_markup_that_the_author_did_not_write(messages: dict[str, EmailMessage]) -> None:
    plain = Markup(body(messages["plain@example.org"], "html"))
    for message in messages.values():
        markup = Markup(body(message, "html"))
        assert markup.elements == plain.elements
        assert not markup.elements & {"script", "iframe", "object", "embed", "form", "input", "svg"}
        assert not [name for name in markup.attributes if name.startswith("on")]
        for address in markup.addresses:
            assert re.match(r"(https?://|mailto:|tel:|cid:|#)", address), address


def test_every_reader_has_an_unsubscribe_link_of_their_own(messages: dict[str, EmailMessage]) -> None:
    links = {
        re.findall(r"https://\S+/unsubscribe/[\w.-]+", message["List-Unsubscribe"])[0] for message in messages.values()
    }

    assert len(links) == len(PEOPLE)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "[x](javascript:alert(1))", "<img src=x onerror=a>"])
def test_html_and_scripts_in_a_text_are_refused_at_their_place(make_workspace: MakeWorkspace, text: str) -> None:
    done = run(
        "check",
        folder=make_workspace(issues={"2021-05": f"{ISSUE}  - kind: article\n    title: A\n    text: '{text}'\n"}).root,
    )

    assert done.returncode == 1
    assert "issues/2021-05.yaml:11:12" in done.stdout or "issues/2021-05.yaml:11:16" in done.stdout
