from __future__ import annotations

import pytest
import yaml

from bulletin.errors import NotFound
from bulletin.proof.registry import find_rules
from bulletin.proof.rule_pages import explain_rule, list_rules
from checkout import ROOT

PAGES = ROOT / "docs/rules"
RULES = list(find_rules().values())


def test_the_page_of_each_rule_is_what_the_rule_says() -> None:
    codes = [rule.code for rule in RULES]
    pages = {code: (PAGES / f"{code}.md").read_text(encoding="utf-8") for code in codes}

    assert [code for code in codes if pages[code] != explain_rule(find_rules(), code)] == [], "Type: make rules"


def test_there_is_a_page_for_each_rule_and_no_other() -> None:
    assert {page.stem for page in PAGES.glob("*.md")} - {"README"} == {rule.code for rule in RULES}
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    assert all(f"[{rule.code}]({rule.code}.md)" in index for rule in RULES)


def is_yaml(text: str) -> bool:
    try:
        yaml.load(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError:
        return False
    return True


def test_every_example_of_a_page_is_yaml() -> None:
    pages = {rule.code: explain_rule(find_rules(), rule.code) for rule in RULES}
    blocks = [
        (code, block.partition("\n```")[0]) for code, page in pages.items() for block in page.split("```yaml\n")[1:]
    ]

    assert len(blocks) >= len(RULES)
    assert [block for block in blocks if not is_yaml(block[1])] == []
    assert not is_yaml("title: [")


def test_the_code_of_what_is_wrong_with_a_file_is_explained_too() -> None:
    assert explain_rule(find_rules(), "file01").startswith("# FILE01: What the files hold")


def test_a_code_that_no_rule_has_is_refused_in_words() -> None:
    with pytest.raises(NotFound, match="There is no rule DATE99"):
        explain_rule(find_rules(), "DATE99")


def test_rules_are_listed_one_a_line() -> None:
    assert len(list_rules(RULES).splitlines()) == len(RULES)
