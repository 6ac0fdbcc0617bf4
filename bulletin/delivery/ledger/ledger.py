"""The ledger: every delivery's state, written down before its message leaves and after its fate is known.

All that ended and all that begins in one cycle is one commit (a commit for each message costs five times as much
disk, a batch claimed ahead leaves that many in doubt after a crash). States and their transitions are those of
`database.tables.DeliveryState`; each statement names the state it comes from, so that no other transition can happen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from sqlalchemy import String, bindparam, case, cast, exists, func, literal_column, null, or_, select, update

from bulletin.database.commits import note_mailing
from bulletin.database.errors import database_errors
from bulletin.database.prepared import Filled, Prepared, run_together
from bulletin.database.states import DeliveryState
from bulletin.database.tables import deliveries, shifts
from bulletin.delivery.ledger.counts import Counts, count_states
from bulletin.delivery.ledger.fence import end_silent_shifts
from bulletin.delivery.ledger.mailing import mark_mailing
from bulletin.delivery.ledger.mailing_editions import read_twins
from bulletin.delivery.ledger.withholding import consents_in, describe_pause, find_day, has_paused, is_withheld_from
from bulletin.delivery.limits.domains import read_domain
from bulletin.delivery.limits.retry import GAVE_UP, find_wait
from bulletin.delivery.smtp.outcome import DEFERRED, REFUSED, UNCERTAIN, UNSENT, Fate, Outcome
from bulletin.delivery.smtp.reply_masking import mask_addresses
from bulletin.errors import MailingError
from bulletin.subscribers.wishes import any_wishes, find_wishes, wants_text_only

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Engine, Update
    from sqlalchemy.sql.dml import ReturningUpdate

    from bulletin.database.mark import MailingMark
    from bulletin.delivery.ledger.mailing import Mailing


class Candidate(NamedTuple):
    """A delivery that may be claimed: read ahead, and not ours yet. `attempts` were made before it.

    `edition` is the number of its reader's edition. `text_only`: its reader wants plain text alone.
    """

    id: int
    subscriber_id: int
    address: str
    name: str
    state: str
    attempts: int
    edition: int = 1
    withheld: bool = False
    text_only: bool = False

    @property
    def domain(self) -> str:
        return read_domain(self.address)


class Result(NamedTuple):
    """What became of a claim; `took` ms after it was made, None if not known."""

    candidate: Candidate
    outcome: Outcome
    took: int | None = 0


class _Found(NamedTuple):
    """The candidates, the id of the last row that was read, how many were read, and what was withdrawn meanwhile."""

    candidates: list[Candidate]
    last: int
    number: int
    changes: Counter[str]


_Row = tuple[str, int, int | None, str, int, str]
"""The values of a result, as `_RECORD` wants them."""

COMING_BACK: Final = frozenset({DEFERRED, UNSENT})
"""What becomes of those who are tried again."""


def bring_forward(
    connection: Connection, which: ColumnElement[bool], *, retries: Sequence[timedelta], now: int
) -> None:
    """Where the clock has been set back, who is deferred must not wait for a time that is far away now."""
    latest = now + max(retries, default=timedelta(0)) // timedelta(milliseconds=1)
    late = which & _DEFERRED & (deliveries.c.due_at > latest)
    connection.execute(update(deliveries).where(late).values(due_at=latest))


def leave_out_rest(connection: Connection, which: ColumnElement[bool], *, now: int, reply: str) -> None:
    """Withdraw those who wait for their turn, with these words: their mailing is given up."""
    waiting = which & deliveries.c.state.in_(_WAITING)
    ended = {"state": DeliveryState.WITHDRAWN, "due_at": None, "ended_at": now, "reply": reply}
    connection.execute(update(deliveries).where(waiting).values(**ended))


class Ledger:
    """The delivery ledger as one sending run sees it: `run` names it, and is new with each `send`.

    Times are in ms since 1970, UTC. `retries` are the waits before each new attempt. Every method that reads or writes
    is a transaction of its own, and raises DatabaseError if that fails: then nothing of it has happened. A context
    manager: it keeps one connection to the database.
    """

    def __init__(self, engine: Engine, mailing: Mailing, *, run: str, retries: Sequence[timedelta]) -> None:
        self._engine = engine
        self._mailing = mailing
        self._in_mailing = deliveries.c.mailing_id == mailing.id
        self._run = run
        self._retries = tuple(retries)
        self._connection: Connection | None = None
        self._withheld = withheld = is_withheld_from(mailing)  # made once: it takes a millisecond
        self._twins: Mapping[int, int] | None = None  # read once; see `edition.edition_set`
        self._claiming = _prepare_claim(withheld)
        self._withdrawing = _prepare_withdrawal(withheld)
        self._moving: ReturningUpdate[int, int] | None = None
        self._moved: dict[int, Candidate] = {}
        self._tally: Counter[str] | None = None  # how many are in each state, kept in step from the first look on

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection to the database. Another call would take one anew."""
        connection, self._connection = self._connection, None
        if connection:
            with database_errors():
                connection.close()

    @property
    def counts(self) -> Counts:
        """How many are in each state, as far as this run knows: what it has done itself, without asking anew."""
        if self._tally is None:
            counts = count_states(self._engine, [self._mailing])
            self._tally = Counter({state.value: getattr(counts, state.value) for state in DeliveryState})
        return Counts(**self._tally)

    def recover(self, *, now: int, log: Callable[[Sequence[Result]], None] | None = None) -> int:
        """Make uncertain what an earlier run left in flight, and say how many. Only for the mailing's holder.

        The holder of the mailing is its only sender, so a row still `sending` belongs to a run that died. Only a worker
        that lost its lock a moment ago may still record what it has in flight: see `fence`. `log` is told who, once
        that is recorded.
        """
        claimed_at = deliveries.c.claimed_at
        ended_at = case((claimed_at > now, claimed_at), else_=now)  # by another clock, or before ours was set back
        lost = (
            update(deliveries)
            .where(self._in_mailing, deliveries.c.state == DeliveryState.SENDING, ~_is_of_open_shift())
            .values(state=DeliveryState.UNCERTAIN, run=None, ended_at=ended_at, reply=_BROKEN_OFF.reply)
            .returning(*_CANDIDATE)
        )
        with self._transaction() as connection:
            bring_forward(connection, self._in_mailing, retries=self._retries, now=now)
            end_silent_shifts(connection, self._mailing.id, now=now)
            found = [Candidate(*row) for row in connection.execute(lost).all()]
        self._count({DeliveryState.SENDING: -len(found), DeliveryState.UNCERTAIN: len(found)})
        if log:
            before = (candidate._replace(attempts=candidate.attempts - 1) for candidate in found)
            log([Result(candidate, _BROKEN_OFF, None) for candidate in before])
        return len(found)

    def withdraw_rest(self, *, now: int, reply: str) -> None:
        """Withdraw all that wait for their turn, with these words: the mailing is given up."""
        with self._transaction() as connection:
            leave_out_rest(connection, self._in_mailing, now=now, reply=reply)
        self._tally = None

    def commit(
        self,
        results: Sequence[Result],
        candidates: Sequence[Candidate] = (),
        *,
        now: int,
        admit: Callable[[Connection], int] | None = None,
        account: Callable[[Connection, int], None] | None = None,
    ) -> frozenset[int]:
        """Record `results` and claim `candidates`, in one commit; the ids of those that could be claimed.

        Once this returns, these are on the disk and their messages may leave. Anyone suppressed or paused meanwhile
        is withdrawn instead, and anyone who withdrew their consent moves to another edition: see `take_moved`. `admit`
        says within the commit how many, from the first, may begin: another process may have used up what the relay
        allows. `account` is told within the commit how many were claimed. Raises MailingError if a result is for a
        delivery that this run no longer has.
        """
        changes: Counter[str] = Counter()
        moved: dict[int, Candidate] = {}
        counts = self.counts
        with self._transaction() as connection:
            admitted = candidates[: admit(connection)] if admit and candidates else candidates
            claimed = self._record_and_claim(connection, results, admitted, now, changes, moved=moved)
            if account and claimed:
                account(connection, len(claimed))
            note_mailing(connection, self._measure(counts, changes))
        self._count(changes)
        self._moved = moved
        return claimed

    def take_moved(self) -> dict[int, Candidate]:
        """The candidates, by id, that the last `commit` did not claim because they moved to another edition.

        Their readers have withdrawn their consent to marketing. They still wait: here they are as they are now.
        """
        moved, self._moved = self._moved, {}
        return moved

    def gives_up_on(self, candidate: Candidate) -> bool:
        """Whether the attempt that was deferred was the last one allowed."""
        return find_wait(candidate.attempts + 1, self._retries) is None

    def as_recorded(self, result: Result) -> Result:
        """The result as recorded: anyone still deferred at the last attempt counts as refused."""
        candidate, (fate, reply), _ = result
        if fate is not DEFERRED or not self.gives_up_on(candidate):
            return result
        return result._replace(outcome=Outcome(REFUSED, f"{GAVE_UP} {candidate.attempts + 1} attempts: {reply}"))

    def find_fresh(self) -> tuple[int, int] | None:
        """The first and the last id of untried deliveries; None without any."""
        query = select(func.min(deliveries.c.id), func.max(deliveries.c.id)).where(self._in_mailing, _QUEUED)
        with self._transaction() as connection:
            first, last = connection.execute(query).one()
        return None if first is None else (first, last)

    def withdraw_left(self, candidates: Collection[Candidate], *, now: int) -> frozenset[int]:
        """Withdraw those of `candidates` who are suppressed since they were read; their ids."""
        changes: Counter[str] = Counter()
        with self._transaction() as connection:
            gone = self._withdraw_suppressed(connection, candidates, now)
        changes.subtract(Counter([one.state for one in candidates if one.id in gone]))
        changes[DeliveryState.WITHDRAWN.value] += len(gone)
        self._count(changes)
        return gone

    def read_fresh(self, *, after: int, upto: int, most: int, now: int) -> tuple[list[Candidate], int | None]:
        """The next untried deliveries with after < id ≤ upto, and the id to continue from (None at the end).

        Anyone suppressed or paused since the mailing began is withdrawn.
        """
        condition = _QUEUED & deliveries.c.claimed_at.is_(None) & deliveries.c.id.between(after + 1, upto)
        candidates, last, number = self._read(condition, deliveries.c.id, most=most, now=now)
        return candidates, last if number == most else None

    def read_put_back(self, *, most: int, now: int) -> list[Candidate]:
        """Those that were put back, the longest ago first.

        They come last, so that a message on which the server hangs up every time delays no other.
        """
        condition = _QUEUED & deliveries.c.claimed_at.is_not(None)
        return self._read(condition, deliveries.c.claimed_at, most=most, now=now)[0]

    def read_due(self, *, most: int, now: int) -> list[Candidate]:
        """Deferred deliveries that are due."""
        return self._read(_DEFERRED & (deliveries.c.due_at <= now), deliveries.c.due_at, most=most, now=now)[0]

    def next_due(self, *, after: int = 0) -> int | None:
        """When the next deferred delivery is tried again, of those due after a time; None if there is none."""
        query = select(func.min(deliveries.c.due_at)).where(self._in_mailing, _DEFERRED, deliveries.c.due_at > after)
        with self._transaction() as connection:
            due: int | None = connection.scalar(query)
            return due

    def _ask_leave(self, results: Sequence[Result]) -> list[Filled]:
        """What has to be so before anything is recorded or claimed; see `shared_ledger`."""
        del results
        return []

    def _require_leave(self, answers: Sequence[int]) -> None:
        """Raises what speaks against it, by the answers to `_ask_leave`."""

    def _measure(self, before: Counts, changes: Mapping[str, int]) -> MailingMark:
        """How far the mailing is, for the mark beside the ledger, once these `changes` are committed."""
        waiting = sum(changes[state] for state in _NOT_GONE)
        gone = before.gone - waiting
        return mark_mailing(self._mailing, gone=gone, accepted=before.accepted + changes[DeliveryState.ACCEPTED])

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with database_errors():
            self._connection = self._connection or self._engine.connect()
            with self._connection.begin():
                yield self._connection

    def _count(self, changes: dict[Any, int]) -> None:
        """Only what has been committed."""
        if self._tally is not None:
            for state, number in changes.items():
                self._tally[str(state)] += number

    def _record_and_claim(
        self,
        connection: Connection,
        results: Sequence[Result],
        candidates: Sequence[Candidate],
        now: int,
        changes: Counter[str],
        *,
        moved: dict[int, Candidate],
    ) -> frozenset[int]:
        """All of it in one message to a server; only what no one could claim has to be asked about."""
        leave, records = self._ask_leave(results), self._write_records(results, now)
        claims = [self._write_claims(connection, candidates, now)] if candidates else []
        answers = iter(run_together(connection, [*leave, *records, *claims]))
        self._require_leave(list(islice(answers, len(leave))))
        if sum(islice(answers, len(records))) != len(results):
            raise MailingError(
                "Another process has taken this mailing over while it was being sent here.",
                "Look at `bulletin status`; then send again from one place only.",
            )
        changes.update(state for group in records for state, *_ in group.rows)
        changes[DeliveryState.SENDING.value] -= len(results)
        if next(answers, 0) == len(candidates):
            claimed = frozenset(candidate.id for candidate in candidates)
        else:  # somebody has opted out or paused, or another process has been at work
            claimed = self._find_claimed(connection, candidates, now, changes, moved=moved)
        changes.subtract(Counter([candidate.state for candidate in candidates if candidate.id in claimed]))
        changes[DeliveryState.SENDING.value] += len(claimed)
        return claimed

    def _write_records(self, results: Sequence[Result], now: int) -> list[Filled]:
        rows: list[_Row] = []
        put_back: list[_Row] = []
        for result in results:
            (put_back if result.outcome.fate is UNSENT else rows).append(self._settle(result, now))
        return [Filled(statement, group) for statement, group in ((_RECORD, rows), (_PUT_BACK, put_back)) if group]

    def _settle(self, result: Result, now: int) -> _Row:
        """What became of a claim, as `_RECORD` wants it. Addresses in the server's words are masked."""
        candidate, (fate, reply), _ = self.as_recorded(result)
        wait = find_wait(candidate.attempts + 1, self._retries) if fate is DEFERRED else None
        due_at = None if wait is None else now + wait // timedelta(milliseconds=1)
        return _STATES[fate], now, due_at, mask_addresses(reply), candidate.id, self._run

    def _write_claims(self, connection: Connection, candidates: Sequence[Candidate], now: int) -> Filled:
        self._prepare_moving(connection)
        today = find_day(now).isoformat()
        rows: list[tuple[Any, ...]] = [(self._run, now, candidate.id, today) for candidate in candidates]
        if self._twins:
            rows = [(*row, candidate.edition) for row, candidate in zip(rows, candidates, strict=True)]
        return Filled(self._claiming, rows)

    def _find_claimed(
        self,
        connection: Connection,
        candidates: Sequence[Candidate],
        now: int,
        changes: Counter[str],
        *,
        moved: dict[int, Candidate],
    ) -> frozenset[int]:
        ours = select(deliveries.c.id).where(
            deliveries.c.id.in_([candidate.id for candidate in candidates]),
            deliveries.c.state == DeliveryState.SENDING,
            deliveries.c.run == self._run,
        )
        claimed = frozenset(connection.scalars(ours))
        left = [one for one in candidates if one.id not in claimed]
        self._withdraw(connection, left, now, changes)
        moved |= self._find_moved(connection, left)
        return claimed

    def _read(
        self, condition: ColumnElement[bool], order: ColumnElement[Any], *, most: int, now: int
    ) -> tuple[list[Candidate], int, int]:
        """The candidates under `condition`, the id of the last row that was read, and how many were read."""
        with self._transaction() as connection:
            found = self._read_within(connection, condition, order, most=most, now=now)
        self._count(found.changes)
        return found.candidates, found.last, found.number

    def _read_within(
        self, connection: Connection, condition: ColumnElement[bool], order: ColumnElement[Any], *, most: int, now: int
    ) -> _Found:
        """As `_read`, within the caller's transaction. `changes` are to be counted once that is committed."""
        changes: Counter[str] = Counter()
        withheld, text_only = self._withheld, _NO
        if connection.scalar(any_wishes()):
            withheld, text_only = withheld | has_paused(find_day(now)), _WANTS_TEXT_ONLY
        query = (
            select(*_CANDIDATE, withheld, text_only)
            .where(self._in_mailing, condition)
            .order_by(order, deliveries.c.id)
            .limit(most)
        )
        rows = [Candidate._make(row) for row in connection.execute(query).all()]
        left_out = [candidate for candidate in rows if candidate.withheld]
        if left_out:
            self._withdraw(connection, left_out, now, changes)
        self._prepare_moving(connection)
        moved = self._move(connection, rows)
        candidates = [candidate for candidate in rows if not candidate.withheld] if left_out else rows
        if moved:
            candidates = [moved.get(candidate.id, candidate) for candidate in candidates]
        return _Found(candidates, rows[-1].id if rows else 0, len(rows), changes)

    def _prepare_moving(self, connection: Connection) -> None:
        """Find out once if the mailing has an edition for readers with consent; then each claim asks if they have it.

        If it has none, which is what nearly all mailings are like, a claim asks nothing more than before.
        """
        if self._twins is None:
            self._twins = read_twins(connection, self._mailing)
            if self._twins:
                consents = consents_in(self._mailing)
                self._claiming = _prepare_claim_of_edition(self._withheld, ~_is_of(self._twins) | consents)
                self._moving = _prepare_moving(self._twins, consents)

    def _move(self, connection: Connection, candidates: Collection[Candidate]) -> dict[int, Candidate]:
        """Move those of `candidates` who have no consent any more to the edition without it; these, by id."""
        if self._moving is None or not self._twins:
            return {}
        known = {one.id: one for one in candidates if one.edition in self._twins}
        moved: dict[int, Candidate] = {}
        for ids in _divide(list(known)):
            for id_, edition in connection.execute(self._moving, {"ids_": ids}):
                moved[id_] = known[id_]._replace(edition=edition)
        return moved

    def _find_moved(self, connection: Connection, candidates: Collection[Candidate]) -> dict[int, Candidate]:
        """As `_move`, with those who had moved since they were read: they wait, and aren't what they were read as."""
        moved = self._move(connection, candidates)
        others = {one.id: one for one in candidates if one.id not in moved} if self._moving is not None else {}
        for ids in _divide(list(others)):
            waiting = select(deliveries.c.id, deliveries.c.edition).where(deliveries.c.id.in_(ids), _IS_WAITING)
            for id_, edition in connection.execute(waiting):
                if edition != others[id_].edition:
                    moved[id_] = others[id_]._replace(edition=edition)
        return moved

    def _withdraw(
        self, connection: Connection, candidates: Collection[Candidate], now: int, changes: Counter[str]
    ) -> None:
        """Withdraw those of `candidates` who are suppressed or paused; the others are somebody else's by now."""
        withdrawn = self._withdraw_suppressed(connection, candidates, now)
        ended = {"state": DeliveryState.WITHDRAWN.value, "due_at": None, "ended_at": now}
        its, paused = deliveries.c.id == bindparam("id_"), has_paused(find_day(now))
        leave_out = update(deliveries).where(its, _IS_WAITING, paused).values(**ended, reply=bindparam("reply_"))
        for candidate in candidates:
            number = int(candidate.id in withdrawn)
            if not number and (until := find_wishes(connection, candidate.subscriber_id).paused_until):
                values = {"id_": candidate.id, "reply_": describe_pause(until)}
                number = connection.execute(leave_out, values).rowcount
            changes[candidate.state] -= number
            changes[DeliveryState.WITHDRAWN.value] += number

    def _withdraw_suppressed(
        self, connection: Connection, candidates: Collection[Candidate], now: int
    ) -> frozenset[int]:
        ids = [candidate.id for candidate in candidates]
        return frozenset(
            id_ for group in _divide(ids) for id_ in connection.scalars(self._withdrawing, {"ids_": group, "now_": now})
        )


def _is_of_open_shift() -> ColumnElement[bool]:
    run = cast(shifts.c.worker_id, String) + "." + cast(shifts.c.id, String)
    return exists().where(
        shifts.c.mailing_id == deliveries.c.mailing_id, shifts.c.ended_at.is_(None), run == deliveries.c.run
    )


_AT_ONCE: Final = 1000  # rows that one statement names
_WAITING: Final = (DeliveryState.QUEUED, DeliveryState.DEFERRED)
_NOT_GONE: Final = (*_WAITING, DeliveryState.WITHDRAWN)

_CANDIDATE: Final = tuple(deliveries.c[name] for name in Candidate._fields if name in deliveries.c)
_WANTS_TEXT_ONLY: Final = wants_text_only(deliveries.c.subscriber_id)
_NO: Final[ColumnElement[Any]] = literal_column("0")
_BROKEN_OFF: Final = Outcome(UNCERTAIN, "Sending broke off at this message.")

_STATES: Final = {
    Fate.ACCEPTED: DeliveryState.ACCEPTED.value,
    Fate.DEFERRED: DeliveryState.DEFERRED.value,
    Fate.REFUSED: DeliveryState.REFUSED.value,
    Fate.UNCERTAIN: DeliveryState.UNCERTAIN.value,
    Fate.UNSENT: DeliveryState.QUEUED.value,
}


def _state_is(state: DeliveryState) -> ColumnElement[bool]:
    return deliveries.c.state == _written_out(state)


def _written_out(state: DeliveryState) -> ColumnElement[str]:
    # In the statement itself: of a parameter the database cannot know whether a partial index covers it.
    return literal_column(f"'{state.value}'")


def _is_still(state: DeliveryState) -> ColumnElement[bool]:
    """As `_state_is`, of rows that are named by their ids, and so that no index of states can be used.

    When a mailing has just begun, a server believes that nearly no one waits: it would go through all who do, for each
    claim.
    """
    return deliveries.c.state + literal_column("''") == _written_out(state)


_QUEUED: Final = _state_is(DeliveryState.QUEUED)
_DEFERRED: Final = _state_is(DeliveryState.DEFERRED)
_IS_WAITING: Final = _is_still(DeliveryState.QUEUED) | _is_still(DeliveryState.DEFERRED)

_ENDING: Final = {
    "state": bindparam("state_"),
    "run": null(),
    "ended_at": bindparam("now_"),
    "due_at": bindparam("due_"),
    "reply": bindparam("reply_"),
}
_OURS: Final = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("id_"))
    .where(_is_still(DeliveryState.SENDING), deliveries.c.run == bindparam("run_"))
)
_VALUES: Final = ("state_", "now_", "due_", "reply_", "id_", "run_")
_TYPES: Final = {
    "state_": "text",
    "now_": "bigint",
    "due_": "bigint",
    "reply_": "text",
    "id_": "bigint",
    "run_": "text",
    "today_": "text",
    "edition_": "smallint",
}
_RECORD: Final = Prepared(_OURS.values(_ENDING), *_VALUES, types=_TYPES)
# What cannot have left was no attempt.
_PUT_BACK: Final = Prepared(
    _OURS.values({**_ENDING, "attempts": deliveries.c.attempts - literal_column("1")}), *_VALUES, types=_TYPES
)


def _divide(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Groups of as many as one statement names."""
    return (ids[first : first + _AT_ONCE] for first in range(0, len(ids), _AT_ONCE))


def _prepare_claim(withheld: ColumnElement[bool]) -> Prepared:
    return Prepared(_write_claim(withheld), *_CLAIMED_BY, types=_TYPES)


def _prepare_claim_of_edition(withheld: ColumnElement[bool], allowed: ColumnElement[bool]) -> Prepared:
    """The statement that claims one for the edition that its message was written from, if that is `allowed` now."""
    of_edition = deliveries.c.edition == bindparam("edition_")
    return Prepared(_write_claim(withheld).where(of_edition, allowed), *_CLAIMED_BY, "edition_", types=_TYPES)


_CLAIMED_BY: Final = ("run_", "now_", "id_", "today_")


def _write_claim(withheld: ColumnElement[bool]) -> Update:
    return (
        update(deliveries)
        .where(deliveries.c.id == bindparam("id_"), _IS_WAITING, ~withheld, ~has_paused(bindparam("today_")))
        .values(
            state=_written_out(DeliveryState.SENDING),
            run=bindparam("run_"),
            claimed_at=bindparam("now_"),
            due_at=null(),
            attempts=deliveries.c.attempts + literal_column("1"),
        )
    )


def _prepare_withdrawal(withheld: ColumnElement[bool]) -> ReturningUpdate[int]:
    """The statement that withdraws many at once: others wait for the database meanwhile. It returns their ids."""
    return (
        update(deliveries)
        .where(deliveries.c.id.in_(bindparam("ids_", expanding=True)), _IS_WAITING, withheld)
        .values(state=_written_out(DeliveryState.WITHDRAWN), due_at=null(), ended_at=bindparam("now_"))
        .returning(deliveries.c.id)
    )


def _is_of(editions: Iterable[int]) -> ColumnElement[bool]:
    """The condition that a delivery is of one of these editions, all written out."""
    return or_(*(deliveries.c.edition == literal_column(str(number)) for number in editions))


def _prepare_moving(twins: Mapping[int, int], consents: ColumnElement[bool]) -> ReturningUpdate[int, int]:
    """The statement that moves many at once to the edition without consent. It returns their ids and new editions."""
    numbers: dict[Any, Any] = {literal_column(str(one)): literal_column(str(twin)) for one, twin in twins.items()}
    return (
        update(deliveries)
        .where(deliveries.c.id.in_(bindparam("ids_", expanding=True)), _IS_WAITING, _is_of(twins), ~consents)
        .values(edition=case(numbers, value=deliveries.c.edition))
        .returning(deliveries.c.id, deliveries.c.edition)
    )
