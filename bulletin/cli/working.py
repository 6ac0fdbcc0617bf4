"""What `bulletin worker` does and says: a worker, with the chores of `bulletin run` that one of all workers does."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from bulletin.cli.clock import now_ms
from bulletin.cli.opening import open_ledger
from bulletin.cli.signals import Stop, stop_on_signals
from bulletin.cli.terminal import say, warn
from bulletin.errors import BulletinError, DatabaseError, Interrupted

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from bulletin.delivery.workers.worker import Chore
    from bulletin.workspace.workspace import Workspace


def work(folder: Path | None, *, connections: int | None, once: bool, log: Path | None) -> None:
    """Work until a person or the system asks to stop; `once`: until nothing is left to do. Raises BulletinError."""
    from bulletin.delivery.sending.log import open_log
    from bulletin.delivery.workers.handing_over import require_workers_possible

    with open_ledger(folder) as (workspace, engine):
        require_workers_possible(engine)
        from bulletin.delivery.workers.worker import WorkerSettings, run_worker

        stop = Stop()
        with stop_on_signals(stop), open_log(log, clock=now_ms, rights=workspace.rights) as kept:
            settings = WorkerSettings(
                workspace=workspace,
                engine=engine,
                clock=now_ms,
                stop=stop,
                report=_report,
                chores=list_chores(workspace, engine, stop, log),
                connections=connections,
                log=kept,
                once=once,
            )
            _run(partial(run_worker, settings))
        _report("Stopped. Everything that was sent is recorded, and others continue.")


def _run(act: Callable[[], None]) -> None:
    """At a second request the process ends at once, whatever its threads wait for."""
    try:
        act()
    except KeyboardInterrupt:
        _report("Stopped at once. The messages in hand are uncertain. Others continue.")
        sys.stdout.flush()
        os._exit(130)


def _report(words: str) -> None:
    """Say it; a worker continues even if no one can read it any more."""
    with suppress(OSError):
        say(words)


def list_chores(workspace: Workspace, engine: Engine, stop: Stop, log: Path | None) -> tuple[Chore, ...]:
    """What one of all workers does: what is due each minute, what came back, and what was kept long enough."""
    from bulletin.cli.read_returns import read_hourly, stop_refused
    from bulletin.cli.tidying import tidy_if_due
    from bulletin.cli.wording.complaint_text import remind_of_complaints
    from bulletin.delivery.workers.worker import Chore

    def tidy() -> None:
        stop_refused(workspace, engine, once=True)
        tidy_if_due(workspace, engine, log, now=now_ms())
        remind_of_complaints(workspace, engine)

    return (
        Chore(name="due", cron="* * * * *", act=_tolerate(partial(_send_due, workspace, engine, stop))),
        Chore(name="returns", cron="*/5 * * * *", act=_tolerate(partial(read_hourly, workspace, engine))),
        Chore(name="retention", cron="7 * * * *", act=_tolerate(tidy)),
    )


def _send_due(workspace: Workspace, engine: Engine, stop: Stop) -> None:
    """Send short emails and alerts, and leave to the workers whatever is due."""
    from bulletin.cli.due_mailings import check_due, print_happened
    from bulletin.cli.outbox_emails import send_alerts, send_emails
    from bulletin.delivery.dispatch.supervision import Control
    from bulletin.delivery.sending.runner import Runner
    from bulletin.delivery.workers.handing_over import prepare_to_hand_over
    from bulletin.edition.build import make_edition

    send_emails(workspace, engine, stop)
    runner = Runner(
        workspace=workspace,
        engine=engine,
        check=partial(check_due, workspace, engine),
        make_edition=partial(make_edition, workspace),
        control=Control(clock=now_ms, stop=stop),
        hand_over=prepare_to_hand_over(engine),
    )
    for happened in runner.run():
        print_happened(workspace, engine, happened)
    send_alerts(workspace, engine)


def _tolerate(act: Callable[[], object]) -> Callable[[], None]:
    """What goes wrong is said: the worker works on."""

    def act_or_say() -> None:
        try:
            act()
        except DatabaseError:
            raise
        except Interrupted:
            return
        except BulletinError as error:
            warn(str(error))

    return act_or_say
