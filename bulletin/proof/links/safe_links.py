"""Unwrap addresses that a mail scanner has wrapped in its own. Pure.

A wrapped address shows readers a strange host, stops working when the sender's contract with the scanner ends, and
contains the address it was sent to.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Callable
from html import unescape
from urllib.parse import unquote

from bulletin.declaration.markup import refuse_address
from bulletin.proof.links.hosts import Target, read_parameter, read_target

_MOST_LAYERS = 5


def find_wrapper(target: Target) -> str:
    """The name of the service that wrapped this address; "" if none did."""
    return _find_service(target)[0]


def unwrap(address: str) -> str:
    """The address inside one or several wrappers; "" if it is not wrapped, or can't be read."""
    inner = ""
    for _ in range(_MOST_LAYERS):
        target = read_target(inner or address)
        name, read = _find_service(target)
        if not name:
            return inner
        inner = _check(read(target))
        if not inner:
            return ""
    return ""


def _check(found: str) -> str:
    """`found` if it is a complete web address; an address without its scheme gets https."""
    if found and "://" not in found:
        found = f"https://{found}"
    return found if "\ufffd" not in found and not refuse_address(found, schemes="web") else ""


def _read_parameter(name: str) -> Callable[[Target], str]:
    return lambda target: read_parameter(target.query, name)


_HEX_UNDERLINED = str.maketrans("-_", "%/")


def _read_proofpoint(target: Target) -> str:
    if target.path.startswith("/v1/"):
        return unescape(read_parameter(target.query, "u"))
    if target.path.startswith("/v2/"):
        return unescape(unquote(read_parameter(target.query, "u").translate(_HEX_UNDERLINED)))
    path = target.path + (f"?{target.query}" if target.query else "")
    match = re.match(r"/v3/__(.+?)__;([A-Za-z0-9_-]*=*)!", path)
    return _fill_in(unquote(match[1]) if "://" not in match[1] else match[1], match[2]) if match else ""


_RUN_LENGTHS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""After `**`, one of these says how many characters are left out: A for 2, B for 3."""


def _fill_in(address: str, encoded: str) -> str:
    """Version 3: `*` is one character left out, `**A` are several. All of them follow in Base64."""
    try:
        missing = urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    except (Base64Error, ValueError):
        return ""
    at = 0

    def put_back(match: re.Match[str]) -> str:
        nonlocal at
        count = 1 if match[0] == "*" else _RUN_LENGTHS.index(match[1]) + 2
        at += count
        return missing[at - count : at]

    filled = re.sub(r"\*\*([A-Za-z0-9_-])|\*", put_back, address)
    filled = re.sub(r"\A(https?):/(?!/)", r"\1://", filled)
    return filled if at == len(missing) else ""


def _read_sophos(target: Target) -> str:
    """`d=` has the host, `u=` the whole address in Base64."""
    encoded = read_parameter(target.query, "u")
    try:
        return urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    except (Base64Error, ValueError):
        return ""


def _read_cisco(target: Target) -> str:
    """The last part of the path is the address, percent-encoded."""
    last = unquote(target.path.rpartition("/")[2])
    return last if last.startswith(("http://", "https://")) else ""


def _read_google(target: Target) -> str:
    return read_parameter(target.query, "url") or read_parameter(target.query, "q")


def _read_nothing(_: Target) -> str:
    """Only the service knows the address inside."""
    return ""


_SERVICES: tuple[tuple[str, re.Pattern[str], Callable[[Target], str]], ...] = tuple(
    (name, re.compile(rf"(?:[a-z0-9.-]+\.)?{hosts}"), read)
    for name, hosts, read in (
        ("Outlook’s Safe Links", r"safelinks\.protection\.(?:outlook\.com|office365\.us)/", _read_parameter("url")),
        ("Teams’ Safe Links", r"statics\.teams\.cdn\.office\.net/.*safelinks", _read_parameter("url")),
        ("Proofpoint", r"urldefense(?:\.proofpoint)?\.(?:com|us)/v[123]/", _read_proofpoint),
        ("Mimecast", r"(?:protect[a-z0-9-]*\.mimecast|mimecastprotect)\.com/s/", _read_nothing),
        ("Barracuda", r"linkprotect\.cudasvc\.com/", _read_parameter("a")),
        ("Sophos", r"protection\.sophos\.com/", _read_sophos),
        ("Cisco", r"secure-web\.cisco\.com/", _read_cisco),
        ("Trend Micro", r"[a-z0-9]+-ctp\.trendmicro\.com/", _read_parameter("url")),
        ("FireEye", r"protect2?\.fireeye\.com/", _read_parameter("u")),
        ("Trustwave", r"scanmail\.trustwave\.com/", _read_parameter("u")),
        ("Libraesva", r"urlsand\.esvalabs\.com/", _read_parameter("u")),
        ("Google", r"google\.(?:com|co\.uk)/url\Z", _read_google),
        ("Facebook", r"lm?\.facebook\.com/l\.php\Z", _read_parameter("u")),
    )
)
"""The services, the hosts and paths of their addresses, and the function that reads the address inside."""


def _find_service(target: Target) -> tuple[str, Callable[[Target], str]]:
    place = f"{target.host}{target.path or '/'}"
    return next(((name, read) for name, pattern, read in _SERVICES if pattern.match(place)), ("", _read_nothing))
