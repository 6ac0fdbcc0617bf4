"""Addressing: from a delivery to its outgoing message, with the reader's own address and tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bulletin.delivery.ledger.ledger import Candidate
from bulletin.delivery.message.message_id import has_signed_ids
from bulletin.delivery.message.return_path import ReturnPath
from bulletin.delivery.message.template import MessageTemplate, Recipient, write_date
from bulletin.delivery.smtp.protocol import OutgoingMessage
from bulletin.subscribers.address import find_envelope
from bulletin.subscribers.tokens import Purpose, sign_message, sign_token


@dataclass(slots=True)
class Addresser:
    """Writes the messages of one mailing; `secret` signs what is in them, `clock` gives ms since 1970.

    `make_text_template` is called for the first reader who wants plain text alone. `return_path` is the envelope's
    sender; None: the address that the message is from. Each message is dated when it is written, just before it leaves:
    a mailing may take days, and servers and inboxes hold an old date against a message.
    """

    template: MessageTemplate
    make_text_template: Callable[[], MessageTemplate]
    secret: bytes
    clock: Callable[[], int]
    return_path: ReturnPath | None = None
    _text_template: MessageTemplate | None = field(default=None, init=False)
    _second: int = field(default=-1, init=False)
    _date: bytes = field(default=b"", init=False)  # of that second

    def write(self, candidate: Candidate) -> OutgoingMessage:
        """Write the message to one subscriber. Raises InvalidAddress, or what `make_text_template` raises."""
        address = find_envelope(candidate.address)
        template = self._choose_template(candidate)
        recipient = self._sign(candidate, address, template)
        chunks = template.chunks_for(recipient, date=self._write_date())
        token = recipient.return_token
        sender = self.return_path.write(token) if self.return_path else template.letterhead.sender_address
        return OutgoingMessage(candidate.id, sender, address, chunks, token)

    def _sign(self, candidate: Candidate, address: str, template: MessageTemplate) -> Recipient:
        """The recipient with their tokens. Without a website, nothing in the message opens a page."""
        person, delivery, key, mailing_key = candidate.subscriber_id, candidate.id, self.secret, template.mailing_key
        has_pages = bool(template.letterhead.website)
        return Recipient(
            person,
            address,
            candidate.name,
            sign_token(Purpose.UNSUBSCRIBE, person, delivery, key=key) if has_pages else "",
            sign_token(Purpose.MAIL, person, delivery, key=key),
            sign_token(Purpose.PREFERENCES, person, delivery, key=key) if has_pages else "",
            sign_token(Purpose.RETURN, person, delivery, key=key),
            sign_message(mailing_key, person, key=key) if has_signed_ids(mailing_key) else "",
        )

    def _choose_template(self, candidate: Candidate) -> MessageTemplate:
        if not candidate.text_only:
            return self.template
        if self._text_template is None:
            self._text_template = self.make_text_template()
        return self._text_template

    def _write_date(self) -> bytes:
        second = self.clock() // 1000
        if second != self._second:
            self._second, self._date = second, write_date(datetime.fromtimestamp(second, tz=UTC))
        return self._date
