"""The edition as a whole: what is in it, what authors cannot do to it, and how its dates and states are worded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.approval.contents import take_contents
from bulletin.edition.contents_list import list_contents
from bulletin.edition.edition import Edition
from bulletin.edition.milestones import judge_step
from bulletin.edition.phrases import DateTile, date_tile, describe_days, describe_hours, join_names
from bulletin.edition.slots import fill_slots, make_slots
from bulletin.issue.dates import PartialDate, parse_date, parse_time
from bulletin.issue.kinds.priorities import Milestone
from bulletin.issue.model import Issue
from bulletin.settings.settings import Settings
from conftest import examples
from skeleton import Skeleton
from specimen import ISSUE, SECTIONS, SETTINGS, render

GMAIL_WARNS = 80_000  # bytes of HTML; above 102,400 Gmail cuts a message off
PRINTED_FIELDS = {
    *("title", "text", "lead", "outlook", "introduction", "summary", "label", "value", "led_by", "group", "members"),
    *("provider", "audience", "place", "how", "button", "caption", "byline", "publishers", "partners", "next", "cost"),
}
SPITEFUL_WORDS = (
    *(
        "{{ 7*7 }}",
        "{% raw %}",
        "%s {0}",
        "<script>alert(1)</script>",
        '" onload="x',
        "'",
        "&lt;",
        "<b>",
        "</td></table>",
    ),
    *(
        "<!--",
        "-->",
        "]]>",
        "<![endif]-->",
        "[x](javascript:alert)",
        "cid:abc",
        "slotgreeting",
        "\\",
        "`",
        "\u2028",
        "é😀",
    ),
)


@pytest.fixture(scope="module")
def edition() -> Edition:
    return render()


def printed_words(value: Any, field: str = "") -> Iterator[str]:
    """Each word of the fields whose words readers get as they were written."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from printed_words(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from printed_words(inner, "text" if field == "items" else field)
    elif field in PRINTED_FIELDS:
        yield from re.findall(r"\w+", re.sub(r"\]\(.*?\)|<.*?>", "", value))


def test_no_word_that_the_editor_wrote_is_missing_from_mail_or_text(edition: Edition) -> None:
    words = set(printed_words(ISSUE))
    assert len(words) > 200
    assert words <= set(re.findall(r"\w+", " ".join(Skeleton(edition.html).words)))
    assert words <= set(re.findall(r"\w+", edition.text))


def test_no_address_that_the_editor_gave_is_missing_from_mail_or_text(edition: Edition) -> None:
    addresses = re.findall(r"https://[^\s'\"()<>]+", repr(SECTIONS))
    assert len(addresses) > 15
    assert all(address in unescape(edition.html) and address in edition.text for address in addresses)


def test_mail_and_text_have_the_sections_in_the_order_of_the_issue(edition: Edition) -> None:
    titles = [re.sub(r"\*", "", section["title"]) for section in SECTIONS]
    html = re.sub(r"<[^>]+>", "", edition.html).replace("\u00a0", " ")
    for content in (html[html.index(titles[-1]) :], edition.text[edition.text.index(titles[-1]) :]):
        places = [content.index(title, len(titles[-1])) for title in titles]
        assert places == sorted(places)


def test_the_letterhead_is_what_bulletin_yaml_says(edition: Edition) -> None:
    letterhead = edition.letterhead
    assert (letterhead.sender_name, letterhead.sender_address) == ("Anytown Partnership", "news@anytown.example.org")
    assert letterhead.reply_to == letterhead.owner == "contact@anytown.example.org"
    assert (letterhead.list_id, letterhead.list_title) == ("news.anytown.example.org", "Anytown safeguarding news")
    assert letterhead.website == "https://bulletin.anytown.example.org"
    assert letterhead.archive == "https://bulletin.anytown.example.org/issues"
    assert (letterhead.greeting, letterhead.greeting_unnamed) == ("Dear {name},", "Dear colleague,")
    assert (edition.issue, edition.subject) == ("news/2021-05", "May: priorities & a safe summer")


def test_what_bulletin_yaml_leaves_out_the_letterhead_derives_from_the_sender() -> None:
    bulletin = {"title": "News", "sender": {"name": "Us", "email": "news@us.example.org"}}
    letterhead = render(settings={"bulletins": {"news": bulletin}, "website": None}).letterhead
    assert (letterhead.reply_to, letterhead.list_id) == ("news@us.example.org", "news.us.example.org")
    assert letterhead.website == letterhead.archive == ""


def test_the_same_issue_is_the_same_edition_and_another_word_is_another(edition: Edition) -> None:
    assert render().digest == edition.digest
    assert render(issue={"introduction": "Welcome to the *May* issue."}).digest != edition.digest
    assert Edition.from_json(edition.to_json()) == edition


def test_a_full_issue_stays_below_the_size_at_which_gmail_would_cut_it(edition: Edition) -> None:
    assert len(edition.html.encode()) < GMAIL_WARNS


@examples(12)
@given(st.lists(st.sampled_from(SPITEFUL_WORDS), min_size=1, max_size=6).map(lambda words: " ".join(["x", *words])))
def test_whatever_an_author_writes_no_markup_and_no_template_comes_of_it(words: str) -> None:
    def issue(words: str) -> dict[str, Any]:
        image = {"file": "poster.jpg", "alt": words}
        section = {"kind": "campaign", "title": "Safe summer", "text": "x", "image": image, "status": "running"}
        ask = {"text": "x", "button": words, "link": "https://example.org/?a=1&b=%22"}
        return {"subject": words, "preview_text": words, "sections": [{**section, "ask": ask}]}

    def settings_of(words: str) -> dict[str, Any]:
        return {"organisation": {**SETTINGS["organisation"], "name": words, "address": words}, "typography": "no"}

    plain = render(issue=issue("plain"), settings=settings_of("plain"))
    spiteful = render(issue=issue(words), settings=settings_of(words))
    assert Skeleton(spiteful.html).tags == Skeleton(plain.html).tags
    shown = " ".join(Skeleton(spiteful.html).words).split()
    assert all(word in shown and word in spiteful.text.split() for word in words.split())


def test_texts_are_never_read_as_templates() -> None:
    words = "{{ 7*7 }} {% include 'x' %} {# gone #}"
    edition = render(issue={"introduction": words}, settings={"typography": "no"})
    assert words in edition.text
    assert words in unescape(edition.html)


def test_slots_are_letters_and_figures_and_each_stands_where_it_is_meant(edition: Edition) -> None:
    greeting, unsubscribe = edition.slots.greeting, edition.slots.unsubscribe
    assert re.fullmatch(r"slot[0-9a-f]{12}greeting", greeting)
    assert re.fullmatch(r"slot[0-9a-f]{12}unsubscribe", unsubscribe)
    assert edition.html.count(greeting) == edition.text.count(greeting) == 1
    assert edition.html.count(f'href="{unsubscribe}"') == edition.html.count(unsubscribe) == 1
    assert edition.text.count(unsubscribe) == 1
    assert re.fullmatch(r"slot[0-9a-f]{12}preferences", edition.slots.preferences)


def test_what_came_later_leaves_no_trace_in_an_edition_without_it() -> None:
    """So that digests of editions and approvals from before stay as they were."""
    edition = render(settings={"website": None})
    kept = json.loads(edition.to_json())
    assert "preferences" not in kept["slots"]
    assert "returns" not in kept["letterhead"]
    assert "returns" not in take_contents(edition, lists=["partners"], authors=[]).letterhead
    assert Edition.from_json(edition.to_json()) == edition

    returning = render(settings={"website": None, "returns": {"address": "returns@anytown.example.org"}})
    assert returning.letterhead.unsubscribe_mailbox == "returns@anytown.example.org"
    assert Edition.from_json(returning.to_json()) == returning
    assert take_contents(returning, lists=["partners"], authors=[]).letterhead["returns"]


def test_an_author_who_writes_the_slots_of_an_issue_has_changed_them_by_writing(edition: Edition) -> None:
    forged = render(issue={"introduction": f"{edition.slots.greeting} {edition.slots.unsubscribe}"})
    assert forged.slots != edition.slots
    html, text = fill_slots(forged, greeting="Dear Ada,", unsubscribe="https://example.org/u")
    assert f"{edition.slots.greeting} {edition.slots.unsubscribe}" in html
    assert text.count("Dear Ada,") == 1


def test_slots_depend_on_the_settings_too() -> None:
    issue = Issue.model_validate(ISSUE)
    base = {"organisation": {"name": "N", "about": "x", "address": "a", "email": "us@example.org"}}
    lists = {"lists": {"all": {"title": "All", "basis": "consent"}}}

    def settings_with(title: str) -> Settings:
        bulletins = {"news": {"title": title, "sender": {"name": "N", "email": "us@example.org"}}}
        return Settings.model_validate({**base, **lists, "bulletins": bulletins})

    assert make_slots(issue, settings_with("News")) != make_slots(issue, settings_with("Other news"))


def test_filled_slots_are_escaped_in_html_and_plain_in_text(edition: Edition) -> None:
    html, text = fill_slots(edition, greeting='Dear <Ada> & "Co",', unsubscribe="https://example.org/u?a=1&b='")
    assert "Dear &lt;Ada&gt; &amp; &quot;Co&quot;," in html
    assert 'href="https://example.org/u?a=1&amp;b=&#x27;"' in html
    assert 'Dear <Ada> & "Co",' in text
    assert "https://example.org/u?a=1&b='" in text
    assert "slot" not in html.replace("slotted", "") + text


def test_each_section_has_an_anchor_of_its_own_whatever_its_title() -> None:
    titles = ["The Big Ask", "The *big* ask!", "Ünïcode & more", "漢字", "…", "section", "The Big Ask"]
    sections = [{"kind": "notice", "title": title, "text": "x"} for title in titles]
    anchors = [entry.anchor for entry in list_contents(Issue.model_validate({**ISSUE, "sections": sections}))]
    assert anchors[:3] == ["the-big-ask", "the-big-ask__2", "unicode-more"]
    assert len(set(anchors)) == len(titles)
    assert all(re.fullmatch(r"[a-z0-9_-]+", anchor) for anchor in anchors)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("9 June 2021", None, "9 June 2021"),
        ("9 June 2021", "9 June 2021", "9 June 2021"),
        ("9 June 2021", "11 June 2021", "9 to 11 June 2021"),
        ("9 June", "11 June 2021", "9 to 11 June 2021"),
        ("9 June", "11 June", "9 to 11 June"),
        ("28 June 2021", "2 July 2021", "28 June to 2 July 2021"),
        ("30 December 2021", "2 January 2022", "30 December 2021 to 2 January 2022"),
        ("9 June 2021", "9 June 2022", "9 June 2021 to 9 June 2022"),
        ("March 2021", "April 2021", "March to April 2021"),
        ("March 2021", "March 2022", "March 2021 to March 2022"),
        ("March 2021", "11 April 2021", "March to 11 April 2021"),
        ("2020", "2021", "2020 to 2021"),
        ("2021", "April 2022", "2021 to April 2022"),
    ],
)
def test_a_run_of_days_says_once_what_its_ends_share(first: str, last: str | None, words: str) -> None:
    assert describe_days(parse_date(first), parse_date(last) if last else None) == words


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [("9:30am", "12pm", "9:30am to midday"), ("9am", None, "from 9am"), (None, "5pm", "until 5pm"), (None, None, "")],
)
def test_hours_are_told_as_far_as_they_are_known(starts: str | None, ends: str | None, words: str) -> None:
    assert describe_hours(parse_time(starts) if starts else None, parse_time(ends) if ends else None) == words


@pytest.mark.parametrize(
    ("names", "words"), [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C", "D"], "A, B, C and D")]
)
def test_names_are_joined_as_one_says_them(names: list[str], words: str) -> None:
    assert join_names(names) == words


@pytest.mark.parametrize(
    ("first", "last", "leaf"),
    [
        ("9 June 2021", None, DateTile(above="Wed", large="9", below="Jun")),
        ("13 April", None, DateTile(above="", large="13", below="Apr")),
        ("9 June 2021", "11 June 2021", DateTile(above="Wed", large="9–11", below="Jun")),
        ("28 June 2021", "2 July 2021", DateTile(above="Mon", large="28", below="Jun")),
        ("30 December 2021", "2 January 2022", DateTile(above="Thu", large="30", below="Dec")),
        ("November 2021", None, DateTile(above="", large="Nov", below="2021")),
        ("November 2021", "December 2021", DateTile(above="", large="Nov", below="2021")),
        ("2022", "2023", DateTile(above="", large="2022", below="")),
    ],
)
def test_a_calendars_leaf_shows_the_day_large_between_its_weekday_and_its_month(
    first: str, last: str | None, leaf: DateTile
) -> None:
    assert (
        date_tile(
            parse_date(first),
            parse_date(last) if last else None,
        )
        == leaf
    )


@pytest.mark.parametrize(
    ("step", "word"),
    [
        ({"date": "June 2021", "done": "yes"}, "done"),
        ({"date": "3 May 2021"}, "past"),
        ({"date": "3 May 2021", "done": "no"}, "late"),
        ({"date": "4 May 2021"}, "now"),
        ({"date": "May 2021"}, "now"),
        ({"date": "March 2021", "until": "May 2021", "done": "no"}, "now"),
        ({"date": "13 April"}, "past"),
        ({"date": "5 May 2021"}, "to come"),
        ({"date": "2022", "done": "no"}, "to come"),
    ],
)
def test_a_step_is_past_present_or_to_come_on_the_day_of_publication(step: dict[str, str], word: str) -> None:
    milestone = Milestone.model_validate({"text": "x", **step})
    assert judge_step(milestone, published=date(2021, 5, 4)).word == word


def test_states_differ_in_shape_and_not_only_in_word_or_colour() -> None:
    planned, done, late = (
        judge_step(Milestone.model_validate({"text": "x", **step}), published=date(2021, 5, 4)).shape
        for step in ({"date": "2022"}, {"date": "2020"}, {"date": "2020", "done": "no"})
    )
    assert len({planned, done, late}) == 3


@given(st.builds(PartialDate, st.integers(1900, 2199), st.integers(1, 12), st.integers(1, 28)))
def test_a_day_that_runs_until_itself_is_one_day(day: PartialDate) -> None:
    assert describe_days(day, day) == str(day)
    assert date_tile(day, day) == date_tile(day)
