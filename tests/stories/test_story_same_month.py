"""One month of one bulletin is one issue: no file name makes people get it twice without a person's word."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from bulletin.cli.app import make_app
from bulletin.cli.clock import now_ms
from bulletin.database.schema import open_database
from bulletin.database.tables import mailings, schedules
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.delivery.dispatch.supervision import Control
from bulletin.delivery.sending.send_preview import SendPreview, preview_send
from bulletin.delivery.sending.sending import Consent, Trigger, send_or_resume
from bulletin.edition.build import make_edition
from bulletin.errors import BulletinError, FaultyFiles, SentThatMonth
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import ISSUE, SETTINGS
from mailed import databases_closed

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

LISTS = {"partners": "email\nanna@example.org\nben@example.org\n", "schools": "email\ncara@example.org\n"}
EXTRA = ISSUE.replace("published:", "extra: yes\npublished:")
FLOOD = "2021-05-flood"
TWO_BULLETINS = SETTINGS.replace(
    "lists:\n", "  training:\n    title: Training\n    sender: {name: Us, email: us@example.org}\nlists:\n"
)


@pytest.fixture
def catcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        yield catcher


@pytest.fixture
def workspace(make_workspace: MakeWorkspace, catcher: MailCatcher) -> Workspace:  # noqa: ARG001 -- its server
    return make_workspace(lists=LISTS)


def run(workspace: Workspace, *arguments: str, code: int = 0, typed: str = "") -> str:
    with databases_closed():
        result = CliRunner().invoke(make_app(), [*arguments, "--workspace", str(workspace.root)], input=typed)
    said = str(result.exception) if isinstance(result.exception, BulletinError) else ""
    assert result.exit_code == code, (result.output, result.exception)
    return result.output + said


def write(workspace: Workspace, name: str, text: str = EXTRA) -> None:
    workspace.issue_path(name).parent.mkdir(exist_ok=True)
    workspace.issue_path(name).write_text(text, encoding="utf-8")


def rename(workspace: Workspace, name: str, text: str = EXTRA, *, of: str = "2021-05") -> None:
    workspace.issue_path(of).unlink()
    write(workspace, name, text)


def today() -> str:
    day = datetime.fromtimestamp(now_ms() / 1000, tz=UTC).astimezone()
    return f"{day.day} {day:%B %Y}"


# --- what a file may be called


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("2021-05 (1)", "“2021-05 (1)” is not the name of an issue. Rename the file to 2021-05.yaml."),
        ("copy of 2021-05", "“copy of 2021-05” is not the name of an issue. Rename the file to 2021-05.yaml."),
        ("2021-13", "“2021-13” is not the name of an issue. Rename the file to 2021-05.yaml."),
        ("2021-5", "“2021-5” is not the name of an issue. Rename the file to 2021-05.yaml."),
        ("2021-05-Final", "“2021-05-Final” is not the name of an issue. Rename the file to 2021-05.yaml."),
        ("2021-05-2", "“2021-05-2” is not the name of an issue. Rename the file to 2021-05.yaml."),
        ("may", "If it is a second issue in May 2021, rename it to 2021-05-extra.yaml, and write `extra: yes` in it."),
        (
            "2021-05-final",
            "This file has the name of a second issue in May 2021, but no `extra: yes`. Rename it to 2021-",
        ),
        ("2021-06", "May 2021 is not the month in the file's name, June 2021."),
        ("training/2021-05 v2", "“2021-05 v2” is not the name of an issue. Rename the file to 2021-05.yaml."),
    ],
)
def test_a_name_that_is_not_a_months_is_an_error_with_the_exact_renaming(
    make_workspace: MakeWorkspace, name: str, said: str
) -> None:
    workspace = make_workspace(settings=TWO_BULLETINS, issues={name: ISSUE})

    assert said in run(workspace, "check", code=1)


def test_no_file_of_a_wrong_name_is_approved_planned_or_sent(workspace: Workspace, catcher: MailCatcher) -> None:
    rename(workspace, "2021-05 (1)", ISSUE)

    for command in (["approve", "--by", "Jo"], ["send"], ["send", "--dry-run"], ["schedule", "--at", "tomorrow 9:00"]):
        said = run(workspace, command[0], "2021-05 (1)", *command[1:], "--yes", code=1)
        assert "issues/2021-05 (1).yaml:1:8: “2021-05 (1)” is not the name of an issue." in said
    assert not catcher.caught


def test_two_files_of_one_month_are_an_error_that_names_both(make_workspace: MakeWorkspace) -> None:
    for other in ("2021-05-final", "copy of 2021-05"):
        workspace = make_workspace(issues={"2021-05": ISSUE, other: ISSUE})
        with pytest.raises(FaultyFiles, match=rf"This file and issues/{other}.yaml are both the issue of May 2021"):
            workspace.load_issue("2021-05")
        with pytest.raises(FaultyFiles, match=r"issues/2021-05\.yaml (is the|are both the) issue of May 2021"):
            workspace.load_issue(other)
        workspace.issue_path(other).unlink()


def test_a_second_issue_says_so_itself_and_stands_beside_the_first(make_workspace: MakeWorkspace) -> None:
    issues = {"2021-05": ISSUE, "2021-05-flood": EXTRA, "2021-05-storm": EXTRA, "training/2021-05": ISSUE}
    workspace = make_workspace(settings=TWO_BULLETINS, issues=issues)
    (workspace.root / "issues" / "latest.yaml").symlink_to("2021-05.yaml")

    assert run(workspace, "check").count(", 1 section.\n") == 4
    write(workspace, "2021-05", EXTRA)
    assert "Remove this line, or rename the file to 2021-05-extra.yaml." in run(workspace, "check", "2021-05", code=1)


# --- what was sent for that month


def test_a_file_renamed_after_it_was_sent_goes_to_nobody_again_by_itself(
    workspace: Workspace, catcher: MailCatcher, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From another computer, too, where they share a database."""
    monkeypatch.setenv("BULLETIN_DATABASE_URL", database_url)
    monkeypatch.setenv("BULLETIN_SECRET_KEY", "the same on both")
    shutil.copytree(workspace.root, tmp_path / "other")
    other = open_workspace(tmp_path / "other")
    run(workspace, "send", "2021-05", "--yes")
    rename(other, "2021-05-final", ISSUE)
    assert "Rename it to 2021-05.yaml." in run(other, "send", "2021-05-final", "--yes", code=1)

    write(other, "2021-05-final", EXTRA)
    said = run(other, "send", "2021-05-final", "--yes", code=1)
    assert f"2021-05 was sent on {today()} to 3 of these 3 people." in said
    assert said.endswith("If 2021-05-final is a second issue that they should get too, add --also-to 3.")
    assert f"2021-05 was sent on {today()} to 3 of these 3 people." in run(other, "send", "2021-05-final", "--dry-run")
    assert "--also-to says 2, but 3 of these" in run(other, "send", "2021-05-final", "--yes", "--also-to", "2", code=1)
    monkeypatch.setattr("bulletin.cli.sending.second_look.can_ask", lambda: True)
    for typed in ("y\n", "yes\n", "2\n", "\n", "2021-05-final\n"):
        assert "Nothing was sent" in run(other, "send", "2021-05-final", typed=typed, code=1)
    assert len(catcher.caught) == 3

    said = run(other, "send", "2021-05-final", typed="3\n")
    assert (
        "Send 2021-05-final to 3 readers on partners, schools now? "
        "If they should get a second issue of that month, type 3: " in said
    )
    assert len(catcher.caught) == 6
    assert "Everyone on these lists has got it." in run(other, "send", "2021-05-final", "--yes")


@pytest.mark.parametrize("sent_as", ["2021-05 (1)", "copy of 2021-05", "gone/2021-05", "monthly/2021-05", "may"])
def test_what_an_older_version_sent_under_any_name_is_known_by_its_month(
    workspace: Workspace, catcher: MailCatcher, sent_as: str
) -> None:
    """A name that says no month counts for the month in which it was sent."""
    run(workspace, "send", "2021-05", "--yes")
    engine = open_database(workspace.database_url)
    began_at = int(datetime(2021, 4, 28, tzinfo=UTC).timestamp() * 1000)
    with engine.begin() as connection:
        connection.execute(update(mailings).values(issue=sent_as, began_at=began_at))
    engine.dispose()

    said = run(workspace, "send", "2021-05", "--yes", code=1)
    assert f"{sent_as} was sent on 28 April 2021 to 3 of these 3 people." in said
    assert len(catcher.caught) == 3


def test_another_month_and_another_bulletin_ask_nothing(make_workspace: MakeWorkspace, catcher: MailCatcher) -> None:
    june = ISSUE.replace("2021-05", "2021-06").replace("4 May", "1 June")
    issues = {"2021-05": ISSUE, "2021-06": june, "training/2021-05": ISSUE}
    workspace = make_workspace(settings=TWO_BULLETINS, lists=LISTS, issues=issues)
    for issue in issues:
        assert "was sent on" not in run(workspace, "send", issue, "--new-database", "--yes")

    assert len(catcher.caught) == 9


def test_a_second_issue_to_others_asks_nothing_and_to_some_it_says_how_many(
    workspace: Workspace, catcher: MailCatcher
) -> None:
    run(workspace, "send", "2021-05", "--list", "partners", "--yes")
    write(workspace, FLOOD)
    said = run(workspace, "send", FLOOD, "--yes", code=1)
    assert "2021-05 was sent on" in said
    assert "to 2 of these 3 people." in said

    assert "was sent on" not in run(workspace, "send", FLOOD, "--list", "schools", "--yes")
    assert len(catcher.caught) == 3


def test_who_approves_a_second_issue_confirms_it_and_it_is_in_the_record(
    make_workspace: MakeWorkspace, catcher: MailCatcher
) -> None:
    workspace = make_workspace(lists=LISTS)
    run(workspace, "send", "2021-05", "--yes")
    (workspace.root / "bulletin.yaml").write_text(SETTINGS + "approval: {needed: 1}\n", encoding="utf-8")
    write(workspace, FLOOD)
    approve = ("approve", FLOOD, "--by", "Jo Bloggs", "--yes")
    assert "3 of these 3 people. If 2021-05-flood is a second issue" in run(workspace, *approve, code=1)

    run(workspace, *approve, "--also-to", "3")
    run(workspace, "send", FLOOD, "--yes", "--also-to", "3")
    told = " ".join(run(workspace, "certificate", "2021-05-flood").split())
    assert f"… and accepted 2021-05 was sent on {today()} to 3 of these 3 people." in told
    assert len(catcher.caught) == 6


# --- at a set time


def plan(workspace: Workspace, *arguments: str, code: int = 0) -> str:
    """Plan the second issue; its time has come at once."""
    said = run(workspace, "schedule", FLOOD, "--at", "tomorrow 9:00", "--yes", *arguments, code=code)
    engine = open_database(workspace.database_url)
    with engine.begin() as connection:
        connection.execute(update(schedules).values(due_at=now_ms()))
    engine.dispose()
    return said


def test_run_begins_no_second_issue_of_a_month_that_was_sent_since(workspace: Workspace, catcher: MailCatcher) -> None:
    write(workspace, FLOOD)
    plan(workspace, "--new-database")
    run(workspace, "send", "2021-05", "--yes")

    assert "It can't be sent as it is. 2021-05 was sent on" in run(workspace, "schedule")
    said = run(workspace, "run", code=1)
    assert f"2021-05 was sent on {today()} to 3 of these 3 people." in said
    assert "isn't sent to them unless a person confirms that: bulletin send 2021-05-flood" in said
    assert len(catcher.caught) == 3


def test_what_was_confirmed_when_it_was_planned_is_sent_and_no_more_than_that(
    workspace: Workspace, catcher: MailCatcher
) -> None:
    run(workspace, "send", "2021-05", "--list", "partners", "--yes")
    write(workspace, FLOOD)
    assert "add --also-to 2" in plan(workspace, code=1)
    plan(workspace, "--also-to", "2")
    run(workspace, "send", "2021-05", "--list", "schools", "--yes")
    assert "to 3 of these 3 people" in run(workspace, "run", code=1)
    plan(workspace, "--also-to", "3")

    assert "The next `bulletin run` sends it." in run(workspace, "schedule")
    assert "2021-05-flood started, as scheduled" in run(workspace, "run")
    assert len(catcher.caught) == 6


def test_what_is_sent_between_the_question_and_the_start_counts_too(
    workspace: Workspace, catcher: MailCatcher, database_url: str
) -> None:
    write(workspace, FLOOD)
    engine = open_database(database_url)
    place = open_workspace(workspace.root, environ=os.environ | {"BULLETIN_SECRET_KEY": "a key"})

    def send(preview: SendPreview) -> None:
        send_or_resume(
            place,
            engine,
            preview,
            make_edition=lambda: make_edition(place, preview.issue),
            control=Control(clock=now_ms, stop=threading.Event()),
            trigger=Trigger(consent=Consent(new_database=True, same_month=preview.same_month)),
        )

    shown = [preview_send(place, engine, name, lists=("partners", "schools"), now=1) for name in ("2021-05", FLOOD)]
    send(shown[0])
    with pytest.raises(SentThatMonth, match="to 3 of these 3 people"):
        send(shown[1])
    engine.dispose()
    assert len(catcher.caught) == 3


# --- the months around it


def test_the_next_month_goes_on_from_a_months_own_issue(make_workspace: MakeWorkspace) -> None:
    promising = ISSUE + "    follow_up: 2021-06\n"
    ahead = EXTRA.replace("2021-05", "2021-06").replace("4 May", "2 June").replace("Office hours", "Flood")
    issues = {"2021-05": promising, "2021-05-storm": EXTRA.replace("Office", "Storm"), "2021-06-flood": ahead}
    workspace = make_workspace(issues=issues | {"zz": "a note"})

    assert "1 follow-up open." in run(workspace, "followups")
    assert workspace.earlier_ids("2021-06") == ("2021-05",)
    assert "2021-06-flood compared with 2021-05" in run(workspace, "diff", "2021-06-flood")
    assert "“Storm hours”" not in run(workspace, "new")
    assert "extra" not in workspace.issue_path("2021-06").read_text(encoding="utf-8")
