"""The relay: the SMTP server that sends our mail, as `BULLETIN_SMTP_URL` names it. Pure."""

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
    """How the connection is encrypted. Each value is the scheme of its URL."""

    PLAIN = "smtp"  # not at all: for a server on this computer, or on a private network
    STARTTLS = "smtp+starttls"  # from the STARTTLS command on (RFC 3207)
    TLS = "smtps"  # encrypted from the first octet (RFC 8314)


_DEFAULT_PORTS = {Security.PLAIN: 25, Security.STARTTLS: 587, Security.TLS: 465}


class Tokens(Protocol):
    """A source of access tokens, which hears whether a server accepts them. May be called from any thread."""

    def __call__(self) -> str:
        """Return a token. This may take seconds. Raises RelayError."""

    def accept(self, token: str) -> None:
        """Hear that a server accepted the token."""

    def refuse(self, token: str, error: RelayError) -> bool:
        """Hear that a server refused the token; return whether to try again with a new one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Relay:
    """An SMTP server and our account there. Without a username, there is no login.

    `token` fetches an OAuth 2 access token for the username, in place of a password. Raises RelayError if
    the password would cross a network unencrypted (RFC 8314, 3.3).
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
        """Raise RelayError if the relay needs a login, and there is neither a password nor a token."""
        if self.username and not self.password and not self.token:
            raise RelayError(f"There is no password for {self.username} at {self}.", "Add it to BULLETIN_SMTP_URL.")

    def __str__(self) -> str:
        """The name in messages: `smtp.example.org:587`."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_relay(url: str) -> Relay:
    """Parse `smtp://`, `smtp+starttls://` or `smtps://user:password@host:port`.

    Username and password are percent-decoded; the default port is 25, 587 or 465. Raises RelayError, which never
    repeats the URL: it may contain a password.
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
        raise _refusal("has a space or a line break in it", "Write it on one line. In a password, a space is %20.")
    try:
        return urlsplit(url)
    except ValueError:  # brackets that do not match
        raise _refusal("can't be read") from None


def _read_security(scheme: str) -> Security:
    try:
        return Security(scheme)
    except ValueError:
        allowed = " or ".join(f"{security}://" for security in Security)
        raise _refusal(f"doesn't begin with {allowed}") from None


_CODES = {"/": "%2F", "?": "%3F", "#": "%23", "[": "%5B", "]": "%5D"}


def _refuse_bare_characters(url: str) -> None:
    """Require % codes in the username and password for characters that would end the server's name.

    The last @ is the one before the server, so that `user:pa/ss@host` is not read as a server called user.
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
        raise _refusal("has something after the port", "Remove it.")


def _read_host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if not host:
        raise _refusal("names no server")
    try:
        host.encode("idna")
    except UnicodeError:
        raise _refusal(f"names a server, “{host}”, that can't exist") from None
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
        raise _refusal("has a % code that isn't UTF-8", "In a password, £ is %C2%A3 and % itself is %25.") from None


def _refusal(problem: str, remedy: str = f"Write it as {_EXAMPLE}.") -> RelayError:
    return RelayError(f"The address of the SMTP server {problem}.", remedy)
