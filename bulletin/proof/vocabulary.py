"""The vocabulary of a workspace: its names, its terms, and the words that are spelled correctly here. Pure.

Many names are in fields of their own (publishers, partners, providers), so you don't have to list them again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.issue.item import Link
from bulletin.issue.kinds.resources import Resource
from bulletin.issue.passages import Passage
from bulletin.issue.traits import NAMES_AN_ORGANISATION, NAMES_SOMEBODY, find_marked
from bulletin.proof.context import Context, ParsedIssue

_LOOKED_BACK = 3  # earlier issues whose names still count
_MOST_NAMES = 5_000
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def is_name(passage: Passage) -> bool:
    """Whether a passage is a name, which is spelled as its owner spells it."""
    return passage.field in find_marked(type(passage.record), NAMES_SOMEBODY)


def is_quoted_title(passage: Passage) -> bool:
    """Whether a passage is the title of something that others published."""
    return passage.field == "title" and isinstance(passage.record, Link | Resource)


def own_texts(context: Context) -> Iterator[Passage]:
    """The texts in the author's own words: no names, and no titles of what others published."""
    return (passage for passage in context.texts if not is_name(passage) and not is_quoted_title(passage))


def find_names(context: Context) -> dict[str, int]:
    """The names of organisations in the fields of this and the last issues, and how often each appears."""
    found: dict[str, int] = {}
    parsed: ParsedIssue
    for parsed in (context, *context.earlier[:_LOOKED_BACK]):
        for record in parsed.records:
            for field in find_marked(type(record.value), NAMES_AN_ORGANISATION):
                value = getattr(record.value, field)
                for name in (value,) if isinstance(value, str) else value or ():
                    if name in found or len(found) < _MOST_NAMES:
                        found[name] = found.get(name, 0) + 1
    return found


def own_names(context: Context) -> tuple[str, ...]:
    """The names of the organisation, its bulletins and its senders."""
    settings = context.settings
    titles = own_titles(context)
    senders = (bulletin.sender.name for bulletin in settings.bulletins.values())
    return tuple(dict.fromkeys([settings.organisation.name, *titles, *senders]))


def own_titles(context: Context) -> tuple[str, ...]:
    """The titles of the workspace's bulletins."""
    return tuple(bulletin.title for bulletin in context.settings.bulletins.values())


def own_addresses(context: Context) -> Iterator[str]:
    """The web and email addresses in bulletin.yaml; email addresses begin with `mailto:`."""
    settings = context.settings
    organisation = settings.organisation
    webs = (organisation.website, organisation.privacy, settings.website.url if settings.website else None)
    yield from (str(web) for web in webs if web)
    mails = [organisation.email, *(contributor.email for contributor in settings.contributors.values())]
    for bulletin in settings.bulletins.values():
        mails += [bulletin.sender.email, *([bulletin.reply_to] if bulletin.reply_to else [])]
    yield from (f"mailto:{mail}" for mail in mails)


def house_words(context: Context) -> frozenset[str]:
    """Every word that is spelled correctly in this workspace, in lower case."""
    settings, proof = context.settings, context.settings.proof
    lists = (entry.title for entry in settings.lists.values())
    organisation = settings.organisation
    texts = [*proof.words, *proof.terms, *proof.abbreviations, *proof.allowed, *own_names(context), *lists]
    texts += [organisation.address or "", organisation.about or "", *find_names(context)]
    texts += [passage.prose.text for passage in context.texts if is_name(passage)]
    return frozenset(plain_word(match[0]) for text in texts for match in _WORD.finditer(text))


def plain_word(word: str) -> str:
    """A word in lower case with a straight apostrophe, as in the word lists."""
    return word.lower().replace("’", "'")
