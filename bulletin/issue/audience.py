"""Compare the lists that parts of an issue are for with the lists that it goes to. Pure.

Every reader of an issue gets the same email, so a part can't be kept from some of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bulletin.declaration.source import Source
from bulletin.declaration.validation import describe_place
from bulletin.errors import Fault
from bulletin.issue.item import Item
from bulletin.issue.model import Issue
from bulletin.issue.passages import find_records


def find_narrowed(issue: Issue, source: Source, lists: Sequence[str]) -> Iterator[Fault]:
    """A fault for each `for:` that leaves out one of `lists`, the lists that the issue goes to.

    `issue` has been validated from `source`. Every record that can have `for:` is checked.
    """
    for record in find_records(issue, source):
        if isinstance(record.value, Item) and record.value.for_:
            meant = tuple(dict.fromkeys(record.value.for_))
            if others := [name for name in lists if name not in meant]:
                place = (*record.place, "for")
                message, remedy = _explain(meant, others, both=set(meant) & set(lists))
                yield source.fault_at(source.values[place], message, remedy, where=describe_place(source, place))


def _explain(meant: Sequence[str], others: Sequence[str], *, both: set[str]) -> tuple[str, str]:
    also = "also " if both else ""
    options = "".join(f" --list {name}" for name in meant)
    return (
        f"This is for {name_all(meant)} only, but the email {also}goes to {name_all(others)}.",
        f"Remove `for:`, or send the issue to {name_all(meant)} only, with{options}.",
    )


def name_all(names: Sequence[str]) -> str:
    """`partners, champions and schools`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
