"""A workspace is copied, moved, restored or begun anew: no one is emailed again because of that in silence."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bulletin.database.engine import connect_database
from bulletin.database.identity import MEMORY_FILE
from bulletin.database.tables import identity
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.workspace.package_data import sample_folder
from bulletin.workspace.workspace import Workspace
from conftest import ISSUE, SETTINGS
from forked import Program
from mailed import databases_closed
from planned import EVERYBODY, LISTS, make_due, recipients, run
from postgresql import PostgreSQL

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

JUNE = ISSUE.replace("2021-05", "2021-06").replace("4 May 2021", "1 June 2021").replace("3 May", "3 June")
ISSUES = {"2021-05": ISSUE, "2021-06": JUNE.replace("news for May", "news for June")}
COPY = "This workspace may be a copy: its database was"
NEW = "is new, but this workspace has an earlier issue, 2021-05."


@pytest.fixture
def catcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        yield catcher


@pytest.fixture
def office(make_workspace: MakeWorkspace, catcher: MailCatcher) -> Workspace:  # noqa: ARG001 -- its server
    """A workspace that has used its ledger."""
    office = make_workspace(lists=LISTS)
    run(office, "status")
    return office


def copy_of(office: Workspace, name: str = "copy", **options: Any) -> Workspace:
    return replace(office, root=Path(shutil.copytree(office.root, office.root.with_name(name), **options)))


def answer(office: Workspace, answers: dict[str, str], *arguments: str) -> tuple[str, int]:
    """Type a command on a terminal, and to each question what is set against its words; all it says, and its code."""
    import pty

    terminal, inside = pty.openpty()
    process = Program([*arguments, "--workspace", str(office.root)], stdin=inside, stdout=inside)
    os.close(inside)
    shown, left = "", dict(answers)
    with suppress(OSError):  # Linux ends the reading so, once the other side is closed
        while more := os.read(terminal, 4096):
            shown += more.decode()
            for question in [question for question in left if question in shown]:
                os.write(terminal, f"{left.pop(question)}\n".encode())
    os.close(terminal)
    return shown, process.wait(60)


def test_a_copy_of_a_workspace_sends_nothing_before_a_person_has_answered_for_it(
    office: Workspace, catcher: MailCatcher
) -> None:
    copy = copy_of(office)
    run(office, "send", "2021-05", "--yes")

    said = run(copy, "send", "2021-05", "--yes", code=1)

    ledger = Path(".bulletin") / "ledger.db"
    assert f"{COPY} {office.root / ledger} until now, and is {copy.root / ledger}. If the other one" in said
    assert "Both would send each issue, and each would miss who unsubscribes from the other. Nothing was sent." in said
    assert "Then add --moved once, to `bulletin send` or `bulletin run`." in said
    assert recipients(catcher) == EVERYBODY


def test_a_copy_is_asked_about_once_and_sends_after_the_answer(office: Workspace, catcher: MailCatcher) -> None:
    copy = copy_of(office)
    shutil.rmtree(office.root)

    told = run(copy, "send", "2021-05", "--dry-run")
    assert COPY in told
    assert "You'll be asked before anything is sent." in told
    assert COPY in run(copy, "send", "2021-05", "--yes", code=1)
    assert COPY not in run(copy, "send", "2021-05", "--moved", "--yes")
    (copy.root / "subscribers" / "schools.csv").write_text(LISTS["schools"] + "dora@example.org\n")
    assert COPY not in run(copy, "send", "2021-05", "--newcomers", "--yes")
    assert recipients(catcher) == EVERYBODY + Counter(["dora@example.org"])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals to test with")
def test_the_question_takes_the_whole_word_yes(office: Workspace, catcher: MailCatcher) -> None:
    copy = copy_of(office)
    question = "Has everyone stopped using the other one? If so, type yes"

    shown, code = answer(copy, {question: "y"}, "send", "2021-05")
    assert (code, "Nothing was sent" in shown, list(catcher.caught)) == (1, True, [])
    shown, code = answer(copy, {question: "yes", "[y/N]": "y"}, "send", "2021-05")
    assert code == 0, shown
    assert recipients(catcher) == EVERYBODY


def test_run_holds_in_a_copy_and_names_why_until_a_person_has_answered(office: Workspace, catcher: MailCatcher) -> None:
    run(office, "schedule", "2021-05", "--at", "tomorrow 9:00", "--yes")
    make_due(office)
    copy = copy_of(office)
    run(office, "run")

    said = run(copy, "run", code=1)
    assert "but was not sent." in said
    assert COPY in said
    assert run(copy, "run", code=1) == ""  # the same trouble is told once a day
    assert f"It can't be sent as it is. {COPY}" in run(copy, "status")
    assert COPY in run(copy, "schedule")
    assert COPY in run(copy, "schedule", "2021-05", "--at", "tomorrow 9:00", "--yes", code=1)
    assert recipients(catcher) == EVERYBODY
    run(copy, "run", "--moved")
    assert recipients(catcher) == EVERYBODY + EVERYBODY  # which is what was asked


def test_what_was_begun_does_not_go_on_in_a_copy_either(office: Workspace, catcher: MailCatcher) -> None:
    run(office, "send", "2021-05", "--list", "partners", "--yes")
    copy = copy_of(office)

    assert COPY in run(copy, "send", "2021-05", "--yes", code=1)
    assert recipients(catcher) == EVERYBODY - Counter(["cara@example.org"])


@pytest.mark.parametrize("move", ["renamed", "through a link", "renamed, and a link left behind"])
def test_a_workspace_that_was_moved_sends_without_a_question(
    office: Workspace, catcher: MailCatcher, move: str
) -> None:
    there = office.root.with_name("elsewhere")
    if move == "through a link":
        there.symlink_to(office.root)
    else:
        office.root.rename(there)
    if move == "renamed, and a link left behind":
        office.root.symlink_to(there)

    assert COPY not in run(replace(office, root=there), "send", "2021-05", "--yes")
    assert recipients(catcher) == EVERYBODY


@pytest.mark.skipif(sys.platform == "win32", reason="links of files need a right there")
def test_a_copy_made_of_links_is_a_copy(office: Workspace) -> None:
    assert COPY in run(copy_of(office, copy_function=os.link), "send", "2021-05", "--yes", code=1)


def remember(office: Workspace, **facts: str) -> None:
    """What the workspace would remember if things had been otherwise; "" for what it would not know."""
    path = office.state_folder / MEMORY_FILE
    path.write_text(json.dumps({**json.loads(path.read_text()), **facts}))


def test_a_folder_that_came_to_another_computer_at_the_same_place_is_a_copy(office: Workspace) -> None:
    remember(office, storage="1:2", computer="ANNA-PC")

    said = run(office, "send", "2021-05", "--yes", code=1)

    assert "ledger.db on the computer ANNA-PC until now, and is " in said


@pytest.mark.parametrize("facts", [{"computer": "renamed"}, {"storage": "1:2"}], ids=["renamed", "put back"])
def test_a_computer_with_a_new_name_or_a_file_put_back_in_its_place_needs_no_question(
    office: Workspace, facts: dict[str, str]
) -> None:
    remember(office, **facts)

    assert "Done." in run(office, "send", "2021-05", "--yes")


def test_a_container_that_numbers_its_disks_anew_needs_no_question(office: Workspace) -> None:
    number = (office.state_folder / "ledger.db").stat().st_ino
    remember(office, storage=f"9999:{number}", computer="an earlier container")

    assert "Done." in run(office, "send", "2021-05", "--yes")


def test_what_an_earlier_version_remembered_is_held_to_the_place_alone(office: Workspace) -> None:
    path = office.state_folder / MEMORY_FILE
    path.write_text(json.dumps({name: json.loads(path.read_text())[name] for name in ("id", "place")}))
    copy = copy_of(office)

    assert COPY in run(copy, "send", "2021-05", "--yes", code=1)
    assert "Done." in run(office, "send", "2021-05", "--yes")


def test_looking_needs_no_answer_in_a_copy(office: Workspace) -> None:
    copy = copy_of(office)

    for command in (("check", "2021-05"), ("status",), ("subscribers", "show", "anna@example.org")):
        assert COPY not in run(copy, *command)


# --- a database that has just begun


@pytest.fixture
def veteran(make_workspace: MakeWorkspace, catcher: MailCatcher) -> Workspace:  # noqa: ARG001 -- its server
    """A workspace with a past, and without the folder that remembers it."""
    return make_workspace(lists=LISTS, issues=ISSUES)


def test_a_workspace_that_lost_its_ledger_says_what_it_does_not_know_before_it_sends(
    veteran: Workspace, catcher: MailCatcher
) -> None:
    run(veteran, "send", "2021-05", "--new-database", "--yes")
    run(veteran, "subscribers", "remove", "anna@example.org")
    copy = copy_of(veteran, ignore=shutil.ignore_patterns(".bulletin"))

    told = run(copy, "send", "2021-06", "--dry-run")
    said = run(copy, "send", "2021-06", "--yes", code=1)

    for words in (told, said):
        assert f"The database {copy.state_folder / 'ledger.db'} {NEW}" in words
        assert "The database has no record of anything sent, or of anyone who unsubscribed." in words
    assert "put the folder .bulletin/ back, or set BULLETIN_DATABASE_URL. Nothing was sent." in said
    assert "add --new-database to `bulletin send` or `bulletin schedule`." in said
    assert recipients(catcher) == EVERYBODY


def test_with_its_answer_a_new_ledger_sends_and_is_not_asked_about_again(
    veteran: Workspace, catcher: MailCatcher
) -> None:
    run(veteran, "send", "2021-06", "--new-database", "--yes")
    assert "Done." in run(veteran, "send", "2021-05", "--yes")
    assert recipients(catcher) == EVERYBODY + EVERYBODY


def test_who_unsubscribed_at_a_new_ledger_is_counted(veteran: Workspace) -> None:
    run(veteran, "subscribers", "remove", "anna@example.org")

    assert "no record of anything sent, and of only 1 who unsubscribed." in run(
        veteran, "send", "2021-06", "--yes", code=1
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals to test with")
def test_a_new_ledger_is_asked_about_at_the_terminal(veteran: Workspace, catcher: MailCatcher) -> None:
    answers = {"Send without any record of earlier emails? If so, type yes": "yes", "[y/N]": "y"}

    shown, code = answer(veteran, answers, "send", "2021-06")

    assert code == 0, shown
    assert recipients(catcher) == EVERYBODY


def test_a_plan_is_asked_about_when_it_is_made_and_not_when_it_begins(veteran: Workspace, catcher: MailCatcher) -> None:
    plan = ("schedule", "2021-06", "--at", "tomorrow 9:00", "--yes")
    assert NEW in run(veteran, *plan, code=1)
    assert "Nothing is scheduled." in run(veteran, "schedule")
    run(veteran, *plan, "--new-database")
    (veteran.root / "issues" / "2021-05.yaml").touch()

    assert "is scheduled for" in run(veteran, "status")
    assert not catcher.caught


@pytest.mark.parametrize(
    "issues",
    [
        {"2021-05": ISSUE, "training/2021-04": ISSUE.replace("2021-05", "2021-04").replace("4 May", "6 April")},
        {"2021-05": ISSUE, "2021-06": JUNE},  # later, and out long ago
        {"2021-05": ISSUE, "2021-04": "its file: [is broken"},
    ],
    ids=["of another bulletin", "of a later month", "with faults"],
)
def test_every_earlier_issue_counts(
    make_workspace: MakeWorkspace, catcher: MailCatcher, issues: dict[str, str]
) -> None:
    training = (
        "\n  training:\n    title: Training\n    sender: {name: Anytown, email: news@anytown.example.org}\nlists:"
    )
    office = make_workspace(lists=LISTS, issues=issues, settings=SETTINGS.replace("\nlists:", training))

    assert "is new, but this workspace has an earlier issue, " in run(office, "send", "2021-05", "--yes", code=1)
    assert not catcher.caught


def test_the_first_issue_of_all_and_drafts_for_later_need_no_answer(
    make_workspace: MakeWorkspace, catcher: MailCatcher
) -> None:
    later = {"2199-01": ISSUE.replace("2021-05", "2199-01").replace("4 May 2021", "4 January 2199")}
    office = make_workspace(lists=LISTS, issues={"2021-05": ISSUE} | later)

    assert "Done." in run(office, "send", "2021-05", "--yes")
    assert recipients(catcher) == EVERYBODY


def test_the_sample_has_no_past(make_workspace: MakeWorkspace, catcher: MailCatcher) -> None:
    sample = (sample_folder() / "issues" / "2021-04.yaml").read_text(encoding="utf-8")
    office = make_workspace(lists=LISTS, issues={"2021-05": ISSUE, "2021-04": sample})

    assert "Done." in run(office, "send", "2021-05", "--yes")
    assert recipients(catcher) == EVERYBODY


# --- on a server


@pytest.fixture
def server_url(postgresql: PostgreSQL, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    url = postgresql.make_empty_database()
    monkeypatch.setenv("BULLETIN_DATABASE_URL", url)
    monkeypatch.setenv("BULLETIN_SECRET_KEY", "the same on all computers")
    with databases_closed():
        yield url
    postgresql.drop(url)


@pytest.mark.usefixtures("server_url")
def test_on_a_server_only_the_first_of_two_workspaces_answers_for_the_new_ledger(
    veteran: Workspace, catcher: MailCatcher
) -> None:
    second = copy_of(veteran)
    assert NEW in run(veteran, "send", "2021-06", "--yes", code=1)
    run(veteran, "send", "2021-06", "--new-database", "--yes")

    assert "Everyone on these lists has got it." in run(second, "send", "2021-06", "--yes")
    assert COPY not in run(copy_of(veteran, "third"), "send", "2021-05", "--yes")
    assert recipients(catcher) == EVERYBODY + EVERYBODY


def test_a_restored_copy_of_a_servers_database_is_asked_about_and_the_same_one_by_another_address_is_not(
    office: Workspace,
    catcher: MailCatcher,
    server_url: str,
    postgresql: PostgreSQL,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (office.state_folder / MEMORY_FILE).unlink()
    run(office, "status")
    monkeypatch.setenv("BULLETIN_DATABASE_URL", f"{server_url}&port=5432&application_name=desk")
    assert COPY not in run(office, "send", "2021-05", "--list", "partners", "--yes")
    restored = postgresql.make_database()
    engine = connect_database(restored)
    ledger = json.loads((office.state_folder / MEMORY_FILE).read_text())["id"]
    with engine.begin() as connection:  # as new as the other one
        connection.execute(update(identity).values(id=ledger, commits=1_000))
    engine.dispose()

    monkeypatch.setenv("BULLETIN_DATABASE_URL", restored)
    assert COPY in run(office, "send", "2021-05", "--yes", code=1)
    assert recipients(catcher) == EVERYBODY - Counter(["cara@example.org"])
    postgresql.drop(restored)


def test_a_user_who_may_not_ask_for_the_servers_number_can_send_all_the_same(
    office: Workspace, server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (office.state_folder / MEMORY_FILE).unlink()
    run(office, "status")
    engine = connect_database(server_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC")
        connection.exec_driver_sql("CREATE ROLE newsroom LOGIN")
        connection.exec_driver_sql("GRANT ALL ON ALL TABLES IN SCHEMA public TO newsroom")
        connection.exec_driver_sql("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO newsroom")
    monkeypatch.setenv("BULLETIN_DATABASE_URL", server_url.replace("postgres@", "newsroom@"))

    assert "Done." in run(office, "send", "2021-05", "--yes")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP OWNED BY newsroom")
        connection.exec_driver_sql("DROP ROLE newsroom")
    engine.dispose()
