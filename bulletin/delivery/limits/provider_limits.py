"""What may be asked of the relay: its provider's limits (providers.toml), and over them what bulletin.yaml sets."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Final

from bulletin.declaration.rates import Rate, parse_rate
from bulletin.delivery.smtp.relay import Relay
from bulletin.settings.sending import Provider, Sending

_USUAL_FOR_A_DOMAIN: Final = Rate(300, timedelta(minutes=1))
"""A list with fewer at one domain is not slowed by it; two thousand at nhs.net take seven minutes, and not seconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Preset:
    """What a provider allows one sender. `source` says so, or said so on the day `checked`; `note` is for people."""

    name: str
    limits: tuple[Rate, ...]
    connections: int
    messages_per_connection: int
    source: str
    checked: date
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowance:
    """What may be asked of a relay: `connections` at once, each for so many messages (0: any number).

    `domain_limit` is the most messages in flight to one recipient domain.
    """

    limits: tuple[Rate, ...] = ()
    connections: int
    messages_per_connection: int = 0
    domain_limit: int


@cache
def read_presets() -> Mapping[Provider, Preset]:
    """The presets of all providers, from the package's own file."""
    tables = tomllib.loads(files("bulletin.delivery.limits").joinpath("providers.toml").read_text(encoding="utf-8"))
    return {Provider(key): _read_preset(table) for key, table in tables.items()}


def find_preset(sending: Sending) -> Preset | None:
    """The preset whose limits are kept to: that of the provider, unless bulletin.yaml has limits of its own."""
    return read_presets()[sending.provider] if sending.provider and "limits" not in sending.model_fields_set else None


def find_allowance(sending: Sending) -> Allowance:
    """The provider's preset, if there is one; each number that bulletin.yaml sets itself wins over it."""
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


def find_domain_limits(sending: Sending, relay: Relay) -> tuple[Rate, ...]:
    """What may leave for the readers at one domain: as bulletin.yaml has it, or else gently.

    A server on this computer is a queue, or a test: how fast it sends on is for whoever runs it to say.
    """
    if "domain_limits" in sending.model_fields_set:
        return sending.domain_limits
    return () if relay.is_local else (_USUAL_FOR_A_DOMAIN,)


def _find_fewest(sending: Sending) -> int:
    """A few connections at once harm no domain: unless a share was asked for, many readers at one do not wait."""
    return 1 if "domain_share" in sending.model_fields_set else 4


def _read_preset(table: Mapping[str, object]) -> Preset:
    limits = table["limits"]
    assert isinstance(limits, list)  # noqa: S101 -- our own file
    return Preset(**{**table, "limits": tuple(parse_rate(text) for text in limits)})  # type: ignore[arg-type] # our file
