"""Emails to one person: what leaves, how often, and what is recorded of it, with a real mail server."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import update

from anytown import NOON, add_people, address_of, opt_out
from bulletin.database.schema import open_database
from bulletin.database.states import OutboxKind, OutboxState
from bulletin.database.tables import subscribers
from bulletin.delivery.ledger.issue_lock import hold_issue
from bulletin.delivery.outbox.courier import OutboxReport
from bulletin.delivery.sending.outbox_runner import HOLD, OutboxRunner, OutboxThread, describe_report
from bulletin.errors import BulletinError, RelayError
from bulletin.subscribers.joining.decision import decide_sign_ups
from bulletin.subscribers.outbox import put_email
from conftest import on_sqlite, refuse_connections
from dkim_verifiers import dkimpy_takes, make_test_key
from forked import context
from inbox import Inbox, RealRelay
from joining_site import JO, JoiningSite, joining_site, read_email, read_part
from public_pages import SETTINGS

MINUTE = 60_000  # ms
BOSS = "boss@shield.example.org"

# What each kind needs, as those who put it into the outbox give it, and words that have to be in it.
KINDS: dict[OutboxKind, tuple[dict[str, Any], tuple[str, ...]]] = {
    OutboxKind.WELCOME: (
        {"lists": ["champions"], "asked_at": NOON},
        ("once a month", "You agreed to this on 4 May 2021"),
    ),
    OutboxKind.ALREADY: ({"lists": ["champions"]}, ("nothing has changed", "/preferences/p")),
    OutboxKind.APPROVED: ({"lists": ["schools"], "asked_at": NOON}, ("approved your request", "You asked for this on")),
    OutboxKind.REFUSED: (
        {"lists": ["schools"], "reason": "It is for schools"},
        ("It is for schools.", "reply to this"),
    ),
    OutboxKind.ADDED: ({"lists": ["Safeguarding champions"]}, ("We added Safeguarding champions", "/preferences/p")),
    OutboxKind.COMPLAINT: (
        {"reference": "C-7K4M-2P", "acknowledge_by": "2021-06-03"},
        ("C-7K4M-2P", "Thursday 3 June 2021"),
    ),
    OutboxKind.ALERT: (
        {"subject": "Sending stopped", "lines": ["Issue 2021-05", "See: bulletin status"]},
        ("2021-05",),
    ),
}
TO_READERS = {OutboxKind.WELCOME, OutboxKind.ALREADY, OutboxKind.APPROVED, OutboxKind.ADDED}


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[JoiningSite]:
    with joining_site(tmp_path, database_url) as site:
        add_people(site.engine, champions=["anna"])
        yield site


def put(site: JoiningSite, kind: OutboxKind = OutboxKind.ALERT, *, number: int = 1, **details: Any) -> None:
    of_reader = {"subscriber_id": 1} if kind in TO_READERS else {"recipient": BOSS}
    given = details or KINDS[kind][0]
    with site.engine.begin() as connection:
        put_email(connection, kind, dedupe=f"{kind} {number}", details=given, now=site.now, **of_reader)  # type: ignore[arg-type]  # one of two


def states(site: JoiningSite) -> list[str]:
    return [row.state for row in sorted(site.rows("outbox"), key=lambda row: row.id)]


def boss(site: JoiningSite) -> list[str]:
    return site.subjects(BOSS)


# --- what they look like


@pytest.mark.parametrize("kind", list(KINDS))
@on_sqlite
def test_each_kind_says_what_it_has_to_in_both_forms(site: JoiningSite, kind: OutboxKind) -> None:
    put(site, kind)
    assert site.send().counts == {OutboxState.ACCEPTED: 1}
    (message,) = site.mail(address_of("anna") if kind in TO_READERS else BOSS)

    text, html = (" ".join(read_part(message, subtype).split()) for subtype in ("plain", "html"))
    for words in KINDS[kind][1]:
        assert words in text
        assert words in re.sub(r"<[^>]*?href=\"([^\"]*)\"[^>]*>", r" \1 ", html)
    assert "Bexley S.H.I.E.L.D., Civic Offices" in text
    assert text.count("..") == 0
    assert "{" not in text
    assert str(message["Subject"]).strip()


def test_all_kinds_are_tried() -> None:
    assert {*KINDS, OutboxKind.CONFIRM} == set(OutboxKind)


@on_sqlite
def test_emails_to_one_person_are_signed_too(tmp_path: Path, database_url: str) -> None:
    signed = f"{SETTINGS}sending:\n  dkim: {{domain: shield.example.org, selector: bulletin}}\n"
    with joining_site(tmp_path, database_url, settings=signed) as site:
        site.workspace.make_state_folder()
        site.workspace.secrets.make_dkim_key("bulletin", make_test_key())
        put(site)
        site.send()
        (envelope,) = site.relay.inbox.envelopes

    content = envelope.original_content
    assert isinstance(content, bytes)
    assert dkimpy_takes(content, domain="shield.example.org")


@on_sqlite
def test_the_source_of_an_email_is_as_the_standards_want_it(site: JoiningSite) -> None:
    site.subscribe()
    site.send()
    (envelope,) = site.relay.inbox.envelopes
    message = read_email(envelope)
    content = envelope.content
    assert isinstance(content, bytes)

    assert envelope.mail_from in ("", None, "<>")  # MAIL FROM:<>
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert not [name for name in message if name.lower().startswith("list-") or name.lower() == "precedence"]
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert not re.search(r"<img|url\(|<script|http://", read_part(message, "html"))
    for name in ("Date", "From", "To", "Subject", "Message-ID", "MIME-Version"):
        assert len(message.get_all(name, [])) == 1, name
    assert parseaddr(str(message["From"]))[1] == "bulletin@shield.example.org"
    assert parseaddr(str(message["To"]))[1] == JO
    assert all(len(line) <= 78 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")


@on_sqlite
def test_the_link_to_confirm_is_alone_on_its_line_and_whole(site: JoiningSite) -> None:
    site.subscribe()
    site.send()
    text = read_part(site.mail()[0], "plain")
    (line,) = [line for line in text.splitlines() if "https://" in line]
    assert re.fullmatch(r"https://bulletin\.shield\.example\.org/confirm/y[0-9a-f]+g[0-9a-f]{32}", line)
    assert f'href="{line}"' in read_part(site.mail()[0], "html")
    assert all(len(line) <= 76 or line.startswith("https://") for line in text.splitlines())
    assert "• Safeguarding champions, once a month" in text


HOSTILE = [
    "<b>bold</b> & <script>",
    "{{ 7 * 7 }} {% raw %}",
    "Bcc: x@example.org",
    "• [a](b) [Pay now] https://bad.example",
]


@pytest.mark.parametrize("words", HOSTILE)
@on_sqlite
def test_words_of_others_stay_words(site: JoiningSite, words: str) -> None:
    put(site, subject=f"About\r\n{words}", lines=[f"Look:\n{words}"])
    site.send()
    (message,) = site.mail(BOSS)
    assert str(message["Subject"]) == f"About {words}"
    assert message["Bcc"] is None
    assert words in " ".join(read_part(message, "plain").split())
    assert "<script" not in read_part(message, "html")
    assert "bad.example" not in re.findall(r"href=\"([^\"]*)", read_part(message, "html"))


@on_sqlite
def test_an_address_of_another_alphabet_and_a_long_name_are_written_right(site: JoiningSite) -> None:
    site.subscribe("jo@bücher.example")
    site.send()
    (message,) = site.mail("jo@xn--bcher-kva.example")
    assert parseaddr(str(message["To"]))[1] == "jo@xn--bcher-kva.example"


# --- the workspace's own templates


def own_template(site: JoiningSite, name: str, text: str) -> JoiningSite:
    path = site.workspace.root / "templates" / "notices" / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return site


@on_sqlite
def test_a_workspace_has_its_own_words(site: JoiningSite) -> None:
    own_template(site, "alert.txt.j2", "Subject: Ours\n\nOur own words: {{ lines[0] }}")
    put(site)
    site.send()
    assert boss(site) == ["Ours"]
    assert "Our own words: Issue 2021-05" in read_part(site.mail(BOSS)[0], "plain")


FAULTY = [
    "Subject: {{ nothing }}\n\nWords",
    "Words without a subject",
    "Subject: alone",
    "Subject: {% if %}",
    "{{ 1 / 0 }}",
]


@pytest.mark.parametrize("text", FAULTY)
@on_sqlite
def test_a_faulty_template_of_a_workspace_is_told_and_the_products_is_used(site: JoiningSite, text: str) -> None:
    own_template(site, "alert.txt.j2", text)
    put(site)
    site.send()
    assert boss(site) == ["Sending stopped"]
    assert any("alert.txt.j2" in line for line in site.lines)


# --- once, and what is recorded


def test_the_same_is_sent_once_however_often_it_is_asked_for(site: JoiningSite) -> None:
    for _ in range(3):
        put(site)
        site.send()
    assert (boss(site), states(site)) == (["Sending stopped"], ["accepted"])


def test_they_leave_in_the_order_in_which_they_were_asked_for(site: JoiningSite) -> None:
    for number in range(5):
        put(site, number=number, subject=f"Number {number}", lines=["."])
    assert site.send().counts == {OutboxState.ACCEPTED: 5}
    assert boss(site) == [f"Number {number}" for number in range(5)]


@pytest.mark.parametrize("kind", sorted(TO_READERS))
def test_no_welcome_goes_to_someone_who_has_been_suppressed_since(site: JoiningSite, kind: OutboxKind) -> None:
    put(site, kind)
    opt_out(site.engine, "anna")
    assert site.send().counts == {OutboxState.DROPPED: 1}
    assert states(site) == ["dropped"]
    assert site.relay.inbox.envelopes == []


def test_what_the_law_asks_for_is_sent_to_a_suppressed_address_too(site: JoiningSite) -> None:
    opt_out(site.engine, "anna")
    with site.engine.begin() as connection:
        details = KINDS[OutboxKind.COMPLAINT][0]
        recipient = address_of("anna")
        put_email(connection, OutboxKind.COMPLAINT, dedupe="c", details=details, now=site.now, recipient=recipient)
    site.send()
    assert site.subjects(address_of("anna")) == ["We’ve got your complaint (C-7K4M-2P)"]


def test_an_erased_reader_is_sent_nothing(site: JoiningSite) -> None:
    put(site, OutboxKind.WELCOME)
    with site.engine.begin() as connection:
        connection.execute(update(subscribers).values(address="", name="", hash=b"0" * 16))
    site.send()
    assert states(site) == ["dropped"]


def test_a_confirmation_whose_time_is_over_is_not_sent(site: JoiningSite) -> None:
    site.subscribe()
    decide_sign_ups(site.engine, site.workspace.settings, now=site.now)
    assert states(site) == ["queued"]
    site.now += 8 * 24 * 60 * MINUTE
    site.send()
    assert states(site) == ["dropped"]
    assert site.relay.inbox.envelopes == []


def test_an_email_that_can_not_be_written_waits_and_holds_up_no_other(site: JoiningSite) -> None:
    put(site, OutboxKind.COMPLAINT, reference="C-7K4M-2P", acknowledge_by="in June")
    put(site)
    with pytest.raises(ValueError, match="in June"):  # whoever put it there is at fault
        site.send()
    assert states(site) == ["queued", "queued"]
    site.send()
    assert (states(site), boss(site)) == (["queued", "accepted"], ["Sending stopped"])


# --- servers


class Answering(Inbox):
    """A mail server that answers as it is told, and then as usual."""

    def __init__(self, *answers: str) -> None:
        super().__init__()
        self.answers = [*answers]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's
        if self.answers:
            return self.answers.pop(0)
        return await super().handle_DATA(server, session, envelope)


@contextmanager
def answering(tmp_path: Path, url: str, inbox: Inbox, **options: Any) -> Iterator[JoiningSite]:
    with joining_site(tmp_path, url, relay=RealRelay(inbox=inbox), **options) as site:
        yield site


def test_a_deferred_email_is_tried_again_when_it_is_due(tmp_path: Path, database_url: str) -> None:
    with answering(tmp_path, database_url, Answering("451 4.3.0 later", "452 4.2.2 later")) as site:
        put(site)
        assert site.send().counts == {OutboxState.QUEUED: 1}
        assert site.send().counts == {}  # not due yet
        site.now += MINUTE
        assert site.send().counts == {OutboxState.QUEUED: 1}
        site.now += 5 * MINUTE
        assert site.send().counts == {OutboxState.ACCEPTED: 1}
        assert [row.attempts for row in site.rows("outbox")] == [3]
        assert boss(site) == ["Sending stopped"]


@on_sqlite
def test_an_email_that_is_always_deferred_is_given_up(tmp_path: Path, database_url: str) -> None:
    with answering(tmp_path, database_url, Answering(*["451 4.3.0 later"] * 20)) as site:
        put(site)
        for _ in range(8):
            site.send()
            site.now += 720 * MINUTE
        (row,) = site.rows("outbox")
        assert (row.state, row.attempts, row.recipient) == ("refused", 8, "")
        assert row.reply.startswith("gave up after 8 attempts: 451")


def test_a_refused_email_is_not_tried_again_and_no_address_is_kept(tmp_path: Path, database_url: str) -> None:
    with answering(tmp_path, database_url, Answering(f"550 5.1.1 <{BOSS}>: no such user")) as site:
        put(site)
        assert site.send().counts == {OutboxState.REFUSED: 1}
        (row,) = site.rows("outbox")
        assert (row.state, row.recipient) == ("refused", "")
        assert row.reply.startswith("550 5.1.1")
        assert "boss" not in row.reply


class Particular(Inbox):
    """A mail server that takes no email without a sender, as some do of those who log in."""

    async def handle_MAIL(  # noqa: N802 -- aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in ("", "<>"):
            return "550 5.7.60 client does not have permissions to send as this sender"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 fine"


@on_sqlite
def test_a_server_that_takes_no_empty_sender_gets_the_bulletins_address(tmp_path: Path, database_url: str) -> None:
    with answering(tmp_path, database_url, Particular()) as site:
        put(site)
        assert site.send().counts == {OutboxState.ACCEPTED: 1}
        assert [one.mail_from for one in site.relay.inbox.envelopes] == ["bulletin@shield.example.org"]


@on_sqlite
def test_without_a_server_nothing_is_lost_and_it_is_tried_again_later(site: JoiningSite) -> None:
    put(site)
    with refuse_connections() as port:
        environ = {**site.workspace.environ, "BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{port}"}
        away = replace(site.runner, workspace=replace(site.workspace, environ=environ))
        report = away.run()
        assert isinstance(report.error, RelayError)
        assert states(site) == ["queued"]
        assert away.run().error is None  # it is not due again yet
    site.now += 15 * MINUTE
    site.send()
    assert boss(site) == ["Sending stopped"]


@on_sqlite
def test_if_the_first_server_is_away_the_next_one_takes_over(site: JoiningSite) -> None:
    put(site)
    with refuse_connections() as port:
        urls = f"smtp://127.0.0.1:{port} {site.workspace.environ['BULLETIN_SMTP_URL']}"
        environ = {**site.workspace.environ, "BULLETIN_SMTP_URL": urls}
        report = replace(site.runner, workspace=replace(site.workspace, environ=environ)).run()
    assert (report.error, boss(site)) == (None, ["Sending stopped"])


@on_sqlite
def test_where_no_server_is_set_the_emails_wait(site: JoiningSite) -> None:
    put(site)
    environ = {name: value for name, value in site.workspace.environ.items() if "SMTP" not in name}
    with pytest.raises(BulletinError, match="No SMTP server is set"):
        replace(site.runner, workspace=replace(site.workspace, environ=environ)).run()
    assert states(site) == ["queued"]


def test_they_keep_to_the_limits_of_the_mail_server(tmp_path: Path, database_url: str) -> None:
    with joining_site(tmp_path, database_url, settings=f"{SETTINGS}sending: {{limits: 2/minute}}\n") as site:
        for number in range(3):
            put(site, number=number)
        site.send()
        assert states(site) == ["accepted", "accepted", "queued"]
        site.now += 2 * MINUTE
        site.send()
        assert states(site) == ["accepted"] * 3


# --- when the program ends in between


class Killing(Inbox):
    """A mail server that takes an email, and kills its sender before it answers."""

    def __init__(self) -> None:
        super().__init__()
        self.kill: Callable[[], None] | None = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's
        answer = await super().handle_DATA(server, session, envelope)
        if self.kill:
            kill, self.kill = self.kill, None
            kill()
        return answer


def run_once(workspace: Any, url: str, now: int) -> None:
    """What a process of its own does."""
    engine = open_database(url)
    OutboxRunner(workspace=workspace, engine=engine, clock=lambda: now, stop=threading.Event()).run()


@pytest.mark.slow
def test_an_email_on_its_way_when_the_program_is_killed_is_uncertain_and_never_sent_again(
    tmp_path: Path, database_url: str
) -> None:
    inbox = Killing()
    with answering(tmp_path, database_url, inbox) as site:
        put(site)
        put(site, number=2, subject="The second", lines=["."])
        process = context.Process(target=run_once, args=(site.workspace, database_url, site.now))
        inbox.kill = process.kill
        process.start()
        process.join(60)
        assert process.exitcode == -9
        assert boss(site) == ["Sending stopped"]  # it has arrived
        assert states(site) == ["sending", "queued"]

        report = site.send()

        assert report.uncertain == [OutboxKind.ALERT]
        assert states(site) == ["uncertain", "accepted"]
        assert boss(site) == ["Sending stopped", "The second"]
        assert [row.recipient for row in site.rows("outbox")] == ["", ""]
        (line,) = [line for line in describe_report(report) if "may or may not" in line]
        assert "alert to you" in line
        assert "@" not in line


def test_only_one_process_sends_at_a_time(site: JoiningSite) -> None:
    put(site)
    with hold_issue(site.engine, site.workspace.state_folder, HOLD, now=site.now):
        assert site.send().counts == {}
        assert states(site) == ["queued"]
    site.send()
    assert states(site) == ["accepted"]


# --- the thread


@on_sqlite
def test_the_thread_sends_when_it_is_woken_and_tells_the_same_trouble_once(site: JoiningSite) -> None:
    done, said = threading.Semaphore(0), list[str]()
    results: list[OutboxReport | Exception] = [
        BulletinError("No server.", "Set one."),
        BulletinError("No server.", "Set one."),
        LookupError("secret"),
        site.runner.run(),
        BulletinError("No server.", "Set one."),
    ]

    def run() -> OutboxReport:
        if results and isinstance(result := results.pop(0), Exception):
            done.release()
            raise result
        report = site.runner.run()
        done.release()
        return report

    thread = OutboxThread(run, stop=threading.Event(), say=said.append, each=3600)
    with thread.running():
        for number in range(6):
            assert done.acquire(timeout=20), number
            put(site, number=number)
            thread.wake()
        assert done.acquire(timeout=20)
    assert [line for line in said if "No server" in line] == ["No server. Set one."] * 2
    assert len([line for line in said if line.startswith("Our fault: LookupError at ")]) == 1
    assert "secret" not in "".join(said)
    assert any(line.startswith("Emails to one person: ") for line in said)


@on_sqlite
def test_nothing_is_asked_of_a_mail_server_when_nothing_is_due(site: JoiningSite) -> None:
    environ = {name: value for name, value in site.workspace.environ.items() if "SMTP" not in name}
    idle = replace(site.runner, workspace=replace(site.workspace, environ=environ))
    assert idle.run().counts == {}
