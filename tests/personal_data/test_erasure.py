"""Erasing a person: nothing about them is left, everything about others is, and no way brings them back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url, select, text, update

from anytown import NOON, address_of, make_edition
from bulletin.database.commits import allow_settling
from bulletin.database.residue import has_residue
from bulletin.database.schema import open_database
from bulletin.database.shortfall import Shortfall
from bulletin.database.states import (
    ConsentMethod,
    DeliveryState,
    LiftReason,
    MailingEvent,
    OutboxState,
    SuppressionOrigin,
    SuppressionReason,
)
from bulletin.database.tables import consents, deliveries, identity, subscribers, suppression_events
from bulletin.delivery.ledger.counts import count_breakdown, count_refusals, count_states
from bulletin.delivery.ledger.issue_lock import hold_issue
from bulletin.delivery.ledger.ledger import Ledger
from bulletin.delivery.ledger.mailing import Mailing, find_mailings
from bulletin.delivery.ledger.mailing_events import find_events, record_event
from bulletin.delivery.ledger.resolution import Decision, find_refused, queue_again, resolve_deliveries
from bulletin.delivery.ledger.start import count_people, start_mailing
from bulletin.delivery.sending.last_failure import LastFailure, keep_last_failure, read_last_failure
from bulletin.errors import LedgerBehind, MailingHeld
from bulletin.personal_data.erasure import erase_person, plan_erasure
from bulletin.subscribers.address import parse_address
from bulletin.subscribers.address_hash import hash_address
from bulletin.subscribers.consent import add_consent
from bulletin.subscribers.leaving import find_leaver, leave
from bulletin.subscribers.scope import one_list
from bulletin.subscribers.suppression import find_suppressions, lift
from bulletin.subscribers.sync import compare_with_files, sync_lists
from bulletin.subscribers.tokens import LinkToken
from bulletin.workspace.workspace import Workspace
from conftest import examples, on_postgresql, on_sqlite, write_workspace
from whole_person import AGENT, dump, find_tables_with, full_name, send_email_of, surname_of, tell_everything

NAMES = ("anna", "ben", "sam")
CSV = "email,name,town\n" + "".join(f"{address_of(name)},{full_name(name)},Hull\n" for name in NAMES)
SAM = parse_address(address_of("sam"))
LATER = NOON + 1000


class Office:
    """A workspace, its database, and a mailing to three people, of whom every table knows something."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.engine = open_database(workspace)
        self.sync()
        self.mailing = self.mail("2021-05")
        tell_everything(self.engine, *NAMES)

    def sync(self) -> None:
        with self.engine.begin() as connection:
            sync_lists(connection, self.workspace, compare_with_files(connection, self.workspace), now=NOON)

    def mail(self, issue: str) -> Mailing:
        key = issue.replace("-", "")
        return start_mailing(self.engine, make_edition(issue), lists=["partners"], key=key, now=NOON)

    def settle(self, state: DeliveryState, *names: str, **values: object) -> None:
        due = NOON if state is DeliveryState.DEFERRED else None
        run = "r" if state is DeliveryState.SENDING else None
        addresses = [address_of(name) for name in names or NAMES]
        with self.engine.begin() as connection:
            row = {"state": state, "due_at": due, "run": run, **values}
            connection.execute(update(deliveries).where(deliveries.c.address.in_(addresses)).values(row))

    def erase(self) -> bool:
        return erase_person(self.engine, self.workspace, SAM, now=LATER)

    def read_list(self) -> str:
        return (self.workspace.root / "subscribers/partners.csv").read_text(encoding="utf-8")


@pytest.fixture
def office(make_workspace: Callable[..., Workspace], database_url: str) -> Iterator[Office]:
    files = {"partners": CSV, "schools": "email\n"}
    office = Office(make_workspace(lists=files, environ={"BULLETIN_DATABASE_URL": database_url}))
    yield office
    office.engine.dispose()


def test_every_table_that_may_name_a_person_does_so_before(office: Office) -> None:
    """Otherwise finding nothing afterwards would show nothing."""
    found = find_tables_with(office.engine, SAM.written, surname_of("sam"))
    assert set(found) == {
        *("subscribers", "memberships", "deliveries", "consents", "sign_ups", "outbox", "returns", "complaints"),
    }


def test_afterwards_no_column_of_any_table_has_the_address_or_the_name(office: Office) -> None:
    office.settle(DeliveryState.REFUSED)

    assert office.erase() is True

    assert find_tables_with(office.engine, SAM.written, surname_of("sam")) == {}
    assert SAM.written not in office.read_list()


def test_the_hash_is_left_in_the_journal_alone(office: Office) -> None:
    office.settle(DeliveryState.ACCEPTED)
    with office.engine.begin() as connection:
        hash_ = hash_address(connection, SAM.key)

    office.erase()

    having = {name for name, rows in dump(office.engine).items() if any(hash_ in row for row in rows)}
    assert having == {"suppression_events"}
    with office.engine.begin() as connection:
        newest = find_suppressions(connection, hash_)[-1]
    assert (newest.reason, newest.origin, newest.since) == (SuppressionReason.ERASED, SuppressionOrigin.COMMAND, LATER)


@on_sqlite
def test_the_bytes_of_the_database_have_no_trace_of_the_address(office: Office, database_url: str) -> None:
    office.settle(DeliveryState.REFUSED)
    file = Path(make_url(database_url).database or "")

    assert office.erase() is True

    for path in (file, *file.parent.glob(f"{file.name}-*")):
        content = path.read_bytes().lower()
        for wanted in (SAM.written, surname_of("sam").lower(), "sam@"):
            assert wanted.encode() not in content, path


@on_sqlite
def test_if_another_program_reads_the_database_the_wiping_waits_until_it_is_opened_next(
    office: Office, database_url: str
) -> None:
    office.settle(DeliveryState.ACCEPTED)
    other = open_database(database_url)
    with other.connect() as reading:
        raw = reading.connection.driver_connection
        assert raw is not None
        raw.execute("COMMIT") if raw.in_transaction else None
        raw.execute("BEGIN")
        raw.execute("SELECT count(*) FROM subscribers").fetchone()
        office.engine.dispose()
        waited = office.erase()
        raw.execute("COMMIT")
    other.dispose()
    with office.engine.begin() as connection:
        assert has_residue(connection) is not waited


@on_postgresql
def test_the_statistics_of_a_server_have_no_sample_of_the_address(office: Office) -> None:
    office.settle(DeliveryState.REFUSED)
    with office.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))

    assert office.erase() is True

    with office.engine.begin() as connection:
        samples = str(connection.execute(text("SELECT * FROM pg_stats WHERE schemaname = 'public'")).all()).lower()
    assert SAM.written not in samples
    assert surname_of("sam").lower() not in samples


def test_everyone_else_and_every_count_stay_as_they_were(office: Office) -> None:
    office.settle(DeliveryState.REFUSED)
    office.settle(DeliveryState.ACCEPTED, "anna")
    before, counts = dump(office.engine), count_states(office.engine, [office.mailing])
    refusals = count_refusals(office.engine, [office.mailing])

    office.erase()

    after = dump(office.engine)
    assert count_states(office.engine, [office.mailing]) == counts
    assert count_refusals(office.engine, [office.mailing]) == refusals
    assert [one.number for one in refusals] == [2]
    for table in ("subscribers", "deliveries", "returns", "outbox", "complaints", "mailings", "editions", "wordings"):
        assert len(after[table]) == len(before[table]), table
        changed = [row for row, was in zip(after[table], before[table], strict=True) if row != was]
        assert len(changed) <= (2 if table == "outbox" else 1), table
    for table in ("memberships", "wishes", "person_events", "consents", "sign_ups"):
        left = [row for row in before[table] if row not in after[table]]
        assert set(after[table]) <= set(before[table])
        assert len(left) == (2 if table == "wishes" else 1), table


@examples(12)
@given(
    st.permutations(["anna", "ben", "sam", "zoë", "o'neil", "sam.other"]),
    st.lists(
        st.sampled_from(["accepted", "refused", "uncertain", "deferred", "queued", "bounced"]), min_size=6, max_size=6
    ),
)
def test_whoever_is_erased_no_row_of_another_person_changes(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], states: list[str]
) -> None:
    root = tmp_path_factory.mktemp("office")
    csv = "email,name\n" + "".join(f"{address_of(name)},{full_name(name)}\n" for name in names)
    workspace = write_workspace(root, lists={"partners": csv, "schools": "email\n"})
    engine = open_database(workspace)
    with engine.begin() as connection:
        sync_lists(connection, workspace, compare_with_files(connection, workspace), now=NOON)
    start_mailing(engine, make_edition("2021-05"), lists=["partners"], key="k", now=NOON)
    tell_everything(engine, *names)
    with engine.begin() as connection:
        for name, state in zip(names, states, strict=True):
            values = {"state": state, "due_at": NOON if state == "deferred" else None}
            connection.execute(update(deliveries).where(deliveries.c.address == address_of(name)).values(values))
        numbers = dict(connection.execute(select(subscribers.c.address, subscribers.c.id)).all())
    before, waits = dump(engine), states[0] in ("queued", "deferred")
    counts = count_states(engine, find_mailings(engine, "2021-05"))

    gone = names[0]
    erase_person(engine, workspace, parse_address(address_of(gone)), now=LATER)

    after = dump(engine)
    for name in names[1:]:
        needles = (address_of(name), full_name(name))
        for table, rows in before.items():
            theirs = [row for row in rows if any(str(needle) in str(value) for needle in needles for value in row)]
            assert all(row in after[table] for row in theirs), (table, name)
        number = numbers[address_of(name)]
        for table in ("memberships", "wishes", "person_events"):
            position = 1 if table in ("wishes", "person_events") else 0
            assert [row for row in after[table] if row[position] == number] == [
                row for row in before[table] if row[position] == number
            ]
    then = count_states(engine, find_mailings(engine, "2021-05"))
    assert then.total == counts.total
    assert then.withdrawn == counts.withdrawn + waits
    engine.dispose()


@pytest.mark.parametrize("state", [DeliveryState.QUEUED, DeliveryState.DEFERRED])
def test_what_still_waits_to_be_sent_to_them_is_withdrawn(office: Office, state: DeliveryState) -> None:
    office.settle(state)
    assert plan_erasure(office.engine, office.workspace, SAM).waiting == ("2021-05",)

    office.erase()

    assert count_states(office.engine, [office.mailing]).withdrawn == 1
    with Ledger(office.engine, office.mailing, run="r", retries=()) as ledger:
        fresh = ledger.read_fresh(after=0, upto=10**9, most=10, now=NOON)[0]
        due = ledger.read_due(most=10, now=LATER)
        candidates = [*fresh, *due]
    assert {one.address for one in candidates} == {address_of("anna"), address_of("ben")}


def test_an_email_on_its_way_stops_the_erasure_with_nothing_changed(office: Office) -> None:
    office.settle(DeliveryState.SENDING, "sam")
    before, lines = dump(office.engine), office.read_list()

    with (
        hold_issue(office.engine, office.workspace.state_folder, "2021-05", now=NOON),  # its sender lives
        pytest.raises(MailingHeld, match=r"2021-05 is being sent to sam@example\.org right now"),
    ):
        office.erase()

    after = dump(office.engine)
    assert {name: rows for name, rows in after.items() if name != "identity"} == {
        name: rows for name, rows in before.items() if name != "identity"
    }
    assert office.read_list() == lines


def test_an_email_that_a_dead_program_left_on_its_way_doesnt(office: Office) -> None:
    office.settle(DeliveryState.SENDING, "sam")
    office.erase()
    assert count_states(office.engine, [office.mailing]).uncertain == 1
    assert find_tables_with(office.engine, SAM.written) == {}


def test_an_email_to_them_alone_on_its_way_stops_it_too_and_one_that_waits_is_dropped(office: Office) -> None:
    send_email_of(office.engine, "sam", OutboxState.SENDING)
    with pytest.raises(MailingHeld, match="an email to them alone is being sent"):
        office.erase()
    send_email_of(office.engine, "sam", OutboxState.QUEUED)
    office.erase()
    rows = [row for row in dump(office.engine)["outbox"] if any("erased" in str(value) for value in row)]
    assert len(rows) == 2
    assert all("dropped" in row for row in rows)


def test_what_was_refused_or_uncertain_is_never_sent_again(office: Office) -> None:
    """The journal can't know a delivery whose hash is no one's."""
    office.settle(DeliveryState.UNCERTAIN)
    office.settle(DeliveryState.REFUSED, "anna", "ben")
    office.erase()
    resolve_deliveries(office.engine, "2021-05", None, Decision.RESEND, now=LATER)
    assert count_states(office.engine, [office.mailing]).withdrawn == 1

    office.settle(DeliveryState.ACCEPTED, "anna", "ben")
    with office.engine.begin() as connection:
        connection.execute(update(deliveries).where(deliveries.c.address == "").values(state=DeliveryState.REFUSED))
    refused = find_refused(office.engine, "2021-05")
    assert [one.suppressed for one in refused] == [True]
    assert queue_again(office.engine, refused, now=LATER) == 0


def test_what_a_person_decided_and_what_a_cancelling_withdrew_is_still_counted(office: Office) -> None:
    office.settle(DeliveryState.UNCERTAIN)
    resolve_deliveries(office.engine, "2021-05", None, Decision.DELIVERED, now=NOON)
    before = count_breakdown(office.engine, [office.mailing])
    office.erase()
    assert count_breakdown(office.engine, [office.mailing]) == before
    assert before.decided == 3


def test_the_link_in_an_old_email_still_leads_to_someone_who_has_no_address(office: Office) -> None:
    office.settle(DeliveryState.ACCEPTED)
    with office.engine.begin() as connection:
        number = connection.execute(select(subscribers.c.id).where(subscribers.c.address == SAM.written)).scalar_one()
        sent = connection.scalar(select(deliveries.c.id).where(deliveries.c.subscriber_id == number))
    office.erase()
    with office.engine.begin() as connection:
        token = LinkToken(subscriber_id=number, delivery_id=sent)
        leaver = find_leaver(connection, token)
        assert leaver is not None
        assert leaver.address == ""
        assert leave(connection, leaver, leaver.scope, origin=SuppressionOrigin.PAGE, now=LATER)


def test_a_consent_that_lifted_something_keeps_only_what_makes_that_valid(office: Office) -> None:
    with office.engine.begin() as connection:
        hash_ = hash_address(connection, SAM.key)
        wish = add_consent(
            connection, hash_, method=ConsentMethod.PREFERENCES, asked_at=LATER, confirmed_at=LATER, page="/p/secret"
        )
        connection.execute(update(consents).where(consents.c.id == wish).values(network="192.0.2.0/24", agent=AGENT))
        how = {"reason": LiftReason.CONFIRMED, "origin": SuppressionOrigin.PAGE, "now": LATER}
        assert lift(connection, hash_, scope=one_list("schools"), consent_id=wish, **how)

    office.erase()

    with office.engine.begin() as connection:
        [row] = connection.execute(select(consents).where(consents.c.hash == hash_)).all()
    assert (row.id, row.method, row.confirmed_at) == (wish, ConsentMethod.PREFERENCES, LATER)
    assert (row.subscriber_id, row.page, row.network, row.agent) == (None, "", "", "")


WAYS_BACK = {
    "the former file": CSV,
    "capital letters": f"email\n{SAM.written.upper()}\n",
    "a file of its own": f"email\n{SAM.written}\n",
    "beside others": f"{CSV}new@example.org,New,Hull\n",
    "with a space": f"email,name\n {SAM.written} ,Sam\n",
}


@pytest.mark.parametrize("csv", WAYS_BACK.values(), ids=WAYS_BACK)
def test_no_file_brings_them_back(office: Office, csv: str) -> None:
    office.settle(DeliveryState.ACCEPTED)
    office.erase()
    for name in ("partners", "schools"):
        (office.workspace.root / f"subscribers/{name}.csv").write_text(csv, encoding="utf-8")
    with office.engine.begin() as connection:
        difference = compare_with_files(connection, office.workspace)
        assert all(SAM.key in [one.address.lower() for one in part.suppressed] for part in difference)
    office.sync()
    with office.engine.begin() as connection:
        assert count_people(connection, "2021-06", ["partners", "schools"]).suppressed >= 1
    sent = office.mail("2021-06") if csv in (CSV, WAYS_BACK["beside others"]) else None
    with office.engine.begin() as connection:
        query = select(deliveries.c.address).where(deliveries.c.mailing_id == (sent.id if sent else 0))
        assert SAM.written not in [one.lower() for one in connection.scalars(query)]


def test_a_person_who_was_erased_twice_is_stopped_twice_and_lost_once(office: Office) -> None:
    office.erase()
    assert not plan_erasure(office.engine, office.workspace, SAM)
    office.erase()
    with office.engine.begin() as connection:
        hash_ = hash_address(connection, SAM.key)
        reasons = [one.reason for one in find_suppressions(connection, hash_)]
    assert reasons == [SuppressionReason.OPTED_OUT, SuppressionReason.ERASED, SuppressionReason.ERASED]


def test_someone_of_whom_only_a_list_file_knows_is_erased_as_well(office: Office) -> None:
    file = office.workspace.root / "subscribers/schools.csv"
    file.write_text("email\nzoe@example.org\nben@example.org\n", encoding="utf-8")
    zoe = parse_address("ZOE@example.org")
    assert plan_erasure(office.engine, office.workspace, zoe)
    erase_person(office.engine, office.workspace, zoe, now=LATER)
    assert file.read_text(encoding="utf-8") == "email\nben@example.org\n"
    with office.engine.begin() as connection:
        query = select(suppression_events.c.reason).where(
            suppression_events.c.hash == hash_address(connection, zoe.key)
        )
        assert connection.scalars(query).all() == [SuppressionReason.ERASED]


def test_with_a_ledger_that_lacks_something_nothing_is_erased_and_no_file_is_written(office: Office) -> None:
    lines = office.read_list()
    lacking = asdict(Shortfall(commits=9, since=NOON, until=LATER, lost=()))
    with office.engine.begin() as connection:
        allow_settling(connection)
        connection.execute(update(identity).values(lacking=lacking))
    with pytest.raises(LedgerBehind):
        office.erase()
    assert office.read_list() == lines


def test_the_free_space_is_marked_before_it_is_wiped(office: Office) -> None:
    assert office.erase() is True
    with office.engine.begin() as connection:
        assert not has_residue(connection)


def test_the_plan_counts_what_goes_and_names_each_line(office: Office) -> None:
    office.settle(DeliveryState.ACCEPTED)
    plan = plan_erasure(office.engine, office.workspace, SAM)
    assert [(one.file, [line.line for line in one.own]) for one in plan.own_files] == [
        ("subscribers/partners.csv", [4])
    ]
    assert {what: number for what, number in plan.rows.items() if number} == {
        "memberships of lists": 1,
        "choices (language, format, pause)": 2,
        "records of consent": 1,
        "requests to join": 1,
        "events": 1,
        "emails to this person alone": 2,
        "deliveries of issues": 1,
        "emails that came back": 1,
        "complaints": 1,
        "names and addresses": 1,
    }


def test_what_the_program_noted_of_a_mailing_or_a_failure_loses_the_address(office: Office) -> None:
    """Why a mailing stopped may quote a server; why a run failed may quote a line of a list."""
    words = f"The server said “550 5.1.1 <{SAM.written.upper()}> unknown”."
    record_event(office.engine, office.mailing.id, MailingEvent.HALTED, now=NOON, note=words)
    folder = office.workspace.state_folder
    for issue, quoted in (("2021-05", SAM.written.title()), ("2021-06", "ben@example.org")):
        keep_last_failure(folder, issue, LastFailure(at=NOON, words=f"partners.csv:4: {quoted} is there twice."))

    office.erase()

    assert find_tables_with(office.engine, SAM.written) == {}
    assert (
        find_events(office.engine, office.mailing.id)[-1].note
        == "The server said “550 5.1.1 <[address erased]> unknown”."
    )
    assert read_last_failure(folder, "2021-05") is None
    assert read_last_failure(folder, "2021-06") is not None


def test_other_files_with_the_address_are_named(office: Office) -> None:
    root = office.workspace.root
    (root / "issues/2021-05.yaml").write_text("# Write to Sam@Example.org\n", encoding="utf-8")
    (root / "notes").mkdir()
    (root / "notes/who.txt").write_text("sam@example.org", encoding="utf-16")
    (root / ".git").mkdir()
    (root / ".git/config").write_text("sam@example.org", encoding="utf-8")
    assert plan_erasure(office.engine, office.workspace, SAM).mentions == ("issues/2021-05.yaml", "notes/who.txt")
