"""`bulletin year`: writes what a year's issues said, as a report for a board."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import today
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import WorkspaceOption
from bulletin.cli.terminal import say, warn

if TYPE_CHECKING:
    from bulletin.errors import MissingPart
    from bulletin.issue.model import Issue
    from bulletin.workspace.workspace import Workspace


def year(
    number: Annotated[int, typer.Argument(metavar="YEAR", help="The year, such as 2026.", show_default=False)],
    *,
    bulletin: Annotated[
        str, typer.Option("--bulletin", metavar="NAME", help="Another bulletin than the first.", show_default=False)
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The folder to write to.", show_default=False)
    ] = None,
    folder: WorkspaceOption = None,
) -> None:
    """Sum up a year of issues.

    It writes a report for your board, made from the issues: each priority with its milestones, the training, the
    campaigns, and how many readers the issues had on each list. It has what was for everyone, and no addresses.

      bulletin year 2026
      bulletin year 2026 --bulletin training --out board

    See also: bulletin report
    """
    from bulletin.cli.wording.earlier_issues import choose_bulletin
    from bulletin.comparison.year_review import review_year
    from bulletin.delivery.record.reach import find_reach
    from bulletin.issue.audience import PUBLIC

    with open_ledger(folder) as (workspace, engine):
        name = choose_bulletin(workspace, bulletin or None)
        ids = _list_issues(workspace, name, number)
        review = review_year(
            [workspace.load_issue(each).for_audience(PUBLIC) for each in ids],
            reach=[find_reach(engine, each) for each in ids],
            lists={each: settings.title for each, settings in workspace.settings.lists.items()},
            published=today(),
        )
    _write(workspace, review, name, (out or Path()) / f"{name}-{number}")


def _list_issues(workspace: Workspace, name: str, number: int) -> list[str]:
    """The ids of a bulletin's issues of a year, the earliest first. Raises NotFound if there is none."""
    from bulletin.errors import NotFound
    from bulletin.issue.identity import read_identity

    own = [each for each in workspace.issue_ids() if workspace.bulletin_of(each) == name]
    known = {each: identity.month.year for each in own if (identity := read_identity(each))}
    ids = [each for each, found in known.items() if found == number]
    if not ids:
        years = ", ".join(map(str, sorted(set(known.values())))) or "no year yet"
        raise NotFound(f"“{name}” has no issue of {number}.", f"It has issues of {years}.")
    return ids


def _write(workspace: Workspace, review: Issue, name: str, path: Path) -> None:
    """Write the page, and the PDF where the library for it is installed."""
    from bulletin.disk import File, write_all
    from bulletin.edition.pdf.document import PdfSurroundings
    from bulletin.edition.pdf.making import make_pdf
    from bulletin.edition.theme import Theme
    from bulletin.edition.web.year_page import render_year_page
    from bulletin.errors import MissingPart
    from bulletin.rights import OWNER_ALONE

    settings, theme = workspace.settings, Theme(folders=workspace.theme_folders)
    html = render_year_page(review, settings=settings, bulletin_name=name, theme=theme, made=today())
    contents = {path.with_name(f"{path.name}.html"): html.encode()}
    missing: MissingPart | None = None
    try:
        pdf = make_pdf(
            review,
            settings=settings,
            bulletin_name=name,
            theme=theme,
            pictures=workspace.read_picture,
            around=PdfSurroundings(label=review.subject),
        )
        contents[path.with_name(f"{path.name}.pdf")] = pdf.content
    except MissingPart as error:
        missing = error
    files = [File(path=file, content=content, rights=OWNER_ALONE) for file, content in contents.items()]
    write_all(files, remedy="Choose another folder.")
    for file in contents:
        say(str(file))
    if missing:
        warn(f"{missing}")
