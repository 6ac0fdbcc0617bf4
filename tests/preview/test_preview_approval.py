"""What the preview says of sign-offs, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, expect

from bulletin.approval.approvals import record_approval
from bulletin.approval.snapshot import take_snapshot
from bulletin.database.schema import open_database
from bulletin.edition.build import make_edition
from bulletin.preview.approval import describe_issue_approval
from bulletin.preview.session import PreviewSession
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import SETTINGS
from previewing import serve, visit

MakeWorkspace = Callable[..., Workspace]

ASKING = SETTINGS + "approval: {needed: 1}\n"
NOON = 1_620_126_000_000


def sign(workspace: Workspace) -> None:
    engine = open_database(workspace.database_url)
    snapshot = take_snapshot(workspace, make_edition(workspace, "2021-05"), lists=workspace.lists_of("2021-05"))
    record_approval(engine, snapshot, name="Jo Bloggs", now=NOON)
    engine.dispose()


def edit(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def open_desk(workspace: Workspace) -> PreviewSession:
    return PreviewSession(workspace.root, clock=lambda: datetime(2021, 5, 4, tzinfo=UTC), environ={})


def test_the_page_says_who_signed_and_that_it_has_changed_since(
    make_workspace: MakeWorkspace, browser: Browser
) -> None:
    workspace = make_workspace(settings=ASKING)
    path = workspace.issue_path("2021-05")
    context = browser.new_context()
    context.set_default_timeout(10_000)
    page = context.new_page()
    with serve(workspace.root) as address:
        visit(page, address)
        line = page.locator("#approval")
        expect(line).to_have_text("Not approved yet. It needs approval by 1 person.")
        sign(workspace)
        page.evaluate("() => window.dispatchEvent(new Event('focus'))")  # as one comes back from the terminal
        expect(line).to_contain_text("Approved by Jo Bloggs (4 May 2021, ")
        edit(path, "We are closed", "We are open")
        expect(line).to_contain_text("Changed since Jo Bloggs (4 May 2021, ")
        edit(path, "title: Office", "titel: Office")
        expect(page.get_by_text("Did you mean “title”?")).to_be_visible()
        expect(line).to_be_hidden()
    context.close()


def test_a_preview_makes_no_database(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(settings=ASKING)

    assert describe_issue_approval(open_desk(workspace), "2021-05").startswith("Not approved yet.")
    assert not workspace.remembers


def test_nothing_is_said_where_nobody_is_asked_to_sign(make_workspace: MakeWorkspace) -> None:
    assert describe_issue_approval(open_desk(make_workspace()), "2021-05") == ""


def test_a_change_of_the_settings_is_a_change(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(settings=ASKING)
    sign(workspace)
    session = open_desk(workspace)
    assert describe_issue_approval(session, "2021-05").startswith("Approved by Jo Bloggs (")

    edit(workspace.root / "bulletin.yaml", "1 High Street", "2 High Street")
    session.touch()
    assert describe_issue_approval(session, "2021-05").startswith("Changed since")
    assert open_workspace(workspace.root, environ={}).remembers
