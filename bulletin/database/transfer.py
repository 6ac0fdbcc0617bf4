"""Move a database to another place: from a file to a PostgreSQL server or back, with all that people did."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, select, update

from bulletin.database.commits import allow_moving
from bulletin.database.database_events import record_database_event
from bulletin.database.dialects import find_file, keep_waiting, lock_for_writing
from bulletin.database.engine import connect_database
from bulletin.database.errors import database_errors
from bulletin.database.identity import DatabaseIdentity, find_identity, name_place
from bulletin.database.schema import open_database
from bulletin.database.states import DatabaseEvent
from bulletin.database.table_copy import TableSum, copy_table, sum_table
from bulletin.database.tables import identity, metadata
from bulletin.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


@dataclass(frozen=True, kw_only=True, slots=True)
class Transfer:
    """What was moved: the database in its new place, and how many rows of each table it has."""

    here: DatabaseIdentity
    rows: dict[str, int]

    @property
    def number(self) -> int:
        """How many rows in all."""
        return sum(self.rows.values())


def transfer_database(source: Engine | str, target: str, *, now: int) -> Transfer:
    """Move all that the database `source` remembers to the empty one at the URL `target`, which takes its place.

    Each table is read back and compared with what was copied. Nothing changes meanwhile: the old database is locked,
    and the new one shows nothing before all is there. The workspace takes the new one for its own, since the id goes
    over. The old one keeps its rows and is marked as moved, at `now` (ms since 1970): nothing is done with it from then
    on. Raises DatabaseError if there is nothing at `source`, something at `target`, or a difference between the two;
    then the old one is as before.
    """
    if isinstance(source, str):
        _require_file(source)
    old = open_database(source) if isinstance(source, str) else source
    try:
        _refuse_same(old, target)
        new = open_database(target)
        try:
            return _transfer(old, new, now)
        finally:
            new.dispose()
    finally:
        if old is not source:
            old.dispose()


def _transfer(old: Engine, new: Engine, now: int) -> Transfer:
    place = name_place(new.url)
    with database_errors(name_place(old.url)), old.begin() as leaving:
        keep_waiting(leaving)
        allow_moving(leaving)
        for table in metadata.sorted_tables:
            lock_for_writing(leaving, table)
        with database_errors(place), new.begin() as arriving:
            keep_waiting(arriving)
            require_empty(arriving, place)
            rows = copy_tables(leaving, arriving, place=place)
            here = find_identity(arriving)
            # Nothing but the commit of the old one is left to go wrong once the new one is there.
            leaving.execute(update(identity).values(id=secrets.token_hex(16)))
            record_database_event(leaving, DatabaseEvent.MOVED, now=now, to=place)
    return Transfer(here=here, rows=rows)


def copy_tables(leaving: Connection, arriving: Connection, *, place: str) -> dict[str, int]:
    """Copy every row to the tables of an empty database, and read them back; how many rows each table has.

    Raises DatabaseError if the new database, at `place`, has anything else than the old one.
    """
    allow_moving(arriving)
    arriving.execute(delete(identity))
    sums: dict[str, TableSum] = {}
    for table in metadata.sorted_tables:
        sums[table.name] = copy_table(leaving, arriving, table)
    for table in metadata.sorted_tables:
        if sum_table(arriving, table) != sums[table.name]:
            raise DatabaseError(
                f"The copy in {place} is not the same: the table {table.name} differs.",
                "Nothing was moved. Check the disk of both; then run the same command again with an empty database.",
            )
    return {name: found.rows for name, found in sums.items()}


def require_empty(connection: Connection, place: str) -> None:
    """Raises DatabaseError if the database at `place` has anything in it but its tables."""
    for table in metadata.sorted_tables:
        if table is not identity and connection.scalar(select(exists().select_from(table))):
            raise DatabaseError(f"The database {place} is not empty.", "Have an empty one made, and name that.")


def _refuse_same(old: Engine, target: str) -> None:
    new = connect_database(target)
    new.dispose()
    if name_place(new.url) == name_place(old.url):
        raise DatabaseError(
            f"The database is in {name_place(old.url)} already.", "Name the place where it is to go instead."
        )


def _require_file(url: str) -> None:
    engine = connect_database(url)
    file = find_file(engine.url)
    engine.dispose()
    if file and not file.exists():
        raise DatabaseError(f"There is no database {file}.", "Give the path of the one that was used until now.")
