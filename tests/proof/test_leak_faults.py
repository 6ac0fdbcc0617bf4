"""`check` tells of each leak that `render` and `send` would refuse, with its place in the file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from bulletin.edition.build import make_audience_editions, make_edition
from bulletin.errors import BulletinError, Fault, LeakFound
from bulletin.proof.proofing import proof_issue
from bulletin.workspace.workspace import Workspace
from conftest import SETTINGS

MakeWorkspace = Callable[..., Workspace]

ISSUE = """\
month: 2021-05
published: 4 May 2021
subject: News for May
preview_text: What we did in April
introduction: Welcome.
sections:
  - {kind: notice, title: Office hours, text: We are closed on 3 May 2021.}
  - kind: notice
    title: Term dates for leads
    for: schools
    text: Bring the new register of attendance to the hall.
  - kind: notice
    title: An appeal for coats
    marketing: yes
    text: Give a warm coat to a child this winter.
"""


def check(workspace: Workspace) -> tuple[Fault, ...]:
    lists = workspace.lists_of("2021-05")
    return proof_issue(workspace, "2021-05", today=date(2021, 5, 4), lists=lists).unfit


@pytest.mark.parametrize(
    ("change", "at", "words", "item"),
    [
        (
            ("introduction: Welcome.", "introduction: We list the *term* dates for leads."),
            (5, 28),
            "term dates for leads",
            "Term dates for leads",
        ),
        (
            ("preview_text: What we did in April", "preview_text: Bring the new register of attendance"),
            (4, 15),
            "bring the new register of",
            "Term dates for leads",
        ),
        (
            ("subject: News for May", "subject: May, with an appeal for coats"),
            (3, 20),
            "an appeal for coats",
            "An appeal for coats",
        ),
        (
            ("introduction: Welcome.", "introduction: |\n  Welcome.\n\n  Give a warm coat\n  to someone."),
            (8, 3),
            "give a warm coat to",
            "An appeal for coats",
        ),
    ],
)
def test_a_text_for_everyone_that_tells_is_a_fault_at_its_words(
    make_workspace: MakeWorkspace, change: tuple[str, str], at: tuple[int, int], words: str, item: str
) -> None:
    workspace = make_workspace(settings=SETTINGS, issues={"2021-05": ISSUE.replace(*change)})
    (fault,) = check(workspace)

    assert (fault.line, fault.column) == at
    assert f"has “{words}” for readers who may not see the item “{item}”." in fault.message
    assert fault.remedy == "Reword it: everyone reads it. Or remove `for:` or `marketing:` from the item."
    with pytest.raises(LeakFound):
        make_edition(workspace, "2021-05")


def test_a_template_that_shows_more_is_a_fault_at_the_item(make_workspace: MakeWorkspace) -> None:
    text = ISSUE.replace("to the hall.", "to the hall. [More](https://www.example.org/leads-only) is there.")
    workspace = make_workspace(settings=SETTINGS, issues={"2021-05": text})
    part = workspace.root / "templates" / "email" / "parts" / "help.html.j2"
    part.parent.mkdir(parents=True)
    part.write_text('{# theme 2 #}\n<a href="https://www.example.org/leads-only">Leads</a>\n', encoding="utf-8")
    (fault,) = check(workspace)

    assert fault.line == 8
    assert fault.message.startswith("The HTML has “https://www.example.org/leads-only”")


def test_more_editions_than_may_be_are_a_fault(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(settings=SETTINGS + "editions: 2\n", issues={"2021-05": ISSUE})
    (fault,) = check(workspace)

    assert fault.line == 6
    assert fault.message.startswith("This issue makes")
    with pytest.raises(BulletinError, match="This issue makes"):
        make_audience_editions(workspace, "2021-05", lists=workspace.lists_of("2021-05"))


def test_an_issue_that_tells_no_one_too_much_has_no_fault(make_workspace: MakeWorkspace) -> None:
    assert check(make_workspace(settings=SETTINGS, issues={"2021-05": ISSUE})) == ()
