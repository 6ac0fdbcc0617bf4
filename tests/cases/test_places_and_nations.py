"""Places as people copy them to accept a finding, and bank holidays of each nation where dates are planned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from bulletin.cli.finding_places import WrittenPlace, read_place
from bulletin.issue.dates import parse_day
from bulletin.issue.holidays import Nation, describe_day_off
from bulletin.workspace.workspace import Workspace
from command_call import call
from conftest import ISSUE, SETTINGS
from new_workspace import ENOUGH, start_workspace

MakeWorkspace = Callable[..., Workspace]
LONG = " ".join(["We met the people of the town and asked them"] * 4) + "."
TEXT = ISSUE.replace("We are closed on **3 May 2021**.", f"|\n      We met.\n\n      {LONG}")


@pytest.mark.parametrize(
    "place",
    [
        "issues/2021-05.yaml:11:7",
        "./issues/2021-05.yaml:11",
        "issues\\2021-05.yaml:11:7:",
        "issues/2021-05.yaml:11:7: note LANG05: The sentence is long.",
        "2021-05:11",
        "11",
        "11:7",
        "line 11",
        "issues/2021-05.yaml, line 11",
        "LANG05 long-sentence: issues/2021-05.yaml, line 11",
        "::notice file=issues/2021-05.yaml,line=11,col=7::LANG05",
        "sections › 1 (notice) › text",
        "sections[1].text",
        "sections/1/text",
        "issues/2021-05.yaml: sections › 1 (notice) › text",
    ],
)
def test_a_place_is_accepted_as_it_is_printed(make_workspace: MakeWorkspace, place: str) -> None:
    folder = make_workspace(issues={"2021-05": TEXT}).root

    done = call("check", "--accept", "LANG05", "--at", place, "--because", "These are his words", folder=folder)

    assert "Accepted LANG05 on line 11 of issues/2021-05.yaml, with your reason in a comment." in done.stdout, (
        done.stderr
    )
    assert "# proof: ignore LANG05 because These" in (folder / "issues/2021-05.yaml").read_text(encoding="utf-8")


def test_a_section_is_found_by_its_title(make_workspace: MakeWorkspace) -> None:
    folder = make_workspace(issues={"2021-05": TEXT}).root
    title = yaml.safe_load(TEXT)["sections"][0]["title"]

    done = call("check", "--accept", "LANG05", "--at", title, "--because", "These are his words", folder=folder)

    assert "Accepted LANG05 on line 11" in done.stdout, done.stderr


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("training/2021-05:3", WrittenPlace(issue="training/2021-05", lines=(3,))),
        ("C:\\news\\issues\\2021-05.yaml:3:1", WrittenPlace(issue="C:/news/issues/2021-05.yaml", lines=(3,))),
        ("issues/2021-05.yaml, lines 12, 30 and 41", WrittenPlace(issue="issues/2021-05.yaml", lines=(12, 30, 41))),
        ("lines 12 and 30", WrittenPlace(lines=(12, 30))),
        ("Our priorities", WrittenPlace(path="Our priorities")),
    ],
)
def test_what_a_place_says_is_read(text: str, place: WrittenPlace) -> None:
    assert read_place(text) == place


@pytest.mark.parametrize("place", ["here", "sections › 9 › text", "sections › 1 › nothing"])
def test_what_is_no_place_is_refused(make_workspace: MakeWorkspace, place: str) -> None:
    folder = make_workspace(issues={"2021-05": TEXT}).root

    done = call("check", "--accept", "LANG05", "--at", place, "--because", "It is so", folder=folder)

    assert f"“{place}” is not a place." in done.stderr


def test_a_place_in_one_of_several_issues_says_which(make_workspace: MakeWorkspace) -> None:
    folder = make_workspace(issues={"2021-05": TEXT, "2021-04": TEXT.replace("2021-05", "2021-04")}).root

    done = call("check", "--accept", "LANG05", "--at", "11", "--because", "It is so", folder=folder)

    assert "“11” doesn’t say in which issue it is." in done.stderr


# Bank holidays where dates are planned


@pytest.mark.parametrize(
    ("nation", "last", "published", "words"),
    [
        ("scotland", "2026-07", "6 July 2026", "the summer bank holiday in Scotland"),
        ("england", "2026-07", "6 July 2026", "Mind bank holidays."),
        ("northern-ireland", "2026-06", "8 June 2026", "the Battle of the Boyne bank holiday in Northern Ireland"),
        ("wales", "2026-06", "8 June 2026", "Mind bank holidays."),
        ("wales", "2026-03", "2 March 2026", "Easter Monday in Wales"),
        ("scotland", "2026-03", "2 March 2026", "Mind bank holidays."),
    ],
)
def test_a_draft_is_warned_of_the_bank_holidays_of_its_nation(
    make_workspace: MakeWorkspace, nation: str, last: str, published: str, words: str
) -> None:
    text = ISSUE.replace("2021-05", last).replace("4 May 2021", published)
    folder = make_workspace(settings=f"{SETTINGS}proof:\n  nation: {nation}\n", issues={last: text}).root

    done = call("new", folder=folder)

    drafts = [path for path in (folder / "issues").glob("*.yaml") if path.stem != last]
    assert words in drafts[0].read_text(encoding="utf-8"), done.stdout


@pytest.mark.parametrize("nation", list(Nation))
def test_a_new_workspace_keeps_to_the_bank_holidays_of_its_nation(tmp_path: Path, nation: Nation) -> None:
    done = call("init", str(tmp_path / "new"), *ENOUGH, "--nation", nation.value)

    assert done.returncode == 0, done.stderr
    settings = yaml.safe_load((tmp_path / "new/bulletin.yaml").read_text(encoding="utf-8"))
    assert settings["proof"]["nation"] == nation.value
    issue = next((tmp_path / "new/issues").glob("*.yaml"))
    published = yaml.safe_load(issue.read_text(encoding="utf-8"))["published"]
    assert describe_day_off(parse_day(published), nation) == ""


def test_a_nation_that_is_none_is_refused_with_those_there_are(tmp_path: Path) -> None:
    done = call("init", str(tmp_path / "new"), *ENOUGH, "--nation", "england and wales")

    assert done.returncode == 2
    assert "northern-ireland" in done.stderr


def test_a_starter_says_england_unless_it_is_told(tmp_path: Path) -> None:
    start_workspace(tmp_path / "new", published=date(2026, 12, 1) + timedelta(days=1))

    assert "  nation: england\n" in (tmp_path / "new/bulletin.yaml").read_text(encoding="utf-8")
