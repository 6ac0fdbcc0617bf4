"""The preview's own pages and what they ask for. GET reads; a POST sends a test copy, or approves.

/issues/ID          the page                    /mail/ID      the email, for the sandboxed frame
/state/ID           faults, inbox, measures     /text/ID      its plain text
/events             a line for each save        /source/ID    the message with its headers
/readers/LIST       people to be                /pictures/CID/ID    a picture of it
/approval/ID        who has approved it         /editions/ID  who reads what, and what was opened
/file/ID            the lines of its file       /findings/ID  what the proof finds in it
?as=LIST            of each: as readers on this list get it, or those who chose a language: ?as=cy
?edition=NAME       of each: one of the editions
/copies (POST)      send a test copy            /page/…       style sheet and modules
/approvals (POST)   approve what was opened
"""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bulletin.delivery.copies.test_copy import send_copy
from bulletin.delivery.message.template import build_template
from bulletin.edition.edition import Edition
from bulletin.edition.measures import measure
from bulletin.errors import BulletinError, NotFound
from bulletin.preview.approval import describe_issue_approval
from bulletin.preview.editions import approve_shown, describe_editions, read_edition_name
from bulletin.preview.findings import describe_finding
from bulletin.preview.line_map import cut_text, mark_lines
from bulletin.preview.lines import trace_lines
from bulletin.preview.readers import INVENTED, as_recipient, fill_for, find_audience, find_readers, take_reader
from bulletin.preview.reload_events import ReloadEvents
from bulletin.preview.session import Good, PreviewSession
from bulletin.preview.view import View, apply_view
from bulletin.subscribers.address import parse_addresses
from bulletin.web.origins import LOOPBACK_NAMES

PAGE_FOLDER = Path(__file__).with_name("page")
# The frame's own rules for any email: no script, no form, nothing fetched but pictures.
MAIL_POLICY = (
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "img-src 'self' data: https:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
LONGEST_REQUEST = 10_000  # bytes of a POST: an issue's name, and an address or a person's name
_WHOSE = ("as", "reader", "edition")  # what of a query says who reads


class Site:
    """Answers for one session. `page_token` is written into each page, for its POST to bring."""

    def __init__(self, session: PreviewSession, reload_events: ReloadEvents, *, page_token: str) -> None:
        self._session = session
        self._reload_events = reload_events
        self._page_token = page_token

    def build(self, lifespan: Callable[[Starlette], Any] | None = None) -> Starlette:
        """The application, still without its guard."""
        return Starlette(
            routes=[
                Route("/", self.open_newest),
                Route("/issues/{issue:path}", self.show_page),
                Route("/events", self.stream_saves),
                Route("/state/{issue:path}", self._json(self.describe)),
                Route("/approval/{issue:path}", self._json(self.describe_issue_approval)),
                Route("/mail/{issue:path}", self._threaded(self.show_mail)),
                Route("/text/{issue:path}", self._json(self.show_text)),
                Route("/file/{issue:path}", self._json(self.show_file)),
                Route("/findings/{issue:path}", self._json(self.list_findings)),
                Route("/source/{issue:path}", self._threaded(self.show_source)),
                Route("/pictures/{cid}/{issue:path}", self._threaded(self.show_picture)),
                Route("/readers/{list}", self._json(self.list_readers)),
                Route("/editions/{issue:path}", self._json(self.describe_editions)),
                Route("/copies", self.send_test, methods=["POST"]),
                Route("/approvals", self.approve, methods=["POST"]),
                Mount("/page", StaticFiles(directory=PAGE_FOLDER)),
            ],
            exception_handlers={BulletinError: _show_error},
            lifespan=lifespan,
        )

    async def open_newest(self, _request: Request) -> Response:
        """To the newest issue."""
        newest = next(iter(self._session.issue_ids()), None)
        if newest is None:
            raise NotFound("There is no issue yet.", "Write the first one: issues/2021-05.yaml, say.")
        return RedirectResponse(f"/issues/{newest}", status_code=303)

    async def show_page(self, _request: Request) -> Response:
        """The page, the same for every issue: its modules read the address."""
        settings = self._session.workspace.settings
        page = (PAGE_FOLDER / "index.html").read_text(encoding="utf-8")
        lists = "".join(
            f'<option value="{escape(key)}">{escape(it.title)}</option>' for key, it in settings.lists.items()
        )
        for place, value in (
            ("page-token", self._page_token),
            ("<!-- organisation -->", escape(settings.organisation.name)),
            ("<!-- lists -->", lists),
        ):
            page = page.replace(place, value)
        return HTMLResponse(page)

    async def stream_saves(self, _request: Request) -> Response:
        """Server-sent events: the revision now, then each new one."""
        return StreamingResponse(self._write_events(), media_type="text/event-stream")

    async def _write_events(self) -> AsyncIterator[str]:
        async for revision in self._reload_events.listen(self._session.revision):
            yield f"data: {revision}\n\n"

    def describe(self, request: Request) -> dict[str, object]:
        """All that the page shows around the email. `version` is "" as long as no good edition was made."""
        issue_id = request.path_params["issue"]
        showing = self._session.show(issue_id)
        state: dict[str, object] = {
            "issue": issue_id,
            "issues": self._session.issue_ids(),
            "faults": [asdict(fault) for fault in showing.faults],
            "version": "",
        }
        if showing.good is None:
            return state
        return state | _describe_good(showing.good)

    def describe_issue_approval(self, request: Request) -> dict[str, object]:
        """Who has approved exactly this, in words."""
        return {"approval": describe_issue_approval(self._session, request.path_params["issue"])}

    def show_mail(self, request: Request) -> Response:
        """The email as the reader named in the query gets it, in the view named there."""
        issue_id, good = request.path_params["issue"], self._good(request)
        edition, query = self._edition(request, good), request.query_params
        view = View(dark="dark" in query, pictures="bare" not in query, word="word" in query)
        html, _ = fill_for(edition, take_reader(self._session, query.get("reader", "")))
        readers = urlencode([(name, value) for name, value in query.multi_items() if name in _WHOSE])
        pictures = {
            picture.cid: f"/pictures/{picture.cid}/{issue_id}{'?' if readers else ''}{readers}"
            for picture in edition.pictures
        }
        marked = mark_lines(apply_view(html, view, pictures=pictures), good.issue, good.source)
        self._session.note_opened(edition)
        return HTMLResponse(marked, headers={"content-security-policy": MAIL_POLICY})

    def show_text(self, request: Request) -> dict[str, object]:
        """The plain text for readers without HTML, in parts that know their lines in the issue's file."""
        good = self._good(request)
        _, text = fill_for(
            self._edition(request, good), take_reader(self._session, request.query_params.get("reader", ""))
        )
        return {"parts": [asdict(part) for part in cut_text(text, good.issue, good.source)]}

    def show_file(self, request: Request) -> dict[str, object]:
        """The lines of the issue's file as they are now, and which of the shown version's lines each one was.

        `path`, for the link into an editor, is given on the same machine only.
        """
        issue_id = request.path_params["issue"]
        showing = self._session.show(issue_id)
        good = showing.good.source.lines if showing.good else ()
        path = self._session.workspace.issue_path(issue_id)
        return {
            "file": f"issues/{issue_id}.yaml",
            "path": str(path.resolve()) if request.url.hostname in LOOPBACK_NAMES else "",
            "lines": showing.lines,
            "was": trace_lines(showing.lines, good),
        }

    def list_findings(self, request: Request) -> dict[str, object]:
        """The findings in the issue, in the order of its file."""
        return {"findings": [describe_finding(one) for one in self._session.findings(request.path_params["issue"])]}

    def show_source(self, request: Request) -> Response:
        """The message, byte for byte as the server would get it now."""
        reader = take_reader(self._session, request.query_params.get("reader", ""))
        edition = self._edition(request, self._good(request))
        template = build_template(edition, mailing_key="preview", date=self._session.clock())
        return PlainTextResponse(template.address_to(as_recipient(reader)))

    def show_picture(self, request: Request) -> Response:
        """A picture of the last good edition for these readers."""
        for picture in self._edition(request, self._good(request)).pictures:
            if picture.cid == request.path_params["cid"]:
                return Response(
                    picture.content,
                    media_type=picture.media_type,
                    headers={"cache-control": "private, max-age=3600, immutable"},  # its name depends on its bytes
                )
        raise NotFound("There is no such picture in this issue.")

    def list_readers(self, request: Request) -> dict[str, object]:
        """People of a list by words of their name or address."""
        found = find_readers(self._session, request.path_params["list"], request.query_params.get("words", ""))
        return {"readers": [asdict(reader) for reader in found]}

    async def send_test(self, request: Request) -> Response:
        """Send a test copy of an issue without faults to one address."""
        wanted = await _read_request(request, "issue", "address", what="a test copy")
        return JSONResponse(await run_in_threadpool(self._send, wanted["issue"], wanted["address"]))

    def describe_editions(self, request: Request) -> dict[str, object]:
        """Which part is in whose edition, and which editions were opened."""
        return describe_editions(self._session, request.path_params["issue"])

    async def approve(self, request: Request) -> Response:
        """Record a person's approval of all editions, each of which was opened."""
        wanted = await _read_request(request, "issue", "name", what="an approval")
        words = await run_in_threadpool(approve_shown, self._session, wanted["issue"], name=wanted["name"])
        return JSONResponse({"message": words})

    def _send(self, issue_id: str, address: str) -> dict[str, object]:
        showing = self._session.show(issue_id)
        if showing.good is None or showing.faults:
            raise BulletinError("This issue has faults.", "Fix them first. A test copy has what is written now.")
        told = []
        for to in parse_addresses([address], otherwise="Nothing was sent."):
            reply = send_copy(
                self._session.workspace,
                showing.good.edition,
                to,
                key=f"test-{secrets.token_hex(6)}",
                now=self._session.clock(),
            )
            told.append(f"A test copy is on its way to {to.written}. The server said: {reply}")
        return {"message": " ".join(told)}

    def _good(self, request: Request) -> Good:
        good = self._session.show(request.path_params["issue"]).good
        if good is None:
            raise NotFound("There is nothing to show of this issue yet.", "Fix its faults.")
        return good

    def _edition(self, request: Request, good: Good) -> Edition:
        """The edition that the query names, that for readers on the lists in `?as=`, or that for the reader it names.

        Without any of these, it is the one for everyone.
        """
        query = request.query_params
        if "edition" in query:
            return good.edition_for(read_edition_name(self._session, query["edition"]))
        return good.edition_for(find_audience(self._session, query.getlist("as"), query.get("reader", "")))

    @staticmethod
    def _threaded(answer: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
        """Rendering takes 0.2 s, and must not block the other pages."""

        async def respond(request: Request) -> Response:
            return await run_in_threadpool(answer, request)

        return respond

    @classmethod
    def _json(cls, describe: Callable[[Request], dict[str, object]]) -> Callable[[Request], Awaitable[Response]]:
        return cls._threaded(lambda request: JSONResponse(describe(request)))


def _describe_good(good: Good) -> dict[str, object]:
    edition = good.edition
    html, text = fill_for(edition, INVENTED)
    return {
        "version": good.version,
        "made": f"{good.made_at:%H:%M:%S}",
        "month": str(good.issue.month),
        "sender": edition.letterhead.sender_name,
        "subject": edition.subject,
        "preview_text": good.issue.preview_text,
        "measures": asdict(measure(html, text)),
    }


async def _read_request(request: Request, *names: str, what: str) -> dict[str, str]:
    """The POST's JSON object with these names, all of them text. Raises BulletinError for what is no such request."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_REQUEST:
            break
    try:
        given = json.loads(body[:LONGEST_REQUEST])
        return {name: str(given[name]) for name in names}
    except (ValueError, KeyError, TypeError):
        raise BulletinError(f"This is not a request for {what}.", "Load the page again.") from None


async def _show_error(request: Request, error: Exception) -> Response:
    """A fault that the editor can fix, in words: 404 for what is not there, 422 for the rest."""
    status = 404 if isinstance(error, NotFound) else 422
    if request.url.path.startswith("/mail/"):  # it is in the frame, where a person reads it
        return PlainTextResponse(str(error), status_code=status, headers={"content-security-policy": MAIL_POLICY})
    return JSONResponse({"error": str(error)}, status_code=status)
