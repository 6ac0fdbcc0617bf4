"""The parts that sections are made of: items, tasks, points, links, pictures, figures, sessions. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from bulletin.declaration import values
from bulletin.declaration.declared import Declared
from bulletin.declaration.translated import Line, LinkAddress, Plain, Text, is_translated
from bulletin.declaration.values import MailAddress, YesOrNo, invalid, one_or_more
from bulletin.issue.archiving import Withdrawal
from bulletin.issue.dates import ADate, AMonth, ATime, Month, PartialDate
from bulletin.issue.framing import ACropRatio, AFocus, ImageSize
from bulletin.issue.traits import NAMES_AN_ORGANISATION, NAMES_SOMEBODY, NOT_IN_TABLES, NOT_SHOWN
from bulletin.languages.known import ENGLISH


@dataclass(frozen=True, kw_only=True)
class ValidationContext:
    """The facts that an issue is checked against: its file's name and month, the workspace's lists, and its pictures.

    `language` is that of its bulletin. `languages` are its own, if it is in several: () for an issue in one language,
    None where that is open. `by_reader`: each reader gets it in the language of their choice. `refuse_picture` says
    what is wrong with a picture's file name, or ""; `suggest_picture` what to do about one that is wrong. `find_twin`
    gives the path of another file that is the issue of a month too, or "". `own_kinds` are the models of the kinds of
    section that the workspace declares, and `own_names` their names, for what needs no more.
    """

    name: str = ""
    month: Month | None = None
    language: str = ENGLISH
    languages: tuple[str, ...] | None = None
    by_reader: bool = False
    find_twin: Callable[[Month], str] = field(default=lambda _: "")
    lists: frozenset[str] | None = None
    refuse_picture: Callable[[str], str] = field(default=lambda _: "")
    suggest_picture: Callable[[str], str] = field(default=lambda _: "Give its path from the folder of bulletin.yaml.")
    own_kinds: tuple[type[Declared], ...] = ()
    own_names: tuple[str, ...] = ()


def find_context(info: ValidationInfo) -> ValidationContext:
    """The context that the validation got, or one that knows nothing."""
    return info.context if isinstance(info.context, ValidationContext) else ValidationContext()


def _check_list(name: str, info: ValidationInfo) -> str:
    known = find_context(info).lists
    if known is not None and name not in known:
        near = get_close_matches(name, known, n=1)
        allowed = ", ".join(sorted(known)) or "none yet"
        hint = f" Did you mean “{near[0]}”?" if near else ""
        raise invalid(f"“{name}” is not a list in bulletin.yaml.", f"The lists are: {allowed}.{hint}")
    return name


def _check_follow_up(month: Month, info: ValidationInfo) -> Month:
    current = find_context(info).month
    if current is not None and month <= current:
        raise invalid(f"{month} is not after this issue's month, {current}.", "Give the month of a later issue.")
    return month


def can_be_id(word: str) -> bool:
    """Whether a word may be an `id:`."""
    shaped = re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", word) is not None
    return shaped and len(word) <= LONGEST_ID and word not in _RESERVED_IDS


def _check_id(word: str) -> str:
    if word in _RESERVED_IDS:
        raise invalid(f"“{word}” is a word that the page of the issue uses itself.", "Choose another word.")
    if not can_be_id(word):
        near = re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-")[:LONGEST_ID].strip("-")
        like = near if near and near not in _RESERVED_IDS else "spring-conference"
        raise invalid(
            f"“{word}” can’t be part of an address.",
            f"Use up to {LONGEST_ID} small letters, figures and hyphens, as in {like}.",
        )
    return word


LONGEST_ID = 100
"""Characters of an `id:`: an address that people can still read."""

_RESERVED_IDS = frozenset({"all", "all-dates"})

RecordId = Annotated[values.Plain, AfterValidator(_check_id)]
"""A word in small letters by which an item stays the same item: in addresses, and in readers' calendars."""

ListName = Annotated[values.Plain, AfterValidator(_check_list)]
ListNames = Annotated[tuple[ListName, ...], BeforeValidator(one_or_more)]


Name = Annotated[Line, NAMES_SOMEBODY]
"""The name of a person, a group or a place, in one line."""

Organisation = Annotated[Line, NAMES_SOMEBODY, NAMES_AN_ORGANISATION]
"""The name of an organisation, in one line. The proof then accepts its spelling in every text."""


class Item(Declared):
    """Any part of an issue that can promise more, or be for some readers only."""

    follow_up: Annotated[Annotated[AMonth, AfterValidator(_check_follow_up)] | None, NOT_SHOWN] = Field(
        default=None,
        description="If you promise more: the month of the issue that must return to this.",
        examples=["2021-06"],
    )
    for_: Annotated[ListNames, NOT_SHOWN] = Field(
        default=(),
        alias="for",
        description="The lists that this is for: only their readers see it. Left out, it is for everyone.",
        examples=[["schools", "champions"]],
    )
    withdrawn: Annotated[Withdrawal, NOT_SHOWN, NOT_IN_TABLES] = Field(
        default=None,
        description="The day on which it was taken away from the web archive. Its heading stays, and says so.",
        examples=["30 November 2026"],
    )
    topics: Annotated[tuple[Plain, ...], BeforeValidator(one_or_more), NOT_SHOWN, NOT_IN_TABLES] = Field(
        default=(),
        description="The topics of the web archive that it belongs to, if its words don't say so.",
        examples=[["neglect"]],
    )
    marketing: Annotated[YesOrNo, NOT_SHOWN, NOT_IN_TABLES] = Field(
        default=False,
        description="yes for marketing, such as an appeal: only readers who agreed to get it see it.",
        examples=["yes"],
    )

    id: Annotated[RecordId | None, NOT_SHOWN, NOT_IN_TABLES] = Field(
        default=None,
        description="A word that stays the same when the title changes: in addresses, and in readers' calendars.",
        examples=["spring-conference"],
    )

    @property
    def marks(self) -> tuple[Hashable, ...]:
        """Up to three things that identify this in another issue, the surest first.

        Items of one class with an equal mark are the same item, changed. The default is the title, then all else.
        """
        title = getattr(self, "title", None)
        return (title, self.model_copy(update={"title": ""})) if title else ()


def _check_picture(name: str, info: ValidationInfo) -> str:
    if problem := find_context(info).refuse_picture(name):
        raise invalid(f"The picture “{name}” {problem}", find_context(info).suggest_picture(name))
    return name


PictureFile = Annotated[values.Plain, AfterValidator(_check_picture)]
"""The path of a picture in the workspace, from the folder of bulletin.yaml."""


class Image(Declared):
    """A picture from the workspace. Readers who can't see it get its text alternative."""

    noun: ClassVar[str] = "an image"

    file: Annotated[PictureFile, NOT_SHOWN] = Field(
        description="The picture's path from the folder of bulletin.yaml: JPEG, PNG, GIF, WebP, AVIF or TIFF.",
        examples=["issues/images/poster.png"],
    )
    alt: Annotated[Plain, NOT_SHOWN] = Field(
        description="The picture's message, for readers who can't see it.",
        examples=["Poster: a parent rocks a crying baby"],
    )
    caption: Line | None = Field(
        default=None, description="A line below the picture.", examples=["The poster of phase 1"]
    )
    link: LinkAddress | None = Field(
        default=None, description="Where the picture leads.", examples=["https://www.example.org/poster"]
    )
    size: Annotated[ImageSize, NOT_SHOWN] = Field(
        default=ImageSize.FULL, description="How much of the column it takes.", examples=["small"]
    )
    crop: Annotated[ACropRatio, NOT_SHOWN] | None = Field(
        default=None, description="The shape to cut it to, width to height.", examples=["4:3"]
    )
    focus: Annotated[AFocus, NOT_SHOWN] | None = Field(
        default=None,
        description="What stays in view: top, bottom, left, right, centre, or per cent from the left and the top.",
        examples=["30% 20%"],
    )


class Booking(Declared):
    """How a reader takes part."""

    noun: ClassVar[str] = "how to book"

    how: Text | None = Field(default=None, description="What to do.", examples=["Sign in with your work address."])
    link: LinkAddress | None = Field(
        default=None, description="Where to book.", examples=["https://www.example.org/book"]
    )
    by: ADate | None = Field(default=None, description="The last day for booking.", examples=["1 June 2021"])


class Contact(Declared):
    """A person, or a team, to ask."""

    noun: ClassVar[str] = "a contact"

    name: Name = Field(description="The person or the team.", examples=["Jo Bloggs"])
    email: MailAddress | None = Field(default=None, description="Their email address.", examples=["jo@example.org"])
    telephone: values.Plain | None = Field(default=None, description="Their number.", examples=["01632 960 145"])

    @model_validator(mode="after")
    def _check_reach(self) -> Self:
        if not (self.email or self.telephone):
            raise invalid("has no email address and no telephone number.", "Give their `email:` or `telephone:`.")
        return self


def _refuse_yes_or_no(value: Any) -> Any:
    if isinstance(value, str) and value.strip().lower() in ("yes", "no", "true", "false", "on", "off"):
        raise invalid(
            f"“{value.strip()}” is not something to do.",
            "Write what readers need to do, as in “Return your audit”, or delete the line.",
        )
    return value


class Task(Item):
    """Something that may ask readers to act: `do:` puts it into "What you need to do", with its last day."""

    closing_field: ClassVar[tuple[str, ...]] = ("book", "by")
    takes_place: ClassVar[bool] = False  # whether it is something to go to, on days of its own

    do: Annotated[Line, BeforeValidator(_refuse_yes_or_no)] | None = Field(
        default=None,
        description="What readers need to do, for the box “What you need to do”. Begin it with a verb.",
        examples=["Return your Section 11 audit"],
    )
    by: ADate | None = Field(
        default=None, description="The last day to do it, with `do`.", examples=["4 December 2026"]
    )
    from_: Annotated[ADate | None, NOT_IN_TABLES] = Field(
        default=None,
        alias="from",
        description="The first day, with `do`, for what begins then.",
        examples=["11 January 2027"],
    )
    link: LinkAddress | None = Field(
        default=None, description="A page about it, or where to do it.", examples=["https://www.example.org/audit"]
    )

    @model_validator(mode="after")
    def _check_task(self) -> Self:
        if (self.by or self.from_) and not self.do:
            raise invalid(
                "is here without “do”.",
                "Write `do:` beside it, with what readers need to do.",
                field="by" if self.by else "from",
            )
        if self.by and self.from_:
            raise invalid("“by” and “from” are both here.", "Keep the day that readers must know.", field="from")
        return self

    @property
    def booking(self) -> Booking | None:
        """How to take part, for the items that say so."""
        return None

    @property
    def occasions(self) -> tuple[Session, ...]:
        """The days that it takes place on, if it does."""
        return ()

    @property
    def closing(self) -> PartialDate | None:
        """The last day that its other fields give: to book, to apply, to take part. None if they give none."""
        return None

    @property
    def last_day(self) -> PartialDate | None:
        """The last day to act: its own `by`, or when it closes."""
        return self.by or self.closing

    @property
    def day_field(self) -> tuple[str, ...]:
        """The field that has its day, as files call it: its own `from` or `by`, or `closing_field`."""
        return ("from",) if self.from_ else ("by",) if self.by else self.closing_field

    @property
    def target(self) -> str | None:
        """The address where readers act, or read about it."""
        return self.link

    @property
    def is_off(self) -> bool:
        """Whether it won't take place, so that there is nothing to do."""
        return False


YES = "yes"
"""As a teaser: its first sentences."""


def _read_teaser(value: Any) -> Any:
    """`yes` is one with its first sentences, `no` is none; else its own words."""
    word = value.strip().lower() if isinstance(value, str) else ""
    return YES if word in (YES, "true", "on") else None if word in ("no", "false", "off") else value


class Feature(Task):
    """A section or an item that may have a picture, and a button for its link."""

    teaser: Annotated[Text | None, BeforeValidator(_read_teaser), NOT_IN_TABLES] = Field(
        default=None,
        description="yes: emails have its first sentences and lead to all of it, on a page of its own. Or write words.",
        examples=["yes", "A new survey asks what families need. Nine in ten of them name one thing."],
    )

    image: Annotated[Image | None, NOT_IN_TABLES] = Field(
        default=None,
        description="A picture, with its text alternative.",
        examples=[{"file": "issues/images/poster.png", "alt": "Poster: a parent rocks a crying baby"}],
    )
    button: Plain | None = Field(
        default=None,
        description="The words of a button for the link: a verb, and what readers get.",
        examples=["Read the report"],
    )

    @property
    def closing(self) -> PartialDate | None:
        return self.booking.by if self.booking else None

    @property
    def target(self) -> str | None:
        return self.link or (self.booking.link if self.booking else None)

    @model_validator(mode="after")
    def _check_button(self) -> Self:
        if self.button and not (self.link or (self.booking and self.booking.link)):
            raise invalid("leads nowhere.", "Give its `link:` beside it.", field="button")
        return self


class Link(Item):
    """A titled address."""

    noun: ClassVar[str] = "a link"

    title: Line = Field(description="The title of the page it leads to.", examples=["Guidance for schools"])
    link: LinkAddress = Field(
        description="Its address: https://, mailto: or tel:.", examples=["https://www.example.org/guidance"]
    )
    summary: Text | None = Field(
        default=None, description="One sentence on why it matters.", examples=["For leads in schools and colleges."]
    )

    @property
    def marks(self) -> tuple[Hashable, ...]:
        return ((self.title, self.link), self.link, self.title)


class Point(Task):
    """One entry of a list of points. It may be written as just a text."""

    noun: ClassVar[str] = "a point"

    title: Line | None = Field(default=None, description="A few words to lead it.", examples=["Scrutiny"])
    text: Text = Field(description="The point itself, in a sentence or two.", examples=["We reviewed the action plan."])

    @model_validator(mode="after")
    def _check_link(self) -> Self:
        if self.link and not (self.title or self.do):
            raise invalid(
                "has no words that readers can open it by.",
                "Give the point a `title:`, or put the link into its text.",
                field="link",
            )
        return self

    @property
    def marks(self) -> tuple[Hashable, ...]:
        return (self.title or self.text, self.text)


def _read_point(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) or is_translated(value) else value


Points = Annotated[
    tuple[Annotated[Point, BeforeValidator(_read_point, json_schema_input_type=str | Point)], ...], Field(min_length=1)
]


def check_figure(value: str) -> str:
    """The value as it is, if it has a number in it. Raises PydanticCustomError."""
    if not re.search(r"[0-9]", value):
        raise invalid(f"“{value}” has no number in it.", "Write a number, as in 24 or 87%.")
    return value


class Figure(Declared):
    """A number worth showing large, with what it counts and when it was counted."""

    noun: ClassVar[str] = "a figure"

    value: Annotated[Plain, AfterValidator(check_figure)] = Field(
        description="The number, as readers should see it.", examples=["24"]
    )
    label: Line = Field(description="What the number counts.", examples=["professionals have completed the module"])
    date: ADate = Field(description="When it was counted.", examples=["April 2021"])


class Session(Item):
    """A day, or a run of days, with its hours and place."""

    noun: ClassVar[str] = "a session"

    date: ADate = Field(description="The day.", examples=["9 June 2021"])
    until: ADate | None = Field(
        default=None, description="The last day, if it lasts several.", examples=["11 June 2021"]
    )
    starts: ATime | None = Field(default=None, description="When it starts.", examples=["9:30am"])
    ends: ATime | None = Field(default=None, description="When it ends.", examples=["12:30pm"])
    place: Name | None = Field(default=None, description="Where it is.", examples=["Online"])
    cancelled: Annotated[YesOrNo, NOT_SHOWN] = Field(
        default=False,
        description="yes if it won't take place. Readers then see “Cancelled:” before it, and their calendars say so.",
        examples=["yes"],
    )

    @property
    def marks(self) -> tuple[Hashable, ...]:
        return ((self.date, self.starts), self.date)
