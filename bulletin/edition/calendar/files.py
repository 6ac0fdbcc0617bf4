"""Files of iCalendar (RFC 5545, RFC 7986) for an entry, an issue, a bulletin: the same entries, the same bytes. Pure.

icalendar escapes texts, and folds lines at 75 octets between characters. Times are those of the wall clock in London,
with one constant VTIMEZONE before them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from bulletin.edition.calendar.entries import CalendarEntry, EntryKind
from bulletin.edition.calendar.zone import VTIMEZONE, ZONE
from bulletin.errors import BulletinError
from bulletin.issue.dates import TimeOfDay

if TYPE_CHECKING:
    from icalendar import Alarm, Calendar, Event

CONTENT_TYPE: Final = "text/calendar; charset=utf-8"
PRODUCT: Final = "-//bulletin//Dates of a bulletin//EN"

_REFRESH: Final = timedelta(hours=12)
_BEFORE_DEADLINE: Final = timedelta(hours=39)
"""An entry for a day begins at midnight, so this rings at 9am two days before."""

_MOST_DAYS: Final = 31
"""A longer run of days with hours is one entry over all of them: no one attends for that long."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedEntry:
    """An entry, and what keeps it one and the same in readers' calendars.

    `uid` never changes. `sequence` counts the changes that matter to a plan: when, where, whether. `changed` is when
    anything of it changed last, in UTC. `page` is its address on the website, `category` the bulletin's title.
    """

    entry: CalendarEntry
    uid: str
    sequence: int
    changed: datetime
    page: str
    category: str


def write_entry(published: PublishedEntry) -> bytes:
    """The file of one entry. A deadline rings two days before, at 9am."""
    return _write([published], head={}, alarms=True)


def write_issue(entries: Sequence[PublishedEntry], *, title: str) -> bytes:
    """The file with all dates of an issue. Raises BulletinError if two entries have one UID."""
    return _write(entries, head=_name(title), alarms=False)


def write_feed(entries: Sequence[PublishedEntry], *, title: str) -> bytes:
    """The calendar that readers subscribe to. Programs that listen ask for it twice a day.

    Raises BulletinError if two entries have one UID: programs would show one of them, and not say which.
    """
    head: dict[str, object] = {**_name(title), "REFRESH-INTERVAL": _REFRESH, "X-PUBLISHED-TTL": "PT12H"}
    return _write(entries, head=head, alarms=False)


def _name(title: str) -> dict[str, object]:
    from icalendar import vText

    return {"NAME": vText(title), "X-WR-CALNAME": vText(title), "X-WR-TIMEZONE": ZONE}


def _write(entries: Sequence[PublishedEntry], *, head: dict[str, object], alarms: bool) -> bytes:
    from icalendar import Calendar

    _refuse_doubles(entries)
    ordered = sorted(entries, key=lambda each: (each.entry.first, each.entry.starts or _MIDNIGHT, each.uid))
    calendar = Calendar()
    own = {"VERSION": "2.0", "PRODID": PRODUCT, "CALSCALE": "GREGORIAN", "METHOD": "PUBLISH"}
    for name, value in {**own, **head}.items():
        _add(calendar, name, value)
    for published in ordered:
        for event in _make_events(published, alarms=alarms):
            calendar.add_component(event)
    return _add_zone(calendar.to_ical(sorted=False), needed=any(each.entry.starts for each in entries))


_MIDNIGHT: Final = TimeOfDay(0, 0)


def _refuse_doubles(entries: Iterable[PublishedEntry]) -> None:
    for uid, number in Counter(each.uid for each in entries).items():
        if number > 1:
            titles = " and ".join(f"“{each.entry.title}”" for each in entries if each.uid == uid)
            raise BulletinError(
                f"{number} dates would be one in readers' calendars: {titles}.",
                "Give each an `id:` of its own in the issue.",
            )


def _add(calendar: Calendar, name: str, value: object) -> None:
    parameters = {"VALUE": "DURATION"} if isinstance(value, timedelta) else {}
    calendar.add(name, value, parameters=parameters)


def _add_zone(content: bytes, *, needed: bool) -> bytes:
    """The file with the zone before its first entry, if an entry has hours."""
    begin = content.find(b"BEGIN:VEVENT")
    return content[:begin] + VTIMEZONE + content[begin:] if needed else content


def _make_events(published: PublishedEntry, *, alarms: bool) -> Iterator[Event]:
    """One for the whole days of an entry; one for each of its days, if it has hours (never an RRULE)."""
    entry = published.entry
    days = (entry.last - entry.first).days + 1
    if entry.starts is None or days > _MOST_DAYS:
        yield _make_event(published, published.uid, alarms=alarms)
        return
    word, _, host = published.uid.partition("@")
    for number in range(days):
        uid = f"{word}-{number + 1}@{host}" if number else published.uid
        yield _make_event(published, uid, day=entry.first + timedelta(days=number), alarms=alarms)


def _make_event(published: PublishedEntry, uid: str, *, day: date | None = None, alarms: bool) -> Event:
    """An entry with hours on `day`, or one of whole days."""
    from icalendar import Event

    entry, event = published.entry, Event()
    begins, ends = (entry.first, entry.last + timedelta(days=1)) if day is None else _find_hours(entry, day)
    fields = {
        "UID": uid,
        "SEQUENCE": published.sequence,
        "DTSTAMP": published.changed,
        "LAST-MODIFIED": published.changed,
        "DTSTART": begins,
        "DTEND": ends,
        "SUMMARY": f"Cancelled: {entry.title}" if entry.cancelled else entry.title,
        "LOCATION": entry.place,
        "DESCRIPTION": "\n\n".join(filter(None, [entry.text, published.page])),
        "URL": published.page,
        "CATEGORIES": [published.category],
        "CLASS": "PUBLIC",
        "STATUS": "CANCELLED" if entry.cancelled else "CONFIRMED",
        "TRANSP": "OPAQUE" if entry.kind is EntryKind.OCCASION and not entry.cancelled else "TRANSPARENT",
    }
    for name, value in fields.items():
        if value is not None and value != "":
            event.add(name, value, parameters=_zone_of(value))
    if alarms and entry.kind is EntryKind.DEADLINE and not entry.cancelled:
        event.add_component(_make_alarm(entry))
    return event


def _find_hours(entry: CalendarEntry, day: date) -> tuple[datetime, datetime | None]:
    """When an entry begins and ends on `day`; it ends on the next one if its end is not after its start."""
    if entry.starts is None:
        raise AssertionError("an entry of whole days has no hours")
    begins = datetime.combine(day, time(entry.starts.hour, entry.starts.minute))
    if entry.ends is None:
        return begins, None
    ends = datetime.combine(day, time(entry.ends.hour, entry.ends.minute))
    return begins, ends if ends > begins else ends + timedelta(days=1)


def _zone_of(value: object) -> dict[str, str]:
    return {"TZID": ZONE} if isinstance(value, datetime) and value.tzinfo is None else {}


def _make_alarm(entry: CalendarEntry) -> Alarm:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", entry.title)
    alarm.add("TRIGGER", -_BEFORE_DEADLINE)
    return alarm
