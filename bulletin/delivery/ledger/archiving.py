"""A year's deliveries in a file, instead of in the ledger: a smaller ledger is copied and searched faster.

What became of how many stays in the ledger (`kept_counts`), so every report shows the same numbers. Who they were is in
the file, and comes back from it. The file is JSON by the line, compressed: the first line says what it is, then there
is one delivery a line, and the last line has their number and a digest of all lines before.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select

from bulletin.database.database_events import record_database_event
from bulletin.database.errors import database_errors
from bulletin.database.reading import begin_snapshot
from bulletin.database.residue import mark_residue, wipe_residue
from bulletin.database.states import DatabaseEvent
from bulletin.database.tables import deliveries, identity, kept_counts
from bulletin.delivery.ledger.kept_counts import find_old_mailings, keep_counts_only
from bulletin.errors import MailingError, NotFound, Unwritten

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from bulletin.delivery.ledger.mailing import Mailing

_FORM: Final = "bulletin deliveries 1"
_BATCH: Final = 5_000
_NAMES: Final = frozenset(column.name for column in deliveries.columns)
_ESSENTIAL: Final = frozenset(one.name for one in deliveries.columns if not (one.nullable or one.server_default))
"""What each delivery must have. Other columns may be missing in the file: an earlier release may not have had them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Archived:
    """What went into a file, or came back from it: the year, its issues, and how many deliveries."""

    year: int
    issues: tuple[str, ...]
    rows: int


def archive_year(engine: Engine, year: int, file: Path, *, now: int) -> Archived:
    """Write the deliveries of mailings that began in `year` (UTC) to a new file, and take them out of the ledger.

    Only of issues of which every mailing ended before the next year began. The file is on the disk and was read back
    before the first delivery is deleted; `now` in ms since 1970. Raises MailingError if there are none, Unwritten if
    the file is there already or can't be written, DatabaseError.
    """
    end = _begin_of(year + 1)
    with begin_snapshot(engine) as connection:
        chosen = [one for one in find_old_mailings(connection, before=end) if one.began_at >= _begin_of(year)]
        if not chosen:
            raise MailingError(
                f"There is nothing to archive of {year}.",
                "Only issues that were sent in that year, and ended in it, can be archived.",
            )
        rows = _write_file(connection, chosen, year, file)
    _require_whole(file)
    for mailing in chosen:
        _take_out(engine, mailing, now)
    with database_errors(), engine.begin() as connection:
        record_database_event(connection, DatabaseEvent.ARCHIVED, now=now, year=year, rows=rows)
    wipe_residue(engine)
    return Archived(year=year, issues=tuple(dict.fromkeys(one.issue for one in chosen)), rows=rows)


def unarchive_year(engine: Engine, file: Path, *, now: int) -> Archived:
    """Put the deliveries in `file` back into the ledger, all or none; `now` in ms since 1970.

    Raises NotFound if the file can't be read or isn't whole, and MailingError if it is another ledger's, or if its
    deliveries aren't missing in the ledger.
    """
    head, number = _require_whole(file)
    ids = [mailing["id"] for mailing in head["mailings"]]
    with database_errors(), engine.begin() as connection:
        if connection.scalar(select(identity.c.id)) != head["ledger"]:
            raise MailingError(f"{file} is from another ledger.", "Name a file that this one was archived to.")
        _require_missing(connection, file, ids, number)
        lines = _read_lines(file)
        while batch := list(islice(lines, _BATCH)):
            connection.execute(insert(deliveries), [_to_row(head["columns"], values) for values in batch])
        connection.execute(delete(kept_counts).where(kept_counts.c.mailing_id.in_(ids)))
        record_database_event(connection, DatabaseEvent.UNARCHIVED, now=now, year=head["year"], rows=number)
    issues = tuple(dict.fromkeys(mailing["issue"] for mailing in head["mailings"]))
    return Archived(year=head["year"], issues=issues, rows=number)


def _begin_of(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp() * 1000)


def _take_out(engine: Engine, mailing: Mailing, now: int) -> None:
    """Delete the deliveries of a mailing, ten thousand at a time, so that no other program waits long."""
    while True:
        with database_errors(), engine.begin() as connection:
            if not keep_counts_only(connection, mailing, now=now):
                return
            mark_residue(connection)


def _require_missing(connection: Connection, file: Path, ids: Sequence[int], number: int) -> None:
    there = connection.scalar(select(deliveries.c.id).where(deliveries.c.mailing_id.in_(ids)).limit(1))
    kept = connection.scalars(select(kept_counts.c.number).where(kept_counts.c.mailing_id.in_(ids))).all()
    if there is not None or sum(kept) != number:
        raise MailingError(
            f"What {file} has is in the ledger already, or was deleted from it for another reason.",
            "Nothing was changed. See what was archived: bulletin database status",
        )


def _write_file(connection: Connection, chosen: Sequence[Mailing], year: int, file: Path) -> int:
    head = {
        "form": _FORM,
        "ledger": connection.scalar(select(identity.c.id)),
        "year": year,
        "columns": [column.name for column in deliveries.columns],
        "mailings": [{"id": one.id, "issue": one.issue} for one in chosen],
    }
    partial = file.with_name(f"{file.name}.partial")
    try:
        with suppress(FileNotFoundError):
            partial.unlink()
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:  # noqa: PTH123 -- its rights
            with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=6, mtime=0) as packed:
                rows = _write_lines(packed, head, connection, chosen)
            raw.flush()
            os.fsync(raw.fileno())
        os.link(partial, file)  # which overwrites nothing
    except OSError as error:
        raise Unwritten(
            f"The archive {file} can't be written: {error.strerror}.",
            "Give it another name, or check the folder and the room on its disk.",
            strerror=str(error.strerror),
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return rows


def _write_lines(
    packed: gzip.GzipFile, head: dict[str, object], connection: Connection, chosen: Sequence[Mailing]
) -> int:
    digest, number = sha256(), 0

    def write(value: object) -> None:
        line = json.dumps(value, ensure_ascii=False).encode() + b"\n"
        digest.update(line)
        packed.write(line)

    write(head)
    for mailing in chosen:
        query = select(deliveries).where(deliveries.c.mailing_id == mailing.id).order_by(deliveries.c.id)
        for batch in connection.execute(query.execution_options(yield_per=_BATCH)).partitions():
            for row in batch:
                write([value.hex() if isinstance(value, bytes) else value for value in row])
                number += 1
    packed.write(json.dumps({"rows": number, "sha256": digest.hexdigest()}).encode() + b"\n")
    return number


def _require_whole(file: Path) -> tuple[dict[str, Any], int]:
    """The first line, and how many deliveries there are. Raises NotFound unless the file is as it was written."""
    digest, lines, last = sha256(), 0, b""
    try:
        with gzip.open(file, "rb") as packed:
            for line in packed:
                digest.update(last)
                lines, last = lines + 1, line
        with gzip.open(file, "rb") as packed:
            head, end = json.loads(packed.readline()), json.loads(last)
        whole = head["form"] == _FORM and _ESSENTIAL <= set(head["columns"]) <= _NAMES
        whole = whole and (end["rows"], end["sha256"]) == (lines - 2, digest.hexdigest())
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise NotFound(f"{file} can't be read as an archive of deliveries.", _NAME_ONE) from error
    if not whole:
        raise NotFound(f"{file} isn't whole, or another version of bulletin wrote it.", _NAME_ONE)
    return head, end["rows"]


_NAME_ONE: Final = "Name a file that `bulletin database archive` made, or a copy of it."


def _read_lines(file: Path) -> Iterator[list[Any]]:
    """The deliveries of a whole file."""
    with gzip.open(file, "rb") as packed:
        packed.readline()
        for line in packed:
            values = json.loads(line)
            if isinstance(values, list):
                yield values


def _to_row(names: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    row = dict(zip(names, values, strict=True))
    return row | {"hash": bytes.fromhex(row["hash"])}
