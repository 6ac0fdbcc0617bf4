"""The design of the email, in a real browser and by its sources: measures, colours, and what holds without styles.

The November issue is one that uses every component; May 2021 is the sample.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from lxml import html as lxml_html
from playwright.sync_api import Browser, Page

from axe import SCHEMES, Scheme, find_violations, open_page
from bulletin.declaration.colours import measure_contrast
from bulletin.delivery.copies.export import write_edition
from bulletin.edition.build import make_edition
from bulletin.edition.edition import Edition
from bulletin.edition.palette import Scheme as ColourScheme
from bulletin.edition.palette import derive_palette
from bulletin.issue.sections import section_kinds
from bulletin.workspace.package_data import sample_folder, theme_folder
from bulletin.workspace.workspace import open_workspace
from checkout import TESTS
from command_call import call
from conftest import examples
from specimen import render

NOVEMBER = TESTS / "edition" / "november"
WIDTHS = (320, 390, 700, 1280)  # CSS pixels

HEIGHT = "document.documentElement.scrollHeight"
WIDTH = "document.documentElement.scrollWidth"
FIRST_STORY = "document.querySelector('.top, .section').getBoundingClientRect().top + scrollY"


@pytest.fixture(scope="module")
def november() -> Edition:
    return make_edition(open_workspace(NOVEMBER, environ={}), "2026-11")


@pytest.fixture(scope="module")
def may() -> Edition:
    return make_edition(open_workspace(sample_folder(), environ={}), "2021-05")


@pytest.fixture(scope="module")
def november_file(november: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(november, tmp_path_factory.mktemp("november"))


@pytest.fixture(scope="module")
def may_file(may: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(may, tmp_path_factory.mktemp("may"))


def write(edition: Edition, folder: Path) -> Path:
    """The edition as a page on disk, with its pictures beside it."""
    list(write_edition(edition, folder, now=datetime(2026, 11, 30, tzinfo=UTC)))
    return folder / "email.html"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with open_page(browser, width=1280, scheme="light") as page:
        yield page


def resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})


# The two issues


def test_the_november_issue_has_every_kind_and_no_error() -> None:
    checked = call("check", "2026-11", folder=NOVEMBER)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "error" not in checked.stdout
    issue = open_workspace(NOVEMBER, environ={}).load_issue("2026-11")
    assert {section.kind for section in issue.sections} == set(section_kinds())


def test_every_component_in_one_issue_takes_90_000_bytes_at_most_and_may_60_000(
    november: Edition, may: Edition
) -> None:
    """Gmail cuts an email at 102,400."""
    assert len(november.html.encode()) <= 90_000
    assert len(may.html.encode()) <= 60_000


def test_the_pictures_of_the_november_issue_are_small(november: Edition) -> None:
    files = list(NOVEMBER.rglob("*.png"))
    assert sum(path.stat().st_size for path in files) < 40_000
    assert len(november.pictures) == len(files)


# Measures


def test_may_2021_begins_early_and_is_short_on_a_desktop_and_on_a_phone(page: Page, may_file: Path) -> None:
    page.goto(may_file.as_uri())
    assert page.evaluate(FIRST_STORY) <= 480
    assert page.evaluate(HEIGHT) <= 7300
    resize(page, 390)
    assert page.evaluate(HEIGHT) <= 9100


@pytest.mark.parametrize("scheme", SCHEMES)
def test_november_fits_every_screen_and_axe_finds_nothing(
    browser: Browser, november_file: Path, scheme: Scheme
) -> None:
    with open_page(browser, width=1280, scheme=scheme) as page:
        page.goto(november_file.as_uri())
        assert find_violations(page) == []
        for width in WIDTHS:
            resize(page, width)
            assert page.evaluate(WIDTH) == width


def test_a_top_story_begins_within_300_pixels(page: Page, november_file: Path) -> None:
    page.goto(november_file.as_uri())
    assert page.evaluate(FIRST_STORY) <= 300


# Where something is lost

OVERLAPS = """() => {
  const boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (!walker.currentNode.data.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    for (const box of range.getClientRects())
      if (box.width > 1 && box.height > 1) boxes.push([walker.currentNode.data.trim(), box]);
  }
  const found = [];
  for (const image of document.images) {
    const own = image.getBoundingClientRect();
    for (const [words, box] of boxes) {
      const across = Math.min(own.right, box.right) - Math.max(own.left, box.left);
      const down = Math.min(own.bottom, box.bottom) - Math.max(own.top, box.top);
      if (across > 1 && down > 1) found.push([image.alt, words]);
    }
  }
  return found;
}"""

ALTERNATIVES = """() => [...document.images].map(image => {
  const style = getComputedStyle(image);
  let ground = image;
  while (getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)') ground = ground.parentElement;
  return [image.alt, parseFloat(style.fontSize), image.getBoundingClientRect().height, style.color,
    getComputedStyle(ground).backgroundColor];
})"""


def hexadecimal(colour: str) -> str:
    """`rgb(1, 2, 3)` as `#010203`."""
    return "#" + "".join(f"{int(channel):02x}" for channel in re.findall(r"\d+", colour)[:3])


@pytest.mark.parametrize("width", [390, 1280])
def test_without_pictures_their_words_are_legible_and_nothing_overlaps(
    page: Page, november_file: Path, width: int
) -> None:
    page.route(re.compile(r"\.(png|jpg|gif)$"), lambda route: route.abort())
    resize(page, width)
    page.goto(november_file.as_uri())
    assert page.evaluate(WIDTH) == width
    assert page.evaluate(OVERLAPS) == []
    seen: list[Any] = page.evaluate(ALTERNATIVES)
    assert len(seen) == 10
    for words, size, height, colour, ground in seen:
        assert size >= 16, words
        assert height >= 16, words
        assert measure_contrast(hexadecimal(colour), hexadecimal(ground)) >= 4.5, words


@pytest.mark.parametrize("width", [360, 390])
def test_without_any_style_sheet_a_phone_need_not_scroll_sideways(
    page: Page, november_file: Path, tmp_path: Path, width: int
) -> None:
    """As in Gmail with the account of another provider."""
    source = re.sub(r"<style.*?</style>", "", november_file.read_text(encoding="utf-8"), flags=re.DOTALL)
    (tmp_path / "plain.html").write_text(source, encoding="utf-8")
    resize(page, width)
    page.goto((tmp_path / "plain.html").as_uri())
    assert page.evaluate(WIDTH) == width


@pytest.mark.parametrize(
    ("quotation", "end"),
    [
        ("For the first time I got a letter that I could read to my son.", "to my~son.”"),
        ("It is *calm* here, and my e-bike is safe.", "my e-bike is~safe.”"),
        ("I am heard.", "“I am heard.”"),  # too short to need it
        (
            "We never had such extraordinarily straightforward communication.",
            "extraordinarily straightforward communication.”",
        ),
    ],
)
def test_the_last_word_of_a_quotation_is_not_alone_on_a_line(quotation: str, end: str) -> None:
    section = {"kind": "notice", "title": "Heard", "text": "Read this.", "quote": {"text": quotation}}
    words = lxml_html.document_fromstring(render(issue={"sections": [section]}).html).find_class("quote")[0]
    assert words.text_content().endswith(end.replace("~", "\u00a0"))


def test_the_last_day_on_a_button_stays_on_one_line(november: Edition) -> None:
    assert "Book a place by Fri\u00a018\u00a0Dec" in november.html


def test_the_logo_ends_at_the_right_edge_and_begins_at_the_left_where_it_is_below_the_name(
    page: Page, november_file: Path
) -> None:
    page.goto(november_file.as_uri())
    box = "(element => element.getBoundingClientRect())(document.querySelector('.sign'))"
    assert page.evaluate(f"{box}.right") == 1280 / 2 + 560 / 2
    resize(page, 390)
    assert page.evaluate(f"{box}.left") == 20


def test_no_line_of_links_at_the_foot_begins_with_a_blank(page: Page, november_file: Path) -> None:
    resize(page, 390)
    page.goto(november_file.as_uri())
    lefts = page.evaluate("[...document.querySelectorAll('.foot .ends a')].map(a => a.getBoundingClientRect().left)")
    starts = page.evaluate("[...document.querySelectorAll('.foot .ends')].map(a => a.getBoundingClientRect().left)")
    assert lefts == starts
    assert min(starts) == 20


# Colours

_SHEET = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


def classes_by_property(sheet: str) -> set[tuple[str, str]]:
    """Each class of a sheet with each kind of colour that it has."""
    found = set()
    for selectors, block in _RULE.findall(sheet):
        for declaration in block.split(";"):
            name, _, value = declaration.partition(":")
            if "#" in value:
                kind = "border-color" if name.strip().startswith("border") else name.strip()
                found |= {(selector.split()[-1].strip(), kind) for selector in selectors.split(",")}
    return found


def read_light_sheets() -> set[tuple[str, str]]:
    """What the theme's own sheets colour, each colour of the palette standing for one."""
    folder = theme_folder() / "email" / "styles"
    sheets = (_SHEET.sub("", path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.css")))
    text = "\n".join(re.sub(r"\{\{ colours\.\w+ \}\}", "#", sheet) for sheet in sheets)
    return classes_by_property(re.sub(r"@media[^{]*\{((?:[^{}]*\{[^{}]*\})*)\s*\}", r"\1", text))


def read_dark_sheets(html: str) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """What the email's head colours in the dark: by the reader's own scheme, and in Outlook on the web."""
    kept = "".join(re.findall(r"<style[^>]*>(.*?)</style>", html, flags=re.DOTALL))
    dark, outlook = kept.split("@media (prefers-color-scheme:dark){")[1].split("\n}\n", maxsplit=1)
    return classes_by_property(dark), classes_by_property(outlook)


def test_each_class_that_has_a_colour_in_light_has_one_in_dark_and_in_outlook_on_the_web(november: Edition) -> None:
    used = {f".{name}" for names in re.findall(r'class="([^"]*)"', november.html) for name in names.split()}
    light = {(selector, kind) for selector, kind in read_light_sheets() if selector in used}
    dark, outlook = read_dark_sheets(november.html)
    assert len(light) > 50
    assert dark == light
    assert outlook == light


def test_whatever_has_a_colour_in_the_email_has_a_class_that_gives_it_one_in_the_dark(november: Edition) -> None:
    dark, _ = read_dark_sheets(november.html)
    missing = set()
    for element in lxml_html.document_fromstring(november.html).iterfind(".//body//*[@style]"):
        own = classes_by_property(f"x{{{element.get('style')}}}")
        for _, kind in own:
            if not {(f".{name}", kind) for name in (element.get("class") or "").split()} & dark:
                missing.add((element.tag, element.get("class"), kind))
    assert missing == set()


TEXTS = {
    "ink": ("page", "card", "tint", "warm_tint"),
    "quiet": ("page", "card", "tint", "warm_tint"),
    "accent": ("page", "card", "tint", "warm_tint", "going"),
    "warm": ("card", "warm_tint"),
    "ok": ("ok_tint",),
    "on_fill": ("fill",),
    "on_help": ("help",),
}
"""Which words are on which grounds: they need 4.5 to 1 (WCAG 2.2, 1.4.3)."""
EDGES = {"fill": ("card", "tint"), "rail": ("card",), "warm": ("card",)}
"""What is seen and not read: 3 to 1 (1.4.11)."""


def measure_pairs(scheme: ColourScheme) -> dict[str, float]:
    """By how much each pair of the design is above what it needs; below 1 is too little."""
    needed = [(TEXTS, 4.5), (EDGES, 3.0)]
    return {
        f"{upper} on {ground}": measure_contrast(getattr(scheme, upper), getattr(scheme, ground)) / least
        for pairs, least in needed
        for upper, grounds in pairs.items()
        for ground in grounds
    }


COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(accent=COLOURS, warm=COLOURS)
@example(accent="#1d5c87", warm="#8f4100")
@example(accent="#767676", warm="#767676")  # the palest grey that the settings accept
@example(accent="#000000", warm="#000000")
@example(accent="#0000ff", warm="#ff0000")
@examples(30)
def test_every_pair_of_colours_is_legible_whatever_accent_and_warm_the_settings_accept(accent: str, warm: str) -> None:
    assume(all(measure_contrast(colour, "#ffffff") >= 4.5 for colour in (accent, warm)))
    palette = derive_palette(accent, warm)
    for scheme in (palette.light, palette.dark):
        assert {pair: room for pair, room in measure_pairs(scheme).items() if room < 1} == {}


@pytest.mark.parametrize("field", ["accent", "warm"])
@pytest.mark.parametrize("pale", ["#ffd400", "#7fb2e5", "#ff8a8a"])
def test_a_colour_that_is_too_pale_is_refused_with_the_nearest_that_is_not(
    field: str, pale: str, tmp_path: Path
) -> None:
    (tmp_path / "issues").mkdir()
    settings = (NOVEMBER / "bulletin.yaml").read_text(encoding="utf-8")
    path = tmp_path / "bulletin.yaml"
    path.write_text(re.sub(r"colours:.*", f'colours: {{{field}: "{pale}"}}', settings), encoding="utf-8")
    refused = call("check", folder=tmp_path)
    assert refused.returncode == 1
    nearest = re.findall(r"is (#[0-9a-f]{6})\.", refused.stdout + refused.stderr)
    assert nearest, refused.stderr
    assert measure_contrast(nearest[0], "#ffffff") >= 4.5
