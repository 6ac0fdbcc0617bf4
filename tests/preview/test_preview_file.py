"""The file beside the mail, in a real browser: from a paragraph to its line and back; what is to be said of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from axe import find_violations, open_page
from bulletin.preview.lines import trace_lines
from bulletin.workspace.workspace import Workspace
from conftest import ISSUE
from previewing import CONTRAST, NAMELESS, SMALL, mail, save, serve, visit

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

LONG = ISSUE + "".join(
    f"""\
  - kind: notice
    title: Notice {number}
    text: |
      The first words of notice {number}.

      {" ".join(f"Something in box {box} is worth knowing." for box in "ABCDEFGH")}
    links:
      - title: Read about {number}
        link: https://www.example.org/{number}
"""
    for number in range(1, 9)
)
HOSTILE = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
VISIBLE = """(element) => {
  const box = element.getBoundingClientRect(), view = element.ownerDocument.defaultView;
  return box.top >= 0 && box.bottom <= view.innerHeight;
}"""


@pytest.fixture
def root(make_workspace: MakeWorkspace) -> Path:
    april = ISSUE
    for may, new in (("2021-05", "2021-04"), ("news for May", "news for April"), ("did in April", "did in March")):
        april = april.replace(may, new)
    return make_workspace(issues={"2021-05": LONG, "2021-04": april}).root


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def line_with(root: Path, words: str, *, issue: str = "2021-05") -> int:
    """The number of the first line with these words."""
    lines = (root / f"issues/{issue}.yaml").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def line(page: Page, number: int) -> Locator:
    return page.locator(f"#line-{number}")


def expect_line(page: Page, number: int) -> None:
    """That this line is shown, and is the active one."""
    expect(line(page, number)).to_have_attribute("aria-selected", "true")
    expect(line(page, number)).to_be_in_viewport()
    expect(page.locator("#file-place")).to_have_text(f"issues/2021-05.yaml:{number}")


def marked(page: Page) -> Locator:
    return mail(page).locator("[data-shown]")


LOOKS = {
    "Desktop": "iframe[title='The email']",
    "Phone": "iframe[title='The email on a phone']",
    "Outlook": "iframe[title='The email in Outlook']",
    "Dark": "iframe[src*=dark]",
}


def test_in_every_look_a_paragraph_leads_to_its_line_and_a_line_to_its_paragraph(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, address)
        for number, (look, frame) in enumerate(LOOKS.items(), 3):
            page.get_by_label("Desktop").check()
            page.get_by_label(look, exact=True).check()
            expect(page.locator(f"{frame}:not(.coming)")).to_be_visible()
            mail(page).get_by_text(f"The first words of notice {number}.").click()
            expect_line(page, line_with(root, f"The first words of notice {number}."))
            expect(marked(page)).to_have_text(f"The first words of notice {number}.")
            line(page, line_with(root, "title: Notice 1")).click()
            expect(marked(page)).to_have_text("Notice 1")
            assert marked(page).evaluate(VISIBLE)
            assert marked(page).evaluate("(it) => it.tagName") == "H2"  # and not its entry in the contents


def test_plain_text_leads_to_its_lines_and_back(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, address)
        page.get_by_label("Plain text").check()
        sheet = page.get_by_role("region", name="Plain text")
        sheet.get_by_text("The first words of notice 7.").click()
        expect_line(page, line_with(root, "The first words of notice 7."))
        line(page, line_with(root, "The first words of notice 2.")).click()
        expect(sheet.locator("[data-shown]")).to_have_text("The first words of notice 2.")
        expect(sheet.locator("[data-shown]")).to_be_in_viewport()


def test_a_link_of_the_mail_still_opens_and_does_not_open_the_file(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, address)
        page.context.route("https://www.example.org/*", lambda route: route.fulfill(body="There"))
        with page.expect_popup() as popup:
            mail(page).get_by_role("link", name="Read about 3").click()
        assert popup.value.url == "https://www.example.org/3"
        expect(page.get_by_role("tab", name="About")).to_have_attribute("aria-selected", "true")


def test_it_all_works_by_keyboard(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, address)
        page.get_by_role("tab", name="About").focus()
        page.keyboard.press("ArrowLeft")
        expect(page.get_by_role("tab", name="File")).to_be_focused()
        expect(page.locator("#line-1")).to_be_visible()
        for _ in range(4):  # find, copy, the editor's link, the lines
            page.keyboard.press("Tab")
        lines = page.get_by_role("listbox", name="Lines of the file")
        expect(lines).to_be_focused()
        for _ in range(line_with(root, "title: Notice 1") - 1):
            page.keyboard.press("ArrowDown")
        expect_line(page, line_with(root, "title: Notice 1"))
        page.keyboard.press("Enter")
        expect(marked(page)).to_have_text("Notice 1")
        page.keyboard.press("Escape")
        expect(page.locator("iframe:not(.coming)")).to_be_focused()
        page.keyboard.press("Alt+ArrowDown")
        expect(marked(page)).to_have_text("The first words of notice 1.")
        page.keyboard.press("Enter")
        expect(lines).to_be_focused()
        expect_line(page, line_with(root, "The first words of notice 1."))
        page.keyboard.press("End")
        expect(line(page, line_with(root, "example.org/8"))).to_be_in_viewport()


def test_the_line_of_what_is_at_the_top_is_found(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, f"{address}?beside=file")
        expect(page.locator("#line-1")).to_be_visible()
        mail(page).get_by_role("heading", name="Notice 5").evaluate("(it) => it.scrollIntoView()")
        page.get_by_role("button", name="Find what I read").click()
        expect_line(page, line_with(root, "title: Notice 5"))


def test_the_place_is_kept_by_paragraph_when_what_is_above_changes(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, address)
        mail(page).get_by_text("The first words of notice 4.").evaluate("(it) => it.scrollIntoView()")
        before = mail(page).get_by_text("The first words of notice 4.").bounding_box()
        save(root, "title: Notice 4", f"title: {'Another title for this notice ' * 8}")  # the anchor is another one now
        expect(mail(page).get_by_role("heading", name="Another title")).to_have_count(1)
        after = mail(page).get_by_text("The first words of notice 4.").bounding_box()
        assert after == pytest.approx(before, abs=1)


def test_the_place_is_kept_while_the_paragraph_at_the_top_is_written(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, address)
        mail(page).get_by_text("The first words of notice 4.").evaluate("(it) => it.scrollIntoView()")
        save(root, "The first words of notice 4.", "Other words.")
        expect(mail(page).get_by_text("Other words.")).to_have_count(1)
        assert mail(page).get_by_text("Other words.").bounding_box()["y"] < 400  # type: ignore[index]
        assert mail(page).get_by_text("Other words.").evaluate(VISIBLE)


def test_lines_are_those_of_the_file_as_it_is_now(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, f"{address}?beside=file")
        save(root, "month:", "# A comment that readers never see.\nmonth:")
        expect(page.locator("#line-1")).to_contain_text("# A comment that readers never see.")
        expect(page.locator("iframe.coming")).to_have_count(0)
        page.wait_for_load_state(
            "networkidle"
        )  # one save may be told twice, and a mail that is replaced forgets a click
        mail(page).get_by_text("The first words of notice 2.").click()
        expect_line(page, line_with(root, "The first words of notice 2."))


def test_beside_a_fault_lines_and_the_last_good_version_still_find_each_other(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, address)
        save(root, "title: Office hours", "# one\n    # two\n    titel: Office hours")
        page.get_by_role("button", name="Show line").first.click()
        number = line_with(root, "titel:")
        expect_line(page, number)
        expect(line(page, number)).to_contain_text("(error)")
        mail(page).get_by_text("The first words of notice 2.").click()
        expect_line(page, line_with(root, "The first words of notice 2."))
        line(page, line_with(root, "The first words of notice 6.")).click()
        expect(marked(page)).to_have_text("The first words of notice 6.")


def test_a_finding_stands_beside_its_paragraph_and_leads_to_it_and_to_its_line(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, address)
        expect(page.locator(".marker")).to_have_count(0)
        save(root, "The first words of notice 6.", "TO WRITE what comes here.")
        page.get_by_role("tab", name="Findings (1)").click()
        finding = page.get_by_role("tabpanel", name="Findings").get_by_role("listitem")
        expect(finding).to_contain_text("Error")
        expect(finding).to_contain_text("This is still to be written.")
        expect(page.locator(".marker")).to_have_count(0)  # its paragraph is further down
        finding.get_by_role("button", name="Show line").click()
        expect_line(page, line_with(root, "TO WRITE"))
        expect(page.get_by_role("listbox")).to_be_focused()
        expect(marked(page)).to_have_text("TO WRITE what comes here.")
        marker = page.locator(".marker")
        expect(marker).to_have_text("◆")
        frame = page.locator("iframe:not(.coming)").bounding_box()
        paragraph, shape = marked(page).bounding_box(), marker.bounding_box()
        assert frame
        assert paragraph
        assert shape
        assert shape["y"] == pytest.approx(paragraph["y"], abs=4)
        assert shape["x"] + shape["width"] <= frame["x"]
        page.get_by_role("tab", name="About").click()
        marker.click()
        expect_line(page, line_with(root, "TO WRITE"))
        save(root, "TO WRITE what comes here.", "Now it is written.")
        expect(page.get_by_role("tab", name="Findings", exact=True)).to_be_visible()
        expect(marker).to_have_count(0)


def test_what_the_proof_finds_stands_there_too_with_its_rule_and_weight(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, f"{address}?beside=findings")
        save(root, "The first words of notice 1.", "We meet on Friday 13 May 2021.")
        finding = page.get_by_role("tabpanel", name="Findings").get_by_role("listitem").filter(has_text="DATE01")
        expect(finding).to_be_visible()
        page.wait_for_load_state("networkidle")  # as above
        finding.get_by_role("button", name="Show line").click()
        expect_line(page, line_with(root, "Friday 13 May"))
        expect(marked(page)).to_have_text("We meet on Friday 13 May 2021.")
        expect(page.locator(".marker")).not_to_have_count(0)


def test_what_is_hostile_in_the_file_stays_text(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, f"{address}?beside=file")
        save(root, "title: Office hours", f"title: Office hours\n    # {HOSTILE}\n    follow_up: '{HOSTILE}'")
        expect(page.locator("#faults")).to_be_visible()
        save(root, f"\n    follow_up: '{HOSTILE}'", "")
        expect(page.locator("#faults")).to_be_hidden()
        expect(page.locator("#lines")).to_contain_text(HOSTILE)
        save(root, "Something in box A is worth knowing.", "`<script>document.title='taken'</script>` TO WRITE")
        expect(page.get_by_role("tab", name="Findings (")).to_be_visible()
        assert page.locator("#lines img, #lines script, #finding-list script").count() == 0
        assert "taken" not in page.title()


def test_the_place_can_be_copied_and_opened_in_an_editor(root: Path, page: Page) -> None:
    with serve(root) as address:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        visit(page, f"{address}?beside=file")
        line(page, 3).click()
        page.get_by_role("button", name="Copy place").click()
        expect(page.get_by_text("Copied.")).to_be_visible()
        assert page.evaluate("() => navigator.clipboard.readText()") == "issues/2021-05.yaml:3"
        link = page.get_by_role("link", name="Open in VS Code")
        expect(link).to_have_attribute("href", f"vscode://file{root.resolve()}/issues/2021-05.yaml:3")


def test_a_folder_that_is_made_meanwhile_is_in_the_list_at_once(root: Path, page: Page) -> None:
    settings = root / "bulletin.yaml"
    training = (
        "  training:\n    title: Training\n    sender: {name: Anytown, email: news@anytown.example.org}\nlists:\n"
    )
    settings.write_text(settings.read_text(encoding="utf-8").replace("lists:\n", training, 1), encoding="utf-8")
    with serve(root) as address:
        visit(page, address)
        (root / "issues/training").mkdir()
        (root / "issues/training/2021-06.yaml").write_text(ISSUE.replace("2021-05", "2021-06"), encoding="utf-8")
        page.get_by_role("navigation", name="Issues").get_by_role("link", name="June 2021").click()
        expect(mail(page).get_by_role("heading", name="Office hours")).to_be_visible()
        path = root / "issues/training/2021-06.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("Office hours", "New hours"), encoding="utf-8")
        expect(mail(page).get_by_role("heading", name="New hours")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_new_panes_and_all_can_be_read_and_hit(
    root: Path, browser: Browser, scheme: Any
) -> None:
    save(root, "The first words of notice 1.", "TO WRITE what comes here.")
    with serve(root) as address, open_page(browser, width=1280, scheme=scheme) as page:
        visit(page, f"{address}?beside=findings")
        page.get_by_role("button", name="Show line").click()
        expect(line(page, line_with(root, "TO WRITE"))).to_contain_text("(error)")
        for view in ("Desktop", "Plain text"):
            page.get_by_label(view, exact=True).check()
            for pane in ("Findings", "File"):
                page.get_by_role("tab", name=pane).click()
                assert find_violations(page) == [], (view, pane)
                assert page.evaluate(CONTRAST) == []
                assert page.evaluate(NAMELESS) == []
                assert page.evaluate(SMALL) == []


def test_the_page_fits_a_window_of_320_pixels_with_its_file(root: Path, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})  # WCAG 1.4.10
    with serve(root) as address:
        visit(page, f"{address}?beside=file")
        expect(page.locator("#line-1")).to_have_count(1)
        assert page.evaluate("() => document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("what", ["file", "findings", "text"])
def test_a_page_of_another_origin_cannot_read_file_findings_or_text(root: Path, page: Page, what: str) -> None:
    with serve(root) as address:
        target = address.replace("/issues/", f"/{what}/")
        page.route("https://elsewhere.example.org/", lambda route: route.fulfill(body="<p>Elsewhere</p>"))
        page.goto("https://elsewhere.example.org/")
        read = "(target) => fetch(target).then((answer) => answer.text(), () => 'refused')"
        assert page.evaluate(read, target) == "refused"
        for headers in ({"Origin": "https://elsewhere.example.org"}, {"Host": "elsewhere.example.org"}):
            with pytest.raises(HTTPError) as refusal:
                urlopen(Request(target, headers=headers))
            assert refusal.value.code in (403, 421)
            refusal.value.close()


def test_lines_are_traced_to_the_version_that_is_shown() -> None:
    assert trace_lines(["a", "b"], ["a", "b"]) == [1, 2]
    assert trace_lines(["new", "a", "changed", "c"], ["a", "b", "c"]) == [0, 1, 0, 3]
    assert trace_lines(["a"], []) == [0]
    assert trace_lines([], ["a"]) == []
