"""Send one copy of an edition to any address: to see it in a real inbox. The ledger knows nothing of it.

Whoever runs the server counts it as any other message. So where there are limits it is counted as well.
"""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

from bulletin.database.errors import database_errors
from bulletin.database.schema import open_database
from bulletin.delivery.copies.export import EXAMPLE_TOKEN
from bulletin.delivery.limits.pace import Pace
from bulletin.delivery.limits.provider_limits import find_allowance
from bulletin.delivery.message.template import Recipient, build_template
from bulletin.delivery.sending.relays import open_relays
from bulletin.delivery.smtp.mailer import SmtpMailer
from bulletin.delivery.smtp.outcome import Fate
from bulletin.delivery.smtp.relay import Relay
from bulletin.edition.edition import Edition
from bulletin.errors import MailingError, RelayError
from bulletin.subscribers.address import Address
from bulletin.times import describe_moment
from bulletin.workspace.workspace import Workspace

SUBJECT_PREFIX = "[Test] "


def send_copy(workspace: Workspace, edition: Edition, address: Address, *, key: str, now: datetime) -> str:
    """Send a copy by the first relay, with a subject that begins with [Test], and return the server's words.

    Its unsubscribe link leads nowhere: a test must not put anybody off the list. `key` is random, for the Message-ID.
    Raises RelayError if the server does not take the copy, MailingError if the limits leave no room for it,
    DatabaseError if they cannot be asked.
    """
    relay = open_relays(workspace)[0]
    template = build_template(edition, mailing_key=key, date=now, subject_prefix=SUBJECT_PREFIX)
    reader = Recipient(subscriber_id=0, address=address.envelope, name="", token=EXAMPLE_TOKEN)
    _count_copy(workspace, relay, now=round(now.timestamp() * 1000))
    with closing(SmtpMailer(relay)) as mailer:
        outcome = mailer.deliver(edition.letterhead.sender_address, address.envelope, template.address_to(reader))
    if outcome.fate is not Fate.ACCEPTED:
        raise RelayError(
            f"The server did not take the copy for {address.written}: {outcome.reply}",
            "Check the address; if it is right, try again in some minutes.",
        )
    return outcome.reply


def _count_copy(workspace: Workspace, relay: Relay, *, now: int) -> None:
    """Write down within the relay's limits, if it has any, that one is about to leave; it counts whatever comes of it.

    Raises MailingError if there is no room.
    """
    allowance = find_allowance(workspace.settings.sending)
    if not allowance.limits:
        return
    engine = open_database(workspace)
    try:
        pace = Pace.load(engine, relay, allowance, now=now)
        with database_errors(), engine.begin() as connection:
            if not pace.admit(connection, now=now):
                raise _no_room(pace, now)
            pace.record(connection, 1, now=now)
    finally:
        engine.dispose()


def _no_room(pace: Pace, now: int) -> MailingError:
    """In the words of the limit that is kept up longest."""
    meter = max(pace.meters, key=lambda meter: meter.next_room(now))
    used = meter.used(now)
    return MailingError(
        f"No copy can leave now: of {meter.rate} {used:,} {'is' if used == 1 else 'are'} used.",
        f"Nothing was sent. There is room again from {describe_moment(meter.next_room(now))}.",
    )
