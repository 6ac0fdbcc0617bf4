"""The budget of words: what readers see is counted, in the longest email, and the proof says what to move."""

from __future__ import annotations

import pytest

from bulletin.proof.finding import Finding
from bulletin.proof.rule import Example
from proof_case import find

SITE = "website: {url: 'https://news.anytown.example.org'}\n"


def words(number: int) -> str:
    return " ".join(["word"] * (number - 1) + ["end."])


def article(title: str, number: int, more: str = "") -> str:
    return f"- {{kind: article, title: {title}, text: {words(number)}{more}}}\n"


def check(sections: str, budget: str, *, site: str = SITE) -> list[Finding]:
    return find(Example(sections=sections, settings=f"{site}budget: {{{budget}}}"), "STRU15")


def told(sections: str, budget: str, *, site: str = SITE) -> list[str]:
    return [f"{each.message} {each.remedy}" for each in check(sections, budget, site=site)]


def test_the_proof_says_how_much_is_over_and_what_saves_most() -> None:
    sections = article("Parents’ forum", 308) + article("Walks", 100)
    assert told(sections, "issue: 300") == [
        "411 words, 111 over. Moving “Parents’ forum” (310) to its own page saves most: write `teaser: yes` there."
    ]


@pytest.mark.parametrize(
    "kept",
    [
        article("Longest", 300, ", do: Write to us"),
        article("Longest", 300, ", for: [schools]"),
        f"- {{kind: notice, title: Longest, text: {words(300)}}}\n",
        f"- {{kind: executive_updates, title: Longest, lead: {words(300)}, items: [One point here]}}\n",
        (
            "- {kind: priorities, title: Longest, items: [{number: 1, title: A, status: under way, "
            f"summary: {words(300)}}}]}}\n"
        ),
    ],
)
def test_what_must_stay_whole_is_never_advised(kept: str) -> None:
    (finding,) = check(kept + article("Forum", 100), "issue: 200")
    assert "Moving “Forum” (101)" in finding.remedy


def test_an_item_of_a_section_may_be_what_saves_most() -> None:
    brief = f"- {{kind: in_brief, title: Brief, introduction: Short., items: [{{title: Hub, text: {words(90)}}}]}}\n"
    (finding,) = check(f"{brief}- {{kind: notice, title: A, text: Open., do: Read it}}\n", "issue: 50")
    assert "“Brief”" in finding.remedy or "“Hub”" in finding.remedy


def test_without_a_website_nothing_is_moved() -> None:
    (line,) = told(article("Forum", 100), "issue: 50", site="")
    assert line == "101 words, 51 over. Shorten it, or leave out what matters least."


def test_a_section_has_a_budget_of_its_own() -> None:
    assert told(article("Forum", 100) + article("Walks", 20), "section: 80") == [
        (
            "This section has 101 words, 21 over. "
            "Shorten it, or write `teaser: yes`: all of it is then on a page of its own."
        )
    ]


@pytest.mark.parametrize(
    "sections",
    [
        article("Forum", 100, ", teaser: Come and see"),
        article("Forum", 30, ", links: [{title: A page, link: 'https://www.example.org/a-very-long-address'}]"),
        '- {kind: article, title: Forum, text: "| Name of a head | Another head |\\n|---|---|\\n| one | two |"}\n',
    ],
)
def test_what_readers_do_not_see_or_the_head_of_a_table_does_not_count(sections: str) -> None:
    assert check(sections, "issue: 35") == []


def test_the_longest_email_counts() -> None:
    sections = article("All", 30) + article("A", 40, ", for: [partners]") + article("B", 50, ", for: [schools]")
    (finding,) = check(sections, "issue: 100")
    assert finding.message == "123 words, 23 over."  # a reader on both lists gets both
