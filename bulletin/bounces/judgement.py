"""From the bytes of a returned email to verdicts: what it is, which delivery it is about, what to do about it. Pure.

The structure decides first (content type, Action, fields), then a token of ours, then the words of a diagnostic, then
its codes. Only proof suppresses: without a token, a signed Message-ID or a link of ours, a report counts as soft at
most, and is listed for a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from bulletin.bounces.automatic_replies import is_dmarc_report, is_reading_receipt, recognise_automatic
from bulletin.bounces.complaint_report import is_complaint, read_complaint
from bulletin.bounces.delivery_status import ReportedRecipient, read_address, read_recipients
from bulletin.bounces.masking import mask_text
from bulletin.bounces.match import (
    DeliveryIds,
    DeliveryMatch,
    DeliveryReader,
    Evidence,
    find_match,
    find_subject_match,
    find_weak_match,
    is_of_ours,
)
from bulletin.bounces.nonstandard import is_from_daemon, read_daemon_words, read_nonstandard
from bulletin.bounces.removal_requests import find_removal_request
from bulletin.bounces.report_key import make_report_key
from bulletin.bounces.returned_email import ReturnedEmail, find_copy, read_email
from bulletin.bounces.verdict import ReturnClass, ReturnKind, Verdict
from bulletin.delivery.smtp.diagnostics import Diagnostic, diagnose
from bulletin.delivery.smtp.reply_masking import mask_address


def judge_email(message: bytes, reader: DeliveryReader) -> tuple[Verdict, ...]:
    """The verdicts on an email that came back, at least one. Never raises, whatever the message is.

    `reader` knows tokens and deliveries. Each recipient of a report has a verdict of its own.
    """
    email = read_email(message)
    for judge in _JUDGES:
        if verdicts := judge(email, reader):
            break
    else:
        verdicts = (Verdict(kind=ReturnKind.REPLY, result=ReturnClass.IGNORED),)
    return tuple(_add_key(verdict, email) for verdict in verdicts)


def _add_key(verdict: Verdict, email: ReturnedEmail) -> Verdict:
    # An address alone names a delivery for some days only, and the key is to be the same later.
    delivery = verdict.match.ids.delivery if verdict.match and verdict.match.is_proof else None
    key = make_report_key(email.root, delivery=delivery, recipient=verdict.recipient, status=verdict.status)
    return replace(verdict, key=key)


def _judge_others_reports(email: ReturnedEmail, _reader: DeliveryReader) -> tuple[Verdict, ...]:
    if is_dmarc_report(email):
        return (Verdict(kind=ReturnKind.DMARC_REPORT, result=ReturnClass.IGNORED),)
    if is_reading_receipt(email):
        return (Verdict(kind=ReturnKind.READING_RECEIPT, result=ReturnClass.IGNORED),)
    return ()


def _judge_complaint(email: ReturnedEmail, reader: DeliveryReader) -> tuple[Verdict, ...]:
    if not is_complaint(email):
        return ()
    complaint = read_complaint(email)
    verdict = Verdict(kind=complaint.kind, result=complaint.result, recipient=next(iter(complaint.addresses), ""))
    if verdict.result is ReturnClass.IGNORED:
        return (replace(verdict, match=find_match(email, reader)),)
    return (_require_proof(verdict, email, find_match(email, reader), complaint.addresses, reader),)


def _judge_unsubscribe_email(email: ReturnedEmail, reader: DeliveryReader) -> tuple[Verdict, ...]:
    """A token in the subject is enough, from any sender: mailboxes forward, and Gmail writes on a reader's behalf.

    Not in a report: a bounce carries our own List-Unsubscribe.
    """
    match = None if email.is_report else find_subject_match(email, reader)
    if match is None:
        return ()
    sender, known = read_address(email.root.get("from")), reader.find_address(match.ids)
    other = bool(known and sender) and sender.lower() != known.lower()
    note = f"sent by {mask_address(sender)}, not by the reader's own address" if other else ""
    kind, result = ReturnKind.UNSUBSCRIBE_EMAIL, ReturnClass.UNSUBSCRIBED
    return (Verdict(kind=kind, result=result, match=match, recipient=known, note=note),)


def _judge_report(email: ReturnedEmail, reader: DeliveryReader) -> tuple[Verdict, ...]:
    return _judge_recipients(read_recipients(email), email, reader)


def _judge_nonstandard(email: ReturnedEmail, reader: DeliveryReader) -> tuple[Verdict, ...]:
    return _judge_recipients(read_nonstandard(email), email, reader)


def _judge_daemon(email: ReturnedEmail, reader: DeliveryReader) -> tuple[Verdict, ...]:
    """A text names more addresses than the one that it is about: that one, if we know it, else the first."""
    found = read_daemon_words(email)
    known = _find_addressee(find_match(email, reader), email, reader).lower()
    named = tuple(one for one in found if known and one.address.lower() == known)
    return _judge_recipients((named or found)[:1], email, reader)


def _judge_automatic(email: ReturnedEmail, reader: DeliveryReader) -> tuple[Verdict, ...]:
    kind = recognise_automatic(email)
    if kind is None:
        return ()
    match = find_match(email, reader)
    if kind is ReturnKind.HAS_LEFT:
        note = f"an automatic reply says that they have left: “{mask_text(email.own_words.strip())}”"
        return (_ask_person(kind, email, match, note),)
    note = _NOTES.get(kind, "")
    return (Verdict(kind=kind, result=ReturnClass.IGNORED, match=match, note=note),)


_NOTES: Final = {
    ReturnKind.MAILING_LIST: "this address is a mailing list",
    ReturnKind.CHALLENGE: "they ask senders to confirm themselves; we never answer",
}


def _judge_removal_request(email: ReturnedEmail, reader: DeliveryReader) -> tuple[Verdict, ...]:
    words = find_removal_request(email)
    if not words or email.is_report:
        return ()
    match = find_match(email, reader)
    return (_ask_person(ReturnKind.REMOVAL_REQUEST, email, match, f"asks to be removed: “{words}”"),)


def _ask_person(kind: ReturnKind, email: ReturnedEmail, match: DeliveryMatch | None, note: str) -> Verdict:
    sender = read_address(email.root.get("from"))
    return Verdict(kind=kind, result=ReturnClass.TO_CONFIRM, match=match, recipient=sender, note=note)


def _judge_unreadable_report(email: ReturnedEmail, reader: DeliveryReader) -> tuple[Verdict, ...]:
    """A report without anything that we can read: cut short, say, or of a kind that we don't know."""
    if not email.is_report and not is_from_daemon(email):
        return ()
    match = find_match(email, reader)
    return (Verdict(kind=ReturnKind.UNREADABLE, result=ReturnClass.UNKNOWN, match=match),)


_JUDGES: Final[tuple[Callable[[ReturnedEmail, DeliveryReader], tuple[Verdict, ...]], ...]] = (
    _judge_others_reports,
    _judge_complaint,
    _judge_unsubscribe_email,
    _judge_report,
    _judge_nonstandard,
    _judge_daemon,
    _judge_automatic,
    _judge_unreadable_report,
    _judge_removal_request,
)


_CLASSES: Final = {
    **dict.fromkeys(
        (ReturnKind.NO_MAILBOX, ReturnKind.NO_DOMAIN, ReturnKind.CLOSED, ReturnKind.EXCHANGE_EDGE), ReturnClass.GONE
    ),
    **dict.fromkeys(
        (
            ReturnKind.MOVED,
            ReturnKind.FULL,
            ReturnKind.GAVE_UP,
            ReturnKind.LOOP,
            ReturnKind.FORWARDED,
            ReturnKind.FAULT,
        ),
        ReturnClass.SOFT,
    ),
    **dict.fromkeys((ReturnKind.BLOCKED_BY_PERSON, ReturnKind.CLOSED_GROUP), ReturnClass.TO_CONFIRM),
}
_NOTES_TO_CONFIRM: Final = {
    ReturnKind.BLOCKED_BY_PERSON: "probably doesn't want it",
    ReturnKind.CLOSED_GROUP: "this address only takes internal email",
}
_NO_OUTCOME: Final = {
    "delayed": ReturnKind.STILL_TRYING,
    **dict.fromkeys(("delivered", "relayed", "expanded"), ReturnKind.SUCCEEDED),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _About:
    """What all recipients of a report share: the delivery that is proved, and the address that it went to."""

    match: DeliveryMatch | None
    address: str
    alone: bool  # the report has one recipient


def _judge_recipients(
    recipients: tuple[ReportedRecipient, ...], email: ReturnedEmail, reader: DeliveryReader
) -> tuple[Verdict, ...]:
    if not recipients:
        return ()
    match = find_match(email, reader)
    about = _About(match=match, address=_find_addressee(match, email, reader), alone=len(recipients) == 1)
    return tuple(_judge_recipient(recipient, email, about, reader) for recipient in recipients)


def _find_addressee(match: DeliveryMatch | None, email: ReturnedEmail, reader: DeliveryReader) -> str:
    """Where the delivery went: what the ledger says, else the To of the returned email."""
    known = reader.find_address(match.ids) if match else ""
    return known or next((read_address(value) for part in email.originals for value in part.find_all("to")), "")


def _judge_recipient(
    recipient: ReportedRecipient, email: ReturnedEmail, about: _About, reader: DeliveryReader
) -> Verdict:
    if kind := _NO_OUTCOME.get(recipient.action):
        return Verdict(
            kind=kind,
            result=ReturnClass.IGNORED,
            match=about.match,
            status=recipient.status,
            recipient=recipient.address,
        )
    found = diagnose(recipient.diagnostic, status=recipient.status, remote=recipient.remote)
    kind = _find_kind(recipient, found)
    kind, result = _classify(found, kind)
    if result in (ReturnClass.GONE, ReturnClass.HELD) and _is_forwarded(recipient, about):
        kind, result = ReturnKind.FORWARDED, ReturnClass.SOFT
    names = (recipient.address, recipient.original, about.address)
    verdict = Verdict(
        kind=kind,
        result=result,
        status=found.status,
        diagnostic=mask_text(recipient.diagnostic, names=names),
        recipient=recipient.address,
        note=_find_note(kind, recipient),
        counts_as_soft=result is ReturnClass.SOFT,
    )
    return _require_proof(verdict, email, about.match, (recipient.address, recipient.original), reader)


_GUESS: Final = re.compile(
    r"\b(?:may|might|maybe|perhaps|possibl[ey]|probabl[ey]|c(?:ould|an) be|reasons?|causes?|whether|either"
    r"|usually|often|(?:please )?check|make sure|ensure|verify|if (?:the|this|that|you|your))\b",
    re.IGNORECASE,
)


def _find_kind(recipient: ReportedRecipient, found: Diagnostic) -> ReturnKind:
    """The kind, as far as the words are the server's: no code without words counts, and no guess without a code."""
    kind = ReturnKind(found.kind.value)
    if not recipient.diagnostic.strip() and not found.temporary:
        return ReturnKind.FAULT
    guessed = recipient.is_loose and not found.status and _GUESS.search(recipient.diagnostic)
    if guessed and _CLASSES.get(kind) is ReturnClass.GONE:
        return ReturnKind.FAULT
    return kind


def judge_answer(reply: str, ids: DeliveryIds, *, address: str) -> Verdict:
    """The verdict on what a server answered while a delivery was being sent to `address`.

    It is judged as a report with the same words. No other proof is needed: the answer came on our own connection.
    """
    found = diagnose(reply)
    kind, result = _classify(found, ReturnKind(found.kind.value))
    return Verdict(
        kind=kind,
        result=result,
        match=DeliveryMatch(ids, Evidence.ANSWER),
        status=found.status,
        diagnostic=mask_text(reply, names=(address,)),
        recipient=address,
        note=_NOTES_TO_CONFIRM.get(kind, ""),
        counts_as_soft=result is ReturnClass.SOFT,
    )


def _classify(found: Diagnostic, kind: ReturnKind) -> tuple[ReturnKind, ReturnClass]:
    result = _CLASSES.get(kind, ReturnClass.OURS)
    if result is ReturnClass.GONE and found.status.startswith("5.7."):
        return kind, ReturnClass.HELD  # 5.7.x is about us, whatever the words say: a person looks at it
    return kind, result


def _find_note(kind: ReturnKind, recipient: ReportedRecipient) -> str:
    if kind is ReturnKind.MOVED:
        return f"moved: “{mask_text(recipient.diagnostic)}”"
    return _NOTES_TO_CONFIRM.get(kind, "")


def _is_forwarded(recipient: ReportedRecipient, about: _About) -> bool:
    """Whether the report is about an address that the reader's own one leads to: then theirs exists.

    So it is at another domain, and with several recipients (an alias for a group) at any other address.
    """
    final, known = recipient.address.lower(), about.address.lower()
    if not about.match or not final or not known or final == known:
        return False
    return not about.alone or final.rpartition("@")[2] != known.rpartition("@")[2]


def _require_proof(
    verdict: Verdict,
    email: ReturnedEmail,
    match: DeliveryMatch | None,
    addresses: tuple[str, ...],
    reader: DeliveryReader,
) -> Verdict:
    """The verdict, weakened by as much as the proof is missing."""
    if match is not None:
        return replace(verdict, match=match)
    weak = find_weak_match(addresses, reader)
    if weak is not None:
        return _weaken(verdict, weak)
    if (email.originals or find_copy(email.text) < len(email.text)) and not is_of_ours(email):
        return replace(verdict, kind=ReturnKind.NOT_OURS, result=ReturnClass.IGNORED, counts_as_soft=False)
    note = "we can't tell which email this is about"
    return replace(verdict, result=ReturnClass.UNKNOWN, counts_as_soft=False, note=verdict.note or note)


def _weaken(verdict: Verdict, weak: DeliveryMatch) -> Verdict:
    counts = verdict.result in (ReturnClass.GONE, ReturnClass.SOFT, ReturnClass.HELD)
    listed = counts or verdict.result is ReturnClass.COMPLAINED
    result = ReturnClass.TO_CONFIRM if listed else verdict.result
    note = verdict.note or ("only the address says that this is about our email" if listed else "")
    return replace(verdict, match=weak, result=result, counts_as_soft=counts, note=note)


def find_suppressible(verdict: Verdict) -> DeliveryIds | None:
    """The reader that a verdict may suppress: the proved delivery's. None without proof."""
    return verdict.match.ids if verdict.match and verdict.match.is_proof else None
