"""`bulletin init`: makes a new workspace that can be checked, rendered and sent at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from bulletin.cli.clock import today
from bulletin.cli.terminal import say, warn
from bulletin.issue.holidays import Nation, describe_day_off


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The new folder.", show_default=False)],
    *,
    nation: Annotated[
        Nation | None,
        typer.Option("--nation", metavar="NATION", help="Where you are: its bank holidays count.", show_default=False),
    ] = None,
) -> None:
    """Set up a folder for your bulletin.

    It has settings, a first issue to rewrite, and a list. NATION is england, wales, scotland or northern-ireland.
    """
    from bulletin.workspace.schemas import ensure_schemas
    from bulletin.workspace.starter import make_workspace
    from bulletin.workspace.workspace import find_outer_workspace, open_workspace

    outer = find_outer_workspace(folder)
    published = today() + timedelta(days=7)
    while describe_day_off(published, nation):
        published += timedelta(days=1)
    month = make_workspace(folder, published=published, nation=nation or Nation.ENGLAND)
    ensure_schemas(open_workspace(folder))
    if outer:
        warn(f"Careful: {folder} is inside another bulletin's folder, {outer}. Each has its own readers and records.")
        warn("Do you want a second bulletin of the same organisation? Then delete the new folder, and add it under ")
        warn(f"`bulletins:` in {outer / 'bulletin.yaml'} instead.\n")
    say(f"Your bulletin's folder is {folder}. Next:")
    say(f"  1. cd {folder}")
    say("  2. In bulletin.yaml, write who you are.")
    say("  3. In subscribers/everyone.csv, list your readers.")
    say(f"  4. Rewrite issues/{month.id}.yaml, your first issue.")
    say(f"  5. bulletin check {month.id}, then bulletin render {month.id} --out out, and look at out/email.html.")
