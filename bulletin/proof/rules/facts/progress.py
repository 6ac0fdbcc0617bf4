"""Facts: steps and campaigns whose time is over, and a status that goes back. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.declaration.source import Place
from bulletin.issue.kinds.campaign import Campaign, CampaignStatus
from bulletin.issue.kinds.priorities import Milestone, Priority, PriorityStatus
from bulletin.proof.context import Context, ParsedIssue
from bulletin.proof.finding import Violation
from bulletin.proof.reading.similarity import fold_title
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_PRIORITY = """
- kind: priorities
  title: Our priorities
  items:
    - number: 6
      title: Neglect
      status: {status}
      led_by: Anytown Council
      summary: The plan moved on.
      next: We share what we learned.
      milestones:
        - {{date: {date} 2021, text: The first phase ends{done}}}
"""


@rule(
    "FACT11",
    "step-in-the-past",
    severity=Severity.WARNING,
    reason="Readers want to know whether a step that was due has happened.",
    wrong=[Example(sections=_PRIORITY.format(status="under way", date="March", done=""), at="March 2021")],
    right=[
        Example(sections=_PRIORITY.format(status="under way", date="March", done=", done: yes")),
        Example(sections=_PRIORITY.format(status="under way", date="June", done="")),
    ],
)
def step_in_the_past(context: Context) -> Iterator[Violation]:
    """A planned step whose time is over, without a word on whether it is done."""
    published = context.issue.published
    for record in context.records:
        step = record.value
        if not isinstance(step, Milestone) or step.done is not None:
            continue
        end = step.until or step.date
        if end.year and end.latest(year=published.year) < published:
            yield Violation(
                span=context.span(*record.place, "until" if step.until else "date"),
                message=f"This step was due by {end}, and nothing says that it is done.",
                remedy="Add `done: yes`, or give its new date and say why it moved.",
            )


_CAMPAIGN = """
- kind: campaign
  title: Coping with crying
  status: {status}
  ends: {ends} 2021
  text: The campaign is for parents. More follows.
  ask: {{text: Share it., button: See the posters, link: "https://www.example.org/posters"}}
"""


@rule(
    "FACT12",
    "campaign-over",
    severity=Severity.WARNING,
    reason="Readers are asked to join in something that has ended.",
    wrong=[Example(sections=_CAMPAIGN.format(status="running", ends="28 April"), at="28 April 2021")],
    right=[
        Example(sections=_CAMPAIGN.format(status="finished", ends="28 April")),
        Example(sections=_CAMPAIGN.format(status="running", ends="28 May")),
    ],
)
def campaign_over(context: Context) -> Iterator[Violation]:
    """A campaign that is called planned or running, although its last day is over."""
    published = context.issue.published
    for number, section in enumerate(context.issue.sections):
        if not isinstance(section, Campaign) or not section.ends or section.status is CampaignStatus.FINISHED:
            continue
        if section.ends.latest(year=published.year) < published:
            yield Violation(
                span=context.span("sections", number, "ends"),
                message=f"This campaign ended ({section.ends}), but its status is “{section.status}”.",
                remedy="Write `status: finished`, or correct the day.",
            )


_PRIORITY_ORDER = {PriorityStatus.PLANNED: 0, PriorityStatus.UNDER_WAY: 1, PriorityStatus.CLOSED: 2}
_CAMPAIGN_ORDER = {CampaignStatus.PLANNED: 0, CampaignStatus.RUNNING: 1, CampaignStatus.FINISHED: 2}


@rule(
    "FACT13",
    "status-goes-back",
    severity=Severity.WARNING,
    reason="Work that was under way can’t be planned again. Readers see that one of the two is wrong.",
    wrong=[
        Example(
            before=_PRIORITY.format(status="under way", date="June", done=""),
            sections=_PRIORITY.format(status="planned", date="June", done=""),
            at="planned",
        )
    ],
    right=[
        Example(
            before=_PRIORITY.format(status="planned", date="June", done=""),
            sections=_PRIORITY.format(status="under way", date="June", done=""),
        )
    ],
)
def status_goes_back(context: Context) -> Iterator[Violation]:
    """A priority or a campaign whose status is an earlier one than in the last issue."""
    now = list(_find_states(context))
    last = context.predecessor if now else None
    if not last:
        return
    before = {key: (place, status, order) for key, place, status, order in _find_states(last)}
    for key, place, status, order in now:
        if key in before and order < before[key][2]:
            old = before[key]
            yield Violation(
                span=context.span(*place, "status"),
                message=f"It was “{old[1]}” in the issue of {last.month} ({last.refer(old[0])}). Now it is “{status}”.",
                remedy="Correct the status, or say in the text why it began again.",
            )


def _find_states(parsed: ParsedIssue) -> Iterator[tuple[object, Place, str, int]]:
    """Each priority and campaign: what identifies it, its place, its status, and how far that is."""
    for record in parsed.records:
        value = record.value
        if isinstance(value, Priority) and value.status in _PRIORITY_ORDER:
            yield ("priority", value.number), record.place, str(value.status), _PRIORITY_ORDER[value.status]
        elif isinstance(value, Campaign):
            order = _CAMPAIGN_ORDER[value.status] * 1000 + (value.phase.number if value.phase else 0)
            shown = f"{value.status}, {str(value.phase).lower()}" if value.phase else str(value.status)
            yield ("campaign", fold_title(value.title)), record.place, shown, order


RULES: tuple[Rule, ...] = (step_in_the_past, campaign_over, status_goes_back)
