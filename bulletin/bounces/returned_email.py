"""A returned email as the room reads it: its own words, the email that it returns, and what it reports. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Final

from bulletin.bounces.mime import MimePart, parse_fields, parse_mime

_MOST_GROUPS: Final = 50  # recipients of one report
_LONGEST_TEXT: Final = 128 << 10  # characters of all texts together
_HEADERS_ONLY: Final = ("text/rfc822-headers", "message/global-headers", "text/rfc822-header")
_STATUS: Final = ("message/delivery-status", "message/global-delivery-status")


@dataclass(frozen=True, kw_only=True)
class ReturnedEmail:
    """One email that came back.

    `root` is all of it. `report_fields` is what a report says about the whole (RFC 3464, 2.2), `groups` what it says
    about each recipient (2.3), `feedback` has the fields of a complaint (RFC 5965, 3).
    """

    root: MimePart
    originals: tuple[MimePart, ...] = ()
    report_fields: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[Mapping[str, str], ...] = ()
    feedback: Mapping[str, str] | None = None

    @property
    def is_report(self) -> bool:
        """Whether its structure says that it is a report: of a delivery, a complaint or a reading."""
        return self.root.media_type == "multipart/report"

    @cached_property
    def text(self) -> str:
        """Its own words: all its text parts, without the email that it returns. Plain text where there is both."""
        parts = [part for part in self.root.walk(into_emails=False) if _has_text(part)]
        own = [part for part in parts if part.media_type not in _HEADERS_ONLY]
        plain = [text for part in own if part.media_type != "text/html" and (text := part.read_text()).strip()]
        texts = plain or [part.read_text() for part in own if part.media_type == "text/html"]
        return "\n".join(texts)[:_LONGEST_TEXT]

    @cached_property
    def own_words(self) -> str:
        """Its own words up to where a copy of another email begins (`find_copy`)."""
        return self.text[: find_copy(self.text)]

    @cached_property
    def quoted_text(self) -> str:
        """Where headers of the returned email may stand, if it is in no part of its own: only in what bounces write.

        Empty for an email that has it in a part.
        """
        return "" if self.originals else self.text

    @cached_property
    def original_text(self) -> str:
        """The words of the returned email, for links in it."""
        texts = [
            part.read_text()
            for original in self.originals
            for part in original.walk()
            if part.media_type.startswith("text/")
        ]
        fields = [value for original in self.originals for value in original.find_all("list-unsubscribe")]
        return "\n".join((*fields, *texts, self.quoted_text.replace("=\n", "")))[:_LONGEST_TEXT]


def _has_text(part: MimePart) -> bool:
    """Whether it is text; also a multipart in which no part begins, because its boundary was altered on the way."""
    return part.media_type.startswith("text/") or (part.media_type.startswith("multipart/") and not part.parts)


def read_email(message: bytes) -> ReturnedEmail:
    """Read a message, whatever is wrong with it."""
    root = parse_mime(message)
    parts = list(root.walk(into_emails=False))
    groups = [group for part in parts if part.media_type in _STATUS for group in _parse_groups(part.content)]
    if not groups and not root.parts:
        groups = _find_groups(root)
    about_all = groups[0] if groups and not _is_of_recipient(groups[0]) else {}
    feedback = next((part for part in parts if part.media_type == "message/feedback-report"), None)
    return ReturnedEmail(
        root=root,
        originals=tuple(_find_originals(parts)),
        report_fields=about_all,
        groups=tuple(group for group in groups if _is_of_recipient(group))[:_MOST_GROUPS],
        feedback=dict(reversed(parse_fields(feedback.content))) if feedback else None,
    )


def _find_originals(parts: list[MimePart]) -> list[MimePart]:
    found: list[MimePart] = []
    for part in parts:
        if part.media_type in ("message/rfc822", "message/global"):
            found.extend(part.parts or (_parse_headers(part),))
        elif part.media_type in _HEADERS_ONLY:
            found.append(_parse_headers(part))
    return found


def _parse_headers(part: MimePart) -> MimePart:
    return MimePart(
        fields=parse_fields(part.content.lstrip(b"\n").partition(b"\n\n")[0]),
        media_type="text/rfc822-headers",
        parameters={},
        content=part.content,
    )


_BETWEEN_GROUPS = re.compile(rb"\n(?:[ \t]*\n)+")


def _find_groups(root: MimePart) -> list[dict[str, str]]:
    """The groups of a report whose parts can't be told apart, where its fields stand in its text."""
    if root.media_type != "multipart/report" or b"\nFinal-Recipient:" not in root.content:
        return []
    return [group for group in _parse_groups(root.content) if "final-recipient" in group]


def _parse_groups(content: bytes) -> list[dict[str, str]]:
    """The groups of fields in a report. The first one of a name counts."""
    blocks = islice(_BETWEEN_GROUPS.split(content.strip(b"\n")), _MOST_GROUPS + 2)
    groups = [dict(reversed(parse_fields(block))) for block in blocks]
    return [group for group in groups if group]


def _is_of_recipient(group: Mapping[str, str]) -> bool:
    return "final-recipient" in group or "original-recipient" in group or ("action" in group and "status" in group)


# How servers and people begin the copy of another email inside a text.
_COPY = re.compile(
    r"^[ \t]*(?:"
    r"--[ -]{0,100}(?:below this line is a copy|this is a copy of|original message|included is a copy|unsent message"
    r"|the original message|returned message|undelivered message|start of (?:original|returned)|message header)"
    r"|(?:original|full) message (?:headers|follows)|received: (?:from|by) "
    r"|message headers follow|return-path: ?<)",
    re.IGNORECASE | re.MULTILINE,
)


def find_copy(text: str) -> int:
    """Where the copy of another email begins in a text; its length if there is none."""
    match = _COPY.search(text)
    return match.start() if match else len(text)
