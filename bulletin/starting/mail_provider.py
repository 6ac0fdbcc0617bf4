"""Guesses who runs an organisation's email, by where its mail goes: the MX records of its domain (RFC 5321, 5)."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from bulletin.settings.sending import Provider
from bulletin.starting.answers import find_domain, is_example

if TYPE_CHECKING:
    from dns.resolver import Resolver

LONGEST_LOOKUP: Final = 2.0
"""Seconds. Without an answer there is no guess."""

_HOSTS: Final = (
    ((".mail.protection.outlook.com", ".mx.microsoft"), Provider.MICROSOFT_365),
    ((".google.com", ".googlemail.com"), Provider.GOOGLE_WORKSPACE),
    ((".amazonaws.com",), Provider.AMAZON_SES),
)
_SERVERS: Final = {
    Provider.MICROSOFT_365: "smtp.office365.com",
    Provider.GOOGLE_WORKSPACE: "smtp.gmail.com",
}


def guess_provider(address: str, resolver: Resolver | None = None) -> Provider | None:
    """Who takes the mail for an email address; None if that can't be told, or no name server answers in time.

    Nothing is asked about an example's domain. `resolver` is the computer's own unless given.
    """
    if is_example(address):
        return None
    from dns.exception import DNSException
    from dns.resolver import Resolver as SystemResolver

    with suppress(DNSException, OSError):
        answer = (resolver or SystemResolver()).resolve(find_domain(address), "MX", lifetime=LONGEST_LOOKUP)
        hosts = sorted(
            (record.preference, f".{record.exchange.to_text(omit_final_dot=True).lower()}") for record in answer
        )
        return next((provider for _, host in hosts for ends, provider in _HOSTS if host.endswith(ends)), None)
    return None


def suggest_smtp(provider: Provider | None, sender: str) -> str:
    """The SMTP server of a provider whose server is the same for all, with the sender's login; "" for others."""
    server = _SERVERS.get(provider) if provider else None
    return f"smtp+starttls://{quote(sender, safe='')}@{server}:587" if server else ""
