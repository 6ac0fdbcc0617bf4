from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bulletin.errors import BulletinError
from bulletin.proof.custom_rules import gather_rules
from bulletin.proof.rule import Example
from proof_case import find, read_settings

OWN = """\
rules:
  - code: OWN01
    pattern: service users?
    message: We say “people we support”.
    instead: people we support
"""

PACKAGE = """\
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, rule
from bulletin.settings.proof import Severity


@rule("ANY01", "no-acme", severity=Severity.NOTE, reason="We do not name Acme.",
      wrong=[Example(text="Ask Acme.", at="Acme")], right=[Example(text="Ask us.")])
def no_acme(context):
    for passage in context.texts:
        at = passage.prose.text.find("Acme")
        if at >= 0:
            yield violation_at(passage, (at, at + 4), "Acme is named here.")


RULES = [no_acme]
BROKEN = [1]
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that is installed, and has no entry points yet."""
    (tmp_path / "acme_rules.py").write_text(PACKAGE)
    info = tmp_path / "acme_rules-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-rules\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "acme_rules", raising=False)
    return info / "entry_points.txt"


def test_a_pattern_of_bulletin_yaml_is_found_whatever_its_capitals() -> None:
    (finding,) = find(Example(text="Our Service users agree.", settings=OWN), "OWN01")
    assert finding.message == "We say “people we support”."
    assert (finding.severity, finding.replacement) == ("warning", "people we support")


def test_a_pattern_of_bulletin_yaml_can_be_ignored_as_any_rule() -> None:
    header = "introduction: Our service users. # proof: ignore OWN01 because it is a quotation"
    assert find(Example(header=header, settings=OWN)) == []


def test_no_rule_can_take_the_code_of_another() -> None:
    with pytest.raises(BulletinError, match="Two rules have the code DATE01"):
        gather_rules(read_settings(OWN.replace("OWN01", "DATE01")))


def test_a_pattern_that_is_none_is_refused_in_words() -> None:
    with pytest.raises(BulletinError, match="is not a pattern"):
        read_settings(OWN.replace("service users?", "service (users"))


def test_an_installed_package_can_bring_rules(package: Path) -> None:
    package.write_text("[bulletin.rules]\nacme = acme_rules:RULES\n")
    (finding,) = find("Ask Acme for help.", "ANY01")
    assert finding.name == "no-acme"


@pytest.mark.parametrize("name", ["acme_rules:MISSING", "acme_missing:RULES", "acme_rules:BROKEN"])
def test_a_package_whose_rules_cannot_be_loaded_is_named(package: Path, name: str) -> None:
    package.write_text(f"[bulletin.rules]\nacme = {name}\n")
    with pytest.raises(BulletinError, match="acme-rules"):
        gather_rules(read_settings())
