from __future__ import annotations

import pytest

from bulletin.proof.rule import Example
from proof_case import find


def codes(sections: str) -> list[str]:
    return [finding.code for finding in find(Example(sections=sections)) if finding.code.startswith("STRU")]


PRIORITY = """
- kind: priorities
  title: Our priorities
  items:
    - number: 1
      title: Neglect
      summary: We read the files.
      {more}
"""


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("status: closed", []),
        ("{status: under way}", ["STRU02"]),
        ("status: under way\n      next: We read more.", ["STRU02"]),
        ("status: under way\n      led_by: School nursing\n      next: We read more.", []),
        ("status: under way\n      milestones: [{date: June 2021, text: First phase}]", []),
        ("status: under way\n      led_by: Us\n      follow_up: 2021-06", []),
    ],
)
def test_an_open_priority_says_who_leads_it_and_what_comes_next(more: str, found: list[str]) -> None:
    assert codes(PRIORITY.format(more=more.strip("{}"))) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Most of our schools take part.", ["STRU05"]),
        ("Lifeguards visit our schools.", ["STRU05"]),
        ("Visit your lifeguard.", []),
        ("Read the [guide](https://www.example.org/guide).", []),
        ("If you know a family, please tell them.", []),
    ],
)
def test_a_campaign_asks_something_of_its_readers(text: str, found: list[str]) -> None:
    assert codes(f"- {{kind: campaign, title: Water, text: '{text}'}}") == found


def test_a_website_needs_no_date_and_a_report_does() -> None:
    resource = "- kind: resources\n  title: Reading\n  groups:\n    - title: Group\n      items:\n        - {}\n"
    entry = "{{title: Safe, link: 'https://www.example.org/a', publishers: Us, kind: {}}}"
    assert codes(resource.format(entry.format("website"))) == []
    assert codes(resource.format(entry.format("report"))) == ["STRU03"]


def test_entries_of_one_month_may_be_in_any_order() -> None:
    milestones = "milestones: [{{date: {}, text: First}}, {{date: {}, text: Second}}]"
    for first, second, found in (("June 2021", "9 June 2021", []), ("9 June 2021", "May 2021", ["STRU04"])):
        more = "status: under way\n      " + milestones.format(first, second)
        assert codes(PRIORITY.format(more=more)) == found


def test_a_text_of_marks_alone_is_empty() -> None:
    assert codes("- {kind: notice, title: Notice, text: '***'}") == ["STRU01"]
    assert codes("- {kind: notice, title: Notice, text: '# Heading'}") == ["STRU01"]
    assert codes("- {kind: notice, title: Notice, text: '24'}") == []


EVENTS = "- kind: events\n  title: Days to keep free\n  items:\n    - {}\n    - {}\n"


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("{title: Coffee morning, date: 12 June 2021}", "{title: “Coffee  Morning”, date: 14 June 2021}", ["STRU07"]),
        ("{title: Coffee morning, date: 12 June 2021}", "{title: Coffee evening, date: 14 June 2021}", []),
        (
            "{title: Coffee morning, date: 12 June 2021, for: schools}",
            "{title: Coffee morning, date: 14 June 2021, for: partners}",
            [],
        ),
    ],
)
def test_the_same_title_twice_in_a_section_is_a_finding(first: str, second: str, found: list[str]) -> None:
    assert codes(EVENTS.format(first, second)) == found


def test_the_same_notice_twice_is_a_finding() -> None:
    notices = "- {kind: notice, title: Office, text: Open at 9.}\n- {kind: notice, title: Office, text: Open at 10.}\n"

    assert codes(notices) == ["STRU07"]


def test_the_same_event_twice_is_one_finding() -> None:
    event = "{title: Coffee morning, date: 12 June 2021}"
    twice = find(Example(sections=EVENTS.format(event, event)))

    assert [finding.code for finding in twice if finding.code in ("STRU07", "CONT05")] == ["CONT05"]
