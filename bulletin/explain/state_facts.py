"""Facts of the states that deliveries, mailings and schedules can be in, and of why an address gets no email. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from bulletin.database.states import DeliveryState, MailingEvent, ScheduleState, SuppressionReason
from bulletin.explain.fact import Fact

_DELIVERIES = {
    DeliveryState.QUEUED: ("It hasn’t been tried yet.", "", ("send",)),
    DeliveryState.SENDING: ("It is on its way now.", "", ("status",)),
    DeliveryState.ACCEPTED: ("The mail server took the message.", "It may still bounce later.", ("bounces",)),
    DeliveryState.DEFERRED: ("The mail server said “later”.", "It is tried again by itself.", ("send", "status")),
    DeliveryState.REFUSED: (
        "The mail server won’t take the message.",
        "Fix the cause first; then the same issue can be sent to those readers.",
        ("send", "status"),
    ),
    DeliveryState.UNCERTAIN: (
        "The connection dropped while it was being sent, so it may have arrived.",
        "It is never sent again by guess: you say whether it arrived.",
        ("resolve",),
    ),
    DeliveryState.WITHDRAWN: (
        "It ended before it was sent.",
        "The mailing was cancelled, or its reader unsubscribed or paused before their turn.",
        ("cancel",),
    ),
    DeliveryState.BOUNCED: ("It came back after the server had accepted it.", "", ("bounces",)),
}
_MAILINGS = {
    MailingEvent.BEGUN: ("Who gets the issue is fixed, and it is being sent.", ("status",)),
    MailingEvent.PAUSED: ("A person has paused it.", ("send", "cancel")),
    MailingEvent.RESUMED: ("A person has continued it.", ("status",)),
    MailingEvent.HALTED: ("It stopped by itself, because too much went wrong.", ("status", "send")),
    MailingEvent.CANCELLED: ("A person ended it for good. All who were still waiting are withdrawn.", ("send",)),
    MailingEvent.ENDED: ("No one is left to be tried.", ("report", "certificate")),
}
_SCHEDULES = {
    ScheduleState.WAITING: ("Its time is ahead, or bulletin run hasn’t been called since.", ("run", "unschedule")),
    ScheduleState.BEGUN: ("It was sent, at its time or by a person before.", ("status",)),
    ScheduleState.CALLED_OFF: ("A person has unscheduled it.", ("schedule",)),
}
_REASONS = {
    SuppressionReason.OPTED_OUT: "The reader unsubscribed, and is never emailed again unless they ask for it.",
    SuppressionReason.BOUNCED: "Emails to this address came back, so none is sent any more.",
    SuppressionReason.COMPLAINED: "The reader marked an email as spam.",
    SuppressionReason.ERASED: "The reader asked us to delete their data. Only a code that stops email is kept.",
}


def list_state_facts() -> Iterator[Fact]:
    """Every state that `status` and `subscribers show` name."""
    for state in DeliveryState:
        summary, then, see = _DELIVERIES[state]
        details = (then,) if then else ()
        yield _make(state, "a state of a delivery", summary, see, details=details)
    for event in MailingEvent:
        yield _make(event, "a state of a mailing", *_MAILINGS[event])
    for waiting in ScheduleState:
        yield _make(waiting, "a state of a schedule", *_SCHEDULES[waiting])
    for reason in SuppressionReason:
        yield _make(reason, "a reason for no email", _REASONS[reason], ("subscribers show",), page="lists.md")


def _make(
    state: StrEnum,
    sort: str,
    summary: str,
    see: tuple[str, ...],
    *,
    details: tuple[str, ...] = (),
    page: str = "problems.md",
) -> Fact:
    return Fact(word=state.value, sort=sort, summary=summary, details=details, see=see, page=page)
