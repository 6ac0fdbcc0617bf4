"""Addressing: from a delivery to its outgoing message, with the reader's own address and token. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.delivery.ledger.ledger import Candidate
from bulletin.delivery.message.template import MessageTemplate, Recipient
from bulletin.delivery.smtp.protocol import OutgoingMessage
from bulletin.subscribers.address import find_envelope
from bulletin.subscribers.unsubscribe import sign_token


@dataclass(frozen=True, slots=True)
class Addresser:
    """Writes the messages of one mailing; `secret` signs their unsubscribe links."""

    template: MessageTemplate
    secret: bytes

    def write(self, candidate: Candidate) -> OutgoingMessage:
        """Write the message to one subscriber. Raises InvalidAddress."""
        address = find_envelope(candidate.address)
        token = sign_token(candidate.subscriber_id, key=self.secret)
        chunks = self.template.chunks_for(Recipient(candidate.subscriber_id, address, candidate.name, token))
        return OutgoingMessage(candidate.id, self.template.letterhead.sender_address, address, chunks)
