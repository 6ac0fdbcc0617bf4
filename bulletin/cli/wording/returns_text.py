"""Says what came back, what follows from it, and what a person has to decide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from bulletin.bounces.verdict import ReturnKind
from bulletin.cli.clock import format_time
from bulletin.cli.terminal import count, say, warn

if TYPE_CHECKING:
    from bulletin.bounces.kept_returns import OpenReturn
    from bulletin.bounces.reading import ReadingOutcome

MOST_LISTED: Final = 20  # `--list` has all

_MEANINGS: Final = {
    "bounced": "bounced: the email couldn't be delivered",
    "complained": "complained: the reader reported it as spam",
    "unsubscribed": "unsubscribed: the reader asked for it by email",
    "ignored": "ignored: automatic replies, delays, and what is about no email of ours",
    "to_confirm": "to confirm: you decide, see below",
    "unknown": "unknown: we can't tell what it says, or about which reader",
}
_PEOPLE: Final = "the people who run your email"
_ADVICE: Final = {
    ReturnKind.TOO_FAST: "We sent faster than their server allows. Set `limits` in bulletin.yaml.",
    ReturnKind.CONTENT: "Their server took the text for spam. Look at its subject and links: bulletin check",
    ReturnKind.REPUTATION: f"Their server doesn't trust ours. Ask {_PEOPLE} whether it is on a block list.",
    ReturnKind.AUTHENTICITY: f"Their server can't confirm that it is from us (SPF, DKIM, DMARC). Ask {_PEOPLE}.",
    ReturnKind.AUTHENTICATION_REPORT: f"Someone's server can't confirm that it is from us. Ask {_PEOPLE}.",
    ReturnKind.SENDER: "Their server refuses our sender's address. Check `sender` in bulletin.yaml.",
    ReturnKind.POLICY: f"It is against a rule of their server. Ask {_PEOPLE}.",
    ReturnKind.TOO_BIG: "It is too large for their server. Make the issue's pictures smaller.",
    ReturnKind.RELAY: f"Their server wants another route, or encryption. Ask {_PEOPLE}.",
}


def show_outcome(outcome: ReadingOutcome, *, dry_run: bool) -> None:
    """Print what a reading found and what follows; why nothing does, on standard error."""
    counts = outcome.counts
    before = f" {count(outcome.known, 'report')} in them had been read before." if outcome.known else ""
    say(f"{count(counts.read, 'email')} read.{before}")
    for name, meaning in _MEANINGS.items():
        if number := getattr(counts, name):
            say(f"{number:>9,}  {meaning}")
    _show_ours(outcome)
    if outcome.stopped and not outcome.reasons:
        verb = "would be" if dry_run else "will be"
        say(
            f"{count(outcome.stopped, 'reader')} {verb} emailed no more: the address doesn't exist, failed three "
            "issues in a row, or its reader complained."
        )
    if outcome.reasons:
        warn(describe_storm(outcome))
    if outcome.trouble:
        warn(f"All was recorded, but the emails couldn't be moved or deleted. {outcome.trouble}")


def _show_ours(outcome: ReadingOutcome) -> None:
    if not outcome.ours:
        return
    say("Some came back because of us, not because of the reader. No one is suppressed for that:")
    for kind, number in sorted(outcome.ours.items(), key=lambda item: (-item[1], item[0])):
        say(f"{number:>9,}  {kind}. {_ADVICE.get(kind, '')}".rstrip())


def describe_storm(outcome: ReadingOutcome) -> str:
    """Why nothing was applied, in lines, and what to do about it."""
    return "\n".join(
        (
            "Nothing was applied, except for readers' own requests to unsubscribe:",
            *(f"  {reason}" for reason in outcome.reasons),
            "So many at once may be forged, or the fault of a mail server. Look at some of the emails that came back,",
            "or at: bulletin status ISSUE --who refused",
            "If these addresses are really gone, run: bulletin bounces --yes",
            "If something else went wrong, and these readers are to stay: bulletin bounces --leave",
        )
    )


def show_open(waiting: tuple[OpenReturn, ...], *, everything: bool = False) -> None:
    """Print what waits for a person, and the commands that decide."""
    if not waiting:
        return
    shown = waiting if everything else waiting[:MOST_LISTED]
    say(f"\n{count(len(waiting), 'returned email needs', 'returned emails need')} your decision:")
    for one in shown:
        say(f"{one.number:>6}  {_describe_open(one)}")
    if len(shown) < len(waiting):
        say(f"        … and {len(waiting) - len(shown):,} more: bulletin bounces --list")
    number = waiting[0].number
    say(f"To stop all email to that reader: bulletin bounces --settle {number} --stop")
    say(f"To leave the reader as they are:  bulletin bounces --settle {number} --keep")


def _describe_open(one: OpenReturn) -> str:
    """`a…@example.org, 4 May 2021, 10:02: asks to be removed: “…”`."""
    from bulletin.delivery.smtp.reply_masking import mask_address

    who = f"{mask_address(one.address)}, " if one.address else ""
    kind = "" if any(words in one.note for words in _SELF_SAYING) else f"{one.kind}"
    words = "; ".join(part for part in (kind, one.note, f"“{one.diagnostic}”" if one.diagnostic else "") if part)
    return f"{who}{format_time(one.at)}: {words}."


_SELF_SAYING: Final = ("asks to be removed", "an automatic reply says")


def describe_news(outcome: ReadingOutcome) -> str:
    """`3 bounced, 1 unsubscribed`: what is new and matters, in one line; empty if nothing is."""
    counts = outcome.counts
    numbers: Iterable[tuple[int, str]] = (
        (counts.bounced, "bounced"),
        (counts.complained, "complained"),
        (counts.unsubscribed, "unsubscribed"),
        (counts.to_confirm + counts.unknown, "for you to decide: bulletin bounces --list"),
    )
    return ", ".join(f"{number:,} {word}" for number, word in numbers if number)
