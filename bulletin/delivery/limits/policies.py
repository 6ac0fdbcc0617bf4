"""The policies that a run follows: how fast it may send to a relay, and when the mailing must halt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bulletin.delivery.limits.domains import Domains
from bulletin.delivery.smtp.outcome import Outcome
from bulletin.delivery.transport.opening import AnyRelay

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Pace(Protocol):
    """How fast we may send to one relay. Times are in ms since 1970, and never go back."""

    @property
    def domain_limit(self) -> int:
        """The most messages in flight to one recipient domain; 0: no limit."""

    @property
    def domains(self) -> Domains:
        """The rate limits of recipient domains: the same for every relay of a mailing."""

    @property
    def connections(self) -> int:
        """The most connections to the relay. It may change during a mailing."""

    @property
    def messages_per_connection(self) -> int:
        """The number of messages after which a connection is replaced; 0: never."""

    def room(self, *, now: int) -> int:
        """How many messages may be sent now."""

    def next_room(self, *, now: int) -> int | None:
        """When messages may be sent again; None if that is later than a mailing waits for."""

    def admit(self, connection: Connection, *, now: int) -> int:
        """How many may be sent now, exactly, within the commit that claims them: other processes count too."""

    def record(self, connection: Connection, number: int, *, now: int) -> None:
        """Count `number` claimed messages, within the commit that claims them."""

    def learn(self, outcome: Outcome, *, now: int) -> None:
        """Hear the outcome of one message, or of an attempt to connect."""


class StopRule(Protocol):
    """Says when a mailing has to halt."""

    def note(self, outcome: Outcome) -> str:
        """Hear an outcome; return why the mailing must halt, in a sentence for officers, or ""."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """A relay, and how fast we may send to it."""

    relay: AnyRelay
    pace: Pace
