"""An issue that says it was withdrawn goes to no one, however it would go; and `check` says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from bulletin.database.schema import open_database
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.workspace.workspace import Workspace
from conftest import ISSUE
from planned import LISTS, run

COMMANDS = (
    ("send", "2021-05", "--yes"),
    ("send", "2021-05", "--dry-run"),
    ("send", "2021-05", "--newcomers", "--yes"),
    ("send", "2021-05", "--at", "tomorrow 9:00", "--yes"),
    ("schedule", "2021-05", "--at", "tomorrow 9:00", "--yes"),
    ("approve", "2021-05", "--by", "Jo Bloggs", "--yes"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("written", ["withdrawn: 30 November 2026", "withdrawn: yes", "withdrawn: at some time"])
def test_it_is_refused_with_its_place(
    make_workspace: Callable[..., Workspace], command: Sequence[str], written: str
) -> None:
    workspace = make_workspace(issues={"2021-05": ISSUE.replace("sections:", f"{written}\nsections:")}, lists=LISTS)

    said = run(workspace, *command, code=1)
    assert "issues/2021-05.yaml:5:12: This issue says that it was withdrawn, so it can’t be sent." in said
    assert "If that’s a mistake, delete this line." in said
    engine = open_database(workspace)
    assert not find_mailings(engine, "2021-05")
    engine.dispose()


def test_no_is_as_if_it_were_not_written(make_workspace: Callable[..., Workspace]) -> None:
    workspace = make_workspace(issues={"2021-05": ISSUE.replace("sections:", "withdrawn: no\nsections:")}, lists=LISTS)

    assert "2021-05 would go to 3 readers" in run(workspace, "send", "2021-05", "--dry-run")


def test_a_check_says_it_and_is_in_order_otherwise(make_workspace: Callable[..., Workspace]) -> None:
    workspace = make_workspace(
        issues={"2021-05": ISSUE.replace("sections:", "withdrawn: 30 November 2026\nsections:")}, lists=LISTS
    )

    said = run(workspace, "check", "2021-05")
    assert "STRU18" in said
    assert "it was withdrawn, so it can’t be sent" in said
