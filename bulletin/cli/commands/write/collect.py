"""`bulletin collect`: imports contributions from partner agencies into an issue."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.options import WorkspaceOption, YesOption
from bulletin.cli.terminal import say, warn
from bulletin.cli.wording.correction_text import Offer
from bulletin.disk import File, write_all
from bulletin.errors import BulletinError, Fault, FaultyFiles, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from bulletin.cli.wording.contribution_text import RefusedFile
    from bulletin.collecting.contribution import Contribution
    from bulletin.collecting.correction import Correction
    from bulletin.collecting.memory import EntryRecord
    from bulletin.collecting.merging import Merged
    from bulletin.collecting.pictures import PictureBeside
    from bulletin.declaration.source import Source
    from bulletin.issue.item import ValidationContext
    from bulletin.issue.model import Issue
    from bulletin.workspace.workspace import Workspace


def collect(
    issue: Annotated[
        str | None,
        typer.Argument(metavar="ISSUE", help="The issue (default: the last one).", show_default=False),
    ] = None,
    *,
    forms: Annotated[bool, typer.Option("--forms", help="Write blank forms for contributors to fill in.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would happen and change nothing.")] = False,
    yes: YesOption = False,
    folder: WorkspaceOption = None,
) -> None:
    """Import contributions from partners.

    Each item is checked and added once, with its sender's name. If it has a mistake, you get an email to paste for its
    sender. Then it lists who hasn't replied.

      bulletin collect --forms   write blank forms for partners
      bulletin collect           import what came back

    Next: bulletin preview
    """
    from bulletin.cli.wording.late import find_day_sent
    from bulletin.collecting.arrivals import FOLDER
    from bulletin.workspace.workspace import open_workspace

    workspace = open_workspace(folder)
    issue_id = workspace.find_issue(issue) if issue else _find_last(workspace)
    present = workspace.load_issue(issue_id)
    arrivals = workspace.root / "issues" / issue_id / FOLDER
    if forms:
        _write_forms(workspace, present, arrivals / "forms", dry_run=dry_run)
        return
    memory = _recall(arrivals)
    arrived = _read_all(workspace, present, arrivals, memory)
    collecting = _Collecting(workspace.read_issue_source(issue_id), memory, arrived.context)
    if sent_on := find_day_sent(workspace, issue_id):
        _name_late(workspace, issue_id, sent_on, collecting=collecting, arrived=arrived)
        return
    offer = Offer(issue=issue_id, yes=yes, dry_run=dry_run)
    outcomes = collecting.merge_all(arrived, offer)
    is_changed = False if dry_run else _keep(workspace, issue_id, arrivals, collecting, arrived.pictures)
    _report(workspace, present, arrived, outcomes, dry_run=dry_run)
    if dry_run:
        say("Nothing was written (--dry-run).")
    elif is_changed:
        say(f"issues/{issue_id}.yaml is updated. See it with: bulletin preview {issue_id}")
    if offer.open:
        say(f"To make these changes, run: bulletin collect {issue_id} --yes")
    if arrived.refused or offer.open or any(contribution.held for contribution, _ in outcomes):
        raise typer.Exit(1)


def _report(
    workspace: Workspace,
    issue: Issue,
    arrived: _Arrived,
    outcomes: Sequence[tuple[Contribution, Merged]],
    *,
    dry_run: bool,
) -> None:
    """Print what became of each file, the emails to send, and who hasn't replied."""
    from bulletin.cli.wording.contribution_text import (
        print_awaited,
        print_lengths,
        print_letters,
        print_outcome,
        print_pictures,
        print_refused,
    )
    from bulletin.collecting.awaiting import find_deadline

    print_pictures(arrived.pictures, dry_run=dry_run)
    for contribution, merged in outcomes:
        print_outcome(contribution, merged)
    print_refused(arrived.refused)
    print_lengths(workspace, [contribution for contribution, _ in outcomes])
    sent = [contribution for contribution, _ in outcomes]
    deadline = find_deadline(issue.published, days=workspace.settings.deadline_days)
    print_letters(workspace, issue, sent, arrived.refused, deadline=deadline)
    faulty: dict[str, list[str]] = {}
    for sender, file in (
        *((one.sender, one.file) for one in arrived.refused),
        *((one.sender, one.file) for one in sent if one.held),
    ):
        faulty.setdefault(sender, []).append(file)
    print_awaited(workspace, issue, sent, faulty)


def _name_late(
    workspace: Workspace, issue_id: str, sent_on: date, *, collecting: _Collecting, arrived: _Arrived
) -> None:
    """Print what arrived after the issue was sent. Raises Exit if there is any."""
    from bulletin.cli.wording.late import find_late, print_late

    late = [
        *find_late(collecting.merge, arrived.sent),
        *((one.file, f"“{held.title}” has faults") for one in arrived.sent for held in one.held if held.title),
        *((one.file, "it has faults") for one in arrived.refused),
    ]
    print_late(workspace, issue_id, sent_on, late)
    if late:
        raise typer.Exit(1)


def _find_last(workspace: Workspace) -> str:
    from bulletin.issue.identity import is_regular

    ids = [issue_id for issue_id in workspace.issue_ids() if "/" not in issue_id]
    if not ids:
        raise NotFound("There is no issue yet.", "Draft one with `bulletin new`, or name an issue of another bulletin.")
    return max(filter(is_regular, ids), default=max(ids))


@dataclass(kw_only=True)
class _Arrived:
    """What is in the folder of contributions: those that can be used, the files that can't, and pictures."""

    context: ValidationContext
    sent: list[Contribution] = field(default_factory=list)
    refused: list[RefusedFile] = field(default_factory=list)
    pictures: list[PictureBeside] = field(default_factory=list)


def _read_all(workspace: Workspace, issue: Issue, folder: Path, memory: EntryRecord) -> _Arrived:
    """Read the folder of contributions. Prints nothing."""
    from bulletin.cli.wording.contribution_text import RefusedFile
    from bulletin.collecting.arrivals import guess_sender, is_contribution, read_contribution
    from bulletin.collecting.pictures import is_picture, read_pictures
    from bulletin.declaration.files import find_files

    contributors = workspace.settings.contributors
    files = list(find_files(folder))
    read = list(read_pictures(filter(is_picture, files), root=workspace.root, copied=memory.pictures))
    pictures = [one for one in read if not isinstance(one, Fault)]
    arrived = _Arrived(context=_make_context(workspace, issue, pictures), pictures=pictures)
    for fault in read:
        if isinstance(fault, Fault):
            sender = guess_sender(folder / fault.file, contributors, arrived.context.own_kinds)
            arrived.refused.append(RefusedFile(file=fault.file, sender=sender, faults=(fault,)))
    beside = {one.file: one.path for one in pictures}
    for path in filter(is_contribution, files):
        try:
            found = read_contribution(
                path, shown_as=path.name, contributors=contributors, context=arrived.context, pictures=beside
            )
            arrived.sent.append(found)
        except FaultyFiles as error:
            sender = guess_sender(path, contributors, arrived.context.own_kinds)
            arrived.refused.append(RefusedFile(file=path.name, sender=sender, faults=error.faults))
    return arrived


def _make_context(workspace: Workspace, issue: Issue, pictures: Iterable[PictureBeside]) -> ValidationContext:
    """What contributions are checked against. Pictures that are yet to be copied count as there."""
    from bulletin.issue.item import ValidationContext
    from bulletin.workspace.pictures import refuse_picture, suggest_picture

    coming = {one.path for one in pictures if one.is_new}

    def refuse(name: str) -> str:
        return "" if name in coming else refuse_picture(workspace.root, name)

    lists = frozenset(workspace.settings.lists)
    return ValidationContext(
        month=issue.month,
        lists=lists,
        refuse_picture=refuse,
        suggest_picture=partial(suggest_picture, workspace.root),
        own_kinds=workspace.read_own_kinds(),
    )


def _recall(folder: Path) -> EntryRecord:
    """The record of what was added to the issue so far. Warns if it can't be read in full."""
    from bulletin.collecting.memory import MEMORY_FILE, read_memory

    memory = read_memory(folder)
    if not memory.whole:
        warn(
            f"{folder / MEMORY_FILE} can't be read in full. It records what was added to the issue before. Anything "
            "that you removed since may be added again: check the lines below that begin with +."
        )
    return memory


class _Collecting:
    """An issue while contributions are added to it, and the record of them."""

    def __init__(self, source: Source, memory: EntryRecord, context: ValidationContext) -> None:
        self.source = source
        self.memory = memory
        self._context = context

    def merge_all(self, arrived: _Arrived, offer: Offer) -> list[tuple[Contribution, Merged]]:
        """Add all that fits the issue, in the order that files were saved, and say what came of each.

        Files of which nothing fits are added to those refused.
        """
        from bulletin.cli.wording.contribution_text import RefusedFile
        from bulletin.collecting.arrivals import order_arrivals
        from bulletin.collecting.merging import merge_fitting

        outcomes = []
        for contribution in order_arrivals(arrived.sent):
            offer.organisation = contribution.organisation
            try:
                fitting, merged = merge_fitting(
                    self.source, contribution, context=self._context, memory=self.memory, decide=offer.decide
                )
            except FaultyFiles as error:
                faults = (*error.faults, *(fault for held in contribution.held for fault in held.faults))
                arrived.refused.append(RefusedFile(file=contribution.file, sender=contribution.sender, faults=faults))
            else:
                self.source, self.memory = merged.source, merged.memory
                outcomes.append((fitting, merged))
        return outcomes

    def merge(self, contribution: Contribution, decide: Callable[[Correction], bool]) -> Merged:
        """Add one. Raises FaultyFiles."""
        from bulletin.collecting.merging import merge

        merged = merge(self.source, contribution, context=self._context, memory=self.memory, decide=decide)
        self.source, self.memory = merged.source, merged.memory
        return merged


def _keep(
    workspace: Workspace, issue_id: str, folder: Path, collecting: _Collecting, pictures: Iterable[PictureBeside]
) -> bool:
    """Write the issue, the record of contributions and new pictures: all, or none. Whether the issue has changed."""
    from bulletin.collecting.memory import MEMORY_FILE, read_memory, write_memory

    kept = {one.digest: one.path for one in pictures}
    files = [File(path=workspace.root / one.path, content=one.content, new=True) for one in pictures if one.is_new]
    if is_changed := collecting.source.lines != workspace.read_issue_source(issue_id).lines:
        files.append(_make_file(workspace.issue_path(issue_id), collecting.source))
    before, memory = read_memory(folder), replace(collecting.memory, pictures={**collecting.memory.pictures, **kept})
    if (memory.collected or kept) and (memory.collected, memory.pictures) != (before.collected, before.pictures):
        files.append(File(path=folder / MEMORY_FILE, content=write_memory(memory).encode()))
    write_all(files)
    return is_changed


def _make_file(path: Path, source: Source) -> File:
    """The issue's new text, with the line endings that its file has."""
    newline = "\r\n" if b"\r\n" in path.read_bytes() else "\n"
    return File(path=path, content=newline.join(source.lines).encode())


def _write_forms(workspace: Workspace, issue: Issue, folder: Path, *, dry_run: bool) -> None:
    """Write the forms that don't exist yet: all, or none."""
    from bulletin.collecting.awaiting import find_deadline
    from bulletin.collecting.forms import write_workbook_form, write_yaml_form

    settings = workspace.settings
    if not settings.contributors:
        remedy = "List them under `contributors:` in bulletin.yaml: a short name, an organisation and an email each."
        raise BulletinError("There are no contributors to write a form for.", remedy)
    deadline = find_deadline(issue.published, days=settings.deadline_days)
    send_to = settings.organisation.email
    own = workspace.read_own_kinds()
    forms: dict[Path, bytes] = {}
    for name, each in settings.contributors.items():
        yaml = write_yaml_form(
            name, each, month=issue.month, deadline=deadline, send_to=send_to, file=f"{name}.yaml", own=own
        ).encode()
        xlsx = write_workbook_form(
            each, month=issue.month, deadline=deadline, send_to=send_to, file=f"{name}.xlsx", own=own
        )
        forms |= {folder / f"{name}.yaml": yaml, folder / f"{name}.xlsx": xlsx}
    missing = [File(path=path, content=content, new=True) for path, content in forms.items() if not path.exists()]
    if not dry_run:
        write_all(missing)
    written = {file.path for file in missing}
    for path in forms:
        said = f"{'would be' if dry_run else 'is'} written" if path in written else "already exists"
        say(f"{path.relative_to(workspace.root).as_posix()} {said}.")
