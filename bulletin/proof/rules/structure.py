"""Structure: sections without words, priorities without a next step, entries out of order. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from statistics import median

from bulletin.declaration.prose import BlockKind
from bulletin.declaration.source import Place
from bulletin.issue.item import Session
from bulletin.issue.kinds.article import Article
from bulletin.issue.kinds.campaign import Campaign, CampaignStatus
from bulletin.issue.kinds.events import Event, Events
from bulletin.issue.kinds.priorities import Milestone, Priority, PriorityStatus
from bulletin.issue.kinds.resources import Resource, ResourceKind
from bulletin.issue.kinds.training import Course
from bulletin.issue.passages import Passage, Record, TextFormat
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.similarity import fold_title
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity


@rule(
    "STRU01",
    "empty-section",
    severity=Severity.WARNING,
    reason="A heading with nothing below it looks like a mistake, because it is one.",
    wrong=[Example(sections="- {kind: article, title: News from the nursery, text: —}", at="—")],
    right=[Example(sections="- {kind: article, title: News from the nursery, text: Our children planted beans.}")],
)
def empty_section(context: Context) -> Iterator[Violation]:
    """A text that has no words."""
    for passage in context.texts:
        if passage.format is TextFormat.TEXT and not _has_words(passage):
            yield Violation(
                span=context.span(*passage.place),
                message="There are no words here.",
                remedy="Write it, or take it out.",
            )


def _has_words(passage: Passage) -> bool:
    text = passage.prose.text
    blocks = (block for block in passage.prose.blocks if block.kind is not BlockKind.HEADING)
    return any(char.isalnum() for block in blocks for char in text[block.start : block.end])


@rule(
    "STRU02",
    "priority-without-next-step",
    severity=Severity.WARNING,
    reason="Readers want to know of each priority who leads it, and what happens next.",
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
    """An open priority that has neither a next step nor dated ones; or, without dated ones, nobody who leads it."""
    for record in context.records:
        priority = record.value
        if isinstance(priority, Priority) and priority.status is not PriorityStatus.CLOSED:
            ahead = priority.next or priority.milestones or priority.follow_up
            if not ahead or not (priority.led_by or priority.milestones):
                what = "what comes next" if not ahead else "who leads it"
                yield Violation(
                    span=context.span(*record.place, "title"),
                    message=f"Priority {priority.number} does not say {what}.",
                    remedy="Fill in `next:` or `milestones:`." if not ahead else "Fill in `led_by:`.",
                )


_UNDATED = frozenset({ResourceKind.WEBSITE, ResourceKind.TEMPLATE, ResourceKind.TOOLKIT})


@rule(
    "STRU03",
    "resource-without-source",
    severity=Severity.WARNING,
    reason="Who published it, and when, is what tells a reader whether to open it.",
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
    """A resource that does not say who published it, or when. Websites, templates and toolkits need no date."""
    for record in context.records:
        resource = record.value
        if isinstance(resource, Resource):
            parts = (("publisher", bool(resource.publishers)), ("date", _dated(resource)))
            if missing := [name for name, there in parts if not there]:
                yield Violation(
                    span=context.span(*record.place, "title"),
                    message=f"This resource has no {' and no '.join(missing)}.",
                    remedy="Fill in `publishers:` and `date:`, so that readers can judge it.",
                )


def _dated(resource: Resource) -> bool:
    return resource.date is not None or resource.kind in _UNDATED


@rule(
    "STRU04",
    "out-of-order",
    severity=Severity.WARNING,
    reason="Readers run down a list of dates until they meet theirs; one out of order is not found.",
    wrong=[
        Example(
            sections="""
            - kind: events
              title: Days to keep free
              items:
                - {title: Forum, date: 22 September 2021}
                - {title: Workshop, date: 10 June 2021}
            """,
            at="10 June 2021",
        )
    ],
    right=[
        Example(
            sections="""
            - kind: events
              title: Days to keep free
              items:
                - {title: Workshop, date: 10 June 2021}
                - {title: Forum, date: 22 September 2021}
            """
        )
    ],
)
def out_of_order(context: Context) -> Iterator[Violation]:
    """Events, sessions or dated steps that are not in the order of their dates."""
    for record in context.records:
        value = record.value
        if isinstance(value, Events):
            yield from _check_order(context, (*record.place, "items"), value.items)
        elif isinstance(value, Course):
            yield from _check_order(context, (*record.place, "sessions"), value.sessions)
        elif isinstance(value, Priority):
            yield from _check_order(context, (*record.place, "milestones"), value.milestones)


def _check_order(context: Context, place: Place, entries: Sequence[Session | Milestone]) -> Iterator[Violation]:
    """A violation on the first entry that comes after a later one."""
    for number, (before, after) in enumerate(pairwise(entries), 1):
        if _end(after, context) < _begin(before, context):
            yield Violation(
                span=context.span(*place, number, "date"),
                message=f"{after.date} comes after {before.date} in this list.",
                remedy="Put the entries in the order of their dates.",
            )
            return


def _begin(entry: Session | Milestone, context: Context) -> date:
    return entry.date.earliest(year=context.issue.published.year)


def _end(entry: Session | Milestone, context: Context) -> date:
    return entry.date.latest(year=context.issue.published.year)


_ASKS = re.compile(
    r"\b[Pp]lease\b|\bhelp us\b|(?:^|[.!?:;]\s+)(?:Share|Visit|Download|Join|Sign|Ask|Tell|Watch|Order|Contact|"
    r"Register|Book|Help|Take|Use|Put|Pass|Talk|Read|Find|Look|Call|Write|Send|Print|Show|Follow|Come|Learn|Get)\b"
)


@rule(
    "STRU05",
    "campaign-asks-nothing",
    severity=Severity.WARNING,
    reason="A campaign wants something of its readers; one that does not say what gets nothing.",
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
    """A running campaign without an ask, a link, something to use, or a promise of more."""
    for record in context.records:
        campaign = record.value
        if isinstance(campaign, Campaign) and campaign.status is CampaignStatus.RUNNING:
            given = campaign.ask or campaign.links or campaign.assets or campaign.follow_up
            if not given and "](" not in campaign.text and not _ASKS.search(campaign.text):
                yield Violation(
                    span=context.span(*record.place, "title"),
                    message="This campaign asks nothing of its readers.",
                    remedy="Say under `ask:` what they can do, with a button that leads there.",
                )


LONG = 400
"""Words from which a section can be too long beside the others."""

TIMES = 4


@rule(
    "STRU06",
    "section-far-longer",
    severity=Severity.NOTE,
    reason="Readers of a bulletin pick what concerns them; one long text buries what follows it.",
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
    """A section of more than 400 words, and more than four times as long as most."""
    lengths = _count_words(context)
    usual = median(lengths)
    for number, length in enumerate(lengths):
        if len(lengths) > 2 and length > LONG and length > TIMES * usual:
            yield Violation(
                span=context.span("sections", number, "title"),
                message=f"This section has {length:,} words; most here have about {usual:,.0f}.",
                remedy="Shorten it, or put the whole text on a page and link to it.",
            )


def _count_words(context: Context) -> list[int]:
    counts = [0] * len(context.issue.sections)
    for passage in context.texts:
        if passage.section is not None:
            counts[passage.section] += len(passage.prose.text.split())
    return counts


@rule(
    "STRU07",
    "title-twice",
    severity=Severity.WARNING,
    reason="The same title twice, with two dates or two texts, leaves readers to guess which one is right.",
    wrong=[
        Example(
            sections="""
            - kind: events
              title: Days to keep free
              items:
                - {title: Coffee morning, date: 12 June 2021}
                - {title: Coffee morning, date: 14 June 2021}
            """,
            at="Coffee morning",
        )
    ],
    right=[
        Example(
            sections="""
            - kind: events
              title: Days to keep free
              items:
                - {title: Coffee morning at the library, date: 12 June 2021}
                - {title: Coffee morning at the park, date: 14 June 2021}
            """
        )
    ],
)
def title_twice(context: Context) -> Iterator[Violation]:
    """Two entries of a section with one title, or two sections of a kind with one title."""
    first: dict[tuple[object, ...], Record] = {}
    for record in context.records:
        title = getattr(record.value, "title", None)
        if not isinstance(title, str) or not isinstance(record.place[-1], int):
            continue
        key = (record.place[:-1], type(record.value), fold_title(title))
        twin = first.setdefault(key, record)
        if twin is not record and _have_a_reader_in_common(twin, record) and not _is_told_elsewhere(twin, record):
            yield Violation(
                span=context.span(*record.place, "title"),
                message=f"“{title}” is here twice: also in line {context.span(*twin.place, 'title').line}.",
                remedy="If one is a correction of the other, take the old one out. If not, say in the titles how they "
                "differ.",
            )


def _have_a_reader_in_common(one: Record, other: Record) -> bool:
    lists = [set(getattr(record.value, "for_", ())) for record in (one, other)]
    return not all(lists) or bool(lists[0] & lists[1])


def _is_told_elsewhere(one: Record, other: Record) -> bool:
    """Whether `repeated-entry` tells of it, or the two say themselves how they differ."""
    match one.value, other.value:
        case (Event(), Event()):
            return one.value.date == other.value.date
        case (Resource(), Resource()) | (Article(), Article()):
            return True
    return False


RULES: tuple[Rule, ...] = (
    empty_section,
    priority_without_next_step,
    resource_without_source,
    out_of_order,
    campaign_asks_nothing,
    section_far_longer,
    title_twice,
)
