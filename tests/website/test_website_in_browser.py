"""The pages as people use them: on a phone, by keyboard, without scripts, in the dark, with other colours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from axe import ALL_LEVELS, SCHEMES, Scheme, bring_axe, find_colour_violations, find_violations, open_page
from public_pages import PAGES, SETTINGS, TOKEN, PublicPages, serve_pages

pytestmark = pytest.mark.slow

PHONE, DESK, NARROWEST = 390, 1280, 320


@pytest.fixture(scope="module")
def website() -> Iterator[tuple[str, PublicPages]]:
    with serve_pages(write=lambda _line: None) as served:
        yield served


@pytest.fixture
def address(website: tuple[str, PublicPages]) -> str:
    website[1].posted.clear()
    return website[0]


@pytest.fixture
def posted(website: tuple[str, PublicPages]) -> list[tuple[tuple[str, str], ...]]:
    return website[1].posted


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


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_axe_finds_nothing_on_any_page_in_any_state(browser: Browser, address: str, width: int) -> None:
    """WCAG 2.2 AA, and what axe calls best practice; in the dark, whatever a colour can break."""
    found: dict[str, Any] = {}
    with open_page(browser, width=width, scheme="light") as page:
        bring_axe(page)
        for name in PAGES:
            page.emulate_media(color_scheme="light")
            page.goto(f"{address}/pages/{name}")
            found[f"{name} light"] = find_violations(page, ALL_LEVELS)
            page.emulate_media(color_scheme="dark")
            found[f"{name} dark"] = find_colour_violations(page)

    assert len(found) > 90
    assert {name: violations for name, violations in found.items() if violations} == {}


IN_THE_DARK = """() => [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
  .filter((rule) => rule instanceof CSSMediaRule && rule.conditionText.includes("prefers-color-scheme"))
  .flatMap((rule) => [...rule.cssRules]).flatMap((rule) => [rule.selectorText, ...rule.style])"""


VALUES = "names => names.map((it) => getComputedStyle(document.body).getPropertyValue(it))"


def test_in_the_dark_a_page_differs_by_named_colours_alone(browser: Browser, address: str) -> None:
    """So in the dark axe is asked about colours only."""
    with open_page(browser, width=PHONE, scheme="dark") as page:
        page.goto(f"{address}/pages/subscribe")
        root, *names = page.evaluate(IN_THE_DARK)
        values = page.evaluate(
            "names => names.map((it) => getComputedStyle(document.body).getPropertyValue(it))", names
        )

    assert root == ":root"
    assert len(names) > 5
    assert [name for name in names if not name.startswith("--")] == []
    assert [value for value in values if not value.strip().startswith("#")] == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_would_find_a_colour_that_is_too_pale(browser: Browser, address: str, scheme: Scheme) -> None:
    with open_page(browser, width=PHONE, scheme=scheme) as page:
        page.goto(f"{address}/pages/subscribe")
        assert find_colour_violations(page) == []
        page.add_style_tag(content="h1{color:#808080!important;background:#888!important}")

        assert [name for name, _ in find_colour_violations(page)] == ["color-contrast"]


def test_axe_would_find_a_fault(browser: Browser, address: str) -> None:
    with open_page(browser, width=PHONE, scheme="light") as page:
        page.goto(f"{address}/pages/subscribe")
        page.evaluate("document.querySelector('label[for=email]').remove()")

        assert "label" in [name for name, _ in find_violations(page, ALL_LEVELS)]


WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

# What one touches: as tall as a finger. Links within a sentence are left out (WCAG 2.2, 2.5.8).
SMALL = """() => [...document.querySelectorAll("button, .button, input:not([type=hidden]), textarea, .links a")]
  .map((it) => [it.outerHTML.slice(0, 80), it.closest(".choice")?.querySelector("label") ?? it])
  .map(([it, touched]) => [it, touched.getBoundingClientRect()])
  .filter(([, { width, height }]) => width < 44 || height < 44).map(([it]) => it)"""


@dataclass
class Walk:
    """What a visit to every page came to. `said`: by the browser about its policy, and about what could not be had."""

    small: dict[str, Any] = field(default_factory=dict)
    wide: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    cookies: list[Any] = field(default_factory=list)


@pytest.fixture(scope="module")
def walked(browser: Browser, website: tuple[str, PublicPages]) -> Walk:
    """Every page as it comes, on a phone and then on the narrowest screen."""
    walk = Walk()
    context = browser.new_context()
    try:
        page = context.new_page()
        page.on("console", lambda message: walk.said.append(f"{message.text} {message.location['url']}"))
        page.on("requestfailed", lambda request: walk.said.append(request.url))
        for name in PAGES:
            page.set_viewport_size({"width": PHONE, "height": 900})
            page.goto(f"{website[0]}/pages/{name}")
            walk.small[name] = page.evaluate(SMALL)
            page.set_viewport_size({"width": NARROWEST, "height": 900})
            if page.evaluate(WIDE):
                walk.wide.append(name)
        walk.cookies += context.cookies()
    finally:
        context.close()
    return walk


def test_no_page_scrolls_sideways_on_the_narrowest_screen(walked: Walk) -> None:
    assert walked.wide == []


def test_everything_to_touch_is_44_pixels_high(walked: Walk) -> None:
    assert len(walked.small) == len(PAGES)
    assert {name: elements for name, elements in walked.small.items() if elements} == {}


def test_no_page_breaks_its_own_policy_or_asks_for_what_is_not_there(walked: Walk) -> None:
    # Chromium asks some servers for an icon by itself, at a time of its own.
    assert [words for words in walked.said if not words.endswith("/favicon.ico")] == []
    assert walked.cookies == []


def test_what_is_small_or_wide_or_breaks_the_policy_is_seen(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": NARROWEST, "height": 900})
    said: list[str] = []
    try:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{address}/pages/complaint")
        page.evaluate("document.querySelector('button').style.cssText = 'min-height:0;padding:0;font-size:9px'")
        page.evaluate("document.querySelector('h1').style.whiteSpace = 'nowrap'")
        page.evaluate("document.querySelector('h1').textContent = 'w'.repeat(200)")
        page.evaluate("document.body.setAttribute('style', 'color:red')")
        small, wide = page.evaluate(SMALL), page.evaluate(WIDE)
    finally:
        context.close()

    assert [each.partition(" ")[0].strip("<") for each in small][-1].startswith("button")
    assert wide
    assert [words for words in said if "style-src" in words]


LONG = "Donaudampfschifffahrtsgesellschaft" * 2


def test_long_words_and_other_spacing_cut_nothing_off(browser: Browser) -> None:
    """WCAG 2.2, success criterion 1.4.12: what readers set themselves."""
    text = SETTINGS.replace("Bexley S.H.I.E.L.D.", LONG).replace("Safeguarding champions", LONG)
    spacing = "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}"
    spacing += "p{margin-bottom:2em!important}"
    shown = ("subscribe", "unsubscribe", "privacy", "complaint", "preferences", "problem-broken-link")
    with (
        serve_pages(text, write=lambda _line: None) as (address, _),
        open_page(browser, width=NARROWEST, scheme="light") as page,
    ):
        for name in shown:
            page.goto(f"{address}/pages/{name}")
            page.add_style_tag(content=spacing)
            assert not page.evaluate(WIDE), name


@pytest.mark.parametrize("accent", ["#8a1538", "#00703c", "#4c2c92", "#767676", "#000000"])
def test_any_colour_of_an_organisation_can_be_read(browser: Browser, accent: str) -> None:
    text = SETTINGS.replace("#17505f", accent)
    found: dict[str, Any] = {}
    with (
        serve_pages(text, write=lambda _line: None) as (address, _),
        open_page(browser, width=PHONE, scheme="light") as page,
    ):
        bring_axe(page)
        for name in ("subscribe-faults", "unsubscribed", "problem-expired-link"):
            page.goto(f"{address}/pages/{name}")
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                found[f"{name} {scheme}"] = find_colour_violations(page)

    assert {name: violations for name, violations in found.items() if violations} == {}


# --- by keyboard

FOCUSED = """() => {
  const it = document.activeElement;
  if (it === document.body) return "BODY";
  return it.id || it.textContent.trim() || it.getAttribute("href") || it.tagName;
}"""
RING = """() => {
  const style = getComputedStyle(document.activeElement);
  return [style.outlineStyle, parseFloat(style.outlineWidth) >= 2, style.boxShadow !== "none"];
}"""


def walk(page: Page, *, most: int = 40) -> list[str]:
    """What the Tab key comes to, in order, each with a ring that can be seen."""
    stops: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop == "BODY" or (stops and stop == stops[0]):
            return stops
        assert page.evaluate(RING) == ["solid", True, True], stop
        stops.append(stop)
    pytest.fail(f"the keyboard never comes to an end: {stops}")


FOOT = ["Privacy notice", "Complaints", "Accessibility", "Contact us"]
SKIP = "Skip to main content"


@pytest.mark.parametrize(
    ("name", "stops"),
    [
        ("subscribe", ["list-1", "list-2", "email", "name", "Read our privacy notice", "Subscribe"]),
        ("address-check", ["email-1", "Continue"]),
        ("unsubscribe", ["scope-1", "Unsubscribe", "Change what you get"]),
        ("unsubscribed", ["Undo", "reason-1", "Send answer"]),
        (
            "preferences",
            ["list-1", "list-2", "format-1", "pause-none", "name", "Save", "Unsubscribe from everything"],
        ),
        ("complaint", ["email us", "about-1", "text", "email", "Send complaint"]),
        ("confirm", ["Confirm"]),
        ("problem-expired-link", ["Subscribe again"]),
    ],
)
def test_the_keyboard_comes_to_everything_in_the_order_of_reading(
    browser: Browser, address: str, name: str, stops: list[str]
) -> None:
    with open_page(browser, width=DESK, scheme="light") as page:
        page.goto(f"{address}/pages/{name}")

        assert walk(page) == [SKIP, *stops, *FOOT]


def test_the_summary_of_faults_takes_the_focus_and_leads_to_each_field(browser: Browser, address: str) -> None:
    with open_page(browser, width=DESK, scheme="light") as page:
        page.goto(f"{address}/pages/subscribe-faults")
        assert page.evaluate("document.activeElement.className") == "summary"
        for words, field in (
            ("Select at least one list", "list-1"),
            ("Enter an email address in the right format, like name@example.org", "email"),
            ("Name must be 100 characters or fewer", "name"),
        ):
            page.get_by_role("link", name=words).focus()
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.id") == field


def test_the_skip_link_skips(browser: Browser, address: str) -> None:
    with open_page(browser, width=DESK, scheme="light") as page:
        page.goto(f"{address}/pages/preferences")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name=SKIP)).to_be_in_viewport()
        page.keyboard.press("Enter")

        assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("name", ["subscribe-faults", "unsubscribed", "complaint"])
def test_with_forced_colours_buttons_and_boxes_keep_their_edges(browser: Browser, address: str, name: str) -> None:
    context = browser.new_context(forced_colors="active")
    try:
        page = context.new_page()
        page.goto(f"{address}/pages/{name}")
        edges = page.evaluate(
            """() => [...document.querySelectorAll("button, .done, .note, .summary, input[type=email], textarea")]
              .map((it) => getComputedStyle(it)).map((it) => [it.borderTopStyle, parseFloat(it.borderTopWidth) >= 1])"""
        )
        assert edges
        assert [edge for edge in edges if edge != ["solid", True]] == []
    finally:
        context.close()


# --- on a phone, without scripts


def test_a_form_of_ours_passes_the_check_of_origins(phone: Page, address: str, posted: list[Any]) -> None:
    phone.goto(f"{address}/subscribe")
    phone.get_by_label("Email address").fill("jo.bloggs@schools")
    phone.get_by_role("button", name="Subscribe").click()

    expect(phone).to_have_title("Error: Get our bulletin by email – Bexley S.H.I.E.L.D.")
    expect(phone.get_by_role("alert")).to_be_focused()
    expect(phone.get_by_label("Email address")).to_have_value("jo.bloggs@schools")
    assert posted == [(("email", "jo.bloggs@schools"), ("name", ""))]


def test_someone_subscribes_after_a_slip_of_the_finger(phone: Page, address: str, posted: list[Any]) -> None:
    phone.goto(f"{address}/subscribe")
    phone.get_by_label("Safeguarding champions").check()
    phone.get_by_label("Email address").fill("jo.bloggs@gmail.con")
    phone.get_by_label("Name (optional)").fill("Jo & “Co”")
    phone.get_by_role("button", name="Subscribe").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Check your email address")
    expect(phone.get_by_label("jo.bloggs@gmail.com")).to_be_checked()
    phone.get_by_role("button", name="Continue").click()

    expect(phone).to_have_url(f"{address}/subscribe/sent")
    assert set(posted[-1]) == {
        *(("checked", "yes"), ("name", "Jo & “Co”"), ("list", "champions"), ("email", "jo.bloggs@gmail.com"))
    }


def test_someone_unsubscribes_says_why_and_changes_their_mind(phone: Page, address: str, posted: list[Any]) -> None:
    here = f"{address}/unsubscribe/{TOKEN}"
    phone.goto(here)
    phone.get_by_label("Everything from Bexley S.H.I.E.L.D.").check()
    phone.get_by_role("button", name="Unsubscribe").click()
    expect(phone.get_by_role("status")).to_contain_text("You’ve unsubscribed")
    phone.get_by_label("Too many emails").check()
    phone.get_by_role("button", name="Send answer").click()
    expect(phone.get_by_text("We’ve counted your answer.")).to_be_visible()
    phone.get_by_role("button", name="Undo").click()
    expect(phone.get_by_role("status")).to_contain_text("You’re subscribed again")

    assert posted == [
        (("act", "stop"), ("scope", "all")),
        (("act", "reason"), ("reason", "too-many")),
        (("act", "undo"),),
    ]
    expect(phone).to_have_url(here)


ELSEWHERE = """<!DOCTYPE html><title>Elsewhere</title>
<form method="post" action="{target}"><input name="act" value="{act}"><button>Win</button></form>
<iframe src="{target}"></iframe>"""


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_a_form_on_another_origin_is_refused(browser: Browser, address: str, posted: list[Any], name: str) -> None:
    """Another site, and another port of the same one."""
    context: BrowserContext = browser.new_context()
    try:
        page = context.new_page()
        target = f"{address}/unsubscribe/{TOKEN}"
        html = ELSEWHERE.format(target=target, act="stop")
        page.route("**/elsewhere", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto(f"http://{name}:1/elsewhere")
        assert page.frames[-1].url.startswith("chrome-error:")  # nor may it show our page in a frame
        page.get_by_role("button", name="Win").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Open this page from our website")
        assert posted == []
    finally:
        context.close()


def test_a_token_never_reaches_another_page_as_referer(browser: Browser, address: str) -> None:
    context = browser.new_context()
    referers: list[str | None] = []
    try:
        page = context.new_page()
        page.on("request", lambda request: referers.append(request.headers.get("referer")))
        page.goto(f"{address}/unsubscribe/{TOKEN}")
        page.get_by_role("link", name="Privacy notice").click()
        page.wait_for_url("**/privacy")
    finally:
        context.close()

    assert f"{address}/" in referers
    assert not [referer for referer in referers if referer and TOKEN in referer]
