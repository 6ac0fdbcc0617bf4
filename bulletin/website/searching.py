"""Search of past issues on the server: the form works without scripts, since a search is an address (GET).

The records are read from the disk for each search, one search at a time: however many are asked for, they take the
memory and the processor of one, and readers can unsubscribe meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bulletin.edition.theme import Theme
from bulletin.edition.web.addresses import SEARCH
from bulletin.errors import ThemeError
from bulletin.website.past_issues import SEARCH_HEADER_POLICY, PastIssues

if TYPE_CHECKING:
    from bulletin.edition.web.search_page import SearchForm
    from bulletin.settings.settings import Settings

MOST_CHARACTERS: Final = 200
"""Of what someone looks for. What is longer is cut off."""


@dataclass(kw_only=True)
class Searching:
    """Answers searches of the past issues in `archive`. Without an index there is no such page."""

    archive: PastIssues
    settings: Settings
    theme: Theme
    _limit: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(1))

    def route(self) -> Route:
        """The route of the page."""
        return Route(f"/{SEARCH}", self.answer, methods=["GET"], name="search")

    async def answer(self, request: Request) -> Response:
        """The form, with what was found if the address says what to look for. Raises PageProblem if it isn't there."""
        page = await run_sync(partial(self._write_page, request), limiter=self._limit)
        if page is None:
            return await run_sync(self.archive.answer_path, SEARCH, request)
        headers = {"Content-Security-Policy": SEARCH_HEADER_POLICY, "Cache-Control": "no-cache"}
        return HTMLResponse(page, headers=headers)

    def _write_page(self, request: Request) -> str | None:
        """The page; None if no build has made what is searched, or a template of the workspace is faulty."""
        # What searches takes 2 MB, so it is loaded by the first one who searches.
        from bulletin.edition.web.search_page import SearchFrame, render_search
        from bulletin.publishing.search.record_matching import find_in_records
        from bulletin.publishing.search.record_store import name_store, read_frame

        if not self.archive.has_file(f"{SEARCH}index.html"):
            return None
        path, form = self.archive.state / name_store(self.archive.folder), read_form(request)
        shown = _read_number(request.query_params.get("shown", ""))
        try:
            frame = SearchFrame.from_json(read_frame(path))
            answer = find_in_records(path, form, shown=shown) if form.words else None
        except (OSError, ValueError, LookupError, TypeError):
            return None
        try:
            return render_search(frame.open_site(self.settings, self.theme), frame, form=form, answer=answer)
        except ThemeError:
            return None


def read_form(request: Request) -> SearchForm:
    """What is looked for, by the address."""
    from bulletin.edition.web.search_page import CHOICES, SearchForm

    given = request.query_params
    words = " ".join(given.get("q", "")[:MOST_CHARACTERS].split())
    return SearchForm(words=words, **{name: given.get(name, "")[:MOST_CHARACTERS] for name in CHOICES})


def _read_number(text: str) -> int:
    """So many results as were asked for, in whole steps; as many as come first for anything that is no number."""
    from bulletin.edition.web.search_page import AT_ONCE, MOST_SHOWN

    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else AT_ONCE
    return max(AT_ONCE, min(number, MOST_SHOWN))
