"""Several editions in one run: each reader gets theirs, once, also after a restart, a retry, or a change of mind."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, update

from anytown import NOON, add_people, opt_out, wish_language
from bulletin.database.schema import open_database
from bulletin.database.tables import deliveries, editions, memberships
from bulletin.delivery.dispatch.edition_templates import EditionTemplates
from bulletin.delivery.ledger.mailing import Mailing
from bulletin.delivery.ledger.start import start_mailing
from bulletin.edition.edition_set import EditionSet, name_audience
from bulletin.errors import DatabaseError, Interrupted
from bulletin.issue.audience import Audience
from bulletin.subscribers.scope import one_list
from dispatching import many, send
from edition_sets import make_editions
from scripted import Server, serve

LISTS = ("champions", "partners", "schools")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


def begin(engine: Engine, kept: EditionSet, **lists: list[str]) -> Mailing:
    add_people(engine, **lists)
    return start_mailing(engine, kept, lists=list(lists), key="several", now=NOON)


def read_whose(server: Server) -> dict[str, str]:
    """For each person, the audience whose edition they got. No one got two messages."""
    found: dict[str, str] = {}
    for message in server.messages:
        name = re.search(rb"^To: .*?([\w-]+)@example", message, re.MULTILINE)
        whose = set(re.findall(rb"Only for: \[(.*?)\]", message.replace(b"=\r\n", b"")))
        assert name
        assert len(whose) == 1, whose
        assert name[1].decode() not in found
        found[name[1].decode()] = whose.pop().decode()
    return found


def expect(**lists: list[str]) -> dict[str, str]:
    """What each person must get: the union of their lists but `partners`, for which no part is marked."""
    everyone = {name for members in lists.values() for name in members}
    theirs = {name: [one for one, members in lists.items() if name in members] for name in everyone}
    return {name: name_audience(Audience(lists=frozenset(mine) - {"partners"})) for name, mine in theirs.items()}


def divide(people: list[str]) -> dict[str, list[str]]:
    """Three lists that overlap in all ways."""
    return {
        "champions": people[::3],
        "partners": people[::2],
        "schools": [name for at, name in enumerate(people) if at % 5 in (0, 1) or not (at % 2 == 0 or at % 3 == 0)],
    }


def test_each_reader_gets_exactly_their_union_once(engine: Engine) -> None:
    lists = divide(many(60))
    mailing = begin(engine, make_editions("champions", "schools"), **lists)

    with serve() as server:
        counts = send(engine, mailing, server.server_address[1])
        assert counts.accepted == len(expect(**lists))
        assert read_whose(server) == expect(**lists)
        assert len(set(read_whose(server).values())) == 4


@pytest.mark.parametrize("after", [1, 7, 23])
def test_a_restart_keeps_each_reader_to_their_edition_whatever_happened_to_the_lists(
    engine: Engine, after: int
) -> None:
    lists = divide(many(40))
    mailing = begin(engine, make_editions("champions", "schools"), **lists)
    stop, arrived = threading.Event(), []

    def count(name: str) -> None:
        arrived.append(name)
        if len(arrived) >= after:
            stop.set()

    with serve(on_message=count) as server:
        with pytest.raises(Interrupted):
            send(engine, mailing, server.server_address[1], stop=stop)
        before = read_whose(server)
        assert 0 < len(before) < 40
        with engine.begin() as connection:
            connection.execute(update(memberships).where(memberships.c.list == "schools").values(list="left"))
        add_people(engine, schools=many(40)[:20], newcomers=many(50))
        send(engine, mailing, server.server_address[1])

        assert read_whose(server) == expect(**lists)
        assert before.items() <= read_whose(server).items()


@pytest.mark.parametrize("after", [1, 9])
def test_each_reader_gets_their_language_once_also_if_they_choose_another_while_it_is_sent(
    engine: Engine, after: int
) -> None:
    people = many(24)
    add_people(engine, partners=people, schools=people[::2])
    wished = {name: ("", "cy", "en")[at % 3] for at, name in enumerate(people)}
    for name, language in wished.items():
        wish_language(engine, name, language)
    kept = make_editions("schools", languages=("cy", "en"))
    mailing = start_mailing(engine, kept, lists=LISTS, key="several", now=NOON)
    stop, arrived = threading.Event(), []

    def count(name: str) -> None:
        arrived.append(name)
        if len(arrived) >= after:
            stop.set()

    with serve(on_message=count) as server:
        with pytest.raises(Interrupted):
            send(engine, mailing, server.server_address[1], stop=stop)
        for name in people:
            wish_language(engine, name, "cy")
        send(engine, mailing, server.server_address[1])

        schools = {name: ["schools"] if at % 2 == 0 else [] for at, name in enumerate(people)}
        assert read_whose(server) == {
            name: name_audience(Audience(lists=frozenset(schools[name]), language=wished[name])) for name in people
        }


def test_a_retry_brings_the_same_edition(engine: Engine) -> None:
    lists = divide(many(12))
    mailing = begin(engine, make_editions("champions", "schools"), **lists)

    later = {name: ["451 4.3.0 Later"] for name in many(12)[1::2]}
    with serve(later) as server:
        send(engine, mailing, server.server_address[1], retries=[timedelta(hours=1)])
        assert len(read_whose(server)) == 6
        with engine.begin() as connection:
            connection.execute(update(deliveries).where(deliveries.c.due_at.is_not(None)).values(due_at=0))
        send(engine, mailing, server.server_address[1])

        assert read_whose(server) == expect(**lists)


def test_a_reader_who_withdraws_consent_just_before_their_message_gets_the_twin(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their envelope has been sent by then, and the message with marketing is written. It never leaves."""
    people = many(9)
    kept = make_editions("schools", by_consent=True)
    add_people(engine, partners=people, schools=people[:3])
    with engine.begin() as connection:
        connection.execute(update(memberships).values(basis="public-task"))
    add_people(engine, champions=people)
    mailing = start_mailing(engine, kept, lists=LISTS, key="several", now=NOON)
    leaving = {people[1], people[4], people[7]}

    with serve() as server:
        answer = server.next_answer

        def answer_late(name: str) -> str:
            if name in leaving:
                leaving.discard(name)
                opt_out(engine, name, scope=one_list("champions"))
            return answer(name)

        monkeypatch.setattr(server, "next_answer", answer_late)
        assert send(engine, mailing, server.server_address[1]).accepted == 9
        got = read_whose(server)

    assert {name for name, whose in got.items() if "+consent" not in whose} == {people[1], people[4], people[7]}
    assert got[people[1]] == "schools"
    assert got[people[0]] == "schools +consent"
    assert got[people[4]] == ""


def test_an_altered_edition_stops_the_mailing_before_anything_leaves(engine: Engine) -> None:
    lists = divide(many(12))
    kept = make_editions("champions", "schools")
    mailing = begin(engine, kept, **lists)
    with engine.begin() as connection:
        altered = editions.c.digest == kept.editions[3].edition.digest
        connection.execute(update(editions).where(altered).values(content=b"{}"))

    with serve() as server, pytest.raises(DatabaseError, match="it has been altered"):
        send(engine, mailing, server.server_address[1])
    assert server.messages == []


def test_templates_that_do_not_fit_are_made_again_to_the_same_bytes(engine: Engine) -> None:
    kept = make_editions("champions", "schools")
    mailing = begin(engine, kept, **divide(many(12)))
    numbers = [one.number for one in kept.editions]
    size = EditionTemplates(engine, mailing, numbers).take(1).size
    small = EditionTemplates(engine, mailing, numbers, room=2 * size)

    first = {
        (number, text): small.take(number, text_only=text).segments for number in numbers for text in (False, True)
    }
    assert len(set(first.values())) == 2 * len(numbers)
    for (number, text), segments in reversed(first.items()):
        assert small.take(number, text_only=text).segments == segments
        assert small.take(number, text_only=text) is small.take(number, text_only=text)


def test_an_edition_is_read_for_the_readers_left_and_none_is_rendered(engine: Engine) -> None:
    """All that a restart needs is in the ledger: there is no workspace here at all."""
    lists = divide(many(12))
    mailing = begin(engine, make_editions("champions", "schools"), **lists)
    with engine.begin() as connection:
        done = deliveries.c.edition.in_([1, 2])
        connection.execute(update(deliveries).where(done).values(state="accepted"))
        left = set(connection.scalars(select(deliveries.c.name).where(~done)))

    with serve() as server:
        send(engine, mailing, server.server_address[1])
        assert read_whose(server) == {name: whose for name, whose in expect(**lists).items() if name in left}
