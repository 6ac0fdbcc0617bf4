"""The pace and the stop rule of a workspace's mailings, and what to expect of one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from bulletin.delivery.ledger.counts import Counts
from bulletin.delivery.ledger.deliveries import measure_latency
from bulletin.delivery.limits.forecast import Crowd, Forecast, foresee
from bulletin.delivery.limits.pace import MeasuredPace, load_domains, read_domain_departures
from bulletin.delivery.limits.provider_limits import find_allowance, find_domain_limits
from bulletin.delivery.limits.shared_pace import SharedDomains, SharedPace
from bulletin.delivery.limits.stop_rule import RefusalRule
from bulletin.delivery.sending.relays import name_relays
from bulletin.delivery.smtp.connection import Timeouts
from bulletin.delivery.smtp.relay import Security
from bulletin.delivery.transport.opening import AnyRelay
from bulletin.settings.sending import Sending
from bulletin.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Engine

    from bulletin.delivery.limits.turns import TurnTaker

_CROWDS: Final = 5
"""The domains with most people, of which one may be the last to have all."""

_LONGEST: Final = Timeouts().message * 1000
"""ms that a server may take for a message: whatever seems to have taken longer was decided by a person."""

_USUAL_LATENCY: Final = {Security.PLAIN: 50, Security.STARTTLS: 500, Security.TLS: 500}
"""ms that a server takes for a message, as long as none has been measured: one of our own, or one elsewhere."""


def load_paces(engine: Engine, relays: Iterable[AnyRelay], sending: Sending, *, now: int) -> tuple[MeasuredPace, ...]:
    """The pace of each relay, with what it was sent lately; `now` in ms since 1970. Raises DatabaseError.

    The limits of recipient domains are the same for all: the first relay's.
    """
    relays = tuple(relays)
    allowance = find_allowance(sending)
    domains = load_domains(engine, find_domain_limits(sending, relays[0]) if relays else (), now=now)
    return tuple(MeasuredPace.load(engine, relay, allowance, now=now, domains=domains) for relay in relays)


def share_paces(
    engine: Engine,
    relays: Iterable[AnyRelay],
    sending: Sending,
    *,
    now: int,
    taker: TurnTaker,
    connections: int | None = None,
) -> tuple[SharedPace, ...]:
    """As `load_paces`, for one of several who send at once. `connections`: its own; None: its share of all."""
    relays = tuple(relays)
    allowance = find_allowance(sending)
    rates = find_domain_limits(sending, relays[0]) if relays else ()
    domains = SharedDomains(rates, taker)
    domains.restore(read_domain_departures(engine, domains, now=now), now=now)
    return tuple(
        SharedPace.share(engine, relay, allowance, now=now, domains=domains, taker=taker, connections=connections)
        for relay in relays
    )


def make_stop_rule(sending: Sending, so_far: Counts = Counts()) -> RefusalRule:  # noqa: B008 -- frozen
    """The stop rule of one run, with the workspace's thresholds; `so_far` is what was accepted and refused before."""
    return RefusalRule(
        stop_at=sending.stop_at, stop_after=sending.stop_after, accepted=so_far.accepted, refused=so_far.refused
    )


def foresee_mailing(
    workspace: Workspace, engine: Engine, number: int, *, now: int, domains: Mapping[str, int] | None = None
) -> Forecast | None:
    """How `number` messages would be sent from `now` on (ms since 1970), by the first relay. None if none is set.

    `domains` says how many of them go to which. Changes nothing that counts. Raises RelayError for an address that
    cannot be read, DatabaseError.
    """
    if not workspace.has_relay:
        return None
    relay = name_relays(workspace)[0]
    (pace,) = load_paces(engine, [relay], workspace.settings.sending, now=now)
    latency = measure_latency(engine, longest=_LONGEST) or _USUAL_LATENCY[relay.security]
    crowds = (
        Crowd(domain=domain, number=there, connections=pace.domain_limit, meters=pace.domains.meters(domain, now))
        for domain, there in Counter(domains).most_common(_CROWDS)
    )
    return foresee(number, pace.meters, now=now, latency=latency, connections=pace.connections, crowds=crowds)
