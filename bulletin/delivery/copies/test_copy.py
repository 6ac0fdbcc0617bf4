"""Send a test copy of an edition to any address, to see it in a real inbox. It is not in the ledger.

The server counts it like any other message. So it counts within our rate limits as well.
"""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime
from typing import Final

from bulletin.database.errors import database_errors
from bulletin.database.schema import open_database
from bulletin.delivery.copies.export import make_example
from bulletin.delivery.ledger.refusal_reasons import find_reason
from bulletin.delivery.limits.pace import MeasuredPace
from bulletin.delivery.limits.provider_limits import find_allowance
from bulletin.delivery.message.return_path import find_return_path
from bulletin.delivery.message.template import build_template
from bulletin.delivery.sending.relays import open_relays
from bulletin.delivery.sending.signing import open_signer
from bulletin.delivery.smtp.classification import RefusalCategory, categorise_refusal
from bulletin.delivery.smtp.outcome import Fate, Outcome
from bulletin.delivery.transport.opening import AnyRelay, open_mailer
from bulletin.disk import write_state
from bulletin.edition.edition import Edition
from bulletin.errors import MailingError, RelayError
from bulletin.subscribers.address import Address
from bulletin.times import describe_moment
from bulletin.workspace.workspace import Workspace

NUMBERS: Final = "test-copies.json"
"""In the state folder: how many times copies of each issue were sent."""


def count_test(workspace: Workspace, issue: str) -> int:
    """The number of this test of the issue, from 1 on, so that answers to two of them can be told apart."""
    path = workspace.state_folder / NUMBERS
    try:
        numbers = json.loads(path.read_text(encoding="utf-8"))
        number = int(numbers.get(issue, 0)) + 1
    except (OSError, ValueError, AttributeError, TypeError):
        numbers, number = {}, 1
    workspace.make_state_folder()
    write_state(workspace.state_folder, NUMBERS, json.dumps({**numbers, issue: number}).encode())
    return number


def send_copy(
    workspace: Workspace,
    edition: Edition,
    address: Address,
    *,
    key: str,
    now: datetime,
    number: int = 1,
    readers: str = "",
) -> str:
    """Send a copy by the first relay, with a subject that begins with [TEST 1], and return the server's reply.

    `number` is that of the test (`count_test`). `readers` says in words who the edition is for, if it isn't the one for
    everyone: the subject then has that too.
    Its unsubscribe link has no effect: a test must not unsubscribe anyone. `key` is random, for the Message-ID. Raises
    RelayError if the server does not accept the copy, MailingError if a rate limit is used up, DatabaseError if the
    limits cannot be read.
    """
    relay, signer = open_relays(workspace)[0], open_signer(workspace)
    marker = f"[TEST {number}, {readers}] " if readers else f"[TEST {number}] "
    template = build_template(edition, mailing_key=key, date=now, subject_prefix=marker)
    reader = make_example(address=address.envelope, name="")
    _count_copy(workspace, relay, now=round(now.timestamp() * 1000))
    return_path = find_return_path(workspace.settings)
    sender = return_path.address if return_path else edition.letterhead.sender_address
    message = template.address_to(reader)
    if signer:
        message = signer.sign_message(message, at=int(now.timestamp()))
    with closing(open_mailer(relay)) as mailer:
        outcome = mailer.deliver(sender, address.envelope, message)
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


def _count_copy(workspace: Workspace, relay: AnyRelay, *, now: int) -> None:
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
