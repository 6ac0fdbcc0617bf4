"""Azure Communication Services by Event Grid: https://learn.microsoft.com/azure/event-grid/webhook-event-delivery.

Event Grid sends a secret that we made, as a delivery property: the header `Authorization: Bearer …`. A secret in the
address would be in the logs of whatever is in front of us.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from bulletin.bounces.event_report import ReturnedEvent
from bulletin.errors import BulletinError
from bulletin.website.webhooks.service import (
    NotTheServiceError,
    ReceivedEvents,
    UnreadableEventError,
    parse_json,
    read_object,
    read_objects,
    read_text,
)

NAME: Final = "azure"
SHORTEST: Final = 24
"""Characters of the secret."""

_VALIDATION: Final = "Microsoft.EventGrid.SubscriptionValidationEvent"
_REPORT: Final = "Microsoft.Communication.EmailDeliveryReportReceived"
_WORDS: Final = {
    "Bounced": "",
    "Failed": "",
    "Suppressed": "the address is on the suppression list of Azure",
    "FilteredSpam": "550 5.7.1 message rejected as spam",
    "Quarantined": "550 5.7.1 message quarantined as spam",
}
"""The states of a delivery that failed, and what is said of it where Azure passes on no words of the server."""


@dataclass(frozen=True, kw_only=True)
class Azure:
    """`secret` is what Event Grid sends along."""

    secret: str = field(repr=False)
    name: str = NAME

    def require_key(self) -> None:
        """Raises BulletinError if there is no secret that is long enough."""
        if len(self.secret) < SHORTEST:
            raise BulletinError(
                f"BULLETIN_AZURE_WEBHOOK_TOKEN is missing, or shorter than {SHORTEST} characters.",
                "Make a random one, put it in the environment, and let Event Grid send it as the header "
                "“Authorization: Bearer …”. Or remove `azure` from `returns: webhooks:` in bulletin.yaml.",
            )

    def receive(self, headers: Mapping[str, str], body: bytes, *, now: int) -> ReceivedEvents:  # noqa: ARG002 -- it has no time
        """What Event Grid tells. Raises NotTheServiceError and UnreadableEventError."""
        expected = f"Bearer {self.secret}".encode()
        if not self.secret or not hmac.compare_digest(headers.get("authorization", "").encode("utf-8"), expected):
            raise NotTheServiceError
        told = parse_json(body)
        if not isinstance(told, list):
            raise UnreadableEventError
        for one in read_objects(told):
            if read_text(one, "eventType") == _VALIDATION:
                code = read_text(read_object(one.get("data")), "validationCode")
                return ReceivedEvents(answer={"validationResponse": code})
        return ReceivedEvents(events=tuple(_read_events(told)))


def _read_events(told: object) -> Iterator[ReturnedEvent]:
    for one in read_objects(told):
        data = read_object(one.get("data"))
        status, number = read_text(data, "status"), read_text(one, "id")
        if read_text(one, "eventType") == _REPORT and number and status in _WORDS:
            details = read_object(data.get("deliveryStatusDetails"))
            yield ReturnedEvent(
                service=NAME,
                id=number,
                recipient=read_text(data, "recipient"),
                words=read_text(details, "statusMessage") or _WORDS[status],
                fields={"message-id": _bracket(read_text(data, "internetMessageId"))},
            )


def _bracket(message_id: str) -> str:
    return message_id if message_id.startswith("<") or not message_id else f"<{message_id}>"
