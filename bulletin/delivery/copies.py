"""Send one copy of an edition to any address: to see it in a real inbox. The ledger knows nothing of it."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

from bulletin.delivery.files import EXAMPLE_TOKEN
from bulletin.delivery.message import Recipient, build_template
from bulletin.delivery.outcome import Fate
from bulletin.delivery.relay import Relay
from bulletin.delivery.smtp import SmtpMailer
from bulletin.edition.edition import Edition
from bulletin.errors import RelayError
from bulletin.subscribers.address import Address

SUBJECT_PREFIX = "[Test] "


def send_copy(edition: Edition, address: Address, *, relay: Relay, key: str, now: datetime) -> str:
    """Send a copy whose subject begins with [Test], and return the server's words.

    Its unsubscribe link leads nowhere: a test must not put anybody off the list. `key` is random, for the Message-ID.
    Raises RelayError if the server does not take the copy.
    """
    template = build_template(edition, mailing_key=key, date=now, subject_prefix=SUBJECT_PREFIX)
    reader = Recipient(subscriber_id=0, address=address.envelope, name="", token=EXAMPLE_TOKEN)
    with closing(SmtpMailer(relay)) as mailer:
        outcome = mailer.deliver(edition.letterhead.sender_address, address.envelope, template.address_to(reader))
    if outcome.fate is not Fate.ACCEPTED:
        raise RelayError(
            f"The server did not take the copy for {address.written}: {outcome.reply}",
            "Check the address; if it is right, try again in some minutes.",
        )
    return outcome.reply
