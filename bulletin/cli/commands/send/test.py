"""`bulletin test`: sends a copy to look at in a real inbox."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Annotated

import typer

from bulletin.cli.options import IssueArgument, WorkspaceOption
from bulletin.cli.sending.unsubscribe_links import warn_of_dead_links
from bulletin.cli.terminal import NOTHING_SENT, say
from bulletin.cli.wording.gate import warn_of_unreached


def test(
    issue: IssueArgument,
    *,
    to: Annotated[
        list[str],
        typer.Option("--to", metavar="ADDRESS", help="The address to send it to (repeatable).", show_default=False),
    ],
    folder: WorkspaceOption = None,
) -> None:
    """Send a test copy to any address, or several.

    Its subject says that it's a test. It isn't counted as sent.

      bulletin test 2021-05 --to you@example.org
    """
    from bulletin.delivery.copies.test_copy import send_copy
    from bulletin.edition.build import make_edition
    from bulletin.subscribers.address import parse_addresses
    from bulletin.workspace.workspace import open_workspace

    workspace = open_workspace(folder)
    addresses = parse_addresses(to, otherwise=NOTHING_SENT)
    edition = make_edition(workspace, workspace.find_issue(issue))
    warn_of_dead_links(workspace, edition.letterhead.website)
    for address in addresses:
        reply = send_copy(workspace, edition, address, key=f"test-{secrets.token_hex(6)}", now=datetime.now(UTC))
        say(f"Test copy of {edition.issue} sent to {address.written}. The server said: {reply}")
    warn_of_unreached(workspace, edition.issue)
