"""The token that a program sends with its request (RFC 6750, section 2.1), and what it may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

from bulletin.access.api_tokens import ApiToken, find_token
from bulletin.database.reading import watch
from bulletin.database.states import TokenScope

if TYPE_CHECKING:
    from sqlalchemy import Engine


def read_bearer(request: Request) -> str:
    """The token in the request's Authorization field; "" without one."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""


def find_bearer(engine: Engine, request: Request, *, now: int) -> ApiToken | None:
    """The token that a request has, if it works at `now` (ms since 1970). Raises DatabaseError."""
    if not (text := read_bearer(request)):
        return None
    with watch(engine) as connection:
        return find_token(connection, text, now=now)


def may_read_metrics(engine: Engine, request: Request, *, now: int) -> bool:
    """Whether a request has a token for /metrics. Raises DatabaseError."""
    token = find_bearer(engine, request, now=now)
    return token is not None and TokenScope.METRICS in token.scopes
