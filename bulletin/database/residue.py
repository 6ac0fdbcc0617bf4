"""Personal data that was deleted may still be in the database's free space: it is wiped by writing the tables anew.

Whatever deletes addresses marks that (`mark_residue`) in its own transaction, so that a program that dies before the
wiping leaves the mark, and the next one to open the database wipes. Copies that were made before still have it all.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from bulletin.database.dialects import rewrite_tables
from bulletin.database.tables import (
    complaints,
    consents,
    deliveries,
    identity,
    mailing_events,
    memberships,
    outbox,
    person_events,
    returns,
    sign_ups,
    subscribers,
    wishes,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_LOG = logging.getLogger(__name__)  # unless a program says otherwise, warnings are printed to standard error

_PERSONAL: Final = (
    *(subscribers, memberships, deliveries, mailing_events, consents),
    *(returns, sign_ups, outbox, wishes, complaints, person_events),
)


def mark_residue(connection: Connection) -> None:
    """The transaction of `connection` deletes personal data: have the free space wiped after it."""
    connection.execute(update(identity).values(residue=True))


def has_residue(connection: Connection) -> bool:
    """Whether the free space is still to be wiped."""
    return bool(connection.scalar(select(identity.c.residue)))


def wipe_residue(engine: Engine) -> bool:
    """Wipe the free space now, outside any transaction. False if that isn't possible: it is tried again later."""
    try:
        if not rewrite_tables(engine, _PERSONAL):
            return False
        with engine.begin() as connection:
            connection.execute(update(identity).values(residue=False))
    except DBAPIError as error:
        _LOG.warning(
            "Old details of readers can't be wiped from the database's free space yet (%s). We'll try again when it is "
            "next opened.",
            str(error.orig).strip().partition("\n")[0],
        )
        return False
    return True
