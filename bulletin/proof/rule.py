"""A rule of the proof: its code, its reason, examples of wrong and right, and its check. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.links.link_status import LinkStatus
from bulletin.settings.proof import Severity


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A piece of the issue of May 2021, published on 4 May 2021, for a rule's page and its test.

    `text` is a paragraph; alternatively, `sections` are sections in YAML. `header` are fields before them. `before` are
    the sections of the April issue in YAML; `settings` is added to bulletin.yaml. `at` are the words that the finding
    points to. `month` and `published` set another time; `month_before` sets another last issue. `link_statuses` are the
    results of a link check. `files` are files of the workspace by their paths: templates, pictures; large ones are made
    when they are asked for.
    """

    text: str = ""
    sections: str = ""
    header: str = ""
    before: str = ""
    month_before: str = ""
    settings: str = ""
    at: str = ""
    month: str = "2021-05"
    published: str = "4 May 2021"
    link_statuses: Mapping[str, LinkStatus] = field(default_factory=dict)
    files: Mapping[str, str | bytes | Callable[[], bytes]] = field(default_factory=dict)


Check = Callable[[Context], Iterable[Violation]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One thing that a careful colleague looks for. Calling it with a context returns its violations.

    `code` never changes once it is published. `name` is a few words with hyphens. `reason` tells an officer why it
    matters. A person must accept findings of `private` rules by name when they approve. `live` rules run only when
    links are checked. `precedence`: where a finding overlaps one of a rule with a higher one, only the latter is told,
    since advice on words that are really a mark is wrong.
    """

    code: str
    name: str
    severity: Severity
    reason: str
    wrong: tuple[Example, ...]
    right: tuple[Example, ...]
    check: Check
    private: bool = False
    live: bool = False
    precedence: int = 0

    def __call__(self, context: Context) -> Iterable[Violation]:
        return self.check(context)


def rule(
    code: str,
    name: str,
    *,
    severity: Severity,
    reason: str,
    wrong: Iterable[Example],
    right: Iterable[Example],
    private: bool = False,
    live: bool = False,
) -> Callable[[Check], Rule]:
    """Turn the decorated check into a Rule."""

    def make(check: Check) -> Rule:
        return Rule(
            code=code,
            name=name,
            severity=severity,
            reason=reason,
            wrong=tuple(wrong),
            right=tuple(right),
            check=check,
            private=private,
            live=live,
        )

    return make


def takes_precedence(rank: int) -> Callable[[Rule], Rule]:
    """Give the decorated rule a `precedence`."""
    return lambda rule: replace(rule, precedence=rank)
