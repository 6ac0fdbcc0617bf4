"""What a way out is that is not SMTP: one method, which sends one message and says what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from bulletin.delivery.smtp.outcome import Fate, Outcome, make_outcome
from bulletin.delivery.smtp.relay import Security


class PauseAsked(Outcome):
    """An outcome with the service's wish to be sent nothing for `wait` seconds, by any connection."""

    wait: float = 0.0


def ask_for_pause(fate: Fate, reply: str, *, wait: float) -> PauseAsked:
    """Make such an outcome."""
    outcome = PauseAsked(*make_outcome(fate, reply))
    outcome.wait = wait
    return outcome


class Transport(Protocol):
    """Sends messages, each from a thread of its own, several at once."""

    def deliver(self, sender: str, recipient: str, message: bytes) -> Outcome:
        """Send one message, wait for the answer, and return what is known.

        `sender` and `recipient` are the envelope's addresses; `message` has CRLF and ends with one. The outcome is
        ACCEPTED only if the service said so, REFUSED for good, DEFERRED for now. It is UNCERTAIN if the message may
        have arrived: the answer was lost, say, or can't be read. It is UNSENT if it can't have.
        If the service wants a pause, return what `ask_for_pause` makes.

        Raises RelayError if the service refuses us and not this message, and Unreachable if it can't be reached: the
        message was not sent then. Any other exception leaves the message uncertain, and stops the mailing.
        """


@dataclass(slots=True)
class Rest:
    """Until when a service asked us to send nothing, in the time of the loop: for all connections to it."""

    until: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceRelay:
    """A service that sends our mail, as the dispatcher and the limits know it; `username` is the account there.

    `transport` sends; without one, the relay is only named, for estimates.
    """

    host: str
    username: str = ""
    transport: Transport | None = field(default=None, repr=False, compare=False)
    rest: Rest = field(default_factory=Rest, repr=False, compare=False)

    @property
    def is_local(self) -> bool:
        """Whether the service is on this computer: a test's."""
        return self.host == "localhost"

    @property
    def security(self) -> Security:
        """How far away it is likely to be, for estimates."""
        return Security.PLAIN if self.is_local else Security.TLS

    def __str__(self) -> str:
        """The name in messages."""
        return self.host
