"""Readers at work on pages with a database behind them: on a phone, without scripts, by keyboard; and axe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from axe import ALL_LEVELS, SCHEMES, Scheme, find_violations, open_page
from bulletin.database.schema import open_database
from bulletin.database.states import OutboxKind
from bulletin.subscribers.tokens import Purpose
from conftest import on_sqlite
from reader_site import ReaderSite

pytestmark = [pytest.mark.slow, on_sqlite]

PHONE = 390


@pytest.fixture
def site(database_url: str) -> Iterator[ReaderSite]:
    """Anna and Ben are on two lists, and were sent an issue."""
    engine = open_database(database_url)
    site = ReaderSite(engine)
    site.add(partners=["anna", "ben"], schools=["anna", "ben"])
    yield site
    engine.dispose()


@pytest.fixture
def address(site: ReaderSite) -> Iterator[str]:
    with site.serve() as address:
        yield address


@pytest.fixture
def links(site: ReaderSite) -> dict[Purpose, str]:
    """Anna's."""
    mailing = site.mail("partners")
    return {purpose: site.link(mailing, "anna", purpose) for purpose in (Purpose.PREFERENCES, Purpose.UNSUBSCRIBE)}


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A phone without scripts."""
    context = browser.new_context(
        viewport={"width": PHONE, "height": 800}, java_script_enabled=False, has_touch=True, is_mobile=True
    )
    try:
        yield context.new_page()
    finally:
        context.close()


def go_to(page: Page, *, role: Any, name: str) -> None:
    """Press the Tab key until something has the focus."""
    wanted = page.get_by_role(role, name=name)
    for _ in range(40):
        page.keyboard.press("Tab")
        if wanted.evaluate("it => it === document.activeElement"):
            return
    pytest.fail(f"the keyboard never comes to {name}")


def test_someone_chooses_pauses_leaves_and_takes_it_back_on_a_phone(
    phone: Page, site: ReaderSite, address: str, links: dict[Purpose, str]
) -> None:
    phone.goto(address + links[Purpose.UNSUBSCRIBE])
    phone.get_by_role("link", name="Change what you get").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Change what you get")

    phone.get_by_label("Safeguarding champions").check()
    phone.get_by_label("Schools & colleges etc.").uncheck()
    phone.get_by_label("Plain text only").check()
    phone.get_by_label("Name (optional)").fill("Anna “Bell”")
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_role("status")).to_have_text("We’ve saved your choices.")
    expect(phone).to_have_url(f"{address}{links[Purpose.PREFERENCES]}?saved")
    expect(phone.get_by_label("Safeguarding champions")).to_be_checked()
    expect(phone.get_by_label("Schools & colleges etc.")).not_to_be_checked()
    expect(phone.get_by_label("Name (optional)")).to_have_value("Anna “Bell”")
    assert [kind for kind, *_ in site.outbox()] == [OutboxKind.ADDED]

    phone.get_by_label("Pause for 3 months").check()
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("Paused until Wednesday 4 August 2021.")).to_be_visible()
    assert site.reached("2021-06", "partners") == {"ben"}
    phone.get_by_label("Start again now").check()
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("Paused until")).to_have_count(0)

    phone.get_by_role("link", name="Unsubscribe from everything").click()
    phone.get_by_role("button", name="Unsubscribe").click()
    expect(phone.get_by_role("status")).to_contain_text("You’ve unsubscribed")
    assert site.reached("2021-07", "partners") == {"ben"}
    phone.get_by_role("button", name="Undo").click()
    expect(phone.get_by_role("status")).to_contain_text("You’re subscribed again")
    assert site.reached("2021-08", "partners") == {"Anna “Bell”", "ben"}
    assert site.reached("2021-09", "schools") == {"ben"}


def test_the_same_by_keyboard_alone(
    browser: Browser, site: ReaderSite, address: str, links: dict[Purpose, str]
) -> None:
    with open_page(browser, width=PHONE, scheme="light") as page:
        page.goto(address + links[Purpose.PREFERENCES])
        go_to(page, role="checkbox", name="Schools & colleges etc.")
        page.keyboard.press("Space")
        go_to(page, role="radio", name="Don’t pause")
        page.keyboard.press("ArrowDown")
        go_to(page, role="textbox", name="Name (optional)")
        page.keyboard.type("Anna Bell")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("We’ve saved your choices.")
        expect(page.get_by_text("Paused until Friday 4 June 2021.")).to_be_visible()

        go_to(page, role="link", name="Unsubscribe from everything")
        page.keyboard.press("Enter")
        go_to(page, role="button", name="Unsubscribe")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("You’ve unsubscribed")
        go_to(page, role="button", name="Undo")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("You’re subscribed again")
    site.now += 31 * 24 * 60 * 60 * 1000
    assert site.reached("2021-06", "schools") == {"ben"}


def test_someone_complains_on_a_phone(phone: Page, site: ReaderSite, address: str, links: dict[Purpose, str]) -> None:
    phone.goto(address + links[Purpose.PREFERENCES])
    phone.get_by_role("link", name="Complaints").click()
    phone.get_by_role("button", name="Send complaint").click()
    expect(phone.get_by_role("alert")).to_be_focused()
    expect(phone.get_by_role("link", name="Tell us what happened")).to_be_visible()

    phone.get_by_label("I unsubscribed but still get emails").check()
    phone.get_by_label("What happened?").fill("I left in March.\nIt came in April.")
    phone.get_by_label("Email address").fill("jo@example.net")
    phone.get_by_role("button", name="Send complaint").click()
    expect(phone.get_by_role("status")).to_contain_text("Your reference is C-")
    phone.reload()  # the browser sends the form once more
    assert [kind for kind, *_ in site.outbox()] == [OutboxKind.COMPLAINT, OutboxKind.ALERT]


WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_in_any_state_of_a_reader(
    browser: Browser, site: ReaderSite, address: str, links: dict[Purpose, str], scheme: Scheme
) -> None:
    link = links[Purpose.PREFERENCES]
    found: dict[str, Any] = {}
    with open_page(browser, width=320, scheme=scheme) as page:

        def look(name: str) -> None:
            found[name] = find_violations(page, ALL_LEVELS)
            assert not page.evaluate(WIDE), name

        page.goto(address + link)
        look("as it is")
        page.get_by_label("Pause for 6 months").check()
        page.get_by_role("button", name="Save").click()
        page.wait_for_url("**?saved")
        look("saved, on a break")
        page.get_by_label("Partner agencies").uncheck()
        page.get_by_label("Schools & colleges etc.").uncheck()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("alert")).to_be_visible()
        look("no list")
        site.now += 400 * 24 * 60 * 60 * 1000
        page.goto(address + link)
        look("an old link")
        leaving = links[Purpose.UNSUBSCRIBE]
        site.send(f"{leaving}?all", [("act", "stop"), ("scope", "all")])
        page.goto(address + link)
        expect(page.get_by_text("You get nothing at the moment.")).to_be_visible()
        look("gone, with an old link")

    assert len(found) == 5
    assert {name: violations for name, violations in found.items() if violations} == {}
