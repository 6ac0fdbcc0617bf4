"""Amazon SES by SNS, with signed messages: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html.

Only the topic that bulletin.yaml names is believed, and only certificates from the SNS of its own region.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from bulletin.bounces.event_report import ReturnedEvent
from bulletin.parts import Part, require_part
from bulletin.website.webhooks.service import (
    NotTheServiceError,
    ReceivedEvents,
    UnreadableEventError,
    parse_json,
    parse_moment,
    read_object,
    read_objects,
    read_text,
)

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

NAME: Final = "ses"
OLDEST: Final = 60 * 60 * 1000
"""Milliseconds after which a message is too old."""

_AHEAD: Final = 10 * 60 * 1000  # ms: a clock may be wrong
_MOST_CERTIFICATES: Final = 8
_NOTIFICATION: Final = "Notification"
_SIGNED: Final = {
    _NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    **dict.fromkeys(
        ("SubscriptionConfirmation", "UnsubscribeConfirmation"),
        ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    ),
}
"""What is signed in each type of message, in this order."""

_REGION: Final = re.compile(r"arn:aws(?:-[a-z-]+)?:sns:([a-z0-9-]+):[0-9]{12}:[\w-]{1,256}")


@dataclass(frozen=True, kw_only=True)
class AmazonSes:
    """`topic` is the ARN of the SNS topic. `fetch` reads what is at an address of Amazon; it raises OSError."""

    topic: str
    fetch: Callable[[str], bytes]
    name: str = NAME
    _certificates: dict[str, Certificate] = field(default_factory=dict, init=False, repr=False)

    def require_key(self) -> None:
        """There is none: Amazon publishes its certificates. Raises MissingPart if nothing here can check them."""
        require_part(Part.WEBHOOKS)

    def receive(self, headers: Mapping[str, str], body: bytes, *, now: int) -> ReceivedEvents:  # noqa: ARG002 -- all is in the body
        """What SNS tells. Confirms a subscription of ours. Raises NotTheServiceError and UnreadableEventError."""
        message = parse_json(body)
        if not isinstance(message, dict):
            raise UnreadableEventError
        self._verify(message, now=now)
        if message["Type"] == "SubscriptionConfirmation":
            self._confirm(read_text(message, "SubscribeURL"))
        if message["Type"] != _NOTIFICATION:
            return ReceivedEvents()
        return ReceivedEvents(events=tuple(_read_events(message)))

    def _verify(self, message: Mapping[str, Any], *, now: int) -> None:
        if read_text(message, "TopicArn") != self.topic or read_text(message, "Type") not in _SIGNED:
            raise NotTheServiceError
        age = now - parse_moment(read_text(message, "Timestamp"))
        if not -_AHEAD <= age <= OLDEST:
            raise NotTheServiceError
        certificate = self._find_certificate(read_text(message, "SigningCertURL"))
        moment = datetime.fromtimestamp(now / 1000, UTC)
        if not certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc:
            raise NotTheServiceError
        _verify_signature(certificate, message)

    def _find_certificate(self, address: str) -> Certificate:
        from cryptography.x509 import load_pem_x509_certificate

        if not self._is_amazon(address) or not urlsplit(address).path.endswith(".pem"):
            raise NotTheServiceError
        if address not in self._certificates:
            try:
                certificate = load_pem_x509_certificate(self.fetch(address))
            except (OSError, ValueError):
                raise NotTheServiceError from None
            if len(self._certificates) >= _MOST_CERTIFICATES:
                self._certificates.clear()
            self._certificates[address] = certificate
        return self._certificates[address]

    def _confirm(self, address: str) -> None:
        """Visit the address that confirms the subscription, if it is SNS's own."""
        if not self._is_amazon(address):
            raise NotTheServiceError
        try:
            self.fetch(address)
        except OSError:
            raise UnreadableEventError from None

    def _is_amazon(self, address: str) -> bool:
        """Whether an address is of the SNS in the topic's region, by https, and nothing but a host and a path."""
        region = _REGION.fullmatch(self.topic)
        return (
            region is not None and address.isascii() and address.startswith(f"https://sns.{region[1]}.amazonaws.com/")
        )


def _verify_signature(certificate: Certificate, message: Mapping[str, Any]) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA1, SHA256

    # SHA-1 is what a topic signs by unless its owner chooses version 2.
    algorithms = {"1": SHA1(), "2": SHA256()}  # noqa: S303
    algorithm, key = algorithms.get(read_text(message, "SignatureVersion")), certificate.public_key()
    if algorithm is None or not isinstance(key, RSAPublicKey):
        raise NotTheServiceError
    try:
        signature = base64.b64decode(read_text(message, "Signature"), validate=True)
        key.verify(signature, write_signed(message), PKCS1v15(), algorithm)
    except (binascii.Error, ValueError, InvalidSignature):
        raise NotTheServiceError from None


def write_signed(message: Mapping[str, Any]) -> bytes:
    """What the signature is over: names and values on lines of their own; a field that isn't there is left out."""
    names = _SIGNED[message["Type"]]
    return "".join(f"{name}\n{message[name]}\n" for name in names if name in message).encode("utf-8", "replace")


def _read_events(message: Mapping[str, Any]) -> Iterator[ReturnedEvent]:
    told = read_object(parse_json(read_text(message, "Message")))
    kind = read_text(told, "eventType") or read_text(told, "notificationType")
    number, fields = read_text(message, "MessageId"), _read_fields(read_object(told.get("mail")))
    if not number:
        return
    if kind == "Bounce":
        for one in read_objects(read_object(told.get("bounce")).get("bouncedRecipients")):
            yield ReturnedEvent(
                service=NAME,
                id=number,
                recipient=read_text(one, "emailAddress"),
                status=read_text(one, "status"),
                words=read_text(one, "diagnosticCode"),
                fields=fields,
            )
    elif kind == "Complaint":
        complaint = read_object(told.get("complaint"))
        for one in read_objects(complaint.get("complainedRecipients")):
            yield ReturnedEvent(
                service=NAME,
                id=number,
                recipient=read_text(one, "emailAddress"),
                complaint=read_text(complaint, "complaintFeedbackType") or "abuse",
                fields=fields,
            )


def _read_fields(mail: Mapping[str, Any]) -> dict[str, str]:
    """The header of our email, if the topic passes on original headers. SES has put a Message-ID of its own there."""
    found = {read_text(one, "name"): read_text(one, "value") for one in read_objects(mail.get("headers"))}
    own = read_text(read_object(mail.get("commonHeaders")), "messageId")
    return {name: value for name, value in found.items() if name} | ({"message-id": own} if own else {})
