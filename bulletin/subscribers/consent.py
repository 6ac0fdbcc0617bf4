"""Evidence that a person said yes: to what words, how, when, and when they confirmed it.

Only what they did themselves (double opt-in, an undo, a choice on their own page) can lift a suppression. What was
said, how and when never changes: the database refuses it. The network and the program that they used are cleared after
a while, and `erase` clears all that is not needed to keep a lift valid.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import insert, update

from bulletin.database.dialects import insert_into
from bulletin.database.states import ConsentMethod
from bulletin.database.tables import consents, wordings

if TYPE_CHECKING:
    from sqlalchemy import Connection


def keep_wording(connection: Connection, text: str, *, language: str = "") -> str:
    """Keep the exact sentence that a person agrees to, once; its digest, which names it from then on."""
    digest = sha256(text.encode()).hexdigest()
    new = insert_into(connection, wordings).values(digest=digest, text=text, language=language)
    connection.execute(new.on_conflict_do_nothing())
    return digest


def add_consent(
    connection: Connection,
    hash_: bytes,
    *,
    method: ConsentMethod,
    asked_at: int,
    confirmed_at: int | None = None,
    list_name: str = "",
    wording: str | None = None,
    page: str = "",
) -> int:
    """Keep evidence of a yes by the address with this hash; its number. Times are in ms since 1970, UTC.

    `list_name` is the list that it is about, "" if it is about more than one. `wording` is a digest of `keep_wording`,
    `page` where the person saw the words. Without `confirmed_at` it lifts nothing yet: see `confirm_consent`.
    """
    new = insert(consents).values(
        hash=hash_,
        method=method,
        asked_at=asked_at,
        confirmed_at=confirmed_at,
        list=list_name,
        wording=wording,
        page=page,
    )
    return int(connection.execute(new.returning(consents.c.id)).scalar_one())


def confirm_consent(connection: Connection, consent_id: int, *, now: int) -> bool:
    """The person has confirmed it, at `now` (ms since 1970). False if they had done so before, or it isn't there."""
    open_one = (consents.c.id == consent_id) & consents.c.confirmed_at.is_(None)
    return connection.execute(update(consents).where(open_one).values(confirmed_at=now)).rowcount == 1
