"""Adds one person to a list: a line at the end of its file, then a sync. Never someone who is suppressed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulletin.database.errors import database_errors
from bulletin.database.states import ConsentMethod
from bulletin.disk import write_whole
from bulletin.errors import BulletinError
from bulletin.settings.organisation import Basis, ConsentEvidence
from bulletin.subscribers.address import Address
from bulletin.subscribers.address_hash import hash_address
from bulletin.subscribers.consent import add_consent
from bulletin.subscribers.difference import Difference
from bulletin.subscribers.lists import clean_line
from bulletin.subscribers.names import find_name_fault
from bulletin.subscribers.scope import one_list
from bulletin.subscribers.suppression import Suppression, find_suppressions, refuse_address
from bulletin.subscribers.sync import read_declared_lists
from bulletin.subscribers.upkeep.import_rows import ImportedPerson
from bulletin.subscribers.upkeep.importing_people import sync_files
from bulletin.subscribers.upkeep.list_writing import ConsentSource, extend_list
from bulletin.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


@dataclass(frozen=True, kw_only=True, slots=True)
class Addition:
    """Someone who is to be put on a list. `asked` is how they asked for it, in an officer's words."""

    address: Address
    list_name: str
    name: str = ""
    asked: str = ""

    def check(self) -> Addition:
        """The same, with its name cleaned. Raises BulletinError for a name that is none, or an address in `asked`."""
        refuse_address(self.asked)
        name = clean_line(self.name)
        if fault := find_name_fault(name):
            raise BulletinError(f"“{name}” {fault.message}", fault.remedy)
        return replace(self, name=name)


def find_stops(connection: Connection, addition: Addition) -> tuple[Suppression, ...]:
    """What keeps this person from getting email through the list, from any bulletin."""
    scope = one_list(addition.list_name)
    stops = find_suppressions(connection, hash_address(connection, addition.address.key))
    return tuple(one for one in stops if one.scope.includes(scope) and scope not in one.lifted)


def is_declared(workspace: Workspace, addition: Addition) -> bool:
    """Whether the list's file names this address already. Raises NotFound or FaultyFiles if it can't be read."""
    file = read_declared_lists(workspace, new=addition.list_name)[addition.list_name]
    key = addition.address.key
    return key in file.stopped or any(entry.address.key == key for entry in file.entries)


def add_reader(workspace: Workspace, engine: Engine, addition: Addition, *, now: int) -> Difference:
    """Add them, and sync all lists; `now` in ms since 1970.

    For a list of people who consented, what they asked is kept as evidence. Raises BulletinError for someone who is
    suppressed, and Unwritten.
    """
    with database_errors(), engine.begin() as connection:
        if find_stops(connection, addition):
            raise BulletinError(f"{addition.address.written} is suppressed.", "Only they can change that.")
    path = workspace.root / (shown_as := workspace.list_file(addition.list_name))
    person = ImportedPerson(address=addition.address, line=0, name=addition.name, since=now)
    source = _find_source(workspace, addition)
    write_whole(path, extend_list(path, [person], source=source, shown_as=shown_as))
    with database_errors(), engine.begin() as connection:
        difference = sync_files(connection, workspace, now=now)
        if source:
            hash_ = hash_address(connection, addition.address.key)
            method, words = ConsentMethod.COMMAND, addition.asked
            add_consent(connection, hash_, method=method, asked_at=now, list_name=addition.list_name, page=words)
    return difference


def _find_source(workspace: Workspace, addition: Addition) -> ConsentSource | None:
    settings = workspace.settings.lists[addition.list_name]
    if settings.basis is not Basis.CONSENT or not addition.asked:
        return None
    return ConsentSource(columns=settings.evidence or ConsentEvidence(), how=addition.asked)
