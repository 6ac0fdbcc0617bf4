"""The IMAP mailbox where emails come back, as `BULLETIN_IMAP_URL` names it. Pure."""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from bulletin.errors import MailboxUnreadable

_EXAMPLE: Final = "imaps://user:password@imap.example.org/INBOX"
_PORTS: Final = {"imaps": 993, "imap": 143}


@dataclass(frozen=True, kw_only=True, slots=True)
class ImapAddress:
    """A mailbox on an IMAP server, and our account there.

    `encrypted` from the first octet (RFC 8314, 3.2); if not, STARTTLS is asked for, unless the server is this computer.
    `token` fetches an OAuth 2 access token for the user (XOAUTH2), in place of a password.
    """

    host: str
    port: int
    encrypted: bool
    username: str
    password: str = field(default="", repr=False)
    token: Callable[[], str] | None = field(default=None, repr=False, compare=False)
    mailbox: str = "INBOX"

    @property
    def is_local(self) -> bool:
        """Whether nothing crosses a network."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def shown(self) -> str:
        """The mailbox in words, without the password."""
        return f"{self.mailbox} of {self.username} at {self.host}"


def parse_imap_address(url: str, *, token: Callable[[], str] | None = None) -> ImapAddress:
    """The mailbox that a URL names: `imaps://user:password@host:993/INBOX` (RFC 5092; a folder's name after the host).

    Raises MailboxUnreadable, without repeating the URL, which holds a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise MailboxUnreadable(
            "BULLETIN_IMAP_URL can’t be understood.",
            f"Write it like {_EXAMPLE}. Encode special characters of a password.",
        ) from None
    _check(parts, token=token is not None)
    return ImapAddress(
        host=parts.hostname or "",
        port=port,
        encrypted=parts.scheme == "imaps",
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        token=token,
        mailbox=unquote(parts.path.strip("/")) or "INBOX",
    )


def _check(parts: SplitResult, *, token: bool) -> None:
    if parts.scheme not in _PORTS:
        raise MailboxUnreadable(
            "BULLETIN_IMAP_URL begins with neither imaps:// nor imap://.", f"Write it like {_EXAMPLE}."
        )
    if not parts.hostname:
        raise MailboxUnreadable("BULLETIN_IMAP_URL names no server.", f"Write it like {_EXAMPLE}.")
    if not parts.username or not (parts.password or token):
        raise MailboxUnreadable("BULLETIN_IMAP_URL has no user or no password.", f"Write it like {_EXAMPLE}.")
    if any(ord(char) < 32 for char in unquote(parts.path + (parts.username or "") + (parts.password or ""))):
        raise MailboxUnreadable("BULLETIN_IMAP_URL has a line break or a control character in it.", "Take it out.")


def encode_mailbox(name: str) -> str:
    """A folder's name as IMAP writes it: quoted, other letters than ASCII in modified UTF-7 (RFC 3501, 5.1.3)."""
    encoded, waiting = "", ""
    for char in f"{name}\0":
        if " " <= char <= "~" or char == "\0":
            encoded += _encode_letters(waiting) + ("&-" if char == "&" else char)
            waiting = ""
        else:
            waiting += char
    quoted = encoded.removesuffix("\0").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'


def _encode_letters(text: str) -> str:
    if not text:
        return ""
    return f"&{b2a_base64(text.encode('utf-16-be'), newline=False).decode().rstrip('=').replace('/', ',')}-"
