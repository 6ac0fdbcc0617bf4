"""`bulletin check`: is everything written as it should be?"""

from __future__ import annotations

from typing import Annotated

import typer

from bulletin.cli.options import WorkspaceOption
from bulletin.cli.terminal import count, say
from bulletin.errors import Fault, FaultyFiles, NotFound


def check(
    issue: Annotated[
        str | None, typer.Argument(metavar="[ISSUE]", help="The issue; left out, all of them.", show_default=False)
    ] = None,
    *,
    workspace: WorkspaceOption = None,
) -> None:
    """Find every fault in settings and issues. Each has its place and its remedy; with any, the exit code is 1."""
    from bulletin.drafting.placeholders import TO_WRITE, find_placeholders
    from bulletin.schemas import ensure_schemas
    from bulletin.workspace import open_workspace

    place = open_workspace(workspace)
    ensure_schemas(place)  # so that editors complete and check by the same model
    names = [place.find_issue(issue)] if issue else list(place.issue_ids())
    if not names:
        raise NotFound("There is no issue yet.", "Write the first one: issues/2021-05.yaml, say.")
    faults: list[Fault] = []
    good: list[str] = []
    for name in names:
        try:
            place.bulletin_of(name)
            sections = len(place.load_issue(name).sections)
            unwritten = len(find_placeholders(place.read_issue_source(name)))
            still = f" {count(unwritten, 'place')} still to be written (look for {TO_WRITE})." if unwritten else ""
            good.append(f"issues/{name}.yaml: in order, {count(sections, 'section')}.{still}")
        except FaultyFiles as error:
            faults += error.faults
    for line in good:
        say(line)
    if faults:
        say()
        for fault in faults:
            say(f"{fault}\n")
        files = len({fault.file for fault in faults})
        say(f"{count(len(faults), 'fault')} in {count(files, 'file')}.")
        raise typer.Exit(1)
