"""What a process makes once and the suite would make anew for each command: kept for all tests of a session.

None of it depends on a workspace or a database. A process of its own still makes all of it: see `forked`.
"""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
import typer
from anyio.from_thread import BlockingPortal, start_blocking_portal
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.util import LRUCache
from starlette.testclient import TestClient

import read_forked
from bulletin.cli.app import make_app
from bulletin.importing import reading, sandbox
from bulletin.importing.blocks import Block
from bulletin.proof import custom_rules

_STATEMENTS = 2_000  # that are kept


@contextmanager
def made_once() -> Iterator[None]:
    """During the `with` block, commands, statements and the like are made once."""
    with pytest.MonkeyPatch.context() as patch:
        _keep_commands(patch)
        _keep_statements(patch)
        _keep_installed(patch)
        _keep_old_bulletins(patch)
        with _kept_loop(patch):
            yield


@contextmanager
def _kept_loop(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Starlette's client starts a thread and an event loop for each request. A website has one, for all of them."""
    with ExitStack() as stack:
        begun: list[BlockingPortal] = []

        @contextmanager
        def one_for_all(_client: TestClient) -> Iterator[BlockingPortal]:
            if not begun:
                begun.append(stack.enter_context(start_blocking_portal()))
            yield begun[0]

        patch.setattr(TestClient, "_portal_factory", one_for_all)
        yield


def _keep_commands(patch: pytest.MonkeyPatch) -> None:
    """Typer makes all commands from the signatures of their functions: a third of what a short command takes."""
    make = typer.main.get_command
    app = make_app()
    commands = make(app)

    def get_command(of: typer.Typer) -> Any:
        return commands if of is app else make(of)

    patch.setattr("typer.main.get_command", get_command)
    patch.setattr("typer.testing._get_command", get_command)


def _keep_statements(patch: pytest.MonkeyPatch) -> None:
    """SQLAlchemy puts each statement into SQL once for an engine, and each command has an engine of its own.

    All files speak the same SQL, and so do all servers of one version.
    """
    put_into_sql = ClauseElement._compile_w_cache
    known: LRUCache[Any, Any] = LRUCache(_STATEMENTS)
    dialects: dict[tuple[object, ...], Any] = {}

    def look_up(statement: Any, dialect: Any, *, compiled_cache: Any, **options: Any) -> Any:
        if compiled_cache is not None:
            kind = (type(dialect), getattr(dialect, "server_version_info", None))
            dialect, compiled_cache = dialects.setdefault(kind, dialect), known
        return put_into_sql(statement, dialect, compiled_cache=compiled_cache, **options)

    patch.setattr(ClauseElement, "_compile_w_cache", look_up)


def _keep_installed(patch: pytest.MonkeyPatch) -> None:
    """Python reads the folders of all installed packages each time it is asked what they offer."""
    known: dict[tuple[str, ...], Any] = {}

    def entry_points(**which: str) -> Any:
        path = tuple(sys.path)
        if path not in known:
            known[path] = importlib.metadata.entry_points()
        return known[path].select(**which)

    patch.setattr(custom_rules, "entry_points", entry_points)


def _keep_old_bulletins(patch: pytest.MonkeyPatch) -> None:
    """Each old bulletin is read in a process of its own, which takes longer than what most tests then ask about it."""
    patch.setattr(sandbox, "subprocess", read_forked)
    read_apart = reading.read_apart
    known: dict[tuple[object, ...], list[Block]] = {}

    def read_once(kind: str, data: bytes, **limits: Any) -> list[Block]:
        key = (kind, data, *sorted(limits.items()))
        if key not in known:
            known[key] = read_apart(kind, data, **limits)
        return list(known[key])

    patch.setattr(reading, "read_apart", read_once)
