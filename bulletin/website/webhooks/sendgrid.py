"""SendGrid's Event Webhook, signed by ECDSA: https://www.twilio.com/docs/sendgrid/for-developers/tracking-events.

The signature is over the timestamp and the bytes of the body. Its public key is in bulletin.yaml.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bulletin.bounces.event_report import ReturnedEvent
from bulletin.errors import BulletinError
from bulletin.parts import Part, require_part
from bulletin.website.webhooks.service import (
    NotTheServiceError,
    ReceivedEvents,
    UnreadableEventError,
    parse_json,
    read_objects,
    read_text,
)

NAME: Final = "sendgrid"
OLDEST: Final = 10 * 60 * 1000
"""Milliseconds after which a request is too old, or too far ahead."""

_SIGNATURE: Final = "x-twilio-email-event-webhook-signature"
_TIMESTAMP: Final = "x-twilio-email-event-webhook-timestamp"
_BOUNCES: Final = ("bounce", "dropped")  # SendGrid drops what is for an address that bounced before
_COMPLAINT: Final = "spamreport"


@dataclass(frozen=True, kw_only=True)
class SendGrid:
    """`public_key` is what SendGrid shows: a SubjectPublicKeyInfo in DER and base64."""

    public_key: str
    name: str = NAME

    def require_key(self) -> None:
        """Raises BulletinError if the key in bulletin.yaml can't be read, MissingPart if nothing here can check it."""
        require_part(Part.WEBHOOKS)
        try:
            self._load_key()
        except ValueError:
            raise BulletinError(
                "bulletin.yaml: the key under `returns: webhooks: sendgrid` isn't a verification key of SendGrid.",
                "Copy it again from Settings, Mail Settings, Event Webhooks in SendGrid.",
            ) from None

    def receive(self, headers: Mapping[str, str], body: bytes, *, now: int) -> ReceivedEvents:
        """What SendGrid tells. Raises NotTheServiceError and UnreadableEventError."""
        timestamp = headers.get(_TIMESTAMP, "")
        self._verify(headers.get(_SIGNATURE, ""), timestamp, body)
        if not timestamp.isdecimal() or abs(now - int(timestamp[:15]) * 1000) > OLDEST:
            raise NotTheServiceError
        told = parse_json(body)
        if not isinstance(told, list):
            raise UnreadableEventError
        return ReceivedEvents(events=tuple(_read_events(told)))

    def _verify(self, signature: str, timestamp: str, body: bytes) -> None:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
        from cryptography.hazmat.primitives.hashes import SHA256

        try:
            given = base64.b64decode(signature, validate=True)
            self._load_key().verify(given, timestamp.encode("latin-1", "replace") + body, ECDSA(SHA256()))
        except (binascii.Error, ValueError, InvalidSignature):
            raise NotTheServiceError from None

    def _load_key(self) -> Any:
        """Raises ValueError."""
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
        from cryptography.hazmat.primitives.serialization import load_der_public_key

        try:
            key = load_der_public_key(base64.b64decode(self.public_key, validate=True))
        except UnsupportedAlgorithm as error:
            raise ValueError from error
        if not isinstance(key, EllipticCurvePublicKey):
            raise ValueError(self.name)  # noqa: TRY004 -- it is of the right type and the wrong kind
        return key


def _read_events(told: object) -> Iterator[ReturnedEvent]:
    """Bounces and complaints; nothing of who opened or clicked what."""
    for one in read_objects(told):
        event, number = read_text(one, "event"), read_text(one, "sg_event_id")
        if number and event in (*_BOUNCES, _COMPLAINT):
            yield ReturnedEvent(
                service=NAME,
                id=number,
                recipient=read_text(one, "email"),
                status=read_text(one, "status"),
                words=read_text(one, "reason"),
                complaint="abuse" if event == _COMPLAINT else "",
                fields={"message-id": read_text(one, "smtp-id")},
            )
