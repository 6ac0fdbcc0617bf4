"""Stops in words: how far they reach, why, since when, and through what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulletin.cli.clock import format_time
from bulletin.database.states import ScopeKind, SuppressionOrigin
from bulletin.subscribers.scope import FIRST_BULLETIN

if TYPE_CHECKING:
    from bulletin.settings.settings import Settings
    from bulletin.subscribers.scope import Scope
    from bulletin.subscribers.suppression import Suppression

_ORIGINS: Final = {
    SuppressionOrigin.ONE_CLICK: "with the unsubscribe button of an email program",
    SuppressionOrigin.PAGE: "on our website",
    SuppressionOrigin.EMAIL: "by email",
    SuppressionOrigin.BOUNCE: "by a mail server’s report",
    SuppressionOrigin.IMPORT: "in an imported file",
    SuppressionOrigin.COMMAND: "by command",
    SuppressionOrigin.API: "by another program",
    SuppressionOrigin.MIGRATION: "recorded by an earlier version",
}


def describe_scope(scope: Scope, settings: Settings) -> str:
    """What a stop is about: `all email`, `the list partners`, or a bulletin by its title."""
    if scope.kind is ScopeKind.ALL:
        return "all email"
    if scope.kind is ScopeKind.LIST:
        return f"the list {scope.target}"
    first = next(iter(settings.bulletins))
    name = first if scope.target == FIRST_BULLETIN else scope.target
    return f"the bulletin {settings.bulletins[name].title if name in settings.bulletins else name}"


def describe_suppression(suppression: Suppression, settings: Settings) -> str:
    """One stop as a sentence: `Suppressed: opted out since 5 May 2021, from all email, by command (rang us).`"""
    since = format_time(suppression.since)
    scope, origin = describe_scope(suppression.scope, settings), _ORIGINS[suppression.origin]
    note = f" ({suppression.note})" if suppression.note else ""
    back = ", ".join(describe_scope(one, settings) for one in suppression.lifted)
    since_then = f" They have since rejoined {back}." if back else ""
    return f"Suppressed: {suppression.reason} since {since}, from {scope}, {origin}{note}.{since_then}"
