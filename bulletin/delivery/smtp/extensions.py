"""What a relay offers: the answer to EHLO (RFC 5321, 4.1.1.1), and what follows from it for an envelope. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bulletin.delivery.smtp.reply import Reply

_NOT_IN_A_PATH: Final = re.compile(r"[\x00-\x20<>\x7f\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Offers:
    """The extensions that matter to us. `auth` are the methods of logging in; `largest` in octets, 0 if not said."""

    pipelining: bool = False  # RFC 2920
    starttls: bool = False  # RFC 3207
    smtputf8: bool = False  # RFC 6531
    size: bool = False  # RFC 1870
    largest: int = 0
    auth: str = ""

    def write_envelope(self, sender: str, recipient: str, size: int) -> tuple[str, str]:
        """MAIL, with what the relay wants to know first (RFC 1870, RFC 6531), and RCPT."""
        told = f" SIZE={size}" if self.size else ""
        letters = "" if recipient.isascii() else " SMTPUTF8"
        return f"MAIL FROM:<{sender}>{told}{letters}", f"RCPT TO:<{recipient}>"

    def find_obstacle(self, recipient: str, *, relay: object) -> str:
        """Why the relay cannot even be told this address, in a sentence; "" if it can."""
        if _NOT_IN_A_PATH.search(recipient):
            return "The address has characters that SMTP cannot carry."
        if not recipient.isascii() and not self.smtputf8:
            return f"{relay} takes no addresses with letters outside a–z before the @ (it does not offer SMTPUTF8)."
        return ""


def read_offers(reply: Reply) -> Offers:
    """The extensions that EHLO's answer names, with their parameters; its first line names the server."""
    named: dict[str, str] = {}
    for line in reply.lines[1:]:
        # "AUTH=PLAIN" is an old form that some servers give as well.
        keyword, _, parameters = line.decode("ascii", "replace").strip().replace("=", " ", 1).partition(" ")
        named[keyword.upper()] = f"{named.get(keyword.upper(), '')} {parameters}".strip()
    return Offers(
        pipelining="PIPELINING" in named,
        starttls="STARTTLS" in named,
        smtputf8="SMTPUTF8" in named,
        size="SIZE" in named,
        largest=_read_size(named.get("SIZE", "")),
        auth=named.get("AUTH", ""),
    )


def _read_size(size: str) -> int:
    return int(size) if size.isascii() and size.isdecimal() and len(size) < 20 else 0
