"""Which bulletins go to a list, as bulletin.yaml declares it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bulletin.subscribers.scope import find_declared_bulletins

if TYPE_CHECKING:
    from bulletin.settings.organisation import BulletinSettings
    from bulletin.settings.settings import Settings


def find_bulletins(settings: Settings, lists: Iterable[str]) -> dict[str, BulletinSettings]:
    """The bulletins that go to any of these lists, by the name that the journal has for each (`scope`)."""
    wanted = set(lists)
    declared = find_declared_bulletins(settings)
    return {name: bulletin for name, bulletin in declared.items() if not bulletin.lists or wanted & set(bulletin.lists)}


def title_bulletins(settings: Settings, lists: Iterable[str]) -> tuple[str, ...]:
    """The titles of the bulletins that go to these lists; of the first one, if none does."""
    found = find_bulletins(settings, lists) or {"": next(iter(settings.bulletins.values()))}
    return tuple(bulletin.title for bulletin in found.values())
