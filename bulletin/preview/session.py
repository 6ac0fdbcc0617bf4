"""The workspace while someone writes in it: the last good edition of each issue, and what is wrong now."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from bulletin.declaration.files import is_inside
from bulletin.declaration.source import Source
from bulletin.edition.build import EditionMaker
from bulletin.edition.edition import Edition
from bulletin.errors import BulletinError, Fault, FaultyFiles, NotFound
from bulletin.issue.audience import PUBLIC, Audience
from bulletin.issue.identity import read_identity
from bulletin.issue.model import Issue
from bulletin.preview.findings import list_findings
from bulletin.proof.finding import Finding
from bulletin.workspace.workspace import Workspace, open_workspace


@dataclass(frozen=True, kw_only=True)
class Good:
    """An issue that had no fault when it was read, its file then, its edition for everyone, and when that was."""

    issue: Issue
    source: Source
    edition: Edition
    maker: EditionMaker
    made_at: datetime

    def edition_for(self, audience: Audience) -> Edition:
        """The edition for some readers. Raises as `EditionMaker.make`."""
        seen = self.issue.for_audience(audience)
        return self.edition if seen == self.issue.for_audience(PUBLIC) else self.maker.make(seen)

    @cached_property
    def version(self) -> str:
        """Another one for each edition and each file: a comment that is added moves the lines below it."""
        return sha256("\n".join([self.edition.digest, *self.source.lines]).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Showing:
    """What to show of an issue: the last good version (None if there was none), and the faults that it has now.

    `lines` are those of its file now; none if it cannot be read.
    """

    revision: int
    good: Good | None = None
    lines: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


class PreviewSession:
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
        self._findings_lock = threading.Lock()
        self._findings: dict[str, tuple[int, tuple[Finding, ...]]] = {}
        self._opened: set[str] = set()  # the digests of editions that were shown as an email

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
        """All issues, the newest first.

        Leaves out files outside the workspace (a link to elsewhere), and names that are not UTF-8: a page can't show
        those.
        """
        ids = [name for name in self._workspace.issue_ids() if self.holds(self._workspace.issue_path(name))]
        ids = [name for name in ids if os.fsencode(name) == name.encode(errors="replace")]
        return sorted(ids, key=lambda name: (bool(read_identity(name)), name.rpartition("/")[2]), reverse=True)

    def holds(self, path: Path) -> bool:
        """Whether `path`, with its links followed, is in the workspace."""
        return is_inside(path, self._root)

    def show(self, issue_id: str) -> Showing:
        """What to show of an issue now. Raises NotFound if it isn't there and never was."""
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
        before = replace(before, revision=revision, lines=())
        try:
            source = self._workspace.read_both_sources(issue_id)
            before = replace(before, lines=source.lines)
            self._workspace = open_workspace(self._root, environ=self._environ)
            issue = self._workspace.load_issue(issue_id)
            maker = EditionMaker(self._workspace, issue_id, issue)
            good = Good(
                issue=issue,
                source=source,
                edition=maker.make(issue.for_audience(PUBLIC)),
                maker=maker,
                made_at=self.clock(),
            )
        except FaultyFiles as error:
            return replace(before, faults=error.faults)
        except BulletinError as error:
            fault = Fault(file=f"issues/{issue_id}.yaml", message=error.message, remedy=error.remedy)
            return replace(before, faults=(fault,))
        return Showing(revision=revision, good=good, lines=source.lines)

    def note_opened(self, edition: Edition) -> None:
        """An edition was shown."""
        self._opened.add(edition.digest)

    def has_opened(self, edition: Edition) -> bool:
        """Whether exactly this edition was shown since the preview began."""
        return edition.digest in self._opened

    def findings(self, issue_id: str) -> tuple[Finding, ...]:
        """The findings in an issue now; none as long as it has faults, which come first. Raises NotFound."""
        showing = self.show(issue_id)
        if showing.faults:
            return ()
        with self._findings_lock:
            revision, findings = self._findings.get(issue_id, (-1, ()))
            if revision != showing.revision:
                findings = list_findings(self._workspace, issue_id, today=self.clock().date())
                self._findings[issue_id] = (showing.revision, findings)
            return findings
