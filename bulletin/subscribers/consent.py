"""Evidence that a person said yes: to what words, how, when, and when they confirmed it.

Only what they did themselves (double opt-in, an undo, a choice on their own page) can lift a suppression. What was
said, how and when never changes: the database refuses it. The network and the program that they used are cleared after
a while, and `erase` clears all that is not needed to keep a lift valid.

Consent to marketing is asked of memberships (`has_consent`): by which basis a person is on a list.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from sqlalchemy import exists, insert, literal_column, or_, update

from bulletin.database.dialects import insert_into
from bulletin.database.states import ConsentMethod
from bulletin.database.tables import consents, memberships, wordings
from bulletin.settings.organisation import Basis
from bulletin.subscribers.suppression import is_suppressed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection

MARKETING_BASES: Final = tuple(basis.value for basis in Basis if basis.allows_marketing)
"""The lawful bases of a list whose readers may be sent marketing, as `memberships` has them."""


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


def has_consent(
    hash_: ColumnElement[bytes], subscriber_id: ColumnElement[int], lists: Sequence[str], bulletin: str
) -> ColumnElement[bool]:
    """The condition that a subscriber (two columns) consents to marketing in an issue of `bulletin` to `lists`.

    They are on one of these lists by a basis that allows it (`MARKETING_BASES`; `issue.audience` says why), and have
    not stopped what comes through it. Anyone taken off the list, or who has left it, has no consent any more.
    """
    through = memberships.alias("through")
    on_list = or_(*(through.c.list == _constant(name) for name in lists))
    by_basis = or_(*(through.c.basis == _constant(basis) for basis in MARKETING_BASES))
    stopped = is_suppressed(hash_, through.c.list, bulletin)
    # All is written out: statements that are prepared (`database.prepared`) have a parameter for each value of a row.
    found = exists(literal_column("1")).select_from(through)
    return found.where(through.c.subscriber_id == subscriber_id, on_list, by_basis, ~stopped).correlate_except(through)


def _constant(text: str) -> ColumnElement[str]:
    quoted = text.replace("'", "''")
    return literal_column(f"'{quoted}'")
