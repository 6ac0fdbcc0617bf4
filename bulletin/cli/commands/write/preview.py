"""`bulletin preview`: shows an issue in the browser while it is written."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from bulletin.cli.options import PortOption, WorkspaceOption
from bulletin.cli.terminal import say
from bulletin.cli.wording.misnamed import warn_of_misnamed
from bulletin.errors import NotFound


def preview(
    issue: Annotated[
        str | None, typer.Argument(metavar="ISSUE", help="The issue (default: the newest).", show_default=False)
    ] = None,
    *,
    port: PortOption = None,
    host: Annotated[
        str,
        typer.Option(
            "--host",
            metavar="ADDRESS",
            help="The address to listen on (default: this computer only). Any other asks for a token.",
        ),
    ] = "127.0.0.1",
    no_open: Annotated[bool, typer.Option("--no-open", help="Don't open the browser.")] = False,
    folder: WorkspaceOption = None,
) -> None:
    """See the issue in your browser as you write.

    Each save shows at once, and so does each fault.

      bulletin preview 2026-12

    Next: bulletin check 2026-12
    """
    import webbrowser

    from bulletin.preview.server import Preview, listen
    from bulletin.preview.session import PreviewSession
    from bulletin.workspace.workspace import open_workspace

    workspace = open_workspace(folder)
    warn_of_misnamed(workspace)
    session = PreviewSession(workspace.root, clock=lambda: datetime.now(UTC).astimezone())
    name = workspace.find_issue(issue) if issue else next(iter(session.issue_ids()), None)
    if name is None:
        raise NotFound("There is no issue yet.", "Write the first one: issues/2026-12.yaml, say.")
    server = Preview(
        session,
        sock=listen(host, port),
        host=host,
        issue=name,
        opened=(lambda _address: None) if no_open else webbrowser.open,
    )
    say(f"The preview of {name} is at {server.address}")
    say("It updates each time you save. Press Ctrl-C to stop it.")
    server.serve_until_stopped()
    say("The preview has stopped.")
