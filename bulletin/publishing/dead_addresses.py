"""The addresses that emails carry: which pages of the archive they need, and which of them would be dead."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from sqlalchemy import select

from bulletin.database.reading import read_from
from bulletin.database.tables import editions, mailing_editions, mailings
from bulletin.edition.edition import Edition
from bulletin.edition.web.addresses import name_lead_path

if TYPE_CHECKING:
    from sqlalchemy import Engine

_NOT_ARCHIVE: Final = frozenset(
    {"subscribe", "confirm", "preferences", "unsubscribe", "privacy", "complaint", "hooks", ""}
)
"""Pages that `bulletin serve` answers itself."""

_ADDRESS: Final = re.compile(r"https?://[^\s\"'<>()\[\]]+")
_IDS: Final = re.compile(r'\bid="([^"]*)"')


@dataclass(frozen=True, kw_only=True, slots=True)
class CarriedAddress:
    """An address of our website that an email carries. `path` is below the website's address, `anchor` may be ""."""

    issue: str
    began_at: int
    path: str
    anchor: str

    @property
    def file(self) -> str:
        """The file of the site that answers it."""
        last = self.path.rpartition("/")[2]
        return self.path if "." in last else f"{self.path.strip('/')}/index.html".lstrip("/")


def list_carried(engine: Engine, url: str) -> Iterator[CarriedAddress]:
    """Every address of the archive in the emails that were sent, each once for each mailing."""
    query = (
        select(mailings.c.issue, mailings.c.began_at, editions.c.content)
        .join(mailing_editions, mailing_editions.c.mailing_id == mailings.c.id)
        .join(editions, mailing_editions.c.digest == editions.c.digest)
        .order_by(mailings.c.id, mailing_editions.c.n)
    )
    with read_from(engine) as connection:
        rows = connection.execute(query).all()
    found = (
        CarriedAddress(issue=row.issue, began_at=row.began_at, path=path, anchor=anchor)
        for row in rows
        for path, anchor in _find_paths(row.issue, row.content, url)
    )
    yield from dict.fromkeys(found)


def find_dead(engine: Engine, url: str, out: Path) -> list[CarriedAddress]:
    """Those that the site in `out` doesn't answer."""
    known: dict[str, frozenset[str] | None] = {}
    dead = []
    for carried in list_carried(engine, url):
        if carried.file not in known:
            known[carried.file] = _read_ids(out / carried.file)
        ids = known[carried.file]
        if ids is None or (carried.anchor and carried.anchor not in ids):
            dead.append(carried)
    return dead


def _find_paths(issue: str, content: bytes, url: str) -> list[tuple[str, str]]:
    """The paths and anchors in one kept edition. Every email has at least its own issue's address."""
    own = (name_lead_path(issue).rstrip("/"), "")
    try:
        edition = Edition.from_json(zlib.decompress(content))
    except (zlib.error, ValueError, LookupError, TypeError):
        return [own]
    if edition.letterhead.website and edition.letterhead.website != url:
        url = edition.letterhead.website  # the website has moved since; its paths stay
    found = {own, ("issues", "")} if edition.letterhead.website else set()  # `List-Archive` has the second
    for text in (unescape(edition.html), edition.text):
        for address in _ADDRESS.findall(text):
            if address.startswith((f"{url}/", f"{url}#")) or address == url:
                parts = urlsplit(address[len(url) :].rstrip(".,;:!?"))
                path = unquote(parts.path).strip("/")
                if path.partition("/")[0] not in _NOT_ARCHIVE:
                    found.add((path, unquote(parts.fragment)))
    return sorted(found)


def _read_ids(path: Path) -> frozenset[str] | None:
    """The anchors of a page; None if it isn't there."""
    try:
        text = path.read_bytes().decode(errors="replace")
    except OSError:
        return None
    return frozenset(_IDS.findall(text)) if path.suffix == ".html" else frozenset()
