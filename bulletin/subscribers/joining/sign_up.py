"""A sign-up: what someone asked for on the website, and where that is. It is the same for every valid address.

Whether an address is known is looked up later, out of the visitor's sight (`decision`): the page, the statements and
the time they take tell a stranger nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select, update

from bulletin.database.states import OutboxKind, SignUpState
from bulletin.database.tables import sign_ups
from bulletin.subscribers.address_hash import hash_address
from bulletin.subscribers.consent import keep_wording
from bulletin.subscribers.joining.deadlines import CONFIRM_WITHIN, find_end
from bulletin.subscribers.joining.limits import EMAILS_TO_ADDRESS, REQUESTS_OF_NETWORK, take_turn
from bulletin.subscribers.outbox import put_email
from bulletin.subscribers.suppression import refuse_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Row

    from bulletin.subscribers.address import Address

BY_OFFICER: Final = "You asked us to email you these lists. To start, select the link in this email."
"""What a person agrees to who didn't ask on the website, but told an officer so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JoinRequest:
    """What someone entered, and what they saw: `wording` are the very words above the button.

    `language` is that of the page, `wanted_language` the one in which they want a bilingual issue; "" for all of it.
    `network` (/24 of IPv4, /48 of IPv6) and `agent` are evidence too, and cleared after a while. They have so many
    `days` to confirm it.
    """

    address: Address
    lists: tuple[str, ...]
    name: str = ""
    wording: str
    language: str = ""
    wanted_language: str = ""
    page: str
    network: str = ""
    agent: str = ""
    days: int = CONFIRM_WITHIN


@dataclass(frozen=True, kw_only=True, slots=True)
class SignUp:
    """A sign-up as the database has it. Times are in ms since 1970, UTC. `wording` is a digest.

    `address`, `name`, `network` and `agent` are "" once it has ended. `by_officer`: an officer asked in their place.
    """

    id: int
    public_id: bytes
    hash: bytes
    address: str
    name: str
    lists: tuple[str, ...]
    wording: str | None
    page: str
    network: str
    agent: str
    by_officer: bool
    state: SignUpState
    asked_at: int
    changed_at: int
    expires_at: int
    reason: str
    language: str = ""

    @property
    def number(self) -> int:
        """The number that the link to confirm names."""
        return int.from_bytes(self.public_id)


def ask_to_join(connection: Connection, request: JoinRequest, *, now: int) -> bool:
    """Remember that someone asked, at `now` (ms since 1970). False if their network asked too often: nothing is kept.

    It doesn't look who the address belongs to.
    """
    if not take_turn(connection, REQUESTS_OF_NETWORK, request.network, now=now):
        return False
    _insert(connection, request, now=now, state=SignUpState.ASKED)
    return True


def ask_for_confirmation(
    connection: Connection,
    address: Address,
    lists: Sequence[str],
    *,
    note: str,
    now: int,
    days: int = CONFIRM_WITHIN,
) -> bool:
    """Email a person who told an officer that they want these lists, to confirm that; `note` says how they told.

    It is the way back for someone who is suppressed: only what they confirm lifts that, and nothing is lifted by this
    itself. They have so many `days`, and it needs no approval. False if they were sent such an email less than a day
    ago: then nothing is done. Raises InvalidAddress for a note with an @ in it.
    """
    refuse_address(note)
    if not take_turn(connection, EMAILS_TO_ADDRESS, hash_address(connection, address.key).hex(), now=now):
        return False
    request = JoinRequest(address=address, lists=tuple(lists), wording=BY_OFFICER, page=f"officer: {note}", days=days)
    id_ = _insert(connection, request, now=now, state=SignUpState.SENT, by_officer=True)
    put_confirmation(connection, id_, now=now)
    return True


def put_confirmation(connection: Connection, id_: int, *, now: int) -> None:
    """Have the email sent that asks to confirm the sign-up with this number."""
    put_email(connection, OutboxKind.CONFIRM, dedupe=f"confirm {id_}", details={}, sign_up_id=id_, now=now)


def _insert(
    connection: Connection, request: JoinRequest, *, now: int, state: SignUpState, by_officer: bool = False
) -> int:
    new = insert(sign_ups).values(
        public_id=secrets.token_bytes(16),
        hash=hash_address(connection, request.address.key),
        address=request.address.written,
        name=request.name,
        lists=list(request.lists),
        wording=keep_wording(connection, request.wording, language=request.language),
        language=request.wanted_language,
        page=request.page,
        network=request.network,
        agent=request.agent,
        by_officer=by_officer,
        state=state,
        asked_at=now,
        changed_at=now,
        expires_at=find_end(now, days=request.days),
    )
    return int(connection.execute(new.returning(sign_ups.c.id)).scalar_one())


def find_sign_up(connection: Connection, number: int, *, lock: bool = False) -> SignUp | None:
    """The sign-up that a link to confirm names; None if it isn't there (any more).

    `lock` keeps others from changing it until the transaction ends.
    """
    query = select(sign_ups).where(sign_ups.c.public_id == number.to_bytes(16))
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else read_sign_up(row)


def find_sign_ups(connection: Connection, which: ColumnElement[bool], *, most: int) -> tuple[SignUp, ...]:
    """The first sign-ups that meet a condition, the earliest first, locked until the transaction ends."""
    query = select(sign_ups).where(which).order_by(sign_ups.c.id).limit(most).with_for_update()
    return tuple(read_sign_up(row) for row in connection.execute(query))


def read_sign_up(row: Row[Any]) -> SignUp:
    """A row of the table."""
    values = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name for it
    return SignUp(**values | {"lists": tuple(row.lists), "state": SignUpState(row.state)})


def move_sign_up(connection: Connection, sign_up: SignUp, state: SignUpState, *, now: int, expires_at: int = 0) -> None:
    """Bring it into a state that isn't its last: SENT or WAITING. Without `expires_at`, that stays."""
    values = {"state": state, "changed_at": now, "expires_at": expires_at or sign_up.expires_at}
    connection.execute(update(sign_ups).where(_is_unchanged(sign_up)).values(values))


def end_sign_up(connection: Connection, sign_up: SignUp, state: SignUpState, *, now: int, reason: str = "") -> None:
    """Bring it into its last state, and forget the address, the name and where it was asked from."""
    values = {
        "state": state,
        "changed_at": now,
        "reason": reason,
        "address": "",
        "name": "",
        "network": "",
        "agent": "",
    }
    connection.execute(update(sign_ups).where(_is_unchanged(sign_up)).values(values))


def _is_unchanged(sign_up: SignUp) -> ColumnElement[bool]:
    return (sign_ups.c.id == sign_up.id) & (sign_ups.c.state == sign_up.state)
