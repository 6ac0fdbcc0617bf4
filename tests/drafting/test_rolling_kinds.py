"""The way top stories, tasks, pictures and the newer kinds go into the next month's draft."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bulletin.declaration.source import parse_source
from bulletin.declaration.validation import validate
from bulletin.drafting.draft import Draft, draft_next
from bulletin.drafting.placeholders import find_placeholders
from bulletin.issue.dates import Month
from bulletin.issue.item import ValidationContext
from bulletin.issue.model import Issue
from bulletin.issue.sections import section_kinds
from bulletin.issue.traits import NextMonth
from kind_examples import make_example, write_example

HEAD = "month: 2026-11\npublished: 30 November 2026\nsubject: N\npreview_text: P\n"
LINKS = "  - kind: links\n    title: Links\n    items:\n      - {title: Us, link: https://www.example.org}\n"
MONTHLY = {"top_story", "kicker", "teaser", "image", "quote", "do", "by", "from"}


def draft_from(sections: str, *, published: date = date(2027, 1, 25), head: str = "") -> tuple[Draft, Any]:
    """The draft of the month of `published`, and its sections; it has been seen to load."""
    source = parse_source(f"{HEAD}{head}sections:\n{sections}{LINKS}", shown_as="issues/2026-11.yaml")
    issue = validate(source, Issue, context=ValidationContext(month=Month(2026, 11)))
    month = Month(published.year, published.month)
    draft = draft_next(source, issue, month=month, published=published)
    made = parse_source(draft.text, shown_as="x.yaml")
    validate(made, Issue)
    assert isinstance(made.data, dict)
    return draft, made.data


def sections_of(data: Any) -> dict[str, Any]:
    return {section["kind"]: section for section in reversed(data["sections"])}


def test_what_was_for_one_month_does_not_go_into_the_draft() -> None:
    draft, data = draft_from("""\
  - kind: campaign
    title: Safe sleep
    top_story: yes
    kicker: From our partners
    text: The posters are here.
    image: {file: p.jpg, alt: A poster}
    quote: {text: I slept., name: Danielle}
    do: Put up a poster
    by: 4 December 2026
    link: https://www.example.org/sleep
    button: Get the posters
""")

    campaign = sections_of(data)["campaign"]

    assert not MONTHLY & set(campaign)
    assert campaign["button"] == "Get the posters"
    assert "task “Put up a poster”: was for last month only" in draft.dropped
    assert "top story “Safe sleep”: choose this month’s" in draft.dropped


def test_a_teaser_was_for_one_month() -> None:
    _, data = draft_from("  - {kind: campaign, title: Safe sleep, text: The posters are here., teaser: yes}\n")

    assert "teaser" not in sections_of(data)["campaign"]


def test_no_kicker_stays_no_kicker() -> None:
    _, data = draft_from("  - {kind: campaign, title: Safe sleep, kicker: no, text: T}\n")

    assert sections_of(data)["campaign"]["kicker"] == "no"


def test_a_section_that_stays_the_same_keeps_its_picture() -> None:
    _, data = draft_from(
        "  - {kind: about, title: About, text: T, image: {file: p.jpg, alt: Us}, kicker: Who we are}\n"
    )

    assert {"image", "kicker"} <= set(sections_of(data)["about"])


def test_the_link_and_button_of_a_section_that_is_emptied_go() -> None:
    _, data = draft_from(
        "  - {kind: executive_updates, title: U, lead: L, items: [P], link: 'https://a.example', button: Read it}\n"
    )

    assert not {"link", "button"} & set(sections_of(data)["executive_updates"])


@pytest.mark.parametrize("kind", section_kinds())
def test_every_kind_with_every_field_rolls_into_a_draft_that_loads(kind: str) -> None:
    section = make_example(kind) | {
        "title": "Title",
        "top_story": "yes",
        "kicker": "Kicker",
        "image": {"file": "p.jpg", "alt": "A poster"},
        "quote": {"text": "Words", "name": "Danielle"},
        "do": "Do it",
        "from": "11 January 2027",
        "link": "https://www.example.org/it",
        "button": "Open it",
    }
    _, data = draft_from(write_example(section))

    model = section_kinds()[kind]
    rolled = sections_of(data).get(kind)
    if model.traits.next_month is NextMonth.KEPT:
        assert rolled
        assert MONTHLY - {"by", "teaser"} <= set(rolled)  # what has a task is no teaser
    elif rolled:
        assert not MONTHLY & set(rolled)


VACANCIES = """\
  - kind: vacancies
    title: Vacancies
    items:
      - title: Chair
        closes: 11 December 2026
        do: Apply to be chair
        link: https://www.example.org/chair
      - {title: Trustee, closes: 25 January 2027, interviews: 1 February 2027}
      - {title: Clerk, closes: January 2027}
"""


def test_a_vacancy_that_has_closed_is_dropped_and_an_open_one_stays() -> None:
    draft, data = draft_from(VACANCIES)

    assert [item["title"] for item in sections_of(data)["vacancies"]["items"]] == ["Trustee", "Clerk"]
    assert "vacancy “Chair”: closed on 11 December 2026" in draft.dropped
    assert not any("task" in words for words in draft.dropped), "its task goes with it, without a word"
    assert "# write: this is open until 25 January 2027. Is it still right?" in draft.text


def test_a_section_of_closed_vacancies_goes_as_a_whole() -> None:
    draft, data = draft_from(VACANCIES, published=date(2027, 2, 22))

    assert "vacancies" not in sections_of(data)
    assert "section “Vacancies”: no items left" in draft.dropped


def test_figures_are_asked_for_again_with_their_labels() -> None:
    draft, data = draft_from(
        "  - {kind: figures, title: Year, date: October 2026, items: "
        "[{value: 24, label: schools}, {value: 9%, label: of us}]}\n"
    )
    figures = sections_of(data)["figures"]

    assert [item["label"] for item in figures["items"]] == ["schools", "of us"]
    assert "Last month: “24”" in draft.text
    assert len(find_placeholders(parse_source(draft.text, shown_as="x"))) == 5  # two in the head, a date, two numbers


def test_news_in_brief_is_emptied_and_people_and_films_are_left_out() -> None:
    draft, data = draft_from("""\
  - kind: in_brief
    title: In brief
    introduction: Short and new.
    items:
      - {title: Hubs, text: They open., link: https://a.example, button: Find one, image: {file: p.jpg, alt: P}}
      - {title: Books, text: For all.}
  - {kind: people, title: People, items: [{name: Tom Okafor}]}
  - {kind: video, title: Curiosity, link: https://www.example.org/film}
""")

    assert sections_of(data)["in_brief"]["items"] == [{"title": "TO WRITE", "text": "TO WRITE"}]
    assert set(sections_of(data)) == {"in_brief", "links"}
    assert {"people “People”: was for last month only", "video “Curiosity”: was for last month only"} <= {
        *draft.dropped
    }


def test_the_signature_is_carried_on_and_its_words_are_asked_for() -> None:
    head = "to_do: no\nsigned:\n  name: Asha Rahman\n  text: Thank you.\n  image: {file: a.jpg, alt: Asha Rahman}\n"
    draft, data = draft_from("", head=head)

    assert data["signed"]["text"] == "TO WRITE"
    assert (data["signed"]["name"], data["signed"]["image"]["file"], data["to_do"]) == ("Asha Rahman", "a.jpg", "no")
    assert "a last word. Last month: “Thank you.”" in draft.text


EVENT = """\
  - kind: events
    title: Events
    items:
      - title: Network
        date: 15 December 2026
        starts: 2pm
        ends: 3:30pm
        place: Online
        sessions:
          - {date: 12 January 2027, starts: 2pm}
          - {date: 9 February 2027, starts: 10am, place: Town Hall}
          - {date: 9 March 2027, starts: 10am}
"""


def test_an_event_loses_its_dates_that_are_over_and_is_on_its_next_one() -> None:
    draft, data = draft_from(EVENT)
    (event,) = sections_of(data)["events"]["items"]

    assert (event["date"], event["starts"], event["place"]) == ("9 February 2027", "10am", "Town Hall")
    assert "ends" not in event, "the end was of another day"
    assert [session["date"] for session in event["sessions"]] == ["9 March 2027"]
    assert "15 December 2026 is past, so this is its next date, 9 February 2027." in draft.text


def test_an_event_on_its_last_date_has_no_further_ones() -> None:
    _, data = draft_from(EVENT, published=date(2027, 2, 22))
    (event,) = sections_of(data)["events"]["items"]

    assert event["date"] == "9 March 2027"
    assert not {"sessions", "ends", "place"} & set(event)


def test_what_the_next_date_has_and_the_first_had_not_is_asked_for() -> None:
    draft, data = draft_from(
        "  - {kind: events, title: E, items: [{title: N, date: 1 December 2026, sessions: "
        "[{date: 2 March 2027, starts: 10am}]}]}\n"
    )

    assert sections_of(data)["events"]["items"][0]["date"] == "2 March 2027"
    assert "Add `starts: 10am`." in draft.text
    assert any("Add `starts: 10am`." in task for task in draft.to_write)


def test_an_event_whose_dates_are_all_over_is_dropped() -> None:
    draft, data = draft_from(EVENT, published=date(2027, 3, 29))

    assert "events" not in sections_of(data)
    assert draft.dropped[0].startswith("event “Network” on 15 December 2026, 12 January 2027")
