"""A rule of the proof: what it is called, why it is there, what is wrong and right by it, and how it looks. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.links.status import LinkStatus
from bulletin.settings.proof import Severity


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A piece of an issue of May 2021, published on 4 May 2021, for a rule's page and for its test.

    `text` is a paragraph; or `sections` are sections in YAML, `header` fields before them. `before` are the sections
    of the April issue in YAML, `settings` what bulletin.yaml adds. `at` are the words that the finding is about.
    `month` and `published` are there for examples that need another time, `month_before` for those that skip one,
    `link_statuses` for links that were asked. `files` are files of the workspace by their paths: templates, pictures.
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
    files: Mapping[str, str | bytes] = field(default_factory=dict)


Check = Callable[[Context], Iterable[Violation]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One thing that a careful colleague looks for. Calling it gives its violations on a context.

    `code` never changes once it is published; `name` is its sense in a few words, with hyphens. `reason` says to an
    officer why it matters. `private` rules notice what must be confirmed by a person, by name, at the sign-off; `live`
    ones speak only where links were asked for.
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
    """Make the function below it a Rule."""

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
