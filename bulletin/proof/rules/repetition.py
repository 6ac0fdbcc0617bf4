"""Repetition: what readers have had already, in the last issues or further up in this one. Pure.

Much is repeated rightly: who we are, useful links, a course that goes on, an event that is still to come.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from bulletin.declaration.declared import Declared
from bulletin.declaration.prose import BlockKind
from bulletin.declaration.source import Place
from bulletin.drafting.following import first_day, last_day
from bulletin.issue.dates import MONTHS, PartialDate
from bulletin.issue.item import Item, Point
from bulletin.issue.kinds.article import Article
from bulletin.issue.kinds.campaign import Campaign, CampaignStatus
from bulletin.issue.kinds.events import Event, Events
from bulletin.issue.kinds.executive_updates import ExecutiveUpdates
from bulletin.issue.kinds.group_update import GroupUpdate
from bulletin.issue.kinds.notice import Notice
from bulletin.issue.kinds.priorities import Priorities, Priority, PriorityStatus
from bulletin.issue.kinds.resources import Resource, Resources
from bulletin.issue.kinds.training import Training
from bulletin.issue.model import Issue
from bulletin.issue.passages import Passage, TextFormat
from bulletin.issue.sections import traits_of
from bulletin.proof.context import Context, ParsedIssue
from bulletin.proof.finding import Violation
from bulletin.proof.reading.similarity import fold, fold_title
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

RECENT = 3  # issues that are looked back on
FEWEST_WORDS = 12  # of a text that is more than a phrase
FEWEST_IN_BLOCK = 20  # words of a paragraph among others; shorter ones are often set phrases

_NEWS = (
    *(Issue, ExecutiveUpdates, Point, Priorities, Priority, Campaign, GroupUpdate),
    *(Training, Events, Article, Notice, Resources),
)
"""Records whose texts are written anew for each issue."""

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
    reason="News that readers have had a month ago is taken for all the news there is, and not read again.",
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
    """A text of twelve words or more that is word for word that of the last issue."""
    last = context.earlier[0] if context.earlier else None
    if not last:
        return
    before = _remember_texts(last)
    for passage in context.passages:
        if _is_news(passage) and not _goes_on(context, passage, before):
            for start, end in _find_unchanged(passage, before):
                old = before[fold(passage.prose.text[start:end])]
                yield violation_at(
                    passage,
                    (start, end),
                    f"This is word for word what the issue of {last.month} said ({_refer(last, old.place)}).",
                    "Say what is new; if nothing is, say so in a line, or leave it out.",
                )


def _remember_texts(parsed: ParsedIssue) -> Mapping[str, Passage]:
    """The texts of an issue, whole and paragraph by paragraph."""
    found: dict[str, Passage] = {}
    for passage in parsed.passages:
        if passage.format is TextFormat.TEXT:
            for start, end in [(0, len(passage.prose.text)), *_find_blocks(passage)]:
                found.setdefault(fold(passage.prose.text[start:end]), passage)
    return found


def _find_blocks(passage: Passage) -> Iterator[tuple[int, int]]:
    """The paragraphs that say something of their own: not those that say where to write or to look."""
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
    """Whether a text is to be new each time. A section's introduction is only if it names a month."""
    if passage.format is not TextFormat.TEXT or not isinstance(passage.record, _NEWS):
        return False
    standing = passage.field == "introduction" and not isinstance(passage.record, Issue)
    return not standing or bool(_MONTH.search(passage.prose.text))


_MONTH = re.compile(rf"\b(?:{'|'.join(MONTHS)})\b|\bthis month\b")
_DAY = re.compile(rf"\b([0-9]{{1,2}})(?:st|nd|rd|th)? ({'|'.join(MONTHS)})\b(?: ([0-9]{{4}}))?")


def _goes_on(context: Context, passage: Passage, before: Mapping[str, Passage]) -> bool:
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


def _refer(parsed: ParsedIssue, place: Place) -> str:
    return f"{parsed.source.file}:{parsed.span(*place).line}"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """Something that is worth telling once: a resource, an article, an event, or a link of an article.

    `title` is "" for a link in a text, which is at `start` to `end` of `passage`. `address` is "" where there is none
    that counts. `day` is the day that it is of, the last one of an event.
    """

    record: Declared
    place: Place
    title: str = ""
    address: str = ""
    day: date | None = None
    readers: tuple[str, ...] = ()
    passage: Passage | None = None
    start: int = 0
    end: int = 0

    @property
    def keys(self) -> list[tuple[str, str, str]]:
        """What it is known by: title and source, and address."""
        address = [("address", self.address, "")] if self.address else []
        title = fold_title(self.title)
        match self.record:
            case Resource() as resource:
                source = ", ".join(map(fold_title, resource.publishers)) or self.address.partition("/")[0]
                return [("resource", title, source), *address]
            case Event() as event:
                return [("event", title, str(event.date))]
            case Article() if title:
                return [("article", title, "")]
            case _:
                return address


_RESOURCE = """
- kind: resources
  title: Reading list
  groups:
    - title: Research
      items:
        - title: Why chronologies matter
          link: https://research.example.org/{page}
          publishers: Research in Practice
          date: March 2021
"""


@rule(
    "CONT05",
    "repeated-entry",
    severity=Severity.WARNING,
    reason="What stood in one of the last three issues is no news; readers who find old entries skip the new ones.",
    wrong=[
        Example(
            before=_RESOURCE.format(page="chronologies").replace("Why chron", "On chron"),
            sections=_RESOURCE.format(page="chronologies"),
            at="Why chronologies matter",
        )
    ],
    right=[
        Example(
            before=_RESOURCE.format(page="siblings").replace("chronologies", "siblings"),
            sections=_RESOURCE.format(page="chronologies"),
        )
    ],
)
def repeated_entry(context: Context) -> Iterator[Violation]:
    """A resource, an article, a past event or an article's link that one of the last three issues had already."""
    past = context.earlier[:RECENT]
    own = _find_own_hosts(context)
    before = _remember_entries(past, own)
    standing = _find_standing((context, *past), own) if past else frozenset()
    here: dict[tuple[str, str, str], _Entry] = {}
    for entry in _find_entries(context, own):
        keys = [key for key in entry.keys if isinstance(entry.record, Resource) or entry.address not in standing]
        old = next((before[key] for key in keys if key in before), None)
        twin = next((here[key] for key in keys if key in here), None)
        if old and _is_old_news(context, entry, old):
            yield _violation_at_entry(context, entry, f"stood in the issue of {old.parsed.month} already", old)
        elif twin and _is_double(twin, entry):
            yield _violation_at_entry(context, entry, "stands in this issue already", _Old(context, twin, 1))
        here.update(dict.fromkeys(keys, entry))


@dataclass(frozen=True, slots=True)
class _Old:
    """An entry of an earlier issue, and in how many of them it stood."""

    parsed: ParsedIssue
    entry: _Entry
    times: int


def _remember_entries(past: Iterable[ParsedIssue], own: frozenset[str]) -> Mapping[tuple[str, str, str], _Old]:
    """The entries of earlier issues by what they are known by; of several the latest."""
    found: dict[tuple[str, str, str], _Old] = {}
    for parsed in past:
        entries = {key: entry for entry in _find_entries(parsed, own) for key in entry.keys}
        for key, entry in entries.items():
            known = found.get(key)
            found[key] = _Old(known.parsed, known.entry, known.times + 1) if known else _Old(parsed, entry, 1)
    return found


def _find_entries(parsed: ParsedIssue, own: frozenset[str]) -> Iterator[_Entry]:
    near = parsed.issue.published
    for record in parsed.records:
        match record.value:
            case Resource() as resource:
                yield _Entry(
                    record=resource,
                    place=record.place,
                    title=resource.title,
                    address=read_address(resource.link, own),
                    day=first_day(resource.date, near=near) if resource.date else None,
                    readers=resource.for_,
                )
            case Event() as event:
                day = last_day(event.until or event.date, near=near)
                yield _Entry(record=event, place=record.place, title=event.title, day=day, readers=event.for_)
            case Article() as article:
                yield _Entry(record=article, place=record.place, title=article.title, readers=article.for_)
                for number, link in enumerate(article.links):
                    place = (*record.place, "links", number)
                    yield _Entry(record=link, place=place, title=link.title, address=read_address(link.link, own))
    yield from _find_links(parsed, own)


def _find_links(parsed: ParsedIssue, own: frozenset[str]) -> Iterator[_Entry]:
    """The links in the texts of articles."""
    for passage in parsed.passages:
        if isinstance(passage.record, Article) and passage.format is TextFormat.TEXT:
            for link in passage.prose.links:
                yield _Entry(
                    record=passage.record,
                    place=passage.place,
                    address=read_address(link.address, own),
                    passage=passage,
                    start=link.start,
                    end=link.end,
                )


def read_address(address: str, own: frozenset[str] = frozenset()) -> str:
    """A web address in the one form that all its spellings share; "" for front pages and for hosts in `own`."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    path = parts.path.rstrip("/")
    if parts.scheme.casefold() not in ("http", "https") or not (path or parts.query) or host in own:
        return ""
    return f"{host}{path}?{parts.query}".rstrip("?")


def _find_own_hosts(context: Context) -> frozenset[str]:
    """The hosts of the organisation, whose pages an issue refers to again and again."""
    website = context.settings.website
    addresses = (context.settings.organisation.website, website.url if website else None)
    return frozenset((urlsplit(address).hostname or "").removeprefix("www.") for address in addresses if address)


def _find_standing(issues: Iterable[ParsedIssue], own: frozenset[str]) -> frozenset[str]:
    """The addresses that are given again and again: useful links, a campaign's, a course's, a notice's."""
    found: set[str] = set()
    for parsed in issues:
        for passage in parsed.passages:
            if passage.section is not None and traits_of(parsed.issue.sections[passage.section]).links_recur:
                links = [passage.written] if passage.format is TextFormat.ADDRESS else []
                links += [link.address for link in passage.prose.links]
                found |= {read_address(link, own) for link in links}
    return frozenset(found - {""})


def _is_old_news(context: Context, entry: _Entry, old: _Old) -> bool:
    """Whether it says nothing new: no newer edition, no event still to come, no answer to a promise, no column."""
    match entry.record:
        case Resource():
            return not (entry.day and old.entry.day and entry.day > old.entry.day)
        case Event():
            return bool(entry.day and entry.day < context.issue.published)
        case Article() if entry.title:
            promised = isinstance(old.entry.record, Item) and old.entry.record.follow_up is not None
            repeated = isinstance(old.entry.record, Article) and fold(old.entry.record.text) == fold(entry.record.text)
            return not promised and old.times < 2 and not repeated  # `unchanged_text` tells of the last one
        case _:
            return True


def _is_double(first: _Entry, second: _Entry) -> bool:
    """Whether some reader gets the same twice. Two texts may well lead to one page."""
    shared = not (first.readers and second.readers) or bool(set(first.readers) & set(second.readers))
    whole = bool(second.title) and isinstance(second.record, Resource | Event | Article)
    return shared and whole and type(first.record) is type(second.record)


def _violation_at_entry(context: Context, entry: _Entry, what: str, old: _Old) -> Violation:
    name = f"“{entry.title}”" if entry.title else "This link"
    return Violation(
        span=entry.passage.locate(entry.start, entry.end) if entry.passage else context.span(*entry.place, "title"),
        message=f"{name} {what} ({_refer(old.parsed, old.entry.place)}).",
        remedy="Leave it out; or say in a few words what is new about it.",
    )


RULES: tuple[Rule, ...] = (unchanged_text, repeated_entry)
