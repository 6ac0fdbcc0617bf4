"""`bulletin schema`: what editors need to complete and check issues as one types."""

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
        typer.Option("--out", metavar="DIR", help="The folder to write to. Left out: .bulletin.", show_default=False),
    ] = None,
    folder: WorkspaceOption = None,
) -> None:
    """Write what editors need. That is the JSON Schema of issues and of bulletin.yaml, to complete and check by."""
    from bulletin.workspace.schemas import write_own_schemas, write_schemas
    from bulletin.workspace.workspace import open_workspace

    workspace = open_workspace(folder)
    written = write_schemas(out, lists=workspace.settings.lists) if out else write_own_schemas(workspace)
    for path in written:
        say(f"{path}  ({path.stat().st_size:,} bytes)")
