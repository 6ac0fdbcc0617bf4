"""One reading of what came back: every email is judged first, then dealt with, some in one commit.

So a storm is seen before anything follows from it. A reader's own request to unsubscribe is carried out in any case.
A reading that breaks off continues after the last commit; one that is repeated, from anywhere, changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from bulletin.bounces.actions.complained import stop_complained
from bulletin.bounces.actions.gone import stop_gone
from bulletin.bounces.actions.ours import note_ours
from bulletin.bounces.actions.soft import count_soft
from bulletin.bounces.actions.unsubscribed import carry_out_wish
from bulletin.bounces.answers import judge_answers
from bulletin.bounces.bounce_alerts import alert_about_returns
from bulletin.bounces.decision import NOT_KEPT, OPEN, ReturnDecision, decide
from bulletin.bounces.judgement import judge_email
from bulletin.bounces.kept_returns import MAILBOX, WEBHOOK, is_kept, keep_return
from bulletin.bounces.ledger_reader import LedgerReader
from bulletin.bounces.mailbox_progress import keep_progress, keep_reading, read_progress
from bulletin.bounces.suppression_plan import guard_plan, list_told_lately, plan_suppression
from bulletin.bounces.verdict import ReturnClass, ReturnKind, Verdict
from bulletin.database.errors import database_errors
from bulletin.delivery.ledger.bounced import ANSWER
from bulletin.delivery.sending.alerting import Alerter, make_alerter
from bulletin.errors import MailboxUnreadable
from bulletin.subscribers.link_key import list_reading_keys
from bulletin.subscribers.scope import find_declared_bulletins

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from bulletin.bounces.mailbox.imap import ImapState
    from bulletin.bounces.sources import MailSource
    from bulletin.bounces.storm_guard import GuardedReading, PlannedSuppression
    from bulletin.workspace.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadingCounts:
    """How many emails were read, and how often each of these is what one says. An email may speak of several readers.

    What was read before counts as read, and as nothing else.
    """

    read: int = 0
    bounced: int = 0
    complained: int = 0
    unsubscribed: int = 0
    ignored: int = 0
    to_confirm: int = 0
    unknown: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadingOutcome:
    """What came of a reading.

    `known` reports had been read before. `ours` are the reasons that lie with us, each with how often it came.
    `stopped` readers are suppressed since, `answers` of them for what their server said while sending. `reasons` says,
    in a line each, why nothing was applied but requests to unsubscribe. `trouble` is what went wrong when emails were
    to be moved or deleted, after all was recorded.
    """

    counts: ReadingCounts
    known: int = 0
    ours: Mapping[ReturnKind, int] = field(default_factory=dict)
    stopped: int = 0
    answers: int = 0
    reasons: tuple[str, ...] = ()
    trouble: str = ""


_Thing = TypeVar("_Thing")


class _Judged(NamedTuple):
    """An email: its name in the mailbox, what to remember once it was dealt with, and what it says.

    `foreseen` is what would be done about what was not read before.
    """

    name: str
    state: ImapState
    verdicts: tuple[Verdict, ...]
    foreseen: tuple[ReturnDecision, ...]


class _Seen(NamedTuple):
    """What a reading has come across: the keys of reports, and the deliveries that came back."""

    keys: set[bytes]
    bounced: set[int]


@dataclass(kw_only=True)
class _Tally:
    """What has been counted so far. `classes` has the results; `dealt_with` the emails that no one has to look at."""

    classes: Counter[str] = field(default_factory=Counter)
    ours: Counter[ReturnKind] = field(default_factory=Counter)
    known: int = 0
    stopped: int = 0
    answers: int = 0
    dealt_with: list[tuple[str, ImapState]] = field(default_factory=list)

    def note(self, decision: ReturnDecision) -> None:
        kind = decision.verdict.kind
        if decision.result is ReturnClass.OURS:
            self.ours[kind] += 1
        no_bounce = kind is ReturnKind.AUTHENTICATION_REPORT
        self.classes["ignored" if no_bounce else _COUNTED_AS[decision.result]] += 1


_COUNTED_AS: Final = {
    **dict.fromkeys((ReturnClass.GONE, ReturnClass.SOFT, ReturnClass.OURS), "bounced"),
    **dict.fromkeys((ReturnClass.TO_CONFIRM, ReturnClass.HELD), "to_confirm"),
    ReturnClass.COMPLAINED: "complained",
    ReturnClass.UNSUBSCRIBED: "unsubscribed",
    ReturnClass.IGNORED: "ignored",
    ReturnClass.UNKNOWN: "unknown",
}
_ACTIONS: Final[Mapping[ReturnClass, Callable[..., bool]]] = {
    ReturnClass.GONE: stop_gone,
    ReturnClass.SOFT: count_soft,
    ReturnClass.OURS: note_ours,
    ReturnClass.COMPLAINED: stop_complained,
}
_AT_ONCE: Final = 20  # readers or emails in a transaction: a mailing may wait for its end
_LEFT: Final = "a person looked, and left the reader as they are"
_STORM: Final = "very many came back at once"
_HELD: Final = "Exchange Online also says “access denied” where a whole domain is set up wrongly"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One reading, at `now` (ms since 1970).

    `keys` read tokens. `bulletins` are those that there are, as the journal names them. `confirmed`: a person has
    looked, and a storm is applied; `left`: they have looked, and its readers are left as they are. `dry_run`: nothing
    is changed, and the outcome is what would come of it.
    """

    engine: Engine
    keys: Sequence[bytes]
    bulletins: frozenset[str]
    now: int
    confirmed: bool = False
    left: bool = False
    dry_run: bool = False
    alerter: Alerter | None = None
    pushed: bool = False

    def run(self, source: MailSource | None) -> ReadingOutcome:
        """Read what came back to `source`, and what servers said while sending; without a source, the latter alone.

        Raises MailboxUnreadable, once what could be read was dealt with; and DatabaseError.
        """
        letters: list[_Judged] = []
        fault = self._collect(source, letters) if source else None
        decisions = [one for letter in letters for one in letter.foreseen]
        answers = [] if self.pushed else self._find_answers()
        guarded = self._guard([*decisions, *answers])
        if self.left:
            guarded = guarded.leave()
        tally = _Tally()
        if self.dry_run:
            self._foretell(letters, decisions, answers, guarded, tally)
        else:
            self._apply(source, letters, answers, guarded, tally)
        if self.alerter and not self.dry_run:
            bounced = tally.classes["bounced"]
            alert_about_returns(self.alerter, guarded.reasons, bounced=bounced, since=self.now, listed=self.pushed)
        if fault:
            raise fault
        trouble = self._conclude(source, guarded, tally) if source and not self.dry_run else ""
        return ReadingOutcome(
            counts=ReadingCounts(read=len(letters), **tally.classes),
            known=tally.known,
            ours=dict(tally.ours),
            stopped=tally.stopped,
            answers=tally.answers,
            reasons=guarded.reasons,
            trouble=trouble,
        )

    # --- what they say

    def _collect(self, source: MailSource, letters: list[_Judged]) -> MailboxUnreadable | None:
        """Judge all that came; the fault, if it couldn't be read to the end."""
        try:
            for letter in self._judge(source):
                letters.append(letter)  # noqa: PERF402 -- those before a fault are kept
        except MailboxUnreadable as fault:
            return fault
        return None

    def _judge(self, source: MailSource) -> Iterator[_Judged]:
        with self._transaction() as connection:
            state = read_progress(connection, source.name)
        seen = _Seen(keys=set(), bounced=set())
        for letter, reached in source.fetch(state):
            with self._transaction() as connection:
                reader = LedgerReader(connection=connection, keys=self.keys, now=self.now)
                verdicts = judge_email(letter.content, reader)
                foreseen = tuple(self._foresee(connection, verdicts, seen))
            yield _Judged(letter.name, reached, verdicts, foreseen)

    def _foresee(self, connection: Connection, verdicts: Iterable[Verdict], seen: _Seen) -> Iterator[ReturnDecision]:
        """What would be done about each that was not read before. The first about a delivery counts."""
        for verdict in verdicts:
            if verdict.kind not in NOT_KEPT:
                if verdict.key in seen.keys or is_kept(connection, verdict.key):
                    continue
                seen.keys.add(verdict.key)
            decision = decide(connection, verdict, now=self.now, bounced=seen.bounced)
            if decision.delivery and decision.result in _BOUNCING:
                seen.bounced.add(decision.delivery.id)
            yield decision

    def _find_answers(self) -> list[ReturnDecision]:
        with self._transaction() as connection:
            return list(judge_answers(connection, now=self.now))

    def _guard(self, decisions: Sequence[ReturnDecision]) -> GuardedReading:
        soft: dict[int, set[int]] = {}
        for one in decisions:
            if one.delivery and one.result is ReturnClass.SOFT:
                soft.setdefault(one.delivery.subscriber_id, set()).add(one.delivery.id)
        planned: list[PlannedSuppression] = []
        for group in _batch([one for one in decisions if one.delivery and one.result in _ACTIONS], _AT_ONCE):
            with self._transaction() as connection:
                for one in group:
                    failing = soft.get(one.subscriber_id or 0, set())
                    if plan := plan_suppression(connection, one, now=self.now, soft=failing):
                        planned.append(plan)
        with self._transaction() as connection:
            if planned and self.pushed:
                planned += list_told_lately(connection, now=self.now)
            return guard_plan(connection, planned, now=self.now, confirmed=self.confirmed)

    # --- what is done

    def _foretell(
        self,
        letters: Sequence[_Judged],
        decisions: Iterable[ReturnDecision],
        answers: Sequence[ReturnDecision],
        guarded: GuardedReading,
        tally: _Tally,
    ) -> None:
        """Count what would be done, without a change anywhere."""
        foreseen = [_hold(one, guarded) for one in decisions]
        for decision in foreseen:
            if not guarded.reasons or decision.result is ReturnClass.UNSUBSCRIBED:
                tally.note(decision)
        tally.known = sum(len(letter.verdicts) for letter in letters) - len(foreseen)
        tally.stopped = len({one.subscriber for one in guarded.applied})
        kept = [one for one in answers if _hold(one, guarded).result is ReturnClass.GONE]
        tally.answers = 0 if guarded.reasons else len({one.subscriber_id for one in kept})

    def _apply(
        self,
        source: MailSource | None,
        letters: Sequence[_Judged],
        answers: Iterable[ReturnDecision],
        guarded: GuardedReading,
        tally: _Tally,
    ) -> None:
        for group in _batch(letters, _AT_ONCE):
            with self._transaction() as connection:
                for letter in group:
                    self._deal_with(connection, letter, guarded, tally)
                if source and not (guarded.reasons or self.pushed):
                    keep_progress(connection, source.name, group[-1].state)
        for answer in answers if not guarded.reasons else ():
            with self._transaction() as connection:
                decision = _hold(answer, guarded)
                if keep_return(connection, decision, source=ANSWER, now=self.now):
                    tally.answers += self._act(connection, decision)
        tally.stopped += tally.answers

    def _deal_with(self, connection: Connection, letter: _Judged, guarded: GuardedReading, tally: _Tally) -> None:
        """Do what follows from an email. In a storm, only what its readers ask for themselves."""
        settled = True
        for verdict in letter.verdicts:
            decision = _hold(decide(connection, verdict, now=self.now), guarded)
            if guarded.reasons and decision.result is not ReturnClass.UNSUBSCRIBED:
                if not self.pushed:
                    continue
                decision = decision.change(ReturnClass.HELD, _STORM) if decision.result in _ACTIONS else decision
            settled &= decision.result not in OPEN and verdict.kind not in _FOR_OTHERS
            if verdict.kind in NOT_KEPT:
                tally.note(decision)
            elif keep_return(connection, decision, source=WEBHOOK if self.pushed else MAILBOX, now=self.now):
                tally.note(decision)
                stopped = self._act(connection, decision)
                tally.stopped += stopped and decision.result is not ReturnClass.UNSUBSCRIBED
            else:
                tally.known += 1
        if settled:
            tally.dealt_with.append((letter.name, letter.state))

    def _act(self, connection: Connection, decision: ReturnDecision) -> bool:
        """Whether a reader is suppressed since."""
        if decision.result is ReturnClass.UNSUBSCRIBED:
            return carry_out_wish(connection, decision, bulletins=self.bulletins, now=self.now)
        act = _ACTIONS.get(decision.result)
        return act is not None and act(connection, decision, now=self.now)

    def _conclude(self, source: MailSource, guarded: GuardedReading, tally: _Tally) -> str:
        """Remember that all was read, and put away what was dealt with. What went wrong at that, in words."""
        if not self.pushed:
            with self._transaction() as connection:
                keep_reading(connection, source.name, now=self.now)
        return "" if guarded.reasons else self._put_away(source, tally)

    def _put_away(self, source: MailSource, tally: _Tally) -> str:
        """Move or delete what no one has to look at, if bulletin.yaml asks for that. What went wrong, in words."""
        if source.put_away is None or not tally.dealt_with:
            return ""
        names = [name for name, _ in tally.dealt_with]
        try:
            source.put_away(names, tally.dealt_with[-1][1].uidvalidity)
        except MailboxUnreadable as error:
            return str(error)
        return ""

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with database_errors(), self.engine.begin() as connection:
            yield connection


def make_reading(
    workspace: Workspace,
    engine: Engine,
    *,
    now: int,
    confirmed: bool = False,
    left: bool = False,
    dry_run: bool = False,
    report: Callable[[str], object] = print,
    pushed: bool = False,
) -> Reading:
    """A reading for a workspace, at `now` (ms since 1970). `report` gets what could not be told as an alert.

    Raises BulletinError if the key of links can't be read.
    """
    return Reading(
        engine=engine,
        keys=list_reading_keys(workspace),
        bulletins=frozenset(find_declared_bulletins(workspace.settings)),
        now=now,
        confirmed=confirmed,
        left=left,
        dry_run=dry_run,
        alerter=make_alerter(workspace, engine, clock=lambda: now, report=report),
        pushed=pushed,
    )


def _batch(things: Sequence[_Thing], size: int) -> Iterator[Sequence[_Thing]]:
    return (things[start : start + size] for start in range(0, len(things), size))


def _hold(decision: ReturnDecision, guarded: GuardedReading) -> ReturnDecision:
    """The decision, for a person if the guard wants one to look at it; nothing if they looked, and leave the reader."""
    if decision.delivery is None or decision.result not in _ACTIONS:
        return decision
    reader = decision.delivery.subscriber_id, decision.delivery.mailing_id
    if guarded.held and guarded.holds(*reader):
        return decision.change(ReturnClass.HELD, _HELD)
    if guarded.stormy and not guarded.reasons and guarded.leaves(*reader):
        return decision.change(ReturnClass.IGNORED, _LEFT)
    return decision


_BOUNCING: Final = (ReturnClass.GONE, ReturnClass.SOFT, ReturnClass.OURS)
_FOR_OTHERS: Final = (ReturnKind.REPLY, ReturnKind.DMARC_REPORT)
