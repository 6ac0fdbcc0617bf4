"""What a report of an issue's delivery tells: counts, domains, reasons, times, and the issues before it. Reads only.

No address and no name of a reader is in it. Every function is a transaction of its own, and raises DatabaseError if
that fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from bulletin.database.states import DeliveryState
from bulletin.delivery.ledger.counts import (
    Breakdown,
    Counts,
    Refusals,
    count_breakdown,
    count_by_domain,
    count_by_second,
    count_refusals,
    count_states,
)
from bulletin.delivery.ledger.mailing import find_mailed_issues, find_mailings
from bulletin.delivery.record.certificate import MailingRecord, certify
from bulletin.delivery.record.timeline import TimeLine, draw_up
from bulletin.delivery.record.usefulness import Usefulness, read_usefulness
from bulletin.delivery.sending.overview import MailingOverview, Remaining, read_overview
from bulletin.errors import MailingError

if TYPE_CHECKING:
    from sqlalchemy import Engine


MOST_DOMAINS: Final = 10
FEWEST_PEOPLE: Final = 3
"""A domain with fewer people is counted with others: it may be somebody's own, and tell who they are."""

MOST_ISSUES: Final = 6
"""How many issues are compared, this one among them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Domain:
    """The people at one recipient domain; `name` is empty for all the small ones together, which are `domains`."""

    name: str
    domains: int
    counts: Counts


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueSummary:
    """What became of an issue. `began_at` is in ms since 1970, UTC."""

    issue: str
    counts: Counts
    began_at: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """How an issue was delivered, as it stood at `made_at` (ms since 1970, UTC). `issues`: with those before it.

    `intact`: what the database keeps is what was sent and signed, as far as digests can tell. `subject` is that of the
    edition, or "" where what is kept is not what was sent. `records` are what the certificate says of each mailing.
    `usefulness` is what readers answered, or None if none did.
    """

    issue: str
    subject: str
    made_at: int
    intact: bool
    mailings: tuple[MailingOverview, ...]
    records: tuple[MailingRecord, ...]
    counts: Counts
    breakdown: Breakdown
    remaining: Remaining
    domains: tuple[Domain, ...]
    refusals: tuple[Refusals, ...]
    time_line: TimeLine | None
    issues: tuple[IssueSummary, ...]
    usefulness: Usefulness | None


def make_report(engine: Engine, issue: str, *, now: int) -> Report:
    """The report on `issue` at `now` (ms since 1970). Raises MailingError if it has not been sent."""
    overview = read_overview(engine, issue)
    mailings = overview.begun
    if not mailings:
        raise MailingError(f"{issue} has not been sent, so there is nothing to report.", "Send it first.")
    certificate = certify(engine, issue, now=now)
    edition = certificate.records[-1].edition
    return Report(
        issue=issue,
        subject=edition.subject if edition else "",
        made_at=now,
        intact=certificate.intact,
        mailings=overview.mailings,
        records=certificate.records,
        counts=overview.counts,
        breakdown=count_breakdown(engine, mailings),
        remaining=overview.remaining,
        domains=group_domains(count_by_domain(engine, mailings)),
        refusals=count_refusals(engine, mailings),
        time_line=draw_up(count_by_second(engine, mailings), ahead=_find_offset),
        issues=_find_issues(engine, issue),
        usefulness=read_usefulness(engine, issue),
    )


def group_domains(domains: Iterable[tuple[str, Counts]]) -> tuple[Domain, ...]:
    """Those with the most people by name, the others together. Pure."""
    ordered = sorted(domains, key=lambda item: (-item[1].total, item[0]))
    named = [(name, counts) for name, counts in ordered if name and counts.total >= FEWEST_PEOPLE][:MOST_DOMAINS]
    rest = [one for one in ordered if one not in named]  # and those whose address is gone
    shown = [Domain(name=name, domains=1, counts=counts) for name, counts in named]
    if rest:
        together = _add_up([counts for _, counts in rest])
        shown.append(Domain(name="", domains=len(rest), counts=together))
    return tuple(shown)


def _add_up(counts: Sequence[Counts]) -> Counts:
    return Counts(**{state.value: sum(getattr(one, state) for one in counts) for state in DeliveryState})


def _find_offset(second: int) -> int:
    """How many seconds the user's own zone was ahead of UTC at `second` (since 1970)."""
    offset = datetime.fromtimestamp(second).astimezone().utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def _find_issues(engine: Engine, issue: str) -> tuple[IssueSummary, ...]:
    """The issue and those of its bulletin that were mailed before it, the earliest first."""
    bulletin = issue.rpartition("/")[0]
    mailed = [name for name in find_mailed_issues(engine) if name.rpartition("/")[0] == bulletin]
    upto = mailed[: mailed.index(issue) + 1]
    return tuple(_describe(engine, name) for name in upto[-MOST_ISSUES:])


def _describe(engine: Engine, issue: str) -> IssueSummary:
    mailings = find_mailings(engine, issue)
    return IssueSummary(issue=issue, counts=count_states(engine, mailings), began_at=mailings[0].began_at)
