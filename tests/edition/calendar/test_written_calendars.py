"""Files of iCalendar: read back by two libraries, right in March, in October and at the year's end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bulletin.edition.calendar.entries import list_entries
from bulletin.edition.calendar.files import PublishedEntry, write_entry, write_feed, write_issue
from bulletin.edition.calendar.zone import VTIMEZONE
from bulletin.errors import BulletinError
from calendar_reader import check_lines, make_events, make_issue, publish, publish_issue, read_events

LONDON = ZoneInfo("Europe/London")
FORUM = {"title": "Forum", "date": "9 February 2027", "starts": "9:30am", "ends": "12:30pm", "place": "Town Hall"}
AUDIT = {"kind": "notice", "title": "Audit", "text": "It is due.", "do": "Return your audit", "by": "4 December 2026"}


def write_one(event: dict[str, Any]) -> bytes:
    (published,) = publish_issue(make_events({"title": "Forum", **event}))
    return write_entry(published)


# Hours


@pytest.mark.parametrize(
    ("event", "begins", "ends"),
    [
        ({"date": "27 March 2027", "starts": "9am", "ends": "10am"}, "2027-03-27 09:00", "2027-03-27 10:00"),
        ({"date": "28 March 2027", "starts": "9am", "ends": "10am"}, "2027-03-28 08:00", "2027-03-28 09:00"),
        ({"date": "28 March 2027", "starts": "12:30am", "ends": "2:30am"}, "2027-03-28 00:30", "2027-03-28 01:30"),
        ({"date": "30 October 2027", "starts": "9am", "ends": "10am"}, "2027-10-30 08:00", "2027-10-30 09:00"),
        ({"date": "31 October 2027", "starts": "9am", "ends": "10am"}, "2027-10-31 09:00", "2027-10-31 10:00"),
        ({"date": "31 December 2026", "starts": "11pm", "ends": "1am"}, "2026-12-31 23:00", "2027-01-01 01:00"),
        ({"date": "29 February 2028", "starts": "2pm", "ends": "4pm"}, "2028-02-29 14:00", "2028-02-29 16:00"),
        ({"date": "9 June 2027", "starts": "7pm", "ends": "midnight"}, "2027-06-09 18:00", "2027-06-09 23:00"),
        ({"date": "9 June 2027", "starts": "midnight", "ends": "6am"}, "2027-06-08 23:00", "2027-06-09 05:00"),
    ],
)
def test_an_event_is_at_its_hour_in_london_in_two_libraries(event: dict[str, str], begins: str, ends: str) -> None:
    content = write_one(event)
    (read,) = read_events(content)
    utc = [read.decoded(name).astimezone(UTC).strftime("%Y-%m-%d %H:%M") for name in ("DTSTART", "DTEND")]
    assert utc == [begins, ends]
    (other,) = vobject.readOne(content.decode()).contents["vevent"]
    theirs = [getattr(other, name).value.astimezone(UTC).strftime("%Y-%m-%d %H:%M") for name in ("dtstart", "dtend")]
    assert theirs == [begins, ends]


def test_an_event_without_an_end_has_none_in_its_file() -> None:
    (read,) = read_events(write_one({"date": "9 June 2027", "starts": "2pm"}))
    assert "DTEND" not in read
    assert "DURATION" not in read


@pytest.mark.parametrize(
    ("event", "first", "after"),
    [
        ({"date": "9 February 2027"}, date(2027, 2, 9), date(2027, 2, 10)),
        ({"date": "28 February 2028", "until": "29 February 2028"}, date(2028, 2, 28), date(2028, 3, 1)),
        ({"date": "31 December 2026"}, date(2026, 12, 31), date(2027, 1, 1)),
        ({"date": "30 December", "until": "2 January 2027"}, date(2026, 12, 30), date(2027, 1, 3)),
        ({"date": "9 February 2027", "ends": "4pm"}, date(2027, 2, 9), date(2027, 2, 10)),
    ],
)
def test_an_event_without_hours_takes_whole_days(event: dict[str, str], first: date, after: date) -> None:
    content = write_one(event)
    (read,) = read_events(content)
    assert (read.decoded("DTSTART"), read.decoded("DTEND")) == (first, after)
    assert b"VTIMEZONE" not in content


def test_an_event_on_several_days_with_hours_is_one_a_day_and_no_rule() -> None:
    content = write_one({"date": "27 March 2027", "until": "29 March 2027", "starts": "9am", "ends": "4pm"})
    events = read_events(content)
    uids = [str(event["UID"]) for event in events]
    word = "0" * 26
    assert uids == [f"{word}@news.example.org", f"{word}-2@news.example.org", f"{word}-3@news.example.org"]
    assert [event.decoded("DTSTART").astimezone(UTC).hour for event in events] == [9, 8, 8]
    assert b"RRULE" not in content.replace(VTIMEZONE, b"")


def test_an_event_of_months_is_one_over_all_days() -> None:
    (read,) = read_events(write_one({"date": "1 March 2027", "until": "31 May 2027", "starts": "9am", "ends": "4pm"}))
    assert (read.decoded("DTSTART"), read.decoded("DTEND")) == (date(2027, 3, 1), date(2027, 6, 1))


# Deadlines


def test_a_deadline_is_a_free_day_that_rings_at_9am_two_days_before_in_its_own_file_alone() -> None:
    (published,) = publish_issue(make_issue(AUDIT))
    (read,) = read_events(write_entry(published))
    assert str(read["SUMMARY"]) == "By today: Return your audit"
    assert str(read["TRANSP"]) == "TRANSPARENT"
    (alarm,) = read.walk("VALARM")
    rings = datetime.combine(read.decoded("DTSTART"), datetime.min.time()) + alarm.decoded("TRIGGER")
    assert rings == datetime(2026, 12, 2, 9)  # noqa: DTZ001 -- the reader’s own wall clock
    for content in (write_issue([published], title="News"), write_feed([published], title="News")):
        (read,) = read_events(content)
        assert list(read.walk("VALARM")) == []


def test_an_event_has_no_alarm_and_takes_up_time() -> None:
    (read,) = read_events(write_one(FORUM))
    assert list(read.walk("VALARM")) == []
    assert (str(read["TRANSP"]), str(read["CLASS"]), str(read["STATUS"])) == ("OPAQUE", "PUBLIC", "CONFIRMED")
    assert not {"ORGANIZER", "ATTENDEE", "RRULE"} & set(read)


def test_a_cancelled_event_says_so_and_frees_its_time() -> None:
    (read,) = read_events(write_one({**FORUM, "cancelled": "yes"}))
    assert str(read["SUMMARY"]) == "Cancelled: Forum"
    assert (str(read["STATUS"]), str(read["TRANSP"])) == ("CANCELLED", "TRANSPARENT")


# Words


@pytest.mark.parametrize(
    "title",
    [
        "Bread, butter; jam",
        r"C:\new and \n",
        "Is it “free”? Yes: it is",
        "ŵ" * 60,
        "Sgwrs â’r Cadeirydd, yng Nghaerdydd",
        "👩‍👩‍👧 " * 12,
        "a" * 400,
    ],
)
def test_words_come_back_as_they_were_written(title: str) -> None:
    (read,) = read_events(write_one({**FORUM, "title": title, "summary": "One, two;\nthree\\four.\n\nNext."}))
    assert str(read["SUMMARY"]) == title.strip()
    assert "one" in str(read["DESCRIPTION"]).lower()


@pytest.mark.parametrize("length", range(60, 72))
def test_a_line_around_75_octets_is_folded_between_characters_if_at_all(length: int) -> None:
    """`SUMMARY:` has 8 octets, and ŵ has two: the 75th octet is the first or the second half of one."""
    title = "a" * (length - 2) + "ŵ" + "b" * 4
    content = write_one({**FORUM, "title": title})
    (read,) = read_events(content)
    assert str(read["SUMMARY"]) == title
    line = f"SUMMARY:{title}".encode()
    assert (line in content.split(b"\r\n")) or len(line) >= 75


@given(title=st.text(st.characters(categories=("L", "M", "N", "P", "S", "Zs")), min_size=1, max_size=200))
def test_any_title_makes_a_file_that_strict_readers_take(title: str) -> None:
    (entry,) = list_entries(make_events(FORUM))
    content = write_issue(publish(replace_title(entry, title)), title=title)
    (read,) = Calendar.from_ical(content).walk("VEVENT")
    check_lines(content)
    assert str(read["SUMMARY"]) == title


def replace_title(entry: Any, title: str) -> Any:
    from dataclasses import replace

    return replace(entry, title=title)


def test_what_leads_there_and_what_it_belongs_to_is_said() -> None:
    event = {**FORUM, "summary": "Open to all.", "book": {"link": "https://b.example.org/?a=1,2;3", "by": "1 Feb 2027"}}
    issue = make_events(event)
    published = [one for one in publish_issue(issue) if one.entry.name == "forum"]
    (read,) = read_events(write_entry(published[0]))
    page = "https://news.example.org/monthly/2026-11/#forum"
    assert str(read["URL"]) == page
    expected = f"Open to all.\n\nBook by Monday 1 February 2027: https://b.example.org/?a=1,2;3\n\n{page}"
    assert str(read["DESCRIPTION"]) == expected
    assert str(read["LOCATION"]) == "Town Hall"
    assert read["CATEGORIES"].to_ical() == b"Safeguarding bulletin"


# Whole files


def test_a_feed_says_its_name_its_zone_and_when_to_ask_again() -> None:
    content = write_feed(publish_issue(make_events(FORUM)), title="News, and more")
    read = Calendar.from_ical(content)
    assert b"\r\nNAME:News\\, and more\r\nX-WR-CALNAME:News\\, and more\r\n" in content  # RFC 7986 (5.1): a text
    assert str(read["X-WR-TIMEZONE"]) == "Europe/London"
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT12H\r\nX-PUBLISHED-TTL:PT12H\r\n" in content
    assert (str(read["VERSION"]), str(read["CALSCALE"]), str(read["METHOD"])) == ("2.0", "GREGORIAN", "PUBLISH")


def test_the_same_entries_make_the_same_bytes_in_any_order() -> None:
    published = publish_issue(make_issue(AUDIT, {"kind": "events", "title": "Events", "items": [FORUM, AGAIN]}))
    for write in (write_issue, write_feed):
        assert write(published, title="News") == write(published[::-1], title="News")


AGAIN = {**FORUM, "title": "Forum again", "date": "2 March 2027"}


def test_a_day_and_an_hour_of_it_are_in_one_file() -> None:
    other = {"title": "All day", "date": "9 February 2027"}
    content = write_issue(publish_issue(make_events(FORUM, other)), title="News")
    assert [str(event["SUMMARY"]) for event in read_events(content)] == ["All day", "Forum"]


def test_a_feed_without_a_date_is_a_calendar_too() -> None:
    assert read_events(write_feed([], title="News")) == []


@pytest.mark.parametrize("write", [write_issue, write_feed])
def test_two_entries_with_one_uid_are_refused_by_name(write: Any) -> None:
    first, second = publish_issue(make_events(FORUM, AGAIN))
    same = PublishedEntry(
        entry=second.entry, uid=first.uid, sequence=0, changed=first.changed, page=second.page, category="News"
    )
    with pytest.raises(BulletinError, match="“Forum” and “Forum again”"):
        write([first, same], title="News")


# The zone


def test_the_zone_is_that_of_this_computer_hour_by_hour_around_each_change_for_20_years() -> None:
    """If the law changes, this fails, and the constant with it."""
    (zone,) = Calendar.from_ical(b"BEGIN:VCALENDAR\r\n" + VTIMEZONE + b"END:VCALENDAR\r\n").walk("VTIMEZONE")
    assert len(VTIMEZONE) == 343
    ours = read_onsets(zone)
    for year in range(2020, 2041):
        for month in (3, 10):
            hour = datetime(year, month, 24, tzinfo=UTC)
            while hour.month == month:
                assert offset_at(ours, hour) == hour.astimezone(LONDON).utcoffset(), hour
                hour += timedelta(hours=1)


def read_onsets(zone: Any) -> list[tuple[datetime, timedelta]]:
    """Each moment at which the zone changes, in UTC, with the offset from then on, as RFC 5545 (3.6.5) counts them."""
    onsets = []
    for part in zone.subcomponents:
        before, after = part.decoded("TZOFFSETFROM"), part.decoded("TZOFFSETTO")
        rule = rrulestr(part["RRULE"].to_ical().decode(), dtstart=part.decoded("DTSTART"))
        years = rule.between(datetime(2018, 1, 1), datetime(2041, 1, 1))  # noqa: DTZ001 -- local, by the RFC
        onsets += [((local - before).replace(tzinfo=UTC), after) for local in years]
    return sorted(onsets)


def offset_at(onsets: list[tuple[datetime, timedelta]], moment: datetime) -> timedelta:
    return next(offset for onset, offset in reversed(onsets) if onset <= moment)
