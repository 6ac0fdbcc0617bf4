"""Complaints of readers who pressed “spam”: RFC 5965's reports, and Microsoft's emails about an email. Pure."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from bulletin.bounces.delivery_status import read_address
from bulletin.bounces.returned_email import ReturnedEmail
from bulletin.bounces.verdict import ReturnClass, ReturnKind


class Complaint(NamedTuple):
    """What a feedback report says, and the addresses that it names, which are often blanked out."""

    kind: ReturnKind
    result: ReturnClass
    addresses: tuple[str, ...]


# RFC 5965, 7.3, and RFC 6430's and 6591's. What is in none of them is a complaint too: it came by that road.
_TYPES: Final = {
    "not-spam": (ReturnKind.NOT_SPAM, ReturnClass.IGNORED),
    **dict.fromkeys(("auth-failure", "dmarc", "virus"), (ReturnKind.AUTHENTICATION_REPORT, ReturnClass.OURS)),
}
_OF_MICROSOFT = re.compile(r"^complaint about message from", re.IGNORECASE)
_MICROSOFTS_FIELD: Final = "x-hmxmroriginalrecipient"


def is_complaint(email: ReturnedEmail) -> bool:
    """Whether it is a feedback report, or Microsoft's: a bare message/rfc822, from an address of theirs."""
    if email.feedback is not None or email.root.parameters.get("report-type", "").lower() == "feedback-report":
        return True
    if not email.originals or email.root.media_type == "multipart/report":
        return False
    return bool(_OF_MICROSOFT.search(email.root.get("subject"))) or any(
        original.get(_MICROSOFTS_FIELD) for original in email.originals
    )


def read_complaint(email: ReturnedEmail) -> Complaint:
    """What the report says. Without a type it is a complaint."""
    feedback = email.feedback or {}
    kind, result = _TYPES.get(
        feedback.get("feedback-type", "").strip().lower(), (ReturnKind.COMPLAINT, ReturnClass.COMPLAINED)
    )
    named = [feedback.get(name, "") for name in ("original-rcpt-to", "removal-recipient")]
    named += [original.get(_MICROSOFTS_FIELD) for original in email.originals]
    return Complaint(kind, result, tuple(address for value in named if (address := read_address(value))))
