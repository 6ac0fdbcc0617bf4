"""What a rule notices: a violation, and what becomes of it once the workspace has its say, a finding. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.declaration.source import Span
from bulletin.errors import Fault
from bulletin.settings.proof import Severity


@dataclass(frozen=True, kw_only=True, slots=True)
class Violation:
    """What a rule says of one place.

    `span` is in the issue's file, or in `file` if that is another one of the workspace (`lines` are its lines then).
    `replacement` is what may safely stand instead of exactly the characters of `span`, which is within one line;
    None where a person must decide. `severity` is given where this one matters less than its rule says.
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
    """A violation with its rule.

    `section` and `kind` are the title and the kind of the section that it is about, "" before the first one.
    `private` ones are confirmed by a person, by name, at the sign-off. `number` is how many places it is about: more
    than one for the last finding of a rule that finds very much. `uncounted` says that there are more places still.
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
        """The finding as every fault is shown: where, what, what to do, and the words with a caret below them."""
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
