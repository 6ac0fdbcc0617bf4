"""Reads our calendar files as strictly as readers' programs do, and with two libraries beside ours."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import vobject
from icalendar import Calendar, Component

from bulletin.edition.calendar.entries import CalendarEntry, list_entries
from bulletin.edition.calendar.files import PublishedEntry
from bulletin.issue.model import Issue

WHEN = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)


def make_issue(*sections: dict[str, Any], **more: Any) -> Issue:
    """An issue published on 26 November 2026 with these sections."""
    header = {"month": "2026-11", "published": "26 November 2026", "subject": "News", "preview_text": "What is new."}
    return Issue.model_validate({**header, "sections": list(sections), **more})


def make_events(*items: dict[str, Any], **more: Any) -> Issue:
    """An issue with one section of events."""
    return make_issue({"kind": "events", "title": "Events", "items": list(items)}, **more)


def publish(*entries: CalendarEntry, sequence: int = 0) -> list[PublishedEntry]:
    """Entries with a UID each, made of their number."""
    return [
        PublishedEntry(
            entry=entry,
            uid=f"{number:026}@news.example.org",
            sequence=sequence,
            changed=WHEN,
            page=f"https://news.example.org/monthly/2026-11/#{entry.anchor}",
            category="Safeguarding bulletin",
        )
        for number, entry in enumerate(entries)
    ]


def publish_issue(issue: Issue) -> list[PublishedEntry]:
    return publish(*list_entries(issue))


def read_events(content: bytes) -> list[Component]:
    """The entries of a file, once it has been found to be as RFC 5545 says, and a second library reads the same."""
    check_lines(content)
    events = list(Calendar.from_ical(content).walk("VEVENT"))
    others = list(vobject.readOne(content.decode()).contents.get("vevent", []))
    assert [str(event["UID"]) for event in events] == [other.uid.value for other in others]
    assert [str(event["SUMMARY"]) for event in events] == [other.summary.value for other in others]
    for event, other in zip(events, others, strict=True):
        begins = event.decoded("DTSTART")
        theirs = other.dtstart.value
        if isinstance(begins, datetime):
            assert theirs.timestamp() == begins.timestamp()  # each by the zone that it knows
        else:
            assert theirs == begins
    return events


def check_lines(content: bytes) -> None:
    """Lines of at most 75 octets, each ended by CR and LF, folded between characters; what begins ends."""
    assert not content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.split(b"\r\n")[:-1]
    for line in lines:
        assert len(line) <= 75
        assert b"\n" not in line
        assert b"\r" not in line
        line.decode()  # no character is in two lines
    whole = content.replace(b"\r\n ", b"").decode()
    stack = []
    for line in whole.split("\r\n")[:-1]:
        assert re.match(r"[A-Z-]+[;:]", line), line
        name, _, value = line.partition(":")
        if name == "BEGIN":
            stack.append(value)
        elif name == "END":
            assert stack.pop() == value
    assert stack == []
