"""The issues of a workspace as the archive sees them: which are public now, and what they say there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bulletin import __version__
from bulletin.declaration.files import read_file
from bulletin.edition.theme import find_files
from bulletin.errors import BulletinError, FaultyFiles, NotFound
from bulletin.issue.audience import ON_THE_WEB
from bulletin.issue.model import Issue
from bulletin.publishing.manifest import IssueMemory
from bulletin.publishing.visibility import SentIssues, Visibility, find_embargo, is_approved_now, judge

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.workspace.workspace import Workspace

_THEME: Final = "web/archive"


@dataclass(frozen=True, kw_only=True, slots=True)
class CatalogueEntry:
    """An issue, public now or not. `key` is the digest of its file and of all that it is read with.

    `memory` is what an earlier build remembers of exactly that; `issue` is the public edition, if it was read.
    """

    id: str
    bulletin: str
    name: str
    key: str
    embargo_at: int
    published: str
    memory: IssueMemory | None = None
    issue: Issue | None = field(default=None, repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether every part of it is for some readers only."""
        return not self.issue.sections if self.issue else bool(self.memory and self.memory.is_empty)


@dataclass(frozen=True, kw_only=True, slots=True)
class HiddenIssue:
    """An issue that isn't public: why, and until when its embargo lasts (ms since 1970)."""

    id: str
    why: Visibility
    embargo_at: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Catalogue:
    """What is public, what isn't, and the files that can't be read; by their ids.

    `unseen` has an entry for each that isn't public, so that the next build need not read it.
    """

    entries: tuple[CatalogueEntry, ...]
    hidden: tuple[HiddenIssue, ...]
    faulty: tuple[str, ...]
    unseen: tuple[CatalogueEntry, ...] = ()


def read_catalogue(
    workspace: Workspace, engine: Engine, *, now: int, sent: SentIssues, remembered: Mapping[str, IssueMemory]
) -> Catalogue:
    """All issues, as they stand at `now` (ms since 1970).

    Only files that `remembered` doesn't know are read. A draft with faults is left out: it was never public, or the
    build stops at it.
    """
    entries, hidden, faulty, unseen = [], [], [], []
    inputs = digest_inputs(workspace)
    for issue_id in workspace.issue_ids():
        try:
            entry = _read_entry(workspace, issue_id, inputs, remembered.get(issue_id))
        except (FaultyFiles, NotFound):
            faulty.append(issue_id)
            continue
        why = judge(
            issue_id,
            published=_read_day(entry.published),
            embargo_at=entry.embargo_at,
            sent=sent,
            now=now,
            is_approved=partial(_is_approved, workspace, engine, now),
        )
        if why is Visibility.VISIBLE and entry.is_empty:
            why = Visibility.NOTHING_PUBLIC
        if why is Visibility.VISIBLE:
            entries.append(entry)
        else:
            hidden.append(HiddenIssue(id=issue_id, why=why, embargo_at=entry.embargo_at))
            unseen.append(entry)
    return Catalogue(entries=tuple(entries), hidden=tuple(hidden), faulty=tuple(faulty), unseen=tuple(unseen))


def load_public(workspace: Workspace, issue_id: str) -> Issue:
    """An issue without what is not for the public. Raises FaultyFiles."""
    return workspace.load_issue(issue_id).for_audience(ON_THE_WEB)


def digest_inputs(workspace: Workspace) -> str:
    """What every page depends on beside its issue: the settings, the templates, and this program."""
    digest = sha256(f"{__version__}\n{workspace.settings.model_dump_json()}".encode())
    for folder in workspace.theme_folders:
        for path in sorted(_list_templates(folder)):
            digest.update(f"\n{path.relative_to(folder)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _list_templates(folder: Path) -> Iterator[Path]:
    own = folder / _THEME
    yield from find_files(own) if own.is_dir() else ()
    yield from (path for path in own.glob("*.js") if path.is_file())


def _read_entry(workspace: Workspace, issue_id: str, inputs: str, memory: IssueMemory | None) -> CatalogueEntry:
    bulletin = workspace.bulletin_of(issue_id)
    second = workspace.second_path(issue_id)
    content = read_file(workspace.issue_path(issue_id)) + (read_file(second[0]) if second else b"")
    key = sha256(inputs.encode() + content).hexdigest()
    known = memory if memory and memory.key == key else None
    issue = None if known else load_public(workspace, issue_id)
    embargo_at = known.embargo_at if known else find_embargo(issue.published, issue.embargo) if issue else 0
    return CatalogueEntry(
        id=issue_id,
        bulletin=bulletin,
        name=issue_id.rpartition("/")[2],
        key=key,
        embargo_at=embargo_at,
        published=known.published if known else issue.published.isoformat() if issue else "",
        memory=known,
        issue=issue,
    )


def _read_day(text: str) -> date:
    return date.fromisoformat(text)


def _is_approved(workspace: Workspace, engine: Engine, now: int, issue_id: str) -> bool:
    try:
        return is_approved_now(workspace, engine, issue_id, now=now)
    except BulletinError:
        return False  # what can't be rendered or has faults can't be approved as it is
