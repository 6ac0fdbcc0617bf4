"""`bulletin subscribers export`: one person's data as files, for a subject access request."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

import typer

from bulletin.cli.clock import now_ms, today
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import AddressArgument, WorkspaceOption
from bulletin.cli.terminal import say, warn


def export(
    address: AddressArgument,
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="The folder for the files (default: a new one in exports/)."),
    ] = None,
    folder: WorkspaceOption = None,
) -> None:
    """Write a copy of what we hold, for the person.

    For a subject access request (UK GDPR articles 15 and 20): one JSON file with everything, and CSV files to read in
    a spreadsheet. Only you can read the files. That you exported them is recorded.

      bulletin subscribers export sam@example.org
    """
    from bulletin.personal_data.export import choose_folder, export_record
    from bulletin.personal_data.record import read_record
    from bulletin.subscribers.address import parse_address

    parsed = parse_address(address)
    with open_ledger(folder) as (workspace, engine):
        record = read_record(engine, workspace, parsed)
        place = out or choose_folder(workspace, today(), secrets.token_hex(3))
        for path in export_record(engine, record, place, now=now_ms()):
            say(str(path))
    for file, why in record.unread.items():
        warn(f"We couldn’t look into {file}: {why}")
    say(
        "Check that you give it to the right person, then delete the folder. Some things aren’t in it: issues that "
        "name them, emails they sent you, back-ups."
    )
