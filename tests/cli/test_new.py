"""`bulletin new`, as a person types it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bulletin.cli.commands.write.new import new
from bulletin.errors import BulletinError, FaultyFiles, NotFound
from bulletin.issue.dates import Month
from bulletin.workspace.package_data import sample_folder
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import ISSUE, SETTINGS

MakeWorkspace = Callable[..., Workspace]

TWO_BULLETINS = SETTINGS.replace(
    "lists:", "  training:\n    title: Training\n    sender: {name: Us, email: us@example.org}\nlists:"
)


def invoke(*arguments: str, folder: Path) -> Result:
    app = typer.Typer()
    app.command()(new)
    return CliRunner().invoke(app, [*arguments, "--workspace", str(folder)])


def run(*arguments: str, folder: Path) -> str:
    result = invoke(*arguments, folder=folder)
    if result.exception:
        raise result.exception
    return result.stdout


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A copy of the sample: other tests write to nothing that is shipped."""
    for part in ("issues", "subscribers"):
        shutil.copytree(sample_folder() / part, tmp_path / "sample" / part)
    shutil.copy(sample_folder() / "bulletin.yaml", tmp_path / "sample")
    return tmp_path / "sample"


def test_from_may_2021_it_writes_june_which_loads_and_says_what_is_to_be_written(sample: Path) -> None:
    (sample / "issues" / "2021-06.yaml").unlink()
    said = run("2021-06", folder=sample)
    june = open_workspace(sample, environ={}).load_issue("2021-06")

    assert june.month == Month(2021, 6)
    for words in ("Independent scrutiny", "the plans for phase 2", "priority 8: “Hub starts”", "“First phase ends”"):
        assert words in said.partition("To write:")[2]
    assert "article “Everyone’s Invited”: was for last month only" in said.partition("To write:")[0]
    assert said.endswith("  bulletin check issues/2021-06.yaml\n")


def test_the_month_after_the_last_issue_is_the_default(make_workspace: MakeWorkspace) -> None:
    place = make_workspace(
        issues={"2021-11": ISSUE.replace("2021-05", "2021-11"), "2021-12": ISSUE.replace("2021-05", "2021-12")}
    )
    run(folder=place.root)

    assert place.load_issue("2022-01").month == Month(2022, 1)


def test_who_wrote_the_last_issue_is_asked_about_again(make_workspace: MakeWorkspace) -> None:
    place = make_workspace(issues={"2021-05": ISSUE.replace("published:", "author: Jo Bloggs\npublished:")})
    run("2021-06", folder=place.root)

    text = place.issue_path("2021-06").read_text(encoding="utf-8")
    assert "# write: who writes this one? Their approval alone won’t be enough.\nauthor: Jo Bloggs\n" in text


def test_it_never_overwrites_a_file(make_workspace: MakeWorkspace) -> None:
    place = make_workspace()

    with pytest.raises(BulletinError, match=r"issues/2021-05\.yaml already exists"):
        run("2021-05", folder=place.root)
    assert place.issue_path("2021-05").read_text(encoding="utf-8") == ISSUE


def test_a_last_issue_with_faults_is_to_be_mended_first(make_workspace: MakeWorkspace) -> None:
    place = make_workspace(issues={"2021-05": ISSUE, "2021-06": "mine"})

    with pytest.raises(FaultyFiles, match=r"2021-06\.yaml"):
        run("2021-07", folder=place.root)
    assert list(place.issue_ids()) == ["2021-05", "2021-06"]


@pytest.mark.parametrize("month", ["2021-04", "2020-12"])
def test_it_only_goes_forwards(make_workspace: MakeWorkspace, month: str) -> None:
    with pytest.raises(BulletinError, match="is not after the last issue, May 2021"):
        run(month, folder=make_workspace().root)


@pytest.mark.parametrize("month", ["2021-13", "June", "06/2021"])
def test_what_is_not_a_month_is_wrong_usage(make_workspace: MakeWorkspace, month: str) -> None:
    result = invoke(month, folder=make_workspace().root)

    assert result.exit_code == 2
    assert "Write it as 2021-06." in " ".join(result.stderr.split())


def test_another_bulletin_has_its_drafts_in_its_own_folder(make_workspace: MakeWorkspace) -> None:
    place = make_workspace(settings=TWO_BULLETINS, issues={"2021-05": ISSUE, "training/2021-05": ISSUE})
    run("--bulletin", "training", folder=place.root)

    assert sorted(place.issue_ids()) == ["2021-05", "training/2021-05", "training/2021-06"]
    first = place.issue_path("training/2021-06").read_text(encoding="utf-8").splitlines()[0]
    schema = first.partition("$schema=")[2]
    assert (place.root / "issues/training" / schema).resolve().is_file()


def test_an_unknown_bulletin_is_named_with_those_that_there_are(make_workspace: MakeWorkspace) -> None:
    with pytest.raises(NotFound, match=r"no bulletin “training”\. .* monthly\."):
        run("--bulletin", "training", folder=make_workspace().root)


def test_without_an_issue_there_is_nothing_to_go_on_from(make_workspace: MakeWorkspace) -> None:
    place = make_workspace(settings=TWO_BULLETINS)
    place.issue_path("2021-05").unlink()

    for bulletin in ("monthly", "training"):
        with pytest.raises(NotFound, match="no issue yet"):
            run("--bulletin", bulletin, folder=place.root)


def test_the_ends_of_lines_stay_those_of_the_last_issue(make_workspace: MakeWorkspace) -> None:
    place = make_workspace()
    place.issue_path("2021-05").write_bytes(ISSUE.replace("\n", "\r\n").encode())
    run(folder=place.root)
    written = place.issue_path("2021-06").read_bytes()

    assert written.count(b"\r\n") == written.count(b"\n") > 10


def test_an_older_issue_with_faults_is_named_and_stops_nothing(make_workspace: MakeWorkspace) -> None:
    place = make_workspace(issues={"2021-04": "month: 2021-04\n", "2021-05": ISSUE})
    result = invoke(folder=place.root)

    assert result.exit_code == 0
    assert "issues/2021-04.yaml has faults, so its follow-ups can't be read" in result.stderr
    assert place.load_issue("2021-06").month == Month(2021, 6)
