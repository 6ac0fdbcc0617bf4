"""`bulletin status`: what a manager sees at one glance, who is in which state, and who is sent it again."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from anytown import NOON, address_of, opt_out, read_states
from bulletin.database.schema import open_database
from bulletin.database.states import DeliveryState, MailingEvent
from bulletin.database.tables import deliveries, editions, mailing_events, mailings
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.delivery.ledger import resolution
from bulletin.delivery.ledger.control import pause_mailings
from bulletin.delivery.ledger.deliveries import read_deliveries
from bulletin.errors import BulletinError, MailingError, MailingHeld
from bulletin.workspace.workspace import Workspace
from conftest import SETTINGS
from forked import Program
from mailed import ACCEPTED, FULL, LATER, QUEUED, UNCERTAIN, UNKNOWN, happen, mail, run

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]


@pytest.fixture
def workspace(make_workspace: MakeWorkspace) -> Workspace:
    return make_workspace(lists={"partners": "email\n", "schools": "email\n"})


@pytest.fixture
def engine(workspace: Workspace) -> Iterator[Engine]:
    engine = open_database(workspace.database_url)
    yield engine
    engine.dispose()


# --- at one glance


def test_the_first_line_says_how_many_of_how_many_have_it_what_is_left_and_what_waits_for_a_decision(
    workspace: Workspace, engine: Engine
) -> None:
    fates = [("anna", ACCEPTED), ("ben", ACCEPTED), ("cleo", UNKNOWN), ("dora", UNCERTAIN), ("ed", LATER)]
    mail(engine, [*fates, ("fay", QUEUED)])

    glance, *_ = run(workspace, "status", "2021-05").splitlines()
    assert glance == "2021-05: 2 of 6 accepted. 2 are still to be tried. 2 need your decision."


@pytest.mark.parametrize(
    ("fates", "glance"),
    [
        ([ACCEPTED], "1 of 1 accepted. Nothing is left to do."),
        ([ACCEPTED, QUEUED], "1 of 2 accepted. 1 is still to be tried."),
        ([ACCEPTED, UNKNOWN], "1 of 2 accepted. 1 needs your decision."),
    ],
)
def test_where_nothing_is_left_that_is_said(
    workspace: Workspace, engine: Engine, fates: list[dict[str, object]], glance: str
) -> None:
    mail(engine, [(f"reader-{number}", fate) for number, fate in enumerate(fates)])

    assert run(workspace, "status", "2021-05").splitlines()[0] == f"2021-05: {glance}"


def test_each_thing_to_decide_stands_with_its_command(workspace: Workspace, engine: Engine) -> None:
    refused = [(f"gone-{number}", UNKNOWN) for number in range(7)]
    mail(engine, [*refused, ("full", FULL), ("dora", UNCERTAIN), ("ed", LATER)])
    with engine.begin() as connection:
        connection.execute(update(mailings).values(lists=["partners"]))
    words = run(workspace, "status", "2021-05")

    assert "    bulletin resolve 2021-05 ADDRESS… --delivered (or --resend)\n" in words
    assert "    bulletin send 2021-05 --resend-refused\n" in words
    assert "    bulletin send 2021-05 --newcomers --list partners\n" in words  # the issue’s other list never had it
    assert "    bulletin send 2021-05\n" in words
    assert re.search(r"^ +7  No such address \(5\.1\.1\)\. Correct the address", words, re.MULTILINE)
    assert re.search(r"^ +1  The mailbox is full \(5\.2\.2\)\. ", words, re.MULTILINE)
    assert "… and 3 more: bulletin status 2021-05 --who refused" in words
    assert re.search(r"^    dora@example\.org .*\n      Message-ID <key2021-05\.\d+@", words, re.MULTILINE)
    assert re.search(r"ed@example\.org .*451 4\.7\.1 Later\n      tried 2 times; next try on 4 May 2021", words)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (MailingEvent.PAUSED, "Paused 4 May 2021, "),
        (MailingEvent.HALTED, "Stopped by itself 4 May 2021, "),
        (MailingEvent.CANCELLED, "Cancelled 4 May 2021, "),  # which stays so, whatever happened since
    ],
)
def test_who_stopped_a_mailing_when_and_why_is_said_until_it_goes_on(
    workspace: Workspace, engine: Engine, event: MailingEvent, words: str
) -> None:
    mailing = mail(engine, [("anna", QUEUED)])
    happen(engine, mailing, event, "25 of 400 were refused")
    said = run(workspace, "status", "2021-05")
    assert re.search(rf"^  {words}\d\d:\d\d: 25 of 400 were refused\.$", said, re.MULTILINE)

    happen(engine, mailing, MailingEvent.RESUMED)
    assert (words in run(workspace, "status", "2021-05")) is (event is MailingEvent.CANCELLED)


def test_begun_and_ended_are_said(workspace: Workspace, engine: Engine) -> None:
    mailing = mail(engine, [("anna", ACCEPTED)])
    happen(engine, mailing, MailingEvent.ENDED, at=NOON + 86_400_000)

    said = run(workspace, "status")
    assert re.search(
        r"^  To list-2021-05: started 4 May 2021, \d\d:\d\d, ended 5 May 2021, \d\d:\d\d\.$", said, re.MULTILINE
    )


def test_of_all_issues_only_the_last_and_those_with_something_to_do_are_told_at_length(
    workspace: Workspace, engine: Engine
) -> None:
    for issue, fate in (("2021-03", ACCEPTED), ("2021-04", UNKNOWN), ("2021-05", ACCEPTED)):
        mail(engine, [(f"reader-of-{issue}", fate)], issue=issue)

    said = run(workspace, "status")
    assert "2021-03: 1 of 1 accepted. Nothing is left to do.\n2021-04:" in said
    assert "list-2021-03" not in said
    assert "list-2021-04" in said
    assert "list-2021-05" in said


def test_after_a_cancelling_only_what_can_be_done_is_advised(
    workspace: Workspace, engine: Engine, tmp_path: Path
) -> None:
    mail(engine, [("anna", ACCEPTED), ("ben", UNKNOWN), ("cleo", QUEUED), ("dora", QUEUED), ("eve", QUEUED)])
    run(workspace, "cancel", "2021-05", "--yes")
    opt_out(engine, "eve")
    said = run(workspace, "status", "2021-05")
    page = tmp_path / "report.html"
    run(workspace, "report", "2021-05", "--out", str(page))

    assert said.startswith("2021-05: 1 of 5 accepted. 2 did not get it because it was cancelled.\n")
    assert "  2 did not get it because it was cancelled. To send it to them after all:\n" in said
    assert "    bulletin send 2021-05 --left-out\n" in said
    assert "  For them the mailing was cancelled. To send them the issue as it is now, run both:\n" in said
    assert "    bulletin send 2021-05 --resend-refused\n    bulletin send 2021-05 --left-out\n" in said
    assert "<code>bulletin send 2021-05 --left-out</code>" in page.read_text(encoding="utf-8")
    assert "--resend-refused" not in page.read_text(encoding="utf-8")
    opt_out(engine, "ben")
    assert "  They unsubscribed since (or bounced, or complained), so it isn't sent to them again.\n" in run(
        workspace, "status", "2021-05"
    )


def test_to_whom_a_cancelled_mailing_did_not_get_goes_to_them_alone(
    workspace: Workspace, engine: Engine, catcher: MailCatcher
) -> None:
    """Not to a list that the mailing was not for, nor to who has joined since."""
    mail(engine, [("anna", ACCEPTED), ("ben", QUEUED), ("cleo", QUEUED)])
    with engine.begin() as connection:
        connection.execute(update(mailings).values(lists=["partners"]))
    files = workspace.root / "subscribers"
    (files / "partners.csv").write_text(
        "email\n" + "".join(f"{address_of(name)}\n" for name in ("anna", "ben", "dora"))
    )
    (files / "schools.csv").write_text(f"email\n{address_of('cleo')}\n{address_of('ed')}\n")
    run(workspace, "cancel", "2021-05", "--yes")
    said = run(workspace, "send", "2021-05", "--left-out", "--yes")

    assert "2021-05 would go to 1 reader, each once:\n        1  partners: " in said
    assert "        1  added since: left out, see --newcomers\n" in said
    assert [message.recipient for message in catcher.caught] == [address_of("ben")]
    run(workspace, "send", "2021-05", "--left-out", "--list", "schools", "--yes")
    assert [message.recipient for message in catcher.caught] == [address_of("ben"), address_of("cleo")]
    run(workspace, "send", "2021-05", "--left-out", "--newcomers", "--yes", code=2)


def test_who_was_refused_or_is_uncertain_is_not_said_to_have_had_it(workspace: Workspace, engine: Engine) -> None:
    mail(engine, [("anna", ACCEPTED), ("ben", UNKNOWN), ("cleo", UNCERTAIN)])
    files = workspace.root / "subscribers"
    files.joinpath("partners.csv").write_text("email\nanna@example.org\nben@example.org\ncleo@example.org\n")
    said = run(workspace, "send", "2021-05", "--list", "partners")

    assert "2021-05 would go to no one:\n        1  already got it: left out\n" in said
    assert "        1  refused before: left out, see bulletin status 2021-05\n" in said
    assert "        1  may have got it (uncertain): left out, see bulletin status 2021-05\n" in said
    assert said.endswith("No one else is left.\n")


# --- who


def test_who_is_uncertain_is_named_also_where_what_was_sent_was_altered_since(
    workspace: Workspace, engine: Engine
) -> None:
    mail(engine, [("cleo", UNCERTAIN)])
    with engine.begin() as connection:
        connection.execute(update(editions).values(content=b"altered"))

    for arguments in (["--who", "uncertain"], []):
        said = run(workspace, "status", "2021-05", *arguments)
        assert re.search(r"cleo@example\.org .*\n +Message-ID <key2021-05\.1@…>\n", said)


def test_who_is_in_a_state_is_listed_with_name_time_and_the_servers_own_words(
    workspace: Workspace, engine: Engine
) -> None:
    mail(engine, [("anna", ACCEPTED), ("ben", UNKNOWN), ("cleo", UNCERTAIN)])

    heading, *people = run(workspace, "status", "2021-05", "--who", "refused").splitlines()
    assert heading == "2021-05: 1 reader refused"
    (line,) = people
    assert re.fullmatch(
        r"ben@example\.org  ben  4 May 2021, \d\d:\d\d  550 5\.1\.1 <ben@example\.org>: User unknown", line
    )
    several = run(workspace, "status", "2021-05", "--who", "refused", "--who", "uncertain").splitlines()
    assert several[0] == "2021-05: 2 readers refused or uncertain"
    assert [line.split("  ")[0] for line in several[1:3]] == ["refused", "uncertain"]


def test_an_issue_with_one_edition_says_so_as_json(workspace: Workspace, engine: Engine) -> None:
    mail(engine, [("anna", ACCEPTED), ("ben", LATER), ("cleo", QUEUED)])
    (edition,) = json.loads(run(workspace, "status", "2021-05", "--json"))["editions"]

    counted = (edition["recipients"], edition["accepted"], edition["deferred"], edition["queued"], edition["refused"])
    assert (edition["name"], edition["lists"]) == ("everyone", [])
    assert counted == (3, 1, 1, 1, 0)


def test_who_as_json_is_the_same_object_with_the_people(workspace: Workspace, engine: Engine) -> None:
    mail(engine, [("anna", ACCEPTED), ("ben", LATER), ("cleo", QUEUED)])
    alone = json.loads(run(workspace, "status", "2021-05", "--json"))
    found = json.loads(run(workspace, "status", "2021-05", "--json", "--who", "deferred", "--who", "queued"))

    people = found.pop("people")
    assert found == alone
    assert [person["name"] for person in people] == ["ben", "cleo"]
    assert people[0] == {
        "address": "ben@example.org",
        "name": "ben",
        "state": "deferred",
        "attempts": 2,
        "when": "2021-05-04T11:00:00Z",
        "next": "2021-05-04T11:01:00Z",
        "reply": "451 4.7.1 Later",
        "message_id": people[0]["message_id"],
    }
    assert people[1]["when"] is None
    assert json.loads(run(workspace, "status", "2021-05", "--json", "--who", "bounced"))["people"] == []


def test_however_many_there_are_each_is_listed_once_and_in_order(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"reader-{number:02}" for number in range(25)]
    earlier = mail(engine, [("other", ACCEPTED)], issue="2021-04")
    mailing = mail(engine, [(name, UNKNOWN if name.endswith("7") else ACCEPTED) for name in names])
    for batch in (1, 2, 5, 25, 1000):
        monkeypatch.setattr("bulletin.delivery.ledger.deliveries._BATCH", batch)
        assert [one.name for one in read_deliveries(engine, [mailing])] == names
        refused = read_deliveries(engine, [mailing, earlier], states=[DeliveryState.REFUSED])
        assert [one.name for one in refused] == ["reader-07", "reader-17"]


ON_PAGES = {
    "as many people as lines": (20, ACCEPTED, None),
    "more people than lines": (40, ACCEPTED, 41),
    "two lines for each person": (20, UNCERTAIN, 41),
    "words that take several lines": (12, UNKNOWN | {"reply": "550 5.7.1 no " + "and no " * 30}, 13),
}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals to test with")
@pytest.mark.parametrize(("people", "fate", "paged"), ON_PAGES.values(), ids=ON_PAGES)
def test_what_a_terminal_of_24_lines_does_not_hold_comes_page_by_page(
    workspace: Workspace, engine: Engine, people: int, fate: dict[str, object], paged: int | None
) -> None:
    import pty

    mail(engine, [(f"reader-{number:02}", fate) for number in range(people)])
    terminal, inside = pty.openpty()
    pager = 'awk \'{ if ($0 != "") last = NR } END { print "PAGED", last }\''
    environ = os.environ | {"PAGER": pager, "LINES": "24", "COLUMNS": "80"}
    command = ["status", "2021-05", "--who", str(fate["state"])]
    code = Program(command, cwd=workspace.root, env=environ, stdin=inside, stdout=inside).wait(60)
    os.close(inside)
    shown = os.read(terminal, 65536)
    os.close(terminal)

    assert code == 0, shown
    assert re.findall(r"PAGED (\d+)", shown.decode()) == ([str(paged)] if paged else [])


@pytest.mark.parametrize("arguments", [("--who", "refused"), ("2021-05", "--who", "lost")])
def test_who_needs_an_issue_and_a_state_that_there_is(workspace: Workspace, arguments: tuple[str, ...]) -> None:
    run(workspace, "status", *arguments, code=2)


# --- again to those who were refused


@pytest.fixture
def catcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        yield catcher


def test_once_the_cause_is_mended_those_who_were_refused_get_it_and_nobody_else(
    workspace: Workspace, engine: Engine, catcher: MailCatcher
) -> None:
    mail(engine, [("anna", ACCEPTED), ("ben", UNKNOWN), ("cleo", FULL), ("dora", UNCERTAIN)])
    said = run(workspace, "send", "2021-05", "--resend-refused", "--yes", code=1)  # dora stays uncertain

    assert "2021-05 would be sent again to 2 readers who were refused:" in said
    assert "    ben@example.org  ben  550 5.1.1 <ben@example.org>: User unknown" in said
    assert sorted(message.recipient for message in catcher.caught) == [address_of("ben"), address_of("cleo")]
    assert read_states(engine) == {"anna": "accepted", "ben": "accepted", "cleo": "accepted", "dora": "uncertain"}


def test_only_those_named_are_sent_it_again(workspace: Workspace, engine: Engine, catcher: MailCatcher) -> None:
    mail(engine, [("anna", ACCEPTED), ("ben", UNKNOWN), ("cleo", FULL)])
    run(workspace, "send", "2021-05", "--resend-refused", "--to", "CLEO@example.org", "--yes")

    assert [message.recipient for message in catcher.caught] == [address_of("cleo")]
    assert read_states(engine)["ben"] == "refused"


def test_whoever_was_not_refused_is_named_and_nothing_changes(
    workspace: Workspace, engine: Engine, catcher: MailCatcher
) -> None:
    mail(engine, [("anna", ACCEPTED), ("ben", UNKNOWN)])
    to = ("--to", "ben@example.org", "--to", "anna@example.org", "--to", "zoe@example.org")
    with pytest.raises(MailingError, match=r"anna@example\.org is accepted; zoe@example\.org was never written to"):
        run(workspace, "send", "2021-05", "--resend-refused", *to, "--yes")

    assert read_states(engine)["ben"] == "refused"
    assert not catcher.caught


def test_who_has_opted_out_since_is_never_among_them(
    workspace: Workspace, engine: Engine, catcher: MailCatcher
) -> None:
    mail(engine, [("anna", UNKNOWN), ("ben", UNKNOWN)])
    opt_out(engine, "anna")
    said = run(workspace, "send", "2021-05", "--resend-refused", "--yes")

    assert re.search(r"^ +1  unsubscribed since .*: left out$", said, re.MULTILINE)
    assert [message.recipient for message in catcher.caught] == [address_of("ben")]
    assert read_states(engine)["anna"] == "refused"
    assert "there is no refused reader to send it to again" in run(
        workspace, "send", "2021-05", "--resend-refused", "--yes"
    )


def test_whose_address_was_corrected_in_the_files_is_left_out_and_the_way_to_the_new_one_named(
    workspace: Workspace, engine: Engine, catcher: MailCatcher
) -> None:
    mail(engine, [("ben", UNKNOWN), ("gus", UNKNOWN)])
    with engine.begin() as connection:
        connection.execute(update(mailings).values(lists=["partners"]))
    (workspace.root / "subscribers" / "partners.csv").write_text("email\nben@example.org\nguy@example.org\n")
    said = run(workspace, "send", "2021-05", "--resend-refused", "--yes")

    assert "gus@example.org is no longer on any of its lists, so it's left out." in said
    assert "Corrected an address? Send to it with: bulletin send 2021-05 --newcomers --list partners\n" in said
    assert [message.recipient for message in catcher.caught] == [address_of("ben")]
    assert read_states(engine)["gus"] == "refused"


@pytest.mark.parametrize("option", [["--at", "tomorrow 9:00"], ["--newcomers"], ["--left-out"], ["--list", "partners"]])
def test_resend_refused_goes_with_nothing_that_would_send_to_others_or_later(
    workspace: Workspace, engine: Engine, option: list[str]
) -> None:
    mail(engine, [("ben", UNKNOWN)])
    run(workspace, "send", "2021-05", "--resend-refused", *option, "--yes", code=2)

    assert read_states(engine) == {"ben": "refused"}


def test_a_dry_run_or_a_no_changes_nothing(
    workspace: Workspace, engine: Engine, catcher: MailCatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail(engine, [("ben", UNKNOWN)])
    assert "would be sent again to 1 reader" in run(workspace, "send", "2021-05", "--resend-refused", "--dry-run")
    monkeypatch.setattr("bulletin.cli.sending.resend.confirm", lambda _question, *, yes, otherwise: yes and otherwise)
    assert "nothing was changed" in run(workspace, "send", "2021-05", "--resend-refused", code=1)

    assert read_states(engine) == {"ben": "refused"}
    assert not catcher.caught


def test_they_have_all_their_attempts_before_them_again(
    workspace: Workspace, engine: Engine, catcher: MailCatcher
) -> None:
    mail(engine, [("ben", UNKNOWN)])
    with engine.begin() as connection:
        connection.execute(update(deliveries).values(attempts=8))
    run(workspace, "send", "2021-05", "--resend-refused", "--yes")

    with engine.begin() as connection:
        assert connection.scalar(select(deliveries.c.attempts)) == 1
    assert len(catcher.caught) == 1


def test_a_mailing_that_had_ended_is_recorded_to_go_on(
    workspace: Workspace, engine: Engine, catcher: MailCatcher
) -> None:
    mailing = mail(engine, [("ben", UNKNOWN)])
    happen(engine, mailing, MailingEvent.ENDED)
    run(workspace, "send", "2021-05", "--resend-refused", "--yes")

    with engine.begin() as connection:
        events = list(connection.scalars(select(mailing_events.c.event).order_by(mailing_events.c.id)))
    assert events[:3] == ["begun", "ended", "resumed"]
    assert len(catcher.caught) == 1


def test_where_others_are_left_that_is_asked_too_and_a_no_changes_nothing(
    workspace: Workspace, engine: Engine, catcher: MailCatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    happen(
        engine, mail(engine, [("ben", UNKNOWN), ("cleo", QUEUED), ("dora", LATER)]), MailingEvent.PAUSED, "by jo: DATE"
    )
    answers = [False, True]
    asked: list[str] = []
    monkeypatch.setattr(
        "bulletin.cli.sending.resend.confirm", lambda question, **_: asked.append(question) or answers.pop(0)
    )
    said = run(workspace, "send", "2021-05", "--resend-refused", code=1)
    assert re.search(r"^ +2  others are still to be tried, and would get it too$", said, re.MULTILINE)
    assert re.search(r"^  Paused 4 May 2021, \d\d:\d\d, by jo: DATE\.$", said, re.MULTILINE)
    assert read_states(engine) == {"ben": "refused", "cleo": "queued", "dora": "deferred"}
    assert not catcher.caught

    run(workspace, "send", "2021-05", "--resend-refused")
    assert asked[-1].endswith("Send 2021-05 to this reader again, and to 2 others?")
    assert len(catcher.caught) == 3


@pytest.mark.parametrize("event", [MailingEvent.PAUSED, MailingEvent.HALTED])
def test_a_yes_beforehand_lets_nothing_go_on_to_others_that_is_at_rest(
    workspace: Workspace, engine: Engine, catcher: MailCatcher, event: MailingEvent
) -> None:
    happen(engine, mail(engine, [("ben", UNKNOWN), ("cleo", QUEUED)]), event, "WRONG DATE")
    with pytest.raises(MailingError, match=r"--yes does not resume it for 1 other\. .* first: bulletin send 2021-05"):
        run(workspace, "send", "2021-05", "--resend-refused", "--yes")

    assert read_states(engine) == {"ben": "refused", "cleo": "queued"}
    assert not catcher.caught


@pytest.mark.parametrize("event", [MailingEvent.BEGUN, MailingEvent.PAUSED])
def test_who_is_named_gets_it_alone_or_nobody_does(
    workspace: Workspace, engine: Engine, catcher: MailCatcher, event: MailingEvent
) -> None:
    happen(engine, mail(engine, [("ben", UNKNOWN), ("cleo", QUEUED)]), event)
    with pytest.raises(
        MailingError, match="would also go to 1 other, but --to allows only the addresses that you named"
    ):
        run(workspace, "send", "2021-05", "--resend-refused", "--to", "ben@example.org", "--yes")

    assert read_states(engine) == {"ben": "refused", "cleo": "queued"}
    assert not catcher.caught


def test_what_another_process_stops_or_does_in_between_is_not_overruled(
    workspace: Workspace, engine: Engine, catcher: MailCatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail(engine, [("ben", UNKNOWN)])
    queue = resolution.queue_again

    def queue_and_pause(*arguments: Any, **options: Any) -> int:
        number = queue(*arguments, **options)
        pause_mailings(engine, "2021-05", now=NOON, note="by jo")
        return number

    monkeypatch.setattr(resolution, "queue_again", queue_and_pause)
    with pytest.raises(MailingError, match="has changed since it was shown here"):
        run(workspace, "send", "2021-05", "--resend-refused", "--yes")
    assert not catcher.caught


def test_a_cancelled_mailing_stays_cancelled(workspace: Workspace, engine: Engine, catcher: MailCatcher) -> None:
    happen(engine, mail(engine, [("ben", UNKNOWN)]), MailingEvent.CANCELLED)

    assert "--left-out" in run(workspace, "send", "2021-05", "--resend-refused", "--yes")
    assert read_states(engine) == {"ben": "withdrawn"}
    assert not catcher.caught


def test_while_another_process_sends_nobody_is_queued_again(
    workspace: Workspace, engine: Engine, catcher: MailCatcher
) -> None:
    from bulletin.delivery.ledger.file_lock import hold_mailing

    mail(engine, [("ben", UNKNOWN)])
    with hold_mailing(workspace.state_folder, "2021-05", now=NOON), pytest.raises(MailingHeld):
        run(workspace, "send", "2021-05", "--resend-refused", "--yes")

    assert read_states(engine) == {"ben": "refused"}
    assert not catcher.caught


def test_to_without_resend_refused_is_wrong_usage(workspace: Workspace) -> None:
    run(workspace, "send", "2021-05", "--to", "anna@example.org", code=2)


# --- a page to watch it


def test_a_link_leads_to_the_page_that_shows_how_far_it_is(workspace: Workspace, engine: Engine) -> None:
    mail(engine, [("anna", ACCEPTED), ("ben", QUEUED)])

    link, *said = run(workspace, "status", "2021-05", "--link").splitlines()

    assert re.fullmatch(r"https://news\.anytown\.example\.org/watch/w[0-9a-f]+g[0-9a-f]+g[0-9a-f]{32}", link)
    assert "It works until" in " ".join(said)


def test_a_link_needs_pages_and_something_to_watch(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(settings=re.sub(r"website:\n( .*\n)+", "", SETTINGS))

    with pytest.raises(BulletinError, match="has no `website`"):
        run(workspace, "status", "2021-05", "--link")
    with pytest.raises(BulletinError, match="nothing to watch"):
        run(make_workspace(), "status", "2021-05", "--link")
