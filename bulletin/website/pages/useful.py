"""`/useful/ISSUE`: say whether an issue was useful. No one is asked who they are. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.delivery.record.usefulness import UsefulAnswer
from bulletin.web.forms import Form
from bulletin.website.frame import Frame


@dataclass(frozen=True, kw_only=True, slots=True)
class UsefulView:
    """The question. `is_sent` is False for an issue that no one was sent yet; `faulty` if nothing was chosen."""

    title: str
    is_sent: bool = True
    faulty: bool = False


def read_answer(form: Form) -> UsefulAnswer | None:
    """What was chosen; None if nothing was."""
    return next((one for one in UsefulAnswer if form.first("answer") == one), None)


def render_useful(frame: Frame, view: UsefulView) -> str:
    """The question. Raises ThemeError, as the next one does."""
    return frame.render("useful.html.j2", view=view, answers=tuple(UsefulAnswer))


def render_useful_done(frame: Frame, answer: UsefulAnswer) -> str:
    """Thank you."""
    return frame.render("useful-done.html.j2", answer=answer)
