"""The pace of each relay of a workspace, who judges its mailings, and what to expect of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from bulletin.database.errors import database_errors
from bulletin.database.tables import DeliveryState, deliveries
from bulletin.delivery.allowance import find_allowance
from bulletin.delivery.forecast import Forecast, foresee
from bulletin.delivery.pace import Pace
from bulletin.delivery.progress import Counts
from bulletin.delivery.relay import Relay, Security, parse_relay
from bulletin.delivery.verdict import Verdict
from bulletin.settings import Sending
from bulletin.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Engine

_REMEMBERED: Final = 1_000
"""The latest deliveries that tell how long the server takes."""

_USUAL_LATENCY: Final = {Security.PLAIN: 50, Security.STARTTLS: 500, Security.TLS: 500}
"""ms that a server takes for a message, as long as none has been measured: one of our own, or one elsewhere."""


def load_paces(engine: Engine, relays: Iterable[Relay], sending: Sending, *, now: int) -> tuple[Pace, ...]:
    """The pace of each relay, with what has left by it lately; `now` in ms since 1970. Raises DatabaseError."""
    allowance = find_allowance(sending)
    return tuple(Pace.load(engine, relay, allowance, now=now) for relay in relays)


def make_verdict(sending: Sending, so_far: Counts = Counts()) -> Verdict:  # noqa: B008 -- frozen
    """The judge of one run, with the workspace's thresholds, who knows what was accepted and refused `so_far`."""
    return Verdict(
        stop_at=sending.stop_at, stop_after=sending.stop_after, accepted=so_far.accepted, refused=so_far.refused
    )


def foresee_mailing(workspace: Workspace, engine: Engine, number: int, *, now: int) -> Forecast | None:
    """How `number` messages would leave from `now` on (ms since 1970), by the first relay. None if none is set.

    Changes nothing that counts. Raises RelayError for an address that cannot be read, DatabaseError.
    """
    if not workspace.has_relay:
        return None
    relay = parse_relay(workspace.smtp_url)
    (pace,) = load_paces(engine, [relay], workspace.settings.sending, now=now)
    latency = measure_latency(engine) or _USUAL_LATENCY[relay.security]
    return foresee(number, pace.meters, now=now, latency=latency, connections=pace.connections)


def measure_latency(engine: Engine) -> float | None:
    """How long a message took of late from its claim to the server's 250, in ms on average. None without any."""
    took = (
        select((deliveries.c.ended_at - deliveries.c.claimed_at).label("ms"))
        .where(deliveries.c.state == DeliveryState.ACCEPTED, deliveries.c.ended_at >= deliveries.c.claimed_at)
        .order_by(deliveries.c.id.desc())
        .limit(_REMEMBERED)
        .subquery()
    )
    with database_errors(), engine.begin() as connection:
        average = connection.scalar(select(func.avg(took.c.ms)))
    return None if average is None else max(1.0, float(average))
