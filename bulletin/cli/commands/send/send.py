"""`bulletin send`: start a mailing, or go on with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import now_ms, today
from bulletin.cli.options import (
    AlsoToOption,
    IssueArgument,
    ListsOption,
    LogOption,
    MovedOption,
    NewcomersOption,
    NewDatabaseOption,
    SpreadOption,
    WorkspaceOption,
    YesOption,
)
from bulletin.cli.schedule_send import plan, read_moment
from bulletin.cli.second_look import agree
from bulletin.cli.signals import Stop, stop_on_signals, told_interruption
from bulletin.cli.terminal import NOTHING_SENT, count, say
from bulletin.cli.wording.count_text import describe_counts
from bulletin.cli.wording.doubt_text import settle_doubts
from bulletin.cli.wording.event_text import print_halt, print_schedule
from bulletin.cli.wording.forecast_text import announce
from bulletin.cli.wording.gate import refuse_unfit
from bulletin.cli.wording.next_step import can_only_wait, describe_onward, find_retry_time, print_wait
from bulletin.errors import MailingError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger.counts import Counts
    from bulletin.delivery.sending.sending import Consent, Prospect
    from bulletin.edition.edition import Edition
    from bulletin.proof.finding import Finding
    from bulletin.settings.settings import Settings
    from bulletin.workspace.workspace import Workspace


MOST_WARNINGS = 5  # that are shown in full before a mailing; `check` shows all
MOST_FAULTS = 10  # rows of list files that are named before a mailing; `subscribers sync` names all


def send(
    issue: IssueArgument,
    *,
    lists: ListsOption = None,
    newcomers: NewcomersOption = False,
    left_out: Annotated[
        bool, typer.Option("--left-out", help="Send to those whom a cancelled mailing did not get to.")
    ] = False,
    at: Annotated[
        str, typer.Option("--at", metavar="TIME", help="Plan it for then: 1 June 2021 9:00.", show_default=False)
    ] = "",
    spread: SpreadOption = False,
    resend_refused: Annotated[
        bool, typer.Option("--resend-refused", help="Once the cause is mended: again to those who were refused.")
    ] = False,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="ADDRESS", help="With --resend-refused: only to this person, or these."),
    ] = None,
    moved: MovedOption = False,
    new_database: NewDatabaseOption = False,
    new_key: Annotated[
        bool, typer.Option("--new-key", help="Sign unsubscribe links with another key from now on.")
    ] = False,
    also_to: AlsoToOption = None,
    log: LogOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    yes: YesOption = False,
    folder: WorkspaceOption = None,
) -> None:
    """Send the issue once to each person. If sending is interrupted, the same command goes on where it was."""
    from bulletin.cli.commands.lists.subscribers import agree_to_older, show_difference
    from bulletin.cli.resend import queue_refused
    from bulletin.database.schema import open_database
    from bulletin.delivery.ledger.recovery import mend_due_times
    from bulletin.delivery.sending.sending import (
        Consent,
        choose_lists,
        find_cancelled_lists,
        find_known_issue,
        look_ahead,
    )
    from bulletin.edition.build import make_edition
    from bulletin.workspace.workspace import open_workspace

    asked = {"--at": at, "--list": lists, "--newcomers": newcomers, "--left-out": left_out, "--new-key": new_key}
    _refuse_combinations(asked, resend_refused=resend_refused, to=to or [])
    workspace = open_workspace(folder)
    engine = open_database(workspace)
    name = find_known_issue(workspace, engine, issue)
    settle = partial(settle_doubts, workspace, engine, name, moved=moved, new_database=new_database, only_show=dry_run)
    agreement = None
    if resend_refused:
        settle()
        agreement = queue_refused(workspace, engine, name, to or [], spread=spread, dry_run=dry_run, yes=yes)
        if agreement is None:
            return
    chosen = choose_lists(workspace, name, lists or (find_cancelled_lists(workspace, engine, name) if left_out else ()))
    mend_due_times(engine, retries=workspace.settings.sending.retries, now=now_ms())
    prospect = look_ahead(workspace, engine, name, lists=chosen, now=now_ms(), left_out=left_out)
    if left_out and prospect.open:
        raise MailingError(
            f"Another mailing of {name} is not finished, so nothing was sent to those who were left out.",
            f"Finish it first: bulletin send {name}. Then run the same command again.",
        )
    if agreement:
        agreement.require(prospect)
        yes = True  # that was the question
    moment = read_moment(at, prospect) if at else None
    # An open mailing goes on with the edition that it began with, whatever became of the file.
    if not prospect.open:
        day = today(moment.at) if moment else None
        _show_warnings(refuse_unfit(workspace, name, today=day, lists=chosen), name)
    show_difference(prospect.difference, most_faults=MOST_FAULTS)
    _print_recipients(prospect, workspace.settings)
    _print_waits(engine, prospect, planning=bool(moment))
    if not prospect.open and _is_over(prospect, newcomers=newcomers):
        return
    prepare = cache(partial(make_edition, workspace, name))  # once: what is found to be signed off is what is sent
    if not prospect.open:
        _print_approval(workspace, engine, prepare(), lists=chosen, needed=not dry_run)
    settle()
    agree_to_older(prospect.older, dry_run=dry_run, otherwise=NOTHING_SENT)
    if moment:
        terms = {"newcomers": newcomers, "spread": spread, "dry_run": dry_run, "yes": yes}
        plan(workspace, engine, prospect, prepare(), moment, also_to=also_to, **terms)
        return
    if not agreement:  # who has agreed knows it
        _print_forecast(workspace, engine, prospect, spread=spread)
    if dry_run:
        say("This was a dry run: nothing was sent, and nothing was changed.")
        return
    _send_now(
        workspace,
        engine,
        prospect,
        make_edition=prepare,
        # What else has to be answered for has been asked above.
        consent=Consent(new_database=True, new_key=new_key, same_month=prospect.same_month),
        log=log,
        also_to=also_to,
        yes=yes,
    )


def _refuse_combinations(asked: Mapping[str, object], *, resend_refused: bool, to: Sequence[str]) -> None:
    """Raises BadParameter for options that contradict each other. `asked` has what was given for each, by its name."""
    if asked["--left-out"] and asked["--newcomers"]:
        raise typer.BadParameter("--left-out and --newcomers are for different people: send to one after the other.")
    if to and not resend_refused:
        raise typer.BadParameter(
            "--to goes with --resend-refused. One copy to anybody: bulletin test ISSUE --to ADDRESS"
        )
    if asked["--new-key"] and asked["--at"]:
        raise typer.BadParameter("--new-key is for now: leave --at out.")
    if resend_refused and any(asked[name] for name in ("--at", "--newcomers", "--left-out", "--list")):
        raise typer.BadParameter(
            "--resend-refused is for now, and for those alone who were refused: leave --at, --list, --newcomers and "
            "--left-out out."
        )


def _print_forecast(workspace: Workspace, engine: Engine, prospect: Prospect, *, spread: bool) -> None:
    """How long it takes and until when. Raises BulletinError where that breaks a quota, unless it may `spread`."""
    from bulletin.delivery.sending.sending import foresee_prospect

    left = prospect.counts.unfinished if prospect.open else prospect.plan.recipients
    if prospect.open and (until := find_retry_time(engine, prospect)):
        print_wait(prospect.counts, until)
        left -= prospect.counts.deferred
    if left and (forecast := foresee_prospect(workspace, engine, prospect, now=now_ms(), number=left)):
        announce(prospect.issue, forecast, workspace.settings.sending, spread=spread)


def _send_now(
    workspace: Workspace,
    engine: Engine,
    prospect: Prospect,
    *,
    make_edition: Callable[[], Edition],
    consent: Consent,
    log: Path | None,
    also_to: int | None,
    yes: bool,
) -> None:
    """Ask, send, and say what has become of it. What would stop it is said before anybody is asked."""
    from bulletin.delivery.sending.last_failure import forget_setback
    from bulletin.delivery.sending.relays import open_relays
    from bulletin.subscribers.link_key import find_link_key

    open_relays(workspace)
    find_link_key(workspace, engine, new=consent.new_key)
    if can_only_wait(workspace, engine, prospect):
        say("Nothing can leave before that, so nothing was sent, and nothing was changed.")
        raise typer.Exit(1)
    if consent.new_key:
        say("With a new key, the unsubscribe links in emails sent before stop working.")
    if not agree(_question(prospect), prospect.same_month, also_to=also_to, yes=yes, otherwise=NOTHING_SENT):
        say(NOTHING_SENT)
        raise typer.Exit(1)
    counts = _carry_out(workspace, engine, prospect, make_edition=make_edition, consent=consent, log=log)
    forget_setback(workspace.state_folder, prospect.issue)
    _print_result(workspace, engine, prospect.issue, counts)


def _carry_out(
    workspace: Workspace,
    engine: Engine,
    prospect: Prospect,
    *,
    make_edition: Callable[[], Edition],
    consent: Consent,
    log: Path | None,
) -> Counts:
    """Send, show how far it is, and say how to go on if a person stops it."""
    from bulletin.cli.progress import warn_during_mailing, watch
    from bulletin.delivery.ledger.counts import find_next_due
    from bulletin.delivery.ledger.mailing import find_mailings
    from bulletin.delivery.sending.log import open_log
    from bulletin.delivery.sending.sending import Trigger, carry_out
    from bulletin.delivery.supervision import Callbacks, Control

    name = prospect.issue
    watched = watch(lambda: find_next_due(engine, find_mailings(engine, name)))
    stop = Stop()
    told = told_interruption(stop, engine, name)
    logged = open_log(log, clock=now_ms, rights=workspace.rights)
    with told, stop_on_signals(stop), logged as kept, watched as report:
        return carry_out(
            workspace,
            engine,
            prospect,
            make_edition=make_edition,
            control=Control(clock=now_ms, stop=stop),
            observer=Callbacks(report=report, notify=warn_during_mailing),
            log=kept,
            trigger=Trigger(consent=consent),
        )


def _show_warnings(warnings: Sequence[Finding], name: str) -> None:
    """What the proof warns of, so that whoever sends lets it stand knowingly."""
    for warning in warnings[:MOST_WARNINGS]:
        say(f"{warning.fault}\n")
    if warnings:
        say(f"The proof has {count(len(warnings), 'warning')}. Read them: bulletin check {name}")


def _print_recipients(prospect: Prospect, settings: Settings) -> None:
    if prospect.open:
        began = ", ".join(sorted({name for mailing in prospect.open for name in mailing.lists}))
        say(f"{prospect.issue} to {began} was begun and is not finished. It goes on with the same edition.")
        for line in describe_counts(prospect.counts):
            say(f"  {line}")
        if later := [name for name in prospect.lists if name not in prospect.sent_lists]:
            say(f"Once that is done, the same command sends it to {', '.join(later)}.")
        return
    people, status = prospect.plan, f"see bulletin status {prospect.issue}"
    if people.recipients:
        say(f"{prospect.issue} would go to {count(people.recipients, 'person', 'people')}, each once:")
    else:
        say(f"{prospect.issue} would go to nobody:")
    for name, number in people.by_list.items() if people.recipients else ():
        say(f"{number:>9,}  {name}: {settings.lists[name].title}")
    for number, words in (
        (people.already - prospect.left_out - people.refused - people.uncertain, "had it before: left out"),
        (people.refused, f"refused before: left out, {status}"),
        (people.uncertain, f"may have had it (uncertain): left out, {status}"),
        (prospect.left_out, "did not get it when it was cancelled: left out, see --left-out"),
        (people.newcomers, "were not written to before: left out, see --newcomers"),
        (people.suppressed, "opted out (or bounced, or complained): left out"),
    ):
        if number:
            say(f"{number:>9,}  {words}")
    for line in prospect.same_month.describe():
        say(line)


def _print_waits(engine: Engine, prospect: Prospect, *, planning: bool) -> None:
    """Why the issue's open mailings wait; and what was planned for it, unless it is being planned anew."""
    from bulletin.delivery.plans.schedule import find_schedule

    for mailing in prospect.open:
        print_halt(engine, mailing)
    if not planning and (schedule := find_schedule(engine, prospect.issue)):
        print_schedule(schedule, now=now_ms())
        if not prospect.open and set(schedule.lists) <= set(prospect.lists):
            say("  What you begin now takes the place of that.")


def _print_approval(
    workspace: Workspace, engine: Engine, edition: Edition, *, lists: tuple[str, ...], needed: bool
) -> None:
    """Say who has signed exactly this off. Raises NotApproved where that is `needed` and it is not enough."""
    from bulletin.approval.requirement import find_approval_status, name_command, require_approval
    from bulletin.approval.snapshot import take_snapshot

    snapshot = take_snapshot(workspace, edition, lists=lists)
    if needed:
        require_approval(workspace, engine, snapshot)
    approval = find_approval_status(workspace, engine, snapshot.contents)
    if approval.summary:
        say(approval.summary)
    if approval.missing:
        say(f"Nothing leaves before that: {name_command(workspace, snapshot.contents)}")


def _is_over(prospect: Prospect, *, newcomers: bool) -> bool:
    """Whether a new mailing has no one to go to, or only those whom nobody has asked for."""
    if prospect.plan.already and not prospect.plan.recipients:
        everybody = not (prospect.left_out or prospect.plan.refused or prospect.plan.uncertain)
        say("Everybody on these lists has had it. There is nothing to do." if everybody else "Nobody else is left.")
        return True
    if prospect.only_newcomers and not newcomers:
        people = count(prospect.plan.recipients, "person has", "people have")
        say(f"It has gone to these lists. {people} joined since; to send it to them as well: --newcomers")
        return True
    return False


def _question(prospect: Prospect) -> str:
    if prospect.open:
        left = count(prospect.counts.unfinished, "person who is", "people who are")
        return f"Go on, and send {prospect.issue} to the {left} left?"
    people = count(prospect.plan.recipients, "person", "people")
    return f"Send {prospect.issue} to {people} on {', '.join(prospect.lists)}?"


def _print_result(workspace: Workspace, engine: Engine, name: str, counts: Counts) -> None:
    say(f"{name}: {count(counts.total, 'person', 'people')} in all:")
    for line in describe_counts(counts):
        say(f"  {line}")
    if counts.uncertain:
        say(f"See who is uncertain, and what to do: bulletin status {name}")
    if counts.unfinished:
        words, command = describe_onward(workspace, engine, name, counts)
        say(f"Not finished. {words} {command}")
    if counts.refused:
        say(f"See who was refused, and in which words: bulletin status {name} --who refused")
    if counts.uncertain or counts.unfinished or (counts.refused and not counts.accepted):
        raise typer.Exit(1)
    say("Done.")
