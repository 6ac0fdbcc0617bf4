"""Live rules: addresses that don't open or have moved, found by `bulletin check --links`. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.links.link_status import LinkState, LinkStatus
from bulletin.proof.links.written import WrittenLink
from bulletin.proof.reporting import violation_at_link
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_ADDRESS = "https://www.example.org/plans/2021"
_TEXT = f"Read [our plan for 2021]({_ADDRESS})."
_LESS = {LinkState.UNSURE: Severity.WARNING, LinkState.CLOSED: Severity.WARNING, LinkState.GUARDED: Severity.NOTE}
"""Answers that don't prove a dead link matter less."""


def _find(context: Context, *states: LinkState) -> Iterator[tuple[WrittenLink, LinkStatus]]:
    statuses = context.link_statuses or {}
    for link in context.links:
        status = statuses.get(link.address)
        if status and status.state in states:
            yield link, status


def _describe_status(status: LinkStatus) -> str:
    """` (through A and B)`; nothing if an address led nowhere else."""
    return f" (through {' and '.join(status.hops)})" if status.hops else ""


@rule(
    "LINK10",
    "dead-link",
    severity=Severity.ERROR,
    live=True,
    reason="A dead link wastes readers’ time and costs you their trust.",
    wrong=[
        Example(
            text=_TEXT, at=_ADDRESS, link_statuses={_ADDRESS: LinkStatus(state=LinkState.GONE, why="404 Not Found")}
        )
    ],
    right=[Example(text=_TEXT, link_statuses={_ADDRESS: LinkStatus(state=LinkState.GOOD)})],
)
def dead_link(context: Context) -> Iterator[Violation]:
    """An address that doesn’t open. Needs `bulletin check --links`."""
    for link, status in _find(
        context, LinkState.GONE, LinkState.BROKEN, LinkState.CLOSED, LinkState.UNSURE, LinkState.GUARDED
    ):
        message, remedy = _TELLING[status.state]
        yield violation_at_link(
            link, message.format(why=status.why, way=_describe_status(status)), remedy, severity=_LESS.get(status.state)
        )


_TELLING = {
    LinkState.GONE: ("There is nothing at this address{way}: {why}.", "Find its new address, or delete the link."),
    LinkState.BROKEN: (
        "Browsers warn readers about this address{way}: {why}.",
        "Tell its owners, or link to another page.",
    ),
    LinkState.CLOSED: ("This address was not checked{way}: {why}.", "Link to an address that everyone can open."),
    LinkState.UNSURE: ("This address couldn’t be checked{way}: {why}.", "Open it in a browser, or check again later."),
    LinkState.GUARDED: ("This address doesn’t answer programs{way}: {why}.", "Open it in a browser to be sure."),
}


@rule(
    "LINK11",
    "redirect",
    severity=Severity.NOTE,
    live=True,
    reason="The old address of a page will stop working one day, and people read past issues for years.",
    wrong=[
        Example(
            text=_TEXT,
            at=_ADDRESS,
            link_statuses={
                _ADDRESS: LinkStatus(state=LinkState.GOOD, hops=("https://www.example.org/our-plan",), permanent=True),
            },
        )
    ],
    right=[
        Example(
            text=_TEXT,
            link_statuses={_ADDRESS: LinkStatus(state=LinkState.GOOD, hops=("https://www.example.org/our-plan",))},
        )
    ],
)
def moved_link(context: Context) -> Iterator[Violation]:
    """An address that has moved for good. Needs `bulletin check --links`."""
    for link, status in _find(context, LinkState.GOOD):
        if status.permanent and status.hops:
            way = f", through {' and '.join(status.hops[:-1])}" if len(status.hops) > 1 else ""
            yield violation_at_link(
                link, f"This address has moved for good{way}.", f"Use the new one: {status.hops[-1]}"
            )


@rule(
    "LINK12",
    "soft-404",
    severity=Severity.WARNING,
    live=True,
    reason="Some servers report success but show a page that says it was not found.",
    wrong=[
        Example(
            text=_TEXT,
            at=_ADDRESS,
            link_statuses={_ADDRESS: LinkStatus(state=LinkState.MISSING, why="its title is “Page not found”")},
        )
    ],
    right=[Example(text=_TEXT, link_statuses={_ADDRESS: LinkStatus(state=LinkState.GOOD)})],
)
def seems_dead(context: Context) -> Iterator[Violation]:
    """An address that opens but seems to have lost its page. Needs `bulletin check --links`."""
    for link, status in _find(context, LinkState.MISSING):
        yield violation_at_link(
            link,
            f"The page seems to be gone{_describe_status(status)}: {status.why}.",
            "Open it in a browser. Find its new address, or delete the link.",
        )
    for link, status in _find(context, LinkState.SIGN_IN):
        yield violation_at_link(
            link,
            f"This address asks readers to sign in{_describe_status(status)}: {status.why}.",
            "Put it where everyone can open it, and link to that.",
        )


RULES: tuple[Rule, ...] = (dead_link, moved_link, seems_dead)
