"""Which editions an issue makes for the readers of a mailing. Pure.

A reader's signature is what decides which edition they get: those of their lists of this mailing that any `for:` in the
issue names, whether they consent to marketing, if anything in it is marketing, and the language that they chose, where
each reader gets a bilingual issue in theirs. Signatures that see the same share one edition. So an issue without marks
makes one edition, and a reader on several lists gets the union, once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from bulletin.declaration.source import Place
from bulletin.edition.edition import Edition
from bulletin.edition.phrases import lower_first
from bulletin.errors import BulletinError
from bulletin.issue.audience import Audience, find_widest
from bulletin.issue.model import Issue
from bulletin.languages.known import name_language

_MOST_NAMED: Final = 12  # lists: more of them have too many combinations to go through


@dataclass(frozen=True, kw_only=True)
class AudienceIssue:
    """What of an issue one edition has, and who its readers are.

    `number` counts from 1. `audience` is the smallest that sees it, `signatures` are all that do, `words` describe them
    (“schools and champions”). `issue` has only what is theirs. `items` has the anchors of all that they see.
    """

    number: int
    audience: Audience
    signatures: tuple[Audience, ...]
    words: str
    issue: Issue
    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AudienceEdition:
    """An edition of an issue, and who its readers are: all as in `AudienceIssue`."""

    number: int
    audience: Audience
    signatures: tuple[Audience, ...]
    words: str
    edition: Edition
    items: tuple[str, ...]


def sign_reader(issue: Issue, lists: Collection[str], *, consent: bool, language: str = "") -> Audience:
    """The signature of a reader who is on these lists of the mailing.

    `consent`: whether one of them allows marketing (`Basis.allows_marketing`). `language` is the one that they chose,
    or "".
    """
    widest = find_widest(issue)
    return Audience(
        lists=widest.lists.intersection(lists),
        consent=widest.consent and consent,
        language=language if language in issue.readers_languages else "",
    )


def list_signatures(issue: Issue, lists: Sequence[str]) -> tuple[Audience, ...]:
    """Every signature that readers of a mailing to `lists` can have, those on fewer lists first.

    Raises BulletinError if `for:` names so many lists that no one can go through them.
    """
    widest = find_widest(issue)
    named = [name for name in lists if name in widest.lists]
    if len(named) > _MOST_NAMED:
        raise _too_many(f"more than {2**_MOST_NAMED:,}", named)
    least = 0 if len(named) < len(lists) or not lists else 1  # without a list of another name, no one is on none
    consents = (False, True) if widest.consent else (False,)
    return tuple(
        Audience(lists=frozenset(some), consent=consent, language=language)
        for size in range(least, len(named) + 1)
        for some in combinations(named, size)
        for consent in consents
        for language in ("", *issue.readers_languages)
    )


def add_twins(signatures: Iterable[Audience], languages: Sequence[str] = ()) -> frozenset[Audience]:
    """These signatures, and for each with consent the one without: a reader may withdraw it while a mailing runs.

    Each is there in all of the `languages` that readers choose from, too: a reader may choose one after an issue was
    approved, and nothing that they may get then is unapproved.
    """
    given = frozenset(signatures)
    every = given | {replace(signature, consent=False) for signature in given}
    choices = ("", *languages) if languages else ()
    return every | {replace(signature, language=choice) for signature in every for choice in choices}


def divide_issue(
    issue: Issue, signatures: Iterable[Audience], *, lists: Sequence[str], titles: Mapping[str, str], most: int
) -> tuple[AudienceIssue, ...]:
    """What of `issue` each edition has, for the readers with these signatures, and their twins without consent.

    Signatures without a list come first, then those with fewer lists, in the order of `lists`, and those without a
    language before those with one. So the same issue and signatures make the same editions with the same numbers.
    `titles` are those of the lists. Raises BulletinError for more than `most` editions.
    """
    every = add_twins(signatures, issue.readers_languages)
    groups = _group(issue, sorted(every, key=lambda signature: _order(signature, lists, issue.languages)))
    if len(groups) > most:
        raise _too_many(str(len(groups)), [name for name in lists if name in find_widest(issue).lists])
    return tuple(
        AudienceIssue(
            number=number,
            audience=group[0],
            signatures=tuple(group),
            words=describe_signatures(group, lists, titles, alone=len(groups) == 1),
            issue=(seen := issue.for_audience(group[0])),
            items=tuple(seen.anchors.values()),
        )
        for number, group in enumerate(groups, 1)
    )


def make_editions(
    parts: Iterable[AudienceIssue], render: Callable[[AudienceIssue], Edition]
) -> Iterator[AudienceEdition]:
    """The edition of each part of an issue, made by `render`."""
    for part in parts:
        yield AudienceEdition(
            number=part.number,
            audience=part.audience,
            signatures=part.signatures,
            words=part.words,
            edition=render(part),
            items=part.items,
        )


def find_edition(editions: Iterable[AudienceEdition], signature: Audience) -> AudienceEdition:
    """The edition for readers with this signature. Raises KeyError if it was not made for them."""
    for edition in editions:
        if signature in edition.signatures:
            return edition
    raise KeyError(signature)


def _group(issue: Issue, signatures: Iterable[Audience]) -> list[list[Audience]]:
    """The signatures that see the same of `issue`, in their order."""
    groups: dict[tuple[str, frozenset[Place]], list[Audience]] = {}
    for signature in signatures:
        seen = issue.for_audience(replace(signature, language=""))
        groups.setdefault((signature.language, seen.origins), []).append(signature)
    return list(groups.values())


def _order(
    signature: Audience, lists: Sequence[str], languages: Sequence[str]
) -> tuple[int, tuple[tuple[int, str], ...], bool, int]:
    places = {name: number for number, name in enumerate(lists)}
    named = sorted((places.get(name, len(places)), name) for name in signature.lists)
    language = languages.index(signature.language) + 1 if signature.language in languages else 0
    return len(signature.lists), tuple(named), signature.consent, language


def describe_signatures(
    group: Sequence[Audience], lists: Sequence[str], titles: Mapping[str, str], *, alone: bool
) -> str:
    """The words for those who share an edition: “schools”, “schools or champions”, “everyone else”.

    `alone`: there is no other edition.
    """
    if alone:
        return "everyone"
    least = [one for one in group if not any(_includes(one, other) for other in group if other != one)]
    return " or ".join(_describe_one(one, lists, titles) for one in least)


def _includes(audience: Audience, other: Audience) -> bool:
    return audience.language == other.language and other.lists <= audience.lists and audience.consent >= other.consent


def _describe_one(audience: Audience, lists: Sequence[str], titles: Mapping[str, str]) -> str:
    named = sorted(audience.lists, key=lambda name: (lists.index(name) if name in lists else len(lists), name))
    chose = describe_choices(audience)
    words = describe_lists(named, titles) or ("others" if chose else "everyone else")
    return f"{words} who {chose}" if chose else words


def describe_choices(audience: Audience) -> str:
    """What readers did to be this audience, beside being on its lists: “agreed to marketing and chose Welsh”; or ""."""
    marketing = "agreed to marketing" if audience.consent else ""
    language = f"chose {name_language(audience.language)}" if audience.language else ""
    return " and ".join(filter(None, [marketing, language]))


def describe_lists(names: Sequence[str], titles: Mapping[str, str]) -> str:
    """The titles of lists as they read in a sentence: “schools and colleges, and champions”."""
    words = [lower_first(titles.get(name, name)) for name in names]
    *others, last = words or [""]
    comma = "," if any(" and " in word for word in words) else ""
    return f"{', '.join(others)}{comma} and {last}" if others else last


def _too_many(count: str, named: Sequence[str]) -> BulletinError:
    return BulletinError(
        f"This issue makes {count} editions. Most come from `for:` on {len(named)} lists ({', '.join(named)}).",
        "Use fewer lists, or send it as two mailings. `editions:` in bulletin.yaml sets how many there may be.",
    )
