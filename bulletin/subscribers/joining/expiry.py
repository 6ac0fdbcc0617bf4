"""The end of what no one answered: sign-ups that weren't confirmed in time, and requests that no officer looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from bulletin.database.errors import database_errors
from bulletin.database.states import SignUpState
from bulletin.database.tables import sign_ups
from bulletin.subscribers.joining.limits import forget_old_turns, has_old_turns
from bulletin.subscribers.joining.requests import turn_down
from bulletin.subscribers.joining.sign_up import end_sign_up, find_sign_ups

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Engine

    from bulletin.settings.settings import Settings

_OPEN: Final = (SignUpState.ASKED, SignUpState.SENT, SignUpState.WAITING)
_AT_ONCE: Final = 100
_NOT_LOOKED_AT: Final = "We didn’t get to your request in time. You can ask again"


def has_expired(now: int) -> ColumnElement[bool]:
    """The condition that a sign-up is open though its time is over, at `now` (ms since 1970)."""
    return sign_ups.c.state.in_([state.value for state in _OPEN]) & (sign_ups.c.expires_at <= now)


def find_work(connection: Connection, *, now: int) -> bool:
    """Whether any sign-up has to be decided about, or anything is to be forgotten because its time is over."""
    query = select(sign_ups.c.id).where((sign_ups.c.state == SignUpState.ASKED) | has_expired(now)).limit(1)
    return connection.scalar(query) is not None or has_old_turns(connection, now=now)


def expire_sign_ups(engine: Engine, settings: Settings, *, now: int) -> int:
    """End them, and forget who asked; how many. Someone who has waited for an officer is told. Raises DatabaseError."""
    expired = 0
    while True:
        with database_errors(), engine.begin() as connection:
            over = find_sign_ups(connection, has_expired(now), most=_AT_ONCE)
            for sign_up in over:
                if sign_up.state is SignUpState.WAITING:
                    turn_down(connection, sign_up, settings, SignUpState.EXPIRED, reason=_NOT_LOOKED_AT, now=now)
                else:
                    end_sign_up(connection, sign_up, SignUpState.EXPIRED, now=now)
            if not over:
                forget_old_turns(connection, now=now)
        expired += len(over)
        if len(over) < _AT_ONCE:
            return expired
