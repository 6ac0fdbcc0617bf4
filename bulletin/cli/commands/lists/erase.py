"""`bulletin subscribers erase`: everything about one person is deleted, and no one can email them again."""

from __future__ import annotations

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import AddressArgument, WorkspaceOption, YesOption
from bulletin.cli.terminal import confirm, say


def erase(address: AddressArgument, *, yes: YesOption = False, folder: WorkspaceOption = None) -> None:
    """Erase a person's data, for good.

    It shows first what will go: their lines in your list files, and what the database has. Counts of past issues stay.
    No one can email them again, unless they join by themselves. This can't be undone.

      bulletin subscribers erase sam@example.org
    """
    from bulletin.cli.wording.lists.erasure_text import describe_nothing, describe_plan, describe_result
    from bulletin.personal_data.erasure import erase_person, plan_erasure
    from bulletin.subscribers.address import parse_address

    parsed = parse_address(address)
    with open_ledger(folder) as (workspace, engine):
        plan = plan_erasure(engine, workspace, parsed)
        if not plan:
            for line in describe_nothing(plan):
                say(line)
            return
        for line in describe_plan(plan):
            say(line)
        if not confirm(f"Erase {parsed.written} for good?", yes=yes):
            say("Nothing was changed.")
            raise typer.Exit(1)
        is_wiped = erase_person(engine, workspace, parsed, now=now_ms())
    for line in describe_result(plan, is_wiped=is_wiped):
        say(line)
