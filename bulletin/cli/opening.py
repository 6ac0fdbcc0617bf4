"""Opens a workspace, its database and an issue for a command, and closes them when the command ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from bulletin.workspace.workspace import Workspace


class Opened(NamedTuple):
    """A workspace and its open database."""

    workspace: Workspace
    engine: Engine

    def find_issue(self, issue: str) -> str:
        """The id of an issue by any of its names. Raises NotFound if it has no file and was never sent."""
        from bulletin.delivery.sending.send_preview import find_known_issue

        return find_known_issue(self.workspace, self.engine, issue)


class OpenedIssue(NamedTuple):
    """A workspace, its open database, and the id of an issue that has a file or was sent."""

    workspace: Workspace
    engine: Engine
    name: str


@contextmanager
def open_ledger(folder: Path | None) -> Iterator[Opened]:
    """Open the workspace in `folder` (None: the nearest one upwards) and its database."""
    from bulletin.workspace.workspace import open_workspace

    workspace = open_workspace(folder)
    with open_engine(workspace) as engine:
        yield Opened(workspace, engine)


@contextmanager
def open_issue(issue: str, folder: Path | None) -> Iterator[OpenedIssue]:
    """As `open_ledger`, with an issue as `Opened.find_issue` finds it."""
    with open_ledger(folder) as opened:
        yield OpenedIssue(*opened, opened.find_issue(issue))


@contextmanager
def open_engine(workspace: Workspace) -> Iterator[Engine]:
    """Open the database of a workspace that is open already."""
    from bulletin.database.schema import open_database

    engine = open_database(workspace)
    try:
        yield engine
    finally:
        engine.dispose()
