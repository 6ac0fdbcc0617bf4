"""The identity of an issue, read from its file's name: its month, and the word of a second issue. Pure.

`2021-05` is the issue of May 2021. `2021-05-flood` is a second one in that month, and its file has `extra: yes`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from bulletin.declaration.values import invalid
from bulletin.issue.dates import MONTHS, YEARS, Month

_NAME: Final = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([a-z][a-z0-9-]{0,40}))?")
_ANYWHERE: Final = re.compile(r"(?<![0-9])([0-9]{4})-([0-9]{2})(?![0-9])")


@dataclass(frozen=True, order=True, slots=True)
class Identity:
    """The month of an issue, and the word of a second one in that month; "" for the first."""

    month: Month
    word: str = ""


def read_identity(issue_id: str) -> Identity | None:
    """The identity in `2021-05`, `2021-05-flood` or `training/2021-05`; None for a name that no issue may have."""
    match = _NAME.fullmatch(issue_id.rpartition("/")[2])
    month = match and _read_month(match)
    return Identity(month, match[3] or "") if match and month else None


def find_month(issue_id: str) -> Month | None:
    """The month in any name, also in `2021-05 (1)` and `copy of 2021-05`. None if there is none."""
    months = (_read_month(match) for match in _ANYWHERE.finditer(issue_id.rpartition("/")[2]))
    return next(filter(None, months), None)


def guess_issue(name: str, known: Sequence[str]) -> str:
    """The one of the `known` issues that a person likely means by a name that is none; "" if there is no telling.

    `2026-12x`, `Training/2026-12`, `202612` and `December 2026` are likely slips; the name of a month without an issue
    is likely right.
    """
    folded = {_fold(one): one for one in known}
    if alike := folded.get(_fold(name)):
        return alike
    month = find_month(name) or _read_loosely(name)
    if month:
        of_month = {key: one for key, one in folded.items() if find_month(one) == month}
        own = {key: one for key, one in of_month.items() if ("/" in one) == ("/" in name)} or of_month
        near = get_close_matches(_fold(name), own, n=1, cutoff=0)
        return own[near[0]] if near else ""
    near = get_close_matches(_fold(name), folded, n=1, cutoff=0.75)
    return folded[near[0]] if near else ""


def _fold(name: str) -> str:
    return re.sub(r"[\s_/\\.-]+", "-", name.strip().casefold()).strip("-")


def _read_loosely(name: str) -> Month | None:
    """The month in `202612`, `2026-1`, `12/2026`, `Dec 2026` and `december-2026`."""
    word = re.search(rf"(?<![a-z])({'|'.join(month[:3] for month in MONTHS)})[a-z]*", name, re.IGNORECASE)
    year = re.search(r"(?<![0-9])2[0-9]{3}", name)
    if word and year:
        number = [month[:3].casefold() for month in MONTHS].index(word[1].casefold()) + 1
        return Month(int(year[0]), number) if int(year[0]) in YEARS else None
    figures = re.search(r"(?<![0-9])([0-9]{4})[\W_]?([0-9]{1,2})(?![0-9])", name)
    if figures is None:
        turned = re.search(r"(?<![0-9])([0-9]{1,2})[\W_]?([0-9]{4})(?![0-9])", name)
        year_month = (turned[2], turned[1]) if turned else None
    else:
        year_month = (figures[1], figures[2])
    if year_month is None or int(year_month[0]) not in YEARS or int(year_month[1]) not in range(1, 13):
        return None
    return Month(int(year_month[0]), int(year_month[1]))


def is_regular(issue_id: str) -> bool:
    """Whether a name is for the month's regular issue, not for a second one."""
    identity = read_identity(issue_id)
    return identity is not None and not identity.word


def check_name(name: str, month: Month, *, find_twin: Callable[[Month], str]) -> None:
    """Raise PydanticCustomError unless a file of this name may be an issue of `month`.

    `find_twin` gives another file that is the regular issue of a month; "" if there is none.
    """
    identity = read_identity(name)
    if identity is None:
        raise invalid(f"“{name}” is not the name of an issue.", _describe_renaming(month, find_twin(month)))
    if not identity.word and (twin := find_twin(month)):
        raise invalid(
            f"This file and {twin} are both the issue of {month}.",
            "Keep one, and move the other out of issues/. "
            f"A second issue in a month is named {month.id}-extra.yaml, and has `extra: yes` in it.",
        )


def check_extra(name: str, *, extra: bool, find_twin: Callable[[Month], str]) -> None:
    """Raise PydanticCustomError if a name and `extra: yes` contradict each other. `find_twin` is as in `check_name`."""
    identity = read_identity(name)
    if identity and identity.word and not extra:
        if twin := find_twin(identity.month):
            raise invalid(
                f"This file and {twin} are both the issue of {identity.month}.",
                "If this is a second one in that month, write `extra: yes` in it. "
                "If not, keep one of the two, and move the other out of issues/.",
            )
        raise invalid(
            f"This file has the name of a second issue in {identity.month}, but no `extra: yes`.",
            f"Rename it to {identity.month.id}.yaml. If it is a second one, write `extra: yes` in it.",
        )
    if identity and extra and not identity.word:
        raise invalid(
            f"`extra: yes` is for a second issue in a month, and this file has the name of the first, {name}.",
            f"Remove this line, or rename the file to {name}-extra.yaml.",
        )


def _describe_renaming(month: Month, twin: str) -> str:
    second = f"{month.id}-extra.yaml, and write `extra: yes` in it."
    if twin:
        return f"{twin} is the issue of {month}. Delete this file if it is a copy. Rename a second issue to {second}"
    return f"Rename the file to {month.id}.yaml. If it is a second issue in {month}, rename it to {second}"


def _read_month(match: re.Match[str]) -> Month | None:
    year, month = int(match[1]), int(match[2])
    return Month(year, month) if year in YEARS and month in range(1, 13) else None
