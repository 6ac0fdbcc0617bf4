"""Lists in a text without a |, which YAML joins into one paragraph. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.issue.passages import Passage, TextFormat
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.typed_lines import FoldedList, find_folded_list
from bulletin.proof.reporting import report_anywhere
from bulletin.proof.rule import Example, Rule, rule, takes_precedence
from bulletin.settings.proof import Severity


@takes_precedence(3)
@rule(
    "MARK03",
    "folded-list",
    severity=Severity.ERROR,
    reason="Without a | the end of a line means a space, so readers get one paragraph with dashes in it.",
    wrong=[
        Example(
            sections="""
            - kind: notice
              title: The champions meet
              text: >-
                We will cover:
                - online safety
                - carers
            """,
            at="- online safety",
        ),
    ],
    right=[
        Example(text="We will cover:\n- online safety\n- carers"),
        Example(
            sections="""
            - kind: notice
              title: The champions meet
              text: >-
                The course – free for all
                – takes two hours.
            """
        ),
    ],
)
def folded_list(context: Context) -> Iterator[Violation]:
    """A list in a text that begins with >- or without a mark, so that its lines are joined."""
    yield from report_anywhere(context, _check)


def _check(passage: Passage) -> Iterator[Violation]:
    if passage.format is TextFormat.TEXT and (found := find_folded_list(passage)):
        yield Violation(
            span=found.span,
            message="This list becomes one paragraph, because the ends of its lines are joined.",
            remedy=_explain(passage, found),
        )


def _explain(passage: Passage, found: FoldedList) -> str:
    name = passage.place[-1] if isinstance(passage.place[-1], str) else passage.field
    if found.style == ">":
        return f"Write | after “{name}:” in place of the >, so that each line of the list stays one."
    return f"Write | after “{name}:”, begin the text on the next line, and leave out quotation marks around it."


RULES: tuple[Rule, ...] = (folded_list,)
