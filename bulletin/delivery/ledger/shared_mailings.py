"""Which mailings are left to the workers: a row for each, and up to which delivery its readers were dealt out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, select

from bulletin.database.dialects import insert_into
from bulletin.database.errors import database_errors
from bulletin.database.tables import shared_mailings

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from bulletin.delivery.ledger.mailing import Mailing


def share_mailing(connection: Connection, mailing: Mailing) -> None:
    """Leave a mailing to the workers. Within the caller's transaction."""
    write = insert_into(connection, shared_mailings).values(mailing_id=mailing.id, dealt=0)
    connection.execute(write.on_conflict_do_update(index_elements=[shared_mailings.c.mailing_id], set_={"dealt": 0}))


def take_back(connection: Connection, mailing: Mailing) -> None:
    """Leave a mailing to the workers no more. Within the caller's transaction."""
    connection.execute(delete(shared_mailings).where(shared_mailings.c.mailing_id == mailing.id))


def is_shared(engine: Engine, mailing: Mailing) -> bool:
    """Whether a mailing is left to the workers. Raises DatabaseError."""
    with database_errors(), engine.begin() as connection:
        return bool(connection.scalar(select(exists().where(shared_mailings.c.mailing_id == mailing.id))))
