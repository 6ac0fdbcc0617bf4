"""Chooses between SMTP and the other ways out, by the kind of the relay."""

from __future__ import annotations

from typing import Protocol

from bulletin.delivery.smtp.connection import SmtpConnection, Timeouts
from bulletin.delivery.smtp.mailer import SmtpMailer
from bulletin.delivery.smtp.outcome import Outcome
from bulletin.delivery.smtp.protocol import OutgoingMessage
from bulletin.delivery.smtp.relay import Relay
from bulletin.delivery.transport.transport import ServiceRelay
from bulletin.delivery.transport.transport_connection import TransportConnection
from bulletin.errors import RelayError

AnyRelay = Relay | ServiceRelay
"""What sends our mail."""

Connection = SmtpConnection | TransportConnection
"""What the pool opens to it."""


class Mailer(Protocol):
    """Sends one message and waits for the answer, as `SmtpMailer` does."""

    def deliver(self, sender: str, recipient: str, message: bytes) -> Outcome:
        """Send it. Raises RelayError if the relay refuses us, and nothing was sent."""

    def close(self) -> None:
        """End the connection."""


class ConnectionListener(Protocol):
    """What hears of either kind of connection, as `Listener` does of one."""

    def ready(self, connection: Connection) -> None: ...

    def go_ahead(self, connection: Connection, message: OutgoingMessage) -> None: ...

    def completed(self, connection: Connection, message: OutgoingMessage, outcome: Outcome) -> None: ...

    def closed(self, connection: Connection, error: RelayError | None) -> None: ...


def connect(relay: AnyRelay, listener: ConnectionListener, *, timeouts: Timeouts) -> Connection:
    """A connection to the relay, which is still to be opened."""
    if isinstance(relay, ServiceRelay):
        return TransportConnection(relay, listener, timeouts=timeouts)
    return SmtpConnection(relay, listener, timeouts=timeouts)


def open_mailer(relay: AnyRelay) -> Mailer:
    """What sends one message after another by the relay, in the caller's thread."""
    return ServiceMailer(relay) if isinstance(relay, ServiceRelay) else SmtpMailer(relay)


class ServiceMailer:
    """Sends by a service, one message at a time."""

    def __init__(self, relay: ServiceRelay) -> None:
        self._relay = relay

    def deliver(self, sender: str, recipient: str, message: bytes) -> Outcome:
        """As `Mailer` has it."""
        if self._relay.transport is None:
            raise RelayError(f"{self._relay} can't be used.", "Check `sending:` in bulletin.yaml.")
        return self._relay.transport.deliver(sender, recipient, message)

    def close(self) -> None:
        """Nothing is kept open."""
