"""The whole of bulletin.yaml. Pure."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from bulletin.declaration.declared import Declared
from bulletin.declaration.values import Plain, WholeNumber, YesOrNo
from bulletin.settings.accessibility import AccessibilitySettings
from bulletin.settings.alerting import Alerts
from bulletin.settings.approval import ApprovalRules
from bulletin.settings.archive import ArchiveSettings, TopicWords
from bulletin.settings.budget import Budget
from bulletin.settings.bulletin_names import BulletinName
from bulletin.settings.database_address import DatabaseAddress
from bulletin.settings.languages import LanguageSettings
from bulletin.settings.organisation import (
    BulletinSettings,
    Colours,
    Contributor,
    ListSettings,
    Name,
    Organisation,
)
from bulletin.settings.proof import CustomRule, ProofSettings
from bulletin.settings.retention import Retention
from bulletin.settings.returning import Returns
from bulletin.settings.sending import Sending
from bulletin.settings.website import Website


class Settings(Declared):
    """The whole of bulletin.yaml."""

    noun: ClassVar[str] = "bulletin.yaml"
    refuses_strays: ClassVar[bool] = True

    organisation: Organisation = Field(
        description="Who publishes.",
        examples=[
            {"name": "Our partnership", "about": "We are …", "address": "1 High Street", "email": "us@example.org"}
        ],
    )
    bulletins: Annotated[dict[BulletinName, BulletinSettings], Field(min_length=1)] = Field(
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
    archive: ArchiveSettings = Field(
        default=ArchiveSettings(), description="The web archive of past issues.", examples=[{"listed": "no"}]
    )
    accessibility: AccessibilitySettings | None = Field(
        default=None,
        description="The accessibility statement of the website, which public bodies need.",
        examples=[{"checked": "26 November 2026", "days": 10}],
    )
    topics: dict[Plain, TopicWords] = Field(
        default={},
        description="What past issues can be looked up by: each topic with the words that tell it.",
        examples=[{"Neglect": ["neglect", "neglected"]}],
    )
    sending: Sending = Field(default=Sending(), description="How email is sent.", examples=[{"connections": 4}])
    returns: Returns | None = Field(
        default=None,
        description="The mailbox for what comes back: bounces, and requests to unsubscribe.",
        examples=[{"address": "returns@example.org", "imap": "imaps://returns@imap.example.org"}],
    )
    alerts: Alerts | None = Field(
        default=None,
        description="Who is told when sending stops by itself, ends, or waits for a decision.",
        examples=[{"email": ["news@example.org"]}],
    )
    retention: Retention = Field(
        default=Retention(),
        description="How long what is kept. After that, `bulletin run` deletes it.",
        examples=[{"deliveries": "24 months"}],
    )
    approval: ApprovalRules = Field(
        default=ApprovalRules(needed=0),
        description="Who has to approve an issue before it is sent. Left out, no approval is needed.",
        examples=[{"needed": 1}],
    )
    contributors: dict[Name, Contributor] = Field(
        default={},
        description="Who contributes parts of an issue, by a short name.",
        examples=[{"health": {"organisation": "Bexley Health", "email": "news@health.example.org"}}],
    )
    proof: ProofSettings = Field(
        default=ProofSettings(), description="How issues are proofed.", examples=[{"words": ["Bexleyheath"]}]
    )
    languages: LanguageSettings = Field(
        default=LanguageSettings(),
        description="How the languages of bilingual issues are compared.",
        examples=[{"pairs": [{"cy": "https://www.gov.wales/cy/", "en": "https://www.gov.wales/"}]}],
    )
    budget: Budget = Field(
        default=Budget(),
        description="How many words an issue, a section and a contribution may have.",
        examples=[{"issue": 1500, "section": 250, "contributor": 120}],
    )
    typography: YesOrNo = Field(
        default=True,
        description="Whether readers get curly quotes, dashes and no-break spaces where you type plain ones.",
        examples=["no"],
    )
    editions: Annotated[WholeNumber, Field(ge=1, le=200)] = Field(
        default=24,
        description="How many editions one issue may make, with `for:` and `marketing:`, for its different readers.",
        examples=[24],
    )
    rules: tuple[CustomRule, ...] = Field(
        default=(),
        description="Rules of your own for the proof.",
        examples=[[{"code": "OWN01", "pattern": "service users?", "message": "We say “people we support”."}]],
    )
    state_group: Plain | None = Field(
        default=None,
        description="A group of users of this computer that shares what .bulletin/ remembers. Left out, only the "
        "user who made the folder can use it.",
        examples=["bulletin"],
    )
    database: DatabaseAddress | None = Field(
        default=None,
        description="The database, if it isn't the file in .bulletin/: on a PostgreSQL server that several computers "
        "share. Never with a password. BULLETIN_DATABASE_URL takes priority over it.",
        examples=["postgresql+psycopg://news@db.example.org/bulletin?sslmode=verify-full"],
    )
    deadline_days: Annotated[WholeNumber, Field(le=60)] = Field(
        default=7, description="How many days before an issue is published its contributions must be in.", examples=[7]
    )

    @property
    def list_titles(self) -> dict[str, str]:
        """The title of each list, by its short name."""
        return {name: each.title for name, each in self.lists.items()}

    def dress(self, bulletin: str) -> Settings:
        """These settings with the colours and the logo of a bulletin that has a look of its own."""
        look = self.bulletins[bulletin].look if bulletin in self.bulletins else None
        if look is None:
            return self
        own = {name: colour for name in ("accent", "warm") if (colour := getattr(look, name))}
        organisation = self.organisation.model_copy(update={"logo": look.logo} if look.logo else {})
        colours = self.colours.model_copy(update=own)
        return self.model_copy(update={"organisation": organisation, "colours": colours})
