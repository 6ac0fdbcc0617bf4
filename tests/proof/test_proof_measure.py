"""How well the proof reads: right texts yield nothing, known faults are found, and nothing makes a rule fail."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from bulletin.declaration.source import parse_source
from bulletin.declaration.validation import validate
from bulletin.errors import FaultyFiles
from bulletin.issue.dates import parse_month
from bulletin.issue.item import ValidationContext
from bulletin.issue.model import Issue
from bulletin.proof.context import Context, ParsedIssue
from bulletin.proof.custom_rules import gather_rules
from bulletin.proof.finding import Finding
from bulletin.proof.proofing import apply_rules, proof_issue
from bulletin.settings.settings import Settings
from bulletin.workspace.workspace import open_workspace
from checkout import ROOT
from conftest import count_examples
from proof_texts import FOLDER, LISTS, Wrong, right_items, right_sentences, slips, terms, write_issue, wrong_issues

pytestmark = pytest.mark.slow

LEAST_FOUND = 0.95


@cache
def house() -> Settings:
    """The sample workspace's settings, with the terms that the texts were written for, and no mark set right."""
    given_settings = open_workspace(ROOT).settings
    proof = given_settings.proof
    return given_settings.model_copy(
        update={
            "proof": proof.model_copy(update={"terms": (*proof.terms, *terms()), "exceptions": ()}),
            "typography": False,
        }
    )


def read(text: str, issue_id: str) -> ParsedIssue:
    source = parse_source(text, shown_as=f"issues/{issue_id}.yaml")
    month = parse_month(source.text_at(("month",)))
    issue = validate(source, Issue, context=ValidationContext(month=month, lists=LISTS))
    return ParsedIssue(id=issue_id, issue=issue, source=source)


def proof(text: str, before: dict[str, str] | None = None) -> list[Finding]:
    written = read(text, parse_source(text, shown_as="issue").text_at(("month",)))
    earlier = tuple(read(other, name) for name, other in sorted((before or {}).items(), reverse=True))
    context = Context(
        id=written.id,
        issue=written.issue,
        source=written.source,
        settings=house(),
        bulletin="monthly",
        today=written.issue.published,
        load_earlier=lambda: earlier,
        read_file=lambda name: (ROOT / name).read_bytes() if (ROOT / name).is_file() else None,
    )
    return apply_rules(context, gather_rules(house()))


def show(finding: Finding) -> str:
    return f"{finding.code} {finding.message} | {finding.excerpt.strip()}"


def touches(wrong: Wrong, finding: Finding) -> bool:
    one_line = finding.span.end_line == finding.line
    end = finding.span.end_column if one_line else len(finding.excerpt) + 1
    return wrong.is_touched_by(line=finding.line, column=finding.column, width=max(1, end - finding.column))


def test_right_texts_yield_nothing() -> None:
    sentences = [sentence for below in right_sentences().values() for sentence in below]
    items = [item for below in right_items().values() for item in below]
    issues = [write_issue(introduction=sentence) for sentence in sentences] + [write_issue([item]) for item in items]
    assert [show(finding) for text in issues for finding in proof(text)] == []


def test_known_faults_are_found_at_their_place_by_their_rule() -> None:
    missed: Counter[str] = Counter()
    shown = []
    for wrong in wrong_issues():
        findings = proof(wrong.issue, dict(wrong.before))
        if not any(finding.code == wrong.code and touches(wrong, finding) for finding in findings):
            missed[wrong.code] += 1
            shown.append(f"{wrong.code} {wrong.at}: {[show(finding) for finding in findings]}")
    found = 1 - missed.total() / len(wrong_issues())
    assert found >= LEAST_FOUND, "\n".join([f"{found:.1%} found; missed: {dict(missed)}", *shown])


def test_every_slip_of_the_source_of_may_2021_is_found_at_its_line_and_column() -> None:
    found = {(f.line, f.column, f.code) for f in proof((FOLDER / "slips.yaml").read_text(encoding="utf-8"))}
    missing = [slip for slip in slips() if (slip.line, slip.column, slip.code) not in found]
    assert missing == []


@pytest.mark.parametrize("issue", ["2021-04", "2021-05"])
def test_the_sample_issues_yield_nothing(issue: str) -> None:
    workspace = open_workspace(ROOT)
    day = workspace.load_issue(issue).published
    assert [show(finding) for finding in proof_issue(workspace, issue, today=day).findings] == []


SCRAPS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "9 June",
            "Monday 31",
            "2021",
            "next month",
            "here",
            "[x](http://a.b)",
            "**",
            "XX",
            "NHS 943 476 5919",
            "(DSL)",
            "the the",
            "AB12 3CD\n        07700 900123",
            "can't",
            "“",
            "--",
            "9.30 am",
            "www.a.uk",
            "😀😀😀",
            "- ",
            "# ",
            "> ",
            "e.g.",
            "S.H.I.E.L.D",
            "@b.c",
            "20%",
            "{{",
            "](",
            "\\",
            "&amp;",
            "`",
            "é",
            "ﬁ\n        https://eur.safelinks.x/?url=%zz",
            "\u200b",
            "\u202e",
            "\n\n",
        ]
    ),
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(scraps=st.lists(SCRAPS, min_size=1, max_size=12), title=st.text(min_size=1, max_size=30))
def test_nothing_that_is_written_makes_a_rule_fail(scraps: list[str], title: str) -> None:
    issue = {
        "month": "2021-05",
        "published": "4 May 2021",
        "subject": title,
        "preview_text": " ".join(scraps),
        "introduction": " ".join(scraps),
        "sections": [{"kind": "notice", "title": title, "text": "".join(scraps)}],
    }
    try:
        text = yaml.safe_dump(issue, allow_unicode=True)
        findings = proof(text)
    except (FaultyFiles, PydanticCustomError):
        return  # the model refuses it: there is nothing to proof
    lines = parse_source(text, shown_as="issue").lines
    for finding in findings:
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1
        assert finding.message


@pytest.mark.parametrize(
    "scrap",
    [
        "word ",
        "the ",
        "Aa1 ",
        "[x](https://a.uk/b) ",
        "9 June 2021 ",
        "a. ",
        "(",
        "“",
        "- x\n",
        "07700 900123 ",
        "A.B.",
        "é",
    ],
)
def test_a_very_long_text_takes_time_in_proportion(scrap: str) -> None:
    """Thirty thousand characters of anything are read to their end. In quadratic time that would take hours."""
    text = (scrap * (count_examples(30_000) // len(scrap))).strip()
    issue = {
        "month": "2021-05",
        "published": "4 May 2021",
        "subject": "News from our partners",
        "preview_text": "What our partners did, and what they plan.",
        "sections": [{"kind": "notice", "title": "Notice", "text": text}],
    }
    assert proof(yaml.safe_dump(issue, allow_unicode=True)) is not None
