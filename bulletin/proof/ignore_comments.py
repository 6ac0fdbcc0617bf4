"""Comments that let a finding stand: `# proof: ignore DATE03 because the report is dated so`. Pure.

On a line of its own, such a comment is about whatever begins on the next line: a field with its text, an entry, a
section. At the end of a line it is about that line, and about the text that begins on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bulletin.declaration.source import Place, Source, Span
from bulletin.proof.context import Context
from bulletin.proof.finding import Finding, Violation
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_COMMENT = re.compile(r"#[ \t]*proof:(?P<rest>.*)", re.IGNORECASE)
_IGNORE = re.compile(
    r"[ \t]*ignore[ \t]+(?!because\b)(?P<codes>\w{1,20}(?:[ \t]*,[ \t]*\w{1,20})*)(?P<because>.*)", re.IGNORECASE
)
_REASON = re.compile(r"[ \t]+because[ \t]+\S", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ignore:
    """A comment for the proof. `codes` are those that it names, () if it cannot be read; `lines` those it is about."""

    file: str
    span: Span
    codes: tuple[str, ...]
    has_reason: bool
    lines: range

    def covers(self, finding: Finding) -> bool:
        """Whether it lets this finding stand."""
        here = finding.file == self.file and finding.line in self.lines
        return here and self.has_reason and finding.code in self.codes


def find_ignores(source: Source) -> tuple[Ignore, ...]:
    """Every comment for the proof in a file, in its order."""
    found = [(number, match) for number, line in enumerate(source.lines, 1) if (match := _COMMENT.search(line))]
    if not found:
        return ()
    scalars = _find_scalars(source)
    return tuple(
        _read_ignore(source, number, match) for number, match in found if not _is_text(scalars, number, match.start())
    )


def _find_scalars(source: Source) -> list[tuple[Span, bool]]:
    """The places of all texts, and whether each is a block: what follows a block's mark on its line is no text."""
    spans = [span for place, span in source.values.items() if source.text_at(place)]
    return [(span, source.lines[span.line - 1][span.column - 1 : span.column] in ("|", ">")) for span in spans]


def _is_text(scalars: list[tuple[Span, bool]], line: int, at: int) -> bool:
    """Whether the character stands in a text, so that its # begins no comment."""
    return any(
        (span.line, span.column) <= (line, at + 1) < (span.end_line, span.end_column)
        and not (block and line == span.line)
        for span, block in scalars
    )


def _read_ignore(source: Source, number: int, match: re.Match[str]) -> Ignore:
    line = source.lines[number - 1]
    read = _IGNORE.fullmatch(match["rest"])
    return Ignore(
        file=source.file,
        span=Span(line=number, column=match.start() + 1, end_line=number, end_column=len(line.rstrip()) + 1),
        codes=tuple(code.strip().upper() for code in read["codes"].split(",")) if read else (),
        has_reason=bool(read and _REASON.match(read["because"])),
        lines=_find_lines(source, number, alone=not line[: match.start()].strip()),
    )


def _find_lines(source: Source, number: int, *, alone: bool) -> range:
    """The lines that a comment is about."""
    begins = _find_next(source, number) if alone else number
    spans = [
        source.values[place] for place, key in source.keys.items() if key.line == begins and place in source.values
    ]
    # An entry of a list begins at its dash; a list or a record below its own name has begun there already.
    spans += (span for place, span in source.values.items() if span.line == begins and _is_entry(place))
    if not alone:  # not all of a list or section that happens to begin here
        spans = [span for place, span in source.values.items() if span.line == begins and source.text_at(place)]
    # A block's or a section's end is the beginning of what follows it.
    ends = [span.end_line - (span.end_column == 1 or _is_blank(source, span)) for span in spans]
    return range(begins, max([begins, *ends]) + 1)


def _is_entry(place: Place) -> bool:
    return bool(place) and isinstance(place[-1], int)


def _is_blank(source: Source, span: Span) -> bool:
    """Whether nothing of the span stands on its last line."""
    lines = source.lines
    return span.end_line > len(lines) or (
        span.end_line > span.line and not lines[span.end_line - 1][: span.end_column - 1].strip()
    )


def _find_next(source: Source, number: int) -> int:
    """The next line that is neither blank nor a comment."""
    for index in range(number, len(source.lines)):
        if source.lines[index].strip() and not source.lines[index].lstrip().startswith("#"):
            return index + 1
    return number


@rule(
    "PROOF01",
    "ignore-without-reason",
    severity=Severity.ERROR,
    reason="Whoever signs the issue off must be able to see why a finding was let stand.",
    wrong=[Example(header="introduction: Come on Monday 11 May 2021. # proof: ignore DATE01", at="# proof: ignore")],
    right=[
        Example(header="introduction: Come on Monday 11 May 2021. # proof: ignore DATE01 because the poster says so")
    ],
)
def ignore_without_reason(context: Context) -> Iterator[Violation]:
    """A comment for the proof that cannot be read, or that does not say why."""
    for ignore in find_ignores(context.source):
        if not ignore.has_reason:
            what = "does not say why" if ignore.codes else "cannot be read"
            yield Violation(
                span=ignore.span,
                message=f"This comment for the proof {what}, so it is not heeded.",
                remedy="Write it as in: # proof: ignore DATE03 because the report is dated so",
            )


def explain_unused(ignore: Ignore, codes: Iterable[str]) -> Violation:
    """That `codes` of a comment let nothing stand any more."""
    return Violation(
        span=ignore.span,
        message=f"There is no finding of {', '.join(codes)} here any more.",
        remedy="Delete the comment, so that it does not hide a later slip.",
    )


def _find_nothing(_case: Context) -> Iterator[Violation]:
    """Whether a comment still lets something stand is only known once all the rules have spoken: see `proofing`."""
    return iter(())


ignore_without_use: Rule = rule(
    "PROOF02",
    "ignore-without-use",
    severity=Severity.WARNING,
    reason="A comment that outlives its cause would hide the next slip of the same kind.",
    wrong=[
        Example(
            header="introduction: Come on Tuesday 11 May 2021. # proof: ignore DATE01 because the poster says so",
            at="# proof: ignore",
        )
    ],
    right=[
        Example(header="introduction: Come on Monday 11 May 2021. # proof: ignore DATE01 because the poster says so")
    ],
)(_find_nothing)

unknown_rule: Rule = rule(
    "PROOF03",
    "unknown-rule",
    severity=Severity.ERROR,
    reason="A code that no rule has silences nothing: the writer believes something that is not so.",
    wrong=[
        Example(
            header="introduction: Come on Tuesday 11 May 2021. # proof: ignore DATE99 because the poster says so",
            at="# proof: ignore DATE99",
        )
    ],
    right=[
        Example(header="introduction: Come on Monday 11 May 2021. # proof: ignore DATE01 because the poster says so")
    ],
)(_find_nothing)


def explain_unknown(span: Span, code: str, *, file: str = "", lines: tuple[str, ...] = ()) -> Violation:
    """That a code is not one of a rule."""
    return Violation(
        span=span,
        message=f"There is no rule {code}.",
        remedy="Look at the codes that `bulletin check` shows, or at `bulletin check --explain`.",
        file=file,
        lines=lines,
    )


RULES: tuple[Rule, ...] = (ignore_without_reason, ignore_without_use, unknown_rule)
