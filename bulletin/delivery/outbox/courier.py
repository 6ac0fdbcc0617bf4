"""Sends what is due in the outbox, one email after another: claimed before it leaves, recorded after the answer.

Who calls it holds the outbox, so what is still `sending` was left by a sender that ended: it becomes uncertain.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bulletin.database.errors import database_errors
from bulletin.database.states import OutboxKind, OutboxState
from bulletin.delivery.limits.policies import Route
from bulletin.delivery.message.dkim import DkimSigner
from bulletin.delivery.message.short_email import ShortEmail, write_short_email
from bulletin.delivery.outbox.claims import OutboxEmail, claim, drop, find_due, record, recover, release
from bulletin.delivery.outbox.notices import Stationery
from bulletin.delivery.smtp.outcome import Fate, Outcome, make_outcome
from bulletin.delivery.transport.opening import AnyRelay, Mailer, open_mailer
from bulletin.errors import BulletinError, InvalidAddress, RelayError, Unreachable

if TYPE_CHECKING:
    from sqlalchemy import Engine

NO_SENDER: Final = ""
"""The envelope's sender: none, so that no bounce and no automatic reply ever comes back (RFC 3834, section 3.3)."""

_LATER: Final = 15 * 60_000  # ms until the next attempt, if no relay or template can be used


@dataclass(kw_only=True)
class OutboxReport:
    """What became of the emails: how many are in each state now, and of which kinds the uncertain ones are.

    `error` is why the rest could not be sent.
    """

    counts: Counter[OutboxState] = field(default_factory=Counter)
    uncertain: list[OutboxKind] = field(default_factory=list)
    error: BulletinError | None = None


@dataclass(frozen=True, kw_only=True)
class Courier:
    """One run over the outbox. `clock` tells ms since 1970; deferred emails are tried again after `retries`.

    It begins with the first of `routes`, and takes the next if a relay can't be used. `may_continue` says whether the
    next email may leave: no one has asked to stop, and the outbox is still held. It may raise BulletinError. `signer`
    signs the emails (DKIM); None: no one, or the relay.
    """

    engine: Engine
    routes: Sequence[Route]
    stationery: Stationery
    retries: Sequence[timedelta]
    clock: Callable[[], int]
    signer: DkimSigner | None = None
    may_continue: Callable[[], bool] = lambda: True
    open_mailer: Callable[[AnyRelay], Mailer] = open_mailer
    run: str = field(default_factory=lambda: secrets.token_hex(8))

    def send_due(self) -> OutboxReport:
        """Send all that is due, within the relays' limits. Raises DatabaseError."""
        report = OutboxReport()
        with database_errors(), self.engine.begin() as connection:
            report.uncertain += recover(connection, now=self.clock())
        for number, route in enumerate(self.routes, 1):
            with closing(self.open_mailer(route.relay)) as mailer:
                report.error = self._send_by(route, mailer, report, is_last=number == len(self.routes))
            if report.error is None:
                break
        return report

    def _send_by(self, route: Route, mailer: Mailer, report: OutboxReport, *, is_last: bool) -> BulletinError | None:
        """Send by one relay until nothing is due or may leave now; why it can't be used, if that is so."""
        while self.may_continue() and (email := self._claim_next(route, report)):
            try:
                outcome = self._deliver(mailer, email)
                if outcome.fate is Fate.UNSENT:
                    raise Unreachable(f"{route.relay} can't be used now: {outcome.reply or 'the connection was lost.'}")
            except BulletinError as error:
                self._put_back(email, later=is_last or not isinstance(error, RelayError))
                return error
            self._record(route, email, outcome, report)
        return None

    def _claim_next(self, route: Route, report: OutboxReport) -> OutboxEmail | None:
        """Claim what is due for longest; None if nothing is, or the relay's limits leave no room for it now."""
        while True:
            now = self.clock()
            with database_errors(), self.engine.begin() as connection:
                email = find_due(connection, now=now)
                if email is None:
                    return None
                if not email.recipient:
                    drop(connection, email, now=now)
                    report.counts[OutboxState.DROPPED] += 1
                    continue
                if not route.pace.admit(connection, now=now) or not claim(connection, email, run=self.run, now=now):
                    return None
                route.pace.record(connection, 1, now=now)
                return email

    def _deliver(self, mailer: Mailer, email: OutboxEmail) -> Outcome:
        try:
            written = self._write(email)
        except InvalidAddress as error:
            return make_outcome(Fate.REFUSED, error.message)
        message = write_short_email(written)
        if self.signer:
            message = self.signer.sign_message(message, at=self.clock() // 1000)
        try:
            return mailer.deliver(NO_SENDER, written.recipient, message)
        except Unreachable:
            raise
        except RelayError:  # before anything of the message was sent: some servers take no empty sender from us
            return mailer.deliver(written.sender_address, written.recipient, message)

    def _write(self, email: OutboxEmail) -> ShortEmail:
        """The email's words. If they can't be written, for whatever reason, it waits: it has not left."""
        try:
            return self.stationery.write(email, now=self.clock())
        except InvalidAddress:
            raise
        except BaseException:
            self._put_back(email, later=True)
            raise

    def _record(self, route: Route, email: OutboxEmail, outcome: Outcome, report: OutboxReport) -> None:
        now = self.clock()
        route.pace.learn(outcome, now=now)
        with database_errors(), self.engine.begin() as connection:
            state = record(connection, email, outcome, retries=self.retries, now=now)
        report.counts[state] += 1
        if state is OutboxState.UNCERTAIN:
            report.uncertain.append(email.kind)

    def _put_back(self, email: OutboxEmail, *, later: bool) -> None:
        now = self.clock()
        with database_errors(), self.engine.begin() as connection:
            release(connection, email, due_at=now + _LATER if later else now)
