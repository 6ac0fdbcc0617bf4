"""The journal of suppressions: what it says, and that nothing but a person's own wish takes anything of it back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, literal, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from bulletin.database.schema import open_database
from bulletin.database.states import (
    ConsentMethod,
    LiftReason,
    SuppressionEvent,
    SuppressionOrigin,
    SuppressionReason,
)
from bulletin.database.tables import (
    deliveries,
    editions,
    mailing_editions,
    mailings,
    memberships,
    subscribers,
    suppression_events,
)
from bulletin.errors import InvalidAddress
from bulletin.subscribers.consent import add_consent, confirm_consent, keep_wording
from bulletin.subscribers.scope import EVERYTHING, FIRST_BULLETIN, Scope, find_bulletin, one_bulletin, one_list
from bulletin.subscribers.suppression import (
    Suppression,
    count_suppressed,
    find_suppressions,
    is_suppressed,
    is_withheld,
    lift,
    list_suppressed,
    suppress,
)
from conftest import count_examples, on_postgresql, on_sqlite
from wishes import come_back, stop

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Engine

ANNA, BEN = b"anna's hash of 16"[:16], b"ben's hash, of 16"[:16]
OPTED_OUT, BOUNCED, ERASED = SuppressionReason.OPTED_OUT, SuppressionReason.BOUNCED, SuppressionReason.ERASED
COMMAND, PAGE = SuppressionOrigin.COMMAND, SuppressionOrigin.PAGE
LISTS, BULLETINS = ("partners", "schools", "leaders"), (FIRST_BULLETIN, "training")
SCOPES = [EVERYTHING, *map(one_list, LISTS), *map(one_bulletin, BULLETINS)]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection


def gets(connection: Connection, hash_: bytes, list_name: str, bulletin: str) -> bool:
    given = literal(hash_, suppression_events.c.hash.type)
    return bool(connection.scalar(select(~is_suppressed(given, list_name, bulletin))))


# --- what is kept


def test_an_address_that_nobody_suppressed_has_no_suppression(connection: Connection) -> None:
    assert find_suppressions(connection, ANNA) == ()
    assert gets(connection, ANNA, "partners", FIRST_BULLETIN)


def test_a_suppression_says_how_far_it_reaches_why_since_when_and_what_was_noted(connection: Connection) -> None:
    new = suppress(
        connection, ANNA, reason=BOUNCED, origin=COMMAND, now=1000, scope=one_list("schools"), note="by telephone"
    )
    assert new is True
    assert find_suppressions(connection, ANNA) == (
        Suppression(scope=one_list("schools"), reason=BOUNCED, since=1000, origin=COMMAND, note="by telephone"),
    )


def test_a_suppression_is_of_one_address_only(connection: Connection) -> None:
    stop(connection, ANNA, now=1000)
    assert find_suppressions(connection, BEN) == ()


@pytest.mark.parametrize("later", list(SuppressionReason))
def test_the_first_suppression_stands_whatever_comes_later(connection: Connection, later: SuppressionReason) -> None:
    assert stop(connection, ANNA, now=1000, note="first") is True
    assert suppress(connection, ANNA, reason=later, origin=COMMAND, now=2000, note="second") is False
    (standing,) = find_suppressions(connection, ANNA)
    assert (standing.reason, standing.since, standing.note) == (OPTED_OUT, 1000, "first")


def test_stops_of_several_scopes_stand_side_by_side(connection: Connection) -> None:
    assert [stop(connection, ANNA, scope, now=1000) for scope in SCOPES] == [True] * len(SCOPES)
    assert [one.scope for one in find_suppressions(connection, ANNA)] == SCOPES
    assert [stop(connection, ANNA, scope, now=2000) for scope in SCOPES] == [False] * len(SCOPES)


def test_a_stop_after_a_lift_is_written_again_even_where_only_part_was_lifted(connection: Connection) -> None:
    stop(connection, ANNA, now=1000)
    come_back(connection, ANNA, one_list("schools"), now=2000)
    (standing,) = find_suppressions(connection, ANNA)
    assert standing.lifted == (one_list("schools"),)
    assert gets(connection, ANNA, "schools", FIRST_BULLETIN)
    assert stop(connection, ANNA, now=3000) is True
    assert not gets(connection, ANNA, "schools", FIRST_BULLETIN)


@pytest.mark.parametrize("note", ["anna@example.org rang", "see a@b", "@"])
def test_a_note_with_an_address_in_it_is_refused_in_words_and_by_the_database(
    connection: Connection, note: str
) -> None:
    with pytest.raises(InvalidAddress, match="The note has an @ in it"):
        stop(connection, ANNA, now=1000, note=note)
    row = {"hash": ANNA, "event": "stop", "scope": 3, "target": "", "reason": "opted out", "at": 1, "origin": "page"}
    with pytest.raises(IntegrityError), connection.begin_nested():
        connection.execute(insert(suppression_events).values(**row, note=note))


def test_how_many_were_ever_suppressed_counts_each_address_once(connection: Connection) -> None:
    assert count_suppressed(connection) == 0
    for hash_, scope in ((ANNA, EVERYTHING), (ANNA, one_list("schools")), (BEN, one_bulletin("training"))):
        stop(connection, hash_, scope, now=1000)
    assert count_suppressed(connection) == 2


def test_a_bulletin_is_known_by_its_folder_whatever_it_is_called() -> None:
    assert find_bulletin("2021-05") == FIRST_BULLETIN
    assert find_bulletin("training/2021-05") == "training"


# --- what the database itself refuses


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM suppression_events",
        "UPDATE suppression_events SET reason = 'bounced'",
        "UPDATE suppression_events SET at = 0 WHERE id = 1",
        "UPDATE identity SET address_key = hash FROM suppression_events",
    ],
)
def test_the_database_itself_refuses_to_change_or_delete_what_keeps_people_out(
    connection: Connection, statement: str
) -> None:
    stop(connection, ANNA, now=1000)
    before = find_suppressions(connection, ANNA)
    with pytest.raises(DBAPIError, match="stands"), connection.begin_nested():
        connection.execute(text(statement))
    assert find_suppressions(connection, ANNA) == before


@on_sqlite
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE"])
def test_a_row_of_the_journal_cannot_be_replaced_by_another(connection: Connection, verb: str) -> None:
    stop(connection, ANNA, now=1000)
    row = "(1, x'00', 'stop', 1, 'schools', 'opted out', 1, 'page', NULL, '')"
    with pytest.raises(DBAPIError, match="a suppression stands"), connection.begin_nested():
        connection.execute(text(f"{verb} INTO suppression_events VALUES {row}"))
    assert not gets(connection, ANNA, "partners", FIRST_BULLETIN)


@on_postgresql
def test_the_journal_cannot_be_emptied_on_a_server(connection: Connection) -> None:
    stop(connection, ANNA, now=1000)
    with pytest.raises(DBAPIError, match="a suppression stands"), connection.begin_nested():
        connection.execute(text("TRUNCATE suppression_events"))


@pytest.mark.parametrize(
    "fault",
    [
        {"event": "halt"},
        {"scope": 4},
        {"scope": 3, "target": "schools"},
        {"scope": 1, "target": ""},
        {"reason": "a whim"},
        {"reason": "confirmed"},
        {"consent_id": 1},
        {"event": "lift"},
    ],
    ids=str,
)
def test_the_database_itself_refuses_an_event_that_makes_no_sense(
    connection: Connection, fault: dict[str, object]
) -> None:
    wish = add_consent(connection, ANNA, method=ConsentMethod.UNDO, asked_at=1, confirmed_at=1)
    row: dict[str, object] = {"hash": ANNA, "event": "stop", "scope": 3, "target": "", "reason": "opted out"}
    assert wish == 1
    with pytest.raises(IntegrityError), connection.begin_nested():
        connection.execute(insert(suppression_events).values(**row | {"at": 1, "origin": "page"} | fault))


class Wish(NamedTuple):
    """A consent of Anna's, and the scope of the lift that names it."""

    method: ConsentMethod = ConsentMethod.DOUBLE_OPT_IN
    confirmed_at: int | None = 2000
    list_name: str = "schools"
    whose: bytes = ANNA
    scope: Scope = one_list("schools")


@pytest.mark.parametrize(
    "wish",
    [
        Wish(method=ConsentMethod.IMPORT),
        Wish(method=ConsentMethod.COMMAND),
        Wish(confirmed_at=None),
        Wish(confirmed_at=1000),  # in the very millisecond of the stop
        Wish(confirmed_at=999),
        Wish(whose=BEN),
        Wish(list_name="partners"),
        Wish(scope=EVERYTHING),  # a yes to one list
        Wish(scope=one_bulletin("training")),
    ],
    ids=str,
)
def test_the_database_itself_refuses_a_lift_that_is_not_the_persons_own_later_wish(
    connection: Connection, wish: Wish
) -> None:
    for scope in (EVERYTHING, one_list("schools"), one_bulletin("training")):
        stop(connection, ANNA, scope, now=1000)
    consent = add_consent(
        connection,
        wish.whose,
        method=wish.method,
        asked_at=500,
        confirmed_at=wish.confirmed_at,
        list_name=wish.list_name,
    )
    with pytest.raises(IntegrityError, match="only the person lifts"), connection.begin_nested():
        _lift(connection, wish.scope, consent)
    assert not gets(connection, ANNA, "schools", "training")


def test_a_wish_lifts_once_and_not_again_after_the_next_stop(connection: Connection) -> None:
    stop(connection, ANNA, now=1000)
    consent = add_consent(connection, ANNA, method=ConsentMethod.UNDO, asked_at=1500, confirmed_at=1500)
    assert _lift(connection, EVERYTHING, consent) is True
    assert _lift(connection, EVERYTHING, consent) is False  # nothing is left to take back
    stop(connection, ANNA, now=3000)
    with pytest.raises(IntegrityError, match="only the person lifts"), connection.begin_nested():
        _lift(connection, EVERYTHING, consent)


def test_what_was_agreed_to_how_and_when_never_changes(connection: Connection) -> None:
    words = keep_wording(connection, "If you select 'Subscribe', you agree that we may email you.", language="en")
    assert keep_wording(connection, "If you select 'Subscribe', you agree that we may email you.") == words
    consent = add_consent(
        connection, ANNA, method=ConsentMethod.DOUBLE_OPT_IN, asked_at=5, list_name="schools", wording=words
    )
    assert confirm_consent(connection, consent, now=7) is True
    assert confirm_consent(connection, consent, now=9) is False
    for change in ("confirmed_at = 8", "method = 'undo'", "hash = hash", "list = ''", "asked_at = 1"):
        with pytest.raises(DBAPIError, match="evidence of consent stands"), connection.begin_nested():
            connection.execute(text(f"UPDATE consents SET {change}"))
    connection.execute(text("UPDATE consents SET network = '', agent = '', page = '', subscriber_id = NULL"))


def _lift(connection: Connection, scope: Scope, consent: int) -> bool:
    return lift(connection, ANNA, scope=scope, consent_id=consent, reason=LiftReason.CONFIRMED, origin=PAGE, now=2500)


# --- what it means


class Event(NamedTuple):
    """A row of a journal; the scope of a lift is that of the person's wish."""

    kind: SuppressionEvent
    scope: Scope


def model_is_suppressed(journal: Sequence[Event], list_name: str, bulletin: str) -> bool:
    """The latest that applies wins, but a lift takes nothing back of a stop that is narrower than itself."""
    about = {EVERYTHING, one_list(list_name), one_bulletin(bulletin)}
    standing: set[Scope] = set()
    for kind, scope in journal:
        if scope in about:
            if kind is SuppressionEvent.STOP:
                standing.add(scope)
            else:
                standing = {one for one in standing if one.kind < scope.kind}
    return bool(standing)


def model_is_withheld(journal: Sequence[Event], on: set[str], lists: Sequence[str], bulletin: str) -> bool:
    return bool(journal) and all(model_is_suppressed(journal, name, bulletin) for name in on & set(lists))


events = st.builds(Event, st.sampled_from([SuppressionEvent.STOP, SuppressionEvent.LIFT]), st.sampled_from(SCOPES))
journals = st.lists(events, max_size=12)
memberships_of_one = st.sets(st.sampled_from(LISTS))


def write(connection: Connection, hash_: bytes, journal: Sequence[Event]) -> list[Event]:
    """The journal of a person, as far as anything came to be written. Each event is at a time of its own."""
    written = []
    for at, event in enumerate(journal, start=1):
        act = stop if event.kind is SuppressionEvent.STOP else come_back
        if act(connection, hash_, event.scope, now=at):
            written.append(event)
    return written


PEOPLE = 60
"""Journals in one example: a statement answers for all of them, as in a mailing."""


@on_sqlite
@settings(
    max_examples=count_examples(120),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    people=st.lists(st.tuples(journals, memberships_of_one), min_size=1, max_size=PEOPLE),
    lists=st.lists(st.sampled_from(LISTS), min_size=1, unique=True),
    bulletin=st.sampled_from(BULLETINS),
)
@example(people=[([], {"partners"})], lists=["partners"], bulletin="training")
@example(people=[([Event(SuppressionEvent.STOP, EVERYTHING)], set())], lists=["partners"], bulletin="training")
def test_the_predicate_agrees_with_a_model_on_any_journal(
    engine: Engine, people: list[tuple[list[Event], set[str]]], lists: list[str], bulletin: str
) -> None:
    _compare_with_model(engine, people, lists, bulletin)


@on_postgresql
@settings(
    max_examples=count_examples(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    people=st.lists(st.tuples(journals, memberships_of_one), min_size=1, max_size=20),
    lists=st.lists(st.sampled_from(LISTS), min_size=1, unique=True),
    bulletin=st.sampled_from(BULLETINS),
)
def test_the_predicate_agrees_with_the_model_on_a_server_too(
    engine: Engine, people: list[tuple[list[Event], set[str]]], lists: list[str], bulletin: str
) -> None:
    _compare_with_model(engine, people, lists, bulletin)


def _compare_with_model(
    engine: Engine, people: list[tuple[list[Event], set[str]]], lists: list[str], bulletin: str
) -> None:
    with engine.connect() as connection:  # which is rolled back in the end
        number = 0
        answers: dict[int, tuple[bool, dict[str, bool]]] = {}
        for number, (journal, on) in enumerate(people, start=1):
            hash_ = number.to_bytes(16)
            _join(connection, number, hash_, on)
            written = write(connection, hash_, journal)
            each = {name: model_is_suppressed(journal, name, bulletin) for name in LISTS}
            answers[number] = (bool(written) and model_is_withheld(journal, on, lists, bulletin), each)
        people_ = subscribers.c
        withheld = is_withheld(people_.hash, people_.id, lists, bulletin)
        through = [is_suppressed(people_.hash, name, bulletin) for name in LISTS]
        found = connection.execute(select(people_.id, withheld, *through)).all()
        assert {row[0]: (bool(row[1]), dict(zip(LISTS, map(bool, row[2:]), strict=True))) for row in found} == answers
        hashes = {number.to_bytes(16): number for number in answers}
        for name in LISTS:
            alone = {number for number, (journal, _) in enumerate(people, 1) if model_is_suppressed(journal, name, "")}
            assert {hashes[one] for one in list_suppressed(connection, name) if one in hashes} == alone


def _join(connection: Connection, number: int, hash_: bytes, on: set[str]) -> None:
    person = {"id": number, "hash": hash_, "address": "", "added_at": 1}
    connection.execute(insert(subscribers).values(**person))
    common = {"subscriber_id": number, "source": "file", "basis": "consent", "since": 1, "details": {}}
    for name in on:
        connection.execute(insert(memberships).values(list=name, **common))


# --- what it costs


NUMBER = 20_000


@pytest.fixture
def full(engine: Engine) -> Engine:
    """A database with many people, one in five of whom has left something, and a mailing to them all."""
    with engine.begin() as connection:
        people = [
            {"id": one, "hash": one.to_bytes(16), "address": f"{one}@example.org", "added_at": 1}
            for one in range(1, NUMBER + 1)
        ]
        connection.execute(insert(subscribers), people)
        common = {"source": "file", "basis": "consent", "since": 1, "details": {}}
        joined = [{"subscriber_id": one["id"], "list": LISTS[one["id"] % 2], **common} for one in people]
        connection.execute(insert(memberships), joined)
        stopped = {"event": "stop", "scope": 1, "target": "schools", "reason": "opted out", "at": 1, "origin": "page"}
        connection.execute(insert(suppression_events), [stopped | {"hash": one["hash"]} for one in people[::5]])
        connection.execute(insert(editions).values(digest="d", content=b"", kept_at=1))
        mailing = {"id": 1, "key": "k", "issue": "2021-05", "lists": ["partners", "schools"]}
        connection.execute(insert(mailings).values(**mailing, began_at=1))
        kept = {"mailing_id": 1, "n": 1, "digest": "d", "signature": [], "items": [], "readers": 1}
        connection.execute(insert(mailing_editions).values(**kept))
        mailed = ("hash", "address", "state", "name", "subscriber_id", "mailing_id", "edition")
        queued = [(one["hash"], one["address"], "queued", "", one["id"], 1, 1) for one in people]
        connection.execute(insert(deliveries), [dict(zip(mailed, row, strict=True)) for row in queued])
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    return engine


def read_plan(connection: Connection, statement: Any) -> str:
    """How the database means to carry a statement out, in its own words."""
    compiled = statement.compile(connection, compile_kwargs={"literal_binds": True})
    if connection.dialect.name == "sqlite":
        return "\n".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}"))
    return "\n".join(connection.scalars(text(f"EXPLAIN {compiled}")))


SCANS_JOURNAL = re.compile(r"SCAN (known|stops|lifts)|Seq Scan on suppression_events")


def test_no_statement_reads_the_whole_journal(full: Engine) -> None:
    lists = ["partners", "schools"]
    withheld = is_withheld(deliveries.c.hash, deliveries.c.subscriber_id, lists, FIRST_BULLETIN)
    one = deliveries.c.id == 7
    claim = update(deliveries).where(one, deliveries.c.state == "queued", ~withheld).values(state="accepted")
    ahead = select(deliveries.c.id, withheld).where(deliveries.c.mailing_id == 1).order_by(deliveries.c.id).limit(100)
    start = select(subscribers.c.id).where(~is_withheld(subscribers.c.hash, subscribers.c.id, lists, FIRST_BULLETIN))
    with full.connect() as connection:
        for statement in (claim, ahead, start):
            plan = read_plan(connection, statement)
            assert "ix_suppression_events_hash" in plan, plan
            assert not SCANS_JOURNAL.search(plan), plan
        left = [name for name in (LISTS[number % 2] for number in range(1, NUMBER + 1, 5)) if name == "schools"]
        assert len(connection.execute(start).all()) == NUMBER - len(left)
