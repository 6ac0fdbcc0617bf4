"""A pace without limits and a judge without severity, for tests of what else there is."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection

from bulletin.delivery.limits.domains import Domains
from bulletin.delivery.smtp.outcome import Outcome


@dataclass(kw_only=True)
class Unlimited:
    """The pace of a relay that sets no limits but the number of connections."""

    connections: int
    domain_limit: int = 0
    domains: Domains = field(default_factory=Domains)
    messages_per_connection: int = 0

    def room(self, *, now: int) -> int:  # noqa: ARG002 -- as Pace has it
        return 1_000_000_000

    def next_room(self, *, now: int) -> int | None:
        return now

    def admit(self, connection: Connection, *, now: int) -> int:  # noqa: ARG002 -- as Pace has it
        return 1_000_000_000

    def record(self, connection: Connection, number: int, *, now: int) -> None:
        pass

    def learn(self, outcome: Outcome, *, now: int) -> None:
        pass


class Lenient:
    """A judge that never stops a mailing."""

    def note(self, outcome: Outcome) -> str:  # noqa: ARG002 -- as StopRule has it
        return ""
