"""A bilingual email: one language whole, then the other, each with its own heading, contents, greeting and foot."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html

from bulletin.approval.contents import take_contents
from bulletin.approval.html_words import list_html_words
from bulletin.delivery.copies.export import show_edition
from bulletin.edition.build import make_edition
from bulletin.edition.edition import Edition
from bulletin.edition.leaks.fingerprints import Fingerprints
from bulletin.edition.leaks.leak_proof import open_leak_proof, require_no_leak
from bulletin.edition.rendering import render_edition
from bulletin.edition.theme import Theme
from bulletin.errors import LeakFound, ThemeError
from bulletin.issue.audience import PUBLIC, Audience
from bulletin.issue.model import Issue
from bulletin.settings.settings import Settings
from bulletin.workspace.package_data import theme_folder
from bulletin.workspace.workspace import open_workspace
from checkout import TESTS
from specimen import SETTINGS, THEME, read_picture

BILINGUAL = TESTS / "edition" / "bilingual"
NOW = datetime(2026, 11, 26, tzinfo=UTC)

ENGLISH_WORDS = re.compile(
    r"\b(?:In this issue|View in browser|What you need to do|Please note|Looking ahead|Led by|Next:|Book a place|"
    r"Unsubscribe|Campaign|phase|to come|done|Delayed|Priority|Guidance|Given by|Places|website|Change what you get|"
    r"January|February|March|October|Tuesday|Wednesday|midday|from \d|to \d)\b"
)


@pytest.fixture(scope="module")
def edition() -> Edition:
    return make_edition(open_workspace(BILINGUAL, environ={}), "2026-11")


def find_half(edition: Edition, language: str) -> lxml_html.HtmlElement:
    document = lxml_html.fromstring(edition.html)
    (half,) = document.xpath(f"//div[@lang='{language}' and not(@role)]")
    return half


def test_each_language_is_whole_and_the_first_comes_first(edition: Edition) -> None:
    document = lxml_html.fromstring(edition.html)
    assert document.get("lang") == "cy"
    assert [half.get("lang") for half in document.xpath("//div[@lang and not(@role)]")] == ["cy", "en-GB"]
    for language, title, first in (("cy", "Bwletin diogelu", "cy-"), ("en-GB", "Safeguarding bulletin", "en-")):
        half = find_half(edition, language)
        assert [each.text_content() for each in half.xpath(".//h1")] == [title]
        jumps = half.xpath(".//a[contains(@class, 'jl')]/@href")
        assert len(jumps) == 7
        assert all(jump.startswith(f"#{first}") and half.xpath(f".//*[@id='{jump[1:]}']") for jump in jumps)
        assert len(half.xpath(".//td[contains(@class, 'do')]")) >= 1


def test_the_welsh_half_has_no_fixed_phrase_or_date_in_english(edition: Edition) -> None:
    welsh = find_half(edition, "cy").text_content()
    assert ENGLISH_WORDS.findall(welsh) == []
    assert "Erbyn dydd Gwener 4 Rhagfyr" in welsh
    text, _, english = edition.text.partition("=" * 76 + "\n\n\nSafeguarding bulletin")
    assert ENGLISH_WORDS.findall(text) == []
    assert ENGLISH_WORDS.search(english)


def test_at_the_top_it_says_in_english_that_english_is_below(edition: Edition) -> None:
    document = lxml_html.fromstring(edition.html)
    first = document.xpath("//body//a[@href]")[0]
    assert (first.text_content(), first.get("href"), first.get("lang")) == ("English below", "#en", "en-GB")
    assert document.xpath("//*[@id='en']")
    assert edition.text.startswith("English below\n")
    assert edition.subject == "Tachwedd 2026: eich archwiliad / November 2026: your audit"


def test_ids_are_unique_and_every_jump_leads_somewhere(edition: Edition) -> None:
    document = lxml_html.fromstring(edition.html)
    ids = document.xpath("//*/@id")
    assert len(ids) == len(set(ids))
    assert {jump[1:] for jump in document.xpath("//a/@href") if jump.startswith("#")} <= set(ids)


def test_a_picture_is_attached_once(edition: Edition) -> None:
    assert len(edition.pictures) == 2


def test_each_half_greets_in_its_language(edition: Edition) -> None:
    welsh, english = "Annwyl Alex,", "Dear Alex,"
    files = show_edition(edition, now=NOW)
    message = message_from_bytes(files["message.eml"], policy=policy.default)
    html = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    plain = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]

    for content in (html, plain, files["email.html"].decode(), files["email.txt"].decode()):
        assert content.count(welsh) == content.count(english) == 1
        assert content.index(welsh) < content.index(english)
        assert "slot" not in re.sub(r"https?://\S+", "", content)
    assert html.count("/unsubscribe/") == 2


def test_an_approval_covers_both_languages(edition: Edition) -> None:
    words = list_html_words(take_contents(edition, lists=["partners"], authors=[]))
    assert "Annwyl {first_name}, / Annwyl gydweithiwr," in words
    assert "Dear {first_name}, / Dear colleague," in words


def test_an_edition_can_be_kept_and_read_again(edition: Edition) -> None:
    assert Edition.from_json(edition.to_json()) == edition


def test_a_theme_that_shows_one_language_only_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    (folder / "email").mkdir(parents=True)
    page = "<html><body>{{ issue.subject }} {{ greeting }} {{ slots.unsubscribe }}</body></html>"
    (folder / "email" / "issue.html.j2").write_text(page, encoding="utf-8")
    workspace = open_workspace(BILINGUAL, environ={})
    with pytest.raises(ThemeError, match="shows only one language"):
        render_edition(
            workspace.load_issue("2026-11"),
            issue_id="2026-11",
            settings=workspace.settings,
            bulletin_name="monthly",
            theme=Theme(folders=(folder, theme_folder())),
            pictures=workspace.read_picture,
        )


NOTICE = {"kind": "notice", "title": "Swyddfa ar gau", "text": "Ar gau.", "do": "Ffonio", "by": "4 June 2021"}


def render(*sections: dict[str, Any], bulletin: dict[str, Any] | None = None, **head: str) -> Edition:
    data = {"month": "2021-05", "published": "4 May 2021", "subject": "Mai", "preview_text": "Newyddion"}
    settings = SETTINGS | {"bulletins": {"news": SETTINGS["bulletins"]["news"] | (bulletin or {})}}
    for name in ("greeting", "greeting_unnamed", "reason") if bulletin else ():
        del settings["bulletins"]["news"][name]
    return render_edition(
        Issue.model_validate(data | head | {"sections": list(sections)}),
        issue_id="2021-05",
        settings=Settings.model_validate(settings),
        bulletin_name="news",
        theme=THEME,
        pictures=read_picture,
    )


def test_a_welsh_issue_is_welsh_throughout() -> None:
    edition = render(NOTICE, bulletin={"language": "cy"}, language="cy")
    document = lxml_html.fromstring(edition.html)

    assert document.get("lang") == "cy"
    assert document.xpath("//@lang") == ["cy", "cy"]
    assert ENGLISH_WORDS.findall(document.xpath("string(//body)")) == []
    assert edition.letterhead.greeting == "Helo {name},"
    assert "Rydych yn cael yr e-bost hwn" in edition.text
    assert "Mai 2021" in edition.text


def test_a_welsh_section_of_an_english_issue_is_marked_wherever_its_words_are() -> None:
    others = [{"kind": "notice", "title": f"Notice {number}", "text": "Open."} for number in range(4)]
    edition = render({**NOTICE, "language": "cy"}, *others)
    document = lxml_html.fromstring(edition.html)

    assert document.get("lang") == "en-GB"
    marked = document.xpath("//*[@lang='cy']")
    assert [each.tag for each in marked] == ["a", "a", "td"]  # the task, the contents, the section
    assert [each.text_content().strip() for each in marked[:2]] == ["Ffonio", "Swyddfa ar gau"]
    assert "Sylwch" in marked[2].text_content()
    assert "Please note" in document.text_content()
    assert "By Fri 4 Jun" in document.text_content()


def test_without_a_website_how_to_unsubscribe_is_said_in_the_language_of_the_issue() -> None:
    workspace = open_workspace(BILINGUAL, environ={})
    settings = workspace.settings.model_copy(update={"website": None})
    issue = workspace.load_issue("2026-11").in_language("cy")
    edition = render_edition(
        issue,
        issue_id="2026-11",
        settings=settings,
        bulletin_name="monthly",
        theme=THEME,
        pictures=workspace.read_picture,
    )
    text = show_edition(edition, now=NOW)["email.txt"].decode()
    assert "Dad-danysgrifio: anfonwch e-bost gyda’r pwnc isod." in text
    assert "Unsubscribe " in text  # the subject that is read by a machine


RESTRICTED = {
    "kind": "notice",
    "title": {"cy": "Ysgolion yn unig", "en": "Schools alone"},
    "for": ["schools"],
    "text": {
        "cy": "Dim ond ysgolion sy’n cael darllen hyn heddiw.",
        "en": "Only colleagues in schools may read this today.",
    },
}
OPEN = {"kind": "notice", "title": {"cy": "Oriau", "en": "Hours"}, "text": {"cy": "Ar agor.", "en": "Open."}}
SETTINGS_FOR_LISTS = SETTINGS | {
    "lists": {
        "partners": {"title": "Partners", "basis": "public-task"},
        "schools": {"title": {"cy": "Ysgolion", "en": "Schools and colleges"}, "basis": "public-task"},
    }
}


def make_pair(introduction: dict[str, str]) -> tuple[Issue, Settings]:
    data = {
        "month": "2021-05",
        "published": "4 May 2021",
        "languages": ["cy", "en"],
        "subject": {"cy": "Mai", "en": "May"},
        "preview_text": {"cy": "Newyddion", "en": "News"},
        "introduction": introduction,
        "sections": [RESTRICTED, OPEN],
    }
    return Issue.model_validate(data), Settings.model_validate(SETTINGS_FOR_LISTS)


def render_for(audience: Audience, introduction: dict[str, str]) -> tuple[Edition, Issue, Fingerprints]:
    whole, settings = make_pair(introduction)
    pruned = whole.for_audience(audience)
    edition = render_edition(
        pruned, issue_id="2021-05", settings=settings, bulletin_name="news", theme=THEME, pictures=read_picture
    )
    proof = open_leak_proof(whole, settings=settings, theme=THEME)
    assert proof
    return edition, pruned, proof.make(pruned)


def test_what_is_for_some_readers_is_in_neither_language_of_the_others() -> None:
    welcome = {"cy": "Croeso.", "en": "Welcome."}
    edition, pruned, fingerprints = render_for(PUBLIC, welcome)
    for words in ("Ysgolion yn unig", "Schools alone", "cael darllen", "may read"):
        assert words not in edition.html + edition.text
    require_no_leak(edition, pruned, fingerprints)

    edition, _, _ = render_for(Audience(lists=frozenset({"schools"})), welcome)
    assert "Sylwch · Ar gyfer: Ysgolion" in edition.text
    assert "Please note · For schools and colleges" in edition.text


@pytest.mark.parametrize("language", ["cy", "en"])
def test_a_leak_is_found_in_either_language(language: str) -> None:
    told = RESTRICTED["text"][language]  # type: ignore[index]
    introduction = {"cy": "Croeso.", "en": "Welcome."} | {language: told}
    # An introduction is for everyone, so it says what is hidden below it.
    edition, pruned, fingerprints = render_for(PUBLIC, introduction)
    with pytest.raises(LeakFound):
        require_no_leak(edition, pruned, fingerprints)
