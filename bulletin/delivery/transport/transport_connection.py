"""A way out that is not SMTP, as a connection of the pool: one message at a time, each sent in a thread.

The promise is SMTP's. A message waits here, with its go-ahead, until its delivery is claimed. Only `transmit` lets it
leave. So what a crash leaves uncertain is what was being sent.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from functools import partial

from bulletin.delivery.smtp.connection import Listener, Timeouts, call_aside
from bulletin.delivery.smtp.outcome import UNCERTAIN, UNSENT, Outcome, make_outcome
from bulletin.delivery.smtp.protocol import OutgoingMessage
from bulletin.delivery.transport.transport import PauseAsked, ServiceRelay, Transport
from bulletin.errors import RelayError


class TransportConnection:
    """What `SmtpConnection` is for a relay, for a service. It belongs to one event loop."""

    pipelining = False
    may_log_in_again = False

    def __init__(self, relay: ServiceRelay, listener: Listener[TransportConnection], *, timeouts: Timeouts) -> None:
        """`timeouts.message` is how long a message may take, in seconds. Then it is uncertain."""
        if relay.transport is None:
            raise RuntimeError(f"{relay} is only named.")
        self.messages = 0
        self.proven = False
        self._transport: Transport = relay.transport
        self._rest = relay.rest
        self._listener = listener
        self._patience = timeouts.message
        self._loop = asyncio.get_running_loop()
        self._announced: OutgoingMessage | None = None
        self._in_flight: OutgoingMessage | None = None
        self._sending: asyncio.Task[None] | None = None
        self._is_open = True

    async def open(self, *, context: ssl.SSLContext | None = None) -> None:  # noqa: ARG002 -- a transport has its own
        """There is nothing to open: the listener hears `ready`."""
        self._when_rested(self._make_ready)

    @property
    def can_transmit(self) -> bool:
        """Whether a message can be sent."""
        return self._is_open

    def announce(self, message: OutgoingMessage) -> None:
        """Take a message, once `ready`. The listener hears `go_ahead`, unless the service wants to be left alone."""
        self._announced = message
        self._loop.call_soon(self._when_rested, self._go_ahead)

    def transmit(self, following: OutgoingMessage | None = None) -> None:  # noqa: ARG002 -- never: no pipelining
        """Send the message that has its go-ahead."""
        self.messages += 1
        self._in_flight, self._announced = self._announced, None
        if self._in_flight is None:
            raise RuntimeError("There is no message that has its go-ahead.")
        self._sending = self._loop.create_task(self._send(self._in_flight))

    async def quit(self) -> None:
        """End it, once `ready`."""
        self._close(None)

    def hang_up(self, reason: str) -> None:
        """End it at once. A message that is being sent becomes uncertain, with this reason."""
        if self._sending:
            self._sending.cancel()  # its thread ends by itself, and is heard no more
        if message := self._in_flight:
            self._complete(message, make_outcome(UNCERTAIN, reason))
        if message := self._announced:
            self._announced = None
            self._listener.completed(self, message, make_outcome(UNSENT, reason))
        self._close(None)

    # Internals

    async def _send(self, message: OutgoingMessage) -> None:
        """Send it, and tell the listener what became of it."""
        content = b"".join(message.chunks)
        error: RelayError | None = None
        try:
            async with asyncio.timeout(self._patience):
                outcome = await call_aside(partial(self._transport.deliver, message.sender, message.recipient, content))
        except TimeoutError:
            outcome = make_outcome(UNCERTAIN, "The service didn't answer in time.")
        except RelayError as refused:
            outcome, error = make_outcome(UNSENT, refused.message), refused
        except Exception:
            self._complete(message, make_outcome(UNCERTAIN, "The program broke off at this message."))
            self._close(None)
            raise
        if isinstance(outcome, PauseAsked):
            self._rest.until = max(self._rest.until, self._loop.time() + outcome.wait)
        self._complete(message, outcome)
        if error:
            self._close(error)
        elif self._is_open:
            self._when_rested(self._make_ready)

    def _complete(self, message: OutgoingMessage, outcome: Outcome) -> None:
        self._in_flight = self._sending = None
        self._listener.completed(self, message, outcome)

    def _when_rested(self, act: Callable[[], None]) -> None:
        """Act when the service may be spoken to again: at once, mostly."""
        if not self._is_open:
            return
        if self._rest.until > self._loop.time():
            self._loop.call_at(self._rest.until, self._when_rested, act)
        else:
            act()

    def _make_ready(self) -> None:
        self._listener.ready(self)

    def _go_ahead(self) -> None:
        if self._announced:
            self._listener.go_ahead(self, self._announced)

    def _close(self, error: RelayError | None) -> None:
        if self._is_open:
            self._is_open = False
            self._listener.closed(self, error)
