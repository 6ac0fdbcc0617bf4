"""A mailing that is sent in this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine

from bulletin.delivery.dispatch.pool import BackOff
from bulletin.delivery.dispatch.run import send_mailing
from bulletin.delivery.dispatch.supervision import Callbacks, Control, SendOptions
from bulletin.delivery.ledger.counts import Counts
from bulletin.delivery.ledger.mailing import Mailing
from bulletin.delivery.limits.policies import Pace, Route, StopRule
from bulletin.delivery.smtp.relay import parse_relay
from lenient import Lenient, Unlimited

SHORT = BackOff(delays=tuple(rest / 10 for rest in BackOff().delays))


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def send(
    engine: Engine,
    mailing: Mailing,
    *ports: int,
    connections: int = 4,
    stop: threading.Event | None = None,
    pace: Pace | None = None,
    stop_rule: StopRule | None = None,
    clock: Callable[[], int] = now_ms,
    report: Callable[[Counts], None] = lambda _counts: None,
    notify: Callable[[str], None] = lambda _text: None,
    **options: Any,
) -> Counts:
    relays = [parse_relay(f"smtp://127.0.0.1:{port}") for port in ports]
    return send_mailing(
        engine,
        mailing,
        routes=[Route(relay=relay, pace=pace or Unlimited(connections=connections)) for relay in relays],
        stop_rule=stop_rule or Lenient(),
        options=SendOptions(secret=b"a secret of this test", run="run", **{"back_off": SHORT} | options),
        control=Control(clock=clock, stop=stop or threading.Event()),
        observer=Callbacks(report=report, notify=notify),
    )


def many(number: int) -> list[str]:
    return [f"name-{index:03}" for index in range(number)]
