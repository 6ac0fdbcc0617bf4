"""The box “What you need to do”: its rows, their order, their calendar links, and what time makes of them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from bulletin.edition.to_do import ToDo, age_box, gather_to_do, list_to_do, list_turning_days, mark_past, sort_tasks
from bulletin.issue.audience import PUBLIC, Audience
from calendar_reader import make_issue
from specimen import render

PAGE = "https://news.example.org/monthly/2026-11/"
FORUM = {"title": "Forum", "date": "9 February 2027", "link": "https://f.example.org"}


def notice(number: int, **more: str) -> dict[str, Any]:
    return {"kind": "notice", "title": f"Notice {number}", "text": "Please.", "do": f"Send form {number}", **more}


def events(*items: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "events", "title": "Events", "items": list(items)}


def rows(*sections: dict[str, Any], page: str = PAGE, **more: Any) -> list[str]:
    return [f"{row.when}: {row.words}" for row in list_to_do(make_issue(*sections, **more), page=page)]


def test_tasks_are_by_date_and_those_without_a_day_are_last() -> None:
    sections = (
        notice(1),
        notice(2, by="June 2027"),
        notice(3, **{"from": "11 January 2027"}),
        notice(4, by="4 December 2026"),
    )
    assert rows(*sections) == [
        "By Fri 4 Dec: Send form 4",
        "From Mon 11 Jan: Send form 3",
        "By Jun 2027: Send form 2",
        "When you can: Send form 1",
    ]


@pytest.mark.parametrize(
    ("item", "row"),
    [
        (events({**FORUM, "do": "Book", "book": {"by": "1 February 2027"}}), "By Mon 1 Feb: Book"),
        (
            {"kind": "vacancies", "title": "V", "items": [{"title": "Chair", "closes": "4 Dec 2026", "do": "Apply"}]},
            "By Fri 4 Dec: Apply",
        ),
        ({"kind": "campaign", "title": "C", "text": "T.", "ends": "28 Feb 2027", "do": "Join"}, "By Sun 28 Feb: Join"),
        (
            {"kind": "campaign", "title": "C", "text": "T.", "ends": "28 Feb 2027", "do": "Join", "by": "1 Feb 2027"},
            "By Mon 1 Feb: Join",
        ),
    ],
)
def test_a_task_has_the_day_of_its_booking_its_closing_or_its_end(item: dict[str, Any], row: str) -> None:
    assert rows(item) == [row]


def test_all_adds_what_no_task_asks_for_after_the_tasks() -> None:
    priority = {"number": "3", "title": "Neglect", "status": "under way", "summary": "Well."}
    steps = [{"date": "March 2027", "text": "It starts"}, {"date": "1 May 2026", "text": "Gone", "done": "yes"}]
    sections = (
        {"kind": "priorities", "title": "P", "items": [{**priority, "milestones": steps}]},
        events(FORUM, {"title": "Days", "date": "1 Dec 2026"}),
        {"kind": "vacancies", "title": "V", "items": [{"title": "Chair", "closes": "4 December 2026"}]},
        {"kind": "training", "title": "T", "items": [COURSE]},
        notice(1, by="31 March 2027"),
    )
    assert rows(*sections) == ["By Wed 31 Mar: Send form 1"]
    assert rows(*sections, to_do="all") == [
        "By Wed 31 Mar: Send form 1",
        "Tue 1 Dec: Go to Days",
        "By Fri 4 Dec: Apply: Chair",
        "By Mon 14 Dec: Book: First aid",
        "Tue 9 Feb 2027: Go to Forum",
        "Mar 2027: It starts",
    ]


COURSE = {
    "title": "First aid",
    "provider": "Us",
    "sessions": [{"date": "13 January 2027"}],
    "book": {"link": "https://b.example.org", "by": "14 December 2026"},
}


@pytest.mark.parametrize("choice", ["no", "off", "false"])
def test_an_issue_can_have_no_box(choice: str) -> None:
    assert rows(notice(1), to_do=choice) == []


def test_what_is_past_when_the_issue_comes_out_is_left_out_of_all() -> None:
    past = {"title": "Past", "date": "1 November 2026"}
    assert rows(events(past, FORUM), to_do="all") == ["Tue 9 Feb 2027: Go to Forum"]


def test_an_event_with_a_day_left_is_told_by_that_day() -> None:
    several = {**FORUM, "date": "1 November 2026", "sessions": [{"date": "2 March 2027"}, {"date": "9 March 2027"}]}
    assert rows(events(several), to_do="all") == ["Tue 2 Mar 2027: Go to Forum"]


def test_what_is_cancelled_asks_for_nothing() -> None:
    off = {**FORUM, "cancelled": "yes", "do": "Book your place", "book": {"by": "1 February 2027"}}
    assert rows(events(off), to_do="all") == []


@pytest.mark.parametrize(
    ("first", "second", "number"),
    [
        (
            {"by": "4 December 2026", "link": "https://a.example"},
            {"by": "4 December 2026", "link": "https://a.example"},
            1,
        ),
        (
            {"by": "4 December 2026", "link": "https://a.example"},
            {"by": "5 December 2026", "link": "https://a.example"},
            2,
        ),
        (
            {"by": "4 December 2026", "link": "https://a.example"},
            {"by": "4 December 2026", "link": "https://b.example"},
            2,
        ),
        ({"by": "4 December 2026"}, {"by": "4 December 2026"}, 2),
        ({"link": "https://a.example"}, {"link": "https://a.example"}, 2),
    ],
)
def test_the_same_address_on_the_same_day_is_one_row(
    first: dict[str, str], second: dict[str, str], number: int
) -> None:
    assert len(rows(notice(1, **first), notice(2, **second))) == number
    issue = make_issue(notice(1, **first), notice(2, **second))
    assert len(sort_tasks(issue)) == number


@pytest.mark.parametrize(("number", "more"), [(7, ""), (8, "1 more date"), (10, "3 more dates")])
def test_from_the_eighth_row_on_the_rest_is_behind_a_link(number: int, more: str) -> None:
    issue = make_issue(*(notice(day, by=f"{day} December 2026") for day in range(1, number + 1)))
    box = gather_to_do(issue, page=PAGE)
    assert (len(box.rows), box.more_words) == (7, more)
    assert box.more_link == (f"{PAGE}#all-dates" if more else "")
    assert gather_to_do(issue).more_words == ""  # without a website there is no page that has them
    assert len(list_to_do(issue, page=PAGE)) == number


# Calendar links


def test_each_row_with_a_whole_day_leads_to_its_file() -> None:
    sections = (notice(1, by="4 December 2026"), notice(2, by="December 2026"), notice(3), events(FORUM, AGAIN))
    found = {row.words: row.calendar for row in list_to_do(make_issue(*sections, to_do="all"), page=PAGE)}
    assert found == {
        "Send form 1": f"{PAGE}notice-1.ics",
        "Send form 2": "",
        "Send form 3": "",
        "Go to Forum": f"{PAGE}forum.ics",
        "Book: Forum again": f"{PAGE}forum-again__book.ics",
        "Go to Forum again": f"{PAGE}forum-again.ics",
    }


AGAIN = {**FORUM, "title": "Forum again", "date": "16 February 2027", "book": {"by": "1 February 2027"}}


def test_without_a_website_no_row_leads_to_a_file() -> None:
    assert [row.calendar for row in list_to_do(make_issue(notice(1, by="4 December 2026")))] == [""]


@pytest.mark.parametrize(
    "marked",
    [
        {**notice(1, by="4 December 2026"), "for": ["schools"]},
        {**notice(1, by="4 December 2026"), "marketing": "yes"},
        {**events({**FORUM, "do": "Go"}), "for": ["schools"]},
        events({**FORUM, "do": "Go", "book": {"by": "1 Feb 2027"}, "for": ["schools"]}),
        {
            "kind": "training",
            "title": "T",
            "items": [{**COURSE, "do": "Book", "for": ["schools"]}],
        },
    ],
)
def test_what_is_not_for_everyone_has_no_file_in_anyones_email(marked: dict[str, Any]) -> None:
    issue = make_issue(marked, notice(2, by="5 December 2026"), to_do="all")
    schools = issue.for_audience(Audience(lists=frozenset({"schools"}), consent=True))
    found = list_to_do(schools, page=PAGE)
    assert len(found) > 1
    assert {row.calendar for row in found} == {"", f"{PAGE}notice-2.ics"}
    assert [row.words for row in list_to_do(issue.for_audience(PUBLIC), page=PAGE)] == ["Send form 2"]


# Time


def test_a_page_says_what_is_past_and_offers_no_file_for_it() -> None:
    sections = (notice(1, by="4 December 2026"), notice(2, by="18 December 2026"), notice(3))
    found = mark_past(list_to_do(make_issue(*sections), page=PAGE), today=date(2026, 12, 5))
    assert [(row.when, bool(row.calendar), row.past) for row in found] == [
        ("Past: Fri 4 Dec", False, True),
        ("By Fri 18 Dec", True, False),
        ("When you can", False, False),
    ]


@pytest.mark.parametrize(
    ("by", "today", "past"),
    [
        ("4 December 2026", date(2026, 12, 4), False),
        ("4 December 2026", date(2026, 12, 5), True),
        ("December 2026", date(2026, 12, 31), False),
        ("December 2026", date(2027, 1, 1), True),
        ("2027", date(2027, 12, 31), False),
    ],
)
def test_a_row_is_past_from_the_day_after_its_last_one(by: str, today: date, past: object) -> None:
    (row,) = mark_past(list_to_do(make_issue(notice(1, by=by))), today=today)
    assert row.past == past


def test_what_began_still_holds() -> None:
    begins = {"from": "11 January 2027"}
    (row,) = mark_past(list_to_do(make_issue(notice(1, **begins)), page=PAGE), today=date(2028, 1, 1))
    assert (row.when, row.calendar, row.past) == ("From Mon 11 Jan", "", False)


def test_where_all_is_past_the_heading_says_so() -> None:
    box = gather_to_do(make_issue(notice(1, by="4 December 2026"), notice(2, by="5 December 2026")), page=PAGE)
    headings = [age_box(box, today=date(2026, 12, day)).heading for day in (4, 5, 6)]
    assert headings == ["What you need to do", "What you need to do", "What readers were asked to do"]
    assert list_turning_days(box.rows) == (date(2026, 12, 4), date(2026, 12, 5))
    assert age_box(gather_to_do(make_issue(events(FORUM))), today=date(2030, 1, 1)).heading == "What you need to do"


def test_rows_of_an_event_are_past_after_its_last_day() -> None:
    days = {**FORUM, "date": "9 February 2027", "until": "11 February 2027"}
    found: tuple[ToDo, ...] = list_to_do(make_issue(events(days), to_do="all"))
    assert [row.when for row in mark_past(found, today=date(2027, 2, 11))] == ["Tue 9 to Thu 11 Feb 2027"]
    assert [row.when for row in mark_past(found, today=date(2027, 2, 12))] == ["Past: Tue 9 to Thu 11 Feb 2027"]


# In an email


def test_html_and_text_lead_to_the_file_and_name_what_it_is_of() -> None:
    sections = [notice(1, by="4 December 2026"), notice(2)]
    edition = render(issue={"month": "2026-11", "published": "26 November 2026", "sections": sections})
    address = "https://bulletin.anytown.example.org/news/2021-05/notice-1.ics"
    assert re.search(rf'href="{re.escape(address)}"[^>]*aria-label="Add to calendar: Send form 1"', edition.html)
    assert edition.html.count("Add to calendar</a>") == 1
    assert f"Add to calendar:\n  {address}\n" in edition.text


def test_without_a_website_an_email_has_no_link_to_a_file() -> None:
    edition = render(issue={"sections": [notice(1, by="4 December 2026")]}, settings={"website": None})
    assert "calendar" not in edition.text
    assert "Add to calendar" not in edition.html


def test_html_and_text_lead_to_the_other_dates() -> None:
    sections = [notice(day, by=f"{day} December 2026") for day in range(1, 11)]
    edition = render(issue={"month": "2026-11", "published": "26 November 2026", "sections": sections})
    address = "https://bulletin.anytown.example.org/news/2021-05/#all-dates"
    assert f'href="{address}"' in edition.html
    assert f"3 more dates:\n  {address}" in edition.text


@pytest.mark.parametrize(
    ("section", "said"),
    [
        (events({**FORUM, "cancelled": "yes"}), "Cancelled: Forum"),
        (
            events({**FORUM, "cancelled": "yes", "sessions": [{"date": "2 Mar 2027"}]}),
            "Cancelled: Tuesday 9 February 2027",
        ),
        (events({**FORUM, "sessions": [{"date": "2 March 2027", "cancelled": "yes"}]}), "Tue 2 Mar 2027 (cancelled)"),
        (
            {
                "kind": "training",
                "title": "T",
                "items": [{**COURSE, "sessions": [{"date": "2 Mar 2027", "cancelled": "yes"}]}],
            },
            "Cancelled: First aid",
        ),
    ],
)
def test_what_is_cancelled_says_so_and_takes_no_booking(section: dict[str, Any], said: str) -> None:
    edition = render(issue={"month": "2026-11", "published": "26 November 2026", "sections": [section]})
    html = re.sub(r"<[^>]+>", "", edition.html).replace("\u00a0", " ")
    assert said in html
    assert said in edition.text.replace("\n", " ")
    assert ("https://b.example.org" in edition.html) == ("First aid" not in said and "b.example" in str(section))
