"""Before anything is sent, the page where readers unsubscribe has to be there."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from anytown import add_people
from bulletin.database.schema import open_database
from bulletin.database.tables import metadata
from bulletin.delivery.sending.website_check import find_website_fault, require_website
from bulletin.delivery.smtp.relay import parse_relay
from bulletin.errors import UnsubscribePageMissing
from conftest import on_sqlite, refuse_connections
from own_website import Answer, answer_with, serve_foreign, serve_website

KEY, OTHER = b"the key of this office", b"another key"
ELSEWHERE = parse_relay("smtp://smtp.example.org")
HERE = [parse_relay(f"smtp://{host}:2525") for host in ("127.0.0.1", "localhost", "[::1]")]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    add_people(engine, partners=["anna"])
    yield engine
    engine.dispose()


def dump(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.begin() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))] for table in metadata.sorted_tables
        }


def test_our_page_is_recognised_and_nothing_is_changed_by_that(engine: Engine) -> None:
    before = dump(engine)
    with serve_website(engine, KEY) as website:
        for address in (website, f"{website}/", website.replace("127.0.0.1", "localhost")):
            assert find_website_fault(engine, address, key=KEY) is None
        require_website(engine, [ELSEWHERE], lambda: [website], key=KEY)
    assert dump(engine) == before


def test_a_website_that_still_reads_our_key_is_ours(engine: Engine) -> None:
    with serve_website(engine, OTHER, KEY) as website:
        assert find_website_fault(engine, website, key=KEY) is None


def test_a_website_with_another_key_is_not_ours(engine: Engine) -> None:
    with serve_website(engine, OTHER) as website:
        fault = find_website_fault(engine, website, key=KEY)
    assert fault is not None
    assert "there is no such page, or its secret key is another one" in str(fault)
    assert "the same secret key as this computer" in str(fault)


def test_a_website_with_another_database_is_not_ours(engine: Engine, tmp_path: Path) -> None:
    other = open_database(f"sqlite:///{tmp_path / 'other.db'}")
    with serve_website(other, KEY) as website:
        fault = find_website_fault(engine, website, key=KEY)
    other.dispose()
    assert fault is not None
    assert "the pages there use another database" in str(fault)


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A letter now and then, for ever."""
    handler.send_response(200)
    handler.wfile.write(b"Server: ")
    while not STOP.wait(0.05):
        handler.wfile.write(b"x")


def wait(_handler: BaseHTTPRequestHandler) -> None:
    STOP.wait(20)


def say_nonsense(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"220 mail.example.org ESMTP\r\n")


STOP = threading.Event()
FOREIGN = {
    "parked": (answer_with(200), "another website answers there"),
    "not-found": (answer_with(404), "there is no such page"),
    "moved": (
        answer_with(301, ("Location", "https://new.example.org/")),
        "it sends readers on to https://new.example.org",
    ),
    "moved-here": (answer_with(307, ("Location", "/elsewhere")), "it sends readers on to another page"),
    "host-not-passed-on": (answer_with(421), "doesn't pass on the name of the website"),
    "not-started": (answer_with(502), "the pages don't run or can't be reached behind it (status 502)"),
    "busy": (answer_with(503), "(status 503)"),
    "login": (answer_with(401), "the answer there is 401"),
    "empty": (answer_with(204), "the answer there is 204"),
    "an-old-proof": (answer_with(200, ("Bulletin-Proof", "a" * 64)), "the pages there use another database"),
    "slow": (wait, "there was no answer within 0.5 seconds"),
    "slower": (drip, "there was no answer within 0.5 seconds"),
    "no-web-server": (say_nonsense, "no web server answers there"),
}


@pytest.mark.parametrize(("answer", "words"), FOREIGN.values(), ids=FOREIGN)
@on_sqlite
def test_whatever_else_answers_is_refused_in_words(engine: Engine, answer: Answer, words: str) -> None:
    STOP.clear()
    with serve_foreign(answer) as (website, asked):
        began = time.monotonic()
        with pytest.raises(UnsubscribePageMissing) as refused:
            require_website(engine, [ELSEWHERE, *HERE], lambda: [website], key=KEY, patience=0.5)
        assert time.monotonic() - began < 4
        STOP.set()
    assert str(refused.value).startswith(f"The unsubscribe links would not work. They lead to {website}, but ")
    assert words in refused.value.message
    assert "remove `website` from bulletin.yaml" in refused.value.remedy
    (path,) = asked
    assert path.startswith("/unsubscribe/u0g")
    assert path.rpartition("/")[2] not in str(refused.value), "no token in a message"


def test_where_no_one_answers_it_is_refused(engine: Engine) -> None:
    with refuse_connections() as port:
        fault = find_website_fault(engine, f"http://127.0.0.1:{port}", key=KEY)
    assert fault is not None
    assert "no web server answers there" in str(fault)


def test_nothing_is_asked_where_nothing_leaves_this_computer(engine: Engine) -> None:
    def find() -> list[str]:
        raise AssertionError("asked")

    require_website(engine, HERE, find, key=KEY)


def test_without_a_website_there_is_nothing_to_ask(engine: Engine) -> None:
    require_website(engine, [ELSEWHERE], lambda: ["", ""], key=KEY)


def test_each_probe_has_a_token_of_its_own(engine: Engine) -> None:
    with serve_foreign(answer_with(200)) as (website, asked):
        for _ in range(3):
            find_website_fault(engine, website, key=KEY)
    assert len(set(asked)) == 3
