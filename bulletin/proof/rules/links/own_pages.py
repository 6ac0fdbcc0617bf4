"""Links: addresses of your own website that name a bulletin which isn't there. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from urllib.parse import urlsplit

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import violation_at_link
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

# What only a bulletin has: its latest issue, an issue, its feed, its calendar.
_PAGE = re.compile(
    r"(?P<name>[^/]+)/(?:(?P<latest>latest)|(?P<month>[0-9]{4}-[0-9]{2})(?:-[a-z0-9]+)?|feed\.xml|calendar\.ics)(?:/.*)?"
)
_WITH_WEBSITE = "website: {url: 'https://bulletin.anytown.example.org'}"


@rule(
    "LINK18",
    "no-such-bulletin",
    severity=Severity.ERROR,
    reason="The link leads to a page that is never there, so readers don’t come to your other bulletin.",
    wrong=[
        Example(
            text="Read [the latest training bulletin](https://bulletin.anytown.example.org/trainning/latest/).",
            settings=_WITH_WEBSITE,
            at="trainning",
        ),
        Example(
            text="Read [our courses in April](https://bulletin.anytown.example.org/courses/2021-04/).",
            settings=_WITH_WEBSITE,
            at="courses",
        ),
    ],
    right=[
        Example(
            text="Read [the latest issue](https://bulletin.anytown.example.org/monthly/latest/).",
            settings=_WITH_WEBSITE,
        )
    ],
)
def no_such_bulletin(context: Context) -> Iterator[Violation]:
    """An address of your website that names a bulletin which bulletin.yaml doesn’t have."""
    website = context.settings.website
    if website is None:
        return
    own = urlsplit(website.url)
    base, known = own.path.rstrip("/") + "/", list(context.settings.bulletins)
    for link in context.links:
        target = link.target
        if not target.is_web or target.host != (own.hostname or "").lower() or not target.path.startswith(base):
            continue
        match = _PAGE.fullmatch(target.path.removeprefix(base))
        if match is None or match["name"] in {*known, "issues"}:
            continue
        name = match["name"]
        start = link.address.find(f"/{name}/") + 1
        near = get_close_matches(name, known, n=1)
        yield violation_at_link(
            link,
            f"There is no bulletin called “{name}” in bulletin.yaml, so this page is never there.",
            f"Write {near[0]}." if near else f"Your bulletins are: {', '.join(known)}.",
            start=start,
            end=start + len(name),
            replacement=near[0] if near else None,
        )


RULES: tuple[Rule, ...] = (no_such_bulletin,)
