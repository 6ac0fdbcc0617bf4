"""What bulletin.yaml declares of the organisation, its bulletins, lists, contributors and look. Pure."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from bulletin.declaration import translated
from bulletin.declaration.colours import BLACK, LEAST_CONTRAST, WHITE, measure_contrast, strengthen
from bulletin.declaration.declared import Declared
from bulletin.declaration.translated import list_versions
from bulletin.declaration.values import (
    MailAddress,
    Plain,
    WebAddress,
    WholeNumber,
    invalid,
    one_or_more,
)
from bulletin.issue.item import ListNames, PictureFile, find_context
from bulletin.issue.language import ALanguage
from bulletin.issue.sections import section_kinds
from bulletin.languages.known import ENGLISH
from bulletin.settings.joining import CLOSED, OpenTo
from bulletin.settings.languages import BilingualEmail


class Logo(Declared):
    """The organisation's logo: a picture in the workspace."""

    noun: ClassVar[str] = "a logo"

    file: PictureFile = Field(
        description="The picture's path from the folder of bulletin.yaml: PNG, JPEG, GIF, WebP, AVIF or TIFF.",
        examples=["issues/images/logo.png"],
    )
    alt: translated.Plain = Field(
        description="What it says, for people who cannot see it.", examples=["Bexley S.H.I.E.L.D."]
    )
    width: Annotated[WholeNumber, Field(ge=16, le=560)] = Field(
        default=160, description="How wide it is shown, in pixels.", examples=[160]
    )


class HelpStrip(Declared):
    """Where readers get help at once: a strip of colour at the end of every issue."""

    noun: ClassVar[str] = "a help strip"

    title: translated.Plain = Field(
        description="A question that readers may have.", examples=["Worried about a child?"]
    )
    text: translated.Text = Field(
        description="What to do, in a line or two, with the numbers as links.",
        examples=["Ring [01632 960 100](tel:01632960100), day or night."],
    )


class Organisation(Declared):
    """Who publishes. Readers see all of this at the foot of every issue."""

    noun: ClassVar[str] = "an organisation"

    name: translated.Plain = Field(description="The name that readers know.", examples=["Bexley S.H.I.E.L.D."])
    about: translated.Text | None = Field(
        default=None, description="Who you are, in two or three sentences.", examples=["We are a partnership."]
    )
    address: translated.Plain | None = Field(
        default=None,
        description="The postal address, in one line.",
        examples=["Civic Offices, 2 Watling Street, Bexleyheath DA6 7AT"],
    )
    email: MailAddress = Field(description="Where readers can write to.", examples=["shield@example.org"])
    telephone: Plain | None = Field(default=None, description="Where readers can ring.", examples=["020 7946 0000"])
    website: translated.WebAddress | None = Field(
        default=None, description="Your website.", examples=["https://www.example.org"]
    )
    privacy: translated.WebAddress | None = Field(
        default=None,
        description="Your privacy notice, which also says how to complain.",
        examples=["https://www.example.org/privacy"],
    )
    logo: Logo | None = Field(
        default=None, description="Your logo.", examples=[{"file": "issues/images/logo.png", "alt": "Our name"}]
    )
    help: HelpStrip | None = Field(
        default=None,
        description="Where readers get help at once, at the end of every issue.",
        examples=[{"title": "Worried about a child?", "text": "Ring [01632 960 100](tel:01632960100)."}],
    )
    social: dict[Plain, WebAddress] = Field(
        default={},
        description="Your pages elsewhere, by their names. Readers see them at the foot, in this order.",
        examples=[{"LinkedIn": "https://www.example.org/linkedin"}],
    )


def _check_accent(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise invalid(f"“{value}” is not a colour.", "Write it as '#1d5c87': # and six figures or letters from a to f.")
    contrast = measure_contrast(value, WHITE)
    if contrast < LEAST_CONTRAST:
        raise invalid(
            f"“{value}” is too pale: its contrast with white is {contrast:.1f} to 1, and readers need 4.5 to 1.",
            f"Choose a darker one. The nearest shade that readers can read is {strengthen(value, BLACK, [WHITE])}.",
        )
    return value.lower()


Accent = Annotated[Plain, AfterValidator(_check_accent)]
"""A colour as `#rrggbb` that can be read on white, and white on it."""


class BulletinLook(Declared):
    """The look of one bulletin. What it leaves out is as the organisation's."""

    noun: ClassVar[str] = "a look"

    accent: Accent | None = Field(
        default=None,
        description="The colour of links, buttons and numbers. It needs a contrast with white of 4.5 to 1.",
        examples=["#1d5c87"],
    )
    warm: Accent | None = Field(
        default=None,
        description="The colour of dates to keep and of what to heed. It needs a contrast with white of 4.5 to 1.",
        examples=["#8f4100"],
    )
    logo: Logo | None = Field(
        default=None,
        description="Its logo, in place of the organisation's.",
        examples=[{"file": "issues/images/training.png", "alt": "Our training"}],
    )
    tagline: translated.Plain | None = Field(
        default=None, description="A few words below its title.", examples=["Courses and workshops in Bexley"]
    )


class Sender(Declared):
    """Who an issue is from, as an inbox shows it."""

    noun: ClassVar[str] = "a sender"

    name: Plain = Field(description="The name.", examples=["Bexley S.H.I.E.L.D."])
    email: MailAddress = Field(description="The address.", examples=["bulletin@shield.example.org"])


class BulletinSettings(Declared):
    """A named series of issues."""

    noun: ClassVar[str] = "a bulletin"

    title: translated.Plain = Field(description="Its title, on every issue.", examples=["S.H.I.E.L.D. e-bulletin"])
    sender: Sender = Field(
        description="Who it is from.", examples=[{"name": "Our partnership", "email": "news@example.org"}]
    )
    language: ALanguage = Field(
        default=ENGLISH, description="The language it is written in: en or cy.", examples=["cy"]
    )
    languages: BilingualEmail = Field(
        default=BilingualEmail.TOGETHER,
        description="How readers get a bilingual issue: together, or by reader (each in the language they chose).",
        examples=["by reader"],
    )
    reply_to: MailAddress | None = Field(
        default=None, description="Where replies go, if not to the sender.", examples=["shield@example.org"]
    )
    list_id: Annotated[Plain, Field(max_length=255, pattern=r"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")] | None = Field(
        default=None,
        description="What mail programs know the bulletin by (RFC 2919). Once used it never changes.",
        examples=["monthly.shield.example.org"],
    )
    lists: ListNames = Field(
        default=(), description="The lists that get it. Left out, all of them.", examples=[["partners", "schools"]]
    )
    greeting: translated.Plain = Field(
        default="Hello {name},",
        description="The greeting for readers whose name you know, with {name} or {first_name}.",
        examples=["Dear {name},"],
    )
    greeting_unnamed: translated.Plain = Field(
        default="Hello,", description="The greeting for the others.", examples=["Dear colleague,"]
    )
    about: translated.Plain | None = Field(
        default=None,
        description="What it brings, and for which people: the words that follow its title.",
        examples=["brings news, training and resources for everyone who works with children in Bexley."],
    )
    pace: translated.Plain = Field(
        default="once a month", description="How often it is sent, in words.", examples=["once a month"]
    )
    reason: translated.Plain = Field(
        # Spelt as in the releases before: another letter here would void approvals given with them.
        default="You get this e-mail because you are on our mailing list.",
        description="Why readers get it, above the unsubscribe link.",
        examples=["You get this because your organisation works with us to keep children safe."],
    )

    look: BulletinLook | None = Field(
        default=None,
        description="Its own colours, logo and tagline. What it leaves out is as the organisation's.",
        examples=[{"accent": "#5b2a86", "tagline": "Courses and workshops in Bexley"}],
    )

    @property
    def tagline(self) -> str:
        """The words below its title, or ""."""
        return str(self.look.tagline or "") if self.look else ""

    @model_validator(mode="after")
    def _check_greetings(self) -> Self:
        for _, greeting in list_versions(self.greeting):
            _check_greeting(greeting, named=True)
        for _, greeting in list_versions(self.greeting_unnamed):
            _check_greeting(greeting, named=False)
        return self


def _check_greeting(greeting: str, *, named: bool) -> None:
    known = ("{name}", "{first_name}")
    if sum(map(greeting.count, known)) != named:
        raise invalid(
            "The greeting needs {name} or {first_name} once, and greeting_unnamed must have neither.",
            "Write Hello {name},",
        )
    if wrong := next((mark for mark in _MERGE_TAG.findall(greeting) if mark not in known), ""):
        raise invalid(
            f"The greeting has “{wrong}” in it, which readers would see. "
            "Only {name} or {first_name}, in single braces, is filled in.",
            "Write Hello {name},",
        )


# How mailers mark what they fill in: braces, *|FNAME|*, %NAME%, [name], <name>, $name.
_MERGE_TAG = re.compile(
    r"\{+[^{}]*\}+|[{}]+|\*\|.*?\|\*|%+\w+%+|\[[\w ]*name[\w ]*\]|<+[\w ]*name[\w ]*>+|\$\w*name\w*", re.IGNORECASE
)


class Basis(StrEnum):
    """The lawful basis for emailing a list (UK GDPR article 6; PECR regulation 22)."""

    CONSENT = "consent"
    PUBLIC_TASK = "public-task"
    CONTRACT = "contract"
    LEGITIMATE_INTERESTS = "legitimate-interests"
    SOFT_OPT_IN = "soft-opt-in"  # a charity's supporters (regulation 22, since 5 February 2026), a seller's customers

    @property
    def allows_marketing(self) -> bool:
        """Whether people on such a list may get marketing (`bulletin.issue.audience` says why)."""
        return self in (Basis.CONSENT, Basis.SOFT_OPT_IN)


class ConsentEvidence(Declared):
    """The columns of a list's file that show how each person agreed to get email."""

    noun: ClassVar[str] = "the evidence of consent"

    when: Plain = Field(default="agreed on", description="The column with the day.", examples=["Date joined"])
    how: Plain = Field(
        default="agreed through", description="The column with how they agreed: a form, a program.", examples=["Source"]
    )
    wording: Plain = Field(
        default="agreed to", description="The column with the words they agreed to.", examples=["Question on the form"]
    )


class ListSettings(Declared):
    """A list of readers. Its members are in a file of its own."""

    noun: ClassVar[str] = "a list"

    title: translated.Plain = Field(description="What the list is called.", examples=["Partner agencies"])
    basis: Basis = Field(description="The lawful basis for emailing them.", examples=["public-task"])
    about: translated.Plain | None = Field(
        default=None,
        description="What the list is for, in a sentence for people who may join it.",
        examples=["Training dates and resources for safeguarding champions."],
    )
    open: OpenTo = Field(
        default=(CLOSED,),
        description="Who may join it by themselves, on the website: people whose address ends in one of these at once, "
        "all others once you approve. Left out, or closed: no one.",
        examples=[["*.gov.uk", "nhs.net", "police.uk"]],
    )
    evidence: ConsentEvidence | None = Field(
        default=None,
        description="For consent: the columns of its file that show when and how each person agreed, to what words.",
        examples=[{"when": "Date joined", "how": "Source", "wording": "Question on the form"}],
    )
    file: Plain | None = Field(
        default=None,
        description="Its file, if that is not subscribers/NAME.csv.",
        examples=["subscribers/partner-agencies.csv"],
    )

    @model_validator(mode="after")
    def _check_evidence(self) -> Self:
        if self.evidence and self.basis is not Basis.CONSENT:
            raise invalid(
                f"The evidence is of consent, but the basis is {self.basis}.",
                "Delete evidence, or write basis: consent if these people agreed to get email.",
            )
        return self


class Colours(Declared):
    """The look. One accent is enough: the other colours are derived so that readers can read all of it."""

    noun: ClassVar[str] = "the colours"

    warm: Accent = Field(
        default="#8f4100",
        description="The colour of dates to keep and of what to heed. It needs a contrast with white of 4.5 to 1.",
        examples=["#8f4100"],
    )
    accent: Accent = Field(
        default="#1d5c87",
        description="The colour of links, buttons and numbers. It needs a contrast with white of 4.5 to 1.",
        examples=["#1d5c87"],
    )


def _check_kind(kind: str, info: ValidationInfo) -> str:
    known = [*section_kinds(), *find_context(info).own_names]
    if kind not in known:
        raise invalid(f"“{kind}” is not a kind of section.", f"The kinds are: {', '.join(known)}.")
    return kind


SectionKind = Annotated[Plain, AfterValidator(_check_kind)]
"""The name of a kind of section: events, training."""


class Contributor(Declared):
    """A partner agency that contributes parts of an issue."""

    noun: ClassVar[str] = "a contributor"

    organisation: Plain = Field(description="The agency's name.", examples=["Bexley Health"])
    email: MailAddress = Field(description="Who to ask there.", examples=["news@health.example.org"])
    sections: Annotated[tuple[SectionKind, ...], BeforeValidator(one_or_more)] = Field(
        default=(), description="The kinds of section that it should send.", examples=[["events", "training"]]
    )


_NAME = r"^[a-z0-9][a-z0-9-]{0,40}$"
Name = Annotated[str, Field(pattern=_NAME)]
"""The short name of a bulletin, a list or a contributor: small letters, figures and hyphens."""
