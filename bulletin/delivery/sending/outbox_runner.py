"""Emails that are no issue, from the decision to the server: one run over the outbox, and a thread that repeats it.

One process at a time does it. `bulletin serve` has the thread, and `bulletin run` makes one run.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from traceback import extract_tb
from typing import TYPE_CHECKING, Final

from bulletin.database.errors import database_errors
from bulletin.database.states import OutboxKind, OutboxState
from bulletin.delivery.ledger.issue_lock import hold_issue
from bulletin.delivery.limits.pace import MeasuredPace
from bulletin.delivery.limits.policies import Route
from bulletin.delivery.limits.provider_limits import find_allowance
from bulletin.delivery.outbox.claims import has_waiting
from bulletin.delivery.outbox.courier import Courier, OutboxReport
from bulletin.delivery.outbox.notices import Stationery
from bulletin.delivery.sending.relays import open_relays
from bulletin.delivery.sending.signing import open_signer
from bulletin.errors import BulletinError, MailingHeld
from bulletin.subscribers.joining.decision import decide_sign_ups
from bulletin.subscribers.joining.expiry import expire_sign_ups, find_work
from bulletin.subscribers.link_key import take_link_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from bulletin.workspace.workspace import Workspace

HOLD: Final = "(emails to one person)"
"""What holds the outbox, in the place of an issue's id; no issue can have this name."""

EACH: Final = 60.0
"""Seconds between two looks into the outbox, if nothing wakes us: others may have put something there."""

GRACE: Final = 30.0
"""Seconds for which an email that is on its way is waited for in the end. After that it is uncertain."""


@dataclass(frozen=True, kw_only=True)
class OutboxRunner:
    """Decides about sign-ups, ends those whose time is over, and sends what is due. `clock` tells ms since 1970.

    `stop` ends it between two emails. `report` is told what is wrong with a workspace's own templates.
    """

    workspace: Workspace
    engine: Engine
    clock: Callable[[], int]
    stop: threading.Event
    report: Callable[[str], object] = print

    def run(self) -> OutboxReport:
        """Do all that is to be done now; nothing if another process does it. Raises BulletinError."""
        if not self._has_work():
            return OutboxReport()
        try:
            with hold_issue(self.engine, self.workspace.state_folder, HOLD, now=self.clock()) as require_hold:
                return self._run(require_hold)
        except MailingHeld:
            return OutboxReport()

    def _has_work(self) -> bool:
        now = self.clock()
        with database_errors(), self.engine.begin() as connection:
            return find_work(connection, now=now) or has_waiting(connection, now=now)

    def _run(self, require_hold: Callable[[], None]) -> OutboxReport:
        settings = self.workspace.settings
        expire_sign_ups(self.engine, settings, now=self.clock())
        decide_sign_ups(self.engine, settings, now=self.clock())
        with database_errors(), self.engine.begin() as connection:
            if not has_waiting(connection, now=self.clock()):
                return OutboxReport()
        return self._open_courier(require_hold).send_due()

    def _open_courier(self, require_hold: Callable[[], None]) -> Courier:
        sending = self.workspace.settings.sending
        allowance = find_allowance(sending)
        load = partial(MeasuredPace.load, self.engine, allowance=allowance, now=self.clock())
        return Courier(
            engine=self.engine,
            routes=[Route(relay=relay, pace=load(relay)) for relay in open_relays(self.workspace)],
            stationery=Stationery(
                settings=self.workspace.settings,
                folders=self.workspace.theme_folders,
                key=take_link_key(self.workspace, self.engine, now=self.clock()),
                report=self.report,
            ),
            retries=sending.retries,
            clock=self.clock,
            signer=open_signer(self.workspace),
            may_continue=partial(self._may_continue, require_hold),
        )

    def _may_continue(self, require_hold: Callable[[], None]) -> bool:
        require_hold()
        return not self.stop.is_set()


class OutboxThread:
    """Runs `run` again and again, in a thread of its own: when woken, and each minute. `say` is told how it went."""

    def __init__(
        self,
        run: Callable[[], OutboxReport],
        *,
        stop: threading.Event,
        say: Callable[[str], object],
        each: float = EACH,
    ) -> None:
        """`stop` ends what is being run; it is set by `running` in the end. `each` is in seconds."""
        self._run = run
        self._stop = stop
        self._say = say
        self._each = each
        self._bell = threading.Event()
        self._told = ""

    def wake(self) -> None:
        """Have it look now: something was put into the outbox."""
        self._bell.set()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Have it at work during the `with` block. In the end, an email on its way is waited for, for a while."""
        thread = threading.Thread(target=self._work, name="outbox", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            self._bell.set()
            thread.join(GRACE)

    def _work(self) -> None:
        while not self._stop.is_set():
            self._look()
            self._bell.wait(self._each)
            self._bell.clear()

    def _look(self) -> None:
        try:
            report = self._run()
        except BulletinError as error:
            self._tell(str(error))
        except Exception as error:  # noqa: BLE001 -- this is an edge: the next email must not wait for a restart
            place = extract_tb(error.__traceback__)[-1]
            self._tell(f"Our fault: {type(error).__name__} at {place.filename}:{place.lineno}")
        else:
            for line in describe_report(report):
                self._say(line)
            self._tell(str(report.error) if report.error else "")

    def _tell(self, trouble: str) -> None:
        """Say what is wrong, but not the same again each minute."""
        if trouble and trouble != self._told:
            self._say(trouble)
        self._told = trouble


def describe_report(report: OutboxReport) -> Iterator[str]:
    """What became of emails, a line each, without an address; nothing if there were none."""
    told = [f"{report.counts[state]:,} {words}" for state, words in _WORDS.items() if report.counts[state]]
    if told:
        yield f"Emails to one person: {', '.join(told)}."
    for kind in dict.fromkeys(report.uncertain):
        number = report.uncertain.count(kind)
        yield (
            f"{number} email{'s' * (number > 1)} ({_KINDS[kind]}) may or may not have arrived: the connection or the "
            f"program broke off. {'They are' if number > 1 else 'It is'} not sent again. If someone asks, they can "
            "enter their address on the website again."
        )


_WORDS: Final = {
    OutboxState.ACCEPTED: "accepted",
    OutboxState.QUEUED: "deferred",
    OutboxState.REFUSED: "refused",
}
_KINDS: Final = {
    OutboxKind.CONFIRM: "confirm your subscription",
    OutboxKind.WELCOME: "welcome",
    OutboxKind.ALREADY: "you get this already",
    OutboxKind.APPROVED: "request approved",
    OutboxKind.REFUSED: "request refused",
    OutboxKind.ADDED: "a list was added",
    OutboxKind.COMPLAINT: "we have your complaint",
    OutboxKind.ALERT: "alert to you",
}
