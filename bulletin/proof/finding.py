"""Violations, which rules report, and findings: violations adjusted to the workspace's settings. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.declaration.source import Span
from bulletin.errors import Fault
from bulletin.settings.proof import Severity

STRUCTURE = "FILE01"
"""The code for what is wrong with a file as a whole, which is no rule's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Violation:
    """What a rule reports about one place.

    `span` is in the issue's file, or in `file` if that names another file of the workspace; `lines` are then its lines.
    `replacement` can safely replace the characters of `span`, which is then within one line; None if a person must
    decide. `severity` is set if this violation matters less than others of its rule.
    """

    span: Span
    message: str
    remedy: str = ""
    replacement: str | None = None
    file: str = ""
    lines: tuple[str, ...] = ()
    severity: Severity | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A violation, its rule, and its severity in this workspace.

    `section` and `kind` are the title and kind of its section, "" before the first section. If `private`, a person
    must accept it by name when they approve. `number` is how many places it covers: more than one only in the last
    finding of a rule that finds very many. `uncounted` means there are more places, which were not counted.
    """

    code: str
    name: str
    severity: Severity
    file: str
    span: Span
    message: str
    remedy: str
    excerpt: str
    section: str = ""
    kind: str = ""
    private: bool = False
    replacement: str | None = None
    number: int = 1
    uncounted: bool = False

    @property
    def line(self) -> int:
        return self.span.line

    @property
    def column(self) -> int:
        return self.span.column

    @property
    def fault(self) -> Fault:
        """The finding in the form of a fault: place, message, remedy, and the line with a caret below the words."""
        one_line = self.span.end_line == self.span.line
        end = self.span.end_column if one_line else len(self.excerpt) + 1
        return Fault(
            file=self.file,
            line=self.span.line,
            column=self.span.column,
            message=f"{self.severity} {self.code}: {self.message}",
            remedy=self.remedy,
            excerpt=self.excerpt,
            width=max(1, end - self.span.column),
        )
