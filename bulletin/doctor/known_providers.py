"""What the DNS of a sender has for each provider (known_providers.toml), and whose server a relay is."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from bulletin.doctor.asking.relay_talk import require_relay
from bulletin.doctor.case import Case
from bulletin.settings.sending import Provider


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownProvider:
    """A provider: its servers, what SPF includes, where its DKIM keys are, and how they are published, in words."""

    hosts: tuple[str, ...]
    include: str
    selectors: tuple[str, ...]
    records: str
    source: str
    checked: date


@cache
def read_known_providers() -> Mapping[Provider, KnownProvider]:
    """Read known_providers.toml."""
    tables = tomllib.loads(files("bulletin.doctor").joinpath("known_providers.toml").read_text(encoding="utf-8"))
    return {
        Provider(name): KnownProvider(
            **{**table, "hosts": tuple(table["hosts"]), "selectors": tuple(table["selectors"])}
        )
        for name, table in tables.items()
    }


def find_provider(case: Case) -> Provider:
    """Whose server the relay is: by its name, else by `provider:`, else your own. Raises CannotTellError."""
    if case.workspace.graph:
        return Provider.MICROSOFT_365
    host = require_relay(case).host.lower()
    for provider, known in read_known_providers().items():
        if any(host == end or host.endswith(f".{end}") for end in known.hosts):
            return provider
    return case.workspace.settings.sending.provider or Provider.OWN_RELAY


def describe_provider(case: Case) -> KnownProvider:
    """What the DNS should have for the relay's provider. Raises CannotTellError."""
    return read_known_providers()[find_provider(case)]
