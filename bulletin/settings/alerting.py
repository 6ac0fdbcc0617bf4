"""Who is told when sending needs a person: `alerts:` in bulletin.yaml. Pure.

Never a secret: anyone who has the address of a Teams workflow can post to it, so it is in BULLETIN_TEAMS_WEBHOOK.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from bulletin.declaration.declared import Declared
from bulletin.declaration.rates import Share
from bulletin.declaration.values import MailAddress, invalid, one_or_more


class Alerts(Declared):
    """Who is told when sending stops by itself, ends, or waits for a decision."""

    noun: ClassVar[str] = "the alerts"

    email: Annotated[tuple[MailAddress, ...], BeforeValidator(one_or_more), Field(max_length=10)] = Field(
        default=(),
        description="Who gets an email: at most one an hour about the same thing, without any reader's address.",
        examples=[["news@example.org", "it@example.org"]],
    )
    teams: bool = Field(
        default=False,
        description="Whether it is posted to Microsoft Teams too. The address of the workflow is in "
        "BULLETIN_TEAMS_WEBHOOK, because anyone who knows it can post there.",
        examples=[True],
    )
    bounces: Share = Field(
        default=0.05,
        description="You are told once this share of an issue's emails has bounced (five emails at least).",
        examples=["5%"],
    )

    @model_validator(mode="after")
    def _check_someone(self) -> Self:
        if not self.email and not self.teams:
            raise invalid(
                "alerts: names no one.", "Write who gets an email, as in email: news@example.org. Or write teams: yes."
            )
        return self
