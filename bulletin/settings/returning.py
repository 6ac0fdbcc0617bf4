"""What bulletin.yaml declares of what comes back: the mailbox for bounces and for requests to unsubscribe. Pure.

Never a secret: the password is in BULLETIN_IMAP_URL.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, ClassVar, Final, Self

from pydantic import AfterValidator, Field, model_validator

from bulletin.declaration.declared import Declared
from bulletin.declaration.values import MailAddress, Plain, invalid
from bulletin.settings.sending import TokenLogin, refuse_password


def _check_imap(value: str) -> str:
    if not re.match(r"imaps?://", value):
        raise invalid(
            "This is not the address of an IMAP server.",
            "Write it as imaps://user@imap.example.org/INBOX, without the password.",
        )
    refuse_password(value, variable="BULLETIN_IMAP_URL")
    return value


ImapUrl = Annotated[Plain, AfterValidator(_check_imap)]
"""The address of a mailbox on an IMAP server, without a password."""


_LONGEST_TOKEN: Final = 35
"""Letters of the token in a return address, up to four billion readers and as many emails."""

_MOST_WITH_VERP: Final = 64 - len("+") - _LONGEST_TOKEN  # RFC 5321, 4.5.3.1.1: 64 octets before the @


def _check_topic(value: str) -> str:
    if not re.fullmatch(r"arn:aws:sns:[a-z0-9-]+:[0-9]{12}:[\w-]{1,256}", value, re.ASCII):
        raise invalid(
            "This is not the ARN of a topic of Amazon SNS.",
            "Copy it from the topic's page, as in arn:aws:sns:eu-west-2:123456789012:returns.",
        )
    return value


class WebhookSettings(Declared):
    """The mail services that tell `bulletin serve` by themselves what came back."""

    noun: ClassVar[str] = "the webhooks"

    ses: Annotated[Plain, AfterValidator(_check_topic)] | None = Field(
        default=None,
        description="Amazon SES: the ARN of the SNS topic that posts to /webhooks/ses. No other topic is believed.",
        examples=["arn:aws:sns:eu-west-2:123456789012:returns"],
    )
    sendgrid: Plain | None = Field(
        default=None,
        description="SendGrid: the verification key of the signed event webhook that posts to /webhooks/sendgrid.",
        examples=["MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE…"],
    )
    azure: bool = Field(
        default=False,
        description="Azure Communication Services: whether Event Grid posts to /webhooks/azure. What it sends along as "
        "Authorization: Bearer is in BULLETIN_AZURE_WEBHOOK_TOKEN.",
        examples=[True],
    )


class AfterReading(StrEnum):
    """What becomes of an email in the mailbox once it was dealt with."""

    KEEP = "keep"
    MOVE = "move"  # to the folder that `move_to` names
    DELETE = "delete"


class Returns(Declared):
    """What comes back by email: bounces, complaints, and requests to unsubscribe."""

    noun: ClassVar[str] = "the mailbox"

    address: MailAddress = Field(
        description="Where bounces and requests to unsubscribe go: the address of a mailbox that bulletin reads.",
        examples=["returns@example.org"],
    )
    imap: ImapUrl | None = Field(
        default=None,
        description="The mailbox on its IMAP server. BULLETIN_IMAP_URL, which has the password too, goes before it.",
        examples=["imaps://returns@imap.example.org/INBOX"],
    )
    login: TokenLogin | None = Field(
        default=None,
        description="A login by token (XOAUTH2) instead of a password.",
        examples=[{"kind": "command", "command": "gcloud auth print-access-token"}],
    )
    verp: bool = Field(
        default=False,
        description="Whether each email gets a return address of its own, as in returns+v3g1g…@example.org. It tells "
        f"best which email came back. Only if your mail server takes addresses with a +. At most {_MOST_WITH_VERP} "
        "characters can be before the @ then.",
        examples=[True],
    )
    after: AfterReading = Field(
        default=AfterReading.KEEP,
        description="What becomes of an email there once it was dealt with: keep, move or delete it.",
        examples=["keep", "move"],
    )
    move_to: Plain | None = Field(
        default=None, description="With after: move, the folder to move it to.", examples=["Done"]
    )
    webhooks: WebhookSettings = Field(
        default=WebhookSettings(),
        description="The mail services that tell `bulletin serve` by themselves what came back.",
        examples=[{"ses": "arn:aws:sns:eu-west-2:123456789012:returns"}],
    )

    @model_validator(mode="after")
    def _check_folder(self) -> Self:
        if (self.after is AfterReading.MOVE) != (self.move_to is not None):
            raise invalid(
                "after: move and move_to belong together.",
                "Write both, as in after: move and move_to: Done. Or remove both: emails stay where they are.",
            )
        return self

    @model_validator(mode="after")
    def _check_room(self) -> Self:
        local = self.address.rpartition("@")[0]
        if self.verp and len(local) > _MOST_WITH_VERP:
            raise invalid(
                f"With verp: yes, “{local}” is too long: email addresses have at most 64 characters before the @, and "
                f"{_LONGEST_TOKEN + 1} of them are needed to name the email that came back.",
                f"Use an address with at most {_MOST_WITH_VERP} characters before the @, or remove verp.",
            )
        return self
