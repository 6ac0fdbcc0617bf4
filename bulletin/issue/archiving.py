"""What an issue says for the web archive alone: from when it is there, what was corrected, what was taken away. Pure.

Emails show none of it, so none of it is part of what is approved or sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any, ClassVar
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from bulletin.declaration.declared import Declared
from bulletin.declaration.source import Source
from bulletin.declaration.values import Line, Plain, invalid, parsed_by
from bulletin.issue.dates import ADay, TimeOfDay, parse_day, parse_time
from bulletin.issue.traits import NOT_SHOWN

ZONE = ZoneInfo("Europe/London")
"""The zone that a day and an hour in an issue are meant in."""

ARCHIVE_ONLY = frozenset({"corrections", "embargo", "withdrawn"})
"""The fields of an issue that no email depends on."""

_EMBARGO = re.compile(
    r"(?P<day>.*[0-9])(?:,| at|,? )\s*(?P<hour>[0-9][0-9:.]*\s*(?:[ap]m)?|midday|noon|midnight)", re.IGNORECASE
)


_MIDNIGHT = TimeOfDay(0, 0)


@dataclass(frozen=True, slots=True)
class Embargo:
    """A day, and the hour from which an issue may be public."""

    day: date
    hour: TimeOfDay = _MIDNIGHT

    @property
    def moment(self) -> datetime:
        """The moment, in British time."""
        return datetime.combine(self.day, time(self.hour.hour, self.hour.minute), tzinfo=ZONE)


def parse_embargo(text: str) -> Embargo:
    """`3 December 2026, 9:30am`, or a day alone: then it ends as the day begins. Raises PydanticCustomError."""
    match = _EMBARGO.fullmatch(text.strip())
    if match and re.search(r"[0-9]{4}", match["day"]):
        return Embargo(parse_day(match["day"].strip(" ,")), parse_time(match["hour"].strip()))
    return Embargo(parse_day(text))


AnEmbargo = Annotated[Embargo, BeforeValidator(parsed_by(parse_embargo)), WithJsonSchema({"type": "string"})]
"""A day, with or without an hour."""


@dataclass(frozen=True, slots=True)
class TakenAway:
    """Something was taken away from the archive: on which day, or None where its file only says that it was."""

    day: date | None = None


def _read_withdrawal(value: Any) -> Any:
    """`yes`, or the day on which it was taken away; `no` is as if it were not written."""
    if not isinstance(value, str):
        return value
    word = value.strip().lower()
    if word in ("yes", "true", "on"):
        return TakenAway()
    return None if word in ("no", "false", "off") else TakenAway(parse_day(value))


Withdrawal = Annotated[
    TakenAway | None, BeforeValidator(_read_withdrawal), WithJsonSchema({"type": ["string", "boolean"]})
]
"""Whether something was taken away: since a day, or `yes`."""


WITHDRAWN_REASON = "This issue says that it was withdrawn, so it can’t be sent."
WITHDRAWN_REMEDY = "If that’s a mistake, delete this line."


def says_withdrawn(source: Source) -> bool:
    """Whether an issue's file says that it was taken away, even if other things are wrong with it."""
    written = source.data.get("withdrawn") if isinstance(source.data, dict) else None
    try:
        return bool(_read_withdrawal(written))
    except PydanticCustomError:
        return True


def _read_item_word(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"#?[a-z0-9][a-z0-9_-]*", value.strip()):
        raise invalid(f"“{value}” is not an anchor.", "Write what follows # in the address of its place on the page.")
    return value.strip().removeprefix("#") if isinstance(value, str) else value


class IssueCorrection(Declared):
    """What was wrong in an issue that readers had already, and what is right."""

    noun: ClassVar[str] = "a correction"

    on: ADay = Field(description="The day of the correction.", examples=["30 November 2026"])
    text: Line = Field(
        description="What is right now, and what was said before.",
        examples=["The conference starts at 9:30am, not 9am."],
    )
    item: Annotated[Plain, BeforeValidator(_read_item_word), NOT_SHOWN] | None = Field(
        default=None,
        description="What it is about: the anchor of its place on the page.",
        examples=["conference"],
    )
