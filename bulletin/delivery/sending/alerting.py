"""Tells people what needs them, by email and in Teams: at most once an hour for one cause.

No mailing is ever stopped by it. The email is put in the outbox, so it is sent even if this process dies before that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bulletin.database.errors import database_errors
from bulletin.database.states import MailingEvent, OutboxKind
from bulletin.delivery.ledger.counts import count_states
from bulletin.delivery.ledger.mailing_events import find_last_event
from bulletin.delivery.sending.alert_text import Alert, describe_end, describe_halt, describe_uncertain
from bulletin.delivery.sending.teams import post_card
from bulletin.errors import BulletinError, DatabaseError, Interrupted
from bulletin.subscribers.joining.limits import AskingLimit, take_turn
from bulletin.subscribers.outbox import put_email

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger.mailing import Mailing
    from bulletin.settings.alerting import Alerts
    from bulletin.workspace.workspace import Workspace

ONE_AN_HOUR: Final = AskingLimit(name="alerts", most=1, within=3_600_000)
"""How often a person is told of one cause."""

_DIGEST: Final = 8  # octets


@dataclass(frozen=True, kw_only=True)
class Alerter:
    """Who is told, and how; `settings` is None if no one is. `clock` tells ms since 1970.

    `read_webhook` finds the address of the Teams workflow. `report` gets a line about what could not be told.
    """

    engine: Engine
    settings: Alerts | None
    read_webhook: Callable[[], str]
    clock: Callable[[], int]
    report: Callable[[str], object]

    def tell(self, alert: Alert) -> None:
        """Tell of it, unless that was done less than an hour ago. What fails is reported, and nothing is raised."""
        if self.settings is None:
            return
        try:
            if not self._put(alert, self.settings.email):
                return
            if self.settings.teams:
                post_card(self.read_webhook(), alert.subject, alert.lines)
        except BulletinError as error:
            self.report(f"{alert.subject}. {error}")

    def _put(self, alert: Alert, recipients: Sequence[str]) -> bool:
        """Put an email to each in the outbox. False if it is too early for another one. Raises DatabaseError."""
        now = self.clock()
        about = hashlib.blake2b(alert.cause.encode(), digest_size=_DIGEST).hexdigest()
        details = {"subject": alert.subject, "lines": list(alert.lines)}
        with database_errors(), self.engine.begin() as connection:
            if not take_turn(connection, ONE_AN_HOUR, about, now=now):
                return False
            for number, recipient in enumerate(recipients):
                dedupe = f"alert {about} {now} {number}"
                put_email(connection, OutboxKind.ALERT, dedupe=dedupe, details=details, now=now, recipient=recipient)
        return True


def make_alerter(
    workspace: Workspace, engine: Engine, *, clock: Callable[[], int], report: Callable[[str], object]
) -> Alerter:
    """The alerter of a workspace."""
    return Alerter(
        engine=engine,
        settings=workspace.settings.alerts,
        read_webhook=workspace.secrets.read_teams_webhook,
        clock=clock,
        report=report,
    )


@contextmanager
def watch_mailings(alerter: Alerter, issue: str, mailings: Sequence[Mailing]) -> Iterator[None]:
    """Tell how these mailings of `issue` went, once the `with` block ends: stopped by itself, ended, or uncertain."""
    if alerter.settings is None:
        yield
        return
    before = count_states(alerter.engine, mailings).uncertain
    try:
        yield
    except (BulletinError, Interrupted) as error:
        _tell_result(alerter, issue, mailings, before, error)
        raise
    _tell_result(alerter, issue, mailings, before, None)


def _tell_result(
    alerter: Alerter, issue: str, mailings: Sequence[Mailing], before: int, error: Exception | None
) -> None:
    try:
        counts = count_states(alerter.engine, mailings)
        events = {find_last_event(alerter.engine, mailing.id) for mailing in mailings}
    except DatabaseError as fault:
        alerter.report(f"Whether {issue} needs someone could not be told. {fault}")
        return
    if isinstance(error, BulletinError) and MailingEvent.HALTED in events:
        alerter.tell(describe_halt(issue, counts, error))
    elif error is None and events == {MailingEvent.ENDED}:
        alerter.tell(describe_end(issue, counts))
    elif counts.uncertain > before:
        alerter.tell(describe_uncertain(issue, counts))
