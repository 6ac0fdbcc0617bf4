"""What an issue must go on with: months, priorities by number and name, figures that count up."""

from __future__ import annotations

import time
from datetime import date

import pytest

from bulletin.proof.context import Context, ParsedIssue
from bulletin.proof.proofing import proof_issue
from bulletin.proof.registry import find_rules
from bulletin.proof.rule import Example
from bulletin.workspace.package_data import sample_folder
from bulletin.workspace.workspace import open_workspace
from proof_case import make_context, read_issue, write_issue

NOTICE = "- {kind: notice, title: Easter, text: We are closed on 5 April 2021.}\n"


def priorities(*entries: tuple[int, str, str], title: str = "Our priorities") -> str:
    lines = [f"- kind: priorities\n  title: {title}\n  items:"]
    lines += [
        f"    - {{number: {number}, title: '{name}', status: {status}, summary: Work goes on.}}"
        for number, name, status in entries
    ]
    return "\n".join(lines) + "\n"


def figure(value: str, label: str = "people have completed it so far", *, course: str = "Signs of Safety") -> str:
    return (
        "- kind: training\n  title: E-learning\n  items:\n"
        f"    - {{title: {course}, provider: Us, on_demand: yes,\n"
        f"       figure: {{value: '{value}', label: {label}, date: 2021}}}}\n"
    )


def context_of(sections: str, **before: str) -> Context:
    """The context of an issue of May 2021, with earlier issues by the names of their months: `m2021_04=…`."""
    earlier = [past(name[1:].replace("_", "-"), text) for name, text in sorted(before.items(), reverse=True)]
    return make_context(Example(sections=sections), load_earlier=lambda: earlier)


def past(month: str, sections: str) -> ParsedIssue:
    return read_issue(write_issue(Example(sections=sections, month=month, published=f"{month}-01")), issue_id=month)


def judge(code: str, context: Context) -> list[str]:
    """The words that a rule speaks of."""
    return [
        context.source.lines[r.span.line - 1][r.span.column - 1 : r.span.end_column - 1]
        for r in find_rules()[code](context)
    ]


SIX, SEVEN = (6, "Getting basic child protection right", "under way"), (7, "Young carers", "under way")


@pytest.mark.parametrize("status", ["planned", "under way", "delayed", "paused"])
def test_a_priority_that_is_gone_is_missed_unless_it_was_closed(status: str) -> None:
    before = priorities(SIX, (7, "Young carers", status))
    assert judge("CONT01", context_of(priorities(SIX), m2021_04=before)) == ["Our priorities"]
    closed = priorities(SIX, (7, "Young carers", "closed"))
    assert judge("CONT01", context_of(priorities(SIX), m2021_04=closed)) == []


def test_where_no_priority_is_left_the_month_is_the_place() -> None:
    assert judge("CONT01", context_of(NOTICE, m2021_04=priorities(SIX, SEVEN))) == ["2021-05", "2021-05"]


@pytest.mark.parametrize(
    "sections",
    [
        priorities((9, "Getting basic child protection right", "under way"), SEVEN),  # another number: CONT08
        priorities((6, "Neglect", "under way"), SEVEN),  # another name: CONT08
        priorities(SEVEN, title="Old") + priorities(SIX, title="New"),
        priorities(SEVEN) + "- {kind: notice, title: Done, text: Priority 6 was closed in April 2021.}\n",
    ],
)
def test_a_priority_that_is_there_in_some_way_is_not_missed(sections: str) -> None:
    assert judge("CONT01", context_of(sections, m2021_04=priorities(SIX, SEVEN))) == []


def test_only_the_priorities_of_the_last_issue_count() -> None:
    assert judge("CONT01", context_of(NOTICE, m2021_04=NOTICE, m2021_03=priorities(SIX))) == []


@pytest.mark.parametrize(
    ("months", "found"),
    [
        (["2021-04"], False),
        (["2021-03"], True),
        (["2020-12"], True),
        (["2021-03", "2021-02"], True),
        (["2021-03", "2021-01", "2020-11"], False),  # every other month
        (["2021-02", "2020-11", "2020-08"], False),  # every quarter
        (["2021-03", "2021-02", "2021-01", "2020-11"], True),
        ([], False),
    ],
)
def test_a_skipped_month_is_found_if_issues_come_out_each_month(months: list[str], found: bool) -> None:  # noqa: FBT001
    context = context_of(NOTICE, **{f"m{month.replace('-', '_')}": NOTICE for month in months})
    assert judge("CONT06", context) == ["2021-05"] * found


def test_the_months_that_were_skipped_are_named() -> None:
    (violation,) = find_rules()["CONT06"](context_of(NOTICE, m2021_02=NOTICE))
    assert "March 2021 to April 2021" in violation.message


@pytest.mark.parametrize(
    ("before", "now"),
    [("214", "187"), ("1,480", "1,048"), ("68%", "63%"), ("over 200", "over 100"), ("2.5 million", "2.4 million")],
)
def test_a_figure_that_counts_up_does_not_go_down(before: str, now: str) -> None:
    assert [word.strip("'") for word in judge("CONT07", context_of(figure(now), m2021_04=figure(before)))] == [now]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (figure("187"), figure("214")),
        (figure("187"), figure("187")),
        (figure("187"), figure("18%")),
        (figure("20 of 30"), figure("10 of 30")),
        (figure("214", "places are free"), figure("187", "places are free")),
        (figure("214", "people have completed it this term"), figure("3", "people have completed it this term")),
        (figure("214"), figure("3", course="Safer sleep")),
        (figure("214", "people have completed it in total"), figure("3")),
    ],
)
def test_a_figure_that_may_go_down_or_is_another_is_left_alone(before: str, now: str) -> None:
    assert judge("CONT07", context_of(now, m2021_04=before)) == []


def test_a_figure_is_held_to_the_latest_time_it_was_told() -> None:
    context = context_of(figure("150"), m2021_04=NOTICE, m2021_03=figure("187"), m2021_02=figure("100"))
    assert judge("CONT07", context) == ["'150'"]
    assert judge("CONT07", context_of(figure("150"), m2021_04=figure("140"), m2021_03=figure("187"))) == []


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (SIX, (6, "Basic child protection", "under way"), "'Basic child protection'"),
        (SIX, (6, "Neglect", "under way"), "'Neglect'"),
        (SIX, (9, "Getting basic child protection right", "under way"), "9"),
        (SIX, (9, "Getting basic child protection right!", "under way"), "9"),
        (SIX, (9, "Getting the basic child protection right", "under way"), "9"),
    ],
)
def test_a_priority_keeps_its_name_and_its_number(
    before: tuple[int, str, str], now: tuple[int, str, str], words: str
) -> None:
    assert judge("CONT08", context_of(priorities(now), m2021_04=priorities(before))) == [words]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ([SIX], [SIX]),
        ([SIX], [(6, "Getting basic child-protection right", "under way")]),
        ([(6, "Neglect", "closed")], [(6, "Young carers", "planned")]),
        ([SIX], [SIX, (8, "Mental health", "planned")]),
        ([SIX], [SIX, SEVEN, (9, "Basic first aid", "planned")]),
    ],
)
def test_a_new_priority_and_a_name_typed_otherwise_are_left_alone(
    before: list[tuple[int, str, str]], now: list[tuple[int, str, str]]
) -> None:
    assert judge("CONT08", context_of(priorities(*now), m2021_04=priorities(*before))) == []


def test_the_earlier_place_is_named() -> None:
    context = context_of(priorities((6, "Neglect", "under way")), m2021_04=priorities(SIX))
    (violation,) = find_rules()["CONT08"](context)
    assert "issues/2021-04.yaml:" in violation.message
    assert "Getting basic child protection right" in violation.message


def test_each_sample_issue_continues_the_one_before() -> None:
    workspace = open_workspace(sample_folder())
    for issue_id in ("2021-04", "2021-05"):
        report = proof_issue(workspace, issue_id, today=date(2021, 5, 4))
        assert [finding for finding in report.findings if finding.code[:4] in ("CONT", "PRIV")] == []


@pytest.mark.slow
def test_very_many_priorities_take_no_more_than_their_share_of_time() -> None:
    before = priorities(*((number, f"Work with schools {number}", "planned") for number in range(1_000)))
    now = priorities(*((number + 5_000, f"Working with school {number}", "planned") for number in range(1_000)))
    context = context_of(now, m2021_04=before)
    began = time.process_time()
    assert judge("CONT01", context) == []
    assert judge("CONT08", context)
    assert time.process_time() - began < 10  # seconds
