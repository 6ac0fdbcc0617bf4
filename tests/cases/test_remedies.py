"""What a person is told to do next: it must be the right thing, and the place that they are led to."""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from PIL import Image

from bulletin.database.schema import open_database
from bulletin.declaration.source import parse_source
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.delivery.dispatch.supervision import Control
from bulletin.delivery.ledger.issue_lock import find_holder, hold_issue
from bulletin.delivery.sending.last_failure import LastFailure
from bulletin.delivery.sending.runner import Runner, Skipped
from bulletin.delivery.sending.send_preview import preview_send
from bulletin.delivery.sending.sending import send_or_resume
from bulletin.edition.build import make_edition
from bulletin.errors import BulletinError
from bulletin.issue.identity import guess_issue
from bulletin.preview.approval import describe_issue_approval
from bulletin.preview.session import PreviewSession
from bulletin.proof.links.checker import check_links
from bulletin.subscribers.address import parse_addresses
from bulletin.workspace.workspace import Workspace
from command_call import call
from conftest import ISSUE, SETTINGS, on_postgresql, refuse_connections
from new_workspace import ENOUGH
from program import towards

CASES = Path(__file__).parent
MakeWorkspace = Callable[..., Workspace]

LISTS = {
    "partners": "email,name\nann@example.org,Ann\nbob@example.org,Bob\n",
    "schools": "email\ncara@example.org\ndan@example.org\n",
}
HASTY = SETTINGS + "sending: {connections: 1, patience: 0 minutes}\n"  # doesn't wait for retries
NOON = 1_622_545_200_000  # 1 June 2021, 11:00 UTC
DAY = 24 * 3_600_000


class Server(MailCatcher):
    """Defers everything after the first `patience` messages, or refuses everything with `word`."""

    patience = 1_000_000
    word = "451 4.3.0 Later"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's
        if len(self.caught) >= self.patience:
            return self.word
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path / "caught") as server:
        yield server


def flat(text: str) -> str:
    return " ".join(text.split())


# --- test copies


def test_a_mail_server_that_is_down_is_not_the_address_s_fault(make_workspace: MakeWorkspace) -> None:
    root = make_workspace(lists=LISTS).root
    with refuse_connections() as port:
        environ = {"BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{port}"}
        done = call("test", "2021-05", "--to", "boss@example.org", folder=root, environ=environ)
    assert done.returncode == 1
    assert "The copy for boss@example.org couldn't be sent: " in flat(done.stderr)
    assert "Nothing was sent, and the address isn't the cause. Try again in a few minutes" in flat(done.stderr)
    assert "Check the address" not in done.stderr


@pytest.mark.parametrize(
    ("word", "remedy"),
    [
        ("451 4.3.0 Later", "The server asks you to wait. Try again in a few minutes."),
        ("550 5.1.1 No such user", "No such address. Check the address, or use another one."),
        ("552 5.2.2 Over quota", "The mailbox is full. Check the address, or use another one."),
        ("550 5.7.26 DMARC failed", "Ask the people who run your domain to let this server send for it."),
        ("554 5.7.1 Message rejected as spam", "Ask the people who run your email whether"),
    ],
)
def test_a_server_s_no_to_a_copy_has_the_remedy_of_its_reason(
    make_workspace: MakeWorkspace, server: Server, word: str, remedy: str
) -> None:
    server.patience, server.word = 0, word
    root = make_workspace(lists=LISTS).root
    done = call("test", "2021-05", "--to", "boss@example.org", folder=root, environ=towards(server))
    assert done.returncode == 1
    assert remedy in flat(done.stderr)


@pytest.mark.parametrize(
    "to",
    [
        ("--to", "a@example.org, b@example.org"),
        ("--to", "a@example.org;b@example.org"),
        ("--to", "a@example.org b@example.org"),
        ("--to", "a@example.org,", "--to", "b@example.org"),
        ("--to", "a@example.org, b@example.org, A@example.org"),
    ],
)
def test_two_addresses_at_once_are_both_taken(
    make_workspace: MakeWorkspace, server: Server, to: tuple[str, ...]
) -> None:
    root = make_workspace(lists=LISTS).root
    done = call("test", "2021-05", *to, folder=root, environ=towards(server))
    assert done.returncode == 0, done.stderr
    assert [message.recipient for message in server.caught] == ["a@example.org", "b@example.org"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Smith, Ann <ann@example.org>", "“Smith, Ann <ann@example.org>” is more than an address."),
        ("ann@example,org", "“ann@example,org” has a comma in it."),
        ("ann smith@example.org", "“ann smith@example.org” has a space in it."),
        ("", "There is no address here."),
    ],
)
def test_what_is_no_list_of_addresses_is_refused_as_it_was_typed(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        parse_addresses([text], otherwise="Nothing was sent.")


def test_several_addresses_can_be_removed_in_one_text(make_workspace: MakeWorkspace) -> None:
    root = make_workspace(lists=LISTS).root
    done = call("subscribers", "remove", "ann@example.org, bob@example.org", "--yes", folder=root)
    assert "ann@example.org will never be emailed again" in done.stdout
    assert "bob@example.org will never be emailed again" in done.stdout


# --- pictures


def save(path: Path, form: str = "JPEG") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 8)).save(path, form)


WITH_PICTURE = ISSUE + '    image: {{file: "{}", alt: A bed of lavender}}\n'


@pytest.mark.parametrize(
    ("there", "named", "remedy"),
    [
        ("issues/images/Garden.JPG", "issues/images/garden.jpg", "Did you mean “issues/images/Garden.JPG”?"),
        ("issues/images/café.jpg", "issues/images/cafe.jpg", "Did you mean “issues/images/café.jpg”?"),
        (
            unicodedata.normalize("NFD", "issues/images/café.jpg"),
            "issues/images/café.jpg",
            f"Did you mean “{unicodedata.normalize('NFD', 'issues/images/café.jpg')}”?",
        ),
        ("issues/images/garden.jpeg", "issues/images/garden.jpg", "Did you mean “issues/images/garden.jpeg”?"),
        (
            "issues/images/our garden.jpg",
            "issues/images/our-garden.jpg",
            "Did you mean “issues/images/our garden.jpg”?",
        ),
        ("issues/images/garden.jpg", "garden.jpg", "Did you mean “issues/images/garden.jpg”?"),
        ("issues/images/garden.jpg", "images/garden.jpg", "Did you mean “issues/images/garden.jpg”?"),
        ("issues/images/garden.jpg", "issues/images/gardne.jpg", "Did you mean “issues/images/garden.jpg”?"),
        ("issues/images/garden.jpg", "issues/images/poster.jpg", "Give its path from the folder of bulletin.yaml."),
        ("issues/images/garden.psd", "issues/images/garden.psd", "Open it in a picture program, and save it as JPEG"),
        ("issues/images/photo.heic", "issues/images/photo.heic", "Settings, Camera, Formats, Most Compatible."),
        ("issues/images/logo.svg", "issues/images/logo.svg", "Open it in a drawing program or a browser, and save it"),
        ("issues/images/garden.odd", "issues/images/garden.odd", "Is it a picture? Open it in a picture program, and"),
    ],
)
def test_a_picture_that_is_not_there_or_is_none_has_its_own_remedy(
    make_workspace: MakeWorkspace, there: str, named: str, remedy: str
) -> None:
    workspace = make_workspace(issues={"2021-05": WITH_PICTURE.format(named)})
    save(workspace.root / there)
    done = call("check", "2021-05", folder=workspace.root)
    assert done.returncode == 1
    assert remedy in flat(done.stdout + done.stderr)


# --- settings and issues


@pytest.mark.parametrize(
    ("greeting", "mark"),
    [
        ("Dear {{name}},", "{{name}}"),
        ("Dear {name} {surname},", "{surname}"),
        ("Dear {name}}},", "{name}}}"),
        ("Dear {name} *|LNAME|*,", "*|LNAME|*"),
        ("Dear {name} [last name],", "[last name]"),
        ("Dear {name} %LASTNAME%,", "%LASTNAME%"),
    ],
)
def test_a_greeting_with_a_mark_that_is_not_filled_in_is_refused(
    make_workspace: MakeWorkspace, greeting: str, mark: str
) -> None:
    settings = SETTINGS.replace("    title: Anytown news\n", f'    title: Anytown news\n    greeting: "{greeting}"\n')
    root = make_workspace().root
    (root / "bulletin.yaml").write_text(settings, encoding="utf-8")
    done = call("check", folder=root)
    assert done.returncode == 1
    assert f"The greeting has “{mark}” in it, which readers would see." in flat(done.stderr)
    assert "Write Hello {name}," in flat(done.stderr)


@pytest.mark.parametrize("greeting", ["Dear {name},", "Hello {name}!", "{name}: good morning", "Hi {name} (and team),"])
def test_a_right_greeting_is_left_alone(make_workspace: MakeWorkspace, greeting: str) -> None:
    settings = SETTINGS.replace("    title: Anytown news\n", f'    title: Anytown news\n    greeting: "{greeting}"\n')
    assert make_workspace(settings=settings).settings.bulletins["monthly"].greeting == greeting


def test_curly_quotation_marks_around_a_title_with_a_colon_are_named() -> None:
    text = (CASES / "28-curly-quotes-around.yaml").read_text(encoding="utf-8")
    (fault,) = parse_source(text, shown_as="issues/2026-12.yaml").faults
    assert (fault.line, fault.column) == (7, 12)
    assert (
        fault.message
        == "Curly marks such as “ don’t count as quotation marks here, so the second colon is one too many."
    )
    assert fault.remedy == 'Write straight ones: "Our plan: next year".'


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("‘Our plan: next year’", 'Write straight ones: "Our plan: next year".'),
        ("„Our plan: next year“", 'Write straight ones: "Our plan: next year".'),
        ("«Our plan: next year»", 'Write straight ones: "Our plan: next year".'),
        ('“Our "plan": next year”', "Write straight ones: 'Our \"plan\": next year'."),
        ("“Think Family”: a review", 'Put straight ones around the whole text: "“Think Family”: a review".'),
    ],
)
def test_every_curly_mark_has_the_text_to_write(written: str, remedy: str) -> None:
    (fault,) = parse_source(f"title: {written}\n", shown_as="a.yaml").faults
    assert fault.remedy == remedy
    (right,) = re.findall(r": (['\"].*)\.\Z", remedy)
    assert not parse_source(f"title: {right}\n", shown_as="a.yaml").faults


def test_a_second_colon_without_marks_is_told_as_before() -> None:
    (fault,) = parse_source("title: Our plan: next year\n", shown_as="a.yaml").faults
    assert fault.remedy == "Put everything after the first one in quotation marks."


@pytest.mark.parametrize(
    ("name", "guess"),
    [
        ("2026-12x", "2026-12"),
        ("2026-1", "2026-01"),
        ("202612", "2026-12"),
        ("2026_12", "2026-12"),
        ("2026/12", "2026-12"),
        ("12-2026", "2026-12"),
        ("December 2026", "2026-12"),
        ("dec-2026", "2026-12"),
        ("Training/2026-12", "training/2026-12"),
        ("trainig/2026-12", "training/2026-12"),
        ("2026-12-flod", "2026-12-flood"),
        ("2026-12.txt", "2026-12"),
        ("2026-11", ""),
        ("nothing", ""),
        ("", ""),
    ],
)
def test_a_mistyped_issue_is_guessed(name: str, guess: str) -> None:
    known = ["2026-01", "2026-12", "2026-12-flood", "training/2026-12"]
    assert guess_issue(name, known) == guess


def test_a_command_names_the_issue_that_is_likely_meant(make_workspace: MakeWorkspace) -> None:
    done = call("status", "2021-05x", folder=make_workspace().root)
    assert "There is no issue “2021-05x”. Did you mean 2021-05? The issues are: 2021-05." in flat(done.stderr)


@pytest.mark.parametrize("name", ["2021-06.yml", "2021-06.YAML", "2021-06.yaml.txt", "2021-06.yml.txt"])
def test_a_file_that_is_not_read_because_of_its_name_is_named(make_workspace: MakeWorkspace, name: str) -> None:
    root = make_workspace().root
    (root / "issues" / name).write_text(ISSUE.replace("2021-05", "2021-06"), encoding="utf-8")
    words = f"issues/{name} is not read, because its name doesn't end in .yaml. Rename it to issues/2021-06.yaml."
    assert words in flat(call("check", folder=root).stderr)
    done = call("status", "2021-06", folder=root)
    assert f"The file of “2021-06” is {name}. Rename it so that it ends in .yaml: issues/2021-06.yaml." in flat(
        done.stderr
    )


@pytest.mark.parametrize("name", ["bulletin.yml", "Bulletin.YAML", "bulletin.yaml.txt"])
def test_settings_under_another_name_are_named(make_workspace: MakeWorkspace, name: str) -> None:
    root = make_workspace().root
    (root / "bulletin.yaml").rename(root / name)
    done = call("check", folder=root)
    assert done.returncode == 1
    assert f"are in {name}. Rename that file to bulletin.yaml." in flat(done.stderr)


def test_init_inside_a_workspace_says_so(make_workspace: MakeWorkspace) -> None:
    root = make_workspace().root
    done = call("init", "second", *ENOUGH, folder=root)
    assert done.returncode == 0
    assert f"Careful: second is inside another bulletin's folder, {root}." in flat(done.stderr)
    assert call("init", "third", *ENOUGH, folder=root.parent).stderr == ""


def test_the_first_issue_of_a_second_bulletin_is_drafted_from_the_first_ones_last(
    make_workspace: MakeWorkspace,
) -> None:
    second = "  training:\n    title: Training\n    sender: {name: Us, email: us@example.org}\nlists:"
    root = make_workspace(settings=SETTINGS.replace("lists:", second)).root
    done = call("new", "--bulletin", "training", folder=root)
    assert done.returncode == 0, done.stderr
    assert "“training” has no issue yet, so this draft continues from 2021-05." in flat(done.stdout)
    assert (root / "issues" / "training" / "2021-06.yaml").exists()


# --- before a mailing


def test_a_dry_run_says_how_many_warnings_it_does_not_show(make_workspace: MakeWorkspace, server: Server) -> None:
    item = "  - {kind: notice, title: %s, text: 'Read our new plan [here](https://www.example.org/plan).'}\n"
    issue = ISSUE + "".join(item % f"Notice {number}" for number in range(9))
    root = make_workspace(issues={"2021-05": issue}, lists=LISTS).root
    done = call("send", "2021-05", "--dry-run", folder=root, environ=towards(server))
    found = re.search(r"The proof has (\d+) warnings, and (\d+) of them are not shown here\.", done.stdout)
    assert found, done.stdout + done.stderr
    assert int(found[1]) - int(found[2]) == 5
    assert "Read them all: bulletin check 2021-05" in done.stdout


# --- during and after one


def test_the_report_has_a_name_of_its_own_and_says_accepted(make_workspace: MakeWorkspace, server: Server) -> None:
    root = make_workspace(lists=LISTS).root
    call("send", "2021-05", "--yes", folder=root, environ=towards(server))
    done = call("report", "2021-05", folder=root)
    assert done.stdout == "2021-05-report.html  (open it in your browser)\n"
    page = (root / "2021-05-report.html").read_text(encoding="utf-8")
    assert "4 of 4 messages accepted by the mail server." in page
    assert not re.search(r"\b(?:has|have) it\b", page, re.IGNORECASE)


def test_the_preview_says_that_an_issue_was_sent_when_and_to_how_many(
    make_workspace: MakeWorkspace, server: Server
) -> None:
    workspace = make_workspace(settings=HASTY, lists=LISTS)
    session = PreviewSession(workspace.root, clock=lambda: datetime(2021, 5, 4, tzinfo=UTC), environ={})
    assert describe_issue_approval(session, "2021-05") == ""
    server.patience = 3
    call("send", "2021-05", "--yes", folder=workspace.root, environ=towards(server))
    said = describe_issue_approval(session, "2021-05")
    assert re.fullmatch(
        r"Being sent since \d+ \w+ \d{4}, \d\d:\d\d: 3 of 4 readers accepted, 1 still to be tried\.", said
    )
    call("cancel", "2021-05", "--yes", folder=workspace.root)
    said = describe_issue_approval(session, "2021-05")
    assert re.match(r"Sent on \d+ \w+ \d{4}, \d\d:\d\d: 3 of 4 readers accepted\.", said)


def test_approving_an_issue_that_was_sent_says_so(make_workspace: MakeWorkspace, server: Server) -> None:
    root = make_workspace(lists=LISTS).root
    call("send", "2021-05", "--yes", folder=root, environ=towards(server))
    done = call("approve", "2021-05", "--by", "Jo Bloggs", "--yes", folder=root)
    assert "2021-05 was already sent, from " in done.stdout
    assert "4 of 4 readers accepted." in flat(done.stdout)
    assert "An approval now counts only for sending it to others." in flat(done.stdout)


def send(workspace: Workspace, now: int) -> None:
    engine = open_database(workspace.database_url)
    preview = preview_send(workspace, engine, "2021-05", lists=("partners", "schools"), now=now)
    send_or_resume(
        workspace,
        engine,
        preview,
        make_edition=partial(make_edition, workspace, "2021-05"),
        control=Control(clock=lambda: now, stop=threading.Event()),
    )
    engine.dispose()


def test_a_message_has_the_date_of_the_day_on_which_it_leaves(make_workspace: MakeWorkspace, server: Server) -> None:
    settings = SETTINGS + "sending: {connections: 1, retries: [1 hour, 2 hours], patience: 0 minutes}\n"
    workspace = make_workspace(settings=settings, lists=LISTS, environ=towards(server))
    server.patience = 1
    send(workspace, NOON)
    assert len(server.caught) == 1
    server.patience = 4
    send(workspace, NOON + 5 * DAY)
    messages = [message_from_bytes(message.file.read_bytes()) for message in server.caught]
    dates = [
        parsedate_to_datetime(message["Date"]) - datetime.fromtimestamp(NOON / 1000, tz=UTC) for message in messages
    ]
    assert [round(date / timedelta(days=1)) for date in dates] == [0, 5, 5, 5]
    keys = {message["Message-ID"].partition(".")[0] for message in messages}
    assert len(keys) == 1


def test_status_says_that_somebody_is_sending_and_not_to_go_on(make_workspace: MakeWorkspace, server: Server) -> None:
    workspace = make_workspace(settings=HASTY, lists=LISTS)
    server.patience = 1
    call("send", "2021-05", "--yes", folder=workspace.root, environ=towards(server))
    engine = open_database(workspace.database_url)
    with hold_issue(engine, workspace.state_folder, "2021-05", now=NOON):
        said = flat(call("status", "2021-05", folder=workspace.root).stdout)
        assert re.search(r"3 are still to be tried, and .+ on .+ \(process \d+, since .+\) is sending it now\.", said)
        assert "There is nothing to do. To stop it: bulletin pause 2021-05" in said
        assert "bulletin send 2021-05" not in said
    assert "bulletin send 2021-05" in flat(call("status", "2021-05", folder=workspace.root).stdout)
    engine.dispose()


@on_postgresql
def test_another_computer_sees_who_is_sending(database_url: str, tmp_path: Path) -> None:
    office, home = open_database(database_url), open_database(database_url)
    with hold_issue(office, tmp_path / "office", "2021-05", now=NOON):
        holder = find_holder(home, tmp_path / "home", "2021-05")
        assert holder
        assert holder.since == NOON
        assert find_holder(home, tmp_path / "home", "2021-06") is None
    assert find_holder(home, tmp_path / "home", "2021-05") is None
    office.dispose()
    home.dispose()


def test_a_note_of_a_sender_that_was_killed_is_not_believed(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(lists=LISTS)
    engine = open_database(workspace.database_url)
    with hold_issue(engine, workspace.state_folder, "2021-05", now=NOON):
        note = (workspace.state_folder / "2021-05.json").read_bytes()
        assert find_holder(engine, workspace.state_folder, "2021-05")
    (workspace.state_folder / "2021-05.json").write_bytes(note)
    assert find_holder(engine, workspace.state_folder, "2021-05") is None
    assert json.loads(note)["since"] == NOON
    engine.dispose()


def test_run_tells_of_the_same_trouble_once_a_day(make_workspace: MakeWorkspace) -> None:
    with refuse_connections() as port:
        workspace = make_workspace(lists=LISTS, environ={"BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{port}"})
        environ = dict(workspace.environ)
        done = call("schedule", "2021-05", "--at", "tomorrow 9:00", "--yes", folder=workspace.root, environ=environ)
        assert done.returncode == 0, done.stderr
        engine = open_database(workspace.database_url)
        now = datetime.now(UTC) + timedelta(days=1)
        start = round(now.replace(hour=9, minute=5).timestamp() * 1000)

        def run(after: int, *, trouble: str = "not fit") -> bool:
            def check(_issue: str) -> None:
                raise BulletinError(trouble, "")

            runner = Runner(
                workspace=workspace,
                engine=engine,
                check=check,
                make_edition=partial(make_edition, workspace),
                control=Control(clock=lambda: start + after, stop=threading.Event()),
            )
            (skipped,) = runner.run()
            assert isinstance(skipped, Skipped)
            return skipped.again

        minutes = 60_000
        assert [run(number * 5 * minutes) for number in range(4)] == [False, True, True, True]
        assert run(20 * minutes, trouble="3 of 4 wrong") is False
        assert run(25 * minutes, trouble="2 of 4 wrong") is True  # only its number differs
        engine.dispose()


def test_cron_is_sent_the_same_trouble_once(make_workspace: MakeWorkspace) -> None:
    with refuse_connections() as port:
        environ = {"BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{port}"}
        root = make_workspace(settings=HASTY, lists=LISTS).root
        call("send", "2021-05", "--yes", folder=root, environ=environ)
        first, second = (call("run", folder=root, environ=environ) for _ in range(2))
    assert first.returncode == second.returncode == 1
    assert first.stderr
    assert second.stderr == second.stdout == ""


@pytest.mark.parametrize(
    ("words", "after", "again"),
    [
        ("no room", 5 * 60_000, True),
        ("no room", DAY - 1, True),
        ("no room", DAY, False),  # daily
        ("no room", -1, False),  # the clock was set back
        ("no login", 5 * 60_000, False),
    ],
)
def test_trouble_is_the_same_for_a_day(words: str, after: int, *, again: bool) -> None:
    earlier = LastFailure(at=NOON, words="no room", told_at=NOON)
    assert LastFailure(at=NOON + after, words=words).repeats(earlier) is again
    assert LastFailure(at=NOON + after, words=words, schedule=7).repeats(earlier) is False  # another schedule


# --- links


@pytest.mark.parametrize("host", ["10.0.0.5", "192.168.1.1", "127.0.0.1"])
def test_an_address_inside_a_network_is_named_once(host: str) -> None:
    (status,) = check_links([f"https://{host}/"], now=datetime(2021, 5, 4, tzinfo=UTC)).values()
    assert status.why == f"{host} is inside a network"
