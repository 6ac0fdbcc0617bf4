"""Names the files in issues/ that are likely issues, but are not read because of how their names end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.cli.terminal import warn

if TYPE_CHECKING:
    from bulletin.workspace.workspace import Workspace


def warn_of_misnamed(workspace: Workspace) -> None:
    """Warn of each of them, with the name that it should have."""
    for path in workspace.misnamed_issues():
        shown = path.relative_to(workspace.root)
        right = shown.with_name(f"{path.name.partition('.')[0]}.yaml")
        warn(f"{shown.as_posix()} is not read, because its name doesn't end in .yaml. Rename it to {right.as_posix()}.")
