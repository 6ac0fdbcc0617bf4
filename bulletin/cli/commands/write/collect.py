"""`bulletin collect`: imports contributions from partner agencies into an issue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.clock import today
from bulletin.cli.options import WorkspaceOption, YesOption
from bulletin.cli.terminal import count, say, warn
from bulletin.cli.wording.correction_text import Offer
from bulletin.disk import File, write_all
from bulletin.errors import BulletinError, FaultyFiles, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from bulletin.collecting.contribution import Contribution
    from bulletin.collecting.correction import Correction
    from bulletin.collecting.memory import EntryRecord
    from bulletin.collecting.merging import Merged
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

    Each one is checked and added once, with its sender's name. Then it lists who hasn't replied.

      bulletin collect --forms   write blank forms for partners
      bulletin collect           import what came back
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
    context = _make_context(workspace, present)
    sent, faulty = _read_all(workspace, arrivals, context)
    collecting = _Collecting(workspace.read_issue_source(issue_id), _recall(arrivals), context)
    if sent_on := find_day_sent(workspace, issue_id):
        _name_late(workspace, issue_id, sent_on, collecting=collecting, sent=sent, faulty=faulty)
        return
    offer = Offer(issue=issue_id, yes=yes, dry_run=dry_run)
    for contribution in collecting.merge_all(sent, offer):
        sent.remove(contribution)
        faulty.setdefault(contribution.sender, []).append(contribution.file)
    _print_awaited(workspace, present, sent, faulty)
    if dry_run:
        say("Nothing was written (--dry-run).")
    else:
        _keep(workspace, issue_id, arrivals, collecting)
    if offer.open:
        say(f"To make these changes, run: bulletin collect {issue_id} --yes")
    if faulty or offer.open:
        raise typer.Exit(1)


def _name_late(
    workspace: Workspace,
    issue_id: str,
    sent_on: date,
    *,
    collecting: _Collecting,
    sent: list[Contribution],
    faulty: dict[str, list[str]],
) -> None:
    """Print what arrived after the issue was sent. Raises Exit if there is any."""
    from bulletin.cli.wording.late import find_late, print_late

    late = [
        *find_late(collecting.merge, sent),
        *((name, "it has faults") for names in faulty.values() for name in names),
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


def _make_context(workspace: Workspace, issue: Issue) -> ValidationContext:
    from functools import partial

    from bulletin.issue.item import ValidationContext
    from bulletin.workspace.workspace import refuse_picture

    lists = frozenset(workspace.settings.lists)
    return ValidationContext(month=issue.month, lists=lists, refuse_picture=partial(refuse_picture, workspace.root))


def _read_all(
    workspace: Workspace, folder: Path, context: ValidationContext
) -> tuple[list[Contribution], dict[str, list[str]]]:
    """The contributions without faults, and the files of the others by sender. Prints the faults."""
    from bulletin.collecting.arrivals import guess_sender, read_contribution
    from bulletin.declaration.files import find_files

    sent: list[Contribution] = []
    faulty: dict[str, list[str]] = {}
    for path in find_files(folder):
        try:
            sent.append(
                read_contribution(
                    path,
                    shown_as=path.name,
                    contributors=workspace.settings.contributors,
                    context=context,
                )
            )
        except FaultyFiles as error:
            faulty.setdefault(guess_sender(path, workspace.settings.contributors), []).append(path.name)
            _print_faults(path.name, error)
    return sent, faulty


def _print_faults(name: str, error: FaultyFiles) -> None:
    say(f"{name} was not imported. Tell its sender:\n")
    for fault in error.faults:
        say(f"{fault}\n")


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

    def merge_all(self, sent: list[Contribution], offer: Offer) -> list[Contribution]:
        """Add all that fit the issue, in the order they were saved. The others are returned. Prints each."""
        from bulletin.collecting.arrivals import order_arrivals

        refused = []
        for contribution in order_arrivals(sent):
            offer.organisation = contribution.organisation
            try:
                merged = self.merge(contribution, offer.decide)
            except FaultyFiles as error:
                refused.append(contribution)
                _print_faults(contribution.file, error)
            else:
                _print_merged(contribution, merged)
        return refused

    def merge(self, contribution: Contribution, decide: Callable[[Correction], bool]) -> Merged:
        """Add one. Raises FaultyFiles."""
        from bulletin.collecting.merging import merge

        merged = merge(self.source, contribution, context=self._context, memory=self.memory, decide=decide)
        self.source, self.memory = merged.source, merged.memory
        return merged


def _print_merged(contribution: Contribution, merged: Merged) -> None:
    from bulletin.cli.wording.correction_text import compare_files

    say(f"{contribution.organisation}, {contribution.file}: {_describe_counts(merged)}")
    for words in merged.placed:
        say(f"  + {words}")
    for words in merged.left_out:
        say(f"  - not added: {words}")
    for correction in merged.outdated:
        say(f"  - not added: another version of “{correction.title}”. {compare_files(correction)}.")
    for words in contribution.remarks:
        say(f"  - {words}")


def _describe_counts(merged: Merged) -> str:
    counts = (
        f"{count(len(merged.placed), 'item')} placed" if merged.placed else "nothing new",
        f"{count(len(merged.known), 'item')} already there" if merged.known else "",
        f"{count(len(merged.corrected), 'item')} changed" if merged.corrected else "",
        f"{count(len(merged.open), 'change')} not made" if merged.open else "",
        f"{count(len(merged.removed), 'item')} that you removed before" if merged.removed else "",
    )
    return ", ".join(filter(None, counts))


def _print_awaited(workspace: Workspace, issue: Issue, sent: list[Contribution], faulty: dict[str, list[str]]) -> None:
    from bulletin.collecting.awaiting import describe_deadline, find_awaited, find_deadline

    if not workspace.settings.contributors:
        say("No contributors are listed: bulletin.yaml has no `contributors:`.")
        return
    deadline = find_deadline(issue.published, days=workspace.settings.deadline_days)
    say(f"The deadline for {issue.month} is {describe_deadline(deadline, today=today())}.")
    open_ = find_awaited(workspace.settings.contributors, sent, faulty)
    faulty_ones, awaited = [one for one in open_ if one.faulty], [one for one in open_ if not one.faulty]
    for words, found in (("Sent, with faults to fix:", faulty_ones), ("No reply yet:", awaited)):
        for line in (words, *(f"  - {one}" for one in found)) if found else ():
            say(line)
    if not open_:
        say("Everyone has sent what is expected.")


def _keep(workspace: Workspace, issue_id: str, folder: Path, collecting: _Collecting) -> None:
    """Write the issue and the record of contributions: both, or neither."""
    from bulletin.collecting.memory import MEMORY_FILE, read_memory, write_memory

    files: list[File] = []
    if is_changed := collecting.source.lines != workspace.read_issue_source(issue_id).lines:
        files.append(_make_file(workspace.issue_path(issue_id), collecting.source))
    if collecting.memory.collected and collecting.memory.collected != read_memory(folder).collected:
        files.append(File(path=folder / MEMORY_FILE, content=write_memory(collecting.memory).encode()))
    write_all(files)
    if is_changed:
        say(f"issues/{issue_id}.yaml is updated. See it with: bulletin preview {issue_id}")


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
    forms: dict[Path, bytes] = {}
    for name, each in settings.contributors.items():
        yaml = write_yaml_form(
            name, each, month=issue.month, deadline=deadline, send_to=send_to, file=f"{name}.yaml"
        ).encode()
        xlsx = write_workbook_form(each, month=issue.month, deadline=deadline, send_to=send_to, file=f"{name}.xlsx")
        forms |= {folder / f"{name}.yaml": yaml, folder / f"{name}.xlsx": xlsx}
    missing = [File(path=path, content=content, new=True) for path, content in forms.items() if not path.exists()]
    if not dry_run:
        write_all(missing)
    written = {file.path for file in missing}
    for path in forms:
        said = f"{'would be' if dry_run else 'is'} written" if path in written else "already exists"
        say(f"{path.relative_to(workspace.root).as_posix()} {said}.")
