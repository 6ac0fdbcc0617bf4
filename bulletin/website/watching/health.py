"""`/health`: whether the pages can do their work. For load balancers, containers and monitors; it names nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bulletin.database.database_events import refuse_moved
from bulletin.database.reading import watch
from bulletin.database.schema import HEAD, read_version
from bulletin.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

PATH: Final = "/health"
_WELL: Final = "All is well."
_SILENT: Final = "The database doesn’t answer."
_ABSENT: Final = "The database has no tables."
_OLDER: Final = "The database is older than this program. Restart the pages."
_NEWER: Final = "A newer version of this program has upgraded the database. Upgrade the pages too."
_MOVED: Final = "The database was moved. Restart the pages with its new address."


@dataclass(frozen=True, kw_only=True)
class HealthCheck:
    """The check and the database it is about. It answers 200, or 503 with a reason."""

    engine: Engine

    def route(self) -> Route:
        """Where it is served. The function waits for the database, so it runs in a thread of its own."""
        return Route(PATH, self.answer, methods=["GET"])

    def answer(self, _request: Request) -> Response:
        """Say whether the database answers, and has the tables that this program knows."""
        fault = self._find_fault()
        return PlainTextResponse(f"{fault or _WELL}\n", status_code=503 if fault else 200)

    def _find_fault(self) -> str:
        try:
            with watch(self.engine) as connection:
                version = read_version(connection)
                if version == HEAD:
                    return _tell_moved(connection)
        except DatabaseError:
            return _SILENT
        if version is None:
            return _ABSENT
        return _NEWER if version > HEAD else _OLDER


def _tell_moved(connection: Connection) -> str:
    try:
        refuse_moved(connection, "")
    except DatabaseError:
        return _MOVED
    return ""
