"""What `bulletin run` does about emails to one person, and says about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.cli.clock import now_ms
from bulletin.cli.terminal import say, warn
from bulletin.errors import BulletinError

if TYPE_CHECKING:
    import threading

    from sqlalchemy import Engine

    from bulletin.workspace.workspace import Workspace


def send_emails(workspace: Workspace, engine: Engine, stop: threading.Event) -> bool:
    """Send what is due in the outbox. Whether all is in order; the same trouble is told once a day.

    Raises DatabaseError.
    """
    from bulletin.delivery.sending.outbox_runner import OutboxRunner, describe_report

    try:
        report = OutboxRunner(workspace=workspace, engine=engine, clock=now_ms, stop=stop, report=warn).run()
    except BulletinError as error:
        return _tell(workspace, error)
    for line in describe_report(report):
        (warn if report.uncertain else say)(line)
    return _tell(workspace, report.error) and not report.uncertain


def send_alerts(workspace: Workspace, engine: Engine) -> bool:
    """Send the alerts that a mailing has put in the outbox, if bulletin.yaml names anyone. As `send_emails`."""
    import threading

    return workspace.settings.alerts is None or send_emails(workspace, engine, threading.Event())


def _tell(workspace: Workspace, error: BulletinError | None) -> bool:
    from bulletin.delivery.sending.last_failure import LastFailure, forget_last_failure, keep_last_failure
    from bulletin.delivery.sending.last_failure import read_last_failure as read
    from bulletin.delivery.sending.outbox_runner import HOLD

    folder, now = workspace.state_folder, now_ms()
    if error is None:
        forget_last_failure(folder, HOLD)
        return True
    failure = LastFailure(at=now, words=str(error), told_at=now)
    if not failure.repeats(read(folder, HOLD)):
        keep_last_failure(folder, HOLD, failure)
        warn(f"Emails to one person wait: {error}")
    return False
