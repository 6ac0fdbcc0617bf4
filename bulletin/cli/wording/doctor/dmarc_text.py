"""Who sends in our name, in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bulletin.doctor.reports.senders import SenderStanding, SenderSummary, SendingService
from bulletin.times import format_day

if TYPE_CHECKING:
    from datetime import datetime

_MOST: Final = 10  # senders of a kind that are named
_HEADINGS: Final = {
    SenderStanding.OURS: "In order: these emails prove that they are yours.",
    SenderStanding.SERVICE: "Not set up: these services use your name, but prove to be someone else.",
    SenderStanding.FORWARDED: "Passed on: someone forwarded your emails.",
    SenderStanding.STRANGER: "Strangers: these prove nothing. They may be fakes.",
}
_REMEDIES: Final = {
    SenderStanding.SERVICE: "If a colleague uses one of them, ask IT to set up DKIM for it with your domain. If no one "
    "does, they are fakes.",
    SenderStanding.STRANGER: "If one of these is a server of yours, ask IT to add it to SPF and sign its emails.",
}
_CLEAN: Final = 0.99  # of all emails: then a stricter policy harms no one


def describe_senders(summary: SenderSummary, *, domain: str) -> Iterator[str]:
    """The lines for a terminal."""
    if not summary.senders or summary.begin is None or summary.end is None:
        yield f"No report says anything about {domain}."
        return
    reporters = len(summary.reporters)
    yield (
        f"{domain}, {_tell_span(summary.begin, summary.end)}: {summary.emails:,} emails in your name, by the reports "
        f"of {reporters} mail service{'s' if reporters != 1 else ''}."
    )
    for standing, heading in _HEADINGS.items():
        senders = summary.select(standing)
        if senders:
            yield ""
            yield heading
            yield from (f"  {_describe(sender)}" for sender in senders[:_MOST])
            if more := senders[_MOST:]:
                yield f"  {len(more):,} more, with {sum(one.emails for one in more):,} emails"
            if remedy := _REMEDIES.get(standing):
                yield f"  {remedy}"
    yield ""
    yield _advise(summary, domain)


def _tell_span(begin: datetime, end: datetime) -> str:
    """The days; some reports end with midnight, which is no part of the next day."""
    end = max(begin, end - timedelta(seconds=1))
    first, last = format_day(begin), format_day(end)
    if (begin.year, begin.month) == (end.year, end.month):
        first = f"{begin.day}"
    return last if begin.date() == end.date() else f"{first} to {last}"


def _describe(sender: SendingService) -> str:
    emails = f"{sender.emails:,} email{'s' if sender.emails != 1 else ''}"
    fates = [
        f"{number:,} {word}" for number, word in ((sender.junked, "junked"), (sender.refused, "refused")) if number
    ]
    many = f" from {len(sender.addresses):,} addresses" if len(sender.addresses) > 1 else ""
    return f"{sender.name}: {emails}{many}" + (f", {' and '.join(fates)}" if fates else "")


def _advise(summary: SenderSummary, domain: str) -> str:
    ours = sum(sender.emails for sender in summary.select(SenderStanding.OURS))
    if ours < _CLEAN * summary.emails or summary.select(SenderStanding.SERVICE):
        return "Ask IT about the senders that aren't in order, before the DMARC policy becomes stricter."
    if summary.policy == "none":
        return f"The reports look clean. Ask IT to change the record at _dmarc.{domain} from p=none to p=quarantine."
    return f"The reports look clean, and the policy is p={summary.policy}. There is nothing to do."


def write_senders_json(summary: SenderSummary, *, domain: str, faults: list[str]) -> str:
    """The same as one JSON object."""
    return json.dumps(
        {
            "domain": domain,
            "begin": summary.begin and f"{summary.begin:%Y-%m-%dT%H:%M:%SZ}",
            "end": summary.end and f"{summary.end:%Y-%m-%dT%H:%M:%SZ}",
            "policy": summary.policy,
            "emails": summary.emails,
            "reporters": list(summary.reporters),
            "senders": [
                {
                    "name": sender.name,
                    "standing": str(sender.standing),
                    "emails": sender.emails,
                    "junked": sender.junked,
                    "refused": sender.refused,
                    "addresses": sorted(sender.addresses),
                }
                for sender in summary.senders
            ],
            "unreadable": faults,
        },
        ensure_ascii=False,
        indent=2,
    )
