"""What a planned mailing was made of, kept beside the database only so that a change since can be told in words.

Whether something has changed is decided by the digest that the plan has; where the file is missing (on another
machine, say) it is only told with fewer words.
"""

from __future__ import annotations

import json
import zlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.delivery.schedule import Schedule, name_people
from bulletin.errors import MailingError, PlanChanged
from bulletin.signing.approval import find_approval, name_command
from bulletin.signing.changes import describe_changes
from bulletin.signing.contents import Snapshot
from bulletin.signing.sign_offs import find_sign_offs, load_snapshot

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.workspace import Workspace


def keep_planned(folder: Path, snapshot: Snapshot) -> None:
    """Keep `snapshot` in the workspace's state folder. Raises MailingError if that cannot be written."""
    path = _find_path(folder, snapshot.contents.digest)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(snapshot.to_bytes())
    except OSError as error:
        raise MailingError(
            f"The plan cannot be kept: {path}: {error.strerror}.", "Check that folder, and the room on its disk."
        ) from error


def forget_planned(folder: Path, digest: str) -> None:
    """The plan has ended: nobody will ask what has changed since, so a file that cannot be deleted does no harm."""
    with suppress(OSError):
        _find_path(folder, digest).unlink(missing_ok=True)


def require_unchanged(workspace: Workspace, engine: Engine, schedule: Schedule, snapshot: Snapshot) -> None:
    """Raises PlanChanged, with what has changed, unless `snapshot` is exactly what was planned."""
    if snapshot.contents.digest == schedule.digest:
        return
    before = _load_planned(workspace.state_folder, schedule.digest) or _load_signed(engine, schedule)
    changes = describe_changes(before, snapshot) if before else ()
    issue, named = schedule.issue, name_people(workspace, schedule)
    unsigned = not find_approval(workspace, engine, snapshot.contents).complete
    sign = f" have it signed off ({name_command(workspace, snapshot.contents)});" if unsigned else ""
    raise PlanChanged(
        "It has changed since then",
        f"Look at it;{sign} then plan it anew (bulletin schedule {issue}{named} --at TIME), or send it by hand "
        f"(bulletin send {issue}{named}).",
        changes=changes,
    )


def _find_path(folder: Path, digest: str) -> Path:
    return folder / "planned" / digest


def _load_planned(folder: Path, digest: str) -> Snapshot | None:
    try:
        return Snapshot.from_bytes(_find_path(folder, digest).read_bytes())
    except (OSError, zlib.error, json.JSONDecodeError, KeyError, TypeError):
        return None


def _load_signed(engine: Engine, schedule: Schedule) -> Snapshot | None:
    """What was planned, if that was signed off too."""
    signed = [one for one in find_sign_offs(engine, schedule.issue) if one.digest == schedule.digest]
    return load_snapshot(engine, signed[0]) if signed else None
