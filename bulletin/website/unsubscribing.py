"""`/unsubscribe/TOKEN` at work: a GET shows the button, a POST does what it says, and the database remembers it.

Only a POST changes anything: the scanners of mail services open every link. What is answered to a POST is the page
itself, at once and with status 200: RFC 8058 allows no redirection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bulletin.database.errors import database_errors
from bulletin.database.identity import find_identity
from bulletin.database.states import SuppressionOrigin
from bulletin.errors import DatabaseError, InvalidToken
from bulletin.subscribers.leaving import Leaver, can_undo, find_leaver, find_stop, leave, undo
from bulletin.subscribers.masking import mask_address
from bulletin.subscribers.scope import EVERYTHING, Scope, find_declared_bulletins, one_bulletin
from bulletin.subscribers.suppression import Suppression
from bulletin.subscribers.tokens import (
    METHOD_HEADER,
    PROOF_HEADER,
    LinkToken,
    Purpose,
    is_probe,
    prove,
    read_token,
    sign_token,
)
from bulletin.subscribers.wishes import find_language
from bulletin.website.frame import Frame
from bulletin.website.guard import ONE_CLICK, form_of
from bulletin.website.pages.choices import BulletinTitle, list_bulletins
from bulletin.website.pages.unsubscribe import (
    AgainView,
    AlreadyView,
    StopChoice,
    UnsubscribeAct,
    UnsubscribedView,
    UnsubscribeView,
    read_act,
    read_scope,
    render_again,
    render_already,
    render_unsubscribe,
    render_unsubscribed,
)
from bulletin.website.problems import PageProblem, ProblemKind, busy

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from bulletin.settings.settings import Settings

PATH = "/unsubscribe/{token}"

Page = Callable[[], str]
"""Renders the page that answers a request."""


@dataclass(frozen=True, kw_only=True)
class Unsubscribing:
    """The page and what it works on. `keys` read the links, `now` is the time in ms since 1970.

    `titles` has each bulletin by the name that the journal has for it (`scope.find_bulletin`).
    """

    frame: Frame
    engine: Engine
    keys: Sequence[bytes]
    titles: Mapping[str, BulletinTitle]
    now: Callable[[], int]

    def route(self) -> Route:
        """Where it is served. The function waits for the database, so it runs in a thread of its own."""
        return Route(PATH, self.answer, methods=["GET", "POST"])

    def answer(self, request: Request) -> Response:
        """Show the page, or do what the form asks for. Raises PageProblem."""
        try:
            text = request.path_params["token"]
            token = read_token(text, Purpose.UNSUBSCRIBE, self.keys)
            choosing = self._write_choosing(token)
            headers: Mapping[str, str] = {}
            with database_errors(), self.engine.begin() as connection:
                leaver = find_leaver(connection, token)
                if leaver is None or not leaver.address:
                    headers = self._prove(connection, text, request.method) if is_probe(token) else {}
                    page: Page = partial(render_unsubscribed, self.frame, UnsubscribedView(masked=""))
                else:
                    own = self.in_language(find_language(connection, token.subscriber_id))
                    page = own.find_page(connection, request, leaver, choosing)
            return HTMLResponse(page(), headers=headers)  # made once no one has to wait for the database any more
        except InvalidToken:
            raise PageProblem(ProblemKind.BROKEN_LINK) from None
        except DatabaseError:
            raise busy() from None

    def in_language(self, language: str) -> Unsubscribing:
        """The same for a reader who chose a language."""
        frame = self.frame.in_language(language)
        titles = {name: title.in_language(frame.language) for name, title in self.titles.items()}
        return replace(self, frame=frame, titles=titles)

    def _write_choosing(self, token: LinkToken) -> str:
        """The way to the page where they choose, which the foot of the same email leads to; "" if there is none."""
        if "preferences" not in self.frame.offers:
            return ""
        choosing = sign_token(Purpose.PREFERENCES, token.subscriber_id, token.delivery_id or 0, key=self.keys[0])
        return f"{self.frame.root}/preferences/{choosing}"

    def _prove(self, connection: Connection, text: str, method: str) -> dict[str, str]:
        """The headers by which a sender knows that this is the website for its links, and what reached it."""
        return {PROOF_HEADER: prove(text, self.keys, find_identity(connection).id), METHOD_HEADER: method}

    def _settle(self, leaver: Leaver) -> Leaver:
        """Someone who leaves a bulletin that is no more leaves everything."""
        known = leaver.bulletin in self.titles
        return leaver if known else Leaver(hash=leaver.hash, address=leaver.address)

    def find_page(self, connection: Connection, request: Request, leaver: Leaver, choosing: str) -> Page:
        """The page that answers, once what a form asks for is done."""
        leaver = self._settle(leaver)
        if request.method != "POST":
            return self._look(connection, leaver, choosing, everything="all" in request.query_params)
        form = form_of(request)
        if read_act(form) is UnsubscribeAct.UNDO:
            return self._undo(connection, leaver, choosing)
        carried = StopChoice.ALL if leaver.bulletin is None else StopChoice.BULLETIN
        scope = EVERYTHING if read_scope(form, otherwise=carried) is StopChoice.ALL else leaver.scope
        origin = SuppressionOrigin.ONE_CLICK if form.fields == ONE_CLICK else SuppressionOrigin.PAGE
        leave(connection, leaver, scope, origin=origin, now=self.now())
        return self._look(connection, leaver, choosing, scope=scope)

    def _look(
        self,
        connection: Connection,
        leaver: Leaver,
        choosing: str,
        *,
        scope: Scope | None = None,
        everything: bool = False,
    ) -> Page:
        """The page as things are. With `everything`, that is what it is about."""
        scope = EVERYTHING if everything else scope or leaver.scope
        stop = find_stop(connection, leaver, scope)
        if stop is not None:
            return self._render_stopped(connection, leaver, stop, choosing)
        title = self._find_title(leaver.scope)
        view = UnsubscribeView(
            masked=mask_address(leaver.address),
            title=title.title if title else "",
            pace=title.pace if title else "",
            chosen=StopChoice.ALL if everything or title is None else StopChoice.BULLETIN,
            only_one=len(self.titles) == 1 and title is not None,
            preferences=choosing,
        )
        return partial(render_unsubscribe, self.frame, view)

    def _find_others(self, connection: Connection, leaver: Leaver) -> tuple[str, ...]:
        """The titles of the bulletins that nothing stops for them."""
        going = (key for key in self.titles if find_stop(connection, leaver, one_bulletin(key)) is None)
        return tuple(self.titles[key].title for key in going)

    def _render_stopped(self, connection: Connection, leaver: Leaver, stop: Suppression, choosing: str) -> Page:
        masked, title = mask_address(leaver.address), self._find_title(stop.scope)
        words = title.title if title else ""
        if can_undo(stop, now=self.now()):
            others = self._find_others(connection, leaver)
            return partial(render_unsubscribed, self.frame, UnsubscribedView(masked=masked, title=words, others=others))
        since = datetime.fromtimestamp(stop.since / 1000).astimezone().date()
        view = AlreadyView(masked=masked, title=words, since=since, preferences=choosing)
        return partial(render_already, self.frame, view)

    def _undo(self, connection: Connection, leaver: Leaver, choosing: str) -> Page:
        stop = find_stop(connection, leaver, leaver.scope)
        if stop is not None and not undo(connection, leaver, stop, page="/unsubscribe", now=self.now()):
            return self._render_stopped(connection, leaver, stop, choosing)
        if (other := find_stop(connection, leaver, leaver.scope)) is not None:
            return self._render_stopped(connection, leaver, other, choosing)
        title = self._find_title(stop.scope if stop else leaver.scope)
        words = title.title if title else ""
        view = AgainView(masked=mask_address(leaver.address), title=words, preferences=choosing)
        return partial(render_again, self.frame, view)

    def _find_title(self, scope: Scope) -> BulletinTitle | None:
        return self.titles.get(scope.target)


def name_bulletins(settings: Settings) -> dict[str, BulletinTitle]:
    """Each bulletin by the name that the journal has for it."""
    return dict(zip(find_declared_bulletins(settings), list_bulletins(settings), strict=True))
