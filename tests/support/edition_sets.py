"""Sets of editions for tests: one for each combination of lists, which says whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from anytown import make_edition
from bulletin.edition.audiences import AudienceEdition
from bulletin.edition.edition_set import EditionSet, name_audience
from bulletin.issue.audience import Audience


def list_combinations(
    lists: Iterable[str], *, by_consent: bool = False, languages: Iterable[str] = ()
) -> Iterator[Audience]:
    choices = ("", *languages)
    names = sorted(lists)
    for size in range(len(names) + 1):
        for some in combinations(names, size):
            for consent in (False, True) if by_consent else (False,):
                for language in choices:
                    yield Audience(lists=frozenset(some), consent=consent, language=language)


def say_whose(audience: Audience) -> str:
    """The words that only this audience's edition has."""
    return f"Only for: [{name_audience(audience)}]"


def make_editions(
    *lists: str, by_consent: bool = False, issue: str = "2021-05", languages: tuple[str, ...] = ()
) -> EditionSet:
    """An edition for each combination of these lists; the first one is for those on none of them."""
    return EditionSet(
        editions=tuple(
            AudienceEdition(
                number=number,
                audience=audience,
                signatures=(audience,),
                words=name_audience(audience) or "everyone else",
                edition=make_edition(issue, words=say_whose(audience)),
                items=tuple(sorted(audience.lists)),
            )
            for number, audience in enumerate(list_combinations(lists, by_consent=by_consent, languages=languages), 1)
        ),
        lists=tuple(sorted(lists)),
        by_consent=by_consent,
        languages=languages,
    )
