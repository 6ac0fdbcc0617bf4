"""What `send` and `run` do about emails that came back: read the mailbox first, and judge refusals afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import typer

from bulletin.cli.clock import now_ms, today
from bulletin.cli.terminal import NOTHING_SENT, can_ask, confirm, count, say, warn
from bulletin.errors import BulletinError, DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.bounces.reading import ReadingOutcome
    from bulletin.workspace.workspace import Workspace

_HOUR: Final = 60 * 60 * 1000  # ms
_DAY: Final = 24 * _HOUR
# What was told is kept beside the failures of issues, whose names never begin with a dot.
_FAILURE: Final = ".returns"
_REFUSED: Final = ".refused"


def read_before_sending(workspace: Workspace, engine: Engine, *, yes: bool) -> None:
    """Read the mailbox where readers unsubscribe, if there is one. If that fails, a person decides.

    Without a person (`yes`), a mailbox that was read less than a day ago is enough: requests of that day are waiting,
    and are carried out before the next issue. An older one raises BulletinError. Raises Exit after a no.
    """
    from bulletin.bounces.sources import has_mailbox
    from bulletin.cli.wording.returns_text import describe_storm

    if not has_mailbox(workspace):
        return
    try:
        outcome = _read(workspace, engine)
    except DatabaseError:
        raise
    except BulletinError as error:
        _settle_unread(workspace, engine, error, yes=yes)
    else:
        if outcome.reasons:
            warn(describe_storm(outcome))


def _settle_unread(workspace: Workspace, engine: Engine, error: BulletinError, *, yes: bool) -> None:
    fault = f"We couldn't read the mailbox where readers unsubscribe ({error.message.rstrip('.')})."
    waiting = "Requests to unsubscribe may be waiting there."
    if not yes and can_ask():
        warn(error.remedy)
        if not confirm(f"{fault} {waiting} Send anyway?", yes=False, otherwise=NOTHING_SENT):
            say(NOTHING_SENT)
            raise typer.Exit(1)
        return
    if not was_read_lately(workspace, engine):
        remedy = f"{error.remedy} Or send without --yes: you are asked then."
        raise BulletinError(f"{fault} {waiting} {NOTHING_SENT}", remedy)
    warn(f"{fault} {waiting} It was read less than a day ago, so the issue is sent. {error.remedy}")


def was_read_lately(workspace: Workspace, engine: Engine) -> bool:
    """Whether the mailbox of bulletin.yaml was read through in the last 24 hours."""
    last = find_last_reading_of(workspace, engine)
    return last is not None and now_ms() - last < _DAY


def find_last_reading_of(workspace: Workspace, engine: Engine) -> int | None:
    """When the mailbox of bulletin.yaml, or else any, was last read through, in ms since 1970; None if never."""
    from bulletin.bounces.mailbox_progress import find_last_reading
    from bulletin.bounces.sources import name_own_mailbox
    from bulletin.database.errors import database_errors

    with database_errors(), engine.begin() as connection:
        return find_last_reading(connection, name_own_mailbox(workspace))


def read_hourly(workspace: Workspace, engine: Engine) -> bool:
    """Read the mailbox if that was an hour ago or more. Whether all is in order; what is new is printed.

    The same trouble is told once a day.
    """
    from bulletin.bounces.sources import has_mailbox
    from bulletin.cli.wording.returns_text import describe_storm
    from bulletin.delivery.sending.last_failure import forget_last_failure

    if not has_mailbox(workspace):
        return True
    try:
        last = find_last_reading_of(workspace, engine)
        if last is not None and 0 <= now_ms() - last < _HOUR:
            return True
        outcome = _read(workspace, engine)
    except DatabaseError:
        raise
    except BulletinError as error:
        _tell_once(workspace, str(error))
        return False
    if not outcome.reasons:
        forget_last_failure(workspace.state_folder, _FAILURE)
        return True
    _tell_once(workspace, describe_storm(outcome))
    return False


def require_read_lately(workspace: Workspace, engine: Engine) -> None:
    """Raises BulletinError if the mailbox where readers unsubscribe was not read in the last 24 hours."""
    from bulletin.bounces.sources import has_mailbox

    if has_mailbox(workspace) and not was_read_lately(workspace, engine):
        raise BulletinError(
            "The mailbox where readers unsubscribe hasn't been read for a day, and requests may be waiting there.",
            "See why: bulletin bounces. Or send it yourself: you are asked then.",
        )


def stop_refused(workspace: Workspace, engine: Engine, *, once: bool = False) -> None:
    """Suppress the addresses that don't exist, by what their servers said while an issue was sent; and say so.

    `once`: the same trouble is told once a day.
    """
    from bulletin.bounces.reading import make_reading
    from bulletin.cli.wording.returns_text import describe_storm

    outcome = make_reading(workspace, engine, now=now_ms(), report=warn).run(None)
    if outcome.answers:
        are = "address doesn't exist. It is" if outcome.answers == 1 else "addresses don't exist. They are"
        say(f"{outcome.answers:,} {are} suppressed from now on.")
    if outcome.reasons and once:
        _tell_once(workspace, describe_storm(outcome), _REFUSED)
    elif outcome.reasons:
        warn(describe_storm(outcome))


def _read(workspace: Workspace, engine: Engine) -> ReadingOutcome:
    """Read the mailbox, and say what is new."""
    from bulletin.bounces.reading import make_reading
    from bulletin.bounces.sources import open_source
    from bulletin.cli.wording.returns_text import describe_news

    outcome = make_reading(workspace, engine, now=now_ms(), report=warn).run(open_source(workspace, today=today()))
    if news := describe_news(outcome):
        say(f"Came back since the last time: {news}.")
    if outcome.trouble:
        warn(outcome.trouble)
    return outcome


def _tell_once(workspace: Workspace, words: str, name: str = _FAILURE) -> None:
    """Print what went wrong on standard error, unless it was told less than a day ago."""
    from dataclasses import replace

    from bulletin.delivery.sending.last_failure import LastFailure, keep_last_failure, read_last_failure

    now = now_ms()
    earlier = read_last_failure(workspace.state_folder, name)
    failure = LastFailure(at=now, words=words, told_at=now)
    if earlier and failure.repeats(earlier):
        keep_last_failure(workspace.state_folder, name, replace(failure, told_at=earlier.told_at))
        return
    keep_last_failure(workspace.state_folder, name, failure)
    warn(words)


def describe_mailbox(workspace: Workspace, engine: Engine) -> str:
    """When the mailbox where emails come back was last read; empty if bulletin.yaml names none."""
    from bulletin.cli.clock import format_time

    if workspace.settings.returns is None:
        return ""
    last = find_last_reading_of(workspace, engine)
    if last is None:
        return "The mailbox where emails come back has never been read. Read it: bulletin bounces"
    if now_ms() - last >= _DAY:
        return (
            f"The mailbox where emails come back was last read on {format_time(last)}. Requests to unsubscribe may be "
            "waiting there. Read it: bulletin bounces"
        )
    return f"The mailbox where emails come back was last read on {format_time(last)}."


def describe_open_returns(engine: Engine) -> str:
    """How many returned emails wait for a person, and how to see them; empty if none does."""
    from bulletin.bounces.kept_returns import count_open
    from bulletin.database.errors import database_errors

    with database_errors(), engine.begin() as connection:
        number = count_open(connection)
    if not number:
        return ""
    return f"{count(number, 'returned email needs', 'returned emails need')} your decision: bulletin bounces --list"
