from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, event, insert, select, update
from sqlalchemy.exc import IntegrityError

from anytown import NOON, begin_mailing, opt_out, read_states, take_turn
from bulletin.database.engine import connect_database
from bulletin.database.schema import open_database
from bulletin.database.states import DeliveryState, WishKind
from bulletin.database.tables import deliveries, subscribers
from bulletin.delivery.ledger.counts import Counts, count_states
from bulletin.delivery.ledger.deliveries import list_deliveries
from bulletin.delivery.ledger.ledger import Candidate, Ledger, Result
from bulletin.delivery.ledger.mailing import Mailing
from bulletin.delivery.ledger.resolution import Decision, resolve_deliveries
from bulletin.delivery.smtp.outcome import Fate, Outcome
from bulletin.errors import DatabaseError, MailingError
from bulletin.subscribers.wishes import TEXT_ONLY, add_wish
from conftest import examples, on_postgresql, on_sqlite

MINUTE = 60_000
RETRIES = (timedelta(minutes=1), timedelta(minutes=5))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


class Hand:
    """A ledger, and whoever comes next claimed from it."""

    def __init__(self, engine: Engine, mailing: Mailing, run: str) -> None:
        self.ledger = Ledger(engine, mailing, run=run, retries=RETRIES)

    def commit(self, results: Sequence[Result], *, free: int, now: int) -> tuple[Candidate, ...]:
        return take_turn(self.ledger, results, free=free, now=now)


def open_ledger(engine: Engine, mailing: Mailing, *, run: str = "run-1") -> Hand:
    return Hand(engine, mailing, run)


def ended(claim: Candidate, fate: Fate, reply: str = "") -> Result:
    return Result(candidate=claim, outcome=Outcome(fate=fate, reply=reply))


def names(claims: tuple[Candidate, ...]) -> list[str]:
    return [claim.name for claim in claims]


def read_past_the_program(engine: Engine) -> dict[str, str]:
    """What another process sees in the database: only what is committed."""
    other = connect_database(engine.url.render_as_string(hide_password=False))
    states = read_states(other)
    other.dispose()
    return {name: state.value for name, state in states.items()}


def test_a_delivery_says_whether_its_reader_wants_plain_text_alone(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben", "cleo", "dora")
    ledger = open_ledger(engine, mailing)
    assert [claim.text_only for claim in ledger.commit([], free=1, now=NOON)] == [False]

    wish(engine, "ben", WishKind.FORMAT, TEXT_ONLY)
    wish(engine, "cleo", WishKind.FORMAT, TEXT_ONLY, "")  # and then not any more
    wish(engine, "dora", WishKind.LANGUAGE, TEXT_ONLY)
    assert {claim.name: bool(claim.text_only) for claim in ledger.commit([], free=9, now=NOON)} == {
        "ben": True,
        "cleo": False,
        "dora": False,
    }


def wish(engine: Engine, name: str, kind: WishKind, *values: str) -> None:
    with engine.begin() as connection:
        person = connection.scalar(select(subscribers.c.id).where(subscribers.c.name == name))
        for value in values:
            add_wish(connection, person, kind, value, origin="page", now=NOON)


def test_a_turn_claims_as_many_as_are_free_in_the_order_of_the_mailing(engine: Engine) -> None:
    ledger = open_ledger(engine, begin_mailing(engine, "anna", "ben", "cleo"))
    assert names(ledger.commit([], free=2, now=NOON)) == ["anna", "ben"]
    assert names(ledger.commit([], free=2, now=NOON)) == ["cleo"]
    assert names(ledger.commit([], free=2, now=NOON)) == []


def test_a_claim_is_committed_when_the_turn_returns(engine: Engine) -> None:
    ledger = open_ledger(engine, begin_mailing(engine, "anna", "ben"))
    ledger.commit([], free=1, now=NOON)
    assert read_past_the_program(engine) == {"anna": "sending", "ben": "queued"}


def test_all_that_ends_and_begins_in_a_turn_is_one_commit(engine: Engine) -> None:
    hand = open_ledger(engine, begin_mailing(engine, "anna", "ben", "cleo", "dora"))
    claims = hand.commit([], free=2, now=NOON)
    next_two, _ = hand.ledger.read_fresh(after=claims[-1].id, upto=10**9, most=2, now=NOON)
    opt_out(engine, "cleo")
    commits: list[object] = []
    event.listen(engine, "commit", commits.append)
    results = [ended(claims[0], Fate.ACCEPTED), ended(claims[1], Fate.DEFERRED)]
    assert hand.ledger.commit(results, next_two, now=NOON) == {next_two[1].id}
    assert len(commits) == 1
    assert read_states(engine) == {"anna": "accepted", "ben": "deferred", "cleo": "withdrawn", "dora": "sending"}


def test_what_is_said_within_the_commit_of_a_claim_is_kept_or_lost_with_it(engine: Engine) -> None:
    hand = open_ledger(engine, begin_mailing(engine, "anna", "ben"))
    candidates, _ = hand.ledger.read_fresh(after=0, upto=10**9, most=2, now=NOON)

    def fail(_connection: Connection, number: int) -> None:
        assert number == 2
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        hand.ledger.commit([], candidates, now=NOON, account=fail)
    assert read_past_the_program(engine) == {"anna": "queued", "ben": "queued"}


def test_the_ledger_keeps_count_of_what_it_does(engine: Engine) -> None:
    mailing = begin_mailing(engine, *"abcdefg")
    hand = open_ledger(engine, mailing)
    assert hand.ledger.counts == count_states(engine, [mailing])
    opt_out(engine, "c")
    claims = hand.commit([], free=5, now=NOON)
    fates = [Fate.ACCEPTED, Fate.DEFERRED, Fate.REFUSED, Fate.UNSENT]
    hand.commit([ended(claim, fate) for claim, fate in zip(claims, fates, strict=False)], free=1, now=NOON)
    hand.ledger.recover(now=NOON)
    assert hand.ledger.counts == count_states(engine, [mailing])
    assert hand.ledger.counts == Counts(queued=1, accepted=1, deferred=1, refused=1, uncertain=2, withdrawn=1)


def test_two_runs_never_claim_the_same_delivery(engine: Engine) -> None:
    mailing = begin_mailing(engine, *"abcdef")
    one, other = open_ledger(engine, mailing, run="run-1"), open_ledger(engine, mailing, run="run-2")
    claimed = [name for ledger in (one, other, one, other) for name in names(ledger.commit([], free=2, now=NOON))]
    assert claimed == list("abcdef")


def test_a_mailing_claims_only_its_own(engine: Engine) -> None:
    begin_mailing(engine, "anna", issue="2021-04")
    ledger = open_ledger(engine, begin_mailing(engine, "anna", issue="2021-05"))
    assert len(ledger.commit([], free=5, now=NOON)) == 1


@pytest.mark.parametrize(
    ("fate", "state"),
    [
        (Fate.ACCEPTED, DeliveryState.ACCEPTED),
        (Fate.REFUSED, DeliveryState.REFUSED),
        (Fate.UNCERTAIN, DeliveryState.UNCERTAIN),
    ],
)
def test_what_has_ended_for_good_is_recorded_and_never_claimed_again(
    engine: Engine, fate: Fate, state: DeliveryState
) -> None:
    mailing = begin_mailing(engine, "anna")
    ledger = open_ledger(engine, mailing)
    (claim,) = ledger.commit([], free=1, now=NOON)
    assert ledger.commit([ended(claim, fate, "the server's words")], free=1, now=NOON + 7) == ()
    (delivery,) = list_deliveries(engine, [mailing])
    assert (delivery.state, delivery.reply, delivery.attempts) == (state, "the server's words", 1)
    assert (delivery.claimed_at, delivery.ended_at, delivery.due_at) == (NOON, NOON + 7, None)
    assert ledger.commit([], free=1, now=NOON + 10**9) == ()


def test_what_the_server_puts_off_is_tried_again_when_it_is_due_and_can_then_be_accepted(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna")
    ledger = open_ledger(engine, mailing)
    (claim,) = ledger.commit([], free=1, now=NOON)
    assert ledger.commit([ended(claim, Fate.DEFERRED, "450 4.2.1 Later")], free=1, now=NOON) == ()
    assert read_states(engine) == {"anna": "deferred"}
    assert ledger.ledger.next_due() == NOON + MINUTE
    assert ledger.commit([], free=1, now=NOON + MINUTE - 1) == ()
    (claim,) = ledger.commit([], free=1, now=NOON + MINUTE)
    assert claim.attempts == 1
    ledger.commit([ended(claim, Fate.ACCEPTED, "250 OK")], free=1, now=NOON + MINUTE)
    assert count_states(engine, [mailing]).accepted == 1
    assert ledger.ledger.next_due() is None


def test_after_the_last_retry_what_is_put_off_again_is_refused(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna")
    ledger = open_ledger(engine, mailing)
    now = NOON
    (claim,) = ledger.commit([], free=1, now=now)
    for wait in RETRIES:
        ledger.commit([ended(claim, Fate.DEFERRED, "450 Later")], free=1, now=now)
        now += wait // timedelta(milliseconds=1)
        (claim,) = ledger.commit([], free=1, now=now)
    ledger.commit([ended(claim, Fate.DEFERRED, "450 Later")], free=1, now=now)
    (delivery,) = list_deliveries(engine, [mailing])
    assert (delivery.state, delivery.reply) == ("refused", "gave up after 3 attempts: 450 Later")


def test_what_cannot_have_left_is_queued_again_and_was_no_attempt(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna")
    ledger = open_ledger(engine, mailing)
    (claim,) = ledger.commit([], free=1, now=NOON)
    ledger.commit([ended(claim, Fate.UNSENT, "connection refused")], free=0, now=NOON)
    (delivery,) = list_deliveries(engine, [mailing])
    assert (delivery.state, delivery.attempts, delivery.reply) == ("queued", 0, "connection refused")
    assert names(ledger.commit([], free=1, now=NOON)) == ["anna"]


def test_what_was_put_back_comes_after_those_whose_turn_never_came(engine: Engine) -> None:
    ledger = open_ledger(engine, begin_mailing(engine, "anna", "ben", "cleo"))
    (claim,) = ledger.commit([], free=1, now=NOON)
    assert names(ledger.commit([ended(claim, Fate.UNSENT)], free=3, now=NOON)) == ["ben", "cleo", "anna"]


def test_who_opts_out_during_the_mailing_is_withdrawn_and_another_takes_the_turn(engine: Engine) -> None:
    ledger = open_ledger(engine, begin_mailing(engine, *"abcdef"))
    ledger.commit([], free=1, now=NOON)
    opt_out(engine, "b", "c", "e")
    assert names(ledger.commit([], free=2, now=NOON)) == ["d", "f"]
    assert [name for name, state in read_states(engine).items() if state is DeliveryState.WITHDRAWN] == ["b", "c", "e"]


def test_who_opts_out_while_deferred_is_withdrawn(engine: Engine) -> None:
    ledger = open_ledger(engine, begin_mailing(engine, "anna"))
    (claim,) = ledger.commit([], free=1, now=NOON)
    ledger.commit([ended(claim, Fate.DEFERRED)], free=0, now=NOON)
    opt_out(engine, "anna")
    assert ledger.commit([], free=1, now=NOON + MINUTE) == ()
    assert read_states(engine) == {"anna": "withdrawn"}


def test_what_a_dead_run_left_in_flight_is_uncertain_and_stays_out_of_every_turn(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben", "cleo")
    open_ledger(engine, mailing, run="dead").commit([], free=2, now=NOON)
    ledger = open_ledger(engine, mailing, run="next")
    assert ledger.ledger.recover(now=NOON + 5) == 2
    assert read_states(engine) == {"anna": "uncertain", "ben": "uncertain", "cleo": "queued"}
    assert names(ledger.commit([], free=3, now=NOON + 5)) == ["cleo"]


def test_what_was_claimed_by_a_clock_that_was_ahead_has_not_ended_before_it_began(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben")
    dead = open_ledger(engine, mailing, run="dead")
    dead.commit([], free=1, now=NOON)
    dead.commit([], free=1, now=NOON + 7)
    open_ledger(engine, mailing, run="next").ledger.recover(now=NOON + 5)
    assert [delivery.ended_at for delivery in list_deliveries(engine, [mailing])] == [NOON + 5, NOON + 7]


def test_recovering_leaves_other_mailings_alone(engine: Engine) -> None:
    open_ledger(engine, begin_mailing(engine, "anna", issue="2021-04")).commit([], free=1, now=NOON)
    assert open_ledger(engine, begin_mailing(engine, "ben")).ledger.recover(now=NOON) == 0


def test_a_run_whose_delivery_was_taken_over_records_nothing_and_claims_nothing(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben")
    ledger = open_ledger(engine, mailing, run="run-1")
    (claim,) = ledger.commit([], free=1, now=NOON)
    open_ledger(engine, mailing, run="run-2").ledger.recover(now=NOON)
    with pytest.raises(MailingError, match="Another process has taken this mailing over"):
        ledger.commit([ended(claim, Fate.ACCEPTED)], free=1, now=NOON)
    assert read_states(engine) == {"anna": "uncertain", "ben": "queued"}


def test_a_late_result_is_not_taken_for_that_of_a_later_attempt(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna")
    late, ledger = open_ledger(engine, mailing, run="run-1"), open_ledger(engine, mailing, run="run-2")
    (claim,) = late.commit([], free=1, now=NOON)
    ledger.ledger.recover(now=NOON)
    resolve_deliveries(engine, "2021-05", ["anna@example.org"], Decision.RESEND, now=NOON)
    ledger.commit([], free=1, now=NOON)
    with pytest.raises(MailingError):
        late.commit([ended(claim, Fate.REFUSED)], free=0, now=NOON)
    assert read_states(engine) == {"anna": "sending"}


@on_sqlite
def test_a_turn_that_cannot_be_written_has_not_happened(engine: Engine) -> None:
    hand = open_ledger(engine, begin_mailing(engine, *(f"name-{number}" for number in range(200))))
    claims = hand.commit([], free=100, now=NOON)
    others, _ = hand.ledger.read_fresh(after=claims[-1].id, upto=10**9, most=100, now=NOON)
    fill_the_disk(hand.ledger)
    results = [ended(claim, Fate.REFUSED, "550 " + "x" * 490) for claim in claims]
    with pytest.raises(DatabaseError, match="disk is full"):
        hand.ledger.commit(results, others, now=NOON)
    states = list(read_past_the_program(engine).values())
    assert (states.count("sending"), states.count("queued")) == (100, 100)


def fill_the_disk(ledger: Ledger) -> None:
    """No page can be added to the database any more."""
    with ledger._transaction() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("a state that does not exist", {"state": "sent"}),
        ("sending without a run", {"state": "sending"}),
        ("a run without sending", {"run": "run-1"}),
        ("deferred for ever", {"state": "deferred"}),
        ("due without being deferred", {"due_at": NOON}),
    ],
)
def test_the_database_refuses_states_that_contradict_themselves(
    engine: Engine, name: str, values: Mapping[str, object]
) -> None:
    begin_mailing(engine, "anna")
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(update(deliveries).values(**values))
    assert read_states(engine) == {"anna": "queued"}, name


def test_the_database_refuses_a_second_delivery_to_a_person(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna")
    again = {
        "mailing_id": mailing.id,
        "subscriber_id": 1,
        "hash": b"k",
        "address": "a@b.uk",
        "name": "",
        "edition": 1,
        "state": "queued",
    }
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(deliveries).values(**again))


@on_sqlite
@pytest.mark.parametrize("wishing", [False, True])
def test_the_next_ones_are_found_by_an_index_however_long_the_mailing_is(engine: Engine, *, wishing: bool) -> None:
    ledger = open_ledger(engine, begin_mailing(engine, "anna"))
    statements: list[str] = []
    if wishing:
        wish(engine, "anna", WishKind.FORMAT, TEXT_ONLY)
    connection = engine.raw_connection()
    connection.driver_connection.set_trace_callback(statements.append)  # type: ignore[union-attr] -- sqlite3's own
    connection.close()
    ledger.commit([], free=2, now=NOON)
    ledger.ledger.next_due()
    searches = [
        statement
        for statement in statements
        if re.match(r"SELECT(?! EXISTS \(SELECT wishes| mailing_editions)", statement)
    ]
    with sqlite3.connect(str(engine.url.database)) as reader:
        plans = [str(reader.execute(f"EXPLAIN QUERY PLAN {search}").fetchall()) for search in searches]
    assert len(plans) == 4  # whose turn never came, put back, due, and when the next is due
    index = re.compile(r"SEARCH deliveries USING (COVERING )?INDEX ix_deliveries")
    assert all(index.search(plan) for plan in plans), plans
    assert "SCAN" not in "".join(plans)
    assert ("SEARCH wishes USING INDEX" in "".join(plans)) == wishing


@on_postgresql
def test_a_server_that_knows_nothing_of_a_mailing_yet_reads_only_who_is_claimed(engine: Engine) -> None:
    """It believes that nearly no one waits. To go through all who do, for each claim, would take ever longer."""
    number = 3000
    ledger = open_ledger(engine, begin_mailing(engine, *(f"reader-{n}" for n in range(number)))).ledger
    candidates, _ = ledger.read_fresh(after=0, upto=10**9, most=100, now=NOON)
    ledger.close()
    before = count_rows_read(engine)
    results: list[Result] = []
    for first in range(0, 100, 5):
        some = candidates[first : first + 5]
        assert len(ledger.commit(results, some, now=NOON)) == len(some)
        results = [ended(one, Fate.ACCEPTED) for one in some]
    ledger.commit(results, now=NOON)
    ledger.close()
    assert count_rows_read(engine) - before < 2 * number, "all are counted once"


def count_rows_read(engine: Engine) -> int:
    """How many deliveries the server has read since it began, once the session of the ledger has told it."""
    query = """
        SELECT (SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'deliveries')
            + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'deliveries')
    """
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT pg_stat_force_next_flush()")
        connection.commit()
        return int(connection.exec_driver_sql(query).scalar_one())


class Walk:
    """A mailing that goes on by whim: what the server answers, who opts out and when the machine dies is drawn."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.mailing = begin_mailing(engine, *"abcdefgh")
        self.now = NOON
        self.runs = 0
        self.left: list[str] = []  # each name as often as its message may have left
        self.opted_out: set[str] = set()
        self.start_run()

    def start_run(self) -> None:
        self.runs += 1
        self.ledger = open_ledger(self.engine, self.mailing, run=f"run-{self.runs}")
        self.ledger.ledger.recover(now=self.now)
        self.in_flight: tuple[Candidate, ...] = ()

    def commit(self, fates: list[Fate], free: int) -> None:
        results = [ended(claim, fate) for claim, fate in zip(self.in_flight, fates, strict=False)]
        rest = self.in_flight[len(results) :]
        self.left += [
            result.candidate.name for result in results if result.outcome.fate in (Fate.ACCEPTED, Fate.UNCERTAIN)
        ]
        claims = self.ledger.commit(results, free=free, now=self.now)
        assert not {claim.name for claim in claims} & self.opted_out
        self.in_flight = rest + claims

    def crash(self) -> None:
        self.left += names(self.in_flight)
        self.start_run()

    def wait(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    def leave(self, name: str) -> None:
        opt_out(self.engine, name)
        self.opted_out.add(name)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("commit"), st.lists(st.sampled_from(Fate), max_size=3), st.integers(0, 3)),
        st.tuples(st.just("crash")),
        st.tuples(st.just("wait"), st.integers(1, 6)),
        st.tuples(st.just("leave"), st.sampled_from("abcdefgh")),
    ),
    max_size=30,
)


@examples(60)
@given(steps=steps)
def test_whatever_happens_nobody_is_lost_and_no_message_leaves_twice(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, ...]]
) -> None:
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('walk') / 'ledger.db'}")
    walk = Walk(engine)
    for step, *arguments in steps:
        getattr(walk, step)(*arguments)
        states = read_states(engine)
        assert len(walk.left) == len(set(walk.left))
        assert sorted(states) == list("abcdefgh")
        assert {name for name, state in states.items() if state == "sending"} == set(names(walk.in_flight))
        assert {name for name, state in states.items() if state in ("accepted", "uncertain")} == set(walk.left)
    engine.dispose()
