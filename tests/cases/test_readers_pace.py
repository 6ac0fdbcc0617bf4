"""Readers and a mailing at once: neither waits long for the other, and nothing that either does is lost."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, event, func, select, update

from anytown import NOON, add_people, begin_mailing, make_edition, opt_out
from bulletin.bounces.mailbox.imap import FetchedLetter, ImapState
from bulletin.bounces.mailbox.letter import Letter
from bulletin.bounces.masking import mask_text
from bulletin.bounces.reading import Reading, ReadingOutcome
from bulletin.bounces.sources import MailSource
from bulletin.cli.commands.lists.sync import sync
from bulletin.database.schema import open_database
from bulletin.database.tables import (
    deliveries,
    mailings,
    memberships,
    person_events,
    subscribers,
    suppression_events,
)
from bulletin.declaration.rates import parse_rate
from bulletin.delivery.dispatch.read_ahead import ReadAhead
from bulletin.delivery.ledger.ledger import Ledger
from bulletin.delivery.ledger.start import start_mailing
from bulletin.delivery.limits.meter import Meter
from bulletin.scratch import sort_records
from bulletin.subscribers.names import find_name_fault
from bulletin.subscribers.suppression import count_suppressed
from bulletin.workspace.workspace import open_workspace
from returned import KEY, Returned

DAY = 24 * 60 * 60 * 1000


# --- a rate is kept


@pytest.mark.parametrize("rate", ["1/second", "14/second", "200/second", "1000/second", "30/minute", "100/hour"])
def test_a_mailing_that_is_always_ready_keeps_its_rate(rate: str) -> None:
    meter = Meter(parse_rate(rate))
    sent, now = 0, NOON
    while now < NOON + 60 * meter.period:
        if room := meter.room(now):
            meter.add(room, now)
            sent += room
        now = max(now + 1, meter.next_room(now))
    assert 0.99 <= sent / (60 * meter.rate.number) <= 1


@pytest.mark.parametrize("late", [1, 4])
def test_a_message_that_leaves_a_little_late_makes_no_later_one_late(late: int) -> None:
    meter = Meter(parse_rate("200/second"))
    sent, now = 0, NOON
    while now < NOON + 60_000:
        meter.add(meter.room(now + late), now + late)
        sent = sent + 200
        now = meter.next_room(now + late)
    assert sent >= 0.99 * 12_000


# --- waiting for the database


def test_how_long_a_connection_waits_is_as_it_was_set_after_each_transaction(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'ledger.db'}")
    for patience in (0, 50, 10_000):
        with engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={patience}")
            connection.rollback()
            with connection.begin():
                assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == patience
    engine.dispose()


def test_all_who_wait_at_once_get_their_turn(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'ledger.db'}")
    add_people(engine, partners=["anna"])
    done: list[int] = []

    def write(number: int) -> None:
        for _ in range(10):
            with engine.begin() as connection:
                connection.execute(update(mailings).values(issue="2021-05"))
                connection.execute(update(deliveries).values(reply=str(number)))
        done.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    assert sorted(done) == list(range(8))


# --- many who have left


def test_all_who_left_meanwhile_are_withdrawn_and_counted_however_many(engine: Engine) -> None:
    names = [f"reader{number}" for number in range(1_100)]
    mailing = begin_mailing(engine, *names)
    ledger = Ledger(engine, mailing, run="run-1", retries=())
    assert ledger.counts.queued == 1_100
    for name in names[:1_050]:
        opt_out(engine, name)

    candidates, _ = ledger.read_fresh(after=0, upto=10**9, most=5_000, now=NOON)

    assert [one.name for one in candidates] == names[1_050:]
    assert (ledger.counts.queued, ledger.counts.withdrawn) == (50, 1_050)
    with engine.begin() as connection:
        states = Counter(connection.scalars(select(deliveries.c.state)))
        ended = set(connection.scalars(select(deliveries.c.ended_at).where(deliveries.c.state == "withdrawn")))
    assert states == {"queued": 50, "withdrawn": 1_050}
    assert ended == {NOON}


def test_who_unsubscribes_while_a_mailing_waits_for_room_is_let_go_of_and_no_one_else(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben", "cleo", "dora")
    ledger = Ledger(engine, mailing, run="run-1", retries=())
    queue = ReadAhead(ledger)
    assert queue.count(now=NOON) == 4
    first = queue.take(limit=0, now=NOON)
    opt_out(engine, "anna", "cleo")  # the first has been taken: what becomes of it is decided at its claim

    assert queue.let_go(now=NOON + 1) == 1
    assert queue.let_go(now=NOON + 2) == 0

    rest = [queue.take(limit=0, now=NOON), queue.take(limit=0, now=NOON), queue.take(limit=0, now=NOON)]
    assert [one and one.name for one in (first, *rest)] == ["anna", "ben", "dora", None]
    assert (ledger.counts.queued, ledger.counts.withdrawn) == (3, 1)


# --- many emails that come back


class Mailbox:
    """A mailbox with a report about each of some readers, who were all sent an issue."""

    def __init__(self, engine: Engine, number: int) -> None:
        self.engine = engine
        self.name = "a mailbox"
        names = [f"reader{one}" for one in range(number)]
        add_people(engine, partners=names)
        start_mailing(engine, make_edition("2021-05"), lists=["partners"], key="202105", now=NOON - 2 * DAY)
        with engine.begin() as connection:
            sent = {"state": "accepted", "attempts": 1, "ended_at": NOON - DAY, "reply": "250 2.0.0 Ok"}
            connection.execute(update(deliveries).values(**sent))
        back = Returned(engine)
        self.letters = [
            FetchedLetter(Letter(str(uid), back.bounce(name)), ImapState(1, uid)) for uid, name in enumerate(names, 1)
        ]

    def read(self) -> ReadingOutcome:
        def fetch(state: ImapState) -> Iterator[FetchedLetter]:
            return (one for one in self.letters if one.state.last_uid > state.last_uid)

        source = MailSource(name=self.name, fetch=fetch)
        return Reading(engine=self.engine, keys=(KEY,), bulletins=frozenset("."), now=NOON, confirmed=True).run(source)

    def count(self) -> tuple[int, int, int]:
        """How many deliveries bounced, how many people are stopped, and how often it is remembered that they are."""
        with self.engine.begin() as connection:
            bounced = select(func.count()).select_from(deliveries).where(deliveries.c.state == "bounced")
            return (
                connection.execute(bounced).scalar_one(),
                connection.execute(select(func.count(suppression_events.c.hash.distinct()))).scalar_one(),
                connection.execute(select(func.count()).select_from(person_events)).scalar_one(),
            )


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("broken", ["in a stop", "between commits", "in an event"])
def test_a_reading_that_breaks_off_anywhere_does_the_rest_later_and_nothing_twice(engine: Engine, broken: str) -> None:
    mailbox = Mailbox(engine, 45)
    stop = _break(engine, broken)
    with pytest.raises(_PowerCutError):
        mailbox.read()
    stop()
    before = mailbox.count()
    assert before[0] == before[1] == before[2] < 45  # each email is dealt with whole, or not at all

    outcome = mailbox.read()

    assert mailbox.count() == (45, 45, 45)
    assert outcome.counts.bounced + before[0] == 45
    assert mailbox.read().counts.read == 0


def test_the_same_reports_from_elsewhere_change_nothing(engine: Engine) -> None:
    mailbox = Mailbox(engine, 45)
    mailbox.read()
    mailbox.name = "its copy"
    mailbox.letters = [
        FetchedLetter(one.letter, ImapState(2, number)) for number, one in enumerate(reversed(mailbox.letters), 1)
    ]
    outcome = mailbox.read()
    assert (outcome.counts.read, outcome.counts.bounced, outcome.known) == (45, 0, 45)
    assert mailbox.count() == (45, 45, 45)


class _PowerCutError(Exception):
    """The program ends here."""


def _break(engine: Engine, where: str) -> Callable[[], None]:
    """End the program at the thirtieth of these statements."""
    words = {"in a stop": "INSERT INTO suppression_events", "in an event": "INSERT INTO person_events"}.get(where)
    seen = 0

    def note(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        nonlocal seen
        seen += words is not None and statement.startswith(words)
        if seen == 30:
            raise _PowerCutError

    def note_commit(_connection: Connection) -> None:
        nonlocal seen
        seen += 1
        if seen == 52:  # 45 to judge, 2 before, 3 to plan: the second that applies
            raise _PowerCutError

    name, listener = ("before_cursor_execute", note) if words else ("commit", note_commit)
    event.listen(engine, name, listener)
    return lambda: event.remove(engine, name, listener)


# --- names are masked as before


@pytest.mark.parametrize(
    ("said", "address", "masked"),
    [
        ("user ANNA not found", "anna@example.org", "user a… not found"),
        ("user anna-maria not found", "anna@example.org", "user a…-maria not found"),
        ("user susanna not found", "anna@example.org", "user susanna not found"),
        ("utilisateur JOSÉ inconnu", "josé@example.org", "utilisateur j… inconnu"),
        ("user ſam not found", "sam@example.org", "user s… not found"),
        ("mailbox full", "anna@example.org", "mailbox full"),
    ],
)
def test_a_name_in_a_servers_words_is_masked_in_any_case(said: str, address: str, masked: str) -> None:
    assert mask_text(said, names=(address,)) == masked


# --- a million people, a few at a time


@given(st.lists(st.tuples(st.integers(0, 9), st.text(max_size=3)), max_size=60))
def test_records_come_in_order_however_few_are_in_memory(records: list[tuple[int, str]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bulletin.scratch._RUN", 7)
        patch.setattr("bulletin.scratch._OF_A_RUN", {"in_memory": 20, "at_once": 2})
        assert list(sort_records(records)) == sorted(records, key=lambda record: record[0])


@pytest.mark.parametrize("between", ["opts out", "joins", "nothing"])
def test_what_a_sync_applies_is_what_is_so_when_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, between: str
) -> None:
    """Someone else may change the database while a person reads what would change."""
    root = tmp_path / "office"
    (root / "subscribers").mkdir(parents=True)
    (root / "issues").mkdir()
    (root / "bulletin.yaml").write_text(SETTINGS, encoding="utf-8")
    (root / "subscribers" / "partners.csv").write_text("email,name\nanna@example.org,Anna 2\n", encoding="utf-8")
    engine = open_database(open_workspace(root))

    def confirm(*_words: object, **_options: object) -> bool:
        if between == "opts out":
            opt_out(engine, "anna")
        if between == "joins":
            add_people(engine, partners=["anna"])
        return True

    monkeypatch.setattr("bulletin.cli.commands.lists.sync.confirm", confirm)
    sync(folder=root)
    sync(folder=root)
    with engine.begin() as connection:
        people = connection.execute(select(subscribers.c.address, subscribers.c.name)).all()
        on_list = connection.execute(select(func.count()).select_from(memberships)).scalar_one()
        stopped = count_suppressed(connection)
    engine.dispose()
    assert [tuple(one) for one in people] == [("anna@example.org", "Anna 2")]
    assert (on_list, stopped) == (1, int(between == "opts out"))


SETTINGS = """\
organisation: {name: Anytown, about: We work., address: 1 High Street, email: us@anytown.example.org}
bulletins:
  monthly: {title: News, sender: {name: Anytown, email: news@anytown.example.org}}
lists:
  partners: {title: Partners, basis: public-task}
"""


@pytest.mark.parametrize("name", ["Anna 2", "Ward 7B", "St John's 1st", "Office 12 - North", "R2-D2"])
def test_a_name_with_a_number_is_a_name(name: str) -> None:
    assert find_name_fault(name) is None


@pytest.mark.parametrize(
    "name", ["NULL", "n/a", "#N/A", "12345", "{first_name}", "a1@example.org", "https://a1.example"]
)
def test_what_is_no_name_is_still_found(name: str) -> None:
    assert find_name_fault(name) is not None
