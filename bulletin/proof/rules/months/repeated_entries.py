"""Months: resources, articles and events that an earlier issue had already. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from bulletin.declaration.declared import Declared
from bulletin.declaration.source import Place
from bulletin.drafting.following import first_day, last_day
from bulletin.issue.item import Item
from bulletin.issue.kinds.article import Article
from bulletin.issue.kinds.events import Event
from bulletin.issue.kinds.resources import Resource
from bulletin.issue.passages import Passage, TextFormat
from bulletin.issue.sections import traits_of
from bulletin.proof.context import Context, ParsedIssue
from bulletin.proof.finding import Violation
from bulletin.proof.reading.similarity import fold, fold_title
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_RECENT = 3  # issues to look back on


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """An item that is news only once: a resource, an article, an event, or a link of an article.

    `title` is "" for a link in a text, which is at `start` to `end` of `passage`. `address` is "" if there is none to
    compare. `day` is its date, or the last day of an event.
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
        """The keys that identify it: title and source, and address."""
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
    reason="An entry from one of the last three issues isn’t news. Readers who find old entries skip new ones.",
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
    """A resource, article, past event or article link that one of the last three issues already had."""
    past = context.earlier[:_RECENT]
    own = _find_own_hosts(context)
    before = _remember_entries(past, own)
    recurring = _find_recurring((context, *past), own) if past else frozenset()
    here: dict[tuple[str, str, str], _Entry] = {}
    for entry in _find_entries(context, own):
        keys = [key for key in entry.keys if isinstance(entry.record, Resource) or entry.address not in recurring]
        old = next((before[key] for key in keys if key in before), None)
        twin = next((here[key] for key in keys if key in here), None)
        if old and _is_old_news(context, entry, old):
            yield _violation_at_entry(context, entry, f"was already in the issue of {old.parsed.month}", old)
        elif twin and _is_double(twin, entry):
            yield _violation_at_entry(context, entry, "is already in this issue", _Old(context, twin, 1))
        here.update(dict.fromkeys(keys, entry))


@dataclass(frozen=True, slots=True)
class _Old:
    """An entry of an earlier issue, and in how many issues it has been."""

    parsed: ParsedIssue
    entry: _Entry
    times: int


def _remember_entries(past: Iterable[ParsedIssue], own: frozenset[str]) -> Mapping[tuple[str, str, str], _Old]:
    """The entries of earlier issues by their keys; of several, the latest."""
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
    """A web address in the form that all its spellings share; "" for home pages and for hosts in `own`."""
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
    """The hosts of the organisation, whose pages an issue may link to again and again."""
    website = context.settings.website
    addresses = (context.settings.organisation.website, website.url if website else None)
    return frozenset((urlsplit(address).hostname or "").removeprefix("www.") for address in addresses if address)


def _find_recurring(issues: Iterable[ParsedIssue], own: frozenset[str]) -> frozenset[str]:
    """Addresses that recur rightly: useful links, and those of campaigns, courses and notices."""
    found: set[str] = set()
    for parsed in issues:
        for passage in parsed.passages:
            if passage.section is not None and traits_of(parsed.issue.sections[passage.section]).links_recur:
                links = [passage.written] if passage.format is TextFormat.ADDRESS else []
                links += [link.address for link in passage.prose.links]
                found |= {read_address(link, own) for link in links}
    return frozenset(found - {""})


def _is_old_news(context: Context, entry: _Entry, old: _Old) -> bool:
    """Whether it is not news: no newer edition, no event still to come, no answer to a promise, no regular column."""
    match entry.record:
        case Resource():
            return not (entry.day and old.entry.day and entry.day > old.entry.day)
        case Event():
            return bool(entry.day and entry.day < context.issue.published)
        case Article() if entry.title:
            promised = isinstance(old.entry.record, Item) and old.entry.record.follow_up is not None
            repeated = isinstance(old.entry.record, Article) and fold(old.entry.record.text) == fold(entry.record.text)
            return not promised and old.times < 2 and not repeated  # `unchanged_text` reports the last one
        case _:
            return True


def _is_double(first: _Entry, second: _Entry) -> bool:
    """Whether some reader gets the same entry twice. Two texts may link to one page."""
    shared = not (first.readers and second.readers) or bool(set(first.readers) & set(second.readers))
    whole = bool(second.title) and isinstance(second.record, Resource | Event | Article)
    return shared and whole and type(first.record) is type(second.record)


def _violation_at_entry(context: Context, entry: _Entry, what: str, old: _Old) -> Violation:
    name = f"“{entry.title}”" if entry.title else "This link"
    return Violation(
        span=entry.passage.locate(entry.start, entry.end) if entry.passage else context.span(*entry.place, "title"),
        message=f"{name} {what} ({old.parsed.refer(old.entry.place)}).",
        remedy="Leave it out, or say in a few words what is new.",
    )


RULES: tuple[Rule, ...] = (repeated_entry,)
