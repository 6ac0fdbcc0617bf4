"""Which site a request is for, and which one it comes from (RFC 6454, RFC 9110 section 7.2). Pure."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers

LOOPBACK_NAMES = frozenset({"127.0.0.1", "::1", "localhost"})
"""The names that a computer has for itself."""


def read_host_name(host_header: str) -> str:
    """The name in a Host header, in small letters and without the port; "" if it has none."""
    try:
        return urlsplit(f"//{host_header}").hostname or ""
    except ValueError:
        return ""


def comes_from_us(headers: Headers, origins: Collection[str]) -> bool:
    """Whether a form was sent from a page of ours, as far as its browser says.

    A browser that sends Origin names one of `origins` (`https://bulletin.example.org`). One that doesn't sends
    Sec-Fetch-Site (W3C Fetch Metadata), or is so old that it sends neither; nor do programs that are no browsers.
    """
    given = headers.getlist("origin")
    if given:
        return len(given) == 1 and given[0] in origins
    sites = headers.getlist("sec-fetch-site")
    return sites in ([], ["same-origin"])
