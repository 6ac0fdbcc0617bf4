"""Bring the lists in the database up to what the list files declare, and show the difference first."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bulletin.errors import Fault
from bulletin.settings.organisation import Basis, ConsentEvidence
from bulletin.subscribers.difference import Difference
from bulletin.subscribers.lists import ListEntry, ListFile, keep_entries, read_list
from bulletin.subscribers.membership import apply_difference, compare_lists
from bulletin.subscribers.provenance import record_syncs
from bulletin.subscribers.tally import MOST_LINES
from bulletin.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection


def read_declared_lists(workspace: Workspace, *, new: str = "") -> dict[str, ListFile]:
    """Every list's file, by the list's short name. Raises NotFound or FaultyFiles if one cannot be read at all.

    A person who has left by a column of one file gets no email from any: as an unsubscribe, it holds for all lists.
    The list called `new` is empty if its file isn't there yet.
    """
    paths = {name: workspace.list_file(name) for name in workspace.settings.lists}
    is_new = new in paths and not os.path.lexists(workspace.root / paths[new])
    files = {
        name: ListFile(entries=())
        if is_new and name == new
        else read_list(workspace.root / file, shown_as=file, evidence=_find_evidence(workspace, name))
        for name, file in paths.items()
    }
    stopped = {key: paths[name] for name, file in files.items() for key in file.stopped}
    return {name: _leave_out(file, stopped, shown_as=paths[name]) for name, file in files.items()} if stopped else files


def _find_evidence(workspace: Workspace, name: str) -> tuple[str, ...]:
    """The headings of the columns that show how people on a list agreed; none for another basis than consent."""
    settings = workspace.settings.lists[name]
    columns = (settings.evidence or ConsentEvidence()) if settings.basis is Basis.CONSENT else None
    return (columns.when, columns.how, columns.wording) if columns else ()


def _leave_out(file: ListFile, stopped: Mapping[str, str], *, shown_as: str) -> ListFile:
    """A list without those who are `stopped` by the file named there, and with a note that says who."""
    out = [entry for entry in file.entries if entry.address.key in stopped]
    if not out:
        return file
    keys = tuple(entry.address.key for entry in out)
    entries = keep_entries()
    for entry in file.entries:
        if entry.address.key not in stopped:
            entries.add(entry)
    notes = (*file.notes, *_explain_left_out(out, stopped, shown_as))
    return replace(file, entries=entries.settle(), stopped=(*file.stopped, *keys), notes=notes)


def _explain_left_out(out: Sequence[ListEntry], stopped: Mapping[str, str], shown_as: str) -> Iterator[Fault]:
    for other in dict.fromkeys(stopped[entry.address.key] for entry in out):
        entries = [entry for entry in out if stopped[entry.address.key] == other]
        named = ", ".join(entry.address.written for entry in entries[:MOST_LINES])
        more = f" and {len(entries) - MOST_LINES:,} more" if len(entries) > MOST_LINES else ""
        gets = "gets" if len(entries) == 1 else "get"
        message = f"{named}{more} {gets} no email from this list either, because {other} says that they have left."
        yield Fault(
            file=shown_as, line=entries[0].line, column=1, message=message, remedy="If that’s wrong, correct it there."
        )


def compare_with_files(connection: Connection, workspace: Workspace) -> Difference:
    """What a sync would change, in all lists."""
    return compare_lists(connection, read_declared_lists(workspace))


def sync_lists(connection: Connection, workspace: Workspace, difference: Difference, *, now: int) -> None:
    """Apply `difference`, with each list's lawful basis as bulletin.yaml has it, and record who did so from where.

    `now` in ms since 1970.
    """
    bases = {name: str(settings.basis) for name, settings in workspace.settings.lists.items()}
    apply_difference(connection, difference, bases=bases, now=now)
    record_syncs(connection, workspace, difference.counts, now=now)
