"""Structure: an issue or a section with more words than `budget:` allows, and what to move. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.edition.mail.teasers import begin_text
from bulletin.edition.markdown.markdown_text import render_inline_text
from bulletin.edition.word_count import WordCount, count_longest, count_words
from bulletin.issue.item import Feature, Item
from bulletin.issue.kinds.executive_updates import ExecutiveUpdates
from bulletin.issue.kinds.notice import Notice
from bulletin.issue.kinds.priorities import Priorities
from bulletin.issue.teasers import refuse_teaser
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_TOLD = " ".join(["We listened to what families told us."] * 12)
_SECTIONS = f"""
- {{kind: article, title: What families said, text: {_TOLD}}}
- {{kind: notice, title: Office hours, text: Our office is open.}}
"""


@rule(
    "STRU15",
    "over-budget",
    severity=Severity.WARNING,
    reason="Readers give an email a few minutes. What is beyond that is not read, and hides what is before it.",
    wrong=[
        Example(sections=_SECTIONS, settings="budget: {issue: 60}", at="sections"),
        Example(sections=_SECTIONS, settings="budget: {section: 60}", at="What families said"),
    ],
    right=[
        Example(sections=_SECTIONS),
        Example(sections=_SECTIONS, settings="budget: {issue: 500, section: 250}"),
        Example(
            sections=_SECTIONS.replace("text: We", "teaser: yes, text: We", 1),
            settings="website: {url: 'https://news.anytown.example.org'}\nbudget: {issue: 80, section: 60}",
        ),
    ],
)
def over_budget(context: Context) -> Iterator[Violation]:
    """More words than `budget:` in bulletin.yaml allows an issue or a section, in the longest email of the issue."""
    budget = context.settings.budget
    if not (budget.issue or budget.section):
        return
    lists = context.settings.bulletins[context.bulletin].lists or tuple(context.settings.lists)
    count = count_longest(context.issue, lists, has_website=context.settings.website is not None)
    if budget.issue and count.total > budget.issue:
        yield Violation(
            span=context.key("sections"),
            message=f"{count.total:,} words, {count.total - budget.issue:,} over.",
            remedy=_advise(context, count),
        )
    for number, words in count.sections.items():
        if budget.section and words > budget.section:
            yield Violation(
                span=context.span("sections", number, "title"),
                message=f"This section has {words:,} words, {words - budget.section:,} over.",
                remedy=_advise_section(context, context.issue.sections[number]),
            )


def _advise(context: Context, count: WordCount) -> str:
    """`Moving “Parents’ forum” (310) to its own page saves most.`"""
    found = [(count_words(record), record) for record in _list_candidates(context, count)]
    saving = [(words, record) for words, record in found if words > len(begin_text(record).split())]
    if not saving or context.settings.website is None:
        return "Shorten it, or leave out what matters least."
    words, record = max(saving, key=lambda pair: pair[0])
    return f"Moving “{_tell_title(record)}” ({words:,}) to its own page saves most: write `teaser: yes` there."


def _list_candidates(context: Context, count: WordCount) -> Iterator[Feature]:
    """What may go to a page of its own: no task, nothing from the executive, no priority, no notice."""
    for number, section in enumerate(context.issue.sections):
        if number not in count.sections or isinstance(section, ExecutiveUpdates | Priorities | Notice):
            continue
        if section.teaser:
            continue
        around: tuple[tuple[Item, tuple[Item, ...]], ...] = ((section, ()), *((e, (section,)) for e in section.entries))
        for record, outer in around:
            if isinstance(record, Feature) and not record.teaser and refuse_teaser(record, outer) is None:
                yield record


def _advise_section(context: Context, section: Feature) -> str:
    may_move = context.settings.website is not None and not section.teaser and refuse_teaser(section) is None
    return "Shorten it, or write `teaser: yes`: all of it is then on a page of its own." if may_move else "Shorten it."


def _tell_title(record: Feature) -> str:
    title: str = getattr(record, "title", None) or getattr(record, "name", None) or ""
    return render_inline_text(title)


RULES: tuple[Rule, ...] = (over_budget,)
