"""A date that is carried forward gets an `id:`, so that it stays the same date in readers' calendars."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml

from bulletin.declaration.source import parse_source
from bulletin.declaration.validation import validate
from bulletin.drafting.draft import draft_next
from bulletin.edition.calendar.entries import list_entries
from bulletin.issue.dates import Month
from bulletin.issue.model import Issue

HEAD = """\
month: 2026-11
published: 26 November 2026
subject: News
preview_text: What is new.
sections:
"""
JANUARY = Month(2027, 1)


def roll(sections: str) -> tuple[Issue, Issue, str]:
    """An issue, the next one, and that one's file."""
    before = parse_source(HEAD + sections, shown_as="issues/2026-11.yaml")
    issue = validate(before, Issue)
    text = draft_next(before, issue, month=JANUARY, published=date(2027, 1, 28)).text
    return issue, validate(parse_source(text, shown_as="issues/2027-01.yaml"), Issue), text


def items(issue: Issue) -> list[Any]:
    return [item for section in issue.sections for item in section.entries]


EVENTS = """\
  - kind: events
    title: Events
    items:
"""


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        (EVENTS + "      - title: Forum\n        date: 9 February 2027\n", "forum"),
        (EVENTS + "      - {title: Forum, date: 9 February 2027}\n", "forum"),
        (
            EVENTS + "      - date: 9 February 2027\n        title: >-\n          A *day*\n          for all\n",
            "a-day-for-all",
        ),
        (
            EVENTS + "      - title: Forum  # ours\n        date: 9 February 2027\n        id: spring-forum\n",
            "spring-forum",
        ),
        (EVENTS + "      - title: Forum\n        date: February 2027\n", None),
        (
            (
                "  - kind: training\n    title: T\n    items:\n      - title: Aid\n        provider: Us\n"
                "        sessions:\n          - date: 13 January 2027\n          - date: 9 February 2027\n"
            ),
            "aid",
        ),
        (
            (
                "  - kind: training\n    title: T\n    items:\n      - title: Aid\n        provider: Us\n"
                "        on_demand: yes\n"
            ),
            None,
        ),
        (
            "  - kind: vacancies\n    title: V\n    items:\n      - title: Chair\n        closes: 9 February 2027\n",
            "chair",
        ),
    ],
)
def test_an_item_whose_day_is_ahead_gets_the_word_that_it_has_already(sections: str, expected: str | None) -> None:
    before, after, text = roll(sections)
    assert [item.id for item in items(after)] == [expected]
    keys = {entry.key for entry in list_entries(before)}
    assert {entry.key for entry in list_entries(after)} <= keys
    assert yaml.safe_load(text)


def test_a_campaign_that_ends_later_gets_one_and_a_notice_is_left_out() -> None:
    _, after, text = roll(
        "  - kind: campaign\n    title: Safe sleep\n    ends: 28 February 2027\n    text: Sleep well.\n"
        "  - kind: campaign\n    title: Open\n    text: No end.\n"
    )
    assert [section.id for section in after.sections] == ["safe-sleep", None]
    assert "    title: Safe sleep\n    id: safe-sleep\n    ends:" in text


def test_of_two_with_one_title_the_second_gets_none() -> None:
    _, after, _ = roll(EVENTS + "".join(f"      - title: Forum\n        date: {day} March 2027\n" for day in (2, 9)))
    assert [item.id for item in items(after)] == ["forum", None]


def test_what_is_over_goes_without_a_trace() -> None:
    _, after, text = roll(
        EVENTS + "".join(f"      - title: Forum {day}\n        date: {day} 2027\n" for day in ("1 January", "1 March"))
    )
    assert [item.id for item in items(after)] == ["forum-1-march"]
    assert "forum-1-january" not in text
