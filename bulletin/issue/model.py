"""The issue: one month's content. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, ValidationInfo

from bulletin.declaration import values
from bulletin.declaration.declared import Declared
from bulletin.declaration.markup import Problem
from bulletin.declaration.source import Place
from bulletin.declaration.translated import Line, Plain, Text, choose_language
from bulletin.declaration.values import YesOrNo, invalid, invalid_each, one_or_more
from bulletin.issue.anchors import make_anchors
from bulletin.issue.archiving import AnEmbargo, IssueCorrection, Withdrawal
from bulletin.issue.audience import Audience, prune_all
from bulletin.issue.dates import ADay, AMonth, Month
from bulletin.issue.identity import check_extra, check_name
from bulletin.issue.item import Image, Item, Name, ValidationContext, find_context
from bulletin.issue.language import ALanguage
from bulletin.issue.passages import walk_records
from bulletin.issue.sections import Section
from bulletin.issue.teasers import check_teasers
from bulletin.issue.to_do_rows import AToDo, ToDoRows
from bulletin.issue.traits import NOT_SHOWN
from bulletin.languages.known import ENGLISH


def _check_month(month: Month, info: ValidationInfo) -> Month:
    around = find_context(info)
    file_month = around.month
    if file_month is not None and month != file_month:
        raise invalid(
            f"{month} is not the month in the file's name, {file_month}.",
            f"Correct one of them: the file of {month} is called {month.id}.yaml.",
        )
    if around.name:
        check_name(around.name, month, find_twin=around.find_twin)
    return month


def _check_extra(extra: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 -- pydantic's way
    around = find_context(info)
    check_extra(around.name, extra=extra, find_twin=around.find_twin)
    return extra


def _check_top_story(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Raises PydanticCustomError with a problem for each of several top stories: each names the others."""
    top = [number for number, section in enumerate(sections) if section.top_story]
    if len(top) > 1:
        raise invalid_each([_name_others(number, top, sections) for number in top])
    return sections


def _check_ids(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Raises PydanticCustomError with a problem for each `id:` that another record has too."""
    records = [found for number, section in enumerate(sections) for found in walk_records(section, (number,))]
    named = [(found.place, found.value.id) for found in records if isinstance(found.value, Item) and found.value.id]
    seen = Counter(word for _, word in named)
    if twice := [(place, word) for place, word in named if seen[word] > 1]:
        raise invalid_each(
            [
                Problem(
                    message=f"{seen[word]} parts of this issue have the id “{word}”.",
                    remedy="Give each a word of its own.",
                    below=(*place, "id"),
                )
                for place, word in twice
            ]
        )
    return sections


def _check_teasers(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    check_teasers(sections)
    return sections


def _name_others(number: int, top: Sequence[int], sections: Sequence[Section]) -> Problem:
    others = " and ".join(f"“{sections[other].title}” (section {other + 1})" for other in top if other != number)
    return Problem(
        message=f"This issue has {len(top)} top stories. Besides this one: {others}.",
        remedy="Keep `top_story: yes` in one place.",
        below=(number, "top_story"),
    )


def _read_no_author(value: Any) -> Any:
    """An `author:` with nothing after it."""
    return [] if value is None else value


Authors = Annotated[tuple[values.Plain, ...], BeforeValidator(one_or_more), BeforeValidator(_read_no_author)]
"""One name, or a list of names."""


def _read_language(value: Any, info: ValidationInfo) -> Any:
    """That of the bulletin, where the issue doesn't say one."""
    return find_context(info).language if value is None else value


def _check_languages(languages: tuple[str, ...]) -> tuple[str, ...]:
    if len(languages) == 1:
        raise invalid("has one language only.", f"Write `language: {languages[0]}` instead.")
    if len(set(languages)) < len(languages):
        raise invalid("has the same language twice.", "Write each once, the first one first.")
    return languages


class Signature(Declared):
    """Who signs the issue, with a last word."""

    noun: ClassVar[str] = "a signature"

    name: Name = Field(description="Their name.", examples=["Asha Rahman"])
    role: Line | None = Field(default=None, description="What they are.", examples=["Independent Chair"])
    text: Text | None = Field(
        default=None, description="A last word, in a sentence or two.", examples=["Thank you for your work this year."]
    )
    image: Image | None = Field(
        default=None, description="A portrait.", examples=[{"file": "issues/images/asha.jpg", "alt": "Asha Rahman"}]
    )


class Issue(Declared):
    """One month's content, as its file declares it."""

    noun: ClassVar[str] = "an issue"

    month: Annotated[AMonth, AfterValidator(_check_month), NOT_SHOWN] = Field(
        description="The issue's month, as in its file's name.", examples=["2021-05"]
    )
    published: ADay = Field(description="The day it is sent to readers.", examples=["4 May 2021"])
    subject: Plain = Field(
        description="The email's subject, as an inbox shows it.", examples=["May: three priorities and The Big Ask"]
    )
    preview_text: Plain = Field(
        description="The line that inboxes show after the subject.", examples=["What the Executive did in April."]
    )
    language: Annotated[ALanguage | None, BeforeValidator(_read_language), NOT_SHOWN] = Field(
        default=None,
        validate_default=True,
        description="The language it is written in, if that is not its bulletin's: en or cy.",
        examples=["cy"],
    )
    languages: Annotated[
        tuple[ALanguage, ...], BeforeValidator(one_or_more), AfterValidator(_check_languages), NOT_SHOWN
    ] = Field(
        default=(),
        description="Both languages of a bilingual issue, the first one first. Each text is then written in both.",
        examples=[["cy", "en"]],
    )
    author: Annotated[Authors, NOT_SHOWN] = Field(
        default=(),
        description="Who wrote it: a name, or a list. Their approval alone is not enough. Readers don't see it.",
        examples=["Jo Bloggs", ["Jo Bloggs", "Sam Smith"]],
    )
    extra: Annotated[YesOrNo, AfterValidator(_check_extra), NOT_SHOWN] = Field(
        default=False,
        validate_default=True,
        description="yes for a second issue in the same month, whose file is named 2021-05-WORD.yaml.",
        examples=["yes"],
    )
    embargo: Annotated[AnEmbargo | None, NOT_SHOWN] = Field(
        default=None,
        description="From when the web archive has it. Left out, from the beginning of the day that it is published.",
        examples=["3 December 2026, 9:30am"],
    )
    corrections: tuple[IssueCorrection, ...] = Field(
        default=(),
        description="What was corrected after it was published. The web archive shows it; emails stay as they were.",
        examples=[[{"on": "30 November 2026", "text": "The conference starts at 9:30am, not 9am."}]],
    )
    withdrawn: Annotated[Withdrawal, NOT_SHOWN] = Field(
        default=None,
        description="The day on which it was taken away from the web archive. Its page says so, and nothing else.",
        examples=["30 November 2026"],
    )
    introduction: Text | None = Field(
        default=None, description="A few words before the contents.", examples=["Welcome to the May issue."]
    )
    to_do: Annotated[AToDo, NOT_SHOWN] = Field(
        default=ToDoRows.TASKS,
        description="What the box “What you need to do” has. yes: each `do:`. all: the other dates, too. no: no box.",
        examples=["all"],
    )
    signed: Signature | None = Field(
        default=None,
        description="Who signs the issue, at its end.",
        examples=[{"name": "Asha Rahman", "role": "Independent Chair", "text": "Thank you for your work this year."}],
    )
    sections: Annotated[
        tuple[Section, ...],
        Field(min_length=1),
        AfterValidator(_check_top_story),
        AfterValidator(_check_ids),
        AfterValidator(_check_teasers),
    ] = Field(
        description="The sections, in reading order.",
        examples=[[{"kind": "notice", "title": "Office hours", "text": "We are closed on 3 May 2021."}]],
    )
    _by_reader: bool = PrivateAttr(default=False)
    _origins: Mapping[Place, Place] | None = PrivateAttr(default=None)
    _anchors: Mapping[Place, str] | None = PrivateAttr(default=None)

    def model_post_init(self, context: object, /) -> None:
        """Remember what its bulletin says of the languages of its readers."""
        self._by_reader = isinstance(context, ValidationContext) and context.by_reader

    @property
    def readers_languages(self) -> tuple[str, ...]:
        """The languages that its readers choose from; () if everyone gets all of it."""
        return self.languages if self._by_reader else ()

    @property
    def first_language(self) -> str:
        """The language of the issue; of a bilingual one, the first."""
        return (*self.languages, self.language or ENGLISH)[0]

    @property
    def in_each_language(self) -> tuple[Issue, ...]:
        """The issue in each of its languages, in their order: itself, if it has one."""
        return tuple(map(self.in_language, self.languages)) or (self,)

    def in_language(self, language: str) -> Issue:
        """A bilingual issue in one of its languages, with the anchors that all of it has; any other as it is."""
        if language not in self.languages:
            return self
        chosen = choose_language(self, language).model_copy(update={"language": language, "languages": ()})
        chosen._remember(  # noqa: SLF001 -- its own class
            origins={place: self.origin_of(place) for place in self._list_places()}, anchors=self.anchors
        )
        return chosen

    def _list_places(self) -> tuple[Place, ...]:
        return tuple(record.place for record in walk_records(self) if record.place)

    def for_audience(self, audience: Audience) -> Issue:
        """This issue without what is not for `audience`: its sections, items, links, dates and the like.

        It is in the audience's language, if it is written in that. All of it has the anchors that it had before. No
        section may be left.
        """
        return self._prune(audience).in_language(audience.language)

    def _prune(self, audience: Audience) -> Issue:
        left = prune_all(self.sections, audience, before=("sections",), now=("sections",))
        if left.value is self.sections:
            return self
        anchors = self.anchors
        pruned = self.model_copy(update={"sections": left.value})
        pruned._remember(  # noqa: SLF001 -- its own class
            origins={now: self.origin_of(before) for now, before in left.origins.items()},
            anchors={now: anchors[before] for now, before in left.origins.items() if before in anchors},
        )
        return pruned

    def with_sections(self, sections: tuple[Section, ...]) -> Issue:
        """This issue with other sections in the places of its own, as many. All of it has the anchors of before."""
        anchors = self.anchors
        changed = self.model_copy(update={"sections": sections})
        places = changed._list_places()  # noqa: SLF001 -- its own class
        changed._remember(  # noqa: SLF001 -- its own class
            origins={place: self.origin_of(place) for place in places if self._knows(place)},
            anchors={place: anchors[place] for place in places if place in anchors},
        )
        return changed

    def _knows(self, place: Place) -> bool:
        return self._origins is None or place in self._origins

    def _remember(self, *, origins: Mapping[Place, Place], anchors: Mapping[Place, str]) -> None:
        self._origins, self._anchors = origins, anchors

    @property
    def anchors(self) -> Mapping[Place, str]:
        """The anchor of each section, and of each item with a title or a name, by its place in this issue.

        They are those of the whole issue, also where this one has been made for an audience.
        """
        if self._anchors is None:  # pages ask for them again and again
            self._anchors = make_anchors(self.sections)
        return self._anchors

    @property
    def origins(self) -> frozenset[Place]:
        """The places, in the whole issue, of all records that are in this one."""
        if self._origins is not None:
            return frozenset(self._origins.values())
        return frozenset(record.place for record in walk_records(self) if record.place)

    def origin_of(self, place: Place) -> Place:
        """The place that a record at `place` has in the whole issue."""
        return place if self._origins is None else self._origins[place]
