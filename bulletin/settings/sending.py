"""What bulletin.yaml declares of sending: which servers, which provider, which login, how fast. Pure.

Never a secret: passwords and client secrets come from the environment.
"""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from bulletin.declaration.declared import Declared
from bulletin.declaration.rates import Rate, RateText, Share
from bulletin.declaration.values import Plain, WholeNumber, invalid, one_or_more, parsed_by
from bulletin.settings.graph import ClientId, GraphAccount, Tenant
from bulletin.settings.signing import DkimSettings


class Provider(StrEnum):
    """Whose servers take the email. What each allows is in `providers.toml`."""

    MICROSOFT_365 = "microsoft-365"
    GOOGLE_WORKSPACE = "google-workspace"
    AMAZON_SES = "amazon-ses"
    AZURE = "azure-communication-services"
    OWN_RELAY = "own-relay"


def refuse_password(address: str, *, variable: str) -> None:
    """Raises PydanticCustomError for the address of a server with a password in it, which belongs into `variable`."""
    if ":" in address.partition("://")[2].rpartition("@")[0]:  # the last @ is the one before the server
        raise invalid(
            "There is a password in this address.", f"Remove it, and put the whole address in {variable} instead."
        )


def _check_smtp(value: str) -> str:
    if not re.match(r"(smtp|smtp\+starttls|smtps)://", value):
        raise invalid(
            "This is not the address of an SMTP server.",
            "Write it as smtp+starttls://user@smtp.example.org:587, without the password.",
        )
    refuse_password(value, variable="BULLETIN_SMTP_URL")
    return value


SmtpAddress = Annotated[Plain, AfterValidator(_check_smtp)]
"""The address of an SMTP server, without a password."""


def _check_limits(limits: tuple[Rate, ...]) -> tuple[Rate, ...]:
    periods: set[timedelta] = set()
    for rate in limits:
        if rate.period in periods:
            raise invalid(f"{rate} is the second limit for the same length of time.", "Keep the smaller one.")
        periods.add(rate.period)
    return limits


Limits = Annotated[
    tuple[RateText, ...], BeforeValidator(one_or_more), AfterValidator(_check_limits), Field(max_length=4)
]
"""How many messages may be sent, in each length of time."""


def _check_domain_limits(limits: tuple[Rate, ...]) -> tuple[Rate, ...]:
    if daily := [rate for rate in limits if rate.period > timedelta(hours=1)]:
        raise invalid(f"{daily[0]} is not a limit for one domain.", "Write it by the second, minute or hour.")
    return limits


DomainLimits = Annotated[Limits, AfterValidator(_check_domain_limits)]
"""How many messages may be sent to the readers at one domain. A mailing waits for these, so never by the day."""


class LoginKind(StrEnum):
    """Where the token comes from."""

    COMMAND = "command"  # a command prints it
    MICROSOFT = "microsoft"  # Microsoft's identity platform, by client credentials


class TokenLogin(Declared):
    """A login by token (XOAUTH2) instead of a password. The SMTP server's address says whose mailbox it is."""

    noun: ClassVar[str] = "a login"

    kind: LoginKind = Field(
        description="Where the token comes from: a command of yours, or Microsoft's identity platform.",
        examples=["microsoft", "command"],
    )
    command: Annotated[tuple[Plain, ...], BeforeValidator(one_or_more), Field(max_length=40)] = Field(
        default=(),
        description="With kind: command, the command to run. It prints the token. In one line, or word by word.",
        examples=["gcloud auth print-access-token", ["/opt/mail/print-token", "--account", "news@example.org"]],
    )
    tenant: Tenant | None = Field(
        default=None,
        description="With kind: microsoft, your organisation's tenant: its ID, or one of its domains.",
        examples=["example.org"],
    )
    client_id: ClientId | None = Field(
        default=None,
        description="With kind: microsoft, the application (client) ID. Its secret is in BULLETIN_CLIENT_SECRET.",
        examples=["00000000-0000-0000-0000-000000000000"],
    )

    @model_validator(mode="after")
    def _check_kind(self) -> Self:
        if self.kind is LoginKind.COMMAND and not self.command:
            raise invalid("This login has no command.", "Add it, as in command: gcloud auth print-access-token.")
        if self.kind is LoginKind.MICROSOFT and not (self.tenant and self.client_id):
            raise invalid(
                "This login needs tenant and client_id.",
                "Your IT colleagues find both in Microsoft Entra, in the application's registration.",
            )
        if self.kind is LoginKind.COMMAND and (self.tenant or self.client_id):
            raise invalid("tenant and client_id belong to kind: microsoft.", "Remove them, or change the kind.")
        if self.kind is LoginKind.MICROSOFT and self.command:
            raise invalid("A command belongs to kind: command.", "Remove it, or change the kind.")
        return self


_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


def parse_duration(text: str) -> timedelta:
    """`30 seconds`, `5 minutes`, `1 hour`, `2 days`. Raises PydanticCustomError."""
    match = re.fullmatch(r"([0-9]{1,4})\s*(second|minute|hour|day)s?", text)
    if not match:
        raise invalid(f"“{text}” is not a length of time.", "Write it as in 30 seconds, 5 minutes, 1 hour, 2 days.")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


Duration = Annotated[timedelta, BeforeValidator(parsed_by(parse_duration)), WithJsonSchema({"type": "string"})]

_RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))


class Sending(Declared):
    """How email is sent, and how fast. The password is never here: BULLETIN_SMTP_URL has it."""

    noun: ClassVar[str] = "sending"

    smtp: Annotated[tuple[SmtpAddress, ...], BeforeValidator(one_or_more), Field(max_length=5)] = Field(
        default=(),
        description="The SMTP server, without its password; or several: the next is used while those before it fail.",
        examples=[
            "smtp+starttls://bulletin@smtp.example.org:587",
            ["smtp+starttls://bulletin@smtp.example.org:587", "smtps://bulletin@second.example.org"],
        ],
    )
    graph: GraphAccount | None = Field(
        default=None,
        description="Send by Microsoft Graph instead of SMTP. Its secret is in BULLETIN_CLIENT_SECRET.",
        examples=[{"mailbox": "news@example.org", "tenant": "example.org", "client_id": "00000000-0000-0000"}],
    )
    provider: Provider | None = Field(
        default=None,
        description="Whose servers they are: sending keeps to its limits. What you set here takes priority.",
        examples=["microsoft-365"],
    )
    login: TokenLogin | None = Field(
        default=None,
        description="A login by token, where the server takes no password.",
        examples=[{"kind": "command", "command": "gcloud auth print-access-token"}],
    )
    dkim: DkimSettings | None = Field(
        default=None,
        description="Sign emails, where the server doesn't. `bulletin dkim` makes the key and its DNS record.",
        examples=[{"domain": "example.org", "selector": "bulletin"}],
    )
    limits: Limits = Field(
        default=(),
        description="How many messages may be sent in any second, minute, hour or day. Left out, the provider's.",
        examples=[["30/minute", "10000/day"]],
    )
    connections: Annotated[WholeNumber, Field(ge=1, le=128)] = Field(
        default=4,
        description="How many connections to it at once. Left out, what the provider allows, or else 4.",
        examples=[4],
    )
    messages_per_connection: Annotated[WholeNumber, Field(le=100_000)] = Field(
        default=0,
        description="After how many messages a connection is renewed; 0 for never. Left out, as the provider asks.",
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
        description="How many messages may be sent to one domain's readers (nhs.net) in any second, minute, hour. Left "
        "out, 300/minute, or any number where the server is on this computer; [] for any number.",
        examples=[["60/minute"]],
    )
    stop_at: Share = Field(
        default=0.05,
        description="Sending stops when the server refuses this share of the messages so far.",
        examples=["5%"],
    )
    stop_after: Annotated[WholeNumber, Field(ge=1)] = Field(
        default=20,
        description="Sending never stops for fewer refusals than this.",
        examples=[20],
    )
    retries: Annotated[tuple[Duration, ...], BeforeValidator(one_or_more), Field(max_length=30)] = Field(
        default=_RETRIES,
        description="How long to wait before each retry, when the server says “later”.",
        examples=[["1 minute", "5 minutes", "1 hour"]],
    )
    patience: Duration = Field(
        default=timedelta(minutes=10),
        description="How long one `bulletin send` waits for retries before it ends; the next one continues.",
        examples=["10 minutes"],
    )
    grace: Duration = Field(
        default=timedelta(hours=12),
        description="How late `bulletin run` may still start a scheduled mailing; after that it only says so.",
        examples=["12 hours"],
    )

    @model_validator(mode="after")
    def _check_graph(self) -> Self:
        if self.graph and self.smtp:
            raise invalid("Both smtp and graph are set.", "Keep the one that you send by, and remove the other.")
        if self.graph and self.login:
            raise invalid("A login belongs to smtp.", "Remove it: graph has tenant and client_id itself.")
        if self.graph and self.dkim:
            raise invalid("With graph, Microsoft signs emails itself (DKIM).", "Remove dkim.")
        return self
