"""The classification of refusals and deferrals by code and text (RFC 5321, 4.2; RFC 3463; RFC 5248). Pure.

An enhanced code has a class, a subject and a detail: 5.7.1. Servers use few of the subjects with care, and say in the
text what the code should have said. So the text decides where servers use a code for anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bulletin.delivery.smtp.diagnostics import diagnose
from bulletin.delivery.smtp.server_phrases import DiagnosticKind


class RefusalCategory(StrEnum):
    """What a refusal is about."""

    PERSON = "person"  # this address, or what its owner accepts: no one else is affected
    SENDER = "sender"  # the sender's address, or our right to use it
    LOGIN = "login"
    REPUTATION = "reputation"  # we, our server or our text look like spam
    AUTHENTICITY = "authenticity"  # SPF, DKIM, DMARC, reverse DNS
    QUOTA = "quota"  # more than we are allowed
    POLICY = "policy"  # 5.7.x, with a text that may mean us or the person


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """A reply's codes, 0 if it has none, and its text."""

    code: int
    enhanced: tuple[int, int, int]
    words: str


# At the start, or where a sentence of ours quotes the server. A port (mail.example.org:587) is not a code.
_CODES = re.compile(r"(?:^|“|: )([2-5]\d\d)[ -]+(?:#?([245])\.(\d{1,3})\.(\d{1,3}))?")


def read_status(reply: str) -> Status:
    """Parse the codes in `reply`: the server's own text, or a sentence of ours that quotes it."""
    match = _CODES.search(f"{reply} ")
    if not match:
        return Status(code=0, enhanced=(0, 0, 0), words=reply)
    enhanced = (int(match[2]), int(match[3]), int(match[4])) if match[2] else (0, 0, 0)
    return Status(code=int(match[1]), enhanced=enhanced, words=reply)


_GREYLISTING = re.compile(r"gr[ae]y.?list", re.IGNORECASE)
_TOO_FAST = re.compile(
    r"throttl|too (many|much|fast|quickly)|rate.?limit|(rate|limit) exceeded|concurrent|server busy", re.IGNORECASE
)
_SPENT = re.compile(r"(this|one|per) (smtp )?(session|connection)\b|time(d )?.?out|\bidle", re.IGNORECASE)
# Subjects of enhanced codes.
_ABOUT_US = (3, 7)  # the server itself, and its policy
_ABOUT_MAILBOX = 2


def asks_to_slow_down(reply: str) -> bool:
    """Whether the server defers because of how much we send, and not because of one recipient.

    True for 421, 432, 451, 4.3.x and 4.7.x, or a text that says so. False for greylisting, which only tests whether we
    try again, and for 4.2.x, a mailbox that gets too much mail: both are about one recipient. Also false if a
    connection was idle or has sent its share: the next one continues.
    """
    status = read_status(reply)
    if not 400 <= status.code <= 499 or _GREYLISTING.search(status.words) or _SPENT.search(status.words):
        return False
    _, subject, _ = status.enhanced
    if subject in _ABOUT_US:
        return True
    if subject == _ABOUT_MAILBOX:
        return "limit exceeded" in status.words.lower()  # Google's 4.2.1 for a whole customer
    return status.code in (421, 432, 451) or bool(_TOO_FAST.search(status.words))


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


# In this order: a mailbox over its quota is about the person, even if the text has words for other categories.
_WORDS: dict[RefusalCategory, re.Pattern[str]] = {
    RefusalCategory.PERSON: _any_of(
        r"user unknown|unknown (user|recipient)|no such (user|recipient|mailbox)|does not exist|recipient ?not ?found",
        r"mailbox (unavailable|full|disabled|inactive)|over ?quota|account .{0,12}(disabled|suspended|inactive)",
        r"recipient address rejected: (access denied|user|undeliver|unverified)|RESOLVER\.(ADR|RST)",
        r"message.{0,16}(size|too (big|large))",  # a limit of their server, not a quota of ours
    ),
    RefusalCategory.QUOTA: _any_of(
        r"(sending|submission|message|relay|user|recipient|tenant).{0,24}(quota|limit|threshold).{0,12}exceed",
        r"exceed.{0,30}(quota|limit|threshold)|QuotaExceeded|daily.{0,30}(limit|quota)",
    ),
    RefusalCategory.AUTHENTICITY: _any_of(
        r"\b(SPF|DKIM|DMARC)\b|sender policy framework|unauthenticated|PTR record|reverse (dns|hostname)",
    ),
    RefusalCategory.REPUTATION: _any_of(
        r"spam|unsolicited|block(ed|list)|black ?list|deny ?list|banned|reputation|barracuda|\b(RBL|DNSBL)\b",
        r"traffic not accepted|poor sender|suspicious",
    ),
    RefusalCategory.SENDER: _any_of(
        r"send ?as|sender address rejected|not owned by|outbound sender|not verified|unable to relay",
        r"sender.{0,30}not (allowed|authori[sz]ed)|not (allowed|permitted|authori[sz]ed) to (send|relay)",
        r"relay(ing)? (access )?(denied|not permitted|not allowed)|do(es)? not have permissions? to send",
    ),
    RefusalCategory.LOGIN: _any_of(
        r"authenticat(ion|e) (required|unsuccessful|failed)|must (log ?in|authenticate)|credentials",
    ),
}
_WORDS_OF_SENDER = _any_of(r"sender address rejected|outbound sender|send ?as ?denied")

# Where the detail is enough (RFC 3463, 3.8; RFC 5248's registry; RFC 7372 for 5.7.20 to 5.7.27; Microsoft's own).
_DETAILS = {
    **dict.fromkeys((8, 9, 11, 30), RefusalCategory.LOGIN),
    **dict.fromkeys((20, 21, 22, 23, 24, 25, 26, 27), RefusalCategory.AUTHENTICITY),
    28: RefusalCategory.REPUTATION,
    60: RefusalCategory.SENDER,
    **dict.fromkeys((57, 139), RefusalCategory.LOGIN),
    # Microsoft's: the address accepts no mail from outside, or only from a list of senders.
    **dict.fromkeys((12, 13, 124, 129, 133, 134, 135, 136), RefusalCategory.PERSON),
    **dict.fromkeys((501, 502, 503, 508, 509, 511, 512, 513, 606, 703, 708, 750, 757), RefusalCategory.REPUTATION),
    705: RefusalCategory.QUOTA,
}


# A quick look first: a mailing may have many unknown users.
_MAY_BE_OURS = re.compile(r"too many|limit|block|list|reputation|RBL|SPF|DKIM|DMARC", re.IGNORECASE)
# What servers also say under the codes of a wrong address: GoDaddy's 5.1.1 for “too many recipients this hour”.
_OURS = {
    DiagnosticKind.TOO_FAST: RefusalCategory.QUOTA,
    DiagnosticKind.REPUTATION: RefusalCategory.REPUTATION,
    DiagnosticKind.AUTHENTICITY: RefusalCategory.AUTHENTICITY,
}


def categorise_refusal(reply: str) -> RefusalCategory:
    """Classify a refusal (5xx). In doubt it is about the person; in doubt under 5.7.x, it is a policy."""
    status = read_status(reply)
    _, subject, detail = status.enhanced
    if status.code in (530, 534, 535, 538):  # RFC 4954, 6
        return RefusalCategory.LOGIN
    if subject == 7 and detail in _DETAILS:
        return _DETAILS[detail]
    if subject == 1 and _MAY_BE_OURS.search(reply) and (ours := _OURS.get(diagnose(reply).kind)):
        return ours
    if _is_about_address(subject, detail) and RefusalCategory.QUOTA is not _find_spoken(status.words):
        return RefusalCategory.SENDER if _WORDS_OF_SENDER.search(status.words) else RefusalCategory.PERSON
    return _find_spoken(status.words) or (RefusalCategory.POLICY if subject == 7 else RefusalCategory.PERSON)


def _is_about_address(subject: int, detail: int) -> bool:
    """Whether it is about the address, the mailbox, or Microsoft's “access denied” for an unknown user (5.4.1).

    5.1.7 and 5.1.8 are about the sender's own address.
    """
    return (subject in (1, 2) and (subject, detail) not in ((1, 7), (1, 8))) or (subject, detail) == (4, 1)


def _find_spoken(words: str) -> RefusalCategory | None:
    return next((matter for matter, pattern in _WORDS.items() if pattern.search(words)), None)
