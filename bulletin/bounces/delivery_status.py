"""What a report says about each recipient (RFC 3464, 2.3), in the form that all reports are brought to. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bulletin.bounces.mime import decode_words
from bulletin.bounces.returned_email import ReturnedEmail

_LONGEST_DIAGNOSTIC = 4000  # characters


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportedRecipient:
    """One recipient of a report. `action` is `failed`, `delayed`, `delivered`, `relayed`, `expanded` or empty.

    `address` is where the message was going at last, `original` where it was sent to, as far as the report says.
    `diagnostic` has the server's words, or those of the report's text; empty if it has none. `is_loose` says that it is
    a whole text, which may list reasons that there could be.
    """

    address: str
    original: str = ""
    action: str = ""
    status: str = ""
    diagnostic: str = ""
    remote: str = ""
    is_loose: bool = False


def read_recipients(email: ReturnedEmail) -> tuple[ReportedRecipient, ...]:
    """The recipients of a report by RFC 3464, each with what is said about it; none if it is no such report."""
    return tuple(_read_group(group, email) for group in email.groups)


_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_TYPE = re.compile(r"^\s*[\w.-]{1,40}\s*;\s*")
_COMMENT = re.compile(r"\([^()]*\)")


def _read_group(group: Mapping[str, str], email: ReturnedEmail) -> ReportedRecipient:
    address = read_address(group.get("final-recipient", "")) or read_address(group.get("original-recipient", ""))
    status = _STATUS.search(group.get("status", ""))
    diagnostic = _TYPE.sub("", decode_words(group.get("diagnostic-code", "")), count=1)
    return ReportedRecipient(
        address=address,
        original=read_address(group.get("original-recipient", "")),
        action=_COMMENT.sub("", group.get("action", "")).strip().lower().partition(" ")[0],
        status=status[0] if status else "",
        diagnostic=(diagnostic or _find_words(email, address))[:_LONGEST_DIAGNOSTIC],
        remote=_TYPE.sub("", group.get("remote-mta", ""), count=1),
        is_loose=not diagnostic,
    )


def read_address(value: str) -> str:
    """The address in a field such as `rfc822; <anna@example.org>`; empty if there is none."""
    text = _TYPE.sub("", decode_words(value), count=1).strip()
    found = re.search(r"[^\s<>\",;()]{1,256}@[^\s<>\",;()]{1,256}", text)
    return found[0].removeprefix("mailto:").rstrip(".") if found else ""


def _find_words(email: ReturnedEmail, address: str) -> str:
    """What the report's own text says, if it is about this recipient alone or names them."""
    words = email.own_words
    if len(email.groups) == 1:
        return words
    paragraphs = re.split(r"\n[ \t]*\n", words)
    return next((paragraph for paragraph in paragraphs if address and address.lower() in paragraph.lower()), "")
