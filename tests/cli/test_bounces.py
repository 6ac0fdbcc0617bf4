"""`bulletin bounces`, and what `send`, `run` and `status` do about what came back."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from anytown import read_states
from bulletin.bounces.mailbox_progress import keep_reading
from bulletin.bounces.sources import name_own_mailbox
from bulletin.cli import read_returns
from bulletin.database.schema import open_database
from bulletin.database.tables import deliveries, mailboxes, metadata, returns, suppression_events
from bulletin.errors import BulletinError
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import SETTINGS, refuse_connections
from dovecot import USER, Dovecot, run_dovecot
from inbox import RealRelay
from mailed import mail, run
from returned import Returned, write_maildir, write_mbox

MakeWorkspace = Callable[..., Workspace]
NOW = time.time_ns() // 1_000_000
SENT = {"state": "accepted", "attempts": 1, "ended_at": NOW - 3_600_000, "reply": "250 2.0.0 Ok: queued"}
RETURNS = "returns: {address: returns@anytown.example.org, imap: imap://returns@127.0.0.1:%d}\n"


@pytest.fixture
def workspace(make_workspace: MakeWorkspace) -> Workspace:
    kept = "retention: {deliveries: 10 years}\n"  # what the tests send was sent in 2021
    return make_workspace(settings=SETTINGS + kept, lists={"partners": "email\n", "schools": "email\n"})


@pytest.fixture
def engine(workspace: Workspace) -> Iterator[Engine]:
    engine = open_database(workspace.database_url)
    yield engine
    engine.dispose()


def post(engine: Engine, *names: str, issue: str = "2021-05") -> Returned:
    mail(engine, [(name, SENT) for name in names], issue=issue)
    return Returned(engine, issue)


def dump(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.begin() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))] for table in metadata.sorted_tables
        }


def count_stops(engine: Engine) -> int:
    with engine.begin() as connection:
        return len(connection.execute(select(suppression_events)).all())


def test_it_says_how_many_of_each_kind_came_back_and_what_to_decide(
    workspace: Workspace, engine: Engine, tmp_path: Path
) -> None:
    back = post(engine, "anna", "ben", "cara", "dora", "ed", "fay")
    place = write_mbox(
        tmp_path / "returned",
        [
            back.bounce("anna"),
            back.bounce("ben", "552 5.2.2 Mailbox full"),
            back.complaint("cara"),
            back.wish("dora"),
            back.reply("ed", "Please take me off this list."),
            back.bounce("fay", "554 5.7.1 Client host blocked using Spamhaus"),
        ],
    )

    said = run(workspace, "bounces", "--from", place)

    assert said.startswith("6 emails read.\n")
    for line in (
        "        3  bounced: ",
        "        1  complained: ",
        "        1  unsubscribed: ",
        "        1  to confirm: ",
        "        1  reputation. Their server doesn't trust ours. ",
        "2 readers will be emailed no more: ",
        "\n1 returned email needs your decision:\n",
        "e…@example.org, ",
        "asks to be removed: “Please take me off this list”.",
        "bulletin bounces --settle 5 --stop\n",
    ):
        assert line in said
    assert "ed@" not in said
    assert read_states(engine)["anna"] == "bounced"

    again = run(workspace, "bounces", "--from", place)
    assert again.startswith("6 emails read. 6 reports in them had been read before.\n")
    assert "bounced" not in again.partition("decision")[0]


def test_json_is_one_object_with_the_seven_numbers(workspace: Workspace, engine: Engine, tmp_path: Path) -> None:
    back = post(engine, "anna", "ben")
    place = write_maildir(tmp_path / "box", [back.bounce("anna"), back.wish("ben"), back.reply("ben", "Thanks")])

    assert json.loads(run(workspace, "bounces", "--from", place, "--json")) == {
        "read": 3,
        "bounced": 1,
        "complained": 0,
        "unsubscribed": 1,
        "ignored": 1,
        "to_confirm": 0,
        "unknown": 0,
    }
    assert json.loads(run(workspace, "status", "2021-05", "--json"))["bounced"] == 1


def test_a_maildir_after_an_mbox_with_the_same_emails_changes_nothing(
    workspace: Workspace, engine: Engine, tmp_path: Path
) -> None:
    back = post(engine, "anna", "ben", "cara")
    messages = [back.bounce("anna"), back.complaint("ben"), back.wish("cara")]
    run(workspace, "bounces", "--from", write_mbox(tmp_path / "file", messages))
    before = dump(engine)

    run(workspace, "bounces", "--from", write_maildir(tmp_path / "box", messages))

    assert {name for name, rows in dump(engine).items() if rows != before[name]} <= {"mailboxes", "identity"}


def test_a_dry_run_changes_no_table(workspace: Workspace, engine: Engine, tmp_path: Path) -> None:
    back = post(engine, "anna", "ben", "cara", "ed")
    messages = [
        back.bounce("anna"),
        back.complaint("ben"),
        back.wish("cara"),
        back.reply("ed", "please unsubscribe me"),
    ]
    place = write_mbox(tmp_path / "file", messages)
    before = dump(engine)

    said = run(workspace, "bounces", "--from", place, "--dry-run")

    assert dump(engine) == before
    assert "        1  bounced: " in said
    assert said.endswith("This was a dry run: nothing was changed.\n")
    assert run(workspace, "bounces", "--from", place, "--dry-run", "--json") == run(
        workspace, "bounces", "--from", place, "--json"
    )


def test_a_storm_stops_and_yes_carries_it_out(workspace: Workspace, engine: Engine, tmp_path: Path) -> None:
    names = [f"name-{number}" for number in range(30)]
    back = post(engine, *names)
    place = write_mbox(tmp_path / "file", [back.bounce(name) for name in names[:25]])

    said = run(workspace, "bounces", "--from", place, code=1)
    assert "25 of 30 readers of one mailing would be suppressed at once." in said
    assert "bulletin bounces --yes" in said
    assert count_stops(engine) == 0

    run(workspace, "bounces", "--from", place, "--yes", "--leave", code=2)
    assert "25 readers will be emailed no more" in run(workspace, "bounces", "--from", place, "--yes")
    assert count_stops(engine) == 25


def test_a_person_decides_by_number(workspace: Workspace, engine: Engine, tmp_path: Path) -> None:
    back = post(engine, "anna", "ben")
    words = "Please take me off this list"
    run(
        workspace,
        "bounces",
        "--from",
        write_mbox(tmp_path / "f", [back.reply("anna", words), back.reply("ben", words)]),
    )
    assert "2 returned emails need your decision" in run(workspace, "bounces", "--list")
    assert "2 returned emails need your decision: bulletin bounces --list" in run(workspace, "status", "2021-05")

    assert run(workspace, "bounces", "--settle", "1", "--stop") == "No more email goes to 1 reader.\n"
    assert run(workspace, "bounces", "--settle", "2", "--keep") == "Nothing changes for 1 reader.\n"
    assert run(workspace, "bounces", "--list") == "No returned email needs your decision.\n"
    assert count_stops(engine) == 1
    with pytest.raises(BulletinError, match="Number 1 is not waiting for a decision"):
        run(workspace, "bounces", "--settle", "1", "--stop")


def test_someone_on_no_list_is_told_by_what_may_be_shown(workspace: Workspace, engine: Engine, tmp_path: Path) -> None:
    back = post(engine, "anna")
    request = back.reply("stranger", "Please take me off this list")
    said = run(workspace, "bounces", "--from", write_mbox(tmp_path / "f", [request]))
    assert ": s…@example.org: asks to be removed: “Please take me off this list”.\n" in said
    with pytest.raises(BulletinError, match="can't tell which reader"):
        run(workspace, "bounces", "--settle", "1", "--stop")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--settle", "1"),
        ("--settle", "1", "--stop", "--keep"),
        ("--stop",),
        ("--keep", "--dry-run"),
        ("--settle", "1", "--stop", "--from", "mbox:x"),
        ("--settle", "1", "--stop", "--yes"),
        ("--settle", "one", "--stop"),
    ],
)
def test_options_that_contradict_each_other_are_wrong_usage(workspace: Workspace, arguments: tuple[str, ...]) -> None:
    run(workspace, "bounces", *arguments, code=2)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("", "doesn't say where emails come back"),
        ("returned.txt", "isn't a place where emails can be read"),
        ("mbox:", "isn't a place where emails can be read"),
        ("pop3://a:b@example.org", "isn't a place where emails can be read"),
        ("mbox:/nowhere/at/all", "is not an mbox file"),
        ("maildir:/nowhere/at/all", "is not a Maildir"),
        ("imaps://user@imap.example.org", "no user or no password"),
    ],
)
def test_a_place_that_cannot_be_read_is_told(workspace: Workspace, place: str, words: str) -> None:
    with pytest.raises(BulletinError, match=words):
        run(workspace, "bounces", *(("--from", place) if place else ()))


# --- before sending, by the hour, and at a glance


@pytest.fixture
def dead(make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A workspace whose mailbox can't be read, and a relay that takes everything."""
    with refuse_connections() as port, RealRelay() as relay:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{relay.port}")
        monkeypatch.setenv("BULLETIN_IMAP_URL", f"imap://returns:secret-word@127.0.0.1:{port}")
        yield make_workspace(
            settings=SETTINGS + RETURNS % port, lists={"partners": "email\nanna@example.org\n", "schools": "email\n"}
        )


def read_at(workspace: Workspace, at: int) -> None:
    """As if the mailbox had been read at a time."""
    name = name_own_mailbox(open_workspace(workspace.root))
    engine = open_database(workspace.database_url)
    with engine.begin() as connection:
        keep_reading(connection, name or "", now=at)
    engine.dispose()


def test_send_with_yes_refuses_if_the_mailbox_was_not_read_for_a_day(dead: Workspace) -> None:
    for at in (None, NOW - 25 * 3_600_000):
        if at:
            read_at(dead, at)
        with pytest.raises(BulletinError) as caught:
            run(dead, "send", "2021-05", "--yes")
        assert "We couldn't read the mailbox where readers unsubscribe (" in caught.value.message
        assert "Requests to unsubscribe may be waiting there." in caught.value.message
        assert "secret-word" not in str(caught.value)


def test_send_with_yes_warns_if_the_mailbox_was_read_today(dead: Workspace) -> None:
    read_at(dead, NOW - 2 * 3_600_000)
    said = run(dead, "send", "2021-05", "--yes", "--new-database")
    assert "Requests to unsubscribe may be waiting there. It was read less than a day ago" in said
    assert "accepted" in said


@pytest.mark.parametrize("agrees", [True, False])
def test_a_person_is_asked_and_may_send_anyway(
    dead: Workspace, monkeypatch: pytest.MonkeyPatch, *, agrees: bool
) -> None:
    asked: list[str] = []

    def confirm(question: str, **_: object) -> bool:
        asked.append(question)
        return agrees

    monkeypatch.setattr(read_returns, "can_ask", lambda: True)
    monkeypatch.setattr(read_returns, "confirm", confirm)
    with pytest.raises(BulletinError if agrees else Exception):  # the next question has no one to answer it
        run(dead, "send", "2021-05")
    assert asked[0].endswith("Requests to unsubscribe may be waiting there. Send anyway?")


def test_a_dry_run_of_send_reads_nothing(dead: Workspace) -> None:
    assert "This was a dry run" in run(dead, "send", "2021-05", "--dry-run")


def test_run_tells_the_same_trouble_once_a_day(dead: Workspace) -> None:
    first = run(dead, "run", code=1)
    assert "can’t be read" in first
    assert run(dead, "run", code=1) == ""


def test_run_reads_by_the_hour(dead: Workspace) -> None:
    now = time.time_ns() // 1_000_000  # not NOW: a long run of tests is half an hour older by now
    read_at(dead, now - 50 * 60_000)
    assert run(dead, "run") == ""  # not yet
    read_at(dead, now - 61 * 60_000)
    assert "can’t be read" in run(dead, "run", code=1)


def test_a_scheduled_issue_waits_for_a_person_if_the_mailbox_was_not_read_for_a_day(dead: Workspace) -> None:
    workspace = open_workspace(dead.root)
    engine = open_database(dead.database_url)
    with pytest.raises(BulletinError, match="hasn't been read for a day"):
        read_returns.require_read_lately(workspace, engine)
    read_at(dead, NOW - 23 * 3_600_000)
    read_returns.require_read_lately(workspace, engine)
    engine.dispose()


def test_status_says_when_the_mailbox_was_read_and_warns_after_a_day(dead: Workspace) -> None:
    engine = open_database(dead.database_url)
    post(engine, "anna")
    engine.dispose()
    assert "has never been read. Read it: bulletin bounces" in run(dead, "status")
    read_at(dead, NOW - 3_600_000)
    assert "may be waiting" not in run(dead, "status")
    read_at(dead, NOW - 25 * 3_600_000)
    assert "Requests to unsubscribe may be waiting there. Read it: bulletin bounces" in run(dead, "status")
    assert "mailbox" not in run(dead, "status", "2021-05", "--json")


def test_status_names_who_came_back_and_why(workspace: Workspace, engine: Engine, tmp_path: Path) -> None:
    back = post(engine, "anna", "ben")
    run(workspace, "bounces", "--from", write_mbox(tmp_path / "f", [back.bounce("anna")]))

    said = run(workspace, "status", "2021-05")
    assert said.startswith("2021-05: 1 of 2 accepted. 1 came back. Nothing is left to do.\n")
    assert "  1 came back. " in said
    assert "    anna@example.org  anna  " in said
    assert "550 5.1.1 <a…@example.org>: User unknown" in said
    assert "anna@example.org" in run(workspace, "status", "2021-05", "--who", "bounced")


def test_report_and_certificate_count_what_came_back(workspace: Workspace, engine: Engine, tmp_path: Path) -> None:
    back = post(engine, "anna", "ben", "cara", "dora")
    run(
        workspace,
        "bounces",
        "--from",
        write_mbox(tmp_path / "f", [back.bounce("anna"), back.bounce("ben", "552 5.2.2 full")]),
    )
    page = tmp_path / "report.html"
    run(workspace, "report", "2021-05", "--out", str(page))
    words = " ".join(re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8")).split())
    assert "2 came back" in words
    said = run(workspace, "certificate", "2021-05")
    assert [line.split() for line in said.splitlines() if "Came back" in line] == [["Came", "back", "2"]]


def test_what_came_back_is_never_sent_again(
    workspace: Workspace, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = post(engine, "anna", "ben", "cara")
    with engine.begin() as connection:
        connection.execute(update(deliveries).where(deliveries.c.name == "cara").values(state="uncertain"))
    run(
        workspace,
        "bounces",
        "--from",
        write_mbox(tmp_path / "f", [back.bounce("anna", "552 5.2.2 full"), back.bounce("cara", "552 5.2.2 full")]),
    )
    assert read_states(engine) == {"anna": "bounced", "ben": "accepted", "cara": "bounced"}
    before = dump(engine)["deliveries"]

    with RealRelay() as relay:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{relay.port}")
        run(workspace, "resolve", "2021-05", "--all", "--resend", "--yes")
        run(workspace, "run")
        run(workspace, "send", "2021-05", "--resend-refused", "--yes")
        assert relay.inbox.envelopes == []
    assert dump(engine)["deliveries"] == before


# --- what servers say while an issue is sent


def test_an_address_that_the_server_does_not_know_is_suppressed_after_the_mailing(
    make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = "".join(f"name-{number}@example.org\n" for number in range(30))
    workspace = make_workspace(lists={"partners": f"email\nanna@example.com\n{people}", "schools": "email\n"})

    class Picky(RealRelay):
        def __init__(self) -> None:
            super().__init__()
            self.handler.handle_RCPT = self._answer  # type: ignore[attr-defined]

        async def _answer(
            self, _server: object, _session: object, envelope: object, address: str, _options: object
        ) -> str:
            if address.startswith("anna@"):
                return f"550 5.1.1 <{address}>: Recipient address rejected: User unknown"
            envelope.rcpt_tos.append(address)  # type: ignore[attr-defined]
            return "250 OK"

    with Picky() as relay:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{relay.port}")
        said = run(workspace, "send", "2021-05", "--yes")

    assert "1 address doesn't exist. It is suppressed from now on." in said
    engine = open_database(workspace.database_url)
    with engine.begin() as connection:
        (kept,) = connection.execute(select(returns)).all()
        (refused,) = connection.execute(select(deliveries).where(deliveries.c.state == "refused")).all()
    assert (kept.source, kept.kind, kept.delivery_id) == ("answer", "no such mailbox", refused.id)
    assert refused.reply == "550 5.1.1 <a…@example.com>: Recipient address rejected: User unknown"
    assert count_stops(engine) == 1
    engine.dispose()
    assert "Suppressed: bounced since" in run(workspace, "subscribers", "show", "anna@example.com")


def test_the_mailboxes_password_is_kept_nowhere(dead: Workspace) -> None:
    read_at(dead, NOW)
    engine = open_database(dead.database_url)
    with engine.begin() as connection:
        assert "secret-word" not in str(connection.execute(select(mailboxes)).all())
    engine.dispose()


# --- the mailbox that bulletin.yaml names


@pytest.fixture
def served(make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Workspace, Dovecot]]:
    """A workspace with a mailbox on a real server, from which what was dealt with is moved."""
    with run_dovecot() as dovecot:
        monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.authority))
        monkeypatch.setenv("BULLETIN_IMAP_URL", dovecot.url())
        settings = SETTINGS + "returns: {address: returns@anytown.example.org, after: move, move_to: Done}\n"
        yield make_workspace(settings=settings, lists={"partners": "email\n", "schools": "email\n"}), dovecot


@pytest.mark.slow
def test_what_was_dealt_with_is_moved_and_what_someone_must_see_stays(served: tuple[Workspace, Dovecot]) -> None:
    workspace, dovecot = served
    engine = open_database(workspace.database_url)
    back = post(engine, "anna", "ben", "cara")
    dovecot.put(back.bounce("anna"), back.wish("ben"), back.reply("cara", "Please take me off this list"))
    dovecot.put(folder=".Done")
    before = dovecot.describe()
    run(workspace, "bounces", "--dry-run")
    assert dovecot.describe() == before

    assert "1 unsubscribed" in run(workspace, "run").replace(": ", " ").replace(",", "")

    assert (
        len(list((dovecot.inbox / ".Done" / "new").iterdir()) + list((dovecot.inbox / ".Done" / "cur").iterdir())) == 2
    )
    assert run(workspace, "run") == ""  # within the hour
    assert run(workspace, "bounces").startswith("0 emails read.")
    with engine.begin() as connection:
        assert "INBOX of returns at localhost" in connection.scalar(select(mailboxes.c.name))
    engine.dispose()


@pytest.mark.slow
def test_a_token_logs_in_to_the_mailbox(make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """`returns: login:` with a command, as for sending; what the server says of a wrong one is told without it."""
    with run_dovecot() as dovecot:
        monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.authority))
        monkeypatch.setenv("BULLETIN_IMAP_URL", f"imaps://{USER}@localhost:{dovecot.tls_port}/")
        login = "login: {kind: command, command: echo a-token-that-is-secret}"
        settings = SETTINGS + f"returns: {{address: returns@anytown.example.org, {login}}}\n"
        workspace = make_workspace(settings=settings, lists={"partners": "email\n", "schools": "email\n"})
        with pytest.raises(BulletinError) as caught:
            run(workspace, "bounces")
    assert "can’t be read" in str(caught.value)
    assert "a-token-that-is-secret" not in str(caught.value)
