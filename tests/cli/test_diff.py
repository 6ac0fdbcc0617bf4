"""`bulletin diff`, as a person types it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bulletin.cli.commands.write.diff import diff
from bulletin.cli.wording.comparison_text import WIDTH
from bulletin.errors import NotFound
from bulletin.workspace.package_data import sample_folder
from bulletin.workspace.workspace import Workspace
from checkout import TESTS
from conftest import ISSUE

MakeWorkspace = Callable[..., Workspace]

APPROVED = TESTS / "differences" / "2021-05.txt"
JUNE = ISSUE.replace("2021-05", "2021-06").replace("3 May 2021", "7 June 2021")


def run(*arguments: str, folder: Path) -> str:
    """What the command says; it ends well, whether or not the issues differ."""
    app = typer.Typer()
    app.command()(diff)
    result = CliRunner().invoke(app, [*arguments, "--workspace", str(folder)])
    if result.exception:
        raise result.exception
    return result.stdout


def test_the_sample_says_what_is_new_in_may() -> None:
    assert run("2021-05", folder=sample_folder()) == APPROVED.read_text(encoding="utf-8")


def test_no_line_is_wider_than_it_must_be() -> None:
    assert max(map(len, APPROVED.read_text(encoding="utf-8").splitlines())) <= WIDTH


def test_an_issue_is_compared_with_the_latest_one_before_it(make_workspace: MakeWorkspace) -> None:
    others = {"2021-04": ISSUE, "2021-07": ISSUE, "2021-05": ISSUE, "training/2021-05": ISSUE, "2021-06": JUNE}
    said = run("2021-06", folder=make_workspace(issues=others).root)

    assert said.splitlines()[0] == "2021-06 compared with 2021-05"
    assert "    text: “We are closed on **3 May 2021**.” → “We are closed on **7 June 2021**.”" not in said
    assert "  text: “We are closed on **3 May 2021**.” → “We are closed on **7 June 2021**.”" in said


def test_an_issue_can_be_compared_with_any_other(make_workspace: MakeWorkspace) -> None:
    place = make_workspace(issues={"2021-05": ISSUE, "2021-06": JUNE, "training/2021-05": ISSUE})

    said = run("2021-05", "issues/training/2021-05.yaml", folder=place.root)
    assert said.splitlines()[0] == "2021-05 compared with training/2021-05"
    assert "Sections: 0 new, 0 changed, 0 gone, 1 unchanged." in said


@pytest.mark.parametrize("name", ["2021-05", "training/2021-06"])
def test_the_first_issue_of_a_bulletin_has_nothing_to_be_compared_with(
    make_workspace: MakeWorkspace, name: str
) -> None:
    place = make_workspace(issues={"2021-05": ISSUE, "training/2021-06": JUNE})

    with pytest.raises(NotFound, match=f"bulletin diff {name} OTHER"):
        run(name, folder=place.root)
