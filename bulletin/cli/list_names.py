"""Finds what a person names on the command line among the lists of bulletin.yaml."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bulletin.errors import NotFound

if TYPE_CHECKING:
    from bulletin.issue.audience import Audience
    from bulletin.settings.organisation import ListSettings
    from bulletin.workspace.workspace import Workspace


def require_list(workspace: Workspace, name: str) -> ListSettings:
    """The settings of a list. Raises NotFound."""
    known = workspace.settings.lists
    if name not in known:
        raise NotFound(f"There is no list “{name}”.", f"The lists in bulletin.yaml are: {', '.join(known)}.")
    return known[name]


def read_audience(workspace: Workspace, names: Iterable[str]) -> Audience:
    """What readers who are on all of these lists are to an issue; everyone without any. Raises NotFound.

    The code of a language, as in `cy`, is for those who chose it, unless it is the name of a list.
    """
    from bulletin.issue.audience import Audience
    from bulletin.languages.known import LANGUAGES

    given = list(names)
    languages = [name for name in given if name in LANGUAGES and name not in workspace.settings.lists]
    lists = {name: require_list(workspace, name) for name in given if name not in languages}
    return Audience(
        lists=frozenset(lists),
        consent=any(each.basis.allows_marketing for each in lists.values()),
        language=languages[-1] if languages else "",
    )
