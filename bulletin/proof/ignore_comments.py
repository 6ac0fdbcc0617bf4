"""Comments that accept a finding: `# proof: ignore DATE03 because the report is dated so`. Pure.

On a line of its own, a comment covers what begins on the next line: a field and its text, an entry, a section. At the
end of a line, it covers that line and the text that begins there.
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
    """A comment for the proof. `codes` are the rules it names, () if it can't be read; `lines` are what it covers."""

    file: str
    span: Span
    codes: tuple[str, ...]
    has_reason: bool
    lines: range

    def covers(self, finding: Finding) -> bool:
        """Whether it accepts this finding."""
        here = finding.file == self.file and finding.line in self.lines
        return here and self.has_reason and finding.code in self.codes


def find_ignores(source: Source) -> tuple[Ignore, ...]:
    """Every comment for the proof in a file, in order."""
    found = [(number, match) for number, line in enumerate(source.lines, 1) if (match := _COMMENT.search(line))]
    if not found:
        return ()
    scalars = _find_scalars(source)
    return tuple(
        _read_ignore(source, number, match) for number, match in found if not _is_text(scalars, number, match.start())
    )


def _find_scalars(source: Source) -> list[tuple[Span, bool]]:
    """The places of all texts, and whether each is a block: the rest of the line after | or > is not text."""
    spans = [span for place, span in source.values.items() if source.text_at(place)]
    return [(span, source.lines[span.line - 1][span.column - 1 : span.column] in ("|", ">")) for span in spans]


def _is_text(scalars: list[tuple[Span, bool]], line: int, at: int) -> bool:
    """Whether the character is part of a text, so that its # begins no comment."""
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
    """The lines that a comment covers."""
    begins = _find_next(source, number) if alone else number
    spans = [
        source.values[place] for place, key in source.keys.items() if key.line == begins and place in source.values
    ]
    # An entry of a list begins at its dash. A list or record below its own name has already begun there.
    spans += (span for place, span in source.values.items() if span.line == begins and _is_entry(place))
    if not alone:  # not a whole list or section that happens to begin here
        spans = [span for place, span in source.values.items() if span.line == begins and source.text_at(place)]
    # The end of a block or section is the beginning of what follows it.
    ends = [span.end_line - (span.end_column == 1 or _is_blank(source, span)) for span in spans]
    return range(begins, max([begins, *ends]) + 1)


def _is_entry(place: Place) -> bool:
    return bool(place) and isinstance(place[-1], int)


def _is_blank(source: Source, span: Span) -> bool:
    """Whether the last line of the span is empty within the span."""
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
    reason="The person who approves the issue must be able to see why you accepted a finding.",
    wrong=[Example(header="introduction: Come on Monday 11 May 2021. # proof: ignore DATE01", at="# proof: ignore")],
    right=[
        Example(header="introduction: Come on Monday 11 May 2021. # proof: ignore DATE01 because the poster says so")
    ],
)
def ignore_without_reason(context: Context) -> Iterator[Violation]:
    """A comment for the proof that can’t be read, or that gives no reason."""
    for ignore in find_ignores(context.source):
        if not ignore.has_reason:
            what = "gives no reason" if ignore.codes else "can’t be read"
            yield Violation(
                span=ignore.span,
                message=f"This comment for the proof {what}, so it has no effect.",
                remedy="Write it like this: # proof: ignore DATE03 because the report is dated so",
            )


def explain_unused(ignore: Ignore, codes: Iterable[str]) -> Violation:
    """A violation: a comment names `codes`, but there is no such finding any more."""
    return Violation(
        span=ignore.span,
        message=f"There is no finding of {', '.join(codes)} here any more.",
        remedy="Delete the comment, so that it can’t hide a later mistake.",
    )


def _find_nothing(_case: Context) -> Iterator[Violation]:
    """Find nothing here: `proofing` reports unused comments once all rules have run."""
    return iter(())


ignore_without_use: Rule = rule(
    "PROOF02",
    "ignore-without-use",
    severity=Severity.WARNING,
    reason="A comment that is no longer needed would hide the next mistake of the same kind.",
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
    reason="A code that belongs to no rule accepts nothing, although the writer thinks it does.",
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
    """A violation: no rule has this code."""
    return Violation(
        span=span,
        message=f"There is no rule {code}.",
        remedy="To list all rules, run: bulletin check --explain all",
        file=file,
        lines=lines,
    )


RULES: tuple[Rule, ...] = (ignore_without_reason, ignore_without_use, unknown_rule)
