"""Whether what was scheduled is what would be sent now: the same edition, to the same readers.

The schedule itself has the edition's digest, and the rolls of its lists: these decide. A snapshot of the contents is
kept beside the database only to describe a change. If the file is missing (on another computer, say), the change is
reported without details.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bulletin.approval.approvals import find_approvals, load_snapshot
from bulletin.approval.changes import describe_changes
from bulletin.approval.contents import Snapshot
from bulletin.approval.requirement import find_approval_status, name_command
from bulletin.delivery.ledger.same_month import SameMonth, Sent
from bulletin.delivery.plans.schedule import Schedule, find_rolls, name_people
from bulletin.disk import write_state
from bulletin.errors import MailingError, ScheduledIssueChanged, ScheduledListsChanged, Unwritten
from bulletin.subscribers.lists import ListFile
from bulletin.subscribers.provenance import OlderList, find_older, refuse_older
from bulletin.subscribers.roll import Roll, RollChange, compare_roll, count_heads

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from bulletin.workspace.workspace import Workspace

MOST_ROWS: Final = 5  # of those that cannot be used, named for each list

_AGREED: Final = ".agreed"


def keep_snapshot(folder: Path, snapshot: Snapshot) -> None:
    """Keep `snapshot` in the workspace's state folder. Raises MailingError if it cannot be written."""
    name = _name(snapshot.contents.digest)
    try:
        write_state(folder, name, snapshot.to_bytes())
    except Unwritten as error:
        raise _unkept(folder / name, error) from error


def keep_agreed(folder: Path, digest: str, agreed: SameMonth) -> None:
    """Keep the second issue of a month that a person agreed to. Raises MailingError as `keep_snapshot` does.

    It is kept on this computer only: `bulletin run` on another one needs a person's agreement again.
    """
    name = _name(digest) + _AGREED
    try:
        if agreed.reached:
            write_state(folder, name, json.dumps(asdict(agreed)).encode())
        else:
            (folder / name).unlink(missing_ok=True)
    except (OSError, Unwritten) as error:
        raise _unkept(folder / name, error) from error


def load_agreed(folder: Path, digest: str) -> SameMonth | None:
    """What `keep_agreed` kept; None if it kept nothing here."""
    try:
        kept = json.loads((folder / (_name(digest) + _AGREED)).read_text(encoding="utf-8"))
        return SameMonth(**kept | {"others": tuple(Sent(**one) for one in kept["others"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def forget_snapshot(folder: Path, digest: str) -> None:
    """Delete the snapshot of a schedule that has ended. If that fails, the file does no harm."""
    with suppress(OSError):
        (folder / _name(digest)).unlink(missing_ok=True)
        (folder / (_name(digest) + _AGREED)).unlink(missing_ok=True)


def require_unchanged(workspace: Workspace, engine: Engine, schedule: Schedule, snapshot: Snapshot) -> None:
    """Raise ScheduledIssueChanged, with the changes, unless `snapshot` is exactly what was scheduled."""
    contents = snapshot.contents
    if schedule.digest in (contents.digest, contents.of_emails.digest):  # the second: scheduled with an earlier release
        return
    before = _load_snapshot(workspace.state_folder, schedule.digest) or _load_approved(engine, schedule)
    changes = describe_changes(before, snapshot, own_kinds=workspace.read_own_kinds()) if before else ()
    issue, named = schedule.issue, name_people(workspace, schedule)
    missing = not find_approval_status(workspace, engine, snapshot.contents).complete
    approve = f" have it approved ({name_command(workspace, snapshot.contents)})," if missing else ""
    raise ScheduledIssueChanged(
        "It has changed since then",
        f"Check it,{approve} then schedule it again (bulletin schedule {issue}{named} --at TIME), or send it now "
        f"(bulletin send {issue}{named}).",
        changes=changes,
    )


def require_scheduled_lists(
    workspace: Workspace, connection: Connection, schedule: Schedule, files: Mapping[str, ListFile]
) -> tuple[RollChange, ...]:
    """The small changes of the scheduled lists since, by the list files of this computer.

    Raises ScheduledListsChanged if the changes of a list are large, or a row that is new cannot be used. Raises
    OlderLists if a file is older than what another computer synced last. If an earlier version scheduled the issue,
    the members of its lists are not known, and only the latter is checked.
    """
    rolls = find_rolls(connection, schedule)
    compared = (compare_roll(name, roll, files[name]) for name, roll in rolls.items() if name in files)
    changes = tuple(change for change in compared if change)
    if any(change.is_large or change.unusable for change in changes):
        issue, named = schedule.issue, name_people(workspace, schedule)
        raise ScheduledListsChanged(
            "The list files on this computer differ from those it was scheduled with",
            "See how: bulletin subscribers sync --dry-run. Copy the right files here. Or, if these are right, "
            f"schedule it again (bulletin schedule {issue}{named} --at TIME), or send it now (bulletin send "
            f"{issue}{named}).",
            changes=[line for change in changes for line in _describe_change(change)],
        )
    counts = {name: count_heads(file) for name, file in files.items()}
    older = find_older(connection, workspace, counts)
    refuse_older([one for one in older if not _was_scheduled_so(one, schedule, rolls)])
    return changes


def _was_scheduled_so(older: OlderList, schedule: Schedule, rolls: Mapping[str, Roll]) -> bool:
    """Whether it was scheduled for exactly these people, and the list was not synced since."""
    roll = rolls.get(older.name)
    return bool(roll and roll.count == older.count and older.last.at <= schedule.planned_at)


def _describe_change(change: RollChange) -> Iterator[str]:
    if change.joined or change.left:
        signs = f"+{change.joined:,} −{change.left:,}"
        yield f"{change.name}: scheduled for {change.before:,} readers, {change.now:,} now ({signs})"
    for fault in change.unusable[:MOST_ROWS]:
        yield f"{change.name}: line {fault.line} of {fault.file} can't be used"
    if len(change.unusable) > MOST_ROWS:
        yield f"{change.name}: {len(change.unusable) - MOST_ROWS:,} more lines can't be used"


def _unkept(path: Path, error: OSError | Unwritten) -> MailingError:
    return MailingError(
        f"Can't write the schedule to {path}: {error.strerror}.", "Check that folder, and the space on its disk."
    )


def _name(digest: str) -> str:
    return f"planned/{digest}"


def _load_snapshot(folder: Path, digest: str) -> Snapshot | None:
    try:
        return Snapshot.from_bytes((folder / _name(digest)).read_bytes())
    except (OSError, zlib.error, json.JSONDecodeError, KeyError, TypeError):
        return None


def _load_approved(engine: Engine, schedule: Schedule) -> Snapshot | None:
    """The snapshot of an approval of the same contents, if there is one."""
    approved = [one for one in find_approvals(engine, schedule.issue) if one.digest == schedule.digest]
    return load_snapshot(engine, approved[0]) if approved else None
