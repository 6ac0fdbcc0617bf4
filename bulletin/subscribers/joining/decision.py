"""Which sign-ups get an email: decided after the visitor was answered, so that they can't learn it.

Someone new is asked to confirm. Someone who gets all of it already is told so. Someone who is suppressed, and anyone
who was sent such an email less than a day ago, gets none, and what they entered is forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import LargeBinary, literal, select

from bulletin.database.errors import database_errors
from bulletin.database.states import OutboxKind, SignUpState
from bulletin.database.tables import memberships, sign_ups, subscribers
from bulletin.subscribers.joining.bulletins import find_bulletins
from bulletin.subscribers.joining.limits import EMAILS_TO_ADDRESS, take_turn
from bulletin.subscribers.joining.sign_up import SignUp, end_sign_up, find_sign_ups, move_sign_up, put_confirmation
from bulletin.subscribers.outbox import put_email
from bulletin.subscribers.suppression import is_suppressed

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from bulletin.settings.settings import Settings

_AT_ONCE: Final = 50  # sign-ups in one transaction: readers who unsubscribe wait for no longer than that takes


def decide_sign_ups(engine: Engine, settings: Settings, *, now: int) -> int:
    """Decide about everyone who has asked; how many. `now` in ms since 1970. Raises DatabaseError."""
    decided = 0
    while True:
        with database_errors(), engine.begin() as connection:
            asked = find_sign_ups(connection, sign_ups.c.state == SignUpState.ASKED, most=_AT_ONCE)
            for sign_up in asked:
                _decide(connection, sign_up, settings, now=now)
        decided += len(asked)
        if len(asked) < _AT_ONCE:
            return decided


def _decide(connection: Connection, sign_up: SignUp, settings: Settings, *, now: int) -> None:
    lists = [name for name in sign_up.lists if name in settings.lists]
    stopped = _find_stopped(connection, sign_up, lists, settings)
    if now >= sign_up.expires_at:
        end_sign_up(connection, sign_up, SignUpState.EXPIRED, now=now)
    elif not lists or all(all(stops) for stops in stopped) or not _has_turn(connection, sign_up, now=now):
        end_sign_up(connection, sign_up, SignUpState.DROPPED, now=now)
    elif not any(any(stops) for stops in stopped) and (subscriber := _find_member(connection, sign_up, lists)):
        details = {"lists": lists}
        dedupe = f"already {sign_up.id}"
        put_email(connection, OutboxKind.ALREADY, dedupe=dedupe, details=details, subscriber_id=subscriber, now=now)
        end_sign_up(connection, sign_up, SignUpState.DROPPED, now=now)
    else:
        put_confirmation(connection, sign_up.id, now=now)
        move_sign_up(connection, sign_up, SignUpState.SENT, now=now)


def _has_turn(connection: Connection, sign_up: SignUp, *, now: int) -> bool:
    return take_turn(connection, EMAILS_TO_ADDRESS, sign_up.hash.hex(), now=now)


def _find_stopped(
    connection: Connection, sign_up: SignUp, lists: list[str], settings: Settings
) -> tuple[tuple[bool, ...], ...]:
    """For each list, whether each bulletin that goes to it is stopped for the person. One look at the journal."""
    hash_ = literal(sign_up.hash, LargeBinary())
    pairs = [(name, bulletin) for name in lists for bulletin in find_bulletins(settings, [name]) or [""]]
    if not pairs:
        return ()
    row = connection.execute(select(*(is_suppressed(hash_, name, bulletin) for name, bulletin in pairs))).one()
    stops = list(zip(pairs, row, strict=True))
    return tuple(tuple(bool(stop) for (of, _), stop in stops if of == name) for name in lists)


def _find_member(connection: Connection, sign_up: SignUp, lists: list[str]) -> int | None:
    """The subscriber with this address, if they are on all of the lists."""
    query = (
        select(memberships.c.subscriber_id, memberships.c.list)
        .join(subscribers)
        .where(subscribers.c.hash == sign_up.hash, memberships.c.list.in_(lists))
    )
    found = connection.execute(query).all()
    return found[0].subscriber_id if len(found) == len(set(lists)) else None
