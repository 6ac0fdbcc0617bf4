"""What alerts say: what happened, to which issue, how many readers it is about, and what to do next.

An alert goes by email and to Teams, and colleagues forward it. So no reader's address is in it, though the words of
servers and the lines of list files have them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bulletin.delivery.ledger.counts import Counts
from bulletin.delivery.smtp.reply_masking import mask_addresses
from bulletin.errors import BulletinError

_MOST_LINES: Final = 12
_LONGEST: Final = 500  # characters of a line


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """Something that a person should know. There is at most one an hour for each `cause`."""

    cause: str
    subject: str
    lines: tuple[str, ...]


def describe_halt(issue: str, counts: Counts, error: BulletinError) -> Alert:
    """Sending stopped by itself."""
    return Alert(
        cause=f"{issue} waits",
        subject=f"{issue} has stopped by itself",
        lines=(
            f"Sending {issue} stopped by itself, and no more of it is sent until someone decides.",
            *_clean(str(error).splitlines()),
            f"So far: {_sum_up(counts)}.",
            f"See what happened: bulletin status {issue}",
            f"Then continue it: bulletin send {issue}. Or end it: bulletin cancel {issue}",
        ),
    )


def describe_end(issue: str, counts: Counts) -> Alert:
    """Everyone was tried. Readers who are uncertain need a decision."""
    decide = counts.uncertain > 0
    return Alert(
        cause=f"{issue} ended",
        subject=f"{issue} has been sent" + (f", and {_count_readers(counts.uncertain)} uncertain" if decide else ""),
        lines=(
            f"Sending {issue} has ended: {_sum_up(counts)}.",
            *((_explain_uncertain(counts.uncertain),) if decide else ()),
            f"See who got it: bulletin status {issue}",
            *((f"Say what became of them: bulletin resolve {issue}",) if decide else ()),
        ),
    )


def describe_uncertain(issue: str, counts: Counts) -> Alert:
    """The connection or the program broke off, so that someone has to say whether readers have it."""
    return Alert(
        cause=f"{issue} uncertain",
        subject=f"{issue}: {_count_readers(counts.uncertain)} uncertain",
        lines=(
            _explain_uncertain(counts.uncertain),
            f"So far: {_sum_up(counts)}.",
            f"See who, and what to do: bulletin status {issue}",
        ),
    )


def describe_wait(issue: str, error: BulletinError, *, scheduled_for: str = "") -> Alert:
    """`bulletin run` may not begin or continue an issue. `scheduled_for` is when it should have begun, in words."""
    what = (
        f"{issue} was scheduled for {scheduled_for}, but was not sent." if scheduled_for else f"{issue} was not sent."
    )
    return Alert(
        cause=f"{issue} waits",
        subject=f"{issue} waits for you",
        lines=(what, *_clean(str(error).splitlines()), f"See where it is: bulletin status {issue}"),
    )


def describe_bounces(issue: str, bounced: int, sent: int) -> Alert:
    """More of an issue came back than `alerts: bounces` says."""
    return Alert(
        cause=f"{issue} bounces",
        subject=f"{issue}: {bounced / sent:.0%} of the emails have bounced",
        lines=(
            f"{bounced:,} of {sent:,} emails of {issue} came back.",
            f"See why: bulletin status {issue}",
            "If the addresses are old, check where the list comes from before the next issue.",
        ),
    )


def describe_held_returns(reasons: Iterable[str], *, listed: bool = False) -> Alert:
    """So much came back at once that nothing was done about it. `listed`: a person can decide about each."""
    carry_out = "decide about each: bulletin bounces --list" if listed else "bulletin bounces --yes"
    return Alert(
        cause="returns held",
        subject="Very many emails came back at once",
        lines=(
            "Nothing was done about them, because a mail server that is set up wrongly can cause this too.",
            *_clean(reasons),
            f"Look at some of the emails. If the addresses are really gone: {carry_out}",
        ),
    )


def _explain_uncertain(number: int) -> str:
    one = number == 1
    readers = "1 reader has" if one else f"{number:,} readers have"
    return f"We can't tell whether {readers} it, so it isn't sent to {'that reader' if one else 'them'} again."


def _count_readers(number: int) -> str:
    return "1 reader is" if number == 1 else f"{number:,} readers are"


def _sum_up(counts: Counts) -> str:
    """`812 of 1,240 accepted, 3 refused, 425 not sent yet`."""
    parts = [f"{counts.accepted:,} of {counts.total:,} accepted"]
    named = ((counts.refused, "refused"), (counts.bounced, "bounced"), (counts.uncertain, "uncertain"))
    parts += [f"{number:,} {word}" for number, word in (*named, (counts.unfinished, "not sent yet")) if number]
    return ", ".join(parts)


def _clean(lines: Iterable[str]) -> list[str]:
    """Lines without any address, and not too many of them."""
    kept = [mask_addresses(line.strip())[:_LONGEST] for line in lines if line.strip()]
    return kept if len(kept) <= _MOST_LINES else [*kept[:_MOST_LINES], "…"]
