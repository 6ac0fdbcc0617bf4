"""The ledger as one of several workers' shifts sees it: readers are dealt out, and a fence is around every commit.

Readers are dealt a few at a time, more to a shift that sends fast, and claimed one by one, so a worker that dies or
falls silent holds no list of people. Two that were dealt the same reader both try to claim it, and one of them can.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, null, select, update

from bulletin.database.states import DeliveryState
from bulletin.database.tables import deliveries, shared_mailings
from bulletin.delivery.ledger.fence import OtherShifts, Shift, end_shift, read_others, require_open
from bulletin.delivery.ledger.ledger import Candidate, Ledger, Result
from bulletin.delivery.smtp.outcome import ACCEPTED, REFUSED
from bulletin.errors import DatabaseError, HoldLost

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.database.prepared import Filled
    from bulletin.delivery.ledger.mailing import Mailing

DEALT: Final = 50
"""How many readers are dealt at once, at least."""

_DEALT_FOR: Final = 0.5
"""Seconds for which those suffice that are dealt to a shift that sends fast."""

_EVERYONE: Final = (1, 2**62)
_HANDED: Final = 10_000
"""ms for which a deferred reader that was dealt is kept from others."""

_BETWEEN: Final = 0.5  # seconds between two attempts to settle
_OURS: Final = deliveries.c.state == DeliveryState.SENDING
_SETTLE: Final = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("id_"), _OURS, deliveries.c.run == bindparam("run_"))
    .values(
        state=bindparam("state_"),
        run=null(),
        ended_at=bindparam("now_"),
        due_at=bindparam("due_"),
        reply=bindparam("reply_"),
    )
)
_NAMES: Final = ("state_", "now_", "due_", "reply_", "id_", "run_")


class SharedLedger(Ledger):
    """The ledger of one shift. Its commits raise HoldLost once the shift was taken over."""

    def __init__(self, engine: Engine, mailing: Mailing, *, shift: Shift, retries: Sequence[timedelta]) -> None:
        super().__init__(engine, mailing, run=shift.run, retries=retries)
        self._shift = shift
        self._departed = 0  # since the last deal
        self._dealt_at = time.monotonic()

    def find_fresh(self) -> tuple[int, int] | None:
        """All ids that there may be: what is left is found out by asking for a deal."""
        return _EVERYONE

    def read_fresh(self, *, after: int, upto: int, most: int, now: int) -> tuple[list[Candidate], int | None]:
        """The next few who were dealt to no one yet; the number is None once all were. The range is not looked at."""
        del after, upto
        its = shared_mailings.c.mailing_id == self._shift.mailing
        most = min(most, self._choose_number())
        with self._transaction() as connection:
            dealt = connection.scalar(select(shared_mailings.c.dealt).where(its).with_for_update())
            if dealt is None:
                return [], None
            waiting = (deliveries.c.state == DeliveryState.QUEUED) & (deliveries.c.id > dealt)
            found = self._read_within(connection, waiting, deliveries.c.id, most=most, now=now)
            if found.number:
                connection.execute(update(shared_mailings).where(its).values(dealt=found.last))
        self._count(found.changes)
        return found.candidates, found.last if found.number else None

    def _choose_number(self) -> int:
        """How many to be dealt next: as many as leave in a moment, so that no shift keeps what others could send."""
        now = time.monotonic()
        number = round(self._departed / max(now - self._dealt_at, _DEALT_FOR / 10) * _DEALT_FOR)
        self._departed, self._dealt_at = 0, now
        return max(DEALT, number)

    def _count(self, changes: dict[Any, int]) -> None:
        self._departed += max(0, changes.get(DeliveryState.ACCEPTED.value, 0))
        super()._count(changes)

    def read_put_back(self, *, most: int, now: int) -> list[Candidate]:
        """No one: they are dealt again once all others were."""
        del most, now
        return []

    def read_due(self, *, most: int, now: int) -> list[Candidate]:
        """Deferred deliveries that are due, kept from others for a while."""
        due = (deliveries.c.state == DeliveryState.DEFERRED) & (deliveries.c.due_at <= now)
        pick = select(deliveries.c.id).where(self._in_mailing, due).order_by(deliveries.c.due_at)
        with self._transaction() as connection:
            picked = pick.limit(min(most, DEALT)).with_for_update(skip_locked=True)
            ids = list(connection.scalars(picked))
            which = deliveries.c.id.in_(ids)
            found = self._read_within(connection, which, deliveries.c.due_at, most=len(ids), now=now)
            still = which & (deliveries.c.state == DeliveryState.DEFERRED)
            connection.execute(update(deliveries).where(still).values(due_at=now + _HANDED))
        self._count(found.changes)
        return found.candidates

    def beat(self) -> OtherShifts:
        """Say that the shift is alive, and see what the others do.

        Raises HoldLost if it was taken over, DatabaseError.
        """
        with self._transaction() as connection:
            self._shift.pass_fence(connection)
            return read_others(connection, self._shift)

    def settle(self, results: Sequence[Result], *, now: int, within: float, ran_dry: bool) -> None:
        """End the shift: record what is still unrecorded, and hand back what was claimed and never left.

        The database may be away: it is tried again for as long as `within` seconds. A commit that broke off may have
        been done or not, so each row is looked at. `ran_dry`: the shift holds no reader that was dealt. Raises HoldLost
        if it was taken over, and DatabaseError if the database stayed away: others take over then.
        """
        until = time.monotonic() + within
        while True:
            try:
                self._settle_once(results, now, ran_dry=ran_dry)
            except DatabaseError:
                self._forget_connection()
                if time.monotonic() > until:
                    raise
                time.sleep(_BETWEEN)
            else:
                return

    def _settle_once(self, results: Sequence[Result], now: int, *, ran_dry: bool) -> None:
        with self._transaction() as connection:
            if not end_shift(connection, self._shift):
                raise HoldLost("Others have taken this worker's shift over.", "What it had in flight is uncertain.")
            for result in results:
                connection.execute(_SETTLE, dict(zip(_NAMES, self._settle(result, now), strict=True)))
            never_left = (
                update(deliveries)
                .where(self._in_mailing, _OURS, deliveries.c.run == self._run)
                .values(state=DeliveryState.QUEUED, run=None, ended_at=now, attempts=deliveries.c.attempts - 1)
            )
            connection.execute(never_left)
            if not ran_dry:
                its = shared_mailings.c.mailing_id == self._shift.mailing
                connection.execute(update(shared_mailings).where(its).values(dealt=0))

    def _ask_leave(self, results: Sequence[Result]) -> list[Filled]:
        numbers = Counter(self.as_recorded(result).outcome.fate for result in results)
        return [self._shift.ask_fence(accepted=numbers[ACCEPTED], refused=numbers[REFUSED])]

    def _require_leave(self, answers: Sequence[int]) -> None:
        require_open(*answers)

    def _forget_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            connection.invalidate()
            connection.close()
