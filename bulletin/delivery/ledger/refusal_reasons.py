"""Why a server refused or deferred a message, in words for officers, and what to do about it. Pure.

Servers word the same thing in a hundred ways; their codes are few. The words here stand for a code's meaning and hold
nothing of what the server wrote, so that no address can be in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bulletin.delivery.limits.retry import GAVE_UP
from bulletin.delivery.smtp.classification import RefusalCategory, Status, categorise_refusal, read_status


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """Why, and what to do; `code` is the enhanced code (`5.1.1`), or the plain one (`550`), or empty."""

    words: str
    remedy: str
    code: str


def find_reason(reply: str) -> Reason:
    """The reason that a refused or deferred delivery's `reply` gives (what the ledger keeps of the server's words)."""
    status = read_status(reply)
    words, remedy = _explain(status, reply)
    return Reason(words=words, remedy=remedy, code=_write_code(status))


_CORRECT: Final = "Correct the address in the list’s file, or take it out."
_WAIT: Final = "Send to them again in a few days."

_NO_SUCH: Final = ("No such address", _CORRECT)
_NO_DOMAIN: Final = ("The domain does not exist, or takes no mail", _CORRECT)
_NOT_VALID: Final = ("The address is written wrongly", _CORRECT)
_MOVED: Final = ("The mailbox has moved, or there are several of that name", "Ask the person for their new address.")
_DISABLED: Final = ("The mailbox is closed", _CORRECT)
_FULL: Final = ("The mailbox is full", _WAIT)
_TOO_LARGE: Final = ("The message is too large for them", "Make the issue’s pictures smaller.")
_NOT_FROM_US: Final = ("They take mail from certain senders only", "Ask the person to have your sender let through.")
_TROUBLE: Final = ("Their server had a fault", _WAIT)
_NO_WAY: Final = ("Their server could not be reached", _WAIT)
_PUT_OFF: Final = ("Deferred for now", "Wait: it is retried automatically.")
_GIVEN_UP: Final = ("Deferred at every attempt, until we stopped trying", _WAIT)
_FORM: Final = ("Something in the message’s form", "Show the server’s words to the people who run your email.")
_OTHER: Final = ("Another reason", "Read the server’s own words.")

# By subject and detail (RFC 3463; RFC 5248's registry; RFC 7505 and 7504 for those who take no mail at all).
_DETAILS: Final = {
    (1, 0): _NO_SUCH,
    (1, 1): _NO_SUCH,
    (1, 2): _NO_DOMAIN,
    (1, 3): _NOT_VALID,
    (1, 4): _MOVED,
    (1, 6): _MOVED,
    (1, 10): _NO_DOMAIN,
    (2, 1): _DISABLED,
    (2, 2): _FULL,
    (2, 3): _TOO_LARGE,
    (3, 4): _TOO_LARGE,
    (4, 1): _NO_SUCH,
    (4, 4): _NO_DOMAIN,
    (7, 1): _NOT_FROM_US,
}
_SUBJECTS: Final = {2: _DISABLED, 3: _TROUBLE, 4: _NO_WAY, 5: _TROUBLE, 6: _FORM, 7: _NOT_FROM_US}

_ABOUT_SIZE: Final = ((2, 3), (3, 4))

# Where it is we who are the problem.
_MATTERS: Final = {
    RefusalCategory.SENDER: (
        "We may not send as this sender",
        "Check the sender in bulletin.yaml, and the account’s rights.",
    ),
    RefusalCategory.LOGIN: ("The server wants another login", "Check the user and the password of the SMTP account."),
    RefusalCategory.REPUTATION: (
        "Taken for spam",
        "Ask the people who run your email whether your server is on a block list.",
    ),
    RefusalCategory.AUTHENTICITY: (
        "Not proved to be from us (SPF, DKIM, DMARC)",
        "Ask the people who run your domain to let this server send for it.",
    ),
    RefusalCategory.QUOTA: ("More than the provider allows", "Try again tomorrow, more slowly."),
    RefusalCategory.POLICY: ("Against a rule of the server", "Ask the people who run the server what the rule is."),
}

# RFC 5321, 4.2.3; said without an enhanced code.
_CODES: Final = {550: _NO_SUCH, 551: _MOVED, 552: _FULL, 553: _NOT_VALID, 556: _NO_DOMAIN}


def _explain(status: Status, reply: str) -> tuple[str, str]:
    kind, subject, detail = status.enhanced
    if 400 <= status.code <= 499 or kind == 4:
        if (subject, detail) == (2, 2):
            return _FULL
        return _GIVEN_UP if reply.startswith(GAVE_UP) else _PUT_OFF
    matter = categorise_refusal(reply)
    if (
        matter is not RefusalCategory.PERSON and (subject, detail) not in _ABOUT_SIZE
    ):  # whose words are often those of quotas
        return _MATTERS[matter]
    if kind:
        return _DETAILS.get((subject, detail)) or _SUBJECTS.get(subject) or _OTHER
    return _CODES.get(status.code, _OTHER)


def _write_code(status: Status) -> str:
    if any(status.enhanced):
        return ".".join(map(str, status.enhanced))
    return str(status.code) if status.code else ""
