"""Promises are kept, or asked for; and what a text promises is noted down."""

from __future__ import annotations

import json
import textwrap
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.proof.context import Context, ParsedIssue
from bulletin.proof.registry import find_rules
from bulletin.proof.rule import Example
from proof_case import find, make_context, read_issue, write_issue

NOTICE = "- {kind: notice, title: Easter, text: We are closed on 5 April 2021.}\n"
PROMISE = """
- kind: executive_updates
  title: Executive updates
  lead: One decision is still to come.
  items:
    - title: Discharge protocol
      text: We will report on it in May 2021.
      follow_up: 2021-05
"""


def past(month: str, sections: str) -> ParsedIssue:
    return read_issue(write_issue(Example(sections=sections, month=month, published=f"{month}-01")), issue_id=month)


def context_of(sections: str, **before: str) -> Context:
    earlier = [past(name[1:].replace("_", "-"), text) for name, text in sorted(before.items(), reverse=True)]
    return make_context(Example(sections=sections), load_earlier=lambda: earlier)


def judge(context: Context) -> list[str]:
    return [violation.message for violation in find_rules()["CONT03"](context)]


@pytest.mark.parametrize(
    "answer",
    [
        "- {kind: article, title: Discharge protocol, text: It is agreed.}",
        "- {kind: article, title: The discharge protocols, text: It is agreed.}",
        "- {kind: notice, title: Hospitals, text: 'The protocol for discharge is signed.'}",
        PROMISE.replace("2021-05", "2021-06"),
    ],
)
def test_a_promise_is_answered_by_its_title_or_by_its_words(answer: str) -> None:
    assert judge(context_of(answer, m2021_04=PROMISE)) == []


@pytest.mark.parametrize(
    "sections",
    [
        NOTICE,
        "- {kind: notice, title: Hospitals, text: A protocol is signed.}",
        "- {kind: about, title: About us, text: We wrote the discharge protocol.}",
        "- {kind: links, title: Links, items: [{title: Discharge protocol, link: 'https://www.example.org/d'}]}",
    ],
)
def test_an_unanswered_promise_is_found(sections: str) -> None:
    (message,) = judge(context_of(sections, m2021_04=PROMISE))
    assert "Executive updates › Discharge protocol" in message
    assert "issues/2021-04.yaml:" in message


def test_a_promise_is_due_in_its_month_however_old_it_is() -> None:
    between = {f"m{month}": NOTICE for month in ("2021_04", "2021_03", "2021_02", "2021_01", "2020_12")}
    assert len(judge(context_of(NOTICE, m2020_11=PROMISE, **between))) == 1


def test_a_promise_for_a_later_month_is_not_yet_due() -> None:
    assert judge(context_of(NOTICE, m2021_04=PROMISE.replace("2021-05", "2021-06"))) == []


def test_a_promise_still_open_in_the_last_issue_is_due_once_more() -> None:
    april = PROMISE.replace("2021-05", "2021-04")
    (message,) = judge(context_of(NOTICE, m2021_04=NOTICE, m2021_03=april))
    assert "still open" in message
    answered = "- {kind: notice, title: Discharge protocol, text: It is agreed.}"
    assert judge(context_of(NOTICE, m2021_04=answered, m2021_03=april)) == []
    assert judge(context_of(NOTICE, m2021_04=NOTICE, m2021_03=NOTICE, m2021_02=april.replace("-04", "-03"))) == []


def test_a_promise_for_a_month_without_issue_is_due_in_the_next_one() -> None:
    assert len(judge(context_of(NOTICE, m2021_03=PROMISE.replace("2021-05", "2021-04")))) == 1


def test_a_promise_that_was_repeated_counts_once() -> None:
    assert len(judge(context_of(NOTICE, m2021_04=PROMISE, m2021_03=PROMISE, m2021_02=PROMISE))) == 1


def test_the_place_is_the_nearest_section_of_that_kind() -> None:
    sections = NOTICE + "- {kind: executive_updates, title: News, lead: A line., items: [We met.]}\n"
    context = context_of(sections, m2021_04=PROMISE)
    (violation,) = find_rules()["CONT03"](context)
    assert context.source.lines[violation.span.line - 1][violation.span.column - 1 :].startswith("News")


def test_a_promise_without_a_title_is_known_by_its_words() -> None:
    untitled = PROMISE.replace("title: Discharge protocol\n      text", "text").replace(
        "on it", "on the audit of bruises"
    )
    assert len(judge(context_of(NOTICE, m2021_04=untitled))) == 1
    assert (
        judge(context_of("- {kind: notice, title: Done, text: The audit of bruises is done.}", m2021_04=untitled)) == []
    )


def test_only_issues_that_may_promise_are_read() -> None:
    context = replace(context_of(NOTICE, m2021_04=NOTICE), load_promising=lambda _: [past("2020-12", PROMISE)])
    assert len(judge(context)) == 1


PROMISES = [
    "More next month.",
    "Further details will follow.",
    "We will say more in our next issue.",
    "Watch this space!",
    "We’ll keep you posted on how it goes.",
    "The June issue will bring the results.",
    "Dates to follow.",
    "You’ll hear more in the autumn.",
    "We will share the findings in the June 2021 bulletin.",
    "More details will be announced in due course.",
    "There is more to come.",
]
NO_PROMISES = [
    "Four more next month would be enough.",
    "The Board will report back to the Council in July 2021.",
    "To have your news in our next issue, write to us.",
    "If you would like to be in the next issue, tell us.",
    "Ring us, and we will tell you more.",
    "Once you have booked, further details will follow by e-mail.",
    "We reported on this in the April 2021 issue.",
    "The April issue will be remembered for its cover.",
    "From May 2021 you will find them in this e-bulletin instead.",
    "An article in this issue tells you more.",
    "Please send in texts for the June issue by 14 May 2021.",
    "We meet once more next month.",
    "Next month we say goodbye to our manager.",
    "The results are expected in March 2022.",
    "The team will come back to school after Easter.",
    "To find out more, ask the lead in your school.",
]


def article(text: str, *, more: str = "") -> Example:
    body = textwrap.indent(text, "    ")
    return Example(sections=f"- kind: article\n  title: A story\n  text: |\n{body}\n{more}")


@pytest.mark.parametrize("text", PROMISES)
def test_a_promise_in_a_text_needs_a_follow_up(text: str) -> None:
    assert len(find(article(text), "CONT04")) == 1
    assert find(article(text, more="  follow_up: 2021-07"), "CONT04") == []


@pytest.mark.parametrize("text", NO_PROMISES)
def test_what_promises_readers_nothing_is_left_alone(text: str) -> None:
    assert find(article(text), "CONT04") == []


def test_each_sentence_is_reported_once() -> None:
    text = "You will hear more in the June 2021 issue. Some words between. Watch this space."
    assert [finding.column for finding in find(article(text), "CONT04")] == [7, 7 + text.index("Watch")]


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("You will hear more in the July 2021 issue.", "2021-07"),
        ("We will report back in September.", "2021-09"),
        ("Further details will follow in January 2022.", "2022-01"),
        ("More next month.", "2021-06"),
        ("In April we met; we will say more.", "2021-06"),
    ],
)
def test_the_remedy_names_the_month_that_was_promised(text: str, month: str) -> None:
    (finding,) = find(article(text), "CONT04")
    assert f"`follow_up: {month}`" in finding.remedy


def test_a_follow_up_covers_what_its_section_says_around_it() -> None:
    section = """
- kind: executive_updates
  title: Executive updates
  lead: More next month.
  items:
    - {title: Scrutiny, text: We have begun., follow_up: 2021-06}
    - {title: Discharge, text: Further details will follow.}
"""
    (finding,) = find(Example(sections=section), "CONT04")
    assert "Further details" in finding.excerpt


def test_standing_sections_promise_nothing() -> None:
    section = "- {kind: about, title: About us, text: 'In our next issue we will say more, as always.'}"
    assert find(Example(sections=section), "CONT04") == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["More next month. ", "more details ", "in the next issue ", "will ", "if you ", "a", "May 2021 "]
)
def test_a_very_long_text_takes_no_more_than_its_share_of_time(piece: str) -> None:
    context = make_context(article(piece * (100_000 // len(piece))))
    began = time.process_time()
    list(find_rules()["CONT04"](context))
    assert time.process_time() - began < 10  # seconds; the square of it would take hours


@pytest.mark.slow
def test_very_many_promises_and_answers_take_no_more_than_their_share_of_time() -> None:
    items = "".join(
        f"    - {{title: Work with schools {number}, text: More of plan {number}., follow_up: 2021-05}}\n"
        for number in range(2_000)
    )
    before = f"- kind: executive_updates\n  title: News\n  lead: We met.\n  items:\n{items}"
    context = context_of(before.replace("Work", "Visits").replace("2021-05", "2021-06"), m2021_04=before)
    began = time.process_time()
    list(find_rules()["CONT03"](context))
    assert time.process_time() - began < 10  # seconds


@given(
    st.text(alphabet="abc .,;!?\n’“”—*_`#-10XYZé", max_size=200) | st.lists(st.sampled_from(PROMISES)).map("\n".join)
)
def test_no_text_makes_a_rule_raise(text: str) -> None:
    context = context_of(f"- kind: article\n  title: A story\n  text: {json.dumps(text + ' x')}\n", m2021_04=PROMISE)
    for code, rule in find_rules().items():
        if code.startswith("CONT"):
            list(rule(context))
