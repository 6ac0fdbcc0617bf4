"""All commands, in the groups and the order in which `bulletin --help` shows them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from bulletin.cli.arguments import CheckedCommand
from bulletin.cli.help import GroupedHelp, say_version, show_help, version

HELP = """Write a monthly bulletin, check it, have it approved, and send it once to each reader.

A month, from start to finish:

  bulletin new                             draft the next issue
  bulletin preview                         see it while you write
  bulletin check 2026-12                   find mistakes
  bulletin test 2026-12 --to you@example.org  send a copy to yourself
  bulletin approve 2026-12 --by 'Jo Bloggs'   approve what you have seen
  bulletin send 2026-12                    asks before it sends

Help for one command: bulletin help send
Words, settings and rules: bulletin explain uncertain
"""

SUBSCRIBERS_HELP = """Look after your lists.

Readers who unsubscribed are never re-added, whatever a file or an import says.

  bulletin subscribers import readers.xlsx --list partners
  bulletin subscribers remove sam@example.org
  bulletin subscribers show sam@example.org

Help for one command: bulletin help subscribers import
"""


def _open_app(*, completes: bool = False) -> typer.Typer:
    """An app without any commands yet. `completes`: whether it can set up completion in a shell."""
    opened = typer.Typer(
        cls=GroupedHelp,
        help=HELP,
        subcommand_metavar="COMMAND",
        no_args_is_help=True,
        add_completion=completes,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # plain help is there at once, and reads aloud as well as it looks
    )
    opened.callback()(bulletin)
    return opened


def bulletin(
    ctx: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--workspace",
            metavar="DIR",
            help="The bulletin's folder (default: this folder or the nearest one above it with a bulletin.yaml).",
            show_default=False,
        ),
    ] = None,
    version: Annotated[  # noqa: ARG001, FBT002 -- an option, whose callback ends the program
        bool, typer.Option("--version", help="Show the version.", is_eager=True, callback=say_version)
    ] = False,
) -> None:
    """Take the options that come before a command."""
    if folder is not None:
        ctx.default_map = _name_folder(ctx.command, str(folder))


def _name_folder(command: Any, folder: str) -> dict[str, Any]:
    """The folder as the default of each command's own --workspace."""
    if commands := getattr(command, "commands", None):
        return {name: _name_folder(each, folder) for name, each in commands.items()}
    return {param.name: folder for param in command.params if "--workspace" in param.opts}


COMMANDS: Final[dict[str, tuple[str, ...]]] = {
    "Write": ("init", "new", "draft", "collect", "followups", "preview", "diff", "schema"),
    "Check": ("check",),
    "Approve": ("approve",),
    "Send": ("test", "send", "schedule", "schedule.unschedule", "run", "pause", "pause.cancel"),
    "Afterwards": ("status", "resolve", "bounces", "report", "certificate", "complaints", "year"),
    "Publish": ("render", "archive"),
    "For IT": ("doctor", "serve", "worker", "dkim", "dmarc", "demo"),
}
"""Each command by the name of its module in the folder of its group; after a dot, its function if it has another name.

As words, so that a command that runs loads no other: that takes longer than many commands run.
"""

ALL_KNOWING: Final = ("Write", "explain")
"""A command that is never made alone, because it tells of all others; and its group."""

SUBSCRIBERS: Final[dict[str, str]] = {
    "sync": "sync",
    "list": "list_people",
    "import": "import_file",
    "undo": "undo",
    "add": "add",
    "remove": "remove",
    "show": "show",
    "export": "export",
    "erase": "erase",
    "requests": "requests",
}
GROUPS: Final[dict[str, str]] = {"theme": "Publish", "subscribers": "Lists", "database": "For IT", "token": "For IT"}
"""The commands that have commands of their own, and in whose group they are."""


def find_app(words: Sequence[str]) -> typer.Typer:
    """The app for the words after `bulletin`: if they begin with a command or a group of commands, it has no other."""
    for panel, places in COMMANDS.items():
        for place in places:
            if words[:1] == [_name_function(place)]:
                alone = _open_app()
                _add_command(alone, panel, place)
                return alone
    for name in GROUPS:
        if words[:1] == [name]:
            alone = _open_app()
            _add_group(alone, name)
            return alone
    return make_app()


@cache
def make_app() -> typer.Typer:
    """The app with all commands."""
    app = _open_app(completes=True)
    for panel, places in COMMANDS.items():
        for place in places:
            _add_command(app, panel, place)
        if panel == ALL_KNOWING[0]:
            _add_command(app, *ALL_KNOWING)
    for command in (show_help, version):
        app.command(command.__name__.removeprefix("show_"), rich_help_panel="For IT", cls=CheckedCommand)(command)
    for name in GROUPS:
        _add_group(app, name)
    return app


def _add_command(app: typer.Typer, panel: str, place: str) -> None:
    app.command(rich_help_panel=panel, cls=CheckedCommand)(_load(panel, place))


def _add_group(app: typer.Typer, name: str) -> None:
    panel = GROUPS[name]
    group = _make_subscribers() if name == "subscribers" else _load(panel, name)
    for registered in group.registered_commands:
        registered.cls = CheckedCommand
    app.add_typer(group, name=name, cls=GroupedHelp, subcommand_metavar="COMMAND", rich_help_panel=panel)


def _make_subscribers() -> typer.Typer:
    group = typer.Typer(help=SUBSCRIBERS_HELP, no_args_is_help=True, rich_markup_mode=None)
    for name, place in SUBSCRIBERS.items():
        group.command(name)(_load("Lists", place))
    return group


def _load(panel: str, place: str) -> Any:
    """What `place` of COMMANDS names: the function of a command, or the app of a group of commands."""
    folder = panel.rpartition(" ")[2].lower()
    return getattr(import_module(f"bulletin.cli.commands.{folder}.{place.partition('.')[0]}"), _name_function(place))


def _name_function(place: str) -> str:
    return place.rpartition(".")[2]
