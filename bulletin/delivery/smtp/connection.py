"""A connection to the relay: asyncio carries the SMTP protocol.

This module owns the network, TLS and the timeouts; the errors of all three stop here. A RelayError says that the relay
or our settings are wrong. Unreachable, a kind of it, says that a later attempt may succeed.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from threading import Thread
from typing import Any, Final, Protocol, TypeVar, cast

from bulletin.delivery.smtp.outcome import Outcome
from bulletin.delivery.smtp.protocol import (
    CHECK_ADDRESS,
    Closed,
    Completed,
    Dialogue,
    Encrypt,
    Event,
    GoAhead,
    OutgoingMessage,
    Ready,
    Step,
)
from bulletin.delivery.smtp.relay import Relay, Security
from bulletin.errors import RelayError, Unreachable

_MESSAGE: Final = Step.MESSAGE  # asked for at every message: Python 3.11 looks the members of an enum up slowly
_ROOM: Final = 16384  # octets that are read at once: replies are short


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeouts:
    """How many seconds to wait for the relay.

    RFC 5321 (4.5.3.2) asks for ten minutes after the final dot, because giving up there leaves a message uncertain.
    """

    step: float = 60
    message: float = 600  # for the message, and the reply to it
    address: float = 10  # for a connection to one address, while the relay has another
    quit: float = 5  # for the answer to QUIT: nothing depends on it
    shutdown: float = 10  # for replies that are still to come, after a fault of the program itself


T = TypeVar("T")
Heard_contra = TypeVar("Heard_contra", contravariant=True)
"""The kind of connection that is listened to."""


class Listener(Protocol[Heard_contra]):
    """The user of a connection: it hears what happens there."""

    def ready(self, connection: Heard_contra) -> None:
        """Hear that the relay is ready for an envelope."""

    def go_ahead(self, connection: Heard_contra, message: OutgoingMessage) -> None:
        """Hear that the relay is ready for this message."""

    def completed(self, connection: Heard_contra, message: OutgoingMessage, outcome: Outcome) -> None:
        """Hear the outcome of a message."""

    def closed(self, connection: Heard_contra, error: RelayError | None) -> None:
        """Hear that the connection is closed. Every message given to it has had its outcome."""


class SmtpConnection(asyncio.BufferedProtocol):
    """One connection, from the first `ready` to `closed`. It belongs to one event loop."""

    def __init__(
        self, relay: Relay, listener: Listener[SmtpConnection], *, timeouts: Timeouts, local_hostname: str = ""
    ) -> None:
        """`local_hostname` is our name in EHLO, if it is not the machine's own."""
        self.messages = 0  # how many messages have been transmitted
        self.proven = False  # whether any message that was given to it has been sent, or answered
        self.may_log_in_again = False  # whether it ended only because an access token has to be renewed
        self._dialogue = Dialogue(relay, name=local_hostname or _own_name())
        self._listener = listener
        self._timeouts = timeouts
        self._loop = asyncio.get_running_loop()
        self._buffer = memoryview(bytearray(_ROOM))  # asyncio's TLS slices it
        self._transport: asyncio.Transport | None = None
        # True if TLS has to begin, False if the connection is closed.
        self._encrypt: asyncio.Future[bool] = self._loop.create_future()
        self._closed: asyncio.Future[bool] = self._loop.create_future()
        self._deadline = 0.0  # in the loop's time; 0 while it is our turn
        self._alarm: asyncio.TimerHandle | None = None

    # For the listener

    async def open(self, *, context: ssl.SSLContext | None = None) -> None:
        """Connect, encrypt and log in. The listener then hears `ready`, or `closed` with an error.

        Without a `context`, the system's certificates are trusted (or those in SSL_CERT_FILE).
        """
        try:
            await self._open(context)
        except RelayError as error:
            self._act(self._dialogue.fail(error))

    @property
    def pipelining(self) -> bool:
        """Whether `transmit` takes a message to follow."""
        return self._dialogue.pipelining

    @property
    def can_transmit(self) -> bool:
        """Whether the connection is still open, so that a message can be sent."""
        return self._transport is not None and not self._transport.is_closing()

    def announce(self, message: OutgoingMessage) -> None:
        """Send a message's envelope, once `ready`."""
        self._act(self._dialogue.announce(message))

    def transmit(self, following: OutgoingMessage | None = None) -> None:
        """Send the message that has its go-ahead, and the next envelope if the relay is `pipelining`."""
        self.messages += 1
        self._act(self._dialogue.transmit(following))

    async def quit(self) -> None:
        """Send QUIT, once `ready`, and wait until the connection is closed."""
        self._dialogue.quit()
        self._act([])
        await self._closed

    def hang_up(self, reason: str) -> None:
        """Close it at once. A message that was sent and has no reply becomes uncertain, with this reason."""
        self._act(self._dialogue.drop(reason))

    # For asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # asyncio guarantees it for streams
        if self._closed.done():  # we hung up before it opened
            self._transport.abort()
        else:
            self._set_deadline()

    def get_buffer(self, _sizehint: int) -> memoryview:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        replies = self._dialogue.replies
        events = self._dialogue.receive(bytes(self._buffer[:nbytes]))
        if events or replies != self._dialogue.replies:  # part of a reply does not move the deadline
            self._act(events)

    def eof_received(self) -> None:
        self._act(self._dialogue.lose("the server hung up"))

    def connection_lost(self, exc: Exception | None) -> None:
        self._act(self._dialogue.lose(_explain(exc) if isinstance(exc, OSError) else "the server hung up"))

    # Internals

    async def _open(self, context: ssl.SSLContext | None) -> None:
        """Connect, encrypt and log in. Raises RelayError, unless the listener has heard of it."""
        relay = self._dialogue.relay
        self._dialogue.token = await _fetch_token(relay)
        if relay.security is not Security.PLAIN:
            context = context or ssl.create_default_context()
        tls = context if relay.security is Security.TLS else None
        with _in_our_words(relay):
            line = await self._reach(relay)
            name = relay.host if tls else None
            async with asyncio.timeout(self._timeouts.step):
                await self._loop.create_connection(lambda: self, sock=line, ssl=tls, server_hostname=name)
            if context and not tls:
                await self._start_tls(context)

    async def _reach(self, relay: Relay) -> socket.socket:
        """Connect to the first of the relay's addresses that accepts.

        Broken IPv6 routes are common: while another address remains, wait for this one only briefly.
        """
        async with asyncio.timeout(self._timeouts.step):
            places = await self._loop.getaddrinfo(relay.host, relay.port, type=socket.SOCK_STREAM)
        *others, last = [(family, address) for family, _, _, _, address in places]
        for family, address in others:
            with suppress(OSError):
                return await self._connect(family, address, wait=min(self._timeouts.address, self._timeouts.step))
        return await self._connect(*last, wait=self._timeouts.step)

    async def _connect(self, family: int, address: Any, *, wait: float) -> socket.socket:
        """Connect to one address, in the form that sockets of this family use; `wait` in seconds."""
        # asyncio switches off Nagle's algorithm only if the protocol is named as TCP.
        line = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            line.settimeout(0)
            async with asyncio.timeout(wait):
                await self._loop.sock_connect(line, address)
        except BaseException:
            line.close()
            raise
        return line

    async def _start_tls(self, context: ssl.SSLContext) -> None:
        if await self._encrypt and self._transport:
            host = self._dialogue.relay.host
            wait = self._timeouts.step
            transport = await self._loop.start_tls(
                self._transport, self, context, server_hostname=host, ssl_handshake_timeout=wait
            )
            self._transport = transport
            self._dialogue.encrypted()
            self._act([])

    def _act(self, events: list[Event]) -> None:
        """Tell the listener of the events, then send the output."""
        closed = False
        for event in events:
            match event:
                case Completed():
                    self._listener.completed(self, event.message, event.outcome)
                case GoAhead():
                    self._listener.go_ahead(self, event.message)
                case Ready():
                    if self._dialogue.token:
                        self._accept_token()
                    self._listener.ready(self)
                case Encrypt():
                    self._encrypt.set_result(True)
                case Closed():
                    closed = True
                    self._finish(event.error)
        if not closed and self._transport and (output := self._dialogue.take_output()):
            self._transport.write(output)
        self._set_deadline()

    def _accept_token(self) -> None:
        """Report that the login with the token succeeded."""
        token, self._dialogue.token = self._dialogue.token, ""
        if self._dialogue.relay.token:
            self._dialogue.relay.token.accept(token)

    def _finish(self, error: RelayError | None) -> None:
        tokens = self._dialogue.relay.token
        if tokens and error and self._dialogue.token_refused:
            self.may_log_in_again = tokens.refuse(self._dialogue.token, error)
        if self._alarm:
            self._alarm.cancel()
        if self._transport:
            self._transport.abort()
        for future in (self._encrypt, self._closed):
            if not future.done():
                future.set_result(False)
        self._listener.closed(self, error)

    def _set_deadline(self) -> None:
        """Set the deadline for the relay's next reply."""
        awaited = self._dialogue.awaited
        if awaited is None:
            self._deadline = 0.0
            return
        if awaited is _MESSAGE:
            wait = self._timeouts.message
        elif awaited is Step.QUIT:
            wait = self._timeouts.quit
        else:
            wait = self._timeouts.step
        self._deadline = self._loop.time() + wait
        # One timer, which is set again if the deadline has moved: a timer for each reply would cost more than the
        # reply. It is moved forward only if the next wait is shorter.
        if self._alarm is None or self._alarm.when() > self._deadline:
            if self._alarm:
                self._alarm.cancel()
            self._alarm = self._loop.call_at(self._deadline, self._check_deadline)

    def _check_deadline(self) -> None:
        self._alarm = None
        if not self._deadline:
            return
        if self._loop.time() < self._deadline:
            self._alarm = self._loop.call_at(self._deadline, self._check_deadline)
        else:
            self._act(self._dialogue.lose("it didn't answer in time"))


async def _fetch_token(relay: Relay) -> str:
    """Fetch the access token, if we log in with one; this may take seconds. Raises RelayError."""
    if relay.token:
        return await call_aside(relay.token)
    relay.require_secret()
    return ""


async def call_aside(fetch: Callable[[], T]) -> T:
    """Run `fetch` in a daemon thread: the program can end while it is still running."""
    fetched: Future[T] = Future()
    fetched.set_running_or_notify_cancel()

    def call() -> None:
        try:
            fetched.set_result(fetch())
        except BaseException as error:  # noqa: BLE001 -- raised again where it is awaited
            fetched.set_exception(error)

    Thread(target=call, name="aside", daemon=True).start()
    return await asyncio.wrap_future(fetched)


@cache
def _own_name() -> str:
    """Our name in EHLO: a full domain name, or else an address literal (RFC 5321, 4.1.4)."""
    name = socket.getfqdn()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


@contextmanager
def _in_our_words(relay: Relay) -> Iterator[None]:
    """Turn the errors of sockets and TLS (all of them OSErrors) into ours."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise RelayError(
            f"{relay} can't prove its identity: {error.verify_message.rstrip('.')}.",
            "Check the server's name. If it uses your organisation's own certificate, name its file in SSL_CERT_FILE.",
        ) from error
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError, ConnectionAbortedError, ConnectionResetError) as error:
        raise Unreachable(f"{relay} closed the connection while it was being encrypted.", CHECK_ADDRESS) from error
    except ssl.SSLError as error:
        raise RelayError(
            f"{relay} and bulletin can't agree on encryption (TLS): {error.reason or error}.", CHECK_ADDRESS
        ) from error
    except OSError as error:
        raise Unreachable(f"The connection to {relay} failed: {_explain(error)}.", CHECK_ADDRESS) from error


def _explain(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "it didn't answer in time"
    if isinstance(error, ConnectionResetError | BrokenPipeError):
        return "the server hung up"
    if isinstance(error, socket.gaierror) or not error.errno:
        return error.strerror or str(error)
    return os.strerror(error.errno)  # asyncio's own text repeats the address
