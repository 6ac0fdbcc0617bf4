"""`/webhooks/SERVICE` at work: who it is, then what came back, in one reading of all that a request tells.

A second copy changes nothing: what it tells has the same key as before (`bounces.report_key`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bulletin.bounces.event_report import ReturnedEvent, write_event
from bulletin.bounces.mailbox.imap import FetchedLetter, ImapState
from bulletin.bounces.mailbox.letter import Letter
from bulletin.bounces.sources import MailSource
from bulletin.errors import BulletinError
from bulletin.website.guard import body_of
from bulletin.website.webhooks.service import MailService, NotTheServiceError, UnreadableEventError

if TYPE_CHECKING:
    from bulletin.bounces.reading import Reading

LATER = 300
"""Seconds after which a service should try again."""


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """One service's address. `make_reading` makes a reading at a time (ms since 1970), `now` is the time.

    `wake` is called when something may have been put into the outbox.
    """

    service: MailService
    make_reading: Callable[[int], Reading]
    now: Callable[[], int]
    wake: Callable[[], object] = lambda: None

    @property
    def path(self) -> str:
        """Where the service posts to."""
        return f"/webhooks/{self.service.name}"

    def route(self) -> Route:
        """Where it is served. The function waits for the database, so it runs in a thread of its own."""
        return Route(self.path, self.answer, methods=["POST"])

    def answer(self, request: Request) -> Response:
        """Deal with what is told. A refusal says nothing about why: who posts by right finds it in our docs."""
        try:
            received = self.service.receive(dict(request.headers), body_of(request), now=self.now())
            if received.events:
                self._deal_with(received.events)
        except NotTheServiceError:
            return Response(status_code=403)
        except UnreadableEventError:
            return Response(status_code=400)
        except BulletinError:  # the database can't be written now: the service tries again
            return Response(status_code=503, headers={"Retry-After": str(LATER)})
        return JSONResponse(received.answer) if received.answer is not None else Response(status_code=200)

    def _deal_with(self, events: Sequence[ReturnedEvent]) -> None:
        letters = (FetchedLetter(Letter(one.id, write_event(one)), ImapState()) for one in events)
        source = MailSource(name=f"webhook: {self.service.name}", fetch=lambda _state: letters)
        self.make_reading(self.now()).run(source)
        self.wake()
