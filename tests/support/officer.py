"""Whoever types `bulletin send`, again and again, whatever happens, until the mailing is over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bulletin.delivery.dispatch.pool import BackOff
from bulletin.delivery.dispatch.run import send_mailing
from bulletin.delivery.dispatch.supervision import Callbacks, Control, SendOptions
from bulletin.delivery.ledger.counts import Counts
from bulletin.delivery.ledger.deliveries import Delivery, list_deliveries
from bulletin.delivery.ledger.ledger import Ledger
from bulletin.delivery.ledger.mailing import Mailing
from bulletin.delivery.ledger.resolution import Decision, resolve_deliveries
from bulletin.delivery.limits.policies import Route
from bulletin.delivery.smtp.connection import Timeouts
from bulletin.delivery.smtp.relay import Relay, Security
from contract import check_contract
from lenient import Lenient, Unlimited
from misbehaving import MisbehavingServer

CONNECTIONS = 2
PATIENT = Timeouts(step=30, message=30, quit=0.1)  # nothing depends on the answer to QUIT
NO_BACK_OFF = BackOff(delays=(0,))
HOUR = timedelta(hours=1)
LATER = [HOUR] * 6
MESSAGES = 3  # by each connection, so that they come and go
MOST_RUNS = 9


@dataclass
class Clock:
    """The machine's clock, which can be set."""

    ahead: int = 0  # ms

    def __call__(self) -> int:
        return time.time_ns() // 1_000_000 + self.ahead

    def wait(self, span: timedelta) -> None:
        self.ahead += span // timedelta(milliseconds=1)


def send_once(
    engine: Engine,
    mailing: Mailing,
    port: int,
    *,
    run: str,
    security: Security = Security.PLAIN,
    connections: int = CONNECTIONS,
    clock: Callable[[], int],
    timeouts: Timeouts = PATIENT,
    back_off: BackOff | None = None,
) -> Counts:
    """What `bulletin send` does with a mailing that has begun, to a server on this machine."""
    login = {"username": "anytown", "password": "a password of this test"}
    relay = Relay(host="127.0.0.1", port=port, security=security, **login)
    return send_mailing(
        engine,
        mailing,
        routes=[Route(relay=relay, pace=Unlimited(connections=connections, messages_per_connection=MESSAGES))],
        stop_rule=Lenient(),
        options=SendOptions(
            secret=b"a secret of this test", run=run, retries=LATER, timeouts=timeouts, back_off=back_off or BackOff()
        ),
        control=Control(clock=clock, stop=threading.Event()),
        observer=Callbacks(),
    )


@dataclass
class Officer:
    """Whoever types `bulletin send`, again and again, until the mailing is over."""

    engine: Engine
    mailing: Mailing
    server: MisbehavingServer
    clock: Clock = field(default_factory=Clock)
    connections: int = CONNECTIONS
    back_off: BackOff = field(default_factory=BackOff)
    runs: int = 0

    def send(self, *, timeouts: Timeouts = PATIENT) -> Counts:
        self.runs += 1
        return send_once(
            self.engine,
            self.mailing,
            self.server.port,
            run=f"run-{self.runs}",
            security=self.server.security,
            connections=self.connections,
            clock=self.clock,
            timeouts=timeouts,
            back_off=self.back_off,
        )

    def recover(self) -> int:
        """What the next run does first: how many became uncertain."""
        with Ledger(self.engine, self.mailing, run="recovery", retries=LATER) as ledger:
            return ledger.recover(now=self.clock())

    def send_to_the_end(self) -> None:
        """With what was deferred waited for."""
        for _ in range(MOST_RUNS):
            if not self.send().unfinished:
                return
            self.clock.wait(HOUR)
        pytest.fail("The mailing never ends.")

    def check(self, *, most_uncertain: int, **options: tuple[str, ...]) -> dict[str, Delivery]:
        options.setdefault("may_be_refused", tuple(self.server.gone))
        return check_contract(
            self.engine,
            self.mailing,
            self.server.arrivals,
            people=[row.address for row in list_deliveries(self.engine, [self.mailing])],
            most_uncertain=most_uncertain,
            **options,
        )

    def resolve(self, ledger: dict[str, Delivery]) -> None:
        """Decide the uncertain by the server's log, as a person would."""
        kept = self.server.kept()
        uncertain = [address for address, row in ledger.items() if row.state == "uncertain"]
        for decision, there in ((Decision.DELIVERED, True), (Decision.RESEND, False)):
            if addresses := [address for address in uncertain if (address in kept) is there]:
                resolve_deliveries(self.engine, self.mailing.issue, addresses, decision, now=self.clock())
