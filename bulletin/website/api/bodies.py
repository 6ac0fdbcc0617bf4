"""What other programs send to `/api/v1`, and what they get. Pure: OpenAPI's description is made of these."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bulletin.database.states import SuppressionReason

EmailText = Annotated[
    str, Field(min_length=3, max_length=320, description="An email address.", examples=["sam@example.org"])
]
ShortName = Annotated[str, Field(min_length=1, max_length=64)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SubscribeBody(_Body):
    """Someone who wants to join lists. They get an email, and join only by confirming it themselves."""

    email: EmailText
    lists: Annotated[
        list[ShortName],
        Field(min_length=1, max_length=20, description="Lists that are `open` in bulletin.yaml.", examples=[["news"]]),
    ]
    agreement: Annotated[
        str,
        Field(
            min_length=1,
            max_length=4000,
            description="The very words above the button of your form: they are kept as evidence.",
            examples=["Email me the monthly news. I can unsubscribe at any time."],
        ),
    ]
    name: Annotated[str, Field(max_length=100, description="How to greet them.", examples=["Sam Jones"])] = ""
    language: Annotated[
        Literal["", "cy", "en-GB"], Field(description="In which language they want issues that have two.")
    ] = ""
    visitor: Annotated[
        IPv4Address | IPv6Address | None,
        Field(
            description="The network address that your form was sent from. Its network is kept as evidence for a "
            "while, and may ask ten times an hour. Left out, yours counts.",
            examples=["192.0.2.7"],
        ),
    ] = None


class UnsubscribeBody(_Body):
    """Someone who wants no more email: of one list, of one bulletin, or (with neither) at all."""

    email: EmailText
    list: Annotated[ShortName | None, Field(description="Only what they get through this list.")] = None
    bulletin: Annotated[ShortName | None, Field(description="Only this bulletin.")] = None


class SuppressBody(_Body):
    """An address that must not be emailed at all."""

    email: EmailText
    reason: Annotated[
        Literal[SuppressionReason.OPTED_OUT, SuppressionReason.BOUNCED, SuppressionReason.COMPLAINED],
        Field(description="Why.", examples=["bounced"]),
    ]
    note: Annotated[
        str, Field(max_length=200, description="A few words for the record. No email address.", examples=["By phone"])
    ] = ""


class DoneAnswer(_Body):
    """It is done. It says nothing of whether the address was known."""

    done: Annotated[str, Field(description="What, in words.", examples=["All email to this address is stopped."])]


class MailingCounts(_Body):
    """How many readers of an issue are in each state, and what its mailings are doing."""

    issue: Annotated[str, Field(examples=["2026-12"])]
    stage: Annotated[str, Field(description="sending, paused, halted, cancelled or ended.", examples=["sending"])]
    total: int
    queued: int
    sending: int
    accepted: int
    deferred: int
    refused: int
    uncertain: int
    withdrawn: int
    bounced: int


class FaultOfBody(_Body):
    """One fault of a body: where it is, as a JSON Pointer (RFC 6901), and what to do about it."""

    pointer: Annotated[str, Field(examples=["#/email"])]
    detail: str


class ProblemDocument(_Body):
    """What went wrong (RFC 9457)."""

    type: Annotated[str, Field(examples=["about:blank"])]
    title: str
    status: int
    detail: str
    errors: list[FaultOfBody] = []
