"""`bulletin subscribers show`: all that is known about one address."""

from __future__ import annotations

from bulletin.cli.opening import open_ledger
from bulletin.cli.options import AddressArgument, WorkspaceOption
from bulletin.cli.terminal import say


def show(address: AddressArgument, *, folder: WorkspaceOption = None) -> None:
    """Show everything we hold about an address.

    It shows the reader's lists and where they came from, any unsubscribe, what they agreed to and chose, and what
    happened to each issue.

      bulletin subscribers show sam@example.org

    See also: bulletin subscribers export, bulletin subscribers erase
    """
    from bulletin.cli.wording.lists.person_text import describe_record
    from bulletin.personal_data.record import read_record
    from bulletin.subscribers.address import parse_address

    parsed = parse_address(address)
    with open_ledger(folder) as (workspace, engine):
        record = read_record(engine, workspace, parsed)
    if not record:
        say(f"We have no record of {parsed.written}. Just added? Run: bulletin subscribers sync")
        return
    if record.subscriber is None and record.lines:
        say(f"We have no record of {parsed.written} but what list files say. To apply them: bulletin subscribers sync")
    for line in describe_record(record, workspace.settings):
        say(line)
