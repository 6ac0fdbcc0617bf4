"""`bulletin schema`: writes the schemas that text editors complete and check issues by."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bulletin.cli.options import WorkspaceOption
from bulletin.cli.terminal import say


def schema(
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="The folder to write to (default: .bulletin).", show_default=False),
    ] = None,
    folder: WorkspaceOption = None,
) -> None:
    """Set up autocomplete for VS Code.

    It writes the JSON Schemas of issues and bulletin.yaml. Text editors complete and check what you type by them.

      bulletin schema

    See also: bulletin explain
    """
    from bulletin.workspace.schemas import write_own_schemas, write_schemas
    from bulletin.workspace.workspace import open_workspace

    workspace = open_workspace(folder)
    lists, own_kinds = workspace.settings.lists, workspace.read_own_kinds()
    written = write_schemas(out, lists=lists, own_kinds=own_kinds) if out else write_own_schemas(workspace)
    for path in written:
        say(f"{path}  ({path.stat().st_size:,} bytes)")
