"""A spam score in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bulletin.delivery.copies.spam_score import THRESHOLD

if TYPE_CHECKING:
    from bulletin.delivery.copies.spam_score import SpamReport

_SHOWN = 0.1  # points: less than that changes nothing


def describe_score(file: str, report: SpamReport) -> Iterator[str]:
    """The sum, what it means, and each test that gave points."""
    yield f"{file}: {report.points:.1f} points from SpamAssassin. {_describe_meaning(report.points)}"
    for hit in report.hits:
        if hit.points >= _SHOWN:
            yield f"{hit.points:>6.1f}  {hit.words} ({hit.test})"
    yield "Filters of receivers also look at your domain and at what readers do with your emails. No score shows that."


def _describe_meaning(points: float) -> str:
    if points < 1:
        return f"Nothing in it looks like spam: that begins at {THRESHOLD:.0f}."
    if points < THRESHOLD:
        return f"It is under {THRESHOLD:.0f}, where spam begins. What gave points may still count elsewhere:"
    return f"From {THRESHOLD:.0f} on, filters treat it as spam. Change what gave most points:"
