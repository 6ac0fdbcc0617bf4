"""Vacancies, people, news in brief, numbers and films of old bulletins, and what only looks like them."""

from __future__ import annotations

from typing import Any

import pytest

from bulletin.declaration.source import parse_source
from bulletin.importing.draft import draft_from
from bulletin.importing.html_pages import read_html
from bulletin.issue.dates import Month


def read(chapter: str) -> tuple[dict[str, Any], str]:
    """The section that a chapter of a bulletin of May 2021 becomes, and the whole draft."""
    page = f"<html><body><h1>News May 2021</h1>{chapter}<h2>Last words</h2><p>Goodbye for now, all.</p></body></html>"
    text = draft_from(read_html(page.encode()), name="x.html", month=Month(2021, 5)).text
    data: Any = parse_source(text, shown_as="x.yaml").data
    return data["sections"][0], text


def test_a_post_with_a_closing_date_is_a_vacancy_with_its_facts() -> None:
    section, text = read(
        "<h2>Vacancies</h2><p>Both are open to all.</p><h3>Chair of the network</h3><p>You lead 60 champions.</p>"
        "<p>Salary: £180 a day</p><p>Location: Online</p>"
        "<p>Closing date: 11 June 2021</p><p>Interviews: 16 June 2021</p>"
        '<p><a href="https://jobs.example.org/chair">Apply here</a></p>'
        "<h3>Clerk</h3><p>Pay: £25,000</p><p>Applications close on Friday 4 June 2021.</p>"
    )

    assert section["kind"] == "vacancies"
    assert section["introduction"] == "Both are open to all."
    assert section["items"] == [
        {
            "title": "Chair of the network",
            "text": "You lead 60 champions.",
            "pay": "£180 a day",
            "place": "Online",
            "closes": "11 June 2021",
            "interviews": "16 June 2021",
            "link": "https://jobs.example.org/chair",
        },
        {"title": "Clerk", "pay": "£25,000", "closes": "4 June 2021"},
    ]
    assert "is missing" not in text


@pytest.mark.parametrize(
    "line",
    [
        "Closing date: 11 June 2021",
        "Closes 11 June 2021",
        "Deadline for applications: 11 June 2021",
        "Apply by 11 June 2021.",
        "The closing date for applications is Friday 11 June 2021.",
        "Applications must be in by 11 June 2021.",
    ],
)
def test_a_closing_date_is_read_in_many_words(line: str) -> None:
    section, _ = read(f"<h2>Vacancy: Chair of the network</h2><p>You lead 60 champions.</p><p>{line}</p>")

    assert section["kind"] == "vacancies"
    assert section["items"][0]["title"] == "Chair of the network"
    assert section["items"][0]["closes"] == "11 June 2021"


def test_the_hour_at_which_a_post_closes_is_not_lost() -> None:
    section, _ = read("<h2>Jobs</h2><h3>Chair</h3><p>Closing date: noon on 11 June 2021</p>")

    assert section["items"][0]["closes"] == "11 June 2021"
    assert "noon" in section["items"][0]["text"]


@pytest.mark.parametrize(
    "chapter",
    [
        '<h2>Jobs</h2><p>All jobs are on our <a href="https://jobs.example.org">pages</a>.</p>',
        "<h2>Vacancies</h2><h3>Chair</h3><p>We look for someone kind.</p>",
        "<h2>Opportunities</h2><h3>Picnic</h3><p>We meet on 11 June 2021.</p>",
    ],
)
def test_without_a_closing_date_nothing_is_a_vacancy(chapter: str) -> None:
    assert read(chapter)[0]["kind"] != "vacancies"


@pytest.mark.parametrize(
    ("entry", "person"),
    [
        ("<h3>Tom Okafor</h3><p>Participation lead</p><p>Tom is new here.</p>", ("Tom Okafor", "Participation lead")),
        ("<h3>Dr Miriam Cole, Designated doctor</h3><p>She takes over.</p>", ("Dr Miriam Cole", "Designated doctor")),
        ("<h3>Seán O’Brien – Clerk</h3><p>He is the clerk.</p>", ("Seán O’Brien", "Clerk")),
    ],
)
def test_items_that_are_called_by_names_are_people(entry: str, person: tuple[str, str]) -> None:
    section, text = read(f"<h2>Staff news</h2>{entry}<h3>Ann Lee</h3><p>Ann leaves us.</p>")

    assert section["kind"] == "people"
    assert (section["items"][0]["name"], section["items"][0]["role"]) == person
    assert section["items"][1] == {"name": "Ann Lee", "text": "Ann leaves us."}
    assert "# check: is this a people section?" in text


@pytest.mark.parametrize("title", ["Our team", "Welcome week", "The Support Hub"])
def test_items_that_are_no_names_are_no_people(title: str) -> None:
    assert read(f"<h2>Meet the team</h2><h3>{title}</h3><p>We are many.</p>")[0]["kind"] != "people"


def test_short_news_under_such_a_heading_is_news_in_brief() -> None:
    section, _ = read(
        "<h2>News in brief</h2><h3>Hubs open</h3><p>Two hubs open on Saturdays.</p>"
        '<h3><a href="https://books.example.org">Books</a></h3><p>Every child gets books.</p>'
    )

    assert section["kind"] == "in_brief"
    assert section["items"][1] == {
        "title": "Books",
        "text": "Every child gets books.",
        "link": "https://books.example.org",
    }


def test_long_news_is_not_in_brief() -> None:
    long = "Two hubs open on Saturdays. " * 12

    assert read(f"<h2>In brief</h2><h3>Hubs</h3><p>{long}</p><h3>Books</h3><p>For all.</p>")[0]["kind"] != "in_brief"


def test_a_few_entries_that_begin_with_numbers_are_figures() -> None:
    section, _ = read(
        "<h2>The year in numbers</h2><ul><li>1,284 people trained</li><li>91% would use it</li>"
        "<li>1 in 4 children told us</li></ul>"
    )

    assert section["kind"] == "figures"
    assert [item["value"] for item in section["items"]] == ["1,284", "91%", "1 in 4"]


@pytest.mark.parametrize(
    "entries",
    ["<li>01632 960 145 the front door</li><li>999 in an emergency</li>", "<li>24 schools took part</li>"],
)
def test_telephone_numbers_and_a_single_number_are_no_figures(entries: str) -> None:
    assert read(f"<h2>Key numbers</h2><ul>{entries}</ul>")[0]["kind"] != "figures"


@pytest.mark.parametrize(
    "words",
    [
        'A 7-minute film with captions. <a href="https://youtu.be/abc">See it</a>',
        'It has captions and lasts 7 minutes. <a href="https://www.example.org/a">Watch the film</a>',
        'With subtitles, 7 mins. <a href="https://vimeo.com/1">Open</a>',
    ],
)
def test_a_few_words_with_one_link_to_a_film_are_a_film(words: str) -> None:
    section, _ = read(f"<h2>Our new film</h2><p>{words}</p>")

    assert section["kind"] == "video"
    assert (section["length"], section["captions"]) == ("7 minutes", "yes")


def test_a_link_to_something_else_is_no_film() -> None:
    chapter = '<h2>Film club</h2><p>We meet in June. <a href="https://www.example.org/a">Book a place</a></p>'

    assert read(chapter)[0]["kind"] != "video"
