"""What editors are given in a workspace: the schemas of issues and of bulletin.yaml, in the state folder.

They say which lists there are, so each workspace has its own; and the state folder is never shared, so whatever opens
a workspace for an editor's sake makes sure that they are there. Building both and comparing takes some 6 ms.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from bulletin.errors import BulletinError
from bulletin.issue.model import Issue
from bulletin.issue.schema import build_schema
from bulletin.settings import Settings
from bulletin.workspace import Workspace

ISSUE_SCHEMA = "issue.schema.json"
SETTINGS_SCHEMA = "bulletin.schema.json"


def write_schemas(folder: Path, *, lists: Iterable[str] | None) -> list[Path]:
    """Write both schemas to `folder`, unless they are there just so, and return their paths.

    `lists` are the names that an issue may be for, if they are known. Raises BulletinError if they cannot be written.
    """
    names = None if lists is None else sorted(lists)
    schemas = {
        ISSUE_SCHEMA: build_schema(Issue, name="issue", lists=names),
        SETTINGS_SCHEMA: build_schema(Settings, name="settings", lists=names),
    }
    try:
        for name, schema in schemas.items():
            _write_if_other(folder / name, f"{json.dumps(schema, indent=1, ensure_ascii=False)}\n".encode())
    except OSError as error:
        raise BulletinError(f"{folder} cannot be written: {error.strerror}.", "Choose another folder.") from error
    return [folder / name for name in schemas]


def ensure_schemas(workspace: Workspace) -> None:
    """See to it that the workspace's schemas are there and up to date; where it cannot be written to, leave it."""
    with suppress(BulletinError):
        write_schemas(workspace.state_folder, lists=workspace.settings.lists)


def _write_if_other(path: Path, content: bytes) -> None:
    """Write `content` in one step, so that an editor never reads half of it; leave a file that has it already."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.new")
    temporary.write_bytes(content)
    temporary.replace(path)
