"""What editors are given in a workspace: the schemas of the files that people edit, in the state folder.

They say which lists there are, so each workspace has its own; and the state folder is never shared, so all that opens
a workspace for an editor's sake makes sure that they are there. A mark at their beginning tells whether they are up to
date: building and writing them takes forty times as long as reading it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

import bulletin
from bulletin.disk import File, prepare_state, write_all
from bulletin.errors import BulletinError
from bulletin.issue.sections import OwnKinds, with_kinds
from bulletin.rights import Rights
from bulletin.workspace.kind_files import find_kind_files
from bulletin.workspace.workspace import Workspace

ISSUE_SCHEMA = "issue.schema.json"
SETTINGS_SCHEMA = "bulletin.schema.json"
KIND_SCHEMA = "kind.schema.json"

_DESCRIBED: Final = ("declaration", "issue", "issue/kinds", "issue/own_kinds", "settings")
"""The rooms that the schemas are made from."""
_LONGEST_MARK: Final = 200  # bytes


def write_schemas(
    folder: Path,
    *,
    lists: Iterable[str] | None,
    rights: Rights | None = None,
    own_kinds: OwnKinds = (),
    mark: str = "",
) -> list[Path]:
    """Write all schemas to `folder`, unless they are there just so, and return their paths.

    `lists` are the names that an issue may be for, if they are known. `mark` tells what they were made from. Raises
    Unwritten.
    """
    from bulletin.issue.model import Issue
    from bulletin.issue.own_kinds.kind_file import KindFile
    from bulletin.issue.schema import build_schema  # only a command that writes them needs it
    from bulletin.settings.settings import Settings

    names = None if lists is None else sorted(lists)
    schemas = {
        ISSUE_SCHEMA: build_schema(with_kinds(Issue, own_kinds), name="issue", lists=names),
        SETTINGS_SCHEMA: build_schema(Settings, name="settings", lists=names),
        KIND_SCHEMA: build_schema(KindFile, name="kind"),
    }
    first = {"$comment": mark} if mark else {}
    contents = {
        folder / name: f"{json.dumps(first | schema, indent=1, ensure_ascii=False)}\n".encode()
        for name, schema in schemas.items()
    }
    write_all(
        [
            File(path=path, content=content, rights=rights)
            for path, content in contents.items()
            if _lacks(path, content)
        ],
        remedy="Choose another folder.",
    )
    return [*contents]


def ensure_schemas(workspace: Workspace) -> None:
    """Bring the workspace's schemas up to date. Do nothing if it cannot be written to.

    Raises NotFound if the workspace's folder is gone: it is not made again for them.
    """
    workspace.require_there()
    mark = _mark(workspace).encode()
    if all(_has(workspace.state_folder / name, mark) for name in (ISSUE_SCHEMA, SETTINGS_SCHEMA, KIND_SCHEMA)):
        return
    with suppress(BulletinError):
        write_own_schemas(workspace)


def write_own_schemas(workspace: Workspace) -> list[Path]:
    """Write all schemas to the state folder. Raises Unwritten, and BulletinError as `Workspace.rights` does."""
    workspace.make_state_folder()
    folder = workspace.state_folder
    own_kinds = workspace.read_own_kinds()
    return write_schemas(
        folder,
        lists=workspace.settings.lists,
        rights=prepare_state(folder),
        own_kinds=own_kinds,
        mark=_mark(workspace),
    )


def _lacks(path: Path, content: bytes) -> bool:
    """Whether the file is not there just so: one that is, is left alone."""
    try:
        return not path.is_file() or path.read_bytes() != content
    except OSError:
        return True


def _mark(workspace: Workspace) -> str:
    """What tells schemas of this program as it is installed, of these lists and kinds, from all others."""
    package = Path(bulletin.__file__).parent
    files = [path for room in _DESCRIBED for path in (package / room).glob("*.py")]
    files += find_kind_files(workspace.root)
    made_from = sorted((str(path), (found := path.stat()).st_size, found.st_mtime_ns) for path in files)
    return sha256(repr((made_from, sorted(workspace.settings.lists))).encode()).hexdigest()


def _has(path: Path, mark: bytes) -> bool:
    try:
        with path.open("rb") as file:
            return mark in file.read(_LONGEST_MARK)
    except OSError:
        return False
