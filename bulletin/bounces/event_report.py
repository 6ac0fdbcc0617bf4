"""Writes what a mail service tells by a webhook as the report that a mail server would have sent. Pure.

So one judgement, one storm guard and one way to know a second copy serve both. A bounce becomes a report by RFC 3464, a
complaint one by RFC 5965. The Message-ID is made of the service's own number for the event.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from bulletin.delivery.message.headers import one_line

_BOUNDARY: Final = "=_event"
_LONGEST: Final = 2000  # characters of a value
_TELLING: Final = ("message-id", "x-bulletin-return", "list-unsubscribe", "to")
"""The fields of our email that say which delivery it was. Others are left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReturnedEvent:
    """One thing that a service says about one recipient.

    `id` is the service's own, the same each time that it tells of it. `words` are those of the recipient's server, and
    `status` its code. `complaint` is the type of a complaint (RFC 5965, 7.3), and empty for a bounce. `fields` are of
    the header of our email, as far as the service passes them on.
    """

    service: str
    id: str
    recipient: str
    status: str = ""
    words: str = ""
    complaint: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


def write_event(event: ReturnedEvent) -> bytes:
    """The event as an email that came back. No value can add a line to it."""
    kind = "feedback-report" if event.complaint else "delivery-status"
    lines = [
        f"From: <{event.service}@webhook.invalid>",
        f"Message-ID: <{re.sub(r'[^!-;=?-~]', '', event.id)[:200]}@{event.service}.webhook.invalid>",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type={kind}; boundary="{_BOUNDARY}"',
        "",
        f"--{_BOUNDARY}",
        f"Content-Type: message/{kind}",
        "",
        *(_write_complaint(event) if event.complaint else _write_bounce(event)),
        "",
        *_write_original(event.fields),
        f"--{_BOUNDARY}--",
        "",
    ]
    return "\n".join(lines).encode("utf-8", "replace")


def _write_complaint(event: ReturnedEvent) -> Iterable[str]:
    return (
        f"Feedback-Type: {_clean(event.complaint)}",
        f"User-Agent: {event.service}",
        "Version: 1",
        f"Original-Rcpt-To: {_clean(event.recipient)}",
    )


def _write_bounce(event: ReturnedEvent) -> Iterator[str]:
    yield f"Reporting-MTA: dns; {event.service}.webhook.invalid"
    yield ""
    yield f"Final-Recipient: rfc822; {_clean(event.recipient)}"
    yield "Action: failed"
    if event.status:
        yield f"Status: {_clean(event.status)}"
    if event.words:
        yield f"Diagnostic-Code: {_clean(_name_type(event.words))}"


def _name_type(words: str) -> str:
    """`smtp; 550 …`, as RFC 3464 has it (2.3.6)."""
    return words if re.match(r"\s*[\w.-]{1,40}\s*;", words) else f"smtp; {words}"


def _write_original(fields: Mapping[str, str]) -> Iterator[str]:
    told = {name.lower(): value for name, value in fields.items()}
    kept = [f"{name}: {_clean(told[name])}" for name in _TELLING if told.get(name)]
    if kept:
        yield from (f"--{_BOUNDARY}", "Content-Type: text/rfc822-headers", "", *kept, "")


def _clean(value: str) -> str:
    return one_line(value[:_LONGEST])
