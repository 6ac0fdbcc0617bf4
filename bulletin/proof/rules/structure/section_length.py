"""Structure: a section far longer than the others. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

LONG = 400
"""Words above which a section can be too long beside the others."""

TIMES = 4


@rule(
    "STRU06",
    "section-far-longer",
    severity=Severity.NOTE,
    reason="Readers pick out what concerns them, and one long text buries everything after it.",
    wrong=[
        Example(
            sections="- {kind: article, title: The long read, text: "
            + " ".join(["We listened to what families told us."] * 70)
            + "}\n"
            + "\n".join(f"- {{kind: notice, title: Notice {n}, text: The office is open.}}" for n in range(3)),
            at="The long read",
        )
    ],
    right=[Example(sections="- {kind: article, title: A short read, text: We listened to families.}")],
)
def section_far_longer(context: Context) -> Iterator[Violation]:
    """A section of more than 400 words that is more than four times as long as most."""
    lengths = _count_words(context)
    usual = median(lengths)
    for number, length in enumerate(lengths):
        if len(lengths) > 2 and length > LONG and length > TIMES * usual:
            yield Violation(
                span=context.span("sections", number, "title"),
                message=f"This section has {length:,} words; most others have about {usual:,.0f}.",
                remedy="Shorten it, or put the whole text on a page and link to it.",
            )


def _count_words(context: Context) -> list[int]:
    counts = [0] * len(context.issue.sections)
    for passage in context.texts:
        if passage.section is not None:
            counts[passage.section] += len(passage.prose.text.split())
    return counts


RULES: tuple[Rule, ...] = (section_far_longer,)
