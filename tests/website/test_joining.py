"""People join lists on the website: what they see, what they are sent, and what the database keeps of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from anytown import add_people, address_of, make_edition
from bulletin.database.states import ConsentMethod, OutboxState, SuppressionOrigin, SuppressionReason
from bulletin.database.tables import deliveries, subscribers
from bulletin.delivery.ledger.start import start_mailing
from bulletin.errors import InvalidAddress
from bulletin.subscribers.address import parse_address
from bulletin.subscribers.address_hash import hash_address
from bulletin.subscribers.joining.requests import approve_request, find_requests, refuse_request
from bulletin.subscribers.joining.sign_up import ask_for_confirmation
from bulletin.subscribers.scope import EVERYTHING, Scope, one_bulletin, one_list
from bulletin.subscribers.suppression import suppress
from bulletin.subscribers.sync import compare_with_files, sync_lists
from bulletin.subscribers.tokens import Purpose, sign_confirmation, sign_token
from joining_site import DAY, JO, KEY, JoiningSite, joining_site, read_part
from public_pages import SETTINGS, TWO_BULLETINS

HOUR = 3_600_000  # ms
SCHOOL = "head@anytown.sch.uk"
FILES = {"partners": "email\nanna@example.org\n", "champions": "email\n", "schools": "email\n"}


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[JoiningSite]:
    with joining_site(tmp_path, database_url, lists=FILES) as site:
        yield site


def hash_of(site: JoiningSite, address: str = JO) -> bytes:
    with site.engine.begin() as connection:
        return hash_address(connection, parse_address(address).key)


def stop(site: JoiningSite, address: str = JO, *, scope: Scope = EVERYTHING) -> None:
    with site.engine.begin() as connection:
        suppress(
            connection,
            hash_address(connection, parse_address(address).key),
            reason=SuppressionReason.OPTED_OUT,
            origin=SuppressionOrigin.PAGE,
            now=site.now,
            scope=scope,
        )


def reached(site: JoiningSite, *lists: str, issue: str = "2021-06") -> set[str]:
    """The addresses that a mailing of this issue to these lists would go to now."""
    add_people(site.engine, **{f"list-{issue}": ["zoe"]})  # so that there is someone
    key = issue.replace("/", "")[-12:]
    mailing = start_mailing(site.engine, make_edition(issue), lists=[*lists, f"list-{issue}"], key=key, now=site.now)
    with site.engine.begin() as connection:
        of_it = select(deliveries.c.address).where(deliveries.c.mailing_id == mailing.id)
        return set(connection.scalars(of_it)) - {address_of("zoe")}


# --- the way in


def test_someone_new_subscribes_confirms_and_gets_the_next_issue(site: JoiningSite) -> None:
    page = site.get("/subscribe")
    assert "Get our bulletin by email" in page.text

    answer = site.subscribe(name="Jo Bloggs")
    assert (answer.status_code, answer.headers["location"]) == (303, "/subscribe/sent")
    assert site.woken == 1
    assert "You have 7 days" in site.get("/subscribe/sent").text
    assert site.send().counts == {OutboxState.ACCEPTED: 1}

    link = site.find_link()
    asked = site.get(link)
    assert "Confirm your subscription" in asked.text
    assert "j…\u2060@office.example.net" in asked.text
    assert JO not in asked.text
    assert "by Tuesday 11 May 2021" in asked.text
    assert reached(site, "champions") == set()

    answer = site.confirm(link)
    assert (answer.status_code, answer.headers["location"]) == (303, link)
    welcome = site.get(link).text
    assert "You’re subscribed" in welcome
    assert "S.H.I.E.L.D. e-bulletin" in welcome
    assert "/preferences/p" in welcome
    site.send()

    assert site.subjects() == [
        "Confirm your subscription to S.H.I.E.L.D. e-bulletin",
        "You’re subscribed to S.H.I.E.L.D. e-bulletin",
    ]
    assert reached(site, "champions", issue="2021-07") == {JO}


def test_the_evidence_of_a_consent_is_what_was_shown_and_when(site: JoiningSite) -> None:
    shown = site.get("/subscribe").text
    site.subscribe(name="Jo Bloggs")
    site.now += HOUR
    site.send()
    site.confirm(site.find_link())

    (consent,) = site.rows("consents")
    (wording,) = site.rows("wordings")
    assert consent.method == ConsentMethod.DOUBLE_OPT_IN
    assert (consent.list, consent.page, consent.wording) == ("champions", "/subscribe", wording.digest)
    assert (consent.network, consent.agent) == ("192.0.2.0/24", "A browser/1.0")
    assert consent.confirmed_at == consent.asked_at + HOUR
    for line in wording.text.splitlines():
        assert line.replace("&", "&amp;") in shown
    (member,) = site.rows("memberships")
    assert (member.list, member.source, member.basis) == ("champions", "web", "consent")
    assert [(row.kind, row.target) for row in site.rows("person_events")] == [
        ("asked to join", ""),
        ("confirmed", ""),
        ("joined", "champions"),
    ]


def test_the_evidence_names_the_bulletins_that_the_lists_bring(tmp_path: Path, database_url: str) -> None:
    with joining_site(tmp_path, database_url, settings=TWO_BULLETINS, lists=FILES) as site:
        shown = site.get("/subscribe").text
        site.subscribe()
        site.send()
        site.confirm(site.find_link())
        wording = site.rows("wordings")[0].text
        reach = [reached(site, "champions", issue=issue) for issue in ("2021-06", "training/2021-06")]

    agreed = "you agree that Bexley S.H.I.E.L.D. may email you S.H.I.E.L.D. e-bulletin and Training news."
    assert agreed in wording
    assert agreed in shown
    assert reach == [{JO}, {JO}]


def test_what_someone_entered_is_forgotten_once_it_has_ended(site: JoiningSite) -> None:
    site.join()
    site.subscribe("other@example.net")
    site.now += 8 * DAY
    site.send()

    assert site.states() == ["joined", "expired"]
    for row in site.rows("sign_ups"):
        assert (row.address, row.name, row.network, row.agent) == ("", "", "", "")
    for row in site.rows("outbox"):
        assert row.recipient == ""


@pytest.mark.parametrize("links", [1, 3])
def test_confirming_again_shows_the_same_page_and_writes_nothing(site: JoiningSite, links: int) -> None:
    link = site.join()
    site.send()
    page, before = site.get(link).text, site.dump()

    site.now += HOUR
    for _ in range(links):
        assert site.confirm(link).status_code == 303
    site.send()

    assert site.get(link).text == page
    assert site.dump() == before


def test_scanners_that_open_the_link_change_nothing(site: JoiningSite) -> None:
    site.subscribe()
    site.send()
    link = site.find_link()
    before = site.dump()

    for method in ("GET", "HEAD"):
        for _ in range(20):
            for address in (link, link.upper().replace("/CONFIRM", "/confirm"), "/subscribe"):
                answer = site.client.request(method, address)
                assert answer.status_code == 200
                assert "set-cookie" not in answer.headers
    assert site.dump() == before


def test_two_lists_are_two_pieces_of_evidence(site: JoiningSite) -> None:
    site.join(SCHOOL, "champions", "schools")
    assert sorted((row.list, row.basis) for row in site.rows("memberships")) == [
        ("champions", "consent"),
        ("schools", "public-task"),
    ]
    assert sorted(row.list for row in site.rows("consents")) == ["champions", "schools"]


# --- what is wrong with a form


def test_all_faults_of_a_form_are_told_at_once_and_nothing_is_kept(site: JoiningSite) -> None:
    answer = site.post("/subscribe", email="jo", name="J" * 101)
    assert answer.status_code == 422
    for words in ("Select at least one list", "in the right format", "100 characters or fewer"):
        assert words in answer.text
    assert site.rows("sign_ups") == []


def test_a_list_that_is_not_open_can_not_be_chosen(site: JoiningSite) -> None:
    assert site.subscribe(JO, "partners").status_code == 422
    assert site.rows("sign_ups") == []


@pytest.mark.parametrize(("typed", "meant"), [("gmail.con", "gmail.com"), ("hotmial.com", "hotmail.com")])
def test_a_slip_of_the_finger_is_asked_about_once(site: JoiningSite, typed: str, meant: str) -> None:
    answer = site.subscribe(f"jo.bloggs@{typed}", name="Jo")
    assert answer.status_code == 200
    assert f"jo.bloggs@{meant}" in answer.text
    assert site.rows("sign_ups") == []

    answer = site.post("/subscribe", email=f"jo.bloggs@{typed}", list="champions", name="Jo", checked="yes")
    assert answer.status_code == 303
    assert [row.address for row in site.rows("sign_ups")] == [f"jo.bloggs@{typed}"]


def test_where_no_list_is_open_no_one_can_join(tmp_path: Path, database_url: str) -> None:
    closed = SETTINGS.replace('open: "*"', "open: closed").replace('open: ["*.sch.uk", "*.gov.uk"]', "open: closed")
    with joining_site(tmp_path, database_url, settings=closed) as site:
        assert "You can’t join by yourself at the moment" in site.get("/subscribe").text
        assert "You can’t join by yourself at the moment" in site.subscribe().text
        assert site.rows("sign_ups") == []


# --- what a stranger can learn


def test_known_unknown_and_suppressed_addresses_are_answered_with_the_same_bytes_and_statements(
    site: JoiningSite,
) -> None:
    site.join("known@example.net")
    stop(site, "stopped@example.net")
    answers, statements = [], []
    for number, email in enumerate(["known@example.net", "unknown@example.net", "stopped@example.net"] * 2):
        with site.statements() as said:
            answer = site.subscribe(email, host=f"198.51.{number}.7")
        answers.append((answer.status_code, answer.content, sorted(answer.headers.items())))
        statements.append(said)

    assert [answer == answers[0] for answer in answers] == [True] * 6
    assert [said == statements[0] for said in statements] == [True] * 6
    assert not any("memberships" in statement or "suppression" in statement for statement in statements[0])


def test_someone_who_is_suppressed_is_sent_nothing_and_forgotten(site: JoiningSite) -> None:
    stop(site)
    site.subscribe()
    site.send()

    assert site.mail() == []
    assert site.states() == ["dropped"]
    assert [row.address for row in site.rows("sign_ups")] == [""]
    assert len(site.stops(hash_of(site))) == 1


@pytest.mark.parametrize("scope", [EVERYTHING, one_list("champions"), one_bulletin(".")])
def test_each_stop_that_covers_what_is_asked_for_counts(site: JoiningSite, scope: Scope) -> None:
    stop(site, scope=scope)
    site.subscribe()
    site.send()
    assert site.mail() == []


def test_someone_who_left_another_list_can_still_join_this_one(site: JoiningSite) -> None:
    stop(site, scope=one_list("schools"))
    site.join()
    assert [row.list for row in site.rows("memberships")] == ["champions"]
    assert [one.scope for one in site.stops(hash_of(site))] == [one_list("schools")]


def test_someone_who_gets_all_of_it_already_is_told_so(site: JoiningSite) -> None:
    site.join()
    site.send()
    site.now += 2 * DAY
    site.subscribe(JO.upper().replace("OFFICE.EXAMPLE.NET", "office.example.net"))
    site.send()

    assert site.subjects()[-1] == "You already get S.H.I.E.L.D. e-bulletin"
    assert "/preferences/p" in read_part(site.mail()[-1], "plain")
    assert site.states() == ["joined", "dropped"]


def test_someone_who_is_on_one_of_two_lists_is_asked_to_confirm(site: JoiningSite) -> None:
    site.join(SCHOOL, "champions")
    site.now += 2 * DAY
    site.subscribe(SCHOOL, "champions", "schools")
    site.send()
    assert site.subjects(SCHOOL)[-1].startswith("Confirm your subscription")


def test_an_address_is_sent_one_email_a_day(site: JoiningSite) -> None:
    for spelling in (JO, JO.title(), JO, f" {JO} "):
        site.subscribe(spelling, host="203.0.113.9")
        site.now += HOUR
        site.send()
    assert len(site.mail()) == 1
    assert site.states() == ["sent", "dropped", "dropped", "dropped"]

    site.now += DAY
    site.subscribe(host="203.0.113.9")
    site.send()
    assert len(site.mail()) == 2
    site.confirm(site.find_link())
    assert [row.list for row in site.rows("memberships")] == ["champions"]


NETWORKS = [
    ("192.0.2.{}", "192.0.3.1"),
    ("2001:db8:7::{}", "2001:db8:8::1"),
    ("2001:db8:7:{}::1", "2001:db9:7:1::1"),
]


@pytest.mark.parametrize(("address", "elsewhere"), NETWORKS)
def test_the_eleventh_request_of_a_network_sends_nothing_and_says_nothing_new(
    site: JoiningSite, address: str, elsewhere: str
) -> None:
    site.join("known@example.net")
    for number in range(10):
        assert site.subscribe(f"p{number}@example.net", host=address.format(number + 1)).status_code == 303
    before = site.dump()

    answers = [
        site.subscribe(one, host=address.format(20 + len(one))) for one in ("known@example.net", "q@example.net")
    ]

    assert [answer.status_code for answer in answers] == [429, 429]
    assert answers[0].content == answers[1].content
    assert "retry-after" in answers[0].headers
    after = site.dump()
    after["limits"] = [row for row in after["limits"] if row.number]
    assert after | {"identity": 0} == before | {"identity": 0}
    assert site.subscribe(host=elsewhere).status_code == 303

    site.now += HOUR
    assert site.subscribe("r@example.net", host=address.format(30)).status_code == 303


def test_no_address_and_no_network_is_in_the_limits_and_old_ones_go(site: JoiningSite) -> None:
    site.subscribe()
    site.send()
    assert len(site.rows("limits")) == 2
    assert all(len(row.bucket) == 16 for row in site.rows("limits"))
    site.now += 2 * DAY + 1
    site.send()
    assert site.rows("limits") == []


def test_no_token_and_no_address_is_in_the_lines_for_it(site: JoiningSite) -> None:
    link = site.join()
    site.get(link)
    said = "\n".join(site.lines)
    assert "POST /subscribe 303" in said
    assert "POST /confirm/… 303" in said
    assert link.rpartition("/")[2] not in said
    assert "bloggs" not in said


# --- links


def test_a_link_that_has_expired_says_so_and_confirms_nothing(site: JoiningSite) -> None:
    site.subscribe()
    site.send()
    link = site.find_link()
    site.now += 7 * DAY + 6 * HOUR  # still the day that the email names
    assert site.get(link).status_code == 200
    site.now += DAY

    for answer in (site.get(link), site.confirm(link)):
        assert answer.status_code == 410
        assert "This link has expired" in answer.text
    site.send()
    assert site.get(link).status_code == 410
    assert (site.states(), site.rows("memberships")) == (["expired"], [])


def test_a_link_that_is_forged_or_for_another_purpose_confirms_nothing(site: JoiningSite) -> None:
    site.subscribe()
    site.send()
    good = site.find_link()
    number = site.rows("sign_ups")[0].public_id
    wrong = [
        f"/confirm/{sign_confirmation(int.from_bytes(number), key=b'a guess')}",
        f"/confirm/{sign_confirmation(7, key=KEY.encode())}",
        *(f"/confirm/{sign_token(purpose, 1, 1, key=KEY.encode())}" for purpose in Purpose if purpose != "y"),
        *(good[:at] + ("1" if good[at] == "0" else "0") + good[at + 1 :] for at in range(len(good) - 40, len(good))),
        good[:-1],
        f"{good}0",
        "/confirm/x",
    ]
    before = site.dump()
    for link in wrong:
        for answer in (site.get(link), site.confirm(link)):
            assert answer.status_code == 404, link
            assert "This link doesn’t work" in answer.text, link
    assert site.dump() == before


def test_a_form_of_another_website_confirms_nothing(site: JoiningSite) -> None:
    site.subscribe()
    site.send()
    answer = site.client.post(site.find_link(), headers={"Origin": "https://elsewhere.example.net"})
    assert answer.status_code == 403
    assert site.states() == ["sent"]


def test_someone_who_has_been_erased_since_sees_nothing_of_it(site: JoiningSite) -> None:
    link = site.join()
    with site.engine.begin() as connection:
        connection.execute(subscribers.update().values(hash=b"x" * 16, address="", name=""))
    assert site.get(link).status_code == 410


# --- opting in again


@pytest.fixture
def left(site: JoiningSite) -> JoiningSite:
    """Someone was on two lists by a file, and has left everything."""
    site.workspace.root.joinpath("subscribers/champions.csv").write_text(f"email\n{JO}\n", encoding="utf-8")
    site.workspace.root.joinpath("subscribers/schools.csv").write_text(f"email\n{JO}\n", encoding="utf-8")
    sync(site)
    stop(site)
    site.now += 1000
    return site


def sync(site: JoiningSite) -> None:
    with site.engine.begin() as connection:
        difference = compare_with_files(connection, site.workspace)
        sync_lists(connection, site.workspace, difference, now=site.now)


def ask(site: JoiningSite, *lists: str, address: str = JO, note: str = "phoned 3 March") -> bool:
    with site.engine.begin() as connection:
        return ask_for_confirmation(connection, parse_address(address), lists, note=note, now=site.now)


def test_what_is_confirmed_lifts_that_list_and_nothing_else(left: JoiningSite) -> None:
    assert ask(left, "champions")
    assert reached(left, "champions", issue="2021-06") == set()  # asking alone lifts nothing
    left.send()
    assert reached(left, "champions", issue="2021-07") == set()
    left.confirm(left.find_link())

    assert reached(left, "champions", issue="2021-08") == {JO}
    assert reached(left, "schools", issue="2021-09") == set()
    left.send()
    assert left.subjects()[-1].startswith("You’re subscribed")
    assert "our email of 4 May 2021" in read_part(left.mail()[-1], "plain").replace("\n", " ")


def test_a_person_who_told_an_officer_needs_no_approval_even_for_a_closed_list(left: JoiningSite) -> None:
    ask(left, "partners")
    left.send()
    left.confirm(left.find_link())
    assert left.states() == ["joined"]
    assert [row.list for row in left.rows("memberships") if row.source == "web"] == ["partners"]


def test_an_officer_sends_one_such_email_a_day_and_writes_no_address(left: JoiningSite) -> None:
    assert ask(left, "champions")
    assert not ask(left, "champions")
    with pytest.raises(InvalidAddress):
        ask(left, "champions", address="other@example.net", note="told by jo@example.org")
    assert len(left.rows("sign_ups")) == 1


def test_a_stop_after_the_confirmation_stays(site: JoiningSite) -> None:
    site.subscribe(JO, "schools")
    site.send()
    site.confirm(site.find_link())
    assert site.states() == ["waiting"]
    site.now += HOUR
    stop(site)
    site.now += HOUR
    with site.engine.begin() as connection:
        assert approve_request(connection, 1, site.workspace.settings, now=site.now)
    site.send()

    assert reached(site, "schools") == set()
    assert len(site.stops(hash_of(site))) == 1
    assert not [one for one in site.subjects() if one.startswith("You can now")]


def test_a_sync_never_ends_what_someone_confirmed(site: JoiningSite) -> None:
    site.join()
    sync(site)
    site.workspace.root.joinpath("subscribers/champions.csv").write_text(f"email,name\n{JO},Jo\n", encoding="utf-8")
    sync(site)
    site.workspace.root.joinpath("subscribers/champions.csv").write_text("email\n", encoding="utf-8")
    sync(site)
    assert [(row.list, row.source) for row in site.rows("memberships") if row.list == "champions"] == [
        ("champions", "web")
    ]


# --- who may join


WHO = [
    (SCHOOL, "joined"),
    ("clerk@bexley.gov.uk", "joined"),
    ("Clerk@BEXLEY.gov.uk", "joined"),
    ("someone@gov.uk", "waiting"),
    ("someone@bexley.gov.uk.example.net", "waiting"),
    ("someone@notgov.uk.example.com", "waiting"),
    (JO, "waiting"),
]


@pytest.mark.parametrize(("address", "state"), WHO)
def test_open_says_who_joins_at_once_and_who_waits(site: JoiningSite, address: str, state: str) -> None:
    site.subscribe(address, "schools")
    site.send()
    site.confirm(site.find_link(parse_address(address).envelope))
    assert site.states() == [state]
    assert len(site.rows("memberships")) == (state == "joined")


@pytest.fixture
def waiting(site: JoiningSite) -> JoiningSite:
    """Someone waits for an officer, and the officer has been told."""
    site.link = site.join(JO, "schools")  # type: ignore[attr-defined]  # for these tests alone
    site.send()
    return site


def link_of(site: JoiningSite) -> str:
    link: str = site.link  # type: ignore[attr-defined]
    return link


def test_someone_who_waits_is_told_until_when(waiting: JoiningSite) -> None:
    page = waiting.get(link_of(waiting)).text
    assert "We’ve got your request" in page
    assert "by Tuesday 11 May 2021" in page  # 3 May was a bank holiday, but that is past
    (alert,) = waiting.mail("shield@shield.example.org")
    assert "bulletin subscribers requests" in read_part(alert, "plain")
    assert JO not in alert.as_string()


def test_the_officer_is_told_once_a_day(waiting: JoiningSite) -> None:
    waiting.join("other@example.net", "schools")
    waiting.send()
    assert len(waiting.mail("shield@shield.example.org")) == 1
    waiting.now += DAY
    waiting.join("third@example.net", "schools")
    waiting.send()
    assert len(waiting.mail("shield@shield.example.org")) == 2


def test_an_approved_request_joins_and_the_person_is_told(waiting: JoiningSite) -> None:
    settings = waiting.workspace.settings
    with waiting.engine.begin() as connection:
        (request,) = find_requests(connection, settings)
        assert (request.sign_up.address, request.lists) == (JO, ("schools",))
        assert approve_request(connection, request.number, settings, now=waiting.now)
        assert not approve_request(connection, request.number, settings, now=waiting.now)
    waiting.send()

    assert waiting.subjects()[-1] == "You can now get S.H.I.E.L.D. e-bulletin"
    assert "You’re subscribed" in waiting.get(link_of(waiting)).text
    assert reached(waiting, "schools") == {JO}


def test_a_refused_request_is_forgotten_and_the_person_is_told_why(waiting: JoiningSite) -> None:
    settings = waiting.workspace.settings
    with waiting.engine.begin() as connection:
        assert refuse_request(connection, 1, settings, reason="This list is for schools", now=waiting.now)
    waiting.send()

    assert waiting.subjects()[-1] == "About your request for S.H.I.E.L.D. e-bulletin"
    assert "Schools & colleges etc.: This list is for schools." in read_part(waiting.mail()[-1], "plain")
    assert "This list is for schools" in waiting.get(link_of(waiting)).text
    assert waiting.rows("subscribers") == []
    assert [row.recipient for row in waiting.rows("outbox")] == [""] * 3
    with pytest.raises(InvalidAddress), waiting.engine.begin() as connection:
        refuse_request(connection, 1, settings, reason="ask jo@example.org", now=waiting.now)


def test_a_request_that_no_one_answers_ends_and_the_person_is_told(waiting: JoiningSite) -> None:
    waiting.now += 31 * DAY
    waiting.send()
    assert waiting.states() == ["expired"]
    assert "didn’t get to your request" in read_part(waiting.mail()[-1], "plain").replace("\n", " ")
    assert waiting.get(link_of(waiting)).status_code == 410


def test_of_two_lists_one_is_joined_at_once_and_the_other_waits(site: JoiningSite) -> None:
    link = site.join(JO, "champions", "schools")
    site.send()
    assert [row.list for row in site.rows("memberships")] == ["champions"]
    assert site.subjects()[-1] == "You’re subscribed to S.H.I.E.L.D. e-bulletin"
    page = site.get(link).text
    assert "You asked to join Schools &amp; colleges etc." in page
    assert "You’ve joined Safeguarding champions." in page
    with site.engine.begin() as connection:
        assert approve_request(connection, 1, site.workspace.settings, now=site.now)
    assert sorted(row.list for row in site.rows("memberships")) == ["champions", "schools"]
    assert sorted(row.list for row in site.rows("consents")) == ["champions", "schools"]


def test_a_list_that_is_no_more_is_left_out(site: JoiningSite) -> None:
    site.subscribe(SCHOOL, "champions", "schools")
    site.send()
    link = site.find_link(SCHOOL)
    lists = {name: one for name, one in site.workspace.settings.lists.items() if name != "champions"}
    settings = site.workspace.settings.model_copy(update={"lists": lists})
    later = JoiningSite(
        workspace=replace(site.workspace, settings=settings), engine=site.engine, relay=site.relay, now=site.now
    )
    assert "Safeguarding champions" not in later.get(link).text
    assert later.confirm(link).status_code == 303
    assert [row.list for row in later.rows("memberships")] == ["schools"]


NAMES = [("Jo\x00 Bloggs", "Jo Bloggs"), ("\u202eJo\x1b[2J", "Jo[2J"), ("Zoë O’Neill-Świątek", "Zoë O’Neill-Świątek")]


@pytest.mark.parametrize(("typed", "kept"), NAMES)
def test_any_name_can_be_kept(site: JoiningSite, typed: str, kept: str) -> None:
    assert site.subscribe(name=typed).status_code == 303
    assert [row.name for row in site.rows("sign_ups")] == [kept]


def test_a_name_is_kept_and_a_known_name_stays(site: JoiningSite) -> None:
    site.subscribe(name="Jo Bloggs")
    site.send()
    site.confirm(site.find_link())
    site.now += 2 * DAY
    site.subscribe(JO, "champions", "schools", name="Someone else")
    site.send()
    site.confirm(site.find_link())
    assert [row.name for row in site.rows("subscribers")] == ["Jo Bloggs"]
