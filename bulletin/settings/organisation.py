"""What bulletin.yaml declares: the organisation, its bulletins and lists, its look, and how mail leaves. Pure."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, ClassVar, Self
from unicodedata import category, normalize

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from bulletin.declaration.colours import BLACK, LEAST_CONTRAST, WHITE, measure_contrast, strengthen
from bulletin.declaration.declared import Declared
from bulletin.declaration.rates import Share
from bulletin.declaration.values import (
    MailAddress,
    Plain,
    Text,
    WebAddress,
    WholeNumber,
    one_or_more,
    parsed_by,
    refusal,
)
from bulletin.issue.item import ListNames, PictureFile
from bulletin.issue.snippets import section_kinds
from bulletin.settings.proof import OwnRule, ProofSettings
from bulletin.settings.sending import DomainLimits, Limits, Login, Provider, SmtpAddress


class Logo(Declared):
    """The organisation's logo: a picture in the workspace."""

    noun: ClassVar[str] = "a logo"

    file: PictureFile = Field(
        description="The picture's path from the folder of bulletin.yaml: PNG, JPEG or GIF.",
        examples=["issues/images/logo.png"],
    )
    alt: Plain = Field(description="What it says, for those who do not see it.", examples=["Bexley S.H.I.E.L.D."])
    width: Annotated[WholeNumber, Field(ge=16, le=560)] = Field(
        default=160, description="How wide it is shown, in pixels.", examples=[160]
    )


class Organisation(Declared):
    """Who publishes. Readers see all of this at the foot of every issue."""

    noun: ClassVar[str] = "an organisation"

    name: Plain = Field(description="The name that readers know.", examples=["Bexley S.H.I.E.L.D."])
    about: Text = Field(description="Who you are, in two or three sentences.", examples=["We are a partnership."])
    address: Plain = Field(
        description="The postal address, in one line.",
        examples=["Civic Offices, 2 Watling Street, Bexleyheath DA6 7AT"],
    )
    email: MailAddress = Field(description="Where readers can write to.", examples=["shield@example.org"])
    telephone: Plain | None = Field(default=None, description="Where readers can ring.", examples=["020 7946 0000"])
    website: WebAddress | None = Field(default=None, description="Your website.", examples=["https://www.example.org"])
    privacy: WebAddress | None = Field(
        default=None,
        description="Your privacy notice, which also says how to complain.",
        examples=["https://www.example.org/privacy"],
    )
    logo: Logo | None = Field(
        default=None, description="Your logo.", examples=[{"file": "issues/images/logo.png", "alt": "Our name"}]
    )


class Sender(Declared):
    """Whom an issue comes from, as an inbox shows it."""

    noun: ClassVar[str] = "a sender"

    name: Plain = Field(description="The name.", examples=["Bexley S.H.I.E.L.D."])
    email: MailAddress = Field(description="The address.", examples=["bulletin@shield.example.org"])


class BulletinSettings(Declared):
    """A named series of issues."""

    noun: ClassVar[str] = "a bulletin"

    title: Plain = Field(description="Its title, on every issue.", examples=["S.H.I.E.L.D. e-bulletin"])
    sender: Sender = Field(
        description="Whom it comes from.", examples=[{"name": "Our partnership", "email": "news@example.org"}]
    )
    reply_to: MailAddress | None = Field(
        default=None, description="Where answers go, if not to the sender.", examples=["shield@example.org"]
    )
    list_id: Annotated[Plain, Field(max_length=255, pattern=r"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")] | None = Field(
        default=None,
        description="What mail programs know the bulletin by (RFC 2919). Once used it never changes.",
        examples=["monthly.shield.example.org"],
    )
    lists: ListNames = Field(
        default=(), description="The lists that get it. Left out, all of them.", examples=[["partners", "schools"]]
    )
    greeting: Plain = Field(
        default="Hello {name},", description="The greeting for readers whose name is known.", examples=["Dear {name},"]
    )
    greeting_unnamed: Plain = Field(
        default="Hello,", description="The greeting for the others.", examples=["Dear colleague,"]
    )
    reason: Plain = Field(
        default="You get this e-mail because you are on our mailing list.",
        description="Why readers get it, above the unsubscribe link.",
        examples=["You get this because your organisation works with us to keep children safe."],
    )

    @model_validator(mode="after")
    def _check_greetings(self) -> Self:
        if self.greeting.count("{name}") != 1 or "{name}" in self.greeting_unnamed:
            raise refusal(
                "The greeting needs {name} once, and greeting_unnamed must not have it.", "Write Hello {name},"
            )
        return self


class Basis(StrEnum):
    """The lawful basis for writing to a list (UK GDPR article 6; PECR regulation 22)."""

    CONSENT = "consent"
    PUBLIC_TASK = "public-task"
    CONTRACT = "contract"
    LEGITIMATE_INTERESTS = "legitimate-interests"


class ListSettings(Declared):
    """A list of people who may be written to. Its members stand in a file of its own."""

    noun: ClassVar[str] = "a list"

    title: Plain = Field(description="What the list is called.", examples=["Partner agencies"])
    basis: Basis = Field(description="The lawful basis for writing to them.", examples=["public-task"])
    file: Plain | None = Field(
        default=None,
        description="Its file, if that is not subscribers/NAME.csv.",
        examples=["subscribers/partner-agencies.csv"],
    )


def _check_accent(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise refusal(f"“{value}” is not a colour.", "Write it as '#1d5c87': # and six figures or letters from a to f.")
    contrast = measure_contrast(value, WHITE)
    if contrast < LEAST_CONTRAST:
        raise refusal(
            f"“{value}” is too pale: its contrast with white is {contrast:.1f} to 1, and readers need 4.5 to 1.",
            f"Choose a darker one. The nearest shade that can be read is {strengthen(value, BLACK, [WHITE])}.",
        )
    return value.lower()


Accent = Annotated[Plain, AfterValidator(_check_accent)]
"""A colour as `#rrggbb` that can be read on white, and white on it."""


class Colours(Declared):
    """The look. One accent is enough: the rest is derived from it so that all of it can be read."""

    noun: ClassVar[str] = "the colours"

    accent: Accent = Field(
        default="#1d5c87",
        description="The colour of links, buttons and numbers. It must stand out from white (4.5 to 1).",
        examples=["#1d5c87"],
    )


class Website(Declared):
    """The public pages: past issues, and where readers unsubscribe."""

    noun: ClassVar[str] = "a website"

    url: WebAddress = Field(
        description="Where they are. Set it once the pages are there: every issue links to them.",
        examples=["https://bulletin.example.org"],
    )


_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


def parse_duration(text: str) -> timedelta:
    """`30 seconds`, `5 minutes`, `1 hour`, `2 days`. Raises PydanticCustomError."""
    match = re.fullmatch(r"([0-9]{1,4})\s*(second|minute|hour|day)s?", text)
    if not match:
        raise refusal(f"“{text}” is not a length of time.", "Write it as in 30 seconds, 5 minutes, 1 hour, 2 days.")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


Duration = Annotated[timedelta, BeforeValidator(parsed_by(parse_duration)), WithJsonSchema({"type": "string"})]

_RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))


class Sending(Declared):
    """How mail leaves, and how fast. The password is never here: BULLETIN_SMTP_URL has it."""

    noun: ClassVar[str] = "sending"

    smtp: Annotated[tuple[SmtpAddress, ...], BeforeValidator(one_or_more), Field(max_length=5)] = Field(
        default=(),
        description="The SMTP server, without its password; or several: the next is used while those before it fail.",
        examples=[
            "smtp+starttls://bulletin@smtp.example.org:587",
            ["smtp+starttls://bulletin@smtp.example.org:587", "smtps://bulletin@second.example.org"],
        ],
    )
    provider: Provider | None = Field(
        default=None,
        description="Whose servers they are: what that provider allows is kept to. What you set here yourself wins.",
        examples=["microsoft-365"],
    )
    login: Login | None = Field(
        default=None,
        description="A login by token, where the server takes no password.",
        examples=[{"kind": "command", "command": "gcloud auth print-access-token"}],
    )
    limits: Limits = Field(
        default=(),
        description="How many messages may leave in any second, minute, hour, day. Left out, what the provider allows.",
        examples=[["30/minute", "10000/day"]],
    )
    connections: Annotated[WholeNumber, Field(ge=1, le=128)] = Field(
        default=4,
        description="How many connections to it at once. Left out, what the provider allows, or else 4.",
        examples=[4],
    )
    messages_per_connection: Annotated[WholeNumber, Field(le=100_000)] = Field(
        default=0,
        description="After how many messages a connection is renewed; 0 for never. Left out, as the provider likes it.",
        examples=[100],
    )
    domain_share: Share = Field(
        default=0.25,
        description="What part of the connections may be busy with one domain's readers (nhs.net) at once. Left out, a "
        "quarter, but 4 at least.",
        examples=["25%"],
    )
    domain_limits: DomainLimits = Field(
        default=(),
        description="How many messages may leave for one domain's readers (nhs.net) in any second, minute, hour. Left "
        "out, 300/minute, or any number where the server is on this computer; [] for any number.",
        examples=[["60/minute"]],
    )
    stop_at: Share = Field(
        default=0.05,
        description="Sending stops by itself when the server refuses so many of those whose turn has come.",
        examples=["5%"],
    )
    stop_after: Annotated[WholeNumber, Field(ge=1)] = Field(
        default=20,
        description="As long as fewer than this are refused it goes on.",
        examples=[20],
    )
    retries: Annotated[tuple[Duration, ...], BeforeValidator(one_or_more), Field(max_length=30)] = Field(
        default=_RETRIES,
        description="How long to wait before each new attempt, when the server says “later”.",
        examples=[["1 minute", "5 minutes", "1 hour"]],
    )
    patience: Duration = Field(
        default=timedelta(minutes=10),
        description="How long one `bulletin send` waits for such attempts before it ends; the next one goes on.",
        examples=["10 minutes"],
    )
    grace: Duration = Field(
        default=timedelta(hours=12),
        description="How late a planned mailing may still begin by itself; after that `bulletin run` only says so.",
        examples=["12 hours"],
    )


def _check_kind(kind: str) -> str:
    if kind not in section_kinds():
        raise refusal(f"“{kind}” is not a kind of section.", f"The kinds are: {', '.join(section_kinds())}.")
    return kind


SectionKind = Annotated[Plain, AfterValidator(_check_kind)]
"""The name of a kind of section: events, training."""


class Contributor(Declared):
    """A partner agency that sends in parts of an issue."""

    noun: ClassVar[str] = "a contributor"

    organisation: Plain = Field(description="The agency's name.", examples=["Bexley Health"])
    email: MailAddress = Field(description="Whom to ask there.", examples=["news@health.example.org"])
    sections: Annotated[tuple[SectionKind, ...], BeforeValidator(one_or_more)] = Field(
        default=(), description="The kinds of section that it is to send.", examples=[["events", "training"]]
    )


# What editors and telephones put in the place of the plain signs.
_PLAIN_SIGNS = str.maketrans(dict.fromkeys("‘’ʼ´`", "'") | dict.fromkeys("‐‑‒–—−", "-"))


def fold_name(name: str) -> str:
    """What makes two spellings one person's name.

    Capitals, spaces of any kind, signs that are not seen, typographic signs, and the ways in which Unicode writes one
    letter do not tell people apart.
    """
    return "".join(_fold(name).split())


def fold_words(name: str) -> frozenset[str]:
    """The words of a name, each as `fold_name` has it."""
    return frozenset(re.findall(r"[^\W_]+(?:['-][^\W_]+)*", _fold(name)))


def _fold(text: str) -> str:
    seen = "".join(char for char in normalize("NFKC", text.translate(_PLAIN_SIGNS)) if category(char) != "Cf")
    return normalize("NFKC", seen.translate(_PLAIN_SIGNS).casefold())


class ApprovalRules(Declared):
    """Who has to agree before an issue is sent."""

    noun: ClassVar[str] = "the sign-off"

    needed: Annotated[WholeNumber, Field(le=9)] = Field(
        default=1, description="How many different people have to sign an issue off.", examples=[1]
    )
    people: Annotated[tuple[Plain, ...], BeforeValidator(one_or_more)] = Field(
        default=(), description="Who may sign. Left out, anybody by name.", examples=[["Jo Bloggs", "Sam Smith"]]
    )

    def find_person(self, name: str) -> str | None:
        """The name of whoever may sign as it stands in bulletin.yaml (or as it is given, if none stand there)."""
        if not self.people:
            return " ".join(name.split()) or None
        return next((person for person in self.people if fold_name(person) == fold_name(name)), None)

    @model_validator(mode="after")
    def _check_people(self) -> Self:
        folded = [fold_name(person) for person in self.people]
        if twice := [person for person in self.people if folded.count(fold_name(person)) > 1]:
            raise refusal(f"“{twice[0]}” may sign twice over.", "Name each person once.")
        if self.people and self.needed > len(self.people):
            raise refusal(
                f"{self.needed} people have to sign, and only {len(self.people)} may.",
                "Name more people, or ask for fewer.",
            )
        return self


_NAME = r"^[a-z0-9][a-z0-9-]{0,40}$"
Name = Annotated[str, Field(pattern=_NAME)]
"""The short name of a bulletin, a list or a contributor: small letters, figures and hyphens."""


class Settings(Declared):
    """The whole of bulletin.yaml."""

    noun: ClassVar[str] = "bulletin.yaml"

    organisation: Organisation = Field(
        description="Who publishes.",
        examples=[
            {"name": "Our partnership", "about": "We are …", "address": "1 High Street", "email": "us@example.org"}
        ],
    )
    bulletins: Annotated[dict[Name, BulletinSettings], Field(min_length=1)] = Field(
        description="Your bulletins, by a short name. The first one's issues are directly in issues/, another one's in "
        "issues/NAME/.",
        examples=[{"monthly": {"title": "News", "sender": {"name": "Us", "email": "us@example.org"}}}],
    )
    lists: Annotated[dict[Name, ListSettings], Field(min_length=1)] = Field(
        description="Your lists, by a short name.",
        examples=[{"partners": {"title": "Partner agencies", "basis": "public-task"}}],
    )
    colours: Colours = Field(default=Colours(), description="The look.", examples=[{"accent": "#1d5c87"}])
    website: Website | None = Field(
        default=None, description="The public pages.", examples=[{"url": "https://bulletin.example.org"}]
    )
    sending: Sending = Field(default=Sending(), description="How mail leaves.", examples=[{"connections": 4}])
    approval: ApprovalRules = Field(
        default=ApprovalRules(needed=0),
        description="Who has to agree before an issue is sent. Left out, nobody.",
        examples=[{"needed": 1}],
    )
    contributors: dict[Name, Contributor] = Field(
        default={},
        description="Who sends in parts of an issue, by a short name.",
        examples=[{"health": {"organisation": "Bexley Health", "email": "news@health.example.org"}}],
    )
    proof: ProofSettings = Field(
        default=ProofSettings(), description="How issues are proofed.", examples=[{"words": ["Bexleyheath"]}]
    )
    rules: tuple[OwnRule, ...] = Field(
        default=(),
        description="Rules of your own for the proof.",
        examples=[[{"code": "OWN01", "pattern": "service users?", "message": "We say “people we support”."}]],
    )
    state_group: Plain | None = Field(
        default=None,
        description="A group of users of this computer that shares what .bulletin/ remembers. Left out, the user who "
        "made the folder has it alone.",
        examples=["bulletin"],
    )
    deadline_days: Annotated[WholeNumber, Field(le=60)] = Field(
        default=7, description="How many days before an issue is published its contributions must be in.", examples=[7]
    )
