"""Links: addresses that take readers on a detour through shorteners, trackers or mail scanners. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.links.hosts import SHORTENERS, is_tracking
from bulletin.proof.links.safe_links import find_wrapper, unwrap
from bulletin.proof.reporting import violation_at_link
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity


@rule(
    "LINK05",
    "shortener",
    severity=Severity.WARNING,
    reason="A shortened address hides where it leads. Readers and spam filters mistrust it, and it can expire.",
    wrong=[Example(text="Please [answer our survey](https://bit.ly/3exAmpl).", at="https://bit.ly/3exAmpl")],
    right=[Example(text="Please [answer our survey](https://www.example.org/survey).")],
)
def shortener(context: Context) -> Iterator[Violation]:
    """A shortened address."""
    for link in context.links:
        target = link.target
        leads_on = target.path.strip("/") or target.query
        if target.is_web and target.bare_host in SHORTENERS and leads_on and not _is_map(target.bare_host, target.path):
            yield violation_at_link(
                link,
                f"{target.bare_host} hides where this leads.",
                "Open it, and link to the address where you arrive.",
            )


def _is_map(host: str, path: str) -> bool:
    return host == "goo.gl" and path.startswith(("/maps/", "/forms/"))


_PARAMETER = re.compile(r"[^&;]+")


@rule(
    "LINK06",
    "tracking",
    severity=Severity.WARNING,
    reason="Tracking parameters tell others that your readers clicked, and sometimes who they are.",
    wrong=[
        Example(
            text="Read [our plan](https://www.example.org/plan?utm_source=news&utm_medium=email).",
            at="utm_source=news&utm_medium=email",
        )
    ],
    right=[Example(text="Read [our plan](https://www.example.org/plan?page=2).")],
)
def tracking(context: Context) -> Iterator[Violation]:
    """A part of an address that tracks readers."""
    for link in context.links:
        if link.target.is_web and link.target.query and not find_wrapper(link.target):
            for start, end in _find_tracking(link.address):
                yield violation_at_link(
                    link,
                    "This part of the address tracks readers.",
                    "Delete it: the page opens without it.",
                    start=start,
                    end=end,
                    replacement="",
                )


def _find_tracking(address: str) -> Iterator[tuple[int, int]]:
    """The start and end of each run of tracking parameters, with the sign that would be left over."""
    before, _, _ = address.partition("#")
    first = before.find("?") + 1
    found = [(match.start(), match.end(), is_tracking(match[0])) for match in _PARAMETER.finditer(before, first)]
    runs: list[tuple[int, int]] = []
    for number, (start, end, tracks) in enumerate(found):
        if tracks and number and found[number - 1][2]:
            runs[-1] = (runs[-1][0], end)
        elif tracks:
            runs.append((start, end))
    for start, end in runs:
        goes_on = end < len(before)
        yield (start, end + 1) if start == first and goes_on else (start - 1, end)


@rule(
    "LINK07",
    "wrapped",
    severity=Severity.WARNING,
    reason="Your own mail scanner added it: readers see a strange address, which will stop working one day.",
    wrong=[
        Example(
            text="See [the page](https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.example.org%2Fp&data=0).",
            at="https://eur02.safelinks.protection.outlook.com/",
        )
    ],
    right=[Example(text="See [the page](https://www.example.org/p).")],
)
def wrapped(context: Context) -> Iterator[Violation]:
    """An address that a mail scanner has wrapped in its own."""
    for link in context.links:
        name = find_wrapper(link.target) if link.target.is_web else ""
        if name:
            inner = unwrap(link.address)
            yield violation_at_link(
                link,
                f"{name} has wrapped its own address around this one.",
                f"Use the address inside: {inner}" if inner else "Open it, and link to the address where you arrive.",
                replacement=inner or None,
            )


RULES: tuple[Rule, ...] = (shortener, tracking, wrapped)
