"""Dates for readers' calendars: what a careful colleague notices of them."""

from __future__ import annotations

import pytest

from bulletin.proof.rule import Example
from proof_case import find

WEBSITE = "website: {url: 'https://bulletin.anytown.example.org'}"
EVENTS = "- {{kind: events, title: Events, items: [{items}]}}"
FORUM = "{{title: Forum, date: {day}, link: 'https://www.example.org', {more}}}"


def events(*items: tuple[str, str]) -> str:
    return EVENTS.format(items=", ".join(FORUM.format(day=day, more=more) for day, more in items))


def codes(sections: str, *, before: str = "", settings: str = "", header: str = "") -> list[str]:
    example = Example(sections=sections, before=before, settings=settings, header=header)
    return [finding.code for finding in find(example) if finding.code.startswith("CAL") or finding.code == "DATE08"]


@pytest.mark.parametrize(
    "section",
    [
        "- {kind: notice, title: Audit, text: It is due., do: Send it, by: 3 May 2021}",
        "- {kind: vacancies, title: Vacancy, items: [{title: Chair, closes: 30 April 2021, do: Apply}]}",
        "- {kind: campaign, title: Sleep, text: Sleep well., ends: April 2021, do: Join}",
        "- {kind: executive_updates, title: U, lead: We met., items: [{text: Send it., do: Send it, by: 1 May 2021}]}",
        events(("9 June 2021", "book: {how: Ring us., by: 30 April 2021}, do: Book")),
    ],
)
def test_a_task_that_is_over_is_an_error_and_told_once(section: str) -> None:
    assert codes(section, settings=WEBSITE) == ["CAL01"]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("- {kind: notice, title: Audit, text: It is due., do: Send it, by: 4 May 2021}", []),
        ("- {kind: notice, title: Audit, text: It is due., do: Send it, by: 2021}", []),
        ("- {kind: notice, title: Form, text: It is new., do: Use it, from: 1 May 2021}", ["DATE08"]),
        ("- {kind: vacancies, title: Vacancy, items: [{title: Chair, closes: 30 April 2021}]}", ["DATE08"]),
    ],
)
def test_what_is_no_task_or_not_over_is_no_error(section: str, expected: list[str]) -> None:
    assert codes(section, settings=WEBSITE) == expected


@pytest.mark.parametrize(
    ("section", "number"),
    [
        (events(("9 June 2021", "starts: 10am")), 1),
        (events(("9 June 2021", "starts: 10am, ends: midday")), 0),
        (events(("9 June 2021", "starts: 10am, cancelled: yes")), 0),
        (events(("June 2021", "starts: 10am")), 0),
        (events(("9 April 2021", "starts: 10am")), 0),
        (events(("9 June 2021", "place: Online")), 0),
        (events(("9 June 2021", "starts: 10am, sessions: [{date: 16 June 2021, starts: 10am}]")), 2),
    ],
)
def test_a_start_asks_for_an_end(section: str, number: int) -> None:
    assert codes(section).count("CAL02") == number


@pytest.mark.parametrize(
    ("before", "section", "number"),
    [
        ("", events(("9 June 2021", ""), ("16 June 2021", "")), 1),
        ("", events(("9 June 2021", "id: first-forum"), ("16 June 2021", "")), 0),
        ("", events(("9 June 2021", "sessions: [{date: 16 June 2021}]")), 0),
        ("", events(("9 April 2021", ""), ("16 June 2021", "")), 0),
        (events(("9 June 2021", ""), ("16 June 2021", "")), events(("23 June 2021", "")), 1),
        (events(("9 June 2021", ""), ("16 June 2021", "")), events(("23 June 2021", "id: june")), 0),
        (events(("9 June 2021", ""), ("16 June 2021", "")), events(("16 June 2021", "")), 0),
        (events(("9 April 2021", ""), ("16 June 2021", "")), events(("23 June 2021", "")), 0),
    ],
)
def test_two_dates_that_could_be_one_ask_for_an_id(before: str, section: str, number: int) -> None:
    assert codes(section, before=before).count("CAL03") == number


@pytest.mark.parametrize(
    ("section", "header", "settings", "number"),
    [
        ("- {kind: notice, title: A, text: T., do: Send it, by: 1 June 2021}", "", "", 1),
        ("- {kind: notice, title: A, text: T., do: Send it, by: 1 June 2021}", "", WEBSITE, 0),
        ("- {kind: notice, title: A, text: T., do: Send it, by: 1 June 2021}", "to_do: no", "", 0),
        ("- {kind: notice, title: A, text: T., do: Send it}", "", "", 0),
        ("- {kind: notice, title: A, text: T., by: 1 June 2021, do: A}\n" * 3, "", "", 1),
    ],
)
def test_without_a_website_it_is_said_once_that_no_date_has_a_file(
    section: str, header: str, settings: str, number: int
) -> None:
    assert codes(section, header=header, settings=settings).count("CAL04") == number
