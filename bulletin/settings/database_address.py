"""The address of the database, as bulletin.yaml may have it. Pure.

Never a secret: a password is in BULLETIN_DATABASE_URL, or in the file that PostgreSQL's own programs read it from
(~/.pgpass, see postgresql.org/docs/current/libpq-pgpass.html).
"""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator

from bulletin.declaration.values import Plain, invalid

SECRET_OPTIONS: Final = frozenset({"password", "sslpassword", "oauth_client_secret"})
"""What a PostgreSQL address may have behind its question mark, and must never be shown."""

_ON_SERVER: Final = re.compile(r"postgresql(\+psycopg)?://")
_IN_FILE: Final = re.compile(r"sqlite:////(?!/)[^?]+|sqlite:///[A-Za-z]:[\\/][^?]+")
_REMEDY: Final = (
    "Remove it. Put it in ~/.pgpass on each computer, or put the whole address in the environment variable "
    "BULLETIN_DATABASE_URL instead."
)


def _check_database(value: str) -> str:
    if not (_ON_SERVER.match(value) or _IN_FILE.fullmatch(value)):
        raise invalid(
            "This is not the address of a database.",
            "Write it as postgresql+psycopg://news@db.example.org/bulletin, without the password; or as the whole path "
            "of a file: sqlite:////srv/bulletin/ledger.db.",
        )
    if _ON_SERVER.match(value) and _has_password(value):
        raise invalid("There is a password in this address.", _REMEDY)
    return value


def _has_password(address: str) -> bool:
    rest, _, query = address.partition("://")[2].partition("?")
    options = {option.partition("=")[0].strip().casefold() for option in re.split("[&;]", query)}
    return ":" in rest.rpartition("@")[0] or not options.isdisjoint(SECRET_OPTIONS)


DatabaseAddress = Annotated[Plain, AfterValidator(_check_database)]
"""The address of a database, without a password: on a PostgreSQL server, or the whole path of a file."""
