"""Facts: a number in words that is right for some readers only, because others get fewer of these things. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bulletin.issue.audience import PUBLIC, Audience, find_widest
from bulletin.issue.item import Item
from bulletin.issue.passages import Passage
from bulletin.issue.sections import Section
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.facts.counts import find_ahead, find_entries, is_label, list_nouns
from bulletin.proof.rules.facts.head_counts import read_number
from bulletin.settings.proof import Severity

_HEADS = (("subject",), ("preview_text",), ("introduction",))
_IN_HEAD = {"events": "events|dates", "training": "courses|workshops", "priorities": "priorities"}
"""What the head of an issue calls the entries of a section."""
_SECTIONS = {"campaign": "campaigns", "video": "films|videos"}
"""What it calls sections themselves."""


def _events(mark: str) -> str:
    return f"""
    - kind: events
      title: Dates
      introduction: Please note the three dates below.
      items:
        - {{title: Board, date: 12 May 2021}}
        - {{title: Forum, date: 20 May 2021}}
        - {{title: Term dates, date: 26 May 2021{mark}}}
    """


@rule(
    "FACT16",
    "count-differs-by-edition",
    severity=Severity.WARNING,
    reason="Readers of an edition that has fewer count, and learn that something is kept from them.",
    wrong=[
        Example(sections=_events(", for: schools"), at="three"),
        Example(sections=_events(", marketing: yes"), at="three"),
        Example(
            header="introduction: Come to one of our three events.", sections=_events(", for: schools"), at="three"
        ),
    ],
    right=[Example(sections=_events(""))],
)
def count_differs_by_edition(context: Context) -> Iterator[Violation]:
    """A number of things, of which some are not for everyone who reads it."""
    widest = find_widest(context.issue)
    if widest == PUBLIC:
        return
    audiences = _list_audiences(widest)
    for passage in context.texts:
        if passage.place in _HEADS:
            yield from _check_head(passage, context.issue.sections, audiences)
        elif len(passage.place) == 3 and passage.section is not None:
            yield from _check_section(passage, context.issue.sections[passage.section], audiences)


def _list_audiences(widest: Audience) -> list[Audience]:
    """Everyone, the readers of each list alone, and those of all."""
    alone = [Audience(lists=frozenset({name})) for name in sorted(widest.lists)]
    return [PUBLIC, *([Audience(consent=True)] if widest.consent else []), *alone, widest]


def _check_section(passage: Passage, section: Section, audiences: Sequence[Audience]) -> Iterator[Violation]:
    readers = [audience for audience in audiences if audience.sees(section)]
    wholes = [len(entries) for entries in find_entries(section)]
    for at, whole in enumerate(wholes):
        counts = {_count_entries(section, audience)[at] for audience in readers}
        yield from _compare(passage, list_nouns(section), whole, counts)


def _check_head(passage: Passage, sections: Sequence[Section], audiences: Sequence[Audience]) -> Iterator[Violation]:
    for kind, nouns in _IN_HEAD.items():
        own = [section for section in sections if section.kind == kind]
        counts = {sum(_count_first(section, audience) for section in own) for audience in audiences}
        yield from _compare(passage, nouns, sum(len(getattr(section, "items", ())) for section in own), counts)
    for kind, nouns in _SECTIONS.items():
        own = [section for section in sections if section.kind == kind]
        counts = {sum(audience.sees(section) for section in own) for audience in audiences}
        yield from _compare(passage, nouns, len(own), counts)


def _count_first(section: Section, audience: Audience) -> int:
    return next(iter(_count_entries(section, audience)), 0) if audience.sees(section) else 0


def _count_entries(section: Section, audience: Audience) -> list[int]:
    """How many of each of `find_entries` an audience sees, in that order."""
    groups = [group for group in getattr(section, "groups", None) or () if audience.sees(group)]
    inside = sum(audience.sees(item) for group in groups for item in group.items)
    counted = [sum(isinstance(each, Item) and audience.sees(each) for each in own) for own in find_entries(section)]
    return [*counted[:-1], inside] if groups and len(counted) > 1 else counted


def _compare(passage: Passage, nouns: str, whole: int, counts: set[int]) -> Iterator[Violation]:
    """Each number of `nouns` that is the whole number of them, where an audience gets another."""
    fewer = sorted(counts - {whole})
    for match in find_ahead(nouns, passage.prose.text) if nouns and fewer else ():
        if read_number(match["number"]) == whole and not is_label(match):
            message = f"“{match['number']}” is not what every reader gets: some editions have {_name(fewer)} of these."
            remedy = "Write it without the number. Or remove `for:` or `marketing:` from the entries."
            yield violation_at(passage, match.span("number"), message, remedy)


def _name(counts: Sequence[int]) -> str:
    return " or ".join(str(count) if count else "none" for count in counts)


RULES: tuple[Rule, ...] = (count_differs_by_edition,)
