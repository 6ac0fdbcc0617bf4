"""What `bulletin send` does: look ahead at what it would mean, and, once a person agrees, carry it out."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulletin.approval.requirement import require_approval
from bulletin.approval.snapshot import take_snapshot
from bulletin.database.errors import database_errors
from bulletin.database.identity import name_place
from bulletin.database.states import MailingEvent
from bulletin.delivery.dispatch.run import send_mailing
from bulletin.delivery.dispatch.supervision import Callbacks, Control, Observer, SendOptions
from bulletin.delivery.ledger.counts import Counts, count_ended, count_states, count_waiting_domains
from bulletin.delivery.ledger.events import (
    STOPPED,
    EventRecord,
    add_event,
    find_last_record,
    find_release,
    lock_events,
    was_cancelled,
)
from bulletin.delivery.ledger.issue_lock import hold_issue
from bulletin.delivery.ledger.mailing import Mailing, find_mailed_issues, find_mailings
from bulletin.delivery.ledger.same_month import SameMonth, find_same_month, require_agreed
from bulletin.delivery.ledger.start import RecipientCounts, count_domains, count_people, start_mailing
from bulletin.delivery.limits.policies import Route
from bulletin.delivery.plans.schedule import Schedule, begin_schedule, supersede_schedule
from bulletin.delivery.plans.schedule_snapshots import require_planned_lists
from bulletin.delivery.sending.doubts import require_known
from bulletin.delivery.sending.estimates import foresee_mailing, load_paces, make_verdict
from bulletin.delivery.sending.overview import IssueOverview, read_overview
from bulletin.delivery.sending.relays import open_relays
from bulletin.edition.edition import Edition
from bulletin.errors import MailingPaused, NotFound
from bulletin.subscribers.difference import Difference
from bulletin.subscribers.link_key import find_link_key, take_link_key
from bulletin.subscribers.membership import compare_lists
from bulletin.subscribers.provenance import OlderList, find_older, refuse_older
from bulletin.subscribers.sync import compare_with_files, read_declared_lists, sync_lists
from bulletin.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from bulletin.delivery.ledger.ledger import Result
    from bulletin.delivery.limits.forecast import Forecast
    from bulletin.delivery.sending.log import DeliveryLog


@dataclass(frozen=True, kw_only=True, slots=True)
class Prospect:
    """What sending an issue now would mean.

    `open` are mailings of it that were begun and are not finished: they are gone on with. `seen` is what happened to
    each of them last, by its id, as a person is shown it. Nothing is compared with the list files then. Otherwise a new
    one would begin, to those whom `plan` counts, and `domains` by where they have their mail; `sent_lists` are those of
    `lists` that an earlier mailing has gone to. `left_out` are those whom a cancelled mailing did not get to, unless
    the plan is for them (`for_left_out`). `same_month` is what else was sent for the issue's month to them. `older` are
    list files older than what another computer synced last.
    """

    issue: str
    lists: tuple[str, ...]
    difference: Difference
    plan: RecipientCounts
    domains: Mapping[str, int]
    open: tuple[Mailing, ...]
    seen: Mapping[int, EventRecord | None]
    counts: Counts  # of the open mailings
    sent_lists: frozenset[str]
    left_out: int
    for_left_out: bool
    same_month: SameMonth
    overview: IssueOverview
    older: tuple[OlderList, ...] = ()

    @property
    def only_newcomers(self) -> bool:
        """Whether everybody whom a new mailing would reach has joined since the issue went to their list."""
        return set(self.lists) <= self.sent_lists and not self.for_left_out


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """What a person has agreed to beside the mailing itself.

    To send from a database without any record of the past; to sign the unsubscribe links with another key than before;
    and to what they were shown of the issue's month: without that, nobody gets a second issue of one month.
    """

    new_database: bool = False
    new_key: bool = False
    same_month: SameMonth | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Trigger:
    """Why an issue is sent now: a person asks for it, or `bulletin run` finds it due.

    `consent` is what a person has agreed to. `schedule` is what a mailing begins for, if it begins for a time.
    """

    by_person: bool = True
    consent: Consent = Consent()
    schedule: Schedule | None = None


def find_known_issue(workspace: Workspace, engine: Engine, name: str) -> str:
    """The id of an issue by any of its names. One that was sent is known even when its file is gone.

    Raises NotFound if there is neither.
    """
    try:
        return workspace.find_issue(name)
    except NotFound:
        issue = name.removesuffix(".yaml").removeprefix("issues/")
        if issue in find_mailed_issues(engine):
            return issue
        raise


def choose_lists(workspace: Workspace, issue: str, named: Sequence[str]) -> tuple[str, ...]:
    """The lists that an issue goes to: those named, else its bulletin's, else all. Raises NotFound for one unknown."""
    known = workspace.settings.lists
    if unknown := [name for name in named if name not in known]:
        raise NotFound(f"There is no list “{unknown[0]}”.", f"The lists in bulletin.yaml are: {', '.join(known)}.")
    return tuple(dict.fromkeys(named)) or workspace.lists_of(issue)


def find_cancelled_lists(workspace: Workspace, engine: Engine, issue: str) -> tuple[str, ...]:
    """The lists that cancelled mailings of `issue` went to, as far as there still are any. Raises DatabaseError."""
    names = (
        name for mailing in find_mailings(engine, issue) if was_cancelled(engine, mailing.id) for name in mailing.lists
    )
    return tuple(name for name in dict.fromkeys(names) if name in workspace.settings.lists)


def look_ahead(
    workspace: Workspace,
    engine: Engine,
    issue: str,
    *,
    lists: tuple[str, ...],
    now: int,
    left_out: bool = False,
    for_plan: bool = False,
) -> Prospect:
    """What `bulletin send` would do at `now` (ms since 1970). Changes nothing: what is tried out is rolled back.

    `left_out`: it would go to those whom a cancelled mailing did not get to, and to nobody else. `for_plan`: it would
    begin beside mailings of which all who are left are put off, since its time is kept. Raises LedgerBehind if the
    ledger lacks something that was in it before.
    """
    overview = read_overview(engine, issue)
    if overview.shortfall:
        raise overview.shortfall.explain(name_place(engine.url))
    unfinished = overview.unfinished
    if for_plan and not overview.is_stopped and not any(one.is_ready(now=now) for one in unfinished):
        unfinished = ()
    with database_errors(), engine.connect() as connection:
        if unfinished:  # their recipients are frozen, and a broken list file must not hold them up
            difference, others = Difference(lists=()), 0
            older: tuple[OlderList, ...] = ()
            domains: Mapping[str, int] = {}
            none = dict.fromkeys(("recipients", "suppressed", "already", "refused", "uncertain", "newcomers"), 0)
            plan = RecipientCounts(issue=issue, by_list={}, **none)
            same_month = SameMonth(issue=issue, people=0, reached=0, others=())
        else:
            difference = compare_with_files(connection, workspace)
            older = find_older(connection, workspace, difference.counts)
            sync_lists(connection, workspace, difference, now=now)
            plan = count_people(connection, issue, lists, left_out=left_out)
            domains = count_domains(connection, issue, lists, left_out=left_out)
            same_month = find_same_month(connection, workspace, issue, lists, left_out=left_out)
            others = 0 if left_out else count_people(connection, issue, lists, left_out=True).recipients
            connection.rollback()
    return Prospect(
        issue=issue,
        lists=lists,
        difference=difference,
        plan=plan,
        domains=domains,
        open=tuple(one.mailing for one in unfinished),
        seen={one.mailing.id: one.last for one in unfinished},
        counts=overview.open_counts if unfinished else Counts(),
        sent_lists=frozenset(name for mailing in overview.begun for name in mailing.lists),
        left_out=others,
        for_left_out=left_out,
        same_month=same_month,
        older=older,
        overview=overview,
    )


def foresee_prospect(
    workspace: Workspace, engine: Engine, prospect: Prospect, *, now: int, number: int | None = None
) -> Forecast | None:
    """How the mailing that a person is asked about would leave, or `number` of its messages. As `foresee_mailing`."""
    domains = count_waiting_domains(engine, prospect.open, now=now) if prospect.open else prospect.domains
    if number is None:
        number = prospect.counts.unfinished if prospect.open else prospect.plan.recipients
    return foresee_mailing(workspace, engine, number, now=now, domains=domains)


def carry_out(
    workspace: Workspace,
    engine: Engine,
    prospect: Prospect,
    *,
    make_edition: Callable[[], Edition],
    control: Control,
    observer: Observer = Callbacks(),  # noqa: B008 -- frozen
    log: DeliveryLog | None = None,
    trigger: Trigger = Trigger(),
) -> Counts:
    """Send the issue: resume its open mailings, or sync the lists and begin one.

    `make_edition` is called only if a mailing begins: an open one continues with the edition that it began with. `log`
    records each result. If a person asks for this, a mailing that was paused or halted resumes, unless that happened
    after the person was shown its status. Otherwise it is left alone.

    Raises MailingError if a person has to answer for the database first and has not consented; MailingHeld if another
    process is sending this issue; MailingPaused if it was stopped since the person was shown it; NotApproved if a
    mailing would begin without the approvals that it needs; SentThatMonth if more people would get a second issue than
    was agreed; PlanEnded if the schedule has ended; and what `send_mailing` raises.
    """
    clock, consent = control.clock, trigger.consent
    require_known(workspace, engine, prospect.issue, new_database=consent.new_database, now=clock())
    sending = workspace.settings.sending
    find_link_key(workspace, engine, new=consent.new_key)  # before anything begins that would stop for want of it
    relays = open_relays(workspace)
    paces = load_paces(engine, relays, sending, now=clock())
    routes = [Route(relay=relay, pace=pace) for relay, pace in zip(relays, paces, strict=True)]
    with hold_issue(engine, workspace.state_folder, prospect.issue, now=clock()) as require_hold:
        if prospect.open:
            mailings = _let_go_on(engine, prospect, by_person=trigger.by_person, now=clock())
        else:
            _sync(workspace, engine, prospect, trigger.schedule, now=clock())
            mailings = (_begin(workspace, engine, prospect, make_edition(), trigger, now=clock()),)
        secret = take_link_key(workspace, engine, now=clock(), new=consent.new_key)
        for mailing in mailings:
            # What was refused before an interruption counts, until a person resumes the mailing.
            ended = count_ended(engine, mailing, since=find_release(engine, mailing.id) or mailing.began_at)
            options = SendOptions(
                secret=secret, run=secrets.token_hex(8), retries=sending.retries, patience=sending.patience
            )
            with _keep_log(log, mailing, observer) as logged:
                send_mailing(
                    engine,
                    mailing,
                    routes=routes,
                    judge=make_verdict(sending, ended),
                    options=options,
                    control=control.check_also(require_hold),
                    observer=logged,
                )
        return count_states(engine, prospect.open or mailings)


@contextmanager
def _keep_log(log: DeliveryLog | None, mailing: Mailing, observer: Observer) -> Iterator[Observer]:
    """The observer, with `log` beside it if there is one."""
    if log is None:
        yield observer
        return
    with log.follow(mailing) as write:

        def keep(results: Iterable[Result]) -> None:
            kept = tuple(results)
            write(kept)
            observer.log(kept)

        yield Callbacks(report=observer.report, log=keep, notify=observer.notify)


def _sync(workspace: Workspace, engine: Engine, prospect: Prospect, schedule: Schedule | None, *, now: int) -> None:
    """Take over the list files, if they are as planned; by hand, if a person has agreed to what is older in them."""
    files = read_declared_lists(workspace)
    with database_errors(), engine.begin() as connection:
        if schedule:
            require_planned_lists(workspace, connection, schedule, files)
        difference = compare_lists(connection, files)
        if not schedule:
            refuse_older(find_older(connection, workspace, difference.counts), agreed=prospect.older)
        sync_lists(connection, workspace, difference, now=now)


def _begin(
    workspace: Workspace,
    engine: Engine,
    prospect: Prospect,
    edition: Edition,
    trigger: Trigger,
    *,
    now: int,
) -> Mailing:
    """Begin a mailing of what has been approved for exactly these lists."""
    lists, left_out = prospect.lists, prospect.for_left_out
    signed = require_approval(workspace, engine, take_snapshot(workspace, edition, lists=lists)).given

    def begin(connection: Connection, mailing: Mailing) -> None:
        same = find_same_month(connection, workspace, prospect.issue, lists, left_out=left_out)
        require_agreed(workspace, same, trigger.consent.same_month, lists=lists)
        if trigger.schedule:
            begin_schedule(trigger.schedule, connection, mailing)
        else:
            supersede_schedule(connection, mailing)

    return start_mailing(
        engine,
        edition,
        lists=lists,
        key=secrets.token_hex(6),
        now=now,
        signed=signed,
        left_out=left_out,
        within=begin,
    )


def _let_go_on(engine: Engine, prospect: Prospect, *, by_person: bool, now: int) -> tuple[Mailing, ...]:
    """Which of the open mailings may go on: decided once for all, so that who stops one later is not overruled.

    A person lets go on what was paused, or had stopped by itself.
    """
    with database_errors(), engine.begin() as connection:
        lock_events(connection)
        lasts = [(mailing, find_last_record(connection, mailing.id)) for mailing in prospect.open]
        resting = [(mailing, last) for mailing, last in lasts if last and last.event in STOPPED]
        if not by_person:
            return tuple(mailing for mailing, last in lasts if (mailing, last) not in resting)
        for mailing, last in resting:
            if last != prospect.seen[mailing.id] or last.event is MailingEvent.CANCELLED:
                raise _stopped_meanwhile(prospect.issue, last)
            add_event(connection, mailing.id, MailingEvent.RESUMED, now=now)
    return prospect.open


def _stopped_meanwhile(issue: str, last: EventRecord) -> MailingPaused:
    what = "has stopped by itself" if last.event is MailingEvent.HALTED else f"was {last.event}"
    why = f" ({last.note})" if last.note else ""
    return MailingPaused(
        f"{issue} {what}{why} since it was shown here. Nothing was sent.",
        f"See how it stands: bulletin status {issue}. The same command asks anew.",
    )
