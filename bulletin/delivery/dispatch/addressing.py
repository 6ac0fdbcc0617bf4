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
from bulletin.subscribers.tokens import MessageTokens, prepare_signing


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
    _sign: Callable[[int, int], MessageTokens] = field(init=False)
    _text_template: MessageTemplate | None = field(default=None, init=False)
    _second: int = field(default=-1, init=False)
    _date: bytes = field(default=b"", init=False)  # of that second

    def __post_init__(self) -> None:
        key = self.template.mailing_key
        pages = bool(self.template.letterhead.website)  # without one, nothing in the message opens a page
        self._sign = prepare_signing(self.secret, pages=pages, mailing_key=key if has_signed_ids(key) else "")

    def write(self, candidate: Candidate) -> OutgoingMessage:
        """Write the message to one subscriber. Raises InvalidAddress, or what `make_text_template` raises."""
        address = find_envelope(candidate.address)
        template = self._choose_template(candidate)
        tokens = self._sign(candidate.subscriber_id, candidate.id)
        recipient = Recipient(candidate.subscriber_id, address, candidate.name, *tokens)
        chunks = template.chunks_for(recipient, date=self._write_date())
        token = tokens.returning
        sender = self.return_path.write(token) if self.return_path else template.letterhead.sender_address
        return OutgoingMessage(candidate.id, sender, address, chunks, token)

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
