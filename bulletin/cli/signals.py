"""Stop in good order when a person, the system or a closed terminal asks."""

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

# The terminal was closed, or its connection was lost. Windows has no such signal.
_HANGUP: Final = getattr(signal, "SIGHUP", None)
_ASKING: Final = tuple(filter(None, (signal.SIGINT, signal.SIGTERM, _HANGUP)))


class Stop(threading.Event):
    """Set once there is a request to stop. `by_hand`: a person pressed Ctrl-C."""

    by_hand = False


@contextmanager
def stop_on_signals(stop: Stop) -> Iterator[None]:
    """Set `stop` at the first request: sending then waits for the messages in flight, and records them.

    A server may take ten minutes to reply. At a second request sending stops at once, and the messages in flight are
    recorded as uncertain. A closed terminal is no second request: a shell sends that signal twice. Under nohup, which
    ignores it from the start, sending continues.
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
    """Say how to continue when sending `issue` is interrupted. If a person stopped it, it waits for a person."""
    try:
        yield
    except Interrupted:
        if not stop.by_hand:
            raise Interrupted(
                "Stopped: the system asked for it, or the terminal was closed. Everything that was sent is recorded. "
                f"The next `bulletin run` continues, or you can: bulletin send {issue}"
            ) from None
        _wait_for_person(engine, issue)
        raise Interrupted(
            f"Stopped. Everything that was sent is recorded. Continue with: bulletin send {issue}"
        ) from None
    except KeyboardInterrupt:
        if stop.by_hand:
            _wait_for_person(engine, issue)
        raise Interrupted(
            f"Stopped at once. The messages in flight are uncertain. See them with: bulletin status {issue}. "
            f"Continue with the others: bulletin send {issue}"
        ) from None


def _wait_for_person(engine: Engine, issue: str) -> None:
    """Pause a mailing that a person stopped, for they had a reason: `bulletin run` does not continue it."""
    from bulletin.delivery.ledger.control import pause_mailings

    pause_mailings(engine, issue, now=now_ms(), note="stopped by hand")
