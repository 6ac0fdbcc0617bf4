"""The return path: the envelope's sender, where mail servers send what they can't deliver. Pure.

Either one address for all messages, or one for each of them (VERP: variable envelope return path), which tells best
which message came back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bulletin.settings.settings import Settings

LONGEST_LOCAL_PART: Final = 64
"""Octets before the @ (RFC 5321, 4.5.3.1.1)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReturnPath:
    """Where what comes back goes. With `verp`, the token of a delivery is in the address: `returns+TOKEN@domain`."""

    address: str
    verp: bool = False

    def write(self, token: str) -> str:
        """The envelope's sender for the message with this token. Without it, if there is no room for it."""
        if not self.verp:
            return self.address
        local, _, domain = self.address.rpartition("@")
        own = f"{local}+{token}"
        return f"{own}@{domain}" if len(own) <= LONGEST_LOCAL_PART else self.address


def find_return_path(settings: Settings) -> ReturnPath | None:
    """The return path that bulletin.yaml sets; None if it has no mailbox for what comes back."""
    returns = settings.returns
    return ReturnPath(address=returns.address, verp=returns.verp) if returns else None
