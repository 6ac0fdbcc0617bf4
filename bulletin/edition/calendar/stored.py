"""A calendar entry as data that a database keeps, and back. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from hashlib import sha256
from typing import Any

from bulletin.edition.calendar.entries import CalendarEntry, EntryKind
from bulletin.issue.dates import TimeOfDay

_PLAN = ("first", "last", "starts", "ends", "place", "cancelled")
"""When, where, whether: people who have planned by one of these must hear of a change."""


def dump_entry(entry: CalendarEntry) -> dict[str, Any]:
    """The entry as plain data: days as `2027-02-09`, times as `[9, 30]`."""
    return {field.name: _dump(getattr(entry, field.name)) for field in fields(entry)}


def load_entry(data: Mapping[str, Any]) -> CalendarEntry:
    """The entry that `dump_entry` made this data of."""
    return CalendarEntry(
        **{
            **data,
            "kind": EntryKind(data["kind"]),
            "first": date.fromisoformat(data["first"]),
            "last": date.fromisoformat(data["last"]),
            "starts": _load_time(data["starts"]),
            "ends": _load_time(data["ends"]),
        }
    )


def digest_entry(entry: CalendarEntry, *, issue: str) -> str:
    """The SHA-256 of all that readers see of an entry, with the issue that it leads to."""
    data = {name: value for name, value in dump_entry(entry).items() if name not in ("key", "name")}
    return sha256(json.dumps([issue, data], sort_keys=True).encode()).hexdigest()


def changes_plans(old: CalendarEntry, new: CalendarEntry) -> bool:
    """Whether when, where or whether it is has changed (RFC 5545, 3.8.7.4)."""
    return any(getattr(old, name) != getattr(new, name) for name in _PLAN)


def _dump(value: object) -> object:
    match value:
        case date():
            return value.isoformat()
        case TimeOfDay():
            return [value.hour, value.minute]
        case EntryKind():
            return str(value)
        case _:
            return value


def _load_time(value: list[int] | None) -> TimeOfDay | None:
    return TimeOfDay(*value) if value else None
