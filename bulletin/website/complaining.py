"""`/complaint` at work: a POST puts a complaint into the log, acknowledges it by email, and tells a person of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from secrets import choice
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bulletin.complaints.register import NewComplaint, add_complaint, alert_about
from bulletin.complaints.subject import ComplaintChannel, ComplaintSubject
from bulletin.database.errors import database_errors
from bulletin.errors import DatabaseError
from bulletin.issue.holidays import Nation
from bulletin.website.choosing import never_wait
from bulletin.website.frame import Frame
from bulletin.website.guard import form_of, visitor_of
from bulletin.website.pages.complaint import (
    ComplaintAnswer,
    ComplaintDoneView,
    ComplaintView,
    read_complaint,
    render_complaint,
    render_complaint_done,
)
from bulletin.website.problems import busy, too_many

if TYPE_CHECKING:
    from sqlalchemy import Engine

PATH = "/complaint"


@dataclass(frozen=True, kw_only=True)
class Complaining:
    """The page and what it works on. `now` is the time in ms since 1970.

    `nation` is the one whose bank holidays count. `choose` makes references, as `secrets.choice` does. `find_wait`
    counts a form that comes from a network, and says for how many seconds no other one is taken from there. `wake` is
    called when an email was put into the outbox.
    """

    frame: Frame
    engine: Engine
    nation: Nation
    now: Callable[[], int]
    choose: Callable[[str], str] = choice
    find_wait: Callable[[str], int] = never_wait
    wake: Callable[[], object] = lambda: None

    def route(self) -> Route:
        """Where it is served. The function waits for the database, so it runs in a thread of its own."""
        return Route(PATH, self.answer, methods=["GET", "POST"])

    def answer(self, request: Request) -> Response:
        """Show the form, or take a complaint. Raises PageProblem."""
        if request.method != "POST":
            return HTMLResponse(render_complaint(self.frame, ComplaintView()))
        answer = read_complaint(form_of(request))
        if answer.faults:
            view = ComplaintView(subject=answer.subject, text=answer.text, email=answer.email, faults=answer.faults)
            return HTMLResponse(render_complaint(self.frame, view), status_code=422)
        try:
            if wait := self.find_wait(visitor_of(request).network):
                raise too_many(wait)
            done = self._take(answer)
        except DatabaseError:
            raise busy() from None
        return HTMLResponse(render_complaint_done(self.frame, done))

    def _take(self, answer: ComplaintAnswer) -> ComplaintDoneView:
        """One transaction. The same form sent twice, as when a page is loaded again, is one complaint."""
        new = NewComplaint(
            channel=ComplaintChannel.WEBSITE,
            about=answer.subject or ComplaintSubject.OTHER,
            text=answer.text,
            reply_to=answer.address.written if answer.address else "",
        )
        with database_errors(), self.engine.begin() as connection:
            now = self.now()
            complaint = add_complaint(connection, new, nation=self.nation, now=now, choose=self.choose)
            alert_about(connection, complaint, recipient=self.frame.organisation.email, now=now)
        self.wake()
        return ComplaintDoneView(reference=complaint.reference, acknowledge_by=complaint.acknowledge_by)
