"""Carries out what a reader changed on their own page, and nothing else. Leaving a list never touches its file.

All of it is one transaction of the caller's. Someone else who has a forwarded email can come to the same page, so the
reader is told by email of each list that was added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bulletin.database.dialects import insert_into, lock_for_writing
from bulletin.database.states import (
    ConsentMethod,
    LiftReason,
    OutboxKind,
    PersonEventKind,
    SuppressionOrigin,
    SuppressionReason,
    WishKind,
)
from bulletin.database.tables import memberships, suppression_events
from bulletin.subscribers.choosing.present_choices import find_present_choices
from bulletin.subscribers.consent import add_consent, keep_wording
from bulletin.subscribers.outbox import put_email
from bulletin.subscribers.person_events import PersonEvent, record_event
from bulletin.subscribers.scope import Scope, one_bulletin, one_list
from bulletin.subscribers.suppression import find_suppressions, lift, suppress
from bulletin.subscribers.wishes import TEXT_ONLY, Wishes, add_wish

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bulletin.subscribers.choosing.present_choices import Carriers, Chooser

FROM_WEB: Final = "web"
"""The source of a membership that a person chose on the website. No sync of a file touches it."""

PAGE: Final = "/preferences"


@dataclass(frozen=True, kw_only=True, slots=True)
class AddedList:
    """A list that a reader chose: its short name, its title, its lawful basis, and the words that they chose by."""

    name: str
    title: str
    basis: str
    wording: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AddedBulletin:
    """A bulletin that a reader wants again: its name in the journal, its title, and the words that they chose by."""

    key: str
    title: str
    wording: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangedChoices:
    """What a reader changed, compared with what their page showed. What isn't here stays as it is.

    `left` are the short names of lists, `unticked` those that the form showed without a tick, changed or not.
    `left_bulletins` and `unticked_bulletins` are the same by their names in the journal. `wishes` has the new value of
    each kind, as `wishes.add_wish` takes it.
    """

    added: tuple[AddedList, ...] = ()
    left: tuple[str, ...] = ()
    unticked: tuple[str, ...] = ()
    added_bulletins: tuple[AddedBulletin, ...] = ()
    left_bulletins: tuple[str, ...] = ()
    unticked_bulletins: tuple[str, ...] = ()
    wishes: Mapping[WishKind, str] = field(default_factory=dict)


def save_change(
    connection: Connection, chooser: Chooser, change: ChangedChoices, *, carriers: Carriers, now: int
) -> None:
    """Save it, at `now` (ms since 1970). What is so already isn't written again.

    A link that is too old adds no list (`Chooser.may_add`): then the lists of `added` are left as they are.
    """
    lock_for_writing(connection, suppression_events)  # else two forms that are sent at once could each add a list
    present = find_present_choices(connection, chooser, carriers)
    for name in change.left:
        if name in present.received:
            _leave_list(connection, chooser, name, now)
    for key in change.left_bulletins:
        _leave_bulletin(connection, chooser, key, now)
    if chooser.may_add(now=now):
        new = [one for one in change.added if one.name not in present.received]
        _add_lists(connection, chooser, new, now)
        carried = {key for one in new for key in carriers.get(one.name, ())}
        for key in carried.intersection(change.unticked_bulletins):
            _leave_bulletin(connection, chooser, key, now)  # joining a list brings back all that goes to it
        wanted = [one for one in change.added_bulletins if one.key in present.stopped]
        _add_bulletins(connection, chooser, wanted, now)
        if wanted:
            after = find_present_choices(connection, chooser, carriers)
            for name in sorted((after.received - present.received).intersection(change.unticked)):
                _leave_list(connection, chooser, name, now)
    known = _write_out(present.wishes, chooser)
    for kind, value in change.wishes.items():
        if known[kind] != value:
            add_wish(connection, chooser.id, kind, value, origin=SuppressionOrigin.PAGE, now=now)
            _record(connection, chooser, PersonEventKind.WISHED, kind.value, now)


def _leave_list(connection: Connection, chooser: Chooser, name: str, now: int) -> None:
    """The membership stays, as a file may declare it: the stop says that nothing is sent through it."""
    suppress(
        connection,
        chooser.hash,
        reason=SuppressionReason.OPTED_OUT,
        origin=SuppressionOrigin.PAGE,
        now=now,
        scope=one_list(name),
    )
    _record(connection, chooser, PersonEventKind.LEFT, name, now)


def _leave_bulletin(connection: Connection, chooser: Chooser, key: str, now: int) -> None:
    """Stop one bulletin, through whichever list it comes; nothing is written if it is stopped already."""
    reason, origin = SuppressionReason.OPTED_OUT, SuppressionOrigin.PAGE
    scope = one_bulletin(key)
    if suppress(connection, chooser.hash, reason=reason, origin=origin, now=now, scope=scope):
        _record(connection, chooser, PersonEventKind.LEFT, key, now)


def _add_bulletins(connection: Connection, chooser: Chooser, added: list[AddedBulletin], now: int) -> None:
    """Lift what stops them, with the evidence of the wish, and have the reader told."""
    for one in added:
        consent = _keep_wish(connection, chooser, one.wording, now)
        _lift(connection, chooser, one_bulletin(one.key), consent, now)
        _record(connection, chooser, PersonEventKind.JOINED, one.key, now)
        _tell_added(connection, chooser, [one.title], consent, now)


def _add_lists(connection: Connection, chooser: Chooser, added: list[AddedList], now: int) -> None:
    """Add them, and have the reader told."""
    consents = [_add_list(connection, chooser, one, now) for one in added]
    if consents:
        _tell_added(connection, chooser, [one.title for one in added], consents[0], now)


def _tell_added(connection: Connection, chooser: Chooser, titles: list[str], consent: int, now: int) -> None:
    put_email(
        connection,
        OutboxKind.ADDED,
        dedupe=f"added {chooser.id} {consent}",
        details={"lists": titles},
        now=now,
        subscriber_id=chooser.id,
    )


def _add_list(connection: Connection, chooser: Chooser, added: AddedList, now: int) -> int:
    """Put them on the list, with the evidence of their wish, and lift what stops it. The number of the evidence."""
    consent = _keep_wish(connection, chooser, added.wording, now, list_name=added.name)
    values = {"source": FROM_WEB, "basis": added.basis, "since": now, "details": {}}
    new = insert_into(connection, memberships).values(subscriber_id=chooser.id, list=added.name, **values)
    connection.execute(new.on_conflict_do_nothing())
    _lift(connection, chooser, one_list(added.name), consent, now)
    _record(connection, chooser, PersonEventKind.JOINED, added.name, now)
    return consent


def _keep_wish(connection: Connection, chooser: Chooser, wording: str, now: int, *, list_name: str = "") -> int:
    """The number of the evidence that they chose something by these words."""
    later = _find_later(connection, chooser, now)
    return add_consent(
        connection,
        chooser.hash,
        method=ConsentMethod.PREFERENCES,
        asked_at=later,
        confirmed_at=later,
        list_name=list_name,
        wording=keep_wording(connection, wording),
        page=PAGE,
    )


def _lift(connection: Connection, chooser: Chooser, scope: Scope, consent: int, now: int) -> None:
    lift(
        connection,
        chooser.hash,
        scope=scope,
        consent_id=consent,
        reason=LiftReason.CONFIRMED,
        origin=SuppressionOrigin.PAGE,
        now=_find_later(connection, chooser, now),
    )


def _find_later(connection: Connection, chooser: Chooser, now: int) -> int:
    """The journal takes no wish that isn't later than the stop."""
    return max([now, *(one.since + 1 for one in find_suppressions(connection, chooser.hash))])


def _write_out(wishes: Wishes, chooser: Chooser) -> dict[WishKind, str]:
    """What they wish now, as values of `add_wish`."""
    return {
        WishKind.LANGUAGE: wishes.language,
        WishKind.FORMAT: TEXT_ONLY if wishes.text_only else "",
        WishKind.PAUSE: wishes.paused_until.isoformat() if wishes.paused_until else "",
        WishKind.NAME: chooser.name if wishes.name is None else wishes.name,
    }


def _record(connection: Connection, chooser: Chooser, kind: PersonEventKind, target: str, now: int) -> None:
    event = PersonEvent(
        kind=kind, at=now, origin=SuppressionOrigin.PAGE, target=target, delivery_id=chooser.delivery_id
    )
    record_event(connection, chooser.id, event)
