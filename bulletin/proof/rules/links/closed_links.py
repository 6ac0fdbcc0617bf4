"""Links: addresses that readers outside the organisation can't open. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.links.hosts import explain_closed
from bulletin.proof.reporting import violation_at, violation_at_link
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_DRIVE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]:\\[A-Za-z0-9][^\s“”\"<>|]*|\bfile:/{2,3}[^\s“”\"<>|]+")
_SHARE = re.compile(r"(?<!\S)\\\\?[A-Za-z][A-Za-z0-9-]{2,}\\[A-Za-z0-9$][^\s“”\"<>|]*")


@rule(
    "LINK04",
    "closed-address",
    severity=Severity.WARNING,
    reason="Readers outside your organisation are asked to sign in, or get nothing at all.",
    wrong=[
        Example(text="Read [the minutes](https://anytown.sharepoint.com/sites/board/m.docx).", at="https://anytown."),
        Example(text="The form is at S:\\Shared\\Forms.", at="S:\\Shared"),
    ],
    right=[Example(text="Read [the minutes](https://www.example.org/board/2021-04).")],
)
def closed_address(context: Context) -> Iterator[Violation]:
    """An address that only people in one organisation can open: SharePoint, an intranet, a drive."""
    for link in context.links:
        if link.target.is_web and (why := explain_closed(link.target)):
            yield violation_at_link(
                link,
                f"Readers outside your organisation can’t open this: {why}.",
                "Put it where everyone can open it, and link to that.",
            )
    texts = (passage for passage in context.texts if "\\" in passage.written or "file:" in passage.written)
    for passage, match in context.matches(_DRIVE, _SHARE, texts=texts):
        end = match.start() + len(match[0].rstrip(".,;:!?)’'"))
        yield violation_at(
            passage,
            (match.start(), end),
            "Readers outside your organisation can’t open this: it is on your own drive.",
            "Put it where everyone can open it, and link to that.",
        )


RULES: tuple[Rule, ...] = (closed_address,)
