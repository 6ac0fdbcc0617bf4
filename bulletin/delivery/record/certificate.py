"""The record of an issue's mailings: what was sent, on whose word, to how many, when, and what became of it.

It is read from what the database keeps, and checks that the kept editions still are what was sent and what was signed.
No reader's address is in it. Every function is a transaction of its own, and raises DatabaseError if that fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulletin.approval.approvals import Approval, find_approvals_of, read_snapshot
from bulletin.approval.contents import take_contents
from bulletin.delivery.ledger.counts import (
    Breakdown,
    Counts,
    ListCounts,
    count_breakdown,
    count_states,
    find_list_counts,
)
from bulletin.delivery.ledger.deliveries import find_end
from bulletin.delivery.ledger.kept_counts import find_forgotten
from bulletin.delivery.ledger.mailing import Mailing, find_mailings
from bulletin.delivery.ledger.mailing_editions import (
    EditionCounts,
    KeptEdition,
    count_by_edition,
    read_editions,
    rebuild_set,
)
from bulletin.delivery.ledger.mailing_events import EventRecord, find_events
from bulletin.edition.edition import Edition
from bulletin.edition.edition_set import EditionSet
from bulletin.errors import MailingError

if TYPE_CHECKING:
    from sqlalchemy import Engine


@dataclass(frozen=True, kw_only=True, slots=True)
class Witness:
    """An approval that a mailing was sent with. `matches`: it is of exactly the editions that are kept.

    `published` has the digest of each thing on the website that it was of too, by what it is.
    """

    approval: Approval
    matches: bool
    published: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class MailingRecord:
    """One mailing. `edition_counts` are those of its `editions` with readers, by their numbers.

    `ended_at` is in ms since 1970, UTC; None as long as somebody is still to be tried. `forgotten_at`: when the rows
    about its readers were deleted, because they were old; then the counts are all that is kept of them.
    """

    mailing: Mailing
    editions: tuple[KeptEdition, ...]
    edition_counts: Mapping[int, EditionCounts]
    witnesses: tuple[Witness, ...]
    events: tuple[EventRecord, ...]
    list_counts: ListCounts
    counts: Counts
    breakdown: Breakdown
    ended_at: int | None
    forgotten_at: int | None = None

    @property
    def edition(self) -> Edition | None:
        """The first edition, whose subject and sender are those of all; None if it is not what was sent."""
        return self.editions[0].edition

    @property
    def digest(self) -> str:
        """The digest of the first edition."""
        return self.editions[0].digest

    @property
    def is_kept(self) -> bool:
        """Whether all editions are what was sent: each still has the digest that was recorded."""
        return all(one.edition is not None for one in self.editions)

    @property
    def intact(self) -> bool:
        """Whether the editions are what was sent, and what everybody signed."""
        return self.is_kept and all(witness.matches for witness in self.witnesses)


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """The mailings of an issue, the earliest first, as they stood at `made_at` (ms since 1970, UTC)."""

    issue: str
    made_at: int
    records: tuple[MailingRecord, ...]

    @property
    def intact(self) -> bool:
        """Whether nothing of it has been altered since."""
        return all(record.intact for record in self.records)


def certify(engine: Engine, issue: str, *, now: int) -> Certificate:
    """The record of all mailings of `issue` at `now` (ms since 1970). Raises MailingError if there is none."""
    found = find_mailings(engine, issue)
    if not found:
        raise MailingError(f"{issue} has not been sent, so there is nothing to certify.", "Send it first.")
    return Certificate(issue=issue, made_at=now, records=tuple(_record(engine, mailing) for mailing in found))


def _record(engine: Engine, mailing: Mailing) -> MailingRecord:
    editions = read_editions(engine, mailing)
    kept = rebuild_set(editions)
    counts = count_states(engine, [mailing])
    events = find_events(engine, mailing.id)
    return MailingRecord(
        mailing=mailing,
        editions=editions,
        edition_counts=count_by_edition(engine, mailing),
        witnesses=tuple(_call(engine, one, mailing, kept) for one in find_approvals_of(engine, mailing.id)),
        events=events,
        list_counts=find_list_counts(engine, mailing, events),
        counts=counts,
        breakdown=count_breakdown(engine, [mailing]),
        ended_at=find_end(engine, mailing, counts, events),
        forgotten_at=find_forgotten(engine, mailing),
    )


def _call(engine: Engine, approval: Approval, mailing: Mailing, kept: EditionSet | None) -> Witness:
    signed = read_snapshot(engine, approval)
    if kept is None or signed is None:
        return Witness(approval=approval, matches=False)
    sent = take_contents(kept, lists=mailing.lists, authors=signed.contents.authors)
    return Witness(approval=approval, matches=signed.contents.covers(sent), published=dict(signed.contents.published))
