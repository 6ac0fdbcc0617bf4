"""Typographic rules: quotes, dashes, dots, spaces and hyphens that do not break, in HTML, plain text and subject."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.edition.markdown.markdown_html import render_blocks_html, render_inline_html
from bulletin.edition.markdown.markdown_text import render_blocks_text, render_inline_text
from bulletin.edition.typography.kept_together import join_heading_ends, show_plain
from bulletin.edition.typography.typesetting import TypeStyle, set_field, set_type
from specimen import SECTIONS, SETTINGS, render

STYLE = TypeStyle()
ARTICLE: dict[str, Any] = {"kind": "article", "title": "Words"}

# "~" is a no-break space.
QUOTES = [
    ('"I felt heard," said one.', "“I felt heard,” said one."),
    ("'I felt heard,' said one.", "‘I felt heard,’ said one."),
    ("It's the twins' poem.", "It’s the twins’ poem."),
    ("She said \"he said 'no' to me\".", "She said “he said ‘no’ to me”."),
    ("\"'No' is a word,\" she said.", "“‘No’ is a word,” she said."),
    ('("so") and ["so"]', "(“so”) and [“so”]"),
    ('a word – "another" – and/or "a third"', "a word~– “another”~– and/or “a third”"),
    ('one–"two"', "one–“two”"),
    ("the '90s, 'tis the class of '99", "the ’90s, ’tis the class of ’99"),
    ("rock 'n' roll, and don't ask 'em", "rock ’n’ roll, and don’t ask ’em"),
    ("'Tis late. O'Neill and d'Arcy agree.", "’Tis late. O’Neill and d’Arcy agree."),
    ("the 1990's and the under-5's", "the 1990’s and the under-5’s"),
    ("He is 5' 6\" tall, she 5'9\".", "He is 5' 6\" tall, she 5'9\"."),
    ('a 12" pizza', 'a 12" pizza'),
    ('"We are 12" and "aged 7"', "“We are 12” and “aged 7”"),
    ("'25 people came,' she said", "‘25~people came,’ she said"),
    ('"...and then"', "“…and then”"),
    ('He asked:"Why?"', "He asked:“Why?”"),
    ("“Curly” already, and it’s ‘right’", "“Curly” already, and it’s ‘right’"),
    ('alone " between', 'alone " between'),
]
DASHES = [
    ("free - for all - and short", "free~– for all~– and short"),
    ("free -- for all--and short", "free~– for all~– and short"),
    ("free-- for all", "free~– for all"),
    ("-- Danielle", "– Danielle"),
    ("4 May 2021 - 9am", "4~May~2021~– 9am"),
    ("pages 12 - 15, 5 - 3 = 2", None),
    ("16- to 18-year-olds, well-known", "16- to 18-year-olds, well-known"),
    ("bulletin --fix, a --> b, a---b", "bulletin --fix, a --> b, a---b"),
]
DOTS = [
    ("and then...", "and then…"),
    ("wait ... more", "wait … more"),
    ("wait....", "wait...."),
    ("S.H.I.E.L.D. 9.30am", "S.H.I.E.L.D. 9.30am"),
]
SPACES = [
    ("on 4 May 2021, 3rd June", "on 4~May~2021, 3rd~June"),
    ("12 Sept, Jan 2022, May 2021 and may 2021", "12~Sept, Jan~2022, May~2021 and may 2021"),
    ("7 days, 3 hours, 30 minutes, 2 weeks, 12 years", "7~days, 3~hours, 30~minutes, 2~weeks, 12~years"),
    ("40 people, 20 places, £5 million, 10 per cent", "40~people, 20~places, £5~million, 10~per cent"),
    ("9 am, 12 noon, 24 children, 50 %", "9~am, 12~noon, 24~children, 50~%"),
    ("Room 4, Section 11, section 47, Priority 3", "Room~4, Section~11, section~47, Priority~3"),
    ("Phase 2, Part B, page 9, pages 2 and 3, Year 6", "Phase~2, Part~B, page~9, pages~2 and 3, Year~6"),
    ("Dr Khan, Mr. Lee, Mrs Day, Cllr O’Hara, St Mary’s", "Dr~Khan, Mr.~Lee, Mrs~Day, Cllr~O’Hara, St~Mary’s"),
    ("Prof Jones and Ms Smith", "Prof~Jones and Ms~Smith"),
    ("ring 020 7946 0000 or 01632 960 145", "ring 020~7946~0000 or 01632~960~145"),
    ("(01632) 960145, +44 20 7946 0000, 0800 1111", "(01632)~960145, +44~20~7946~0000, 0800~1111"),
    ("+44 (0)20 7946 0000 or 116 123", "+44~(0)20~7946~0000 or 116~123"),
    ("Kent DA6 7AT and SW1A 2AA", "Kent DA6~7AT and SW1A~2AA"),
    ("words – and a dot · here", "words~– and a dot~· here"),
    ("12 of 20, 1 in 4, 5 1234 567", "12 of 20, 1 in 4, 5 1234 567"),
]


@pytest.mark.parametrize(("typed", "shown"), [*QUOTES, *DASHES, *DOTS, *SPACES])
def test_words_are_set(typed: str, shown: str | None) -> None:
    expected = typed if shown is None else shown.replace("~", "\u00a0")
    set_ = set_type(typed, STYLE)
    assert set_ == expected if shown else "–" not in set_
    assert set_type(set_, STYLE) == set_


@pytest.mark.parametrize(
    "typed",
    [
        "www.x.org/it's--a",
        "https://www.x.org/a--b?c='d'&e",
        "jo.o'neil@x.org",
        "gov.uk/it's--here",
    ],
)
def test_addresses_among_words_stay_as_typed(typed: str) -> None:
    assert set_type(f"See '{typed}' - now", STYLE) == f"See ‘{typed}’\u00a0– now"


PIECES = [
    *(
        "a",
        "b",
        "5",
        "12",
        " ",
        "  ",
        "\u00a0",
        "-",
        "--",
        "–",
        ".",
        "...",
        "…",
        '"',
        "'",
        "“",
        "”",
        "‘",
        "’",
        "(",
        ")",
    ),
    *(",", "\n", "'s", "Room", "May", "2021", "St", "www.", "@", "/", "0", "020", "7946", "·", "é", "\ufffc"),
]
WILD = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=24).map("".join))


def strip_type(text: str) -> str:
    """The text without what the rules may change: kinds of quote, of dash and of space, dots."""
    for kind, plain in (("“”", '"'), ("‘’", "'"), ("–", "-"), ("\u00a0", " ")):
        text = re.sub(f"[{kind}]", plain, text)
    return re.sub("[ -]", "", text.replace("…", "..."))


@given(WILD)
def test_words_are_never_changed_and_twice_is_as_once(text: str) -> None:
    for style in (STYLE, TypeStyle(quotes=False), TypeStyle(dashes=False)):
        done = set_type(text, style)
        assert strip_type(done) == strip_type(text)
        assert set_type(done, style) == done
        assert "\u00a0" not in set_type(text, style, no_break=False)


@given(WILD)
def test_without_a_style_nothing_is_changed(text: str) -> None:
    assert set_type(text, None) == text


@given(WILD)
def test_html_and_plain_text_say_the_same_words(text: str) -> None:
    html = re.sub(r"</?(?:em|strong|code|a|br|span|wbr)\b[^>]*>", "", render_inline_html(text, style=STYLE))
    plain = render_inline_text(text, style=STYLE)
    assert strip_type(unescape(html)).replace("\n", "") == strip_type(plain).replace("\n", "")


def unescape(html: str) -> str:
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
        html = html.replace(entity, char)
    return html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ('"**Bold** words"', "“<strong>Bold</strong> words”"),
        ("**\"Bold\"** *'em*'", "<strong>“Bold”</strong> <em>‘em</em>’"),
        ("*4* May **2021**", "<em>4</em>\u00a0May\u00a0<strong>2021</strong>"),
        ("`it's -- a` - it's", '<code class="code">it&#x27;s -- a</code>\u00a0– it’s'),
        ('["A plan"](https://x.org/it\'s)', '<a class="a" href="https://x.org/it&#x27;s">“A plan”</a>'),
        ("a 7-minute film", 'a <span class="nb">7-minute</span> film'),
        ("multi-agency and well-known", "multi-agency and well-known"),
    ],
)
def test_marks_do_not_part_the_words_of_a_paragraph(markdown: str, html: str) -> None:
    assert render_blocks_html(markdown, style=STYLE) == f'<p class="p">{html}</p>\n'


def test_typed_addresses_stay_and_may_break_after_their_at() -> None:
    html = render_blocks_html("Write to jo--ann@x.org or www.x.org/it's - now", style=STYLE)
    assert 'href="mailto:jo--ann@x.org">jo--ann@<wbr>x.org</a>' in html
    assert ">www.x.org/it&#x27;s</a>\u00a0– now" in html
    assert render_blocks_text("Write to jo--ann@x.org", style=STYLE) == "Write to jo--ann@x.org"


def test_code_stays_as_typed_in_plain_text() -> None:
    assert (
        render_blocks_text("`it's -- a` - it's\n\n    x - 'y'", style=STYLE) == "it's -- a\u00a0– it’s\n\n    x - 'y'"
    )


def test_the_words_of_a_link_are_set_where_its_address_follows() -> None:
    text = '[It\'s "one"](https://a.uk) or [two - now](https://b.uk)'
    lines = render_blocks_text(text, style=STYLE).split("\n")
    assert lines == ["It’s “one” or two\u00a0– now", "It’s “one”:", "https://a.uk", "two\u00a0– now:", "https://b.uk"]


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        *[
            (word, True)
            for word in ("e-bulletin", "Covid-19", "7-minute", "2027–28", "9am–5pm", "face-to-face", "re-use")
        ],
        *[(word, 0) for word in ("multi-agency", "well-known", "a-very-long-compound-word", "North–South", "-a")],
    ],
)
def test_short_compounds_and_ranges_do_not_wrap(words: str, kept: int) -> None:
    assert show_plain(f"x {words} y", STYLE).count(f'x <span class="nb">{words}</span> y') == kept
    assert show_plain(words, None) == words


@pytest.mark.parametrize(
    ("heading", "joined"),
    [
        ("News from our schools", "News from our~schools"),
        ("News from schools", "News from schools"),
        ("Ask <b>all of your</b> <i>people</i>", "Ask <b>all of your</b>~<i>people</i>"),
        ("A word about misunderstandings misunderstood", "A word about misunderstandings misunderstood"),
        ("A long name of four<br>May 2021", "A long name of four<br>May 2021"),
        ("In the year 2\u00a0May\u00a02021", "In the year 2\u00a0May\u00a02021"),
    ],
)
def test_the_last_two_words_of_a_long_heading_stay_together(heading: str, joined: str) -> None:
    html = '<p>a b c d e</p><h2 class="h2">{}</h2>\n<p>a b c d</p>'
    assert join_heading_ends(html.format(heading)) == html.format(joined.replace("~", "\u00a0"))


# A whole edition

TEXT = 'It\'s on 4 May 2021 - "free for all"... Write to jo@x.org about the 7-minute film.'
ISSUE: dict[str, Any] = {
    "subject": 'It\'s May - all "news" of 4 May',
    "preview_text": "What's new...",
    "sections": [{**ARTICLE, "title": "Children's day - it's here", "text": TEXT}],
}


def test_html_text_subject_and_preview_text_follow_the_same_rules() -> None:
    edition = render(issue=ISSUE)
    assert edition.subject == "It’s May – all “news” of 4 May"
    assert "What’s new…" in edition.html
    assert "It’s on 4\u00a0May\u00a02021\u00a0– “free for all”…" in edition.html
    assert "jo@<wbr>x.org</a>" in edition.html
    assert "</wbr>" not in edition.html
    assert "Children’s day\u00a0– it’s\u00a0here</h2>" in edition.html
    assert "It’s on 4 May 2021 – “free for all”…" in edition.text
    assert "\u00a0" not in edition.text


def test_typography_no_switches_all_of_it_off() -> None:
    edition = render(issue=ISSUE, settings={"typography": "no"})
    assert edition.subject == ISSUE["subject"]
    assert TEXT.partition(" Write")[0] in edition.text.replace("\n", " ")
    section = edition.html.partition('id="children')[2].partition("</td>")[0]
    assert not re.search('[“”‘’–…\u00a0]|class="nb"|<wbr>', section)


def test_the_house_may_keep_straight_quotes_and_hyphens() -> None:
    edition = render(issue=ISSUE, settings={"proof": {"quotes": "straight", "dashes": "hyphen"}})
    assert edition.subject == ISSUE["subject"]
    assert 'It\'s on 4 May 2021 - "free for all"…' in edition.text


def test_a_line_of_plain_text_never_ends_inside_a_date() -> None:
    text = "\n\n".join(f"{'x' * length} 24 March 2021 and on." for length in range(50, 76))
    edition = render(issue={"sections": [{**ARTICLE, "text": text}]})
    assert edition.text.count("24 March 2021") == 26


def test_settings_of_everyone_get_the_rules_too() -> None:
    organisation = {**SETTINGS["organisation"], "name": "Anytown Children's Trust", "address": "St Mary's, AN1 1AA"}
    edition = render(settings={"organisation": organisation}, issue={"sections": SECTIONS[:1]})
    assert "Anytown Children’s Trust" in edition.text
    assert "St\u00a0Mary’s, AN1\u00a01AA" in edition.html


EVENT = {
    "kind": "events",
    "title": "Days to keep free",
    "items": [
        {"title": "Forum", "date": "9 June 2021", "starts": "9:30am", "ends": "12:30pm"},
        {"title": "Course", "date": "10 June 2021", "until": "11 June 2021", "starts": "2pm"},
        {"title": "Week", "date": "30 June 2021", "until": "2 July 2021"},
    ],
}


def test_the_times_and_ranges_of_fields_are_written_as_the_house_writes_them() -> None:
    plain = render(issue={"sections": [EVENT]}).text
    for words in ("9:30am to 12:30pm", "10 to", "30 June to"):
        assert words in plain

    house = {"proof": {"times": "5.30pm", "ranges": "dash"}}
    edition = render(issue={"sections": [EVENT]}, settings=house)
    for words in ("9.30am–12.30pm", "from 2pm"):
        assert words in edition.text
        assert words in edition.html
    assert " to " not in edition.text.partition("Days to keep free\n")[2].partition("1 High Street")[0]


@pytest.mark.parametrize(
    ("words", "points", "short", "set_so"),
    [
        ("9:30am to midday", True, True, "9.30am–midday"),
        ("midday to 2pm", True, True, "midday–2pm"),
        ("9 to 11 June 2021", False, True, "9–11 June 2021"),
        ("30 April to 2 May 2021", False, True, "30 April – 2 May 2021"),
        ("March to April 2021", False, True, "March – April 2021"),
        ("from 9:30am", True, False, "from 9.30am"),
        ("9:30am to 5pm", False, False, "9:30am to 5pm"),
    ],
)
def test_a_date_or_time_of_a_field_follows_the_house_style(words: str, points: bool, short: bool, set_so: str) -> None:  # noqa: FBT001
    assert set_field(words, TypeStyle(points=points, short_ranges=short)) == set_so
    assert set_field(words, None) == words
