"""What was published, as the database remembers it: ids of feeds, anchors, and the words that were last public."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from bulletin.database.errors import database_errors
from bulletin.database.reading import read_from
from bulletin.database.tables import published_anchors, published_feeds, published_issues
from bulletin.publishing.kept_anchors import KeptAnchor

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Row


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """What is public of one issue. Times are in ms since 1970; `model` is its public JSON.

    `corrections` are those that it has, each as a line of words; `removed` are ISO dates by anchor.
    """

    issue: str
    feed_id: str
    first_at: int
    updated_at: int
    digest: str
    model: bytes = field(repr=False)
    corrections: tuple[str, ...] = ()
    removed: Mapping[str, str] = field(default_factory=dict)
    anchors: tuple[KeptAnchor, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedIdentity:
    """The id of a bulletin's feed, and since when it has it."""

    bulletin: str
    feed_id: str
    began_at: int


def load_publications(engine: Engine) -> dict[str, Publication]:
    """What is public of each issue."""
    with read_from(engine) as connection:
        anchors: dict[str, list[KeptAnchor]] = {}
        for row in connection.execute(select(published_anchors).order_by(published_anchors.c.anchor)):
            kept = KeptAnchor(anchor=row.anchor, leads_to=row.leads_to, place=row.place)
            anchors.setdefault(row.issue, []).append(kept)
        rows = connection.execute(select(published_issues)).all()
    return {row.issue: _read(row, anchors.get(row.issue, ())) for row in rows}


def load_feeds(engine: Engine) -> dict[str, FeedIdentity]:
    """The feed of each bulletin that was ever published."""
    with read_from(engine) as connection:
        rows = connection.execute(select(published_feeds)).all()
    return {
        row.bulletin: FeedIdentity(bulletin=row.bulletin, feed_id=row.feed_id, began_at=row.began_at) for row in rows
    }


def record_publications(
    engine: Engine, publications: Iterable[Publication], feeds: Iterable[FeedIdentity] = ()
) -> None:
    """Record what is public now, in one transaction. Ids that are stored already stay as they are."""
    with database_errors(), engine.begin() as connection:
        for feed in feeds:
            known = select(published_feeds).where(published_feeds.c.bulletin == feed.bulletin)
            if connection.execute(known).first() is None:
                values = {"bulletin": feed.bulletin, "feed_id": feed.feed_id, "began_at": feed.began_at}
                connection.execute(insert(published_feeds).values(values))
        for each in publications:
            _record(connection, each)


def _record(connection: Connection, each: Publication) -> None:
    table, anchors = published_issues, published_anchors
    changing = {
        "updated_at": each.updated_at,
        "digest": each.digest,
        "model": zlib.compress(each.model),
        "corrections": list(each.corrections),
        "removed": dict(each.removed),
    }
    changed = connection.execute(table.update().where(table.c.issue == each.issue).values(changing))
    if not changed.rowcount:
        first = {"issue": each.issue, "feed_id": each.feed_id, "first_at": each.first_at}
        connection.execute(insert(table).values({**first, **changing}))
    connection.execute(delete(anchors).where(anchors.c.issue == each.issue))
    if rows := [
        {"issue": each.issue, "anchor": kept.anchor, "leads_to": kept.leads_to, "place": kept.place}
        for kept in each.anchors
    ]:
        connection.execute(insert(anchors), rows)


def _read(row: Row[Any], anchors: Sequence[KeptAnchor]) -> Publication:
    return Publication(
        issue=row.issue,
        feed_id=row.feed_id,
        first_at=row.first_at,
        updated_at=row.updated_at,
        digest=row.digest,
        model=zlib.decompress(row.model),
        corrections=tuple(row.corrections),
        removed=row.removed,
        anchors=tuple(anchors),
    )
