"""`/watch/TOKEN`: how far an issue is, in words, and the question before it is paused or continues. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bulletin.delivery.ledger.counts import Counts
from bulletin.delivery.sending.mailing_progress import MailingProgress, Stage
from bulletin.times import describe_length, format_clock_first
from bulletin.web.forms import Form
from bulletin.website.frame import Frame

RELOAD_SECONDS = 15


class WatchAct(StrEnum):
    """What a person may do there."""

    PAUSE = "pause"
    RESUME = "resume"


@dataclass(frozen=True, kw_only=True, slots=True)
class WatchView:
    """How far an issue is. `act` is what may be done, "" for nothing; `reloads`: the page loads itself again.

    `at` and `until` are times in words: when it was so, and how long the link works.
    """

    heading: str
    sentence: str
    needs_you: bool
    done: int
    total: int
    done_words: str
    pace: str
    counts: tuple[tuple[str, int], ...]
    act: str
    is_live: bool
    reloads: bool
    at: str
    until: str
    seconds: int = RELOAD_SECONDS


@dataclass(frozen=True, kw_only=True, slots=True)
class AskView:
    """The question, what a yes means, and the button."""

    act: str
    question: str
    consequence: str
    button: str


_HEADINGS = {
    Stage.SENDING: "{issue} is being sent",
    Stage.PAUSED: "{issue} is paused",
    Stage.HALTED: "{issue} has stopped",
    Stage.CANCELLED: "{issue} was cancelled",
    Stage.ENDED: "{issue} has been sent",
}
_SENTENCES = {
    Stage.SENDING: "You can pause it at any time. No one gets it twice.",
    Stage.PAUSED: "Nothing is sent until someone continues it.",
    Stage.HALTED: "It stopped by itself: too many were refused, or the mail server turned us away. "
    "Type “bulletin status {issue}” to see why.",
    Stage.CANCELLED: "No one else will get it.",
    Stage.ENDED: "No one is left to be tried.",
}
_COUNTS = {
    "accepted": "Accepted by their mail server",
    "queued": "Not tried yet",
    "sending": "On their way",
    "deferred": "Deferred: retried by itself",
    "refused": "Refused",
    "uncertain": "Uncertain: your decision",
    "bounced": "Came back",
    "withdrawn": "Not sent: unsubscribed, paused or cancelled",
}
_ALWAYS = ("accepted", "queued")


def describe_progress(progress: MailingProgress, *, now: int, until: int, reloads: bool) -> WatchView:
    """The page at `now`, with a link that works until `until` (both in ms since 1970)."""
    counts, stage = progress.counts, progress.stage
    done, is_live = counts.total - counts.unfinished, stage in (Stage.SENDING, Stage.PAUSED, Stage.HALTED)
    return WatchView(
        heading=_HEADINGS[stage].format(issue=progress.issue),
        sentence=_SENTENCES[stage].format(issue=progress.issue),
        needs_you=stage in (Stage.PAUSED, Stage.HALTED) or (counts.uncertain > 0 and not is_live),
        done=done,
        total=max(1, counts.total),
        done_words=f"{done:,} of {counts.total:,} readers done",
        pace=_describe_pace(progress, now),
        counts=_list_counts(counts),
        act={Stage.SENDING: WatchAct.PAUSE, Stage.PAUSED: WatchAct.RESUME}.get(stage, ""),
        is_live=is_live,
        reloads=reloads and is_live,
        at=format_clock_first(now),
        until=format_clock_first(until),
    )


def _list_counts(counts: Counts) -> tuple[tuple[str, int], ...]:
    numbers = ((name, words, getattr(counts, name)) for name, words in _COUNTS.items())
    return tuple((words, number) for name, words, number in numbers if number or name in _ALWAYS)


def _describe_pace(progress: MailingProgress, now: int) -> str:
    if progress.stage is not Stage.SENDING:
        return ""
    if not progress.per_minute:
        due = progress.next_due
        waits = due is not None and due > now and not (progress.counts.queued or progress.counts.sending)
        wait = f" The next retry is at {format_clock_first(due)}." if due is not None and waits else ""
        return f"No email was accepted in the last minute.{wait}"
    left = progress.left_ms or 0
    return f"{progress.per_minute:,} emails a minute: {describe_length(left)} left."


def ask_about(act: WatchAct, issue: str) -> AskView:
    """The question before something is done."""
    if act is WatchAct.PAUSE:
        return AskView(
            act=act,
            question=f"Pause {issue}?",
            consequence="Sending stops within a few seconds. Emails that were accepted can’t be recalled.",
            button="Pause sending",
        )
    return AskView(
        act=act,
        question=f"Continue {issue}?",
        consequence="The workers, or the timer that runs “bulletin run”, send it to those who are left. "
        f"Without either, type “bulletin send {issue}”.",
        button="Continue sending",
    )


def read_watch_act(text: str) -> WatchAct | None:
    """What an address or a form asks for; None for anything else."""
    return WatchAct(text) if text in set(WatchAct) else None


def read_posted_act(form: Form) -> WatchAct | None:
    """What a form asks for."""
    return read_watch_act(form.first("act"))


def render_watch(frame: Frame, view: WatchView) -> str:
    """How far it is."""
    return frame.render("watch.html.j2", view=view)


def render_ask(frame: Frame, view: AskView) -> str:
    """The question."""
    return frame.render("watch-ask.html.j2", view=view)
