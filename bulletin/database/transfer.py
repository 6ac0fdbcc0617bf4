"""Move a database to another place: from the file to a PostgreSQL server, with all that people did."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, exists, insert, select, update

from bulletin.database.dialects import find_file, number_after_last
from bulletin.database.engine import connect_database
from bulletin.database.errors import database_errors
from bulletin.database.identity import name_place
from bulletin.database.schema import open_database
from bulletin.database.tables import identity, metadata
from bulletin.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

_BATCH: Final = 5_000  # rows a statement


def transfer_database(source: str, target: str) -> None:
    """Copy all that the database at the URL `source` remembers to the empty one at `target`, which takes its place.

    The workspace takes the new one for its own, and the old one, which stays as it is, for a stranger from then on:
    the id goes over. Nothing is sent meanwhile: the old one is locked, and the new one shows nothing before all is
    there. Raises DatabaseError if there is nothing at `source`, or something at `target`.
    """
    _require_file(source)
    old, new = open_database(source), open_database(target)
    try:
        with (
            database_errors(name_place(old.url)),
            old.begin() as leaving,
            database_errors(name_place(new.url)),
            new.begin() as arriving,
        ):
            _require_empty(arriving, name_place(new.url))
            arriving.execute(delete(identity))
            for table in metadata.sorted_tables:
                _copy_rows(leaving, arriving, table)
            leaving.execute(update(identity).values(id=secrets.token_hex(16)))
    finally:
        old.dispose()
        new.dispose()


def _require_file(url: str) -> None:
    engine = connect_database(url)
    file = find_file(engine.url)
    engine.dispose()
    if file and not file.exists():
        raise DatabaseError(f"There is no database {file}.", "Give the path of the one that was used until now.")


def _require_empty(connection: Connection, place: str) -> None:
    for table in metadata.sorted_tables:
        if table is not identity and connection.scalar(select(exists().select_from(table))):
            raise DatabaseError(f"The database {place} is not empty.", "Have an empty one made, and name that.")


def _copy_rows(leaving: Connection, arriving: Connection, table: Table) -> None:
    # In the order in which they came: a lift is accepted only after the stop that it takes back.
    ordered = select(table).order_by(*table.primary_key)
    rows = leaving.execute(ordered.execution_options(yield_per=_BATCH))
    for batch in rows.mappings().partitions():
        arriving.execute(insert(table), [dict(row) for row in batch])
    number_after_last(arriving, table)
