"""The routes of pages that are the same for everyone: the privacy notice, and what to do after subscribing."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bulletin.settings.settings import Settings
from bulletin.website.frame import Frame
from bulletin.website.pages.privacy import KeepingTimes, describe_privacy, render_privacy
from bulletin.website.pages.subscribe import render_check_your_email


def list_static_routes(frame: Frame, settings: Settings, *, keeping: KeepingTimes) -> list[Route]:
    """The routes. `keeping` is how long what is really kept."""
    notice = describe_privacy(settings, keeping)
    return [
        _route("/privacy", lambda _language: render_privacy(frame, notice)),
        _route(
            "/subscribe/sent",
            lambda language: render_check_your_email(frame.in_language(language), days=keeping.unconfirmed_days),
        ),
    ]


def _route(path: str, render: Callable[[str], str]) -> Route:
    """It renders in the language that the address asks for; "" for the bulletin's own."""

    async def show(request: Request) -> Response:
        return HTMLResponse(render(request.query_params.get("language", "")))

    return Route(path, show)
