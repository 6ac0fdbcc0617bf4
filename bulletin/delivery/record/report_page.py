"""A report in words and charts: one self-contained page, to be read on any screen, aloud, or on paper.

It has three levels. The first is for a manager and the second for the record: neither has commands or codes. The third
is for IT.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bulletin.approval.reference import format_reference
from bulletin.database.states import MailingEvent
from bulletin.delivery.ledger.mailing_events import EventRecord
from bulletin.delivery.record.certificate import MailingRecord
from bulletin.delivery.record.certificate_page import describe_editions, describe_reach, describe_witness
from bulletin.delivery.record.report import Report
from bulletin.delivery.record.report_chapters import (
    ReportChapter,
    compare_issues,
    describe_counts,
    describe_details,
    describe_states,
    format_count,
    format_share,
)
from bulletin.delivery.record.usefulness import FEWEST_ANSWERS
from bulletin.delivery.sending.overview import MailingOverview
from bulletin.edition.palette import DEFAULT_WARM, derive_palette
from bulletin.edition.theme import Theme
from bulletin.settings.organisation import ListSettings
from bulletin.times import format_exact_time, format_time

_ALTERED: Final = "What the database keeps of this mailing has been altered since it was sent."


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenTask:
    """Something that is left to do: in words for a manager, and the command for it, with its purpose, for IT."""

    words: str
    purpose: str
    command: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FactTable:
    """Labelled facts under a heading."""

    key: str
    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportPage:
    """A report, ready for its template."""

    title: str
    publisher: str
    made: str
    warning: str  # "" if there is none
    # For a manager:
    state: tuple[str, str]  # in words, and the class of its chip
    facts: tuple[tuple[str, str], ...]
    share: str
    glance: str
    compared: str  # with the issue before; "" if there is none
    figures: tuple[tuple[str, str, str], ...]  # a number, what it counts, its mood
    tasks: tuple[OpenTask, ...]
    outcome: ReportChapter
    # For the record:
    records: tuple[FactTable, ...]
    chapters: tuple[ReportChapter, ...]
    # For IT:
    commands: tuple[tuple[str, str], ...]  # what for, and the command
    details: tuple[FactTable, ...]
    technical: tuple[ReportChapter, ...]

    def to_html(self, *, accent: str, warm: str = DEFAULT_WARM) -> str:
        """A whole document: no scripts, nothing fetched. The colours (`#rrggbb`) are the workspace's."""
        theme = Theme(folders=(Path(__file__).parent,))
        context = {"page": self, "palette": derive_palette(accent, warm)}
        return theme.render("report.html.j2", filters={}, context=context)


def describe_report(report: Report, *, publisher: str, lists: Mapping[str, ListSettings]) -> ReportPage:
    """A report in words and charts. `lists` are the workspace's, for their titles."""
    counts = report.counts
    tasks = tuple(_find_tasks(report))
    messages = format_count(counts.total, "message", "messages")
    return ReportPage(
        title=report.subject or report.issue,
        publisher=publisher,
        made=format_time(report.made_at),
        warning="" if report.intact else _ALTERED,
        state=_describe_state(report),
        facts=tuple(_describe_facts(report, lists)),
        share=format_share(counts.accepted, counts.total),
        glance=f"{counts.accepted:,} of {messages} accepted by the mail server.",
        compared=compare_issues(report),
        figures=tuple(_describe_figures(report)),
        tasks=tasks,
        outcome=describe_states(report),
        records=tuple(_describe_records(report, lists)),
        chapters=describe_counts(report),
        commands=tuple(_list_commands(report, tasks)),
        details=tuple(_describe_details(report)),
        technical=describe_details(report),
    )


# --- for a manager


def _describe_state(report: Report) -> tuple[str, str]:
    """Where the issue is, and the class of the chip that says so."""
    unfinished = [one for one in report.mailings if one.counts.unfinished and not one.is_cancelled]
    if any(one.is_stopped for one in unfinished):
        return "Stopped: it waits for someone to resume it", "late"
    if unfinished:
        return "Under way", "going"
    if any(one.is_cancelled for one in report.mailings):
        return "Cancelled", "idle"
    return "Finished", "done"


def _describe_facts(report: Report, lists: Mapping[str, ListSettings]) -> Iterator[tuple[str, str]]:
    sent = dict.fromkeys(name for one in report.mailings for name in one.mailing.lists)
    yield "Issue", report.issue
    yield "Sent to", ", ".join(lists[name].title if name in lists else name for name in sent)
    yield "Begun", format_time(report.mailings[0].mailing.began_at)
    ends = [one.ended_at for one in report.mailings]
    yield "Ended", "not yet" if None in ends else format_time(max(end for end in ends if end is not None))
    for one in report.mailings:
        yield from _describe_rest(one)
    if (forgotten := _find_forgetting(report)) is not None:
        yield "Readers’ details", f"deleted on {format_time(forgotten)}, when they were old enough; the counts are kept"

    if report.usefulness:
        said = {"Yes": report.usefulness.yes, "No": report.usefulness.no}
        shown = (f"{word}: {f'fewer than {FEWEST_ANSWERS}' if n is None else f'{n:,}'}" for word, n in said.items())
        yield "Was it useful?", f"{'; '.join(shown)}. Anyone who has the link can answer"


def _describe_rest(mailing: MailingOverview) -> Iterator[tuple[str, str]]:
    """Since when a mailing waits for a person, or that it was cancelled; not why: a server or anybody said that."""
    if cancelled := _find_cancelling(mailing):
        yield "Cancelled", format_time(cancelled.at)
    elif (last := mailing.last) and mailing.is_stopped and mailing.counts.unfinished:
        what = "Stopped automatically" if last.event is MailingEvent.HALTED else last.event.capitalize()
        yield what, f"{format_time(last.at)}; it waits for someone to resume it"


def _find_forgetting(report: Report) -> int | None:
    """When the rows about its readers were deleted because they were old; None if none was."""
    return max((one.forgotten_at for one in report.mailings if one.forgotten_at is not None), default=None)


def _find_cancelling(mailing: MailingOverview) -> EventRecord | None:
    return next((one for one in mailing.events if one.event is MailingEvent.CANCELLED), None)


def _describe_figures(report: Report) -> Iterator[tuple[str, str, str]]:
    counts, cancelled = report.counts, report.breakdown.cancelled
    for number, words, mood in (
        (counts.unfinished, "still to be tried", "waiting"),
        (counts.refused, "refused", "bad"),
        (counts.uncertain, "uncertain", "bad"),
        (counts.bounced, "came back", "bad"),
        (counts.withdrawn - cancelled, "withdrawn", "past"),
        (cancelled, "left out when it was cancelled", "past"),
    ):
        if number:
            yield f"{number:,}", words, mood
    if counts.accepted == counts.total:
        yield "0", "problems", "good"


def _find_tasks(report: Report) -> Iterator[OpenTask]:
    counts, reachable, issue = report.counts, report.remaining, report.issue
    if counts.unfinished:
        left = format_count(counts.unfinished, "person who is", "people who are")
        words = f"Send to the {left} left. Those who were sent it don’t get it again."
        yield OpenTask(words=words, purpose="Send to those who are left", command=f"bulletin send {issue}")
    if counts.uncertain and _find_forgetting(report) is None:  # else no one knows who they are
        may = format_count(counts.uncertain, "person", "people")
        words = (
            f"Decide what became of {may} who may have got it: the connection dropped while it was sent. Ask them, or "
            "ask IT to look in the mail server’s log. Until then it isn’t sent to them again."
        )
        command = f"bulletin status {issue} --who uncertain"
        yield OpenTask(words=words, purpose="See who may have got it", command=command)
    if reachable.refused:
        were = format_count(reachable.refused, "person was", "people were")
        words = f"Fix why {were} refused, then resend. “Why some were refused” says what to do about each reason."
        command = f"bulletin send {issue} --resend-refused"
        yield OpenTask(words=words, purpose="Resend to those who were refused", command=command)
    if reachable.left_out:
        people = format_count(reachable.left_out, "person was", "people were")
        words = f"{people} left out when it was cancelled. Decide whether to send it to them."
        command = f"bulletin send {issue} --left-out"
        yield OpenTask(words=words, purpose="Send to those who were left out", command=command)


# --- for the record


def _describe_records(report: Report, lists: Mapping[str, ListSettings]) -> Iterator[FactTable]:
    several = len(report.records) > 1
    for number, record in enumerate(report.records, 1):
        yield _make_table("Version and approval", _describe_approval(record, lists), number=number * several)
        rows = (*describe_reach(record, lists), *_describe_withdrawn(record))
        yield _make_table("Lists", rows, number=number * several)


def _make_table(heading: str, rows: Iterable[tuple[str, str]], *, number: int) -> FactTable:
    """Facts of the mailing with this number; 0 if it is the only one."""
    key = heading.partition(" ")[0].lower()
    if not number:
        return FactTable(key=key, heading=heading, rows=tuple(rows))
    return FactTable(key=f"{key}-{number}", heading=f"Mailing {number}: {heading}", rows=tuple(rows))


def _describe_approval(record: MailingRecord, lists: Mapping[str, ListSettings]) -> Iterator[tuple[str, str]]:
    """The version by its subject and reference, its editions if there are several, and who approved it."""
    if record.edition is not None:
        yield "Subject", record.edition.subject
    if len(record.editions) > 1:
        yield from describe_editions(record, lists)
    for witness in record.witnesses:
        yield f"Approved by {witness.approval.name}", describe_witness(witness)
    if not record.witnesses:
        yield "Approved by", "no one: approval wasn’t asked for"
    if references := dict.fromkeys(format_reference(one.approval.digest) for one in record.witnesses):
        yield "Approval reference", ", ".join(references)
    yield "Kept with this record", "the version that was sent, unaltered" if record.is_kept else _ALTERED


def _describe_withdrawn(record: MailingRecord) -> Iterator[tuple[str, str]]:
    """Those who were on a list, and stopped getting the bulletin before their turn."""
    withdrawn = record.counts.withdrawn - record.breakdown.cancelled
    yield "Withdrawn before their turn: they unsubscribed, bounced or complained", f"{withdrawn:,}"


# --- for IT


def _list_commands(report: Report, tasks: tuple[OpenTask, ...]) -> Iterator[tuple[str, str]]:
    yield from ((task.purpose, task.command) for task in tasks)
    yield "See how it is now", f"bulletin status {report.issue}"
    yield "Write the certificate", f"bulletin certificate {report.issue} --out certificate.html"


def _describe_details(report: Report) -> Iterator[FactTable]:
    several = len(report.records) > 1
    for number, record in enumerate(report.records, 1):
        yield _make_table("Digests and times", _describe_digests(record), number=number * several)


def _describe_digests(record: MailingRecord) -> Iterator[tuple[str, str]]:
    for one in record.editions:
        which = "the edition" if len(record.editions) == 1 else f"edition {one.number}"
        yield f"Digest of {which} (SHA-256)", one.digest
    for witness in record.witnesses:
        yield f"Digest of what {witness.approval.name} approved", witness.approval.digest
    yield "Message-ID prefix", f"{record.mailing.key} (the name of a message in mail servers’ logs)"
    yield "Lists, as in bulletin.yaml", ", ".join(record.mailing.lists)
    yield "Begun", format_exact_time(record.mailing.began_at)
    if record.ended_at is not None:
        yield "Ended", format_exact_time(record.ended_at)
