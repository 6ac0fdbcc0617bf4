"""`/unsubscribe/TOKEN`: the button, and what has been done. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bulletin.web.forms import Form
from bulletin.website.frame import Frame


class StopChoice(StrEnum):
    """What to stop."""

    BULLETIN = "bulletin"
    ALL = "all"


class LeavingReason(StrEnum):
    """Why someone unsubscribed. Answers are counted, and kept without a name."""

    TOO_MANY = "too-many"
    NOT_USEFUL = "not-useful"
    CHANGED_JOB = "changed-job"
    NOT_ASKED = "not-asked"
    OTHER = "other"


class UnsubscribeAct(StrEnum):
    """What a form on this page asks for."""

    STOP = "stop"
    UNDO = "undo"
    REASON = "reason"


@dataclass(frozen=True, kw_only=True, slots=True)
class UnsubscribeView:
    """What can be stopped. `title` is the bulletin that the link came with; "" if the link doesn't say.

    `chosen` is ticked at first. With one bulletin only, nothing is asked. `preferences` is an address, "" for no link.
    """

    masked: str
    title: str = ""
    pace: str = ""
    chosen: StopChoice = StopChoice.BULLETIN
    only_one: bool = False
    preferences: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class UnsubscribedView:
    """Done. `title` is the bulletin that was stopped; "" for everything.

    `others` are the titles of the bulletins that this doesn't stop. `can_undo` for a day. `asks_why` where answers are
    counted; `answered` once one was given. `masked` is "" for someone we have forgotten.
    """

    masked: str
    title: str = ""
    others: tuple[str, ...] = ()
    can_undo: bool = True
    asks_why: bool = False
    answered: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class AlreadyView:
    """It was stopped before, on the day `since`. `preferences` is an address, "" for no link."""

    masked: str
    title: str = ""
    since: date
    preferences: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class AgainView:
    """Undone. `title` is the bulletin that continues; "" for everything."""

    masked: str
    title: str = ""
    preferences: str = ""


def read_act(form: Form) -> UnsubscribeAct:
    """What a form asks for. Anything that isn't clear stops: that is what the page is for."""
    return next((act for act in UnsubscribeAct if form.first("act") == act), UnsubscribeAct.STOP)


def read_scope(form: Form, *, otherwise: StopChoice) -> StopChoice:
    """What to stop; `otherwise` if the form doesn't say, as with one click."""
    return next((scope for scope in StopChoice if form.first("scope") == scope), otherwise)


def read_reason(form: Form) -> LeavingReason | None:
    """Why; None if nothing was chosen."""
    return next((reason for reason in LeavingReason if form.first("reason") == reason), None)


def render_unsubscribe(frame: Frame, view: UnsubscribeView) -> str:
    """Unsubscribe. Raises ThemeError, as all of these do."""
    return frame.render("unsubscribe.html.j2", view=view)


def render_unsubscribed(frame: Frame, view: UnsubscribedView) -> str:
    """You’ve unsubscribed."""
    return frame.render("unsubscribed.html.j2", view=view, reasons=tuple(LeavingReason))


def render_already(frame: Frame, view: AlreadyView) -> str:
    """You’ve already unsubscribed."""
    return frame.render("already-unsubscribed.html.j2", view=view)


def render_again(frame: Frame, view: AgainView) -> str:
    """You’re subscribed again."""
    return frame.render("subscribed-again.html.j2", view=view)
