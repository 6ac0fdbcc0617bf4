"""`bulletin approve`, and what `send` makes of it, as people type them."""

from __future__ import annotations

import json
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from bulletin.approval.approvals import find_approvals, find_approvals_of
from bulletin.cli.app import make_app
from bulletin.cli.edge import EXIT_FAULT
from bulletin.database.schema import open_database
from bulletin.database.tables import approvals
from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.delivery.dispatch.supervision import Control
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.delivery.sending.send_preview import preview_send
from bulletin.delivery.sending.sending import send_or_resume
from bulletin.edition.build import make_edition
from bulletin.errors import (
    ApprovalError,
    BulletinError,
    DatabaseError,
    FaultyFiles,
    MailingError,
    NotApproved,
    NotFound,
)
from bulletin.proof import proofing
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.rule import Example, Rule
from bulletin.settings.proof import Severity
from bulletin.workspace.workspace import Workspace, open_workspace
from command_call import call
from conftest import ISSUE, SETTINGS
from forked import Program

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

ASKING = SETTINGS + "approval: {needed: 1}\n"
LISTS = {"partners": "email\nanna@example.org\nben@example.org\n", "schools": "email\ncara@example.org\n"}
JUNE = ISSUE.replace("2021-05", "2021-06").replace("3 May 2021", "7 June 2021")


@pytest.fixture
def workspace(make_workspace: MakeWorkspace) -> Workspace:
    """A workspace that asks for one sign-off, with three people on two lists."""
    return make_workspace(settings=ASKING, lists=LISTS)


@pytest.fixture
def catcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "caught") as catcher:
        monkeypatch.setenv("BULLETIN_SMTP_URL", f"smtp://127.0.0.1:{catcher.port}")
        yield catcher


def run(workspace: Workspace, *arguments: str) -> str:
    """What a command says; it ends well, or its error is raised."""
    result = CliRunner().invoke(make_app(), [*arguments, "--workspace", str(workspace.root)])
    if isinstance(result.exception, BulletinError):
        raise result.exception
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def approve(workspace: Workspace, *arguments: str, by: str = "Jo Bloggs") -> str:
    return run(workspace, "approve", "2021-05", "--by", by, "--yes", *arguments)


def send(workspace: Workspace, *arguments: str) -> str:
    return run(workspace, "send", "2021-05", "--yes", *arguments)


def edit(workspace: Workspace, old: str, new: str, *, file: str = "issues/2021-05.yaml") -> None:
    path = workspace.root / file
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


# --- what is shown before somebody signs


def test_the_first_issue_is_introduced_and_the_lists_are_named(workspace: Workspace) -> None:
    said = approve(workspace)

    assert "This is the first issue: “Anytown news for May”, 1 section." in said
    assert "This is only a summary. Before you approve, read it all as readers will: bulletin preview 2021-05" in said
    assert "It would be sent to partners, schools." in said
    assert "2021-05 is approved by Jo Bloggs (" in said
    assert "Nothing more is needed. Send it with: bulletin send 2021-05\n" in said


def test_an_issue_is_compared_with_the_last_one_where_nobody_has_signed_it(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(settings=ASKING, lists=LISTS, issues={"2021-05": ISSUE, "2021-06": JUNE})
    said = run(workspace, "approve", "2021-06", "--by", "Jo Bloggs", "--yes")

    assert "2021-06 has not been approved before.\nCompared with the issue before it, 2021-05:" in said
    assert "text: “We are closed on **3 May 2021**.” → “We are closed on **7 June 2021**.”" in said


def test_a_faulty_issue_before_it_hinders_nobody(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(settings=ASKING, lists=LISTS, issues={"2021-05": "month: 2021-05\n", "2021-06": JUNE})

    assert "2021-05, has faults" in run(workspace, "approve", "2021-06", "--by", "Jo Bloggs", "--yes")


def test_an_issue_that_was_signed_before_is_compared_with_what_was_signed(workspace: Workspace) -> None:
    approve(workspace)
    edit(workspace, "closed", "open")
    said = approve(workspace, by="Sam Smith")

    assert "2021-05 has changed since it was approved by Jo Bloggs (" in said
    assert "text: “We are closed on **3 May 2021**.” → “We are open on **3 May 2021**.”" in said
    assert "Compared with the issue before it" not in said


def test_what_was_signed_and_is_damaged_by_now_hinders_nobody_from_signing_anew(
    workspace: Workspace, catcher: MailCatcher
) -> None:
    approve(workspace)
    engine = open_database(workspace.database_url)
    with engine.begin() as connection:
        connection.execute(update(approvals).values(contents=b"damaged"))
    engine.dispose()
    edit(workspace, "closed", "open")
    with pytest.raises(DatabaseError, match="Someone has altered what Jo Bloggs approved"):
        send(workspace)
    said = approve(workspace, by="Sam Smith")

    assert "That approval was altered in the database, so the two versions can't be compared.\n" in said
    assert "This is the first issue: “Anytown news for May”, 1 section." in said
    send(workspace)
    assert len(catcher.caught) == 3


def test_a_link_that_leads_nowhere_in_the_themes_folder_is_no_part_of_it(workspace: Workspace) -> None:
    """Emacs makes one while a file has changes that are not saved."""
    folder = workspace.root / "templates" / "email"
    folder.mkdir(parents=True)
    (folder / ".#style.css").symlink_to("jo@laptop.1234")

    assert "2021-05 is approved by Jo Bloggs (" in approve(workspace)
    assert "Approved by Jo Bloggs" in run(workspace, "status", "2021-05")


def test_what_is_signed_for_some_lists_is_not_said_to_have_changed(workspace: Workspace) -> None:
    approve(workspace, "--list", "partners")
    said = run(workspace, "status", "2021-05")

    assert re.search(r"^  Approved by Jo Bloggs \(.*\)\. That is for partners only\.$", said, re.MULTILINE)
    edit(workspace, "closed", "open")
    assert "Changed since Jo Bloggs" in run(workspace, "status", "2021-05")


@pytest.mark.parametrize("hindrance", ["the file is gone", "the theme is broken"])
def test_an_issue_that_cannot_be_rendered_hides_no_other(
    make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch, hindrance: str
) -> None:
    monkeypatch.setenv("BULLETIN_SMTP_URL", "smtp://127.0.0.1:9")
    workspace = make_workspace(settings=ASKING, lists=LISTS, issues={"2021-05": ISSUE, "2021-06": JUNE})
    for issue in ("2021-06", "2021-05"):
        run(workspace, "approve", issue, "--by", "Jo Bloggs", "--yes")
        run(workspace, "schedule", issue, "--at", "tomorrow 9:00", "--new-database", "--yes")
    if hindrance == "the file is gone":
        workspace.issue_path("2021-06").unlink()
    else:
        theme = workspace.root / "templates" / "email" / "issue.html.j2"
        theme.parent.mkdir(parents=True)
        theme.write_text("{{ nope }}")
    said = run(workspace, "status")

    assert "2021-05 to partners, schools is scheduled for " in said
    assert "2021-06 to partners, schools is scheduled for " in said
    assert "2021-06 has not been sent.\n" in run(workspace, "status", "2021-06")


def test_an_issue_that_was_sent_is_known_by_its_path_when_its_file_is_gone(
    workspace: Workspace, catcher: MailCatcher
) -> None:
    approve(workspace)
    send(workspace)
    workspace.issue_path("2021-05").unlink()

    assert run(workspace, "status", "issues/2021-05.yaml") == run(workspace, "status", "2021-05")
    assert len(catcher.caught) == 3


def test_the_second_who_signs_sees_what_the_first_saw(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(settings=ASKING.replace("needed: 1", "needed: 2"), lists=LISTS)
    approve(workspace, by="Ann Other")
    edit(workspace, "closed", "open")
    assert "It still needs approval by 1 more person." in approve(workspace, by="Jo Bloggs")
    said = approve(workspace, by="Sam Smith")

    assert "This version of 2021-05 was approved by Jo Bloggs (" in said
    assert "“We are closed on **3 May 2021**.” → “We are open" in said
    assert "Nothing more is needed." in said


def test_who_signs_the_same_again_is_told_so_and_counts_once(workspace: Workspace) -> None:
    approve(workspace)

    assert "was already approved by Jo Bloggs (" in approve(workspace, by="jo bloggs")
    engine = open_database(workspace.database_url)
    assert len(find_approvals(engine, "2021-05")) == 1
    engine.dispose()


def test_findings_that_are_let_stand_are_shown_and_kept_with_the_name(workspace: Workspace) -> None:
    said = approve(workspace, "--confirm", "The mobile number is the duty desk’s.", "--confirm", "So is the other.")

    assert "Accepted by Jo Bloggs: The mobile number is the duty desk’s." in said
    engine = open_database(workspace.database_url)
    (signed,) = find_approvals(engine, "2021-05")
    assert signed.confirmed == ("The mobile number is the duty desk’s.", "So is the other.")
    engine.dispose()


def test_what_a_person_lets_stand_later_is_in_the_record_too(workspace: Workspace, catcher: MailCatcher) -> None:
    approve(workspace)
    agreed = "The mother agreed to the photograph."
    assert f"Accepted by Jo Bloggs: {agreed}" in approve(workspace, "--confirm", agreed)
    again = approve(workspace, "--confirm", agreed)
    assert "This version of 2021-05 was already approved by Jo Bloggs (" in again
    assert "Approval reference" not in again + approve(workspace)
    send(workspace)

    assert len(catcher.caught) == 3
    assert re.search(rf"… and accepted +{agreed}", run(workspace, "certificate", "2021-05"))
    assert json.loads(run(workspace, "status", "2021-05", "--json"))["approved_by"] == ["Jo Bloggs"]
    assert run(workspace, "status", "2021-05").count("Jo Bloggs") == 1


OWN_RULE = "rules: [{code: OWN01, pattern: closed, message: We say “not open”., severity: warning}]\n"


def test_warnings_of_the_proof_are_shown_to_whoever_signs_and_counted_to_whoever_sends(
    make_workspace: MakeWorkspace, catcher: MailCatcher
) -> None:
    workspace = make_workspace(settings=ASKING + OWN_RULE, lists=LISTS)
    said = approve(workspace)

    assert "issues/2021-05.yaml:8:18: warning OWN01: We say “not open”." in said
    assert "let stand" not in said
    assert "The proof has 1 warning. Read them: bulletin check 2021-05\n" in send(workspace)
    assert len(catcher.caught) == 3


def test_a_warning_about_somebodys_privacy_is_let_stand_by_name_without_repeating_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find_ages(context: Context) -> Iterator[Violation]:
        span = context.source.values["sections", 0, "text"]
        yield Violation(span=span, message="“Tom, 7” is a child’s name and age.")

    example = Example(text="Tom, 7, was there.")
    found = Rule(
        code="PRIV08",
        name="name-with-age",
        severity=Severity.WARNING,
        reason="It points to a child.",
        wrong=(example,),
        right=(),
        check=find_ages,
        private=True,
    )
    monkeypatch.setattr(proofing, "gather_rules", lambda *_: {found.code: found})
    said = approve(workspace)

    words = "PRIV08 (name with age), line 8 of issues/2021-05.yaml"
    assert "warning PRIV08: “Tom, 7” is a child’s name and age." in said
    assert f"Accepted by Jo Bloggs: {words}" in said
    engine = open_database(workspace.database_url)
    (signed,) = find_approvals(engine, "2021-05")
    assert signed.confirmed == (words,)
    engine.dispose()


TOLD = "A 7-year-old girl at Mill Lane Primary School told her teacher about her uncle."


def test_an_error_about_somebodys_privacy_stops_sending_until_a_person_accepts_it_by_name(
    make_workspace: MakeWorkspace, catcher: MailCatcher
) -> None:
    workspace = make_workspace(settings=SETTINGS, lists=LISTS)
    edit(workspace, "We are closed on **3 May 2021**.", TOLD)
    with pytest.raises(FaultyFiles, match="error PRIV10: Readers can tell who this is"):
        send(workspace)

    said = approve(workspace)
    assert "Accepted by Jo Bloggs: PRIV10 (identified together), line 8 of issues/2021-05.yaml" in said
    send(workspace)
    assert len(catcher.caught) == 3


def test_what_was_accepted_is_not_accepted_once_the_words_have_changed(workspace: Workspace) -> None:
    edit(workspace, "We are closed on **3 May 2021**.", TOLD)
    approve(workspace)
    edit(workspace, "her uncle", "her aunt")

    with pytest.raises(FaultyFiles, match="error PRIV10"):
        send(workspace)


# --- what cannot be signed


def test_an_error_of_the_proof_stops_whoever_signs_and_whoever_sends(
    make_workspace: MakeWorkspace, catcher: MailCatcher
) -> None:
    workspace = make_workspace(settings=SETTINGS + OWN_RULE.replace("warning", "error"), lists=LISTS)

    for command in (approve, send):
        with pytest.raises(FaultyFiles, match="error OWN01: We say “not open”"):
            command(workspace)
    assert not catcher.caught


def test_a_faulty_issue_is_not_signed(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(settings=ASKING, issues={"2021-05": ISSUE.replace("title:", "titel:")})

    with pytest.raises(FaultyFiles, match="Did you mean “title”"):
        approve(workspace)


def test_an_issue_that_is_still_to_be_written_is_not_signed(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(settings=ASKING, issues={"2021-05": ISSUE.replace("Office hours", "TO WRITE")})

    with pytest.raises(FaultyFiles, match="This is still to be written"):
        approve(workspace)
    assert not workspace.state_folder.joinpath("ledger.db").exists()


def test_a_list_that_is_not_there_cannot_be_signed_for(workspace: Workspace) -> None:
    with pytest.raises(NotFound, match="There is no list “school”"):
        approve(workspace, "--list", "school")


def test_the_author_cannot_be_the_only_one(workspace: Workspace) -> None:
    edit(workspace, "published:", "author: Jo Bloggs\npublished:")

    with pytest.raises(ApprovalError, match="Someone else must approve it"):
        approve(workspace, by="JO BLOGGS")
    approve(workspace, by="Sam Smith")


def test_without_a_yes_nothing_is_signed(workspace: Workspace) -> None:
    with pytest.raises(BulletinError, match="This needs a yes"):
        run(workspace, "approve", "2021-05", "--by", "Jo Bloggs")
    with pytest.raises(NotApproved):
        send(workspace)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals to test with")
def test_what_was_shown_is_what_is_signed_even_if_the_file_changes_before_the_yes(
    workspace: Workspace, catcher: MailCatcher
) -> None:
    import pty

    terminal, inside = pty.openpty()
    command = ["approve", "2021-05", "--by", "Jo Bloggs"]
    process = Program(command, cwd=workspace.root, stdin=inside, stdout=inside)
    os.close(inside)
    shown = b""
    while b"[y/N]" not in shown:
        shown += os.read(terminal, 4096)
    edit(workspace, "closed", "open")
    os.write(terminal, b"y\n")
    with suppress(OSError):
        while os.read(terminal, 4096):
            pass
    os.close(terminal)

    assert process.wait(60) == 0
    assert b"Approve this version as Jo Bloggs?" in shown
    with pytest.raises(NotApproved, match="has changed since"):
        send(workspace)
    assert not catcher.caught


# --- what `send` makes of it


def test_nothing_leaves_before_it_is_signed_off(workspace: Workspace, catcher: MailCatcher) -> None:
    with pytest.raises(NotApproved, match="2021-05 has not been approved"):
        send(workspace)
    assert not catcher.caught

    approve(workspace)
    assert "Approved by Jo Bloggs (" in send(workspace)
    assert len(catcher.caught) == 3


def test_a_change_after_the_sign_off_is_shown_and_nothing_leaves(workspace: Workspace, catcher: MailCatcher) -> None:
    approve(workspace)
    edit(workspace, "Anytown news for May", "Anytown News for May")

    with pytest.raises(NotApproved, match="subject: “Anytown news for May” → “Anytown News for May”"):
        send(workspace)
    assert not catcher.caught
    approve(workspace, by="Sam Smith")
    send(workspace)
    assert len(catcher.caught) == 3


def test_it_goes_only_to_the_lists_that_were_signed_for(workspace: Workspace, catcher: MailCatcher) -> None:
    assert "bulletin send 2021-05 --list partners" in approve(workspace, "--list", "partners")

    with pytest.raises(NotApproved, match="schools is new"):
        send(workspace)
    assert not catcher.caught
    send(workspace, "--list", "partners")
    assert len(catcher.caught) == 2


def test_what_is_approved_for_all_lists_goes_to_one_and_its_certificate_says_so(
    workspace: Workspace, catcher: MailCatcher
) -> None:
    approve(workspace)
    assert "already" in approve(workspace, "--list", "partners")
    send(workspace, "--list", "partners")

    assert len(catcher.caught) == 2
    certified = run(workspace, "certificate", "2021-05")
    assert "Jo Bloggs" in certified
    assert "does not" not in certified


def test_a_dry_run_says_what_is_missing(workspace: Workspace, catcher: MailCatcher) -> None:
    said = send(workspace, "--dry-run")
    assert "Not approved yet. It needs approval by 1 person.\n" in said
    assert "It can't be sent until then: bulletin approve 2021-05 --by NAME\n" in said

    approve(workspace)
    said = send(workspace, "--dry-run")
    assert "Approved by Jo Bloggs (" in said
    assert "It needs" not in said
    assert not catcher.caught


def test_a_mailing_remembers_what_it_was_sent_on_the_strength_of(workspace: Workspace, catcher: MailCatcher) -> None:
    approve(workspace, by="Ann Other")
    edit(workspace, "closed", "open")
    approve(workspace)
    send(workspace)

    engine = open_database(workspace.database_url)
    (mailing,) = find_mailings(engine, "2021-05")
    assert [one.name for one in find_approvals_of(engine, mailing.id)] == ["Jo Bloggs"]
    engine.dispose()
    assert len(catcher.caught) == 3


def test_newcomers_get_what_was_signed_and_nothing_else(workspace: Workspace, catcher: MailCatcher) -> None:
    approve(workspace)
    send(workspace)
    (workspace.root / "subscribers" / "schools.csv").write_text("email\ncara@example.org\ndan@example.org\n")
    edit(workspace, "closed", "open")

    with pytest.raises(NotApproved):
        send(workspace, "--newcomers")
    edit(workspace, "open", "closed")
    send(workspace, "--newcomers")
    assert [message.recipient for message in catcher.caught[3:]] == ["dan@example.org"]


def test_a_mailing_that_was_begun_goes_on_with_what_was_signed_whatever_became_of_the_file(
    workspace: Workspace, catcher: MailCatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(workspace)
    address = os.environ["BULLETIN_SMTP_URL"]
    monkeypatch.setenv("BULLETIN_SMTP_URL", "smtp://127.0.0.1:9")
    with pytest.raises(BulletinError, match="127"):
        send(workspace)
    monkeypatch.setenv("BULLETIN_SMTP_URL", address)
    edit(workspace, "closed", "open")

    send(workspace)
    assert len(catcher.caught) == 3
    assert all(b"We are closed" in message.file.read_bytes() for message in catcher.caught)


def test_what_is_rendered_between_the_check_and_the_start_must_be_signed_too(
    workspace: Workspace, catcher: MailCatcher
) -> None:
    approve(workspace)
    engine = open_database(workspace.database_url)
    place = open_workspace(workspace.root)
    preview = preview_send(place, engine, "2021-05", lists=place.lists_of("2021-05"), now=1)
    edit(workspace, "closed", "open")

    with pytest.raises(MailingError, match="has changed since"):
        send_or_resume(
            place,
            engine,
            preview,
            make_edition=lambda: make_edition(place, "2021-05"),
            control=Control(clock=lambda: 1, stop=threading.Event()),
        )
    assert find_mailings(engine, "2021-05") == ()
    engine.dispose()
    assert not catcher.caught


# --- what `status` says of it


def test_status_says_how_an_issue_stands_before_it_is_sent(workspace: Workspace) -> None:
    assert "Not approved yet. It needs approval by 1 person." in run(workspace, "status", "2021-05")
    approve(workspace)
    assert "  Approved by Jo Bloggs (" in run(workspace, "status", "2021-05")
    edit(workspace, "closed", "open")
    assert "  Changed since Jo Bloggs (" in run(workspace, "status", "2021-05")
    edit(workspace, "title:", "titel:")
    assert (
        run(workspace, "status", "2021-05") == "2021-05 has not been sent.\n  It has faults: bulletin check 2021-05\n"
    )


def test_status_says_nothing_of_sign_offs_where_none_is_asked_for(make_workspace: MakeWorkspace) -> None:
    assert run(make_workspace(lists=LISTS), "status", "2021-05") == "2021-05 has not been sent.\n"


def test_status_says_who_signed_what_was_sent(workspace: Workspace, catcher: MailCatcher) -> None:
    approve(workspace)
    assert json.loads(run(workspace, "status", "2021-05", "--json"))["approved_by"] == []
    send(workspace)
    edit(workspace, "closed", "open")

    assert "  Approved by Jo Bloggs (" in run(workspace, "status")
    assert json.loads(run(workspace, "status", "2021-05", "--json"))["approved_by"] == ["Jo Bloggs"]
    assert len(catcher.caught) == 3


# --- what needs none


def test_a_test_copy_needs_no_sign_off(workspace: Workspace, catcher: MailCatcher) -> None:
    run(workspace, "test", "2021-05", "--to", "boss@example.org")

    assert len(catcher.caught) == 1


def test_the_refusal_is_told_at_the_edge_with_exit_code_1(workspace: Workspace, catcher: MailCatcher) -> None:
    approve(workspace)
    edit(workspace, "closed", "open")
    done = call("send", "2021-05", "--yes", folder=workspace.root)

    assert done.returncode == EXIT_FAULT
    assert "We are open on" in done.stderr
    assert done.stderr.endswith("bulletin approve 2021-05 --by NAME\n")
    assert not catcher.caught
