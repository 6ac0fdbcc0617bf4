"""Stop in good order when a person, the system or a closed terminal asks for it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from bulletin.cli.clock import now_ms
from bulletin.errors import Interrupted

if TYPE_CHECKING:
    from types import FrameType

    from sqlalchemy import Engine

_HANGUP: Final = getattr(
    signal, "SIGHUP", None
)  # the terminal was closed, or the connection to it lost; not on Windows
_ASKING: Final = tuple(filter(None, (signal.SIGINT, signal.SIGTERM, _HANGUP)))


class Stop(threading.Event):
    """Set once somebody has asked to stop; `by_hand`: a person has, by Ctrl-C."""

    by_hand = False


@contextmanager
def stop_on_signals(stop: Stop) -> Iterator[None]:
    """Set `stop` when that is asked for: what is in flight is then waited for, and recorded.

    A server may take ten minutes for its verdict. Asked a second time, sending stops at once, and what is in flight is
    recorded as uncertain. A closed terminal does not count there: a shell tells of it twice. Whoever has it ignored
    from the start (nohup) goes on.
    """
    firmly = False

    def ask_to_stop(number: int, _frame: FrameType | None) -> None:
        nonlocal firmly
        stop.by_hand |= number == signal.SIGINT
        if not stop.is_set():  # a signal may come while one is dealt with, and to set it takes a lock
            stop.set()
        if number != _HANGUP:
            if firmly:
                raise KeyboardInterrupt
            firmly = True

    heeded = [number for number in _ASKING if number != _HANGUP or signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, ask_to_stop) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def told_interruption(stop: Stop, engine: Engine, issue: str) -> Iterator[None]:
    """Where sending `issue` is broken off, say how to go on. What a person has stopped then waits for a person."""
    try:
        yield
    except Interrupted:
        if not stop.by_hand:
            raise Interrupted(
                "Stopped, since the system asked for it or the terminal was closed. All that left is recorded. "
                f"The next `bulletin run` goes on with it, or you: bulletin send {issue}"
            ) from None
        _wait_for_person(engine, issue)
        raise Interrupted(f"Stopped. All that left is recorded. Go on with it: bulletin send {issue}") from None
    except KeyboardInterrupt:
        if stop.by_hand:
            _wait_for_person(engine, issue)
        raise Interrupted(
            f"Stopped at once. What was in flight is uncertain: bulletin status {issue} names it. "
            f"Go on with the others: bulletin send {issue}"
        ) from None


def _wait_for_person(engine: Engine, issue: str) -> None:
    """Whoever stops a mailing by hand has a reason: no `bulletin run` goes on with it by itself."""
    from bulletin.delivery.ledger.control import pause_mailings

    pause_mailings(engine, issue, now=now_ms(), note="stopped by hand")
