from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.declaration.markup import find_problems, read_blocks, read_inline, refuse_address


@pytest.mark.parametrize(
    "address",
    [
        "https://thebigask.uk",
        "http://www.example.org/a?b=c#d",
        "HTTPS://EXAMPLE.ORG/",
        "https://bücher.example/straße",
        "mailto:shield@example.org",
        "mailto:shield@example.org?subject=Hello%20there",
        "tel:+442079460000",
        "tel:020 7946 0000",
    ],
)
def test_addresses_that_a_mail_can_carry_pass(address: str) -> None:
    assert refuse_address(address) == ""


@pytest.mark.parametrize(
    ("address", "remedy"),
    [
        ("thebigask.uk", "Begin it with https://."),
        ("www.example.org/page", "Begin it with https://."),
        ("//evil.example", "Begin it with https://."),
        ("shield@example.org", "Begin it with mailto:."),
        ("https://", "Write the whole address"),
        ("https://localhost", "Write the whole address"),
        ("https://user:password@example.org", "Write the whole address"),
        ("https://exa mple.org", "Write the whole address"),
        ("https:\\\\example.org", "Write the whole address"),
        ("mailto:", "mailto:name@example.org"),
        ("tel:ring us", "tel:02071234567"),
        ("javascript:alert(1)", "An address begins with"),
        ("JAVASCRIPT:alert(1)", "An address begins with"),
        ("data:text/html,x", "An address begins with"),
        ("vbscript:x", "An address begins with"),
        ("file:///etc/passwd", "An address begins with"),
        ("../notes.docx", "An address begins with"),
        ("#section", "An address begins with"),
        ("", "An address begins with"),
    ],
)
def test_other_addresses_are_refused_with_what_to_write(address: str, remedy: str) -> None:
    assert remedy in refuse_address(address)


def test_a_field_for_web_addresses_takes_no_other_scheme() -> None:
    assert refuse_address("mailto:a@example.org", schemes="web") == "An address begins with https://."


@pytest.mark.parametrize(
    "text",
    [
        "Under 5 < 6 and a & b.",
        "See <https://www.gov.uk>.",
        "Write `<script>` as code.",
        "# Heading\n\n- a\n- b\n\n> quoted\n\n1. one",
        "{{ name }} and {% if %}",
        "An email to [us](mailto:us@example.org).",
        "Brackets [like these] alone (and these).",
    ],
)
def test_good_texts_have_no_problems(text: str) -> None:
    assert list(find_problems(text)) == []


def test_every_problem_of_a_text_is_found_with_its_own_words() -> None:
    text = "A <b>bold</b> [word](thebigask.uk),\n![poster](a.png)\n\n<div>\n</div>\n"

    assert [problem.found for problem in find_problems(text)] == ["<b>", "thebigask.uk", "![", "<div>"]


def test_a_title_may_have_emphasis_and_no_link() -> None:
    assert not list(find_problems("The *Big* Ask", inline=True, links=False))
    assert [problem.found for problem in find_problems("[Go](https://a.uk)", inline=True, links=False)] == [
        "https://a.uk"
    ]


def test_a_line_is_never_read_as_a_list_or_heading() -> None:
    assert [token.type for token in read_inline("1. First")] == ["text"]
    assert [token.type for token in read_inline("# First")] == ["text"]


def test_refused_addresses_are_kept_in_the_tokens_for_the_renderers_to_judge() -> None:
    inline = read_blocks("[a](javascript:alert(1))")[1]

    assert [str(token.attrs["href"]) for token in inline.children or () if token.type == "link_open"] == [
        "javascript:alert(1)"
    ]


@given(st.text(max_size=200))
def test_no_text_makes_the_search_for_problems_fail(text: str) -> None:
    for problem in find_problems(text):
        assert problem.message
        assert problem.remedy
