"""SPF (RFC 7208): a record, all that it includes, and whether an address may send by it.

The walk goes through everything that a record names, also what a receiver would no longer look at: it counts what the
record costs at worst. Macros are not worked out: then it can't be told whether the address passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from bulletin.doctor.names.resolver import Kind, Resolver

MOST_LOOKUPS: Final = 10  # RFC 7208, 4.6.4
MOST_VOID: Final = 2  # lookups without an answer
_MOST_HOSTS: Final = 10  # that an mx may have
_ENOUGH: Final = 60  # lookups after which a walk ends: the record is broken in any case

Address = IPv4Address | IPv6Address


class SpfResult(StrEnum):
    """Whether an address may send for a domain (RFC 7208, 2.6)."""

    NONE = "none"  # there is no record
    PASS = "pass"  # noqa: S105 -- a result
    NEUTRAL = "neutral"
    SOFTFAIL = "softfail"
    FAIL = "fail"
    PERMERROR = "permerror"  # the record is broken
    UNCLEAR = "unclear"  # a macro decides


_QUALIFIERS: Final = {
    "+": SpfResult.PASS,
    "-": SpfResult.FAIL,
    "~": SpfResult.SOFTFAIL,
    "?": SpfResult.NEUTRAL,
}
_TERM: Final = re.compile(r"([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)((?:[:/].*)?)", re.IGNORECASE)
_MODIFIER: Final = re.compile(r"([a-z][a-z0-9._-]*)=(.*)", re.IGNORECASE)


@dataclass(kw_only=True, slots=True)
class SpfReport:
    """What a walk found. `costs` has how many lookups each term of the domain's own record takes."""

    result: SpfResult = SpfResult.NONE
    lookups: int = 0
    void: int = 0
    included: set[str] = field(default_factory=set)
    costs: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    allows_all: bool = False

    @property
    def is_broken(self) -> bool:
        """Whether receivers count it as an error, or as a pass for anyone."""
        return bool(self.problems) or self.lookups > MOST_LOOKUPS or self.void > MOST_VOID or self.allows_all


def find_spf_records(domain: str, resolver: Resolver) -> tuple[str, ...]:
    """The SPF records of a domain: there should be one (RFC 7208, 4.5). Raises CannotTellError."""
    return tuple(text for text in resolver.look_up(domain, "TXT") if re.match(r"v=spf1(?: |$)", text, re.IGNORECASE))


def evaluate_spf(domain: str, resolver: Resolver, *, address: Address | None = None) -> SpfReport:
    """Walk through a domain's SPF. `result` is that of `address`; without one, only what it costs means something.

    Raises CannotTellError if the DNS doesn't answer.
    """
    walk = _Walk(resolver, address)
    walk.report.result = walk.judge(domain, ())
    return walk.report


class _Walk:
    def __init__(self, resolver: Resolver, address: Address | None) -> None:
        self.report = SpfReport()
        self._resolver = resolver
        self._address = address

    def judge(self, domain: str, path: tuple[str, ...]) -> SpfResult:
        """What the record of `domain` says of the address. `path` are the domains that led here."""
        if domain in path:
            self.report.problems.append(f"{domain} includes itself")
            return SpfResult.PERMERROR
        records = find_spf_records(domain, self._resolver)
        if len(records) != 1:
            if len(records) > 1:
                self.report.problems.append(f"{domain} has {len(records)} SPF records")
            return SpfResult.PERMERROR if records else SpfResult.NONE
        return self._judge_record(domain, records[0].split()[1:], (*path, domain))

    def _judge_record(self, domain: str, terms: Iterable[str], path: tuple[str, ...]) -> SpfResult:
        found: SpfResult | None = None
        redirect = ""
        has_all = False
        for term in terms:
            before = self.report.lookups
            if match := _TERM.fullmatch(term):
                result = self._judge_term(domain, match, path)
                has_all |= match[2].lower() == "all"
                found = found or result
            elif modifier := _MODIFIER.fullmatch(term):
                redirect = modifier[2] if modifier[1].lower() == "redirect" else redirect
            else:
                self.report.problems.append(f"“{term}” in the record of {domain} means nothing")
                found = found or SpfResult.PERMERROR
            if len(path) == 1:
                self.report.costs[term] = self.report.lookups - before
        if redirect and not has_all:
            redirected = self._redirect(redirect, path)
            return found or redirected
        return found or SpfResult.NEUTRAL

    def _redirect(self, target: str, path: tuple[str, ...]) -> SpfResult:
        before = self.report.lookups
        if not self._count():
            return SpfResult.PERMERROR
        if "%" in target:
            return SpfResult.UNCLEAR
        result = self.judge(_tidy(target), path)
        self.report.included.add(_tidy(target))
        if len(path) == 1:
            self.report.costs[f"redirect={target}"] = self.report.lookups - before
        if result is SpfResult.NONE:
            self.report.problems.append(f"{target}, which it leads on to, has no SPF record")
            return SpfResult.PERMERROR
        return result

    def _judge_term(self, domain: str, match: re.Match[str], path: tuple[str, ...]) -> SpfResult | None:
        """The result, if the term applies to the address; otherwise None."""
        qualifier, name, rest = match[1] or "+", match[2].lower(), match[3]
        if name == "all":
            self.report.allows_all |= qualifier == "+" and len(path) == 1
            return _QUALIFIERS[qualifier]
        if name in ("ip4", "ip6"):
            return _QUALIFIERS[qualifier] if self._is_in(rest.removeprefix(":"), domain) else None
        if not self._count():
            return None
        target, prefixes = _split_target(rest, domain)
        if "%" in target:
            return SpfResult.UNCLEAR if self._address else None
        if name == "include":
            return self._include(target, path, _QUALIFIERS[qualifier])
        applies = {"a": self._is_host, "mx": self._is_mail_host, "exists": self._exists, "ptr": _is_never}[name]
        return _QUALIFIERS[qualifier] if applies(target, prefixes) else None

    def _include(self, target: str, path: tuple[str, ...], passed: SpfResult) -> SpfResult | None:
        self.report.included.add(target)
        result = self.judge(target, path)
        if result is SpfResult.NONE:
            self.report.void += not self._resolver.look_up(target, "TXT")
            self.report.problems.append(f"{target}, which it includes, has no SPF record")
            return SpfResult.PERMERROR
        if result is SpfResult.PASS:
            return passed
        return result if result in (SpfResult.PERMERROR, SpfResult.UNCLEAR) else None

    def _count(self) -> bool:
        """Count a lookup. False if there have been too many to continue."""
        self.report.lookups += 1
        return self.report.lookups <= _ENOUGH

    def _is_in(self, network: str, domain: str) -> bool:
        try:
            known = ip_network(network, strict=False)
        except ValueError:
            self.report.problems.append(f"“{network}” in the record of {domain} is not an address")
            return False
        return self._address is not None and self._address in known

    def _is_host(self, target: str, prefixes: tuple[int, int]) -> bool:
        hosts = self._addresses(target)
        self.report.void += not hosts
        return any(self._is_near(host, prefixes) for host in hosts)

    def _is_mail_host(self, target: str, prefixes: tuple[int, int]) -> bool:
        hosts = [host for text in self._resolver.look_up(target, "MX") if (host := text.split()[-1]) != "."]
        self.report.void += not hosts
        if len(hosts) > _MOST_HOSTS:
            self.report.problems.append(f"{target} has {len(hosts)} mail servers; SPF allows {_MOST_HOSTS}")
        return any(self._is_near(one, prefixes) for host in hosts[:_MOST_HOSTS] for one in self._addresses(host))

    def _exists(self, target: str, _prefixes: tuple[int, int]) -> bool:
        found = bool(self._resolver.look_up(target, "A"))
        self.report.void += not found
        return found

    def _addresses(self, name: str) -> tuple[str, ...]:
        kind: Kind = "AAAA" if isinstance(self._address, IPv6Address) else "A"
        return self._resolver.look_up(name, kind)

    def _is_near(self, host: str, prefixes: tuple[int, int]) -> bool:
        """Whether the address is in the network of this size around a host's address."""
        if self._address is None:
            return False
        prefix = prefixes[self._address.version == 6]
        with suppress(ValueError):
            return self._address in ip_network(f"{host}/{prefix}", strict=False)
        return False


def _is_never(_target: str, _prefixes: tuple[int, int]) -> bool:
    """Receivers no longer look at ptr (RFC 7208, 5.5)."""
    return False


def _split_target(rest: str, domain: str) -> tuple[str, tuple[int, int]]:
    """The domain of a term, and the lengths of the networks for IPv4 and IPv6."""
    match = re.fullmatch(r"(?::([^/]+))?(?:/([0-9]{1,3}))?(?://([0-9]{1,3}))?", rest)
    if not match:
        return domain, (32, 128)
    return _tidy(match[1] or domain), (min(int(match[2] or 32), 32), min(int(match[3] or 128), 128))


def _tidy(name: str) -> str:
    return name.rstrip(".").lower()


def find_addresses(host: str, resolver: Resolver) -> Iterator[Address]:
    """The addresses of a host by the DNS. Raises CannotTellError."""
    with suppress(ValueError):
        yield ip_address(host)
        return
    kinds: tuple[Kind, ...] = ("A", "AAAA")
    for kind in kinds:
        for text in resolver.look_up(host, kind):
            with suppress(ValueError):
                yield ip_address(text)
