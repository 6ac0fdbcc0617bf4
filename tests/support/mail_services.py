"""Mail services that tell what came back: requests in the form that each documents, signed with keys made here."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

TOPIC = "arn:aws:sns:eu-west-2:123456789012:returns"
CERTIFICATE = "https://sns.eu-west-2.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"
SUBSCRIBE = f"https://sns.eu-west-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=2336412f37"
SENDGRID = "SendGrid's"
AZURE_TOKEN = "a secret of more than twenty-four characters"

Request = tuple[dict[str, str], bytes]
"""Headers and body."""


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def ec_key(_owner: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def sendgrid_key() -> str:
    der = ec_key(SENDGRID).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


@dataclass
class Amazon:
    """What is at Amazon's addresses, and what was asked for there."""

    now: int
    pages: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pages = {CERTIFICATE: self.make_certificate(), SUBSCRIBE: b"<ConfirmSubscriptionResponse/>"}

    def make_certificate(self, *, days: int = 30) -> bytes:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
        now = datetime.fromtimestamp(self.now / 1000, UTC)
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(rsa_key().public_key())
        builder = builder.serial_number(1).not_valid_before(now - timedelta(days=60))
        return builder.not_valid_after(now + timedelta(days=days)).sign(rsa_key(), SHA256()).public_bytes(Encoding.PEM)

    def fetch(self, address: str) -> bytes:
        self.asked.append(address)
        if address not in self.pages:
            raise OSError(404)
        return self.pages[address]


def sns(message: Any, *, now: int, version: str = "2", key: rsa.RSAPrivateKey | None = None, **changes: str) -> Request:
    """What SNS posts; `changes` are made before it is signed."""
    told = {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": TOPIC,
        "Message": message if isinstance(message, str) else json.dumps(message),
        "Timestamp": datetime.fromtimestamp(now / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
        "SignatureVersion": version,
        "SigningCertURL": CERTIFICATE,
        "UnsubscribeURL": "https://sns.eu-west-2.amazonaws.com/?Action=Unsubscribe",
    } | changes
    names = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    if told["Type"] == "Notification":
        names = [name for name in names if name not in ("SubscribeURL", "Token")]
    signed = "".join(f"{name}\n{told[name]}\n" for name in names if name in told).encode()
    algorithm = SHA1() if version == "1" else SHA256()
    told["Signature"] = base64.b64encode((key or rsa_key()).sign(signed, padding.PKCS1v15(), algorithm)).decode()
    return {"Content-Type": "text/plain; charset=UTF-8", "X-Amz-Sns-Message-Type": told["Type"]}, json.dumps(
        told
    ).encode()


def ses_mail(fields: Mapping[str, str]) -> dict[str, Any]:
    """The email that SES tells of: its own Message-ID, and our header as we sent it."""
    headers = [{"name": name, "value": value} for name, value in fields.items()]
    return {"messageId": "00000138111222aa-33322211-cccc", "headersTruncated": False, "headers": headers}


def ses_bounce(
    recipient: str, fields: Mapping[str, str], *, words: str = "smtp; 550 5.1.1 user unknown", status: str = "5.1.1"
) -> dict[str, Any]:
    told = {"emailAddress": recipient, "action": "failed", "status": status, "diagnosticCode": words}
    return {
        "notificationType": "Bounce",
        "bounce": {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": [told]},
        "mail": ses_mail(fields),
    }


def ses_complaint(recipient: str, fields: Mapping[str, str]) -> dict[str, Any]:
    return {
        "eventType": "Complaint",
        "complaint": {"complainedRecipients": [{"emailAddress": recipient}], "complaintFeedbackType": "abuse"},
        "mail": ses_mail(fields),
    }


def sendgrid(events: object, *, now: int, key: str = SENDGRID) -> Request:
    """What SendGrid posts."""
    timestamp, body = str(now // 1000), json.dumps(events).encode()
    signature = ec_key(key).sign(timestamp.encode() + body, ec.ECDSA(SHA256()))
    return {
        "Content-Type": "application/json",
        "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
        "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
    }, body


def sendgrid_event(event: str, recipient: str, message_id: str, *, number: str = "ZXZlbnQ") -> dict[str, Any]:
    return {
        "email": recipient,
        "timestamp": 1513299569,
        "smtp-id": message_id,
        "event": event,
        "sg_event_id": number,
        "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001",
        "reason": "550 5.1.1 The email account that you tried to reach does not exist",
        "status": "5.1.1",
        "type": "bounce",
    }


def azure(events: object, *, token: str = AZURE_TOKEN) -> Request:
    """What Event Grid posts."""
    headers = {"Content-Type": "application/json", "aeg-event-type": "Notification"}
    return headers | ({"Authorization": f"Bearer {token}"} if token else {}), json.dumps(events).encode()


def azure_event(
    recipient: str, message_id: str, *, status: str = "Bounced", words: str | None = None
) -> dict[str, Any]:
    said = "550 5.1.1 User unknown; no such user" if words is None else words
    return {
        "id": "00000000-0000-0000-0000-000000000001",
        "topic": "/subscriptions/1/resourceGroups/2/providers/microsoft.communication/communicationservices/3",
        "subject": "sender/news@anytown.example.org/message/00000000",
        "data": {
            "sender": "news@anytown.example.org",
            "recipient": recipient,
            "messageId": "00000000-0000-0000-0000-000000000002",
            "internetMessageId": message_id,
            "status": status,
            "deliveryStatusDetails": {"statusMessage": said},
            "deliveryAttemptTimestamp": "2021-05-04T11:00:00.0000000Z",
        },
        "eventType": "Microsoft.Communication.EmailDeliveryReportReceived",
        "dataVersion": "1.0",
        "metadataVersion": "1",
        "eventTime": "2021-05-04T11:00:01Z",
    }
