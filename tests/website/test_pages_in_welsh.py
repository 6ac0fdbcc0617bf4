"""The pages where readers leave and choose, in the language that they chose; and the choice itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from lxml import html
from sqlalchemy import Engine, select

from anytown import wish_language
from bulletin.database.schema import open_database
from bulletin.database.states import SignUpState, WishKind
from bulletin.database.tables import sign_ups, wishes, wordings
from bulletin.subscribers.address import parse_address
from bulletin.subscribers.joining.confirmation import confirm_sign_up
from bulletin.subscribers.joining.sign_up import JoinRequest, ask_to_join, find_sign_ups, move_sign_up
from bulletin.subscribers.tokens import Purpose
from bulletin.website.pages.choices import list_languages
from public_pages import SETTINGS, read_settings
from reader_site import ReaderSite

BY_READER = SETTINGS.replace(
    "    title: S.H.I.E.L.D. e-bulletin\n",
    "    title: {cy: Bwletin S.H.I.E.L.D., en: S.H.I.E.L.D. e-bulletin}\n    languages: by reader\n",
)
TWO_BY_READER = BY_READER.replace(
    "lists:\n",
    "  training:\n    title: {cy: Newyddion hyfforddi, en: Training news}\n    languages: by reader\n"
    "    sender: {name: B, email: b@shield.example.org}\n    lists: [champions]\nlists:\n",
    1,
)
ENGLISH_WORDS = re.compile(
    r"\b(?:Unsubscribe|This is for|stop|Change|Everything|Undo|Skip|Privacy|Complaints|Contact us|by mistake|Lists|"
    r"Format|Language|break|Save|once a month|You get|We won|Why|already|again|Pause|Until|Name|"
    r"Bulletins|Read|latest|still|Training)\b"
)


@pytest.fixture
def engine(tmp_path: object) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/ledger.db")
    yield engine
    engine.dispose()


@pytest.fixture
def site(engine: Engine) -> ReaderSite:
    site = ReaderSite(engine, BY_READER, languages=list_languages(read_settings(BY_READER)))
    site.add(partners=["anna", "ben"])
    wish_language(engine, "anna", "cy")
    return site


def open_page(site: ReaderSite, link: str) -> html.HtmlElement:
    answer = site.client.get(link)
    assert answer.status_code == 200
    return html.fromstring(answer.text)


def read_words(page: html.HtmlElement) -> str:
    """What a reader sees, but for what bulletin.yaml says in one language only."""
    words = " ".join(page.text_content().split())
    return words.replace("Partner agencies", "").replace("Safeguarding champions", "").replace("Schools & colleges", "")


def test_a_reader_who_chose_welsh_leaves_in_welsh(site: ReaderSite) -> None:
    link = site.link(site.mail("partners"), "anna", Purpose.UNSUBSCRIBE)

    before = open_page(site, link)
    status, after = site.send(link, site.open_form(link))
    again = html.fromstring(after)

    assert status == 200
    for page in (before, again):
        assert page.get("lang") == "cy"
        assert ENGLISH_WORDS.findall(read_words(page)) == []
    assert "Bwletin S.H.I.E.L.D." in read_words(before)
    assert "Rydych wedi dad-danysgrifio" in read_words(again)


def test_a_reader_who_chose_nothing_leaves_in_the_language_of_the_bulletin(site: ReaderSite, engine: Engine) -> None:
    link = site.link(site.mail("partners"), "ben", Purpose.UNSUBSCRIBE)
    page = open_page(site, link)

    assert page.get("lang") == "en-GB"
    assert "S.H.I.E.L.D. e-bulletin" in read_words(page)
    wish_language(engine, "ben", "cy")
    assert open_page(site, link).get("lang") == "cy"


def test_the_page_of_choices_is_in_welsh_and_offers_both_languages_and_each(site: ReaderSite, engine: Engine) -> None:
    link = site.link(site.mail("partners"), "anna")
    page = open_page(site, link)

    assert page.get("lang") == "cy"
    assert ENGLISH_WORDS.findall(read_words(page)) == []
    offered = [(each.get("value"), each.get("checked") is not None) for each in page.xpath("//input[@name='language']")]
    assert offered == [("", False), ("en", False), ("cy", True)]

    site.choose(link, "partners", language="")
    assert open_page(site, link).get("lang") == "en-GB"
    with engine.begin() as connection:
        kept = select(wishes.c.value).where(wishes.c.kind == WishKind.LANGUAGE).order_by(wishes.c.id)
        assert list(connection.scalars(kept)) == ["cy", ""]


def test_a_reader_who_chose_welsh_leaves_one_of_two_bulletins_and_comes_back_in_welsh(engine: Engine) -> None:
    site = ReaderSite(engine, TWO_BY_READER, languages=list_languages(read_settings(TWO_BY_READER)))
    site.add(champions=["anna"])
    wish_language(engine, "anna", "cy")
    mailing = site.mail("champions")
    leaving, choosing = site.link(mailing, "anna", Purpose.UNSUBSCRIBE), site.link(mailing, "anna")
    both = open_page(site, choosing)
    _, left = site.send(leaving, site.open_form(leaving))
    form = site.open_form(choosing)

    site.send(choosing, [*form, ("bulletin", "monthly")])
    again = open_page(site, choosing)
    with engine.begin() as connection:
        kept = list(connection.scalars(select(wordings.c.text)))

    for page in (both, html.fromstring(left), again):
        assert ENGLISH_WORDS.findall(read_words(page)) == []
    assert "Bwletinau" in read_words(both)
    assert "Nid yw hyn yn atal: Newyddion hyfforddi." in read_words(html.fromstring(left))
    assert ("bulletin", "monthly") not in form
    assert kept == ["Newid yr hyn rydych yn ei gael: Bwletin S.H.I.E.L.D."]


@pytest.mark.parametrize("language", ["cy", "en", ""])
def test_the_language_that_was_chosen_at_sign_up_is_kept_once_it_is_confirmed(engine: Engine, language: str) -> None:
    settings = read_settings(BY_READER)
    request = JoinRequest(
        address=parse_address("jo@example.org"), lists=("champions",), wording="Yes", wanted_language=language, page="/"
    )
    with engine.begin() as connection:
        assert ask_to_join(connection, request, now=1)
        (asked,) = find_sign_ups(connection, sign_ups.c.id > 0, most=1)
        move_sign_up(connection, asked, SignUpState.SENT, now=2)
        confirm_sign_up(connection, asked.number, settings, now=3)
        assert list(connection.scalars(select(wishes.c.value))) == ([language] if language else [])


def test_no_language_is_asked_for_where_everyone_gets_all_of_an_issue() -> None:
    assert list_languages(read_settings(SETTINGS)) == ()
