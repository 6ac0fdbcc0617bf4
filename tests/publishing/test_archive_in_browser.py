"""The archive as people use it: light and dark, wide and narrow, by keyboard, without scripts, printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from anytown import NOON
from archived import build, find_broken_links, send, show, write_yaml
from axe import ALL_LEVELS, bring_axe, find_colour_violations, find_violations, open_page
from bulletin.database.schema import open_database
from conftest import write_workspace
from specimen import ISSUE, SETTINGS, picture

pytestmark = pytest.mark.slow

PHONE, DESK, NARROWEST = 390, 1280, 320
URL = "https://bulletin.anytown.example.org"
CORRECTIONS = [
    {"on": "6 May 2021", "text": "The champions meet at 9:30am, not 9am.", "item": "champions-meeting"},
    {"on": "5 May 2021", "text": "A *date* was wrong."},
]
TASK = {"do": "Return your *audit*", "by": "5 May 2021"}
TABLE = "Table: What we heard\n\n| Place | Number |\n|---|---:|\n| North | 12 |\n| South | 7 |"
PAGES = (
    "/",
    "/news/",
    "/news/2021/",
    "/news/2021-05/",
    "/news/2021-04/",
    "/news/2021-03/",
    "/news/2021-05/what-families-told-us/",
    "/news/2021-05/bikes-for-all/",
    "/about/",
    "/accessibility/",
    "/topics/",
    "/topics/safe-summers/",
    "/404.html",
)


def every_kind() -> dict[str, Any]:
    """The issue with every kind and every field, and what only the archive shows."""
    sections = [dict(section) for section in ISSUE["sections"]]
    image = {"file": "poster.jpg", "alt": "Poster: a lifeguard waves", "caption": "A *poster*"}
    sections[0] |= TASK | {"quote": {"text": "It helped.", "name": "Danielle", "role": "mother"}, "top_story": "yes"}
    sections[0]["image"] = image
    for number, section in enumerate(sections):
        if section["kind"] == "article":
            section |= {"image": image | {"size": "half"}, "text": f"{section['text']}\n\n{TABLE}"}
        if section["kind"] == "people":
            section["items"] = [item | {"image": image} for item in section["items"]]
        if section["kind"] == "notice":
            sections[number] = section | {"do": "Tell us", "withdrawn": "no"}
    whole = "### Who came\n\nForty parents.\n\n#### Where from\n\nAll over Anytown.\n\n" + TABLE
    told = {"title": "What families told us", "image": image, "text": f"We met forty parents. {whole}"}
    sections.append({"kind": "article", "teaser": "yes"} | told)
    bikes = {"title": "Bikes for all", "text": "Ten *bikes* are here.", "teaser": "Bikes are here."}
    brief = next(section for section in sections if section["kind"] == "in_brief")
    brief["items"] = [*brief["items"], bikes | {"button": "Read on", "link": "https://www.example.org/b"}]
    return ISSUE | {
        "sections": sections,
        "corrections": CORRECTIONS,
        "signed": {"name": "Asha Rahman", "role": "Chair", "text": "Thank you.", "image": image},
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("archive")
    settings = SETTINGS | {
        "topics": {"Safe summers": ["summer", "water", "pools"]},
        "accessibility": {
            "checked": "6 May 2021",
            "tested_by": "Asha Rahman",
            "on": "5 May 2021",
            "method": "keyboard alone, on six pages",
            "problems": ["Films have no audio description. This fails WCAG criterion 1.2.5."],
            "burden": "The maps of 2019 have no text alternative.",
            "outside": "PDFs from before 23 September 2018.",
            "improving": "We **describe** our films by *March*.",
        },
        "lists": {"partners": {"title": "Partners", "basis": "public-task"}},
        "organisation": SETTINGS["organisation"]
        | {
            "help": {"title": "Worried about a child?", "text": "Ring [01632 960 100](tel:01632960100)."},
            "social": {"LinkedIn": "https://www.example.org/in"},
        },
    }
    small = {**ISSUE, "sections": [{"kind": "notice", "title": "Summer hours", "text": "Water and pools."}]}
    issues = {
        "2021-05": write_yaml(every_kind()),
        "2021-04": write_yaml(small | {"month": "2021-04", "published": "1 April 2021"}),
        "2021-03": write_yaml(small | {"month": "2021-03", "published": "1 March 2021", "withdrawn": "2 April 2021"}),
    }
    (root / "workspace").mkdir()
    (root / "workspace/logo.png").write_bytes(picture())
    (root / "workspace/poster.jpg").write_bytes(picture("JPEG"))
    workspace = write_workspace(root / "workspace", settings=write_yaml(settings), issues=issues)
    engine = open_database(workspace)
    send(engine, "2021-05")
    build(workspace, engine, root / "site", now=NOON + 3 * 86_400_000)
    engine.dispose()
    return root / "site"


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with show(site) as address:
        yield address


def test_no_link_of_the_site_is_broken_and_no_page_leaves_it_for_a_picture(site: Path) -> None:
    assert find_broken_links(site, url=URL, besides=("/privacy", "/subscribe")) == []
    pages = "".join(path.read_text() for path in site.rglob("*.html"))
    assert " style=" not in pages
    assert "<style" not in pages
    assert 'src="http' not in pages


@pytest.mark.parametrize("width", [NARROWEST, PHONE, DESK])
def test_axe_finds_nothing_on_any_kind_of_page(browser: Browser, address: str, width: int) -> None:
    """WCAG 2.2 AA and what axe calls best practice; in the dark, whatever a colour can break."""
    found: dict[str, Any] = {}
    with open_page(browser, width=width, scheme="light") as page:
        bring_axe(page)
        for path in PAGES:
            page.emulate_media(color_scheme="light")
            page.goto(address + path)
            found[f"{path} light"] = find_violations(page, ALL_LEVELS)
            page.emulate_media(color_scheme="dark")
            found[f"{path} dark"] = find_colour_violations(page)
            wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            found[f"{path} sideways"] = wide

    assert {name: violations for name, violations in found.items() if violations} == {}


def test_an_address_that_leads_on_is_a_page_of_its_own_where_nothing_is_refreshed(
    browser: Browser, site: Path, address: str
) -> None:
    """Some programs don't follow a refresh: the page has a heading, and a link that says where it leads."""
    with open_page(browser, width=PHONE, scheme="light") as page:
        for path in ("news/latest/", "issues/2021-05/"):
            text = (site / path / "index.html").read_text().replace('<meta http-equiv="refresh"', '<meta name="never"')
            page.route(f"**/{path}", lambda route, *, text=text: route.fulfill(body=text, content_type="text/html"))
            page.goto(f"{address}/{path}")
            assert page.get_by_role("link", name="Read Anytown safeguarding news, May 2021").get_attribute("href")
            assert find_violations(page, ALL_LEVELS) == []


def test_everything_works_without_scripts_and_the_policy_refuses_nothing(browser: Browser, address: str) -> None:
    for scripts in (False, True):
        context = browser.new_context(java_script_enabled=scripts, viewport={"width": DESK, "height": 900})
        said: list[str] = []
        page = context.new_page()
        page.on("console", lambda message, said=said: said.append(message.text))
        page.on("response", lambda answer, said=said: said.append(answer.url) if answer.status >= 400 else None)
        for path in PAGES:
            page.goto(address + path)
        page.goto(f"{address}/news/latest/")
        page.wait_for_url("**/news/2021-05/")
        assert page.get_by_role("button", name="Print").count() == int(scripts)
        assert said == []
        context.close()


def test_the_first_key_leads_to_the_content_and_one_list_of_contents_is_shown(browser: Browser, address: str) -> None:
    for width in (PHONE, DESK):
        with open_page(browser, width=width, scheme="light") as page:
            page.goto(f"{address}/news/2021-05/")
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.id || location.hash").endswith("page__main")
            assert page.get_by_role("navigation", name="In this issue").count() == 1


SMALL = """() => [...document.querySelectorAll("header nav a, .actions *, .jumps a, .months a, nav.inline a")]
  .filter((it) => it.getClientRects().length && it.getBoundingClientRect().height < 36).map((it) => it.outerHTML)"""


def test_what_one_touches_in_lists_is_high_enough(browser: Browser, address: str) -> None:
    with open_page(browser, width=PHONE, scheme="light") as page:
        for path in PAGES:
            page.goto(address + path)
            assert page.evaluate(SMALL) == [], path


def test_a_printed_issue_has_addresses_and_nothing_to_click(browser: Browser, address: str) -> None:
    with open_page(browser, width=DESK, scheme="dark") as page:
        page.goto(f"{address}/news/2021-05/")
        page.emulate_media(media="print")
        assert not page.get_by_role("navigation", name="Website").is_visible()
        assert not page.locator(".actions").is_visible()
        after = "getComputedStyle(document.querySelector('main a[href^=\"https\"]'), '::after').content"
        assert page.evaluate(after) != "none"
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_page_keeps_to_its_budget(site: Path) -> None:
    (sheet,) = (site / "assets").glob("archive.*.css")
    (script,) = (site / "assets").glob("print.*.js")
    page = site / "news/2021-05/index.html"

    assert sheet.stat().st_size <= 14_000
    assert script.stat().st_size <= 1_000
    assert page.stat().st_size <= 60_000
    assert all(path.stat().st_size <= 120_000 for path in (site / "assets").iterdir())
    assert page.read_text().count("<script") == 1


def test_other_websites_get_a_title_words_and_a_picture(site: Path) -> None:
    page = (site / "news/2021-05/index.html").read_text()
    for name in ("title", "description", "url", "type", "image", "image:alt", "locale", "site_name"):
        assert f'property="og:{name}"' in page
    assert f'content="{URL}/assets/poster-' in page
    assert 'property="og:image:width" content="600"' in page or 'property="og:image:width" content="1200"' in page
