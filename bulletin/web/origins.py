"""Which site a request is for, and which one it comes from (RFC 6454, RFC 9110 section 7.2). Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

LOOPBACK_NAMES = frozenset({"127.0.0.1", "::1", "localhost"})
"""The names that a computer has for itself."""


def read_host_name(host_header: str) -> str:
    """The name in a Host header, in small letters and without the port; "" if it has none."""
    try:
        return urlsplit(f"//{host_header}").hostname or ""
    except ValueError:
        return ""
