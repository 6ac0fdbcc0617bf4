"""If a rule finds very much, check shows fifty places and the number of the others."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from datetime import date

import pytest
from typer.testing import CliRunner

from bulletin.cli.app import make_app
from bulletin.declaration.markup import find_problems
from bulletin.proof.custom_rules import gather_rules
from bulletin.proof.finding import Finding
from bulletin.proof.proofing import MOST_COUNTED, MOST_SHOWN, apply_rules, proof_issue
from bulletin.proof.rule import Example
from bulletin.proof.theme.rendered import Page
from bulletin.settings.proof import Severity
from bulletin.workspace.package_data import theme_folder
from bulletin.workspace.workspace import Workspace
from conftest import ISSUE
from proof_case import TODAY, make_context


def find(text: str, code: str, *, settings: str = "") -> list[Finding]:
    context = make_context(Example(text=text, settings=settings))
    return [finding for finding in apply_rules(context, gather_rules(context.settings)) if finding.code == code]


def doubled(number: int) -> str:
    return "\n\n".join(f"The the plan {index} is here." for index in range(number))


@pytest.mark.parametrize("number", [1, MOST_SHOWN, MOST_SHOWN + 1])
def test_a_few_findings_are_all_shown(number: int) -> None:
    found = find(doubled(number), "LANG07")

    assert [finding.number for finding in found] == [1] * number


def test_of_many_findings_fifty_are_shown_and_one_says_how_many_others_there_are() -> None:
    *shown, rest = find(doubled(200), "LANG07")

    assert len(shown) == MOST_SHOWN
    assert (rest.number, rest.uncounted, rest.severity) == (150, False, Severity.WARNING)
    assert rest.message == "and 150 more places like those above."
    assert rest.replacement is None
    assert rest.line == shown[-1].line + 2  # the next place


def test_after_a_thousand_no_more_are_looked_for() -> None:
    *_, rest = find(doubled(MOST_COUNTED + 300), "LANG07")

    assert rest.message == "and more than 950 more places like those above."


def test_accepted_findings_do_not_count() -> None:
    settings = "proof:\n  exceptions:\n  - {rule: LANG07, because: It is a poem.}\n"

    assert find(doubled(200), "LANG07", settings=settings) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("(" * 5_000, "LANG11"),
        ("\n\n".join(f"See [here](https://www.example.org/{n})." for n in range(200)), "LINK01"),
    ],
)
def test_every_rule_is_bounded(text: str, code: str) -> None:
    *shown, rest = find(text, code)

    assert len(shown) == MOST_SHOWN
    assert rest.number > 1


def test_many_abbreviations_are_one_finding_that_names_the_first_of_them() -> None:
    text = " ".join(f"The Q{chr(65 + n % 26)}{chr(65 + n // 26 % 26)}X met." for n in range(600))

    (finding,) = find(text, "LANG04")

    assert "and neither are 599 others: " in finding.message
    assert finding.message.endswith(" and 579 more.")
    assert len(finding.remedy) < 500


def test_other_programs_get_the_number_too(make_workspace: Callable[..., Workspace]) -> None:
    text = "".join(f"      {line}\n" for line in doubled(200).splitlines())
    place = make_workspace(issues={"2021-05": ISSUE + "  - kind: notice\n    title: Plans\n    text: |\n" + text})

    def check(*options: str) -> str:
        return CliRunner().invoke(make_app(), ["check", *options, "--workspace", str(place.root)]).output

    *_, rest = [entry for entry in json.loads(check("--format", "json"))["findings"] if entry["code"] == "LANG07"]
    assert rest["number"] == 150
    assert json.loads(check("--format", "json"))["counts"]["warning"] >= 200
    results = json.loads(check("--format", "sarif"))["runs"][0]["results"]
    assert sum(result["ruleId"] == "LANG07" for result in results) == MOST_SHOWN + 1
    assert "and 150 more places like those above." in check("--format", "github")
    assert "warning LANG07: and 150 more places like those above." in check()


def test_fixing_puts_all_of_them_right(make_workspace: Callable[..., Workspace]) -> None:
    text = "".join(f"      {line}\n" for line in doubled(70).splitlines())
    place = make_workspace(issues={"2021-05": ISSUE + "  - kind: notice\n    title: Plans\n    text: |\n" + text})

    CliRunner().invoke(make_app(), ["check", "--fix", "--yes", "--workspace", str(place.root)])

    assert "The the" not in place.issue_path("2021-05").read_text(encoding="utf-8")


@pytest.mark.parametrize(("mark", "most"), [("[", "30,000"), ("*", "100,000"), ("_", "100,000"), ("`", "100,000")])
def test_a_flood_of_marks_is_refused_before_each_is_tried(mark: str, most: str) -> None:
    (problem,) = find_problems(f"{mark}a " * 200_000)
    assert problem.message == f"This text has more than {most} of the mark “{mark}”."


@pytest.mark.parametrize(
    ("number", "found"),
    [(40, 40), (60, 44)],
    ids=["all of an issue that is not too long", "the beginning of one that is too long, and that is an error"],
)
def test_of_an_issue_as_much_is_read_as_a_person_could(
    make_workspace: Callable[..., Workspace], monkeypatch: pytest.MonkeyPatch, number: int, found: int
) -> None:
    monkeypatch.setattr("bulletin.proof.context.MOST_READ", 1_200)
    text = "\n".join(f"      The the plan {index:02} is here.\n" for index in range(number))
    issue = ISSUE.replace("text: We are closed on **3 May 2021**.\n", f"text: |\n{text}")
    workspace = make_workspace(issues={"2021-05": issue})
    report = proof_issue(workspace, "2021-05", today=date(2021, 5, 4))

    assert sum(finding.code == "LANG07" for finding in report.findings) == found
    unread = [fault for fault in report.unfit if "characters of this issue were checked" in fault.message]
    assert [(fault.line, fault.where) for fault in unread] == [(8, "sections › 1 (notice) › text")] * (number == 60)


def test_a_preview_of_many_saves_keeps_no_more_than_the_last_pages(make_workspace: Callable[..., Workspace]) -> None:
    workspace = make_workspace()
    foot = workspace.root / "templates" / "email" / "parts" / "foot.html.j2"
    foot.parent.mkdir(parents=True)
    foot.write_text((theme_folder() / "email/parts/foot.html.j2").read_text() + "<p>Our own line</p>\n")
    issue = workspace.issue_path("2021-05")
    for number in range(12):
        issue.write_text(ISSUE + f"  - {{kind: notice, title: Save {number}, text: Saved once more.}}\n")
        proof_issue(workspace, "2021-05", today=TODAY)
    gc.collect()
    assert 0 < sum(isinstance(one, Page) for one in gc.get_objects()) <= 4
