"""Who is told when sending stops, ends, waits or bounces: what they read, how often, and what they never read."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select, update

from anytown import NOON, begin_mailing
from bulletin.approval.snapshot import take_snapshot
from bulletin.bounces.mailbox.imap import FetchedLetter, ImapState
from bulletin.bounces.mailbox.letter import Letter
from bulletin.bounces.reading import make_reading
from bulletin.bounces.sources import MailSource
from bulletin.database.schema import open_database
from bulletin.database.tables import deliveries, outbox
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.delivery.dispatch.supervision import Callbacks, Control
from bulletin.delivery.ledger.counts import Counts
from bulletin.delivery.plans.schedule import ScheduleRequest, add_schedule
from bulletin.delivery.plans.schedule_snapshots import keep_snapshot
from bulletin.delivery.sending.alert_text import Alert, describe_end, describe_halt, describe_wait
from bulletin.delivery.sending.alerting import make_alerter
from bulletin.delivery.sending.runner import Done, Runner, Skipped
from bulletin.delivery.sending.send_preview import preview_send
from bulletin.delivery.sending.sending import send_or_resume
from bulletin.delivery.sending.teams import post_card
from bulletin.edition.build import make_edition
from bulletin.errors import BulletinError, MailingHalted, MailingPaused
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import SETTINGS, write_workspace
from planned import run as run_command
from returned import KEY, Returned
from teams_workflow import Workflow, run_workflow

HOUR = 3_600_000
BOSS = "boss@example.org"
LISTS = {"partners": "email\nanna@example.org\nben@example.org\n", "schools": "email\ncara@example.org\n"}
BOTH = f"alerts: {{email: {BOSS}, teams: yes}}\n"


class Server(MailCatcher):
    """It refuses everyone, or takes the message and hangs up."""

    word = ""
    after = ""  # what it says to everyone once it has hung up
    hangs_up = False

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.word and address != BOSS:
            return self.word.format(address)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's
        if self.hangs_up and server.transport:
            server.transport.abort()
            self.hangs_up, self.word = False, self.after
        return await super().handle_DATA(server, session, envelope)


class Office:
    """A workspace with alerts, a mail server, and a clock that keeps its time until it is set."""

    def __init__(self, place: Workspace, server: Server, workflow: Workflow) -> None:
        self.place = place
        self.server = server
        self.workflow = workflow
        self.engine: Engine = open_database(place.database_url)
        self.now = NOON
        self.told: list[str] = []

    @property
    def emails(self) -> list[tuple[str, list[str]]]:
        query = select(outbox.c.recipient, outbox.c.details).where(outbox.c.kind == "alert").order_by(outbox.c.id)
        with self.engine.begin() as connection:
            rows = connection.execute(query).all()
        assert {row.recipient for row in rows} <= {BOSS, "it@example.org"}
        return [(row.details["subject"], row.details["lines"]) for row in rows]

    @property
    def subjects(self) -> list[str]:
        return [subject for subject, _ in self.emails]

    def plan(self, *, due_at: int) -> None:
        snapshot = take_snapshot(self.place, make_edition(self.place, "2021-05"), lists=("partners", "schools"))
        keep_snapshot(self.place.state_folder, snapshot)
        request = ScheduleRequest(
            issue="2021-05",
            lists=("partners", "schools"),
            newcomers=False,
            due_at=due_at,
            grace=12 * HOUR,
            digest=snapshot.contents.digest,
        )
        add_schedule(self.engine, request, now=self.now)

    def run(self, *, check: Callable[[str], object] = str) -> list[Done | Skipped]:
        place = open_workspace(self.place.root, environ=self.place.environ)
        runner = Runner(
            workspace=place,
            engine=self.engine,
            check=check,
            make_edition=partial(make_edition, place),
            control=Control(clock=lambda: self.now, stop=threading.Event()),
            notify=lambda _issue, words: self.told.append(words),
        )
        return list(runner.run())

    def send(self) -> None:
        send_or_resume(
            self.place,
            self.engine,
            preview_send(self.place, self.engine, "2021-05", lists=("partners", "schools"), now=self.now),
            make_edition=lambda: make_edition(self.place, "2021-05"),
            control=Control(clock=lambda: self.now, stop=threading.Event()),
            observer=Callbacks(notify=self.told.append),
        )

    def tell(self, alert: Alert) -> None:
        make_alerter(self.place, self.engine, clock=lambda: self.now, report=self.told.append).tell(alert)

    def read(self, *messages: bytes) -> None:
        letters = [FetchedLetter(Letter(str(number), one), ImapState()) for number, one in enumerate(messages)]
        source = MailSource(name="a mailbox", fetch=lambda _state: iter(letters))
        make_reading(self.place, self.engine, now=self.now, report=self.told.append).run(source)


OpenOffice = Callable[..., Office]


@pytest.fixture
def open_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Iterator[OpenOffice]:
    opened: list[Office] = []
    with Server(tmp_path / "caught") as server, run_workflow(tmp_path / "teams", monkeypatch) as workflow:

        def make(alerts: str = BOTH, more: str = "") -> Office:
            environ = {
                "BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{server.port}",
                "BULLETIN_SECRET_KEY": KEY.decode(),
                "BULLETIN_TEAMS_WEBHOOK": workflow.address,
                "BULLETIN_DATABASE_URL": database_url,
            }
            sending = "sending: {connections: 1, stop_after: 2, stop_at: 1%, retries: [1 hour]}\n"
            settings = SETTINGS + sending + alerts + more
            opened.append(
                Office(
                    write_workspace(tmp_path / "ws", settings=settings, lists=LISTS, environ=environ), server, workflow
                )
            )
            return opened[-1]

        yield make
        for office in opened:
            office.engine.dispose()


# --- what is told of


def test_a_mailing_that_stops_by_itself_is_told_of_by_email_and_in_teams(open_office: OpenOffice) -> None:
    office = open_office()
    office.server.word = "550 5.1.1 <{}>: User unknown"

    with pytest.raises(MailingHalted):
        office.send()

    ((subject, lines),) = office.emails
    assert subject == "2021-05 has stopped by itself"
    assert office.workflow.subjects == [subject]
    text = " ".join(lines)
    for words in ("0 of 3 accepted, 2 refused, 1 not sent yet", "bulletin status 2021-05", "bulletin cancel 2021-05"):
        assert words in text
    assert "User unknown" in text
    assert not re.search(r"anna@|ben@|cara@", text + office.workflow.words)


def test_a_mailing_that_ends_is_told_of_once(open_office: OpenOffice) -> None:
    office = open_office()
    office.plan(due_at=NOON)

    office.run()
    office.run()

    assert office.emails == [
        (
            "2021-05 has been sent",
            ["Sending 2021-05 has ended: 3 of 3 accepted.", "See who got it: bulletin status 2021-05"],
        )
    ]
    assert office.workflow.subjects == ["2021-05 has been sent"]


def test_readers_who_may_or_may_not_have_it_need_a_decision(open_office: OpenOffice) -> None:
    office = open_office("alerts: {email: [boss@example.org, it@example.org]}\n")
    office.server.hangs_up = True
    office.server.after = "451 4.3.0 Later"

    office.send()

    (subject, lines), again = office.emails
    assert again == (subject, lines)  # one to each
    assert subject == "2021-05: 1 reader is uncertain"
    assert lines[0] == "We can't tell whether 1 reader has it, so it isn't sent to that reader again."
    assert not office.workflow.posted


def test_an_issue_that_lacks_its_approval_when_its_time_comes_is_told_of(open_office: OpenOffice) -> None:
    office = open_office(more="approval: {needed: 1}\n")
    office.plan(due_at=NOON)

    office.run()

    ((subject, lines),) = office.emails
    assert subject == "2021-05 waits for you"
    assert lines[0].startswith("2021-05 was scheduled for ")
    assert "has not been approved" in " ".join(lines)


@pytest.mark.parametrize("fault", ["subscribers/partners.csv:3: “anna@example” is no address", "No relay", "Old lists"])
def test_whatever_keeps_run_from_sending_is_told_of_without_an_address(open_office: OpenOffice, fault: str) -> None:
    office = open_office()
    office.plan(due_at=NOON)

    def refuse(_issue: str) -> None:
        raise BulletinError(fault, "Mend it.")

    office.run(check=refuse)

    text = " ".join(office.emails[0][1])
    assert office.subjects == ["2021-05 waits for you"]
    assert "Mend it." in text
    assert "anna@" not in text + office.workflow.words
    office.now += 2 * HOUR
    office.run(check=refuse)
    assert len(office.emails) == 1  # the same is told once a day


def test_what_a_person_has_stopped_is_no_news(open_office: OpenOffice) -> None:
    office = open_office()
    office.plan(due_at=NOON)

    def pause(_issue: str) -> None:
        raise MailingPaused("2021-05 is paused.")

    office.run(check=pause)

    assert office.emails == office.workflow.posted == []


@pytest.mark.parametrize(("bounced", "told"), [(4, []), (5, ["2021-05: 5% of the emails have bounced"])])
def test_bounces_are_told_of_once_they_pass_the_threshold(
    open_office: OpenOffice, bounced: int, told: list[str]
) -> None:
    office = open_office()
    names = [f"n{number:03}" for number in range(100)]
    back = mail(office, names)

    office.read(*(back.bounce(name) for name in names[:3]))
    office.now += 1000
    office.read(*(back.bounce(name) for name in names[:bounced]))
    assert office.subjects == told
    for later in range(3):
        office.now += 2 * HOUR
        office.read(*(back.bounce(name) for name in names[: bounced + bool(told) * (later + 1)]))
    assert office.subjects == told  # it passes it once


def test_a_handful_of_a_small_list_is_no_pattern_and_the_threshold_can_be_set(open_office: OpenOffice) -> None:
    office = open_office(f"alerts: {{email: {BOSS}, bounces: 50%}}\n")
    names = [f"n{number}" for number in range(12)]
    back = mail(office, names)

    office.read(*(back.bounce(name) for name in names[:5]))
    assert office.emails == []
    office.now += 1000
    office.read(*(back.bounce(name) for name in names[5:7]))
    assert office.subjects == ["2021-05: 58% of the emails have bounced"]


def test_very_many_bounces_at_once_wait_for_a_person(open_office: OpenOffice) -> None:
    office = open_office()
    names = [f"n{number}" for number in range(30)]
    back = mail(office, names)

    office.read(*(back.bounce(name) for name in names))

    assert office.subjects == ["Very many emails came back at once"]
    assert "bulletin bounces --yes" in " ".join(office.emails[0][1])


def mail(office: Office, names: Sequence[str]) -> Returned:
    begin_mailing(office.engine, *names)
    with office.engine.begin() as connection:
        connection.execute(update(deliveries).values(state="accepted", attempts=1, ended_at=NOON, reply="250 Ok"))
    office.now = NOON + HOUR
    return Returned(office.engine, "2021-05")


# --- how often


def test_one_cause_is_told_once_an_hour_whatever_the_clock_shows(open_office: OpenOffice) -> None:
    office = open_office()
    for cause, at in (("a", 0), ("a", 1), ("b", 1), ("a", HOUR - 1), ("a", HOUR), ("a", HOUR + 1), ("b", HOUR)):
        office.now = NOON + at
        office.tell(Alert(cause=cause, subject=f"{cause} {at}", lines=("Look.",)))

    assert office.subjects == ["a 0", "b 1", f"a {HOUR}"]
    assert office.workflow.subjects == office.subjects


def test_without_alerts_nothing_is_told(open_office: OpenOffice) -> None:
    office = open_office("")
    office.send()
    office.tell(Alert(cause="a", subject="a", lines=("b",)))
    assert office.emails == office.workflow.posted == office.told == []


# --- Teams


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (500, {}, "the answer there is 500"),
        (401, {}, "the answer there is 401"),
        (302, {"Location": "/elsewhere"}, "the answer there is 302"),
        (308, {"Location": "http://127.0.0.1:1/"}, "the answer there is 308"),
    ],
)
def test_a_workflow_that_fails_stops_nothing(
    open_office: OpenOffice, status: int, headers: dict[str, str], words: str
) -> None:
    office = open_office()
    office.workflow.status, office.workflow.headers = status, headers

    office.send()

    assert office.subjects == ["2021-05 has been sent"]
    assert len(office.workflow.posted) == 1  # and no redirection is followed
    (told,) = office.told
    assert words in told
    assert "secret" not in told


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://example.org/hook",
        "https://",
        "ftp://example.org",
        "https://u:secret@example.org/",
        "https://[::1",
        "x",
    ],
)
def test_only_a_whole_https_address_is_posted_to(address: str) -> None:
    with pytest.raises(BulletinError, match="BULLETIN_TEAMS_WEBHOOK") as caught:
        post_card(address, "a", ["b"])
    assert "secret" not in str(caught.value)


def test_a_server_that_is_not_there_is_named_without_its_address() -> None:
    with pytest.raises(BulletinError, match="can't be reached") as caught:
        post_card("https://127.0.0.1:1/secret", "a", ["b"])
    assert "secret" not in str(caught.value)


def test_a_server_that_no_one_vouches_for_gets_nothing(
    open_office: OpenOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = open_office()
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(BulletinError, match="secure connection"):
        post_card(office.workflow.address, "a", ["b"])
    assert office.workflow.posted == []


def test_the_card_is_what_a_workflow_takes_and_shows_words_as_they_are(open_office: OpenOffice) -> None:
    office = open_office()
    office.tell(Alert(cause="a", subject="2021-05 waits", lines=("[Log in](https://evil.example)", "*b*")))

    (message,) = office.workflow.posted
    (attached,) = message["attachments"]
    assert message["type"] == "message"
    assert attached["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attached["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert [block["type"] for block in card["body"]] == ["TextBlock", "RichTextBlock", "RichTextBlock"]  # no Markdown
    assert card["body"][1]["inlines"][0]["text"] == "[Log in](https://evil.example)"


# --- the words


@given(st.text(max_size=300), st.emails())
def test_no_alert_has_an_address(words: str, address: str) -> None:
    counts = Counts(accepted=1, refused=1)
    error = BulletinError(f"{words} <{address}>", f"Ask {address}")
    for alert in (describe_halt("2021-05", counts, error), describe_wait("2021-05", error)):
        assert address not in " ".join(alert.lines)
        assert len(alert.lines) < 20


@pytest.mark.parametrize(
    ("counts", "subject"),
    [
        (Counts(accepted=2), "2021-05 has been sent"),
        (Counts(accepted=2, uncertain=1), "2021-05 has been sent, and 1 reader is uncertain"),
        (Counts(accepted=2, uncertain=1200), "2021-05 has been sent, and 1,200 readers are uncertain"),
    ],
)
def test_the_end_says_who_needs_a_decision(counts: Counts, subject: str) -> None:
    assert describe_end("2021-05", counts).subject == subject


# --- the settings and the commands


@pytest.mark.parametrize(
    ("alerts", "words"),
    [("{}", "names no one"), ("{email: [nobody]}", "nobody"), (f"{{email: {BOSS}, bounces: 0%}}", "0%")],
)
def test_alerts_that_would_reach_no_one_are_refused(tmp_path: Path, alerts: str, words: str) -> None:
    with pytest.raises(BulletinError, match=re.escape(words)):
        open_workspace(write_workspace(tmp_path / "ws", settings=f"{SETTINGS}alerts: {alerts}\n").root).settings  # noqa: B018


@pytest.mark.slow
def test_the_email_leaves_with_the_same_command(open_office: OpenOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    office = open_office()
    for name, value in office.place.environ.items():
        monkeypatch.setenv(name, value)

    run_command(office.place, "send", "2021-05", "--yes")

    mine = [one for one in office.server.caught if one.recipient == BOSS]
    assert ["Subject: 2021-05 has been sent" in one.file.read_text(encoding="utf-8") for one in mine] == [True]
