"""The page of a check, for `bulletin doctor --explain` and docs/checks."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping

from bulletin.doctor.check import DoctorCheck
from bulletin.errors import NotFound

_WIDTH = 110


def explain_check(checks: Mapping[str, DoctorCheck], id_: str) -> str:
    """The page of a check in Markdown, also readable as plain text. Raises NotFound for an unknown id."""
    check = checks.get(id_.strip().upper())
    if check is None:
        raise NotFound(f"There's no check “{id_}”.", "To list all checks, run: bulletin doctor --explain all")
    asked = ", ".join(sorted(check.asks))
    parts = [
        f"# {check.id}: {check.title}",
        re.sub(r"\n +", "\n", check.page).strip(),
        f"## Why it matters\n\n{_show(check.matters)}",
        f"## What to ask IT for\n\n{_quote(check.ask_it)}" if _says_something(check.ask_it) else "",
        f"## What you can do\n\n{_show(check.fix)}" if _says_something(check.fix) else "",
        f"It asks {asked}. It sends no email and changes nothing. To run it alone: `bulletin doctor {check.id}`",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _says_something(words: str) -> bool:
    """Whether words say more than what a finding fills in."""
    return bool(re.sub(r"\{\w+\}", "", words).strip())


def _show(words: str) -> str:
    """The words with a name in capitals for each fact that a finding fills in."""
    shown = re.sub(r"\{(\w+)\}", lambda name: name[1].upper().replace("_", " "), words)
    return "\n".join(textwrap.wrap(shown, _WIDTH, break_on_hyphens=False))


def _quote(words: str) -> str:
    return "\n".join(f"> {line}" for line in _show(words).splitlines())


def list_checks(checks: Iterable[DoctorCheck]) -> str:
    """One line for each check: id and title."""
    return "\n".join(f"{check.id:<7} {check.title}" for check in checks)
