from __future__ import annotations

import pytest
import yaml

from bulletin.errors import NotFound
from bulletin.proof.registry import find_rules
from bulletin.proof.rule import Rule
from bulletin.proof.rule_pages import explain_rule, list_rules
from checkout import ROOT

PAGES = ROOT / "docs/rules"
RULES = list(find_rules().values())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_page_of_a_rule_is_what_the_rule_says(rule: Rule) -> None:
    page = PAGES / f"{rule.code}.md"
    assert page.read_text(encoding="utf-8") == explain_rule(find_rules(), rule.code), "Type: make rules"


def test_there_is_a_page_for_each_rule_and_no_other() -> None:
    assert {page.stem for page in PAGES.glob("*.md")} - {"README"} == {rule.code for rule in RULES}
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    assert all(f"[{rule.code}]({rule.code}.md)" in index for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_example_of_a_page_is_yaml(rule: Rule) -> None:
    blocks = explain_rule(find_rules(), rule.code).split("```yaml\n")[1:]
    for block in blocks:
        yaml.load(block.partition("\n```")[0], Loader=yaml.BaseLoader)


def test_the_code_of_what_is_wrong_with_a_file_is_explained_too() -> None:
    assert explain_rule(find_rules(), "file01").startswith("# FILE01: What the files hold")


def test_a_code_that_no_rule_has_is_refused_in_words() -> None:
    with pytest.raises(NotFound, match="There is no rule DATE99"):
        explain_rule(find_rules(), "DATE99")


def test_rules_are_listed_one_a_line() -> None:
    assert len(list_rules(RULES).splitlines()) == len(RULES)
