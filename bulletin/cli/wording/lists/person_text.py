"""Says everything that we hold about one person, a sentence a line, so that it can be read aloud to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from bulletin.cli.clock import format_time
from bulletin.cli.wording.lists.suppression_text import describe_suppression
from bulletin.database.states import SignUpState

if TYPE_CHECKING:
    from bulletin.personal_data.record import ConsentRecord, PersonalRecord, SignUpRecord
    from bulletin.settings.settings import Settings
    from bulletin.subscribers.subscriber import Membership

_OPEN: Final = (SignUpState.ASKED, SignUpState.SENT, SignUpState.WAITING)


def describe_record(record: PersonalRecord, settings: Settings) -> Iterator[str]:
    """The person first, then what follows, each line indented."""
    person = record.subscriber
    address = (person and person.address) or record.address.written
    yield f"{address}, {person.name}" if person and person.name else address
    yield from (f"  {line}" for line in _describe_standing(record, settings))
    for part in _PARTS:
        yield from (f"  {line}" for line in part(record))


def _describe_standing(record: PersonalRecord, settings: Settings) -> Iterator[str]:
    """Suppressions, and the lists that they are on."""
    person = record.subscriber
    for suppression in person.suppressions if person else ():
        yield describe_suppression(suppression, settings)
    memberships = person.memberships if person else ()
    for membership in memberships:
        yield from _describe_membership(record, membership, settings)
    if not memberships:
        yield "On no list."
    listed = {membership.list for membership in memberships}
    for consent in record.consents:
        if consent.list not in listed:
            yield from _describe_consent(consent)


def _describe_membership(record: PersonalRecord, membership: Membership, settings: Settings) -> Iterator[str]:
    name = membership.list
    line = f"On {name} since {format_time(membership.since)}, basis: {membership.basis}"
    if membership.source == "file":
        file = (settings.lists[name].file or f"subscribers/{name}.csv") if name in settings.lists else ""
        places = [str(one.line) for one in record.lines if one.file == file]
        where = f"{file}, line {' and '.join(places)}" if places else "its file, where they aren’t any more"
        yield f"{line}, from {where}."
    else:
        yield f"{line}, because they joined on the website."
    for heading, text in membership.details.items():
        yield f"  {heading}: {text}"
    for consent in record.consents:
        if consent.list == name:
            yield from (f"  {line}" for line in _describe_consent(consent))


def _describe_consent(consent: ConsentRecord) -> Iterator[str]:
    about = f" to {consent.list}" if consent.list else ""
    confirmed = f", confirmed {format_time(consent.confirmed_at)}" if consent.confirmed_at else ", not confirmed"
    yield f"Consent{about}: {consent.method}, {format_time(consent.asked_at)}{confirmed}."
    if consent.wording:
        yield f"  They agreed to: “{consent.wording}”"
    if consent.page:
        yield f"  Page: {consent.page}"
    if consent.network or consent.agent:
        yield f"  Network: {consent.network or 'not known'}. Browser: {consent.agent or 'not known'}."


def _describe_lines(record: PersonalRecord) -> Iterator[str]:
    """Their lines in files, and the files that couldn't be read."""
    for line in record.lines:
        cells = "; ".join(f"{heading}: {' '.join(text.split())}" for heading, text in line.cells.items())
        yield f"In {line.file}, line {line.line}: {cells}"
    for file, why in record.unread.items():
        yield f"We couldn’t look into {file}: {why}"


def _describe_wishes(record: PersonalRecord) -> Iterator[str]:
    for wish in record.wishes:
        yield f"Chose {wish.kind}: {wish.value or 'none'}, {format_time(wish.since)} ({wish.origin})."


def _describe_requests(record: PersonalRecord) -> Iterator[str]:
    for one in record.sign_ups:
        yield from _describe_request(one)
    for email in record.emails:
        yield f"Email to them alone ({email.kind}): {email.state}, {format_time(email.made_at)}."


def _describe_request(one: SignUpRecord) -> Iterator[str]:
    until = f"; it ends {format_time(one.expires_at)}" if one.state in _OPEN else ""
    yield f"Asked to join {', '.join(one.lists)}, {format_time(one.asked_at)}: {one.state}{until}."
    if one.wording:
        yield f"  They were shown: “{one.wording}”"
    if one.network or one.agent:
        yield f"  Network: {one.network or 'not known'}. Browser: {one.agent or 'not known'}."
    if one.reason:
        yield f"  Why it was refused: {one.reason}"


def _describe_messages(record: PersonalRecord) -> Iterator[str]:
    for one in record.messages:
        when = format_time(max(one.ended_at or 0, one.claimed_at or 0) or None)
        yield f"{one.issue}: {one.state}, {when}. {one.reply}".rstrip()


def _describe_returns(record: PersonalRecord) -> Iterator[str]:
    for one in record.returns:
        words = f" “{one.diagnostic}”" if one.diagnostic else ""
        note = f" {one.note}" if one.note else ""
        yield f"Came back {format_time(one.at)}: {one.kind}.{words}{note}"


def _describe_complaints(record: PersonalRecord) -> Iterator[str]:
    for one in record.complaints:
        closed = f", closed {format_time(one.closed_at)}" if one.closed_at else ", open"
        yield f"Complaint {one.reference}, {format_time(one.received_at)} ({one.channel}), about {one.about}{closed}."
        yield from (f"  {label}: {text}" for label, text in (("They said", one.text), ("Outcome", one.outcome)) if text)


def _describe_events(record: PersonalRecord) -> Iterator[str]:
    for event in record.events:
        about = f" ({event.target})" if event.target else ""
        yield f"{format_time(event.at)}: {event.kind}{about}, {event.origin}."


_PARTS: Final = (
    *(_describe_lines, _describe_wishes, _describe_requests),
    *(_describe_messages, _describe_returns, _describe_complaints, _describe_events),
)
