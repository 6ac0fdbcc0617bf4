"""The archive in two languages: each page whole in its own, with links between them; and a bulletin all in Welsh."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import feedparser
import pytest
from lxml import html
from playwright.sync_api import Browser
from sqlalchemy import Engine

from anytown import NOON
from archived import build, find_broken_links, send, show
from axe import ALL_LEVELS, bring_axe, find_colour_violations, find_violations, open_page
from bulletin.database.schema import open_database
from bulletin.workspace.workspace import Workspace, open_workspace
from checkout import TESTS
from conftest import SETTINGS

MakeWorkspace = Callable[..., Workspace]

URL = "https://news.riverbourne.example.org"
NOVEMBER = NOON + 176_000_000_000  # 30 November 2026
PATH = "monthly/2026-11/"
PAGES = ("", "cy/", "en/", PATH, f"cy/{PATH}", f"en/{PATH}", "cy/monthly/", "cy/monthly/2026/", "cy/about/", "404.html")
ENGLISH_WORDS = re.compile(
    r"\b(?:In this issue|Also in|Published|What you need to do|Please note|Looking ahead|Led by|Next:|Book a place|"
    r"Campaign|phase|to come|done|Delayed|Priority|Guidance|Given by|places|website|minutes? to read|All issues|"
    r"About us|Search|Topics|Skip|Privacy|Feed|Calendar|Latest issue|Follow|Other issues|Email this page|Past|Add to|"
    r"January|February|March|October|November|Tuesday|Wednesday|midday|from \d|to \d)\b"
)


@contextmanager
def open_ledger(folder: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{folder}/ledger.db")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of a bulletin in English with a bilingual issue and an English one."""
    root = tmp_path_factory.mktemp("languages")
    shutil.copytree(TESTS / "edition" / "bilingual", root / "workspace")
    workspace = open_workspace(root / "workspace", environ={})
    (workspace.root / "issues" / "2026-10.yaml").write_text(
        "month: 2026-10\npublished: 29 October 2026\nsubject: October news\npreview_text: What we did\n"
        "sections: [{kind: notice, title: Office hours, text: We are closed.}]\n"
    )
    with open_ledger(root) as engine:
        send(engine, "2026-10")
        send(engine, "2026-11")
        build(workspace, engine, root / "site", now=NOVEMBER)
    return root / "site"


def read(out: Path, path: str) -> html.HtmlElement:
    where = out / path
    return html.fromstring((where if path.endswith(".html") else where / "index.html").read_text(encoding="utf-8"))


def test_a_bilingual_issue_has_a_page_with_both_and_one_in_each(out: Path) -> None:
    both, welsh, english = (read(out, path) for path in (PATH, f"cy/{PATH}", f"en/{PATH}"))

    assert [page.get("lang") for page in (both, welsh, english)] == ["cy", "cy", "en-GB"]
    halves = both.xpath("//div[@class='half']")
    assert [half.get("lang") for half in halves] == ["cy", "en-GB"]
    assert [half.xpath(".//h1")[0].text.replace("\xa0", " ") for half in halves] == ["Tachwedd 2026", "November 2026"]
    assert [page.xpath("//link[@rel='canonical']/@href") for page in (both, welsh, english)] == [
        [f"{URL}/{path}"] for path in (PATH, f"cy/{PATH}", f"en/{PATH}")
    ]
    for page in (both, welsh, english):
        versions = {each.get("hreflang"): each.get("href") for each in page.xpath("//link[@hreflang]")}
        assert versions == {
            "cy": f"{URL}/cy/{PATH}",
            "en-GB": f"{URL}/en/{PATH}",
            "x-default": f"{URL}/{PATH}",
        }
    switch = welsh.xpath("//nav//a[@hreflang]")
    assert [(each.get("href"), each.get("lang"), each.text) for each in switch] == [(f"/en/{PATH}", "en-GB", "English")]


@pytest.mark.parametrize("path", [each for each in PAGES if each.startswith("cy/")])
def test_a_welsh_page_has_no_english_of_ours(out: Path, path: str) -> None:
    page = read(out, path)

    for element in page.xpath("//*[@lang='en-GB']"):
        element.drop_tree()
    assert page.get("lang") == "cy"
    assert ENGLISH_WORDS.findall(page.text_content()) == []
    named = [*page.xpath("//@aria-label"), *page.xpath("//meta[@property='og:locale']/@content")]
    assert ENGLISH_WORDS.findall(" ".join(named)) == []


def test_the_languages_of_a_page_have_the_same_sections_tasks_and_links(out: Path) -> None:
    pages = [read(out, f"{language}/{PATH}") for language in ("cy", "en")]

    for what in ("//section/@class", "//main//h2", "//main//h3", "//main//img", "//main//table", "//main//li"):
        assert len(pages[0].xpath(what)) == len(pages[1].xpath(what)), what
    assert pages[0].xpath("//main//section//@id") == pages[1].xpath("//main//section//@id")


def test_no_two_elements_of_the_page_with_both_have_one_id_and_each_half_leads_to_itself(out: Path) -> None:
    page = read(out, PATH)
    ids = page.xpath("//@id")

    assert len(ids) == len(set(ids))
    welsh, english = page.xpath("//div[@class='half']")
    assert all(one.startswith("en-") for one in english.xpath(".//@id"))
    for half in (welsh, english):
        own = set(half.xpath(".//@id"))
        assert {each.removeprefix("./#") for each in half.xpath(".//a/@href") if each.startswith("./#")} <= own
        assert set(half.xpath(".//@aria-labelledby")) <= own


def test_each_language_has_a_feed_with_ids_of_its_own(out: Path) -> None:
    feeds = [feedparser.parse((out / path).read_bytes()) for path in ("monthly/feed.xml", "cy/monthly/feed.xml")]

    assert [feed.bozo for feed in feeds] == [False, False]
    assert feeds[0].feed.id != feeds[1].feed.id
    assert not {entry.id for entry in feeds[0].entries} & {entry.id for entry in feeds[1].entries}
    assert feeds[1].feed.title == "Bwletin diogelu"
    assert [entry.link for entry in feeds[1].entries] == [f"{URL}/cy/{PATH}", f"{URL}/monthly/2026-10/"]
    assert "Swyddfa" in feeds[1].entries[0].content[0].value or "Erbyn" in feeds[1].entries[0].content[0].value
    assert feeds[1].entries[1].title_detail.language == "en-GB"


def test_every_link_of_every_language_leads_somewhere(out: Path) -> None:
    assert find_broken_links(out, url=URL, besides=("/privacy", "/subscribe")) == []
    sitemap = (out / "sitemap.xml").read_text()
    assert all(f"<loc>{URL}/{path}</loc>" in sitemap for path in ("cy/", f"en/{PATH}", PATH, "cy/about/"))


def test_nothing_is_written_anew_while_nothing_changes(out: Path) -> None:
    workspace = open_workspace(out.parent / "workspace", environ={})

    with open_ledger(out.parent) as engine:
        report = build(workspace, engine, out, now=NOVEMBER)

    assert not report.change.written


def test_a_bulletin_in_welsh_is_in_welsh_on_every_page(make_workspace: MakeWorkspace, tmp_path: Path) -> None:
    workspace = make_workspace(
        settings=SETTINGS.replace("    title: Anytown news\n", "    title: Newyddion\n    language: cy\n"),
        issues={
            "2021-05": "month: 2021-05\npublished: 4 May 2021\nsubject: Newyddion mis Mai\npreview_text: Ebrill\n"
            "sections: [{kind: notice, title: Swyddfa ar gau, text: Mae ar gau., do: Darllenwch, by: 3 May 2021}]\n"
        },
    )
    with open_ledger(tmp_path) as engine:
        send(engine, "2021-05")
        build(workspace, engine, tmp_path / "site")

    for path in ("", "monthly/", "monthly/2021/", "monthly/2021-05/", "about/", "404.html", "monthly/latest/"):
        page = read(tmp_path / "site", path)
        assert page.get("lang") == "cy"
        assert ENGLISH_WORDS.findall(page.text_content()) == []
        assert page.xpath("//link[@hreflang]") == []
    feed = feedparser.parse((tmp_path / "site" / "monthly" / "feed.xml").read_bytes())
    assert feed.feed.title_detail.language == "cy"


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_pages_in_two_languages_pass_axe_in_light_and_dark(out: Path, browser: Browser, width: int) -> None:
    found = {}
    with show(out) as address, open_page(browser, width=width, scheme="light") as page:
        bring_axe(page)
        for path in (PATH, f"cy/{PATH}", "cy/"):
            page.emulate_media(color_scheme="light")
            page.goto(f"{address}/{path}")
            found[f"{path} light"] = find_violations(page, ALL_LEVELS)
            page.emulate_media(color_scheme="dark")
            found[f"{path} dark"] = find_colour_violations(page)
            found[f"{path} sideways"] = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        if width == 1280:
            page.goto(f"{address}/{PATH}")
            tops = page.evaluate(
                "[...document.querySelectorAll('.half')].map((half) => [...half.querySelectorAll(':scope > .part')]"
                ".map((part) => Math.round(part.getBoundingClientRect().top)))"
            )
            assert tops[0] == tops[1]
    assert {name: violations for name, violations in found.items() if violations} == {}
