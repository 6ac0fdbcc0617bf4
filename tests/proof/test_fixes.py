from __future__ import annotations

from bulletin.declaration.source import Span
from bulletin.proof.finding import Finding
from bulletin.proof.fixes import fix_text
from bulletin.settings.proof import Severity

TEXT = "a: one  two  # a comment stays\r\nb: >-\r\n  three\r\n"


def finding(line: int, column: int, end: int, replacement: str | None, *, file: str = "a.yaml") -> Finding:
    span = Span(line=line, column=column, end_line=line, end_column=end)
    return Finding(
        code="LANG10",
        name="spaces",
        severity=Severity.WARNING,
        file=file,
        span=span,
        message="Two spaces.",
        remedy="",
        excerpt="",
        replacement=replacement,
    )


def test_only_the_characters_of_a_finding_are_replaced() -> None:
    text, fixes = fix_text(TEXT, [finding(1, 7, 9, " "), finding(3, 3, 8, "four")], file="a.yaml")
    assert text == "a: one two  # a comment stays\r\nb: >-\r\n  four\r\n"
    assert [(change.number, change.before, change.after) for change in fixes] == [
        (1, "a: one  two  # a comment stays", "a: one two  # a comment stays"),
        (3, "  three", "  four"),
    ]


def test_what_has_no_safe_fix_or_is_in_another_file_stays() -> None:
    findings = [finding(1, 4, 7, None), finding(1, 4, 7, "x", file="b.yaml")]
    assert fix_text(TEXT, findings, file="a.yaml") == (TEXT, ())


def test_of_two_that_overlap_the_first_is_made() -> None:
    text, _ = fix_text(TEXT, [finding(1, 4, 9, "uno "), finding(1, 6, 12, "x")], file="a.yaml")
    assert text.startswith("a: uno two")


def test_a_fix_that_would_change_the_yaml_is_not_made() -> None:
    assert fix_text(TEXT, [finding(1, 4, 7, "- one")], file="a.yaml")[0] != ""
    assert fix_text(TEXT, [finding(1, 4, 7, "[one")], file="a.yaml") == (TEXT, ())
    assert fix_text(TEXT, [finding(1, 4, 7, "x: one")], file="a.yaml") == (TEXT, ())


def test_a_byte_order_mark_stays() -> None:
    text, _ = fix_text("\ufeffa: one\n", [finding(1, 5, 8, "two")], file="a.yaml")
    assert text == "\ufeffa: two\n"
