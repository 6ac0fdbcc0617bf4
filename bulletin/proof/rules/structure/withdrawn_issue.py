"""Structure: an issue that was taken away again. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.issue.archiving import WITHDRAWN_REASON, WITHDRAWN_REMEDY
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity


@rule(
    "STRU18",
    "withdrawn-issue",
    severity=Severity.WARNING,
    reason="An issue that was taken away from the web archive had a reason to go. It must not go out by email again.",
    wrong=[
        Example(header="withdrawn: 10 May 2021", at="10 May 2021"),
        Example(header="withdrawn: yes", at="yes"),
    ],
    right=[Example(header="withdrawn: no")],
)
def withdrawn_issue(context: Context) -> Iterator[Violation]:
    """An issue that says it was withdrawn: `send` refuses it."""
    if context.issue.withdrawn:
        yield Violation(span=context.span("withdrawn"), message=WITHDRAWN_REASON, remedy=WITHDRAWN_REMEDY)


RULES: tuple[Rule, ...] = (withdrawn_issue,)
