"""`bulletin subscribers import`: people from another program's export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import now_ms
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import WorkspaceOption
from bulletin.cli.terminal import say

if TYPE_CHECKING:
    from bulletin.workspace.workspace import Workspace


def import_file(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A CSV, XLSX or Mailchimp ZIP file.", show_default=False)
    ],
    *,
    list_name: Annotated[str, typer.Option("--list", metavar="LIST", help="The list that they are added to.")] = "",
    columns: Annotated[
        list[str] | None,
        typer.Option("--columns", metavar="WHAT=HEADING", help="Which column has what, as in email=Contact."),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", metavar="N", help="The workbook's sheet, by its number or name.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it. Without this, it only shows what it would do.")] = False,
    suppress: Annotated[
        bool, typer.Option("--suppress", help="Add no one: no one in the file may be emailed.")
    ] = False,
    opt_outs: Annotated[
        Path | None, typer.Option("--opt-outs", metavar="FILE", help="People who unsubscribed there.")
    ] = None,
    without_opt_outs: Annotated[
        bool, typer.Option("--without-opt-outs", help="No one unsubscribed there, as far as you know.")
    ] = False,
    all_may_be_written_to: Annotated[
        bool, typer.Option("--all-may-be-written-to", help="Everyone in the file wants or expects your emails.")
    ] = False,
    folder: WorkspaceOption = None,
) -> None:
    """Import readers from a spreadsheet or export.

    It shows what it would do, and does it with --yes. People that the file calls unsubscribed, bounced or complained
    are suppressed instead. No import brings anyone back who has unsubscribed.

      bulletin subscribers import export.csv --list partners

    Next: bulletin subscribers list
    See also: bulletin subscribers undo
    """
    from bulletin.cli.wording.lists.import_text import show_obstacles, show_plan, show_result
    from bulletin.subscribers.upkeep.import_plan import ImportRequest
    from bulletin.subscribers.upkeep.importing_people import carry_out_import, plan_import

    with open_ledger(folder) as (workspace, engine):
        request = ImportRequest(
            list_name=list_name,
            asks_consent=_asks_consent(workspace, list_name, suppress=suppress),
            columns=_read_columns(columns or []),
            may_all_be_written_to=all_may_be_written_to,
            without_opt_outs=without_opt_outs,
            has_opt_outs=opt_outs is not None,
            suppress=suppress,
        )
        plan = plan_import(workspace, engine, file, request, sheet=sheet, opt_outs=opt_outs)
        show_plan(plan)
        if show_obstacles(plan):
            say("Nothing was changed.")
            raise typer.Exit(1)
        if not yes:
            say("This was a dry run: nothing was changed. To do it, type the same command with --yes.")
            return
        result = carry_out_import(workspace, engine, plan, file=file.name, now=now_ms())
        show_result(plan, result)


def _asks_consent(workspace: Workspace, list_name: str, *, suppress: bool) -> bool:
    """Whether the list is for people who agreed. Raises BadParameter, and NotFound for a list that isn't there."""
    from bulletin.cli.list_names import require_list
    from bulletin.settings.organisation import Basis

    if not list_name:
        if suppress:
            return False
        raise typer.BadParameter("Say which list they are added to: --list LIST.")
    return require_list(workspace, list_name).basis is Basis.CONSENT


def _read_columns(given: list[str]) -> dict[str, str]:
    from bulletin.subscribers.upkeep.column_guess import ROLES

    pairs = [one.partition("=") for one in given]
    for role, sign, heading in pairs:
        if role.strip() not in ROLES or not sign or not heading.strip():
            raise typer.BadParameter(
                f"--columns takes one of {', '.join(ROLES)}, then = and a heading, as in email=Contact."
            )
    return {role.strip(): heading.strip() for role, _, heading in pairs}
