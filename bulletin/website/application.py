"""The website as one application: the routes it is given, its style sheet, and the guard around them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from bulletin.web.access_lines import AccessLines
from bulletin.website.frame import STYLE_SHEET, Frame
from bulletin.website.guard import WebsiteGuard

STYLE_SECONDS = 600  # how long a browser keeps the style sheet, which has nothing of anyone in it


def build_application(
    frame: Frame,
    routes: Sequence[BaseRoute],
    *,
    write: Callable[[str], object],
    lifespan: Callable[[Any], Any] | None = None,
    **guard_options: Any,
) -> ASGIApp:
    """The application. `write` is given a line for each answer, and for each fault of ours.

    An endpoint raises PageProblem for what it can't do. A path that ends in a slash too many isn't redirected: there
    may be a token in it, and RFC 8058 allows no redirection.
    """
    router = Router([_style_route(frame), *routes], redirect_slashes=False, lifespan=lifespan)

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["app"] = router  # so that what it doesn't find reaches the guard
        await router(scope, receive, send)

    return AccessLines(WebsiteGuard(route, frame=frame, report=write, **guard_options), write=write)


def _style_route(frame: Frame) -> Route:
    async def show_style(_request: Request) -> Response:
        headers = {"Cache-Control": f"max-age={STYLE_SECONDS}"}
        return Response(frame.render(STYLE_SHEET), media_type="text/css", headers=headers)

    return Route(f"/{STYLE_SHEET}", show_style)
