"""DKIM and DMARC: are emails signed for our domain, and do receivers know what to think of others?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bulletin.doctor.case import Case, domain_of_address
from bulletin.doctor.check import Asks, Family, check
from bulletin.doctor.judgement import Found, Judgement, NotApplicable, Passed, Unknown
from bulletin.doctor.known_providers import describe_provider, find_provider
from bulletin.doctor.names.dkim_key import GOOD_BITS, LEAST_BITS, DkimKey, find_dkim_key, name_dkim_record
from bulletin.doctor.names.dmarc_policy import (
    REMOVED,
    DmarcFinding,
    DmarcRecord,
    are_aligned,
    find_dmarc,
    find_dmarc_as_before,
    find_dmarc_records,
    has_permission,
)
from bulletin.doctor.readers import is_bulk
from bulletin.settings.proof import Severity
from bulletin.settings.sending import Provider

_RECOMMENDED: Final = "v=DMARC1; p=none; rua=mailto:{address}"


@check(
    "DNS04",
    "There is a DKIM key",
    family=Family.DOMAIN,
    asks={Asks.DNS, Asks.COPY},
    matters="Large mail services junk or refuse bulletins that aren't signed.",
    ask_it="Please switch DKIM on for {domain} and publish {records}. The key should have 2,048 bits.",
)
def has_dkim_key(case: Case) -> Judgement:
    """The DNS has the public key by which receivers check our signature (RFC 6376): of 2,048 bits, not revoked.

    Where the key is depends on the provider. A test copy (`--message`) says it best.
    """
    domain = case.domain
    selectors = tuple(
        dict.fromkeys((*(case.copy.find_selectors(domain) if case.copy else ()), *_usual_selectors(case)))
    )
    facts: dict[str, str | int] = {"domain": domain, "records": describe_provider(case).records}
    keys = {one: key for one in selectors if (key := find_dkim_key(one, domain, case.resolver))}
    if not keys:
        return _explain_missing(case, selectors, facts)
    return _judge_key(*max(keys.items(), key=lambda item: item[1].bits), facts)


def _usual_selectors(case: Case) -> tuple[str, ...]:
    return describe_provider(case).selectors


def _explain_missing(case: Case, selectors: tuple[str, ...], facts: dict[str, str | int]) -> Judgement:
    domain = case.domain
    if find_provider(case) is Provider.OWN_RELAY or not selectors:
        return Unknown(
            why=f"We don't know where the DKIM key of {domain} is. Send a test copy to an outside mailbox, and name it "
            "with --message.",
            facts=facts,
        )
    where = name_dkim_record(selectors[0], domain)
    return Found(what=f"There is no DKIM key at {where}.", severity=Severity.ERROR, facts=facts)


def _judge_key(selector: str, key: DkimKey, facts: dict[str, str | int]) -> Judgement:
    where = name_dkim_record(selector, str(facts["domain"]))
    facts |= {"selector": selector, "bits": key.bits}
    if key.revoked:
        return Found(what=f"The DKIM key at {where} was revoked.", severity=Severity.ERROR, facts=facts)
    if key.bits == 0:
        return Found(what=f"The DKIM key at {where} can't be read.", severity=Severity.ERROR, facts=facts)
    if key.kind == "rsa" and key.bits < GOOD_BITS:
        severity = Severity.ERROR if key.bits < LEAST_BITS else Severity.WARNING
        why = "Mail services will stop trusting short keys." if key.bits >= LEAST_BITS else None
        return Found(
            what=f"The DKIM key at {where} has only {key.bits:,} bits.", severity=severity, facts=facts, why=why
        )
    return Passed(facts=facts)


def find_dmarc_now(case: Case) -> DmarcFinding:
    """The DMARC record that applies to the sender, by RFC 9989."""
    return find_dmarc(case.domain, case.resolver)


@check(
    "DNS05",
    "There is a DMARC record",
    family=Family.DOMAIN,
    asks={Asks.DNS},
    matters="Anyone can send in our name; Gmail and Outlook.com want a record from large senders.",
    ask_it="Please publish a TXT record at _dmarc.{publish_at}: “{record}”",
)
def has_dmarc_record(case: Case) -> Judgement:
    """One DMARC record applies to the sender's domain, and both ways of looking for it find the same policy.

    RFC 9989 (May 2026) looks at the domain and then at those above it. RFC 7489, which many receivers still follow,
    looks at the domain itself and at that of the organisation.
    """
    domain = case.domain
    now, before = case.once(find_dmarc_now), find_dmarc_as_before(domain, case.resolver)
    facts: dict[str, str | int] = {
        "domain": domain,
        "publish_at": before.organisation,
        "record": _RECOMMENDED.format(address=case.workspace.settings.organisation.email),
    }
    severity = Severity.ERROR if is_bulk(case) else Severity.WARNING
    if several := next((name for name in (domain, before.organisation) if _has_several(case, name)), ""):
        what = f"{several} has more than one DMARC record, so receivers use none."
        ask = f"Please leave one TXT record at _dmarc.{several}, and delete the others."
        return Found(what=what, severity=severity, facts=facts, ask=ask)
    if now.record is None and before.record is None:
        return Found(what=f"{domain} has no DMARC record.", severity=severity, facts=facts)
    return _compare(domain, now.record, before.record, severity, facts)


def _has_several(case: Case, domain: str) -> bool:
    return len(find_dmarc_records(domain, case.resolver)) > 1


def _compare(
    domain: str, now: DmarcRecord | None, before: DmarcRecord | None, severity: Severity, facts: dict[str, str | int]
) -> Judgement:
    """Both must find a record, with one policy for the domain."""
    policies = [record.policy_for(domain) if record else "" for record in (now, before)]
    if policies[0] == policies[1]:
        return Passed(facts={"domain": domain, "policy": policies[0]})
    record = now or before
    assert record  # noqa: S101 -- one of them differs from the other
    text = "; ".join(f"{name}={value}" for name, value in record.tags.items() if name != "psd" and name not in REMOVED)
    facts |= {"publish_at": domain, "record": text}
    if now and before:
        what = (
            f"Mail services find two DMARC policies for {domain}: {policies[0]} (at {now.domain}) or {policies[1]} "
            f"(at {before.domain})."
        )
        return Found(what=what, severity=severity, facts=facts, why="Some junk or refuse what others deliver.")
    which = "Older mail services find" if now else "Newer mail services find"
    what = f"{which} no DMARC record for {domain}: it is only at {record.domain}."
    return Found(what=what, severity=severity, facts=facts)


@check(
    "DNS06",
    "Emails belong to the domain that readers see",
    family=Family.DOMAIN,
    asks={Asks.DNS, Asks.COPY},
    matters="Receivers check that emails are signed for, or returned to, the domain that readers see.",
    ask_it="Please sign with d={domain}, or use a return address below {domain}.",
)
def is_aligned(case: Case) -> Judgement:
    """The domain that readers see is also that of the DKIM signature, or of the return path (alignment).

    A test copy (`--message`) shows what a receiver saw. Without one, a key for the domain in the DNS counts as a
    signature.
    """
    record = case.once(find_dmarc_now).record
    policy = record.policy_for(case.domain) if record else "none"
    tags = record.tags if record else {}
    if case.copy:
        signed, returned = _list_received(case)
    else:
        signed, returned = _list_expected(case)
    if any(are_aligned(one, case.domain, case.resolver, strict=tags.get("adkim") == "s") for one in signed):
        return Passed(facts={"policy": policy})
    if any(are_aligned(one, case.domain, case.resolver, strict=tags.get("aspf") == "s") for one in returned):
        return Passed(facts={"policy": policy})
    return _explain_unaligned(case, signed, returned, policy)


def _list_received(case: Case) -> tuple[list[str], list[str]]:
    """The domains for which a test copy was signed, and to which it is returned, as far as the receiver found it so."""
    assert case.copy  # noqa: S101 -- the caller looks
    signed = [one.domain for one in case.copy.select("dkim", "pass")]
    returned = [one.domain for one in case.copy.select("spf", "pass")]
    return signed, returned


def _list_expected(case: Case) -> tuple[list[str], list[str]]:
    key = any(find_dkim_key(one, case.domain, case.resolver) for one in _usual_selectors(case))
    return [case.domain] * key, [case.envelope_domain]


def _explain_unaligned(case: Case, signed: list[str], returned: list[str], policy: str) -> Found:
    told_signed = f"signed for {signed[0]}" if signed else "not signed"
    told_returned = f"returned to {returned[0]}" if returned else "not returned to a domain that passes SPF"
    severity = Severity.WARNING if policy == "none" else Severity.ERROR
    weak = policy == "none"
    return Found(
        what=f"Emails say {case.sender}, but are {told_signed} and {told_returned}.",
        severity=severity,
        facts={"domain": case.domain, "policy": policy},
        why="They look as if a stranger sent them." if weak else f"With p={policy} they are junked or refused.",
    )


@check(
    "DNS07",
    "The DMARC record is up to date",
    family=Family.DOMAIN,
    asks={Asks.DNS},
    matters="Some mail services leave out what they don't know, and then do something else than you mean.",
    ask_it="When the reports look clean, please change the record at _dmarc.{domain} to p=quarantine.",
)
def has_present_dmarc(case: Case) -> Judgement:
    """The record has no tag that RFC 9989 removed (pct, rf, ri), it does more than watch, and it gets reports.

    If reports go to another organisation, that one has to allow it in the DNS.
    """
    record = case.once(find_dmarc_now).record or find_dmarc_as_before(case.domain, case.resolver).record
    if record is None:
        return NotApplicable()
    for what, ask in _list_weaknesses(case, record):
        return Found(what=what, severity=Severity.NOTE, facts={"domain": record.domain}, ask=ask)
    return Passed(facts={"domain": record.domain})


def _list_weaknesses(case: Case, record: DmarcRecord) -> Iterator[tuple[str, str]]:
    name = f"_dmarc.{record.domain}"
    if old := [tag for tag in REMOVED if tag in record.tags]:
        yield (
            f"DMARC uses {' and '.join(old)}, which RFC 9989 removed.",
            f"Please remove {', '.join(old)} from the record at {name}. To try a policy first, use t=y.",
        )
    if record.tags.get("t", "").lower() == "y":
        yield (
            "DMARC is only on trial (t=y).",
            f"When the reports look clean (bulletin dmarc), please remove t=y from the record at {name}.",
        )
    for reporter in _list_reporters(record):
        if not has_permission(reporter, record.domain, case.resolver):
            where = f"{record.domain}._report._dmarc.{reporter}"
            yield (
                f"{reporter} doesn't allow DMARC reports about {record.domain}, so none are sent.",
                f"Please ask {reporter} to publish “v=DMARC1” at {where}, or send the reports to an address of ours.",
            )
    if record.policy_for(case.domain) == "none":
        yield (
            "DMARC only watches (p=none).",
            f"When the reports look clean (bulletin dmarc), please change the record at {name} to p=quarantine.",
        )


def _list_reporters(record: DmarcRecord) -> list[str]:
    """The domains that get the reports."""
    addresses = [part.strip() for part in record.tags.get("rua", "").split(",")]
    return [domain_of_address(one.partition("!")[0]) for one in addresses if one.lower().startswith("mailto:")]


CHECKS = (has_dkim_key, has_dmarc_record, is_aligned, has_present_dmarc)
