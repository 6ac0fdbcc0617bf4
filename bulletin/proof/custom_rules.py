"""Custom rules of a workspace: patterns in bulletin.yaml, and rules from other Python packages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from bulletin.errors import BulletinError
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.registry import find_rules
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Rule
from bulletin.proof.rule_files import read_rule_files
from bulletin.settings.proof import CustomRule
from bulletin.settings.settings import Settings

GROUP = "bulletin.rules"
"""The entry point group in which a package offers one Rule or several."""


def gather_rules(settings: Settings, root: Path | None = None) -> Mapping[str, Rule]:
    """All rules by code: those of the product, of installed packages, of bulletin.yaml, and of the workspace at `root`.

    Raises BulletinError if two rules have the same code, or if a package's rules can't be loaded, and FaultyFiles for
    rule files that can't be used.
    """
    rules = dict(find_rules())
    others = [*_load_packages(entry_points(group=GROUP)), *(make_rule(own) for own in settings.rules)]
    others += read_rule_files(root) if root else []
    for rule in others:
        if rule.code in rules:
            raise BulletinError(
                f"Two rules have the code {rule.code}: “{rules[rule.code].name}” and “{rule.name}”.",
                "Under `rules:` in bulletin.yaml, give your own rule a code that no other rule has, for example OWN01.",
            )
        rules[rule.code] = rule
    return rules


def make_rule(own: CustomRule) -> Rule:
    """The rule for a pattern in bulletin.yaml."""
    return Rule(
        code=own.code,
        name="own-rule",
        severity=own.severity,
        reason=own.message,
        wrong=(),
        right=(),
        check=partial(_find_pattern, own, re.compile(own.pattern, re.IGNORECASE)),
    )


def _find_pattern(own: CustomRule, pattern: re.Pattern[str], context: Context) -> Iterator[Violation]:
    for passage, match in context.matches(pattern):
        if match[0]:
            yield violation_at(passage, match, own.message, own.remedy or "", replacement=own.instead)


def _load_packages(points: Iterable[EntryPoint]) -> Iterator[Rule]:
    for point in points:
        try:
            loaded = point.load()
        except (ImportError, AttributeError) as error:
            raise BulletinError(
                f"The rules of the package {_name(point)} can’t be loaded: {error}.", "Fix or uninstall it."
            ) from error
        for rule in [loaded] if isinstance(loaded, Rule) else loaded:
            if not isinstance(rule, Rule):
                raise BulletinError(f"The package {_name(point)} offers a rule that isn’t one.", "Fix or uninstall it.")
            yield rule


def _name(point: EntryPoint) -> str:
    return point.dist.name if point.dist else point.value
