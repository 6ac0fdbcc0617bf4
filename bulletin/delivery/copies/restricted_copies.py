"""Record test copies that have parts which are not for everyone: who sent which edition to where, and when.

The record is a file in the workspace's state folder, one JSON object a line. It has the domain of an address, and not
the address itself.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Final

from bulletin.disk import make_private_file
from bulletin.edition.edition import Edition
from bulletin.errors import Unwritten
from bulletin.origin import find_origin
from bulletin.subscribers.address import Address
from bulletin.workspace.workspace import Workspace

RECORD: Final = "restricted-copies.jsonl"


def find_record(workspace: Workspace) -> Path:
    """Where the record is."""
    return workspace.state_folder / RECORD


def record_copy(workspace: Workspace, edition: Edition, to: Address, *, lists: Collection[str], now: datetime) -> None:
    """Add a copy of the edition for readers on `lists` to the record. Raises Unwritten.

    It is called before the copy leaves, so no such copy is without its line.
    """
    origin = find_origin(workspace.root)
    entry = {
        "time": now.isoformat(timespec="seconds"),
        "issue": edition.issue,
        "lists": sorted(lists),
        "edition": edition.digest,
        "domain": to.envelope.rpartition("@")[2],
        "user": origin.user,
        "host": origin.host,
    }
    workspace.make_state_folder()
    path = find_record(workspace)
    try:
        make_private_file(path, workspace.rights)
        with path.open("a", encoding="utf-8") as record:
            record.write(json.dumps(entry, ensure_ascii=False) + "\n")
    except OSError as error:
        raise Unwritten(
            f"The record of copies {path} can't be written: {error.strerror}. Nothing was sent.",
            f"Check the permissions of {path.parent}.",
            strerror=str(error.strerror),
        ) from error
