"""Facts of the checks of `bulletin doctor`, from the checks themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.doctor.registry import find_checks
from bulletin.explain.fact import Fact


def list_check_facts() -> Iterator[Fact]:
    """Every check: what it looks at, why it matters to readers, and what to ask IT for."""
    for check in find_checks().values():
        lines = (("", check.matters), ("Ask IT: ", check.ask_it), ("You can: ", check.fix))
        yield Fact(
            word=check.id,
            sort=f"a check of doctor: {check.family}",
            summary=f"{check.title.rstrip('.')}.",
            details=tuple(f"{lead}{_show(words)}" for lead, words in lines if re.sub(r"\{\w+\}", "", words).strip()),
            example=f"bulletin doctor {check.id}",
            see=("doctor",),
            page=f"checks/{check.id}.md",
        )


def _show(words: str) -> str:
    """The words in one line, with a name in capitals for each fact that a finding fills in."""
    return re.sub(r"\{(\w+)\}", lambda name: name[1].upper().replace("_", " "), " ".join(words.split()))
