"""The ledger as one of several workers' shifts sees it: readers are dealt out, and a fence is around every commit.

Readers are dealt a few at a time and claimed one by one, so a worker that dies or falls silent holds no list of people.
Two that were dealt the same reader both try to claim it, and one of them can.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, null, select, update

from bulletin.database.states import DeliveryState
from bulletin.database.tables import deliveries, shared_mailings
from bulletin.delivery.ledger.fence import OtherShifts, Shift, end_shift, read_others
from bulletin.delivery.ledger.ledger import Candidate, Ledger, Result
from bulletin.delivery.smtp.outcome import ACCEPTED, REFUSED
from bulletin.errors import DatabaseError, HoldLost

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from bulletin.delivery.ledger.mailing import Mailing

DEALT: Final = 50
"""How many readers are dealt at once."""

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

    def find_fresh(self) -> tuple[int, int] | None:
        """All ids that there may be: what is left is found out by asking for a deal."""
        return _EVERYONE

    def read_fresh(self, *, after: int, upto: int, most: int, now: int) -> tuple[list[Candidate], int | None]:
        """The next few who were dealt to no one yet; the number is None once all were. The range is not looked at."""
        del after, upto
        its = shared_mailings.c.mailing_id == self._shift.mailing
        with self._transaction() as connection:
            dealt = connection.scalar(select(shared_mailings.c.dealt).where(its).with_for_update())
            if dealt is None:
                return [], None
            waiting = (deliveries.c.state == DeliveryState.QUEUED) & (deliveries.c.id > dealt)
            found = self._read_within(connection, waiting, deliveries.c.id, most=min(most, DEALT), now=now)
            if found.number:
                connection.execute(update(shared_mailings).where(its).values(dealt=found.last))
        self._count(found.changes)
        return found.candidates, found.last if found.number else None

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

    def _begin_commit(self, connection: Connection, results: Sequence[Result]) -> None:
        numbers = Counter(self.as_recorded(result).outcome.fate for result in results)
        self._shift.pass_fence(connection, accepted=numbers[ACCEPTED], refused=numbers[REFUSED])

    def _forget_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            connection.invalidate()
            connection.close()
