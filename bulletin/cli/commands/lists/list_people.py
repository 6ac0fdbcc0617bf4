"""`bulletin subscribers list`: how many are on each list, or who is on one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import format_time, today
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import WorkspaceOption
from bulletin.cli.terminal import count, say, say_data

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bulletin.subscribers.upkeep.listing import ListedReader, ReaderCounts, SuppressedReader
    from bulletin.workspace.workspace import Workspace


class ListFormat(StrEnum):
    """How people are listed."""

    TEXT = "text"
    CSV = "csv"


def list_people(
    list_name: Annotated[str, typer.Argument(metavar="LIST", help="One list.", show_default=False)] = "",
    *,
    suppressed: Annotated[
        bool, typer.Option("--suppressed", help="Only readers who get no email (through the list).")
    ] = False,
    form: Annotated[ListFormat, typer.Option("--format", metavar="text|csv", help="For people, or as a table.")] = (
        ListFormat.TEXT
    ),
    folder: WorkspaceOption = None,
) -> None:
    """Count and list the readers of each list.

    It shows who comes from a list's file and who joined on the website. The counts are those of the last sync.

      bulletin subscribers list partners --format csv
    """
    from bulletin.cli.list_names import require_list
    from bulletin.database.errors import database_errors

    with open_ledger(folder) as (workspace, engine), database_errors(), engine.begin() as connection:
        if list_name:
            require_list(workspace, list_name)
        if suppressed:
            _list_suppressed(connection, list_name, form)
        elif list_name:
            _list_readers(connection, list_name, form)
        else:
            _count_lists(connection, workspace, form)


def _print_table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """CSV, with no cell that a spreadsheet would run."""
    from bulletin.declaration.spreadsheet_cells import defuse, format_rows

    cells = (map(defuse, row) for row in rows)
    for line in format_rows([headings]):
        say_data(line.rstrip("\r\n"))
    for line in format_rows(cells):
        say_data(line.rstrip("\r\n"))


def _count_lists(connection: Connection, workspace: Workspace, form: ListFormat) -> None:
    from bulletin.subscribers.upkeep.listing import ReaderCounts, count_readers

    found = count_readers(connection, today=today())
    names = [*workspace.settings.lists, *sorted(set(found) - set(workspace.settings.lists))]
    counts = [found.get(name) or ReaderCounts(name=name) for name in names]
    if form is ListFormat.CSV:
        rows = ((one.name, *map(str, _list_numbers(one))) for one in counts)
        _print_table(("list", "readers", "from its file", "from the website", "suppressed", "paused"), rows)
        return
    for one in counts:
        say(_describe_counts(one) + ("" if one.name in workspace.settings.lists else " (not in bulletin.yaml)"))
    say("See who is on one: bulletin subscribers list NAME")


def _list_numbers(one: ReaderCounts) -> tuple[int, ...]:
    return one.people, one.from_file, one.from_web, one.suppressed, one.paused


def _describe_counts(one: ReaderCounts) -> str:
    parts = [f"{one.from_file:,} from its file", f"{one.from_web:,} from the website"]
    out = [f"{number:,} {word}" for number, word in ((one.suppressed, "suppressed"), (one.paused, "paused")) if number]
    text = f"{one.name}: {count(one.people, 'reader')} ({', '.join(parts)})"
    return f"{text}, {', '.join(out)}" if out else text


def _list_readers(connection: Connection, list_name: str, form: ListFormat) -> None:
    from bulletin.subscribers.upkeep.listing import list_readers

    readers = list_readers(connection, list_name, today=today())
    if form is ListFormat.CSV:
        headings = ("email", "name", "from", "basis", "since", "suppressed", "paused")
        _print_table(headings, map(_write_reader, readers))
        return
    number = 0
    for reader in readers:
        say(_describe_reader(reader))
        number += 1
    say(f"{count(number, 'reader')} on {list_name}.")


def _write_reader(reader: ListedReader) -> tuple[str, ...]:
    flags = ("yes" if flag else "no" for flag in (reader.suppressed, reader.paused))
    return reader.address, reader.name, reader.source, reader.basis, format_time(reader.since), *flags


def _describe_reader(reader: ListedReader) -> str:
    name = f" ({reader.name})" if reader.name else ""
    source = {"file": "from the file", "web": "from the website"}.get(reader.source, f"from {reader.source}")
    state = ", suppressed" if reader.suppressed else ", paused" if reader.paused else ""
    return f"{reader.address}{name}, {source}, since {format_time(reader.since)}{state}"


def _list_suppressed(connection: Connection, list_name: str, form: ListFormat) -> None:
    from bulletin.cli.terminal import warn
    from bulletin.subscribers.suppression import count_suppressed
    from bulletin.subscribers.upkeep.listing import list_suppressed_readers

    readers = list(list_suppressed_readers(connection, list_name))
    if form is ListFormat.CSV:
        _print_table(("email", "reason", "since"), _write_suppressed(readers))
    for reader in readers if form is ListFormat.TEXT else ():
        say(f"{reader.address}: {reader.reason} since {format_time(reader.since)}")
    known = count(count_suppressed(connection), "person", "people")
    warn(
        f"{count(len(readers), 'reader')}. Suppressions are recorded for {known} in all, for one list, one bulletin or "
        "all email. Those whose address we don’t hold aren’t shown."
    )


def _write_suppressed(readers: Iterable[SuppressedReader]) -> Iterator[tuple[str, ...]]:
    return ((reader.address, reader.reason, format_time(reader.since)) for reader in readers)
