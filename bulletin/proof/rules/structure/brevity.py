"""Structure: an introduction or a piece of short news that is long. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.issue.kinds.in_brief import Brief
from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

LONGEST_INTRODUCTION = 45
"""Words: about three lines of the email on a desktop."""

LONGEST_BRIEF = 30
"""Words: about four lines of a column."""

_LONG = " ".join(["We listened to families."] * 12)


@rule(
    "STRU10",
    "long-introduction",
    severity=Severity.NOTE,
    reason="Everything that readers came for is below the introduction.",
    wrong=[Example(text=_LONG, at="We listened")],
    right=[Example(text="We listened to families. This is what they said.")],
)
def long_introduction(context: Context) -> Iterator[Violation]:
    """An introduction of more than 45 words."""
    for passage in context.texts:
        if passage.place == ("introduction",) and (count := _count(passage)) > LONGEST_INTRODUCTION:
            yield _at_start(
                passage,
                f"The introduction has {count} words. Three lines hold about {LONGEST_INTRODUCTION}.",
                "Shorten it, or move what is news into a section.",
            )


@rule(
    "STRU11",
    "long-brief",
    severity=Severity.NOTE,
    reason="News in brief is two beside each other, in narrow columns. A long text there is hard to read.",
    wrong=[
        Example(
            sections=f"- {{kind: in_brief, title: In brief, items: [{{title: Families, text: {_LONG}}}]}}",
            at="We listened",
        )
    ],
    right=[
        Example(sections="- {kind: in_brief, title: In brief, items: [{title: Hubs, text: They open on Saturdays.}]}")
    ],
)
def long_brief(context: Context) -> Iterator[Violation]:
    """A piece of news in brief of more than 30 words."""
    for passage in context.texts:
        if isinstance(passage.record, Brief) and passage.field == "text" and (count := _count(passage)) > LONGEST_BRIEF:
            yield _at_start(
                passage,
                f"This has {count} words. News in brief has {LONGEST_BRIEF} at most.",
                "Shorten it and link to the rest, or make it an article.",
            )


def _count(passage: Passage) -> int:
    return len(passage.prose.text.split())


def _at_start(passage: Passage, message: str, remedy: str) -> Violation:
    """A violation at the first words of a text."""
    text = passage.prose.text
    end = min(len(text), len(" ".join(text.split()[:3])))
    return Violation(span=passage.locate(0, end), message=message, remedy=remedy)


RULES: tuple[Rule, ...] = (long_introduction, long_brief)
