"""Addressing: from a delivery to its outgoing message, with the reader's own address and tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bulletin.delivery.ledger.ledger import Candidate
from bulletin.delivery.message.template import MessageTemplate, Recipient, write_date
from bulletin.delivery.smtp.protocol import OutgoingMessage
from bulletin.subscribers.address import find_envelope
from bulletin.subscribers.tokens import Purpose, sign_token


@dataclass(slots=True)
class Addresser:
    """Writes the messages of one mailing; `secret` signs their unsubscribe links, `clock` gives ms since 1970.

    Each message is dated when it is written, just before it leaves: a mailing may take days, and servers and inboxes
    hold an old date against a message.
    """

    template: MessageTemplate
    secret: bytes
    clock: Callable[[], int]
    _second: int = field(default=-1, init=False)
    _date: bytes = field(default=b"", init=False)  # of that second

    def write(self, candidate: Candidate) -> OutgoingMessage:
        """Write the message to one subscriber. Raises InvalidAddress."""
        address = find_envelope(candidate.address)
        person, delivery = candidate.subscriber_id, candidate.id
        token = sign_token(Purpose.UNSUBSCRIBE, person, delivery, key=self.secret)
        mail_token = sign_token(Purpose.MAIL, person, delivery, key=self.secret)
        recipient = Recipient(person, address, candidate.name, token, mail_token)
        chunks = self.template.chunks_for(recipient, date=self._write_date())
        return OutgoingMessage(candidate.id, self.template.letterhead.sender_address, address, chunks)

    def _write_date(self) -> bytes:
        second = self.clock() // 1000
        if second != self._second:
            self._second, self._date = second, write_date(datetime.fromtimestamp(second, tz=UTC))
        return self._date
