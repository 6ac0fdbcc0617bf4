"""The editions that a mailing began with: kept once, numbered, and read back to the byte.

Every function but those that take a connection is a transaction of its own, and raises DatabaseError if that fails.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, case, func, insert, select, update

from bulletin.database.dialects import insert_into
from bulletin.database.reading import Source, read_from
from bulletin.database.states import DeliveryState
from bulletin.database.tables import deliveries, editions, mailing_editions
from bulletin.delivery.message.template import MessageTemplate, build_template
from bulletin.edition.audiences import AudienceEdition
from bulletin.edition.edition import Edition, Letterhead
from bulletin.edition.edition_set import EditionSet, find_twins, read_signatures, write_signatures
from bulletin.errors import DatabaseError
from bulletin.issue.audience import Audience

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Row

    from bulletin.delivery.ledger.mailing import Mailing


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptEdition:
    """An edition of a mailing, as the ledger keeps it. `readers` is for how many it was when the mailing began.

    `edition` is None if what is kept does not have the `digest` any more that was recorded. `items` has the anchors of
    what is in it.
    """

    number: int
    digest: str
    signatures: tuple[Audience, ...]
    items: tuple[str, ...]
    readers: int
    edition: Edition | None


def keep_editions(connection: Connection, mailing: Mailing, kept: EditionSet, *, now: int) -> None:
    """Keep the editions of a mailing that begins now (ms since 1970). Each content is kept once, however often sent."""
    for one in kept.editions:
        content = zlib.compress(one.edition.to_json())
        keep = insert_into(connection, editions).values(digest=one.edition.digest, content=content, kept_at=now)
        connection.execute(keep.on_conflict_do_nothing())
        row = {"mailing_id": mailing.id, "n": one.number, "digest": one.edition.digest, "items": list(one.items)}
        signature = write_signatures(one.signatures)
        connection.execute(insert(mailing_editions).values(**row, signature=signature, readers=0))


def count_readers(connection: Connection, mailing: Mailing) -> None:
    """Keep for how many readers each edition is, once they are frozen."""
    of_mailing = deliveries.c.mailing_id == mailing.id
    query = select(deliveries.c.edition, func.count()).where(of_mailing).group_by(deliveries.c.edition)
    keep_readers(connection, mailing, dict(connection.execute(query).all()))


def keep_readers(connection: Connection, mailing: Mailing, readers: Mapping[int, int]) -> None:
    """Keep for how many readers each edition is, by its number."""
    columns = mailing_editions.c
    its = (columns.mailing_id == mailing.id) & (columns.n == bindparam("number"))
    keep = update(mailing_editions).where(its).values(readers=bindparam("its_readers"))
    rows = [{"number": number, "its_readers": count} for number, count in readers.items()]
    if rows:
        connection.execute(keep, rows)


def read_editions(source: Source, mailing: Mailing) -> tuple[KeptEdition, ...]:
    """The editions of a mailing, in the order of their numbers."""
    query = (
        select(mailing_editions, editions.c.content)
        .join(editions)
        .where(mailing_editions.c.mailing_id == mailing.id)
        .order_by(mailing_editions.c.n)
    )
    with read_from(source) as connection:
        return tuple(_read(row) for row in connection.execute(query))


def rebuild_set(kept: Sequence[KeptEdition]) -> EditionSet | None:
    """The editions of a mailing as they were made, without words; None if what is kept of one is another. Pure."""
    editions = tuple(
        AudienceEdition(
            number=one.number,
            audience=one.signatures[0],
            signatures=one.signatures,
            words="",
            edition=one.edition,
            items=one.items,
        )
        for one in kept
        if one.edition
    )
    if not editions or len(editions) < len(kept):
        return None
    signatures = [signature for one in editions for signature in one.signatures]
    return EditionSet(
        editions=editions,
        lists=tuple(sorted(frozenset[str]().union(*(signature.lists for signature in signatures)))),
        by_consent=any(signature.consent for signature in signatures),
        languages=tuple(dict.fromkeys(signature.language for signature in signatures if signature.language)),
    )


def read_twins(connection: Connection, mailing: Mailing) -> dict[int, int]:
    """Which edition takes the place of which if its reader's consent is withdrawn, by their numbers."""
    columns = mailing_editions.c
    query = select(columns.n, columns.signature).where(columns.mailing_id == mailing.id)
    return find_twins({row.n: read_signatures(row.signature) for row in connection.execute(query)})


def find_numbers(source: Source, mailing: Mailing) -> tuple[int, ...]:
    """The numbers of a mailing's editions, in order."""
    query = select(mailing_editions.c.n).where(mailing_editions.c.mailing_id == mailing.id)
    with read_from(source) as connection:
        return tuple(connection.scalars(query.order_by(mailing_editions.c.n)))


def find_letterhead(source: Source, mailing: Mailing) -> Letterhead | None:
    """What all editions of a mailing say about who they are from; None if none of them is as it was sent."""
    return next((one.edition.letterhead for one in read_editions(source, mailing) if one.edition), None)


class EditionCounts(NamedTuple):
    """How many readers of a mailing have an edition now, and for how many of them it was accepted."""

    readers: int = 0
    accepted: int = 0


def count_by_edition(source: Source, mailing: Mailing) -> dict[int, EditionCounts]:
    """The counts of each edition with readers, by its number. Those whose rows are deleted are not counted.

    Readers who have withdrawn their consent count for the edition that they get instead.
    """
    accepted = func.sum(case((deliveries.c.state == DeliveryState.ACCEPTED, 1), else_=0))
    query = select(deliveries.c.edition, func.count(), accepted).where(deliveries.c.mailing_id == mailing.id)
    with read_from(source) as connection:
        rows = connection.execute(query.group_by(deliveries.c.edition)).all()
    return {number: EditionCounts(readers, int(sent)) for number, readers, sent in rows}


def load_edition(source: Source, mailing: Mailing, number: int = 1) -> Edition:
    """An edition that the mailing began with, to the byte, so that each of its readers gets the same.

    Raises DatabaseError if what is kept is another.
    """
    query = (
        select(mailing_editions, editions.c.content)
        .join(editions)
        .where(mailing_editions.c.mailing_id == mailing.id, mailing_editions.c.n == number)
    )
    with read_from(source) as connection:
        edition = _read(connection.execute(query).one()).edition
    if edition is None:
        raise DatabaseError(
            f"What is kept of {mailing.issue} is not what its mailing began with: it has been altered in the database.",
            "Nothing more of it is sent. Look for a copy of the database from before, or end the mailing: "
            f"bulletin cancel {mailing.issue}",
        )
    return edition


def load_template(engine: Engine, mailing: Mailing, number: int = 1, *, text_only: bool = False) -> MessageTemplate:
    """An edition of the mailing, ready to be addressed: the same bytes each time. Raises what `load_edition` raises.

    `text_only`: without HTML and pictures. Its own date is that of the beginning. Each message that leaves is dated
    anew (`Addresser`).
    """
    date = datetime.fromtimestamp(mailing.began_at // 1000, tz=UTC)
    edition = load_edition(engine, mailing, number)
    return build_template(edition, mailing_key=mailing.key, date=date, text_only=text_only)


def _read(row: Row[Any]) -> KeptEdition:
    return KeptEdition(
        number=row.n,
        digest=row.digest,
        signatures=read_signatures(row.signature),
        items=tuple(row.items),
        readers=row.readers,
        edition=_unpack(row.content, row.digest),
    )


def _unpack(content: bytes, digest: str) -> Edition | None:
    try:
        content = zlib.decompress(content)
    except zlib.error:
        return None
    return Edition.from_json(content) if sha256(content).hexdigest() == digest else None
