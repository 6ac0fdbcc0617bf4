"""What a check may say: passed, found, unknown, or not applicable. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bulletin.settings.proof import Severity

Facts = Mapping[str, str | int]
"""What was found out, by short names. Never an address of a reader, a password or a key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Passed:
    """It is in order."""

    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """It is not in order: `what` is wrong, in a sentence.

    `facts` fill the words of the check. `why`, `ask` and `fix` take the place of the check's own, if this case needs
    others.
    """

    what: str
    severity: Severity
    facts: Facts = field(default_factory=dict)
    why: str | None = None
    ask: str | None = None
    fix: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Unknown:
    """It can't be seen from here, and why, as a sentence. It is never as good as passed.

    `until` is the id of the check that has to pass before. `always`: it can never be seen from here.
    """

    why: str
    until: str = ""
    always: bool = False
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """There is nothing to check here."""


Judgement = Passed | Found | Unknown | NotApplicable


class NothingToCheckError(Exception):
    """What a check is about isn't used here: its result is NotApplicable."""


class CannotTellError(Exception):
    """What a check needs can't be had: its result is Unknown, with these words."""

    def __init__(self, why: str, *, until: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.until = until
