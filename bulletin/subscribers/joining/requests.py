"""Requests to join that wait for an officer, who approves or refuses each. The person gets an email either way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from bulletin.database.states import OutboxKind, SignUpState
from bulletin.database.tables import memberships, sign_ups, subscribers
from bulletin.subscribers.joining.confirmation import join_lists, put_welcome, split_lists
from bulletin.subscribers.joining.sign_up import SignUp, end_sign_up, find_sign_ups, read_sign_up
from bulletin.subscribers.outbox import put_email
from bulletin.subscribers.suppression import refuse_address

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bulletin.settings.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingRequest:
    """Who asks for which lists. `since` is when they confirmed, in ms since 1970."""

    sign_up: SignUp
    lists: tuple[str, ...]

    @property
    def number(self) -> int:
        """What an officer calls it."""
        return self.sign_up.id

    @property
    def since(self) -> int:
        """When the person confirmed it."""
        return self.sign_up.changed_at


def find_requests(connection: Connection, settings: Settings) -> tuple[WaitingRequest, ...]:
    """All that wait, the earliest first."""
    query = select(sign_ups).where(sign_ups.c.state == SignUpState.WAITING).order_by(sign_ups.c.changed_at)
    waiting = (read_sign_up(row) for row in connection.execute(query.order_by(sign_ups.c.id)))
    return tuple(WaitingRequest(sign_up=one, lists=list_waiting(one, settings)) for one in waiting)


def list_waiting(sign_up: SignUp, settings: Settings) -> tuple[str, ...]:
    """The lists of a waiting sign-up that need an officer; all of them if `open:` lets everyone in since."""
    at_once, later = split_lists(sign_up, settings)
    return tuple(later or at_once)


def approve_request(connection: Connection, number: int, settings: Settings, *, now: int) -> bool:
    """Put the person on the lists that they asked for. False if nothing with this number waits (any more)."""
    sign_up = _find_waiting(connection, number)
    if sign_up is None:
        return False
    lists = [name for name in sign_up.lists if name in settings.lists and not _is_on(connection, sign_up, name)]
    if lists:
        subscriber_id = join_lists(connection, sign_up, lists, settings, confirmed_at=sign_up.changed_at)
        put_welcome(connection, OutboxKind.APPROVED, sign_up, lists, subscriber_id, now=now)
    end_sign_up(connection, sign_up, SignUpState.JOINED, now=now)
    return True


def refuse_request(connection: Connection, number: int, settings: Settings, *, reason: str, now: int) -> bool:
    """Say no, for a `reason` that the person reads. False if nothing with this number waits (any more).

    Raises InvalidAddress for a reason with an @ in it: it is kept, and what we know of people is deleted here.
    """
    refuse_address(reason)
    sign_up = _find_waiting(connection, number)
    if sign_up is None:
        return False
    turn_down(connection, sign_up, settings, SignUpState.REFUSED, reason=reason, now=now)
    return True


def turn_down(
    connection: Connection, sign_up: SignUp, settings: Settings, state: SignUpState, *, reason: str, now: int
) -> None:
    """End a waiting sign-up as REFUSED or EXPIRED, forget the person, and tell them why in a last email."""
    put_email(
        connection,
        OutboxKind.REFUSED,
        dedupe=f"refused {sign_up.id}",
        details={"lists": list(list_waiting(sign_up, settings)), "reason": reason, "language": sign_up.language},
        recipient=sign_up.address,
        now=now,
    )
    end_sign_up(connection, sign_up, state, now=now, reason=reason)


def _find_waiting(connection: Connection, number: int) -> SignUp | None:
    which = (sign_ups.c.id == number) & (sign_ups.c.state == SignUpState.WAITING)
    return next(iter(find_sign_ups(connection, which, most=1)), None)


def _is_on(connection: Connection, sign_up: SignUp, name: str) -> bool:
    query = select(memberships.c.list).join(subscribers).where(subscribers.c.hash == sign_up.hash)
    return connection.scalar(query.where(memberships.c.list == name)) is not None
