"""Which delivery a returned email is about, and what shows it. Pure: those who know tokens and addresses are handed in.

The first that succeeds counts: a token of ours in the envelope recipient, in X-Bulletin-Return, in the envelope id
(RFC 3461, 4.4), a signed Message-ID, a link of ours in the returned email. Each of these is proof. An address alone is
not: it is in many reports that are forged or about others' emails. The sender of a report is never asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import islice
from typing import Final, NamedTuple, Protocol

from bulletin.bounces.mime import MimePart
from bulletin.bounces.returned_email import ReturnedEmail

_REPORTABLE: Final = ("accepted", "uncertain")
_LONGEST_WAY: Final = 60 * 24 * 60 * 60 * 1000  # ms
_MOST_TRIED: Final = 40  # candidates of one kind: a stranger can write thousands


class DeliveryIds(NamedTuple):
    """What a token names. `delivery` is None for a token of earlier releases, which names the subscriber alone."""

    subscriber: int
    delivery: int | None


class DeliveryReader(Protocol):
    """Who can tell which delivery a token, a Message-ID or an address belongs to. All are harmless to ask."""

    def read_token(self, text: str, purpose: str) -> DeliveryIds | None:
        """What the token names, if it is ours and for this purpose: `v` return path, `m` mail, `u` and `p` links."""

    def read_message_id(self, text: str) -> DeliveryIds | None:
        """What a signed Message-ID (`<…>`) names, if it is ours. One without a signature is none."""

    def find_recent(self, address: str) -> DeliveryIds | None:
        """The newest delivery to this address, if it is less than 14 days old."""

    def find_address(self, ids: DeliveryIds) -> str:
        """The address that a delivery went to; empty if that is not known any more."""


class Evidence(StrEnum):
    """What shows which delivery is meant, in the order of asking."""

    ENVELOPE = "return path"
    RETURN_FIELD = "X-Bulletin-Return"
    ENVELOPE_ID = "envelope id"
    MESSAGE_ID = "Message-ID"
    LINK = "a link of ours"
    SUBJECT = "token in the subject"
    ANSWER = "the server's answer while sending"
    ADDRESS = "address alone"  # weak: never suppresses


class DeliveryMatch(NamedTuple):
    """A delivery, and what shows that it is meant."""

    ids: DeliveryIds
    evidence: Evidence

    @property
    def is_proof(self) -> bool:
        """Whether only someone who had the message, or carried it, can know this."""
        return self.evidence is not Evidence.ADDRESS


# PURPOSE SUBSCRIBER g DELIVERY g TAG; the purpose and what separates are letters that hexadecimal doesn't have.
_TOKEN = re.compile(
    r"(?<![0-9A-Za-z])[g-z][0-9a-f]{1,16}g[0-9a-f]{1,16}g[0-9a-f]{16,32}(?![0-9A-Za-z])", re.ASCII | re.IGNORECASE
)
_OLD_TOKEN = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{33,48}(?![0-9A-Za-z])", re.ASCII | re.IGNORECASE)
_LINK = re.compile(
    r"/(unsubscribe|preferences|confirm)/((?:[g-z][0-9a-f]{1,16}g[0-9a-f]{1,16}g[0-9a-f]{32}"
    r"|[0-9a-f]{33,48}))(?![0-9A-Za-z])",
    re.ASCII | re.IGNORECASE,
)
# What the email that unsubscribes has in its subject: in List-Unsubscribe and in links, or written out in a text.
_MAIL_SUBJECT = re.compile(
    r"\bunsubscribe(?:%20|[ +\t]){1,4}(m[0-9a-f]{1,16}g[0-9a-f]{1,16}g[0-9a-f]{32}|[0-9a-f]{33,48})(?![0-9A-Za-z])",
    re.ASCII | re.IGNORECASE,
)
_RETURN_FIELD = re.compile(
    r"^[>| \t]{0,8}x-bulletin-return[ \t]*:[ \t]*(\S{1,80})", re.ASCII | re.IGNORECASE | re.MULTILINE
)
_MESSAGE_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,255}>")
_QUOTED_MESSAGE_ID = re.compile(
    r"^[>| \t]{0,8}message-id[ \t]*:\s{0,4}(<[^<>\s@]{1,200}@[^<>\s@]{1,255}>)", re.ASCII | re.IGNORECASE | re.MULTILINE
)
_ENVELOPE_FIELDS: Final = (
    *("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "x-rcpt-to", "to", "cc"),
)


def find_match(email: ReturnedEmail, reader: DeliveryReader) -> DeliveryMatch | None:
    """The delivery that the email is about, if anything in it proves one."""
    for evidence, purpose, texts in _find_candidates(email):
        for text in filter(str.isascii, islice(texts, _MOST_TRIED)):
            ids = reader.read_message_id(text) if evidence is Evidence.MESSAGE_ID else reader.read_token(text, purpose)
            if ids is not None:
                return DeliveryMatch(ids, evidence)
    return _find_link(email, reader)


def find_weak_match(addresses: Iterable[str], reader: DeliveryReader) -> DeliveryMatch | None:
    """The newest delivery to one of these addresses: no proof."""
    for address in addresses:
        if "@" in address and (ids := reader.find_recent(address)) is not None:
            return DeliveryMatch(ids, Evidence.ADDRESS)
    return None


def find_subject_match(email: ReturnedEmail, reader: DeliveryReader) -> DeliveryMatch | None:
    """The delivery whose unsubscribe token is in the subject: its reader asks to be unsubscribed.

    The reader of tokens says what becomes of tokens of earlier releases, which are figures alone.
    """
    subject = email.root.get("subject")
    for pattern in (_TOKEN, _OLD_TOKEN):
        for match in islice(pattern.finditer(subject), _MOST_TRIED):
            if ids := reader.read_token(match[0].lower(), "m"):
                return DeliveryMatch(ids, Evidence.SUBJECT)
    return None


def may_report(state: str, *, sent_at: int, now: int) -> bool:
    """Whether a report about a delivery counts: it was accepted or is uncertain, and sent less than 60 days ago.

    Times in milliseconds since 1970. Later reports, and those about what was never sent, are forged or lost.
    """
    return state in _REPORTABLE and 0 <= now - sent_at < _LONGEST_WAY


def is_of_ours(email: ReturnedEmail) -> bool:
    """Whether the returned email looks like one of ours, though nothing proves which: a token that can't be read."""
    return any(True for _, _, texts in _find_candidates(email, signed_only=True) for _ in texts)


def _find_candidates(
    email: ReturnedEmail, *, signed_only: bool = False
) -> Iterator[tuple[Evidence, str, Iterator[str]]]:
    """What could name a delivery, in the order of asking."""
    yield Evidence.ENVELOPE, "v", _find_tokens(" ".join(_find_values(email.root, _ENVELOPE_FIELDS)))
    yield Evidence.RETURN_FIELD, "v", _find_return_fields(email)
    yield Evidence.ENVELOPE_ID, "v", _find_tokens(email.report_fields.get("original-envelope-id", ""))
    if not signed_only:
        yield Evidence.MESSAGE_ID, "", _find_message_ids(email)


def _find_values(part: MimePart, names: tuple[str, ...]) -> Iterator[str]:
    return (value for name in names for value in part.find_all(name))


def _find_tokens(text: str) -> Iterator[str]:
    return (match[0].lower() for match in _TOKEN.finditer(text))


def _find_return_fields(email: ReturnedEmail) -> Iterator[str]:
    for original in email.originals:
        for value in original.find_all("x-bulletin-return"):
            yield from _find_tokens(value)
    for match in _RETURN_FIELD.finditer(email.quoted_text):
        yield from _find_tokens(match[1])


def _find_message_ids(email: ReturnedEmail) -> Iterator[str]:
    for original in email.originals:
        yield from _MESSAGE_ID.findall(" ".join(original.find_all("message-id")))
    yield from _QUOTED_MESSAGE_ID.findall(email.quoted_text)
    yield from _MESSAGE_ID.findall(" ".join(_find_values(email.root, ("in-reply-to", "references"))))


def _find_link(email: ReturnedEmail, reader: DeliveryReader) -> DeliveryMatch | None:
    for match in islice(_LINK.finditer(email.original_text), _MOST_TRIED):
        purpose = "p" if match[1].lower() == "preferences" else "u"
        if ids := reader.read_token(match[2].lower(), purpose):
            return DeliveryMatch(ids, Evidence.LINK)
    for match in islice(_MAIL_SUBJECT.finditer(email.original_text), _MOST_TRIED):
        if ids := reader.read_token(match[1].lower(), "m"):
            return DeliveryMatch(ids, Evidence.LINK)
    return None
