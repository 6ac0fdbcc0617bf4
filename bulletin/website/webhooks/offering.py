"""Which services may post to us: those that bulletin.yaml names, and no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from bulletin.website.webhooks.azure import Azure
from bulletin.website.webhooks.sendgrid import SendGrid
from bulletin.website.webhooks.service import MailService
from bulletin.website.webhooks.ses import AmazonSes

if TYPE_CHECKING:
    from bulletin.settings.returning import Returns

_PATIENCE: Final = (5.0, 5.0)  # seconds
_MOST: Final = 64 * 1024  # octets of a certificate, or of an answer


def list_services(returns: Returns | None, *, read_azure_token: Callable[[], str]) -> list[MailService]:
    """The services of `returns: webhooks:`. Raises BulletinError if what one is known by can't be read."""
    if returns is None:
        return []
    offered, found = returns.webhooks, list[MailService]()
    if offered.ses:
        found.append(AmazonSes(topic=offered.ses, fetch=fetch_from_amazon))
    if offered.sendgrid:
        found.append(SendGrid(public_key=offered.sendgrid))
    if offered.azure:
        found.append(Azure(secret=read_azure_token()))
    for service in found:
        service.require_key()
    return found


def fetch_from_amazon(address: str) -> bytes:
    """What is at an address, which the caller has found to be Amazon's. No redirection is followed. Raises OSError."""
    import requests

    with requests.get(address, timeout=_PATIENCE, allow_redirects=False, stream=True) as answer:
        if answer.status_code != 200:
            raise OSError(answer.status_code)
        return bytes(answer.raw.read(_MOST, decode_content=True))
