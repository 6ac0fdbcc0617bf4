"""The tokens of other programs: who has which, what each may do, and until when. A token itself is never kept.

Every function works within the caller's transaction. Times are in ms since 1970, UTC.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from bulletin.access.token_text import hash_token, hint_at, is_token_text, make_token_text
from bulletin.database.dialects import lock_for_writing
from bulletin.database.states import TokenScope
from bulletin.database.tables import api_tokens
from bulletin.errors import BulletinError, NotFound

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiToken:
    """A token as it is kept. `hint` is how it begins; `revoked_at` is None until a person has revoked it."""

    id: int
    name: str
    hint: str
    scopes: tuple[TokenScope, ...]
    made_at: int
    expires_at: int
    revoked_at: int | None

    def works(self, now: int) -> bool:
        """Whether it is neither expired nor revoked at `now`."""
        return self.revoked_at is None and now < self.expires_at


def create_token(
    connection: Connection,
    name: str,
    scopes: Collection[TokenScope],
    *,
    now: int,
    expires_at: int,
    random_hex: Callable[[int], str] = secrets.token_hex,
) -> str:
    """Make a token, and return it: this is the only time that it can be seen.

    Raises BulletinError if a token of that name works already.
    """
    lock_for_writing(connection, api_tokens)
    if any(one.name == name and one.works(now) for one in list_tokens(connection)):
        raise BulletinError(
            f"There is a token called “{name}” already.",
            f"Give this one another name, or revoke that one first: bulletin token revoke {name}",
        )
    text = make_token_text(random_hex)
    values = {"name": name, "digest": hash_token(text), "hint": hint_at(text), "scopes": sorted(set(scopes))}
    connection.execute(insert(api_tokens).values(**values, made_at=now, expires_at=expires_at))
    return text


def find_token(connection: Connection, text: str, *, now: int) -> ApiToken | None:
    """The token that this is; None for one that isn't ours, is expired or was revoked."""
    if not is_token_text(text):
        return None
    row = connection.execute(select(api_tokens).where(api_tokens.c.digest == hash_token(text))).one_or_none()
    token = None if row is None else _read(row)
    return token if token and token.works(now) else None


def list_tokens(connection: Connection) -> tuple[ApiToken, ...]:
    """All tokens, the earliest first."""
    return tuple(map(_read, connection.execute(select(api_tokens).order_by(api_tokens.c.id))))


def revoke_token(connection: Connection, name: str, *, now: int) -> ApiToken:
    """Let the token of this name work no more, from now on. Raises NotFound if none of that name does."""
    lock_for_writing(connection, api_tokens)
    working = [one for one in list_tokens(connection) if one.works(now)]
    found = next((one for one in working if one.name == name), None)
    if found is None:
        names = ", ".join(one.name for one in working)
        raise NotFound(f"No token called “{name}” works.", f"Those that do: {names}." if names else "None does.")
    connection.execute(update(api_tokens).where(api_tokens.c.id == found.id).values(revoked_at=now))
    return found


def _read(row: Row[Any]) -> ApiToken:
    return ApiToken(
        id=row.id,
        name=row.name,
        hint=row.hint,
        scopes=tuple(map(TokenScope, row.scopes)),
        made_at=row.made_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
