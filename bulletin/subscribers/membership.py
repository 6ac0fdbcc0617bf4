"""Who is on which list: what the list files declare against what the database has, and how the one becomes the other.

A sync touches only what files declare: memberships whose source is "file", and the name and the spelling of the address
of people who are in a file. It never touches a suppression: who has opted out stays on the list and is not written to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, literal, select, update

from bulletin.database.dialects import insert_into
from bulletin.database.tables import memberships, subscribers
from bulletin.subscribers.address_hash import Hasher, read_hasher
from bulletin.subscribers.difference import Change, Difference, ListDifference, Member
from bulletin.subscribers.lists import ListEntry, ListFile
from bulletin.subscribers.roll import count_heads
from bulletin.subscribers.suppression import find_suppressed

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Executable

FROM_FILE = "file"
"""The source of a membership that a list file declares."""

_BATCH = 10_000  # rows a statement; more is no faster, and costs memory


def compare_lists(connection: Connection, declared: Mapping[str, ListFile]) -> Difference:
    """What applying `declared` (each list's file by the list's name) would change. Changes nothing.

    Give every list of the workspace, always in the same order: somebody on several lists has one name and one
    spelling of the address, those of the first file that names them. A list that is not in `declared` is left alone.
    """
    people: dict[bytes, ListEntry] = {}
    hash_key = read_hasher(connection)
    for file in declared.values():
        for entry in file.entries:
            hash_ = hash_key(entry.address.key)
            if not people.setdefault(hash_, entry).name and entry.name:
                people[hash_] = entry
    return Difference(
        lists=tuple(_compare_list(connection, name, file, people, hash_key) for name, file in declared.items())
    )


def _compare_list(
    connection: Connection, name: str, file: ListFile, people: Mapping[bytes, ListEntry], hash_key: Hasher
) -> ListDifference:
    awaited = {hash_key(entry.address.key): entry for entry in file.entries}  # those left over in the end are new
    stopped = find_suppressed(connection, awaited, name)
    suppressed = [(hash_, entry) for hash_, entry in awaited.items() if hash_ in stopped] if stopped else []
    removed: list[Member] = []
    changed: list[Change] = []
    for hash_, address, full_name, details, source in _stream_members(connection, name):
        entry = awaited.pop(hash_, None)
        if entry is None:
            if source == FROM_FILE:
                removed.append(Member(hash=hash_, address=address, name=full_name, details=details))
            continue
        person, declared = people[hash_], entry.details if source == FROM_FILE else details
        if (address, full_name, details) != (person.address.written, person.name, declared):
            before = Member(hash=hash_, address=address, name=full_name, details=details)
            changed.append(Change(before=before, after=_declare(hash_, person, declared)))
    return ListDifference(
        name=name,
        count=count_heads(file),
        added=tuple(_declare(hash_, people[hash_], entry.details) for hash_, entry in awaited.items()),
        removed=tuple(removed),
        changed=tuple(changed),
        suppressed=tuple(_declare(hash_, people[hash_], entry.details) for hash_, entry in suppressed),
        invalid=file.faults,
        notes=file.notes,
        left_out=len(file.stopped),
        unused=file.unused,
        unchanged=len(file.entries) - len(awaited) - len(changed),
    )


def _declare(hash_: bytes, person: ListEntry, details: dict[str, str]) -> Member:
    return Member(hash=hash_, address=person.address.written, name=person.name, details=details)


def _stream_members(connection: Connection, name: str) -> Iterable[Sequence[Any]]:
    """Hash, address, name, details and source of each member of the list called `name`."""
    columns = (
        subscribers.c.hash,
        subscribers.c.address,
        subscribers.c.name,
        memberships.c.details,
        memberships.c.source,
    )
    statement = select(*columns).join_from(memberships, subscribers).where(memberships.c.list == name)
    return connection.execute(statement.execution_options(yield_per=_BATCH))


def apply_difference(connection: Connection, difference: Difference, *, bases: Mapping[str, str], now: int) -> None:
    """Make the database what the files declare, in the transaction of `connection`.

    `bases` has the lawful basis of each list, by which everyone in its file is on it; `now` is in milliseconds
    since 1970. Somebody who has joined a list by another road since the comparison stays on it by that road.
    """
    for part in difference:
        _remove(connection, part)
        _change(connection, part)
        _add(connection, part, basis=bases[part.name], now=now)
        _correct_basis(connection, part.name, bases[part.name])


def _remove(connection: Connection, part: ListDifference) -> None:
    """End memberships. The subscribers stay: past deliveries are theirs."""
    _execute(connection, delete(memberships).where(_declared_in(part.name)), ({"of": old.hash} for old in part.removed))


def _change(connection: Connection, part: ListDifference) -> None:
    people = update(subscribers).where(subscribers.c.hash == bindparam("of"))
    new = (change.after for change in part.changed)
    _execute(connection, people, ({"of": one.hash, "address": one.address, "name": one.name} for one in new))
    details = update(memberships).where(_declared_in(part.name))
    new = (change.after for change in part.changed if change.after.details != change.before.details)
    _execute(connection, details, ({"of": member.hash, "details": member.details} for member in new))


def _add(connection: Connection, part: ListDifference, *, basis: str, now: int) -> None:
    people = insert_into(connection, subscribers)
    new = people.excluded
    people = people.on_conflict_do_update(
        index_elements=["hash"],
        set_={"address": new.address, "name": new.name},
        where=(subscribers.c.address != new.address) | (subscribers.c.name != new.name),
    )
    rows = ({"hash": one.hash, "address": one.address, "name": one.name, "added_at": now} for one in part.added)
    _execute(connection, people, rows)
    values = {"list": part.name, "source": FROM_FILE, "basis": basis, "since": now}
    chosen = select(
        subscribers.c.id,
        *(literal(value, memberships.c[column].type) for column, value in values.items()),
        bindparam("of_details", type_=memberships.c.details.type),
    ).where(subscribers.c.hash == bindparam("of"))
    joined = insert_into(connection, memberships).from_select(["subscriber_id", *values, "details"], chosen)
    rows = ({"of": one.hash, "of_details": one.details} for one in part.added)
    _execute(connection, joined.on_conflict_do_nothing(), rows)


def _correct_basis(connection: Connection, name: str, basis: str) -> None:
    """People in a file are on the list on the basis that bulletin.yaml gives for it now."""
    declared = (memberships.c.list == name) & (memberships.c.source == FROM_FILE)
    connection.execute(update(memberships).where(declared, memberships.c.basis != basis).values(basis=basis))


def _declared_in(name: str) -> ColumnElement[bool]:
    """The membership, by the file of the list called `name`, of the subscriber whose hash is the parameter `of`."""
    subscriber = select(subscribers.c.id).where(subscribers.c.hash == bindparam("of")).scalar_subquery()
    declared = (memberships.c.list == name) & (memberships.c.source == FROM_FILE)
    return declared & (memberships.c.subscriber_id == subscriber)


def _execute(connection: Connection, statement: Executable, rows: Iterable[dict[str, Any]]) -> None:
    """Execute `statement` for each row, in batches."""
    rows = iter(rows)
    while batch := list(islice(rows, _BATCH)):
        connection.execute(statement, batch)
