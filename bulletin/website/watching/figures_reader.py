"""Reads all figures of a scrape at one moment, and reads what hardly changes only now and then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING, Final, NamedTuple

from bulletin.database.backup_record import read_backup_records
from bulletin.database.dialects import is_on_server
from bulletin.database.reading import watch
from bulletin.database.states import DeliveryState
from bulletin.delivery.ledger.ledger_figures import (
    AcceptedTimes,
    DeliveryFigures,
    LiveMailings,
    count_live,
    count_settled,
    find_last_acceptances,
    find_live_mailings,
    sort_live,
)
from bulletin.delivery.workers.roster import ALIVE, find_workers
from bulletin.subscribers.outbox import WaitingEmails, count_waiting

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

SETTLED_FOR: Final = 600_000
"""ms for which the figures of mailings with no one left to try are good: only what comes back changes them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScrapedFigures:
    """How sending is going at `now` (ms since 1970). `accepted` never falls while the pages run.

    `workers` is None where the database is a file, `backed_up_at` where no back-up is known. `took` is in seconds.
    """

    now: int
    deliveries: DeliveryFigures
    accepted: int
    live: LiveMailings
    acceptances: tuple[AcceptedTimes, ...]
    emails: WaitingEmails
    workers: int | None
    backed_up_at: int | None
    took: float


class _Settled(NamedTuple):
    """The figures of all mailings but `live`, as they were at `at`."""

    live: tuple[int, ...]
    at: int
    figures: DeliveryFigures


@dataclass(kw_only=True)
class FiguresReader:
    """Reads them for one server. `folder` is the workspace's state folder, `now` the time in ms since 1970."""

    engine: Engine
    folder: Path
    now: Callable[[], int]
    _settled: _Settled | None = field(default=None, init=False)
    _accepted: int = field(default=0, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def read(self) -> ScrapedFigures:
        """The figures of this moment. Those who ask at once wait for each other. Raises DatabaseError."""
        with self._lock:
            begun, now = perf_counter(), self.now()
            with watch(self.engine) as connection:
                live = find_live_mailings(connection)
                counted = count_live(connection, live) + self._find_settled(connection, live, now)
                sorted_live = sort_live(connection, live, now=now)
                latest = [find_last_acceptances(connection, one) for one in sorted_live.sending]
                emails = count_waiting(connection, now=now)
            # Those that came back had been accepted. A mailing's rows may be erased with a person, and a counter that
            # falls would look as if the program had started anew.
            taken = counted.states[DeliveryState.ACCEPTED] + counted.states[DeliveryState.BOUNCED]
            self._accepted = max(self._accepted, taken)
            on_server = is_on_server(self.engine)
            return ScrapedFigures(
                now=now,
                deliveries=counted,
                accepted=self._accepted,
                live=sorted_live,
                acceptances=tuple(chain.from_iterable(latest)),
                emails=emails,
                workers=len(find_workers(self.engine, within=ALIVE)) if on_server else None,
                backed_up_at=max((one.at for one in read_backup_records(self.folder)), default=None),
                took=perf_counter() - begun,
            )

    def _find_settled(self, connection: Connection, live: tuple[int, ...], now: int) -> DeliveryFigures:
        known = self._settled
        if known is None or known.live != live or not 0 <= now - known.at < SETTLED_FOR:
            known = self._settled = _Settled(live, now, count_settled(connection, live))
        return known.figures
