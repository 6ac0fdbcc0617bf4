"""What the dispatch asks of those who set limits: how fast a relay may be sent to, and when a mailing must stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bulletin.delivery.limits.domains import Domains
from bulletin.delivery.smtp.outcome import Outcome
from bulletin.delivery.smtp.relay import Relay

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Pace(Protocol):
    """How fast one relay may be sent to. Times are in ms since 1970, and never go back."""

    @property
    def domain_limit(self) -> int:
        """The most messages in flight to one recipient domain; 0: no limit."""

    @property
    def domains(self) -> Domains:
        """What may leave for each recipient domain in a time: the same for every relay of a mailing."""

    @property
    def connections(self) -> int:
        """The most connections to the relay. It may change while a mailing goes on."""

    @property
    def messages_per_connection(self) -> int:
        """After so many messages a connection is closed and opened anew; 0: never."""

    def room(self, *, now: int) -> int:
        """How many messages may begin now."""

    def next_room(self, *, now: int) -> int | None:
        """When there may be room again; None if only a person can make some."""

    def admit(self, connection: Connection, *, now: int) -> int:
        """How many may begin now, as the database has it within the commit that claims: other processes count too."""

    def record(self, connection: Connection, number: int, *, now: int) -> None:
        """So many have been claimed: write it down, within the commit that claims them."""

    def learn(self, outcome: Outcome, *, now: int) -> None:
        """What became of one message, or of an attempt to connect."""


class Judge(Protocol):
    """Says when a mailing has to stop by itself."""

    def note(self, outcome: Outcome) -> str:
        """Take in what became of a message. In words for the officer, why the mailing must stop; "" if it need not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """A relay, and how fast it may be sent to."""

    relay: Relay
    pace: Pace
