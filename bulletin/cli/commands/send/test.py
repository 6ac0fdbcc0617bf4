"""`bulletin test`: sends a copy to look at in a real inbox."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.list_names import read_audience
from bulletin.cli.options import AsOption, IssueArgument, WorkspaceOption, YesOption
from bulletin.cli.sending.unsubscribe_links import warn_of_dead_links
from bulletin.cli.terminal import NOTHING_SENT, confirm, say
from bulletin.cli.wording.gate import warn_of_unreached

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulletin.subscribers.address import Address


def test(
    issue: IssueArgument,
    *,
    to: Annotated[
        list[str],
        typer.Option("--to", metavar="ADDRESS", help="The address to send it to (repeatable).", show_default=False),
    ],
    seen_as: AsOption = None,
    yes: YesOption = False,
    folder: WorkspaceOption = None,
) -> None:
    """Send a test copy to any address.

    Its subject begins with [TEST 1], then [TEST 2] and so on. It isn't counted as sent. It has what is for everyone;
    --as LIST adds what is only for readers on that list, asks first, and is recorded.

      bulletin test 2026-12 --to you@example.org
      bulletin test 2026-12 --to you@example.org --as schools

    Next: bulletin approve 2026-12 --by 'Jo Bloggs'
    """
    from bulletin.delivery.copies.restricted_copies import record_copy
    from bulletin.delivery.copies.test_copy import count_test, send_copy
    from bulletin.edition.audiences import describe_lists
    from bulletin.edition.build import make_edition
    from bulletin.issue.audience import PUBLIC
    from bulletin.subscribers.address import parse_addresses
    from bulletin.workspace.workspace import open_workspace

    workspace = open_workspace(folder)
    addresses = parse_addresses(to, otherwise=NOTHING_SENT)
    name = workspace.find_issue(issue)
    audience = read_audience(workspace, seen_as or ())
    edition = make_edition(workspace, name, audience=audience)
    lists = [each for each in dict.fromkeys(seen_as or ()) if each in audience.lists]
    readers = describe_lists(lists, workspace.settings.list_titles)
    # Without a part of its own it is the edition that anyone may see, so there is nothing to ask.
    anyone = replace(PUBLIC, language=audience.language)
    restricted = bool(lists) and edition.digest != make_edition(workspace, name, audience=anyone).digest
    if restricted and not _agrees(addresses, readers, yes=yes):
        say(NOTHING_SENT)
        return
    warn_of_dead_links(workspace, edition.letterhead.website)
    number = count_test(workspace, name)
    for address in addresses:
        now = datetime.now(UTC)
        if restricted:
            record_copy(workspace, edition, address, lists=lists, now=now)
        key = f"test-{secrets.token_hex(6)}"
        reply = send_copy(workspace, edition, address, key=key, now=now, number=number, readers=readers)
        say(f"Test copy of {edition.issue} sent to {address.written}. The server said: {reply}")
    warn_of_unreached(workspace, edition.issue)


def _agrees(addresses: Sequence[Address], readers: str, *, yes: bool) -> bool:
    from bulletin.issue.audience import name_all

    to = name_all([address.written for address in addresses])
    question = f"This copy has parts that are only for {readers}. Send it to {to}?"
    return confirm(question, yes=yes, otherwise=NOTHING_SENT)
