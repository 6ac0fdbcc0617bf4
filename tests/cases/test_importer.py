"""Old bulletins that lost words, or showed what was not to be shown, and other members of the same kinds."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bulletin.errors import BulletinError
from bulletin.importing.blocks import Block, Role
from bulletin.importing.draft import draft_from
from bulletin.importing.html_pages import read_html
from bulletin.importing.publisher import read_drawn, read_publisher
from bulletin.importing.reading import read_old
from bulletin.issue.dates import Month
from bulletin.workspace.workspace import Workspace
from command_call import call

pytestmark = pytest.mark.slow

CASES = Path(__file__).parent
FILES = [
    "03-word-hidden-text.docx",
    "05a-struck-out.html",
    "06-word-bullets-in-html.html",
    "22-draft-drops-paragraph.html",
    "23-superscript.html",
]
MONTH = Month(2026, 11)
MakeWorkspace = Callable[..., Workspace]


def draft_case(name: str) -> str:
    """The draft of a file beside this test, with its comments unfolded."""
    return unfold(draft_from(read_old(CASES / name), name=name, month=MONTH).text)


def draft_page(body: str, *, month: Month = MONTH, head: str = "") -> str:
    page = f"<html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"
    return unfold(draft_from(read_html(page.encode()), name="old.html", month=month).text)


def unfold(text: str) -> str:
    lines: list[str] = []
    for line in text.splitlines():
        mark = line.lstrip()
        continues = mark.startswith("# ") and lines and lines[-1].lstrip().startswith("# ")
        if continues and not mark.startswith(("# check:", "# Left out", "# Its ", "# Drafted")):
            lines[-1] += f" {mark[2:]}"
        else:
            lines.append(line)
    return "\n".join(lines)


def issue_of(draft: str) -> str:
    """A draft without its comments."""
    return "\n".join(line for line in draft.splitlines() if not line.lstrip().startswith("#"))


def describe(blocks: list[Block]) -> list[tuple[str, str]]:
    return [(block.role.name.lower(), block.text) for block in blocks]


# Hidden and struck-out words


def write_docx(body: str, *, styles: str = "") -> bytes:
    """A document whose body has this XML; `styles` is added to its styles."""
    import docx

    written, changed = io.BytesIO(), io.BytesIO()
    docx.Document().save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                content = content.replace(b"<w:sectPr", f"{body}<w:sectPr".encode(), 1)
            if name == "word/styles.xml":
                content = content.replace(b"</w:styles>", f"{styles}</w:styles>".encode(), 1)
            new.writestr(name, content)
    return changed.getvalue()


def read_body(tmp_path: Path, body: str, *, styles: str = "") -> list[Block]:
    path = tmp_path / "old.docx"
    path.write_bytes(write_docx(body, styles=styles))
    return read_old(path)


def run_of(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_words_that_are_hidden_in_a_document_are_left_out_and_only_that_is_said() -> None:
    text = draft_case("03-word-hidden-text.docx")

    assert "We meet on Tuesday." in text
    assert "refuge" not in text
    assert "# Left out: words that are hidden in the document." in text


SECRET = "<w:style w:type='character' w:styleId='Secret'><w:name w:val='Secret'/><w:rPr><w:vanish/></w:rPr></w:style>"
BASED = "<w:style w:type='character' w:styleId='Inner'><w:basedOn w:val='Secret'/></w:style>"
SECRET_RUN = "<w:rStyle w:val='{}'/>"
NOTE_PARAGRAPH = "<w:pPr><w:pStyle w:val='Note'/></w:pPr>"
VANISH = "<w:vanish w:val='{}'/>"
NOTE = "<w:style w:type='paragraph' w:styleId='Note'><w:name w:val='Note'/><w:rPr><w:vanish/></w:rPr></w:style>"


HIDDEN = {
    "by a style": f"<w:p>{run_of('Seen')}{run_of(' hidden', SECRET_RUN.format('Secret'))}</w:p>",
    "by the style under a style": f"<w:p>{run_of('Seen')}{run_of(' hidden', SECRET_RUN.format('Inner'))}</w:p>",
    "by the paragraph": f"<w:p>{run_of('Seen')}</w:p><w:p>{NOTE_PARAGRAPH}{run_of('hidden')}</w:p>",
    "with a value": f"<w:p>{run_of('Seen')}{run_of(' hidden', VANISH.format('true'))}</w:p>",
}


@pytest.mark.parametrize("body", HIDDEN.values(), ids=HIDDEN)
def test_words_are_hidden_however_word_says_it(body: str, tmp_path: Path) -> None:
    blocks = read_body(tmp_path, body, styles=SECRET + BASED + NOTE)

    assert describe(blocks) == [("paragraph", "Seen"), ("left_out", "")]


def test_words_that_are_not_hidden_any_more_stay(tmp_path: Path) -> None:
    body = f"<w:p>{run_of('Seen')}{run_of(' again', VANISH.format('0'))}</w:p>"

    assert describe(read_body(tmp_path, body)) == [("paragraph", "Seen again")]


def test_the_words_of_a_field_stay(tmp_path: Path) -> None:
    body = f"<w:p>{run_of('We meet on ')}<w:fldSimple w:instr='DATE'>{run_of('9 June 2026')}</w:fldSimple>.</w:p>"

    assert describe(read_body(tmp_path, body))[0] == ("paragraph", "We meet on 9 June 2026")


def test_struck_out_words_are_left_out_and_named_in_their_sentence() -> None:
    text = draft_case("05a-struck-out.html")

    assert "The price is £5. We meet on Tuesday, 2pm." in issue_of(text)
    for words in ("£6", "Monday", "noon", "1pm"):
        assert f"struck-out words are left out here: “{words}”." in text


@pytest.mark.parametrize(
    ("body", "head"),
    [
        ("<p>It costs <span class='gone'>£6</span> £5.</p>", "<style>.gone { text-decoration: line-through }</style>"),
        ("<p>It costs <strike>£6</strike> £5.</p>", ""),
        ("<p>It costs <b><del>£6</del></b> £5.</p>", ""),
        ("<p style='text-decoration-line: line-through'>£6</p><p>It costs £5.</p>", ""),
    ],
)
def test_struck_out_words_are_named_however_they_were_struck_out(body: str, head: str) -> None:
    text = draft_page(f"<h1>News in brief</h1>{body}", head=head)

    assert "It costs £5." in issue_of(text)
    assert "£6" not in issue_of(text)
    assert "struck-out words are left out here: “£6”." in text


def test_struck_out_words_of_a_document_are_named_too(tmp_path: Path) -> None:
    body = f"<w:p>{run_of('It costs ')}{run_of('£6 ', '<w:dstrike/>')}{run_of('£5.')}</w:p>"
    (block,) = read_body(tmp_path, body)

    assert (block.text, block.check) == ("It costs £5.", "struck-out words are left out here: “£6”.")


# Lists


def test_bullets_of_outlook_are_a_list() -> None:
    text = draft_case("06-word-bullets-in-html.html")

    assert "      - Bring a pen\n      - Bring a friend" in text


IGNORED = "<span style='mso-list:Ignore'>{}<span>&nbsp;&nbsp;&nbsp; </span></span>"


def entry_of(mark: str, text: str, *, level: int = 1) -> str:
    return f"<p class=MsoListParagraph style='mso-list:l0 level{level} lfo1'>{IGNORED.format(mark)}{text}</p>"


@pytest.mark.parametrize(
    ("body", "written"),
    [
        (entry_of("1.", "Ring us") + entry_of("2.", "Write to us"), "      1. Ring us\n      2. Write to us"),
        (entry_of("·", "Bring") + entry_of("o", "a pen", level=2), "      - Bring\n        - a pen"),
        (
            "<p class=MsoListParagraph>·&nbsp;&nbsp;&nbsp; Bring a pen</p><p class=MsoListParagraph>§&nbsp; Smile</p>",
            "      - Bring a pen\n      - Smile",
        ),
        ("<p>• Bring a pen<br>• Smile</p>", "      - Bring a pen\n      - Smile"),
        ("<p>- Bring a pen</p><p>- Smile</p>", "      - Bring a pen\n      - Smile"),
        ("<p>1) Bring a pen<br/>2) Smile</p>", "      1. Bring a pen\n      2. Smile"),
    ],
    ids=["numbers", "levels", "class alone", "typed and parted by breaks", "dashes", "typed numbers"],
)
def test_lists_are_lists_however_they_were_typed(body: str, written: str) -> None:
    assert written in draft_page(f"<h1>News in brief</h1><p>Please note:</p>{body}")


def test_a_single_dash_is_no_list() -> None:
    assert "- Amal, aged eleven" not in draft_page("<h1>News</h1><p>“I like it.”</p><p>– Amal, aged eleven</p>")


# What a mailer adds


def test_a_paragraph_with_a_date_or_a_number_is_no_furniture() -> None:
    text = draft_case("22-draft-drops-paragraph.html")

    assert "Hello, the centre moves on 9 December 2026. Ring 01632 960 000 before you come." in issue_of(text)
    assert "Follow us on our visit to the Town Hall on 10 December 2026 at 10am." in issue_of(text)
    assert "the mailer’s tag “*|FNAME|*” is left out. Do the words read well without it?" in text
    assert "is this part of the bulletin, or did the mailer add it?" in text


@pytest.mark.parametrize(
    "words",
    [
        "You are receiving this email because the clinic moves on 3 December 2026.",
        "Having trouble viewing the film? We show it again at 2pm in the library.",
        "To unsubscribe from the school’s texts, ring 01632 960 111.",
        "Share this page with families who could have £20 a week.",
    ],
)
def test_words_of_a_mailer_beside_a_fact_stay_and_are_marked(words: str) -> None:
    text = draft_page(f"<h1>News</h1><p>One.</p><p>{words}</p><p>Two.</p>")

    assert words in issue_of(text)
    assert "is this part of the bulletin, or did the mailer add it?" in text


@pytest.mark.parametrize(
    ("words", "tag"),
    [("Dear {{first_name}}, hello.", "{{first_name}}"), ("Dear [[NAME]], hello.", "[[NAME]]")],
)
def test_tags_of_other_mailers_are_left_out_and_named(words: str, tag: str) -> None:
    text = draft_page(f"<h1>News</h1><p>{words}</p>")

    assert "Dear, hello." in issue_of(text)
    assert f"the mailer’s tag “{tag}” is left out." in text


FOOTS = [
    "<p>You can <a href='https://x.list-manage.com/unsubscribe?u=1'>unsubscribe from this list</a>.</p>",
    "<p>Update your subscriptions or stop subscriptions at any time.</p>",
    "<p>This email was sent to you by Anytown Council using govDelivery.</p>",
    "<p>Made with Microsoft Sway</p>",
    (
        "<p>This email and any attachments are confidential and intended solely for the addressee. If you are not the "
        "intended recipient, please delete it.</p>"
    ),
    "<p>Kind regards</p><p>Sam Okoro</p><p>Communications Officer</p><p>01632 960 222</p>",
    "<div class='cookie-banner'><p>We value your privacy.</p><button>Accept</button></div>",
    "<nav><a href='/'>Home</a> <a href='/news'>Our services</a></nav>",
    "<div class='comments'><p>3 comments</p><p>Lovely!</p></div>",
    "<p>12 likes | 3 comments</p>",
]


@pytest.mark.parametrize("foot", FOOTS)
def test_what_a_mailer_or_a_page_adds_is_left_out_and_named(foot: str) -> None:
    text = draft_page(f"<h1>News</h1><p>The hall opens in June and everybody may come and see it.</p>{foot}")
    said = max(re.sub(r"<[^>]*>", "\n", foot).splitlines(), key=len)

    assert said not in issue_of(text)
    assert said in text
    assert "The hall opens in June" in issue_of(text)


def test_a_hidden_preheader_becomes_the_preview_text_with_a_note() -> None:
    hidden = "<div style='display:none;max-height:0'>Half-term clubs, a new chair and a survey&zwnj;&nbsp;&zwnj;</div>"
    text = draft_page(f"{hidden}<h1>News</h1><p>One.</p><h2>More</h2><p>Two.</p>")

    assert "# check: this was the hidden line for the inbox" in text
    assert "preview_text: Half-term clubs, a new chair and a survey" in text


# Raised figures and footnotes


def test_raised_figures_stay_raised() -> None:
    assert "The room has 10² m². Numbers rose³ again." in draft_case("23-superscript.html")


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("the 1<sup>st</sup> of May", "the 1st of May"),
        ("H<sub>2</sub>O and CO<sub>2</sub>", "H₂O and CO₂"),
        ("10<sup>-3</sup> and x<sup>n</sup>", "10⁻³ and xⁿ"),
        ("it rose<span style='vertical-align: super'>12</span> again", "it rose¹² again"),
    ],
)
def test_figures_above_and_below_the_line_stay_there(words: str, written: str) -> None:
    text = draft_page(f"<h1>News</h1><p>Read {words}</p>")

    assert written in issue_of(text)
    assert "the line." not in text


def test_raised_words_that_cannot_stay_raised_are_named() -> None:
    assert "“see note” was above the line." in draft_page("<h1>News</h1><p>It rose<sup>see note</sup> again.</p>")


def test_a_footnote_is_below_its_section_with_its_mark() -> None:
    note = "<ol><li id='footnote-1'><p>Department for Education, 2021 <a href='#footnote-ref-1'>↑</a></p></li></ol>"
    text = draft_page(
        "<h1>News</h1><p>Numbers rose<sup><a href='#footnote-1'>[1]</a></sup> again.</p>"
        f"<h1>Links</h1><p>See our pages.</p>{note}"
    )
    news, _, links = issue_of(text).partition("title: Links")

    assert "Numbers rose¹ again." in news
    assert "¹ Department for Education, 2021" in news
    assert "Education" not in links
    assert "this is a footnote. Is it needed, and is it in the right place?" in text


# Lines, headings, articles


def test_a_break_parts_lines_and_a_cut_sentence_is_joined() -> None:
    text = issue_of(
        draft_page(
            "<h1>News</h1><p>Send it to:<br>Anytown Council<br>2 Mill Lane<br>Anytown</p><p>This sentence was cut by "
            "a program that<br>breaks its lines.</p>"
        )
    )

    assert "Send it to:\n      Anytown Council\n      2 Mill Lane\n      Anytown\n" in text
    assert "was cut by a program that breaks its lines." in text


def test_bold_headings_have_levels_by_their_size_and_the_largest_is_the_title() -> None:
    body = "<p style='font-size:{}'><b>{}</b></p>"
    text = draft_page(
        body.format("20pt", "Anytown Partnership")
        + body.format("14pt", "Our news")
        + "<p style='font-size:12pt'>The hall opens in June, and all of it is new.</p>"
        + body.format("12pt", "A detail")
        + "<p style='font-size:12pt'>The floor is made of oak, and the doors too.</p>"
        + body.format("14pt", "Our thanks")
        + "<p style='font-size:12pt'>Thank you all for the help that you gave.</p>"
    )

    assert "subject: Anytown Partnership" in text
    assert [line.strip() for line in text.splitlines() if "    title:" in line] == [
        "title: Our news",
        "title: Our thanks",
    ]
    assert "### A detail" in text


SIZE = "<w:sz w:val='{}'/>"


def test_large_letters_of_a_document_without_headings_are_headings(tmp_path: Path) -> None:
    def paragraph(text: str, size: int) -> str:
        return f"<w:p>{run_of(text, SIZE.format(size))}</w:p>"

    body = "".join(
        paragraph(text, size)
        for text, size in [
            ("Anytown News", 44),
            ("First", 32),
            ("One thing happened.", 22),
            ("Second", 32),
            ("Another thing.", 22),
        ]
    )
    blocks = read_body(tmp_path, body)

    assert [(block.level, block.text) for block in blocks if block.role is Role.HEADING] == [
        (1, "Anytown News"),
        (2, "First"),
        (2, "Second"),
    ]


CONTINUED = [
    "<h2>Neglect toolkit (continued)</h2><p>It is free.</p>",
    "<h2>Neglect toolkit continued from page 1</h2><p>It is free.</p>",
    "<h2>Neglect toolkit</h2><p>Continued from page 1</p><p>It is free.</p>",
    "<p>Continued from page 1</p><p>It is free.</p>",
]


@pytest.mark.parametrize("continued", CONTINUED)
def test_an_article_that_continues_on_another_page_is_one_article(continued: str) -> None:
    text = draft_page(
        "<h2>Neglect toolkit</h2><p>The toolkit is out.</p><p>Continued on page 2</p><h2>Thanks</h2><p>Thank you.</p>"
        f"{continued}<h2>End</h2><p>Goodbye.</p>"
    )
    toolkit, _, thanks = issue_of(text).partition("title: Thanks")

    assert "The toolkit is out." in toolkit
    assert "It is free." in toolkit
    assert "It is free." not in thanks
    assert "# Left out: page numbers and “continued” lines (Continued on page 2 / " in text
    assert issue_of(text).count("kind:") == 3


def test_a_sentence_that_was_cut_by_a_page_is_whole_again() -> None:
    text = draft_page(
        "<h2>A</h2><p>The toolkit is</p><p>Continued on page 2</p><h2>B</h2><p>Thanks.</p>"
        "<p>Continued from page 1</p><p>free for all.</p><h2>C</h2><p>End.</p>"
    )

    assert "The toolkit is free for all." in text


# Priorities, dates, hours, places, providers


@pytest.mark.parametrize(
    "body",
    [
        "<h2>Board update</h2><h3>Priority 4: Neglect</h3><p>The toolkit is out.</p>",
        "<h2>Board update</h2><p>Priority 4: Neglect</p><p>The toolkit is out.</p>",
        "<h2>Board update</h2><ul><li>Priority 4: Neglect: The toolkit is out.</li></ul>",
        "<h2>Priority 4: Neglect</h2><p>The toolkit is out.</p>",
    ],
)
def test_a_numbered_priority_is_one_under_any_heading(body: str) -> None:
    text = draft_page(f"{body}<h2>Thanks</h2><p>Thank you.</p>")

    assert "kind: priorities" in text
    assert "- number: 4\n        title: Neglect\n" in issue_of(text)
    assert "summary: The toolkit is out." in text


@pytest.mark.parametrize(
    ("hours", "starts", "ends"),
    [
        ("9am – 12 noon", "9am", "12 noon"),
        ("10-11.30am", "10am", "11.30am"),
        ("11 to 1pm", "11am", "1pm"),
        ("9.30am until midday", "9.30am", "midday"),
        ("12noon - 2pm", "12 noon", "2pm"),
    ],
)
def test_hours_have_their_start_and_their_end(hours: str, starts: str, ends: str) -> None:
    text = draft_page(
        f"<h2>Dates</h2><ul><li>3 December 2026, {hours}: Networking event</li><li>4 December 2026: Fair</li></ul>"
    )

    assert f"starts: {starts}\n        ends: {ends}\n" in issue_of(text)
    assert "title: Networking event" in text
    assert "missing" not in text


DIARIES = [
    "<ul><li>3 December 2026: Winter fair, Town Hall</li><li>9 December 2026: Carol service, Mill Church</li></ul>",
    "<p>3 December 2026 – Winter fair, Town Hall<br>9 December 2026 – Carol service, Mill Church</p>",
    "<p>3 December 2026</p><p>Winter fair, Town Hall</p><p>9 December 2026</p><p>Carol service, Mill Church</p>",
    "<p>3 December 2026&emsp;Winter fair&emsp;Town Hall</p><p>9 December 2026&emsp;Carol service&emsp;Mill Church</p>",
    (
        "<table><tr><td>3 December 2026</td><td>Winter fair</td><td>Town Hall</td></tr><tr><td>9 December 2026</td>"
        "<td>Carol service</td><td>Mill Church</td></tr></table>"
    ),
    (
        "<table role=presentation><tr><td>3 December 2026</td><td><p>Winter fair</p><p>Town Hall</p></td></tr></table>"
        "<table role=presentation><tr><td>9 December 2026</td><td><p>Carol service</p><p>Mill Church</p></td></tr>"
        "</table>"
    ),
]


@pytest.mark.parametrize("body", DIARIES, ids=["list", "breaks", "lines", "tabs", "table", "two cells"])
def test_lines_and_rows_with_dates_are_events_under_any_heading(body: str) -> None:
    text = issue_of(draft_page(f"<h2>This winter</h2>{body}<h2>Thanks</h2><p>Thank you.</p>"))

    assert "kind: events" in text
    for title, date, place in (
        ("Winter fair", "3 December 2026", "Town Hall"),
        ("Carol service", "9 December 2026", "Mill Church"),
    ):
        assert f"- title: {title}\n        date: {date}\n        place: {place}\n" in f"{text}\n"


def test_a_list_of_reports_with_dates_is_no_diary() -> None:
    body = "<ul><li>On 3 May 2026 we met the schools.</li><li>On 9 June 2026 we met the surgeries.</li></ul>"

    assert "kind: events" not in draft_page(f"<h2>What we did</h2>{body}<h2>Thanks</h2><p>Thank you.</p>")


@pytest.mark.parametrize(
    ("entry", "title"),
    [
        ("Safer recruitment (half day), 3 December 2026", "Safer recruitment (half day)"),
        ("First aid – refresher · 3 December 2026", "First aid – refresher"),
        ("Neglect (Graded Care) – 3 December 2026, 9am to 1pm", "Neglect (Graded Care)"),
    ],
)
def test_words_in_brackets_or_after_a_dash_are_no_provider(entry: str, title: str) -> None:
    text = draft_page(f"<h2>Training</h2><ul><li>{entry}</li></ul><h2>Thanks</h2><p>Thank you.</p>")

    assert f"- title: {title}\n        # check: who is the provider?\n        provider: TO WRITE\n" in text


def test_a_provider_that_is_guessed_is_marked() -> None:
    text = draft_page(
        "<h2>Training</h2><ul><li>First aid · Red Cross · 3 December 2026</li></ul><h2>End</h2><p>Bye.</p>"
    )

    assert "# check: is this the provider?\n        provider: Red Cross" in text


def test_titles_before_a_link_that_only_asks_to_open_it_are_titles() -> None:
    body = "<ul><li>Neglect toolkit – <a href='https://a.example.org/n'>read more</a></li><li>Term dates: "
    body += "<a href='https://a.example.org/t'>click here</a></li></ul>"
    text = draft_page(f"<h2>Useful links</h2>{body}<h2>End</h2><p>Bye.</p>")

    assert "title: Neglect toolkit\n        link: https://a.example.org/n" in issue_of(text)
    assert "title: Term dates\n        link: https://a.example.org/t" in issue_of(text)
    assert "the link said “read more”: is this its title?" in text


# Publisher, and files of other types

DRAWN = """<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml" xmlns:svg="http://www.w3.org/2000/svg"><body>
<svg:svg width="595" height="842"><svg:text x="320" y="200"><svg:tspan font-size="18">Our thanks</svg:tspan>
<svg:tspan font-size="11">Thank you all for the help.</svg:tspan></svg:text>
<svg:text x="40" y="60"><svg:tspan font-size="30">Anytown News, May 2026</svg:tspan></svg:text>
<svg:text x="40" y="200"><svg:tspan font-size="18">Our news</svg:tspan>
<svg:tspan font-size="11">The hall is open</svg:tspan><svg:tspan font-size="11"> again.</svg:tspan></svg:text>
</svg:svg></body></html>"""


def test_a_converted_publisher_file_is_read_column_by_column() -> None:
    assert [(block.level, block.text) for block in read_drawn(DRAWN.encode())] == [
        (1, "Anytown News, May 2026"),
        (2, "Our news"),
        (0, "The hall is open again."),
        (2, "Our thanks"),
        (0, "Thank you all for the help."),
    ]


def test_a_publisher_file_is_converted_where_the_converter_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    converter = tmp_path / "pub2xhtml"
    converter.write_text(f"#!/bin/sh\ncat <<'END'\n{DRAWN}\nEND\n", encoding="utf-8")
    converter.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    old = tmp_path / "old.pub"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))

    assert "The hall is open again." in [block.text for block in read_old(old)]


def test_without_the_converter_the_words_say_how_to_save_a_publisher_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(BulletinError) as caught:
        read_publisher(b"\xd0\xcf\x11\xe0")

    assert caught.value.message == "It is a Publisher file, and no converter for those is installed."
    assert "export it as a PDF" in caught.value.remedy
    assert "libmspub-tools" in caught.value.remedy


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("a.doc", "save it as a Word document (.docx)"),
        ("a.rtf", "save it as a Word document (.docx)"),
        ("a.odt", "save it as a Word document (.docx)"),
        ("a.eml", "save it as a web page (.html)"),
        ("a.mht", "save it as a complete web page (.html)"),
        ("a.pptx", "Export it as a PDF"),
    ],
)
def test_the_words_say_how_to_save_a_file_of_another_type(name: str, remedy: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"{\\rtf1 Hello}")
    with pytest.raises(BulletinError) as caught:
        read_old(tmp_path / name)

    assert remedy in caught.value.remedy


@pytest.mark.parametrize("content", [b"{\\rtf1 Hello}", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99)])
def test_an_old_document_with_a_new_ending_says_to_save_it_anew(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(content)
    with pytest.raises(BulletinError) as caught:
        read_old(tmp_path / "a.docx")

    assert "save it as a Word document (.docx)" in caught.value.remedy


def test_the_command_drafts_each_case(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(issues={"2026-10": "month: 2026-10"})
    for number, name in enumerate(FILES):
        path = CASES / name
        out = workspace.root / f"draft-{number}.yaml"
        done = call("draft", str(path), "--month", "2026-11", "--out", str(out), "--workspace", str(workspace.root))
        assert done.returncode == 0, done.stderr
        assert "Not everything" not in done.stdout or name.endswith(".docx")  # whose footnote nothing refers to
