"""What the relay allows: the provider's limits (providers.toml), overridden by bulletin.yaml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Final

from bulletin.declaration.rates import Rate, parse_rate
from bulletin.delivery.transport.opening import AnyRelay
from bulletin.settings.sending import Provider, Sending

_USUAL_FOR_A_DOMAIN: Final = Rate(300, timedelta(minutes=1))
"""Fewer readers at one domain are not slowed; two thousand at nhs.net take seven minutes instead of seconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Preset:
    """What a provider allows one sender, by its page `source` on the day `checked`; `note` is for people."""

    name: str
    limits: tuple[Rate, ...]
    connections: int
    messages_per_connection: int
    source: str
    checked: date
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowance:
    """The limits at one relay: the most `connections` at once, and the most messages on each (0: any number).

    `domain_limit` is the most messages in flight to one recipient domain.
    """

    limits: tuple[Rate, ...] = ()
    connections: int
    messages_per_connection: int = 0
    domain_limit: int


@cache
def read_presets() -> Mapping[Provider, Preset]:
    """Read the presets of all providers from providers.toml."""
    tables = tomllib.loads(files("bulletin.delivery.limits").joinpath("providers.toml").read_text(encoding="utf-8"))
    return {Provider(key): _read_preset(table) for key, table in tables.items()}


def find_preset(sending: Sending) -> Preset | None:
    """Find the preset whose limits apply: the provider's, unless bulletin.yaml sets `limits`."""
    return read_presets()[sending.provider] if sending.provider and "limits" not in sending.model_fields_set else None


def find_allowance(sending: Sending) -> Allowance:
    """Find the limits: the provider's preset, overridden by each number in bulletin.yaml."""
    preset = read_presets()[sending.provider] if sending.provider else None

    def choose(field: str) -> int:
        chosen: int = getattr(sending if preset is None or field in sending.model_fields_set else preset, field)
        return chosen

    connections = choose("connections")
    return Allowance(
        limits=kept_to.limits if (kept_to := find_preset(sending)) else sending.limits,
        connections=connections,
        messages_per_connection=choose("messages_per_connection"),
        domain_limit=max(_find_fewest(sending), int(connections * sending.domain_share)),
    )


def find_domain_limits(sending: Sending, relay: AnyRelay) -> tuple[Rate, ...]:
    """Find the rate limits for one recipient domain: those in bulletin.yaml, or a gentle default.

    A server on this computer has no default: it is a queue or a test, and its own settings say how fast it sends.
    """
    if "domain_limits" in sending.model_fields_set:
        return sending.domain_limits
    return () if relay.is_local else (_USUAL_FOR_A_DOMAIN,)


def _find_fewest(sending: Sending) -> int:
    """The least domain limit: four at once harm no domain, so they are allowed unless a share was set."""
    return 1 if "domain_share" in sending.model_fields_set else 4


def _read_preset(table: Mapping[str, object]) -> Preset:
    limits = table["limits"]
    assert isinstance(limits, list)  # noqa: S101 -- our own file
    return Preset(**{**table, "limits": tuple(parse_rate(text) for text in limits)})  # type: ignore[arg-type] # our file
