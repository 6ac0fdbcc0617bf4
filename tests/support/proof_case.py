"""Cases for the tests of the proof, made from a rule's examples: a whole issue around a sentence."""

from __future__ import annotations

import tempfile
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from bulletin.declaration.source import parse_source
from bulletin.declaration.validation import validate
from bulletin.edition.edition import Edition
from bulletin.edition.rendering import render_edition
from bulletin.edition.theme import Theme
from bulletin.errors import BulletinError
from bulletin.issue.dates import parse_day, parse_month
from bulletin.issue.item import ValidationContext
from bulletin.issue.model import Issue
from bulletin.issue.own_kinds.kind_file import KindFile
from bulletin.issue.own_kinds.kind_model import make_model
from bulletin.issue.sections import OwnKinds, with_kinds
from bulletin.proof.context import Context, ParsedIssue
from bulletin.proof.custom_rules import gather_rules
from bulletin.proof.finding import Finding
from bulletin.proof.proofing import apply_rules
from bulletin.proof.rule import Example
from bulletin.settings.settings import Settings
from bulletin.workspace.package_data import theme_folder

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


def read_kinds(files: Mapping[str, str | bytes | Callable[[], bytes]]) -> OwnKinds:
    """The kinds of section that the files of an example declare."""
    names = (name for name in files if name.startswith("sections/"))
    sources = {Path(name).stem: parse_source(read_content(files[name]).decode(), shown_as=name) for name in names}
    return tuple(make_model(name, validate(source, KindFile)) for name, source in sources.items())


def read_issue(
    text: str, *, issue_id: str = "2021-05", settings: Settings | None = None, own: OwnKinds = ()
) -> ParsedIssue:
    source = parse_source(text, shown_as=f"issues/{issue_id}.yaml")
    month = parse_month(issue_id.rpartition("/")[2])
    lists = frozenset((settings or read_settings()).lists)
    issue = validate(source, with_kinds(Issue, own), context=ValidationContext(month=month, lists=lists))
    return ParsedIssue(id=issue_id, issue=issue, source=source)


def read_settings(more: str = "") -> Settings:
    source = parse_source(SETTINGS + textwrap.dedent(more), shown_as="bulletin.yaml")
    lists = source.data.get("lists") if isinstance(source.data, dict) else None
    return validate(source, Settings, context=ValidationContext(lists=frozenset(lists or ())))


def read_content(content: str | bytes | Callable[[], bytes]) -> bytes:
    """The bytes of a file of an example."""
    if callable(content):
        return content()
    return content.encode() if isinstance(content, str) else content


def make_context(example: Example, *, settings: Settings | None = None, **more: Any) -> Context:
    """The case of an example, with the April issue before it if it has one."""
    settings = settings or read_settings(example.settings)
    own = read_kinds(example.files)
    parsed = read_issue(write_issue(example), issue_id=example.month, settings=settings, own=own)
    earlier = ()
    if example.before:
        given = example.month_before
        past = parse_month(given) if given else parse_month(example.month) + -1
        before = Example(sections=example.before, month=past.id, published=f"6 {past}")
        earlier = (read_issue(write_issue(before), issue_id=past.id, settings=settings),)
    files = {name: read_content(content) for name, content in example.files.items()}
    context = Context(
        id=parsed.id,
        issue=parsed.issue,
        source=parsed.source,
        settings=settings,
        bulletin="monthly",
        today=parse_day(example.published),
        load_earlier=lambda: earlier,
        link_statuses=example.link_statuses or None,
        render=lambda: render(parsed, settings, files),
        read_file=files.get,
    )
    return replace(context, **more)


def render(parsed: ParsedIssue, settings: Settings, files: Mapping[str, bytes]) -> Edition | None:
    """The edition of an issue in a workspace that has these files; None where it cannot be rendered."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / name).write_bytes(content)
        try:
            return render_edition(
                parsed.issue,
                issue_id=parsed.id,
                settings=settings,
                bulletin_name="monthly",
                theme=Theme(folders=(Path(folder) / "templates", theme_folder())),
                pictures=lambda name: files.get(name, b""),
            )
        except BulletinError:
            return None


def find(example: Example | str, code: str = "", **more: Any) -> list[Finding]:
    """What the rule `code` (or any, if none is named) finds in an example."""
    context = make_context(Example(text=example) if isinstance(example, str) else example, **more)
    return [finding for finding in apply_rules(context, gather_rules(context.settings)) if code in ("", finding.code)]


def covered(finding: Finding) -> str:
    """The words that a finding is about, as they are typed; of several lines the first."""
    end = finding.span.end_column - 1 if finding.span.end_line == finding.line else len(finding.excerpt)
    return finding.excerpt[finding.column - 1 : end]


TODAY = date(2021, 5, 4)
