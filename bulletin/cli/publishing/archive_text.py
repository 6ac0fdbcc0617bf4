"""What a build of the web archive did, and what emails carry that isn't there, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bulletin.issue.archiving import ZONE
from bulletin.issue.identity import read_identity
from bulletin.times import format_time, read_local

if TYPE_CHECKING:
    from bulletin.publishing.archive import ArchiveReport
    from bulletin.publishing.catalogue import HiddenIssue
    from bulletin.publishing.dead_addresses import CarriedAddress

_SEVERAL = {"address": "addresses", "PDF": "PDFs"}


def describe_change(report: ArchiveReport, *, seconds: float) -> str:
    """`1 page, 1 feed written; 412 unchanged (1.9 s).`"""
    change = report.change
    written = ", ".join(_count(number, kind) for kind, number in change.written.items()) or "Nothing"
    removed = f"; {_count(change.removed, 'file')} removed" if change.removed else ""
    return f"{written} written{removed}; {change.unchanged:,} unchanged ({seconds:.1f} s)."


def describe_hidden(report: ArchiveReport) -> Iterator[str]:
    """A line for each issue that isn't public, when the next one will be, and what its statement lacks."""
    from bulletin.publishing.visibility import Visibility

    for hidden in report.hidden:
        if hidden.why is Visibility.NOT_APPROVED:
            yield f"{hidden.id} isn't there: it was neither sent nor approved."
        elif hidden.why is Visibility.NOTHING_PUBLIC:
            yield f"{hidden.id} isn't there: every part of it is for some readers only."
    for issue in report.faulty:
        yield f"{issue} isn't there: its file has mistakes. See them with: bulletin check {issue}"
    if upcoming := report.next_hidden:
        yield f"{_name(upcoming)} appears from {_tell_moment(upcoming.embargo_at)}. Run it again then."
    if report.statement:
        yield report.statement


def describe_dead(dead: Sequence[CarriedAddress], url: str) -> Iterator[str]:
    """A line for each address that an email carries and the site lacks."""
    for each in dead:
        anchor = f"#{each.anchor}" if each.anchor else ""
        email = f"The email of {each.issue} of {format_time(each.began_at)}"
        yield f"{url}/{each.path}{anchor} is dead. {email} carries it."


def _count(number: int, kind: str) -> str:
    return f"{number:,} {kind if number == 1 else _SEVERAL.get(kind, f'{kind}s')}"


def _name(hidden: HiddenIssue) -> str:
    identity = read_identity(hidden.id)
    return str(identity.month) if identity else hidden.id


def _tell_moment(at: int) -> str:
    """`3 December 2026, 09:30`, in British time."""
    local = read_local(at, ZONE)
    return f"{local.day} {local:%B %Y, %H:%M}"
