"""`bulletin send` where workers send: it hands the mailing to them, and shows how far they are."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bulletin.cli.clock import now_ms
from bulletin.cli.signals import Stop, stop_on_signals
from bulletin.cli.terminal import count, say, warn
from bulletin.errors import DatabaseError, Interrupted, MailingCancelled, MailingHalted, MailingPaused

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.cli.sending.send_request import SendRequest
    from bulletin.delivery.ledger.counts import Counts
    from bulletin.delivery.ledger.mailing import Mailing
    from bulletin.delivery.sending.send_preview import SendPreview
    from bulletin.delivery.sending.sending import Consent, Trigger
    from bulletin.edition.edition_set import EditionSet
    from bulletin.workspace.workspace import Workspace

_LOOK: Final = 1.0  # seconds between two looks, if counting takes little of it
_SHARE: Final = 10  # times as long as counting takes
_STEP: Final = 0.1
_AWAY: Final = 60.0
"""Seconds for which a database that is away is waited for."""


def sends_here(engine: Engine, request: SendRequest) -> bool:
    """Whether this computer sends by itself, and says so if that is because there is no worker.

    Raises MailingError for `--defer` where there can be no workers, DatabaseError.
    """
    from bulletin.database.dialects import is_on_server
    from bulletin.delivery.workers.handing_over import require_workers_possible
    from bulletin.delivery.workers.roster import find_workers
    from bulletin.parts import Part, has_part

    if request.defer:
        require_workers_possible(engine)
        return False
    if request.here or not is_on_server(engine) or not has_part(Part.WORKERS):
        return True
    if not find_workers(engine):
        say("No worker was seen in the last 60 seconds, so this computer sends it.")
        return True
    return False


def send_by_workers(
    workspace: Workspace,
    engine: Engine,
    preview: SendPreview,
    *,
    make_editions: Callable[[], EditionSet],
    consent: Consent,
    log: Path | None,
) -> Counts:
    """Leave it to the workers, and show how far they are until nothing is left to do now.

    Raises what `leave_to_workers` raises, and why the mailing stopped. Ctrl-C raises Interrupted: the workers continue.
    """
    from bulletin.cli.progress import watch
    from bulletin.delivery.ledger.counts import find_next_due
    from bulletin.delivery.sending.sending import Trigger

    if log:
        warn("Workers keep logs of their own (bulletin worker --log), so --log has no effect here.")
    mailings = _hand_over(workspace, engine, preview, make_editions=make_editions, trigger=Trigger(consent=consent))
    stop = Stop()
    with stop_on_signals(stop), watch(lambda: find_next_due(engine, mailings)) as report:
        return _await_end(engine, preview.issue, mailings, stop, report)


def _hand_over(
    workspace: Workspace,
    engine: Engine,
    preview: SendPreview,
    *,
    make_editions: Callable[[], EditionSet],
    trigger: Trigger,
) -> Sequence[Mailing]:
    from bulletin.delivery.ledger.mailing_events import is_stopped
    from bulletin.delivery.ledger.shared_mailings import is_shared
    from bulletin.delivery.sending.sending import leave_to_workers
    from bulletin.delivery.workers.handing_over import prepare_to_hand_over
    from bulletin.delivery.workers.roster import find_workers

    open_ones = preview.open
    if open_ones and all(is_shared(engine, one) and not is_stopped(engine, [one.id]) for one in open_ones):
        say(f"The workers have {preview.issue} already.")
        return open_ones
    mailings = leave_to_workers(
        workspace,
        engine,
        preview,
        make_edition=make_editions,
        clock=now_ms,
        hand_over=prepare_to_hand_over(engine),
        trigger=trigger,
    )
    number = len(find_workers(engine))
    say(f"Left to {count(number, 'worker')}." if number else "No worker is running. To start one: bulletin worker")
    return mailings


def _await_end(
    engine: Engine, issue: str, mailings: Sequence[Mailing], stop: Stop, report: Callable[[Counts], None]
) -> Counts:
    """Show how far it is until no worker can do anything now. A database that is away is waited for."""
    watched = _Watched(engine, issue, mailings)
    answered = time.monotonic()
    while True:
        began = time.monotonic()
        try:
            counts, over = watched.look(report)
            answered = time.monotonic()
            if over:
                return counts
        except DatabaseError:
            if time.monotonic() - answered > _AWAY:
                raise
        _wait(issue, stop, max(_LOOK, _SHARE * (time.monotonic() - began)))


def _wait(issue: str, stop: Stop, seconds: float) -> None:
    """Raises Interrupted at Ctrl-C."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if stop.is_set():
            raise Interrupted(
                f"The workers continue without you. See how far they are: bulletin status {issue}. "
                f"To stop them: bulletin pause {issue}"
            )
        time.sleep(_STEP)


class _Watched:
    """The mailings that workers send."""

    def __init__(self, engine: Engine, issue: str, mailings: Sequence[Mailing]) -> None:
        self._engine = engine
        self._issue = issue
        self._mailings = mailings
        self._warned = False

    def look(self, report: Callable[[Counts], None]) -> tuple[Counts, bool]:
        """The counts, and whether no worker can do anything now.

        Raises MailingPaused, MailingCancelled and MailingHalted, and DatabaseError.
        """
        from bulletin.delivery.ledger.counts import count_states

        counts = count_states(self._engine, self._mailings)
        report(counts)
        over = self._is_over(counts)
        if not over:
            self._warn_of_silence()
        return counts, over

    def _is_over(self, counts: Counts) -> bool:
        from bulletin.delivery.ledger.counts import find_next_due
        from bulletin.delivery.ledger.server_lock import find_sender_on_server

        self._refuse_stopped()
        if not counts.unfinished:
            return True
        due = find_next_due(self._engine, self._mailings) if not (counts.queued or counts.sending) else None
        return due is not None and due > now_ms() and not find_sender_on_server(self._engine, self._issue)

    def _warn_of_silence(self) -> None:
        """Say once that no worker is there any more."""
        from bulletin.delivery.workers.roster import find_workers

        if not find_workers(self._engine):
            if not self._warned:
                warn(
                    "No worker was seen in the last 60 seconds. Start one (bulletin worker), or press Ctrl-C and type: "
                    f"bulletin send {self._issue} --here"
                )
            self._warned = True
        else:
            self._warned = False

    def _refuse_stopped(self) -> None:
        from bulletin.database.states import MailingEvent
        from bulletin.delivery.ledger.mailing_events import find_events, pick_last_event

        for mailing in self._mailings:
            last = pick_last_event(find_events(self._engine, mailing.id))
            if last is None:
                continue
            if last.event is MailingEvent.PAUSED:
                raise MailingPaused(f"{self._issue} is paused.", f"Continue it with: bulletin send {self._issue}")
            if last.event is MailingEvent.CANCELLED:
                raise MailingCancelled(
                    f"{self._issue} was cancelled. Readers who hadn't been sent it yet won't get it."
                )
            if last.event is MailingEvent.HALTED:
                raise MailingHalted(last.note, f"See its status: bulletin status {self._issue}")
