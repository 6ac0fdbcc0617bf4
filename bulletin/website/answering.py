"""`/useful/ISSUE` at work: a POST counts an answer. There is no token, no cookie, and no row about a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bulletin.database.errors import database_errors
from bulletin.declaration.translated import choose_language
from bulletin.delivery.record.usefulness import count_answer, is_sent
from bulletin.errors import DatabaseError
from bulletin.languages.known import LANGUAGES
from bulletin.settings.organisation import BulletinSettings
from bulletin.settings.settings import Settings
from bulletin.website.choosing import never_wait
from bulletin.website.frame import Frame
from bulletin.website.guard import form_of, visitor_of
from bulletin.website.pages.useful import UsefulView, read_answer, render_useful, render_useful_done
from bulletin.website.problems import PageProblem, ProblemKind, busy, too_many

if TYPE_CHECKING:
    from sqlalchemy import Engine

LONGEST_ISSUE = 255  # characters


@dataclass(frozen=True, kw_only=True)
class Answering:
    """The page and what it works on. `find_wait` counts a form that comes from a network, as for complaints."""

    frame: Frame
    engine: Engine
    settings: Settings
    find_wait: Callable[[str], int] = never_wait

    def route(self) -> Route:
        """Where it is served. The function waits for the database, so it runs in a thread of its own."""
        return Route("/useful/{issue:path}", self.answer, methods=["GET", "POST"])

    def answer(self, request: Request) -> Response:
        """Ask, or count an answer. Raises PageProblem."""
        issue = request.path_params["issue"]
        frame = self._find_frame(issue, request.query_params.get("language", ""))
        if len(issue) > LONGEST_ISSUE or not issue.isprintable():
            raise PageProblem(ProblemKind.NOT_FOUND)
        try:
            if not is_sent(self.engine, issue):
                return self._ask(frame, issue, is_sent=False, status=404)
            return self._count(frame, request, issue) if request.method == "POST" else self._ask(frame, issue)
        except DatabaseError:
            raise busy() from None

    def _find_frame(self, issue: str, language: str) -> Frame:
        """In the language that the address names, else in that of the issue's bulletin."""
        return self.frame.in_language(language if language in LANGUAGES else self._find_bulletin(issue).language)

    def _find_bulletin(self, issue: str) -> BulletinSettings:
        named = self.settings.bulletins.get(issue.rpartition("/")[0])
        return named or next(iter(self.settings.bulletins.values()))

    def _ask(
        self, frame: Frame, issue: str, *, is_sent: bool = True, faulty: bool = False, status: int = 200
    ) -> Response:
        title = choose_language(self._find_bulletin(issue), frame.language).title
        view = UsefulView(title=title, is_sent=is_sent, faulty=faulty)
        return HTMLResponse(render_useful(frame, view), status_code=status)

    def _count(self, frame: Frame, request: Request, issue: str) -> Response:
        answer = read_answer(form_of(request))
        if answer is None:
            return self._ask(frame, issue, faulty=True, status=422)
        if wait := self.find_wait(visitor_of(request).network):
            raise too_many(wait)
        with database_errors(), self.engine.begin() as connection:
            count_answer(connection, issue, answer)
        return HTMLResponse(render_useful_done(frame, answer))
