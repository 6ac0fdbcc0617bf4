"""The ledger: every delivery's state, written down before its message leaves and after its fate is known.

All that ended and all that begins in one turn is one commit (a commit for each message costs five times as much
disk, a batch claimed ahead leaves that many in doubt after a crash). States and their transitions are those of
`database.tables.DeliveryState`; each statement names the state it comes from, so that no other transition can happen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, literal, select, update

from bulletin.database.errors import database_errors
from bulletin.database.tables import DeliveryState, deliveries, suppressions
from bulletin.delivery.retry import find_wait
from bulletin.delivery.smtp import Fate, Outcome
from bulletin.errors import MailingError

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Engine

    from bulletin.delivery.mailing import Mailing


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A delivery that is ours to make: its message may leave once, now. `attempts` counts this one."""

    id: int
    subscriber_id: int
    address: str
    name: str
    attempts: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What became of a claim."""

    claim: Claim
    outcome: Outcome


class Ledger:
    """One run's hand on the deliveries of one mailing: `run` names it, and is new with each `send`.

    Times are in ms since 1970, UTC. `retries` are the waits before each new attempt. Every method is a transaction of
    its own, and raises DatabaseError if that fails: then nothing of it has happened.
    """

    def __init__(self, engine: Engine, mailing: Mailing, *, run: str, retries: Sequence[timedelta]) -> None:
        self._engine = engine
        self._in_mailing = deliveries.c.mailing_id == mailing.id
        self._run = run
        self._retries = tuple(retries)

    def recover(self, *, now: int) -> int:
        """Make uncertain what an earlier run left in flight, and say how many. Only for the mailing's holder.

        Whoever holds the mailing is the only one that sends it: any row still `sending` belongs to a run that died.
        """
        lost = (
            update(deliveries)
            .where(self._in_mailing, deliveries.c.state == DeliveryState.SENDING)
            .values(state=DeliveryState.UNCERTAIN, run=None, ended_at=now, reply="Sending broke off at this message.")
        )
        with database_errors(), self._engine.begin() as connection:
            return connection.execute(lost).rowcount

    def turn(self, results: Sequence[Result], *, free: int, now: int) -> tuple[Claim, ...]:
        """Record `results` and claim up to `free` further deliveries, in one commit.

        Once this returns, the claims are on the disk and may leave. Whoever has been suppressed since the mailing
        began is withdrawn instead. Raises MailingError if a result is for a delivery that this run no longer has.
        """
        with database_errors(), self._engine.begin() as connection:
            self._record(connection, results, now)
            return self._claim(connection, free, now)

    def next_due(self) -> int | None:
        """When the next deferred delivery is tried again; None if none is deferred."""
        query = select(func.min(deliveries.c.due_at)).where(self._in_mailing, _state_is(DeliveryState.DEFERRED))
        with database_errors(), self._engine.begin() as connection:
            due: int | None = connection.scalar(query)
            return due

    def _record(self, connection: Connection, results: Sequence[Result], now: int) -> None:
        if not results:
            return
        rows = [{"id_": result.claim.id, "run_": self._run, **self._settle(result, now)} for result in results]
        if connection.execute(_RECORD, rows).rowcount != len(rows):
            raise MailingError(
                "Another process has taken this mailing over while it was being sent here.",
                "Look at `bulletin status`; then send again from one place only.",
            )

    def _settle(self, result: Result, now: int) -> dict[str, Any]:
        """The columns that say what became of a claim."""
        state, reply, due_at = _STATES[result.outcome.fate], result.outcome.reply, None
        if state is DeliveryState.DEFERRED:
            wait = find_wait(result.claim.attempts, self._retries)
            if wait is None:
                state, reply = DeliveryState.REFUSED, f"gave up after {result.claim.attempts} attempts: {reply}"
            else:
                due_at = now + wait // timedelta(milliseconds=1)
        # What cannot have left was no attempt.
        attempts = result.claim.attempts - (result.outcome.fate is Fate.UNSENT)
        return {"state": state, "run": None, "attempts": attempts, "ended_at": now, "due_at": due_at, "reply": reply}

    def _claim(self, connection: Connection, free: int, now: int) -> tuple[Claim, ...]:
        claims: list[Claim] = []
        for condition, order in _claimable(now):
            while len(claims) < free:
                chosen = self._choose(connection, condition, order, free - len(claims))
                if not chosen:
                    break
                _withdraw(connection, [id_ for id_, suppressed in chosen.items() if suppressed], now)
                claims += self._take(connection, [id_ for id_, suppressed in chosen.items() if not suppressed], now)
        return tuple(claims)

    def _choose(
        self, connection: Connection, condition: ColumnElement[bool], order: ColumnElement[int], most: int
    ) -> dict[int, bool]:
        """The next deliveries of one kind, and whether each is to somebody who has been suppressed meanwhile."""
        query = (
            select(deliveries.c.id, suppressions.c.key.is_not(None))
            .outerjoin(suppressions, suppressions.c.key == deliveries.c.key)
            .where(self._in_mailing, condition)
            .order_by(order, deliveries.c.id)
            .limit(most)
            .with_for_update(of=deliveries, skip_locked=True)  # PostgreSQL; SQLite has the write lock already
        )
        return dict(connection.execute(query).all())

    def _take(self, connection: Connection, ids: Sequence[int], now: int) -> list[Claim]:
        if not ids:
            return []
        claim = (
            update(deliveries)
            .where(deliveries.c.id.in_(ids), deliveries.c.state.in_(_WAITING))
            .values(
                state=DeliveryState.SENDING,
                run=self._run,
                claimed_at=now,
                due_at=None,
                attempts=deliveries.c.attempts + 1,
            )
            .returning(*(deliveries.c[name] for name in ("id", "subscriber_id", "address", "name", "attempts")))
        )
        return [Claim(**row) for row in connection.execute(claim).mappings()]


_WAITING: Final = (DeliveryState.QUEUED, DeliveryState.DEFERRED)

_STATES: Final = {
    Fate.ACCEPTED: DeliveryState.ACCEPTED,
    Fate.DEFERRED: DeliveryState.DEFERRED,
    Fate.REFUSED: DeliveryState.REFUSED,
    Fate.UNCERTAIN: DeliveryState.UNCERTAIN,
    Fate.UNSENT: DeliveryState.QUEUED,
}

_RECORD: Final = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("id_"),
        deliveries.c.state == DeliveryState.SENDING,
        deliveries.c.run == bindparam("run_"),
    )
    .values({name: bindparam(name) for name in ("state", "run", "attempts", "ended_at", "due_at", "reply")})
)


def _claimable(now: int) -> tuple[tuple[ColumnElement[bool], ColumnElement[int]], ...]:
    """What may be claimed, one condition and its order after the other; each has an index of its own.

    First those whose turn never came. Then those that were put back, so that one message that the server hangs up on
    every time cannot keep all others waiting. Then those that the server put off, once they are due.
    """
    queued = _state_is(DeliveryState.QUEUED)
    return (
        (queued & deliveries.c.claimed_at.is_(None), deliveries.c.id),
        (queued & deliveries.c.claimed_at.is_not(None), deliveries.c.claimed_at),
        (_state_is(DeliveryState.DEFERRED) & (deliveries.c.due_at <= now), deliveries.c.due_at),
    )


def _state_is(state: DeliveryState) -> ColumnElement[bool]:
    # Written out in the statement: of a parameter the database cannot know whether a partial index covers it.
    return deliveries.c.state == literal(state.value, literal_execute=True)


def _withdraw(connection: Connection, ids: Sequence[int], now: int) -> None:
    if ids:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(ids), deliveries.c.state.in_(_WAITING))
            .values(state=DeliveryState.WITHDRAWN, due_at=None, ended_at=now)
        )
