"""A relay's extensions: the reply to EHLO (RFC 5321, 4.1.1.1), and what it means for an envelope. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bulletin.delivery.smtp.reply import Reply

_NOT_IN_A_PATH: Final = re.compile(r"[\x00-\x20<>\x7f\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Extensions:
    """The extensions that we use. `auth` has the login methods; `largest` is in octets, 0 if unknown."""

    pipelining: bool = False  # RFC 2920
    starttls: bool = False  # RFC 3207
    smtputf8: bool = False  # RFC 6531
    dsn: bool = False  # RFC 3461
    size: bool = False  # RFC 1870
    largest: int = 0
    auth: str = ""

    def write_envelope(self, sender: str, recipient: str, size: int, envelope_id: str = "") -> tuple[str, str]:
        """Write MAIL, with the parameters that the relay understands (RFC 1870, RFC 3461, RFC 6531), and RCPT."""
        told = f" SIZE={size}" if self.size else ""
        if self.dsn and envelope_id:
            told = f"{told} ENVID={envelope_id}"
        letters = "" if recipient.isascii() else " SMTPUTF8"
        return f"MAIL FROM:<{sender}>{told}{letters}", f"RCPT TO:<{recipient}>"

    def find_obstacle(self, recipient: str, *, relay: object) -> str:
        """Why this address cannot be sent to the relay, in a sentence; "" if it can."""
        if _NOT_IN_A_PATH.search(recipient):
            return "The address has characters that email can't carry."
        if not recipient.isascii() and not self.smtputf8:
            return f"{relay} accepts only plain letters (a–z) before the @: it doesn't offer SMTPUTF8."
        return ""


def parse_extensions(reply: Reply) -> Extensions:
    """Parse the extensions in the reply to EHLO; its first line names the server."""
    named: dict[str, str] = {}
    for line in reply.lines[1:]:
        # Some servers also send the old form "AUTH=PLAIN".
        keyword, _, parameters = line.decode("ascii", "replace").strip().replace("=", " ", 1).partition(" ")
        named[keyword.upper()] = f"{named.get(keyword.upper(), '')} {parameters}".strip()
    return Extensions(
        pipelining="PIPELINING" in named,
        starttls="STARTTLS" in named,
        smtputf8="SMTPUTF8" in named,
        dsn="DSN" in named,
        size="SIZE" in named,
        largest=_read_size(named.get("SIZE", "")),
        auth=named.get("AUTH", ""),
    )


def _read_size(size: str) -> int:
    return int(size) if size.isascii() and size.isdecimal() and len(size) < 20 else 0
