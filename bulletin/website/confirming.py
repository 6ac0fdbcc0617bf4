"""`/confirm/TOKEN` at work: a GET shows the button or what became of it, and a POST confirms, once.

The answer to a POST is a redirection to the page itself: selecting “Confirm” twice shows the same page, and so does the
link in the email later on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bulletin.database.errors import database_errors
from bulletin.database.states import SignUpState
from bulletin.database.tables import subscribers
from bulletin.edition.languages.speech import speak
from bulletin.errors import DatabaseError, InvalidToken
from bulletin.subscribers.joining.bulletins import find_bulletins, title_bulletins
from bulletin.subscribers.joining.confirmation import confirm_sign_up, split_lists
from bulletin.subscribers.joining.deadlines import ANSWER_WITHIN, find_answer_day
from bulletin.subscribers.joining.sign_up import SignUp, find_sign_up
from bulletin.subscribers.masking import mask_address
from bulletin.subscribers.tokens import read_confirmation
from bulletin.times import read_local
from bulletin.website.frame import Frame
from bulletin.website.pages.choices import ListChoice, describe_list
from bulletin.website.pages.confirm import (
    ConfirmView,
    NotAddedView,
    WaitingView,
    WelcomeView,
    render_confirm,
    render_not_added,
    render_waiting,
    render_welcome,
)
from bulletin.website.problems import PageProblem, ProblemKind, busy
from bulletin.website.site import ReaderSite

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

PATH = "/confirm/{token}"


@dataclass(frozen=True, kw_only=True)
class Confirming:
    """The page where people confirm that they asked."""

    site: ReaderSite

    def route(self) -> Route:
        """Where it is served. The function waits for the database, so it runs in a thread of its own."""
        return Route(PATH, self.answer, methods=["GET", "POST"])

    def answer(self, request: Request) -> Response:
        """Show how things are, or confirm. Raises PageProblem."""
        token = request.path_params["token"]
        try:
            number = read_confirmation(token, self.site.keys)
            with database_errors(), self._engine.begin() as connection:
                if request.method != "POST":
                    return HTMLResponse(self._look(connection, number))
                sign_up = confirm_sign_up(connection, number, self.site.settings, now=self.site.now())
                self._require_alive(sign_up)
        except InvalidToken:
            raise PageProblem(ProblemKind.BROKEN_LINK) from None
        except DatabaseError:
            raise busy() from None
        self.site.wake()
        return RedirectResponse(f"{self.site.frame.root}/confirm/{token}", status_code=303)

    @property
    def _engine(self) -> Engine:
        return self.site.engine

    def _require_alive(self, sign_up: SignUp | None) -> SignUp:
        """Raises PageProblem for a sign-up that isn't there, and for one whose time is over."""
        if sign_up is None or sign_up.state in (SignUpState.ASKED, SignUpState.DROPPED):
            raise PageProblem(ProblemKind.BROKEN_LINK)
        is_open = sign_up.state is SignUpState.SENT
        if sign_up.state is SignUpState.EXPIRED or (is_open and self.site.now() >= sign_up.expires_at):
            raise PageProblem(ProblemKind.EXPIRED_LINK)
        return sign_up

    def _look(self, connection: Connection, number: int) -> str:
        """The page as things are."""
        sign_up = self._require_alive(find_sign_up(connection, number))
        frame = self.site.frame.in_language(sign_up.language)
        if sign_up.state is SignUpState.REFUSED:
            return render_not_added(frame, NotAddedView(reason=sign_up.reason))
        if sign_up.state is SignUpState.JOINED:
            return self._welcome(connection, sign_up, frame)
        lists = [name for name in sign_up.lists if name in self.site.settings.lists]
        if not lists:
            raise PageProblem(ProblemKind.EXPIRED_LINK)
        if sign_up.state is SignUpState.WAITING:
            return self._show_waiting(sign_up, frame)
        view = ConfirmView(
            masked=mask_address(sign_up.address),
            lists=self._describe(lists, frame),
            delete_by=read_local(sign_up.expires_at).date(),
        )
        return render_confirm(frame, view)

    def _show_waiting(self, sign_up: SignUp, frame: Frame) -> str:
        joined, later = split_lists(sign_up, self.site.settings)
        view = WaitingView(
            lists=self._describe(later or joined, frame),
            joined=tuple(one.title for one in self._describe(joined, frame)) if later else (),
            days=ANSWER_WITHIN,
            answer_by=find_answer_day(sign_up.changed_at, self.site.settings.proof.nation),
        )
        return render_waiting(frame, view)

    def _welcome(self, connection: Connection, sign_up: SignUp, frame: Frame) -> str:
        """Raises PageProblem for someone whose details were erased since."""
        query = select(subscribers.c.id, subscribers.c.address).where(subscribers.c.hash == sign_up.hash)
        person = connection.execute(query).one_or_none()
        if person is None:
            raise PageProblem(ProblemKind.EXPIRED_LINK)
        settings = self.site.settings
        bulletins = list(find_bulletins(settings, sign_up.lists).values()) or list(settings.bulletins.values())
        say = speak(frame.language).say_setting
        view = WelcomeView(
            masked=mask_address(person.address),
            titles=tuple(say(one) for one in title_bulletins(settings, sign_up.lists)),
            sender=bulletins[0].sender.email,
            preferences=self.site.find_preferences_path(person.id) if "preferences" in self.site.frame.offers else "",
        )
        return render_welcome(frame, view)

    def _describe(self, lists: list[str], frame: Frame) -> tuple[ListChoice, ...]:
        return tuple(describe_list(self.site.settings, name).in_language(frame.language) for name in lists)
