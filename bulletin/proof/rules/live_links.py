"""What came of asking for the addresses of an issue, as violations: `bulletin check --links`. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.links.status import State, Verdict
from bulletin.proof.links.written import WrittenLink
from bulletin.proof.reporting import violation_at_link
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_ADDRESS = "https://www.example.org/plans/2021"
_TEXT = f"Read [our plan for 2021]({_ADDRESS})."
_LESS = {State.UNSURE: Severity.WARNING, State.CLOSED: Severity.WARNING, State.GUARDED: Severity.NOTE}
"""What is no proof that readers will not get there weighs less."""


def _find(context: Context, *states: State) -> Iterator[tuple[WrittenLink, Verdict]]:
    verdicts = context.verdicts or {}
    for link in context.links:
        verdict = verdicts.get(link.address)
        if verdict and verdict.state in states:
            yield link, verdict


def _tell_way(verdict: Verdict) -> str:
    """` (by way of A and B)`; nothing where an address led nowhere else."""
    return f" (by way of {' and '.join(verdict.hops)})" if verdict.hops else ""


@rule(
    "LINK10",
    "dead-link",
    severity=Severity.ERROR,
    live=True,
    reason="A link that leads nowhere costs readers their time, and you their trust.",
    wrong=[Example(text=_TEXT, at=_ADDRESS, verdicts={_ADDRESS: Verdict(state=State.GONE, why="404 Not Found")})],
    right=[Example(text=_TEXT, verdicts={_ADDRESS: Verdict(state=State.GOOD)})],
)
def dead_link(context: Context) -> Iterator[Violation]:
    """An address that does not open. Needs `bulletin check --links`."""
    for link, verdict in _find(context, State.GONE, State.BROKEN, State.CLOSED, State.UNSURE, State.GUARDED):
        message, remedy = _TELLING[verdict.state]
        yield violation_at_link(
            link, message.format(why=verdict.why, way=_tell_way(verdict)), remedy, severity=_LESS.get(verdict.state)
        )


_TELLING = {
    State.GONE: ("There is nothing at this address{way}: {why}.", "Find where it is now, or take the link out."),
    State.BROKEN: ("Browsers warn of this address{way}: {why}.", "Tell whoever runs it, or link to another page."),
    State.CLOSED: ("This address was not asked{way}: {why}.", "Link to an address that everyone can open."),
    State.UNSURE: ("This address could not be checked{way}: {why}.", "Open it in a browser, or check again later."),
    State.GUARDED: ("This address turns programs away{way}: {why}.", "Open it in a browser to be sure."),
}


@rule(
    "LINK11",
    "redirect",
    severity=Severity.NOTE,
    live=True,
    reason="An address that has moved for good will stop leading on some day; past issues are read for years.",
    wrong=[
        Example(
            text=_TEXT,
            at=_ADDRESS,
            verdicts={
                _ADDRESS: Verdict(state=State.GOOD, hops=("https://www.example.org/our-plan",), permanent=True),
            },
        )
    ],
    right=[
        Example(
            text=_TEXT,
            verdicts={_ADDRESS: Verdict(state=State.GOOD, hops=("https://www.example.org/our-plan",))},
        )
    ],
)
def moved_link(context: Context) -> Iterator[Violation]:
    """An address that has moved for good. Needs `bulletin check --links`."""
    for link, verdict in _find(context, State.GOOD):
        if verdict.permanent and verdict.hops:
            way = f", by way of {' and '.join(verdict.hops[:-1])}" if len(verdict.hops) > 1 else ""
            yield violation_at_link(
                link, f"This address has moved for good{way}.", f"Write the new one: {verdict.hops[-1]}"
            )


@rule(
    "LINK12",
    "soft-404",
    severity=Severity.WARNING,
    live=True,
    reason="Some servers say that all is well and show a page that says otherwise.",
    wrong=[
        Example(
            text=_TEXT,
            at=_ADDRESS,
            verdicts={_ADDRESS: Verdict(state=State.MISSING, why="its title is “Page not found”")},
        )
    ],
    right=[Example(text=_TEXT, verdicts={_ADDRESS: Verdict(state=State.GOOD)})],
)
def seems_dead(context: Context) -> Iterator[Violation]:
    """An address that opens, and seems to have lost its page. Needs `bulletin check --links`."""
    for link, verdict in _find(context, State.MISSING):
        yield violation_at_link(
            link,
            f"The page seems to be gone{_tell_way(verdict)}: {verdict.why}.",
            "Open it in a browser; find where it is now, or take the link out.",
        )
    for link, verdict in _find(context, State.SIGN_IN):
        yield violation_at_link(
            link,
            f"This address asks readers to sign in{_tell_way(verdict)}: {verdict.why}.",
            "Put it where everyone can open it, and link to that.",
        )


RULES: tuple[Rule, ...] = (dead_link, moved_link, seems_dead)
