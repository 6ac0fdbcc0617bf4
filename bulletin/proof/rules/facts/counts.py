"""Facts: a number in words that the list below it contradicts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from bulletin.declaration.prose import BlockKind, ProseBlock
from bulletin.issue.own_kinds.kind_model import DeclaredEntry
from bulletin.issue.passages import Passage, TextFormat
from bulletin.issue.sections import Section
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.lazy_pattern import LazyPattern
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.facts.head_counts import NUMBER, find_wrong_numbers, read_number
from bulletin.settings.proof import Severity

_SMALLER = (
    r"(?:more|other|further|new|free|of|out|last|first|next|remaining|extra|additional|online|different|late|early)"
)
_PART = "(?:are|were|is|was|that|which|who|for|follow|start|begin|run|on|about|a|each|every)"
"""A word after the noun that shows that only some of the entries are meant: “two courses are new”."""

_KINDS: dict[str, str] = {
    "executive_updates": "pieces of work|pieces of news|updates|areas of work|items|points|decisions|subjects|matters|"
    "topics|things",
    "priorities": "priorities",
    "group_update": "pieces of news|updates|items|points|news items|subjects|matters|topics|things|groups",
    "training": "courses|workshops|modules|webinars|training courses|training offers|things to learn",
    "events": "events|dates|meetings|things to (?:do|see|put)|activities|chances to meet",
    "resources": "publications|resources|documents|reports|guides|items",
    "links": "links|websites|pages",
}
_IN_ISSUE = {"priorities": "priorities", "campaign": "campaigns"}
_ANNOUNCED = {"training": "courses|training courses", "events": "events"}
"""What the head of an issue may announce only some of; but it can't announce more than there are."""
_ALL_HERE = re.compile(
    r"\b(?:you(?: will|’ll|'ll)(?: also)? find|here are|below are|we list|there are|all|"
    r"(?:this|the) (?:issue|month) has)(?: (?:the|our|details of|all))* \Z",
    re.IGNORECASE,
)


_AHEAD = re.compile(rf"(?<![\w.,:£/–-]){NUMBER} [a-z-]", re.IGNORECASE)


def find_ahead(nouns: str, text: str) -> Iterator[re.Match[str]]:
    """A number before one of `nouns`, with up to three words between them that don’t make it a part of the whole."""
    return _compile(nouns).finditer(text) if _AHEAD.search(text) else iter(())


@cache
def _compile(nouns: str) -> LazyPattern:
    between = rf"(?:(?!{_SMALLER}\b)[A-Za-z-]+ ){{0,3}}?"
    return LazyPattern(
        rf"(?<![\w.,:£/–-]){NUMBER} {between}(?:{nouns})\b(?! {_PART}\b)",
        re.IGNORECASE,
        needs=[noun.partition("(")[0].casefold() for noun in nouns.split("|") if noun[-1:] != ")" or "(" in noun],
    )


_LABEL = re.compile(
    r"(?:section|phase|part|year|stage|level|page|chapter|priority|tier|step|band|the last|the next|past|"
    r"all|one of|any|of the|over|than|about|at least|up to|nearly|almost|another|other) \Z",
    re.IGNORECASE,
)
_NUMBERED = (
    rf"(?<![\w.,:£/–-]){NUMBER} (?!(?:{_SMALLER}|years?|months?|weeks?|days?|hours?|minutes?|people|children|am|pm|"
    r"[A-Z][a-z]+day|January|February|March|April|May|June|July|August|September|October|November|December)\b)[a-z]"
)


@rule(
    "FACT01",
    "count-disagrees",
    severity=Severity.WARNING,
    reason="Readers who count find that something is missing, and ask what.",
    wrong=[
        Example(
            sections="""
            - kind: executive_updates
              title: Executive updates
              lead: The Executive took four pieces of work forward in April 2021.
              items:
                - We chose an auditor.
                - We welcomed two trustees.
                - We moved office.
            """,
            at="four",
        ),
        Example(text="We offer three things:\n\n- advice\n- a place to meet", at="three"),
        Example(
            header="subject: 'May: six ways to help, and news of our work'",
            sections="""
            - kind: events
              title: Two ways to help
              items:
                - {title: Plant sale, date: 12 May 2021}
                - {title: Summer walk, date: 20 May 2021}
            """,
            at="six",
        ),
    ],
    right=[
        Example(text="We offer three things:\n\n- advice\n- a place to meet\n- a listening ear"),
        Example(text="We trained two more schools:\n\n- Hill School\n- Mill School\n- Park School"),
    ],
)
def count_disagrees(context: Context) -> Iterator[Violation]:
    """A number of things that isn’t the number of things below it."""
    sections = context.issue.sections
    for wrong in find_wrong_numbers(context):
        yield _violation(wrong.passage, (wrong.start, wrong.end), wrong.found, wrong.where)
    for passage in context.texts:
        if passage.format is TextFormat.TEXT:
            yield from _check_lists(passage)
        head = len(passage.place) == 3 and passage.field in ("lead", "introduction")
        if head and passage.section is not None:
            yield from _check_section(passage, sections[passage.section])
        if passage.place in (("subject",), ("preview_text",), ("introduction",)):
            yield from _check_issue(passage, sections)


def _check_section(passage: Passage, section: Section) -> Iterator[Violation]:
    counts = {len(entries) for entries in find_entries(section)}
    nouns = list_nouns(section)
    for match in find_ahead(nouns, passage.prose.text) if counts and nouns else ():
        if not is_label(match) and read_number(match["number"]) not in counts:
            yield _violation(passage, match.span("number"), max(counts), "entries are in this section")


def list_nouns(section: Section) -> str:
    """What the entries of a section may be called: by its kind, and by the last word of its title (“Our groups”)."""
    named = re.search(r"\b([a-z]{4,}[^s])s\Z", section.title.lower()) if _find_first(section) else None
    of_kind = _KINDS.get(section.kind, "") or _name_own_entries(section)
    return f"{of_kind}|{named[1]}s".strip("|") if named else of_kind


def _name_own_entries(section: Section) -> str:
    """What the entries of a declared kind are called in its file, as several; "" for the kinds of the product."""
    first = next(iter(getattr(section, "items", None) or ()), None)
    return f"{first.noun.partition(' ')[2]}s" if isinstance(first, DeclaredEntry) else ""


def _find_first(section: Section) -> object:
    return next(find_entries(section), None)


def _check_announced(passage: Passage, sections: Sequence[Section]) -> Iterator[Violation]:
    """More courses or events than the issue has; or another number of them where the text says that they are all."""
    for kind, nouns in _ANNOUNCED.items():
        count = sum(len(getattr(section, "items", ())) for section in sections if section.kind == kind)
        for match in find_ahead(nouns, passage.prose.text) if count else ():
            number = read_number(match["number"])
            told_all = _ALL_HERE.search(passage.prose.text, max(0, match.start() - 40), match.start())
            if not is_label(match) and (number > count or (told_all and number != count)):
                yield _violation(passage, match.span("number"), count, f"{nouns.split('|')[0]} are in this issue")


def _check_issue(passage: Passage, sections: Sequence[Section]) -> Iterator[Violation]:
    yield from _check_announced(passage, sections)
    for kind, nouns in _IN_ISSUE.items():
        found = [section for section in sections if section.kind == kind]
        counts = {len(entries) for section in found for entries in find_entries(section)} or {len(found)}
        for match in find_ahead(nouns, passage.prose.text) if found else ():
            if not is_label(match) and read_number(match["number"]) not in counts:
                yield _violation(passage, match.span("number"), max(counts), f"{nouns} are in this issue")


def find_entries(section: Section) -> Iterator[tuple[object, ...]]:
    """The entries of a section, and those of its groups in one."""
    items = getattr(section, "items", None)
    groups = getattr(section, "groups", None)
    if items:
        yield items
    if groups:
        yield groups
        yield tuple(item for group in groups for item in group.items)


def _check_lists(passage: Passage) -> Iterator[Violation]:
    """Sentences that end in a colon with a list below them."""
    blocks = passage.prose.blocks
    for number, block in enumerate(blocks):
        if block.kind is BlockKind.PARAGRAPH and passage.prose.text[block.start : block.end].rstrip().endswith(":"):
            entries = _count_entries(blocks[number + 1 :])
            text = passage.prose.text
            start = max(text.rfind(". ", block.start, block.end), block.start)
            found = [
                match
                for match in re.compile(_NUMBERED, re.IGNORECASE).finditer(text, start, block.end)
                if not is_label(match)
            ]
            if len(found) > 1 and not text[start : found[0].start()].strip(". "):
                found = found[:1]  # “Four residents are standing for two places:”
            if entries > 1 and len(found) == 1 and read_number(found[0]["number"]) != entries:
                yield _violation(passage, found[0].span("number"), entries, "are in the list below it")


def _count_entries(blocks: tuple[ProseBlock, ...]) -> int:
    count = 0
    for block in blocks:
        if block.kind is not BlockKind.ENTRY:
            break
        count += 1
    return count


def is_label(match: re.Match[str]) -> bool:
    """Whether the number is a name (“section two”) or is no exact one (“over two”)."""
    return bool(_LABEL.search(match.string[max(0, match.start() - 20) : match.start()]))


def _violation(passage: Passage, span: tuple[int, int], found: int, where: str) -> Violation:
    number = passage.prose.text[span[0] : span[1]]
    message = f"“{number}” is not the number of things here: {found} {where}."
    return violation_at(passage, span, message, "Correct the number, or the list.")


RULES: tuple[Rule, ...] = (count_disagrees,)
