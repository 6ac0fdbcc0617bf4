"""The way in, in Welsh: the form, its faults, what is agreed to, the emails, and the page that confirms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html

from bulletin.subscribers.joining.requests import approve_request, refuse_request
from joining_site import DAY, JO, JoiningSite, joining_site, read_part
from public_pages import SETTINGS

BILINGUAL = (
    SETTINGS.replace(
        "name: Bexley S.H.I.E.L.D.\n  about", "name: {cy: S.H.I.E.L.D. y Barri, en: Barry S.H.I.E.L.D.}\n  about"
    )
    .replace(
        "title: S.H.I.E.L.D. e-bulletin\n",
        "title: {cy: Bwletin S.H.I.E.L.D., en: S.H.I.E.L.D. e-bulletin}\n    languages: by reader\n",
    )
    .replace(
        "about: brings news, training and resources for", "about: {cy: newyddion a hyfforddiant., en: brings news to"
    )
    .replace("young people in Bexley.\n    sender", "young people.}\n    sender")
    .replace("title: Safeguarding champions", "title: {cy: Hyrwyddwyr diogelu, en: Safeguarding champions}")
    .replace("about: Training dates and resources.", "about: {cy: Dyddiadau hyfforddi., en: Training dates.}")
    .replace("title: Schools & colleges etc.", "title: {cy: Ysgolion, en: Schools}")
    .replace(
        "about: For staff of schools and colleges in Bexley.", "about: {cy: Staff ysgolion., en: Staff of schools.}"
    )
)
ENGLISH_WORDS = re.compile(
    r"\b(?:the|you|we|your|this|Get|our|by email|free|Select|Enter|Which|Language|Subscribe|Name|optional|agree|Read|"
    r"check|within|Confirm|asked|send|Training|Schools|Safeguarding|once|Error)\b",
    re.IGNORECASE,
)
IN_WELSH = "/subscribe?language=cy"


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[JoiningSite]:
    files = {"partners": "email\nanna@example.org\n", "champions": "email\n", "schools": "email\n"}
    with joining_site(tmp_path, database_url, settings=BILINGUAL, lists=files) as site:
        yield site


def check_welsh(text: str) -> html.HtmlElement:
    """The page, once it is sure that none of it is in English but the way to the English one."""
    page = html.fromstring(text)
    assert page.get("lang") == "cy"
    for link in page.xpath("//a[@hreflang]"):
        link.drop_tree()
    assert ENGLISH_WORDS.findall(" ".join(page.text_content().split())) == []
    return page


def check_emails(site: JoiningSite) -> None:
    """Check that all of what Jo was sent is in Welsh, in plain text and in HTML."""
    for message in site.mail():
        check_welsh(read_part(message, "html"))
        words = re.sub(r"https://\S+", "", read_part(message, "plain"))
        assert ENGLISH_WORDS.findall(f"{message['Subject']} {words}") == []


def test_each_language_of_the_form_leads_to_the_other(site: JoiningSite) -> None:
    english = html.fromstring(site.get("/subscribe").text)
    assert english.get("lang") == "en-GB"
    (link,) = english.xpath("//a[@hreflang]")
    assert (link.get("href"), link.get("lang"), link.text) == ("?language=cy", "cy", "Cymraeg")

    welsh = html.fromstring(site.get(IN_WELSH).text)
    (link,) = welsh.xpath("//a[@hreflang]")
    assert (link.get("href"), link.get("lang"), link.text) == ("?language=en", "en", "English")
    assert welsh.xpath("//input[@name='language'][@checked]/@value") == ["cy"]


def test_a_language_that_there_is_none_of_is_that_of_the_bulletin(site: JoiningSite) -> None:
    assert site.get("/subscribe?language=tlh").text == site.get("/subscribe").text


def test_faults_and_a_slip_of_the_fingers_are_said_in_welsh(site: JoiningSite) -> None:
    faulty = site.post(IN_WELSH, email="jo", name="J" * 101, language="cy")
    assert faulty.status_code == 422
    check_welsh(faulty.text)

    slip = site.post(IN_WELSH, email="jo@gmail.con", list=["champions"], language="cy")
    page = check_welsh(slip.text)
    assert page.xpath("//input[@name='language']/@value") == ["cy"]


def test_someone_joins_in_welsh_from_the_form_to_the_first_email(site: JoiningSite) -> None:
    form = check_welsh(site.get(IN_WELSH).text)
    agreed = form.xpath("//form/p[@class='small']")
    answer = site.post(IN_WELSH, email=JO, list=["champions"], language="cy")
    assert (answer.status_code, answer.headers["location"]) == (303, "/subscribe/sent?language=cy")
    check_welsh(site.get("/subscribe/sent?language=cy").text)

    site.send()
    link = site.find_link()
    asked = check_welsh(site.get(link).text)
    assert "Hyrwyddwyr diogelu" in asked.text_content()
    assert site.confirm(link).status_code == 303
    check_welsh(site.get(link).text)

    site.send()
    assert site.subjects() == [
        "Cadarnhau eich tanysgrifiad: Bwletin S.H.I.E.L.D.",
        "Rydych wedi tanysgrifio: Bwletin S.H.I.E.L.D.",
    ]
    check_emails(site)

    (wish,) = site.rows("wishes")
    assert wish.value == "cy"
    (wording,) = site.rows("wordings")
    assert wording.language == "cy"
    shown = " ".join(line for one in agreed for line in one.text_content().split())
    for line in wording.text.splitlines():
        assert " ".join(line.split()) in shown


def test_someone_who_has_to_wait_is_told_so_in_welsh(site: JoiningSite) -> None:
    site.post(IN_WELSH, email=JO, list=["champions", "schools"], language="cy")
    site.send()
    link = site.find_link()
    site.confirm(link)
    page = check_welsh(site.get(link).text)
    assert "Ysgolion" in page.text_content()


@pytest.mark.parametrize("is_approved", [True, False])
def test_the_answer_to_a_request_is_in_welsh(site: JoiningSite, *, is_approved: bool) -> None:
    site.post(IN_WELSH, email=JO, list=["schools"], language="cy")
    site.send()
    site.confirm(site.find_link())
    settings = site.workspace.settings
    with site.engine.begin() as connection:
        if is_approved:
            assert approve_request(connection, 1, settings, now=site.now)
        else:
            assert refuse_request(connection, 1, settings, reason="", now=site.now)
    site.send()

    assert site.subjects()[1:] == [
        "Gallwch nawr gael: Bwletin S.H.I.E.L.D." if is_approved else "Ynghylch eich cais: Bwletin S.H.I.E.L.D."
    ]
    check_emails(site)


def test_someone_who_gets_it_already_is_told_so_in_the_language_that_they_chose(site: JoiningSite) -> None:
    site.post(IN_WELSH, email=JO, list=["champions"], language="cy")
    site.send()
    site.confirm(site.find_link())
    site.now += DAY
    site.subscribe()
    site.send()

    assert site.subjects()[-1] == "Rydych eisoes yn cael: Bwletin S.H.I.E.L.D."
    check_emails(site)


def test_who_wants_both_languages_confirms_in_that_of_the_bulletin(site: JoiningSite) -> None:
    site.post(IN_WELSH, email=JO, list=["champions"], language="")
    site.send()
    assert html.fromstring(site.get(site.find_link()).text).get("lang") == "en-GB"


def test_a_bulletin_in_welsh_asks_in_welsh_and_in_nothing_else(tmp_path: Path, database_url: str) -> None:
    settings = BILINGUAL.replace("languages: by reader", "language: cy")
    with joining_site(tmp_path, database_url, settings=settings, lists={"champions": "email\n"}) as site:
        page = check_welsh(site.get("/subscribe").text)
        assert page.xpath("//input[@name='language']") == []
        site.subscribe()
        site.send()
        check_welsh(site.get(site.find_link()).text)
