"""The case that the checks judge: a workspace, and what can be asked about it.

What several checks ask is asked once (`Case.once`). Whatever is outside of the program is an argument: name server,
ways to other servers, clock, disks, Git. So tests give a case servers of their own.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final, Self, TypeVar, cast

from bulletin.delivery.message.return_path import find_return_path
from bulletin.doctor.names.resolver import Resolver
from bulletin.doctor.outside.dialler import Dialler
from bulletin.doctor.outside.mounts import read_mounts
from bulletin.doctor.outside.received_copy import ReceivedCopy
from bulletin.settings.organisation import BulletinSettings
from bulletin.workspace.workspace import Workspace

PATIENCE: Final = 5.0
"""Seconds that a name server, a page or one step of the mail server may take."""

_Made = TypeVar("_Made")


def _find_free(path: Path) -> int:
    return shutil.disk_usage(path).free


@dataclass(frozen=True, kw_only=True)
class Computer:
    """This computer: its name in the network, its clock (UTC), its disks, its Python, and its environment."""

    name: str = field(default_factory=platform.node)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    free: Callable[[Path], int] = _find_free  # bytes
    mounts: Callable[[], str] = read_mounts
    python: tuple[int, int] = field(default_factory=lambda: sys.version_info[:2])
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)  # may hold passwords


@dataclass(frozen=True, kw_only=True)
class Case:
    """A workspace, and what can be asked about it. `copy` is a received test copy, if there is one."""

    workspace: Workspace
    resolver: Resolver
    dialler: Dialler
    computer: Computer = field(default_factory=Computer)
    copy: ReceivedCopy | None = None
    find_roles: Callable[[Case], frozenset[str]] | None = None  # what a Microsoft app may do; None: ask Microsoft
    _made: dict[Any, Future[Any]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _guard: Lock = field(default_factory=Lock, init=False, repr=False, compare=False)
    _end: ExitStack = field(default_factory=ExitStack, init=False, repr=False, compare=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end.close()

    def at_end(self, act: Callable[[], object]) -> None:
        """Have `act` called when the case is closed (`with case:`)."""
        self._end.callback(act)

    def once(self, make: Callable[[Case], _Made]) -> _Made:
        """What `make` makes of this case, made once for all checks. Who comes meanwhile waits. Raises as it did."""
        with self._guard:
            future = self._made.get(make)
            mine = future is None
            if future is None:
                future = self._made[make] = Future()
        if mine:
            try:
                future.set_result(make(self))
            except Exception as error:  # noqa: BLE001 -- raised again, here and for all who wait
                future.set_exception(error)
        return cast("_Made", future.result())

    @property
    def bulletin(self) -> BulletinSettings:
        """The first bulletin: the one whose issues are directly in issues/."""
        return next(iter(self.workspace.settings.bulletins.values()))

    @property
    def sender(self) -> str:
        """The address that readers see the bulletin from."""
        return self.bulletin.sender.email

    @property
    def reply_address(self) -> str:
        """Where replies go."""
        return self.bulletin.reply_to or self.sender

    @property
    def envelope(self) -> str:
        """The return path: where servers send what they can't deliver."""
        path = find_return_path(self.workspace.settings)
        return path.address if path else self.sender

    @property
    def domain(self) -> str:
        """The domain that readers see the bulletin from."""
        return domain_of_address(self.sender)

    @property
    def envelope_domain(self) -> str:
        """The domain whose SPF counts."""
        return domain_of_address(self.envelope)


def domain_of_address(address: str) -> str:
    """What is behind the @, in small letters and as the DNS knows it (RFC 5891)."""
    domain = address.rpartition("@")[2].rstrip(".").lower()
    with suppress(UnicodeError):
        return domain.encode("idna").decode("ascii")
    return domain
