"""What bulletin.yaml declares of a list that people may join by themselves, on the website. Pure."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from bulletin.declaration.values import Plain, invalid, one_or_more

CLOSED = "closed"
ANYONE = "*"

_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_PATTERN = re.compile(rf"(?:\*\.)?{_LABEL}(?:\.{_LABEL})+")


def _check_pattern(text: str) -> str:
    pattern = text.lower().removeprefix("@")
    if pattern not in (ANYONE, CLOSED) and not _PATTERN.fullmatch(pattern):
        raise invalid(
            f"“{text}” is not a part of email addresses.",
            "Write what comes after the @, as in nhs.net, or *.gov.uk for all that end so. “*” is for anyone, "
            "[] for no one without your approval, and closed for a list that no one can ask to join.",
        )
    return pattern


DomainPattern = Annotated[Plain, AfterValidator(_check_pattern)]
"""The domain of email addresses: `nhs.net`, `*.gov.uk` for all below it, or `*` for any."""


def _check_open(patterns: tuple[str, ...]) -> tuple[str, ...]:
    if CLOSED in patterns and len(patterns) > 1:
        raise invalid("A list is closed, or open to some.", f"Write {CLOSED} alone, or leave it out.")
    return patterns


OpenTo = Annotated[tuple[DomainPattern, ...], BeforeValidator(one_or_more), AfterValidator(_check_open)]
"""Who joins at once; others wait for a person. `closed` alone for a list that no one can ask to join."""


def is_closed(open_to: tuple[str, ...]) -> bool:
    """Whether no one can ask to join."""
    return CLOSED in open_to


def may_join_at_once(domain: str, open_to: tuple[str, ...]) -> bool:
    """Whether an address at `domain` (A-labels) joins without waiting for a person.

    `*.gov.uk` is for bexley.gov.uk, and not for gov.uk itself.
    """
    return not is_closed(open_to) and any(_matches(domain.lower(), pattern) for pattern in open_to)


def _matches(domain: str, pattern: str) -> bool:
    if pattern == ANYONE:
        return True
    return domain.endswith(pattern[1:]) if pattern.startswith("*.") else domain == pattern
