"""What a list's own columns say about who has left: `status`, `subscribed`, `Email Opt Out`, `UNSUB_TIME`. Pure.

Other programs export everyone they know, also those who have unsubscribed or whose address failed, and say so in a
column: Mailchimp, Brevo, listmonk, Ghost, MailerLite, HubSpot, Salesforce, Dynamics and CiviCRM each in its own words.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache


class StatusKind(Enum):
    """What the cells of a column say of a person."""

    STATUS = auto()  # how they stand: subscribed, unsubscribed, cleaned
    WANTED = auto()  # whether they want email: yes or no
    STOPPED = auto()  # whether, when or why they stopped: yes, a date, a reason
    REMARK = auto()  # anything else


class Standing(Enum):
    """What one cell says of a person."""

    KEPT = auto()  # they get email
    STOPPED = auto()  # they get none
    UNKNOWN = auto()  # it can't be told


def find_status_kind(heading: str) -> StatusKind:
    """What the column under this heading says of people."""
    asked = re.sub(r"\(.*?\)", " ", heading)  # “Opt-out (Y/N)”
    words = [word.casefold() for word in re.findall(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![^\W\d_A-Z])", asked)]
    if (whole := "".join(words)) in _WHOLE_HEADINGS:
        return _WHOLE_HEADINGS[whole]
    bare = "".join(word for word in words if word not in _FILLERS)
    return _HEADINGS.get(bare, StatusKind.REMARK)


@lru_cache(maxsize=1 << 16)
def read_standing(kind: StatusKind, text: str) -> Standing:
    """What a cell with this text, in a column of this kind, says of the person. An empty one says nothing."""
    if kind is StatusKind.REMARK and not _HINT.search(text):
        return Standing.KEPT
    words = " ".join(re.findall(r"[^\W_]+|[✓✔✅✗✘❌]", text.casefold()))
    if kind is StatusKind.REMARK:
        if _NOTHING_ELSE.fullmatch(words):
            return Standing.STOPPED
        return Standing.UNKNOWN if _MENTIONS.search(words) else Standing.KEPT
    if kind is StatusKind.STOPPED:
        return Standing.KEPT if words in _NO or words in _NONE or _HAS_NOT.fullmatch(words) else Standing.STOPPED
    if words in _NO or _DENIES.match(words) or _STOPS.match(words):
        return Standing.STOPPED
    if not words:
        return Standing.UNKNOWN if kind is StatusKind.WANTED else Standing.KEPT
    dated = kind is StatusKind.WANTED and _DATE.match(words)
    return Standing.KEPT if words in _YES or _KEEPS.match(words) or dated else Standing.UNKNOWN


# Words of a heading that don't change what it asks: “Unsubscribed from all email”, `HasOptedOutOfEmail`.
_FILLERS = frozenset(
    re.findall(
        r"\w+",
        """a accept accepts all at bulletin bulletins by campaign contact count current date dates e ebulletin email
        emailing emails for from gdpr has have he is last list lists mail mailing mailings mailinglist marketing member
        membership messages my news newsletter newsletters number of our person reader reason receive received receives
        recipient she subscriber the their they this time timestamp title to user want wants we when why you your""",
    )
)

_HEADINGS = {
    **dict.fromkeys(("status", "state", "subscriptionstatus", "subscribestatus", "optinstatus"), StatusKind.STATUS),
    **dict.fromkeys(("deliverystatus", "permissionstatus", "consentstatus", "addressstatus"), StatusKind.STATUS),
    **dict.fromkeys(("subscribed", "subscribe", "subscription", "optin", "optedin", "active"), StatusKind.WANTED),
    **dict.fromkeys(("consent", "consented", "consentgiven", "consents", "permission", "permitted"), StatusKind.WANTED),
    **dict.fromkeys(("enabled", "confirmed", "doubleoptin", "agreed", "allowed"), StatusKind.WANTED),
    **dict.fromkeys(("unsubscribed", "unsubscribe", "unsubscription", "unsub", "unsubs"), StatusKind.STOPPED),
    **dict.fromkeys(("optout", "optedout", "optouts", "nobulk", "donot", "dnc", "dne"), StatusKind.STOPPED),
    **dict.fromkeys(("blocked", "blocklisted", "blacklisted", "suppressed"), StatusKind.STOPPED),
    **dict.fromkeys(("bounced", "bounce", "bounces", "hardbounced", "hardbounce", "hardbounces"), StatusKind.STOPPED),
    **dict.fromkeys(("cleaned", "complained", "complaint", "complaints", "spamcomplaint"), StatusKind.STOPPED),
    **dict.fromkeys(("deleted", "archived", "inactive", "disabled", "deceased", "left", "leaver"), StatusKind.STOPPED),
    **dict.fromkeys(("onhold", "removed", "withdrawn", "consentwithdrawn", "invalid"), StatusKind.STOPPED),
}
# Those that are something else without their further words: “No” is a number, “clean” is praise.
_WHOLE_HEADINGS = dict.fromkeys(
    ("noemail", "noemails", "nomail", "nomailings", "nonewsletter", "cleantime", "cleancampaigntitle", "cleandate"),
    StatusKind.STOPPED,
)

_NO = frozenset(("no", "n", "false", "f", "0", "off", "never", "not", "✗", "✘", "❌"))
_YES = frozenset(("yes", "y", "true", "t", "1", "on", "x", "✓", "✔", "✅", "ok", "okay", "fine"))
_NONE = frozenset(("", "none", "null", "nil", "n a", "na", "0000 00 00", "0000 00 00 00 00 00"))
_DENIES = re.compile(r"(?:no|never|false)\b|not\b(?! (?:known|sure|stated|applicable|yet known))")
_DATE = re.compile(r"\d{1,4} \d{1,2} \d{1,4}|\d{1,2} [a-z]+ \d{2,4}|\d{9,}$")

_STRONG = (
    r"(?:un ?subscri\w*|unsub(?:bed|s)?|opt(?:ed)? ?out|hard ?bounced?|bounced?|cleaned|block ?listed|black ?listed|"
    r"do not (?:e ?mail|contact|mail)|dont (?:e ?mail|contact|mail)|don t (?:e ?mail|contact|mail)|"
    r"spam complaint|complained)"
)
_STOPS = re.compile(
    r"(?:(?:global|globally|manually|permanently|permanent|admin|user|auto|automatically|has|have|was|is) )*"
    rf"(?:{_STRONG}|(?:non?|not) ?subscri\w*|not (?:confirmed|opted|active|consented|allowed|permitted)|"
    r"no (?:e ?mails?|contact|consent|longer|permission)|block(?:ed)?|suppress(?:ed|ion)|deny ?listed|complaint|abuse|"
    r"spam|marked as spam|reported|removed?|deleted|archived|inactive|disabled|deactivated|suspended|invalid|"
    r"undeliver\w*|pending|unconfirmed|awaiting|left|leaver|deceased|died|dead|declined|refused|rejected|erased|"
    r"withdrawn|withdrew|consent withdrawn|on hold|stopped|cancell?ed|transactional|junk|dnc|dne|expelled)\b"
)
_KEEPS = re.compile(
    r"(?:(?:currently|still|is|double|single|explicitly|implicitly|express|implied) )*"
    r"(?:subscri(?:bed|ber)|active|confirmed|enabled|opt(?:ed)? ?in|valid|verified|deliverable|delivered|current|"
    r"consented|consent given|agreed|granted|given|allowed|permitted|member|sent|opened|clicked|live|good|normal)\b"
)
_HAS_NOT = re.compile(r"(?:re)?subscribed|active|confirmed|enabled|opt(?:ed)? ?in|valid|deliverable")
_HINT = re.compile(
    r"subscri|unsub|opt|bounce|clean|listed|contact|mail|complain|remove|asked|deceased|longer", re.IGNORECASE
)
_NOTHING_ELSE = re.compile(rf"(?:has |have |was |is |globally )?{_STRONG}")
_MENTIONS = re.compile(
    r"\b(?:un ?subscri\w+|opted out|do not (?:e ?mail|contact|mail)|don t (?:e ?mail|contact|mail)|asked to be "
    r"(?:removed|taken off|deleted)|no longer (?:wants?|wishes)|hard bounce\w*|bounced|deceased|remove from)\b"
)
