from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from bulletin.database.schema import open_database
from bulletin.database.states import SuppressionOrigin, SuppressionReason
from bulletin.database.tables import memberships, subscribers
from bulletin.errors import Fault
from bulletin.subscribers.address import parse_address
from bulletin.subscribers.address_hash import hash_address, read_hasher
from bulletin.subscribers.lists import ListEntry, ListFile
from bulletin.subscribers.membership import apply_difference, compare_lists
from bulletin.subscribers.scope import one_bulletin, one_list
from bulletin.subscribers.suppression import find_suppressions, suppress

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection, Engine

    from bulletin.subscribers.difference import Difference

OPTED_OUT = SuppressionReason.OPTED_OUT
BASES = {"partners": "public-task", "schools": "consent"}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection


def declare(*people: str, **details: str) -> ListFile:
    """A list file of people written as `anna@example.org Anna Smith`, each with the same details."""
    pairs = [person.partition(" ") for person in people]
    return ListFile(
        entries=tuple(
            ListEntry(line=line, address=parse_address(address), name=name, details=dict(details))
            for line, (address, _, name) in enumerate(pairs, start=2)
        )
    )


def sync(connection: Connection, declared: Mapping[str, ListFile], *, now: int = 1000) -> Difference:
    difference = compare_lists(connection, declared)
    apply_difference(connection, difference, bases=BASES, now=now)
    return difference


def read_members(connection: Connection, name: str) -> dict[str, str]:
    """The names of a list's members, by their addresses."""
    columns = (subscribers.c.address, subscribers.c.name)
    rows = connection.execute(select(*columns).join_from(subscribers, memberships).where(memberships.c.list == name))
    return {row.address: row.name for row in rows}


def read_all(connection: Connection) -> list[tuple[object, ...]]:
    return [tuple(row) for table in (subscribers, memberships) for row in connection.execute(select(table))]


def test_the_first_sync_adds_everybody(connection: Connection) -> None:
    difference = sync(connection, {"partners": declare("Anna@example.org Anna Smith", "bea@example.org")})
    assert str(difference) == "+2 −0"
    assert read_members(connection, "partners") == {"Anna@example.org": "Anna Smith", "bea@example.org": ""}


def test_a_membership_records_where_it_comes_from_on_what_basis_and_since_when(connection: Connection) -> None:
    sync(connection, {"schools": declare("anna@example.org", organisation="Hill School")}, now=1234)
    row = connection.execute(select(memberships)).one()
    assert (row.list, row.source, row.basis, row.since) == ("schools", "file", "consent", 1234)
    assert row.details == {"organisation": "Hill School"}


def test_comparing_changes_nothing(connection: Connection) -> None:
    compare_lists(connection, {"partners": declare("anna@example.org")})
    assert connection.execute(select(subscribers)).all() == []


def test_a_second_sync_of_the_same_files_changes_nothing(connection: Connection) -> None:
    declared = {"partners": declare("Anna@example.org Anna", role="lead"), "schools": declare("anna@example.org A. S.")}
    sync(connection, declared)
    before = read_all(connection)
    difference = sync(connection, declared, now=2000)
    assert not difference
    assert [part.unchanged for part in difference] == [1, 1]
    assert read_all(connection) == before


def test_the_difference_names_everybody_whom_it_touches(connection: Connection) -> None:
    sync(connection, {"partners": declare("anna@example.org Anna", "bea@example.org Bea", "Carl@example.org Carl")})
    bea = hash_address(connection, "bea@example.org")
    suppress(connection, bea, reason=OPTED_OUT, origin=SuppressionOrigin.COMMAND, now=1)
    declared = declare("bea@example.org Bea", "carl@example.org Karl", "dora@example.org", role="lead")
    (part,) = compare_lists(connection, {"partners": declared})
    assert str(part) == "+1 −1, 2 changed, 1 suppressed"
    email = "email “Carl@example.org” → “carl@example.org”"
    assert [line for kind in part.describe() for line in kind.lines] == [
        "+ dora@example.org, line 4",
        "− anna@example.org (Anna)",
        "~ bea@example.org: role “” → “lead”, line 2",
        f"~ Carl@example.org: {email}, name “Carl” → “Karl”, role “” → “lead”, line 3",
        "suppressed: bea@example.org (Bea), line 2",
    ]


def test_the_summary_counts_what_cannot_be_used_and_carries_its_faults(connection: Connection) -> None:
    fault, note = Fault(file="partners.csv", message="no"), Fault(file="partners.csv", message="look")
    file = ListFile(entries=declare("anna@example.org").entries, faults=(fault,), notes=(note,))
    difference = compare_lists(connection, {"partners": file, "schools": declare("bea@example.org")})
    assert str(difference) == "+2 −0, 1 invalid"
    assert [(part.name, str(part), part.invalid, part.notes) for part in difference] == [
        ("partners", "+1 −0, 1 invalid", (fault,), (note,)),
        ("schools", "+1 −0", (), ()),
    ]


def test_large_numbers_are_grouped_in_the_summary(connection: Connection) -> None:
    people = (f"p{number}@example.org" for number in range(1234))
    assert str(compare_lists(connection, {"partners": declare(*people)})) == "+1,234 −0"


def test_what_a_file_declares_is_taken_over_to_the_letter(connection: Connection) -> None:
    sync(connection, {"partners": declare("anna@example.org Anna", "bea@example.org Bea", role="lead")})
    sync(connection, {"partners": declare("ANNA@example.org Dr Anna", "carl@example.org Carl")})
    assert read_members(connection, "partners") == {"ANNA@example.org": "Dr Anna", "carl@example.org": "Carl"}
    assert connection.scalars(select(memberships.c.details)).all() == [{}, {}]


def test_a_person_on_several_lists_is_one_subscriber(connection: Connection) -> None:
    sync(connection, {"partners": declare("anna@example.org Anna"), "schools": declare("ANNA@example.org A.")})
    assert connection.execute(select(subscribers.c.address, subscribers.c.name)).all() == [("anna@example.org", "Anna")]
    assert read_members(connection, "schools") == {"anna@example.org": "Anna"}


def test_the_first_file_that_names_a_person_decides_the_name(connection: Connection) -> None:
    declared = {"partners": declare("anna@example.org"), "schools": declare("Anna@example.org Anna Smith")}
    sync(connection, declared)
    assert read_members(connection, "partners") == {"Anna@example.org": "Anna Smith"}
    assert not compare_lists(connection, declared)


def test_a_name_that_comes_with_a_new_list_reaches_the_subscriber(connection: Connection) -> None:
    sync(connection, {"partners": declare("anna@example.org")})
    sync(connection, {"schools": declare("anna@example.org Anna Smith")})
    assert read_members(connection, "partners") == {"anna@example.org": "Anna Smith"}


def test_a_list_that_is_not_declared_is_left_alone(connection: Connection) -> None:
    sync(connection, {"partners": declare("anna@example.org"), "schools": declare("bea@example.org")})
    sync(connection, {"partners": declare()})
    assert read_members(connection, "partners") == {}
    assert read_members(connection, "schools") == {"bea@example.org": ""}


def test_who_leaves_every_list_remains_as_a_subscriber_for_past_deliveries(connection: Connection) -> None:
    sync(connection, {"partners": declare("anna@example.org Anna")})
    sync(connection, {"partners": declare()})
    assert connection.scalars(select(subscribers.c.address)).all() == ["anna@example.org"]


def test_who_comes_back_is_the_same_subscriber_with_a_new_membership(connection: Connection) -> None:
    for now, file in ((1000, declare("anna@example.org")), (2000, declare()), (3000, declare("anna@example.org"))):
        sync(connection, {"partners": file}, now=now)
    assert connection.scalars(select(subscribers.c.added_at)).all() == [1000]
    assert connection.scalars(select(memberships.c.since)).all() == [3000]


def test_no_sync_revives_who_has_opted_out(connection: Connection) -> None:
    anna = hash_address(connection, "anna@example.org")
    suppress(connection, anna, reason=OPTED_OUT, origin=SuppressionOrigin.COMMAND, now=1, note="by telephone")
    before = find_suppressions(connection, anna)
    for file in (declare("Anna@Example.org Anna"), declare(), declare("anna@example.org")):
        sync(connection, {"partners": file})
        assert find_suppressions(connection, anna) == before
    (part,) = compare_lists(connection, {"partners": declare("ANNA@example.org")})
    assert [member.address for member in part.suppressed] == ["ANNA@example.org"]


def test_who_left_one_list_is_suppressed_on_that_list_alone(connection: Connection) -> None:
    anna = hash_address(connection, "anna@example.org")
    for scope in (one_list("partners"), one_bulletin("training")):
        suppress(connection, anna, reason=OPTED_OUT, origin=SuppressionOrigin.PAGE, now=1, scope=scope)
    both = {"partners": declare("anna@example.org"), "schools": declare("anna@example.org", "ben@example.org")}
    assert [len(part.suppressed) for part in compare_lists(connection, both)] == [1, 0]


def join_by_web(connection: Connection, key: str, name: str = "") -> None:
    person = {"hash": hash_address(connection, key), "address": key, "name": name, "added_at": 1}
    connection.execute(subscribers.insert(), person)
    number = connection.scalar(select(subscribers.c.id).where(subscribers.c.address == key))
    joined = {"list": "schools", "source": "web", "basis": "consent", "since": 1, "details": {"form": "v1"}}
    connection.execute(memberships.insert(), {"subscriber_id": number, **joined})


def test_a_sync_never_removes_who_joined_by_another_road(connection: Connection) -> None:
    join_by_web(connection, "anna@example.org")
    difference = sync(connection, {"schools": declare()})
    assert not difference
    assert read_members(connection, "schools") == {"anna@example.org": ""}


def test_a_file_gives_a_name_to_who_joined_by_another_road_and_keeps_the_evidence(connection: Connection) -> None:
    join_by_web(connection, "anna@example.org")
    declared = {"schools": declare("anna@example.org Anna", role="lead")}
    sync(connection, declared)
    assert read_members(connection, "schools") == {"anna@example.org": "Anna"}
    row = connection.execute(select(memberships)).one()
    assert (row.source, row.since, row.details) == ("web", 1, {"form": "v1"})
    assert not compare_lists(connection, declared)


def test_who_joins_between_the_comparison_and_the_sync_stays_by_that_road(connection: Connection) -> None:
    difference = compare_lists(connection, {"schools": declare("anna@example.org Anna")})
    join_by_web(connection, "anna@example.org")
    apply_difference(connection, difference, bases=BASES, now=2000)
    assert connection.scalars(select(memberships.c.source)).all() == ["web"]


def test_a_corrected_basis_reaches_whom_the_file_declares_and_nobody_else(connection: Connection) -> None:
    join_by_web(connection, "anna@example.org")
    declared = {"schools": declare("bea@example.org")}
    sync(connection, declared)
    apply_difference(connection, compare_lists(connection, declared), bases={"schools": "contract"}, now=2000)
    rows = connection.execute(select(memberships.c.source, memberships.c.basis).order_by(memberships.c.source)).all()
    assert rows == [("file", "contract"), ("web", "consent")]


def test_a_sync_takes_few_statements_however_many_people_there_are(engine: Engine) -> None:
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    people = [f"p{number}@example.org" for number in range(12_000)]
    with engine.begin() as connection:
        sync(connection, {"partners": declare(*people)})
        sync(connection, {"partners": declare(*(f"{person} Pat" for person in people[:6000]), role="lead")})
        assert len(read_members(connection, "partners")) == 6000
    assert len(statements) < 20


_lists = st.dictionaries(
    st.sampled_from(["partners", "schools"]),
    st.dictionaries(
        st.sampled_from(["anna@example.org", "bea@example.org", "carl@example.org"]),
        st.tuples(st.sampled_from(["", "Pat", "Sam"]), st.dictionaries(st.just("role"), st.sampled_from("ab"))),
    ),
)


def build(lists: dict[str, dict[str, tuple[str, dict[str, str]]]]) -> dict[str, ListFile]:
    return {
        name: ListFile(
            entries=tuple(
                ListEntry(line=2, address=parse_address(address), name=full_name, details=details)
                for address, (full_name, details) in people.items()
            )
        )
        for name, people in lists.items()
    }


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])  # each example is rolled back
@given(st.lists(_lists, min_size=1, max_size=4))
def test_after_any_history_a_sync_leaves_what_the_files_declare_and_nothing_to_do(
    engine: Engine, history: list[dict[str, dict[str, tuple[str, dict[str, str]]]]]
) -> None:
    with engine.connect() as connection:
        for lists in history:
            sync(connection, build(lists))
        assert not compare_lists(connection, build(history[-1]))
        for name, people in history[-1].items():
            rows = connection.execute(
                select(subscribers.c.hash, memberships.c.details)
                .join_from(subscribers, memberships)
                .where(memberships.c.list == name)
            )
            hash_key = read_hasher(connection)
            declared = {hash_key(address): details for address, (_, details) in people.items()}
            assert {row.hash: row.details for row in rows} == declared
