"""`bulletin check`: finds mistakes in issues and settings, and says what to do."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.accepting import Acceptance, accept_all
from bulletin.cli.clock import now_ms, today
from bulletin.cli.options import ACCEPTING, WorkspaceOption, YesOption
from bulletin.cli.renamed import find_renamed, print_renamed, rename_settings
from bulletin.cli.sending.unsubscribe_links import warn_of_dead_links
from bulletin.cli.terminal import confirm, count, say, say_data, say_heading, warn
from bulletin.cli.unsent import ToCheck, choose_issues
from bulletin.cli.wording.lists.exposure_text import end_exposed, print_exposed
from bulletin.cli.wording.misnamed import warn_of_misnamed
from bulletin.cli.wording.untouched_text import find_untouched_findings, print_untouched
from bulletin.disk import File, write_all
from bulletin.errors import Fault, FaultyFiles, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bulletin.proof.finding import Finding
    from bulletin.proof.last_check import LastCheck
    from bulletin.proof.links.link_status import LinkStatus
    from bulletin.proof.reading_ease import ReadingEase
    from bulletin.workspace.workspace import Workspace


class Format(StrEnum):
    """How the findings are printed."""

    TEXT = "text"
    SHORT = "short"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def check(
    issue: Annotated[
        list[str] | None,
        typer.Argument(metavar="ISSUE", help="The issue (default: those not sent yet).", show_default=False),
    ] = None,
    *,
    form: Annotated[
        Format,
        typer.Option("--format", metavar="FORMAT", help="text, short, json, github or sarif (default: text)."),
    ] = Format.TEXT,
    all_: Annotated[bool, typer.Option("--all", help="Check all issues, also those that were sent.")] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Fix what is safe to fix; shows the changes and asks.")] = False,
    links: Annotated[bool, typer.Option("--links", help="Open every web address to see if it works.")] = False,
    spam: Annotated[bool, typer.Option("--spam", help="Let SpamAssassin score the email, if it is installed.")] = False,
    notes: Annotated[bool, typer.Option("--notes", help="Show the notes in full, not only where they are.")] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            "--accept", metavar="WORD", rich_help_panel=ACCEPTING, help="It is right: add it to bulletin.yaml."
        ),
    ] = None,
    at: Annotated[
        str,
        typer.Option("--at", metavar="PLACE", rich_help_panel=ACCEPTING, help="Accept a rule's finding at this place."),
    ] = "",
    because: Annotated[
        str, typer.Option("--because", metavar="WORDS", rich_help_panel=ACCEPTING, help="Why the finding is accepted.")
    ] = "",
    explain: Annotated[
        str, typer.Option("--explain", metavar="CODE", help="Say what a rule is for (`all` lists them).")
    ] = "",
    yes: YesOption = False,
    folder: WorkspaceOption = None,
) -> None:
    """Find mistakes in an issue, with what to do.

    It checks dates, links, names, spelling, privacy, accessibility and reading ease, and your settings. Errors stop
    sending. Warnings are shown to the person who approves.

      bulletin check                    check what is not sent yet
      bulletin check 2026-12            check one issue
      bulletin check 2026-12 --links    also open every link
      bulletin check 2026-12 --spam     what a spam filter would say
      bulletin check 2026-12 --fix      fix what is safe, after showing it
      bulletin check --accept LADO,IRO  these words are right
      bulletin check --explain DATE01   what a rule is for

    Next: bulletin test 2026-12 --to you@example.org
    See also: bulletin explain DATE01
    """
    from bulletin.workspace.schemas import ensure_schemas
    from bulletin.workspace.workspace import open_workspace

    if explain:
        _explain(explain, folder)
        return
    workspace = open_workspace(folder)
    ensure_schemas(workspace)  # so that text editors complete and check by the same model
    if not issue:
        warn_of_misnamed(workspace)
    given = list(issue or ())
    if accept or at or because:
        workspace, given = _take_acceptance(workspace, Acceptance(entries=accept or (), at=at, because=because), given)
    chosen = choose_issues(workspace, given, all_=all_)
    names = chosen.names
    if fix:
        rename_settings(workspace, yes=yes)
        _fix(workspace, names, yes=yes)
        end_exposed(workspace, yes=yes)
    checked = [_check(workspace, name, links=links) for name in names]
    if links and workspace.settings.website and workspace.remembers:  # else nothing can be there yet
        warn_of_dead_links(workspace, workspace.settings.website.url)
    if form is Format.TEXT:
        _show(checked, notes=notes)
        if past := chosen.describe_past():
            say(past)
        print_renamed(workspace)
        print_untouched(workspace, names)
        print_exposed(workspace)
        if spam:
            _score(workspace, checked)
    elif form is Format.SHORT:
        _show_briefly(checked, workspace, chosen)
    else:
        say_data(_write(checked, workspace, form))
    if any(one.grave for one in checked):
        raise typer.Exit(1)


def _score(workspace: Workspace, checked: Sequence[_Checked]) -> None:
    """Print the spam score of each issue without faults. Raises BulletinError without SpamAssassin."""
    from bulletin.cli.wording.spam_text import describe_score
    from bulletin.delivery.copies.export import show_edition
    from bulletin.delivery.copies.spam_score import score_message
    from bulletin.edition.build import make_edition

    now = datetime.fromtimestamp(now_ms() / 1000, tz=UTC)
    for one in checked:
        if not one.faults:
            name = one.file.removeprefix("issues/").removesuffix(".yaml")
            message = show_edition(make_edition(workspace, name), now=now)["message.eml"]
            say()
            for line in describe_score(one.file, score_message(message)):
                say(line)


def _take_acceptance(workspace: Workspace, asked: Acceptance, given: list[str]) -> tuple[Workspace, list[str]]:
    """Accept what is asked. Return the workspace with its new settings, and the issues among the words `given`.

    `--accept LADO IRO` is typed as well as `--accept LADO,IRO`: what is no issue is a further word.
    """
    from bulletin.workspace.workspace import open_workspace

    words = [name for name in given if not asked.at and not _is_issue(workspace, name)]
    issues = [name for name in given if name not in words]
    accept_all(workspace, replace(asked, entries=[*asked.entries, *words]), issue=issues[0] if issues else None)
    return open_workspace(workspace.root, environ=workspace.environ), issues


def _is_issue(workspace: Workspace, name: str) -> bool:
    try:
        workspace.find_issue(name)
    except NotFound:
        return any(char.isdigit() for char in name)  # a month that is not there, rather than a word
    return True


@dataclass(frozen=True, kw_only=True)
class _Checked:
    """The result for one issue: faults that stop it from being sent, and the findings of the proof."""

    file: str
    sections: int = 0
    unwritten: int = 0
    faults: tuple[Fault, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
    reading: tuple[ReadingEase, ...] = ()
    last: LastCheck | None = None
    other_languages: tuple[str, ...] = ()

    @property
    def grave(self) -> bool:
        """Whether it can't be sent like this."""
        return bool(self.faults) or any(finding.severity == "error" for finding in self.findings)


def _check(workspace: Workspace, name: str, *, links: bool) -> _Checked:
    from bulletin.proof.last_check import keep_check, recall_check

    checked = replace(_proof(workspace, name, links=links), last=recall_check(workspace.state_folder, name))
    keep_check(workspace.state_folder, name, checked.findings, now=now_ms())
    return checked


def _proof(workspace: Workspace, name: str, *, links: bool) -> _Checked:
    from bulletin.proof.proofing import proof_issue, proof_rest

    file = f"issues/{name}.yaml"
    try:
        ask = _make_link_checker(workspace) if links else None
        report = proof_issue(workspace, name, today=today(), lists=workspace.lists_of(name), check_links=ask)
    except FaultyFiles as error:
        rest = proof_rest(workspace, name, today=today(), faults=error.faults)
        return _Checked(file=file, faults=error.faults, findings=rest)
    return _Checked(
        file=file,
        sections=report.sections,
        unwritten=len(report.unwritten),
        faults=report.unfit,
        findings=report.findings,
        reading=report.reading,
        other_languages=report.other_languages,
    )


def _make_link_checker(workspace: Workspace) -> Callable[[Sequence[str]], Mapping[str, LinkStatus]]:
    """A function that tries web addresses. The state folder keeps its answers for a while."""
    from bulletin.proof.links.cache import FILE, LinkCache
    from bulletin.proof.links.checker import check_links

    now = datetime.fromtimestamp(now_ms() / 1000, tz=UTC)
    return partial(check_links, now=now, cache=LinkCache(workspace.state_folder / FILE))


def _show(checked: Sequence[_Checked], *, notes: bool) -> None:
    from bulletin.cli.wording.findings_text import print_findings
    from bulletin.drafting.placeholders import TO_WRITE

    for one in checked:
        if not one.faults:
            where = f" Look for {TO_WRITE}." if one.unwritten else ""
            say_heading(f"{one.file}: {_describe_order(one)}, {count(one.sections, 'section')}.{where}")
    faults = [fault for one in checked for fault in one.faults]
    findings = [finding for one in checked for finding in one.findings]
    if faults or findings:
        say()
        print_findings(faults, findings, notes=notes)
        for line in (*_conclude(faults, findings), *_describe_new(checked)):
            say(line)
    for line in _describe_unspelt(checked):
        say(line)
    if len(checked) == 1 and checked[0].reading:
        say("\nHow easy each section is to read (Flesch: 60 and more is plain English, under 30 is hard):")
        for ease in checked[0].reading:
            say(f"{ease.figure:>5.0f}  {ease.title}")


def _describe_unspelt(checked: Sequence[_Checked]) -> Iterable[str]:
    """Which languages no one has proofed, and what to do about it."""
    from bulletin.languages.known import name_language

    for code in sorted({code for one in checked for code in one.other_languages}):
        name = name_language(code)
        yield f"{name} is not spell-checked. Ask someone who reads {name} to look at it."


def _describe_new(checked: Sequence[_Checked]) -> Iterable[str]:
    """What is new in each file since it was last checked."""
    from bulletin.cli.wording.findings_text import describe_new

    for one in checked:
        if one.last and one.findings:
            new = one.last.find_new(one.findings)
            yield describe_new(one.file, new, since=one.last.at, number=len(one.findings))


def _describe_order(one: _Checked) -> str:
    """`in order`, `2 warnings`, `draft: 4 places to write, 2 warnings`."""
    draft = f"draft: {count(one.unwritten, 'place')} to write" if one.unwritten else ""
    return ", ".join(filter(None, (draft, _sum_up(one.findings)))) or "in order"


def _sum_up(findings: Iterable[Finding]) -> str:
    """`1 error, 2 warnings`."""
    from bulletin.settings.proof import Severity

    found = tuple(findings)
    return ", ".join(
        _count(kind, severity) for severity in Severity if (kind := [f for f in found if f.severity is severity])
    )


def _count(findings: Sequence[Finding], severity: str) -> str:
    """`more than 1,000 warnings`, if not all were counted."""
    more = "more than " if any(finding.uncounted for finding in findings) else ""
    return more + count(sum(finding.number for finding in findings), severity)


def _conclude(faults: Sequence[Fault], findings: Sequence[Finding]) -> Iterable[str]:
    if faults:
        yield f"{count(len(faults), 'fault')} in {count(len({fault.file for fault in faults}), 'file')}."
        if findings:
            yield "What is at fault was left out of the rest of the check. Fix it, and check again."
    if findings:
        fixable = sum(finding.replacement is not None for finding in findings)
        first = min(findings, key=lambda finding: finding.severity.rank)
        yield f"To see what a rule is for: bulletin check --explain {first.code}"
        if fixable:
            yield f"{fixable:,} of them can be fixed with: bulletin check --fix"


def _gather(checked: Sequence[_Checked], workspace: Workspace) -> Sequence[Finding]:
    """The findings of the workspace, and then those of its issues."""
    names = [one.file.removeprefix("issues/").removesuffix(".yaml") for one in checked]
    return [
        *find_renamed(workspace),
        *find_untouched_findings(workspace, names),
        *(finding for one in checked for finding in one.findings),
    ]


def _write(checked: Sequence[_Checked], workspace: Workspace, form: Format) -> str:
    from bulletin.proof.custom_rules import gather_rules
    from bulletin.proof.formats import write_github, write_json, write_sarif, write_short

    faults = [fault for one in checked for fault in one.faults]
    findings = _gather(checked, workspace)
    to_write = {one.file: one.unwritten for one in checked if one.unwritten}
    match form:
        case Format.JSON:
            reading = {one.file: one.reading for one in checked if one.reading}
            return write_json(faults, findings, reading, to_write)
        case Format.SHORT:
            return write_short(faults, findings, to_write)
        case Format.GITHUB:
            return write_github(faults, findings, to_write)
        case _:
            return write_sarif(faults, findings, gather_rules(workspace.settings, workspace.root))


def _explain(code: str, folder: Path | None) -> None:
    """Print what a rule is for. In a workspace, its own rules count too."""
    from bulletin.proof.custom_rules import gather_rules
    from bulletin.proof.registry import find_rules
    from bulletin.proof.rule_pages import explain_rule, list_rules
    from bulletin.workspace.workspace import open_workspace

    try:
        workspace = open_workspace(folder)
        rules = gather_rules(workspace.settings, workspace.root)
    except NotFound:
        rules = find_rules()
    say(list_rules(rules.values()) if code == "all" else explain_rule(rules, code).rstrip())


def _find_fixable(workspace: Workspace, name: str) -> Sequence[Finding]:
    """All that the proof finds in an issue, except in its entries with faults."""
    from bulletin.proof.proofing import MOST_COUNTED, proof_issue, proof_rest

    try:
        return proof_issue(workspace, name, today=today(), most=MOST_COUNTED).findings
    except FaultyFiles as error:
        return proof_rest(workspace, name, today=today(), faults=error.faults)


def _fix(workspace: Workspace, names: Iterable[str], *, yes: bool) -> None:
    """Show what would be fixed, ask, and write it."""
    from bulletin.proof.fixes import fix_text

    fixed: dict[Path, str] = {}
    for name in names:
        path, file = workspace.issue_path(name), f"issues/{name}.yaml"
        with suppress(FaultyFiles):  # it can't be read: told below, as without --fix
            findings = _find_fixable(workspace, name)
            text, changes = fix_text(path.read_bytes().decode(), findings, file=file)
            for change in changes:
                say(f"{file}:{change.number}\n  - {change.before.strip()}\n  + {change.after.strip()}")
            if changes:
                fixed[path] = text
    if not fixed:
        say("There is nothing that is safe to fix automatically.\n")
    elif confirm(f"Apply these changes to {count(len(fixed), 'file')}?", yes=yes):
        write_all([File(path=path, content=text.encode()) for path, text in fixed.items()])
        say()
    else:
        say("Nothing was changed.\n")


def _show_briefly(checked: Sequence[_Checked], workspace: Workspace, chosen: ToCheck) -> None:
    """Print a line for each finding, which another program may read; and on standard error, how many there are."""
    if lines := _write(checked, workspace, Format.SHORT):
        say_data(lines)
    faults = sum(len(one.faults) for one in checked)
    findings = _sum_up(_gather(checked, workspace))
    counts = ", ".join(filter(None, (count(faults, "fault") if faults else "", findings)))
    warn(f"{counts or 'Nothing'} found.")
    if past := chosen.describe_past():
        warn(past)
