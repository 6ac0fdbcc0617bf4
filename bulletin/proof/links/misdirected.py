"""Tell addresses that were copied from the wrong place, or that can't be right. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from bulletin.proof.links.hosts import Target, read_numeric

_MAILER_CLICKS: tuple[tuple[str, str], ...] = (
    ("Mailchimp", r"(?:[\w.-]+\.)?list-manage\d?\.com/(?:track/click|mctx/click)|(?:[\w-]+\.)?mailchimp\.com/mctx/"),
    ("Mailchimp", r"mandrillapp\.com/track/click"),
    ("govDelivery", r"lnks\.gd/|(?:links\.|links-\d\.)[\w.-]*govdelivery\.com[:/]|links-\d\.govdelivery"),
    ("Campaign Monitor", r"[\w-]+\.(?:cmail\d+|createsend\d*)\.com/t/"),
    ("Constant Contact", r"(?:r20\.)?rs6\.net/tn"),
    ("Dotdigital", r"(?:r1|r\d+)\.(?:dmtrk|ddlnk|dotmailer(?:-pages)?|trackedlink)\.(?:net|com)/"),
    ("SendGrid", r"(?:[\w.-]+\.)?(?:ct\.)?sendgrid\.net/(?:ls|wf)/|[\w.-]+/ls/click\Z"),
    ("Brevo", r"(?:[\w.-]+\.)?(?:sendibt\d?|sendibm\d?|tsp1-brevo|r\.a\.d\.sendibm1)\.(?:com|net)/"),
    ("MailerLite", r"(?:click|clicks|link)\.(?:mlsend\d?|mailerlite)\.com/"),
    ("HubSpot", r"(?:[\w.-]+\.)?(?:hubspotlinks|hs-sales-engage|hubspotemail)\.(?:com|net)/|t\.sidekickopen\d*\.com/"),
    ("Mailjet", r"(?:[\w.-]+\.)?mjt?\.(?:am|lu)/|[\w.-]+\.mjt\.lu/lnk/"),
    ("Mailgun", r"email\.(?:mg\.|mail\.|e\.)?[\w.-]+/c/eJ"),
    ("Amazon", r"(?:[\w.-]+\.)?awstrack\.me/"),
    ("Postmark", r"(?:click\.pstmrk\.it|track\.pstmrk\.it)/"),
    ("AWeber", r"clicks\.aweber\.com/"),
    ("Adestra", r"(?:[\w.-]+\.)?msgfocus\.com/c/"),
    ("Substack", r"(?:[\w-]+\.)?substack\.com/redirect/"),
    ("Sendinblue", r"(?:[\w.-]+\.)?sendinblue\.com/tr/cl/"),
    ("Salesforce", r"click\.[\w.-]+/\Z|cl\.s\d+\.exct\.net/"),
    ("ActiveCampaign", r"[\w-]+\.(?:acemlna[a-z]?|activehosted|emlnk\d*)\.com/(?:lt\.php|proc\.php|lnk)"),
    ("LinkedIn", r"(?:www\.)?linkedin\.com/(?:redir/|comm/|slink)"),
)
_MAY_BE_CLICK = re.compile(
    r"list-manage|mailchimp|mandrill|lnks\.gd|govdelivery|/t/|rs6|dmtrk|ddlnk|dotmailer|trackedlink|sendgrid|/ls/click|"
    r"sendib|brevo|mlsend|mailerlite|hubspot|hs-sales|sidekick|mjt?\.|/c/|awstrack|pstmrk|aweber|substack|sendinblue|click\.|"
    r"exct|acemln|activehosted|emlnk|linkedin",
    re.IGNORECASE,
)
"""A part of the host or path of each. Most addresses have none, so the patterns above are seldom needed."""


def find_click_tracker(target: Target) -> str:
    """The name of the mailing service whose click tracker an address leads through; "" if none."""
    place = f"{target.host}{f':{target.port}' if target.port else ''}{target.path or '/'}"
    if not _MAY_BE_CLICK.search(place):
        return ""
    named = next((name for name, pattern in _MAILER_CLICKS if re.match(pattern, place, re.IGNORECASE)), "")
    return "" if named == "Salesforce" and not target.query.startswith("qs=") else named


_EDITING: tuple[tuple[str, str], ...] = (
    ("where you edit this document", r"docs\.google\.com/\w+/(?:u/\d+/)?d/[^/]+/(?:edit|copy)?\Z"),
    ("where you edit this form", r"docs\.google\.com/forms/(?:u/\d+/)?d/(?!e/)[^/]+/?(?:edit|prefill)?\Z"),
    ("a folder or file in Google Drive", r"drive\.google\.com/"),
    ("where you design this form", r"forms\.(?:office|microsoft|cloud\.microsoft)(?:\.com)?/pages/design"),
    ("where you edit this form", r"(?:www\.)?(?:surveymonkey\.(?:com|co\.uk))/(?:create|analyze|collect|summary)/"),
    ("where you edit this design", r"(?:www\.)?canva\.com/design/[^/]+(?:/[^/]+)?/edit"),
    ("where you edit this page", r"sway\.(?:office\.com|cloud\.microsoft)/[^/]+/edit|[\w.-]+/edit\.php"),
    (
        "where you edit this website",
        r"[\w.:-]+/(?:[\w-]+/)*(?:wp-admin|wp-login\.php|umbraco|administrator|sitecore)(?:/|\Z)",
    ),
    ("where you edit this page", r"[\w.:-]+/(?:[\w-]+/)*node/\d+/edit|[\w.:-]+/(?:[\w%.~-]+/)*edit/?\Z"),
    ("where you log in", r"[\w.:-]+/(?:user|users|account|accounts|admin)/(?:login|signin|sign-in)/?\Z"),
    ("where you write a campaign", r"(?:us\d+\.)?admin\.mailchimp\.com/|admin\.govdelivery\.com/|app\.brevo\.com/"),
    ("where you manage this event", r"(?:www\.)?eventbrite\.(?:com|co\.uk)/(?:myevent|manage|organizations|edit)"),
    (
        "a copy for testing",
        r"(?:[\w-]+\.)?(?:staging|uat|preprod|pre-prod|dev-site|testsite)\.|(?:staging|uat|preprod)-",
    ),
)
_MAY_BE_EDITING = re.compile(
    r"docs\.google|drive\.google|forms\.|surveymonkey|/edit|wp-|umbraco|admin|sitecore|/login|/sign-?in|app\.brevo|"
    r"eventbrite|staging|uat|pre-?prod|dev-site|testsite",
    re.IGNORECASE,
)
_PREVIEW = re.compile(
    r"(?:\A|&)(?:preview=true|preview_id=|preview_nonce=|action=edit|elementor|fl_builder)", re.IGNORECASE
)


def explain_editing(target: Target) -> str:
    """What an address that only its editors can use leads to; "" if readers can use it."""
    place = f"{target.host}{target.path or '/'}"
    if _PREVIEW.search(target.query):
        return "a preview for editors"
    if not _MAY_BE_EDITING.search(place):
        return ""
    return next((what for what, pattern in _EDITING if re.match(pattern, place, re.IGNORECASE)), "")


_MEETING = re.compile(
    r"teams\.(?:microsoft\.com/(?:l/meetup-join|meet)|live\.com/meet)/|(?:[\w-]+\.)?zoom\.(?:us|com)/(?:j|w|my|s)/"
    r"|meet\.google\.com/[a-z-]{9,}|[\w-]+\.webex\.com/(?:meet|join|[\w-]+/j\.php)|(?:meet\.goto\.com|app\.gotomeeting\.com)/"
    r"|(?:www\.)?gotomeet\.me/|meet\.jit\.si/|whereby\.com/[\w-]+\Z",
    re.IGNORECASE,
)


def is_meeting(target: Target) -> bool:
    """Whether an address lets anyone who has it join an online meeting."""
    return bool(_MEETING.match(f"{target.host}{target.path}"))


class HostFault(NamedTuple):
    """What is wrong with a host or a port, and what to write instead if that is known."""

    message: str
    instead: str = ""


_SUFFIXES = {
    "gov.co.uk": "gov.uk", "gov.org.uk": "gov.uk", "gov.com": "gov.uk", "gov.org": "gov.uk", "gov.uk.com": "gov.uk",
    "gov.uk.co": "gov.uk", "govt.uk": "gov.uk", "gov.ac.uk": "gov.uk", "co.gov.uk": "gov.uk", "gov.uk.uk": "gov.uk",
    "nhs.co.uk": "nhs.uk", "nhs.org.uk": "nhs.uk", "nhs.gov.uk": "nhs.uk", "nhs.com": "nhs.uk", "nhs.net.uk": "nhs.uk",
    "ac.co.uk": "ac.uk", "ac.org.uk": "ac.uk", "ac.gov.uk": "ac.uk", "ac.com": "ac.uk", "sch.co.uk": "sch.uk",
    "sch.org.uk": "sch.uk", "sch.com": "sch.uk", "police.co.uk": "police.uk", "police.gov.uk": "police.uk",
    "police.org.uk": "police.uk", "org.co.uk": "org.uk", "co.org.uk": "org.uk", "org.gov.uk": "gov.uk",
    "org.com": "org", "co.uk.com": "co.uk", "com.co.uk": "co.uk", "co.com.uk": "co.uk", "com.uk": "co.uk",
    "org.uk.com": "org.uk", "co.uk.uk": "co.uk", "org.uk.uk": "org.uk", "uk.co": "co.uk", "uk.org": "org.uk",
    "uk.gov": "gov.uk", "couk": "co.uk", "orguk": "org.uk", "govuk": "gov.uk", "cok.uk": "co.uk", "c.uk": "co.uk",
    "o.uk": "co.uk", "go.uk": "gov.uk", "gov.k": "gov.uk", "gv.uk": "gov.uk", "goc.uk": "gov.uk", "giv.uk": "gov.uk",
    "gove.uk": "gov.uk", "rog.uk": "org.uk", "ogr.uk": "org.uk", "or.uk": "org.uk", "og.uk": "org.uk",
    "orf.uk": "org.uk", "co.k": "co.uk", "uk.com.uk": "co.uk", "ns.uk": "nhs.uk", "nsh.uk": "nhs.uk",
    "hns.uk": "nhs.uk", "shc.uk": "sch.uk", "scho.uk": "sch.uk", "con": "com", "cmo": "com", "ocm": "com", "vom": "com",
    "xom": "com", "comm": "com", "comn": "com", "copm": "com", "ukk": "uk", "ku": "uk", "ujk": "uk", "uik": "uk",
    "ul": "uk", "yk": "uk", "uj": "uk", "ogr": "org", "rog": "org", "orgg": "org", "ort": "org", "nte": "net",
    "gvo": "gov", "ovg": "gov", "htm": "", "html": "", "pdf": "", "php": "", "aspx": "", "jpg": "", "docx": "",
}  # fmt: skip
"""Ends of hosts under which no one can register a name, or that are slips, and what was probably meant.

Sources: Nominet’s list of second-level domains of .uk, and IANA’s list of top-level domains.
"""
_REAL_UNDER = frozenset({"www.gov.com", "www.nhs.com", "www.org.com", "www.uk.com", "www.ac.com"})
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")
_LAST = re.compile(r"[^\W\d_]{2,63}|xn--[a-z0-9-]{1,59}")
_BARE_SUFFIX = frozenset({"co.uk", "org.uk", "ac.uk", "sch.uk", "me.uk", "www.com", "www.co.uk", "www.org.uk"})


def find_host_fault(address: str) -> HostFault | None:
    """What is wrong with the host or port of a web address; None if it can be right."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".").lower()
    except ValueError:
        return HostFault("This host can’t be right: its square brackets don’t match.")
    if port := _find_port_fault(parts.netloc):
        return port
    is_name = "." in host and ":" not in host and read_numeric(host) is None
    return _find_name_fault(host) if is_name else None


def _find_port_fault(netloc: str) -> HostFault | None:
    after = netloc.rpartition("@")[2].rpartition("]")[2]
    _, colon, port = after.partition(":")
    if not colon or (port.isascii() and port.isdigit() and 1 <= int(port[:9]) <= 65535):
        return None
    return HostFault(f"“:{port}” can’t be the port of an address: ports go from 1 to 65535.")


def _find_name_fault(host: str) -> HostFault | None:
    labels = host.split(".")
    if "" in labels:
        return HostFault(f"“{host}” has two full stops in a row.", ".".join(filter(None, labels)))
    if labels[0] == labels[1] == "www":
        return HostFault(f"“{host}” has www twice.", host.removeprefix("www."))
    if re.fullmatch(r"ww|wwww|www\d?w|wwe|wwq|vww|http|https|htttps?", labels[0]):
        return HostFault(
            f"“{labels[0]}” at the start of “{host}” looks like a slip for “www”.", f"www.{'.'.join(labels[1:])}"
        )
    if host in _BARE_SUFFIX:
        return HostFault(f"“{host}” is only the end of an address: the name before it is missing.")
    return _find_suffix_fault(host, labels)


def _find_suffix_fault(host: str, labels: list[str]) -> HostFault | None:
    for count in (3, 2, 1):
        suffix = ".".join(labels[-count:])
        if suffix in _SUFFIXES and len(labels) > count and host not in _REAL_UNDER:
            right = _SUFFIXES[suffix]
            if labels[-count - 1] == "www" and count == 2 and suffix.count(".") == 1 and right in ("gov.uk", "nhs.uk"):
                return HostFault(f"“{host}” is a slip for “www.{right}”.", f"www.{right}")
            instead = f"{'.'.join(labels[:-count])}.{right}" if right else ""
            return HostFault(f"No website can have an address that ends in “.{suffix}”.", instead)
    wrong = next((label for label in labels if not _LABEL.fullmatch(label)), "")
    if wrong and "_" not in wrong:
        return HostFault(f"“{wrong}” can’t be a part of “{host}”.")
    return (
        None
        if _LAST.fullmatch(labels[-1])
        else HostFault(f"No website can have an address that ends in “.{labels[-1]}”.")
    )


_TAIL = re.compile(r"(?:[.,;:!’'”“\"»>\]}*|]|%(?:22|27|20|29|3E|E2%80%9[89CD])|…)+\Z", re.IGNORECASE)


def find_tail(address: str) -> int:
    """Where the punctuation that belongs to the sentence begins, at the end of an address; its length if there is none.

    A closing bracket belongs to the address if it has the opening one too.
    """
    end = len(address)
    while end:
        match = _TAIL.search(address[:end])
        shorter = match.start() if match else end
        if address[:shorter].endswith(")") and address.count(")", 0, shorter) > address.count("(", 0, shorter):
            shorter -= 1
        if shorter == end:
            break
        end = shorter
    return end
