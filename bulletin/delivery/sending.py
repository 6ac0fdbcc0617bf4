"""What `bulletin send` does: look ahead at what it would mean, and, once a person agrees, carry it out."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulletin.database.errors import database_errors
from bulletin.database.tables import MailingEvent
from bulletin.delivery.dispatch import send_mailing
from bulletin.delivery.events import find_last_event, record_event
from bulletin.delivery.hold import hold_mailing
from bulletin.delivery.limits import Route
from bulletin.delivery.mailing import Mailing, Plan, count_people, find_mailed_issues, find_mailings, start_mailing
from bulletin.delivery.progress import Counts, count_states
from bulletin.delivery.relays import open_relays
from bulletin.delivery.routing import load_paces, make_verdict
from bulletin.edition.edition import Edition
from bulletin.errors import NotFound
from bulletin.signing.approval import require_approval
from bulletin.signing.snapshot import take_snapshot
from bulletin.subscribers.difference import Difference
from bulletin.subscribers.sync import compare_with_files, sync_lists
from bulletin.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger import Result
    from bulletin.delivery.log import DeliveryLog


@dataclass(frozen=True, kw_only=True, slots=True)
class Prospect:
    """What sending an issue now would mean.

    `open` are mailings of it that were begun and are not finished: they are gone on with. Otherwise a new one would
    begin, to those whom `plan` counts; `sent_lists` are those of `lists` that an earlier mailing has gone to.
    """

    issue: str
    lists: tuple[str, ...]
    difference: Difference
    plan: Plan
    open: tuple[Mailing, ...]
    counts: Counts  # of the open mailings
    sent_lists: frozenset[str]

    @property
    def only_newcomers(self) -> bool:
        """Whether everybody whom a new mailing would reach has joined since the issue went to their list."""
        return set(self.lists) <= self.sent_lists


def find_known_issue(workspace: Workspace, engine: Engine, name: str) -> str:
    """The id of an issue by any of its names. One that was sent is known even when its file is gone.

    Raises NotFound if there is neither.
    """
    return name if name in find_mailed_issues(engine) else workspace.find_issue(name)


def choose_lists(workspace: Workspace, issue: str, named: Sequence[str]) -> tuple[str, ...]:
    """The lists that an issue goes to: those named, else its bulletin's, else all. Raises NotFound for one unknown."""
    known = workspace.settings.lists
    if unknown := [name for name in named if name not in known]:
        raise NotFound(f"There is no list “{unknown[0]}”.", f"The lists in bulletin.yaml are: {', '.join(known)}.")
    return tuple(dict.fromkeys(named)) or workspace.lists_of(issue)


def look_ahead(workspace: Workspace, engine: Engine, issue: str, *, lists: tuple[str, ...], now: int) -> Prospect:
    """What `bulletin send` would do at `now` (ms since 1970). Changes nothing: what is tried out is rolled back."""
    mailings = find_mailings(engine, issue)
    unfinished = tuple(mailing for mailing in mailings if count_states(engine, [mailing]).unfinished)
    with database_errors(), engine.connect() as connection:
        difference = compare_with_files(connection, workspace)
        sync_lists(connection, workspace, difference, now=now)
        plan = count_people(connection, issue, lists)
        connection.rollback()
    return Prospect(
        issue=issue,
        lists=lists,
        difference=difference,
        plan=plan,
        open=unfinished,
        counts=count_states(engine, unfinished),
        sent_lists=frozenset(name for mailing in mailings for name in mailing.lists),
    )


def carry_out(
    workspace: Workspace,
    engine: Engine,
    prospect: Prospect,
    *,
    make_edition: Callable[[], Edition],
    clock: Callable[[], int],
    stop: threading.Event,
    report: Callable[[Counts], None],
    log: DeliveryLog | None = None,
) -> Counts:
    """Sync the lists, begin the mailing unless one is open, and send it. `stop` and `report` as in `send_mailing`.

    `log` is told what becomes of each message.
    `make_edition` is asked for the edition only if a mailing begins: an open one goes on with the edition that it
    began with. Raises MailingHeld if another process is sending this issue, NotSignedOff if a mailing would begin
    without the sign-offs that it needs, and what `send_mailing` raises.
    """
    sending = workspace.settings.sending
    relays = open_relays(workspace)
    paces = load_paces(engine, relays, sending, now=clock())
    routes = [Route(relay=relay, pace=pace) for relay, pace in zip(relays, paces, strict=True)]
    with hold_mailing(workspace.state_folder, prospect.issue, now=clock()):
        with database_errors(), engine.begin() as connection:
            sync_lists(connection, workspace, compare_with_files(connection, workspace), now=clock())
        mailings = prospect.open or (_begin(workspace, engine, prospect, make_edition(), now=clock()),)
        for mailing in mailings:
            _resume(engine, mailing, now=clock())
            with log.follow(mailing) if log else nullcontext(_keep_no_log) as tell:
                send_mailing(
                    engine,
                    mailing,
                    routes=routes,
                    judge=make_verdict(sending),
                    retries=sending.retries,
                    patience=sending.patience,
                    secret=workspace.read_secret_key(),
                    run=secrets.token_hex(8),
                    clock=clock,
                    stop=stop,
                    report=report,
                    log=tell,
                )
        return count_states(engine, mailings)


def _keep_no_log(_results: Sequence[Result]) -> None:
    """Where nobody asked for a log."""


def _begin(workspace: Workspace, engine: Engine, prospect: Prospect, edition: Edition, *, now: int) -> Mailing:
    """Begin a mailing of what has been signed off, for exactly these lists."""
    snapshot = take_snapshot(workspace, edition, lists=prospect.lists)
    signed = require_approval(workspace, engine, snapshot).signed
    return start_mailing(engine, edition, lists=prospect.lists, key=secrets.token_hex(6), now=now, signed=signed)


def _resume(engine: Engine, mailing: Mailing, *, now: int) -> None:
    """A person lets a mailing go on that was paused, or had stopped by itself."""
    if find_last_event(engine, mailing) in (MailingEvent.PAUSED, MailingEvent.HALTED):
        record_event(engine, mailing, MailingEvent.RESUMED, now=now)
