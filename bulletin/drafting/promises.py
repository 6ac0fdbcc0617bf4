"""Follow-ups: the promises that an issue makes for a later one, and which are still open. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from textwrap import shorten

from bulletin.declaration.source import Data, Place, Source
from bulletin.drafting.comments import read_data, tidy
from bulletin.drafting.placeholders import TO_WRITE, find_placeholders
from bulletin.issue.dates import MONTHS, Month, parse_month

LONGEST = 200  # characters of a promise's words
_SAYING = ("text", "summary", "lead", "next", "introduction")


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUp:
    """A promise: its month, the issue that made it, its place there, its subject and its words.

    `place` is the section or item that promises. `kind` is its section's kind; `titles` go from the section inwards.
    `lists` are the lists that it is for; () is everyone.
    """

    month: Month
    made_in: Month
    file: str
    line: int
    place: Place
    kind: str
    titles: tuple[str, ...]
    words: str
    lists: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its subject, from the section inwards: `Executive updates › Independent scrutiny`."""
        return " › ".join(self.titles)

    def __str__(self) -> str:
        return f"{self.name}: “{self.words}” ({self.file}:{self.line})"


def find_follow_ups(source: Source, *, made_in: Month) -> tuple[FollowUp, ...]:
    """Every promise in the file of an issue that loads, in the order of the file."""
    found = [place for place in source.keys if place[-1] == "follow_up" and read_data(source, place) is not None]
    return tuple(_read_follow_up(source, place, made_in) for place in found)


def find_unanswered(promises: Iterable[FollowUp], source: Source) -> frozenset[FollowUp]:
    """The promises that a draft has a place for, but doesn't answer yet. None once the draft is complete.

    The place still says TO WRITE, or has the promise word for word.
    """
    if not find_placeholders(source):
        return frozenset()
    sections = list(_read_records(source.data, "sections"))
    return frozenset(promise for promise in promises if any(_awaits(one, promise) for one in _find(promise, sections)))


def _find(promise: FollowUp, sections: Iterable[dict[str, Data]]) -> Iterator[dict[str, Data]]:
    """The sections and items of a draft where `new` may have left a place for a promise."""
    for section in sections:
        title = _read_title(section)
        if section.get("kind") == promise.kind and title == promise.titles[:1]:
            within = promise.titles[1:]
            if not within:
                yield section
            yield from (item for item in _read_records(section, "items") if _read_title(item) in ((), within))
        elif title == promise.titles[-1:]:
            yield section


def _awaits(holder: dict[str, Data], promise: FollowUp) -> bool:
    texts = [tidy(_as_text(holder.get(name))) for name in _SAYING]
    words = promise.words.removesuffix(" …")
    return any(TO_WRITE in text or (text and words in text) for text in texts)


def _read_records(data: Data, name: str) -> Iterator[dict[str, Data]]:
    records = data.get(name) if isinstance(data, dict) else None
    yield from (one for one in (records if isinstance(records, list) else ()) if isinstance(one, dict))


def _read_title(holder: dict[str, Data]) -> tuple[str, ...]:
    return tuple(filter(None, [tidy(_as_text(holder.get("title")))]))


def select_open(
    promises: Iterable[FollowUp], *, latest: Month, unanswered: Collection[FollowUp] = ()
) -> tuple[FollowUp, ...]:
    """The promises for a month after `latest` (the latest issue's), and those `unanswered` in a draft; soonest first.

    A promise that is repeated from issue to issue counts once, in its latest words.
    """
    current: dict[tuple[Month, str, tuple[str, ...]], list[FollowUp]] = {}
    for promise in sorted(promises, key=lambda promise: (promise.made_in, promise.line)):
        if promise.month > latest or promise in unanswered:
            same = current.setdefault((promise.month, promise.kind, promise.titles), [])
            same[:] = [*(other for other in same if other.made_in == promise.made_in), promise]
    return tuple(sorted((promise for same in current.values() for promise in same), key=lambda promise: promise.month))


def _read_follow_up(source: Source, place: Place, made_in: Month) -> FollowUp:
    month = parse_month(_as_text(read_data(source, place)))
    holders = [data for depth in range(2, len(place)) if isinstance(data := read_data(source, place[:depth]), dict)]
    return FollowUp(
        month=month,
        made_in=made_in,
        file=source.file,
        line=source.keys[place].line,
        place=place[:-1],
        kind=_as_text(holders[0].get("kind")),
        titles=tuple(tidy(_as_text(holder["title"])) for holder in holders if holder.get("title")),
        words=_find_words(holders[-1], month),
        lists=next((lists for holder in reversed(holders) if (lists := tuple(_read_lists(holder)))), ()),
    )


def _read_lists(holder: dict[str, Data]) -> Iterator[str]:
    lists = holder.get("for")
    yield from (_as_text(name) for name in (lists if isinstance(lists, list) else [lists]) if name)


def _find_words(holder: dict[str, Data], month: Month) -> str:
    """The words of a promise: the whole text if it is short, else the sentence that names the month."""
    text = next((tidy(_as_text(holder[name])) for name in _SAYING if holder.get(name)), "")
    text = text or tidy(_as_text(holder.get("title")))
    if len(text) <= LONGEST:
        return text
    sentences = re.split(r"(?<=[.!?])\s+", text)
    named = [sentence for sentence in sentences if MONTHS[month.month - 1] in sentence]
    return shorten(named[-1] if named else text, LONGEST, placeholder=" …")


def _as_text(data: Data) -> str:
    return data.strip() if isinstance(data, str) else ""
