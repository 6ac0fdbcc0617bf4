"""The next month's draft, from issues of every shape. Each draft is loaded, as an officer's file would be."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import specimen
from bulletin.declaration.source import Data, Source, parse_source
from bulletin.declaration.validation import validate
from bulletin.drafting.draft import Draft, draft_next
from bulletin.drafting.following import plan_publication
from bulletin.drafting.promises import FollowUp, find_follow_ups, select_open
from bulletin.issue.dates import Month
from bulletin.issue.item import ValidationContext
from bulletin.issue.kinds.priorities import Priorities, PriorityStatus
from bulletin.issue.model import Issue
from checkout import ROOT
from conftest import examples
from hand import files, standing_files

MAY = Month(2021, 5)
HEADER = "month: 2021-05\npublished: 4 May 2021\nsubject: May\npreview_text: News\nsections:\n"
LINKS = "  - kind: links\n    title: Links\n    items:\n      - {title: Us, link: https://www.example.org}\n"


def read(text: str, *, month: Month, file: str = "") -> tuple[Source, Issue]:
    source = parse_source(text, shown_as=file or f"issues/{month.id}.yaml")
    return source, validate(source, Issue, context=ValidationContext(month=month))


def draft(text: str, *, month: Month = MAY, by: int = 1, older: tuple[FollowUp, ...] = ()) -> Draft:
    """The draft that follows `text`, which has been seen to load."""
    source, issue = read(text, month=month)
    wanted = month + by
    promises = select_open([*older, *find_follow_ups(source, made_in=month)], latest=month)
    published = plan_publication(issue.published, month, wanted)
    made = draft_next(source, issue, month=wanted, published=published, follow_ups=promises)
    read(made.text, month=wanted)
    return made


def data_of(text: str) -> Any:
    return parse_source(text, shown_as="x.yaml").data


def sections_of(text: str) -> dict[str, Any]:
    return {section["title"]: section for section in data_of(text)["sections"]}


# --- the sample


@pytest.fixture(scope="module")
def june() -> Draft:
    return draft((ROOT / "issues/2021-05.yaml").read_text(encoding="utf-8"))


def test_the_draft_of_june_2021_names_each_thing_to_write(june: Draft) -> None:
    listed = "\n".join(june.to_write)

    assert "Executive updates › Independent scrutiny: “We are buying in new services" in listed
    assert "Coping with crying: “You will hear more in the June 2021 issue, with the plans for phase 2.”" in listed
    assert "campaign “Coping with crying”: what has happened since? It was in phase 1: has phase 2 begun?" in listed
    assert "priority 8: “Hub starts” is due in June 2021" in listed
    assert "priority 7: “First phase ends” is due in June 2021" in listed


def test_each_thing_to_write_is_in_the_file_too_with_its_source_line(june: Draft) -> None:
    top = re.sub(r"\n# {8}", " ", june.text.partition("\nmonth:")[0])

    assert len(june.to_write) == 5
    for words in june.to_write:
        assert f"# write: {words}" in top
        assert re.search(r"\(issues/2021-05\.yaml:\d+\)$", words)


def test_one_months_news_is_dropped_and_listed(june: Draft) -> None:
    assert june.dropped == (
        "notice “Covid-19 resources have moved”: was for last month only",
        "article “Everyone’s Invited”: was for last month only",
    )
    assert "The DSL at any school" not in june.text


def test_a_milestone_that_has_passed_asks_whether_it_happened(june: Draft) -> None:
    assert re.search(
        r"# write: May 2021 has passed: did it happen\?.*\n +- date: May 2021\n +text: Membership", june.text
    )
    assert "April 2021 has passed" not in june.text  # done: yes


def test_priorities_keep_their_history_to_the_letter(june: Draft) -> None:
    may = data_of((ROOT / "issues/2021-05.yaml").read_text(encoding="utf-8"))

    assert data_of(june.text)["sections"][1] == may["sections"][1]


def test_the_header_has_the_months_dates_and_placeholders(june: Draft) -> None:
    header = data_of(june.text)

    assert (header["month"], header["published"]) == ("2021-06", "1 June 2021")
    assert (header["subject"], header["preview_text"]) == ("June 2021: TO WRITE", "TO WRITE")
    assert "Last month: “May 2021: Learning Hub priorities and The Big Ask”" in june.text


def test_resources_keep_their_groups_and_start_empty(june: Draft) -> None:
    groups = sections_of(june.text)["National guidance and resources"]["groups"]

    assert [group["title"] for group in groups][:2] == ["Government guidance", "National reports"]
    assert all([item["title"] for item in group["items"]] == ["TO WRITE"] for group in groups)


def test_what_the_executive_looked_ahead_to_is_quoted_where_it_writes_next(june: Draft) -> None:
    assert "Last month you looked ahead to: In May 2021 the national Child Safeguarding" in june.text
    assert [item["text"] for item in sections_of(june.text)["Executive updates"]["items"]] == ["TO WRITE", "TO WRITE"]


def test_a_promise_in_a_point_becomes_a_point_to_write_under_its_title(june: Draft) -> None:
    assert re.search(
        r"# write: promised for June 2021: Executive.*\n.*\(issues/2021-05\.yaml:\d+\)\n"
        r" {6}- title: Independent scrutiny\n {8}text: TO WRITE",
        june.text,
    )


def test_a_promise_that_is_due_is_taken_out_of_what_is_carried_over(june: Draft) -> None:
    assert "follow_up" not in june.text


# --- the first line


def test_the_first_line_lets_editors_check_as_one_types() -> None:
    source, issue = read(HEADER + LINKS, month=Month(2021, 5), file="issues/training/2021-05.yaml")
    made = draft_next(source, issue, month=Month(2021, 6), published=date(2021, 6, 1))

    assert made.text.startswith("# yaml-language-server: $schema=../../.bulletin/issue.schema.json\n")


def test_a_schema_line_that_is_there_stays_as_it_is() -> None:
    line = "# yaml-language-server: $schema=/my/own.json\n"

    assert draft(line + HEADER + LINKS).text.startswith(line)
    assert draft(line + HEADER + LINKS).text.count("yaml-language-server") == 1


# --- dates


def test_a_date_in_figures_stays_in_figures() -> None:
    assert data_of(draft((HEADER + LINKS).replace("4 May 2021", "2021-05-04")).text)["published"] == "2021-06-01"


EVENTS = "  - kind: events\n    title: Days\n    items:\n      - title: A day\n        date: {}\n"


@pytest.mark.parametrize("written", ["31 May", "May 2021", "31 May 2021", "2020"])
def test_an_event_goes_when_all_that_its_date_can_mean_is_past(written: str) -> None:
    made = draft(HEADER + LINKS + EVENTS.format(written))

    assert list(sections_of(made.text)) == ["Links"]
    assert made.dropped[0] == f"event “A day” on {written}: past"


@pytest.mark.parametrize("written", ["1 June", "1 June 2021", "June 2021", "2021"])
def test_an_event_stays_while_its_date_may_be_to_come(written: str) -> None:
    made = draft(HEADER + LINKS + EVENTS.format(written))

    assert list(sections_of(made.text)) == ["Links", "Days"]
    assert made.dropped == ()


# --- what goes and what stays


def test_finished_and_ended_campaigns_closed_priorities_and_past_training_are_dropped_and_listed() -> None:
    made = draft(
        HEADER
        + LINKS
        + """
  - {kind: campaign, title: Over, status: finished, text: It is over.}
  - {kind: campaign, title: Ended, ends: 28 May 2021, text: It ended.}
  - {kind: campaign, title: Planned, status: planned, text: It is planned.}
  - kind: priorities
    title: Priorities
    items:
      # about six
      - {number: 6, title: Six, status: closed, summary: Done.}
      # about seven
      - {number: 7, title: Seven, status: paused, summary: It waits.}
  - kind: training
    title: Training
    items:
      - {title: Old, provider: P, sessions: [{date: 10 May 2021}]}
      - title: Both
        provider: P
        sessions:
          - date: 11 May 2021
          - date: 11 June 2021
      - {title: Always, provider: P, on_demand: yes}
"""
    )

    assert [words.partition(":")[0] for words in made.dropped] == [
        "campaign “Over”",
        "campaign “Ended”",
        "priority 6 “Six”",
        "training “Old” on 10 May 2021",
        "training “Both” on 11 May 2021",
    ]
    left = sections_of(made.text)
    assert list(left) == ["Links", "Planned", "Priorities", "Training"]
    assert [item["title"] for item in left["Training"]["items"]] == ["Both", "Always"]
    assert left["Training"]["items"][0]["sessions"] == [{"date": "11 June 2021"}]
    assert "# about six" not in made.text
    assert "      # about seven\n      - {number: 7" in made.text


def test_an_issue_of_which_nothing_stays_leaves_a_section_to_write() -> None:
    made = draft(HEADER + "  - kind: notice\n    title: News\n    text: Some.\n")

    assert sections_of(made.text) == {"TO WRITE": {"kind": "article", "title": "TO WRITE", "text": "TO WRITE"}}


def test_a_promise_in_what_is_dropped_becomes_an_article_for_the_same_lists() -> None:
    notice = (
        "  - kind: notice\n    title: News\n    text: More in June.\n    for: [schools]\n    follow_up: 2021-06\n\n"
    )
    made = draft(HEADER + notice + LINKS)

    assert sections_of(made.text)["News"] == {
        "kind": "article",
        "title": "News",
        "for": ["schools"],
        "text": "TO WRITE",
    }
    assert list(sections_of(made.text)) == ["News", "Links"]


def test_a_promise_of_an_older_issue_that_nobody_kept_is_overdue_and_becomes_a_section() -> None:
    old = HEADER.replace("2021-05", "2021-03").replace("4 May", "2 March") + (
        "  - {kind: notice, title: Old news, text: More later., follow_up: 2021-06}\n"
    )
    source, issue = read(old, month=Month(2021, 3))
    made = draft(HEADER + LINKS, by=3, older=find_follow_ups(source, made_in=issue.month))

    assert made.to_write == ("promised for June 2021, overdue: Old news: “More later.” (issues/2021-03.yaml:6)",)
    assert sections_of(made.text)["Old news"]["text"] == "TO WRITE"


def test_a_promise_for_a_later_month_stays_where_it_is() -> None:
    made = draft(HEADER + LINKS.replace("example.org}", "example.org, follow_up: 2021-09}"))

    assert made.to_write == ()
    assert "follow_up: 2021-09}" in made.text


def test_a_promise_in_a_point_without_a_title_becomes_one_without_a_title() -> None:
    point = (
        "  - kind: group_update\n    title: G\n    group: G\n    items:\n      - {text: More., follow_up: 2021-06}\n"
    )

    assert sections_of(draft(HEADER + point).text)["G"]["items"] == [{"text": "TO WRITE"}, {"text": "TO WRITE"}]


def test_a_promise_of_an_older_issue_goes_to_the_section_of_its_kind_and_title() -> None:
    promise = "{kind: links, title: Links, follow_up: 2021-06, items: [{title: A, link: 'tel:1'}]}"
    old, issue = read(HEADER.replace("2021-05", "2021-03") + f"  - {promise}\n", month=Month(2021, 3))
    made = draft(HEADER + LINKS, older=find_follow_ups(old, made_in=issue.month))

    assert re.search(
        r"# write: promised for June 2021: Links: .*\(issues/2021-03\.yaml:6\)\n  - kind: links", made.text
    )


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ("phase: 1 of 2", "It was in phase 1: has phase 2 begun?"),
        ("phase: 2 of 2", "It was in its last phase (Phase 2 of 2): is it over?"),
        ("phase: 1, status: planned", "has it begun?"),
    ],
)
def test_a_campaign_with_phases_is_asked_how_far_it_is(fields: str, asked: str) -> None:
    made = draft(f"{HEADER}  - {{kind: campaign, title: C, text: T., {fields}}}\n")

    assert made.to_write[0].startswith("campaign “C”: ")
    assert asked in made.to_write[0]


def test_a_step_is_due_in_the_month_in_which_it_begins_or_ends() -> None:
    steps = ["date: 2021", "date: June 2021", "date: May 2021, until: June 2021", "date: May 2021, until: August 2021"]
    milestones = ", ".join(f"{{{step}, text: Step {number}}}" for number, step in enumerate(steps))
    item = f"{{number: 1, title: T, status: planned, summary: S., milestones: [{milestones}]}}"
    made = draft(f"{HEADER}  - {{kind: priorities, title: P, items: [{item}]}}\n")

    assert [re.findall(r"Step \d", words) for words in made.to_write] == [["Step 1"], ["Step 2"]]


def test_what_comes_next_is_asked_after_once_its_month_has_come() -> None:
    priorities = "".join(
        f"      - {{number: {number}, title: T, status: planned, summary: S., next: {words}}}\n"
        for number, words in enumerate(["In May we meet.", "From July we meet.", "We meet."])
    )
    made = draft(f"{HEADER}  - kind: priorities\n    title: P\n    items:\n{priorities}")

    assert made.text.count("this was due by now") == 1
    assert re.search(r"this was due by now.*\n +- \{number: 0", made.text)


# --- comments and layout


def test_comments_beside_what_is_written_anew_stay() -> None:
    made = draft(
        (HEADER + LINKS)
        .replace("4 May 2021", "4 May 2021  # first Tuesday")
        .replace("News", "|  # short!\n  News")
        .replace("title: Links", "title: Links\n    # told Ann\n    follow_up: 2021-06  # and Ben")
    )

    assert "published: 1 June 2021  # first Tuesday\n" in made.text
    assert "preview_text: TO WRITE  # short!\n" in made.text
    assert "    # told Ann\n    # and Ben\n    items:" in made.text


def test_an_entry_may_lose_the_field_that_stands_at_its_dash() -> None:
    made = draft(HEADER + LINKS.replace("- kind", "- follow_up: 2021-06\n    kind"))

    assert sections_of(made.text)["Links"]["kind"] == "links"


def test_the_notes_of_the_last_draft_are_not_carried_over() -> None:
    june = draft((ROOT / "issues/2021-05.yaml").read_text(encoding="utf-8")).text
    july = draft(june, month=Month(2021, 6)).text

    assert "made from issues/2021-05.yaml" not in july
    assert july.count("an inbox shows it") == 1
    assert "# The May 2021 issue of the S.H.I.E.L.D. e-bulletin" in july


@pytest.mark.parametrize(
    ("plain", "odd"), [("published: ", "? published\n: "), ("  - kind: links", "  - ? kind\n    : links")]
)
def test_the_least_usual_ways_of_writing_yaml_are_drafted_from_too(plain: str, odd: str) -> None:
    made = draft((HEADER + LINKS + "# the end\n").replace(plain, odd).replace("title: Links", "title: Links # ours"))

    assert data_of(made.text)["sections"] == data_of(HEADER + LINKS)["sections"]
    assert "# ours\n" in made.text
    assert "# the end\n" in made.text


def test_a_file_in_braces_throughout_becomes_a_draft_in_lines() -> None:
    text = json.dumps(specimen.ISSUE, ensure_ascii=False)

    assert "\n  - kind: executive_updates\n" in draft(text).text


# --- issues of every shape, in every hand


@given(files())
@examples(60)
def test_every_draft_loads_whatever_hand_the_issue_is_written_in(text: str) -> None:
    made = draft(text)

    for promised in find_follow_ups(read(text, month=Month(2021, 5))[0], made_in=Month(2021, 5)):
        if promised.month == Month(2021, 6):
            assert f"promised for June 2021: {promised}" in made.to_write


@given(standing_files())
@examples(50)
def test_what_stays_keeps_every_comment_and_every_word(written: tuple[str, int, list[Any]]) -> None:
    text, count, sections = written
    made = draft(text)
    remarks = re.findall(r"# remark (\d+)\.", made.text)

    assert sorted(map(int, remarks)) == list(range(1, count + 1))
    assert [strip(section) for section in data_of(made.text)["sections"]] == [strip(section) for section in sections]


def strip(data: Data) -> Data:
    """The data without what a draft adds (an `id`), and without the line end that a text has in some forms only."""
    if isinstance(data, dict):
        return {name: strip(value) for name, value in data.items() if name != "id"}
    return [strip(value) for value in data] if isinstance(data, list) else (data or "").strip()


# --- two years


@given(st.randoms(use_true_random=False))
@examples(3)
def test_in_two_years_of_drafts_no_comment_priority_or_promise_is_lost(chance: Any) -> None:
    text = (ROOT / "issues/2021-05.yaml").read_text(encoding="utf-8")
    month, older = Month(2021, 5), list[FollowUp]()
    comments = set(re.findall(r"# The May 2021 issue.*", text))
    for turn in range(24):
        source, issue = read(text, month=month)
        older += find_follow_ups(source, made_in=month)
        open_now = select_open(older, latest=month)
        following = month + 1
        published = plan_publication(issue.published, month, following)
        made = draft_next(source, issue, month=following, published=published, follow_ups=open_now)

        assert comments <= set(re.findall(r"# (?:The May|remark).*", made.text))
        assert open_priorities(issue) == open_priorities(read(made.text, month=following)[1])
        for promised in open_now:
            if promised.month <= following:
                assert f"promised for {promised.month}: {promised}" in made.to_write
        remark = f"# remark {turn}."
        comments.add(remark)
        text, month = fill_in(made.text, following, remark, chance), following


def open_priorities(issue: Issue) -> set[int]:
    return {
        item.number
        for section in issue.sections
        if isinstance(section, Priorities)
        for item in section.items
        if item.status is not PriorityStatus.CLOSED
    }


def fill_in(text: str, month: Month, remark: str, chance: Any) -> str:
    """What an officer might do to a draft: write what is to be written, promise more, open and close priorities."""
    later = (month + chance.randint(1, 3)).id
    promise = f"- title: Point of {month.id}\n        text: More to come.\n        follow_up: {later}\n"
    text = re.sub(r"- text: TO WRITE\n", promise, text, count=1).replace("TO WRITE", "Written")
    number = f"{month.year - 2000}{month.month:02}"
    priority = f"      - number: {number}\n        title: New\n        status: planned\n        summary: It is new.\n"
    text = text.replace("      - number:", f"{priority}\n      - number:", 1)
    if chance.random() < 0.3:
        text = text.replace("status: planned", "status: closed", 1)
    notice = f"\n  - kind: notice\n    title: Notice of {month.id}\n    text: More later.\n    follow_up: {later}\n"
    return text.replace("  - kind: links", f"  {remark}\n  - kind: links", 1) + notice


def test_what_the_web_archive_alone_shows_stays_with_its_month() -> None:
    text = HEADER.replace(
        "sections:",
        "embargo: 4 May 2021, 9am\ncorrections:\n  - {on: 6 May 2021, text: It was wrong.}\nsections:",
    )
    kept = "  - kind: about\n    title: Who we are\n    text: Us.\n    items:\n"
    cards = "      - {title: Scrutiny, text: A line.}\n      - {title: Ana Sand, text: Her number., withdrawn: yes}\n"
    made = draft(f"{text}{LINKS}{kept}{cards}")

    assert not {"embargo", "corrections", "withdrawn"} & set(data_of(made.text))
    assert [card["title"] for card in sections_of(made.text)["Who we are"]["items"]] == ["Scrutiny"]
    assert "“Ana Sand”: taken away from the archive" in made.dropped
