"""Carries an import out: suppressions first, then the list's file in one step, then a sync and the evidence.

If it breaks off, no one is on the list whose “no” isn't in the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select

from bulletin.database.errors import database_errors
from bulletin.database.states import ConsentMethod, SuppressionOrigin
from bulletin.database.tables import consents, imports, subscribers
from bulletin.disk import write_whole
from bulletin.scratch import KeySet
from bulletin.settings.organisation import Basis, ConsentEvidence
from bulletin.subscribers.address_hash import read_hasher
from bulletin.subscribers.consent import keep_wording
from bulletin.subscribers.difference import Difference
from bulletin.subscribers.lists import ListFile
from bulletin.subscribers.provenance import find_older, refuse_older
from bulletin.subscribers.roll import count_heads
from bulletin.subscribers.suppression import find_suppressions, list_suppressed, suppress
from bulletin.subscribers.sync import compare_with_files, read_declared_lists, sync_lists
from bulletin.subscribers.upkeep.export_file import measure_digest, open_export
from bulletin.subscribers.upkeep.former_lists import keep_former
from bulletin.subscribers.upkeep.import_plan import ImportPlan, ImportRequest
from bulletin.subscribers.upkeep.list_writing import ConsentSource, extend_list
from bulletin.subscribers.upkeep.meaning import Meaning, find_stop
from bulletin.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_BATCH: Final = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportResult:
    """What an import did: new suppressions, people added, and the sync that followed (None if no one was added)."""

    stopped: int
    added: int
    difference: Difference | None = None


def plan_import(
    workspace: Workspace,
    engine: Engine,
    path: Path,
    request: ImportRequest,
    *,
    sheet: str | None = None,
    opt_outs: Path | None = None,
) -> ImportPlan:
    """What importing the file at `path` would do. `opt_outs` is a file of people who unsubscribed there.

    Raises NotFound, FaultyFiles, and OlderLists if a list's file is older than what another computer synced last.
    """
    plan = ImportPlan(request=request)
    otherwise = Meaning.LEFT_LIST if request.list_name else Meaning.OPTED_OUT
    if opt_outs is not None:
        with open_export(opt_outs) as parts:
            for part in parts:
                plan.stop_part(part, otherwise=Meaning.LEFT_LIST, all_of_them=True)
    with open_export(path, sheet=sheet) as parts:
        if request.suppress:
            for part in parts:
                plan.stop_part(part, otherwise=otherwise)
            return plan
        known = _read_known(workspace, engine, request.list_name)
        with database_errors(), engine.begin() as connection:
            is_suppressed = _make_question(connection, request.list_name)
        for part in parts:
            plan.read_part(part, known=known, is_suppressed=is_suppressed)
    plan.close()
    return plan


def _read_known(workspace: Workspace, engine: Engine, list_name: str) -> KeySet:
    """Who is in the list's file now, also in rows that say no. A file that isn't there yet has no one."""
    files = read_declared_lists(workspace, new=list_name)
    with database_errors(), engine.begin() as connection:
        refuse_older(find_older(connection, workspace, {name: count_heads(file) for name, file in files.items()}))
    return _list_keys(files[list_name])


def _list_keys(file: ListFile) -> KeySet:
    keys = KeySet(entry.address.key for entry in file.entries)
    for key in file.stopped:
        keys.add(key)
    return keys


def _make_question(connection: Connection, list_name: str) -> Callable[[str], bool]:
    """Whether an address, by its key, gets nothing through the list as the journal is now."""
    hash_key, stopped = read_hasher(connection), set(list_suppressed(connection, list_name))
    return lambda key: hash_key(key) in stopped


def carry_out_import(workspace: Workspace, engine: Engine, plan: ImportPlan, *, file: str, now: int) -> ImportResult:
    """Do what `plan` says; `file` is the imported file's name, `now` in ms since 1970.

    Raises Unwritten if the list's file can't be written: then the suppressions are kept, and no one was added.
    """
    with database_errors(), engine.begin() as connection:
        stopped = _stop(connection, plan, file=file, now=now)
    if plan.request.suppress or not (added := plan.number):
        return ImportResult(stopped=stopped, added=0)
    name = plan.request.list_name
    source = _find_source(workspace, plan)
    had_former = keep_former(workspace, name)
    shown_as = workspace.list_file(name)
    path = workspace.root / shown_as
    write_whole(path, extend_list(path, plan.find_added(), headings=plan.headings, source=source, shown_as=shown_as))
    with database_errors(), engine.begin() as connection:
        values = {"list": name, "at": now, "file": file, "had_former": had_former, "people": added}
        connection.execute(insert(imports).values(**values, digest=measure_digest(path)))
        difference = sync_files(connection, workspace, now=now)
        if source:
            _keep_evidence(connection, plan, source, now=now)
    return ImportResult(stopped=stopped, added=added, difference=difference)


def sync_files(connection: Connection, workspace: Workspace, *, now: int) -> Difference:
    """Sync all lists with their files, and say what changed. Raises OlderLists as `provenance.refuse_older`."""
    difference = compare_with_files(connection, workspace)
    refuse_older(find_older(connection, workspace, difference.counts))
    sync_lists(connection, workspace, difference, now=now)
    return difference


def _stop(connection: Connection, plan: ImportPlan, *, file: str, now: int) -> int:
    """Write the suppressions that aren't there yet; how many."""
    hash_key, new = read_hasher(connection), 0
    note = f"imported from {file}" if "@" not in file else "imported"
    for key, _, meaning in plan.stops:
        if (stop := find_stop(meaning, plan.request.list_name)) is None:
            continue
        hash_ = hash_key(key)
        if any(one.scope.includes(stop.scope) and not one.lifted for one in find_suppressions(connection, hash_)):
            continue
        new += suppress(
            connection,
            hash_,
            reason=stop.reason,
            origin=SuppressionOrigin.IMPORT,
            now=now,
            scope=stop.scope,
            note=note,
        )
    return new


def _find_source(workspace: Workspace, plan: ImportPlan) -> ConsentSource | None:
    """Where the consent of these people comes from, for a list whose basis is consent; None for another one."""
    settings = workspace.settings.lists[plan.request.list_name]
    if settings.basis is not Basis.CONSENT or not plan.parts:
        return None
    columns = plan.parts[-1][1]
    wording = columns.headings[columns.consent] if columns.consent is not None else ""
    return ConsentSource(columns=settings.evidence or ConsentEvidence(), how=columns.program.name, wording=wording)


def _keep_evidence(connection: Connection, plan: ImportPlan, source: ConsentSource, *, now: int) -> None:
    """Keep when and how each person agreed who has a date. It is evidence, and lifts nothing."""
    hash_key = read_hasher(connection)
    wording = keep_wording(connection, source.wording) if source.wording else None
    common = {
        "list": plan.request.list_name,
        "method": ConsentMethod.IMPORT.value,
        "page": source.how,
        "wording": wording,
    }
    rows = (
        {"hash": hash_key(one.address.key), "asked_at": one.since, "network": one.network, **common}
        for one in plan.find_added()
        if one.since is not None and one.since <= now
    )
    _insert_with_subscriber(connection, rows)


def _insert_with_subscriber(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    rows = iter(rows)
    while batch := list(islice(rows, _BATCH)):
        numbers = _find_numbers(connection, [row["hash"] for row in batch])
        connection.execute(insert(consents), [{**row, "subscriber_id": numbers.get(row["hash"])} for row in batch])


def _find_numbers(connection: Connection, hashes: list[bytes]) -> dict[bytes, int]:
    """The subscribers with these hashes, some at a time: a statement takes only so many values."""
    found: dict[bytes, int] = {}
    for start in range(0, len(hashes), 500):
        some = hashes[start : start + 500]
        query = select(subscribers.c.hash, subscribers.c.id).where(subscribers.c.hash.in_(some))
        found |= {bytes(row.hash): row.id for row in connection.execute(query)}
    return found
