"""Which items of an issue belong to which topic: by their words, or because they say so. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from bulletin.edition.web.anchored import Anchored
from bulletin.edition.web.archive_pages import tell_kind
from bulletin.edition.web.issue_facts import TopicItem
from bulletin.issue.item import Item


def find_topics(anchored: Sequence[Anchored], topics: Mapping[str, Sequence[str]]) -> tuple[TopicItem, ...]:
    """The items that have one of a topic's words in their title or text, or that name the topic.

    A section counts by its own words; what its items say counts for them.
    """
    found = []
    for each in anchored:
        words = "\n".join(_list_texts(each.record))
        for topic, wanted in topics.items():
            named = topic.lower() in (name.lower() for name in each.record.topics)
            if each.title and not each.record.withdrawn and (named or _make_pattern(tuple(wanted)).search(words)):
                kind = tell_kind(each.section.kind)
                found.append(TopicItem(topic=topic, anchor=each.anchor, title=each.title, kind=kind))
    return tuple(found)


def _list_texts(record: Item) -> Iterator[str]:
    for name in type(record).model_fields:
        value = getattr(record, name)
        if isinstance(value, str) and name not in ("link", "do", "button"):
            yield value


@lru_cache(maxsize=64)
def _make_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)
