"""Find the lists of a mailing whose readers would get an issue with nothing in it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bulletin.declaration.source import Source
from bulletin.declaration.validation import describe_place
from bulletin.errors import Fault
from bulletin.issue.audience import Audience, name_all
from bulletin.issue.model import Issue

_SECTIONS = ("sections",)


def find_unreached(issue: Issue, source: Source, lists: Sequence[str]) -> Iterator[Fault]:
    """A fault if readers of some of `lists`, the lists that the issue goes to, would get no section at all.

    `issue` has been validated from `source`. A reader on another list too, or with consent to marketing, may still get
    some; the fault is for those who are on this list alone.
    """
    alone = [Audience(lists=frozenset({name})) for name in lists]
    empty = [name for name, audience in zip(lists, alone, strict=True) if not issue.for_audience(audience).sections]
    if empty:
        message, remedy = _explain(empty, others=[name for name in lists if name not in empty])
        where = describe_place(source, _SECTIONS)
        yield source.fault_at(source.keys.get(_SECTIONS, source.values[_SECTIONS]), message, remedy, where=where)


def _explain(empty: Sequence[str], *, others: Sequence[str]) -> tuple[str, str]:
    options = "".join(f" --list {name}" for name in others)
    send = f", or send the issue with{options}" if others else ""
    return (
        f"No section is for readers who are only on {name_all(empty)}: they would get an empty email.",
        f"Remove `for:` or `marketing:` from a section that is for them too{send}.",
    )
