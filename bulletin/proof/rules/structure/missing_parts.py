"""Structure: sections and items without what readers need from them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.declaration.prose import BlockKind
from bulletin.issue.kinds.campaign import Campaign, CampaignStatus
from bulletin.issue.kinds.priorities import Priority, PriorityStatus
from bulletin.issue.kinds.resources import Resource, ResourceKind
from bulletin.issue.passages import Passage, TextFormat
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity


@rule(
    "STRU01",
    "empty-section",
    severity=Severity.WARNING,
    reason="A heading with nothing below it looks like a mistake.",
    wrong=[Example(sections="- {kind: article, title: News from the nursery, text: —}", at="—")],
    right=[Example(sections="- {kind: article, title: News from the nursery, text: Our children planted beans.}")],
)
def empty_section(context: Context) -> Iterator[Violation]:
    """A text without words."""
    for passage in context.texts:
        if passage.format is TextFormat.TEXT and not _has_words(passage):
            yield Violation(
                span=context.span(*passage.place),
                message="There are no words here.",
                remedy="Write it, or delete it.",
            )


def _has_words(passage: Passage) -> bool:
    text = passage.prose.text
    blocks = (block for block in passage.prose.blocks if block.kind is not BlockKind.HEADING)
    return any(char.isalnum() for block in blocks for char in text[block.start : block.end])


@rule(
    "STRU02",
    "priority-without-next-step",
    severity=Severity.WARNING,
    reason="Readers want to know who leads each priority, and what happens next.",
    wrong=[
        Example(
            sections="""
            - kind: priorities
              title: Our priorities
              items:
                - number: 7
                  title: Young carers
                  status: under way
                  summary: The group heard from six schools.
            """,
            at="Young carers",
        )
    ],
    right=[
        Example(
            sections="""
            - kind: priorities
              title: Our priorities
              items:
                - number: 7
                  title: Young carers
                  status: under way
                  led_by: School nursing
                  summary: The group heard from six schools.
                  next: We report in July 2021.
            """
        )
    ],
)
def priority_without_next_step(context: Context) -> Iterator[Violation]:
    """An open priority without a next step or milestone, or without milestones and a lead."""
    for record in context.records:
        priority = record.value
        if isinstance(priority, Priority) and priority.status is not PriorityStatus.CLOSED:
            ahead = priority.next or priority.milestones or priority.follow_up
            if not ahead or not (priority.led_by or priority.milestones):
                what = "what comes next" if not ahead else "who leads it"
                yield Violation(
                    span=context.span(*record.place, "title"),
                    message=f"Priority {priority.number} doesn’t say {what}.",
                    remedy="Fill in `next:` or `milestones:`." if not ahead else "Fill in `led_by:`.",
                )


_UNDATED = frozenset({ResourceKind.WEBSITE, ResourceKind.TEMPLATE, ResourceKind.TOOLKIT})


@rule(
    "STRU03",
    "resource-without-source",
    severity=Severity.WARNING,
    reason="Readers decide by publisher and date whether to open a resource.",
    wrong=[
        Example(
            sections="""
            - kind: resources
              title: Reading list
              groups:
                - title: Reports
                  items:
                    - {title: Why records matter, link: "https://research.example.org/records", date: 29 March 2021}
            """,
            at="Why records matter",
        )
    ],
    right=[
        Example(
            sections="""
            - kind: resources
              title: Reading list
              groups:
                - title: Reports
                  items:
                    - title: Why records matter
                      link: https://research.example.org/records
                      publishers: Community Care
                      date: 29 March 2021
            """
        )
    ],
)
def resource_without_source(context: Context) -> Iterator[Violation]:
    """A resource without its publisher or date. Websites, templates and toolkits need no date."""
    for record in context.records:
        resource = record.value
        if isinstance(resource, Resource):
            parts = (("publisher", bool(resource.publishers)), ("date", _dated(resource)))
            if missing := [name for name, there in parts if not there]:
                yield Violation(
                    span=context.span(*record.place, "title"),
                    message=f"This resource has no {' and no '.join(missing)}.",
                    remedy="Fill in `publishers:` and `date:`, so readers can tell whether to open it.",
                )


def _dated(resource: Resource) -> bool:
    return resource.date is not None or resource.kind in _UNDATED


_ASKS = re.compile(
    r"\b[Pp]lease\b|\bhelp us\b|(?:^|[.!?:;]\s+)(?:Share|Visit|Download|Join|Sign|Ask|Tell|Watch|Order|Contact|"
    r"Register|Book|Help|Take|Use|Put|Pass|Talk|Read|Find|Look|Call|Write|Send|Print|Show|Follow|Come|Learn|Get)\b"
)


@rule(
    "STRU05",
    "campaign-asks-nothing",
    severity=Severity.WARNING,
    reason="A campaign wants readers to do something. If it doesn’t say what, they do nothing.",
    wrong=[
        Example(
            sections="- {kind: campaign, title: Safer sleep, text: Babies sleep best in a cool room.}", at="Safer sleep"
        )
    ],
    right=[
        Example(
            sections="""
            - kind: campaign
              title: Safer sleep
              text: Babies sleep best in a cool room. Please tell every new parent.
            """
        )
    ],
)
def campaign_asks_nothing(context: Context) -> Iterator[Violation]:
    """A running campaign without an ask, something to do, a link, material to use, or a promise of more."""
    for record in context.records:
        campaign = record.value
        if isinstance(campaign, Campaign) and campaign.status is CampaignStatus.RUNNING:
            given = (
                campaign.ask or campaign.do or campaign.link or campaign.links or campaign.assets or campaign.follow_up
            )
            if not given and "](" not in campaign.text and not _ASKS.search(campaign.text):
                yield Violation(
                    span=context.span(*record.place, "title"),
                    message="This campaign doesn’t ask readers to do anything.",
                    remedy="Say under `ask:` what they can do, with a button that takes them there.",
                )


RULES: tuple[Rule, ...] = (empty_section, priority_without_next_step, resource_without_source, campaign_asks_nothing)
