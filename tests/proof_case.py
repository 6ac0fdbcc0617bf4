"""Cases for the tests of the proof, made from a rule's examples: a whole issue around a sentence."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from datetime import date
from typing import Any

from bulletin.declaration.source import Source, parse_source
from bulletin.declaration.validation import validate
from bulletin.issue.dates import Month, parse_day, parse_month
from bulletin.issue.item import Surroundings
from bulletin.issue.model import Issue
from bulletin.proof.case import Case, Written
from bulletin.proof.finding import Finding
from bulletin.proof.own import gather_rules
from bulletin.proof.proofing import proof_case
from bulletin.proof.rule import Example
from bulletin.settings import Settings

SETTINGS = """\
organisation:
  name: Anytown Safeguarding Partnership
  about: We are the partnership that keeps children and young people in Anytown safe.
  address: 1 High Street, Anytown AN1 1AA
  email: news@anytown.example.org
  website: https://www.anytown.example.org
bulletins:
  monthly:
    title: Anytown news
    sender: {name: Anytown Safeguarding Partnership, email: news@anytown.example.org}
lists:
  partners: {title: Partner agencies, basis: public-task}
  schools: {title: Schools and colleges, basis: public-task}
"""

SECTIONS = """\
- kind: notice
  title: Office hours
  text: Our office is open from Monday to Friday.
"""


def write_issue(example: Example) -> str:
    """The YAML of an issue around an example."""
    header = {
        "month": example.month,
        "published": example.published,
        "subject": "News of our work with children and families",
        "preview_text": "What we did, what comes next, and how you can take part.",
    }
    given = parse_source(example.header, shown_as="header").data
    kept = {name: value for name, value in header.items() if name not in (given or ())}
    lines = [*(f"{name}: {value}" for name, value in kept.items()), example.header.strip("\n")]
    if example.text:
        lines += ["introduction: |", textwrap.indent(textwrap.dedent(example.text).strip("\n"), "  ")]
    sections = textwrap.dedent(example.sections).strip("\n") or SECTIONS
    return "\n".join([*(line for line in lines if line), "sections:", textwrap.indent(sections, "  ")]) + "\n"


def read_issue(text: str, *, issue_id: str = "2021-05", settings: Settings | None = None) -> Written:
    source = parse_source(text, shown_as=f"issues/{issue_id}.yaml")
    month = parse_month(issue_id.rpartition("/")[2])
    lists = frozenset((settings or read_settings()).lists)
    issue = validate(source, Issue, context=Surroundings(month=month, lists=lists))
    return Written(id=issue_id, issue=issue, source=source)


def read_settings(more: str = "") -> Settings:
    source = parse_source(SETTINGS + textwrap.dedent(more), shown_as="bulletin.yaml")
    lists = source.data.get("lists") if isinstance(source.data, dict) else None
    return validate(source, Settings, context=Surroundings(lists=frozenset(lists or ())))


def make_case(example: Example, *, settings: Settings | None = None, **more: Any) -> Case:
    """The case of an example, with the April issue before it if it has one."""
    settings = settings or read_settings(example.settings)
    written = read_issue(write_issue(example), issue_id=example.month, settings=settings)
    earlier = ()
    if example.before:
        given = example.month_before
        past = parse_month(given) if given else _month_before(parse_month(example.month))
        before = Example(sections=example.before, month=past.id, published=f"6 {past}")
        earlier = (read_issue(write_issue(before), issue_id=past.id, settings=settings),)
    case = Case(
        id=written.id,
        issue=written.issue,
        source=written.source,
        settings=settings,
        bulletin="monthly",
        today=parse_day(example.published),
        load_earlier=lambda: earlier,
        verdicts=example.verdicts or None,
    )
    return replace(case, **more)


def _month_before(month: Month) -> Month:
    return Month(month.year - (month.month == 1), (month.month - 2) % 12 + 1)


def find(example: Example | str, code: str = "", **more: Any) -> list[Finding]:
    """What the rule `code` (or any, if none is named) finds in an example."""
    case = make_case(Example(text=example) if isinstance(example, str) else example, **more)
    return [finding for finding in proof_case(case, gather_rules(case.settings)) if code in ("", finding.code)]


def covered(finding: Finding, source: Source) -> str:
    """The words that a finding is about, as they are typed; of several lines the first."""
    line = source.lines[finding.line - 1]
    end = finding.span.end_column - 1 if finding.span.end_line == finding.line else len(line)
    return line[finding.column - 1 : end]


TODAY = date(2021, 5, 4)
