"""Findings for other programs: a line each, JSON, GitHub's annotations, and SARIF 2.1.0 for code scanners. Pure.

Faults in the structure of a file are listed beside the findings, as rule FILE01. Such a file is not proofed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from bulletin import __version__
from bulletin.errors import Fault
from bulletin.proof.finding import STRUCTURE, Finding
from bulletin.proof.reading_ease import ReadingEase
from bulletin.proof.rule import Rule
from bulletin.settings.proof import Severity

SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def write_json(
    faults: Sequence[Fault],
    findings: Sequence[Finding],
    reading: Mapping[str, Sequence[ReadingEase]] | None = None,
    to_write: Mapping[str, int] | None = None,
) -> str:
    """One object: `findings` in the order of the files, `counts` for each severity, `reading` and `to_write`.

    The last finding of a rule may cover many places; `number` is then above 1. `reading` says for each file how easy
    its sections are to read. `to_write` says how many places of each draft are still to be written.
    """
    rows = [*map(_describe_fault, faults), *map(_describe, findings)]
    counts = {severity.value: sum(row["number"] for row in rows if row["severity"] == severity) for severity in _LEVELS}
    eases = [{"file": file, **ease._asdict()} for file, found in (reading or {}).items() for ease in found]
    told = {"findings": rows, "counts": counts, "reading": eases, "to_write": dict(to_write or {})}
    return json.dumps(told, ensure_ascii=False, indent=2)


def _describe(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.span.end_line,
        "end_column": finding.span.end_column,
        "section": finding.section,
        "message": finding.message,
        "remedy": finding.remedy,
        "replacement": finding.replacement,
        "number": finding.number,
    }


def _describe_fault(fault: Fault) -> dict[str, Any]:
    return {
        "code": STRUCTURE,
        "name": "structure",
        "severity": Severity.ERROR,
        "file": fault.file,
        "line": fault.line,
        "column": fault.column,
        "end_line": fault.line,
        "end_column": fault.column + fault.width,
        "section": fault.where,
        "message": fault.message,
        "remedy": fault.remedy,
        "replacement": None,
        "number": 1,
    }


def write_short(faults: Sequence[Fault], findings: Sequence[Finding], to_write: Mapping[str, int] | None = None) -> str:
    """One line a finding, without the line of the file: place, severity, code, what is wrong and what to do."""
    lines = [
        *(
            _write_line(_place(fault.file, fault.line, fault.column), Severity.ERROR, STRUCTURE, fault)
            for fault in faults
        ),
        *(_write_line(_place(one.file, one.line, one.column), one.severity, one.code, one) for one in findings),
        *(f"{file}: {Severity.NOTE}: {_describe_draft(number)}" for file, number in (to_write or {}).items()),
    ]
    return "\n".join(lines)


def _place(file: str, line: int, column: int) -> str:
    return f"{file}:{line}:{column}" if line else file


def _write_line(place: str, severity: Severity, code: str, found: Fault | Finding) -> str:
    return " ".join(f"{place}: {severity} {code}: {found.message} {found.remedy}".split())


def write_github(
    faults: Sequence[Fault], findings: Sequence[Finding], to_write: Mapping[str, int] | None = None
) -> str:
    """GitHub's workflow commands. Each finding becomes an annotation beside its line; each draft, one for its file."""
    drafts = (_annotate_draft(file, number) for file, number in (to_write or {}).items())
    return "\n".join([*map(_annotate_fault, faults), *map(_annotate, findings), *drafts])


def _annotate_draft(file: str, number: int) -> str:
    return _command("notice", {"file": file, "title": "draft"}, _describe_draft(number))


def _describe_draft(number: int) -> str:
    places = "1 place" if number == 1 else f"{number:,} places"
    return f"draft: {places} to write"


def _annotate(finding: Finding) -> str:
    place = {
        "file": finding.file,
        "line": finding.line,
        "endLine": finding.span.end_line,
        "col": finding.column,
        "endColumn": finding.span.end_column,
        "title": f"{finding.code} {finding.name}",
    }
    return _command(_COMMANDS[finding.severity], place, f"{finding.message} {finding.remedy}")


def _annotate_fault(fault: Fault) -> str:
    place = {"file": fault.file, "line": fault.line or 1, "col": fault.column or 1, "title": STRUCTURE}
    return _command("error", place, f"{fault.message} {fault.remedy}")


def _command(name: str, properties: Mapping[str, object], message: str) -> str:
    """One workflow command. Characters that would end it or its properties are escaped."""
    text = message.strip().replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    shown = ",".join(
        f"{key}={str(value).replace('%', '%25').replace(':', '%3A').replace(',', '%2C')}"
        for key, value in properties.items()
    )
    return f"::{name} {shown}::{text}"


def write_sarif(faults: Sequence[Fault], findings: Sequence[Finding], rules: Mapping[str, Rule]) -> str:
    """A SARIF 2.1.0 log with one run: the rules, and one result for each finding."""
    driver = {
        "name": "bulletin",
        "version": __version__,
        "rules": [*map(_describe_rule, rules.values()), {"id": STRUCTURE, "name": "structure"}],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [*map(_result_of_fault, faults), *map(_result, findings)],
    }
    log = {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _describe_rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.name.replace("-", " ")},
        "fullDescription": {"text": rule.reason},
        "defaultConfiguration": {"level": _LEVELS.get(rule.severity, "none")},
    }


def _result(finding: Finding) -> dict[str, Any]:
    region = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.span.end_line,
        "endColumn": finding.span.end_column,
    }
    result = {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message} {finding.remedy}".strip()},
        "locations": [_locate(finding.file, region)],
    }
    if finding.replacement is not None:
        change = {"deletedRegion": region, "insertedContent": {"text": finding.replacement}}
        artifact = {"artifactLocation": _name_file(finding.file), "replacements": [change]}
        result["fixes"] = [{"description": {"text": finding.remedy or "Fix it."}, "artifactChanges": [artifact]}]
    return result


def _result_of_fault(fault: Fault) -> dict[str, Any]:
    region = dict(_region_of_fault(fault))
    return {
        "ruleId": STRUCTURE,
        "level": "error",
        "message": {"text": f"{fault.message} {fault.remedy}".strip()},
        "locations": [_locate(fault.file, region)],
    }


def _region_of_fault(fault: Fault) -> Iterator[tuple[str, int]]:
    if fault.line:
        yield "startLine", fault.line
    if fault.line and fault.column:
        yield "startColumn", fault.column
        yield "endColumn", fault.column + fault.width


def _name_file(file: str) -> dict[str, str]:
    return {"uri": quote(file, errors="surrogateescape")}


def _locate(file: str, region: Mapping[str, int]) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _name_file(file)}
    return {"physicalLocation": place | ({"region": dict(region)} if region else {})}
