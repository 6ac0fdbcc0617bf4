"""Who asks: the address and the scheme of a request, also behind a proxy that bulletin.yaml names. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """Where a request comes from, as far as we know. `address` is None if that can't be told."""

    address: Address | None
    secure: bool

    @property
    def network(self) -> str:
        """The network for limits and evidence: /24 of IPv4, /48 of IPv6; "" if the address isn't known."""
        if self.address is None:
            return ""
        return str(ip_network((self.address, 24 if self.address.version == 4 else 48), strict=False))

    def is_from(self, networks: Sequence[Network]) -> bool:
        """Whether the request comes from one of these."""
        return self.address is not None and _is_among(self.address, networks)


def read_networks(written: Collection[str]) -> tuple[Network, ...]:
    """The networks that `website: proxies` names."""
    return tuple(ip_network(one) for one in written)


def find_visitor(peer: str, scheme: str, headers: Headers, *, proxies: Sequence[Network]) -> Visitor:
    """Who asks. `peer` is the other end of the connection, as in 10.1.2.3.

    What X-Forwarded-For and X-Forwarded-Proto say counts only if `peer` is one of `proxies`. Each proxy appends the
    address that it saw, so they are read from the end: the first one that is no proxy of ours is the visitor's, and
    anything before that the visitor could have made up.
    """
    address = _parse(peer)
    if address is None or not _is_among(address, proxies):
        return Visitor(address=address, secure=scheme == "https")
    told = headers.getlist("x-forwarded-proto")
    proto = ",".join(told).rpartition(",")[2].strip().lower() or scheme
    return Visitor(address=_find_first(address, headers.getlist("x-forwarded-for"), proxies), secure=proto == "https")


def _find_first(peer: Address, forwarded: Sequence[str], proxies: Sequence[Network]) -> Address:
    """The last address of `forwarded` that is no proxy; `peer` if what is there can't be read."""
    nearest = peer
    for text in reversed(",".join(forwarded).split(",")):
        address = _parse(text.strip())
        if address is None:
            return nearest
        if not _is_among(address, proxies):
            return address
        nearest = address
    return nearest


def _parse(text: str) -> Address | None:
    """An address, perhaps with brackets and a port; IPv4 within IPv6 is IPv4 (RFC 4291, section 2.5.5.2)."""
    bare = text
    if text.startswith("["):
        bare = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        bare = text.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _is_among(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
