"""The site of the documentation in a browser: for keyboards, screen readers, small screens, and people who search."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote_plus, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from axe import ALL_LEVELS, SCHEMES, Scheme, find_violations, open_page
from documentation_site import built_site, site_address

__all__ = ["built_site", "site_address"]

pytestmark = pytest.mark.slow

PHONE = 390  # pixels
PAGES = (
    "index.html",
    "tutorial/first-bulletin.html",
    "howto/move-from-mailchimp.html",
    "reference/settings.html",
    "reference/commands/send.html",
    "reference/sections/training.html",
    "rules/DATE01.html",
    "search.html?q=mailchimp",
)

QUESTIONS = {
    "how do I move from Mailchimp": {"howto/move-from-mailchimp"},
    "Microsoft 365 password no longer works": {"howto/microsoft-365"},
    "someone wants no more emails": {"howto/unsubscribe"},
    "stop a mailing with a mistake in it": {"problems"},
    "who has to approve an issue": {"howto/approve", "approval"},
    "change the colours to our brand": {"howto/theme"},
    "newsletter in Welsh and English": {"howto/welsh", "languages"},
    "send it next Tuesday at 9": {"howto/schedule"},
    "computer crashed while sending, will they get it twice": {"delivery", "problems"},
    "restore a lost laptop from a backup": {"howto/back-up"},
}


@pytest.fixture(params=SCHEMES)
def scheme(request: pytest.FixtureRequest) -> Scheme:
    found: Scheme = request.param
    return found


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    with open_page(browser, width=PHONE, scheme="light") as page:
        yield page


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_axe_finds_nothing(browser: Browser, site_address: str, width: int, scheme: Scheme) -> None:
    found = {}
    with open_page(browser, width=width, scheme=scheme) as page:
        for place in PAGES:
            page.goto(f"{site_address}/{place}")
            if "search" in place:
                page.locator("#search-results li a").first.wait_for()
            found[place] = [each for each in find_violations(page, ALL_LEVELS) if not is_known(*each)]
            assert page.evaluate("document.documentElement.scrollWidth") <= width, place

    assert {place: violations for place, violations in found.items() if violations} == {}


def is_known(rule: str, elements: list[str]) -> bool:
    """The switches of Furo's two drawers are outside landmarks: they come before all that they show."""
    return rule == "region" and all('class="sidebar-toggle"' in element for element in elements)


def test_the_menu_of_a_phone_opens_and_closes_by_keys(phone: Page, site_address: str) -> None:
    phone.goto(f"{site_address}/howto/approve.html")
    link = phone.locator(".sidebar-tree a").first
    assert not link.is_visible()

    for _ in range(10):
        phone.keyboard.press("Tab")
        if phone.evaluate("document.activeElement.id") == "__navigation":
            break
    phone.keyboard.press("Space")
    link.wait_for(state="visible")
    phone.keyboard.press("Escape")
    link.wait_for(state="hidden")

    assert phone.evaluate("document.activeElement.id") == "__navigation"


def test_no_key_leads_to_a_link_that_no_one_sees(phone: Page, site_address: str) -> None:
    phone.goto(f"{site_address}/howto/approve.html")

    for _ in range(40):
        phone.keyboard.press("Tab")
        left = phone.evaluate("document.activeElement.getBoundingClientRect().left")
        assert 0 <= left <= PHONE


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_search_answers_a_strangers_question(browser: Browser, site_address: str, question: str) -> None:
    with open_page(browser, width=1280, scheme="light") as page:
        page.goto(f"{site_address}/search.html?q={quote_plus(question)}")
        page.locator("#search-results li a").nth(2).wait_for()
        links = page.locator("#search-results li a").evaluate_all("all => all.map(each => each.getAttribute('href'))")

    places = [urlsplit(link).path.removesuffix(".html") for link in links]
    first = list(dict.fromkeys(places))[:3]
    assert QUESTIONS[question] & set(first), first


def test_a_word_that_is_nowhere_is_said_to_be_nowhere(phone: Page, site_address: str) -> None:
    phone.goto(f"{site_address}/search.html?q=xylophone")
    phone.get_by_text("did not match any documents").wait_for()


def test_no_page_asks_another_host(browser: Browser, site_address: str) -> None:
    asked = set()
    with open_page(browser, width=1280, scheme="light") as page:
        page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
        for place in PAGES:
            page.goto(f"{site_address}/{place}", wait_until="networkidle")

    assert asked == {urlsplit(site_address).netloc}
