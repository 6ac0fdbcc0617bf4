from __future__ import annotations

import json

import jsonschema
import pytest

from bulletin.errors import Fault
from bulletin.proof.finding import Finding
from bulletin.proof.formats import write_github, write_json, write_sarif
from bulletin.proof.registry import find_rules
from bulletin.proof.rule import Example
from checkout import TESTS
from proof_case import find

SCHEMA = TESTS / "node/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
FAULT = Fault(file="issues/2021-06.yaml", line=3, column=5, message="“x” is not a field.", remedy="Delete it.", width=2)
WHOLE = Fault(file="issues/2021-06.yaml", message="This file is empty.")


@pytest.fixture
def findings() -> list[Finding]:
    example = Example(
        text="Come on Monday 11 May 2021. Our service user agrees.",
        settings="rules:\n  - {code: OWN01, pattern: service user, message: 'No, 100%: not so.', instead: person}\n",
    )
    return find(example)


def test_json_has_every_finding_with_its_place_and_remedy(findings: list[Finding]) -> None:
    written = json.loads(write_json([FAULT], findings))
    assert [row["code"] for row in written["findings"]] == ["FILE01", "DATE01", "OWN01"]
    assert written["counts"] == {"error": 2, "warning": 1, "note": 0}
    row = written["findings"][1]
    assert (row["file"], row["line"], row["column"], row["end_column"]) == ("issues/2021-05.yaml", 6, 11, 29)
    assert row["remedy"] == "Correct the day or the date."
    assert written["findings"][2]["replacement"] == "person"


def test_github_gets_one_command_a_finding_and_nothing_can_break_out_of_it(findings: list[Finding]) -> None:
    lines = write_github([FAULT, WHOLE], findings).splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("::error file=issues/2021-06.yaml,line=3,col=5,title=FILE01::")
    assert lines[3].startswith("::warning file=issues/2021-05.yaml,line=6,")
    assert "100%25: not so." in lines[3]


def test_sarif_holds_to_its_published_schema(findings: list[Finding]) -> None:
    if not SCHEMA.exists():
        pytest.fail("The schema of SARIF is missing. Type: make test, or npm ci --prefix tests/node")
    log = json.loads(write_sarif([FAULT, WHOLE], findings, find_rules()))
    validator = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [error.message for error in validator.iter_errors(log)] == []
    run = log["runs"][0]
    assert [result["ruleId"] for result in run["results"]] == ["FILE01", "FILE01", "DATE01", "OWN01"]
    assert {"DATE01", "FILE01"} <= {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    (change,) = run["results"][3]["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["insertedContent"] == {"text": "person"}


def test_a_draft_is_told_with_how_many_places_are_to_be_written() -> None:
    to_write = {"issues/a.yaml": 1, "issues/b.yaml": 4}

    assert json.loads(write_json((), (), None, to_write))["to_write"] == to_write
    assert write_github((), (), to_write).splitlines() == [
        "::notice file=issues/a.yaml,title=draft::draft: 1 place to write",
        "::notice file=issues/b.yaml,title=draft::draft: 4 places to write",
    ]
