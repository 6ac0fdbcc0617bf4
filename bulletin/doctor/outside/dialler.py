"""The way to other computers: a connection to a host, and which certificates are trusted."""

from __future__ import annotations

import errno
import socket
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Protocol

_NO_NETWORK: Final = (errno.ENETDOWN, errno.ENETUNREACH, getattr(errno, "WSAENETUNREACH", -1))
_EXPIRED: Final = 10  # X509_V_ERR_CERT_HAS_EXPIRED
_OTHER_NAME: Final = (62, 64)  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH


class Dialler(Protocol):
    """What connects to other computers."""

    @property
    def context(self) -> ssl.SSLContext:
        """Which certificates are trusted: names and chains are always checked."""

    def dial(self, host: str, port: int, *, patience: float) -> socket.socket:
        """A connection, whose steps may take `patience` seconds each. Raises OSError."""


@dataclass(frozen=True, kw_only=True)
class DirectDialler:
    """Connects to a host itself, and trusts this computer's certificates (or those in SSL_CERT_FILE)."""

    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def dial(self, host: str, port: int, *, patience: float) -> socket.socket:
        return socket.create_connection((host, port), timeout=patience)


def describe_certificate_fault(host: str, error: ssl.SSLCertVerificationError) -> str:
    """Why a certificate isn't right, in a sentence."""
    if error.verify_code in _OTHER_NAME:
        return f"The certificate of {host} is for another name."
    if error.verify_code == _EXPIRED:
        return f"The certificate of {host} has ended."
    return f"The certificate of {host} isn't signed by anyone that this computer trusts."


def read_certificate_end(connection: ssl.SSLSocket) -> datetime | None:
    """Until when the certificate of the other side is valid, in UTC."""
    certificate = connection.getpeercert() or {}
    ends = certificate.get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if isinstance(ends, str) else None


def is_offline(error: OSError) -> bool:
    """Whether this computer can't reach anything, rather than this one host."""
    return error.errno in _NO_NETWORK or (isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN)
