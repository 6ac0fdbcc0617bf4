"""Read the parts of an address, and tell which hosts readers outside can't reach. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from unicodedata import normalize
from urllib.parse import parse_qsl, unquote, urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """The parts of an address. `host` is in lower case, without a final dot; "" for mailto and tel.

    `rest` is what follows the scheme of a `mailto:` or `tel:`.
    """

    scheme: str
    host: str = ""
    port: int | None = None
    path: str = ""
    query: str = ""
    fragment: str = ""
    rest: str = ""

    @property
    def is_web(self) -> bool:
        return self.scheme in ("http", "https") and bool(self.host)

    @property
    def bare_host(self) -> str:
        """The host without www., so that both names of a site compare equal."""
        return self.host.removeprefix("www.")

    @property
    def domain(self) -> str:
        """The host of a web address, or the domain of a mailto: with one recipient; "" otherwise."""
        if self.scheme == "mailto":
            person = unquote(self.rest.partition("?")[0])
            return person.rpartition("@")[2].lower() if person.count("@") == 1 else ""
        return self.host


@lru_cache(maxsize=4096)
def read_target(address: str) -> Target:
    """The parts of any address. The parts of a broken one are empty."""
    scheme, colon, rest = address.partition(":")
    scheme = scheme.lower() if colon else ""
    if scheme not in ("http", "https"):
        return Target(scheme=scheme, rest=rest)
    try:
        parts = urlsplit(address)
        host, port = normalize("NFKC", parts.hostname or "").rstrip(".").lower(), parts.port
    except ValueError:
        return Target(scheme=scheme, rest=rest)
    return Target(
        scheme=scheme, host=host, port=port, path=parts.path, query=parts.query, fragment=parts.fragment, rest=rest
    )


def read_numeric(host: str) -> Address | None:
    """The IP address in `host`, in any notation that browsers accept; None for a name.

    127.0.0.1, 127.1, 2130706433, 0x7f.0.0.1 and 0177.0.0.1 are all the same (WHATWG URL, “IPv4 parser”).
    """
    try:
        return ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    parts = host.split(".")
    numbers = [_read_part(part) for part in parts]
    known = [number for number in numbers if number is not None]
    if len(parts) > 4 or len(known) < len(parts) or any(number > 255 for number in known[:-1]):
        return None
    value = known[-1]
    if value >= 256 ** (5 - len(known)):
        return None
    for place, number in enumerate(known[:-1]):
        value += number << 8 * (3 - place)
    return IPv4Address(value)


def _read_part(part: str) -> int | None:
    if re.fullmatch(r"0[xX][0-9a-fA-F]{0,8}", part):
        return int(part[2:] or "0", 16)
    if re.fullmatch(r"0[0-7]{1,11}", part):
        return int(part, 8)
    return int(part) if re.fullmatch(r"0|[1-9][0-9]{0,9}", part) else None


def _networks(written: str) -> tuple[Network, ...]:
    return tuple(ip_network(network) for network in written.split())


_NAT64 = ip_network("64:ff9b::/96")
_INTERNET = _networks("0.0.0.0/0 2000::/3")  # of IPv6, only this range is allocated
_NOT_PUBLIC = _networks(
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
    "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 "
    "2001::/23 2001:db8::/32 3fff::/20"
)
_PUBLIC_AFTER_ALL = _networks(
    "192.0.0.9 192.0.0.10 2001:1::1 2001:1::2 2001:1::3 2001:3::/32 2001:4:112::/48 2001:20::/28 2001:30::/28"
)
"""Ranges that IANA's registries of special addresses (RFC 6890) call globally reachable, inside ranges that are not.
Python's `is_global` follows older registries: it accepts 192.0.0.8 and 3fff::."""


def is_public(address: Address) -> bool:
    """Whether an IP address is on the public Internet: not private, local, link-local, carrier-grade NAT or multicast.

    An IPv4 address inside an IPv6 one (mapped, 6to4, NAT64) counts as itself.
    """
    if isinstance(address, IPv6Address) and (inner := _find_inner(address)) is not None:
        return is_public(inner)
    if not _is_within(address, _INTERNET):
        return False
    return not _is_within(address, _NOT_PUBLIC) or _is_within(address, _PUBLIC_AFTER_ALL)


def _is_within(address: Address, networks: Iterable[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _find_inner(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None


_INSIDE = (
    "local", "localhost", "localdomain", "internal", "intranet", "intra", "corp", "lan", "home", "private",
    "home.arpa",
)  # fmt: skip
_ASKS_TO_SIGN_IN = re.compile(
    r"teams\.microsoft\.com/(?:_?#?/|l/(?:channel|chat|file|message|team)/|_\Z)"
    r"|outlook\.(?:office|office365|live)\.com/(?:mail|owa/?\Z)|mail\.google\.com/mail"
    r"|(?:portal|www)\.office\.com/(?:launch|login)|myapps\.microsoft\.com/"
)
_SHARED_DRIVE = re.compile(r"authkey=|redeem=|/embed|\A/:")


def explain_closed(target: Target) -> str:
    """Why readers outside the organisation can't open a web address; "" if they may be able to."""
    host = target.host
    numeric = read_numeric(host)
    if numeric is not None:
        return "" if is_public(numeric) else f"{host} is the address of a machine inside a network"
    if "." not in host or any(host.endswith(f".{name}") for name in _INSIDE):
        return f"{host} is a name known only inside a network"
    if any("intranet" in label.split("-") for label in host.split(".")[:-2]):
        return f"{host} is an intranet"
    if host.endswith((".sharepoint.com", ".sharepoint.us")):
        return "SharePoint asks most readers outside your organisation to sign in"
    place = f"{host}{target.path}{'#/' if target.fragment.startswith('/') else ''}"
    if _ASKS_TO_SIGN_IN.match(place):
        return f"{host} opens this only for people who have signed in"
    shared = _SHARED_DRIVE.search(f"{target.path}?{target.query}")
    return f"{host} opens this only for people it is shared with" if host == "onedrive.live.com" and not shared else ""


SHORTENERS = frozenset(
    """
    1url.com adf.ly amzn.to apple.co bbc.in bit.do bit.ly bitly.com bitly.ws bl.ink buff.ly clck.ru cli.gs cutt.ly
    db.tt dlvr.it eepurl.com fb.me flip.it geni.us goo.gl ht.ly hubs.la hubs.ly ift.tt is.gd j.mp linkd.in lnk.to
    lnkd.in mcaf.ee mzl.la nyti.ms on.ft.com ow.ly page.link po.st qr.ae qrco.de rb.gy rebrand.ly s.id short.gy
    shorturl.at smarturl.it snip.ly soo.gd spoti.fi surl.li t.co t.ly t2m.io tiny.cc tiny.one tinyurl.com tr.im
    trib.al tny.im u.to url.ie v.gd wp.me x.gd yourls.org
    """.split()  # noqa: SIM905 -- names alone are read more easily
)
"""Hosts that redirect to an address they don't show."""

_TRACKING = re.compile(
    r"(?:utm_|at_(?:medium|campaign|custom)|mtm_|pk_(?:campaign|kwd|source|medium|content|cid)|piwik_|hsa_|ns_(?:mchannel"
    r"|campaign|source|linkname|fee)|elqtrack|spmailingid|spuserid|spjobid|spreportid|oly_(?:enc|anon)_id"
    r"|ml_subscriber|vero_(?:id|conv)|fb_(?:action|source|ref)).*"
    r"|fbclid|gclid|gclsrc|gbraid|wbraid|dclid|msclkid|yclid|twclid|ttclid|li_fat_id|epik|igshid|igsh|mc_cid|mc_eid|mkt_tok"
    r"|_hsenc|_hsmi|hsctatracking|_ga|_gl|__s|dm_i|wt\.mc_id|ck_subscriber_id|sc_cid|s_cid|xtor|_openstat|rb_clickid"
    r"|ref_src|trk_contact|trk_msg|trk_module|bbeml|_kx|gad_source|srsltid"
)


def is_tracking(parameter: str) -> bool:
    """Whether `name=value` in a query only tracks readers, so that the page opens without it."""
    return bool(_TRACKING.fullmatch(parameter.partition("=")[0].lower()))


def read_parameter(query: str, name: str) -> str:
    """The first value of a parameter of a query; "" if it has none."""
    return next((value for key, value in parse_qsl(query, max_num_fields=None) if key.lower() == name), "")
