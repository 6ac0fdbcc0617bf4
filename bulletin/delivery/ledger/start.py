"""Who would get an issue, and the start of a mailing, which freezes that.

Every function but those that take a connection is a transaction of its own, and raises DatabaseError if that fails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from sqlalchemy import case, exists, false, func, insert, literal, select
from sqlalchemy.exc import IntegrityError

from bulletin.approval.approvals import Approval, attach_approvals
from bulletin.database.commits import note_mailing
from bulletin.database.dialects import domain_of, lock_for_writing
from bulletin.database.errors import database_errors
from bulletin.database.states import DeliveryState, MailingEvent
from bulletin.database.tables import (
    deliveries,
    mailing_events,
    mailings,
    memberships,
    subscribers,
)
from bulletin.delivery.ledger.counts import format_list_counts
from bulletin.delivery.ledger.kept_counts import refuse_forgotten
from bulletin.delivery.ledger.mailing import Mailing, mark_mailing, read_mailing
from bulletin.delivery.ledger.mailing_editions import count_readers, keep_editions, keep_readers
from bulletin.delivery.ledger.mailing_events import CANCELLED_MAILINGS
from bulletin.delivery.ledger.reader_signatures import Apart, choose_edition, count_signatures
from bulletin.delivery.ledger.withholding import find_day
from bulletin.edition.edition import Edition
from bulletin.edition.edition_set import EditionSet, make_set
from bulletin.errors import MailingError
from bulletin.issue.audience import Audience
from bulletin.subscribers.scope import find_bulletin
from bulletin.subscribers.suppression import is_suppressed, is_withheld
from bulletin.subscribers.wishes import has_paused, name_to_greet

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement, Connection, Engine, Exists


class Recipients(Enum):
    """Which readers on the lists get an issue. No one gets it twice, and no one who is suppressed or paused gets it."""

    NEW = auto()  # they have no delivery of the issue
    LEFT_OUT = auto()  # a cancelled mailing of it withdrew theirs


@dataclass(frozen=True, kw_only=True, slots=True)
class RecipientCounts:
    """Who would get an issue if its mailing began now. A person counts once, however many lists they are on.

    `recipients`, `suppressed` (on each of the lists that they are on), `already` (those with an earlier mailing),
    `paused` (of the others) and `newcomers` together are everybody on the lists. Of `already`, some were `refused`, and
    of some it is `uncertain` whether they have it. `newcomers` are those without any mailing, where only readers left
    out by a cancelled one are counted. `by_list` says how many of the recipients get it through each list, and so may
    add up to more.
    """

    issue: str
    by_list: Mapping[str, int]
    recipients: int
    suppressed: int
    already: int
    refused: int
    uncertain: int
    newcomers: int
    paused: int = 0


def count_people(
    connection: Connection,
    issue: str,
    lists: Sequence[str],
    *,
    recipients: Recipients = Recipients.NEW,
    today: date | None = None,
) -> RecipientCounts:
    """Count who on `lists` would get `issue`, and who would not. Within the caller's transaction.

    `today` is the day by which pauses count; None for as if no one had paused. Raises MailingError for an issue of so
    long ago that it isn't known any more who got it.
    """
    refuse_forgotten(connection, issue)
    may_get, paused = _may_get(issue, recipients), _is_paused(today)
    fate = case(
        (_is_withheld(issue, lists), "suppressed"),
        (_has_delivery(issue).where(deliveries.c.state == DeliveryState.REFUSED), "refused"),
        (_has_delivery(issue).where(deliveries.c.state == DeliveryState.UNCERTAIN), "uncertain"),
        (may_get & paused, "paused"),
        (may_get, "recipients"),
        (_has_delivery(issue), "had"),
        else_="newcomers",
    )
    people = select(fate, func.count()).select_from(subscribers).where(_on(lists)).group_by(fate)
    through_list = is_suppressed(subscribers.c.hash, memberships.c.list, find_bulletin(issue))
    by_list = (
        select(memberships.c.list, func.count())
        .join(subscribers)
        .where(memberships.c.list.in_(lists), ~through_list, may_get, ~paused)
        .group_by(memberships.c.list)
    )
    numbers: Counter[str] = Counter(dict(connection.execute(people).all()))
    return RecipientCounts(
        issue=issue,
        by_list=dict.fromkeys(lists, 0) | dict(connection.execute(by_list).all()),
        recipients=numbers["recipients"],
        suppressed=numbers["suppressed"],
        already=numbers["had"] + numbers["refused"] + numbers["uncertain"],
        refused=numbers["refused"],
        uncertain=numbers["uncertain"],
        newcomers=numbers["newcomers"],
        paused=numbers["paused"],
    )


def count_domains(
    connection: Connection,
    issue: str,
    lists: Sequence[str],
    *,
    recipients: Recipients = Recipients.NEW,
    today: date | None = None,
) -> Mapping[str, int]:
    """How many of those who would get `issue` have their mail at which domain. As `count_people`, and beside it."""
    domain = domain_of(subscribers.c.address, connection)
    wanted = _choose(issue, lists, recipients, today)
    return dict(connection.execute(select(domain, func.count()).where(*wanted).group_by(domain)).all())


def count_reached(
    connection: Connection,
    issue: str,
    lists: Sequence[str],
    mailing_ids: Iterable[int],
    *,
    recipients: Recipients = Recipients.NEW,
    today: date | None = None,
) -> int:
    """How many of those who would get `issue` one of some mailings was sent to, or is being sent to.

    As `count_people`, and beside it. Refused and withdrawn readers did not get it.
    """
    theirs = deliveries.c.mailing_id.in_(list(mailing_ids)) & (deliveries.c.subscriber_id == subscribers.c.id)
    got = exists().where(theirs, deliveries.c.state.not_in((DeliveryState.REFUSED, DeliveryState.WITHDRAWN)))
    wanted = _choose(issue, lists, recipients, today)
    query = select(func.count()).select_from(subscribers).where(*wanted, got)
    return connection.execute(query).scalar_one()


def start_mailing(
    engine: Engine,
    editions: Edition | EditionSet,
    *,
    lists: Sequence[str],
    key: str,
    now: int,
    signed: Iterable[Approval] = (),
    recipients: Recipients = Recipients.NEW,
    within: Callable[[Connection, Mailing], None] | None = None,
) -> Mailing:
    """Keep the editions and freeze the recipients: each once, without those suppressed, paused, or sent it before.

    Each gets the edition of their audience; one edition alone is for everyone. `key` is random, of letters and figures;
    `now` is in ms since 1970; `signed` are the approvals that it needed. `within` does more in the same
    transaction; if it raises, nothing has begun. Raises MailingError if there is no one to send it to, or if a reader's
    audience has no edition.
    """
    kept, today = make_set(editions), find_day(now)
    with database_errors(), engine.begin() as connection:
        lock_for_writing(connection, mailings)  # else two issues of one month could begin side by side, unseen
        counts = count_people(connection, kept.issue, lists, recipients=recipients, today=today)
        mailing = _add_mailing(connection, kept, lists=lists, key=key, now=now)
        if within:
            within(connection, mailing)
        if not counts.recipients:
            raise _no_readers(counts, lists)
        _freeze_recipients(connection, mailing, kept, recipients, today)
        attach_approvals(connection, mailing.id, signed)
        begun = {"event": MailingEvent.BEGUN, "at": now, "note": format_list_counts(counts.by_list)}
        connection.execute(insert(mailing_events).values(mailing_id=mailing.id, **begun))
    return mailing


def restore_mailing(
    connection: Connection, editions: Edition | EditionSet, *, lists: Sequence[str], key: str, began_at: int
) -> Mailing:
    """A mailing that the ledger has lost, as it may have been, with its `key` if that is known.

    Its recipients are those who would get the issue now; anyone who has paused may have got it before. Within the
    caller's transaction, which says what became of it.
    """
    kept = make_set(editions)
    reach = count_people(connection, kept.issue, lists).by_list
    mailing = _add_mailing(connection, kept, lists=lists, key=key, now=began_at)
    _freeze_recipients(connection, mailing, kept, Recipients.NEW, None)
    begun = {"event": MailingEvent.BEGUN, "at": began_at, "note": format_list_counts(reach)}
    connection.execute(insert(mailing_events).values(mailing_id=mailing.id, **begun))
    return mailing


def count_recipient_signatures(
    connection: Connection,
    issue: str,
    mailed: Sequence[str],
    *,
    apart: Apart,
    recipients: Recipients = Recipients.NEW,
    today: date | None = None,
) -> Counter[Audience]:
    """How many of those who would get `issue` have each signature. As `count_people`, and beside it.

    `mailed` are the lists that it goes to, `apart` is what tells its readers apart.
    """
    who = _choose(issue, mailed, recipients, today)
    return count_signatures(connection, who, issue=issue, mailed=mailed, apart=apart)


def _add_mailing(connection: Connection, kept: EditionSet, *, lists: Sequence[str], key: str, now: int) -> Mailing:
    values = {"key": key, "issue": kept.issue, "lists": list(lists), "began_at": now}
    mailing = read_mailing(connection.execute(insert(mailings).values(**values).returning(mailings)).one())
    keep_editions(connection, mailing, kept, now=now)
    note_mailing(connection, mark_mailing(mailing))
    return mailing


def _on(lists: Sequence[str]) -> ColumnElement[bool]:
    """On one of the lists. A condition and not a join, so that no one counts twice."""
    return subscribers.c.id.in_(select(memberships.c.subscriber_id).where(memberships.c.list.in_(lists)))


def _is_withheld(issue: str, lists: Sequence[str]) -> ColumnElement[bool]:
    """Must not get the issue, whichever of the lists they are on."""
    return is_withheld(subscribers.c.hash, subscribers.c.id, lists, find_bulletin(issue))


def _is_paused(today: date | None) -> ColumnElement[bool]:
    """Has asked for no issue before a day that is still ahead."""
    return false() if today is None else has_paused(subscribers.c.id, today)


def _choose(
    issue: str, lists: Sequence[str], recipients: Recipients, today: date | None
) -> tuple[ColumnElement[bool], ...]:
    """The conditions on those who get the issue."""
    return _on(lists), ~_is_withheld(issue, lists), ~_is_paused(today), _may_get(issue, recipients)


def _has_delivery(issue: str) -> Exists:
    """Has a delivery of the issue, whatever became of it."""
    of_issue = select(mailings.c.id).where(mailings.c.issue == issue)
    return exists().where(deliveries.c.mailing_id.in_(of_issue), deliveries.c.subscriber_id == subscribers.c.id)


def _may_get(issue: str, recipients: Recipients) -> ColumnElement[bool]:
    """Is one of these recipients of the issue, by its deliveries."""
    had = _has_delivery(issue)
    if recipients is Recipients.NEW:
        return ~had
    in_cancelled = deliveries.c.mailing_id.in_(CANCELLED_MAILINGS)
    withdrawn = (deliveries.c.state == DeliveryState.WITHDRAWN) & in_cancelled
    return had.where(withdrawn) & ~had.where(~withdrawn)


def _no_readers(counts: RecipientCounts, lists: Sequence[str]) -> MailingError:
    on_lists = counts.suppressed + counts.already + counts.newcomers + counts.paused
    if not on_lists:
        return MailingError(
            f"There is no one on {_name(lists)}, so {counts.issue} has no readers to go to.",
            "Add people to the list, or name another one.",
        )
    return MailingError(
        f"{counts.issue} has no readers left: of {on_lists:,} on {_name(lists)}, {counts.already:,} are being sent "
        f"it, or have been, and {counts.suppressed:,} must not be written to."
        + (f" {counts.paused:,} asked for a break." if counts.paused else ""),
        "No reader is sent an issue twice. See what became of it: bulletin status",
    )


def _name(lists: Sequence[str]) -> str:
    return f"the lists {', '.join(lists)}" if len(lists) > 1 else f"the list {''.join(lists)}"


def _freeze_recipients(
    connection: Connection, mailing: Mailing, kept: EditionSet, recipients: Recipients, today: date | None
) -> None:
    """One delivery for each recipient, in the order of their editions: they are claimed and written in that order."""
    who = _choose(mailing.issue, mailing.lists, recipients, today)
    edition = choose_edition(kept, issue=mailing.issue, mailed=mailing.lists)
    people = (
        select(
            literal(mailing.id),
            subscribers.c.id,
            subscribers.c.hash,
            subscribers.c.address,
            name_to_greet(subscribers.c.id, subscribers.c.name),
            edition.label("edition"),
            literal(DeliveryState.QUEUED.value),
        )
        .where(*who)
        .order_by(*([] if kept.is_alone else ["edition"]), subscribers.c.id)
    )
    columns = ["mailing_id", "subscriber_id", "hash", "address", "name", "edition", "state"]
    freeze = insert(deliveries).from_select(columns, people).execution_options(preserve_rowcount=True)
    try:
        number = connection.execute(freeze).rowcount
    except IntegrityError as error:  # the database has no such edition: `NO_EDITION`
        raise _no_edition(mailing.issue) from error
    if kept.is_alone:
        keep_readers(connection, mailing, {1: number})
    else:
        count_readers(connection, mailing)


def _no_edition(issue: str) -> MailingError:
    return MailingError(
        f"The lists have changed since the editions of {issue} were made, and a new reader has none.",
        "Nothing was sent. Run the same command again.",
    )
