"""How far an unsubscribe reaches: one list, one bulletin, or everything. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bulletin.database.states import ScopeKind

if TYPE_CHECKING:
    from bulletin.settings.organisation import BulletinSettings
    from bulletin.settings.settings import Settings

FIRST_BULLETIN: Final = "."
"""The target of the workspace's first bulletin, whose issues are directly in issues/; no folder can have this name."""


class Scope(NamedTuple):
    """What a stop or a lift is about. `target` names the list or the bulletin; it is "" for everything."""

    kind: ScopeKind
    target: str = ""

    def includes(self, other: Scope) -> bool:
        """Whether a lift with `other` takes something back of a stop with this one: it is as narrow, or narrower."""
        return self.kind > other.kind or self == other


EVERYTHING: Final = Scope(ScopeKind.ALL)
"""No email at all, from any bulletin and any list."""


def one_list(name: str) -> Scope:
    """The scope of what is about the list called `name`."""
    return Scope(ScopeKind.LIST, name)


def one_bulletin(bulletin: str) -> Scope:
    """The scope of what is about one bulletin, as `find_bulletin` names it."""
    return Scope(ScopeKind.BULLETIN, bulletin)


def find_bulletin(issue: str) -> str:
    """How the journal names the bulletin of an issue (`training/2021-05`): by its folder, the first one by a dot.

    Not by its name in bulletin.yaml: a new name there must not bring anyone back.
    """
    return issue.rpartition("/")[0] or FIRST_BULLETIN


def find_declared_bulletins(settings: Settings) -> dict[str, BulletinSettings]:
    """What bulletin.yaml declares of each bulletin, by the name that the journal has for it (`find_bulletin`)."""
    names = [FIRST_BULLETIN, *list(settings.bulletins)[1:]]
    return dict(zip(names, settings.bulletins.values(), strict=True))
