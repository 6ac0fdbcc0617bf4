"""Links: addresses one slip away from one that is used elsewhere. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.links.hosts import read_target
from bulletin.proof.links.written import WrittenLink
from bulletin.proof.reading.lookalikes import find_lookalikes
from bulletin.proof.reporting import violation_at, violation_at_link
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.vocabulary import own_addresses
from bulletin.settings.proof import Severity

_OWN_WEIGHT = 1000  # uses that one address in bulletin.yaml counts for
_ISSUES_BACK = 3


@rule(
    "LINK09",
    "lookalike-domain",
    severity=Severity.WARNING,
    reason="An address that is one letter off leads nowhere, or to a site set up to catch such mistakes.",
    wrong=[
        Example(
            text="See [our plan](https://www.anytown.org.uk/plan), [our aims](https://www.anytown.org.uk/aims) and "
            "[our team](https://www.antyown.org.uk/team).",
            at="https://www.antyown.org.uk/team",
        ),
        Example(text="Write to friends@hatchlibrary,org.uk for a form.", at="friends@hatchlibrary,org"),
    ],
    right=[Example(text="See [our plan](https://www.anytown.org.uk/plan) and [theirs](https://www.othertown.org.uk).")],
)
def lookalike_domain(context: Context) -> Iterator[Violation]:
    """A domain that is one letter off a domain used elsewhere, or an email address with a comma."""
    yield from _find_commas(context)
    domains = [_name_domain(link) for link in context.links]
    known = Counter(domain for domain in domains if domain)
    for parsed in context.earlier[:_ISSUES_BACK]:
        known.update(domain for link in parsed.links if (domain := _name_domain(link)))
    for address in own_addresses(context):
        known[read_target(address).domain.removeprefix("www.")] += _OWN_WEIGHT
    wrong = find_lookalikes((domain for domain in domains if domain), known)
    for link, domain in zip(context.links, domains, strict=True):
        if domain in wrong:
            yield violation_at_link(
                link,
                f"{domain} is one letter off {wrong[domain]}, which is used elsewhere.",
                f"Did you mean {wrong[domain]}?",
            )


_COMMA = re.compile(r"[\w.+-]{1,60}@[\w-]{2,60}(?P<comma>,)(?:org|com|co|gov|ac|nhs|net|sch|police|uk)\b")


def _find_commas(context: Context) -> Iterator[Violation]:
    """Email addresses with a comma for a full stop, which are no links, so that nothing else looks at them."""
    for passage in context.texts:
        for match in _COMMA.finditer(passage.prose.text) if "@" in passage.prose.text else ():
            message = f"“{match[0]}” is no email address: it has a comma."
            yield violation_at(passage, match, message, "Write a full stop instead.")


def _name_domain(link: WrittenLink) -> str:
    return link.target.domain.removeprefix("www.")


RULES: tuple[Rule, ...] = (lookalike_domain,)
