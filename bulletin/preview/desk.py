"""The desk: the workspace while somebody writes in it. Of each issue, the last good edition and what is wrong now."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bulletin.edition.edition import Edition
from bulletin.edition.making import make_edition
from bulletin.errors import BulletinError, Fault, FaultyFiles, NotFound
from bulletin.issue.model import Issue
from bulletin.workspace import Workspace, open_workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Good:
    """An issue that had no fault when it was read, its edition, and when that was."""

    issue: Issue
    edition: Edition
    made_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Showing:
    """What there is to show of an issue: what was last good (None if it never was), and the faults that it has now."""

    revision: int
    good: Good | None = None
    faults: tuple[Fault, ...] = ()


class Desk:
    """Renders an issue when it is asked for and something was saved since. Safe to use from several threads.

    `clock` gives the present time with its zone; `environ` is where the workspace's secrets come from.
    """

    def __init__(self, root: Path, *, clock: Callable[[], datetime], environ: Mapping[str, str] | None = None) -> None:
        self._root = root.resolve()
        self.clock = clock
        self._environ = environ
        self._lock = threading.Lock()
        self._revision = 0
        self._workspace = open_workspace(self._root, environ=environ)
        self._shown: dict[str, Showing] = {}

    @property
    def workspace(self) -> Workspace:
        """The workspace as its bulletin.yaml last was without a fault."""
        return self._workspace

    @property
    def revision(self) -> int:
        """A number that grows with every save."""
        return self._revision

    def touch(self) -> None:
        """Something in the workspace was saved."""
        self._revision += 1

    def issue_ids(self) -> list[str]:
        """All issues, the newest first; without one whose file lies outside the workspace (a link to elsewhere)."""
        ids = [name for name in self._workspace.issue_ids() if self.holds(self._workspace.issue_path(name))]
        return sorted(ids, key=lambda name: name.rpartition("/")[2], reverse=True)

    def holds(self, path: Path) -> bool:
        """Whether `path`, wherever links lead, is in the workspace."""
        return path.resolve().is_relative_to(self._root)

    def show(self, issue_id: str) -> Showing:
        """What there is to show of an issue now. Raises NotFound for one that is not, and never was, there."""
        with self._lock:
            known = self._shown.get(issue_id)
            if known is None and issue_id not in self.issue_ids():
                raise NotFound(f"There is no issue “{issue_id}”.", "Choose one from the list of issues.")
            if known is None or known.revision != self._revision:
                known = self._read(issue_id, known or Showing(revision=-1))
                self._shown[issue_id] = known
            return known

    def _read(self, issue_id: str, before: Showing) -> Showing:
        revision = self._revision  # before reading: what is saved meanwhile is read by the next call
        try:
            self._workspace = open_workspace(self._root, environ=self._environ)
            good = Good(
                issue=self._workspace.load_issue(issue_id),
                edition=make_edition(self._workspace, issue_id),
                made_at=self.clock(),
            )
        except FaultyFiles as error:
            return replace(before, revision=revision, faults=error.faults)
        except BulletinError as error:
            fault = Fault(file=f"issues/{issue_id}.yaml", message=error.message, remedy=error.remedy)
            return replace(before, revision=revision, faults=(fault,))
        return Showing(revision=revision, good=good)
