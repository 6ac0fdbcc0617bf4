"""`bulletin check --accept`: says that words are right, or accepts one finding with its reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulletin.cli.clock import today
from bulletin.cli.finding_places import WrittenPlace, find_lines, read_place
from bulletin.cli.settings_file import join_lines, refuse_loss
from bulletin.cli.terminal import say
from bulletin.cli.wording.findings_text import name_lines
from bulletin.errors import BulletinError, NotFound

if TYPE_CHECKING:
    from bulletin.declaration.source import Source
    from bulletin.proof.finding import Finding
    from bulletin.proof.rule import Rule
    from bulletin.workspace.workspace import Workspace

_CODE = re.compile(r"[A-Z]{3,5}[0-9]{2}")
_COPY_IT = "Copy it from the finding, as in --at issues/2021-05.yaml:14:11"
_HOW = "bulletin check --accept LANG05 --at issues/2021-05.yaml:14 --because 'why it is right'"


@dataclass(frozen=True, kw_only=True, slots=True)
class Acceptance:
    """What a person asks to accept: words; or codes of rules, at a place and with a reason."""

    entries: Sequence[str]
    at: str = ""
    because: str = ""

    @property
    def names(self) -> list[str]:
        """The entries one by one: several may be given with commas between them."""
        parts = (part.strip() for entry in self.entries for part in entry.split(","))
        return list(dict.fromkeys(part for part in parts if part))


def accept_all(workspace: Workspace, asked: Acceptance, *, issue: str | None) -> None:
    """Write what is accepted, and say where. Raises BulletinError for what can't be accepted like this."""
    if asked.at or asked.because:
        for code in asked.names:
            _accept_finding(workspace, code, asked, issue=issue)
        return
    for name in asked.names:
        if _CODE.fullmatch(name):
            message = f"{name} is a rule, and no rule is switched off like this."
            raise BulletinError(message, f"Accept the finding at its place, and say why: {_HOW}")
    _accept_words(workspace, asked.names)


def _accept_words(workspace: Workspace, words: Sequence[str]) -> None:
    from bulletin.settings.house_words import is_abbreviation

    if not words:
        raise BulletinError("There is no word to accept.", "Write it after --accept, as in --accept LADO")
    short = [word for word in words if is_abbreviation(word)]
    for name, entries in (("abbreviations", short), ("words", [word for word in words if word not in short])):
        if entries:
            _add(workspace, name, entries)
    say()


def _add(workspace: Workspace, name: str, words: Sequence[str]) -> None:
    """Add words to a list of the proof's settings, unless they are there already."""
    from bulletin.declaration.source import read_source
    from bulletin.disk import write_whole
    from bulletin.settings.house_words import add_words, find_new
    from bulletin.workspace.workspace import SETTINGS_FILE

    path = workspace.root / SETTINGS_FILE
    source = read_source(path, shown_as=SETTINGS_FILE)
    new = find_new(source, name, words)
    if old := [word for word in words if word not in new]:
        say(f"In {SETTINGS_FILE} already, in `{name}` below `proof:`: {', '.join(old)}.")
    if new:
        before = path.read_bytes().decode()
        after = join_lines(before, add_words(source, name, new))
        refuse_loss(workspace, after, what="The words", remedy="Add them yourself, below `proof:`.")
        write_whole(path, after.encode())
        say(f"Added to {SETTINGS_FILE}, to `{name}` below `proof:`: {', '.join(new)}.")


def _accept_finding(workspace: Workspace, code: str, asked: Acceptance, *, issue: str | None) -> None:
    """Write the comment that accepts the findings of a rule on one line."""
    from bulletin.disk import write_whole
    from bulletin.proof.accepting import write_ignore

    rule = _find_rule(workspace, code)
    if not asked.at or not asked.because:
        missing = "at which place" if not asked.at else "why"
        raise BulletinError(f"It isn’t said {missing} {code} is accepted.", f"Write it like this: {_HOW}")
    written = read_place(asked.at)
    if not written.lines and not written.path:
        raise BulletinError(f"“{asked.at}” is not a place.", _COPY_IT)
    issue_id = _find_issue(workspace, asked, written, issue)
    if rule.private:
        message = f"{code} is about people’s privacy, so a person accepts it by name when they approve the issue."
        raise BulletinError(message, f"Change the text, or approve it as it is: bulletin approve {issue_id}")
    path = workspace.issue_path(issue_id)
    accepted: list[int] = []
    for lines in find_lines(workspace.read_issue_source(issue_id), written)[::-1]:  # a comment moves what is below it
        source, finding = _find_finding(workspace, issue_id, code, lines)
        write_whole(path, join_lines(path.read_bytes().decode(), write_ignore(source, finding, asked.because)).encode())
        accepted.append(finding.line)
    where = name_lines(accepted[::-1])
    say(f"Accepted {code} on {where} of issues/{issue_id}.yaml, with your reason in a comment.\n")


def _find_rule(workspace: Workspace, code: str) -> Rule:
    from bulletin.proof.custom_rules import gather_rules

    rules = gather_rules(workspace.settings)
    if code not in rules:
        raise NotFound(f"There is no rule {code}.", "To list all rules, run: bulletin check --explain all")
    return rules[code]


def _find_issue(workspace: Workspace, asked: Acceptance, written: WrittenPlace, issue: str | None) -> str:
    """The id of the issue that a place is in: the one it names, the one of the command, or the only one."""
    name = written.issue or issue
    if not name and len(only := list(workspace.issue_ids())) == 1:
        name = only[0]
    if not name:
        raise BulletinError(f"“{asked.at}” doesn’t say in which issue it is.", _COPY_IT)
    return workspace.find_issue(name)


def _find_finding(workspace: Workspace, issue_id: str, code: str, lines: range) -> tuple[Source, Finding]:
    """The issue's source, and the first finding of a rule on some lines. Raises NotFound if there is none."""
    from bulletin.proof.proofing import MOST_COUNTED, proof_issue

    findings = proof_issue(workspace, issue_id, today=today(), most=MOST_COUNTED).findings
    own = [finding for finding in findings if finding.code == code and finding.file == f"issues/{issue_id}.yaml"]
    source = workspace.read_issue_source(issue_id)
    for finding in own:
        if finding.line < lines.stop and lines.start <= finding.span.end_line:
            return source, finding
    there = f"It is on {name_lines([finding.line for finding in own])}." if own else "It finds nothing in this issue."
    raise NotFound(f"There is no finding of {code} on {name_lines(_ends(lines))} of issues/{issue_id}.yaml.", there)


def _ends(lines: range) -> list[int]:
    """The first and the last of some lines."""
    return [lines.start, lines.stop - 1]
