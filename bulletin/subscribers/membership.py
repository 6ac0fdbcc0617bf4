"""Who is on which list: what the list files declare against what the database has, and how the one becomes the other.

A sync touches only what files declare: memberships whose source is "file", and the name and the spelling of the address
of people who are in a file. It never touches a suppression: who has opted out stays on the list and is not written to.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, bindparam, cast, delete, literal, select, update

from bulletin.database.dialects import insert_into
from bulletin.database.tables import memberships, subscribers
from bulletin.issue.language import find_language
from bulletin.scratch import Record, sort_records
from bulletin.subscribers.address_hash import read_hasher
from bulletin.subscribers.difference import Change, Difference, ListDifference, Member, keep_changes, keep_members
from bulletin.subscribers.lists import ListFile, read_entries
from bulletin.subscribers.roll import count_heads
from bulletin.subscribers.suppression import list_suppressed
from bulletin.subscribers.wishes import wish_by_file

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
    parts = [_Part(connection, name, file) for name, file in declared.items()]
    hash_key = read_hasher(connection)
    wanted = sort_records(
        (hash_key(key), place, line, address, name, details)
        for place, file in enumerate(declared.values())
        for key, line, address, name, details in read_entries(file.entries)
    )
    for entries, members in _pair(wanted, _stream_members(connection, list(declared))):
        person = _choose_person(entries)
        for entry in entries:
            parts[entry[1]].take(entry, person, members.pop(parts[entry[1]].name, None))
        for part in parts if members else ():
            part.miss(members.get(part.name))
    return Difference(lists=tuple(part.finish() for part in parts))


def _choose_person(entries: Sequence[Record]) -> Record:
    """The entry that decides name and spelling: the first one with a name."""
    return next((entry for entry in entries if entry[4]), entries[0]) if entries else ()


def _pair(
    wanted: Iterable[Record], members: Iterable[Sequence[Any]]
) -> Iterator[tuple[list[Record], dict[str, Sequence[Any]]]]:
    """Of each person the entries of the files and the memberships, both in the order of their hashes."""
    first = itemgetter(0)
    left = ((hash_, list(group)) for hash_, group in groupby(wanted, key=first))
    rows: Iterator[Sequence[Any]] = map(tuple, members)  # as a plain tuple, a row is read in half the time
    right = ((bytes(hash_), {row[1]: row for row in group}) for hash_, group in groupby(rows, key=first))
    one, other = next(left, None), next(right, None)
    while one or other:
        if other is None or (one and one[0] < other[0]):
            yield one[1] if one else [], {}
            one = next(left, None)
        elif one is None or other[0] < one[0]:
            yield [], other[1]
            other = next(right, None)
        else:
            yield one[1], other[1]
            one, other = next(left, None), next(right, None)


class _Part:
    """The difference of one list, as its people are gone through in the order of their hashes."""

    def __init__(self, connection: Connection, name: str, file: ListFile) -> None:
        self.name = name
        self._file = file
        self._added, self._removed, self._suppressed = keep_members(), keep_members(), keep_members()
        self._changed = keep_changes()
        self._unchanged = 0
        self._stopped = list_suppressed(connection, name)
        self._next_stopped = next(self._stopped, None)

    def take(self, entry: Record, person: Record, member: Sequence[Any] | None) -> None:
        """Take in someone who is in the file; `member` is their membership, if there is one."""
        hash_, _, line, _, _, details = entry
        if self._is_suppressed(hash_):
            self._suppressed.add(_declare(hash_, person, details, line))
        if member is None:
            self._added.add(_declare(hash_, person, details, line))
            return
        _, _, address, name, text, source = member
        known = _read_details(text)
        declared = details if source == FROM_FILE else known
        if (address, name, known) == (person[3], person[4], declared):
            self._unchanged += 1
        else:
            before = Member(hash=hash_, address=address, name=name, details=known)
            self._changed.add(Change(before=before, after=_declare(hash_, person, declared, line)))

    def miss(self, member: Sequence[Any] | None) -> None:
        """Take in a member who isn't in the file (any more)."""
        if member and member[5] == FROM_FILE:
            hash_, _, address, name, text, _ = member
            details = _read_details(text)
            self._removed.add(Member(hash=bytes(hash_), address=address, name=name, details=details))

    def _is_suppressed(self, hash_: bytes) -> bool:
        while self._next_stopped is not None and self._next_stopped < hash_:
            self._next_stopped = next(self._stopped, None)
        return self._next_stopped == hash_

    def finish(self) -> ListDifference:
        """The difference, once all people were gone through."""
        self._stopped.close()
        file = self._file
        return ListDifference(
            name=self.name,
            count=count_heads(file),
            added=self._added.settle(_place),
            removed=self._removed.settle(_place),
            changed=self._changed.settle(lambda change: _place(change.after)),
            suppressed=self._suppressed.settle(_place),
            invalid=file.faults,
            notes=file.notes,
            left_out=len(file.stopped),
            unused=file.unused,
            language=file.language,
            unchanged=self._unchanged,
        )


@lru_cache(maxsize=1 << 14)
def _read_details(text: str) -> dict[str, str]:
    """Details as the database has them. Many people have the same: an organisation, a role. Never change the answer."""
    details: dict[str, str] = json.loads(text)
    return details


def _place(member: Member) -> tuple[int, str]:
    return member.line, member.address


def _declare(hash_: bytes, person: Record, details: dict[str, str], line: int) -> Member:
    return Member(hash=hash_, address=person[3], name=person[4], details=details, line=line)


def _stream_members(connection: Connection, names: Sequence[str]) -> Iterable[Sequence[Any]]:
    """Of each membership of these lists the hash, list, address, name, details as JSON, and source, by the hash."""
    columns = (
        *(subscribers.c.hash, memberships.c.list, subscribers.c.address),
        *(subscribers.c.name, cast(memberships.c.details, Text), memberships.c.source),
    )
    statement = select(*columns).join_from(memberships, subscribers).where(memberships.c.list.in_(names))
    return connection.execute(statement.order_by(subscribers.c.hash).execution_options(yield_per=_BATCH))


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
    for part in reversed(difference.lists):  # of somebody on several lists, the first file counts, as it does for names
        if part.language:
            wish_by_file(connection, _find_languages(part), now=now)


def _find_languages(part: ListDifference) -> Iterator[tuple[bytes, str]]:
    """The hash of each person who is new, or whose language the file now says otherwise, with its code, or ""."""
    for member in part.added:
        if language := find_language(member.details.get(part.language, "")):
            yield member.hash, language
    for change in part.changed:
        was, now = (find_language(each.details.get(part.language, "")) for each in (change.before, change.after))
        if was != now:
            yield change.after.hash, now


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
