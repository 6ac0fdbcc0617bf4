"""Tasks, buttons, kickers, films and vacancies: what a careful colleague notices of them."""

from __future__ import annotations

import pytest

from bulletin.proof.rule import Example
from proof_case import covered, find

VACANCY = "- {{kind: vacancies, title: Vacancy, items: [{{title: Chair of us, {more}}}]}}"
EVENT = """
- kind: events
  title: Events
  items:
    - title: Forum for families
      date: 9 June 2021
      sessions: {sessions}
      {more}
"""


def codes(sections: str) -> set[str]:
    return {finding.code for finding in find(Example(sections=sections))}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("closes: 30 April 2021", "DATE08"),
        ("closes: 11 June 2021, interviews: 4 June 2021", "DATE07"),
        ("closes: 11 May 2021, interviews: 31 May 2021", "DATE10"),
        ("closes: 11 June 2021, do: Apply, by: 30 April 2021", "CAL01"),
    ],
)
def test_the_days_of_a_vacancy_are_looked_at(more: str, code: str) -> None:
    assert code in codes(VACANCY.format(more=more))


@pytest.mark.parametrize(
    "more",
    [
        "closes: 11 June 2021, interviews: 16 June 2021",
        "closes: June 2021, interviews: June 2021",
        "closes: 4 May 2021",
        "closes: 11 June 2021, do: Apply to be chair",
    ],
)
def test_a_vacancy_in_order_has_no_finding(more: str) -> None:
    assert not codes(VACANCY.format(more=more)) & {"DATE07", "DATE08", "DATE10", "STRU09"}


@pytest.mark.parametrize(
    ("sessions", "more", "code"),
    [
        ("[{date: 31 May 2021}]", "cost: Free", "DATE10"),
        ("[{date: 23 June 2021}, {date: 16 June 2021}]", "cost: Free", "STRU04"),
        ("[{date: 16 June 2021}]", "book: {how: Ring us., by: 18 June 2021}", "FACT09"),
        ("[{date: 16 June 2021, starts: 3pm, ends: 2pm}]", "cost: Free", "DATE07"),
    ],
)
def test_the_further_dates_of_an_event_are_looked_at(sessions: str, more: str, code: str) -> None:
    assert code in codes(EVENT.format(sessions=sessions, more=more))


def test_booking_may_end_before_the_last_of_an_events_dates() -> None:
    event = EVENT.format(sessions="[{date: 16 June 2021}]", more="book: {how: Ring us., by: 14 June 2021}")

    assert "FACT09" not in codes(event)


@pytest.mark.parametrize("button", ["Click here", "Read more", "Find out more"])
def test_a_button_that_says_nothing_is_found(button: str) -> None:
    link = "link: 'https://www.example.org/report'"
    article = f"- {{kind: article, title: A report, text: It is out., {link}, button: {button}}}"
    found = [finding for finding in find(Example(sections=article)) if finding.code == "LINK01"]

    assert [covered(finding) for finding in found] == [button]


@pytest.mark.parametrize("words", ["“We slept well.”", "‘We slept well.’"])
def test_a_quotation_with_its_marks_is_found(words: str) -> None:
    article = f'- {{kind: article, title: Sleep, text: They slept., quote: {{text: "{words}", name: Danielle}}}}'

    assert "LANG23" in codes(article)


@pytest.mark.parametrize("words", ["“Sleep” is a big word, and “rest” another", "We slept “well”", "We slept"])
def test_marks_inside_a_quotation_are_left_alone(words: str) -> None:
    article = f"- {{kind: article, title: Sleep, text: They slept., quote: {{text: '{words}', name: Danielle}}}}"

    assert "LANG23" not in codes(article)


@pytest.mark.parametrize(
    ("kicker", "found"),
    [("Sleep for all", True), ("Campaign · safe sleep", True), ("From our partners", False), ("no", False)],
)
def test_a_kicker_does_not_say_a_word_of_its_title(kicker: str, *, found: bool) -> None:
    article = f"- {{kind: article, title: Every sleep a safe sleep from June, text: They slept., kicker: {kicker}}}"

    assert ("STRU14" in codes(article)) is found
