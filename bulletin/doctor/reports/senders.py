"""Who sends in our name: all rows of all reports, summed up by sender. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from bulletin.doctor.names.suffixes import find_organisational_domain
from bulletin.doctor.reports.aggregate_report import AggregateReport, ReportRow

# Services by the domains that they sign or return emails with.
_SERVICES: Final = {
    "outlook.com": "Microsoft 365",
    "onmicrosoft.com": "Microsoft 365",
    "google.com": "Google",
    "gappssmtp.com": "Google Workspace",
    "amazonses.com": "Amazon SES",
    "azurecomm.net": "Azure Communication Services",
    "mcsv.net": "Mailchimp",
    "rsgsv.net": "Mailchimp",
    "mcdlv.net": "Mailchimp",
    "mandrillapp.com": "Mailchimp Transactional",
    "sendgrid.net": "SendGrid",
    "mailgun.org": "Mailgun",
    "mtasv.net": "Postmark",
    "govdelivery.com": "govDelivery",
    "sendinblue.com": "Brevo",
    "exacttarget.com": "Salesforce Marketing Cloud",
    "zendesk.com": "Zendesk",
    "smtp2go.com": "SMTP2GO",
}


class SenderStanding(StrEnum):
    """What kind of sender it is."""

    OURS = "ours"  # signed for our domain, or returned to it: DMARC passes
    SERVICE = "service"  # proves to be someone else, and uses our name
    FORWARDED = "forwarded"  # someone passed our emails on, the receiver says
    STRANGER = "stranger"  # proves nothing


@dataclass(kw_only=True, slots=True)
class SendingService:
    """A sender: its name, its standing, how many emails, how many of them were junked and refused, and from where."""

    name: str
    standing: SenderStanding
    emails: int = 0
    junked: int = 0
    refused: int = 0
    addresses: set[str] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True, slots=True)
class SenderSummary:
    """All that reports say about a domain: the senders by standing and number, who reports, and from when to when."""

    senders: tuple[SendingService, ...]
    reporters: tuple[str, ...]
    policy: str
    begin: datetime | None
    end: datetime | None

    @property
    def emails(self) -> int:
        """How many in all."""
        return sum(sender.emails for sender in self.senders)

    def select(self, standing: SenderStanding) -> tuple[SendingService, ...]:
        """The senders of a standing, those with the most emails first."""
        return tuple(sender for sender in self.senders if sender.standing is standing)


def sum_up_senders(reports: Iterable[AggregateReport], *, domains: Sequence[str]) -> SenderSummary:
    """Sum up the reports about `domains`, or what belongs to them. A report that came twice counts once."""
    wanted = {find_organisational_domain(domain) for domain in domains}
    unique = {(report.reporter, report.report_id, report.begin, report.domain): report for report in reports}
    own = [report for report in unique.values() if find_organisational_domain(report.domain) in wanted]
    senders: dict[tuple[SenderStanding, str], SendingService] = {}
    for report in own:
        for row in report.rows:
            _count(senders, row, wanted)
    order = list(SenderStanding)
    latest = max(own, key=lambda report: report.end, default=None)
    return SenderSummary(
        senders=tuple(sorted(senders.values(), key=lambda one: (order.index(one.standing), -one.emails, one.name))),
        reporters=tuple(sorted({report.reporter for report in own})),
        policy=latest.policy if latest else "",
        begin=min((report.begin for report in own), default=None),
        end=latest.end if latest else None,
    )


def _count(senders: dict[tuple[SenderStanding, str], SendingService], row: ReportRow, own: set[str]) -> None:
    standing, name = _find_sender(row, own)
    sender = senders.setdefault((standing, name), SendingService(name=name, standing=standing))
    sender.emails += row.number
    sender.junked += row.number * (row.disposition == "quarantine")
    sender.refused += row.number * (row.disposition == "reject")
    sender.addresses.add(row.address)


def _find_sender(row: ReportRow, own: set[str]) -> tuple[SenderStanding, str]:
    """The standing of a row's sender, and its name: a service, a domain, or an address."""
    others = [domain for domain in (*row.signed, *row.returned) if find_organisational_domain(domain) not in own]
    proven = next(iter(others), "")
    if row.aligned:
        return SenderStanding.OURS, _name_service(proven) if proven else "your own mail server"
    if row.forwarded:
        return SenderStanding.FORWARDED, _name_service(proven) if proven else row.address
    if proven:
        return SenderStanding.SERVICE, _name_service(proven)
    return SenderStanding.STRANGER, row.address


def _name_service(domain: str) -> str:
    organisation = find_organisational_domain(domain)
    known = next((name for end, name in _SERVICES.items() if domain == end or domain.endswith(f".{end}")), "")
    return f"{known} ({organisation})" if known else organisation
