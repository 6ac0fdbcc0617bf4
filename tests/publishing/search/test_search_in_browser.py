"""Searching past issues in Chromium, on a plain web server: by words, by choice, by keyboard, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from anytown import NOON
from archived import MAY, build, send, show
from axe import ALL_LEVELS, bring_axe, find_colour_violations, find_violations, open_page
from bulletin.database.schema import open_database
from bulletin.publishing.search.search_files import SearchMaker
from bulletin.workspace.workspace import open_workspace
from conftest import SETTINGS, write_workspace

pytestmark = pytest.mark.slow

PHONE, DESK, NARROWEST = 390, 1280, 320
TRAINING = "  training:\n    title: Training\n    sender: {name: Us, email: us@example.org}\nlists:\n"
COURSE = (
    "      - title: Water safety, part %d\n        date: %d June 2021\n        summary: Guards `<b>` teach & show.\n"
)
HIDDEN = "Zebras are for schools alone."


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("searched")
    (root / "workspace").mkdir()
    courses = "".join(COURSE % (number, number) for number in range(1, 13))
    issues = {
        "2021-05": MAY.replace(
            "        for: [schools]\n", f"        for: [schools]\n        summary: {HIDDEN}\n{courses}"
        ),
        "2021-04": MAY.replace("2021-05", "2021-04").replace("4 May", "6 April").replace("May", "April"),
        "2020-05": MAY.replace("2021", "2020"),
    }
    workspace = write_workspace(
        root / "workspace",
        settings=SETTINGS.replace("lists:\n", TRAINING, 1) + "topics:\n  Neglect: [neglect]\n",
        issues=issues,
    )
    (workspace.root / "issues/training").mkdir()
    welsh = MAY.replace("month: 2021-05\n", "month: 2021-05\nlanguage: cy\n").replace("neglect", "esgeulustod")
    (workspace.root / "issues/training/2021-05.yaml").write_text(welsh)
    workspace = open_workspace(workspace.root, environ={})
    engine = open_database(workspace)
    send(engine, "2021-05", "training/2021-05")
    makers = [SearchMaker(workspace=workspace)]
    build(workspace, engine, root / "site", now=NOON + 3 * 86_400_000, companions=makers)
    engine.dispose()
    with show(root / "site") as address:
        yield address


def search(page: Page, words: str, **choices: str) -> str:
    """Look for words; what the page then says of how many there are."""
    for name, value in choices.items():
        page.get_by_label(name.capitalize()).select_option(value)
    page.get_by_label("Words to look for").fill(words)
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#page__found")).to_contain_text(f"for “{words}”")
    expect(page.get_by_role("status")).to_have_text(re.compile("Showing|Check"))
    return page.locator("#page__found").inner_text()


def test_a_word_finds_the_item_and_leads_to_its_place_in_the_issue(browser: Browser, address: str) -> None:
    with open_page(browser, width=DESK, scheme="light") as page:
        page.goto(f"{address}/monthly/2021-05/")
        page.get_by_role("link", name="Search").click()
        assert search(page, "conference", year="2021", bulletin="monthly") == "2 results for “conference”"
        first = page.locator("#page__results li").first
        expect(page.get_by_role("status")).to_have_text("Showing 2 of 2")
        assert "Days to keep free · " in first.inner_text()
        page.get_by_role("link", name="Conference on neglect").first.click()
        page.wait_for_url("**/#conference-on-neglect")
        assert page.locator("#conference-on-neglect").is_visible()

        page.go_back()  # what was found is there again
        expect(page.locator("#page__found")).to_have_text("2 results for “conference”")
        assert page.get_by_label("Year").input_value() == "2021"


def test_words_of_a_title_an_ending_or_another_language_are_found(browser: Browser, address: str) -> None:
    with open_page(browser, width=DESK, scheme="light") as page:
        page.goto(f"{address}/search/")
        assert search(page, "office").startswith("4 results")  # only titles have it
        months = re.findall(r"news, (\w+ \d+)", page.locator("#page__results").inner_text())
        assert months == ["May 2021", "April 2021", "May 2020"]  # the newer one first
        assert search(page, "neglected").startswith("6 results")  # with the subjects of three issues
        assert search(page, "esgeulustod") == "2 results for “esgeulustod”"
        assert page.locator("#page__results h3").first.get_attribute("lang") == "cy"
        assert search(page, "Zebras") == "No results for “Zebras”"  # it is for some readers only
        expect(page.get_by_role("status")).to_contain_text("Check the spelling")
        assert page.locator("#page__results li").count() == 0
        assert search(page, "<b> teach").startswith("12 results")


def test_an_excerpt_marks_the_words_and_is_never_taken_for_html(browser: Browser, address: str) -> None:
    with open_page(browser, width=DESK, scheme="light") as page:
        page.goto(f"{address}/search/")
        search(page, "teach")
        first = page.locator("#page__results li").first
        assert "Guards <b> teach & show." in first.inner_text()
        assert first.locator("mark").all_inner_texts() == ["teach"]
        assert page.locator("#page__results b").count() == 0


def test_more_results_come_by_a_button_that_moves_the_focus_to_the_first_new_one(
    browser: Browser, address: str
) -> None:
    with open_page(browser, width=PHONE, scheme="light") as page:
        page.goto(f"{address}/search/")
        page.keyboard.press("Tab")
        while page.evaluate("document.activeElement.name") != "q":
            page.keyboard.press("Tab")
        page.keyboard.type("guards")
        page.keyboard.press("Enter")
        expect(page.locator("#page__found")).to_have_text("12 results for “guards”")
        expect(page.get_by_role("status")).to_have_text("Showing 10 of 12")
        page.get_by_role("button", name="Show 2 more results").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("Showing 12 of 12")
        assert page.locator("#page__results li").count() == 12
        shown = "[...document.querySelectorAll('#page__results a')].indexOf(document.activeElement)"
        assert page.evaluate(shown) == 10
        assert not page.locator("#page__more").is_visible()


@pytest.mark.parametrize("width", [NARROWEST, PHONE, DESK])
def test_axe_finds_nothing_before_a_search_after_it_and_without_results(
    browser: Browser, address: str, width: int
) -> None:
    found = {}
    with open_page(browser, width=width, scheme="light") as page:
        bring_axe(page)
        page.goto(f"{address}/search/")
        found["empty"] = find_violations(page, ALL_LEVELS)
        for words in ("neglect", "nothing-at-all"):
            page.emulate_media(color_scheme="light")
            search(page, words)
            found[words] = find_violations(page, ALL_LEVELS)
            page.emulate_media(color_scheme="dark")
            found[f"{words} dark"] = find_colour_violations(page)
            wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            found[f"{words} sideways"] = wide
        heights = (
            "[...document.querySelectorAll('.search input, .search select, .search button')].map(e => e.offsetHeight)"
        )
        assert set(page.evaluate(heights)) == {48}
    assert {name: violations for name, violations in found.items() if violations} == {}


def test_nothing_is_loaded_before_someone_uses_the_form_and_the_policy_refuses_nothing(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(viewport={"width": DESK, "height": 900})
    said: list[str] = []
    loaded: list[str] = []
    page = context.new_page()
    page.add_init_script("addEventListener('securitypolicyviolation', (e) => console.log(e.violatedDirective))")
    page.on("console", lambda message: said.append(f"{message.text} {message.location['url']}"))
    page.on("response", lambda answer: loaded.append(answer.url.removeprefix(address)))
    page.goto(f"{address}/search/", wait_until="networkidle")
    assert not [path for path in loaded if path.startswith("/pagefind/")]

    search(page, "neglect")
    assert any("pagefind-worker.js" in path for path in loaded)
    assert any("wasm.en" in path for path in loaded)
    assert [line for line in said if "favicon" not in line] == []
    context.close()


def test_without_scripts_the_page_says_where_to_look_instead(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": PHONE, "height": 900})
    page = context.new_page()
    page.goto(f"{address}/search/")
    assert "Search needs scripts. Look under topics or years." in page.locator("main").inner_text()
    assert not page.locator("form").is_visible()
    for name, path in (("topics", "/topics/"), ("years", "/")):
        assert page.locator("main").get_by_role("link", name=name).get_attribute("href") == path
    context.close()


def test_an_index_that_is_not_there_is_said(browser: Browser, address: str) -> None:
    with open_page(browser, width=DESK, scheme="light") as page:
        page.route("**/pagefind/**", lambda route: route.abort())
        page.goto(f"{address}/search/")
        page.get_by_label("Words to look for").fill("neglect")
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_role("status")).to_contain_text("The search can’t be loaded.")


def test_what_is_given_in_the_address_is_looked_for_and_no_address_has_it_after_that(
    browser: Browser, address: str
) -> None:
    """So it is in no log of a server, even after a page is loaded again."""
    with open_page(browser, width=DESK, scheme="light") as page:
        page.goto(f"{address}/search/?q=conference&year=2020&kind=%22%3E%3Cb%3E&page__words=x&__proto__=x")
        expect(page.locator("#page__found")).to_have_text("1 result for “conference”")
        assert page.url == f"{address}/search/"
        page.reload()
        expect(page.locator("#page__found")).to_have_text("1 result for “conference”")
        assert page.get_by_label("Year").input_value() == "2020"
