"""What a database refuses, in words. Only what the user can fix is put into words: a wrong statement stays our bug."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, ProgrammingError

from bulletin.errors import DatabaseError

_AGAIN = "Then run the same command again: what was recorded before is safe."

# SQLite's primary result codes (sqlite.org/rescode.html) that speak of the file or its surroundings.
_SQLITE = {
    3: ("cannot be opened", "Check the permissions of the file and its folder."),
    5: ("is busy: another program is writing to it", "Wait until that program is done, or close it. " + _AGAIN),
    8: ("cannot be written to", "Check the permissions of the file and its folder."),
    10: ("cannot be read or written: the disk reports an error", "Check the disk, or the network drive. " + _AGAIN),
    11: ("is damaged", "Put the last good copy of the file back. Do not delete it: it remembers who opted out."),
    13: ("cannot grow: the disk is full", "Make room on the disk. " + _AGAIN),
    14: ("cannot be opened", "Check the folder's name and permissions."),
    15: (
        "cannot be locked as it must be",
        "Keep it on this computer's own disk, not on a network drive. " + _AGAIN,
    ),
    26: ("is not a database, or is damaged", "Check the file's name, or put the last good copy of the file back."),
}


# PostgreSQL's codes, from the appendix “Error codes” of its manual, of what is no fault of ours.
_POSTGRESQL = {
    "25P03": (
        "ended our session: this computer had not gone on with its work for a minute",
        "Keep the computer awake while it sends. " + _AGAIN,
    ),
    "55P03": ("is busy: another program holds locked what is needed", "Wait until that program is done. " + _AGAIN),
    "25006": ("can only be read", "Name the server that takes changes, not its copy, in the database's address."),
    "42501": ("does not let us in", "Ask those who run it to give our user every right in this database."),
    "53100": ("cannot grow: its server's disk is full", "Make room on that disk. " + _AGAIN),
}


@contextmanager
def database_errors(place: str = "") -> Iterator[None]:
    """Turn what the database refuses inside the `with` block into DatabaseError; `place` says which database.

    Only refusals that come from around the program: locked, full, damaged, unreachable. A broken constraint or a
    statement that is wrong passes through as it is.
    """
    try:
        yield
    except DBAPIError as error:
        if (explanation := _explain(error)) is None:
            raise
        words, remedy = explanation
        database = f"The database {place}" if place else "The database"
        raise DatabaseError(f"{database} {words}.", remedy) from error


def _explain(error: DBAPIError) -> tuple[str, str] | None:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _SQLITE.get(code & 0xFF)  # the extended code has the primary one in its low byte
    code = getattr(error.orig, "sqlstate", None)
    if isinstance(code, str) and code in _POSTGRESQL:
        return _POSTGRESQL[code]
    if isinstance(error, ProgrammingError) and error.statement is None:  # raised by the driver, before it connects
        words = str(error.orig).strip().partition("\n")[0].rstrip(".")
        return f"cannot be used: {words}", "Correct its address in BULLETIN_DATABASE_URL, or in bulletin.yaml."
    if isinstance(error, OperationalError | InterfaceError):
        first_line = str(error.orig).strip().partition("\n")[0].rstrip(".")
        return f"cannot be used: {first_line}", "Check that its server runs and can be reached from here. " + _AGAIN
    return None
