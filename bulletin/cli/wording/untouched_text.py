"""Says what a workspace still has of our examples and no answer to, and stops it from going to real readers."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from bulletin.cli.terminal import count, say
from bulletin.errors import BulletinError, Fault, FaultyFiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bulletin.proof.finding import Finding
    from bulletin.workspace.workspace import Workspace

_MOST_LINES = 6  # of one file that are named


def refuse_untouched(workspace: Workspace, issue: str, *, lists: Sequence[str]) -> None:
    """Raise FaultyFiles if a note in bulletin.yaml has no answer, or our examples would leave this computer."""
    from bulletin.untouched import find_unanswered, find_untouched

    faults = find_unanswered(workspace)
    if _leaves_computer(workspace):
        faults += find_untouched(workspace, issues=[issue], lists=lists)
    if faults:
        raise FaultyFiles(faults)


def _leaves_computer(workspace: Workspace) -> bool:
    """Whether any of the relays is on another computer. An address that can't be read is reported later."""
    from bulletin.delivery.sending.relays import name_relays

    try:
        return workspace.has_relay and not all(relay.is_local for relay in name_relays(workspace))
    except BulletinError:
        return False


def find_untouched_warning(workspace: Workspace, issues: Iterable[str]) -> Fault | None:
    """One warning for a workspace with our examples in it, or questions; None for the sample, which is to be one."""
    from bulletin.untouched import find_unanswered, find_untouched, is_sample

    if is_sample(workspace):
        return None
    if asked := find_unanswered(workspace):
        notes = f"{count(len(asked), 'note')} in {asked[0].file} still {'asks' if len(asked) == 1 else 'ask'}"
        return replace(
            asked[0],
            message=f"{notes} you something. Nothing can be sent until then.",
            remedy=f"Answer what {_name_lines([one.line for one in asked])} says, and delete the note.",
        )
    faults = find_untouched(workspace, issues=issues, lists=workspace.settings.lists)
    if not faults:
        return None
    places = [
        f"{file} ({_name_lines([fault.line for fault in group])})"
        for file, group in groupby(faults, key=lambda fault: fault.file)
    ]
    return replace(
        faults[0],
        message=f"{count(len(faults), 'example')} of ours {'is' if len(faults) == 1 else 'are'} still in this "
        "workspace. It can’t be sent to real readers like this.",
        remedy=f"Write your own in {', '.join(places)}.",
    )


def _name_lines(lines: list[int]) -> str:
    known = list(dict.fromkeys(lines))
    shown = ", ".join(map(str, known[:_MOST_LINES]))
    more = " …" if len(known) > _MOST_LINES else ""
    return f"{'line' if len(known) == 1 else 'lines'} {shown}{more}"


def print_untouched(workspace: Workspace, issues: Iterable[str]) -> None:
    """Print the warning, if there is one."""
    if fault := find_untouched_warning(workspace, issues):
        say(f"\n{replace(fault, message=f'warning: {fault.message}')}")


def find_untouched_findings(workspace: Workspace, issues: Iterable[str]) -> list[Finding]:
    """The same warning as a finding, for other programs."""
    from bulletin.declaration.source import Span
    from bulletin.proof.finding import STRUCTURE, Finding
    from bulletin.settings.proof import Severity

    fault = find_untouched_warning(workspace, issues)
    if fault is None:
        return []
    span = Span(line=fault.line, column=fault.column, end_line=fault.line, end_column=fault.column + fault.width)
    return [
        Finding(
            code=STRUCTURE,
            name="structure",
            severity=Severity.WARNING,
            file=fault.file,
            span=span,
            message=fault.message,
            remedy=fault.remedy,
            excerpt=fault.excerpt,
        )
    ]
