"""Send a test copy of an edition to any address, to see it in a real inbox. It is not in the ledger.

The server counts it like any other message. So it counts within our rate limits as well.
"""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

from bulletin.database.errors import database_errors
from bulletin.database.schema import open_database
from bulletin.delivery.copies.export import make_example
from bulletin.delivery.ledger.refusal_reasons import find_reason
from bulletin.delivery.limits.pace import MeasuredPace
from bulletin.delivery.limits.provider_limits import find_allowance
from bulletin.delivery.message.return_path import find_return_path
from bulletin.delivery.message.template import build_template
from bulletin.delivery.sending.relays import open_relays
from bulletin.delivery.smtp.classification import RefusalCategory, categorise_refusal
from bulletin.delivery.smtp.mailer import SmtpMailer
from bulletin.delivery.smtp.outcome import Fate, Outcome
from bulletin.delivery.smtp.relay import Relay
from bulletin.edition.edition import Edition
from bulletin.errors import MailingError, RelayError
from bulletin.subscribers.address import Address
from bulletin.times import describe_moment
from bulletin.workspace.workspace import Workspace

SUBJECT_PREFIX = "[Test] "


def send_copy(
    workspace: Workspace, edition: Edition, address: Address, *, key: str, now: datetime, readers: str = ""
) -> str:
    """Send a copy by the first relay, with a subject that begins with [Test], and return the server's reply.

    `readers` says in words who the edition is for, if it isn't the one for everyone: the subject begins with that.
    Its unsubscribe link has no effect: a test must not unsubscribe anyone. `key` is random, for the Message-ID. Raises
    RelayError if the server does not accept the copy, MailingError if a rate limit is used up, DatabaseError if the
    limits cannot be read.
    """
    relay = open_relays(workspace)[0]
    template = build_template(
        edition, mailing_key=key, date=now, subject_prefix=f"Test, {readers}: " if readers else SUBJECT_PREFIX
    )
    reader = make_example(address=address.envelope, name="")
    _count_copy(workspace, relay, now=round(now.timestamp() * 1000))
    return_path = find_return_path(workspace.settings)
    sender = return_path.address if return_path else edition.letterhead.sender_address
    with closing(SmtpMailer(relay)) as mailer:
        outcome = mailer.deliver(sender, address.envelope, template.address_to(reader))
    if outcome.fate is not Fate.ACCEPTED:
        raise _explain(outcome, address)
    return outcome.reply


def _explain(outcome: Outcome, address: Address) -> RelayError:
    """Why a copy was not accepted, and what to do: it may be due to the server, to the address, or to neither."""
    reply = outcome.reply or "The connection was lost."
    if outcome.fate is Fate.UNSENT:
        remedy = (
            "Nothing was sent, and the address isn't the cause. Try again in a few minutes, or ask your IT colleagues."
        )
        return RelayError(f"The copy for {address.written} couldn't be sent: {reply}", remedy)
    if outcome.fate is Fate.UNCERTAIN:
        remedy = "Look in the inbox before you send another."
        return RelayError(f"The copy for {address.written} may have been sent: {reply}", remedy)
    message = f"The server didn't accept the copy for {address.written}: {reply}"
    if outcome.fate is Fate.DEFERRED:
        return RelayError(message, "The server asks you to wait. Try again in a few minutes.")
    reason = find_reason(outcome.reply)
    if categorise_refusal(outcome.reply) is RefusalCategory.PERSON:
        return RelayError(message, f"{reason.words}. Check the address, or use another one.")
    return RelayError(message, f"{reason.words}. {reason.remedy}")


def _count_copy(workspace: Workspace, relay: Relay, *, now: int) -> None:
    """Count one message within the relay's rate limits, if it has any, whatever its outcome.

    Raises MailingError if a limit is used up.
    """
    allowance = find_allowance(workspace.settings.sending)
    if not allowance.limits:
        return
    engine = open_database(workspace)
    try:
        pace = MeasuredPace.load(engine, relay, allowance, now=now)
        with database_errors(), engine.begin() as connection:
            if not pace.admit(connection, now=now):
                raise _no_room(pace, now)
            pace.record(connection, 1, now=now)
    finally:
        engine.dispose()


def _no_room(pace: MeasuredPace, now: int) -> MailingError:
    """Make the error for the limit that is used up for longest."""
    meter = max(pace.meters, key=lambda meter: meter.next_room(now))
    used = meter.used(now)
    return MailingError(
        f"No copy can be sent now: {used:,} of the limit of {meter.rate} {'is' if used == 1 else 'are'} used.",
        f"Nothing was sent. Try again from {describe_moment(meter.next_room(now))}.",
    )
