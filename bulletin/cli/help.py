"""The help screens, `bulletin help` and `bulletin version`."""

from __future__ import annotations

import inspect
import re
from itertools import groupby
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from bulletin import __version__
from bulletin.cli.terminal import say

PANELS: Final = ("Write", "Check", "Approve", "Send", "Afterwards", "Publish", "Lists", "For IT")
"""The groups of commands, in the order of an officer's month."""


class GroupedHelp(TyperGroup):
    """Commands whose help lists them by panel, each with its first sentence, uncut."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Commands first: they are what a reader of this page looks for."""
        names = self.list_commands(ctx)
        width = max(map(len, names))
        for panel, members in groupby(sorted(names, key=self._rank), key=self._name_panel):
            with formatter.section(panel):
                formatter.write_dl([(name.ljust(width), summarise(self.commands[name])) for name in members])
        super().format_options(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Nothing more: `format_options` lists them."""

    def _name_panel(self, name: str) -> str:
        return getattr(self.commands[name], "rich_help_panel", None) or "Commands"

    def _rank(self, name: str) -> tuple[int, bool]:
        """By panel; there, what has commands of its own comes first."""
        panel = self._name_panel(name)
        rank = PANELS.index(panel) if panel in PANELS else len(PANELS)
        return rank, not isinstance(self.commands[name], TyperGroup)


def summarise(command: Any) -> str:
    """The first sentence of a command's help, without its full stop."""
    paragraph = inspect.cleandoc(command.short_help or command.help or "").partition("\n\n")[0]
    return re.split(r"(?<=[.!?])\s", " ".join(paragraph.split()), maxsplit=1)[0].removesuffix(".")


def show_help(
    ctx: typer.Context,
    command: Annotated[
        list[str] | None, typer.Argument(metavar="COMMAND", help="Such as: send, or subscribers sync.")
    ] = None,
) -> None:
    """Show help for a command."""
    context: Any = ctx.find_root()
    for name in command or ():
        group: Any = context.command
        if not isinstance(group, TyperGroup):
            raise typer.BadParameter(f"{context.command_path} has no commands of its own, so there is no “{name}”.")
        found: Any = group.resolve_command(context, [name])[1]
        context = typer.Context(found, info_name=name, parent=context)
    say(context.get_help())


def version() -> None:
    """Show the version."""
    say(f"bulletin {__version__}")


def say_version(asked: bool) -> None:  # noqa: FBT001 -- as the framework calls it
    """End with the version if that is what `asked` for."""
    if asked:
        version()
        raise typer.Exit
