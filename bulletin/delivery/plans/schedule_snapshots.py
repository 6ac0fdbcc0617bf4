"""Whether what was planned is what would be sent now: the same edition, to the same people.

What the edition was made of is kept beside the database, only so that a change can be told in words. Whether it has
changed is decided by the digest that the plan has; where the file is missing (on another machine, say) it is only told
with fewer words. Who was on the lists is decided by the rolls that the plan has.
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
from bulletin.errors import MailingError, PlanChanged, PlannedListsChanged, Unwritten
from bulletin.subscribers.lists import ListFile
from bulletin.subscribers.provenance import OlderList, find_older, refuse_older
from bulletin.subscribers.roll import Roll, RollChange, compare_roll, count_heads

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from bulletin.workspace.workspace import Workspace

MOST_ROWS: Final = 5  # that cannot be used, and are named for a list

_AGREED: Final = ".agreed"


def keep_planned(folder: Path, snapshot: Snapshot) -> None:
    """Keep `snapshot` in the workspace's state folder. Raises MailingError if that cannot be written."""
    name = _name(snapshot.contents.digest)
    try:
        write_state(folder, name, snapshot.to_bytes())
    except Unwritten as error:
        raise _unkept(folder / name, error) from error


def keep_agreed(folder: Path, digest: str, agreed: SameMonth) -> None:
    """Keep what a person was shown of the issue's month, and agreed to. Raises MailingError as `keep_planned`.

    It is only beside this computer's database: `bulletin run` on another one asks for a person.
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


def forget_planned(folder: Path, digest: str) -> None:
    """The schedule has ended: its snapshot is not needed, so a file that can't be deleted does no harm."""
    with suppress(OSError):
        (folder / _name(digest)).unlink(missing_ok=True)
        (folder / (_name(digest) + _AGREED)).unlink(missing_ok=True)


def require_unchanged(workspace: Workspace, engine: Engine, schedule: Schedule, snapshot: Snapshot) -> None:
    """Raises PlanChanged, with what has changed, unless `snapshot` is exactly what was planned."""
    if snapshot.contents.digest == schedule.digest:
        return
    before = _load_planned(workspace.state_folder, schedule.digest) or _load_signed(engine, schedule)
    changes = describe_changes(before, snapshot) if before else ()
    issue, named = schedule.issue, name_people(workspace, schedule)
    unsigned = not find_approval_status(workspace, engine, snapshot.contents).complete
    sign = f" have it signed off ({name_command(workspace, snapshot.contents)});" if unsigned else ""
    raise PlanChanged(
        "It has changed since then",
        f"Look at it;{sign} then plan it anew (bulletin schedule {issue}{named} --at TIME), or send it by hand "
        f"(bulletin send {issue}{named}).",
        changes=changes,
    )


def require_planned_lists(
    workspace: Workspace, connection: Connection, schedule: Schedule, files: Mapping[str, ListFile]
) -> tuple[RollChange, ...]:
    """How few people joined and left the plan's lists since, as the list files of this computer have them now.

    Raises PlannedListsChanged if they are more than few on any list, or a row that was not there cannot be used; and
    OlderLists if a file is older than what another computer synced last. Of a plan that was made by an earlier version
    the members of its lists are not known, so only the latter.
    """
    rolls = find_rolls(connection, schedule)
    compared = (compare_roll(name, roll, files[name]) for name, roll in rolls.items() if name in files)
    changes = tuple(change for change in compared if change)
    if any(change.is_large or change.unusable for change in changes):
        issue, named = schedule.issue, name_people(workspace, schedule)
        raise PlannedListsChanged(
            "The list files on this computer differ from those it was planned with",
            "Look at them: bulletin subscribers sync --dry-run. Copy the right files here. Or, if these are right, "
            f"plan it anew (bulletin schedule {issue}{named} --at TIME), or send it by hand (bulletin send "
            f"{issue}{named}).",
            changes=[line for change in changes for line in _describe_change(change)],
        )
    counts = {name: count_heads(file) for name, file in files.items()}
    older = find_older(connection, workspace, counts)
    refuse_older([one for one in older if not _was_planned_so(one, schedule, rolls)])
    return changes


def _was_planned_so(older: OlderList, schedule: Schedule, rolls: Mapping[str, Roll]) -> bool:
    """Whether it was scheduled for exactly these people, and the list was not synced since."""
    roll = rolls.get(older.name)
    return bool(roll and roll.count == older.count and older.last.at <= schedule.planned_at)


def _describe_change(change: RollChange) -> Iterator[str]:
    if change.joined or change.left:
        signs = f"+{change.joined:,} −{change.left:,}"
        yield f"{change.name}: planned for {change.before:,} people, {change.now:,} now ({signs})"
    for fault in change.unusable[:MOST_ROWS]:
        yield f"{change.name}: line {fault.line} of {fault.file} cannot be used"
    if len(change.unusable) > MOST_ROWS:
        yield f"{change.name}: {len(change.unusable) - MOST_ROWS:,} more lines cannot be used"


def _unkept(path: Path, error: OSError | Unwritten) -> MailingError:
    return MailingError(
        f"The plan can't be kept: {path}: {error.strerror}.", "Check that folder, and the room on its disk."
    )


def _name(digest: str) -> str:
    return f"planned/{digest}"


def _load_planned(folder: Path, digest: str) -> Snapshot | None:
    try:
        return Snapshot.from_bytes((folder / _name(digest)).read_bytes())
    except (OSError, zlib.error, json.JSONDecodeError, KeyError, TypeError):
        return None


def _load_signed(engine: Engine, schedule: Schedule) -> Snapshot | None:
    """What was planned, if that was signed off too."""
    signed = [one for one in find_approvals(engine, schedule.issue) if one.digest == schedule.digest]
    return load_snapshot(engine, signed[0]) if signed else None
