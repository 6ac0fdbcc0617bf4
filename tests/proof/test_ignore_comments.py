from __future__ import annotations

import pytest

from bulletin.proof.ignore_comments import find_ignores
from bulletin.proof.rule import Example
from proof_case import find, make_context

WRONG = "Come on Monday 11 May 2021."


def codes(header: str = "", sections: str = "", settings: str = "") -> list[str]:
    return [finding.code for finding in find(Example(header=header, sections=sections, settings=settings))]


def test_a_comment_at_the_end_of_a_line_lets_its_finding_stand() -> None:
    assert codes(f"introduction: {WRONG} # proof: ignore DATE01 because the poster says so") == []


def test_a_comment_above_a_field_lets_its_finding_stand() -> None:
    assert codes(f"# proof: ignore DATE01 because the poster says so\nintroduction: {WRONG}") == []


def test_a_comment_above_a_block_is_about_all_of_it() -> None:
    assert codes(f"# proof: ignore DATE01 because so\nintroduction: |\n  Hello.\n\n  {WRONG}") == []


def test_a_comment_beside_the_mark_of_a_block_is_about_all_of_it() -> None:
    assert codes(f"introduction: |  # proof: ignore DATE01 because so\n  Hello.\n\n  {WRONG}") == []


def test_a_comment_is_about_nothing_that_follows() -> None:
    header = f"# proof: ignore DATE01 because so\nintroduction: {WRONG}"
    sections = f"- kind: notice\n  title: Notice\n  text: {WRONG}"
    assert codes(header, sections) == ["DATE01"]


def test_a_comment_above_a_section_is_about_the_whole_section_and_no_other() -> None:
    one = f"- kind: notice\n  title: Notice\n  text: {WRONG}\n"
    assert codes(sections=f"# proof: ignore DATE01 because so\n{one}") == []
    assert codes(sections=f"# proof: ignore DATE01 because so\n{one}{one.replace('Notice', 'Other')}") == ["DATE01"]


def test_several_codes_share_a_comment() -> None:
    assert codes(f"introduction: {WRONG} # proof: ignore DATE01, PROOF01 because so") == ["PROOF02"]


def test_what_looks_like_a_comment_inside_a_text_is_text() -> None:
    example = Example(header=f'introduction: "{WRONG} # proof: ignore DATE01 because so"')
    assert find_ignores(make_context(example).source) == ()
    assert [finding.code for finding in find(example)] == ["DATE01"]


@pytest.mark.parametrize("comment", ["ignore DATE01", "ignore DATE01 because", "ignore", "ignroe DATE01 because so"])
def test_a_comment_without_a_reason_or_a_sense_is_not_heeded(comment: str) -> None:
    assert codes(f"introduction: {WRONG} # proof: {comment}") == ["DATE01", "PROOF01"]


def test_a_comment_that_accepts_nothing_is_itself_a_finding() -> None:
    assert codes("introduction: Come. # proof: ignore DATE01 because so") == ["PROOF02"]


def test_a_comment_for_a_rule_that_is_off_needs_no_finding() -> None:
    settings = "proof:\n  severities: {DATE01: off}\n"
    assert codes(f"introduction: {WRONG} # proof: ignore DATE01 because so", settings=settings) == []


def test_a_comment_for_an_unknown_rule_is_found() -> None:
    assert codes("introduction: Come. # proof: ignore DATE99 because so") == ["PROOF03"]


def test_the_severity_of_a_rule_is_the_workspaces_to_say() -> None:
    (finding,) = find(Example(header=f"introduction: {WRONG}", settings="proof:\n  severities: {DATE01: note}\n"))
    assert finding.severity == "note"


@pytest.mark.parametrize(
    ("where", "left"),
    [
        ("", []),
        ("issue: 2021-05", []),
        ("issue: 2021-06", ["DATE01"]),
        ("section: Notice", []),
        ("section: notice", []),
        ("section: Training", ["DATE01"]),
        ("severity: warning", ["DATE01"]),
    ],
)
def test_an_exception_holds_where_bulletin_yaml_says(where: str, left: list[str]) -> None:
    sections = f"- kind: notice\n  title: Notice\n  text: {WRONG}"
    lines = ["proof:", "  exceptions:", "    - rule: DATE01", "      because: so"] + [f"      {where}"] * bool(where)
    assert codes(sections=sections, settings="\n".join(lines) + "\n") == left


def test_an_unknown_code_in_bulletin_yaml_is_found_there() -> None:
    settings = "proof:\n  severities: {DATE99: note}\n"
    content = b"# settings\nproof:\n  severities: {DATE99: note}\n"
    (finding,) = find(Example(settings=settings), read_file={"bulletin.yaml": content}.get)
    assert (finding.code, finding.file, finding.line, finding.column) == ("PROOF03", "bulletin.yaml", 3, 16)


def test_of_a_line_that_is_still_to_be_written_nothing_else_is_said() -> None:
    assert codes("introduction: TO WRITE  what happens on Monday 11 May 2021.") == []
