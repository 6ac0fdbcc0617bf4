"""The addresses of the bulletin: can they get email, are they yours, and does your own server have its name?"""

from __future__ import annotations

from bulletin.doctor.asking.relay_talk import require_relay
from bulletin.doctor.case import Case, domain_of_address
from bulletin.doctor.check import Asks, Family, check
from bulletin.doctor.checks.sender_records import find_public_address
from bulletin.doctor.judgement import Found, Judgement, NotApplicable, Passed
from bulletin.doctor.known_providers import find_provider
from bulletin.doctor.names.resolver import Resolver
from bulletin.doctor.names.suffixes import is_free_mail
from bulletin.settings.proof import Severity
from bulletin.settings.sending import Provider


@check(
    "DNS08",
    "Replies can be received",
    family=Family.DOMAIN,
    asks={Asks.DNS},
    matters="Replies and complaints are lost.",
    ask_it="Please create the mailbox {address}, and an MX record for {domain}.",
)
def receives_replies(case: Case) -> Judgement:
    """The sender's domain and that of replies have a mail server: an MX record, or else an address (RFC 5321, 5.1).

    A domain can also say that it takes no email (a null MX, RFC 7505).
    """
    for address in dict.fromkeys((case.reply_address, case.sender, case.envelope)):
        domain = domain_of_address(address)
        if not _takes_email(domain, case.resolver):
            facts = {"address": address, "domain": domain}
            return Found(what=f"{address} can't receive email.", severity=Severity.ERROR, facts=facts)
    return Passed()


def _takes_email(domain: str, resolver: Resolver) -> bool:
    servers = resolver.look_up(domain, "MX")
    if servers:
        return any(text.split()[-1] != "." for text in servers)
    return bool(resolver.look_up(domain, "A") or resolver.look_up(domain, "AAAA"))


@check(
    "DNS09",
    "Your own mail server has its name in the DNS",
    family=Family.DOMAIN,
    asks={Asks.DNS, Asks.RELAY},
    matters="Gmail refuses such servers.",
    ask_it="Please set the reverse name (PTR) of {ip} to {host}, and the address of {host} to {ip}.",
)
def has_reverse_name(case: Case) -> Judgement:
    """The address of a server of your own leads to a name, and that name back to the address.

    A provider looks after this itself. A server with a private address sends by another one, which can't be seen here.
    """
    if find_provider(case) is not Provider.OWN_RELAY:
        return NotApplicable()
    address = find_public_address(case)
    if address is None:
        return NotApplicable()
    host = require_relay(case).host
    names = case.resolver.look_up(address.reverse_pointer, "PTR")
    for name in names:
        if str(address) in (*case.resolver.look_up(name, "A"), *case.resolver.look_up(name, "AAAA")):
            return Passed(facts={"ip": str(address), "host": name})
    facts = {"ip": str(address), "host": names[0] if names else host}
    return Found(what=f"{address} has no matching reverse name.", severity=Severity.ERROR, facts=facts)


@check(
    "DNS10",
    "The sender's address is your own",
    family=Family.DOMAIN,
    asks={Asks.SETTINGS},
    matters="Mail services refuse bulletins from such addresses, and readers can't tell that they are from you.",
    ask_it="Which address of ours may we send the bulletin from?",
)
def is_own_domain(case: Case) -> Judgement:
    """The sender's address isn't at Gmail, Outlook.com or another service where anyone can have one."""
    if is_free_mail(case.domain):
        what = f"You can't send a bulletin from {case.domain}."
        return Found(what=what, severity=Severity.ERROR, facts={"domain": case.domain})
    return Passed()


CHECKS = (receives_replies, has_reverse_name, is_own_domain)
