"""What a check found, for a person: errors first, notes folded, and what is new since the last check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.cli.clock import format_time
from bulletin.cli.terminal import count, say, say_fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulletin.errors import Fault
    from bulletin.proof.finding import Finding

_MOST_LINES = 6  # of one rule's notes that are named


def print_findings(faults: Sequence[Fault], findings: Sequence[Finding], *, notes: bool) -> None:
    """Print faults and errors, then warnings. Notes are one line for each rule, unless `notes` asks for them."""
    from bulletin.settings.proof import Severity

    shown = sorted(findings, key=lambda finding: finding.severity.rank)  # within one severity, as in the file
    told = [finding for finding in shown if notes or finding.severity is not Severity.NOTE]
    for fault in (*faults, *(finding.fault for finding in told)):
        say_fault(fault)
    if folded := shown[len(told) :]:
        number = sum(finding.number for finding in folded)
        say(f"{count(number, 'note')}. To read {'it' if number == 1 else 'them'} in full, add --notes:")
        for line in _fold(folded):
            say(f"  {line}")
        say()


def _fold(notes: Sequence[Finding]) -> Iterator[str]:
    """`LANG05 long-sentence: issues/2021-05.yaml, lines 12, 30 and 41`."""
    places: dict[tuple[str, str, str], list[int]] = {}
    for finding in notes:
        places.setdefault((finding.code, finding.name, finding.file), []).append(finding.line)
    for (code, name, file), lines in sorted(places.items()):
        yield f"{code} {name}: {file}, {name_lines(lines)}"


def name_lines(lines: Sequence[int]) -> str:
    """`line 12`, `lines 12, 30 and 41`, `lines 3, 5, 8, 12, 30, 41 and 7 more places`."""
    shown = [str(line) for line in dict.fromkeys(lines)]
    if len(shown) == 1:
        return f"line {shown[0]}"
    if len(shown) > _MOST_LINES + 1:
        return f"lines {', '.join(shown[:_MOST_LINES])} and {len(shown) - _MOST_LINES} more"
    return f"lines {', '.join(shown[:-1])} and {shown[-1]}"


def describe_new(file: str, new: Sequence[Finding], *, since: int, number: int) -> str:
    """What is new in a file since a check at `since` (ms since 1970); `number` is how many findings there are."""
    when = f"since the last check ({format_time(since)})"
    if not number:
        return ""
    if not new:
        return f"{file}: nothing is new {when}."
    if len(new) == number:
        return f"{file}: {'the finding is' if number == 1 else f'all {number:,} findings are'} new {when}."
    return f"{file}: {len(new):,} of {number:,} {'is' if len(new) == 1 else 'are'} new {when}: {_list_new(new)}."


def _list_new(new: Sequence[Finding]) -> str:
    places = list(dict.fromkeys(f"{finding.code} on line {finding.line}" for finding in new))
    more = f" and {len(places) - _MOST_LINES:,} more" if len(places) > _MOST_LINES else ""
    return ", ".join(places[:_MOST_LINES]) + more
