"""A certificate in words: the same chapters as lines for a terminal and as a page to print. No address is in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bulletin.database.states import MailingEvent
from bulletin.delivery.ledger.mailing_editions import EditionCounts, KeptEdition
from bulletin.delivery.ledger.mailing_events import EventRecord
from bulletin.delivery.ledger.refusal_reasons import find_reason
from bulletin.delivery.record.certificate import Certificate, MailingRecord, Witness
from bulletin.edition.audiences import describe_signatures
from bulletin.edition.palette import DEFAULT_WARM, derive_palette
from bulletin.edition.theme import Theme
from bulletin.settings.organisation import ListSettings
from bulletin.times import format_exact_time

_ADDRESS = re.compile(r"[^\s<>(),;:“”]+@[^\s<>(),;:“”]+")

_QUOTED = re.compile("“(.*)”", re.DOTALL)  # a server's words, with whatever marks are in them
_CAUSE = re.compile(r".*?[.!?](?=\s|$)", re.DOTALL)  # a first sentence

_STATES = {
    "refused": "Refused by the mail server",
    "uncertain": "Uncertain: the connection dropped while sending",
    "deferred": "Deferred by the mail server, to be retried",
    "queued": "Not sent yet",
    "sending": "Being sent",
    "bounced": "Came back",
}
_COUNTED = "These numbers were counted then, and can’t be checked against readers any more."
_KEPT = "The edition that was sent is kept with this record, and still has this digest."
_ALL_KEPT = "The editions that were sent are kept with this record, and still have these digests."
_ALTERED = "What is kept is NOT what was sent: it has been altered since. Look for a copy of the database from before."


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificateChapter:
    """A heading with labelled values below it."""

    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificatePage:
    """A certificate in words."""

    title: str
    publisher: str
    made: str
    intact: bool
    chapters: tuple[CertificateChapter, ...]

    def lines(self) -> Iterator[str]:
        """For a terminal."""
        yield from (self.title, self.publisher, self.made)
        for chapter in self.chapters:
            width = max(len(label) for label, _ in chapter.rows)
            yield from ("", chapter.heading)
            yield from (f"  {label:<{width}}  {value}".rstrip() for label, value in chapter.rows)

    def to_html(self, *, accent: str, warm: str = DEFAULT_WARM) -> str:
        """A whole document, for the browser and the printer: no scripts, nothing fetched.

        The colours (`#rrggbb`) are the workspace's.
        """
        theme = Theme(folders=(Path(__file__).parent,))
        context = {"page": self, "palette": derive_palette(accent, warm)}
        return theme.render("certificate.html.j2", filters={}, context=context)


def describe_certificate(
    certificate: Certificate, *, publisher: str, lists: Mapping[str, ListSettings]
) -> CertificatePage:
    """A certificate in words. `lists` are the workspace's, for their titles."""
    several = len(certificate.records) > 1
    chapters = [
        CertificateChapter(
            heading=f"Mailing {number}: {chapter.heading}" if several else chapter.heading,
            rows=tuple((label, _cleanse(value)) for label, value in chapter.rows),
        )
        for number, record in enumerate(certificate.records, 1)
        for chapter in _describe_record(record, lists)
    ]
    return CertificatePage(
        title=f"Record of the mailing of {certificate.issue}",
        publisher=publisher,
        made=f"As it stood on {format_exact_time(certificate.made_at)}",
        intact=certificate.intact,
        chapters=tuple(chapters),
    )


def _describe_record(record: MailingRecord, lists: Mapping[str, ListSettings]) -> Iterator[CertificateChapter]:
    yield CertificateChapter(heading="What was sent", rows=tuple(_describe_content(record, lists)))
    yield CertificateChapter(heading="Who approved it", rows=tuple(_describe_witnesses(record)))
    yield CertificateChapter(heading="Who it went to", rows=tuple(describe_reach(record, lists)))
    yield CertificateChapter(heading="When", rows=tuple(_describe_times(record)))
    yield CertificateChapter(heading="What became of it", rows=tuple(_describe_counts(record)))


def _describe_content(record: MailingRecord, lists: Mapping[str, ListSettings]) -> Iterator[tuple[str, str]]:
    yield "Issue", record.mailing.issue
    if record.edition is not None:
        yield "Subject", record.edition.subject
        yield "From", record.edition.letterhead.sender_name
    yield "Message-ID prefix", f"{record.mailing.key} (the name of a message in mail servers’ logs)"
    if len(record.editions) == 1:
        yield "Digest of the edition (SHA-256)", record.editions[0].digest
    else:
        for one, (label, value) in zip(record.editions, describe_editions(record, lists), strict=True):
            yield label, value
            yield "… its digest (SHA-256)", one.digest
    kept = _KEPT if len(record.editions) == 1 else _ALL_KEPT
    yield "Is it what was sent?", kept if record.is_kept else _ALTERED


def describe_editions(record: MailingRecord, lists: Mapping[str, ListSettings]) -> Iterator[tuple[str, str]]:
    """For each edition, who got it, for how many readers it was, and for how many it was accepted."""
    titles = {name: settings.title for name, settings in lists.items()}
    for one in record.editions:
        who = describe_signatures(one.signatures, record.mailing.lists, titles, alone=len(record.editions) == 1)
        yield f"Edition {one.number}: {who}", _count_edition(record, one)


def _count_edition(record: MailingRecord, edition: KeptEdition) -> str:
    if record.forgotten_at is not None:  # only what was kept at the beginning is known
        return f"{edition.readers:,} {'reader' if edition.readers == 1 else 'readers'} at the beginning"
    readers, accepted = record.edition_counts.get(edition.number, EditionCounts())
    return f"{readers:,} {'reader' if readers == 1 else 'readers'}, {accepted:,} accepted"


def _describe_witnesses(record: MailingRecord) -> Iterator[tuple[str, str]]:
    for witness in record.witnesses:
        yield witness.approval.name, describe_witness(witness)
        yield from (("… and accepted", finding) for finding in witness.approval.confirmed)
        yield "Digest of what was approved: edition, author and lists", witness.approval.digest
        for name, digest in witness.published.items():
            yield f"… and of the {name} on the website", digest
    if not record.witnesses:
        yield "No one", "It was sent without approval: bulletin.yaml asked for none."


def describe_witness(witness: Witness) -> str:
    """When a person approved it, and whether it was exactly this."""
    exactly = "exactly this edition, for these lists" if witness.matches else "SOMETHING ELSE than what is kept now"
    return f"Approved {exactly}, on {format_exact_time(witness.approval.approved_at)}"


def describe_reach(record: MailingRecord, lists: Mapping[str, ListSettings]) -> Iterator[tuple[str, str]]:
    """How many of the recipients are on each list, and how many they are."""
    reach, total = record.list_counts, record.counts.total
    for name in record.mailing.lists:
        number = f"{reach.numbers.get(name, 0):,}"
        unkept = f"not kept when it began; {number} of its recipients are on the list now"
        yield f"{name} ({lists[name].title})" if name in lists else name, number if reach.kept else unkept
    several = reach.kept and sum(reach.numbers.values()) > total
    yield "People, each once", f"{total:,}" + several * " (people on several lists are counted above on each)"


def _describe_counts(record: MailingRecord) -> Iterator[tuple[str, str]]:
    counts, breakdown = record.counts, record.breakdown
    yield "Accepted by the mail server", f"{counts.accepted - breakdown.decided:,}"
    if breakdown.decided:
        yield "Uncertain, until a person decided that it arrived", f"{breakdown.decided:,}"
    yield from ((words, f"{getattr(counts, state):,}") for state, words in _STATES.items())
    opted_out = counts.withdrawn - breakdown.cancelled
    yield "Withdrawn before their turn: opted out, bounced or complained", f"{opted_out:,}"
    yield "Withdrawn before their turn: the mailing was cancelled", f"{breakdown.cancelled:,}"
    yield "In all", f"{counts.total:,}"
    if record.forgotten_at is not None:
        yield (
            "Who they were",
            f"Deleted on {format_exact_time(record.forgotten_at)}, when it was old enough. {_COUNTED}",
        )


def _describe_times(record: MailingRecord) -> Iterator[tuple[str, str]]:
    for one in record.events:
        match one.event:
            case MailingEvent.ENDED:
                continue
            case MailingEvent.BEGUN:
                yield "Begun", format_exact_time(one.at)  # its note is told in its own chapter
            case MailingEvent.HALTED:
                yield "Stopped automatically", _describe_happening(one, note=_name_cause(one.note))
            case event:
                yield event.capitalize(), _describe_happening(one, note=one.note)
    if record.counts.unfinished:
        yield "Ended", f"not yet: {record.counts.unfinished:,} still to be tried"
    elif record.ended_at is not None:
        yield "Ended", format_exact_time(record.ended_at)


def _describe_happening(one: EventRecord, *, note: str) -> str:
    if not note:
        return format_exact_time(one.at)
    return f"{format_exact_time(one.at)}{',' if note.startswith('by ') else ':'} {note}"


def _name_cause(note: str) -> str:
    """Why a mailing stopped, without what was to be done about it then: advice is for the terminal.

    Servers name a reader in more ways than can be recognised: what one said is told by its meaning.
    """
    told = _QUOTED.sub(lambda found: _describe_reply(found[1]), note)
    cause = _CAUSE.match(told)
    return cause[0] if cause else told


def _describe_reply(reply: str) -> str:
    reason = find_reason(reply)
    return f"{reason.words} ({reason.code})" if reason.code else reason.words


def _cleanse(text: str) -> str:
    """`text` without email addresses and without what would move a terminal's cursor: servers may write either."""
    return _ADDRESS.sub("[address]", "".join(char if char.isprintable() else " " for char in text))
