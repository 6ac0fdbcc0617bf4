"""The page where readers unsubscribe: is it there for everyone, and does it do what one click asks for?"""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from bulletin.doctor.asking.unsubscribe_probe import (
    MULTIPART,
    ONE_CLICK,
    ONE_CLICK_MULTIPART,
    URLENCODED,
    ProbeAnswer,
    probe,
    require_website,
)
from bulletin.doctor.case import PATIENCE, Case
from bulletin.doctor.check import Asks, Family, check
from bulletin.doctor.judgement import Found, Judgement, NotApplicable, Passed, Unknown
from bulletin.doctor.names.spf import find_addresses
from bulletin.doctor.outside.page_client import CertificateWrong, PageAnswer, PageUnreachable, ask_page
from bulletin.doctor.readers import is_bulk
from bulletin.settings.proof import Severity
from bulletin.times import format_day

_OK: Final = 200
_SOON: Final = timedelta(days=21)
_INSIDE: Final = (".local", ".internal", ".lan", ".home", ".intranet", ".localhost", ".corp", ".home.arpa")


@check(
    "UNS01",
    "Readers can unsubscribe with one click",
    family=Family.UNSUBSCRIBING,
    asks={Asks.SETTINGS},
    matters="Gmail and Yahoo want one click from large senders.",
    ask_it="Please give us an https address for the pages where readers unsubscribe, and pass it on to `bulletin "
    "serve`.",
    fix="Then write it to `website: url:` in bulletin.yaml.",
)
def has_website(case: Case) -> Judgement:
    """`website: url:` in bulletin.yaml is an https address with a name that everyone can look up.

    It is an error for more than 5,000 readers: Gmail and Yahoo refuse bulk senders without one click (RFC 8058).
    """
    website = case.workspace.settings.website
    severity = Severity.ERROR if is_bulk(case) else Severity.WARNING
    if website is None:
        return Found(what="Readers can unsubscribe only by email.", severity=severity)
    parts = urlsplit(website.url)
    if parts.scheme != "https":
        return Found(what=f"{website.url} isn't encrypted: it has to begin with https://.", severity=severity)
    if not _is_public_name(parts.hostname or ""):
        return Found(what=f"Only your own network knows the name {parts.hostname}.", severity=severity)
    return Passed(facts={"url": website.url})


def _is_public_name(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(_INSIDE)


@check(
    "UNS02",
    "Opening the link changes nothing",
    family=Family.UNSUBSCRIBING,
    asks={Asks.WEB},
    matters="Mail scanners open every link, and would remove readers who want to stay.",
    ask_it="A proxy in front of {host} turns a GET into a POST, or keeps answers. Please pass requests on unchanged, "
    "and keep nothing of what is below /unsubscribe/.",
)
def opens_without_effect(case: Case) -> Judgement:
    """GET and HEAD of an unsubscribe link are answered by our page, as such.

    The link that is tried was made for no one, so nothing changes in any case.
    """
    host = urlsplit(require_website(case)).hostname or ""
    facts = {"host": host}
    for method in ("GET", "HEAD"):
        answer = probe(case, method)
        if answer.page.status != _OK or not answer.proven:
            return _explain_foreign(answer, host)
        if answer.seen != method:
            return Found(what="Opening the link unsubscribes.", severity=Severity.ERROR, facts=facts)
    return Passed(facts=facts)


def _explain_foreign(answer: ProbeAnswer, host: str) -> Found:
    """It isn't our page that answers, or not this answer."""
    told = f"answers {answer.page.status}" if answer.page.status != _OK else "isn't ours"
    return Found(
        what=f"The page at {host} {told}.",
        severity=Severity.ERROR,
        facts={"host": host, "status": answer.page.status},
        why="Readers can't unsubscribe there.",
        ask=f"Please pass requests for {host} on to `bulletin serve`, unchanged, and keep no answers. It has to use "
        "the same database and the same secret key as this computer.",
    )


@check(
    "UNS03",
    "One click unsubscribes",
    family=Family.UNSUBSCRIBING,
    asks={Asks.WEB},
    matters="The button in Gmail, Outlook and Yahoo doesn't work, so readers say “spam” instead.",
    ask_it="Please let POST to {path} at {host} through without login, cookie or redirect.",
)
def takes_one_click(case: Case) -> Judgement:
    """A POST as mail services send it is answered with 200: in both encodings, without a cookie (RFC 8058, 3.1).

    The link that is tried was made for no one, so nothing changes.
    """
    host = urlsplit(require_website(case)).hostname or ""
    facts: dict[str, str | int] = {"host": host, "path": "/unsubscribe/…"}
    for body, kind in ((ONE_CLICK, URLENCODED), (ONE_CLICK_MULTIPART, MULTIPART)):
        answer = probe(case, "POST", body=body, content_type=kind)
        if answer.page.status != _OK or not answer.proven or answer.seen != "POST":
            told = str(answer.page.status) if answer.page.status != _OK else "the POST doesn't arrive"
            return Found(
                what=f"One-click unsubscribe doesn't work ({told}).",
                severity=Severity.ERROR,
                facts={**facts, "status": answer.page.status},
            )
    return Passed(facts=facts)


def open_website(case: Case) -> PageAnswer:
    """The first page of the website, for its certificate and its clock. Raises PageUnreachable and CannotTellError."""
    return ask_page(case.dialler, "GET", require_website(case), patience=PATIENCE)


@check(
    "UNS04",
    "Everyone can reach the page",
    family=Family.UNSUBSCRIBING,
    asks={Asks.WEB, Asks.DNS},
    matters="Readers can't unsubscribe.",
    ask_it="Please give {host} a public address in the DNS, and let everyone on the internet reach it by https.",
)
def is_reachable(case: Case) -> Judgement:
    """The page answers over https with a certificate that is right for three weeks more, at a public address.

    Whether it can be reached from outside can't be seen from inside. So the best result is “unknown”: open it on a
    phone without wifi.
    """
    website = require_website(case)
    host = urlsplit(website).hostname or ""
    facts = {"host": host, "url": website}
    addresses = list(find_addresses(host, case.resolver))
    if not addresses:
        return Found(what=f"There is no address for {host} in the DNS.", severity=Severity.ERROR, facts=facts)
    if not any(one.is_global for one in addresses):
        return Found(what="The page is inside our network only.", severity=Severity.ERROR, facts=facts)
    try:
        page = case.once(open_website)
    except CertificateWrong as error:
        return _ask_for_renewal(str(error), Severity.ERROR, host)
    except PageUnreachable as error:
        ask = f"Please start `bulletin serve`, and the web server in front of it for {host}."
        return Found(what=str(error), severity=Severity.ERROR, facts=facts, ask=ask)
    if page.certificate_end and page.certificate_end - case.computer.now < _SOON:
        what = f"The certificate of {host} ends on {format_day(page.certificate_end)}."
        return _ask_for_renewal(what, Severity.WARNING, host)
    return Unknown(
        why="Whether the page can be reached from outside can't be seen from here: "
        f"open {website} on a phone without wifi.",
        always=True,
        facts=facts,
    )


def _ask_for_renewal(what: str, severity: Severity, host: str) -> Found:
    ask = f"Please renew the certificate for {host}, with this name in it and the whole chain."
    return Found(what=what, severity=severity, facts={"host": host}, ask=ask)


@check(
    "UNS05",
    "The unsubscribe headers are signed",
    family=Family.UNSUBSCRIBING,
    asks={Asks.COPY},
    matters="The unsubscribe button may not show in Gmail and Yahoo.",
    ask_it="Please sign List-Unsubscribe and List-Unsubscribe-Post too: both have to be in h= of the DKIM signature.",
)
def signs_unsubscribing(case: Case) -> Judgement:
    """A received test copy (`--message`) has a DKIM signature that covers both headers (RFC 8058, 4)."""
    if case.copy is None or case.workspace.settings.website is None:
        return NotApplicable()
    if not case.copy.one_click:
        what = "The test copy arrived without the unsubscribe headers."
        ask = "Please let List-Unsubscribe and List-Unsubscribe-Post through: a mail gateway removes them."
        return Found(what=what, severity=Severity.WARNING, ask=ask)
    if case.copy.signs_unsubscribing:
        return Passed()
    return Found(what="The unsubscribe header isn't signed.", severity=Severity.WARNING)


CHECKS = (has_website, opens_without_effect, takes_one_click, is_reachable, signs_unsubscribing)
