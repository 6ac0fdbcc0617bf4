"""`/confirm/TOKEN`: the button that confirms a subscription, and what became of it. Pure.

An expired and a broken link are problems: see `bulletin.website.problems`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bulletin.website.frame import Frame
from bulletin.website.pages.choices import ListChoice


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfirmView:
    """Asked, and not confirmed yet. `delete_by` is when the address is forgotten otherwise."""

    masked: str
    lists: tuple[ListChoice, ...]
    delete_by: date


@dataclass(frozen=True, kw_only=True, slots=True)
class WelcomeView:
    """Joined. `next_issue` is when, in words (“in the first week of April”); "" if it isn't known.

    `preferences` and `archive` are addresses; "" for no link.
    """

    masked: str
    titles: tuple[str, ...]
    sender: str
    next_issue: str = ""
    preferences: str = ""
    archive: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingView:
    """A person looks at the request, and answers by the day `answer_by`, which is `days` working days later.

    `joined` are the titles of lists that were asked for too, and need no answer.
    """

    lists: tuple[ListChoice, ...]
    joined: tuple[str, ...] = ()
    days: int
    answer_by: date


@dataclass(frozen=True, kw_only=True, slots=True)
class NotAddedView:
    """A person has refused the request. `reason` is a sentence of theirs, "" if they gave none."""

    reason: str = ""


def render_confirm(frame: Frame, view: ConfirmView) -> str:
    """Confirm your subscription."""
    return frame.render("confirm.html.j2", view=view)


def render_welcome(frame: Frame, view: WelcomeView) -> str:
    """You’re subscribed."""
    return frame.render("welcome.html.j2", view=view)


def render_waiting(frame: Frame, view: WaitingView) -> str:
    """We’ve got your request."""
    return frame.render("waiting.html.j2", view=view)


def render_not_added(frame: Frame, view: NotAddedView) -> str:
    """We couldn’t add you."""
    return frame.render("not-added.html.j2", view=view)
