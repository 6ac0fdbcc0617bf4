"""What was answered to requests with an Idempotency-Key: the same request sent again gets the same answer.

As the IETF's draft-ietf-httpapi-idempotency-key-header says. Only hashes of the key and of what was asked are kept, and
an answer has no one's address in it. Within the caller's transaction.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from bulletin.database.dialects import lock_name
from bulletin.database.tables import kept_answers

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A request: of which token (id), with which key, and all that it asks for."""

    token_id: int
    key: str
    content: bytes

    @property
    def key_hash(self) -> bytes:
        """What is kept of the key."""
        return hashlib.sha256(self.key.encode()).digest()

    @property
    def content_hash(self) -> bytes:
        """What is kept of the request."""
        return hashlib.sha256(self.content).digest()


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptAnswer:
    """An earlier answer. `is_same`: it was to the same request; or else the key is used for two different ones."""

    status: int
    body: str
    is_same: bool


def find_kept_answer(connection: Connection, asked: Asked) -> KeptAnswer | None:
    """The answer to an earlier request with this key; None if there was none. Another one like it waits meanwhile."""
    lock_name(connection, f"idempotency {asked.token_id} {asked.key_hash.hex()}")
    its = (kept_answers.c.token_id == asked.token_id) & (kept_answers.c.key == asked.key_hash)
    row = connection.execute(select(kept_answers).where(its)).one_or_none()
    if row is None:
        return None
    return KeptAnswer(status=row.status, body=row.body, is_same=bytes(row.request) == asked.content_hash)


def keep_answer(connection: Connection, asked: Asked, *, status: int, body: str, now: int) -> None:
    """Keep what is answered at `now` (ms since 1970)."""
    values = {"token_id": asked.token_id, "key": asked.key_hash, "request": asked.content_hash}
    connection.execute(insert(kept_answers).values(**values, status=status, body=body, at=now))
