"""`/subscribe` at work: what a valid form asks for is kept, and whether the address is known is looked up later.

So the answer, the statements and the time they take are the same for every address.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bulletin.database.errors import database_errors
from bulletin.errors import DatabaseError
from bulletin.languages.known import tag_of
from bulletin.subscribers.joining.sign_up import JoinRequest, ask_to_join
from bulletin.website.frame import Frame
from bulletin.website.guard import form_of, visitor_of
from bulletin.website.pages.choices import choose_language, find_open_lists, list_bulletins, list_languages
from bulletin.website.pages.subscribe import (
    AddressCheckView,
    SubscribeAnswer,
    SubscribeView,
    read_subscribe,
    render_address_check,
    render_subscribe,
    write_agreement,
)
from bulletin.website.problems import busy, too_many
from bulletin.website.site import ReaderSite

PATH = "/subscribe"
SENT = "/subscribe/sent"
_LONGEST_AGENT = 300  # characters


@dataclass(frozen=True, kw_only=True)
class Subscribing:
    """The page where people ask to join lists."""

    site: ReaderSite

    def route(self) -> Route:
        """Where it is served. The function waits for the database, so it runs in a thread of its own."""
        return Route(PATH, self.answer, methods=["GET", "POST"])

    def answer(self, request: Request) -> Response:
        """Show the form, or keep what it asks for. Raises PageProblem."""
        languages = list_languages(self.site.settings)
        chosen = choose_language(languages, request.query_params.get("language", ""))
        frame = self.site.frame.in_language(next((one.code for one in chosen if one.chosen), ""))
        lists = tuple(one.in_language(frame.language) for one in find_open_lists(self.site.settings))
        bulletins = list_bulletins(self.site.settings, find_latest=frame.lead_to_latest)
        view = SubscribeView(
            bulletins=tuple(one.in_language(frame.language) for one in bulletins),
            lists=lists,
            languages=chosen,
            others=tuple(one for one in languages if one.code not in ("", frame.language)),
        )
        if request.method != "POST" or not lists:
            return HTMLResponse(render_subscribe(frame, view))
        answer = read_subscribe(form_of(request), lists)
        if answer.faults:
            return HTMLResponse(render_subscribe(frame, _fill_in(view, answer)), status_code=422)
        if suggested := answer.suggest_address():
            check = AddressCheckView(
                entered=answer.email,
                suggested=suggested,
                lists=answer.lists,
                name=answer.name,
                language=answer.language,
            )
            return HTMLResponse(render_address_check(frame, check))
        self._keep(self._describe(request, answer, frame, view))
        return RedirectResponse(f"{frame.root}{SENT}{frame.query}", status_code=303)

    def _keep(self, asked: JoinRequest) -> None:
        try:
            with database_errors(), self.site.engine.begin() as connection:
                kept = ask_to_join(connection, asked, now=self.site.now())
        except DatabaseError:
            raise busy() from None
        if not kept:
            raise too_many()
        self.site.wake()

    def _describe(self, request: Request, answer: SubscribeAnswer, frame: Frame, view: SubscribeView) -> JoinRequest:
        address = answer.address
        assert address is not None  # noqa: S101 -- without one there is a fault
        return JoinRequest(
            address=address,
            lists=answer.lists,
            name=_leave_out_unseen(answer.name),
            wording="\n".join(write_agreement(frame, view.lists, view.bulletins)),
            language=tag_of(frame.language),
            wanted_language=answer.language if view.languages else "",
            page=PATH,
            days=self.site.settings.retention.unconfirmed,
            network=visitor_of(request).network,
            agent=_leave_out_unseen(request.headers.get("user-agent", ""))[:_LONGEST_AGENT],
        )


def _leave_out_unseen(text: str) -> str:
    """The text without control characters and the like: a server's database doesn't take all of them."""
    return "".join(char for char in text if char.isprintable())


def _fill_in(view: SubscribeView, answer: SubscribeAnswer) -> SubscribeView:
    """The form as it was filled in, with its faults."""
    lists = tuple(replace(one, chosen=one.name in answer.lists) for one in view.lists)
    return replace(
        view,
        lists=lists,
        languages=choose_language(view.languages, answer.language),
        email=answer.email,
        name=answer.name,
        faults=answer.faults,
    )
