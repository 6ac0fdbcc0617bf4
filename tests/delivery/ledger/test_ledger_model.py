"""The ledger against a simple reference in memory: Hypothesis draws what happens, and after each step both agree."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Connection, Engine, event, select, text, update

from anytown import NOON, add_people, address_of, make_edition, opt_out
from bulletin.database.schema import open_database
from bulletin.database.states import DeliveryState
from bulletin.database.tables import deliveries, memberships, metadata
from bulletin.delivery.ledger.control import cancel_mailings
from bulletin.delivery.ledger.counts import Counts, count_states
from bulletin.delivery.ledger.ledger import Candidate, Ledger, Result
from bulletin.delivery.ledger.resolution import Decision, find_refused, leave_out, queue_again, resolve_deliveries
from bulletin.delivery.ledger.start import start_mailing
from bulletin.delivery.smtp.outcome import Fate, Outcome
from bulletin.edition.edition_set import make_set
from bulletin.errors import MailingError
from bulletin.issue.audience import PUBLIC, Audience
from bulletin.subscribers.scope import one_list
from contract import LEGAL, keep_history, read_history
from edition_sets import make_editions

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("LEDGER_EXAMPLES", "20"))
NAMES = ("anna", "ben", "cleo", "dora", "emil", "flo")
MINUTE = 60_000
WAITS = (1 * MINUTE, 5 * MINUTE)
FATES = {
    Fate.ACCEPTED: DeliveryState.ACCEPTED,
    Fate.DEFERRED: DeliveryState.DEFERRED,
    Fate.REFUSED: DeliveryState.REFUSED,
    Fate.UNCERTAIN: DeliveryState.UNCERTAIN,
    Fate.UNSENT: DeliveryState.QUEUED,
}
WAITING = (DeliveryState.QUEUED, DeliveryState.DEFERRED)
names = st.sampled_from(NAMES)
most_admitted = st.none() | st.integers(0, 3)


@dataclass
class Row:
    """What the reference knows of one delivery."""

    id: int
    audience: Audience = PUBLIC  # whose edition they get
    consents: bool = False  # to marketing, now
    state: DeliveryState = DeliveryState.QUEUED
    attempts: int = 0
    claimed_at: int | None = None
    due_at: int | None = None
    suppressed: bool = False
    left: int = 0  # how often its message may have reached the server
    sent_again: int = 0  # how often a person said so

    def withdraw_if_suppressed(self) -> bool:
        """As soon as anybody looks at it."""
        if self.suppressed and self.state in WAITING:
            self.state, self.due_at = DeliveryState.WITHDRAWN, None
        return self.state is DeliveryState.WITHDRAWN

    def may_get(self, written_for: Audience) -> bool:
        """Whether a message that was written for this audience may still go to them."""
        return self.audience == written_for and (self.consents or not written_for.consent)

    def move_if_withdrawn(self) -> None:
        """As soon as anybody looks at it, it is of the edition without marketing, if they take their consent back."""
        if self.state in WAITING and not self.consents:
            self.audience = Audience(lists=self.audience.lists)

    def claim(self, now: int, written_for: Audience) -> bool:
        """Whether it is claimed for the message that was written: never for one with marketing against their wish."""
        if self.withdraw_if_suppressed() or self.state not in WAITING:
            return False
        self.move_if_withdrawn()
        if self.audience != written_for:
            return False
        self.state, self.due_at, self.claimed_at = DeliveryState.SENDING, None, now
        self.attempts += 1
        return True

    def end(self, fate: Fate, now: int) -> None:
        self.state = FATES[fate]
        if fate is Fate.DEFERRED and self.attempts > len(WAITS):
            self.state = DeliveryState.REFUSED
        elif fate is Fate.DEFERRED:
            self.due_at = now + WAITS[self.attempts - 1]
        elif fate is Fate.UNSENT:
            self.attempts -= 1
        self.left += fate in (Fate.ACCEPTED, Fate.UNCERTAIN)

    def withdraw(self) -> None:
        if self.state in WAITING:
            self.state, self.due_at = DeliveryState.WITHDRAWN, None


class LedgerMachine(RuleBasedStateMachine):
    """One mailing to six people, one run after another. They get up to four editions: for schools, with marketing."""

    open_empty: Callable[[], Engine]

    @initialize(schools=st.sets(names), consenting=st.sets(names), alone=st.booleans())
    def begin(self, schools: set[str], consenting: set[str], *, alone: bool) -> None:
        """`alone`: nothing in the issue is restricted, and there is one edition."""
        self.engine = type(self).open_empty()
        add_people(self.engine, everyone=NAMES, schools=sorted(schools))
        with self.engine.begin() as connection:
            connection.execute(update(memberships).values(basis="public-task"))
        add_people(self.engine, marketing=sorted(consenting))
        kept = make_set(make_edition()) if alone else make_editions("schools", by_consent=True)
        lists = ("everyone", "schools", "marketing")
        self.mailing = start_mailing(self.engine, kept, lists=lists, key="model", now=NOON)
        self.audiences = {one.number: one.audience for one in kept.editions}
        with self.engine.begin() as connection:
            query = select(deliveries.c.name, deliveries.c.id, deliveries.c.edition).order_by(deliveries.c.id)
            found = connection.execute(query).all()
        self.rows = {
            name: Row(id=number, audience=self.audiences[edition], consents=name in consenting)
            for name, number, edition in found
        }
        assert list(self.rows) == sorted(NAMES, key=lambda name: (kept.numbers[self.rows[name].audience], name))
        for name, row in self.rows.items():
            lists_of = frozenset({"schools"} if name in schools and not alone else ())
            assert row.audience == Audience(lists=lists_of, consent=name in consenting and not alone)
        self.read: dict[str, Candidate] = {}  # read ahead, and not claimed
        self.claims: dict[str, Candidate] = {}
        self.now = NOON
        self.runs = 0
        self.cancelled = False
        self.ledger: Ledger | None = None
        self.next_run()

    def teardown(self) -> None:
        if hasattr(self, "ledger"):
            self.take_ledger().close()
            self.engine.dispose()

    def take_ledger(self) -> Ledger:
        assert self.ledger
        return self.ledger

    def next_run(self) -> None:
        """The run before has died, or was ended with everything recorded."""
        if self.ledger:
            self.ledger.close()
        self.runs += 1
        retries = [timedelta(milliseconds=wait) for wait in WAITS]
        self.ledger = Ledger(self.engine, self.mailing, run=f"run-{self.runs}", retries=retries)
        flying = [row for row in self.rows.values() if row.state is DeliveryState.SENDING]
        assert self.ledger.recover(now=self.now) == len(flying)
        for row in flying:
            row.state = DeliveryState.UNCERTAIN
            row.left += 1  # for all we know
        for row in self.rows.values():
            if row.due_at is not None:
                row.due_at = min(row.due_at, self.now + max(WAITS))
        self.read, self.claims = {}, {}

    # What the dispatch does

    def take(self, found: list[Candidate], matches: Callable[[Row], bool], order: Callable[[Row], object]) -> None:
        """What was read must be what the reference says, in its order; whoever is suppressed has been withdrawn."""
        rows = sorted((row for row in self.rows.values() if matches(row)), key=lambda row: (order(row), row.id))
        expected = [row for row in rows if not row.withdraw_if_suppressed()]
        for row in expected:
            row.move_if_withdrawn()
        assert [self.audiences[candidate.edition] for candidate in found] == [row.audience for row in expected]
        assert [candidate.id for candidate in found] == [row.id for row in expected]
        assert [candidate.attempts for candidate in found] == [row.attempts for row in expected]
        # Who is read ahead already stays as they were read.
        new = {candidate.name: candidate for candidate in found if candidate.name not in self.claims}
        self.read = new | self.read

    @rule()
    def read_ahead(self) -> None:
        """What the window does."""
        ledger = self.take_ledger()
        found, rest = ledger.read_fresh(after=0, upto=10**6, most=100, now=self.now)
        assert rest is None
        self.take(found, lambda row: row.state is DeliveryState.QUEUED and row.claimed_at is None, lambda _row: 0)
        self.take(
            ledger.read_put_back(most=100, now=self.now),
            lambda row: row.state is DeliveryState.QUEUED and row.claimed_at is not None,
            lambda row: row.claimed_at,
        )
        self.take(
            ledger.read_due(most=100, now=self.now),
            lambda row: row.due_at is not None and row.due_at <= self.now,
            lambda row: row.due_at,
        )

    @precondition(lambda self: self.read)
    @rule(data=st.data(), admitted=most_admitted)
    def begin_some(self, data: st.DataObject, admitted: int | None) -> None:
        self.commit([], data.draw(some_of(self.read, least=1)), admitted)

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), admitted=most_admitted)
    def end_some_and_begin_some(self, data: st.DataObject, admitted: int | None) -> None:
        ending = data.draw(some_of(self.claims, least=1))
        fates = data.draw(st.permutations([*Fate, Fate.DEFERRED, Fate.UNSENT]))
        self.commit(list(zip(ending, fates, strict=False)), data.draw(some_of(self.read)), admitted)

    def commit(self, ends: list[tuple[str, Fate]], chosen: list[str], admitted: int | None = None) -> None:
        """`admitted`: how many the relay's limits let begin; the others are as if nobody had chosen them."""
        results = [make_result(self.claims.pop(name), fate) for name, fate in ends]
        candidates = [self.read[name] for name in chosen]
        numbers: list[int] = []
        claimed = self.take_ledger().commit(
            results,
            candidates,
            now=self.now,
            admit=None if admitted is None else lambda _connection: admitted,
            account=lambda _connection, number: numbers.append(number),
        )
        for name, fate in ends:
            self.rows[name].end(fate, self.now)
        for name in chosen[:admitted]:
            del self.read[name]
        written_for = {one.name: self.audiences[one.edition] for one in candidates}
        expected = {
            self.rows[name].id for name in chosen[:admitted] if self.rows[name].claim(self.now, written_for[name])
        }
        assert claimed == expected
        self.take_moved(candidates[:admitted])
        assert numbers == ([len(expected)] if expected else [])
        self.claims |= {candidate.name: candidate for candidate in candidates if candidate.id in expected}

    def take_moved(self, candidates: list[Candidate]) -> None:
        """Who could not be claimed because their edition is another one now is written anew, and waits its turn."""
        moved = self.take_ledger().take_moved()
        expected = {
            one.id: self.rows[one.name].audience
            for one in candidates
            if self.rows[one.name].state in WAITING and self.rows[one.name].audience != self.audiences[one.edition]
        }
        assert {id_: self.audiences[one.edition] for id_, one in moved.items()} == expected
        self.read |= {one.name: one for one in moved.values()}

    @precondition(lambda self: self.read and self.claims)
    @rule()
    def turn_that_fails(self) -> None:
        """As by a full disk: then nothing of it has happened."""

        def fail(_connection: Connection, _number: int) -> None:
            raise ZeroDivisionError

        results = [make_result(claim, Fate.ACCEPTED) for claim in self.claims.values()]
        claimable = [(one, self.rows[one.name]) for one in self.read.values() if not self.rows[one.name].suppressed]
        if any(row.state in WAITING and row.may_get(self.audiences[one.edition]) for one, row in claimable):
            with pytest.raises(ZeroDivisionError):
                self.take_ledger().commit(results, list(self.read.values()), now=self.now, account=fail)

    @precondition(lambda self: self.runs > 2 and self.claims)  # hardly anything happens after it
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        """By another process: what is in flight is waited for, and the run withdraws what is put off meanwhile."""
        assert cancel_mailings(self.engine, self.mailing.issue, now=self.now, note="by Dora") == (self.mailing,)
        self.cancelled = True
        for row in self.rows.values():
            row.withdraw()
        fates = data.draw(st.permutations([*Fate, Fate.DEFERRED, Fate.UNSENT]))
        self.commit(list(zip(list(self.claims), fates, strict=False)), list(self.read))
        assert not self.claims
        self.take_ledger().withdraw_rest(now=self.now, reply="cancelled")
        for row in self.rows.values():
            row.withdraw()

    @precondition(lambda self: self.cancelled and not self.claims)
    @rule()
    def cancel_once_more(self) -> None:
        """What is over is not ended again."""
        unfinished = any(row.state in WAITING for row in self.rows.values())
        cancelled = cancel_mailings(self.engine, self.mailing.issue, now=self.now, note="by Emil")
        assert cancelled == ((self.mailing,) if unfinished else ())
        for row in self.rows.values():
            row.withdraw()
        self.next_run()

    # What happens around it

    @precondition(lambda self: self.claims)
    @rule(fate=st.none() | st.sampled_from(Fate))
    def crash(self, fate: Fate | None) -> None:
        """Or another sender has come in, from where the lock does not reach: the first can record nothing more."""
        late, claims = self.take_ledger(), dict(self.claims)
        self.ledger = None
        self.next_run()
        if fate:
            with pytest.raises(MailingError, match="Another process"):
                late.commit([make_result(claim, fate) for claim in claims.values()], now=self.now)
        late.close()

    @precondition(lambda self: self.read and sum(row.suppressed for row in self.rows.values()) < 2)
    @rule(name=names)
    def opt_out(self, name: str) -> None:
        opt_out(self.engine, name)
        self.rows[name].suppressed = True

    @precondition(lambda self: any(row.consents for row in self.rows.values()))
    @rule(name=names)
    def withdraw_consent(self, name: str) -> None:
        """They leave the list by which they got marketing, and stay on the others."""
        opt_out(self.engine, name, scope=one_list("marketing"))
        self.rows[name].consents = False

    @precondition(lambda self: any(row.due_at for row in self.rows.values()))
    @rule()
    def wait_until_one_is_due(self) -> None:
        self.now = max(self.now, min(row.due_at for row in self.rows.values() if row.due_at is not None))
        self.read_ahead()

    @precondition(lambda self: self.claims)
    @rule(minutes=st.integers(1, 6) | st.integers(-600, 600))
    def set_clock(self, minutes: int) -> None:
        """Back only between two runs: within one, time does not go back (`SteadyClock`)."""
        self.now += minutes * MINUTE
        if minutes < 0:
            self.next_run()

    @precondition(lambda self: self.uncertain())
    @rule(data=st.data(), other=st.none() | names, decision=st.sampled_from(Decision))
    def resolve(self, data: st.DataObject, other: str | None, decision: Decision) -> None:
        """All of them or none; only what is uncertain can be decided. Between runs, as by a person."""
        chosen = data.draw(some_of(self.uncertain(), least=1)) + ([other] if other else [])
        keys = [address_of(name) for name in chosen]
        if not set(chosen) <= self.uncertain():
            with pytest.raises(MailingError, match="Only what is uncertain"):
                resolve_deliveries(self.engine, self.mailing.issue, keys, decision, now=self.now)
            return
        resolve_deliveries(self.engine, self.mailing.issue, keys, decision, now=self.now)
        for name in set(chosen):
            row = self.rows[name]
            row.state = DeliveryState.ACCEPTED if decision is Decision.DELIVERED else self.put_back_to
            row.sent_again += decision is Decision.RESEND
            row.withdraw_if_suppressed()  # at once: a person's decision sends nothing to an address that opted out
        self.next_run()

    @precondition(lambda self: self.refused())
    @rule(data=st.data(), other=st.none() | names)
    def send_again_to_the_refused(self, data: st.DataObject, other: str | None) -> None:
        """Once their cause is mended. All who are named or none; left out, in a mailing that was cancelled."""
        chosen = data.draw(some_of(self.refused(), least=1)) + ([other] if other else [])
        keys = [address_of(name) for name in chosen]
        if not set(chosen) <= self.refused():
            with pytest.raises(MailingError, match="Only who was refused"):
                find_refused(self.engine, self.mailing.issue, keys)
            return
        found = find_refused(self.engine, self.mailing.issue, keys)
        assert {one.name for one in found} == set(chosen)
        again = [row for one in found if not (row := self.rows[one.name]).suppressed and not self.cancelled]
        assert queue_again(self.engine, found, now=self.now) == len(again)
        for row in again:
            row.state, row.attempts = DeliveryState.QUEUED, 0
        assert leave_out(self.engine, found) == len(found) * self.cancelled
        for one in found if self.cancelled else ():
            self.rows[one.name].state = DeliveryState.WITHDRAWN
        self.next_run()

    @property
    def put_back_to(self) -> DeliveryState:
        """Nobody of a cancelled mailing is sent it again."""
        return DeliveryState.WITHDRAWN if self.cancelled else DeliveryState.QUEUED

    def uncertain(self) -> set[str]:
        return self.in_state(DeliveryState.UNCERTAIN)

    def refused(self) -> set[str]:
        return self.in_state(DeliveryState.REFUSED)

    def in_state(self, state: DeliveryState) -> set[str]:
        return {name for name, row in self.rows.items() if row.state is state}

    # What must be true after each step

    @invariant()
    def the_ledger_says_what_the_reference_says(self) -> None:
        columns = ("name", "edition", "state", "attempts", "claimed_at", "due_at", "run")
        with self.engine.begin() as connection:
            found = connection.execute(
                select(*(deliveries.c[name] for name in columns)).order_by(deliveries.c.id)
            ).all()
        run = f"run-{self.runs}"
        assert [(row.name, self.audiences[row.edition], *row[2:]) for row in found] == [
            (
                name,
                row.audience,
                row.state,
                row.attempts,
                row.claimed_at,
                row.due_at,
                run if name in self.claims else None,
            )
            for name, row in self.rows.items()
        ]

    @invariant()
    def its_counts_add_up(self) -> None:
        states = Counter(row.state.value for row in self.rows.values())
        assert self.take_ledger().counts == count_states(self.engine, [self.mailing]) == Counts(**states)
        assert self.take_ledger().next_due() == min(
            (row.due_at for row in self.rows.values() if row.due_at is not None), default=None
        )

    @invariant()
    def no_message_leaves_twice_unless_a_person_says_so(self) -> None:
        for row in self.rows.values():
            assert row.left <= 1 + row.sent_again

    @invariant()
    def every_change_of_a_state_is_a_legal_one(self) -> None:
        assert set(read_history(self.engine)) <= LEGAL


def some_of(found: Iterable[str], *, least: int = 0) -> st.SearchStrategy[list[str]]:
    """Any of them, in any order."""
    known = sorted(found)
    number = st.integers(min(least, len(known)), len(known))
    return st.tuples(st.permutations(known), number).map(lambda drawn: drawn[0][: drawn[1]])


def make_result(claim: Candidate, fate: Fate) -> Result:
    return Result(candidate=claim, outcome=Outcome(fate=fate, reply=fate.value))


# Databases that lose what was written last if the power fails: it does not fail here.


def empty_on_postgresql(engine: Engine) -> Engine:
    """As it was at first: faster than making another."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # what keeps opt-outs keeps these too
        for table in ("history", *(metadata.tables.keys() - {"identity"})):
            connection.execute(text(f"DELETE FROM {table}"))
    return engine


def open_on_sqlite(template: str) -> Engine:
    """A copy of it."""
    path = Path(tempfile.mkdtemp(dir=Path(template).parent)) / "ledger.db"
    shutil.copy(template, path)
    engine = open_database(f"sqlite:///{path}")
    event.listen(engine, "checkout", lambda ours, *_: ours.execute("PRAGMA synchronous=OFF"))
    return engine


def test_the_ledger_agrees_with_a_simple_reference_whatever_happens(database_url: str) -> None:
    on_server = database_url.startswith("postgresql")
    engine = open_database(f"{database_url}&options=-csynchronous_commit%3Doff" if on_server else database_url)
    keep_history(engine)
    engine.dispose()
    examples, open_empty = EXAMPLES, partial(open_on_sqlite, engine.url.database or "")
    if on_server:
        examples, open_empty = EXAMPLES // 3, partial(empty_on_postgresql, engine)
    test_case = type("Machine", (LedgerMachine,), {"open_empty": open_empty}).TestCase
    test_case.settings = settings(max_examples=examples, stateful_step_count=40)
    test_case().runTest()
