"""Connect to a database by its address."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Final

from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SAWarning

from bulletin.database.dialects import choose_arguments, is_file_url, set_up_connections
from bulletin.errors import DatabaseError
from bulletin.parts import Part, require_part

if TYPE_CHECKING:
    from sqlalchemy import URL

_POSTGRESQL: Final = "postgresql+psycopg"


def connect_database(url: str) -> Engine:
    """An engine for `url`, set up so that a commit is on the disk before it returns.

    Raises DatabaseError if the URL cannot be read or its driver is unknown, MissingPart if that isn't installed.
    """
    try:
        parsed = make_url(url)
        _refuse_unsendable(parsed)
    except (ArgumentError, ValueError):  # a port in letters, a bracket too many, a host that cannot be
        raise DatabaseError(
            "The database's address cannot be read.", "Write it as sqlite:///ledger.db or postgresql+psycopg://…"
        ) from None
    if parsed.drivername == _POSTGRESQL:
        require_part(Part.POSTGRES)
    try:
        with warnings.catch_warnings(action="error", category=SAWarning):  # a part that would be ignored
            engine = create_engine(parsed, connect_args=choose_arguments(parsed))
    except (ModuleNotFoundError, NoSuchModuleError):
        raise DatabaseError(
            f"The driver for {parsed.drivername} is not installed.", "For PostgreSQL, write postgresql+psycopg://…"
        ) from None
    except (
        ArgumentError,
        SAWarning,
        TypeError,
        ValueError,
    ):  # it repeats the address, and there may be a password in it
        raise DatabaseError(
            "The database's address has a part that cannot be used.",
            "Write it as sqlite:///ledger.db or postgresql+psycopg://…, with nothing behind a question mark.",
        ) from None
    set_up_connections(engine)
    return engine


def _refuse_unsendable(url: URL) -> None:
    """Raises ValueError for a server's address that no driver can send. A file may have any name."""
    if not is_file_url(url):
        url.render_as_string(hide_password=False).encode()
        if not (host := url.host or "").startswith("/"):
            host.encode("idna")
