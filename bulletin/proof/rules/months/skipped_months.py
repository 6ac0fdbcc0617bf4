"""Months: a month without an issue. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_RECENT = 3  # issues that show how often the bulletin comes out
_EASTER = """
- kind: notice
  title: Easter
  text: We are closed on 5 April 2021.
"""


@rule(
    "CONT06",
    "month-skipped",
    severity=Severity.WARNING,
    reason="If there is a month between two issues, either `month:` is wrong or readers should be told why.",
    wrong=[Example(before=_EASTER, month_before="2021-03", at="2021-05")],
    right=[Example(before=_EASTER)],
)
def month_skipped(context: Context) -> Iterator[Violation]:
    """A month without an issue between the last one and this one."""
    last = context.predecessor
    if not last or context.month - last.month < 2:
        return
    months = [parsed.month for parsed in context.earlier[: _RECENT + 1]]
    gaps = [newer - older for newer, older in pairwise(months)]
    if len(gaps) > 1 and sum(gap > 1 for gap in gaps) * 2 > len(gaps):
        return  # this bulletin comes out less often than once a month
    first, until = last.month + 1, context.month + -1
    skipped = f"{first}" if first == until else f"{first} to {until}"
    yield Violation(
        span=context.span("month"),
        message=f"The last issue is from {last.month} ({last.source.file}). There is none for {skipped}.",
        remedy="If the month is wrong, correct it. Otherwise tell readers why they had to wait.",
    )


RULES: tuple[Rule, ...] = (month_skipped,)
