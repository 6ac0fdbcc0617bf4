"""All commands, in the order in which an officer meets them."""

from __future__ import annotations

from typing import Annotated

import typer

from bulletin import __version__
from bulletin.cli.approve import approve
from bulletin.cli.arguments import CheckedCommand
from bulletin.cli.certificate import certificate
from bulletin.cli.check import check
from bulletin.cli.collect import collect
from bulletin.cli.database import database
from bulletin.cli.demo import demo
from bulletin.cli.diff import diff
from bulletin.cli.draft import draft
from bulletin.cli.followups import followups
from bulletin.cli.init import init
from bulletin.cli.new import new
from bulletin.cli.pause import cancel, pause
from bulletin.cli.preview import preview
from bulletin.cli.render import render
from bulletin.cli.report import report
from bulletin.cli.resolve import resolve
from bulletin.cli.run import run
from bulletin.cli.schedule import schedule, unschedule
from bulletin.cli.schema import schema
from bulletin.cli.send import send
from bulletin.cli.status import status
from bulletin.cli.subscribers import subscribers
from bulletin.cli.terminal import say
from bulletin.cli.test import test

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
