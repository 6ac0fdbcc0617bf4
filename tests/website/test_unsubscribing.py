"""Unsubscribing at work: what a link changes in the database, and what it doesn't."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from sqlalchemy import Engine, select
from starlette.testclient import TestClient

from anytown import NOON, add_people, address_of, make_edition, opt_out
from bulletin.database.schema import open_database
from bulletin.database.states import SuppressionOrigin
from bulletin.database.tables import deliveries, metadata, subscribers, suppression_events
from bulletin.delivery.ledger.mailing import Mailing
from bulletin.delivery.ledger.start import start_mailing
from bulletin.subscribers.leaving import UNDO_WITHIN
from bulletin.subscribers.scope import one_bulletin, one_list
from bulletin.subscribers.tokens import Purpose, sign_old_token, sign_probe, sign_token
from bulletin.website.application import build_application
from bulletin.website.unsubscribing import Unsubscribing, name_bulletins
from public_pages import HOST, SETTINGS, frame_of, read_settings

KEY, OLD_KEY = b"the key of this office", b"the key before"
ORIGIN = f"https://{HOST}"
TWO = SETTINGS.replace(
    "lists:\n", "  training:\n    title: Training news\n    sender: {name: B, email: b@shield.example.org}\nlists:\n", 1
)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


class Site:
    """The website of a database, its clock, and people to try it on."""

    def __init__(self, engine: Engine, settings: str = TWO) -> None:
        self.engine = engine
        self.now = NOON
        self.lines: list[str] = []
        page = Unsubscribing(
            frame=frame_of(settings, offers=()),
            engine=engine,
            keys=(KEY, OLD_KEY),
            titles=name_bulletins(read_settings(settings)),
            now=lambda: self.now,
        )
        application = build_application(page.frame, [page.route()], write=self.lines.append)
        self.client = TestClient(application, base_url=ORIGIN, follow_redirects=False)

    def mail(self, *names: str, issue: str = "2021-05") -> Mailing:
        add_people(self.engine, **{f"list-{issue}": names})
        key = issue.replace("/", "")[-16:]
        return start_mailing(self.engine, make_edition(issue), lists=[f"list-{issue}"], key=key, now=NOON)

    def link(self, mailing: Mailing, name: str, *, key: bytes = KEY, purpose: Purpose = Purpose.UNSUBSCRIBE) -> str:
        query = select(deliveries.c.subscriber_id, deliveries.c.id).where(
            deliveries.c.mailing_id == mailing.id, deliveries.c.name == name
        )
        with self.engine.begin() as connection:
            person, delivery = connection.execute(query).one()
        return f"/unsubscribe/{sign_token(purpose, person, delivery, key=key)}"

    def post(self, link: str, **fields: str) -> tuple[int, str]:
        answer = self.client.post(link, data=fields, headers={"Origin": ORIGIN})
        return answer.status_code, answer.text

    def click(self, link: str) -> tuple[int, str]:
        """As a mail service does (RFC 8058)."""
        answer = self.client.post(link, data=ONE_CLICK)
        return answer.status_code, answer.text

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        with self.engine.begin() as connection:
            return {
                table.name: [tuple(row) for row in connection.execute(select(table))]
                for table in metadata.sorted_tables
            }

    def reached(self, issue: str, *names: str) -> set[str]:
        """Whom a mailing of this issue would be sent to now, of these people on its list."""
        mailing = self.mail(*names, "zoe", issue=issue)  # who has never left
        with self.engine.begin() as connection:
            of_it = select(deliveries.c.name).where(deliveries.c.mailing_id == mailing.id)
            return set(connection.scalars(of_it)) - {"zoe"}


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    engine = open_database(database_url)
    yield Site(engine)
    engine.dispose()


def test_scanners_that_open_a_link_change_nothing(site: Site) -> None:
    link = site.link(site.mail("anna", "ben"), "anna")
    before = site.dump()

    for method, address in product(
        ("GET", "HEAD"), (link, f"{link}?all", link.upper().replace("/UNSUBSCRIBE", "/unsubscribe"))
    ):
        for _ in range(20):
            answer = site.client.request(method, address)
            assert answer.status_code == 200
            assert "set-cookie" not in answer.headers
    assert site.dump() == before


def test_a_probe_gets_the_proof_and_changes_nothing(site: Site) -> None:
    site.mail("anna")
    before = site.dump()
    proofs = set()
    for number, key in product((0, 7, 2**64 - 1), (KEY, OLD_KEY)):
        token = sign_probe(number, key=key)
        for method, data in (("GET", None), ("HEAD", None), ("POST", ONE_CLICK), ("POST", {"act": "undo"})):
            answer = site.client.request(method, f"/unsubscribe/{token}", data=data)
            assert answer.status_code == 200
            proofs.add(answer.headers["Bulletin-Proof"])
        assert "You’ve unsubscribed" in answer.text
    assert len(proofs) == 6
    assert site.dump() == before


def test_no_reader_and_no_stranger_gets_a_proof(site: Site) -> None:
    mailing = site.mail("anna")
    links = [site.link(mailing, "anna"), f"/unsubscribe/{sign_token(Purpose.UNSUBSCRIBE, 999, 7, key=KEY)}"]
    links += [f"/unsubscribe/{sign_probe(7, key=b'a guess')}", "/unsubscribe/u0g0g" + "0" * 32]
    for link in links:
        for answer in (site.client.get(link), site.client.post(link, data=ONE_CLICK)):
            assert "Bulletin-Proof" not in answer.headers


def test_one_click_leaves_the_bulletin_that_carried_it_and_no_other(site: Site) -> None:
    link = site.link(site.mail("anna", "ben"), "anna")

    status, page = site.click(link)

    assert status == 200
    assert "You’ve unsubscribed" in page
    assert "S.H.I.E.L.D. e-bulletin" in page
    assert site.reached("2021-06", "anna", "ben") == {"ben"}
    assert site.reached("training/2021-06", "anna", "ben") == {"anna", "ben"}


def test_the_page_lets_people_choose_everything(site: Site) -> None:
    link = site.link(site.mail("anna", "ben"), "anna")
    page = site.client.get(link).text
    assert "a…\u2060@example.org" in page
    assert address_of("anna") not in page
    assert "Everything from Bexley S.H.I.E.L.D." in page

    status, page = site.post(link, act="stop", scope="all")

    assert (status, "We won’t email a…" in page) == (200, True)
    assert site.reached("2021-06", "anna", "ben") == {"ben"}
    assert site.reached("training/2021-06", "anna", "ben") == {"ben"}


def test_links_of_emails_sent_before_leave_everything(site: Site) -> None:
    site.mail("anna", "ben")
    with site.engine.begin() as connection:
        person = connection.scalar(select(subscribers.c.id).where(subscribers.c.name == "anna"))
    for key in (KEY, OLD_KEY):
        link = f"/unsubscribe/{sign_old_token(person, key=key)}"
        assert "Everything from" not in site.client.get(link).text  # nothing to choose
        site.click(link)

    assert site.reached("2021-06", "anna", "ben") == {"ben"}
    assert site.reached("training/2021-06", "anna", "ben") == {"ben"}


def test_an_older_key_still_reads_links(site: Site) -> None:
    link = site.link(site.mail("anna"), "anna", key=OLD_KEY)
    assert site.click(link)[0] == 200
    assert site.reached("2021-06", "anna") == set()


def test_undo_brings_back_what_was_stopped_and_nothing_else(site: Site) -> None:
    link = site.link(site.mail("anna"), "anna")
    opt_out(site.engine, "anna", scope=one_list("list-2021-08"))
    site.click(link)
    site.now += UNDO_WITHIN - 1
    assert "Undo" in site.client.get(link).text  # on the page that the link opens, too

    status, page = site.post(link, act="undo")

    assert (status, "You’re subscribed again" in page) == (200, True)
    assert site.reached("2021-06", "anna") == {"anna"}
    assert site.reached("2021-08", "anna") == set()


def test_undo_is_for_a_day_and_for_ones_own_wish_alone(site: Site) -> None:
    mailing = site.mail("anna", "ben", "cara")
    links = {name: site.link(mailing, name) for name in ("anna", "ben")}
    site.click(links["anna"])
    opt_out(site.engine, "ben", scope=one_bulletin("."))  # an officer did so
    site.now += UNDO_WITHIN
    before = site.dump()

    for link in links.values():
        status, page = site.post(link, act="undo")
        assert status == 200
        assert "You’ve already unsubscribed" in page
        assert "Undo" not in page
    assert site.dump() == before
    assert site.reached("2021-06", "anna", "ben", "cara") == {"cara"}


def test_undo_says_so_if_something_else_still_stops_the_person(site: Site) -> None:
    link = site.link(site.mail("anna"), "anna")
    opt_out(site.engine, "anna", scope=one_bulletin("."))
    site.now += 1000
    site.post(link, act="stop", scope="all")

    status, page = site.post(link, act="undo")

    assert (status, "You’re subscribed again" in page) == (200, False)
    assert "You’ve already unsubscribed" in page
    assert site.reached("2021-06", "anna") == set()
    assert site.reached("training/2021-06", "anna") == {"anna"}


def test_a_second_click_writes_nothing(site: Site) -> None:
    link = site.link(site.mail("anna"), "anna")
    site.click(link)
    before = site.dump()

    site.now += 60_000
    assert site.click(link)[0] == 200
    assert site.post(link, act="stop")[0] == 200
    assert site.dump() == before


def test_how_they_left_is_kept(site: Site) -> None:
    mailing = site.mail("anna", "ben")
    site.click(site.link(mailing, "anna"))
    site.post(site.link(mailing, "ben"), act="stop", scope="bulletin")

    with site.engine.begin() as connection:
        origins = list(connection.scalars(select(suppression_events.c.origin).order_by(suppression_events.c.id)))
    assert origins == [SuppressionOrigin.ONE_CLICK, SuppressionOrigin.PAGE]


@pytest.mark.parametrize("purpose", [one for one in Purpose if one not in (Purpose.UNSUBSCRIBE, Purpose.CONFIRM)])
def test_a_link_for_another_purpose_does_not_unsubscribe(site: Site, purpose: Purpose) -> None:
    link = site.link(site.mail("anna"), "anna", purpose=purpose)
    before = site.dump()
    for answer in (site.client.get(link), site.client.post(link, data=ONE_CLICK)):
        assert answer.status_code == 404
        assert "This link doesn’t work" in answer.text
    assert site.dump() == before


def test_a_link_that_someone_made_up_does_nothing(site: Site) -> None:
    mailing = site.mail("anna")
    good = site.link(mailing, "anna")
    before = site.dump()
    wrong = [site.link(mailing, "anna", key=b"a guess"), good[:-1], good + "0", "/unsubscribe/x", good + "/"]
    wrong += [good[:at] + ("1" if good[at] == "0" else "0") + good[at + 1 :] for at in range(-32, 0)]
    for link in wrong:
        assert site.client.post(link, data=ONE_CLICK).status_code == 404
    assert site.dump() == before


def test_a_form_of_another_website_is_refused(site: Site) -> None:
    link = site.link(site.mail("anna"), "anna")
    answer = site.client.post(link, data={"act": "stop"}, headers={"Origin": "https://elsewhere.example.net"})
    assert answer.status_code == 403
    assert site.reached("2021-06", "anna") == {"anna"}


def test_someone_who_is_no_longer_known_is_told_that_they_get_nothing(site: Site) -> None:
    answer = site.click(f"/unsubscribe/{sign_token(Purpose.UNSUBSCRIBE, 999, 7, key=KEY)}")
    assert answer[0] == 200
    assert "You’ve unsubscribed" in answer[1]


def test_a_delivery_to_somebody_else_leaves_everything(site: Site) -> None:
    site.mail("anna", "ben")
    with site.engine.begin() as connection:
        person = connection.scalar(select(subscribers.c.id).where(subscribers.c.name == "anna"))
    site.click(f"/unsubscribe/{sign_token(Purpose.UNSUBSCRIBE, person, 999, key=KEY)}")
    assert site.reached("training/2021-06", "anna", "ben") == {"ben"}


def test_a_bulletin_that_is_no_more_leaves_everything(site: Site) -> None:
    link = site.link(site.mail("anna", issue="retired/2021-05"), "anna")
    assert "retired" not in site.client.get(link).text
    site.click(link)
    assert site.reached("2021-06", "anna") == set()


def test_with_one_bulletin_only_nothing_is_asked(database_url: str) -> None:
    engine = open_database(database_url)
    site = Site(engine, SETTINGS)
    page = site.client.get(site.link(site.mail("anna"), "anna")).text
    assert 'type="radio"' not in page
    engine.dispose()


def test_no_token_and_no_address_is_in_the_lines_for_it(site: Site) -> None:
    link = site.link(site.mail("anna"), "anna")
    site.client.get(link)
    site.click(link)
    assert [line.rpartition(" 200 ")[0] for line in site.lines] == ["GET /unsubscribe/…", "POST /unsubscribe/…"]


def test_a_database_that_is_gone_is_told_and_nothing_is_claimed(site: Site) -> None:
    link = site.link(site.mail("anna"), "anna")
    with site.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE suppression_events RENAME TO elsewhere")
    answer = site.client.post(link, data=ONE_CLICK)
    assert answer.status_code in (500, 503)
    assert "We haven’t saved your choice" in answer.text
