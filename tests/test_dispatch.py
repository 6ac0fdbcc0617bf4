from __future__ import annotations

import socketserver
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, update

from anytown import begin_mailing, opt_out, read_states
from bulletin.database.schema import open_database
from bulletin.database.tables import deliveries
from bulletin.delivery.dialogue import Letter
from bulletin.delivery.dispatch import send_mailing
from bulletin.delivery.ledger import Candidate, Ledger
from bulletin.delivery.limits import Lenient, Pace, Route, Unlimited
from bulletin.delivery.mailing import Mailing
from bulletin.delivery.progress import Counts, list_deliveries
from bulletin.delivery.relay import parse_relay
from bulletin.delivery.writing import Writer
from bulletin.errors import DatabaseError, Interrupted, RelayError

HANG_UP = "hang up instead of answering the dot"
SOON = timedelta(milliseconds=30)


class Server(socketserver.ThreadingTCPServer):
    """An SMTP server that answers as its script says; without a word about a name, it accepts.

    `script` has, for a name, what is answered to RCPT attempt by attempt: a reply, or HANG_UP. `kept` has the names
    whose messages were accepted, `arrived` those whose messages came in whole, however that was answered.
    """

    daemon_threads = False
    request_queue_size = 64

    def __init__(self, script: dict[str, list[str]], on_message: Callable[[str], None]) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.script = {name: list(replies) for name, replies in script.items()}
        self.on_message = on_message
        self.mail_reply = "250 OK"
        self.most_connections = 1000
        self.not_ready = 0  # how many of the first connections are turned away
        self.lock = threading.Lock()
        self.connections = self.greeted = self.in_flight = self.most_in_flight = 0
        self.arrived: list[str] = []
        self.kept: list[str] = []
        self.messages: list[bytes] = []

    def next_answer(self, name: str) -> str:
        with self.lock:
            return self.script[name].pop(0) if self.script.get(name) else "250 OK"


class Conversation(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        with self.server.lock:
            self.server.greeted += 1
            self.server.connections += 1
            ready = self.server.greeted > self.server.not_ready
            welcome = ready and self.server.connections <= self.server.most_connections
        try:
            self.say("220 ready" if welcome else "421 4.7.0 Too many connections")
            with suppress(ConnectionResetError):
                while welcome and (line := self.rfile.readline().decode().strip()) and self.answer(line):
                    pass
        finally:
            with self.server.lock:
                self.server.connections -= 1

    def say(self, reply: str) -> bool:
        self.wfile.write(f"{reply}\r\n".encode())
        return not reply.startswith(("421", "221"))

    def answer(self, line: str) -> bool:
        """Whether the conversation goes on."""
        if line.startswith("MAIL"):
            return self.say(self.server.mail_reply)
        if line.startswith("RCPT"):
            self.name = line.partition("<")[2].partition("@")[0]
            self.verdict = self.server.next_answer(self.name)
            return self.say("250 OK" if self.verdict == HANG_UP else self.verdict)
        if line == "DATA":
            self.say("354 go on")
            return self.take_message()
        return self.say("221 bye" if line == "QUIT" else "250 OK")

    def take_message(self) -> bool:
        server = self.server
        with server.lock:
            server.in_flight += 1
            server.most_in_flight = max(server.most_in_flight, server.in_flight)
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:  # the sender hung up: nothing was handed over
                with server.lock:
                    server.in_flight -= 1
                return False
            lines.append(line)
        server.on_message(self.name)
        with server.lock:
            server.in_flight -= 1
            server.arrived.append(self.name)
            if self.verdict == HANG_UP:
                return False
            server.kept.append(self.name)
            server.messages.append(b"".join(lines))
        return self.say("250 OK: kept")


@contextmanager
def serve(
    script: dict[str, list[str]] | None = None, *, on_message: Callable[[str], None] = lambda _name: None
) -> Iterator[Server]:
    with Server(script or {}, on_message) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    yield
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("delivery")] == []


def tell_time() -> int:
    return time.time_ns() // 1_000_000


def send(
    engine: Engine,
    mailing: Mailing,
    port: int = 0,
    *,
    connections: int = 4,
    retries: Sequence[timedelta] = (),
    patience: timedelta = timedelta(0),
    stop: threading.Event | None = None,
    report: Callable[[Counts], None] = lambda _counts: None,
    pace: Pace | None = None,
) -> Counts:
    relay = parse_relay(f"smtp://127.0.0.1:{port}")
    return send_mailing(
        engine,
        mailing,
        routes=[Route(relay=relay, pace=pace or Unlimited(connections=connections))],
        judge=Lenient(),
        retries=retries,
        patience=patience,
        secret=b"a secret of this test",
        run="run",
        clock=tell_time,
        stop=stop or threading.Event(),
        report=report,
    )


def many(number: int) -> list[str]:
    return [f"name-{index:03}" for index in range(number)]


def test_everybody_gets_exactly_one_message(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(60))
    with serve() as server:
        counts = send(engine, mailing, server.server_address[1])
    assert sorted(server.kept) == many(60)
    assert counts == Counts(accepted=60)


def test_a_message_is_the_readers_own(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna")
    with serve() as server:
        send(engine, mailing, server.server_address[1])
    (message,) = server.messages
    assert b"To: anna <anna@example.org>\r\n" in message
    assert b"Hello anna," in message
    assert b"Message-ID: <key2021-05.1@anytown.example.org>\r\n" in message
    assert b"List-Unsubscribe: <https://news.anytown.example.org/unsubscribe/" in message


def test_a_mailing_that_is_done_sends_nothing_more(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna")
    with serve() as server:
        assert send(engine, mailing, server.server_address[1]) == send(engine, mailing, server.server_address[1])
    assert server.kept == ["anna"]


def test_no_message_leaves_before_its_claim_is_on_the_disk(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(20))
    seen: list[str] = []

    def look(name: str) -> None:
        with closing(sqlite3.connect(str(engine.url.database))) as connection:
            query = "SELECT state FROM deliveries WHERE name = ?"
            seen.append(connection.execute(query, [name]).fetchone()[0])

    with serve(on_message=look) as server:
        send(engine, mailing, server.server_address[1])
    assert seen == ["sending"] * 20


def test_connections_work_at_once_and_in_flight_are_never_more_than_they(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(30))
    together = threading.Barrier(3, timeout=30)
    claimed: list[int] = []

    def wait_for_the_others(_name: str) -> None:
        together.wait()
        claimed.append(list(read_states(engine).values()).count("sending"))

    with serve(on_message=wait_for_the_others) as server:
        send(engine, mailing, server.server_address[1], connections=3)
    assert (server.greeted, server.most_in_flight) == (3, 3)
    assert max(claimed) == 3


def test_what_the_server_puts_off_is_tried_again_and_arrives_once(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben")
    with serve({"anna": ["450 4.2.1 Later", "451 Still not"]}) as server:
        counts = send(engine, mailing, server.server_address[1], retries=[SOON, SOON], patience=timedelta(seconds=5))
    assert server.kept == ["ben", "anna"]
    assert counts == Counts(accepted=2)
    assert [delivery.attempts for delivery in list_deliveries(engine, [mailing])] == [3, 1]


def test_what_is_put_off_to_the_last_is_refused(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna")
    with serve({"anna": ["450 Later"] * 9}) as server:
        counts = send(engine, mailing, server.server_address[1], retries=[SOON], patience=timedelta(seconds=5))
    assert counts == Counts(refused=1)
    assert list_deliveries(engine, [mailing])[0].reply.startswith("gave up after 2 attempts: 450 ")


def test_what_is_due_beyond_our_patience_is_left_for_the_next_run(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben")
    hour = timedelta(hours=1)
    with serve({"anna": ["450 Later"]}) as server:
        counts = send(engine, mailing, server.server_address[1], retries=[hour], patience=timedelta(minutes=59))
    assert counts == Counts(accepted=1, deferred=1)


def test_a_refusal_concerns_one_person_only(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben", "cleo")
    with serve({"ben": ["550 5.1.1 No such person"]}) as server:
        counts = send(engine, mailing, server.server_address[1])
    assert counts == Counts(accepted=2, refused=1)
    assert sorted(server.kept) == ["anna", "cleo"]
    assert "No such person" in list_deliveries(engine, [mailing])[1].reply


def test_a_message_whose_fate_is_unknown_is_never_sent_again(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben")
    with serve({"anna": [HANG_UP]}) as server:
        for _ in range(2):
            counts = send(engine, mailing, server.server_address[1], connections=1)
            assert counts == Counts(accepted=1, uncertain=1)
    assert server.arrived == ["anna", "ben"]


def test_what_a_dead_run_left_in_flight_is_not_sent(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben")
    with Ledger(engine, mailing, run="dead", retries=()) as dead:
        (anna, _), _ = dead.read_fresh(after=0, upto=10**9, most=2, now=tell_time())
        dead.turn([], [anna], now=tell_time())
    with serve() as server:
        assert send(engine, mailing, server.server_address[1]) == Counts(accepted=1, uncertain=1)
    assert server.kept == ["ben"]


def test_who_opts_out_during_the_mailing_gets_nothing(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben", "cleo")
    with serve(on_message=lambda name: opt_out(engine, "cleo") if name == "anna" else None) as server:
        counts = send(engine, mailing, server.server_address[1], connections=1)
    assert server.kept == ["anna", "ben"]
    assert counts == Counts(accepted=2, withdrawn=1)


def test_an_address_that_cannot_be_written_to_is_refused_in_words(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben")
    with engine.begin() as connection:
        connection.execute(update(deliveries).where(deliveries.c.name == "anna").values(address="anna at example"))
    with serve() as server:
        assert send(engine, mailing, server.server_address[1]) == Counts(accepted=1, refused=1)
    assert "@" in list_deliveries(engine, [mailing])[0].reply


def test_a_server_that_cannot_be_reached_ends_the_run_and_loses_nothing(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(30))
    with serve() as server:
        port = server.server_address[1]  # nobody listens there any more
    with pytest.raises(RelayError, match="No message could leave, several times in a row"):
        send(engine, mailing, port, connections=2)
    assert {(delivery.state, delivery.attempts) for delivery in list_deliveries(engine, [mailing])} == {("queued", 0)}
    with serve() as server:
        assert send(engine, mailing, server.server_address[1]) == Counts(accepted=30)


def test_a_server_that_is_away_for_a_moment_is_waited_for(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(10))
    with serve() as server:
        server.not_ready = 4
        counts = send(engine, mailing, server.server_address[1], connections=2)
    assert counts == Counts(accepted=10)


def test_a_server_that_allows_one_connection_still_gets_everything(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(40))
    with serve() as server:
        server.most_connections = 1
        counts = send(engine, mailing, server.server_address[1], connections=4)
    assert counts == Counts(accepted=40)
    assert server.greeted < 12  # the others rest, longer and longer


def test_a_server_that_hangs_up_from_time_to_time_gets_everything_in_the_end(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(20))
    come_back = ["421 4.3.2 Come back"] * 2  # the mailer itself tries a second time, on a new connection
    with serve(dict.fromkeys(many(20)[::2], come_back)) as server:
        counts = send(engine, mailing, server.server_address[1], connections=1)
    assert counts == Counts(accepted=20)


def test_one_message_that_the_server_always_hangs_up_on_keeps_nobody_waiting(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben", "cleo", "dora", "emil")
    with (
        serve({"anna": ["421 4.3.0 Goodbye"] * 50}) as server,
        pytest.raises(RelayError, match="Goodbye"),
    ):
        send(engine, mailing, server.server_address[1], connections=1)
    assert server.kept == ["ben", "cleo", "dora", "emil"]
    assert read_states(engine)["anna"] == "queued"


def test_a_relay_that_turns_us_away_ends_the_run_and_its_words_reach_the_user(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(9))
    with serve() as server:
        server.mail_reply = "550 5.7.1 Sender not allowed"
        with pytest.raises(RelayError, match="Sender not allowed"):
            send(engine, mailing, server.server_address[1], connections=2)
    assert set(read_states(engine).values()) == {"queued"}
    assert server.greeted <= 2


def test_once_asked_to_stop_nothing_more_begins_and_what_is_in_flight_is_recorded(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(30))
    stop = threading.Event()
    with serve(on_message=lambda _name: stop.set()) as server, pytest.raises(Interrupted, match="of 30 are left"):
        send(engine, mailing, server.server_address[1], connections=3, stop=stop)
    states = read_states(engine)
    assert sorted(server.kept) == [name for name, state in states.items() if state == "accepted"]
    assert 1 <= len(server.kept) <= 3
    assert list(states.values()).count("queued") == 30 - len(server.kept)


def test_a_wait_for_what_is_deferred_can_be_broken_off(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna")
    stop = threading.Event()
    began = time.monotonic()
    with serve({"anna": ["450 Later"]}) as server, pytest.raises(Interrupted):
        send(
            engine,
            mailing,
            server.server_address[1],
            retries=[timedelta(minutes=5)],
            patience=timedelta(minutes=10),
            stop=stop,
            report=lambda counts: stop.set() if counts.deferred else None,
        )
    assert time.monotonic() - began < 10
    assert read_states(engine) == {"anna": "deferred"}


def test_a_request_to_stop_that_comes_with_the_last_message_is_no_interruption(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna")
    stop = threading.Event()
    with serve(on_message=lambda _name: stop.set()) as server:
        assert send(engine, mailing, server.server_address[1], stop=stop) == Counts(accepted=1)


def test_a_fault_of_the_program_is_raised_after_all_that_is_known_was_recorded(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing = begin_mailing(engine, "anna", "ben", "cleo", "dora")
    both_in_flight = threading.Barrier(2, timeout=30)
    cleo_has_failed = threading.Event()
    write = Writer.write

    def fail_for_cleo(writer: Writer, candidate: Candidate) -> Letter:
        if candidate.name == "cleo":
            cleo_has_failed.set()
            raise ZeroDivisionError
        return write(writer, candidate)

    def wait(name: str) -> None:
        both_in_flight.wait()
        if name == "anna":
            cleo_has_failed.wait(30)

    monkeypatch.setattr(Writer, "write", fail_for_cleo)
    with serve(on_message=wait) as server, pytest.raises(ZeroDivisionError):
        send(engine, mailing, server.server_address[1], connections=2)
    assert read_states(engine) == {"anna": "accepted", "ben": "accepted", "cleo": "queued", "dora": "queued"}


@contextmanager
def locked(engine: Engine) -> Iterator[sqlite3.Connection]:
    """Another program that keeps the database to itself once it is told to `BEGIN IMMEDIATE`."""
    event.listen(engine, "checkout", lambda ours, *_: ours.execute("PRAGMA busy_timeout=50"))
    path = str(engine.url.database)
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        yield other


def test_what_cannot_be_recorded_is_uncertain_at_the_next_run(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(9))
    with locked(engine) as other:

        def lock(_name: str) -> None:
            if not other.in_transaction:
                other.execute("BEGIN IMMEDIATE")

        with serve(on_message=lock) as server, pytest.raises(DatabaseError):
            send(engine, mailing, server.server_address[1], connections=1)
    assert server.kept == many(9)[:1]
    with serve() as server:
        assert send(engine, mailing, server.server_address[1]) == Counts(accepted=8, uncertain=1)
    assert sorted(server.kept) == many(9)[1:]


def test_what_the_database_refuses_for_a_moment_is_recorded_before_the_run_ends(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna", "ben", "cleo")
    refused = threading.Event()
    anna_is_kept = threading.Event()
    both_in_flight = threading.Barrier(2, timeout=30)
    event.listen(engine, "handle_error", lambda _context: refused.set())
    with locked(engine) as other:

        def lock_for_a_while(name: str) -> None:
            both_in_flight.wait()
            if name == "anna":
                other.execute("BEGIN IMMEDIATE")
                anna_is_kept.set()
            else:
                anna_is_kept.wait(30)
                refused.wait(30)
                other.execute("ROLLBACK")

        with serve(on_message=lock_for_a_while) as server, pytest.raises(DatabaseError):
            send(engine, mailing, server.server_address[1], connections=2)
    assert read_states(engine) == {"anna": "accepted", "ben": "accepted", "cleo": "queued"}


def test_progress_is_reported_from_the_first_turn_to_the_end(engine: Engine) -> None:
    mailing = begin_mailing(engine, *many(40))
    reports: list[Counts] = []
    with serve() as server:
        counts = send(engine, mailing, server.server_address[1], report=reports.append)
    assert reports[0].unfinished == 40
    assert reports[-1] == counts == Counts(accepted=40)
    assert all(report.total == 40 for report in reports)
    assert [report.accepted for report in reports] == sorted(report.accepted for report in reports)
