"""The relay: the SMTP server that takes our mail, as `BULLETIN_SMTP_URL` gives it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from bulletin.errors import RelayError

_EXAMPLE = "smtp+starttls://user:password@smtp.example.org:587"


class Security(StrEnum):
    """How the connection is kept private. Each value is the scheme that asks for it."""

    PLAIN = "smtp"  # not at all: for a server on this machine, or on a network of one's own
    STARTTLS = "smtp+starttls"  # begun in clear, then encrypted (RFC 3207)
    TLS = "smtps"  # encrypted from the first octet (RFC 8314)


_DEFAULT_PORTS = {Security.PLAIN: 25, Security.STARTTLS: 587, Security.TLS: 465}


class Tokens(Protocol):
    """Where access tokens come from, and who is told what a server makes of them. From any thread."""

    def __call__(self) -> str:
        """A token. It may take seconds, and raises RelayError."""

    def accept(self, token: str) -> None:
        """A server has let us in with it."""

    def refuse(self, token: str, error: RelayError) -> bool:
        """A server has not. Whether another connection should try, with a new one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Relay:
    """Where mail is handed over, and as whom. Without a username nobody logs in.

    `token` fetches an OAuth 2 access token for the username, in place of a password. Raises RelayError if
    the password would cross a network in clear (RFC 8314, 3.3).
    """

    host: str
    port: int
    security: Security
    username: str = ""
    password: str = field(default="", repr=False)
    token: Tokens | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.username and self.security is Security.PLAIN and not self.is_local:
            raise RelayError(
                f"With smtp:// the password for {self.host} would cross the network unencrypted.",
                f"Write {Security.STARTTLS}:// (usually port 587) or {Security.TLS}:// (port 465).",
            )

    @property
    def is_local(self) -> bool:
        """Whether the server is on this computer."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host.lower() == "localhost"

    def require_secret(self) -> None:
        """Raises RelayError if it is to be logged in to, and there is neither a password nor a token for that."""
        if self.username and not self.password and not self.token:
            raise RelayError(f"There is no password for {self.username} at {self}.", "Set BULLETIN_SMTP_URL with it.")

    def __str__(self) -> str:
        """As messages name it: `smtp.example.org:587`."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_relay(url: str) -> Relay:
    """The relay that `smtp://`, `smtp+starttls://` or `smtps://user:password@host:port` means.

    Username and password are percent-decoded; without a port, 25, 587 or 465 is meant. Raises RelayError, which
    never repeats the address: a password may stand in it.
    """
    _refuse_bare_characters(url)
    parts = _split(url.strip())
    security = _read_security(parts.scheme)
    _refuse_rest(parts)
    return Relay(
        host=_read_host(parts),
        port=_read_port(parts, usual=_DEFAULT_PORTS[security]),
        security=security,
        username=_decode(parts.username or ""),
        password=_decode(parts.password or ""),
    )


def _split(url: str) -> SplitResult:
    if re.search(r"[\s\x00-\x1f\x7f]", url):
        raise _refusal("has a space or a line break in it", "Write it in one line; a space in a password is %20.")
    try:
        return urlsplit(url)
    except ValueError:  # brackets that do not match
        raise _refusal("cannot be read") from None


def _read_security(scheme: str) -> Security:
    try:
        return Security(scheme)
    except ValueError:
        allowed = ", ".join(f"{security}://" for security in Security)
        raise _refusal(f"begins with none of {allowed}") from None


_CODES = {"/": "%2F", "?": "%3F", "#": "%23", "[": "%5B", "]": "%5D"}


def _refuse_bare_characters(url: str) -> None:
    """What ends the server's name may be in a username or password as a % code only.

    The last @ is the one before the server, so that `user:pa/ss@host` is not taken for a server called user.
    """
    before, _, _ = url.partition("://")[2].rpartition("@")
    password = before.partition(":")[2]
    if found := next((char for char in before if char in _CODES), ""):
        raise _refusal(
            f"has a {found} in the {'password' if found in password else 'username'}",
            f"Write {_CODES[found]} in its place. In the same way, "
            + ", ".join(f"{char} is {code}" for char, code in _CODES.items() if char != found)
            + ", and @ is %40.",
        )


def _refuse_rest(parts: SplitResult) -> None:
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise _refusal("goes on after the port", "Write it without a path.")


def _read_host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if not host:
        raise _refusal("names no server")
    try:
        host.encode("idna")
    except UnicodeError:
        raise _refusal(f"names a server, “{host}”, that cannot exist") from None
    return host


def _read_port(parts: SplitResult, *, usual: int) -> int:
    try:
        port = usual if parts.port is None else parts.port
    except ValueError:
        port = 0
    if not port:
        raise _refusal("has a port that is not a number from 1 to 65535")
    return port


def _decode(text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise _refusal("has a % code that is not UTF-8", "In a password, £ is %C2%A3 and % itself is %25.") from None


def _refusal(problem: str, remedy: str = f"Write it as {_EXAMPLE}.") -> RelayError:
    return RelayError(f"The address of the SMTP server {problem}.", remedy)
