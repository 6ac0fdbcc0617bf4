"""The deadline for contributions, and the contributors who haven't replied. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bulletin.collecting.contribution import Contribution
from bulletin.issue.dates import WEEKDAYS, PartialDate
from bulletin.settings.organisation import Contributor


@dataclass(frozen=True, kw_only=True, slots=True)
class Awaited:
    """A contributor who hasn't sent everything: `kinds` are missing. Without `kinds`, they have sent nothing at all.

    `faulty` are the files that they did send, and must correct first.
    """

    name: str
    contributor: Contributor
    kinds: tuple[str, ...]
    faulty: tuple[str, ...] = ()

    def __str__(self) -> str:
        missing = f": {', '.join(self.faulty or self.kinds)}" if self.faulty or self.kinds else ""
        return f"{self.contributor.organisation} <{self.contributor.email}>{missing}"


def find_deadline(published: date, *, days: int) -> date:
    """The last day for contributions to an issue."""
    return published - timedelta(days=days)


def find_awaited(
    contributors: Mapping[str, Contributor],
    sent: Iterable[Contribution],
    faulty: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Awaited, ...]:
    """The contributors who haven't sent anything valid, or not every kind of section that they are asked for.

    `faulty` are the files with faults, by their sender.
    """
    mending = faulty or {}
    kinds: dict[str, set[str]] = {}
    for contribution in sent:
        kinds.setdefault(contribution.sender, set()).update(contribution.kinds)
    return tuple(
        Awaited(name=name, contributor=each, kinds=missing, faulty=tuple(mending.get(name, ())))
        for name, each in contributors.items()
        if (missing := tuple(kind for kind in each.sections if kind not in kinds.get(name, ())))
        or name not in kinds
        or name in mending
    )


def describe_deadline(deadline: date, *, today: date) -> str:
    """`Tuesday 25 May 2021, in 3 days`."""
    days = (deadline - today).days
    when = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(
        days, f"in {days} days" if days > 0 else f"{-days} days ago"
    )
    return f"{WEEKDAYS[deadline.weekday()]} {PartialDate(deadline.year, deadline.month, deadline.day)}, {when}"
