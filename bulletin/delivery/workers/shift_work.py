"""A worker's shifts: each in a thread, with its own connections to the relay and the database."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bulletin.delivery.dispatch.shared_run import work_shift
from bulletin.delivery.dispatch.supervision import Callbacks, Control, SendOptions
from bulletin.delivery.ledger.counts import count_ended
from bulletin.delivery.ledger.fence import LEASE, OtherShifts, Shift, begin_shift
from bulletin.delivery.ledger.mailing import Mailing, find_mailing
from bulletin.delivery.ledger.mailing_events import find_release
from bulletin.delivery.ledger.server_lock import share_on_server
from bulletin.delivery.limits.policies import Route
from bulletin.delivery.limits.turns import TurnTaker
from bulletin.delivery.message.return_path import find_return_path
from bulletin.delivery.sending.alerting import make_alerter, watch_mailings
from bulletin.delivery.sending.doubts import require_own_place
from bulletin.delivery.sending.estimates import make_stop_rule, share_paces
from bulletin.delivery.sending.relays import open_relays
from bulletin.delivery.sending.signing import open_signer
from bulletin.delivery.sending.withdrawal import refuse_withdrawn
from bulletin.delivery.smtp.outcome import ACCEPTED
from bulletin.errors import BulletinError, DatabaseError, HoldLost, MailingCancelled, MailingHeld, MailingPaused
from bulletin.subscribers.link_key import take_link_key

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger.ledger import Result
    from bulletin.delivery.limits.shared_pace import SharedPace
    from bulletin.delivery.limits.stop_rule import RefusalRule
    from bulletin.delivery.sending.log import DeliveryLog
    from bulletin.workspace.workspace import Workspace

MOST: Final = 4
"""Mailings that one worker sends at once."""

_REST: Final = 20.0
"""Seconds for which a mailing is left alone after a shift in which nothing could be sent."""

_MEASURED: Final = 20.0  # seconds over which the rate is measured


@dataclass(frozen=True, kw_only=True)
class ShiftSettings:
    """What all shifts of a worker have in common. `report` gets lines for the worker's own log.

    `connections`: of each shift to the relay; None: its share of what bulletin.yaml allows.
    """

    workspace: Workspace
    engine: Engine
    worker: int
    clock: Callable[[], int]
    stop: threading.Event
    report: Callable[[str], None]
    connections: int | None = None
    log: DeliveryLog | None = None


@dataclass
class Shifts:
    """The shifts of one worker. `work` is called from several threads."""

    settings: ShiftSettings
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _busy: set[int] = field(default_factory=set, init=False)
    _rested: dict[int, float] = field(default_factory=dict, init=False)  # until when, by the mailing
    _accepted: deque[tuple[float, int]] = field(default_factory=deque, init=False)

    def work(self, number: int) -> None:
        """Work on the mailing with this id until nothing of it can be claimed here. What goes wrong is reported."""
        if not self._take(number):
            return
        try:
            self._rest(number, seconds=0 if self._send(number) else _REST)
        except MailingHeld:
            self._rest(number, seconds=1)  # one sender has it alone
        except (DatabaseError, HoldLost) as error:
            self.settings.report(str(error))
            self._rest(number, seconds=1)
        except BulletinError as error:
            self.settings.report(str(error))
            self._rest(number, seconds=_REST)
        except Exception:
            self._rest(number, seconds=_REST)
            raise
        finally:
            with self._lock:
                self._busy.discard(number)

    @property
    def rate(self) -> int:
        """How many messages a minute were accepted lately."""
        with self._lock:
            now = time.monotonic()
            while self._accepted and now - self._accepted[0][0] > _MEASURED:
                self._accepted.popleft()
            return round(sum(number for _, number in self._accepted) * 60 / _MEASURED)

    def _take(self, number: int) -> bool:
        with self._lock:
            resting = self._rested.get(number, 0) > time.monotonic()
            if resting or number in self._busy or len(self._busy) >= MOST or self.settings.stop.is_set():
                return False
            self._busy.add(number)
            return True

    def _rest(self, number: int, *, seconds: float) -> None:
        with self._lock:
            self._rested[number] = time.monotonic() + seconds

    def _send(self, number: int) -> bool:
        """Work one shift. Whether it is worth another one soon. Raises BulletinError."""
        ours = self.settings
        mailing = find_mailing(ours.engine, number)
        require_own_place(ours.workspace, ours.engine)
        refuse_withdrawn(ours.workspace, mailing.issue)
        now = ours.clock()
        with share_on_server(ours.engine, mailing.issue, now=now) as (require_hold, session):
            alerter = make_alerter(ours.workspace, ours.engine, clock=ours.clock, report=ours.report)
            work = _ShiftRun(ours, mailing, require_hold, session, note=self._note)
            with suppress(MailingPaused, MailingCancelled), watch_mailings(alerter, mailing.issue, [mailing]):
                return work.run()
        return True

    def _note(self, results: Iterable[Result]) -> None:
        number = sum(result.outcome.fate is ACCEPTED for result in results)
        if number:
            with self._lock:
                self._accepted.append((time.monotonic(), number))


class _ShiftRun:
    """One shift on one mailing."""

    def __init__(
        self,
        settings: ShiftSettings,
        mailing: Mailing,
        require_hold: Callable[[], None],
        session: int,
        *,
        note: Callable[[Iterable[Result]], None],
    ) -> None:
        self._ours = settings
        self._mailing = mailing
        self._require_hold = require_hold
        self._session = session
        self._note = note
        self._sent = 0

    def run(self) -> bool:
        """Whether something was sent. Raises what stopped it early."""
        ours, engine = self._ours, self._ours.engine
        sending = ours.workspace.settings.sending
        secret = take_link_key(ours.workspace, engine, now=ours.clock(), new=False)
        ended = count_ended(
            engine, self._mailing, since=find_release(engine, self._mailing.id) or self._mailing.began_at
        )
        rule = make_stop_rule(sending, ended)
        with closing(TurnTaker(engine)) as taker:
            relays = open_relays(ours.workspace)
            paces = share_paces(engine, relays, sending, now=ours.clock(), taker=taker, connections=ours.connections)
            shift = begin_shift(engine, worker=ours.worker, mailing=self._mailing.id, session=self._session)
            end = work_shift(
                engine,
                shift,
                routes=[Route(relay=relay, pace=pace) for relay, pace in zip(relays, paces, strict=True)],
                stop_rule=rule,
                options=self._choose_options(secret, shift),
                control=Control(clock=ours.clock, stop=ours.stop, check=self._require_hold),
                observer=Callbacks(log=self._log, notify=ours.report),
                heed=_Heeding(rule, paces).heed,
            )
        if end.fault:
            raise end.fault
        return bool(self._sent) or end.ended

    def _choose_options(self, secret: bytes, shift: Shift) -> SendOptions:
        sending = self._ours.workspace.settings.sending
        return SendOptions(
            secret=secret,
            run=shift.run,
            return_path=find_return_path(self._ours.workspace.settings),
            signer=open_signer(self._ours.workspace),
            retries=sending.retries,
            lease=timedelta(seconds=LEASE),
        )

    def _log(self, results: Iterable[Result]) -> None:
        kept = tuple(results)
        self._sent += len(kept)
        self._note(kept)
        if self._ours.log:
            with self._ours.log.follow(self._mailing) as write:
                write(kept)


class _Heeding:
    """What a shift learns from the others: how many they had refused, and how many share its limits."""

    def __init__(self, rule: RefusalRule, paces: Iterable[SharedPace]) -> None:
        self._rule = rule
        self._paces = tuple(paces)
        self._known: OtherShifts | None = None

    def heed(self, others: OtherShifts) -> None:
        """Hear it, about once a second."""
        if self._known:
            self._rule.accepted += max(0, others.accepted - self._known.accepted)
            self._rule.refused += max(0, others.refused - self._known.refused)
        self._known = others
        for pace in self._paces:
            pace.note_others(others.shifts, ours=others.ours, most=others.most)
