"""Earlier issues: the latest first, each read when a rule asks for it, those that promise found without reading all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from bulletin.issue.dates import Month
from bulletin.issue.model import Issue
from bulletin.proof.context import EarlierIssues, ParsedIssue
from bulletin.proof.earlier_issues import EarlierIssueReader
from bulletin.proof.proofing import open_context
from bulletin.proof.rule import Example
from bulletin.workspace.workspace import Workspace
from conftest import ISSUE
from proof_case import read_issue, write_issue

MakeWorkspace = Callable[..., Workspace]

MONTHS = ("2021-04", "2021-03", "2021-02", "2021-01")


def issue_of(month: str, *, promises: str = "") -> str:
    text = ISSUE.replace("2021-05", month).replace("4 May 2021", f"{month}-04")
    return text + (f"    follow_up: {promises}\n" if promises else "")


class Counting:
    """Issues that come one by one; how many have been asked for."""

    def __init__(self) -> None:
        self.read = 0

    def __iter__(self) -> Iterator[ParsedIssue]:
        for month in MONTHS:
            self.read += 1
            yield read_issue(write_issue(Example(month=month, published=f"{month}-04")), issue_id=month)


@pytest.mark.parametrize(
    ("ask", "read"),
    [
        (bool, 1),
        (lambda earlier: earlier[0], 1),
        (lambda earlier: earlier[:3], 3),
        (lambda earlier: next(iter(earlier)), 1),
        (lambda earlier: earlier[-1], 4),
        (lambda earlier: earlier[-2:], 4),
        (len, 4),
        (list, 4),
    ],
)
def test_no_more_issues_are_read_than_are_asked_for(ask: Callable[[EarlierIssues], object], read: int) -> None:
    coming = Counting()
    ask(EarlierIssues(coming))
    assert coming.read == read


def test_issues_that_were_read_once_are_not_read_again() -> None:
    coming = Counting()
    earlier = EarlierIssues(coming)
    assert [one.id for one in earlier] == list(MONTHS)
    assert [one.id for one in earlier[1:3]] == ["2021-03", "2021-02"]
    assert earlier[-1].id == "2021-01"
    assert coming.read == len(earlier) == len(MONTHS)


def test_without_earlier_issues_there_is_nothing() -> None:
    earlier = EarlierIssues(())
    assert not earlier
    assert earlier[:3] == ()
    with pytest.raises(IndexError):
        earlier[0]


def test_earlier_issues_are_those_of_the_same_bulletin_without_faults(make_workspace: MakeWorkspace) -> None:
    issues = {month: issue_of(month) for month in ("2021-03", "2021-04", "2021-05", "2021-06")}
    workspace = make_workspace(issues={**issues, "2021-02": "month: never", "training/2021-04": issue_of("2021-04")})
    context = open_context(workspace, "2021-05", today=date(2021, 5, 4))
    assert [one.id for one in context.earlier] == ["2021-04", "2021-03"]
    assert context.earlier[0] is context.earlier[0]


@pytest.mark.parametrize("written", ["2021-05", "May 2021", '"2021-05"', "'May 2021'"])
def test_issues_that_promise_for_a_month_are_found_however_it_is_written(
    make_workspace: MakeWorkspace, written: str
) -> None:
    issues = {
        "2020-12": issue_of("2020-12", promises=written),
        "2021-03": issue_of("2021-03", promises="2021-06"),
        "2021-04": issue_of("2021-04"),
        "2021-05": issue_of("2021-05"),
    }
    past = EarlierIssueReader(make_workspace(issues=issues), "2021-05")
    assert [one.id for one in past.load_promising([Month(2021, 5), Month(2021, 4)])] == ["2020-12"]


def test_an_issue_that_promises_nothing_is_not_read_for_its_promises(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(issues={month: issue_of(month) for month in ("2021-03", "2021-04", "2021-05")})
    asked: list[str] = []

    class Watched(Workspace):
        def load_issue(self, issue_id: str) -> Issue:
            asked.append(issue_id)
            return super().load_issue(issue_id)

    watched = Watched(root=workspace.root, settings=workspace.settings, environ={})
    assert list(EarlierIssueReader(watched, "2021-05").load_promising([Month(2021, 5)])) == []
    assert asked == []
