"""Readers take a break: who is left out, when, with what words, and that they are reached again afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, text, update

from anytown import NOON, add_people, begin_mailing, make_edition, opt_out, read_states, take_turn
from bulletin.database.schema import open_database
from bulletin.database.states import WishKind
from bulletin.database.tables import deliveries, editions, mailing_editions, mailings, memberships, subscribers, wishes
from bulletin.delivery.ledger.counts import Counts
from bulletin.delivery.ledger.ledger import Ledger, Result
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.delivery.ledger.start import count_domains, count_people, count_reached, restore_mailing, start_mailing
from bulletin.delivery.ledger.withholding import has_paused, is_withheld_from
from bulletin.delivery.smtp.outcome import Fate, Outcome
from bulletin.errors import MailingError
from bulletin.subscribers.wishes import Wishes, add_wish, find_wishes, is_paused, name_to_greet
from bulletin.workspace.workspace import Workspace
from command_call import call
from mailed import run

TODAY = date(2021, 5, 4)  # the day of NOON
TOMORROW, LATER = date(2021, 5, 5), date(2027, 6, 1)
DAY = 24 * 60 * 60 * 1000


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


def wish(engine: Engine, name: str, kind: WishKind, value: str) -> None:
    with engine.begin() as connection:
        person = connection.scalars(select(subscribers.c.id).where(subscribers.c.name == name)).one()
        add_wish(connection, person, kind, value, origin="page", now=NOON)


def pause(engine: Engine, name: str, until: date | None) -> None:
    wish(engine, name, WishKind.PAUSE, until.isoformat() if until else "")


def read_reply(engine: Engine, name: str) -> str:
    with engine.begin() as connection:
        return str(connection.scalars(select(deliveries.c.reply).where(deliveries.c.name == name)).one())


# --- when a mailing starts


def test_who_has_paused_is_left_out_and_counted_apart(engine: Engine) -> None:
    add_people(engine, partners=["anna", "ben", "cara", "dora"], schools=["anna", "ed"])
    pause(engine, "anna", LATER)
    pause(engine, "dora", LATER)
    opt_out(engine, "ben", "dora")
    lists = ["partners", "schools"]
    with engine.begin() as connection:
        counts = count_people(connection, "2021-05", lists, today=TODAY)
        domains = count_domains(connection, "2021-05", lists, today=TODAY)
    assert (counts.recipients, counts.suppressed, counts.paused, counts.newcomers) == (2, 2, 1, 0)
    assert counts.by_list == {"partners": 1, "schools": 1}
    assert domains == {"example.org": 2}

    start_mailing(engine, make_edition(), lists=lists, key="k", now=NOON)

    assert sorted(read_states(engine)) == ["cara", "ed"]


@pytest.mark.parametrize(("until", "reached"), [(TODAY, True), (TOMORROW, False), (LATER, False), (None, True)])
def test_a_pause_lasts_until_its_day_and_is_over_on_it(engine: Engine, until: date | None, reached: bool) -> None:  # noqa: FBT001 -- a case
    add_people(engine, partners=["anna", "ben"])
    pause(engine, "anna", LATER)
    pause(engine, "anna", until)  # the newest counts

    start_mailing(engine, make_edition(), lists=["partners"], key="k", now=NOON)

    assert ("anna" in read_states(engine)) == reached


def test_with_everyone_away_nothing_starts_and_it_says_why(engine: Engine) -> None:
    add_people(engine, partners=["anna"])
    pause(engine, "anna", LATER)
    with pytest.raises(MailingError, match=r"of 1 on the list partners.* 1 asked for a break"):
        start_mailing(engine, make_edition(), lists=["partners"], key="k", now=NOON)


def test_what_they_had_before_is_no_pause(engine: Engine) -> None:
    begin_mailing(engine, "anna", "ben")
    pause(engine, "anna", LATER)
    (mailing,) = find_mailings(engine, "2021-05")
    with engine.begin() as connection:
        counts = count_people(connection, "2021-05", ["list-2021-05"], today=TODAY)
        reached = count_reached(connection, "2021-06", ["list-2021-05"], [mailing.id], today=TODAY)
    assert (counts.paused, counts.already) == (0, 2)
    assert reached == 1


def test_a_lost_mailing_is_restored_with_those_who_have_paused_since(engine: Engine) -> None:
    """They may have got it: they are uncertain, as all the others."""
    add_people(engine, partners=["anna", "ben"])
    pause(engine, "anna", LATER)
    with engine.begin() as connection:
        restore_mailing(connection, make_edition(), lists=["partners"], key="k", began_at=NOON)
    assert sorted(read_states(engine)) == ["anna", "ben"]


# --- when a delivery is claimed


def open_ledger(engine: Engine) -> Ledger:
    (mailing,) = find_mailings(engine, "2021-05")
    return Ledger(engine, mailing, run="run", retries=())


def test_who_pauses_while_it_is_sent_is_withdrawn_when_read_ahead(engine: Engine) -> None:
    begin_mailing(engine, "anna", "ben")
    pause(engine, "anna", LATER)
    with open_ledger(engine) as ledger:
        claimed = take_turn(ledger, free=5, now=NOON)
        assert ledger.counts == Counts(sending=1, withdrawn=1)
    assert [one.name for one in claimed] == ["ben"]
    assert read_reply(engine, "anna") == "Paused until 1 June 2027"


def test_who_pauses_after_that_is_withdrawn_when_claimed(engine: Engine) -> None:
    begin_mailing(engine, "anna", "ben", "cara")
    with open_ledger(engine) as ledger:
        ahead, _ = ledger.read_fresh(after=0, upto=10**9, most=5, now=NOON)
        pause(engine, "anna", TOMORROW)
        opt_out(engine, "cara")
        claimed = ledger.commit([], ahead, now=NOON)
        assert ledger.counts == Counts(sending=1, withdrawn=2)
    assert {one.name for one in ahead if one.id in claimed} == {"ben"}
    assert read_reply(engine, "anna") == "Paused until 5 May 2021"
    assert read_reply(engine, "cara") == ""


def test_a_deferred_delivery_of_who_pauses_is_withdrawn_too(engine: Engine) -> None:
    begin_mailing(engine, "anna")
    (mailing,) = find_mailings(engine, "2021-05")
    with Ledger(engine, mailing, run="run", retries=[timedelta(minutes=1)]) as ledger:
        (claimed,) = take_turn(ledger, free=1, now=NOON)
        ledger.commit([Result(claimed, Outcome(Fate.DEFERRED, "451 Later"))], now=NOON)
        pause(engine, "anna", LATER)
        assert ledger.read_due(most=5, now=NOON + 61_000) == []
        assert ledger.counts == Counts(withdrawn=1)


def test_a_break_that_ends_at_midnight_ends_within_one_run(engine: Engine) -> None:
    begin_mailing(engine, "anna", "ben")
    pause(engine, "anna", TOMORROW)
    with open_ledger(engine) as ledger:
        assert [one.name for one in take_turn(ledger, free=1, now=NOON + DAY)] == ["anna"]


def test_other_wishes_hold_no_one_up(engine: Engine) -> None:
    begin_mailing(engine, "anna", "ben")
    wish(engine, "anna", WishKind.FORMAT, "text")
    wish(engine, "anna", WishKind.NAME, "9999")
    wish(engine, "ben", WishKind.LANGUAGE, "zz")
    with open_ledger(engine) as ledger:
        assert len(take_turn(ledger, free=5, now=NOON)) == 2


# --- names


def test_the_name_that_a_reader_chose_is_the_one_they_are_greeted_by(engine: Engine) -> None:
    add_people(engine, partners=["anna", "ben", "cara"])
    wish(engine, "anna", WishKind.NAME, "Dr Bell")
    wish(engine, "ben", WishKind.NAME, "Benedict")
    wish(engine, "ben", WishKind.NAME, "")
    start_mailing(engine, make_edition(), lists=["partners"], key="k", now=NOON)
    with engine.begin() as connection:
        assert set(connection.scalars(select(deliveries.c.name))) == {"Dr Bell", "", "cara"}
        chosen = connection.execute(select(name_to_greet(subscribers.c.id, subscribers.c.name))).scalars().all()
        assert set(chosen) == {"Dr Bell", "", "cara"}


def test_wishes_are_read_back_as_they_are(engine: Engine) -> None:
    add_people(engine, partners=["anna", "ben"])
    wish(engine, "anna", WishKind.NAME, "Dr Bell")
    wish(engine, "anna", WishKind.FORMAT, "text")
    pause(engine, "anna", LATER)
    with engine.begin() as connection:
        ids = dict(connection.execute(select(subscribers.c.name, subscribers.c.id)).all())
        assert find_wishes(connection, ids["ben"]) == Wishes()
        assert find_wishes(connection, ids["anna"]) == Wishes(name="Dr Bell", text_only=True, paused_until=LATER)


# --- what an officer sees


MakeWorkspace = Callable[..., Workspace]


def test_send_counts_them_apart(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(
        lists={"partners": "email,name\na@example.org,anna\nb@example.org,ben\n", "schools": "email\n"}
    )
    run(workspace, "subscribers", "sync", "--yes")
    engine = open_database(workspace)
    pause(engine, "anna", date(9999, 1, 1))
    engine.dispose()

    done = call("send", "2021-05", folder=workspace.root)

    assert "2021-05 would go to 1 reader, each once:" in done.stdout
    assert "1  paused by the reader: left out" in done.stdout
    assert "unsubscribed" not in done.stdout


# --- how the database finds it out


NUMBER = 3000


@pytest.fixture
def full(engine: Engine) -> Engine:
    """A database with many people, one in five of whom has paused, and a mailing to them all."""
    with engine.begin() as connection:
        people = [
            {"id": one, "hash": one.to_bytes(16), "address": f"{one}@example.org", "added_at": 1}
            for one in range(1, NUMBER + 1)
        ]
        connection.execute(insert(subscribers), people)
        common = {"list": "partners", "source": "file", "basis": "consent", "since": 1, "details": {}}
        connection.execute(insert(memberships), [common | {"subscriber_id": one["id"]} for one in people])
        wished = {"kind": "pause", "value": "2027-06-01", "since": 1, "origin": "page"}
        connection.execute(insert(wishes), [wished | {"subscriber_id": one["id"]} for one in people[::5]])
        connection.execute(insert(editions).values(digest="d", content=b"", kept_at=1))
        mailing = {"id": 1, "key": "k", "issue": "2021-05", "lists": ["partners"], "began_at": 1}
        connection.execute(insert(mailings).values(**mailing))
        kept = {"mailing_id": 1, "n": 1, "digest": "d", "signature": [], "items": [], "readers": 1}
        connection.execute(insert(mailing_editions).values(**kept))
        rows = [(one["id"], one["hash"], one["address"]) for one in people]
        mailed = {"mailing_id": 1, "edition": 1, "state": "queued", "name": ""}
        names = ("subscriber_id", "hash", "address")
        connection.execute(insert(deliveries), [mailed | dict(zip(names, row, strict=True)) for row in rows])
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    return engine


def read_plan(connection: Any, statement: Any) -> str:
    """How the database means to carry a statement out, in its own words."""
    compiled = statement.compile(connection, compile_kwargs={"literal_binds": True})
    if connection.dialect.name == "sqlite":
        return "\n".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}"))
    return "\n".join(connection.scalars(text(f"EXPLAIN {compiled}")))


SCANS_WISHES = re.compile(r"SCAN wishes|Seq Scan on wishes")


def test_no_statement_reads_all_wishes(full: Engine) -> None:
    (mailing,) = find_mailings(full, "2021-05")
    withheld, paused = is_withheld_from(mailing), has_paused(TODAY)
    one = deliveries.c.id == 7
    claim = update(deliveries).where(one, deliveries.c.state == "queued", ~withheld, ~paused).values(state="accepted")
    ahead = select(deliveries.c.id, withheld | paused).where(deliveries.c.mailing_id == 1).order_by(deliveries.c.id)
    start = select(subscribers.c.id).where(~is_paused(subscribers.c.id, TODAY))
    greet = select(name_to_greet(subscribers.c.id, subscribers.c.name))
    with full.connect() as connection:
        for statement in (claim, ahead.limit(100), start, greet):
            plan = read_plan(connection, statement)
            assert "ix_wishes_subscriber_id" in plan, plan
            assert not SCANS_WISHES.search(plan), plan
        assert len(connection.execute(start).all()) == NUMBER - NUMBER // 5
