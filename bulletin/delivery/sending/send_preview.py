"""What `bulletin send` would do now: which mailings would resume, or who would get a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulletin.database.errors import database_errors
from bulletin.database.identity import name_place
from bulletin.delivery.ledger.counts import Counts, count_waiting_domains
from bulletin.delivery.ledger.mailing import Mailing, find_mailed_issues, find_mailings
from bulletin.delivery.ledger.mailing_events import (
    EventRecord,
    was_cancelled,
)
from bulletin.delivery.ledger.same_month import SameMonth, find_same_month
from bulletin.delivery.ledger.start import RecipientCounts, Recipients, count_domains, count_people
from bulletin.delivery.ledger.withholding import find_day
from bulletin.delivery.sending.estimates import foresee_mailing
from bulletin.delivery.sending.overview import IssueOverview, MailingOverview, read_overview
from bulletin.errors import NotFound
from bulletin.subscribers.difference import Difference
from bulletin.subscribers.provenance import OlderList, find_older
from bulletin.subscribers.sync import compare_with_files, sync_lists
from bulletin.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.limits.forecast import Forecast


@dataclass(frozen=True, kw_only=True, slots=True)
class SendPreview:
    """What sending an issue now would mean.

    `open` has its unfinished mailings, which would resume; `seen` has the last event of each, by id, as the person is
    shown it; `counts` are theirs. If there are any, the list files are not read. Otherwise a new mailing would start:
    `difference` is what the files change in the lists, `readers` counts the readers, `domains` has how many have their
    mail where, and `older` are list files older than what another computer synced last. `left_out` counts the readers
    that a cancelled mailing left out, unless they are the `recipients`. `same_month` is what else was sent to the
    readers for the issue's month.
    """

    lists: tuple[str, ...]
    overview: IssueOverview
    recipients: Recipients
    open: tuple[Mailing, ...]
    seen: Mapping[int, EventRecord | None]
    counts: Counts
    difference: Difference
    readers: RecipientCounts
    domains: Mapping[str, int]
    left_out: int
    same_month: SameMonth
    older: tuple[OlderList, ...] = ()

    @property
    def issue(self) -> str:
        """The id of the issue."""
        return self.overview.issue

    @property
    def sent_lists(self) -> frozenset[str]:
        """The lists that earlier mailings of the issue went to."""
        return frozenset(name for mailing in self.overview.begun for name in mailing.lists)

    @property
    def only_newcomers(self) -> bool:
        """Whether all readers of a new mailing were added since the issue went to their list."""
        return set(self.lists) <= self.sent_lists and self.recipients is Recipients.NEW


def preview_send(
    workspace: Workspace,
    engine: Engine,
    issue: str,
    *,
    lists: tuple[str, ...],
    now: int,
    recipients: Recipients = Recipients.NEW,
) -> SendPreview:
    """What `bulletin send` would do at `now` (ms since 1970). Changes nothing: what is tried out is rolled back.

    Raises LedgerBehind if the ledger lacks something that was in it before.
    """
    overview = _read_whole_overview(engine, issue)
    if overview.unfinished:
        return _preview_resume(overview, lists, overview.unfinished, recipients)
    return _preview_start(workspace, engine, overview, lists, now=now, recipients=recipients)


def preview_scheduled_send(
    workspace: Workspace, engine: Engine, issue: str, *, lists: tuple[str, ...], now: int
) -> SendPreview:
    """As `preview_send`, for an issue whose scheduled time has come.

    A mailing that only waits for retries doesn't hold it up, unless it was paused or stopped: the time is kept.
    """
    overview = _read_whole_overview(engine, issue)
    unfinished = overview.unfinished
    if overview.is_stopped or any(one.is_ready(now=now) for one in unfinished):
        return _preview_resume(overview, lists, unfinished, Recipients.NEW)
    return _preview_start(workspace, engine, overview, lists, now=now, recipients=Recipients.NEW)


def _read_whole_overview(engine: Engine, issue: str) -> IssueOverview:
    """The overview. Raises LedgerBehind if the ledger lacks something."""
    overview = read_overview(engine, issue)
    if overview.shortfall:
        raise overview.shortfall.explain(name_place(engine.url))
    return overview


def _preview_resume(
    overview: IssueOverview, lists: tuple[str, ...], unfinished: tuple[MailingOverview, ...], recipients: Recipients
) -> SendPreview:
    """No list file is read: the recipients are frozen, and a broken file must not hold them up."""
    none = dict.fromkeys(("recipients", "suppressed", "already", "refused", "uncertain", "newcomers"), 0)
    return SendPreview(
        lists=lists,
        overview=overview,
        recipients=recipients,
        open=tuple(one.mailing for one in unfinished),
        seen={one.mailing.id: one.last for one in unfinished},
        counts=overview.open_counts,
        difference=Difference(lists=()),
        readers=RecipientCounts(issue=overview.issue, by_list={}, **none),
        domains={},
        left_out=0,
        same_month=SameMonth(issue=overview.issue, people=0, reached=0, others=()),
    )


def _preview_start(
    workspace: Workspace,
    engine: Engine,
    overview: IssueOverview,
    lists: tuple[str, ...],
    *,
    now: int,
    recipients: Recipients,
) -> SendPreview:
    issue, today = overview.issue, find_day(now)
    with database_errors(), engine.connect() as connection:
        difference = compare_with_files(connection, workspace)
        older = find_older(connection, workspace, difference.counts)
        sync_lists(connection, workspace, difference, now=now)
        left_out = (
            count_people(connection, issue, lists, recipients=Recipients.LEFT_OUT, today=today).recipients
            if recipients is Recipients.NEW
            else 0
        )
        preview = SendPreview(
            lists=lists,
            overview=overview,
            recipients=recipients,
            open=(),
            seen={},
            counts=Counts(),
            difference=difference,
            readers=count_people(connection, issue, lists, recipients=recipients, today=today),
            domains=count_domains(connection, issue, lists, recipients=recipients, today=today),
            left_out=left_out,
            same_month=find_same_month(connection, workspace, issue, lists, recipients=recipients, today=today),
            older=older,
        )
        connection.rollback()
    return preview


def foresee_send(
    workspace: Workspace, engine: Engine, preview: SendPreview, *, now: int, number: int | None = None
) -> Forecast | None:
    """How the mailing that a person is asked about would leave, or `number` of its messages. As `foresee_mailing`."""
    domains = count_waiting_domains(engine, preview.open, now=now) if preview.open else preview.domains
    if number is None:
        number = preview.counts.unfinished if preview.open else preview.readers.recipients
    return foresee_mailing(workspace, engine, number, now=now, domains=domains)


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
