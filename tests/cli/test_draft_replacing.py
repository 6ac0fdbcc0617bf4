"""`bulletin draft --replace`: it takes the place of an issue that is there, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bulletin.database.schema import open_database
from bulletin.database.states import DeliveryState
from bulletin.workspace.workspace import Workspace
from mailed import mail
from typed import type_in

OLD = "News for May\n\nOffice hours\n\nWe are closed on 31 May 2021.\n"


def draft(workspace: Workspace, folder: Path, *more: str) -> tuple[int, str]:
    (folder / "old.txt").write_text(OLD, encoding="utf-8")
    return type_in("draft", str(folder / "old.txt"), "--month", "2021-05", *more, "--workspace", str(workspace.root))


def test_a_draft_takes_the_place_of_an_issue_only_if_it_is_told_to(
    make_workspace: Callable[..., Workspace], tmp_path: Path
) -> None:
    workspace = make_workspace()
    path = workspace.issue_path("2021-05")
    before = path.read_bytes()

    code, words = draft(workspace, tmp_path)
    assert code == 1
    assert "--replace" in words
    assert path.read_bytes() == before

    code, words = draft(workspace, tmp_path, "--replace")
    assert code == 0, words
    assert "We are closed" in path.read_text(encoding="utf-8")
    (kept,) = (workspace.state_folder / "replaced").iterdir()
    assert kept.read_bytes() == before
    assert kept.name in words


def test_an_issue_that_was_sent_keeps_its_file(make_workspace: Callable[..., Workspace], tmp_path: Path) -> None:
    workspace = make_workspace()
    engine = open_database(workspace)
    mail(engine, [("anna@example.org", {"state": DeliveryState.ACCEPTED})])
    engine.dispose()
    before = workspace.issue_path("2021-05").read_bytes()

    code, words = draft(workspace, tmp_path, "--replace")

    assert code == 1
    assert "was sent" in words
    assert workspace.issue_path("2021-05").read_bytes() == before
