"""Months: text that is repeated word for word from the last issue. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import date

from bulletin.declaration.prose import BlockKind
from bulletin.drafting.following import last_day
from bulletin.issue.dates import MONTHS, PartialDate
from bulletin.issue.item import Point
from bulletin.issue.kinds.article import Article
from bulletin.issue.kinds.campaign import Campaign, CampaignStatus
from bulletin.issue.kinds.events import Events
from bulletin.issue.kinds.executive_updates import ExecutiveUpdates
from bulletin.issue.kinds.group_update import GroupUpdate
from bulletin.issue.kinds.notice import Notice
from bulletin.issue.kinds.priorities import Priorities, Priority, PriorityStatus
from bulletin.issue.kinds.resources import Resources
from bulletin.issue.kinds.training import Training
from bulletin.issue.model import Issue
from bulletin.issue.passages import Passage, TextFormat
from bulletin.proof.context import Context, ParsedIssue
from bulletin.proof.finding import Violation
from bulletin.proof.reading.similarity import fold
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

FEWEST_WORDS = 12  # of a text that is more than a phrase
FEWEST_IN_BLOCK = 20  # words of one paragraph of several; shorter ones are often set phrases

_NEWS = (
    *(Issue, ExecutiveUpdates, Point, Priorities, Priority, Campaign, GroupUpdate),
    *(Training, Events, Article, Notice, Resources),
)
"""Records whose texts should be new in each issue."""

_LEAD = """
- kind: executive_updates
  title: Executive updates
  lead: The Executive looked at inspection, scrutiny and the reform of services for families in the borough.
  items: [{point}]
"""


@rule(
    "CONT02",
    "unchanged-text",
    severity=Severity.WARNING,
    reason="Readers who recognise last month’s news think there is no other, and stop reading.",
    wrong=[
        Example(
            before=_LEAD.format(point="We welcomed two trustees."),
            sections=_LEAD.format(point="We chose an auditor."),
            at="The Executive looked at inspection",
        )
    ],
    right=[
        Example(
            before=_LEAD.format(point="We welcomed two trustees."),
            sections=_LEAD.format(point="We chose an auditor.").replace("inspection, scrutiny", "budgets"),
        )
    ],
)
def unchanged_text(context: Context) -> Iterator[Violation]:
    """A text of twelve words or more that repeats the last issue word for word."""
    last = context.earlier[0] if context.earlier else None
    if not last:
        return
    before = _remember_texts(last)
    for passage in context.passages:
        if _is_news(passage) and not _may_stay(context, passage, before):
            for start, end in _find_unchanged(passage, before):
                old = before[fold(passage.prose.text[start:end])]
                yield violation_at(
                    passage,
                    (start, end),
                    f"The issue of {last.month} said this word for word ({last.refer(old.place)}).",
                    "Say what is new. If nothing is, say so in a line, or leave it out.",
                )


def _remember_texts(parsed: ParsedIssue) -> Mapping[str, Passage]:
    """The texts of an issue, whole and by paragraph, each with its passage."""
    found: dict[str, Passage] = {}
    for passage in parsed.passages:
        if passage.format is TextFormat.TEXT:
            for start, end in [(0, len(passage.prose.text)), *_find_blocks(passage)]:
                found.setdefault(fold(passage.prose.text[start:end]), passage)
    return found


def _find_blocks(passage: Passage) -> Iterator[tuple[int, int]]:
    """The paragraphs with content of their own, without those that only say where to write or look."""
    links = [link.start for link in passage.prose.links]
    for block in passage.prose.blocks:
        text = passage.prose.text[block.start : block.end]
        plain = block.kind in (BlockKind.PARAGRAPH, BlockKind.ENTRY) and "@" not in text
        linked = bisect_left(links, block.start) < bisect_left(links, block.end)
        if plain and not linked and len(text.split()) >= FEWEST_IN_BLOCK:
            yield block.start, block.end


def _find_unchanged(passage: Passage, before: Mapping[str, Passage]) -> Iterator[tuple[int, int]]:
    text = passage.prose.text
    if len(text.split(None, FEWEST_WORDS)) < FEWEST_WORDS:
        return
    if fold(text) in before:
        yield 0, len(text)
    else:
        yield from ((start, end) for start, end in _find_blocks(passage) if fold(text[start:end]) in before)


def _is_news(passage: Passage) -> bool:
    """Whether a text should be new each time. The introduction of a section should only if it names a month."""
    if passage.format is not TextFormat.TEXT or not isinstance(passage.record, _NEWS):
        return False
    recurring = passage.field == "introduction" and not isinstance(passage.record, Issue)
    return not recurring or bool(_MONTH.search(passage.prose.text))


_MONTH = re.compile(rf"\b(?:{'|'.join(MONTHS)})\b|\bthis month\b")
_DAY = re.compile(rf"\b([0-9]{{1,2}})(?:st|nd|rd|th)? ({'|'.join(MONTHS)})\b(?: ([0-9]{{4}}))?")


def _may_stay(context: Context, passage: Passage, before: Mapping[str, Passage]) -> bool:
    """Whether it may say the same again: a campaign with other news, a paused priority, a day still to come."""
    match passage.record:
        case Campaign() as campaign:
            old = before.get(fold(passage.prose.text))
            return campaign.status is not CampaignStatus.FINISHED and not (old and old.record == campaign)
        case Priority() as priority:
            return priority.status is PriorityStatus.PAUSED
        case Notice():
            return any(
                day >= context.issue.published for day in _find_days(passage.prose.text, context.issue.published)
            )
        case _:
            return False


def _find_days(text: str, near: date) -> Iterator[date]:
    for match in _DAY.finditer(text):
        year = int(match[3]) if match[3] else None
        yield last_day(PartialDate(year, MONTHS.index(match[2]) + 1, int(match[1])), near=near)


RULES: tuple[Rule, ...] = (unchanged_text,)
