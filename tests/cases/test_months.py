"""A year of months: what `check` looks at, how progress is told, and what `new` carries along."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from itertools import pairwise

import pytest

from bulletin.cli.clock import today
from bulletin.cli.progress import watch
from bulletin.database.schema import open_database
from bulletin.delivery.ledger.counts import Counts
from bulletin.drafting.comments import FIRST_ISSUE
from bulletin.issue.dates import Month
from bulletin.workspace.workspace import Workspace, open_workspace
from command_call import call
from conftest import ISSUE, SETTINGS
from mailed import ACCEPTED, QUEUED, mail, run
from new_workspace import ENOUGH
from typed import Screen

MakeWorkspace = Callable[..., Workspace]

TWO_BULLETINS = SETTINGS.replace(
    "lists:", "  training:\n    title: Training\n    sender: {name: Us, email: us@example.org}\nlists:"
)


def issue_of(month: str) -> str:
    year, number = map(int, month.split("-"))
    return ISSUE.replace("2021-05", month).replace("4 May 2021", f"4 {Month(year, number)}")


def check(place: Workspace, *options: str, code: int = 0) -> str:
    done = call("check", *options, "--workspace", str(place.root))
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def checked(said: str) -> list[str]:
    return re.findall(r"^issues/(\S+)\.yaml: (?:in order|\d)", said, re.MULTILINE)


# What `check` without an issue looks at


def send(place: Workspace, *issues: str, fate: dict[str, object] = ACCEPTED) -> None:
    for issue in issues:
        engine = open_database(place)
        mail(engine, [(f"anna-{issue[-2:]}", fate)], issue=issue)
        engine.dispose()


def test_what_was_sent_is_not_checked_unless_all_is_asked_for(make_workspace: MakeWorkspace) -> None:
    months = ("2021-05", "2021-06", "2021-07")
    place = make_workspace(issues={month: issue_of(month) for month in months})
    send(place, "2021-05")
    said = check(place)

    assert checked(said) == ["2021-06", "2021-07"]
    assert "1 earlier issue is past, so it was not checked. To check all: bulletin check --all" in said
    assert checked(check(place, "--all")) == list(months)
    assert checked(check(place, "2021-05")) == ["2021-05"]


def test_an_issue_before_one_that_was_sent_is_past(make_workspace: MakeWorkspace) -> None:
    issues = {month: issue_of(month[-7:]) for month in ("2021-04", "2021-05", "2021-06", "training/2021-04")}
    place = make_workspace(settings=TWO_BULLETINS, issues=issues)
    send(place, "2021-05")

    assert checked(check(place)) == ["2021-06", "training/2021-04"]


def test_a_mailing_that_was_cancelled_before_it_reached_anyone_leaves_its_issue_unsent(
    make_workspace: MakeWorkspace,
) -> None:
    place = make_workspace(issues={month: issue_of(month) for month in ("2021-05", "2021-06")})
    send(place, "2021-06", fate=QUEUED)
    run(place, "cancel", "2021-06", "--yes")

    assert checked(check(place)) == ["2021-05", "2021-06"]


def test_ten_years_of_issues_that_another_program_sent_are_past(make_workspace: MakeWorkspace) -> None:
    this = Month(today().year, today().month)
    months = [(this + number).id for number in range(-118, 2)]
    broken = {month: issue_of(month).replace("kind: notice", "kind: notce") for month in months[:100]}
    place = make_workspace(issues={month: issue_of(month) for month in months} | broken)
    said = check(place)

    assert checked(said) == months[-4:]
    assert "116 earlier issues are past, so they were not checked." in said
    assert len(said.splitlines()) < 60
    assert "faults in 100 files" in check(place, "--all", code=1)


def test_once_everything_was_sent_there_is_nothing_to_check(make_workspace: MakeWorkspace) -> None:
    place = make_workspace(issues={month: issue_of(month) for month in ("2021-05", "2021-06")})
    send(place, "2021-05", "2021-06")

    assert "Nothing was checked, because every issue was sent or is past." in check(place)


def test_a_record_that_cannot_be_read_leaves_nothing_out(make_workspace: MakeWorkspace) -> None:
    place = make_workspace(issues={month: issue_of(month) for month in ("2021-05", "2021-06")})
    send(place, "2021-05")
    (place.state_folder / "ledger.db").write_bytes(b"not a database" * 100)
    done = call("check", "--workspace", str(place.root))

    assert checked(done.stdout) == ["2021-05", "2021-06"]
    assert "We can't read which issues were sent, so none is left out:" in done.stderr


# One line a finding

FAULTS = ISSUE.replace("4 May 2021", "Monday 4 May 2021")
FINDINGS = ISSUE.replace("We are closed", "We  are closed on on 3 May 2021, see the the list. We recieve")


@pytest.mark.parametrize("text", [FAULTS, FINDINGS, FINDINGS.replace("Office hours", "Wer are  closed")])
def test_the_short_form_has_one_line_for_each_finding_and_no_carets(make_workspace: MakeWorkspace, text: str) -> None:
    place = make_workspace(issues={"2021-05": text})
    done = call("check", "--format", "short", "--workspace", str(place.root), environ={"COLUMNS": "60"})
    found = call("check", "--format", "json", "--workspace", str(place.root)).stdout.count('"code":')

    lines = done.stdout.splitlines()
    assert len(lines) == found > 0
    for line in lines:
        assert re.match(r"(issues/2021-05|bulletin)\.yaml:\d+:\d+: (error|warning|note) [A-Z]+\d+: \S", line)
    assert "^" not in done.stdout
    assert re.fullmatch(r"\d+ (fault|error|warning|note).* found\.", done.stderr.strip())


def test_an_issue_in_order_has_no_line_in_the_short_form(make_workspace: MakeWorkspace) -> None:
    ours = re.compile(r"(anytown\.)?example\.org|anytown", re.IGNORECASE)
    place = make_workspace(settings=ours.sub("harlow.org", SETTINGS), issues={"2021-05": ours.sub("harlow.org", ISSUE)})
    done = call("check", "--format", "short", "--workspace", str(place.root))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "Nothing found.\n")


def test_what_is_found_in_the_workspace_counts_in_the_short_form(make_workspace: MakeWorkspace) -> None:
    done = call("check", "--format", "short", "--workspace", str(make_workspace().root))
    assert done.stdout.startswith("bulletin.yaml:")
    assert (done.stdout.count("\n"), done.stderr) == (1, "1 warning found.\n")


# Progress


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    passed = [100.0]
    monkeypatch.setattr("bulletin.cli.progress.time.monotonic", lambda: passed[0])
    yield passed
    time.tzset()


def watch_mailing(clock: list[float], *, seconds: int) -> str:
    """What a terminal is told of a mailing that sends eight a second."""
    screen = Screen()
    with redirect_stdout(screen), watch() as report:
        for number in range(seconds * 8 + 1):
            report(Counts(accepted=number, queued=seconds * 8 - number))
            clock[0] += 0.125
    return screen.getvalue()


@pytest.mark.parametrize(
    "environ", [{"BULLETIN_PROGRESS": "lines"}, {"BULLETIN_PROGRESS": " Lines "}, {"TERM": "dumb"}, {"TERM": "unknown"}]
)
def test_a_terminal_that_asks_for_lines_or_is_dumb_gets_lines(
    clock: list[float], monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    said = watch_mailing(clock, seconds=5)

    assert "\x1b" not in said
    assert "\r" not in said
    assert [line.partition(" ")[0] for line in said.splitlines()] == ["0", "16", "32", "40"]


def test_lines_are_further_apart_as_it_goes_on(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULLETIN_PROGRESS", "lines")
    said = watch_mailing(clock, seconds=600)
    seconds = [int(line.partition(" ")[0].replace(",", "")) / 8 for line in said.splitlines()]
    gaps = [round(later - earlier) for earlier, later in pairwise(seconds)]

    assert gaps[:4] == [2, 2, 2, 2]
    assert gaps[4:15] == [10] * 11
    assert set(gaps[16:-1]) == {60}
    assert len(seconds) < 30


# What `new` carries along

CARRIED = """\
# yaml-language-server: $schema=../.bulletin/issue.schema.json
# The May 2021 issue of our bulletin: two sections.

# Keep the words short.
month: 2021-05
published: 4 May 2021
subject: Anytown news for May
preview_text: What we did in April
sections:
  - kind: priorities
    title: Our priorities
    items:
      - number: 1
        title: Neglect
        status: under way
        summary: It moved on.
        milestones:
          - date: April 2021
            text: The group met
            done: yes
          - date: 2022
            text: It ends
  - kind: training
    title: Training
    items:
      - title: Safe sleep
        provider: Anytown Learning
        on_demand: yes
        figure: {value: "24", label: people have done it, date: April 2021}
"""


def draft(place: Workspace, month: str) -> str:
    run(place, "new", month)
    return place.issue_path(month).read_text(encoding="utf-8")


def finish(place: Workspace, month: str, text: str) -> None:
    place.issue_path(month).write_text(text.replace("TO WRITE", "Written"), encoding="utf-8")


def test_a_figure_and_a_finished_milestone_are_noted_with_their_age(make_workspace: MakeWorkspace) -> None:
    place = make_workspace(issues={"2021-05": CARRIED})
    june = draft(place, "2021-06")
    finish(place, "2021-06", june)
    july = " ".join(draft(place, "2021-07").replace("#", " ").split())

    assert "months ago" not in june
    assert "write: this is done: it was due 3 months ago (April 2021), and has been in every issue since May" in july
    assert "It was counted 3 months ago (April 2021), and has been in every issue since May 2021, for 2 months." in july
    assert "training “Safe sleep”: the number 24: it was counted 3 months ago" in july


def test_what_has_changed_meanwhile_is_as_old_as_its_change(make_workspace: MakeWorkspace) -> None:
    later = CARRIED.replace('"24"', '"31"').replace(
        "people have done it, date: April", "people have done it, date: June"
    )
    place = make_workspace(issues={"2021-05": CARRIED, "2021-06": later.replace("2021-05", "2021-06")})
    said = run(place, "new", "2021-07")

    assert "the number" not in said
    assert "“The group met” is done: it was due 3 months ago (April 2021), and has been in every issue since" in said


def test_an_old_figure_is_noted_even_in_the_second_issue(make_workspace: MakeWorkspace) -> None:
    place = make_workspace(issues={"2021-05": CARRIED})

    assert "the number 24: it was counted 7 months ago (April 2021)" in run(place, "new", "2021-11")


def test_a_figure_dated_by_its_year_is_as_old_as_the_issues_that_had_it(make_workspace: MakeWorkspace) -> None:
    undated = CARRIED.replace("date: April 2021}", "date: 2021}")
    issues = {f"2021-0{month}": undated.replace("2021-05", f"2021-0{month}") for month in (5, 6, 7)}
    place = make_workspace(issues=issues)

    assert "the number 24: its date is 2021, and has been in every issue since May 2021, for 3 months" in run(
        place, "new", "2021-08"
    )


def test_the_words_of_the_first_issue_do_not_roll_on(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("new") / "news"
    assert call("init", str(root), *ENOUGH).returncode == 0
    place = open_workspace(root, environ={})
    (first,) = place.issue_ids()
    assert FIRST_ISSUE in place.issue_path(first).read_text(encoding="utf-8")
    run(place, "new")
    text = place.issue_path(list(place.issue_ids())[-1]).read_text(encoding="utf-8")

    assert "Your first issue" not in text
    assert "look at it each time" not in text
    assert text.startswith("# yaml-language-server: ")


FIRST_WORDS = f"{FIRST_ISSUE}. It is complete:\n# change one thing at a time.\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{FIRST_WORDS}\n{CARRIED}",
        CARRIED.replace("# Keep", f"{FIRST_WORDS}\n# Keep"),
        CARRIED.replace("month: 2021-05\n", f"month: 2021-05\n{FIRST_WORDS}"),
        CARRIED.replace("# Keep", f"{FIRST_WORDS}\n# Keep").replace("\n", "\r\n"),
    ],
)
def test_the_first_words_are_left_out_wherever_they_are_and_other_comments_stay(
    make_workspace: MakeWorkspace, text: str
) -> None:
    place = make_workspace()
    place.issue_path("2021-05").write_bytes(text.encode())
    june = draft(place, "2021-06")

    assert FIRST_ISSUE not in june
    assert "one thing at a time" not in june
    assert "# The May 2021 issue of our bulletin: two sections." in june
    assert "# Keep the words short." in june


def test_a_draft_from_an_unfilled_draft_says_so(make_workspace: MakeWorkspace) -> None:
    place = make_workspace(issues={"2021-05": CARRIED})
    run(place, "new", "2021-06")
    said = run(place, "new", "2021-07")
    text = " ".join(place.issue_path("2021-07").read_text(encoding="utf-8").replace("#", " ").split())

    assert said.startswith(
        "issues/2021-06.yaml, which this continues from, is still a draft: it has 2 places to write."
    )
    assert "delete issues/2021-07.yaml" in said
    assert "is made from issues/2021-06.yaml, which was still a draft: it said TO WRITE in 2 places." in text
    assert "Last month: “" not in text


def test_a_draft_from_a_finished_issue_says_nothing_of_that(make_workspace: MakeWorkspace) -> None:
    place = make_workspace(issues={"2021-05": CARRIED})

    assert "still a draft" not in run(place, "new", "2021-06")
