"""Which site a request is for, and which one it comes from (RFC 6454, RFC 9110 section 7.2). Pure."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers

LOOPBACK_NAMES = frozenset({"127.0.0.1", "::1", "localhost"})
"""The names that a computer has for itself."""

_USUAL_PORTS = {"http": 80, "https": 443}


def read_host_name(host_header: str) -> str:
    """The name in a Host header, in small letters and without the port; "" if it has none."""
    try:
        return urlsplit(f"//{host_header}").hostname or ""
    except ValueError:
        return ""


def name_site(url: str) -> tuple[str, str]:
    """The host of an address and its origin, as browsers write them: in A-labels, without the usual port.

    `https://BÜRO.example:443/x` has the host `xn--bro-hoa.example` and the origin `https://xn--bro-hoa.example`.
    """
    parts = urlsplit(url)
    host = _write_a_labels(parts.hostname or "")
    port = "" if parts.port in (None, _USUAL_PORTS.get(parts.scheme)) else f":{parts.port}"
    shown = f"[{host}]" if ":" in host else host
    return host, f"{parts.scheme}://{shown}{port}"


def _write_a_labels(name: str) -> str:
    if name.isascii():
        return name
    from idna import IDNAError, encode

    try:
        return encode(name, uts46=True).decode()
    except IDNAError:
        return name


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
