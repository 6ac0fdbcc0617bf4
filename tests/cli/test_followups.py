"""What was promised: which follow-ups are open, and `bulletin followups`, as a person types it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import typer
from typer.testing import CliRunner

from bulletin.cli.commands.write.followups import followups
from bulletin.cli.commands.write.new import new
from bulletin.declaration.source import parse_source
from bulletin.drafting.promises import LONGEST, FollowUp, find_follow_ups, select_open
from bulletin.issue.dates import Month
from bulletin.workspace.package_data import sample_folder
from bulletin.workspace.workspace import Workspace
from conftest import ISSUE, SETTINGS

MakeWorkspace = Callable[..., Workspace]

MAY = Month(2021, 5)


def run(*arguments: str, folder: Path) -> str:
    """What the command says; it ends well, whether or not anything is open."""
    app = typer.Typer()
    app.command()(followups)
    result = CliRunner().invoke(app, [*arguments, "--workspace", str(folder)])
    if result.exception:
        raise result.exception
    assert result.exit_code == 0
    return result.stdout


def find(sections: str, *, made_in: Month = MAY) -> tuple[FollowUp, ...]:
    return find_follow_ups(parse_source(f"sections:\n{sections}", shown_as="x.yaml"), made_in=made_in)


def promising(month: Month, *, for_: Month) -> str:
    text = ISSUE.replace("2021-05", month.id).replace("3 May 2021", "the day of the fair")
    return f"{text}    follow_up: {for_.id}\n"


# --- what is a promise


def test_a_promise_says_what_it_is_about_in_which_words_and_where() -> None:
    (promise,) = find(
        "  - title: News\n    items:\n      - title: A fair\n        text: More soon.\n        follow_up: June 2021\n"
    )

    assert str(promise) == "News › A fair: “More soon.” (x.yaml:6)"
    assert (promise.month, promise.place) == (Month(2021, 6), ("sections", 0, "items", 0))


def test_of_a_long_text_the_sentence_that_names_the_month_is_quoted() -> None:
    text = f"{'Much was done. ' * 20}In June you hear more. {'And so on. ' * 5}"

    assert find(f"  - title: T\n    text: {text}\n    follow_up: 2021-06\n")[0].words == "In June you hear more."


def test_no_words_are_longer_than_a_terminal_can_bear() -> None:
    (promise,) = find(f"  - title: T\n    text: {'word ' * 200}\n    follow_up: 2021-06\n")

    assert len(promise.words) <= LONGEST
    assert promise.words.endswith(" …")


def test_a_promise_is_for_the_lists_of_its_item_or_else_of_its_section() -> None:
    item = "      - {title: I, follow_up: 2021-06}\n      - {title: J, for: [b, c], follow_up: 2021-06}\n"

    assert [promise.lists for promise in find(f"  - title: T\n    for: a\n    items:\n{item}")] == [("a",), ("b", "c")]


# --- which are open


def test_a_promise_is_open_until_an_issue_of_its_month_or_a_later_one_is_there() -> None:
    (promise,) = find("  - {title: T, follow_up: 2021-07}\n")

    assert select_open([promise], latest=Month(2021, 6)) == (promise,)
    assert select_open([promise], latest=Month(2021, 7)) == ()
    assert select_open([promise], latest=Month(2021, 8)) == ()


def test_a_promise_carried_from_issue_to_issue_counts_once_in_its_last_words() -> None:
    made = [
        find(f"  - {{kind: campaign, title: T, text: {month}., follow_up: 2021-09}}\n", made_in=month)
        for month in (Month(2021, 6), MAY)
    ]

    assert [promise.words for promise in select_open([*made[0], *made[1]], latest=Month(2021, 6))] == ["June 2021."]


def test_two_promises_of_one_issue_both_count_however_alike_they_are() -> None:
    twice = "  - {title: T, follow_up: 2021-09}\n" * 2

    assert len(select_open(find(twice), latest=MAY)) == 2


def test_the_soonest_comes_first() -> None:
    promises = find("  - {title: A, follow_up: 2021-09}\n  - {title: B, follow_up: 2021-07}\n")

    assert [promise.titles for promise in select_open(promises, latest=MAY)] == [("B",), ("A",)]


# --- the command


def test_the_sample_has_one_open_follow_up_and_those_of_april_and_may_are_answered() -> None:
    said = run(folder=sample_folder())

    assert said.startswith("July 2021 (overdue)  Executive updates › Independent scrutiny: “We are still buying in")
    assert "issues/2021-06.yaml" in said
    assert "issues/2021-04.yaml" not in said
    assert "issues/2021-05.yaml" not in said
    assert said.endswith("1 follow-up open.\n")


def test_a_follow_up_is_overdue_once_its_month_is_over(make_workspace: MakeWorkspace) -> None:
    now = Month(date.today().year, date.today().month)  # noqa: DTZ011 -- the user's own day
    late, last = now + -3, now + -4
    issues = {last.id: promising(last, for_=late) + f"  - {{kind: notice, title: B, text: C, follow_up: {now.id}}}\n"}
    lines = run(folder=make_workspace(issues=issues).root).splitlines()

    assert lines[0].startswith(f"{late} (overdue)  Office hours: “")
    assert lines[1].startswith(f"{now}  B: “C” (issues/{last.id}.yaml:")


def test_each_bulletin_answers_its_own_follow_ups(make_workspace: MakeWorkspace) -> None:
    second = "  training:\n    title: Training\n    sender: {name: Us, email: us@example.org}\nlists:"
    issues = {
        "2021-05": promising(MAY, for_=Month(2021, 6)),
        "training/2021-06": promising(Month(2021, 6), for_=Month(2021, 7)),
    }
    folder = make_workspace(settings=SETTINGS.replace("lists:", second), issues=issues).root

    assert "2 follow-ups open." in run(folder=folder)
    assert "issues/2021-05.yaml:11" not in run("--bulletin", "training", folder=folder)
    assert "1 follow-up open." in run("--bulletin", "training", folder=folder)


def test_where_nothing_is_open_it_says_so(make_workspace: MakeWorkspace) -> None:
    issues = {"attic/2021-05": promising(MAY, for_=Month(2021, 6))}  # a folder that is no bulletin

    assert run(folder=make_workspace(issues=issues).root) == "No follow-up is open.\n"


def test_an_issue_half_written_does_not_hide_what_the_others_promise(make_workspace: MakeWorkspace) -> None:
    issues = {"2021-05": promising(MAY, for_=Month(2021, 6)), "2021-06": "half"}

    assert "1 follow-up open." in run(folder=make_workspace(issues=issues).root)


def test_a_draft_answers_a_promise_once_it_is_written(make_workspace: MakeWorkspace) -> None:
    now = Month(2021, 6)
    draft = ISSUE.replace("2021-05", now.id).replace("4 May", "1 June").replace("What we did in April", "TO WRITE")
    promised = promising(MAY, for_=now)
    root = make_workspace(
        issues={"2021-05": promised, "2021-06": draft + "  - {kind: article, title: Office hours, text: TO WRITE}\n"}
    ).root
    assert run(folder=root).endswith("1 follow-up open.\n")

    (root / "issues/2021-06.yaml").write_text(draft + "  - {kind: article, title: Office hours, text: We moved.}\n")
    assert run(folder=root) == "No follow-up is open.\n"


def test_a_promise_that_a_draft_repeats_is_open_until_nothing_is_to_be_written(make_workspace: MakeWorkspace) -> None:
    promised = promising(MAY, for_=Month(2021, 6))
    carried = promised.replace("2021-05", "2021-06").replace("    follow_up: 2021-06\n", "").replace("4 May", "1 June")
    root = make_workspace(
        issues={"2021-05": promised, "2021-06": carried.replace("What we did in April", "TO WRITE")}
    ).root
    assert run(folder=root).endswith("1 follow-up open.\n")

    (root / "issues/2021-06.yaml").write_text(carried)
    assert run(folder=root) == "No follow-up is open.\n"


def test_the_draft_that_new_writes_answers_no_promise(tmp_path: Path) -> None:
    root = shutil.copytree(sample_folder(), tmp_path / "sample")
    before = run(folder=root)
    command = typer.Typer()
    command.command()(new)
    assert CliRunner().invoke(command, ["--workspace", str(root)]).exit_code == 0

    assert run(folder=root) == before
