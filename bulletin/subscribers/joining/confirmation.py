"""What a person confirms by the link in the email: memberships, the evidence for them, and the end of their own stops.

All of it is one transaction that holds the sign-up's row, so a second click finds it done and writes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, select

from bulletin.database.dialects import insert_into
from bulletin.database.states import (
    ConsentMethod,
    LiftReason,
    OutboxKind,
    PersonEventKind,
    SignUpState,
    SuppressionOrigin,
    WishKind,
)
from bulletin.database.tables import consents, memberships, subscribers
from bulletin.settings.joining import may_join_at_once
from bulletin.subscribers.address import find_domain
from bulletin.subscribers.joining.deadlines import REQUEST_LASTS, find_end
from bulletin.subscribers.joining.sign_up import SignUp, end_sign_up, find_sign_up, move_sign_up
from bulletin.subscribers.outbox import put_email
from bulletin.subscribers.person_events import PersonEvent, record_event
from bulletin.subscribers.scope import one_list
from bulletin.subscribers.suppression import find_suppressions, lift
from bulletin.subscribers.wishes import add_wish
from bulletin.times import read_local

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from bulletin.settings.settings import Settings

FROM_WEB: Final = "web"
"""The source of a membership that a person confirmed. No list file declares it, so no sync ends it."""

_ORIGIN: Final = "page"


def confirm_sign_up(connection: Connection, number: int, settings: Settings, *, now: int) -> SignUp | None:
    """Do what the sign-up with this number asks for, if that waits to be confirmed; and return it as it is then.

    `now` in ms since 1970. None if there is no such sign-up. One that was confirmed before, or has expired, stays.
    """
    sign_up = find_sign_up(connection, number)
    if not _is_open(sign_up, now=now):
        return sign_up
    sign_up = find_sign_up(connection, number, lock=True)
    if sign_up is None or not _is_open(sign_up, now=now):  # another click was faster
        return sign_up
    at_once, later = split_lists(sign_up, settings)
    if not at_once and not later:  # bulletin.yaml has none of them any more
        end_sign_up(connection, sign_up, SignUpState.EXPIRED, now=now)
    else:
        confirmed_at = _find_later(connection, sign_up, now)
        if at_once:
            subscriber_id = join_lists(connection, sign_up, at_once, settings, confirmed_at=confirmed_at)
            put_welcome(connection, OutboxKind.WELCOME, sign_up, at_once, subscriber_id, now=now)
        if later:
            _wait_for_officer(connection, sign_up, settings, now=confirmed_at)
        else:
            end_sign_up(connection, sign_up, SignUpState.JOINED, now=now)
    return find_sign_up(connection, number)


def _is_open(sign_up: SignUp | None, *, now: int) -> bool:
    return sign_up is not None and sign_up.state is SignUpState.SENT and now < sign_up.expires_at


def split_lists(sign_up: SignUp, settings: Settings) -> tuple[list[str], list[str]]:
    """The lists of a sign-up that its person joins at once, and those for which an officer has to approve."""
    domain = find_domain(sign_up.address) if sign_up.address else ""
    known = [name for name in sign_up.lists if name in settings.lists]
    at_once = [one for one in known if sign_up.by_officer or may_join_at_once(domain, settings.lists[one].open)]
    return at_once, [name for name in known if name not in at_once]


def _find_later(connection: Connection, sign_up: SignUp, now: int) -> int:
    """`now`, or just after the person's newest stop: the journal takes no wish that isn't later than that."""
    return max([now, *(stop.since + 1 for stop in find_suppressions(connection, sign_up.hash))])


def _wait_for_officer(connection: Connection, sign_up: SignUp, settings: Settings, *, now: int) -> None:
    expires_at = find_end(now, days=REQUEST_LASTS)
    move_sign_up(connection, sign_up, SignUpState.WAITING, now=now, expires_at=expires_at)
    put_email(
        connection,
        OutboxKind.ALERT,
        dedupe=f"requests {read_local(now).date()}",  # one a day
        details={
            "subject": "Someone asks to join a list",
            "lines": ["To see who, and to answer, type: bulletin subscribers requests"],
        },
        recipient=settings.organisation.email,
        now=now,
    )


def join_lists(
    connection: Connection, sign_up: SignUp, lists: Collection[str], settings: Settings, *, confirmed_at: int
) -> int:
    """Put the person on these lists, because they confirmed it at `confirmed_at` (ms since 1970); their number.

    Stops since then stay: a person who has left later than they confirmed isn't brought back.
    """
    subscriber_id = _find_or_add(connection, sign_up, now=confirmed_at)
    _record(connection, subscriber_id, PersonEventKind.ASKED, at=sign_up.asked_at)
    _record(connection, subscriber_id, PersonEventKind.CONFIRMED, at=confirmed_at)
    if sign_up.language:
        add_wish(connection, subscriber_id, WishKind.LANGUAGE, sign_up.language, origin=_ORIGIN, now=confirmed_at)
    for name in lists:
        consent = _add_evidence(connection, sign_up, name, subscriber_id, confirmed_at=confirmed_at)
        basis = str(settings.lists[name].basis)
        values = {"subscriber_id": subscriber_id, "list": name, "source": FROM_WEB, "basis": basis, "details": {}}
        new = insert_into(connection, memberships).values(**values, since=confirmed_at)
        connection.execute(new.on_conflict_do_nothing())
        _lift(connection, sign_up.hash, name, consent, confirmed_at=confirmed_at)
        _record(connection, subscriber_id, PersonEventKind.JOINED, at=confirmed_at, target=name)
    return subscriber_id


def _find_or_add(connection: Connection, sign_up: SignUp, *, now: int) -> int:
    """The subscriber with this address. Someone we know keeps the name and the spelling that we have."""
    values = {"hash": sign_up.hash, "address": sign_up.address, "name": sign_up.name, "added_at": now}
    new = insert_into(connection, subscribers).values(values)
    unnamed = (subscribers.c.name == "") & (new.excluded.name != "")
    connection.execute(
        new.on_conflict_do_update(index_elements=["hash"], set_={"name": new.excluded.name}, where=unnamed)
    )
    query = select(subscribers.c.id).where(subscribers.c.hash == sign_up.hash)
    return int(connection.execute(query).scalar_one())


def _add_evidence(
    connection: Connection, sign_up: SignUp, list_name: str, subscriber_id: int, *, confirmed_at: int
) -> int:
    new = insert(consents).values(
        hash=sign_up.hash,
        subscriber_id=subscriber_id,
        list=list_name,
        method=ConsentMethod.DOUBLE_OPT_IN,
        page=sign_up.page,
        wording=sign_up.wording,
        asked_at=sign_up.asked_at,
        confirmed_at=confirmed_at,
        network=sign_up.network,
        agent=sign_up.agent,
    )
    return int(connection.execute(new.returning(consents.c.id)).scalar_one())


def _lift(connection: Connection, hash_: bytes, list_name: str, consent: int, *, confirmed_at: int) -> None:
    scope = one_list(list_name)
    stops = [stop for stop in find_suppressions(connection, hash_) if stop.scope.includes(scope)]
    if all(stop.since < confirmed_at for stop in stops):
        lift(
            connection,
            hash_,
            scope=scope,
            consent_id=consent,
            reason=LiftReason.CONFIRMED,
            origin=SuppressionOrigin.PAGE,
            now=confirmed_at,
        )


def _record(connection: Connection, subscriber_id: int, kind: PersonEventKind, *, at: int, target: str = "") -> None:
    record_event(connection, subscriber_id, PersonEvent(kind=kind, at=at, origin=_ORIGIN, target=target))


def put_welcome(
    connection: Connection, kind: OutboxKind, sign_up: SignUp, lists: Collection[str], subscriber_id: int, *, now: int
) -> None:
    """Have the email sent that says what they get now: WELCOME, or APPROVED if an officer said yes."""
    details = {"lists": list(lists), "asked_at": sign_up.asked_at, "by_officer": sign_up.by_officer}
    dedupe = f"{kind} {sign_up.id}"
    put_email(connection, kind, dedupe=dedupe, details=details, subscriber_id=subscriber_id, now=now)
