"""How many: in each state, on each list, for each reason, at each domain. Reads only.

Every function that takes an engine is a transaction of its own, and raises DatabaseError if that fails.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, func, select

from bulletin.database.dialects import domain_of
from bulletin.database.errors import database_errors
from bulletin.database.reading import Source, read_from
from bulletin.database.states import DeliveryState, MailingEvent
from bulletin.database.tables import deliveries, memberships
from bulletin.delivery.ledger.kept_counts import find_kept_counts
from bulletin.delivery.ledger.mailing_events import CANCELLED
from bulletin.delivery.ledger.refusal_reasons import find_reason
from bulletin.delivery.ledger.resolution import BY_PERSON
from bulletin.delivery.ledger.withholding import is_withheld_from_any
from bulletin.subscribers.address import find_domain

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Engine

    from bulletin.delivery.ledger.mailing import Mailing
    from bulletin.delivery.ledger.mailing_events import EventRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """How many people are in each state, each by their latest delivery."""

    queued: int = 0
    sending: int = 0
    accepted: int = 0
    deferred: int = 0
    refused: int = 0
    uncertain: int = 0
    withdrawn: int = 0
    bounced: int = 0

    @property
    def total(self) -> int:
        """All of them: as many as there were people when the mailing began."""
        return sum(astuple(self))

    @property
    def gone(self) -> int:
        """Those the message may have reached, and those refused."""
        return self.sending + self.accepted + self.refused + self.uncertain + self.bounced

    @property
    def unfinished(self) -> int:
        """Those another `bulletin send` would try."""
        return self.queued + self.sending + self.deferred


def count_states(source: Source, mailings: Iterable[Mailing]) -> Counts:
    """How many recipients of `mailings` are in each state. For one issue, each person counts once."""
    chosen = tuple(mailings)
    query = select(deliveries.c.state, func.count()).where(of_latest(chosen)).group_by(deliveries.c.state)
    with read_from(source) as connection:
        numbers: Counter[str] = Counter(dict(connection.execute(query).all()))
        return Counts(**(numbers + find_kept_counts(connection, chosen).states))


def count_states_by_edition(source: Source, mailings: Iterable[Mailing]) -> dict[tuple[int, int], Counts]:
    """How many recipients of each edition are in each state, by the mailing's id and the edition's number.

    For one issue, each person counts once, as in `count_states`. Those whose rows are deleted are not counted.
    """
    its, columns = of_latest(tuple(mailings)), deliveries.c
    group = (columns.mailing_id, columns.edition, columns.state)
    with read_from(source) as connection:
        rows = connection.execute(select(*group, func.count()).where(its).group_by(*group)).all()
    numbers: dict[tuple[int, int], dict[str, int]] = {}
    for mailing_id, edition, state, number in rows:
        numbers.setdefault((mailing_id, edition), {})[state] = number
    return {key: Counts(**each) for key, each in numbers.items()}


def count_ended(engine: Engine, mailing: Mailing, *, since: int) -> Counts:
    """How many were accepted or refused in `mailing` since a time, in ms since 1970, UTC."""
    query = (
        select(deliveries.c.state, func.count())
        .where(
            deliveries.c.mailing_id == mailing.id,
            deliveries.c.state.in_((DeliveryState.ACCEPTED, DeliveryState.REFUSED)),
            deliveries.c.ended_at >= since,
        )
        .group_by(deliveries.c.state)
    )
    with database_errors(), engine.begin() as connection:
        return Counts(**dict(connection.execute(query).all()))


def count_left_out(source: Source, mailings: Iterable[Mailing], cancelled: Collection[int]) -> int:
    """How many readers the `cancelled` mailings (ids) did not reach, and who may still be sent the issue."""
    chosen = tuple(mailings)
    withdrawn = deliveries.c.mailing_id.in_(cancelled) & (deliveries.c.state == DeliveryState.WITHDRAWN)
    query = select(func.count()).where(of_latest(chosen), withdrawn, ~is_withheld_from_any(chosen))
    with read_from(source) as connection:
        return connection.execute(query).scalar_one()


def find_next_due(source: Source, mailings: Iterable[Mailing]) -> int | None:
    """When the first deferred recipient is retried, in ms since 1970, UTC; None without one."""
    of_mailings = deliveries.c.mailing_id.in_([mailing.id for mailing in mailings])
    query = select(func.min(deliveries.c.due_at)).where(of_mailings, deliveries.c.state == DeliveryState.DEFERRED)
    with read_from(source) as connection:
        due: int | None = connection.scalar(query)
    return due


def count_waiting_domains(engine: Engine, mailings: Iterable[Mailing], *, now: int) -> Mapping[str, int]:
    """Recipients still to be tried, per domain.

    Those deferred until later than `now` (ms since 1970) do not count.
    """
    with database_errors(), engine.begin() as connection:
        domain = domain_of(deliveries.c.address, connection)
        is_due = (deliveries.c.state == DeliveryState.DEFERRED) & (deliveries.c.due_at <= now)
        waiting = (deliveries.c.state == DeliveryState.QUEUED) | is_due
        of = deliveries.c.mailing_id.in_([mailing.id for mailing in mailings])
        query = select(domain, func.count()).where(of, waiting).group_by(domain)
        return dict(connection.execute(query).all())


def of_latest(mailings: Iterable[Mailing]) -> ColumnElement[bool]:
    """The condition that a delivery is of `mailings`, and that they have no later one of the issue to that person.

    A reader left out by a cancelled mailing may get a second delivery, if a person asks. Only that one counts.
    """
    chosen = tuple(mailings)
    return and_(deliveries.c.mailing_id.in_([mailing.id for mailing in chosen]), *without_later(chosen))


def without_later(chosen: Sequence[Mailing]) -> list[ColumnElement[bool]]:
    """No conditions where each issue has one mailing: all deliveries are then counted by the index alone."""
    later = deliveries.alias("later")
    conditions: list[ColumnElement[bool]] = []
    for mailing in chosen:
        if following := [one.id for one in chosen if one.issue == mailing.issue and one.id > mailing.id]:
            same_person = later.c.subscriber_id == deliveries.c.subscriber_id
            again = exists().where(later.c.mailing_id.in_(following), same_person)
            conditions.append((deliveries.c.mailing_id != mailing.id) | ~again)
    return conditions


@dataclass(frozen=True, kw_only=True, slots=True)
class Breakdown:
    """`decided`: accepted deliveries confirmed by a person. `cancelled`: withdrawn by a cancellation."""

    decided: int
    cancelled: int


def count_breakdown(source: Source, mailings: Iterable[Mailing]) -> Breakdown:
    """What the states of `mailings` do not tell, by each person's latest delivery. Raises DatabaseError."""
    chosen = tuple(mailings)
    latest = of_latest(chosen)
    decided = (deliveries.c.state == DeliveryState.ACCEPTED) & BY_PERSON
    cancelled = (deliveries.c.state == DeliveryState.WITHDRAWN) & (deliveries.c.reply == CANCELLED)
    with read_from(source) as connection:
        numbers = [
            connection.execute(select(func.count()).where(latest, which)).scalar_one() for which in (decided, cancelled)
        ]
        kept = find_kept_counts(connection, chosen)
    return Breakdown(decided=numbers[0] + kept.decided, cancelled=numbers[1] + kept.cancelled)


def count_by_domain(source: Source, mailings: Iterable[Mailing]) -> list[tuple[str, Counts]]:
    """The domains of the readers, each with how many readers are in each state. Raises DatabaseError."""
    query = select(deliveries.c.address, deliveries.c.state).where(of_latest(mailings))
    numbers: Counter[tuple[str, str]] = Counter()
    with read_from(source) as connection:
        for row in connection.execute(query.execution_options(yield_per=5000)):
            numbers[find_domain(row.address), row.state] += 1
    found: dict[str, dict[str, int]] = {}
    for (domain, state), number in numbers.items():
        found.setdefault(domain, {})[state] = number
    return [(domain, Counts(**states)) for domain, states in found.items()]


def count_by_second(source: Source, mailings: Iterable[Mailing]) -> dict[int, int]:
    """How many messages the server accepted in each second (since 1970). Raises DatabaseError.

    Deliveries that a person has confirmed do not count: the time at which the server took them is not known.
    """
    second = deliveries.c.ended_at // 1000
    accepted = deliveries.c.state.in_([DeliveryState.ACCEPTED, DeliveryState.BOUNCED]) & ~BY_PERSON
    known = deliveries.c.ended_at.is_not(None)
    query = select(second, func.count()).where(of_latest(mailings), accepted, known).group_by(second)
    with read_from(source) as connection:
        return {int(at): number for at, number in connection.execute(query)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusals:
    """So many were refused for the same reason; `codes` are those that servers gave for it."""

    words: str
    remedy: str
    codes: tuple[str, ...]
    number: int


def count_refusals(source: Source, mailings: Iterable[Mailing]) -> tuple[Refusals, ...]:
    """Why readers were refused, the most frequent reason first. A transaction; raises DatabaseError."""
    query = (
        select(deliveries.c.reply, func.count())
        .where(
            deliveries.c.mailing_id.in_([mailing.id for mailing in mailings]),
            deliveries.c.state == DeliveryState.REFUSED,
        )
        .group_by(deliveries.c.reply)
    )
    with read_from(source) as connection:
        return group_refusals(dict(connection.execute(query).all()).items())


def group_refusals(replies: Iterable[tuple[str, int]]) -> tuple[Refusals, ...]:
    """The reasons that `replies` give, each with how many got it; the most frequent first. Pure."""
    numbers: Counter[tuple[str, str]] = Counter()
    codes: dict[tuple[str, str], set[str]] = {}
    for reply, number in replies:
        reason = find_reason(reply)
        kind = reason.words, reason.remedy
        numbers[kind] += number
        codes.setdefault(kind, set()).update({reason.code} - {""})
    return tuple(
        Refusals(words=kind[0], remedy=kind[1], codes=tuple(sorted(codes[kind])), number=number)
        for kind, number in sorted(numbers.items(), key=lambda item: (-item[1], item[0]))
    )


_COUNTED = re.compile(r"([a-z0-9][a-z0-9-]*): (\d+)")  # the names of lists are of these letters: settings.Name


@dataclass(frozen=True, kw_only=True, slots=True)
class ListCounts:
    """How many recipients are on each list. A person on several lists counts on each.

    `kept`: as it was when the mailing began. Else that was not written down, and it is as the lists are now.
    """

    numbers: Mapping[str, int]
    kept: bool


def format_list_counts(numbers: Mapping[str, int]) -> str:
    """The numbers as the note of a mailing's beginning: `partners: 12, schools: 2`."""
    return ", ".join(f"{name}: {number}" for name, number in numbers.items())


def parse_list_counts(note: str) -> dict[str, int]:
    """What `format_list_counts` wrote down; nothing from any other note."""
    return {name: int(number) for name, number in _COUNTED.findall(note)}


def find_list_counts(source: Source, mailing: Mailing, events: Sequence[EventRecord]) -> ListCounts:
    """How many are on each list, as it was kept, or else as far as it can be told now. Raises DatabaseError."""
    for record in events:
        if record.event is MailingEvent.BEGUN and (numbers := parse_list_counts(record.note)):
            return ListCounts(numbers=numbers, kept=True)
    query = (
        select(memberships.c.list, func.count())
        .join(deliveries, deliveries.c.subscriber_id == memberships.c.subscriber_id)
        .where(deliveries.c.mailing_id == mailing.id, memberships.c.list.in_(mailing.lists))
        .group_by(memberships.c.list)
    )
    with read_from(source) as connection:
        numbers = dict(connection.execute(query).all())
    return ListCounts(numbers={name: numbers.get(name, 0) for name in mailing.lists}, kept=False)
