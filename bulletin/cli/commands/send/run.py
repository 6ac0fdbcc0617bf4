"""`bulletin run`: sends what is due and continues what waits. For cron, or a systemd timer."""

from __future__ import annotations

from functools import partial

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.due_mailings import check_due, name_issue, needs_person, print_happened
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import LogOption, MovedOption, WorkspaceOption
from bulletin.cli.read_returns import read_hourly, stop_refused
from bulletin.cli.signals import Stop, stop_on_signals, told_interruption
from bulletin.cli.tidying import tidy_if_due
from bulletin.cli.wording.complaint_text import remind_of_complaints


def run(*, moved: MovedOption = False, log: LogOption = None, folder: WorkspaceOption = None) -> None:
    """Send what is due (for cron or a timer).

    It also continues what is waiting, reads what came back once an hour, sends emails such as “Confirm your
    subscription”, and once a day deletes what was kept long enough (`retention:`). It runs once, and prints nothing if
    there is nothing to do. It tells you of the same trouble once a day.

      bulletin run   each minute, from cron or a timer

    See also: bulletin schedule, bulletin status
    """
    from bulletin.cli.outbox_emails import send_alerts, send_emails
    from bulletin.cli.progress import warn_during_mailing
    from bulletin.delivery.dispatch.supervision import Control
    from bulletin.delivery.plans.last_run import keep_last_run
    from bulletin.delivery.sending.doubts import accept_place
    from bulletin.delivery.sending.log import open_log
    from bulletin.delivery.sending.runner import Runner
    from bulletin.delivery.workers.handing_over import find_hand_over
    from bulletin.edition.build import make_edition

    with open_ledger(folder) as (workspace, engine):
        keep_last_run(workspace.state_folder, now=now_ms())
        if moved:
            accept_place(workspace, engine)
        in_order = read_hourly(workspace, engine)
        stop = Stop()
        with stop_on_signals(stop), open_log(log, clock=now_ms, rights=workspace.rights) as kept:
            in_order &= send_emails(workspace, engine, stop)  # first: people wait for them, and a mailing takes hours
            runner = Runner(
                workspace=workspace,
                engine=engine,
                check=partial(check_due, workspace, engine),
                make_edition=partial(make_edition, workspace),
                control=Control(clock=now_ms, stop=stop),
                log=kept,
                during=partial(told_interruption, stop, engine),
                hand_over=find_hand_over(engine),
                notify=lambda issue, words: warn_during_mailing(name_issue(issue, words)),
            )
            for happened in runner.run():
                print_happened(workspace, engine, happened)
                in_order &= not needs_person(happened)
        stop_refused(workspace, engine, once=True)
        tidy_if_due(workspace, engine, log, now=now_ms())
        remind_of_complaints(workspace, engine)
        in_order &= send_alerts(workspace, engine)
        if not in_order:
            raise typer.Exit(1)
