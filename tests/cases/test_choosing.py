"""Readers choose on their own page: what a form changes in the database, and what it doesn't."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select, update

from anytown import address_of, opt_out
from bulletin.database.schema import open_database
from bulletin.database.states import OutboxKind, OutboxState, PersonEventKind, WishKind
from bulletin.database.tables import (
    consents,
    deliveries,
    memberships,
    outbox,
    person_events,
    subscribers,
    suppression_events,
    wishes,
    wordings,
)
from bulletin.subscribers.choosing.present_choices import ADDS_WITHIN
from bulletin.subscribers.outbox import put_email
from bulletin.subscribers.scope import EVERYTHING, Scope, one_bulletin, one_list
from bulletin.subscribers.tokens import Purpose, sign_token
from bulletin.website.pages.preferences import LanguageChoice
from conftest import examples
from public_pages import TWO_BULLETINS
from reader_site import DAY, KEY, OLD_KEY, ORIGIN, ReaderSite, change

WEB, FILE = "web", "file"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def site(engine: Engine) -> ReaderSite:
    """Anna and Ben are on partners, which no one can join by themselves; anyone can join champions."""
    site = ReaderSite(engine)
    site.add(partners=["anna", "ben"])
    return site


@pytest.fixture
def link(site: ReaderSite) -> str:
    """Anna's, from the issue of May."""
    return site.link(site.mail("partners"), "anna")


def read_rows(engine: Engine, *columns: Any, name: str = "anna") -> list[tuple[Any, ...]]:
    """Columns of the rows about one person."""
    with engine.begin() as connection:
        person = connection.execute(select(subscribers).where(subscribers.c.address == address_of(name))).one()
        table = columns[0].table
        own = table.c.hash == person.hash if "hash" in table.c else table.c.subscriber_id == person.id
        return [tuple(row) for row in connection.execute(select(*columns).where(own))]


def find_leaving(site: ReaderSite, link: str) -> str:
    """Where “Unsubscribe from everything” leads."""
    (found,) = re.findall(r'"(/unsubscribe/[^"]+)">Unsubscribe from everything', site.client.get(link).text)
    assert found.endswith("?all")
    return str(found)


# --- what the page shows


def test_the_page_shows_their_own_lists_and_those_they_may_join_at_once(site: ReaderSite, link: str) -> None:
    fields = site.open_form(link)

    assert [value for name, value in fields if name == "shown"] == ["partners", "champions"]
    assert [value for name, value in fields if name == "list"] == ["partners"]
    assert ("name", "anna") in fields
    assert address_of("anna") not in site.read(link)


def test_a_list_that_is_open_to_some_is_shown_to_them_alone(site: ReaderSite, engine: Engine) -> None:
    """Where a person has to approve, asking is the way: the page to choose doesn't go past that."""
    mailing = site.mail("partners")
    for address, shown in (("anna@school.bexley.sch.uk", True), ("anna@sch.uk.example.org", False)):
        with engine.begin() as connection:
            connection.execute(update(subscribers).where(subscribers.c.name == "anna").values(address=address))
        assert (("shown", "schools") in site.open_form(site.link(mailing, "anna"))) == shown


def test_a_list_that_is_closed_cannot_be_joined_by_a_form_that_someone_made_up(
    site: ReaderSite, engine: Engine
) -> None:
    site.add(champions=["cara"])
    link = site.link(site.mail("champions"), "cara")
    made_up = [("shown", "partners"), ("shown", "schools"), ("shown", "champions"), ("was-format", "html")]

    status, _ = site.send(link, [*made_up, ("list", "partners"), ("list", "schools"), ("list", "champions")])

    assert status == 303
    assert read_rows(engine, memberships.c.list, name="cara") == [("champions",)]


def read_fields(site: ReaderSite, link: str) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in site.open_form(link):
        fields.setdefault(name, []).append(value)
    return fields


def tick(pairs: Any, *bulletins: str) -> Any:
    """A form with these bulletins ticked and no others."""
    return [*(pair for pair in pairs if pair[0] != "bulletin"), *(("bulletin", name) for name in bulletins)]


@pytest.fixture
def pair(engine: Engine) -> ReaderSite:
    """Two bulletins: champions get both, partners and schools the monthly one; Anna and Ben are on all lists."""
    site = ReaderSite(engine, TWO_BULLETINS)
    site.add(champions=["anna", "ben"], partners=["anna", "ben"])
    return site


def test_one_bulletin_is_left_and_the_other_stays(pair: ReaderSite) -> None:
    link = pair.link(pair.mail("champions"), "anna")
    assert read_fields(pair, link)["bulletin"] == ["monthly", "training"]

    assert pair.send(link, tick(pair.open_form(link), "monthly"))[0] == 303
    assert pair.reached("training/2021-06", "champions") == {"ben"}
    assert "anna" in pair.reached("2021-06", "champions")
    fields = read_fields(pair, link)
    assert (fields["bulletin"], fields["was-bulletins"]) == (["monthly"], ["monthly"])
    assert set(fields["list"]) == {"champions", "partners"}


def test_a_bulletin_comes_back_by_its_own_box_with_evidence_and_an_email(pair: ReaderSite, engine: Engine) -> None:
    link = pair.link(pair.mail("champions"), "anna")
    pair.send(link, tick(pair.open_form(link), "monthly"))
    pair.send(link, tick(pair.open_form(link), "monthly", "training"))

    assert "anna" in pair.reached("training/2021-06", "champions")
    assert [list(details["lists"]) for _, _, details in pair.outbox()] == [["Training news"]]
    with engine.begin() as connection:
        assert "Change what you get: Training news" in connection.scalars(select(wordings.c.text)).all()


def test_joining_a_list_brings_back_no_bulletin_that_was_left(pair: ReaderSite) -> None:
    link = pair.link(pair.mail("champions"), "anna")
    pair.send(link, tick(pair.open_form(link), "monthly"))
    pair.choose(link, "partners")
    pair.choose(link, "partners", "champions")

    assert pair.reached("training/2021-06", "champions") == {"ben"}
    assert "anna" in pair.reached("2021-06", "champions")


def test_a_bulletin_that_was_left_by_one_click_is_without_its_tick(pair: ReaderSite) -> None:
    mailing = pair.mail("champions", issue="training/2021-05")
    leaving, link = pair.link(mailing, "anna", Purpose.UNSUBSCRIBE), pair.link(mailing, "anna")
    assert pair.client.post(leaving, data={"List-Unsubscribe": "One-Click"}).status_code == 200

    said = pair.read(leaving)
    assert "We won’t send Training news to" in said
    assert "This doesn’t stop S.H.I.E.L.D. e-bulletin." in said
    assert read_fields(pair, link)["bulletin"] == ["monthly"]
    assert "anna" in pair.reached("2021-06", "champions")
    pair.send(leaving, [("act", "stop"), ("scope", "all")])
    assert "anna" not in pair.reached("2021-07", "champions")


def test_no_bulletin_at_all_is_a_fault_that_says_what_to_do(pair: ReaderSite) -> None:
    link = pair.link(pair.mail("champions"), "anna")
    status, page = pair.send(link, tick(pair.open_form(link)))

    assert status == 422
    assert 'href="#bulletin-1">Select at least one bulletin, or unsubscribe from everything' in page


def test_an_old_form_changes_no_bulletin_that_it_says_nothing_about(pair: ReaderSite) -> None:
    link = pair.link(pair.mail("champions"), "anna")
    old = pair.open_form(link)
    pair.send(link, tick(old, "monthly"))
    pair.send(link, [pair_ for pair_ in old if pair_[0] != "name"] + [("name", "Anna B")])

    assert "anna" not in pair.reached("training/2021-06", "champions")


def test_a_link_that_is_old_brings_no_bulletin_back(pair: ReaderSite) -> None:
    link = pair.link(pair.mail("champions"), "anna")
    pair.send(link, tick(pair.open_form(link), "monthly"))
    form = pair.open_form(link)
    pair.now += ADDS_WITHIN
    pair.send(link, tick(form, "monthly", "training"))

    assert "training" not in read_fields(pair, link).get("bulletin", [])
    assert pair.reached("training/2021-06", "champions") == {"ben"}


def test_languages_are_offered_where_there_are_several(engine: Engine) -> None:
    languages = (LanguageChoice(code="en-GB", name="English"), LanguageChoice(code="cy", name="Cymraeg"))
    site = ReaderSite(engine, languages=languages)
    site.add(partners=["anna"])
    link = site.link(site.mail("partners"), "anna")
    assert ("language", "en-GB") in site.open_form(link)

    site.choose(link, "partners", language="cy")
    site.choose(link, "partners")
    site.choose(link, "partners", language="xx")

    assert read_rows(engine, wishes.c.kind, wishes.c.value) == [(WishKind.LANGUAGE, "cy")]
    assert ("language", "cy") in site.open_form(link)


# --- lists


def test_a_list_that_is_left_is_stopped_and_the_others_are_not(site: ReaderSite, engine: Engine, link: str) -> None:
    site.choose(link, "champions", "partners")

    site.choose(link, "champions")

    assert set(read_rows(engine, memberships.c.list, memberships.c.source)) == {("partners", FILE), ("champions", WEB)}
    assert site.reached("2021-06", "partners") == {"ben"}
    assert site.reached("2021-07", "champions") == {"anna"}
    assert "We’ve saved your choices." in site.read(f"{link}?saved")


def test_a_list_that_is_added_has_its_evidence_and_reaches_them(site: ReaderSite, engine: Engine, link: str) -> None:
    site.choose(link, "partners", "champions")

    assert site.reached("2021-06", "champions") == {"anna"}
    columns = (consents.c.method, consents.c.list, consents.c.page, consents.c.confirmed_at)
    assert read_rows(engine, *columns) == [("preferences", "champions", "/preferences", site.now)]
    with engine.begin() as connection:
        words = connection.scalars(select(wordings.c.text)).all()
    assert words == ["Change what you get: Safeguarding champions. Once a month."]
    joined = read_rows(engine, memberships.c.list, memberships.c.basis, memberships.c.source)
    assert ("champions", "consent", WEB) in joined


def test_a_list_that_was_added_is_told_by_email(site: ReaderSite, engine: Engine, link: str) -> None:
    """Someone who was forwarded the bulletin can come to the page as well."""
    site.choose(link, "champions")

    assert site.outbox() == [(OutboxKind.ADDED, "", {"lists": ["Safeguarding champions"]})]
    assert [row for (row,) in read_rows(engine, outbox.c.state)] == [OutboxState.QUEUED]


def test_each_list_that_comes_back_is_told_too_and_nothing_else_is(site: ReaderSite, link: str) -> None:
    site.choose(link, "partners", format="text", name="Anna Bell")
    site.choose(link, "champions", pause="3")
    assert len(site.outbox()) == 1

    site.choose(link, "champions", "partners")

    assert [details["lists"] for _, _, details in site.outbox()] == [["Safeguarding champions"], ["Partner agencies"]]


@pytest.mark.parametrize("scope", [EVERYTHING, one_bulletin("."), one_list("partners")])
def test_someone_who_unsubscribed_comes_back_list_by_list(site: ReaderSite, link: str, scope: Scope) -> None:
    site.choose(link, "partners", "champions")
    opt_out(site.engine, "anna", scope=scope)
    opt_out(site.engine, "anna", scope=one_list("champions"))
    assert "You get nothing at the moment." in site.read(link)
    assert [name for name, _ in site.open_form(link) if name == "list"] == []

    site.choose(link, "partners")

    assert site.reached("2021-06", "partners") == {"anna", "ben"}
    assert site.reached("2021-07", "champions") == set()
    assert "You get nothing at the moment." not in site.read(link)


def test_who_left_one_of_two_bulletins_keeps_their_list(engine: Engine) -> None:
    site = ReaderSite(engine, TWO_BULLETINS)
    site.add(champions=["anna"], partners=["anna"])
    link = site.link(site.mail("champions"), "anna")
    opt_out(engine, "anna", scope=one_bulletin("training"))
    assert ("list", "champions") in site.open_form(link)

    site.choose(link, "champions", "partners", format="text")

    assert site.reached("training/2021-06", "champions") == set()
    assert site.reached("2021-06", "champions") == {"anna"}


def test_no_list_is_a_fault_and_what_was_typed_stays(site: ReaderSite, link: str) -> None:
    before = site.dump()

    status, page = site.send(link, change(site.open_form(link), name="A" * 101, format="text"))

    assert status == 422
    assert "Error: Select at least one list, or unsubscribe from everything" in page
    assert "Name must be 100 characters or fewer" in page
    assert "A" * 101 in page
    assert site.dump() == before


def test_everything_can_be_left_from_there(site: ReaderSite, link: str) -> None:
    leaving = find_leaving(site, link)

    status, page = site.send(leaving, site.open_form(leaving))

    assert (status, "You’ve unsubscribed" in page) == (200, True)
    assert site.reached("2021-06", "partners") == {"ben"}
    assert "You get nothing at the moment." in site.read(link)


def test_who_left_a_bulletin_can_still_leave_everything(site: ReaderSite, link: str) -> None:
    opt_out(site.engine, "anna", scope=one_bulletin("."))
    leaving = find_leaving(site, link)
    assert "We’ll stop sending you everything from" in site.read(leaving)

    site.send(leaving, site.open_form(leaving))
    assert site.reached("training/2021-06", "partners") == {"ben"}


def test_the_page_to_unsubscribe_leads_to_the_choices(site: ReaderSite) -> None:
    mailing = site.mail("partners")
    page = site.client.get(site.link(mailing, "anna", Purpose.UNSUBSCRIBE)).text
    assert site.link(mailing, "anna") in page


# --- old forms, and old links


def test_a_form_that_was_left_open_undoes_no_later_wish(site: ReaderSite, engine: Engine, link: str) -> None:
    old = site.open_form(link)
    site.choose(link, "champions", format="text", pause="6", name="Anna Bell")

    status, _ = site.send(link, old)

    assert status == 303
    fields = site.open_form(link)
    assert [value for name, value in fields if name == "list"] == ["champions"]
    assert {("format", "text"), ("pause", "keep"), ("name", "Anna Bell")} <= set(fields)
    assert site.reached("2021-12", "partners") == {"ben"}
    assert len(read_rows(engine, wishes.c.id)) == 3


def test_the_same_form_sent_twice_writes_nothing_more(site: ReaderSite, link: str) -> None:
    form = change(site.open_form(link), "champions", format="text", pause="1", name="Anna Bell")
    site.send(link, form)
    before = site.dump()

    site.now += 60_000
    assert site.send(link, form)[0] == 303
    assert site.dump() == before


@examples(25)
@given(data=st.data())
def test_forms_of_any_age_end_as_each_change_alone_would(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """A model with two sets: what is received, and what each form showed."""
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('forms') / 'ledger.db'}")
    site = ReaderSite(engine)
    site.add(partners=["anna"], champions=["anna"])
    link = site.link(site.mail("partners"), "anna")
    received = {"partners", "champions"}
    opened = [(site.open_form(link), frozenset(received))]
    for _ in range(data.draw(st.integers(1, 6))):
        site.now += 1000
        form, shown = data.draw(st.sampled_from(opened))
        ticked = data.draw(st.sets(st.sampled_from(["champions", "partners"]), min_size=1))
        assert site.send(link, change(form, *sorted(ticked)))[0] == 303
        received = received - (shown - ticked) | (ticked - shown)
        opened.append((site.open_form(link), frozenset(received)))
        assert {value for name, value in opened[-1][0] if name == "list"} == received
    engine.dispose()


def test_a_link_adds_lists_for_a_year(site: ReaderSite, engine: Engine, link: str) -> None:
    young = site.open_form(link)
    site.now += ADDS_WITHIN
    fields = site.open_form(link)
    assert [value for name, value in fields if name == "shown"] == ["partners"]
    assert "so it can’t add lists" in site.read(link)

    site.send(link, change(young, "partners", "champions"))
    assert read_rows(engine, memberships.c.list) == [("partners",)]

    site.choose(link, "partners", format="text")
    site.send(link, change(site.open_form(link), pause="1"))
    assert read_rows(engine, wishes.c.kind) == [(WishKind.FORMAT,)]  # without a list, it is a fault


def test_with_an_old_link_one_can_leave_and_wish_but_not_come_back(site: ReaderSite, link: str) -> None:
    site.choose(link, "partners", "champions")
    site.now += ADDS_WITHIN
    site.choose(link, "champions")
    assert [value for name, value in site.open_form(link) if name == "shown"] == ["champions"]

    opt_out(site.engine, "anna")
    assert "You get nothing at the moment." in site.read(link)
    status, _ = site.send(link, change(site.open_form(link), name="Anna Bell"))
    assert status == 303


@pytest.mark.parametrize(("kind", "adds"), [(OutboxKind.WELCOME, True), (OutboxKind.ALREADY, False)])
def test_the_link_of_a_welcome_adds_lists_and_no_other_without_a_delivery(
    site: ReaderSite,
    engine: Engine,
    kind: OutboxKind,
    adds: bool,  # noqa: FBT001 -- a case
) -> None:
    with engine.begin() as connection:
        person = connection.scalar(select(subscribers.c.id).where(subscribers.c.name == "anna"))
        put_email(connection, kind, dedupe="d", details={}, now=site.now, subscriber_id=person)
        ended = {"state": OutboxState.ACCEPTED, "ended_at": site.now}
        connection.execute(update(outbox).values(**ended))
    link = f"/preferences/{sign_token(Purpose.PREFERENCES, person, 0, key=KEY)}"
    assert (("shown", "champions") in site.open_form(link)) == adds
    site.now += ADDS_WITHIN
    assert ("shown", "champions") not in site.open_form(link)


def test_a_delivery_that_is_no_longer_known_or_anothers_adds_nothing(site: ReaderSite, engine: Engine) -> None:
    mailing = site.mail("partners")
    links = {name: site.link(mailing, name) for name in ("anna", "ben")}
    with engine.begin() as connection:
        rows = {row.name: row for row in connection.execute(select(deliveries))}
        anna, ben = rows["anna"], rows["ben"]
    others = sign_token(Purpose.PREFERENCES, anna.subscriber_id, ben.id, key=KEY)
    assert ("shown", "champions") not in site.open_form(f"/preferences/{others}")

    with engine.begin() as connection:
        connection.execute(delete(deliveries))
    assert ("shown", "champions") not in site.open_form(links["anna"])


# --- format, name, pause


def test_wishes_are_kept_with_their_time_and_what_they_came_through(
    site: ReaderSite, engine: Engine, link: str
) -> None:
    site.choose(link, "partners", format="text", pause="3", name="Anna  Bell ")

    kept = read_rows(engine, wishes.c.kind, wishes.c.value, wishes.c.since, wishes.c.origin)
    assert set(kept) == {
        (WishKind.FORMAT, "text", site.now, "page"),
        (WishKind.PAUSE, "2021-08-04", site.now, "page"),
        (WishKind.NAME, "Anna Bell", site.now, "page"),
    }
    happened = read_rows(engine, person_events.c.kind, person_events.c.target, person_events.c.origin)
    assert set(happened) == {(PersonEventKind.WISHED, kind, "page") for kind in ("format", "pause", "name")}


def test_a_pause_can_be_kept_made_longer_and_ended(site: ReaderSite, link: str) -> None:
    assert ("pause", "none") in site.open_form(link)
    site.choose(link, "partners", pause="1")
    assert "Paused until Friday 4 June 2021." in site.read(link)
    site.choose(link, "partners")
    assert "Paused until Friday 4 June 2021." in site.read(link)
    site.choose(link, "partners", pause="6")
    assert "Paused until Thursday 4 November 2021." in site.read(link)
    assert 'value="none"' in site.client.get(link).text
    site.choose(link, "partners", pause="none")
    assert "Paused until" not in site.read(link)


def test_a_pause_is_over_on_its_day(site: ReaderSite, link: str) -> None:
    site.choose(link, "partners", pause="1")
    site.now += 30 * DAY
    assert site.reached("2021-06", "partners") == {"ben"}
    site.now += DAY
    assert "Paused until" not in site.read(link)
    assert site.reached("2021-07", "partners") == {"anna", "ben"}


@pytest.mark.parametrize("name", ["Anna Bell", ""])
def test_how_they_wish_to_be_greeted_counts_whatever_their_list_says(site: ReaderSite, link: str, name: str) -> None:
    site.choose(link, "partners", name=name)
    with site.engine.begin() as connection:  # as a sync of the list's file does
        connection.execute(update(subscribers).where(subscribers.c.name == "anna").values(name="Ms A. Bell"))

    assert site.reached("2021-06", "partners") == {name, "ben"}
    assert ("name", name) in site.open_form(link)


@examples(30)
@given(text=st.text(max_size=120), pause=st.text(max_size=5), language=st.text(max_size=5))
def test_whatever_is_typed_is_saved_or_a_fault(
    tmp_path_factory: pytest.TempPathFactory, text: str, pause: str, language: str
) -> None:
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('typed') / 'ledger.db'}")
    site = ReaderSite(engine)
    site.add(partners=["anna"])
    link = site.link(site.mail("partners"), "anna")
    form = change(site.open_form(link), "partners", name=text, pause=pause, language=language)

    assert site.send(link, form)[0] in (303, 422)
    assert site.client.get(link).status_code == 200
    engine.dispose()


@pytest.mark.parametrize("odd", ["\x00", "\u202e", "\x1b", "\r\nBcc: x", "\u2028", "\x85"])
def test_a_name_is_one_line_without_what_no_one_sees(site: ReaderSite, link: str, odd: str) -> None:
    site.choose(link, "partners", name=f"Anna{odd} Bell")
    (name,) = site.reached("2021-06", "partners") - {"ben"}
    assert name in ("Anna Bell", "Anna Bcc: x Bell")


# --- who may


@pytest.mark.parametrize("purpose", [one for one in Purpose if one not in (Purpose.PREFERENCES, Purpose.CONFIRM)])
def test_a_link_for_another_purpose_opens_no_choices(site: ReaderSite, engine: Engine, purpose: Purpose) -> None:
    site.mail("partners")
    with engine.begin() as connection:
        row = connection.execute(select(deliveries)).first()
    assert row is not None
    link = f"/preferences/{sign_token(purpose, row.subscriber_id, row.id, key=KEY)}"
    before = site.dump()
    for answer in (site.client.get(link), site.client.post(link, data={"pause": "1"}, headers={"Origin": ORIGIN})):
        assert answer.status_code == 404
        assert "This link doesn’t work" in answer.text
    assert site.dump() == before


def test_an_older_key_still_opens_them_and_a_guess_does_not(site: ReaderSite) -> None:
    mailing = site.mail("partners")
    assert site.client.get(site.link(mailing, "anna", key=OLD_KEY)).status_code == 200
    assert site.client.get(site.link(mailing, "anna", key=b"a guess")).status_code == 404
    good = site.link(mailing, "anna")
    for wrong in (good[:-1], f"{good}0", f"{good}/", good.replace("/p", "/u", 2)):
        assert site.client.get(wrong).status_code == 404


def test_someone_whose_details_were_erased_has_no_page(site: ReaderSite, engine: Engine, link: str) -> None:
    with engine.begin() as connection:
        connection.execute(update(subscribers).where(subscribers.c.name == "anna").values(address="", name=""))
    assert site.client.get(link).status_code == 404
    assert site.send(link, [("shown", "partners"), ("list", "partners")])[0] == 404


def test_a_form_of_another_website_changes_nothing(site: ReaderSite, link: str) -> None:
    before = site.dump()
    answer = site.client.post(link, data={"pause": "6"}, headers={"Origin": "https://elsewhere.example.net"})
    assert answer.status_code == 403
    assert site.dump() == before


def test_past_a_limit_nothing_is_saved(site: ReaderSite, link: str) -> None:
    form, before = change(site.open_form(link), "champions"), site.dump()
    site.wait = 600
    status, page = site.send(link, form)
    assert (status, "We haven’t saved anything" in page) == (429, True)
    assert site.dump() == before


def test_a_database_that_is_gone_is_told_and_nothing_is_claimed(site: ReaderSite, engine: Engine, link: str) -> None:
    form = site.open_form(link)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE wishes RENAME TO elsewhere")
    status, page = site.send(link, form)
    assert status in (500, 503)
    assert "We haven’t saved your choice" in page


def test_no_token_and_no_address_is_in_the_lines_for_it(site: ReaderSite, link: str) -> None:
    site.choose(link, "partners")
    assert [line.rpartition(" ")[0].rpartition(" ")[0] for line in site.lines] == [
        "GET /preferences/… 200",
        "POST /preferences/… 303",
    ]


def test_forms_that_are_sent_at_once_add_a_list_once(site: ReaderSite, engine: Engine, link: str) -> None:
    form = change(site.open_form(link), "partners", "champions", format="text")
    body = urlencode(form).encode()
    with site.serve() as address, ThreadPoolExecutor(8) as threads:

        def send(_number: int) -> int:
            connection = HTTPConnection(address.removeprefix("http://"), timeout=60)
            headers = {"Origin": address, "Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", link, body, headers)
            status = connection.getresponse().status
            connection.close()
            return status

        assert list(threads.map(send, range(16))) == [303] * 16

    assert len(site.outbox()) == 1
    assert read_rows(engine, consents.c.list) == [("champions",)]
    assert read_rows(engine, wishes.c.value) == [("text",)]


def test_saving_is_all_or_nothing(site: ReaderSite, engine: Engine, link: str) -> None:
    """The last thing that is written can't be: then nothing of it is."""
    form = change(site.open_form(link), "champions", format="text")
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE person_events RENAME TO elsewhere")
    tables = (memberships, suppression_events, consents, wishes, outbox)
    with engine.begin() as connection:
        before = [connection.execute(select(table)).all() for table in tables]

    assert site.send(link, form)[0] in (500, 503)

    with engine.begin() as connection:
        assert [connection.execute(select(table)).all() for table in tables] == before
