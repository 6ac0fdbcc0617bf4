"""The page of an issue in the web archive: what it says, whatever authors write, and what a feed gets of it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from bulletin.edition.web.atom_feed import AtomFeed, FeedEntry, clean_for_feed, write_feed
from bulletin.edition.web.issue_facts import IssueFacts
from bulletin.edition.web.web_markdown import remove_classes, render_web_blocks
from bulletin.issue.archiving import parse_embargo
from bulletin.publishing.kept_anchors import KeptAnchor, keep_anchors, list_former
from bulletin.publishing.public_model import find_differences
from specimen import render_page

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }} {% raw %}",
    "' onmouseover='x",
    '&lt;b&gt; & <p class="a">',
    "]]> --> <!-- <style>",
    "\u202egnp.exe",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_authors_write_is_text_wherever_it_is(text: str) -> None:
    section = {
        "kind": "notice",
        "title": text.replace("\u202e", ""),
        "text": "`" + text.replace("\u202e", "") + "`",
        "kicker": "Kicker " + text.replace("\u202e", ""),
        "do": text.replace("\u202e", ""),
    }
    try:
        page = render_page(issue={"sections": [section], "introduction": None})
    except ValueError:
        return  # the model refuses it before anything is rendered
    tree = html.fromstring(page)

    assert [each.get("src") for each in tree.iter("script")] == [tree.find(".//script").get("src")]
    assert not [each for each in tree.iter() for name in each.attrib if name.startswith("on")]
    assert not [each for each in tree.iter("img") if each.get("src") == "x"]
    assert "49" not in "".join(tree.itertext())


def test_a_page_has_one_heading_of_the_first_level_and_skips_none() -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", render_page())]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_no_two_elements_of_a_page_have_one_id() -> None:
    words = ("Main", "Main", "Page main", "To do", "Help")
    titles = [{"kind": "notice", "title": title, "text": "Text."} for title in words]
    ids = re.findall(r'\bid="([^"]*)"', render_page(issue={"sections": titles}))

    assert len(ids) == len(set(ids))


def test_nothing_is_laid_out_with_tables_and_nothing_has_a_style_of_its_own() -> None:
    page = render_page()

    assert 'role="presentation"' not in page
    assert "style=" not in page
    assert "bgcolor" not in page


TABLE = "Table: What *children* said\n\n| Place | Number | |\n|:--|--:|:-:|\n| North | 12 | yes |\n| South |  | no |"


def test_a_table_says_what_each_cell_is_and_has_its_caption() -> None:
    written = render_web_blocks(TABLE)
    tree = html.fromstring(written)

    assert tree.findtext(".//caption") == "What "
    assert [cell.get("scope") for cell in tree.iter("th")] == ["col", "col", "row", "row"]
    assert [cell.get("data-label") for cell in tree.iter("td") if cell.get("data-label")] == ["Number:", "Number:"]
    assert [cell.text for cell in tree.iter("td")][-2:] == ["–", "no"]
    assert "class=" not in written


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<p class="p">Say class="p"</p>', '<p>Say class="p"</p>'),
        ('<a class="a" href="https://a.example?class=2">x</a>', '<a href="https://a.example?class=2">x</a>'),
        ('<ol class="list inner" start="3">', '<ol start="3">'),
        ('<span class="nb">e-bulletin</span>', '<span class="nb">e-bulletin</span>'),
    ],
)
def test_classes_go_from_tags_and_not_from_words(before: str, after: str) -> None:
    assert remove_classes(before) == after


MESSY = (
    '<div class="x"><section aria-labelledby="a"><h2 id="a">T</h2><p></p><ul><li> </li></ul>'
    '<p style="color:red">One <span class="nb">e-x</span> <a href="#a">here</a> <a href="/b/">there</a></p>'
    '<script>1</script><figure><img src="/assets/p.png" alt="P" loading="lazy" width="3" height="2"></figure>'
    '<div aria-hidden="true">9 Jun</div><form><input></form></section></div>'
)


def test_a_feed_gets_whole_addresses_and_nothing_that_needs_a_style() -> None:
    written = clean_for_feed(MESSY, page="https://news.example.org/monthly/2021-05/")

    assert written == (
        '<h2>T</h2><p>One e-x <a href="https://news.example.org/monthly/2021-05/#a">here</a> '
        '<a href="https://news.example.org/b/">there</a></p>'
        '<figure><img src="https://news.example.org/assets/p.png" alt="P" width="3" height="2"></figure>'
    )


def make_feed(**values: Any) -> bytes:
    entry = FeedEntry(
        **{
            "id": "tag:news.example.org,2021:monthly/2021-05",
            "title": "May",
            "summary": "What we did",
            "address": "https://news.example.org/monthly/2021-05/",
            "published_at": 1_620_082_800_000,
            "updated_at": 1_620_082_800_000,
            "html": "<p>Words</p>",
            **values,
        }
    )
    return write_feed(
        AtomFeed(
            id="tag:news.example.org,2021:monthly",
            title="News",
            subtitle="",
            author="Us",
            address="https://news.example.org/monthly/feed.xml",
            page="https://news.example.org/monthly/",
            began_at=0,
            entries=[entry],
        )
    )


@given(text=st.text(max_size=60))
@settings(max_examples=60)
def test_any_text_makes_a_feed_that_can_be_read(text: str) -> None:
    import feedparser

    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    feed = feedparser.parse(make_feed(title=text, summary=text, html=f"<p>{escaped}</p>", topics=(text,)))

    assert not feed.bozo
    assert len(feed.entries) == 1


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("3 December 2026, 9:30am", "2026-12-03T09:30:00+00:00"),
        ("3 December 2026 at 14:30", "2026-12-03T14:30:00+00:00"),
        ("3 June 2026, midday", "2026-06-03T12:00:00+01:00"),
        ("Thursday 3 December 2026", "2026-12-03T00:00:00+00:00"),
        ("2026-12-03", "2026-12-03T00:00:00+00:00"),
        ("2026-12-03 09:30", "2026-12-03T09:30:00+00:00"),
    ],
)
def test_an_embargo_is_a_day_with_or_without_an_hour(text: str, moment: str) -> None:
    assert parse_embargo(text).moment.isoformat() == moment


@pytest.mark.parametrize("text", ["December 2026", "soon", "3 December 2026, 25:00", "9:30am", "31 November 2026"])
def test_what_is_no_whole_day_is_no_embargo(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_embargo(text)


def facts(**values: Any) -> IssueFacts:
    given = {"id": "2021-05", "bulletin": "news", "name": "2021-05", "subject": "May 2021: Pools", "preview_text": ""}
    return IssueFacts(**{**given, "published": "2021-05-04", "minutes": 2, **values})


def test_facts_survive_being_written_down_and_lists_leave_the_month_out() -> None:
    made = facts(name="2021-05-flood", days=("2021-05-01",), anchors={"a": "sections.0"})

    assert IssueFacts.from_json(made.to_json()) == made
    assert (made.label, made.month_word, made.line) == ("May 2021: flood", "May: flood", "May 2021: Pools")
    assert facts().line == "Pools"
    assert facts(subject="Pools in May 2021").line == "Pools in May 2021"


VERSIONS = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("0123"), max_size=4)


@given(st.lists(VERSIONS, max_size=6))
def test_every_anchor_that_was_ever_there_leads_somewhere(versions: list[dict[str, str]]) -> None:
    kept: tuple[KeptAnchor, ...] = ()
    ever: set[str] = set()
    for version in versions:
        kept = keep_anchors(kept, version)
        ever |= set(version)
        assert {each.anchor for each in kept} == ever
        assert {each.leads_to for each in kept} <= {*version, ""}
        assert {each.anchor for each in kept if each.anchor == each.leads_to} == set(version)
        shown = [*version, *(anchor for old in list_former(kept).values() for anchor in old)]
        assert sorted(shown) == sorted(ever)


def test_differences_are_counted_as_people_see_them() -> None:
    before = b'{"a":{"day":1,"month":2},"b":[1,2,3],"c":{"withdrawn":{},"t":"x"},"d":"same"}'
    now = b'{"a":{"day":2,"month":3},"b":[1,3],"c":{"withdrawn":{},"t":"y"},"d":"same","e":"new"}'

    assert find_differences(before, now) == ["a", "b.1", "e"]
    assert find_differences(now, now) == []


def test_a_table_has_the_whole_width_and_only_what_is_before_it_is_beside_a_picture() -> None:
    image = {"file": "poster.jpg", "alt": "A poster", "size": "half"}
    section = {"kind": "article", "title": "What we heard", "text": f"Before.\n\n{TABLE}\n\nAfter.", "image": image}
    (beside,) = html.fromstring(render_page(issue={"sections": [section]})).find_class("beside")

    words = "".join(beside.itertext())
    assert "Before." in words
    assert "After." not in words
    assert not list(beside.iter("table"))
