"""The ways out of a workspace: its relays with their logins, the pace of each, and what to expect of a mailing."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from bulletin.database.errors import database_errors
from bulletin.database.tables import DeliveryState, deliveries
from bulletin.delivery.allowance import find_allowance
from bulletin.delivery.forecast import Forecast, foresee
from bulletin.delivery.pace import Pace
from bulletin.delivery.relay import Relay, Security, parse_relay
from bulletin.delivery.tokens import CachedToken, MicrosoftTokens, fetch_by_command
from bulletin.delivery.verdict import Verdict
from bulletin.errors import RelayError
from bulletin.settings import Sending
from bulletin.submission import Login, LoginKind
from bulletin.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Engine

_REMEMBERED: Final = 1_000
"""The latest deliveries that tell how long the server takes."""

_USUAL_LATENCY: Final = {Security.PLAIN: 50, Security.STARTTLS: 500, Security.TLS: 500}
"""ms that a server takes for a message, as long as none has been measured: one of our own, or one elsewhere."""


def open_relays(workspace: Workspace) -> tuple[Relay, ...]:
    """The relays in the order in which they are tried, each once; with tokens where `login:` says so.

    A relay whose address has a username and no password logs in by token. Nothing is asked for one before it is
    needed. Raises RelayError and BulletinError for what is wrong with addresses, login or client secret.
    """
    relays = tuple(dict.fromkeys(parse_relay(url) for url in workspace.smtp_urls))
    login = workspace.settings.sending.login
    if login is None:
        return relays
    if not any(map(_logs_in_by_token, relays)):
        raise RelayError(
            "bulletin.yaml has a login by token, but no server's address says for which mailbox.",
            "Write it before the server's name, without a password: smtp+starttls://news%40example.org@smtp.example.org",
        )
    token = _find_token(workspace, login)
    return tuple(replace(relay, token=token) if _logs_in_by_token(relay) else relay for relay in relays)


def load_paces(engine: Engine, relays: Iterable[Relay], sending: Sending, *, now: int) -> tuple[Pace, ...]:
    """The pace of each relay, with what has left by it lately; `now` in ms since 1970. Raises DatabaseError."""
    allowance = find_allowance(sending)
    return tuple(Pace.load(engine, relay, allowance, now=now) for relay in relays)


def make_verdict(sending: Sending) -> Verdict:
    """The judge of one run, with the workspace's thresholds."""
    return Verdict(stop_at=sending.stop_at, stop_after=sending.stop_after)


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


def _logs_in_by_token(relay: Relay) -> bool:
    return bool(relay.username and not relay.password)


def _find_token(workspace: Workspace, login: Login) -> Callable[[], str]:
    if login.kind is LoginKind.COMMAND:
        return CachedToken(lambda: fetch_by_command(login.command), clock=time.monotonic)
    assert login.tenant is not None  # noqa: S101 -- Login sees to it
    assert login.client_id is not None  # noqa: S101 -- Login sees to it
    secret = workspace.read_client_secret()
    tokens = MicrosoftTokens(tenant=login.tenant, client_id=login.client_id, secret=secret)
    return CachedToken(tokens.fetch, clock=time.monotonic)
