"""How one run of a mailing is supervised: its options, its control, and its observer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol

from bulletin.delivery.dispatch.pool import BackOff
from bulletin.delivery.ledger.counts import Counts
from bulletin.delivery.ledger.ledger import Result
from bulletin.delivery.message.dkim import DkimSigner
from bulletin.delivery.message.return_path import ReturnPath
from bulletin.delivery.smtp.connection import Timeouts


@dataclass(frozen=True, kw_only=True, slots=True)
class SendOptions:
    """How one run sends. `secret` signs links and Message-IDs; `run` is a random name for this run.

    `return_path` is the envelope's sender; None: the address that the messages are from. `signer` signs the messages
    (DKIM); None: no one, or the relay. A deferred message is tried again after `retries`, in this run if that is due
    within `patience`. `lease` is for how long a run beside others may be silent until they take over; None: it is
    alone.
    """

    secret: bytes = field(repr=False)
    run: str
    return_path: ReturnPath | None = None
    signer: DkimSigner | None = None
    retries: Sequence[timedelta] = ()
    patience: timedelta = timedelta(0)
    lease: timedelta | None = None
    timeouts: Timeouts = field(default_factory=Timeouts)
    back_off: BackOff = field(default_factory=BackOff)


@dataclass(frozen=True, kw_only=True, slots=True)
class Control:
    """What a run asks while it sends: the time, and whether it has to end.

    `clock` tells ms since 1970. Once `stop` is set, no further message begins to leave. `check` raises the reason for
    which the run must end now. Once `should_yield` is true, the run waits for nothing more: neither for room within
    the limits, nor for a retry.
    """

    clock: Callable[[], int]
    stop: threading.Event
    check: Callable[[], None] = lambda: None
    should_yield: Callable[[], bool] = lambda: False

    def check_also(self, check: Callable[[], None]) -> Control:
        """The same control with one more check."""

        def check_both() -> None:
            self.check()
            check()

        return replace(self, check=check_both)


class Observer(Protocol):
    """Hears how a run goes. Sending waits until each call returns."""

    def report(self, counts: Counts, /) -> None:
        """Hear how far the mailing is, about ten times a second."""

    def log(self, results: Iterable[Result], /) -> None:
        """Hear what became of messages, as it was just recorded. Read `results` at once, or not at all."""

    def notify(self, text: str, /) -> None:
        """Hear what a person should know now: a relay has taken nothing for ten seconds, or another takes over."""


def _ignore(_told: object, /) -> None:
    """Drop what an observer does not ask for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Callbacks:
    """An observer made of functions. It ignores what it has no function for."""

    report: Callable[[Counts], None] = _ignore
    log: Callable[[Iterable[Result]], None] = _ignore
    notify: Callable[[str], None] = _ignore
