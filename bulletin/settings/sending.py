"""What bulletin.yaml declares of handing mail in: at which servers, of which provider, with which login. Pure.

No secret has a place here: passwords and client secrets come from the environment.
"""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from bulletin.declaration.declared import Declared
from bulletin.declaration.rates import Rate, RateText
from bulletin.declaration.values import Plain, one_or_more, refusal


class Provider(StrEnum):
    """Whose servers take the mail. What each allows stands in delivery/providers.toml."""

    MICROSOFT_365 = "microsoft-365"
    GOOGLE_WORKSPACE = "google-workspace"
    AMAZON_SES = "amazon-ses"
    AZURE = "azure-communication-services"
    OWN_RELAY = "own-relay"


def _check_smtp(value: str) -> str:
    if not re.match(r"(smtp|smtp\+starttls|smtps)://", value):
        raise refusal(
            "This is not the address of an SMTP server.",
            "Write it as smtp+starttls://user@smtp.example.org:587, without the password.",
        )
    if ":" in value.partition("://")[2].rpartition("@")[0]:  # the last @ is the one before the server
        raise refusal(
            "A password stands in this address.",
            "Take it out, and give the whole address in BULLETIN_SMTP_URL instead.",
        )
    return value


SmtpAddress = Annotated[Plain, AfterValidator(_check_smtp)]
"""The address of an SMTP server, without a password."""


def _check_limits(limits: tuple[Rate, ...]) -> tuple[Rate, ...]:
    periods: set[timedelta] = set()
    for rate in limits:
        if rate.period in periods:
            raise refusal(f"{rate} is the second limit for the same length of time.", "Keep the smaller one.")
        periods.add(rate.period)
    return limits


Limits = Annotated[
    tuple[RateText, ...], BeforeValidator(one_or_more), AfterValidator(_check_limits), Field(max_length=4)
]
"""How many messages may leave, in each length of time."""


def _check_domain_limits(limits: tuple[Rate, ...]) -> tuple[Rate, ...]:
    if daily := [rate for rate in limits if rate.period > timedelta(hours=1)]:
        raise refusal(f"{daily[0]} is not a limit for one domain.", "Write it by the second, minute or hour.")
    return limits


DomainLimits = Annotated[Limits, AfterValidator(_check_domain_limits)]
"""How many messages may leave for the readers at one domain: a mailing waits for that by itself, so not by the day."""


class LoginKind(StrEnum):
    """Where the token comes from."""

    COMMAND = "command"  # whatever a command prints
    MICROSOFT = "microsoft"  # Microsoft's identity platform, by client credentials


class Login(Declared):
    """A login by token (XOAUTH2) instead of a password. Whose mailbox it is, the SMTP server's address says."""

    noun: ClassVar[str] = "a login"

    kind: LoginKind = Field(
        description="Where the token comes from: a command of yours, or Microsoft's identity platform.",
        examples=["microsoft", "command"],
    )
    command: Annotated[tuple[Plain, ...], BeforeValidator(one_or_more), Field(max_length=40)] = Field(
        default=(),
        description="With kind: command, what to run: it prints the token. In one line, or word by word.",
        examples=["gcloud auth print-access-token", ["/opt/mail/print-token", "--account", "news@example.org"]],
    )
    tenant: Annotated[Plain, Field(pattern=r"^[A-Za-z0-9.-]{1,253}$")] | None = Field(
        default=None,
        description="With kind: microsoft, your organisation's tenant: its ID, or one of its domains.",
        examples=["example.org"],
    )
    client_id: Annotated[Plain, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")] | None = Field(
        default=None,
        description="With kind: microsoft, the application (client) ID. Its secret is in BULLETIN_CLIENT_SECRET.",
        examples=["00000000-0000-0000-0000-000000000000"],
    )

    @model_validator(mode="after")
    def _check_kind(self) -> Self:
        if self.kind is LoginKind.COMMAND and not self.command:
            raise refusal("This login has no command.", "Add it, as in command: gcloud auth print-access-token.")
        if self.kind is LoginKind.MICROSOFT and not (self.tenant and self.client_id):
            raise refusal(
                "This login needs tenant and client_id.",
                "Your IT colleagues find both in Microsoft Entra, at the application's registration.",
            )
        if self.kind is LoginKind.COMMAND and (self.tenant or self.client_id):
            raise refusal("tenant and client_id belong to kind: microsoft.", "Take them out, or change the kind.")
        if self.kind is LoginKind.MICROSOFT and self.command:
            raise refusal("A command belongs to kind: command.", "Take it out, or change the kind.")
        return self
