"""The headers that keep our pages apart from those of other websites. Pure."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders


def set_security_headers(headers: MutableHeaders, *, policy: str, referrer: str) -> None:
    """Add them to an answer. What it says of its own policy (CSP Level 3) and of caches (RFC 9111) stays as it is.

    `policy` is the Content-Security-Policy, `referrer` the Referrer-Policy.
    """
    headers.setdefault("content-security-policy", policy)
    headers.setdefault("cache-control", "no-store")  # there are people's details in it
    headers["cross-origin-opener-policy"] = "same-origin"
    headers["cross-origin-resource-policy"] = "same-origin"
    headers["referrer-policy"] = referrer
    headers["x-content-type-options"] = "nosniff"
