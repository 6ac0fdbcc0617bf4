"""The signature on a workspace's emails (DKIM), if bulletin.yaml asks for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.delivery.message.dkim import DkimSigner
from bulletin.delivery.message.signing_key import prepare_signature
from bulletin.errors import BulletinError

if TYPE_CHECKING:
    from bulletin.workspace.workspace import Workspace


def open_signer(workspace: Workspace) -> DkimSigner | None:
    """What signs the workspace's emails; None if its relay does, or no one.

    Raises BulletinError if there is no key, or receivers would take no notice of the signature.
    """
    dkim = workspace.settings.sending.dkim
    if dkim is None:
        return None
    require_aligned(workspace, dkim.domain)
    key = workspace.secrets.read_dkim_key(dkim.selector)
    return DkimSigner(domain=dkim.domain.lower(), selector=dkim.selector, sign=prepare_signature(key))


def require_aligned(workspace: Workspace, domain: str) -> None:
    """Raise BulletinError if a bulletin's sender is neither at `domain`, nor below it, nor above it.

    DMARC takes a signature for the sender's only then (RFC 9989, section 4.4: alignment).
    """
    from bulletin.subscribers.address import parse_address

    for bulletin in workspace.settings.bulletins.values():
        sender = parse_address(bulletin.sender.email).envelope.rpartition("@")[2].lower()
        if not (_is_within(sender, domain.lower()) or _is_within(domain.lower(), sender)):
            raise BulletinError(
                f"Emails from {bulletin.sender.email} would be signed (DKIM) in the name of {domain}, which isn't the "
                "sender's domain. The servers that receive them would take no notice.",
                f"Under `sending:`, `dkim:` in bulletin.yaml write the sender's own: {{domain: {sender}}}",
            )


def _is_within(domain: str, above: str) -> bool:
    return f".{domain}".endswith(f".{above}")
