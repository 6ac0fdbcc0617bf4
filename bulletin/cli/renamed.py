"""Lists settings that have a new name, and renames them after a yes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulletin.cli.terminal import confirm, count, say

if TYPE_CHECKING:
    from bulletin.declaration.source import Source
    from bulletin.proof.finding import Finding
    from bulletin.workspace.workspace import Workspace


def print_renamed(workspace: Workspace) -> None:
    """Print a warning for each setting under its old name."""
    from bulletin.settings.renamed import find_old_names

    for fault in find_old_names(_read(workspace)):
        say(f"\n{fault}")


def find_renamed(workspace: Workspace) -> list[Finding]:
    """The same warnings as findings, for other programs."""
    from bulletin.declaration.source import Span
    from bulletin.proof.finding import STRUCTURE, Finding
    from bulletin.settings.proof import Severity
    from bulletin.settings.renamed import find_old_names

    return [
        Finding(
            code=STRUCTURE,
            name="structure",
            severity=Severity.WARNING,
            file=fault.file,
            span=Span(line=fault.line, column=fault.column, end_line=fault.line, end_column=fault.column + fault.width),
            message=fault.message,
            remedy=fault.remedy,
            excerpt=fault.excerpt,
        )
        for fault in find_old_names(_read(workspace))
    ]


def rename_settings(workspace: Workspace, *, yes: bool) -> None:
    """Show the settings with their new names, ask, and write bulletin.yaml."""
    from bulletin.disk import File, write_all
    from bulletin.settings.renamed import find_old_names, write_new_names
    from bulletin.workspace.workspace import SETTINGS_FILE

    source = _read(workspace)
    found = list(find_old_names(source))
    if not found:
        return
    path = workspace.root / SETTINGS_FILE
    before = path.read_bytes().decode()
    after = write_new_names(before, source)
    new_lines = re.split("\r\n|\r|\n", after.removeprefix("\ufeff"))
    for fault in found:
        say(f"{SETTINGS_FILE}:{fault.line}\n  - {fault.excerpt.strip()}\n  + {new_lines[fault.line - 1].strip()}")
    if confirm(f"Give {count(len(found), 'setting its new name', 'settings their new names')}?", yes=yes):
        write_all([File(path=path, content=after.encode())])
        say()
    else:
        say("Nothing was changed.\n")


def _read(workspace: Workspace) -> Source:
    from bulletin.declaration.source import read_source
    from bulletin.workspace.workspace import SETTINGS_FILE

    return read_source(workspace.root / SETTINGS_FILE, shown_as=SETTINGS_FILE)
