"""What one returned email says about one delivery. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bulletin.bounces.match import DeliveryMatch


class ReturnClass(StrEnum):
    """What is done about it."""

    GONE = "gone"  # suppress, reason bounced
    SOFT = "soft"  # count: `soft_policy` decides
    OURS = "ours"  # alert: the cause is our text, our server or our settings, and never the reader
    COMPLAINED = "complained"  # suppress, reason complained
    UNSUBSCRIBED = "unsubscribed"  # suppress, reason opted out
    TO_CONFIRM = "to_confirm"  # list it: a person decides
    HELD = "held"  # list it: it would suppress, but something speaks against that
    IGNORED = "ignored"
    UNKNOWN = "unknown"  # list it: we can't tell what it says, or about which reader


class ReturnKind(StrEnum):
    """What it is. The first ones are those of `delivery.smtp.server_phrases`, by the same words."""

    NO_MAILBOX = "no such mailbox"
    NO_DOMAIN = "no such domain"
    CLOSED = "mailbox closed"
    EXCHANGE_EDGE = "access denied by Exchange Online"
    MOVED = "moved"
    FULL = "mailbox full"
    GAVE_UP = "gave up"
    LOOP = "mail loop"
    TOO_FAST = "too fast"
    CONTENT = "spam or content"
    REPUTATION = "reputation"
    AUTHENTICITY = "authentication"
    SENDER = "our address or message"
    POLICY = "policy"
    TOO_BIG = "too big"
    RELAY = "relay or encryption"
    BLOCKED_BY_PERSON = "blocked by one person"
    CLOSED_GROUP = "closed group"
    FAULT = "system fault"
    STILL_TRYING = "still trying"
    SUCCEEDED = "delivered, relayed or expanded"
    FORWARDED = "forwarded to a dead address"
    COMPLAINT = "complaint"
    NOT_SPAM = "not spam"
    AUTHENTICATION_REPORT = "authentication report"
    OUT_OF_OFFICE = "out of office"
    HAS_LEFT = "has left"
    AUTOMATIC = "ticket or receipt"
    READING_RECEIPT = "reading receipt"
    CHALLENGE = "challenge"
    MAILING_LIST = "mailing list or moderator"
    UNSUBSCRIBE_EMAIL = "unsubscribe email"
    REMOVAL_REQUEST = "asks to be removed"
    REPLY = "reply"
    NOT_OURS = "not about an email of ours"
    DMARC_REPORT = "DMARC or TLS report"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What one returned email says about one delivery.

    `match` is the delivery and what shows that it is meant, None if we can't tell. `status` is the most telling code
    (`5.1.1`, `550`, or empty). `diagnostic` is one line of at most 200 characters, with every address masked.
    `recipient` is the address that the report names, or the sender of a reply: never shown in full and never logged.
    `note` is for the officer: a new address, words of a request. `counts_as_soft` says whether `soft_policy` counts it.
    `key` is the same each time that the same email is read (`report_key`).
    """

    kind: ReturnKind
    result: ReturnClass
    match: DeliveryMatch | None = None
    status: str = ""
    diagnostic: str = ""
    recipient: str = ""
    note: str = ""
    counts_as_soft: bool = False
    key: bytes = b""
