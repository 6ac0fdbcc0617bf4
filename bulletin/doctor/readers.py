"""How many readers there are, and at which services: by the list files, without any address in the result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bulletin.doctor.judgement import CannotTellError
from bulletin.errors import BulletinError

if TYPE_CHECKING:
    from bulletin.doctor.case import Case

BULK: Final = 5_000
"""Emails in a day to one service that make a sender a bulk sender (Gmail, Outlook.com)."""

SERVICES: Final = {
    **dict.fromkeys(("gmail.com", "googlemail.com"), "Gmail"),
    **dict.fromkeys(("outlook.com", "hotmail.com", "hotmail.co.uk"), "Outlook.com"),
    **dict.fromkeys(("live.com", "live.co.uk", "msn.com"), "Outlook.com"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ReaderNumbers:
    """How many different readers the lists have, on each list, at each large service; and without evidence of consent.

    The last has the lists whose basis is consent.
    """

    people: int = 0
    lists: Mapping[str, int] = field(default_factory=dict)
    services: Mapping[str, int] = field(default_factory=dict)
    unproven: Mapping[str, int] = field(default_factory=dict)


def count_declared_readers(case: Case) -> ReaderNumbers:
    """Count the readers of all list files. Raises CannotTellError if one can't be read."""
    from bulletin.settings.organisation import Basis, ConsentEvidence
    from bulletin.subscribers.lists import read_entries
    from bulletin.subscribers.sync import read_declared_lists

    lists = case.workspace.settings.lists
    try:
        files = read_declared_lists(case.workspace)
    except BulletinError as error:
        raise CannotTellError(f"The lists can't be read: {error.message}") from None
    people: set[str] = set()
    numbers: Counter[str] = Counter()
    unproven: Counter[str] = Counter()
    for name, file in files.items():
        settings = lists[name]
        column = (settings.evidence or ConsentEvidence()).when if settings.basis is Basis.CONSENT else ""
        for key, _, _, _, details in read_entries(file.entries):
            people.add(key)
            numbers[name] += 1
            unproven[name] += bool(column) and not details.get(column, "").strip()
    services = Counter(SERVICES[domain] for key in people if (domain := key.rpartition("@")[2].lower()) in SERVICES)
    return ReaderNumbers(people=len(people), lists=numbers, services=services, unproven=+unproven)


def is_bulk(case: Case) -> bool:
    """Whether there are so many readers that the large services ask for more. False if they can't be counted."""
    try:
        return case.once(count_declared_readers).people > BULK
    except CannotTellError:
        return False
