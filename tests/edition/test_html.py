"""The HTML e-mail, held to what mail programs and readers need: by its source, and in a real browser.

Outlook for Windows lays mail out with Word's engine, which no test here can start. What is known of it is written
down as rules on the source: attributes for sizes and grounds, tables for layout, padding in cells, a line-height with
each font-size, and nothing that it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import tinycss2
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html
from playwright.sync_api import Browser

from bulletin.declaration.markup import refuse_address
from bulletin.edition.edition import Edition
from bulletin.edition.markdown.markdown_html import render_blocks_html, render_entry_html, render_inline_html
from bulletin.edition.pictures.album import with_picture_files
from bulletin.edition.slots import fill_slots
from specimen import SECTIONS, SETTINGS, render

UNSUBSCRIBE = "https://bulletin.anytown.example.org/unsubscribe/abc"
UNKNOWN_TO_WORD = {"position", "float", "display:flex", "display:grid", "background-image", "background", "transform"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@pytest.fixture(scope="module")
def edition() -> Edition:
    return render()


@pytest.fixture(scope="module")
def page(edition: Edition) -> etree._Element:
    return lxml_html.document_fromstring(edition.html)


def declarations(style: str) -> dict[str, str]:
    """The properties of a `style` attribute, each with its value as text."""
    parsed = tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True)
    assert all(item.type == "declaration" for item in parsed), style
    return {item.lower_name: tinycss2.serialize(item.value).strip() for item in parsed}


def styled(page: etree._Element) -> Iterator[tuple[etree._Element, dict[str, str]]]:
    for element in page.iter(etree.Element):
        yield element, declarations(element.get("style", ""))


def pixels(value: str) -> float:
    return float(value.removesuffix("px"))


def words(element: etree._Element) -> str:
    return " ".join("".join(element.itertext(etree.Element)).split())


def as_word_reads_it(html: str) -> str:
    """The source as Outlook for Windows takes it: what stands in its conditional comments is part of it."""
    return re.sub(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", r"\1", html, flags=re.DOTALL)


# The document


def test_the_page_says_its_language_its_title_and_that_it_knows_dark_mode(page: etree._Element) -> None:
    assert page.get("lang") == "en-GB"
    assert page.findtext("head/title") == "Anytown safeguarding news, May 2021"
    assert {meta.get("name"): meta.get("content") for meta in page.iter("meta")}["color-scheme"] == "light dark"


def test_there_is_one_h1_and_no_level_of_heading_is_skipped(page: etree._Element) -> None:
    levels = [int(heading.tag[1]) for heading in page.iter(*HEADINGS)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(level - before <= 1 for before, level in pairwise(levels))


def test_each_section_is_an_h2_and_so_is_the_list_of_contents(page: etree._Element) -> None:
    titles = [section["title"].replace("*", "") for section in SECTIONS]
    assert [words(heading) for heading in page.iter("h2")] == ["In this issue", *titles]


def test_items_are_h3(page: etree._Element) -> None:
    items = {words(heading) for heading in page.iter("h3")}
    assert {
        "Getting the basics right",
        "First aid",
        "Champions’ meeting",
        "Government guidance",
        "Looking ahead",
    } <= items


def test_tables_are_for_layout_alone_and_say_so_also_those_for_outlook(edition: Edition) -> None:
    tables = re.findall(r"<table[^>]*>", as_word_reads_it(edition.html))
    assert len(tables) > 40
    for table in tables:
        assert all(
            part in table for part in ('role="presentation"', 'cellpadding="0"', 'cellspacing="0"', 'border="0"')
        )


def test_every_picture_has_its_text_alternative_and_its_size(page: etree._Element, edition: Edition) -> None:
    # Wide pictures have no height, so that their place closes where pictures are not shown.
    sizes = {
        f"cid:{picture.cid}": (str(picture.width), str(picture.height) if picture.width <= 195 else None)
        for picture in edition.pictures
    }
    images = list(page.iter("img"))
    assert len(images) == 2
    for image in images:
        assert image.get("alt")
        assert (image.get("width"), image.get("height")) == sizes[image.get("src", "")]


def test_the_contents_link_to_each_section_in_order(page: etree._Element) -> None:
    anchors = [anchor.get("id") for anchor in page.iter("a") if anchor.get("href") is None]
    links = [link for link in page.iter("a") if link.get("href", "").startswith("#")]
    assert [f"#{anchor}" for anchor in anchors] == [link.get("href") for link in links]
    assert [words(link) for link in links] == [section["title"].replace("*", "") for section in SECTIONS]
    assert len(set(anchors)) == len(SECTIONS)


def test_a_short_issue_has_no_list_of_contents() -> None:
    assert "In this issue" not in render(issue={"sections": SECTIONS[:1]}).html


def test_view_in_browser_is_in_the_masthead_and_unsubscribe_at_the_foot(edition: Edition) -> None:
    title, first_section, last_section = (
        edition.html.index("<h1"),
        edition.html.index("<h2"),
        edition.html.rindex("<h2"),
    )
    view = "https://bulletin.anytown.example.org/issues/news/2021-05"
    places = {
        link: [match.start() for match in re.finditer(f'href="{link}"', edition.html)]
        for link in (view, edition.slots.unsubscribe)
    }
    assert [title < place < first_section for place in places[view]] == [True]
    assert [place > last_section for place in places[edition.slots.unsubscribe]] == [True]


def test_without_a_website_there_is_no_view_in_browser_but_still_an_unsubscribe_link() -> None:
    edition = render(settings={"website": None})
    assert "View in browser" not in edition.html
    assert edition.html.count(f'href="{edition.slots.unsubscribe}"') == 1


def test_readers_can_change_what_they_get_at_the_foot_where_there_is_a_website(edition: Edition) -> None:
    link, last_section = edition.slots.preferences, edition.html.rindex("<h2")
    places = [match.start() for match in re.finditer(f'href="{link}"[^>]*>Change what you get</a>', edition.html)]
    assert len(places) == edition.html.count(link) == 1
    assert places[0] > last_section
    assert f"\nChange what you get:\n{link}\n" in edition.text

    without = render(settings={"website": None})
    assert without.slots.preferences == ""
    assert "Change what you get" not in without.html + without.text


def test_the_preview_text_comes_first_and_is_not_shown(page: etree._Element) -> None:
    first = page.find("body")[0]
    assert words(first).startswith("What we did in April, and <what> comes next.")
    assert declarations(first.get("style", ""))["display"] == "none"
    assert declarations(first.get("style", ""))["mso-hide"] == "all"


def test_every_link_can_be_followed_from_a_mail_and_links_are_underlined(
    page: etree._Element, edition: Edition
) -> None:
    for link in page.iter("a"):
        address, style = link.get("href"), declarations(link.get("style", ""))
        if address is None:
            continue
        own = (edition.slots.unsubscribe, edition.slots.preferences)
        assert address.startswith("#") or address in own or not refuse_address(address)
        assert style["text-decoration"] == ("none" if link.get("class") in ("press", "press2") else "underline")
        assert words(link).lower() not in ("", "here", "click here", "read more", "link")


def test_links_of_the_same_words_lead_to_the_same_place(page: etree._Element) -> None:
    places: dict[str, set[str]] = {}
    for link in page.iter("a"):
        if link.get("href"):
            places.setdefault(words(link), set()).add(link.get("href", ""))
    assert all(len(addresses) == 1 for addresses in places.values())


def test_the_foot_names_the_organisation_its_address_its_privacy_notice_and_the_reason(page: etree._Element) -> None:
    foot = words(page.find_class("foot")[0])
    organisation = SETTINGS["organisation"]
    assert organisation["name"] in foot
    assert organisation["address"] in foot
    assert organisation["telephone"] in foot
    assert "You get this because you work with us." in foot
    links = {link.get("href") for link in page.find_class("foot")[0].iter("a")}
    assert {"mailto:contact@anytown.example.org", organisation["website"], organisation["privacy"]} <= links


def test_nothing_is_fetched_from_anywhere_and_nothing_runs(page: etree._Element, edition: Edition) -> None:
    assert not list(page.iter("script", "link", "iframe", "object", "form"))
    assert "url(" not in edition.html
    assert "@import" not in edition.html
    assert all(image.get("src", "").startswith("cid:") for image in page.iter("img"))


# What Word's engine needs


def test_what_outlook_reads_is_well_nested(edition: Edition) -> None:
    source = as_word_reads_it(edition.html)
    assert "[if" not in source
    stack: list[str] = []
    for closing, tag in re.findall(r"<(/?)(table|tr|td|div|p|ul|ol|li|h[1-6])\b", source):
        if closing:
            assert stack.pop() == tag
        else:
            stack.append(tag)
    assert not stack


def test_the_column_is_640_pixels_at_most_and_a_table_holds_it_in_outlook(
    page: etree._Element, edition: Edition
) -> None:
    (column,) = page.find_class("column")
    assert declarations(column.get("style", ""))["max-width"] == "640px"
    assert '<!--[if mso]><table role="presentation" width="640" align="center"' in edition.html


def test_no_style_uses_what_word_does_not_know(page: etree._Element) -> None:
    for _, style in styled(page):
        assert not UNKNOWN_TO_WORD & (style.keys() | {f"{name}:{value}" for name, value in style.items()})


def test_every_ground_is_an_attribute_too(page: etree._Element) -> None:
    for element, style in styled(page):
        ground = style.get("background-color")
        if ground and element.tag in ("table", "td", "body"):
            long_form = re.sub(r"^#(.)(.)(.)$", r"#\1\1\2\2\3\3", ground)
            assert element.get("bgcolor") == long_form, etree.tostring(element)[:200]


def test_tables_and_cells_have_no_margin_and_boxes_are_cells(page: etree._Element) -> None:
    for element, style in styled(page):
        if element.tag in ("td", "tr") or (element.tag == "table" and element.get("class") != "page"):
            assert not {name for name in style if name.startswith("margin")}
        if "padding" in style and element.tag not in ("td", "body", "table"):
            # These look right without it, too; or Outlook has a table of its own around them, whose cells are padded.
            padded = {"name", "gutter", "w292", "w392", "stat2"} & set(element.get("class", "").split())
            assert padded or element.tag in ("a", "span", "ul", "ol", "blockquote")


def test_each_size_of_type_has_a_line_that_it_fits_into(page: etree._Element) -> None:
    for element, style in styled(page):
        if "font-size" in style:
            assert pixels(style["line-height"]) >= pixels(style["font-size"]), element.get("class")
            large = pixels(style["font-size"]) > 18
            assert not large or element.tag not in ("span", "a", "strong", "em", "code")  # lines are their block's


def test_word_gets_its_fonts_and_exact_lines_from_a_sheet_of_its_own(edition: Edition) -> None:
    (sheet,) = re.findall(r"<!--\[if mso\]>\s*<xml>.*?<style>(.*?)</style>", edition.html, flags=re.DOTALL)
    rules = {
        selector.strip(): declarations(tinycss2.serialize(rule.content))
        for rule in tinycss2.parse_stylesheet(sheet, skip_whitespace=True)
        for selector in tinycss2.serialize(rule.prelude).split(",")
    }
    for tag in ("td", "p", "li", "a", *HEADINGS):
        assert "Arial" in rules[tag]["font-family"]
        assert rules[tag]["mso-line-height-rule"] == "exactly"


def test_cells_beside_each_other_say_how_wide_they_are(page: etree._Element) -> None:
    for row in page.iter("tr"):
        cells = row.findall("td")
        assert len(cells) < 2 or cells[0].get("width")


def test_our_sheets_select_by_class_alone(edition: Edition) -> None:
    source = re.sub(r"<!--.*?-->", "", edition.html, flags=re.DOTALL)
    for sheet in re.findall(r"<style[^>]*>(.*?)</style>", source, flags=re.DOTALL):
        for rule in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
            assert rule.type != "error"
            content = tinycss2.serialize(rule.content)
            inner = tinycss2.parse_stylesheet(content, skip_whitespace=True) if rule.type == "at-rule" else [rule]
            for selector in ",".join(tinycss2.serialize(one.prelude) for one in inner).split(","):
                assert re.fullmatch(r"(\[data-ogs[cb]\] )?\.[a-z0-9]+|:root", selector.strip())


# Markdown


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("A *b* **c** `d`", '<p class="p">A <em>b</em> <strong>c</strong> <code class="code">d</code></p>\n'),
        ("one  \ntwo\nthree", '<p class="p">one<br>\ntwo\nthree</p>\n'),
        ("[x](https://a.uk/?b=1&c='\"%22)", None),
        ("- a\n- b", '<ul class="list">\n<li class="li">a</li>\n<li class="li">b</li>\n</ul>\n'),
        ("3) a", '<ol class="list" start="3">\n<li class="li">a</li>\n</ol>\n'),
        ("> q", '<blockquote class="say">\n<p class="p">q</p>\n</blockquote>\n'),
        ("    <code>", '<pre class="pre">&lt;code&gt;\n</pre>\n'),
        ("***", '<hr class="rule">\n'),
        ("<b>x</b> &amp; <i", '<p class="p">&lt;b&gt;x&lt;/b&gt; &amp; &lt;i</p>\n'),
        ("![alt](https://a.uk/x.png)", '<p class="p">alt</p>\n'),
    ],
)
def test_markdown_becomes_html_with_our_classes(markdown: str, html: str | None) -> None:
    rendered = render_blocks_html(markdown)
    if html is None:
        (link,) = lxml_html.fragment_fromstring(rendered).iter("a")
        assert link.get("href") == "https://a.uk/?b=1&c='\"%22"
    else:
        assert rendered == html


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example",
        "/path",
        "file:///x",
    ],
)
def test_an_address_that_a_mail_cannot_carry_is_never_linked(address: str) -> None:
    assert render_inline_html(f"[the words]({address})") == "the words"


@pytest.mark.parametrize(
    ("text", "below", "levels"),
    [
        ("# a\n\n### b\n\n# c", 2, "343"),
        ("### a\n\n## b\n\n#### c\n\n##### d", 3, "4456"),
        ("# a\n\n## b\n\n### c\n\n#### d", 4, "5666"),
    ],
)
def test_headings_in_a_text_come_below_the_one_above_it_without_a_gap(text: str, below: int, levels: str) -> None:
    assert "".join(re.findall(r"<h(\d)", render_blocks_html(text, below=below))) == levels


def test_an_entry_of_a_list_begins_without_a_paragraph() -> None:
    assert render_entry_html("One *word*.") == "One <em>word</em>."
    assert render_entry_html("Two:\n\n- a").startswith('Two:<ul class="list inner">')
    assert render_entry_html("a\n\nb") == 'a<p class="p inner">b</p>\n'
    assert render_entry_html("- a").startswith('<ul class="list inner">')


@given(st.text(st.sampled_from("<>&\"'`*_[]()!#\\:/ \n-1.>abjs") | st.characters(), max_size=120))
def test_no_text_makes_any_element_attribute_or_link_but_those_of_markdown(text: str) -> None:
    allowed = {"p", "a", "em", "strong", "code", "br", "hr", "ul", "ol", "li", "blockquote", "pre", *HEADINGS}
    tree = lxml_html.fragment_fromstring(render_blocks_html(text), create_parent="div")
    for element in tree.iterdescendants():
        assert element.tag in allowed
        assert set(element.attrib) <= {"class", "href", "start"}
        assert not refuse_address(element.get("href", "https://a.uk"))


# In a browser

EFFECTIVE_COLOURS = """() => {
  const channels = colour => (colour.match(/[0-9.]+/g) || []).map(Number);
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(c => c / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
    return .2126 * x + .7152 * y + .0722 * z;
  };
  const groundOf = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = channels(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const elements = [...document.images];
  while (walker.nextNode()) if (walker.currentNode.data.trim()) elements.push(walker.currentNode.parentElement);
  for (const element of elements) {
    if (!element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const [low, high] = [luminance(channels(style.color)), luminance(groundOf(element))].sort((a, b) => a - b);
    const words = element.alt || element.textContent.trim().slice(0, 40);
    found.push({words, size: parseFloat(style.fontSize), contrast: (high + .05) / (low + .05)});
  }
  return found;
}"""

STANDALONE_LINKS = """() => [...document.querySelectorAll('a[href]')]
  .filter(a => !['P', 'LI'].includes(a.parentElement.tagName) || a.parentElement.textContent.trim() === a.textContent)
  .map(a => [a.textContent, a.getBoundingClientRect().height])"""


@pytest.fixture(scope="module")
def file(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The edition as a page on disk, with its pictures beside it."""
    html, _ = fill_slots(edition, greeting="Dear Ada,", unsubscribe=UNSUBSCRIBE)
    folder = tmp_path_factory.mktemp("edition")
    for picture in edition.pictures:
        (folder / picture.file_name).write_bytes(picture.content)
    path = folder / "email.html"
    path.write_text(with_picture_files(html, edition), encoding="utf-8")
    return path


def look(
    browser: Browser, file: Path, script: str, *, width: int = 640, scheme: Any = "light", before: str = ""
) -> Any:
    """What `script` sees on the page, after `before` ran there."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    try:
        page = context.new_page()
        page.goto(file.as_uri())
        if before:
            page.evaluate(before)
        return page.evaluate(script)
    finally:
        context.close()


@pytest.mark.parametrize("width", [320, 375, 640, 1280])
def test_the_page_fits_the_screen_without_scrolling_sideways(browser: Browser, file: Path, width: int) -> None:
    assert look(browser, file, "document.documentElement.scrollWidth", width=width) == width


def test_without_pictures_the_page_still_fits_the_screen(browser: Browser, file: Path) -> None:
    missing = "[...document.images].forEach(image => image.src = 'missing.png')"
    assert look(browser, file, "document.documentElement.scrollWidth", width=320, before=missing) == 320


def test_a_long_word_or_address_does_not_push_the_page_wider(browser: Browser, tmp_path: Path) -> None:
    long = "https://www.example.org/" + "a" * 300
    section = {"kind": "article", "title": "T" + "o" * 80, "text": f"<{long}>\n\n    {long}\n\n{'x' * 200}"}
    edition = render(issue={"sections": [section, *SECTIONS[1:6]]})
    (tmp_path / "email.html").write_text(edition.html, encoding="utf-8")
    assert look(browser, tmp_path / "email.html", "document.documentElement.scrollWidth", width=320) == 320


def test_the_page_reflows_with_the_spacing_of_text_that_a_reader_may_set(browser: Browser, file: Path) -> None:
    spaced = """() => { const s = document.createElement('style'); s.textContent =
      '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }';
      document.head.append(s) }"""  # WCAG 2.2, 1.4.12
    assert look(browser, file, "document.documentElement.scrollWidth", width=320, before=spaced) == 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 640])
def test_all_text_stands_out_from_its_ground_and_none_is_small(
    browser: Browser, file: Path, scheme: str, width: int
) -> None:
    seen = look(browser, file, EFFECTIVE_COLOURS, width=width, scheme=scheme)
    assert len(seen) > 150
    assert [text for text in seen if text["contrast"] < 4.5] == []
    assert [text for text in seen if text["size"] < 16] == []


def test_dark_mode_is_dark_and_light_mode_is_light(browser: Browser, file: Path) -> None:
    ground = "getComputedStyle(document.querySelector('.card')).backgroundColor"
    assert look(browser, file, ground) == "rgb(255, 255, 255)"
    channels = re.findall(r"\d+", look(browser, file, ground, scheme="dark"))
    assert max(map(int, channels)) < 50


def test_outlook_on_the_web_gets_the_same_dark_colours(browser: Browser, file: Path) -> None:
    marked = "document.body.setAttribute('data-ogsc', ''); document.body.setAttribute('data-ogsb', '')"
    colours = """[...document.querySelectorAll('.card,.box,.button,.a,.quiet,.day')].map(e =>
      e.className + getComputedStyle(e).color + getComputedStyle(e).backgroundColor)"""
    dark = look(browser, file, colours, scheme="dark")
    # What only inherits its colour has Outlook's own there, so the text colour of grounds is left aside.
    own = [re.sub(r"^(card|box|button)rgb\([^)]*\)", r"\1", colour) for colour in dark]
    marked_colours = look(browser, file, colours, before=marked)
    assert [re.sub(r"^(card|box|button)rgb\([^)]*\)", r"\1", colour) for colour in marked_colours] == own


def test_body_text_is_18_pixels_at_a_line_of_one_and_a_half(browser: Browser, file: Path) -> None:
    style = "(s => [s.fontSize, s.lineHeight])(getComputedStyle(document.querySelector('.section p.p')))"
    assert look(browser, file, style.replace(".section p.p", ".open p.p")) == ["18px", "27px"]


@pytest.mark.parametrize("width", [320, 640])
def test_links_that_stand_alone_are_24_pixels_high_at_least(browser: Browser, file: Path, width: int) -> None:
    links = look(browser, file, STANDALONE_LINKS, width=width)
    assert len(links) > 20
    assert [link for link in links if link[1] < 24] == []


def test_without_pictures_their_words_are_there_to_read(browser: Browser, file: Path) -> None:
    missing = "document.images.length && [...document.images].forEach(image => image.removeAttribute('src'))"
    sizes = look(browser, file, "[...document.images].map(i => [i.alt, getComputedStyle(i).fontSize])", before=missing)
    assert sizes == [["Anytown: safe together", "16px"], ["Poster: a lifeguard waves", "16px"]]


def test_at_320_pixels_what_stood_side_by_side_stands_below_each_other(browser: Browser, file: Path) -> None:
    side_by_side = """(() => { const cells = [...document.querySelectorAll('.sd, .st')];
      return cells[1].getBoundingClientRect().top === cells[0].getBoundingClientRect().top })()"""
    assert look(browser, file, side_by_side, width=640)
    assert not look(browser, file, side_by_side, width=320)


def test_an_address_beyond_ascii_still_leads_where_the_author_meant(browser: Browser, tmp_path: Path) -> None:
    section = {"kind": "notice", "title": "Links", "text": "[here it is](https://bücher.example/ü?q=ä&b=%20)"}
    (tmp_path / "email.html").write_text(render(issue={"sections": [section]}).html, encoding="utf-8")
    address = look(browser, tmp_path / "email.html", "document.querySelector('.notice p a').href")
    assert address == "https://xn--bcher-kva.example/%C3%BC?q=%C3%A4&b=%20"
