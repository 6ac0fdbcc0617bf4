"""A year's issues become one review: each priority, course and campaign once, with what every issue said of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bulletin.comparison.year_review import Reach, review_year
from bulletin.declaration.data_tables import may_have_table
from bulletin.edition.markdown.markdown_text import render_blocks_text
from bulletin.issue.dates import Month, PartialDate
from bulletin.issue.kinds.figures import Figures
from bulletin.issue.kinds.priorities import Priorities, Priority, PriorityStatus
from bulletin.issue.kinds.training import Course, Training
from bulletin.issue.model import Issue
from specimen import ISSUE

APRIL, MAY, JUNE = (Month(2021, month) for month in (4, 5, 6))
DECEMBER = date(2021, 12, 31)
PRIORITY = {"number": "7", "title": "Neglect", "status": "planned", "summary": "We begin."}
COURSE = {"title": "Signs of Safety", "provider": "Me Learning"}


def issue_of(month: Month, *sections: dict[str, Any], subject: str = "News") -> Issue:
    day = f"6 {month!s}"
    header = {"month": month.id, "published": day, "subject": subject}
    return Issue.model_validate({**ISSUE, **header, "sections": list(sections) or [notice()]})


def notice() -> dict[str, Any]:
    return {"kind": "notice", "title": "Office hours", "text": "We are open."}


def priorities(*items: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "priorities", "title": "Our priorities", "items": list(items)}


def training(*items: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "training", "title": "Training", "items": list(items)}


def campaign(title: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "campaign", "title": title, "text": "All about it.", **fields}


def review(*issues: Issue, reach: dict[Month, Reach] | None = None, published: date = DECEMBER) -> Issue:
    found = [(reach or {}).get(issue.month) for issue in issues]
    return review_year(issues, reach=found, lists={"partners": "Partner agencies"}, published=published)


def priorities_of(reviewed: Issue) -> list[Priority]:
    return [item for section in reviewed.sections if isinstance(section, Priorities) for item in section.items]


def courses_of(reviewed: Issue) -> list[Course]:
    return [item for section in reviewed.sections if isinstance(section, Training) for item in section.items]


def figures_of(reviewed: Issue) -> dict[str, str]:
    section = next(section for section in reviewed.sections if isinstance(section, Figures))
    return {item.label: item.value for item in section.items}


def text_of(reviewed: Issue, title: str) -> str:
    section: Any = next(section for section in reviewed.sections if section.title == title)
    assert may_have_table(section.text)
    return render_blocks_text(section.text)


def test_a_priority_has_its_last_state_and_what_each_issue_said_of_it() -> None:
    found = priorities_of(
        review(
            issue_of(APRIL, priorities(PRIORITY)),
            issue_of(MAY, priorities(PRIORITY | {"status": "under way", "summary": "It is under way."})),
            issue_of(JUNE, priorities(PRIORITY | {"status": "closed", "summary": "It is done."})),
        )
    )
    assert [(one.number, one.status) for one in found] == [(7, PriorityStatus.CLOSED)]
    assert found[0].summary == (
        "**April 2021.** We begin.\n\n**May 2021.** It is under way.\n\n**June 2021.** It is done."
    )


def test_what_an_issue_repeated_is_told_once() -> None:
    found = priorities_of(review(issue_of(APRIL, priorities(PRIORITY)), issue_of(MAY, priorities(PRIORITY))))
    assert found[0].summary == "**April 2021.** We begin."


def test_a_priority_that_was_renamed_is_one() -> None:
    renamed = PRIORITY | {"title": "Neglect and its harm"}
    found = priorities_of(review(issue_of(APRIL, priorities(PRIORITY)), issue_of(MAY, priorities(renamed))))
    assert [one.title for one in found] == ["Neglect and its harm"]


def test_the_milestones_of_all_issues_are_there_once_by_date_as_the_last_told_them() -> None:
    first = [{"date": "June 2021", "text": "First phase ends"}, {"date": "March 2021", "text": "Hub starts"}]
    second = [
        {"date": "June 2021", "text": "First phase ends", "done": "yes"},
        {"date": "July 2021", "text": "Learning"},
    ]
    found = priorities_of(
        review(
            issue_of(APRIL, priorities(PRIORITY | {"milestones": first})),
            issue_of(JUNE, priorities(PRIORITY | {"milestones": second})),
        )
    )
    assert [(step.date, step.text, step.done) for step in found[0].milestones] == [
        (PartialDate(2021, 3), "Hub starts", None),
        (PartialDate(2021, 6), "First phase ends", True),
        (PartialDate(2021, 7), "Learning", None),
    ]


def test_a_course_has_the_sessions_of_all_issues() -> None:
    first, second = {"date": "9 June 2021", "starts": "9:30am"}, {"date": "5 May 2021", "starts": "1pm"}
    reviewed = review(
        issue_of(APRIL, training(COURSE | {"sessions": [second]})),
        issue_of(
            MAY,
            training(COURSE | {"sessions": [second, first]}, {"title": "Other", "provider": "Us", "on_demand": "yes"}),
        ),
        published=date(2021, 5, 31),
    )
    found = courses_of(reviewed)
    assert [course.title for course in found] == ["Signs of Safety", "Other"]
    assert [str(session.date) for session in found[0].sessions] == ["5 May 2021", "9 June 2021"]
    assert figures_of(reviewed)["training session held"] == "1"


def test_a_campaign_is_one_line_with_the_months_that_told_of_it() -> None:
    text = text_of(
        review(
            issue_of(APRIL, campaign("The Big Ask", status="planned"), campaign("Either | or", status="running")),
            issue_of(MAY, campaign("The Big Ask")),
            issue_of(JUNE, campaign("The Big Ask", status="finished")),
        ),
        "Campaigns",
    )
    assert "The Big Ask" in text
    assert "Finished" in text
    assert "April, May and June" in text
    assert "Either | or" in text


def test_the_readers_of_each_list_are_told_for_the_issues_that_were_sent() -> None:
    reach = {MAY: Reach(people=1520, by_list={"partners": 1500, "schools": 60})}
    reviewed = review(issue_of(APRIL), issue_of(MAY), reach=reach)
    text = text_of(reviewed, "Readers")
    for words in ("Partner agencies", "1,500", "schools", "60", "1,520", "May"):
        assert words in text
    assert "April" not in text
    assert figures_of(reviewed)["people were sent the last one"] == "1,520"


@pytest.mark.parametrize("subject", ["*Stars* and | bars", "A_b_c & <d>", r"C:\new\file", "[brackets](and)"])
def test_a_subject_is_shown_as_it_was(subject: str) -> None:
    assert subject in text_of(review(issue_of(APRIL, subject=subject)), "Issues")


def test_a_year_with_little_in_it_has_its_issues_and_no_figures() -> None:
    reviewed = review(issue_of(APRIL))
    assert [section.title for section in reviewed.sections] == ["Issues"]
    assert reviewed.subject == "The year 2021"
