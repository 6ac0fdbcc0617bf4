"""The files of the archive that search past issues: the page, its script, and the index of all visible issues.

They are made anew only if a record differs: an index can't be added to.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bulletin.edition.leaks.leak_proof import require_no_leak_in
from bulletin.edition.web.addresses import SEARCH, SEARCH_INDEX
from bulletin.edition.web.archive_pages import Shelf
from bulletin.edition.web.archive_site import ArchiveSite
from bulletin.edition.web.issue_facts import IssueFacts
from bulletin.edition.web.search_page import SearchFrame, list_choices, make_assets, render_search
from bulletin.edition.web.search_records import SearchRecord, list_records
from bulletin.issue.model import Issue
from bulletin.publishing.companions import CompanionFile
from bulletin.publishing.manifest import Bundle
from bulletin.publishing.page_list import PlannedFile
from bulletin.publishing.search.pagefind_service import index_records, tell_index
from bulletin.publishing.search.record_store import IssueRecords, load_records, save_records, select_records
from bulletin.publishing.site_folder import digest

if TYPE_CHECKING:
    from bulletin.workspace.workspace import Workspace

BUNDLE: Final = "search"
"""What the index is called among the bundles of issues; no issue can be called so."""

_KIND: Final = "search file"


@dataclass(kw_only=True)
class SearchMaker:
    """Makes the files for searching. It is given to a build among the makers of files beside an issue's page.

    `index` makes the index of records. It raises BulletinError if it can't.
    """

    workspace: Workspace
    index: Callable[[Sequence[SearchRecord]], Mapping[str, bytes]] = index_records
    _issues: list[IssueRecords] = field(default_factory=list)
    _frame: SearchFrame | None = None

    def write_recipe(self, issue_id: str) -> str:
        """Nothing: it makes no file beside an issue's page."""
        del issue_id
        return ""

    def make(self, issue: Issue, *, issue_id: str, page: str) -> Sequence[CompanionFile]:
        """None."""
        del issue, issue_id, page
        return ()

    def gather(
        self,
        site: ArchiveSite,
        shelves: Sequence[Shelf],
        *,
        keys: Mapping[str, str],
        load: Callable[[str], Issue],
        out: Path,
    ) -> None:
        """Find the records of all visible issues; only an issue whose key has changed is loaded. Raises LeakFound.

        `keys` has, for each issue, a digest of all that it says and is read with.
        """
        known = load_records(self.workspace.state_folder, out)
        self._issues = []
        for shelf in shelves:
            for facts in shelf.issues:
                before, key = known.get(facts.id), keys[facts.id]
                same = before is not None and before.recipe == key
                self._issues.append(before if before and same else self._read(site, facts, load(facts.id), key))

    def _read(self, site: ArchiveSite, facts: IssueFacts, issue: Issue, key: str) -> IssueRecords:
        title = site.settings.bulletins[facts.bulletin].title
        records = tuple(list_records(issue, facts, bulletin_title=title))
        require_no_leak_in(
            "\n".join(record.words for record in records),
            self.workspace.load_issue(facts.id),
            issue,
            settings=site.settings,
            theme=site.theme,
            output="the search index",
        )
        return IssueRecords(issue=facts.id, recipe=key, records=records)

    def write_index(
        self, known: Bundle | None, intact: Collection[str], contents: dict[str, tuple[bytes, str]]
    ) -> Bundle:
        """The bundle of the index; its files are put into `contents` if a record differs from the `known` one's."""
        records = list(select_records(self._issues))
        recipe = digest(json.dumps([asdict(record) for record in records]).encode())
        if known and known.recipe == recipe and set(known.files) <= set(intact):
            return known
        made = {f"{SEARCH_INDEX}{path}": (content, _KIND) for path, content in self.index(records).items()}
        contents.update(made)
        return Bundle(recipe=recipe, files=tuple(sorted(made)))

    def plan(self, site: ArchiveSite) -> list[PlannedFile]:
        """The page, its script and its style sheet."""
        records = list(select_records(self._issues))
        indexes = sorted({tell_index(record.language) for record in records})
        assets = make_assets(site)
        frame = SearchFrame.of(site, assets, list_choices(site.settings, records, indexes=indexes))
        self._frame = frame
        recipe = digest(json.dumps([site.inputs, site.settings.model_dump_json(), asdict(frame)]).encode())
        make_page = partial(render_search, site, frame)
        page = PlannedFile(path=f"{SEARCH}index.html", recipe=recipe, kind="page", make=lambda: make_page().encode())
        files = [
            PlannedFile(path=path, recipe=digest(content), kind="asset", make=partial(bytes, content))
            for path, content in assets.files.items()
        ]
        return [page, *files]

    def remember(self, out: Path) -> None:
        """Keep the records for the next build, and for `serve`. Raises Unwritten."""
        if self._frame:
            save_records(self.workspace.state_folder, out, self._issues, frame=asdict(self._frame))
