"""The editions of one mailing, and which of them a reader gets. Pure.

A reader's signature decides that (`edition.audiences`). A signature with consent has a twin: the same lists, without
consent. Its edition is in the set too, for readers who withdraw their consent while it is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from bulletin.edition.audiences import AudienceEdition
from bulletin.edition.edition import Edition
from bulletin.issue.audience import PUBLIC, Audience

CONSENT: Final = "+consent"
"""In the name of an audience: it consents to marketing. No list is called so."""
LANGUAGE_MARK: Final = "+language-"
"""The same before the code of the language that its readers chose."""


@dataclass(frozen=True, kw_only=True)
class EditionSet:
    """The editions of one mailing, in order. `lists`, `by_consent` and `languages` say what tells its readers apart.

    Raises ValueError if the numbers are not 1, 2, 3 …, if a signature has two editions, or if one lacks its twin.
    """

    editions: tuple[AudienceEdition, ...]
    lists: tuple[str, ...] = ()
    by_consent: bool = False
    languages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if [one.number for one in self.editions] != list(range(1, len(self.editions) + 1)) or not self.editions:
            raise ValueError("The editions of a mailing are numbered from 1.")
        signatures = [signature for one in self.editions for signature in one.signatures]
        if len(set(signatures)) < len(signatures):
            raise ValueError("A signature has one edition.")
        find_twins({one.number: one.signatures for one in self.editions})

    @property
    def first(self) -> Edition:
        """The first of them. All have its letterhead, but for what that says in another language."""
        return self.editions[0].edition

    @property
    def issue(self) -> str:
        """The id of the issue."""
        return self.first.issue

    @property
    def is_alone(self) -> bool:
        """Whether there is one edition, and it is for everyone: no part of the issue is restricted."""
        return not self.lists and not self.by_consent and not self.languages

    @cached_property
    def numbers(self) -> Mapping[Audience, int]:
        """The number of each signature's edition."""
        return {signature: one.number for one in self.editions for signature in one.signatures}


def find_twins(signatures: Mapping[int, Iterable[Audience]]) -> dict[int, int]:
    """Which edition takes the place of which once consent is withdrawn, by numbers; `signatures` are each edition's.

    Raises ValueError if a signature with consent has no twin.
    """
    numbers = {signature: number for number, its in signatures.items() for signature in its}
    try:
        twins = {
            number: numbers[replace(signature, consent=False)]
            for signature, number in numbers.items()
            if signature.consent
        }
    except KeyError as error:
        raise ValueError(f"{error} has no edition.") from None
    return {number: twin for number, twin in twins.items() if number != twin}


def make_set(editions: Edition | EditionSet) -> EditionSet:
    """The set itself; that of one edition alone, which is for everyone."""
    if isinstance(editions, EditionSet):
        return editions
    alone = AudienceEdition(
        number=1, audience=PUBLIC, signatures=(PUBLIC,), words="everyone", edition=editions, items=()
    )
    return EditionSet(editions=(alone,))


def sort_signatures(signatures: Iterable[Audience]) -> list[Audience]:
    """Those on fewer lists first, then by the lists' names, then those without consent, then without a language."""
    return sorted(signatures, key=lambda one: (len(one.lists), sorted(one.lists), one.consent, one.language))


def name_audience(audience: Audience) -> str:
    """An audience in a word for each of its lists, in their order, `+consent`, `+language-cy`; "" for everyone else."""
    language = [f"{LANGUAGE_MARK}{audience.language}"] if audience.language else []
    return " ".join([*sorted(audience.lists), *([CONSENT] if audience.consent else []), *language])


def read_audience_name(name: str) -> Audience:
    """The audience that `name_audience` named."""
    words = name.split()
    languages = [word.removeprefix(LANGUAGE_MARK) for word in words if word.startswith(LANGUAGE_MARK)]
    return Audience(
        lists=frozenset(word for word in words if not word.startswith("+")),
        consent=CONSENT in words,
        language="".join(languages),
    )


def write_signatures(signatures: Iterable[Audience]) -> list[dict[str, Any]]:
    """Signatures as plain values, the same for the same ones. One without a language is written as it always was."""
    return [
        {"consent": one.consent, "lists": sorted(one.lists), **({"language": one.language} if one.language else {})}
        for one in sort_signatures(signatures)
    ]


def read_signatures(written: Iterable[Mapping[str, Any]]) -> tuple[Audience, ...]:
    """What `write_signatures` wrote down."""
    return tuple(
        Audience(lists=frozenset(one["lists"]), consent=bool(one["consent"]), language=one.get("language", ""))
        for one in written
    )
