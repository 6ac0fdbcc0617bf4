"""What readers have had already is told; what is repeated rightly is left alone."""

from __future__ import annotations

import textwrap
import time

import pytest

from bulletin.proof.context import Context, ParsedIssue
from bulletin.proof.registry import find_rules
from bulletin.proof.rule import Example
from bulletin.proof.rules.months.repeated_entries import read_address
from proof_case import make_context, read_issue, write_issue

NEWS = "The Hub heard from six schools, from a dozen young carers and from the charity that supports them."
LONG = f"{NEWS} It will hear from their parents and from three of their teachers before it writes anything down."
NOTICE = "- {kind: notice, title: Easter, text: We are closed on 5 April 2021.}\n"


def past(month: str, sections: str) -> ParsedIssue:
    return read_issue(write_issue(Example(sections=sections, month=month, published=f"{month}-06")), issue_id=month)


def context_of(sections: str, **before: str) -> Context:
    earlier = [past(name[1:].replace("_", "-"), text) for name, text in sorted(before.items(), reverse=True)]
    return make_context(Example(sections=sections), load_earlier=lambda: earlier)


def judge(code: str, context: Context) -> list[str]:
    """The words that a rule speaks of, up to the end of their line."""
    found = []
    for violation in find_rules()[code](context):
        line, span = context.source.lines[violation.span.line - 1], violation.span
        found.append(line[span.column - 1 : span.end_column - 1 if span.end_line == span.line else None])
    return found


def section(kind: str, **fields: str) -> str:
    lines = [f"- kind: {kind}"] + [f"  {name}: {value}" for name, value in fields.items()]
    return "\n".join(lines) + "\n"


def article(text: str, *, title: str = "A story", more: str = "") -> str:
    return f"- kind: article\n  title: {title}\n  text: |\n{textwrap.indent(text, '    ')}\n{more}"


UNCHANGED = [
    section("executive_updates", title="News", lead="We met.", items=f"['{NEWS}']"),
    section("executive_updates", title="News", lead=NEWS, items="[We met.]"),
    section("executive_updates", title="News", lead="We met.", items="[We met.]", outlook=NEWS),
    section("notice", title="A notice", text=NEWS),
    section("group_update", title="Youth", group="Youth", items=f"[{{title: Words, text: '{NEWS}'}}]"),
    section("campaign", title="Walk", text=NEWS),
    section("campaign", title="Walk", status="finished", text=NEWS),
    section("priorities", title="Ours", items=f"[{{number: 1, title: Neglect, status: planned, summary: '{NEWS}'}}]"),
    section("resources", title="Read", introduction=f"{NEWS} In April 2021 it closed.", groups="&g").replace(
        "&g", "[{title: A, items: [{title: T, link: 'https://a.example.org/t'}]}]"
    ),
]


@pytest.mark.parametrize("sections", UNCHANGED)
def test_a_text_repeated_word_for_word_from_the_last_issue_is_found(sections: str) -> None:
    (words,) = judge("CONT02", context_of(sections, m2021_04=sections))
    assert words.strip("'").startswith("The Hub heard from six schools")


def test_of_a_longer_text_the_unchanged_paragraph_is_found() -> None:
    before, now = article(f"Spring is here.\n\n{LONG}"), article(f"Summer is here.\n\n{LONG}")
    assert judge("CONT02", context_of(now, m2021_04=before)) == [LONG]


def test_other_breaks_capitals_and_quotation_marks_make_no_other_text() -> None:
    assert judge("CONT02", context_of(article(f"“{NEWS}”"), m2021_04=article('"' + NEWS.replace(", ", ",\n") + '"')))


STANDING = [
    section("about", title="About us", text=NEWS),
    section("links", title="Links", introduction=NEWS, items="[{title: T, link: 'https://a.example.org/t'}]"),
    section(
        "priorities", title="Ours", introduction=NEWS, items="[{number: 1, title: N, status: planned, summary: S}]"
    ),
    section("priorities", title="Ours", items=f"[{{number: 1, title: N, status: paused, summary: '{NEWS}'}}]"),
    section("training", title="Courses", items=f"[{{title: T, provider: P, on_demand: yes, summary: '{NEWS}'}}]"),
    section("events", title="Days", items=f"[{{title: T, date: 9 June 2021, summary: '{NEWS}'}}]"),
    section("notice", title="Half-term", text=f"{NEWS} We are closed on 31 May 2021."),
    section("notice", title="Short", text="Our office is open from Monday to Friday."),
    article("Spring is here.\n\nIf you would like to write for us, please send your text to news@example.org in time."),
]


@pytest.mark.parametrize("sections", STANDING)
def test_what_is_to_stay_as_it_is_is_left_alone(sections: str) -> None:
    now = sections.replace("Spring is here.", "Summer is here.")
    assert judge("CONT02", context_of(now, m2021_04=sections)) == []


def test_a_running_campaign_may_be_described_again_when_something_else_is_new() -> None:
    before = section("campaign", title="Walk", text=NEWS, phase="1 of 2")
    assert judge("CONT02", context_of(before.replace("1 of 2", "2 of 2"), m2021_04=before)) == []
    longer = before.replace(NEWS, f"'{LONG} And we are glad.'")
    assert judge("CONT02", context_of(before.replace(NEWS, f"'{LONG} And they are glad.'"), m2021_04=longer)) == []


def test_only_the_last_issue_counts_for_unchanged_texts() -> None:
    assert judge("CONT02", context_of(article(NEWS), m2021_04=NOTICE, m2021_03=article(NEWS))) == []


def resource(*, title: str = "Why chronologies matter", link: str = "https://r.example.org/c", more: str = "") -> str:
    entry = f"{{title: {title}, link: '{link}', publishers: Research in Practice{more}}}"
    return f"- kind: resources\n  title: Reading\n  groups:\n    - title: Research\n      items: [{entry}]\n"


@pytest.mark.parametrize("month", ["m2021_04", "m2021_03", "m2021_02"])
def test_a_resource_of_the_last_three_issues_is_found(month: str) -> None:
    before = {"m2021_04": NOTICE, "m2021_03": NOTICE, "m2021_02": NOTICE, month: resource()}
    assert judge("CONT05", context_of(resource(), **before)) == ["Why chronologies matter"]
    assert judge("CONT05", context_of(resource(title="Chronologies"), **before)) == ["Chronologies"]
    assert judge("CONT05", context_of(resource(link="http://www.r.example.org/c/#top"), **before))


def test_an_older_resource_may_be_recalled() -> None:
    before = {"m2021_04": NOTICE, "m2021_03": NOTICE, "m2021_02": NOTICE, "m2021_01": resource()}
    assert judge("CONT05", context_of(resource(), **before)) == []


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (resource(more=", date: March 2021"), resource(more=", date: April 2021")),  # a newer edition
        (resource(link="https://r.example.org/"), resource(title="Siblings", link="https://r.example.org")),
        (
            resource(link="https://www.anytown.example.org/a"),
            resource(title="B", link="https://www.anytown.example.org/a"),
        ),
        (resource(), resource(title="Online safety", link="https://r.example.org/online")),
        (resource(), "- {kind: links, title: Links, items: [{title: T, link: 'https://r.example.org/c'}]}"),
    ],
)
def test_a_resource_that_is_new_in_some_way_is_left_alone(before: str, now: str) -> None:
    assert judge("CONT05", context_of(now, m2021_04=before)) == []


def test_an_article_with_the_title_of_the_last_one_is_found() -> None:
    assert judge("CONT05", context_of(article("Now this."), m2021_04=article("Then that."))) == ["A story"]


def test_the_answer_to_a_promise_and_a_column_may_keep_their_title() -> None:
    promised = article("Then that.", more="  follow_up: 2021-05\n")
    assert judge("CONT05", context_of(article("Now this."), m2021_04=promised)) == []
    column = context_of(article("Now this."), m2021_04=article("Then that."), m2021_03=article("And that."))
    assert judge("CONT05", column) == []


def test_a_repeated_link_of_an_article_is_found_unless_it_recurs_rightly() -> None:
    link = "See [the rules](https://council.example.org/rules) first."
    before, now = article(link, title="Then"), article(link.replace("first", "now"), title="Now")
    assert judge("CONT05", context_of(now, m2021_04=before)) == ["the rules"]
    useful = "- {kind: links, title: Links, items: [{title: Rules, link: 'https://council.example.org/rules'}]}\n"
    assert judge("CONT05", context_of(now + useful, m2021_04=before)) == []
    assert judge("CONT05", context_of(now, m2021_04=before + useful)) == []


@pytest.mark.parametrize(("day", "found"), [("20 April 2021", True), ("9 June 2021", False)])
def test_an_event_may_be_announced_again_until_it_is_over(day: str, found: bool) -> None:  # noqa: FBT001
    events = f"- {{kind: events, title: Days, items: [{{title: A walk, date: {day}}}]}}\n"
    assert judge("CONT05", context_of(events, m2021_04=events)) == ["A walk"] * found


def test_an_entry_that_is_twice_in_one_issue_is_found() -> None:
    twice = resource() + resource(title="Chronologies").replace("title: Reading", "title: More")
    assert judge("CONT05", context_of(twice)) == ["Chronologies"]
    schools, partners = resource(more=", for: schools"), resource(more=", for: partners")
    assert judge("CONT05", context_of(schools + partners.replace("title: Reading", "title: More"))) == []


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("https://www.example.org/A/b/", "example.org/A/b"),
        ("HTTP://Example.org/a?b=1#c", "example.org/a?b=1"),
        ("https://example.org/", ""),
        ("mailto:a@example.org", ""),
        ("https://[bad", ""),
    ],
)
def test_addresses_are_the_same_however_they_are_written(address: str, read: str) -> None:
    assert read_address(address) == read


@pytest.mark.slow
def test_very_many_entries_take_no_more_than_their_share_of_time() -> None:
    entries = "".join(
        f"        - {{title: Work with schools {number}, link: 'https://a.example.org/{number}'}}\n"
        for number in range(3_000)
    )
    many = f"- kind: resources\n  title: Reading\n  groups:\n    - title: Research\n      items:\n{entries}"
    context = context_of(many, m2021_04=many)
    began = time.process_time()
    assert len(judge("CONT05", context)) == 3_000
    assert time.process_time() - began < 10  # seconds
