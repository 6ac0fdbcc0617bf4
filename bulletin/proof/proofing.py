"""Proof an issue: build its context, run every rule, and apply the workspace's settings and exceptions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from bulletin.approval.authors import find_strangers
from bulletin.declaration.files import is_inside, read_file
from bulletin.declaration.source import Source, Span
from bulletin.declaration.validation import describe_place
from bulletin.drafting.placeholders import TO_WRITE, find_placeholders
from bulletin.edition.edition import Edition
from bulletin.errors import BulletinError, Fault, FaultyFiles
from bulletin.issue.audience import PUBLIC, find_widest
from bulletin.issue.model import Issue
from bulletin.issue.sections import Section
from bulletin.issue.unreached import find_unreached
from bulletin.proof.context import MOST_READ, Context
from bulletin.proof.custom_rules import gather_rules
from bulletin.proof.earlier_issues import EarlierIssueReader
from bulletin.proof.finding import Finding, Violation
from bulletin.proof.ignore_comments import (
    Ignore,
    explain_unknown,
    explain_unused,
    find_ignores,
    ignore_without_use,
    unknown_rule,
)
from bulletin.proof.links.link_status import LinkStatus
from bulletin.proof.reading_ease import ReadingEase, measure_sections
from bulletin.proof.rule import Rule
from bulletin.settings.proof import Severity
from bulletin.workspace.workspace import SETTINGS_FILE, Workspace

MOST_SHOWN: Final = 50
"""Findings shown of one rule in one severity. One more finding counts the rest."""

MOST_COUNTED: Final = 1_000
"""Findings of one rule after which it stops: in a text with so many, the number tells nothing more."""


@dataclass(frozen=True, kw_only=True)
class ProofReport:
    """What the proof found in an issue, in the order of the file, and how easy each section is to read.

    `unwritten` are the places still to be written. `unfit` are faults that stop the issue from going to its lists.
    `other_languages` are those that the rules on spelling and wording don't know.
    """

    issue: str
    findings: tuple[Finding, ...]
    unwritten: tuple[Fault, ...] = ()
    unfit: tuple[Fault, ...] = ()
    reading: tuple[ReadingEase, ...] = ()
    sections: int = 0
    other_languages: tuple[str, ...] = ()

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of one severity."""
        return tuple(finding for finding in self.findings if finding.severity is severity)


def proof_issue(
    workspace: Workspace,
    issue_id: str,
    *,
    today: date,
    lists: Sequence[str] = (),
    check_links: Callable[[Sequence[str]], Mapping[str, LinkStatus]] | None = None,
    most: int = MOST_SHOWN,
) -> ProofReport:
    """Proof an issue. Raises FaultyFiles if it does not load.

    There are at most `most` findings of one rule and severity, and one more that counts the others. `lists` are those
    it goes to; without them, the proof does not check whether the issue would be empty for some. `check_links` gives a
    status for each web address; without it, the live rules find nothing.
    """
    context = open_context(workspace, issue_id, today=today)
    if check_links:
        context = replace(context, link_statuses=check_links(context.web_addresses))
    return _report(workspace, context, lists=lists, most=most)


def proof_rest(workspace: Workspace, issue_id: str, *, today: date, faults: Sequence[Fault]) -> tuple[Finding, ...]:
    """What the proof finds in an issue with `faults`, in all but the entries at fault.

    One wrong date must not hide everything else. () if too little of the issue can be read.
    """
    try:
        read = workspace.read_rest(issue_id)
    except FaultyFiles:
        return ()
    if read is None:
        return ()
    context = _make_context(workspace, issue_id, *read, today=today)
    lines = {fault.line for fault in faults}
    findings = apply_rules(context, gather_rules(workspace.settings, workspace.root))
    made_up = context.source.values.get(())  # where the file begins: what was made up has no other place
    return tuple(finding for finding in findings if finding.line not in lines and finding.span != made_up)


def _report(workspace: Workspace, context: Context, *, lists: Sequence[str], most: int) -> ProofReport:
    findings = apply_rules(context, gather_rules(workspace.settings, workspace.root), most=most)
    return ProofReport(
        issue=context.id,
        findings=tuple(findings),
        unwritten=tuple(find_placeholders(context.source)),
        unfit=(
            *find_strangers(context.issue, context.source, workspace.settings.approval.people),
            *find_unreached(context.issue, context.source, lists),
            *_find_leaks(workspace, context, lists),
            *_find_unread(context),
        ),
        reading=tuple(measure_sections(context.in_english)),
        other_languages=context.other_languages,
        sections=len(context.issue.sections),
    )


def _find_leaks(workspace: Workspace, context: Context, lists: Sequence[str]) -> Iterator[Fault]:
    """Nothing is rendered, nor what renders loaded, if all of the issue is for everyone or there are no lists."""
    if not lists or find_widest(context.issue) == PUBLIC:
        return
    from bulletin.proof.leak_faults import find_leak_faults

    yield from find_leak_faults(workspace, context, lists=lists)


def _find_unread(context: Context) -> Iterator[Fault]:
    """A fault if the issue is too long to check in full."""
    if passage := context.unread:
        message = f"Only the first {MOST_READ:,} characters of this issue were checked."
        remedy = "No one can read an email of this length. Shorten it, or link to a page that has the rest."
        where = describe_place(context.source, passage.place)
        yield context.source.fault_at(context.source.values[passage.place], message, remedy, where=where)


def open_context(workspace: Workspace, issue_id: str, *, today: date) -> Context:
    """The context of an issue. Raises FaultyFiles if the issue does not load."""
    issue, source = workspace.read_issue(issue_id)
    return _make_context(workspace, issue_id, issue, source, today=today)


def _make_context(workspace: Workspace, issue_id: str, issue: Issue, source: Source, *, today: date) -> Context:
    past = EarlierIssueReader(workspace, issue_id)
    return Context(
        id=issue_id,
        issue=issue,
        source=source,
        settings=workspace.settings,
        bulletin=workspace.bulletin_of(issue_id),
        today=today,
        load_earlier=past.load,
        load_promising=past.load_promising,
        load_texts=partial(past.load_texts, today=today),
        render=partial(_render, workspace, issue_id, issue),
        read_file=partial(_read_file, workspace.root),
    )


def apply_rules(context: Context, rules: Mapping[str, Rule], *, most: int = MOST_SHOWN) -> list[Finding]:
    """What `rules` (by code) find, in the order of the file; at one place the most severe first.

    Findings that a comment or bulletin.yaml accepts are left out, and those that mistake a mark for words. A comment
    that accepts nothing is itself a finding.
    There are at most `most` findings of one rule and severity, and one more that counts the others.
    """
    run = _Run(context, rules)
    for rule in rules.values():
        if _matters(context, rule):
            run.ask(rule)
    run.drop_misled()
    run.check_ignores()
    found = [finding for findings in run.kept.values() for finding in _shorten(findings, most, run.cut)]
    found = [_name_file(context, finding) for finding in found]
    return sorted(found, key=lambda finding: (finding.file, finding.line, finding.column, finding.severity.rank))


def _name_file(context: Context, finding: Finding) -> Finding:
    """The finding at its place in the file of the second language, if it is in that."""
    if finding.file != context.source.file:
        return finding
    file, span = context.source.locate(finding.span)
    return replace(finding, file=file, span=span) if file != finding.file else finding


_ON_WORDS: Final = ("LANG", "LINK", "ACC", "MARK")
"""Families of rules on words and links. What others find (a date, a name, a length) is told beside a mark, too."""


_ON_ENGLISH: Final = ("ACC08", "CONT05", "DATE", "FACT", "LANG")
"""Rules that know English only: they are asked about the English texts alone."""


class _Run:
    """One run of the rules. `kept` are their findings by code and severity; `cut` are the rules that were stopped."""

    def __init__(self, context: Context, rules: Mapping[str, Rule]) -> None:
        self.kept: dict[tuple[str, Severity], list[Finding]] = {}
        self.cut: set[str] = set()
        self._context = context
        self._rules = rules
        self._ignores = find_ignores(context.source)
        self._used: dict[Ignore, set[str]] = {ignore: set() for ignore in self._ignores}
        # On a line still to be written that is the only fault, and `drafting.placeholders` reports it.
        self._unwritten = {number for number, line in enumerate(context.source.lines, 1) if TO_WRITE in line}

    def ask(self, rule: Rule) -> None:
        """Keep what a rule finds, up to MOST_COUNTED; all of it if the rule sets the severity of each violation."""
        told = 0
        context = self._context.in_english if rule.code.startswith(_ON_ENGLISH) else self._context
        for violation in rule(context):
            if violation.file or violation.span.line not in self._unwritten:
                told += self._take(_find(self._context, rule, violation))
            if told >= MOST_COUNTED and violation.severity is None:
                self.cut.add(rule.code)
                return

    def _take(self, finding: Finding) -> bool:
        """Keep a finding unless a comment covers it. Return whether it was kept."""
        covering = [ignore for ignore in self._ignores if ignore.covers(finding)]
        for ignore in covering:
            self._used[ignore].add(finding.code)
        return not covering and self._keep(finding)

    def _keep(self, finding: Finding) -> bool:
        adjusted = _adjust(self._context, finding)
        if adjusted.severity is Severity.OFF:
            return False
        self.kept.setdefault((adjusted.code, adjusted.severity), []).append(adjusted)
        return True

    def drop_misled(self) -> None:
        """Drop findings on words that a rule of higher precedence knows to be a mark."""
        leading: dict[int, list[tuple[int, Finding]]] = {}
        for (code, _), findings in self.kept.items():
            if rank := self._rules[code].precedence:
                for finding in findings:
                    for line in range(finding.span.line, finding.span.end_line + 1):
                        leading.setdefault(line, []).append((rank, finding))
        for (code, severity), findings in self.kept.items() if leading else ():
            own = self._rules[code]
            if code.startswith(_ON_WORDS):
                self.kept[code, severity] = [
                    finding for finding in findings if not _is_misled(finding, own.precedence, leading)
                ]

    def check_ignores(self) -> None:
        """Report faults in the comments and exceptions themselves."""
        # A rule that was stopped may not have reached the lines of its comments, so they may be of use.
        used = {ignore: codes | self.cut for ignore, codes in self._used.items()}
        for code, violation in _check_ignores(self._context, used, self._rules):
            self._keep(_find(self._context, self._rules[code], violation))


def _is_misled(finding: Finding, precedence: int, leading: Mapping[int, Sequence[tuple[int, Finding]]]) -> bool:
    """Whether a finding of higher precedence (`leading`, by line) is about some of the same characters."""
    lines = range(finding.span.line, finding.span.end_line + 1)
    return any(
        rank > precedence and _overlap(finding, leader) for line in lines for rank, leader in leading.get(line, ())
    )


def _overlap(one: Finding, other: Finding) -> bool:
    """Whether two findings share a character of a file."""
    if one.file != other.file:
        return False
    mine, theirs = one.span, other.span
    return (mine.line, mine.column) < (theirs.end_line, theirs.end_column) and (theirs.line, theirs.column) < (
        mine.end_line,
        max(mine.end_column, mine.column + 1) if mine.line == mine.end_line else mine.end_column,
    )


def _shorten(findings: list[Finding], most: int, cut: Collection[str]) -> list[Finding]:
    """The first `most` findings of a rule, and one that counts the others."""
    if len(findings) <= most + 1:
        return findings
    number, uncounted = len(findings) - most, findings[0].code in cut
    rest = replace(
        findings[most],
        message=f"and {'more than ' if uncounted else ''}{number:,} more places like those above.",
        remedy="Fix those above first, then check again to see more.",
        replacement=None,
        number=number,
        uncounted=uncounted,
    )
    return [*findings[:most], rest]


def _matters(context: Context, rule: Rule) -> bool:
    asked = context.link_statuses is not None or not rule.live
    return asked and context.settings.proof.severities.get(rule.code, rule.severity) is not Severity.OFF


def _check_ignores(
    context: Context, uses: Mapping[Ignore, Collection[str]], rules: Mapping[str, Rule]
) -> Iterator[tuple[str, Violation]]:
    """Faults in the comments (each with the codes of the findings it covers) and in the exceptions."""
    for ignore, used in uses.items():
        known = [code for code in ignore.codes if code in rules]
        for code in ignore.codes:
            if code not in rules and unknown_rule.code in rules:
                yield unknown_rule.code, explain_unknown(ignore.span, code)
        unused = [code for code in known if code not in used and _matters(context, rules[code])]
        if unused and ignore.has_reason and ignore_without_use.code in rules:
            yield ignore_without_use.code, explain_unused(ignore, unused)
    if unknown_rule.code in rules:
        yield from ((unknown_rule.code, violation) for violation in _check_settings(context, rules))


def _check_settings(context: Context, rules: Mapping[str, Rule]) -> Iterator[Violation]:
    """Codes in bulletin.yaml that belong to no rule."""
    proof = context.settings.proof
    named = [*proof.severities, *(code for exception in proof.exceptions for code in exception.rule)]
    for code in dict.fromkeys(named):
        if code not in rules:
            content = (context.read_file(SETTINGS_FILE) or b"").decode("utf-8", errors="replace")
            lines = tuple(content.splitlines())
            line = next((number for number, line in enumerate(lines, 1) if code in line), 1)
            column = lines[line - 1].find(code) + 1 if lines else 1
            span = Span(line=line, column=max(1, column), end_line=line, end_column=max(1, column) + len(code))
            yield explain_unknown(span, code, file=SETTINGS_FILE, lines=lines)


def _adjust(context: Context, finding: Finding) -> Finding:
    """The finding with its severity in this workspace, issue and section. The last exception that covers it decides."""
    proof = context.settings.proof
    severity = proof.severities.get(finding.code, finding.severity)
    for exception in proof.exceptions:
        if exception.covers(finding.code, issue=context.id, section=finding.section, kind=finding.kind):
            severity = exception.severity
    return finding if severity is finding.severity else replace(finding, severity=severity)


def _find(context: Context, rule: Rule, violation: Violation) -> Finding:
    lines = violation.lines or context.source.lines
    section = None if violation.file else _find_section(context, violation.span.line)
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=violation.severity or rule.severity,
        file=violation.file or context.source.file,
        span=violation.span,
        message=violation.message,
        remedy=violation.remedy,
        excerpt=lines[violation.span.line - 1] if violation.span.line <= len(lines) else "",
        section=section.title if section else "",
        kind=section.kind if section else "",
        private=rule.private,
        replacement=violation.replacement,
    )


def _find_section(context: Context, line: int) -> Section | None:
    index = bisect_right(context.section_lines, line) - 1
    return context.issue.sections[index] if index >= 0 and line <= context.span("sections", index).end_line else None


def _render(workspace: Workspace, issue_id: str, issue: Issue) -> Edition | None:
    """The edition with all of the issue: what is true of it is true of those with less."""
    from bulletin.edition.build import EditionMaker  # loads templates and styles

    try:
        return EditionMaker(workspace, issue_id, issue).make(issue)
    except BulletinError:
        return None  # `bulletin render` reports a theme that can't be rendered


def _read_file(root: Path, name: str) -> bytes | None:
    try:
        return read_file(root / name) if is_inside(root / name, root) else None
    except OSError:
        return None
