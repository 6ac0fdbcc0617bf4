"""What `bulletin subscribers remove` asks, does and says."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress as suppress_errors
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from bulletin.cli.terminal import say
from bulletin.cli.wording.lists.suppression_text import describe_scope
from bulletin.database.states import ScopeKind, SuppressionOrigin, SuppressionReason
from bulletin.errors import BulletinError, NotFound
from bulletin.subscribers.address import Address
from bulletin.subscribers.address_hash import hash_addresses
from bulletin.subscribers.lists import read_list
from bulletin.subscribers.scope import EVERYTHING, FIRST_BULLETIN, Scope, one_bulletin, one_list
from bulletin.subscribers.subscriber import find_lists, find_similar
from bulletin.subscribers.suppression import find_suppressions, suppress
from bulletin.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Stranger:
    """An address that is not where it was said to be: the lists that it is on, and others like it that are on some."""

    address: Address
    lists: tuple[str, ...]
    similar: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Removal:
    """Some addresses that are to get no more email, within a scope; `what` says in words of what."""

    workspace: Workspace
    wanted: tuple[Address, ...]
    scope: Scope
    what: str

    @classmethod
    def choose(cls, workspace: Workspace, wanted: Sequence[Address], *, list_name: str, bulletin: str) -> Self:
        """What is to be done by the options. Raises NotFound for a list or a bulletin that bulletin.yaml hasn't."""
        scope = EVERYTHING
        if list_name:
            _require_known("list", list_name, workspace.settings.lists)
            scope = one_list(list_name)
        elif bulletin:
            _require_known("bulletin", bulletin, workspace.settings.bulletins)
            is_first = bulletin == next(iter(workspace.settings.bulletins))
            scope = one_bulletin(FIRST_BULLETIN if is_first else bulletin)
        return cls(
            workspace=workspace, wanted=tuple(wanted), scope=scope, what=describe_scope(scope, workspace.settings)
        )

    @property
    def question(self) -> str:
        """What a person is asked."""
        if len(self.wanted) == 1:
            return f"Stop {self.what} to {self.wanted[0].written} anyway?"
        return f"Stop {self.what} to these {len(self.wanted):,} addresses, for good?"

    def find_strangers(self, connection: Connection) -> tuple[Stranger, ...]:
        """Those who are on no list (or not on the one named), and are not stopped already.

        Lists are as the database has them; of who isn't there, as their files declare them: a sync may be due.
        """
        known = dict(zip(self.wanted, self._hash(connection), strict=True))
        lists = {address: find_lists(connection, hash_) for address, hash_ in known.items()}
        missing = [
            one for one in known if not self._is_on(lists[one]) and not find_suppressions(connection, known[one])
        ]
        for address, names in (_find_declared(self.workspace, missing) if missing else {}).items():
            lists[address] = tuple(sorted({*lists[address], *names}))
        return tuple(
            Stranger(address=one, lists=lists[one], similar=() if lists[one] else find_similar(connection, one))
            for one in missing
            if not self._is_on(lists[one])
        )

    def _is_on(self, lists: Collection[str]) -> bool:
        return self.scope.target in lists if self.scope.kind is ScopeKind.LIST else bool(lists)

    def show_strangers(self, strangers: Collection[Stranger]) -> None:
        """Say of each why it may be a slip."""
        for one in strangers:
            where = f"not on {self.scope.target}, only on {', '.join(one.lists)}" if one.lists else "on no list"
            meant = f" Did you mean {' or '.join(one.similar)}?" if one.similar else ""
            say(f"{one.address.written} is {where}.{meant}")

    def carry_out(self, connection: Connection, *, now: int, note: str) -> tuple[bool, ...]:
        """Stop them, in the caller's transaction (`now` in ms since 1970). For each, whether that is new."""
        reason, origin = SuppressionReason.OPTED_OUT, SuppressionOrigin.COMMAND
        return tuple(
            suppress(connection, one, reason=reason, origin=origin, now=now, scope=self.scope, note=note)
            for one in self._hash(connection)
        )

    def show_result(self, new: Sequence[bool]) -> None:
        """Say of each what it gets from now on."""
        never, already = _RESULTS[self.scope.kind]
        for address, is_new in zip(self.wanted, new, strict=True):
            say(f"{address.written} {(never if is_new else already).format(what=self.what)}")
        if any(new):
            say("You don't need to edit the list files.")

    def _hash(self, connection: Connection) -> list[bytes]:
        return list(hash_addresses(connection, [address.key for address in self.wanted]))


_RESULTS = {
    ScopeKind.ALL: ("will never be emailed again, from any list.", "already gets no email."),
    ScopeKind.LIST: ("will get no more email through {what}.", "already gets no email through {what}."),
    ScopeKind.BULLETIN: ("will never get {what} again.", "already doesn't get {what}."),
}


def _find_declared(workspace: Workspace, wanted: Collection[Address]) -> dict[Address, list[str]]:
    """The lists whose files name these addresses. A file that can't be read names no one: that is told elsewhere."""
    found: dict[Address, list[str]] = {one: [] for one in wanted}
    for name in workspace.settings.lists:
        shown_as = workspace.list_file(name)
        with suppress_errors(BulletinError):
            keys = {entry.address.key for entry in read_list(workspace.root / shown_as, shown_as=shown_as).entries}
            for one in wanted:
                found[one] += [name] if one.key in keys else []
    return found


def _require_known(noun: str, name: str, known: Mapping[str, object]) -> None:
    if name not in known:
        raise NotFound(f"There is no {noun} “{name}”.", f"The {noun}s in bulletin.yaml are: {', '.join(known)}.")
