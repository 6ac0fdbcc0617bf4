"""SPF: does the sender's domain say that our mail server may send for it?"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final

from bulletin.doctor.asking.relay_talk import require_relay
from bulletin.doctor.case import Case
from bulletin.doctor.check import Asks, Family, check
from bulletin.doctor.judgement import CannotTellError, Found, Judgement, NotApplicable, Passed, Unknown
from bulletin.doctor.known_providers import describe_provider
from bulletin.doctor.names.spf import (
    MOST_LOOKUPS,
    MOST_VOID,
    Address,
    SpfReport,
    SpfResult,
    evaluate_spf,
    find_addresses,
    find_spf_records,
)
from bulletin.doctor.readers import is_bulk
from bulletin.settings.proof import Severity

_MANY: Final = 3  # terms that are named as the dearest


@check(
    "DNS01",
    "There is one SPF record",
    family=Family.DOMAIN,
    asks={Asks.DNS},
    matters="Emails may go to junk.",
    ask_it="Please publish exactly one TXT record that begins with v=spf1 at {domain}, such as: {record}",
)
def has_one_spf_record(case: Case) -> Judgement:
    """The domain of the return path has one SPF record (RFC 7208). With two, receivers use none of them.

    Gmail and Outlook.com refuse bulk senders without one, so it is an error for more than 5,000 readers.
    """
    domain = case.envelope_domain
    number = len(find_spf_records(domain, case.resolver))
    if number == 1:
        return Passed(facts={"domain": domain})
    severity = Severity.ERROR if number > 1 or is_bulk(case) else Severity.WARNING
    what = f"{domain} has {'no SPF record' if number == 0 else f'{number} SPF records'}."
    return Found(what=what, severity=severity, facts={"domain": domain, "record": _suggest(case)})


def _suggest(case: Case) -> str:
    try:
        include = describe_provider(case).include
    except CannotTellError:
        include = ""
    return f"v=spf1 {f'include:{include}' if include else 'mx'} ~all"


@check(
    "DNS02",
    "SPF names our mail server",
    family=Family.DOMAIN,
    asks={Asks.DNS, Asks.RELAY, Asks.COPY},
    matters="Readers' mail servers see a stranger who uses our name.",
    ask_it="Please add {include} to the SPF record of {domain}.",
)
def names_our_server(case: Case) -> Judgement:
    """The SPF record includes the provider's, or the address of our own server passes it.

    What a receiver judged of a test copy (`--message`) takes priority.
    """
    domain = case.envelope_domain
    if judged := _find_received(case, domain):
        return judged
    if len(find_spf_records(domain, case.resolver)) != 1:
        return Unknown(why="There is no SPF record to look into.", until="DNS01")
    include = describe_provider(case).include
    facts = {"domain": domain, "include": f"include:{include}"}
    if include:
        report = evaluate_spf(domain, case.resolver)
        if include in report.included:
            return Passed(facts=facts)
        return Found(what="SPF doesn't name our mail server.", severity=Severity.WARNING, facts=facts)
    return _judge_addresses(case, domain)


def _find_received(case: Case, domain: str) -> Judgement | None:
    for one in case.copy.select("spf") if case.copy else ():
        if one.domain == domain and one.result == "pass":
            return Passed(facts={"domain": domain, "receiver": "pass"})
    return None


def _judge_addresses(case: Case, domain: str) -> Judgement:
    """By the addresses of a server of your own. It may send from others, if it passes emails on."""
    relay = require_relay(case)
    addresses = [one for one in find_addresses(relay.host, case.resolver) if one.is_global]
    if not addresses:
        return Unknown(
            why=f"{relay.host} has no public address, so we can't see from which one it sends. Send a test copy to an "
            "outside mailbox, and name it with --message."
        )
    results = {str(one): evaluate_spf(domain, case.resolver, address=one).result for one in addresses}
    if SpfResult.PASS in results.values():
        return Passed(facts={"domain": domain})
    if SpfResult.UNCLEAR in results.values():
        return Unknown(why=f"The SPF record of {domain} has a macro in it, which only receivers can work out.")
    terms = " ".join(f"ip{ip_address(one).version}:{one}" for one in results)
    return Found(
        what="SPF doesn't name our mail server.",
        severity=Severity.WARNING,
        facts={"domain": domain, "include": terms},
    )


@check(
    "DNS03",
    "The SPF record works",
    family=Family.DOMAIN,
    asks={Asks.DNS},
    matters="It counts as broken, as if there were none.",
    ask_it="Please shorten the SPF record of {domain}. What takes the most lookups: {list}",
)
def has_working_spf(case: Case) -> Judgement:
    """The record needs at most 10 lookups, and at most 2 without an answer (RFC 7208, 4.6.4).

    No include leads back to itself, every part of it means something, and it doesn't let everyone send (`+all`).
    """
    domain = case.envelope_domain
    if len(find_spf_records(domain, case.resolver)) != 1:
        return NotApplicable()
    report = evaluate_spf(domain, case.resolver)
    facts: dict[str, str | int] = {"domain": domain, "lookups": report.lookups, "list": _list_dearest(report)}
    if not report.is_broken:
        return Passed(facts=facts)
    if report.allows_all:
        return Found(
            what=f"The SPF record of {domain} lets everyone send in our name (+all).",
            severity=Severity.ERROR,
            facts=facts,
            why="Anyone can send in our name, and receivers trust it less than none.",
            ask=f"Please end the SPF record of {domain} with ~all instead of +all.",
        )
    if report.lookups > MOST_LOOKUPS:
        what = f"SPF needs {report.lookups} lookups; {MOST_LOOKUPS} are allowed."
        return Found(what=what, severity=Severity.ERROR, facts=facts)
    if report.void > MOST_VOID:
        what = f"{report.void} names in the SPF record don't exist; {MOST_VOID} are allowed."
        ask = f"Please remove from the SPF record of {domain} what no longer exists."
        return Found(what=what, severity=Severity.ERROR, facts=facts, ask=ask)
    problem = report.problems[0]
    ask = f"Please correct the SPF record of {domain}: {problem}."
    return Found(what=f"The SPF record is broken: {problem}.", severity=Severity.ERROR, facts=facts, ask=ask)


def _list_dearest(report: SpfReport) -> str:
    dearest = sorted(report.costs.items(), key=lambda cost: -cost[1])[:_MANY]
    return ", ".join(f"{term} ({number})" for term, number in dearest if number)


def find_public_address(case: Case) -> Address | None:
    """The address of the relay by the DNS that others see; None if it has none that is public."""
    return next((one for one in find_addresses(require_relay(case).host, case.resolver) if one.is_global), None)


CHECKS = (has_one_spf_record, names_our_server, has_working_spf)
