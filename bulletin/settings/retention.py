"""How long what is kept: `retention:` in bulletin.yaml. Pure.

UK GDPR, article 5(1)(e): no longer than is necessary. `personal_data.retention` carries it out.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, WithJsonSchema

from bulletin.declaration.declared import Declared
from bulletin.declaration.values import invalid, parsed_by


def parse_days(text: str) -> int:
    """`7 days`, `1 day`, `2 weeks`. Raises PydanticCustomError."""
    match = re.fullmatch(r"([0-9]{1,4})\s*(day|week)s?", text)
    if not match:
        raise invalid(f"“{text}” is not a number of days.", "Write it as in 7 days, or 2 weeks.")
    return int(match[1]) * (7 if match[2] == "week" else 1)


def parse_months(text: str) -> int:
    """`24 months`, `2 years`. Raises PydanticCustomError."""
    match = re.fullmatch(r"([0-9]{1,3})\s*(month|year)s?", text)
    if not match:
        raise invalid(f"“{text}” is not a number of months.", "Write it as in 24 months, or 2 years.")
    return int(match[1]) * (12 if match[2] == "year" else 1)


Days = Annotated[int, BeforeValidator(parsed_by(parse_days)), WithJsonSchema({"type": "string"})]
Months = Annotated[int, BeforeValidator(parsed_by(parse_months)), WithJsonSchema({"type": "string"})]


class Retention(Declared):
    """How long what is kept. After that, `bulletin run` deletes it."""

    noun: ClassVar[str] = "the retention"

    unconfirmed: Annotated[Days, Field(ge=1, le=30)] = Field(
        default=7,
        description="How long the address of someone who asked to join and never confirmed is kept.",
        examples=["7 days"],
    )
    network: Annotated[Days, Field(ge=1, le=366)] = Field(
        default=30,
        description="How long we keep from which network, and with which browser, someone agreed. Requests to join "
        "that have ended go then too.",
        examples=["30 days"],
    )
    deliveries: Annotated[Months, Field(ge=7, le=120)] = Field(
        default=24,
        description="How long we keep who was sent which issue, and what came back. After that, only the counts are "
        "kept. At least 7 months: emails that come back are counted over half a year.",
        examples=["24 months"],
    )
    complaints: Annotated[Months, Field(ge=1, le=120)] = Field(
        default=24,
        description="How long the words of a complaint are kept after it was closed.",
        examples=["24 months"],
    )
    logs: Annotated[Days, Field(ge=1, le=3660)] = Field(
        default=90, description="How long lines of the log file (--log) are kept.", examples=["90 days"]
    )
    limits: Annotated[Days, Field(ge=1, le=30)] = Field(
        default=2,
        description="How long we keep how often something was asked for on the website.",
        examples=["2 days"],
    )
