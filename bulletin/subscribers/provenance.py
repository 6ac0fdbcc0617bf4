"""Who synced a list last, from where; and whether a list file is older than that.

Several computers may share a database, each with its own copy of the list files. A file is an older one if the list
came last from another place, and the file has exactly those people who were on the list before; or if it was last
saved before the list became what it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from bulletin.database.tables import list_syncs
from bulletin.errors import OlderLists
from bulletin.origin import Origin, find_origin
from bulletin.subscribers.roll import Headcount
from bulletin.times import format_clock_first
from bulletin.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row


@dataclass(frozen=True, kw_only=True, slots=True)
class Sync:
    """A list became what a file declared, with so many people on it. `at` in ms since 1970, UTC."""

    at: int
    origin: Origin
    count: Headcount

    def __str__(self) -> str:
        """`jo on desk, 10:02 on 4 May 2021, from /home/jo/news`."""
        return f"{self.origin.user} on {self.origin.host}, {format_clock_first(self.at)}, from {self.origin.folder}"


@dataclass(frozen=True, kw_only=True, slots=True)
class OlderList:
    """A list file that is older than what another place synced `last`.

    `then` is the last sync of just the people in the file. None: they are new, but the file was `saved_at` (ms
    since 1970) before the list became what it is.
    """

    name: str
    file: str
    count: Headcount
    last: Sync
    then: Sync | None
    saved_at: int

    def __str__(self) -> str:
        why = (
            f"It has the same {self.count.people:,} people as at {format_clock_first(self.then.at)}."
            if self.then
            else f"It was last saved at {format_clock_first(self.saved_at)}."
        )
        since = f"A version with {self.last.count.people:,} people was synced after that ({self.last})."
        return f"{self.file} on this computer looks like an older version. {why} {since}"


def record_syncs(connection: Connection, workspace: Workspace, counts: Mapping[str, Headcount], *, now: int) -> None:
    """These lists are now what this workspace's files declare. `now` in ms since 1970."""
    origin = find_origin(workspace.root)
    place = {"at": now, "user": origin.user, "host": origin.host, "folder": origin.folder}
    for name, count in counts.items():
        values = {"list": name, "people": count.people, "digest": count.digest, **place}
        connection.execute(insert(list_syncs).values(values))


def find_foreign_syncs(connection: Connection, workspace: Workspace, names: Iterable[str]) -> dict[str, Sync]:
    """By list, the last sync of those lists that another place synced last. None where the database is not shared."""
    if not workspace.may_share_database:  # then a renamed computer, or a moved folder, is no other place
        return {}
    here = find_origin(workspace.root).place
    lasts = {name: syncs[0] for name in names if (syncs := _find_syncs(connection, name, most=1))}
    return {name: last for name, last in lasts.items() if last.origin.place != here}


def find_older(connection: Connection, workspace: Workspace, counts: Mapping[str, Headcount]) -> tuple[OlderList, ...]:
    """Which list files, with so many people each, are older than what another place synced last."""
    foreign = find_foreign_syncs(connection, workspace, counts)
    found = (_compare(connection, workspace, name, counts[name], last) for name, last in foreign.items())
    return tuple(older for older in found if older)


def refuse_older(older: Iterable[OlderList], *, agreed: Collection[OlderList] = ()) -> None:
    """Raises OlderLists if there are any that no person has `agreed` to go back to."""
    if left := [one for one in older if one not in agreed]:
        raise OlderLists(
            " ".join(map(str, left)),
            "Copy the newer file here. If this one is right, say so: type bulletin subscribers sync in a terminal.",
        )


def _compare(connection: Connection, workspace: Workspace, name: str, count: Headcount, last: Sync) -> OlderList | None:
    if last.count == count:
        return None
    syncs = _find_syncs(connection, name)
    then = next((sync for sync in syncs if sync.count == count), None)
    *_, first = takewhile(lambda sync: sync.count == last.count, syncs)  # when the list became what it is
    file = workspace.list_file(name)
    saved_at = first.at
    with suppress(OSError):  # it has been read a moment ago
        saved_at = (workspace.root / file).stat().st_mtime_ns // 1_000_000
    if then is None and saved_at >= first.at:
        return None
    return OlderList(name=name, file=file, count=count, last=last, then=then, saved_at=saved_at)


def _find_syncs(connection: Connection, name: str, *, most: int | None = None) -> tuple[Sync, ...]:
    """The latest first, at `most` so many."""
    query = select(list_syncs).where(list_syncs.c.list == name).order_by(list_syncs.c.id.desc()).limit(most)
    return tuple(_read(row) for row in connection.execute(query))


def _read(row: Row[Any]) -> Sync:
    return Sync(
        at=row.at,
        origin=Origin(user=row.user, host=row.host, folder=row.folder),
        count=Headcount(people=row.people, digest=row.digest),
    )
