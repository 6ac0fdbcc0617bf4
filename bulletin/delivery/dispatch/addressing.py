"""Addressing: from a delivery to its outgoing message, with the reader's own address and tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bulletin.delivery.dispatch.edition_templates import EditionTemplates
from bulletin.delivery.ledger.ledger import Candidate
from bulletin.delivery.message.dkim import DkimSigner, TemplateSigner
from bulletin.delivery.message.message_id import has_signed_ids
from bulletin.delivery.message.return_path import ReturnPath
from bulletin.delivery.message.template import Recipient, write_date
from bulletin.delivery.smtp.protocol import OutgoingMessage
from bulletin.subscribers.address import find_envelope
from bulletin.subscribers.tokens import MessageTokens, prepare_signing

if TYPE_CHECKING:
    from bulletin.delivery.message.template import MessageTemplate


@dataclass(slots=True)
class Addresser:
    """Writes the messages of one mailing; `secret` signs what is in them, `clock` gives ms since 1970.

    `templates` has those of its editions. `return_path` is the envelope's sender; None: the address that the message
    is from. `signer` signs the messages in our domain's name (DKIM). Each message is dated when it is written, just
    before it leaves: a mailing may take days, and servers and inboxes hold an old date against a message.
    """

    templates: EditionTemplates
    secret: bytes
    clock: Callable[[], int]
    return_path: ReturnPath | None = None
    signer: DkimSigner | None = None
    _sign: Callable[[int, int], MessageTokens] = field(init=False)
    _second: int = field(default=-1, init=False)
    _date: bytes = field(default=b"", init=False)  # of that second
    _signed: tuple[MessageTemplate, TemplateSigner] | None = field(default=None, init=False)  # of the latest template

    def __post_init__(self) -> None:
        key = self.templates.mailing_key
        pages = bool(self.templates.letterhead.website)  # without one, nothing in the message opens a page
        self._sign = prepare_signing(self.secret, pages=pages, mailing_key=key if has_signed_ids(key) else "")

    def write(self, candidate: Candidate) -> OutgoingMessage:
        """Write the message to one subscriber. Raises InvalidAddress, or what loading a template raises."""
        address = find_envelope(candidate.address)
        template = self.templates.take(candidate.edition, text_only=candidate.text_only)
        tokens = self._sign(candidate.subscriber_id, candidate.id)
        recipient = Recipient(candidate.subscriber_id, address, candidate.name, *tokens)
        chunks = template.chunks_for(recipient, date=self._write_date())
        if self.signer:
            signature = self._prepare_signer(self.signer, template).write_field(chunks, at=self._second)
            chunks = (signature, *chunks)
        token = tokens.returning
        sender = self.return_path.write(token) if self.return_path else template.letterhead.sender_address
        return OutgoingMessage(candidate.id, sender, address, chunks, token)

    def _prepare_signer(self, signer: DkimSigner, template: MessageTemplate) -> TemplateSigner:
        """What signs the messages of this template. It is made when the template changes: messages come by edition."""
        if self._signed is None or self._signed[0] is not template:
            self._signed = template, TemplateSigner(signer, template)
        return self._signed[1]

    def _write_date(self) -> bytes:
        second = self.clock() // 1000
        if second != self._second:
            self._second, self._date = second, write_date(datetime.fromtimestamp(second, tz=UTC))
        return self._date
