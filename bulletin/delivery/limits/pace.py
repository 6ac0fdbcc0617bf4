"""The pace: how many messages may be sent now within the rate limits, and within what the relay can handle.

Each commit that claims messages also counts them in the table `departures`, for each limit and in buckets (see
`meter`). So a restart respects what a crashed process has used. Several processes share the limits: each reads the
others' counts whenever it writes, and exactly so if it calls `admit` in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, Self

from sqlalchemy import delete, func, insert, select

from bulletin.database.dialects import insert_into, lock_name
from bulletin.database.errors import database_errors
from bulletin.database.states import MailingEvent
from bulletin.database.tables import deliveries, departures, mailing_events, mailings
from bulletin.delivery.limits.domains import Domains, read_domain
from bulletin.delivery.limits.meter import LONGEST_WAIT, Meter
from bulletin.delivery.limits.throttle import SLOWEST, Throttle
from bulletin.delivery.smtp.classification import asks_to_slow_down
from bulletin.delivery.smtp.outcome import ACCEPTED

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Engine

    from bulletin.declaration.rates import Rate
    from bulletin.delivery.limits.provider_limits import Allowance
    from bulletin.delivery.smtp.outcome import Outcome
    from bulletin.delivery.transport.opening import AnyRelay

NO_LIMIT: Final = 1_000_000
"""What `room` returns without any limit: more than there can be connections."""

_LONGEST_ACCOUNT = 255  # characters, as in the table
_MOST_EXPIRED: Final = 60  # buckets: they are read again and again until they are deleted


class MeasuredPace:
    """The pace of one sender at one relay. Times are in ms since 1970, UTC."""

    def __init__(
        self, account: str, allowance: Allowance, domains: Domains | None = None, *, slowest: float = SLOWEST
    ) -> None:
        """The pace before anything has been sent; see `load`. `slowest` is as in `Throttle`."""
        self._account = account
        self._meters = tuple(Meter(rate) for rate in allowance.limits)
        self._throttle = Throttle(allowance.connections, slowest=slowest)
        self.domain_limit: Final = allowance.domain_limit
        self.domains: Final = domains or Domains()
        self.messages_per_connection: Final = allowance.messages_per_connection

    @classmethod
    def load(
        cls, engine: Engine, relay: AnyRelay, allowance: Allowance, *, now: int, domains: Domains | None = None
    ) -> Self:
        """Load the pace with recent departures. Raises DatabaseError.

        Departures dated far in the future, by a wrong clock, get the present time: otherwise we would wait for them.
        """
        pace = cls(name_account(relay), allowance, domains)
        pace.refresh(engine, now=now)
        return pace

    def refresh(self, engine: Engine, *, now: int) -> None:
        """Read what others have sent. Raises DatabaseError."""
        with database_errors(), engine.begin() as connection:
            self._refresh(connection, now=now)

    @property
    def connections(self) -> int:
        """The most connections that are useful now: fewer for a while after the server asks us to slow down."""
        return self._throttle.connections

    @property
    def meters(self) -> Sequence[Meter]:
        """The limits, with the departures counted in each."""
        return self._meters

    def room(self, *, now: int) -> int:
        """How many messages may be sent now, as far as this process knows: 0 or more."""
        return self._throttle.room(now, most=min([NO_LIMIT, *(meter.room(now) for meter in self._meters)]))

    def next_room(self, *, now: int) -> int | None:
        """When messages may be sent again; None if that is later than a mailing waits for."""
        until = max([self._throttle.next_room(now), *(meter.next_room(now) for meter in self._meters)])
        return until if until - now <= LONGEST_WAIT else None

    def admit(self, connection: Connection, *, now: int) -> int:
        """As `room`, but within the transaction that will claim: exact even if other processes are sending.

        A transaction of SQLite holds the write lock from its beginning; on PostgreSQL, this locks the account.
        """
        if not self._meters:
            return self.room(now=now)
        self._lock(connection)
        self._refresh(connection, now=now)
        return self.room(now=now)

    def record(self, connection: Connection, number: int, *, now: int) -> None:
        """Count `number` claimed messages, within the caller's transaction."""
        if not number:
            return
        self._throttle.note_departures(number, now)
        for meter in self._meters:
            row = {"relay": self._account, "period": meter.period, "bucket": meter.bucket(now), "number": number}
            write = insert_into(connection, departures).values(**row)
            connection.execute(
                write.on_conflict_do_update(
                    index_elements=[departures.c.relay, departures.c.period, departures.c.bucket],
                    set_={"number": departures.c.number + write.excluded.number},
                )
            )
        self._refresh(connection, now=now)

    def _lock(self, connection: Connection) -> None:
        """Lock this account until the transaction ends; locking twice does no harm."""
        lock_name(connection, self._account)

    def _refresh(self, connection: Connection, *, now: int) -> None:
        """Read all processes' departures; delete expired ones if there are many, or if any lies in the future."""
        for meter in self._meters:
            rows = self._read(connection, meter, now=now)
            if len(rows) - len(meter.departures) > _MOST_EXPIRED or any(at > now + meter.period for at in rows):
                self._clear_away(connection, meter, now=now)

    def _read(self, connection: Connection, meter: Meter, *, now: int) -> Mapping[int, int]:
        """Load the departures of each bucket into the meter, and return them as they are stored."""
        query = select(departures.c.bucket, departures.c.number).where(self._is_of(meter))
        rows = dict(connection.execute(query).all())
        meter.restore(rows, now=now)
        return rows

    def _clear_away(self, connection: Connection, meter: Meter, *, now: int) -> None:
        """Rewrite the departures that still count. Another process may have done so while we waited for the lock."""
        self._lock(connection)
        self._read(connection, meter, now=now)
        connection.execute(delete(departures).where(self._is_of(meter)))
        kept = [
            {"relay": self._account, "period": meter.period, "bucket": bucket, "number": number}
            for bucket, number in meter.departures.items()
        ]
        if kept:
            connection.execute(insert(departures), kept)

    def _is_of(self, meter: Meter) -> ColumnElement[bool]:
        return (departures.c.relay == self._account) & (departures.c.period == meter.period)

    def learn(self, outcome: Outcome, *, now: int) -> None:
        """Slow down when the server asks for it, and speed up again while it accepts messages."""
        if outcome.fate is ACCEPTED:
            self._throttle.speed_up(now)
        elif asks_to_slow_down(outcome.reply):
            self._throttle.slow_down(now)


def load_domains(engine: Engine, rates: Sequence[Rate], *, now: int) -> Domains:
    """Load the limits of each recipient domain with recent departures by any relay. Raises DatabaseError."""
    domains = Domains(rates)
    domains.restore(read_domain_departures(engine, domains, now=now), now=now)
    return domains


def read_domain_departures(engine: Engine, domains: Domains, *, now: int) -> list[tuple[str, int]]:
    """The recent departures by any relay that count for these limits: a domain and a time each. Raises DatabaseError.

    They are read from the deliveries, without those of mailings that ended long ago.
    """
    if not domains.rates:
        return []
    since = now - domains.longest
    last = select(func.max(mailing_events.c.id)).group_by(mailing_events.c.mailing_id)
    long_ended = select(mailing_events.c.mailing_id).where(
        mailing_events.c.id.in_(last), mailing_events.c.event == MailingEvent.ENDED, mailing_events.c.at < since
    )
    lately = (
        select(deliveries.c.address, deliveries.c.claimed_at)
        .join(mailings)
        .where(mailings.c.id.not_in(long_ended), deliveries.c.claimed_at > since)
    )
    with database_errors(), engine.begin() as connection:
        return [(read_domain(address), at) for address, at in connection.execute(lately)]


def name_account(relay: AnyRelay) -> str:
    """The account that a limit is for: a login at a server, or without a login the server, on any port."""
    return f"{relay.username}@{relay.host}".lower().lstrip("@")[-_LONGEST_ACCOUNT:]
