"""Rules that a workspace adds: patterns in bulletin.yaml, and rules of other Python packages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from importlib.metadata import EntryPoint, entry_points

from bulletin.errors import BulletinError
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.registry import find_rules
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Rule
from bulletin.settings.proof import CustomRule
from bulletin.settings.settings import Settings

GROUP = "bulletin.rules"
"""The entry point under which a package offers a Rule, or several."""


def gather_rules(settings: Settings) -> Mapping[str, Rule]:
    """All rules by their codes: the product's, those of installed packages, those of bulletin.yaml.

    Raises BulletinError if two have the same code, or if a package's cannot be loaded.
    """
    rules = dict(find_rules())
    others = [*_load_packages(entry_points(group=GROUP)), *(make_rule(own) for own in settings.rules)]
    for rule in others:
        if rule.code in rules:
            raise BulletinError(
                f"Two rules have the code {rule.code}: “{rules[rule.code].name}” and “{rule.name}”.",
                "Give your own one, under `rules:` in bulletin.yaml, a code that no other has, as in OWN01.",
            )
        rules[rule.code] = rule
    return rules


def make_rule(own: CustomRule) -> Rule:
    """The rule that bulletin.yaml declares."""
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
    for passage in context.texts:
        for match in pattern.finditer(passage.prose.text):
            if match[0]:
                yield violation_at(passage, match, own.message, own.remedy or "", replacement=own.instead)


def _load_packages(points: Iterable[EntryPoint]) -> Iterator[Rule]:
    for point in points:
        try:
            loaded = point.load()
        except (ImportError, AttributeError) as error:
            raise BulletinError(
                f"The rules of the package {_name(point)} cannot be loaded: {error}.", "Mend or uninstall it."
            ) from error
        for rule in [loaded] if isinstance(loaded, Rule) else loaded:
            if not isinstance(rule, Rule):
                raise BulletinError(
                    f"The package {_name(point)} offers something as a rule that is none.", "Mend or uninstall it."
                )
            yield rule


def _name(point: EntryPoint) -> str:
    return point.dist.name if point.dist else point.value
