"""Structure: buttons, their words and their number. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.issue.kinds.campaign import Campaign
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

LONGEST_BUTTON = 30
"""Characters that fit in a button on a phone, in one line."""

_NO_VERB = re.compile(
    r"(?:a|about|all|an|and|at|details|for|free|from|full|further|her|here|his|how|in|info|information|its|link|links|"
    r"more|my|new|of|on|online|our|page|report|the|their|this|to|website|what|when|where|why|with|your)\b",
    re.IGNORECASE,
)
"""First words that are no verb."""


def _article(button: str) -> str:
    return (
        "- kind: article\n  title: What children told us\n  text: We asked 340 children.\n"
        f"  link: https://www.example.org/340\n  button: {button}\n"
    )


@rule(
    "STRU12",
    "button-words",
    severity=Severity.NOTE,
    reason="Readers press a button if it says what they do and what they get, and fits on a phone.",
    wrong=[
        Example(sections=_article("Our report"), at="Our report"),
        Example(sections=_article("Read the report about what children told us"), at="Read the report"),
    ],
    right=[Example(sections=_article("Read the report"))],
)
def button_words(context: Context) -> Iterator[Violation]:
    """A button of more than 30 characters, or one that doesn’t begin with a verb."""
    for passage in context.texts:
        if passage.field != "button":
            continue
        words, whole = passage.prose.text, (0, len(passage.prose.text))
        if len(words) > LONGEST_BUTTON:
            message = f"This button has {len(words)} characters. On a phone, {LONGEST_BUTTON} fit in one line."
            yield violation_at(passage, whole, message, "Use a verb, and the one thing that readers get.")
        elif _NO_VERB.match(words):
            message = "This button doesn’t say what readers do."
            yield violation_at(passage, whole, message, "Begin it with a verb, as in “Read the report”.")


_CAMPAIGN = """
- kind: campaign
  title: Safer sleep
  {top}
  text: Winter is here.
  ask: {{text: Share the poster., button: Get the posters, link: "https://www.example.org/posters"}}
  link: https://www.example.org/sleep
  button: Read about sleep
"""


@rule(
    "STRU13",
    "two-filled-buttons",
    severity=Severity.WARNING,
    reason="A filled button says “this one”. Beside a second one, it says nothing.",
    wrong=[Example(sections=_CAMPAIGN.format(top="top_story: yes"), at="Read about sleep")],
    right=[Example(sections=_CAMPAIGN.format(top="kicker: no"))],
)
def two_filled_buttons(context: Context) -> Iterator[Violation]:
    """A top story that is a campaign with an ask and a button of its own."""
    for record in context.records:
        campaign = record.value
        if isinstance(campaign, Campaign) and campaign.top_story and campaign.ask and campaign.button:
            yield Violation(
                span=context.span(*record.place, "button"),
                message="This section has two filled buttons: this one and that of its ask.",
                remedy="Remove `button:`, and keep what you ask of readers.",
            )


RULES: tuple[Rule, ...] = (button_words, two_filled_buttons)
