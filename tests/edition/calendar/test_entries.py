"""What of an issue becomes an entry of a calendar, and what each is called."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import Phase, given, settings

from bulletin.edition.calendar.entries import list_entries
from bulletin.edition.calendar.stored import dump_entry, load_entry
from bulletin.edition.typography.typesetting import TypeStyle
from bulletin.issue.audience import PUBLIC, Audience
from bulletin.issue.dates import TimeOfDay
from calendar_reader import make_events, make_issue
from random_issues import random_sections


def names(*sections: dict[str, Any], **more: Any) -> dict[str, str]:
    """The title of each entry, by its name."""
    return {entry.name: entry.title for entry in list_entries(make_issue(*sections, **more))}


COURSE = {"title": "First aid", "provider": "Us"}
PRIORITY = {"number": "3", "title": "Neglect", "status": "under way", "summary": "It goes well."}


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        (
            {"kind": "notice", "title": "Audit", "text": "Due.", "do": "Return your audit", "by": "4 December 2026"},
            {"audit": "By today: Return your audit"},
        ),
        (
            {"kind": "article", "title": "New form", "text": "It is new.", "do": "Use it", "from": "11 January 2027"},
            {"new-form": "From today: Use it"},
        ),
        (
            {"kind": "vacancies", "title": "Posts", "items": [{"title": "Chair", "closes": "11 December 2026"}]},
            {"chair": "Last day to apply: Chair"},
        ),
        (
            {"kind": "campaign", "title": "Safe sleep", "text": "Sleep.", "ends": "28 February 2027"},
            {"safe-sleep": "Last day: Safe sleep"},
        ),
        (
            {
                "kind": "training",
                "title": "Training",
                "items": [{**COURSE, "on_demand": "yes", "book": {"how": "Ring.", "by": "1 December 2026"}}],
            },
            {"first-aid__book": "Last day to book: First aid"},
        ),
        (
            {"kind": "training", "title": "Training", "items": [{**COURSE, "sessions": [{"date": "13 January 2027"}]}]},
            {"first-aid__2027-01-13": "First aid"},
        ),
        (
            {
                "kind": "training",
                "title": "Training",
                "items": [{**COURSE, "sessions": [{"date": "13 January 2027"}, {"date": "9 February 2027"}]}],
            },
            {"first-aid__2027-01-13": "First aid", "first-aid__2027-02-09": "First aid"},
        ),
        (
            {
                "kind": "priorities",
                "title": "Priorities",
                "items": [{**PRIORITY, "milestones": [{"date": "14 December 2026", "text": "The Board decides"}]}],
            },
            {"neglect__step-the-board-decides": "Neglect: The Board decides"},
        ),
        (
            {
                "kind": "executive_updates",
                "title": "Updates",
                "lead": "We met.",
                "items": [{"text": "Send it.", "do": "Send your return", "by": "4 December 2026"}],
            },
            {"updates__send-your-return": "By today: Send your return"},
        ),
    ],
)
def test_a_whole_day_becomes_an_entry_that_says_what_it_is(section: dict[str, Any], expected: dict[str, str]) -> None:
    assert names(section) == expected


@pytest.mark.parametrize(
    "section",
    [
        {"kind": "events", "title": "Events", "items": [{"title": "Forum", "date": "November 2027"}]},
        {"kind": "events", "title": "Events", "items": [{"title": "Forum", "date": "2027"}]},
        {"kind": "events", "title": "Events", "items": [{"title": "Forum", "date": "13 April"}]},
        {"kind": "training", "title": "Training", "items": [{**COURSE, "on_demand": "yes"}]},
        {"kind": "notice", "title": "Audit", "text": "Due.", "do": "Return your audit"},
        {"kind": "notice", "title": "Audit", "text": "Due.", "do": "Return your audit", "by": "December 2026"},
        {"kind": "notice", "title": "More", "text": "There is more next month.", "follow_up": "2026-12"},
        {
            "kind": "priorities",
            "title": "Priorities",
            "items": [
                {
                    **PRIORITY,
                    "milestones": [
                        {"date": "14 December 2026", "text": "Done", "done": "yes"},
                        {"date": "February 2027", "text": "A month"},
                        {"date": "1 October 2026", "text": "Past"},
                    ],
                }
            ],
        },
    ],
)
def test_no_whole_day_ahead_no_entry(section: dict[str, Any]) -> None:
    assert names(section) == {}


def test_an_event_its_further_dates_and_its_booking_are_entries_with_names_of_their_own() -> None:
    event = {
        "title": "Forum",
        "date": "9 February 2027",
        "place": "Town Hall",
        "sessions": [{"date": "2 March 2027", "starts": "2pm"}, {"date": "2 March 2027", "starts": "6pm"}],
        "book": {"link": "https://book.example.org", "by": "1 February 2027"},
        "do": "Read the papers",
        "by": "5 February 2027",
    }
    entries = {entry.name: entry for entry in list_entries(make_events(event))}
    assert {name: entry.title for name, entry in entries.items()} == {
        "forum": "Forum",
        "forum__2027-03-02-1400": "Forum",
        "forum__2027-03-02-1800": "Forum",
        "forum__by": "By today: Read the papers",
        "forum__book": "Last day to book: Forum",
    }
    assert {entry.key for entry in entries.values()} == {"forum", "forum__by", "forum__book"}
    assert entries["forum__2027-03-02-1800"].starts == TimeOfDay(18, 0)
    assert (entries["forum"].place, entries["forum__2027-03-02-1400"].place) == ("Town Hall", "")


def test_an_id_is_the_name_whatever_the_title_says() -> None:
    first = make_events({"title": "Forum", "date": "9 February 2027", "id": "spring-forum"})
    second = make_events({"title": "Forum for families", "date": "9 February 2027", "id": "spring-forum"})
    assert [(entry.key, entry.name) for entry in (*list_entries(first), *list_entries(second))] == [
        ("spring-forum", "spring-forum")
    ] * 2


def test_two_with_one_title_have_one_key_and_two_names() -> None:
    issue = make_events({"title": "Forum", "date": "9 February 2027"}, {"title": "Forum", "date": "2 March 2027"})
    assert [(entry.key, entry.name) for entry in list_entries(issue)] == [("forum", "forum"), ("forum", "forum__2")]


def test_no_name_is_that_of_the_file_with_all_dates() -> None:
    assert list(
        names({"kind": "events", "title": "Events", "items": [{"title": "All", "date": "9 February 2027"}]})
    ) == ["all__date"]


def test_what_is_cancelled_stays_an_entry_and_its_booking_is_none() -> None:
    event = {
        "title": "Forum",
        "date": "9 February 2027",
        "cancelled": "yes",
        "do": "Book your place",
        "book": {"link": "https://book.example.org", "by": "1 February 2027"},
    }
    (entry,) = list_entries(make_events(event))
    assert (entry.cancelled, entry.text) == (True, "")


def test_one_date_of_several_can_be_cancelled() -> None:
    sessions = [{"date": "13 January 2027", "cancelled": "yes"}, {"date": "9 February 2027"}]
    course = {"kind": "training", "title": "Training", "items": [{**COURSE, "sessions": sessions}]}
    assert [entry.cancelled for entry in list_entries(make_issue(course))] == [True, False]


def test_words_are_plain_and_set_as_readers_see_them() -> None:
    event = {"title": 'The *new* "Forum"', "date": "9 February 2027", "summary": "**Bring** [this](https://a.example)."}
    (entry,) = list_entries(make_events(event), style=TypeStyle())
    assert entry.title == "The new “Forum”"
    assert "**" not in entry.text
    assert "https://a.example" in entry.text


def test_what_is_for_some_lists_is_no_entry_for_everyone() -> None:
    issue = make_events(
        {"title": "Heads", "date": "9 February 2027", "for": ["schools"]},
        {"title": "Forum", "date": "2 March 2027"},
    )
    assert [entry.title for entry in list_entries(issue.for_audience(PUBLIC))] == ["Forum"]
    schools = Audience(lists=frozenset({"schools"}))
    assert [entry.title for entry in list_entries(issue.for_audience(schools))] == ["Heads", "Forum"]


@given(sections=random_sections())
@settings(max_examples=20, phases=(Phase.explicit, Phase.generate))
def test_any_issue_has_entries_with_names_of_their_own_that_a_database_can_keep(sections: list[dict[str, Any]]) -> None:
    entries = list_entries(make_issue(*sections, month="2021-05", published="4 May 2021"))
    assert len({entry.name for entry in entries}) == len(entries)
    assert all(len(entry.name) <= 255 for entry in entries)
    assert [load_entry(dump_entry(entry)) for entry in entries] == list(entries)
