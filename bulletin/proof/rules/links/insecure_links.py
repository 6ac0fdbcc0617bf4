"""Links: addresses that begin with http. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.links.hosts import explain_closed, read_target
from bulletin.proof.reporting import violation_at_link
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.vocabulary import own_addresses
from bulletin.settings.proof import Severity

_ALWAYS_SAFE = re.compile(
    r"(?:[a-z0-9-]+\.)*(?:gov\.uk|nhs\.uk|parliament\.uk|bbc\.co\.uk|youtube\.com|wikipedia\.org)"
)


@rule(
    "LINK03",
    "http",
    severity=Severity.WARNING,
    reason="With http, anyone on the way can read and change a page, so browsers warn readers.",
    wrong=[Example(text="Read [our plan](http://www.example.org/plan).", at="http")],
    right=[Example(text="Read [our plan](https://www.example.org/plan).")],
)
def http(context: Context) -> Iterator[Violation]:
    """An address that begins with http instead of https."""
    secure = {link.target.host for link in context.links if link.target.scheme == "https"}
    secure |= {read_target(address).host for address in own_addresses(context) if address.startswith("https:")}
    for link in context.links:
        target = link.target
        if target.scheme != "http" or not target.is_web or explain_closed(target):
            continue
        known = (target.host in secure or _ALWAYS_SAFE.fullmatch(target.host)) and target.port is None
        yield violation_at_link(
            link,
            "This address begins with http, which is not secure.",
            "Begin it with https." if known else "Open it with https. If that works, use https here.",
            end=len("http"),
            replacement="https" if known and link.address.startswith("http:") else None,
        )


RULES: tuple[Rule, ...] = (http,)
