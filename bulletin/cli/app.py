"""All commands, in the order in which an officer meets them."""

from __future__ import annotations

from typing import Annotated

import typer

from bulletin import __version__
from bulletin.cli.arguments import CheckedCommand
from bulletin.cli.commands.afterwards.certificate import certificate
from bulletin.cli.commands.afterwards.report import report
from bulletin.cli.commands.afterwards.resolve import resolve
from bulletin.cli.commands.afterwards.status import status
from bulletin.cli.commands.approve.approve import approve
from bulletin.cli.commands.check.check import check
from bulletin.cli.commands.it.database import database
from bulletin.cli.commands.it.demo import demo
from bulletin.cli.commands.lists.subscribers import subscribers
from bulletin.cli.commands.publish.render import render
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
from bulletin.cli.terminal import say

app = typer.Typer(
    help="Write a monthly e-bulletin as YAML, check it, and send it once to each subscriber.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: at once, and as well read aloud as looked at
)


@app.callback()
def bulletin(
    version: Annotated[bool, typer.Option("--version", help="Say which version this is.", is_eager=True)] = False,  # noqa: FBT002 -- an option
) -> None:
    """Say the version, where that is asked."""
    if version:
        say(f"bulletin {__version__}")
        raise typer.Exit


COMMANDS = (
    init,
    new,
    followups,
    draft,
    collect,
    preview,
    check,
    diff,
    schema,
    render,
    test,
    approve,
    send,
    schedule,
    unschedule,
    run,
    pause,
    cancel,
    status,
    report,
    certificate,
    resolve,
    demo,
)
for command in COMMANDS:
    app.command()(command)
app.add_typer(subscribers, name="subscribers")
app.add_typer(database, name="database")
for group in (app, subscribers, database):
    for registered in group.registered_commands:
        registered.cls = CheckedCommand
