"""A bulletin that was renamed would reach those who left it: `send` says so before its first issue."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bulletin.workspace.workspace import Workspace
from conftest import ISSUE, SETTINGS
from planned import LISTS, run

TRAINING = "  training: {title: Training, sender: {name: B, email: b@anytown.example.org}}\nlists:\n"
SAID = "1 person unsubscribed from “training”, a bulletin that bulletin.yaml no longer has."


@pytest.fixture
def workspace(make_workspace: Callable[..., Workspace]) -> Workspace:
    """Anna left a second bulletin."""
    settings = SETTINGS.replace("lists:\n", TRAINING, 1)
    place = make_workspace(settings=settings, issues={"2021-05": ISSUE, "training/2021-05": ISSUE}, lists=LISTS)
    run(place, "subscribers", "sync", "--yes")
    run(place, "subscribers", "remove", "anna@example.org", "--bulletin", "training", "--yes")
    return place


def rename(workspace: Workspace, name: str) -> None:
    path = workspace.root / "bulletin.yaml"
    path.write_text(path.read_text("utf-8").replace("  training:", f"  {name}:"), encoding="utf-8")
    (workspace.root / "issues/training").rename(workspace.root / "issues" / name)


def test_a_new_name_is_asked_about_and_the_old_one_is_not(workspace: Workspace) -> None:
    assert "unsubscribed from" not in run(workspace, "send", "training/2021-05", "--dry-run")
    rename(workspace, "courses")
    said = " ".join(run(workspace, "send", "courses/2021-05", "--dry-run").split())

    assert SAID in said
    assert "If courses is the same bulletin under a new name, they’d get it again." in said
    assert "unsubscribed from" not in run(workspace, "send", "2021-05", "--dry-run")
