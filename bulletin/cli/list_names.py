"""Finds what a person names on the command line among the lists of bulletin.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.errors import NotFound

if TYPE_CHECKING:
    from bulletin.settings.organisation import ListSettings
    from bulletin.workspace.workspace import Workspace


def require_list(workspace: Workspace, name: str) -> ListSettings:
    """The settings of a list. Raises NotFound."""
    known = workspace.settings.lists
    if name not in known:
        raise NotFound(f"There is no list “{name}”.", f"The lists in bulletin.yaml are: {', '.join(known)}.")
    return known[name]
