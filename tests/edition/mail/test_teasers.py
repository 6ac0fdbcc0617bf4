"""Teasers: emails have their beginning, in whole sentences, and lead to all of it; everything else has all of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.approval.contents import take_contents
from bulletin.declaration.prose import read_text
from bulletin.edition.build import make_edition, make_issue_pdfs
from bulletin.edition.edition import Edition
from bulletin.edition.mail.teasers import MOST_WORDS, begin_text
from bulletin.errors import FaultyFiles
from bulletin.issue.kinds.article import Article
from bulletin.workspace.workspace import Workspace
from conftest import SETTINGS

HEAD = """\
month: 2021-05
published: 4 May 2021
subject: "May 2021: what families told us"
preview_text: What we did in April
sections:
  - kind: notice
    title: Office hours
    text: Our office is open.
"""
FORUM = """\
  - kind: article
    title: Parents’ *forum* [1]
    teaser: yes
    byline: Asha
    image: {file: poster.png, alt: "Poster: a circle of chairs"}
    text: |
      We met **forty** parents. They told us [what they need](https://www.example.org/need).

      - Hidden words in a list
    quote: {text: A hidden quotation}
"""
BRIEF = """\
  - kind: in_brief
    title: In brief
    items:
      - title: A new hub
        text: Hidden words of the hub.
        teaser: The hub is *warm*.
        link: https://www.example.org/hidden-hub
      - {title: A second one, text: This stays whole.}
"""
PAGE = "https://news.anytown.example.org/monthly/2021-05/"


def article(text: str, teaser: str = "yes") -> Article:
    return Article.model_validate({"kind": "article", "title": "Forum", "text": text, "teaser": teaser})


def load(make_workspace: Callable[..., Workspace], sections: str, settings: str = SETTINGS) -> Workspace:
    return make_workspace(issues={"2021-05": HEAD + sections}, settings=settings)


def test_an_email_has_the_beginning_and_leads_to_all_of_it(make_workspace: Callable[..., Workspace]) -> None:
    forum = FORUM.replace('    image: {file: poster.png, alt: "Poster: a circle of chairs"}\n', "")
    edition = make_edition(load(make_workspace, forum + BRIEF), "2021-05")
    for words in (edition.text, edition.html):
        assert "hidden" not in words.replace("overflow:hidden", "").lower()
        assert "This stays whole." in words
        assert f"{PAGE}parents-forum-1/" in words
        assert f"{PAGE}a-new-hub/" in words
    assert "We met forty parents. They told us what they need.\nhttps://www.example.org/need" in edition.text
    assert f"Read all of it: Parents’ forum [1]\n{PAGE}parents-forum-1/" in edition.text
    assert "The hub is warm.\n\nRead all of it: A new hub" in edition.text
    assert "<em>warm</em>" in edition.html


def test_what_it_leads_to_is_part_of_what_is_approved(make_workspace: Callable[..., Workspace]) -> None:
    workspace = load(make_workspace, BRIEF)
    before = make_edition(workspace, "2021-05")
    path = workspace.issue_path("2021-05")
    path.write_text(path.read_text(encoding="utf-8").replace("Hidden words", "Other words"), encoding="utf-8")
    after = make_edition(workspace, "2021-05")

    assert before.digest != after.digest
    approved, now = (take_contents(edition, lists=["partners"], authors=[]) for edition in (before, after))
    assert (approved.html, approved.text) == (now.html, now.text)
    assert not approved.covers(now)
    assert Edition.from_json(after.to_json()) == after


def test_a_pdf_has_all_of_it(make_workspace: Callable[..., Workspace]) -> None:
    forum = FORUM.replace('    image: {file: poster.png, alt: "Poster: a circle of chairs"}\n', "")
    (made,) = make_issue_pdfs(load(make_workspace, forum), "2021-05").values()
    assert "Hidden words in a list" in made.words


def test_in_welsh_its_fixed_words_are_welsh(make_workspace: Callable[..., Workspace]) -> None:
    workspace = load(make_workspace, BRIEF)
    path = workspace.issue_path("2021-05")
    path.write_text("language: cy\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert "Darllen y cyfan: A new hub" in make_edition(workspace, "2021-05").text


def test_without_a_website_an_email_has_all_of_it(make_workspace: Callable[..., Workspace]) -> None:
    without = SETTINGS.partition("website:")[0]
    assert "Hidden words of the hub." in make_edition(load(make_workspace, BRIEF, without), "2021-05").text


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("One sentence. Another.", "One sentence. Another."),
        (f"{'Word ' * 45}end. {'More ' * 10}end.", f"{'Word ' * 45}end."),
        (f"{'Word ' * 70}end. Another.", f"{'Word ' * 70}end."),  # a first sentence stays whole
        ("Dr. Smith came, e.g. by bus. " + "Word " * 60 + "end.", "Dr. Smith came, e.g. by bus."),
        ("It rose by 3.5 per cent. " + "Word " * 60 + "end.", "It rose by 3.5 per cent."),
        ("“Is it?” they asked. " + "Word " * 60 + "end.", "“Is it?” they asked."),
        ("One.\n\nTwo.\n\n- three", "One.\n\nTwo."),
        ("One.\n\n### Heading\n\nTwo.", "One."),
        ("**Bold. And " + "More " * 60 + "end.** Rest.", "Bold."),  # marks that are cut in two are left out
        ("[A link. And " + "More " * 60 + "end.](https://www.example.org) Rest.", "A link."),
        ("Two \\* three. " + "More " * 60 + "end.", "Two \\* three."),
    ],
)
def test_it_ends_where_a_sentence_ends(text: str, beginning: str) -> None:
    assert begin_text(article(text)) == beginning


@given(
    sentences=st.lists(
        st.tuples(st.integers(1, 70), st.sampled_from(".!?…"), st.sampled_from(["", "**", "*"])), min_size=1, max_size=8
    ),
    parted=st.sampled_from([" ", "\n\n", "\n"]),
)
def test_any_beginning_is_whole_sentences_of_fifty_words_at_most(
    sentences: list[tuple[int, str, str]], parted: str
) -> None:
    written = [f"{mark}{' '.join(['Word'] * words)}{end}{mark}" for words, end, mark in sentences]
    whole, short = read_text(parted.join(written)).text, read_text(begin_text(article(parted.join(written)))).text
    words = short.split()
    assert whole.split()[: len(words)] == words
    assert words[-1][-1] in ".!?…"
    assert len(words) <= max(MOST_WORDS, sentences[0][0])
    following = len(words)
    rest = whole.split()[following:]
    if rest:
        next_end = next(index for index, word in enumerate(rest, 1) if word[-1] in ".!?…")
        assert following + next_end > MOST_WORDS


@pytest.mark.parametrize(
    ("sections", "why"),
    [
        ("  - {kind: notice, title: A, text: B, teaser: yes}\n", "is a notice"),
        ("  - {kind: article, title: A, text: B, teaser: yes, for: [schools]}\n", "is for some readers only"),
        ("  - {kind: article, title: A, text: B, teaser: yes, marketing: yes}\n", "is for some readers only"),
        (
            "  - {kind: article, title: A, text: B, teaser: yes, links: [{title: C, link: tel:1, for: [schools]}]}\n",
            "is for some readers only",
        ),
        (
            "  - {kind: in_brief, title: A, for: [schools], items: [{title: B, text: C, teaser: yes}]}\n",
            "is for some readers only",
        ),
        ("  - {kind: article, title: A, text: B, teaser: yes, do: Write, by: 1 June 2021}\n", "has a task"),
        ("  - {kind: in_brief, title: A, items: [{title: B, text: C, teaser: yes, do: Write}]}\n", "has a task"),
        (
            "  - {kind: events, title: A, items: [{title: B, date: 1 June 2021, summary: C, teaser: yes}]}\n",
            "has dates",
        ),
        (
            "  - {kind: events, title: A, introduction: C, teaser: yes, items: [{title: B, date: 1 June 2021}]}\n",
            "date",
        ),
        ("  - {kind: people, title: A, items: [{name: B, role: C, teaser: yes}]}\n", "has no text"),
    ],
)
def test_what_readers_must_not_miss_can_not_be_a_teaser(
    make_workspace: Callable[..., Workspace], sections: str, why: str
) -> None:
    with pytest.raises(FaultyFiles, match=why) as raised:
        load(make_workspace, sections).load_issue("2021-05")
    assert len(raised.value.faults) == 1
    assert raised.value.faults[0].remedy


@pytest.mark.parametrize("word", ["no", "false"])
def test_a_teaser_that_is_switched_off_is_none(make_workspace: Callable[..., Workspace], word: str) -> None:
    workspace = load(make_workspace, f"  - {{kind: notice, title: A, text: B, teaser: {word}}}\n")
    assert workspace.load_issue("2021-05").sections[1].teaser is None
