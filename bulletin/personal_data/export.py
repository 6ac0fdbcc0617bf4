"""One person's data as files for them: JSON for programs, CSV for spreadsheets (UK GDPR articles 15 and 20).

The JSON has everything as it is. The CSV files, one for each kind of thing that there is, have every cell defused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bulletin.database.errors import database_errors
from bulletin.database.states import PersonEventKind
from bulletin.declaration.spreadsheet_cells import write_csv
from bulletin.disk import File, write_all
from bulletin.errors import NotFound
from bulletin.personal_data.record import PersonalRecord
from bulletin.rights import OWNER_ALONE
from bulletin.subscribers.person_events import PersonEvent, record_event
from bulletin.times import format_utc

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.workspace.workspace import Workspace

_ALL: Final = "everything.json"
_TIMES: Final = ("at", "since", "added_at", "asked_at", "changed_at", "confirmed_at", "expires_at", "made_at")
_MORE_TIMES: Final = ("claimed_at", "ended_at", "received_at", "closed_at")


def choose_folder(workspace: Workspace, today: date, letters: str) -> Path:
    """Where an export goes unless a person says otherwise. `letters` tell those of one day apart."""
    return workspace.root / "exports" / f"personal-data-{today.isoformat()}-{letters}"


def export_record(engine: Engine, record: PersonalRecord, folder: Path, *, now: int) -> tuple[Path, ...]:
    """Write the files to `folder`, for you alone, and record that this was done. `now` in ms since 1970.

    Raises NotFound if we hold nothing, Unwritten if the files are there already or can't be written, DatabaseError.
    """
    if not record:
        raise NotFound(
            f"We have no record of {record.address.written}, so there is nothing to export.",
            "Check the spelling. Was the address changed? See: bulletin subscribers show ADDRESS",
        )
    files = write_files(record, now=now)
    with database_errors(), engine.begin() as connection:
        if record.subscriber and record.subscriber.id is not None:
            event = PersonEvent(kind=PersonEventKind.EXPORTED, at=now, origin="command")
            record_event(connection, record.subscriber.id, event)
        write_all(
            [
                File(path=folder / name, content=content, rights=OWNER_ALONE, new=True)
                for name, content in files.items()
            ],
            remedy="Choose another folder with --out.",
        )
    return tuple(folder / name for name in files)


def write_files(record: PersonalRecord, *, now: int) -> Mapping[str, bytes]:
    """The content of each file, by its name. `now` in ms since 1970. Pure."""
    parts = list_parts(record)
    whole = {"address": record.address.written, "exported": format_utc(now), **parts}
    files = {_ALL: (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()}
    return files | {f"{name.replace('_', '-')}.csv": _tabulate(rows) for name, rows in parts.items() if rows}


def list_parts(record: PersonalRecord) -> dict[str, list[dict[str, Any]]]:
    """Everything in it, by kind, as plain data. Times are in UTC, as in RFC 3339. Pure."""
    person = record.subscriber
    known = [] if person is None or person.id is None else [person]
    parts: dict[str, Sequence[Any]] = {
        "details": [{"address": one.address, "name": one.name, "added_at": one.added_at} for one in known],
        "lines_in_list_files": [_flatten_line(line) for line in record.lines],
        "memberships": [asdict(one) for one in (person.memberships if person else ())],
        "suppressions": [asdict(one) for one in (person.suppressions if person else ())],
    }
    others = ("consents", "wishes", "sign_ups", "messages", "returns", "emails", "complaints", "events")
    parts |= {name: [asdict(one) for one in getattr(record, name)] for name in others}
    return {name: [_show(row) for row in rows] for name, rows in parts.items()}


def _flatten_line(line: Any) -> dict[str, Any]:
    return {"file": line.file, "line": line.line, "cells": line.cells}


def _show(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _show_value(name, value) for name, value in row.items()}


def _show_value(name: str, value: Any) -> Any:
    if name in (*_TIMES, *_MORE_TIMES) and value is not None:
        return format_utc(value)
    if name == "scope":
        return {"kind": value.kind.name.lower(), "target": value.target}
    if name == "lifted":
        return [{"kind": one.kind.name.lower(), "target": one.target} for one in value]
    return value


def _tabulate(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """A CSV file. What has parts of its own (a line's cells, say) has a column for each."""
    flat = [_flatten(row) for row in rows]
    headings = list(dict.fromkeys(name for row in flat for name in row))
    return write_csv(headings, [[row.get(name) for name in headings] for row in flat])


def _flatten(row: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            found |= {f"{name}: {part}": text for part, text in value.items()}
        elif isinstance(value, list | tuple):
            found[name] = "; ".join(str(part) for part in value)
        else:
            found[name] = value
    return found
