"""What all services have in common: what comes in, what goes out, and how a request is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from bulletin.bounces.event_report import ReturnedEvent


class NotTheServiceError(Exception):
    """The request isn't from the service, or is too old. Nothing of it is believed."""


class UnreadableEventError(Exception):
    """It is from the service, or may be, but can't be read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedEvents:
    """What a request tells. `answer` is what the service wants to read back, as JSON; None for nothing."""

    events: tuple[ReturnedEvent, ...] = ()
    answer: Mapping[str, str] | None = None


class MailService(Protocol):
    """One mail service. `name` is the end of the address that it posts to."""

    @property
    def name(self) -> str:
        """In small letters: `ses`."""

    def require_key(self) -> None:
        """Raises BulletinError if what the service is known by is missing, or can't be read."""

    def receive(self, headers: Mapping[str, str], body: bytes, *, now: int) -> ReceivedEvents:
        """What a request tells, at `now` (ms since 1970). Names of headers are in small letters.

        Raises NotTheServiceError and UnreadableEventError.
        """


def parse_json(body: bytes | str) -> Any:
    """The JSON in a body. Raises UnreadableEventError."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise UnreadableEventError from None


def read_object(value: object) -> Mapping[str, Any]:
    """An object of JSON; an empty one in the place of anything else."""
    return value if isinstance(value, dict) else {}


def read_objects(value: object) -> list[Mapping[str, Any]]:
    """A list's objects, without whatever else is in it; none in the place of anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def read_text(found: Mapping[str, Any], name: str) -> str:
    """A text of an object; "" if there is none."""
    value = found.get(name)
    return value if isinstance(value, str) else ""


def parse_moment(text: str) -> int:
    """A time by RFC 3339, in ms since 1970. Raises UnreadableEventError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UnreadableEventError from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
