"""Addressing: from a delivery to its letter, with address, token and message. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.delivery.ledger.ledger import Candidate
from bulletin.delivery.message.template import MessageTemplate, Recipient
from bulletin.delivery.smtp.protocol import Letter
from bulletin.subscribers.address import find_envelope
from bulletin.subscribers.unsubscribe import sign_token


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the letters of one mailing; `secret` signs their unsubscribe links."""

    template: MessageTemplate
    secret: bytes

    def write(self, candidate: Candidate) -> Letter:
        """Write the letter to one subscriber. Raises InvalidAddress."""
        address = find_envelope(candidate.address)
        token = sign_token(candidate.subscriber_id, key=self.secret)
        pieces = self.template.pieces_for(Recipient(candidate.subscriber_id, address, candidate.name, token))
        return Letter(candidate.id, self.template.letterhead.sender_address, address, pieces)
