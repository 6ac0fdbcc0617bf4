"""All commands, in the groups and the order in which `bulletin --help` shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from bulletin.cli.arguments import CheckedCommand
from bulletin.cli.commands.afterwards.bounces import bounces
from bulletin.cli.commands.afterwards.certificate import certificate
from bulletin.cli.commands.afterwards.complaints import complaints
from bulletin.cli.commands.afterwards.report import report
from bulletin.cli.commands.afterwards.resolve import resolve
from bulletin.cli.commands.afterwards.status import status
from bulletin.cli.commands.afterwards.year import year
from bulletin.cli.commands.approve.approve import approve
from bulletin.cli.commands.check.check import check
from bulletin.cli.commands.it.database import database
from bulletin.cli.commands.it.demo import demo
from bulletin.cli.commands.it.dkim import dkim
from bulletin.cli.commands.it.serve import serve
from bulletin.cli.commands.lists.add import add
from bulletin.cli.commands.lists.erase import erase
from bulletin.cli.commands.lists.export import export
from bulletin.cli.commands.lists.import_file import import_file
from bulletin.cli.commands.lists.list_people import list_people
from bulletin.cli.commands.lists.remove import remove
from bulletin.cli.commands.lists.requests import requests
from bulletin.cli.commands.lists.show import show
from bulletin.cli.commands.lists.sync import sync
from bulletin.cli.commands.lists.undo import undo
from bulletin.cli.commands.publish.archive import archive
from bulletin.cli.commands.publish.render import render
from bulletin.cli.commands.publish.theme import theme
from bulletin.cli.commands.send.pause import cancel, pause
from bulletin.cli.commands.send.run import run
from bulletin.cli.commands.send.schedule import schedule, unschedule
from bulletin.cli.commands.send.send import send
from bulletin.cli.commands.send.test import test
from bulletin.cli.commands.write.collect import collect
from bulletin.cli.commands.write.diff import diff
from bulletin.cli.commands.write.draft import draft
from bulletin.cli.commands.write.followups import followups
from bulletin.cli.commands.write.init import init
from bulletin.cli.commands.write.new import new
from bulletin.cli.commands.write.preview import preview
from bulletin.cli.commands.write.schema import schema
from bulletin.cli.help import GroupedHelp, say_version, show_help, version

HELP = """Write a monthly bulletin, check it, have it approved, and send it once to each reader.

A month, from start to finish:

  bulletin new                             draft the next issue
  bulletin preview                         see it while you write
  bulletin check 2021-06                   find mistakes
  bulletin test 2021-06 --to you@example.org  send a copy to yourself
  bulletin approve 2021-06 --by NAME       approve what you have seen
  bulletin send 2021-06                    asks before it sends
"""


def _open_app() -> typer.Typer:
    """An app without any commands yet."""
    opened = typer.Typer(
        cls=GroupedHelp,
        help=HELP,
        epilog="Help for one command: bulletin help send",
        subcommand_metavar="COMMAND",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # plain help is there at once, and reads aloud as well as it looks
    )
    opened.callback()(bulletin)
    return opened


def bulletin(
    version: Annotated[  # noqa: FBT002 -- an option
        bool, typer.Option("--version", help="Show the version.", is_eager=True, callback=say_version)
    ] = False,
) -> None:
    """Take the options that come before a command."""


COMMANDS: dict[str, tuple[Callable[..., None], ...]] = {
    "Write": (init, new, draft, collect, followups, preview, diff, schema),
    "Check": (check,),
    "Approve": (approve,),
    "Send": (test, send, schedule, unschedule, run, pause, cancel),
    "Afterwards": (status, resolve, bounces, report, certificate, complaints, year),
    "Publish": (render, archive),
    "For IT": (serve, dkim, demo),
}
SUBSCRIBERS: dict[str, Callable[..., None]] = {
    "sync": sync,
    "list": list_people,
    "import": import_file,
    "undo": undo,
    "add": add,
    "remove": remove,
    "show": show,
    "export": export,
    "erase": erase,
    "requests": requests,
}

subscribers = typer.Typer(help="Look after your lists of readers.", no_args_is_help=True, rich_markup_mode=None)
GROUPS = (("theme", theme, "Publish"), ("subscribers", subscribers, "Lists"), ("database", database, "For IT"))

app = _open_app()
for panel, commands in COMMANDS.items():
    for command in commands:
        app.command(rich_help_panel=panel)(command)
for name, act in SUBSCRIBERS.items():
    subscribers.command(name)(act)
app.command("help", rich_help_panel="For IT")(show_help)
app.command(rich_help_panel="For IT")(version)
for name, group, panel in GROUPS:
    app.add_typer(group, name=name, cls=GroupedHelp, subcommand_metavar="COMMAND", rich_help_panel=panel)
for group in (app, subscribers, database, theme):
    for registered in group.registered_commands:
        registered.cls = CheckedCommand


def find_app(words: Sequence[str]) -> typer.Typer:
    """The app for the words after `bulletin`: if they begin with a command of COMMANDS, it has no other.

    The framework makes every command that an app has from its signature, which takes longer than many commands run.
    """
    for panel, commands in COMMANDS.items():
        for command in commands:
            if words[:1] == [command.__name__]:
                alone = _open_app()
                alone.command(rich_help_panel=panel, cls=CheckedCommand)(command)
                return alone
    return app
