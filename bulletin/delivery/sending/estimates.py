"""The pace of each relay of a workspace, who judges its mailings, and what to expect of one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from bulletin.database.errors import database_errors
from bulletin.database.tables import DeliveryState, deliveries
from bulletin.delivery.ledger.deliveries import Counts
from bulletin.delivery.ledger.mailing import count_waiting_domains
from bulletin.delivery.ledger.resolution import BY_PERSON
from bulletin.delivery.limits.forecast import Crowd, Forecast, foresee
from bulletin.delivery.limits.pace import Pace, load_domains
from bulletin.delivery.limits.provider_limits import find_allowance, find_domain_limits
from bulletin.delivery.limits.stop_rule import Verdict
from bulletin.delivery.smtp.connection import Waits
from bulletin.delivery.smtp.relay import Relay, Security, parse_relay
from bulletin.settings.sending import Sending
from bulletin.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Engine

    from bulletin.delivery.sending.sending import Prospect

_REMEMBERED: Final = 1_000
"""The latest deliveries that tell how long the server takes."""

_CROWDS: Final = 5
"""The domains with most people, of which one may be the last to have all."""

_LONGEST: Final = Waits().verdict * 1000
"""ms that a server may take for a message: whatever seems to have taken longer was decided by a person."""

_USUAL_LATENCY: Final = {Security.PLAIN: 50, Security.STARTTLS: 500, Security.TLS: 500}
"""ms that a server takes for a message, as long as none has been measured: one of our own, or one elsewhere."""


def load_paces(engine: Engine, relays: Iterable[Relay], sending: Sending, *, now: int) -> tuple[Pace, ...]:
    """The pace of each relay, with what has left by it lately; `now` in ms since 1970. Raises DatabaseError.

    What may leave for one domain is the same for all of them, as the first one has it.
    """
    relays = tuple(relays)
    allowance = find_allowance(sending)
    domains = load_domains(engine, find_domain_limits(sending, relays[0]) if relays else (), now=now)
    return tuple(Pace.load(engine, relay, allowance, now=now, domains=domains) for relay in relays)


def make_verdict(sending: Sending, so_far: Counts = Counts()) -> Verdict:  # noqa: B008 -- frozen
    """The judge of one run, with the workspace's thresholds, who knows what was accepted and refused `so_far`."""
    return Verdict(
        stop_at=sending.stop_at, stop_after=sending.stop_after, accepted=so_far.accepted, refused=so_far.refused
    )


def foresee_prospect(
    workspace: Workspace, engine: Engine, prospect: Prospect, *, now: int, number: int | None = None
) -> Forecast | None:
    """How the mailing that a person is asked about would leave, or `number` of its messages. As `foresee_mailing`."""
    domains = count_waiting_domains(engine, prospect.open, now=now) if prospect.open else prospect.domains
    if number is None:
        number = prospect.counts.unfinished if prospect.open else prospect.plan.recipients
    return foresee_mailing(workspace, engine, number, now=now, domains=domains)


def foresee_mailing(
    workspace: Workspace, engine: Engine, number: int, *, now: int, domains: Mapping[str, int] | None = None
) -> Forecast | None:
    """How `number` messages would leave from `now` on (ms since 1970), by the first relay. None if none is set.

    `domains` says how many of them go to which. Changes nothing that counts. Raises RelayError for an address that
    cannot be read, DatabaseError.
    """
    if not workspace.has_relay:
        return None
    relay = parse_relay(workspace.smtp_url)
    (pace,) = load_paces(engine, [relay], workspace.settings.sending, now=now)
    latency = measure_latency(engine) or _USUAL_LATENCY[relay.security]
    crowds = (
        Crowd(domain=domain, number=there, connections=pace.domain_limit, meters=pace.domains.meters(domain, now))
        for domain, there in Counter(domains).most_common(_CROWDS)
    )
    return foresee(number, pace.meters, now=now, latency=latency, connections=pace.connections, crowds=crowds)


def measure_latency(engine: Engine) -> float | None:
    """How long a message took of late from its claim to the server's 250, in ms on average. None without any.

    Of those that a person has decided about nobody knows: they end when that was found out, or decided.
    """
    length = deliveries.c.ended_at - deliveries.c.claimed_at
    took = (
        select(length.label("ms"))
        .where(deliveries.c.state == DeliveryState.ACCEPTED, length.between(0, _LONGEST))
        .where(~BY_PERSON)
        .order_by(deliveries.c.id.desc())
        .limit(_REMEMBERED)
        .subquery()
    )
    with database_errors(), engine.begin() as connection:
        average = connection.scalar(select(func.avg(took.c.ms)))
    return None if average is None else max(1.0, float(average))
