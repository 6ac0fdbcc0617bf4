"""What a connection to PostgreSQL waits for, and for how long: nobody waits for a machine that will not answer."""

from __future__ import annotations

import ctypes
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert, make_url, update

from anytown import NOON
from bulletin.database.engine import connect_database
from bulletin.database.errors import database_errors
from bulletin.database.schema import open_database
from bulletin.database.tables import subscribers
from bulletin.delivery.ledger.server_lock import hold_on_server
from bulletin.errors import DatabaseError
from conftest import on_postgresql

ATTACH_FILTER = 26  # SO_ATTACH_FILTER (socket(7)), which the module socket does not name


class SilentProxy:
    """Stands before a server's socket; once told to, it is as a machine without power: no packet is confirmed."""

    def __init__(self, server: Path) -> None:
        self._server = server
        self._door = socket.create_server(("127.0.0.1", 0))
        self._near: socket.socket | None = None
        self._heard = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def port(self) -> int:
        port: int = self._door.getsockname()[1]
        return port

    def close(self) -> None:
        self._door.close()

    def go_silent(self) -> None:
        """The kernel drops whatever comes in from now on, as one that is not there."""
        assert self._near
        drop_all = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))  # BPF: return 0 bytes of each packet
        program = struct.pack("HxxxxxxP", 1, ctypes.addressof(drop_all))
        self._near.setsockopt(socket.SOL_SOCKET, ATTACH_FILTER, program)

    def go_silent_at_the_next_word(self) -> None:
        self._heard.clear()

        def wait() -> None:
            self._heard.wait()
            self.go_silent()

        threading.Thread(target=wait, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                self._near, _ = self._door.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(str(self._server))
                for source, target in ((self._near, far), (far, self._near)):
                    threading.Thread(target=self._pump, args=(source, target), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if source is self._near:  # before it is passed on, or it could be set after it was cleared
                    self._heard.set()
                target.sendall(data)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = connect_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def proxy(database_url: str) -> Iterator[SilentProxy]:
    folder = make_url(database_url).query["host"]
    assert isinstance(folder, str)
    with closing(SilentProxy(Path(folder) / ".s.PGSQL.5432")) as proxy:
        yield proxy


def by_way_of(proxy: SilentProxy, database_url: str, options: str) -> str:
    return f"postgresql+psycopg://postgres@127.0.0.1:{proxy.port}/{make_url(database_url).database}?{options}"


def ask(connection: Connection, query: str) -> str:
    return str(connection.exec_driver_sql(query).scalar_one())


def parameters_of(engine: Engine) -> dict[str, str]:
    """What libpq says of the connection itself."""
    with engine.connect() as connection:
        found: dict[str, str] = connection.connection.dbapi_connection.info.get_parameters()  # type: ignore[union-attr] # psycopg's own
    return found


@contextmanager
def takes_at_most(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


@on_postgresql
def test_a_server_that_falls_silent_is_given_up_within_half_a_minute(engine: Engine) -> None:
    found = parameters_of(engine)

    assert found["connect_timeout"] == "10"
    assert found["tcp_user_timeout"] == "30000"
    assert int(found["keepalives_idle"]) + int(found["keepalives_interval"]) * int(found["keepalives_count"]) == 30


@on_postgresql
def test_the_server_lets_go_of_what_a_silent_machine_holds_within_a_minute(engine: Engine) -> None:
    with engine.connect() as connection:
        assert ask(connection, "SHOW idle_in_transaction_session_timeout") == "1min"
        assert ask(connection, "SHOW lock_timeout") == "90s"
        # Over a local socket the server shows no values of these.
        ours = "SELECT count(*) FROM pg_settings WHERE source = 'session' AND name LIKE 'tcp%%'"
        assert ask(connection, ours) == "4"


@on_postgresql
def test_what_the_url_says_itself_stays(database_url: str) -> None:
    engine = connect_database(f"{database_url}&connect_timeout=3&tcp_user_timeout=7000&options=-c%20lock_timeout%3D5s")
    found = parameters_of(engine)
    with engine.connect() as connection:
        assert ask(connection, "SHOW lock_timeout") == "5s"
        assert ask(connection, "SHOW idle_in_transaction_session_timeout") == "1min"
    engine.dispose()

    assert (found["connect_timeout"], found["tcp_user_timeout"], found["keepalives_idle"]) == ("3", "7000", "15")


@on_postgresql
def test_the_session_that_holds_a_mailing_has_the_same_limits(engine: Engine) -> None:
    shown = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'bulletin %%'"
    with hold_on_server(engine, "2021-05", now=NOON), engine.connect() as connection:
        assert ask(connection, shown) == "1"


def test_a_peer_that_takes_a_connection_and_says_nothing_is_given_up() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as mute:
        url = f"postgresql+psycopg://postgres@127.0.0.1:{mute.getsockname()[1]}/ledger?connect_timeout=2"
        with takes_at_most(8), pytest.raises(DatabaseError, match="Check that its server runs"):
            open_database(url)


@on_postgresql
def test_a_server_that_loses_its_power_between_two_statements_ends_in_words(
    database_url: str, proxy: SilentProxy
) -> None:
    engine = connect_database(by_way_of(proxy, database_url, "tcp_user_timeout=1000"))
    with engine.connect() as connection:
        assert ask(connection, "SELECT 1") == "1"
        proxy.go_silent()
        with takes_at_most(10), pytest.raises(DatabaseError, match="Check that its server runs"), database_errors():
            ask(connection, "SELECT 2")
    engine.dispose()


@on_postgresql
def test_a_server_that_loses_its_power_while_it_works_ends_in_words(database_url: str, proxy: SilentProxy) -> None:
    options = "keepalives_idle=1&keepalives_interval=1&keepalives_count=2&tcp_user_timeout=0"
    engine = connect_database(by_way_of(proxy, database_url, options))
    with engine.connect() as connection:
        assert ask(connection, "SELECT 1") == "1"
        proxy.go_silent_at_the_next_word()
        with takes_at_most(15), pytest.raises(DatabaseError, match="Check that its server runs"), database_errors():
            ask(connection, "SELECT pg_sleep(60)")
    engine.dispose()


@on_postgresql
def test_a_lock_that_another_program_keeps_is_told_in_words(database_url: str) -> None:
    holder = connect_database(database_url)
    waiter = connect_database(f"{database_url}&options=-c%20lock_timeout%3D200")
    row = {"id": 1, "hash": b"anna", "address": "anna@example.org", "added_at": NOON}
    change = update(subscribers).values(name="Anna")
    with holder.begin() as connection:
        connection.execute(insert(subscribers), row)
    with holder.begin() as connection:
        connection.execute(change)
        told = pytest.raises(DatabaseError, match="is busy: another program holds locked what is needed")
        with told, database_errors(), waiter.begin() as other:
            other.execute(change)
    for engine in (holder, waiter):
        engine.dispose()


@on_postgresql
def test_a_machine_that_stops_in_mid_transaction_holds_nobody_up_and_hears_why(database_url: str) -> None:
    stopped = connect_database(f"{database_url}&options=-c%20idle_in_transaction_session_timeout%3D200")
    other = connect_database(database_url)
    row = {"id": 1, "hash": b"anna", "address": "anna@example.org", "added_at": NOON}
    with other.begin() as connection:
        connection.execute(insert(subscribers), row)
    change = update(subscribers).values(name="Ben")
    with stopped.connect() as connection:
        connection.execute(change)
        with takes_at_most(10), other.begin() as free:
            free.execute(change)
        with pytest.raises(DatabaseError, match="ended our session"), database_errors():
            connection.execute(change)
    for engine in (stopped, other):
        engine.dispose()
