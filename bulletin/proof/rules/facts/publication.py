"""Facts: an issue that comes out on a day when hardly anyone is at work. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.issue.holidays import describe_day_off
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.dates.found_dates import format_day
from bulletin.settings.proof import Severity


@rule(
    "FACT14",
    "published-on-a-day-off",
    severity=Severity.WARNING,
    reason="An email that comes on a Sunday or a bank holiday is at the bottom of the inbox on the next working day.",
    wrong=[
        Example(published="3 May 2021", at="3 May 2021"),
        Example(published="9 May 2021", at="9 May 2021"),
        Example(published="12 July 2021", month="2021-07", settings="proof: {nation: northern-ireland}", at="12 July"),
    ],
    right=[Example(published="4 May 2021"), Example(published="12 July 2021", month="2021-07")],
)
def published_on_a_day_off(context: Context) -> Iterator[Violation]:
    """An issue that is published on a Sunday or a bank holiday."""
    day = context.issue.published
    off = describe_day_off(day, context.settings.proof.nation)
    if off:
        message = f"{format_day(day)} is {off}."
        yield Violation(span=context.span("published"), message=message, remedy="Publish it on a working day.")


RULES: tuple[Rule, ...] = (published_on_a_day_off,)
