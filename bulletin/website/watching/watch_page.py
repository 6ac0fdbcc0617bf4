"""`/watch/TOKEN` at work: a GET shows how far an issue is, a POST pauses it or lets it continue.

Saved, the page is shown again at its own address, so that loading it once more does nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import NoResultFound
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bulletin.database.reading import watch
from bulletin.delivery.ledger.control import pause_mailings, resume_mailings
from bulletin.delivery.ledger.mailing import find_mailing
from bulletin.delivery.sending.mailing_progress import read_progress
from bulletin.errors import DatabaseError, InvalidToken
from bulletin.website.choosing import never_wait
from bulletin.website.frame import Frame
from bulletin.website.guard import form_of, visitor_of
from bulletin.website.pages.watch_views import (
    RELOAD_SECONDS,
    WatchAct,
    ask_about,
    describe_progress,
    read_posted_act,
    read_watch_act,
    render_ask,
    render_watch,
)
from bulletin.website.problems import PageProblem, ProblemKind, busy, too_many
from bulletin.website.watching.watch_link import WatchedMailing, read_watch_token

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

PATH: Final = "/watch/{token}"
_NOTE: Final = "on the page for watching"


@dataclass(frozen=True, kw_only=True)
class WatchPage:
    """The page and what it works on. `keys` read the links, `now` is the time in ms since 1970.

    `find_wait` counts a form that comes from a network, and says for how many seconds no other one is taken from there.
    """

    frame: Frame
    engine: Engine
    keys: Sequence[bytes] = field(repr=False)
    now: Callable[[], int]
    find_wait: Callable[[str], int] = never_wait

    def route(self) -> Route:
        """Where it is served. The function waits for the database, so it runs in a thread of its own."""
        return Route(PATH, self.answer, methods=["GET", "POST"])

    def answer(self, request: Request) -> Response:
        """Show the page or the question, or do what the form says. Raises PageProblem."""
        try:
            watched = read_watch_token(request.path_params["token"], self.keys)
            if watched.is_over(self.now()):
                raise PageProblem(ProblemKind.WATCH_ENDED)
            if request.method == "POST":
                return self._act(watched, request)
            return self._show(watched, request)
        except InvalidToken:
            raise PageProblem(ProblemKind.BROKEN_LINK) from None
        except DatabaseError:
            raise busy() from None

    def _show(self, watched: WatchedMailing, request: Request) -> Response:
        with watch(self.engine) as connection:
            issue = _find_issue(connection, watched)
            if act := read_watch_act(request.query_params.get("ask", "")):
                return HTMLResponse(render_ask(self.frame, ask_about(act, issue)))
            progress = read_progress(connection, issue, now=self.now())
        reloads = "live" in request.query_params
        view = describe_progress(progress, now=self.now(), until=watched.until, reloads=reloads)
        headers = {"Refresh": str(RELOAD_SECONDS)} if view.reloads else {}
        return HTMLResponse(render_watch(self.frame, view), headers=headers)

    def _act(self, watched: WatchedMailing, request: Request) -> Response:
        if wait := self.find_wait(visitor_of(request).network):
            raise too_many(wait)
        with watch(self.engine) as connection:
            issue = _find_issue(connection, watched)
        act = read_posted_act(form_of(request))
        if act is WatchAct.PAUSE:
            pause_mailings(self.engine, issue, now=self.now(), note=_NOTE)
        elif act is WatchAct.RESUME:
            resume_mailings(self.engine, issue, now=self.now(), note=_NOTE)
        return RedirectResponse(f"{self.frame.root}/watch/{request.path_params['token']}", status_code=303)


def _find_issue(connection: Connection, watched: WatchedMailing) -> str:
    try:
        return find_mailing(connection, watched.mailing_id).issue
    except NoResultFound:
        raise PageProblem(ProblemKind.BROKEN_LINK) from None
