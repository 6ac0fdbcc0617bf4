from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from anytown import begin_mailing
from bulletin.database.schema import open_database
from bulletin.delivery.dispatch.run import send_mailing
from bulletin.delivery.dispatch.supervision import Callbacks, Control, SendOptions
from bulletin.delivery.ledger.counts import Counts, count_states
from bulletin.delivery.ledger.mailing import Mailing
from bulletin.delivery.limits.policies import Route
from bulletin.delivery.smtp.oauth import CachedToken, Token
from bulletin.delivery.smtp.relay import Relay, Security
from bulletin.errors import Interrupted
from lenient import Lenient, Unlimited
from misbehaving import ALWAYS, Conduct, Fault, MisbehavingServer, Step, serve

pytestmark = pytest.mark.slow


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def send_and_stop(engine: Engine, mailing: Mailing, relay: Relay) -> float:
    """How many seconds it takes to end after somebody asked it to, while connections are being opened."""
    stop = threading.Event()
    asked: list[float] = []

    def ask(_counts: Counts) -> None:
        """At the second report: the first is made before anything is opened."""
        asked.append(time.monotonic())
        if len(asked) == 2:
            stop.set()

    with pytest.raises(Interrupted):
        send_mailing(
            engine,
            mailing,
            routes=[Route(relay=relay, pace=Unlimited(connections=2))],
            stop_rule=Lenient(),
            options=SendOptions(secret=b"a secret of this test", run="run"),
            control=Control(clock=lambda: time.time_ns() // 1_000_000, stop=stop),
            observer=Callbacks(report=ask),
        )
    return time.monotonic() - asked[1]


def never_accepts(stack: ExitStack) -> Relay:
    """As behind a firewall that drops everything: its queue is full, so that a connection is never made."""
    listener = stack.enter_context(socket.socket())
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    for _ in range(2):
        waiting = stack.enter_context(socket.socket())
        waiting.setblocking(False)  # noqa: FBT003 -- socket's own
        waiting.connect_ex(listener.getsockname())
    return Relay(host="127.0.0.1", port=listener.getsockname()[1], security=Security.PLAIN)


def never_greets(stack: ExitStack) -> Relay:
    listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    return Relay(host="127.0.0.1", port=listener.getsockname()[1], security=Security.PLAIN)


def never_shakes_hands(stack: ExitStack) -> Relay:
    listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    return Relay(host="127.0.0.1", port=listener.getsockname()[1], security=Security.TLS)


def never_encrypts(stack: ExitStack) -> Relay:
    """After STARTTLS it says 220, and takes no part in the handshake."""
    arrived = threading.Event()
    server = MisbehavingServer(
        context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
        fault=Fault(step=Step.HANDSHAKE, conduct=Conduct.STALL, times=ALWAYS),
    )
    stack.callback(arrived.set)
    stack.enter_context(serve(server))
    return Relay(host="127.0.0.1", port=server.port, security=Security.STARTTLS)


def never_gets_a_token(stack: ExitStack) -> Relay:
    over = threading.Event()
    stack.callback(over.set)

    def fetch() -> Token:
        over.wait(60)
        return Token(value="t0ken", life=60)

    token = CachedToken(fetch, clock=time.monotonic)
    return Relay(host="127.0.0.1", port=1, security=Security.PLAIN, username="news@example.org", token=token)


@pytest.mark.parametrize(
    "make_relay", [never_accepts, never_greets, never_shakes_hands, never_encrypts, never_gets_a_token]
)
def test_who_asks_to_stop_need_not_wait_for_a_connection_that_is_still_being_opened(
    engine: Engine, stack: ExitStack, make_relay: Callable[[ExitStack], Relay]
) -> None:
    mailing = begin_mailing(engine, "anna", "ben", "cleo")

    assert send_and_stop(engine, mailing, make_relay(stack)) < 3

    assert count_states(engine, [mailing]) == Counts(queued=3)
