"""Bring the lists in the database up to what the list files declare, and show the difference first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.subscribers.difference import Difference
from bulletin.subscribers.lists import ListFile, read_list
from bulletin.subscribers.membership import apply_difference, compare_lists
from bulletin.subscribers.provenance import record_syncs
from bulletin.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection


def read_declared_lists(workspace: Workspace) -> dict[str, ListFile]:
    """Every list's file, by the list's short name. Raises NotFound or FaultyFiles if one cannot be read at all."""
    files = {name: workspace.list_file(name) for name in workspace.settings.lists}
    return {name: read_list(workspace.root / file, shown_as=file) for name, file in files.items()}


def compare_with_files(connection: Connection, workspace: Workspace) -> Difference:
    """What a sync would change, in all lists."""
    return compare_lists(connection, read_declared_lists(workspace))


def sync_lists(connection: Connection, workspace: Workspace, difference: Difference, *, now: int) -> None:
    """Apply `difference`, with each list's lawful basis as bulletin.yaml has it, and record who did so from where.

    `now` in ms since 1970.
    """
    bases = {name: str(settings.basis) for name, settings in workspace.settings.lists.items()}
    apply_difference(connection, difference, bases=bases, now=now)
    record_syncs(connection, workspace, difference.counts, now=now)
