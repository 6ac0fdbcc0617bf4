"""The live preview in a real browser: what the editor sees after each save, in each view, and by keyboard alone."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.errors import BulletinError
from bulletin.preview.server import listen
from bulletin.workspace.workspace import Workspace
from conftest import ISSUE, SETTINGS
from previewing import CONTRAST, NAMELESS, PEOPLE, SMALL, mail, save, serve, visit

pytestmark = pytest.mark.slow

MANY = ISSUE + "".join(
    f"""\
  - kind: notice
    title: Notice {number}
    text: {"Something that is worth knowing. " * 12}
"""
    for number in range(1, 9)
)

Serve = Callable[..., AbstractContextManager[str]]
MakeWorkspace = Callable[..., Workspace]


@pytest.fixture
def root(make_workspace: MakeWorkspace) -> Path:
    issues = {"2021-05": MANY, "2021-04": ISSUE.replace("2021-05", "2021-04"), "training/2021-05": ISSUE}
    settings = SETTINGS.replace("lists:\n", TRAINING, 1)
    return make_workspace(settings=settings, issues=issues, lists={"partners": PEOPLE, "schools": PEOPLE}).root


TRAINING = """\
  training:
    title: Training news
    sender: {name: Anytown Partnership, email: news@anytown.example.org}
lists:
"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def measure_scroll(page: Page) -> float:
    return float(page.evaluate("() => document.querySelector('iframe:not(.coming)').contentWindow.scrollY"))


def test_a_save_shows_at_once_and_the_place_on_the_page_stays(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, address)
        page.evaluate("() => document.querySelector('iframe').contentWindow.scrollTo(0, 1500)")
        place = mail(page).get_by_role("heading", name="Notice 3").bounding_box()
        save(root, "Notice 8", "Something new")
        expect(mail(page).get_by_role("heading", name="Something new")).to_have_count(1)
        assert measure_scroll(page) == 1500
        assert mail(page).get_by_role("heading", name="Notice 3").bounding_box() == place


def test_what_is_written_further_up_does_not_move_what_one_reads(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, address)
        page.evaluate("() => document.querySelector('iframe').contentWindow.scrollTo(0, 1500)")
        place = mail(page).get_by_role("heading", name="Notice 4").bounding_box()
        save(root, "We are closed", "We are very sorry to say this. " * 30 + "We are closed")
        expect(mail(page).get_by_text("We are very sorry").first).to_have_count(1)
        assert measure_scroll(page) > 1600
        assert mail(page).get_by_role("heading", name="Notice 4").bounding_box() == pytest.approx(place, abs=1)


def test_a_fault_shows_its_line_and_remedy_beside_the_last_good_version(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, address)
        save(root, "published:", "publishd:")
        faults = page.get_by_role("region", name="fault")
        expect(faults.get_by_text("“publishd” is not a field of an issue.")).to_be_visible()
        expect(faults.get_by_text("Did you mean “published”?")).to_be_visible()
        expect(faults.get_by_text("issues/2021-05.yaml, line 2")).to_be_visible()
        expect(faults.locator("mark").first).to_have_text("publishd")
        expect(page.locator("#status")).to_have_text("1 fault. You see the last good version, from 10:02:00")
        expect(mail(page).get_by_role("heading", name="Notice 1")).to_be_visible()
        save(root, "publishd:", "published:")
        expect(page.locator("#status")).to_have_text("Up to date, 10:02:00")
        expect(faults).to_be_hidden()


def test_an_issue_that_was_never_good_shows_its_faults_and_nothing_else(root: Path, page: Page) -> None:
    save(root, "published:", "publishd:")
    with serve(root) as address:
        visit(page, address)
        expect(page.get_by_role("region", name="fault")).to_be_visible()
        expect(page.get_by_text("There is nothing to show yet")).to_be_visible()
        save(root, "publishd:", "published:")
        expect(mail(page).get_by_role("heading", name="Notice 1")).to_be_visible()


def test_a_fault_in_the_settings_shows_as_well_and_passes_when_it_is_mended(root: Path, page: Page) -> None:
    settings = root / "bulletin.yaml"
    good = settings.read_text(encoding="utf-8")
    with serve(root) as address:
        visit(page, address)
        settings.write_text(good.replace("title: Anytown news", "titel: Anytown news"), encoding="utf-8")
        expect(page.locator("#fault-list")).to_contain_text("“titel”")
        expect(page.locator("#fault-list")).to_contain_text("bulletin.yaml, line")
        renamed = root / "bulletin.yaml.new"  # as editors save: a new file takes the old one's place
        renamed.write_text(good.replace("title: Anytown news", "title: Our news"), encoding="utf-8")
        renamed.replace(settings)
        expect(mail(page).get_by_role("heading", name="Our news")).to_be_visible()
        expect(page.locator("#faults")).to_be_hidden()


def test_a_fault_of_the_theme_shows_beside_the_last_good_version(root: Path, page: Page) -> None:
    (root / "templates/email").mkdir(parents=True)
    with serve(root) as address:
        visit(page, address.replace("/issues/2021-05", "/"))  # leads to the newest issue
        assert page.url == address
        (root / "templates/email/issue.html.j2").write_text("{# theme 2 #}<p>Nobody can leave.</p>", encoding="utf-8")
        expect(page.locator("#fault-list")).to_contain_text("has no unsubscribe link")
        expect(mail(page).get_by_role("heading", name="Notice 1")).to_be_visible()


def test_the_phone_is_375_pixels_wide_and_the_desktop_is_not(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, address)
        width = "() => document.querySelector('iframe:not(.coming)').contentWindow.innerWidth"
        assert page.evaluate(width) > 640
        page.get_by_label("Phone").check()
        expect(page.locator("iframe[title='The email on a phone']:not(.coming)")).to_be_visible()
        assert page.evaluate(width) == 375


def test_dark_shows_the_dark_colours_whatever_the_editors_computer_prefers(root: Path, page: Page) -> None:
    background = (
        "() => getComputedStyle(document.querySelector('iframe:not(.coming)')"
        ".contentDocument.querySelector('.card')).backgroundColor"
    )
    with serve(root) as address:
        visit(page, address)
        page.emulate_media(color_scheme="dark")
        assert page.evaluate(background) == "rgb(255, 255, 255)"
        page.get_by_label("Dark").check()
        expect(page.locator("iframe[src*=dark]:not(.coming)")).to_be_visible()
        assert max(map(int, page.evaluate(background)[4:-1].split(","))) < 64


def test_with_pictures_off_their_words_stand_in_their_places(root: Path, page: Page) -> None:
    from PIL import Image

    (root / "issues/images").mkdir()
    Image.new("RGB", (300, 80), "navy").save(root / "issues/images/logo.png")
    logo = "  email: hello@anytown.example.org\n  logo: {file: issues/images/logo.png, alt: The Anytown shield}\n"
    settings = root / "bulletin.yaml"
    text = settings.read_text(encoding="utf-8").replace("  email: hello@anytown.example.org\n", logo, 1)
    settings.write_text(text, encoding="utf-8")
    shown = "() => document.querySelector('iframe:not(.coming)').contentDocument.images[0].naturalWidth"
    with serve(root) as address:
        visit(page, address)
        expect(mail(page).get_by_alt_text("The Anytown shield")).to_be_visible()
        assert page.evaluate(shown) == 320  # at twice the size that is shown: 160, with its white around it
        page.get_by_label("Pictures off").check()
        expect(page.locator("iframe[src*=bare]:not(.coming)")).to_be_visible()
        assert page.evaluate(shown) == 0
        expect(mail(page).get_by_alt_text("The Anytown shield")).to_have_count(1)


def test_outlook_shows_the_mail_without_what_word_leaves_out(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, address)
        page.get_by_label("Outlook").check()
        expect(page.locator("iframe[title='The email in Outlook']:not(.coming)")).to_be_visible()
        html = page.evaluate("() => document.querySelector('iframe:not(.coming)').contentDocument.body.innerHTML")
        assert "max-width" not in html
        assert 'width="640"' in html  # the table that only Outlook opens
        expect(mail(page).get_by_role("heading", name="Notice 8")).to_have_count(1)


def test_plain_text_and_source_are_what_the_reader_gets(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, address)
        page.get_by_label("Plain text").check()
        expect(page.get_by_role("region", name="Plain text")).to_contain_text("Hello Alex Example,")
        page.get_by_label("Source").check()
        source = page.get_by_role("region", name="Message source")
        expect(source).to_contain_text("Subject: Anytown news for May")
        expect(source).to_contain_text("List-Unsubscribe: <https://news.anytown.example.org/unsubscribe/example>")


def test_the_editor_can_be_a_person_of_a_list(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, address)
        expect(mail(page).get_by_text("Hello Alex Example,")).to_be_visible()
        page.get_by_label("List", exact=True).select_option("partners")
        expect(mail(page).get_by_text("Hello Anna Ahmed,")).to_be_visible()
        page.get_by_label("Find a name or address").fill("brown")
        expect(mail(page).get_by_text("Hello Ben Brown,")).to_be_visible()
        page.get_by_label("Find a name or address").fill("nobody@")
        expect(mail(page).get_by_text("Hello,")).to_be_visible()
        assert "example.org" not in page.url.partition("?")[2]  # addresses stay out of the browser's history
        page.get_by_label("Source").check()
        expect(page.get_by_role("region", name="Message source")).to_contain_text("To: <nobody@example.org>")


def test_a_person_who_has_left_the_list_is_missed_in_words(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, f"{address}?reader=partners:9")
        expect(mail(page).get_by_text("This person is not in the list file any more. Choose another")).to_be_visible()
        page.get_by_label("List", exact=True).select_option("An invented reader")
        expect(mail(page).get_by_text("Hello Alex Example,")).to_be_visible()


def test_subject_preview_text_size_and_reading_time_are_beside_the_mail(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, address)
        about = page.get_by_role("region", name="In the inbox")
        expect(about).to_contain_text("Anytown Partnership")
        expect(about).to_contain_text("Anytown news for May")
        expect(about).to_contain_text("What we did in April")
        expect(about).to_contain_text("20 characters")
        expect(about).to_contain_text("of 102 KB")
        expect(about).to_contain_text("3 minutes")


def test_a_mail_that_gmail_would_cut_is_pointed_out(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, address)
        expect(page.get_by_text("Gmail cuts this email off")).to_be_hidden()
        save(root, "We are closed", "This sentence is long. " * 4500 + "We are closed")
        expect(page.get_by_text("Gmail cuts this email off")).to_be_visible()


def test_all_issues_are_in_a_list_and_the_view_goes_with_the_editor(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, address)
        issues = page.get_by_role("navigation", name="Issues")
        expect(issues.get_by_role("link")).to_have_text(["May 2021", "April 2021", "May 2021"])
        expect(issues.get_by_role("link", name="May 2021").first).to_have_attribute("aria-current", "page")
        page.get_by_label("Phone").check()
        issues.get_by_role("link", name="April 2021").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("April 2021")
        expect(page.get_by_label("Phone")).to_be_checked()


def test_a_test_copy_goes_to_one_address_and_says_so(root: Path, page: Page, tmp_path: Path) -> None:
    with MailCatcher(tmp_path / "caught") as catcher:
        environ = {"BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{catcher.port}"}
        with serve(root, environ=environ) as address:
            visit(page, address)
            page.get_by_label("To this address").fill("not an address")
            page.get_by_role("button", name="Send").click()
            expect(page.locator("#copy-answer[data-mood=faulty]")).to_be_visible()
            page.get_by_label("To this address").fill("officer@example.org")
            page.get_by_role("button", name="Send").click()
            expect(page.locator("#copy-answer")).to_contain_text("A test copy is on its way to officer@example.org.")
            assert [message.recipient for message in catcher.caught] == ["officer@example.org"]
            save(root, "published:", "publishd:")
            expect(page.locator("#faults")).to_be_visible()
            page.get_by_role("button", name="Send").click()
            expect(page.locator("#copy-answer")).to_contain_text("This issue has faults.")
            assert len(catcher.caught) == 1


HOSTILE = """\
{# theme 2 #}
<!DOCTYPE html><html><head><title>Hostile</title></head><body>
<script>parent.document.title = "taken"; top.location = "https://example.org/"</script>
<img src="x" onerror="parent.document.title = 'taken'" alt="">
<svg onload="parent.document.title = 'taken'"></svg>
<form action="/copies" method="post" target="_top"><button>Act</button></form>
<a href="javascript:parent.document.title='taken'" target="_top">Lure</a>
<p>{{ slots.greeting }}</p><a href="{{ slots.unsubscribe }}">Unsubscribe</a></body></html>
"""


def test_nothing_in_the_mail_can_act_on_the_preview(root: Path, page: Page) -> None:
    template = root / "templates/email/issue.html.j2"
    template.parent.mkdir(parents=True)
    template.write_text(HOSTILE, encoding="utf-8")
    with serve(root) as address:
        visit(page, address)
        expect(mail(page).get_by_text("Hello Alex Example,")).to_be_visible()
        mail(page).get_by_role("button", name="Act").click()
        mail(page).get_by_text("Lure").click()
        assert page.title() == "May 2021 · Preview"
        assert page.url == address
        page.goto(address.replace("/issues/", "/mail/"))  # and by itself it is as tame
        expect(page.get_by_text("Hello Alex Example,")).to_be_visible()
        assert page.title() == "Hostile"


def test_the_page_works_by_keyboard_alone_and_shows_where_the_focus_is(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, address)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the email")).to_be_focused()
        seen = []
        for _ in range(12):
            page.keyboard.press("Tab")
            seen.append(page.evaluate(FOCUS))
        assert [name for name, _ in seen[:3]] == ["May 2021", "April 2021", "May 2021"]
        names = [name for name, _ in seen]
        assert {"Desktop", "Dark", "Pictures off", "The email"} <= set(names)
        assert all(outlined for name, outlined in seen if name not in ("The email", ""))
        page.get_by_label("Desktop").focus()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_label("Phone")).to_be_checked()
        expect(page.locator("iframe[title='The email on a phone']:not(.coming)")).to_be_visible()
        page.get_by_label("To this address").focus()
        page.keyboard.type("nobody")
        page.keyboard.press("Enter")
        expect(page.locator("#copy-answer[data-mood=faulty]")).to_be_visible()


FOCUS = """() => {
  const it = document.activeElement, ring = it.closest(".choices label") ?? it;
  const name = (it.labels?.[0] ?? it).textContent.trim() || it.title || it.getAttribute("aria-label") || "";
  return [name, getComputedStyle(ring).outlineStyle !== "none"];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_has_a_name_can_be_read_and_can_be_hit(root: Path, page: Page, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    with serve(root) as address:
        visit(page, address)
        page.get_by_label("List", exact=True).select_option("partners")
        expect(page.get_by_label("Person")).to_be_visible()
        save(root, "published:", "publishd:")
        expect(page.locator("#faults")).to_be_visible()
        for view in ("Desktop", "Outlook", "Plain text", "Source"):
            page.get_by_label(view, exact=True).check()
            assert page.evaluate(CONTRAST) == []  # WCAG 1.4.3
            assert page.evaluate(NAMELESS) == []  # 4.1.2
            assert page.evaluate(SMALL) == []  # 2.5.8


def test_the_page_fits_a_window_of_320_pixels(root: Path, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})  # WCAG 1.4.10
    with serve(root) as address:
        visit(page, address)
        for view in ("Desktop", "Phone", "Source"):
            page.get_by_label(view, exact=True).check()
            assert page.evaluate("() => document.documentElement.scrollWidth") == 320


def test_when_the_preview_ends_the_page_says_so(root: Path, page: Page) -> None:
    with serve(root) as address:
        visit(page, address)
    expect(page.locator("#status")).to_contain_text("Is bulletin preview still running?")


def test_ctrl_c_ends_the_command_at_once_though_a_page_is_open(root: Path, page: Page) -> None:
    run = "import typer; from bulletin.cli.commands.write.preview import preview; typer.run(preview)"
    options = ["2021-05", "--no-open", "--port", "0", "--workspace", str(root)]
    with subprocess.Popen([sys.executable, "-u", "-c", run, *options], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said.startswith("The preview of 2021-05 is at http://127.0.0.1:")
        visit(page, said.split()[-1])
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert rest.endswith("The preview has stopped.\n")


def test_a_port_that_is_taken_is_refused_in_words() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BulletinError, match=f"cannot listen on port {port} of 127.0.0.1: Address already in use"):
            listen("127.0.0.1", port)
