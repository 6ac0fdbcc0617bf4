"""`bulletin serve`: the pages where readers choose what they get, unsubscribe and complain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import PortOption, WorkspaceOption
from bulletin.cli.terminal import say
from bulletin.errors import BulletinError

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from starlette.types import ASGIApp

    from bulletin.workspace.workspace import Workspace


def serve(
    *,
    host: Annotated[
        str,
        typer.Option("--host", metavar="ADDRESS", help="The address to listen on (default: this computer only)."),
    ] = "127.0.0.1",
    port: PortOption = None,
    folder: WorkspaceOption = None,
) -> None:
    """Serve the pages where readers choose and unsubscribe.

    It runs until you stop it, behind a web server that has the certificate. Give readers its public address as
    `website: url` in bulletin.yaml: the links in emails lead there. It prints a line for each answer, without any name
    or address.

      bulletin serve                  for a web server on this computer
      bulletin serve --host 0.0.0.0   for one on another computer
    """
    from bulletin.website.server import WebsiteServer, listen_for_readers

    with open_ledger(folder) as (workspace, engine):
        application = _build(workspace, engine)
        sock = listen_for_readers(host, port)
        listening = f"http://{host if ':' not in host else f'[{host}]'}:{sock.getsockname()[1]}"
        website = workspace.settings.website
        say(f"The pages for readers are at {listening}. Their public address is {website.url if website else ''}")
        say("Press Ctrl-C to stop them.")
        WebsiteServer(application, sock=sock).serve_until_stopped()
    say("The pages have stopped.")


def _build(workspace: Workspace, engine: Engine) -> ASGIApp:
    from bulletin.subscribers.link_key import list_reading_keys
    from bulletin.website.application import build_application
    from bulletin.website.choosing import Choosing
    from bulletin.website.complaining import Complaining
    from bulletin.website.frame import make_frame
    from bulletin.website.keeping import find_keeping_times
    from bulletin.website.static_pages import list_static_routes
    from bulletin.website.unsubscribing import Unsubscribing, name_bulletins

    settings = workspace.settings
    if settings.website is None:
        raise BulletinError(
            "bulletin.yaml has no `website`, so no link in an email leads to these pages.",
            "Write their public address there: website: {url: https://…}",
        )
    offers = ("preferences", "privacy", "complaint")
    frame, keys = make_frame(settings, workspace.theme_folders, offers=offers, report=say), list_reading_keys(workspace)
    routes = [
        Unsubscribing(frame=frame, engine=engine, keys=keys, titles=name_bulletins(settings), now=now_ms).route(),
        Choosing(frame=frame, engine=engine, keys=keys, settings=settings, now=now_ms).route(),
        Complaining(frame=frame, engine=engine, nation=settings.proof.nation, now=now_ms).route(),
        *list_static_routes(frame, settings, keeping=find_keeping_times()),
    ]
    return build_application(frame, routes, write=say)
