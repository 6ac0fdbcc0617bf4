"""Every rule: what its examples say is wrong is found at the words named, what they say is right is left alone."""

from __future__ import annotations

import re

import pytest

from bulletin.proof.registry import find_rules
from bulletin.proof.rule import Example, Rule
from proof_case import covered, find

RULES = list(find_rules().values())
WRONG = [pytest.param(rule, example, id=f"{rule.code}-{n}") for rule in RULES for n, example in enumerate(rule.wrong)]
RIGHT = [pytest.param(rule, example, id=f"{rule.code}-{n}") for rule in RULES for n, example in enumerate(rule.right)]


@pytest.mark.parametrize(("rule", "example"), WRONG)
def test_what_a_rule_calls_wrong_is_found_at_its_words(rule: Rule, example: Example) -> None:
    findings = find(example, rule.code)
    assert findings
    assert example.at
    assert example.at in covered(findings[0])
    assert findings[0].message.endswith((".", "?"))


@pytest.mark.parametrize(("rule", "example"), RIGHT)
def test_what_a_rule_calls_right_is_left_alone(rule: Rule, example: Example) -> None:
    assert find(example, rule.code) == []


def test_an_issue_with_nothing_wrong_has_no_findings() -> None:
    assert find(Example()) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_says_what_it_is_and_why(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z]{3,5}\d\d", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert rule.reason.endswith(".")
    assert rule.wrong
    assert rule.right


def test_no_two_rules_have_the_same_name() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
