"""`bulletin theme`: the templates of the look, and its colours from a logo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin import __version__
from bulletin.cli.options import WorkspaceOption
from bulletin.cli.terminal import say

if TYPE_CHECKING:
    from bulletin.workspace.workspace import Workspace

_HELP = """Change how the bulletin looks.

Copy a template to change it, or take colours from a logo.

  bulletin theme colours issues/images/logo.png
  bulletin theme copy email/parts/foot.html.j2

Help for one command: bulletin help theme colours
"""

theme = typer.Typer(help=_HELP, no_args_is_help=True, rich_markup_mode=None)


@theme.callback()
def _theme() -> None:
    """Copy a template, take colours from a logo."""


@theme.command("list")
def list_theme(*, folder: WorkspaceOption = None) -> None:
    """List the templates and style sheets.

    Those that your workspace has a file of its own for are marked “yours”.
    """
    from bulletin.workspace.theme_copies import list_templates
    from bulletin.workspace.workspace import open_workspace

    for template in list_templates(open_workspace(folder).root):
        say(f"{template.name}  (yours)" if template.is_own else template.name)


@theme.command()
def copy(
    file: Annotated[str, typer.Argument(metavar="FILE", help="As in the list: email/parts/foot.html.j2")],
    *,
    folder: WorkspaceOption = None,
) -> None:
    """Copy a template into your workspace.

    Then you can change it. It never overwrites a file. All other templates still come with the product, so copy as few
    as you can.

      bulletin theme copy email/parts/foot.html.j2
    """
    from bulletin.workspace.theme_copies import copy_template
    from bulletin.workspace.workspace import open_workspace

    root = open_workspace(folder).root
    path = copy_template(root, file, version=__version__)
    say(f"{path.relative_to(root).as_posix()} is now yours. See each change at once: bulletin preview")


@theme.command()
def colours(
    logo: Annotated[str | None, typer.Argument(metavar="LOGO", help="A picture (default: your logo)")] = None,
    *,
    bulletin: Annotated[
        str | None,
        typer.Option("--bulletin", metavar="NAME", help="For one bulletin, from its own logo.", show_default=False),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Put them into bulletin.yaml.")] = False,
    folder: WorkspaceOption = None,
) -> None:
    """Find colours in your logo that readers can read.

    It shows an accent for links, buttons and numbers, and a warm colour for dates to keep. A colour that is too pale to
    read is made darker. Nothing is written without --write.

      bulletin theme colours issues/images/logo.png
      bulletin theme colours --bulletin training       for a bulletin with a look of its own
    """
    from bulletin.declaration.colours import WHITE, measure_contrast
    from bulletin.edition.pictures.logo_colours import find_logo_colours
    from bulletin.workspace.workspace import open_workspace

    workspace = open_workspace(folder)
    if bulletin is not None:
        _require_bulletin(workspace, bulletin)
    path, content = _read_logo(workspace, logo, bulletin)
    found = find_logo_colours(path, content)
    for name, colour, seen in (("accent", found.accent, found.seen_accent), ("warm", found.warm, found.seen_warm)):
        contrast = f"its contrast with white is {measure_contrast(colour, WHITE):.1f} to 1"
        say(f"{name}: {colour}  ({_tell_origin(colour, seen)}; {contrast})")
    if write:
        _write(workspace, {"accent": found.accent, "warm": found.warm}, bulletin)
    else:
        say("\nTo put them into bulletin.yaml, add --write.")


def _tell_origin(colour: str, seen: str) -> str:
    if not seen:
        return "the logo has no second, warm colour, so this is ours"
    return "the logo's own" if seen == colour else f"the logo's {seen}, made darker"


def _require_bulletin(workspace: Workspace, name: str) -> None:
    """Raises NotFound if bulletin.yaml has no bulletin of this name."""
    from bulletin.errors import NotFound

    known = workspace.settings.bulletins
    if name not in known:
        raise NotFound(f"There is no bulletin “{name}” in bulletin.yaml.", f"The bulletins are: {', '.join(known)}.")


def _read_logo(workspace: Workspace, logo: str | None, bulletin: str | None) -> tuple[str, bytes]:
    """The path and the bytes of a picture: a file, or the logo in bulletin.yaml. Raises NotFound."""
    from bulletin.declaration.files import find_remedy, read_file
    from bulletin.errors import NotFound

    if logo is None:
        settings = workspace.settings.dress(bulletin) if bulletin else workspace.settings
        declared = settings.organisation.logo
        if declared is None:
            raise NotFound("There is no logo in bulletin.yaml.", "Name a picture: bulletin theme colours FILE")
        return declared.file, workspace.read_picture(declared.file)
    for path in (Path(logo), workspace.root / logo):
        if path.exists():
            try:
                return logo, read_file(path)
            except OSError as error:
                raise NotFound(f"“{logo}” cannot be read: {error.strerror}.", find_remedy(error)) from error
    raise NotFound(f"There is no picture “{logo}”.", "Check its name and folder.")


def _write(workspace: Workspace, chosen: dict[str, str], bulletin: str | None) -> None:
    """Put the colours into bulletin.yaml, if it stays one that loads."""
    from bulletin.cli.settings_file import join_lines, refuse_loss
    from bulletin.declaration.source import read_source
    from bulletin.disk import write_whole
    from bulletin.settings.colour_lines import OF_ALL, find_look, write_colours
    from bulletin.workspace.workspace import SETTINGS_FILE

    path = workspace.root / SETTINGS_FILE
    place = find_look(bulletin) if bulletin else OF_ALL
    where = " › ".join(map(str, place)) if bulletin else "`colours:`"
    lines = write_colours(read_source(path, shown_as=SETTINGS_FILE), chosen, place=place)
    after = join_lines(path.read_bytes().decode(), lines)
    refuse_loss(workspace, after, what="The colours", remedy=f"Write them yourself, below {where}.")
    write_whole(path, after.encode())
    say(f"\nWritten to {SETTINGS_FILE}, below {where}. See them at once: bulletin preview")
