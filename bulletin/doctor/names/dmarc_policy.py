"""DMARC policies: found by the tree walk of RFC 9989 (4.10), and as RFC 7489 (6.6.3) had it before.

Receivers do either. So both have to find one record, and the same policy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bulletin.doctor.names.resolver import Resolver
from bulletin.doctor.names.suffixes import find_organisational_domain
from bulletin.doctor.names.tag_list import parse_tags

MOST_QUERIES: Final = 8  # of one tree walk
_POLICIES: Final = frozenset({"none", "quarantine", "reject"})
REMOVED: Final = ("pct", "rf", "ri")
"""Tags that RFC 7489 had, and RFC 9989 has not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DmarcRecord:
    """A record: the domain that it is for, and its tags."""

    domain: str
    tags: Mapping[str, str]

    def policy_for(self, domain: str) -> str:
        """`none`, `quarantine` or `reject` for emails from `domain`. Without a policy that is one, it is none."""
        wanted = self.tags.get("p", "") if domain == self.domain else self.tags.get("sp") or self.tags.get("p", "")
        policy = wanted.lower()
        return policy if policy in _POLICIES else "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class DmarcFinding:
    """What is found for a domain: its record, and the organisation's domain."""

    record: DmarcRecord | None
    organisation: str


def parse_dmarc(text: str) -> dict[str, str] | None:
    """The tags of a DMARC record; None for another record. `v=DMARC1` comes first (RFC 9989, 4.7)."""
    if not re.match(r"v[ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)", text):
        return None
    return parse_tags(text)


def find_dmarc_records(domain: str, resolver: Resolver) -> tuple[dict[str, str], ...]:
    """All DMARC records at a domain: with more than one, receivers use none. Raises CannotTellError."""
    parsed = map(parse_dmarc, resolver.look_up(f"_dmarc.{domain}", "TXT"))
    return tuple(tags for tags in parsed if tags is not None)


def _read_one(domain: str, resolver: Resolver) -> DmarcRecord | None:
    records = find_dmarc_records(domain, resolver)
    return DmarcRecord(domain=domain, tags=records[0]) if len(records) == 1 else None


def walk_tree(domain: str, resolver: Resolver) -> tuple[DmarcRecord, ...]:
    """The records from a domain upwards (RFC 9989, 4.10): at most eight queries. Raises CannotTellError.

    A record that says whether its name is a public suffix (`psd=y`, `psd=n`) ends the walk.
    """
    found: list[DmarcRecord] = []
    labels = domain.split(".")
    for _ in range(MOST_QUERIES):
        record = _read_one(".".join(labels), resolver)
        if record:
            found.append(record)
            if record.tags.get("psd", "").lower() in ("y", "n"):
                break
        labels = labels[-7:] if len(labels) > 8 else labels[1:]
        if not labels:
            break
    return tuple(found)


def find_dmarc(domain: str, resolver: Resolver) -> DmarcFinding:
    """The record that applies to a domain, and its organisation, by the tree walk. Raises CannotTellError."""
    found = walk_tree(domain, resolver)
    organisation = _find_organisation(domain, found)
    own = next((record for record in found if record.domain == domain), None)
    at_organisation = next((record for record in found if record.domain == organisation), None)
    of_suffix = next((record for record in found if _is_suffix(record)), None)
    return DmarcFinding(record=own or at_organisation or of_suffix, organisation=organisation)


def _is_suffix(record: DmarcRecord) -> bool:
    return record.tags.get("psd", "").lower() == "y"


def _find_organisation(domain: str, found: tuple[DmarcRecord, ...]) -> str:
    """RFC 9989, 4.10.2: what says `psd=n`; one label below `psd=y`; or the shortest name that has a record."""
    for record in found:
        if record.tags.get("psd", "").lower() == "n":
            return record.domain
        if _is_suffix(record) and record.domain != domain:
            labels = domain.split(".")
            return ".".join(labels[-(record.domain.count(".") + 2) :])
    return min((record.domain for record in found), key=lambda name: name.count("."), default=domain)


def find_dmarc_as_before(domain: str, resolver: Resolver) -> DmarcFinding:
    """The record by RFC 7489: at the domain itself, or at that of the organisation. Raises CannotTellError."""
    organisation = find_organisational_domain(domain)
    record = _read_one(domain, resolver)
    if record is None and organisation != domain and not find_dmarc_records(domain, resolver):
        record = _read_one(organisation, resolver)
    return DmarcFinding(record=record, organisation=organisation)


def are_aligned(one: str, other: str, resolver: Resolver, *, strict: bool) -> bool:
    """Whether two domains belong together for DMARC: the same, or unless `strict`, of one organisation.

    By either RFC: a receiver may do as it was before. Raises CannotTellError.
    """
    if one == other:
        return True
    if strict:
        return False
    by_tree = find_dmarc(one, resolver).organisation == find_dmarc(other, resolver).organisation
    return by_tree or find_organisational_domain(one) == find_organisational_domain(other)


def has_permission(reporter: str, domain: str, resolver: Resolver) -> bool:
    """Whether a domain takes the reports about another one (RFC 9990, 3; RFC 7489, 7.1). Raises CannotTellError."""
    own = find_organisational_domain(reporter) == find_organisational_domain(domain)
    name = f"{domain}._report._dmarc.{reporter}"
    return own or any(parse_dmarc(text) is not None for text in resolver.look_up(name, "TXT"))
