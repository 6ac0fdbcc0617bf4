"""People opt out of a list, a bulletin or everything: what an officer types and reads, and who is sent what then."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from anytown import NOON, add_people, address_of, make_edition, opt_out, read_states
from bulletin.database.schema import open_database
from bulletin.database.tables import deliveries, memberships, subscribers
from bulletin.delivery.ledger.counts import count_left_out
from bulletin.delivery.ledger.ledger import Ledger, Result
from bulletin.delivery.ledger.resolution import Decision, find_refused, queue_again, resolve_deliveries
from bulletin.delivery.ledger.start import Recipients, count_people, start_mailing
from bulletin.delivery.smtp.outcome import Fate, Outcome
from bulletin.errors import InvalidAddress, NotFound
from bulletin.subscribers.address import parse_address
from bulletin.subscribers.address_hash import hash_address
from bulletin.subscribers.scope import EVERYTHING, FIRST_BULLETIN, one_bulletin, one_list
from bulletin.subscribers.suppression import find_suppressions
from mailed import run
from wishes import come_back

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from bulletin.delivery.ledger.mailing import Mailing
    from bulletin.subscribers.scope import Scope
    from bulletin.workspace.workspace import Workspace

MakeWorkspace = Callable[..., "Workspace"]
LISTS = {
    "partners": "email,name\nanna@example.org,Anna\nben@example.org,Ben\njosé@bücher.example,José\n",
    "schools": "email,name\nanna@example.org,Anna\ncara@example.org,Cara\n",
}
TWO_BULLETINS = """
  training:
    title: Training news
    sender: {name: Anytown Partnership, email: news@anytown.example.org}
    reason: You get this because you work with us.
"""


@pytest.fixture
def workspace(make_workspace: MakeWorkspace) -> Workspace:
    workspace = make_workspace(lists=LISTS)
    settings = workspace.root / "bulletin.yaml"
    text = settings.read_text(encoding="utf-8")
    head, mark, rest = text.partition("\nlists:")
    settings.write_text(head + TWO_BULLETINS.rstrip() + mark + rest, encoding="utf-8")
    run(workspace, "subscribers", "sync", "--yes")
    return workspace


def find_stops(workspace: Workspace, address: str) -> list[Scope]:
    engine = open_database(workspace)
    with engine.begin() as connection:
        found = find_suppressions(connection, hash_address(connection, parse_address(address).key))
    engine.dispose()
    return [one.scope for one in found]


# --- remove


def test_an_address_on_a_list_is_removed_without_a_question(workspace: Workspace) -> None:
    said = run(workspace, "subscribers", "remove", "Anna@Example.org")
    assert said.startswith("Anna@Example.org will never be emailed again, from any list.")
    assert find_stops(workspace, "anna@example.org") == [EVERYTHING]
    assert "already gets no email" in run(workspace, "subscribers", "remove", "anna@example.org")


def test_one_list_or_one_bulletin_can_be_stopped_alone(workspace: Workspace) -> None:
    said = run(workspace, "subscribers", "remove", "anna@example.org", "--list", "schools")
    assert said.startswith("anna@example.org will get no more email through the list schools.")
    said = run(workspace, "subscribers", "remove", "anna@example.org", "--bulletin", "training")
    assert said.startswith("anna@example.org will never get the bulletin Training news again.")
    first = run(workspace, "subscribers", "remove", "anna@example.org", "--bulletin", "monthly")
    assert first.startswith("anna@example.org will never get the bulletin ")
    scopes = [one_list("schools"), one_bulletin("training"), one_bulletin(FIRST_BULLETIN)]
    assert find_stops(workspace, "anna@example.org") == scopes
    again = run(workspace, "subscribers", "remove", "anna@example.org", "--list", "schools")
    assert again == "anna@example.org already gets no email through the list schools.\n"


def test_an_address_on_no_list_is_told_with_those_like_it_and_asked_about(workspace: Workspace) -> None:
    typed = ("subscribers", "remove", "ana@example.org")
    said = run(workspace, *typed, "--yes")
    assert said.splitlines()[0] == "ana@example.org is on no list. Did you mean anna@example.org?"
    assert find_stops(workspace, "ana@example.org") == [EVERYTHING]
    assert find_stops(workspace, "anna@example.org") == []
    assert "is on no list" not in run(workspace, *typed), "it is known by now"


def test_an_address_on_another_list_is_told_so(workspace: Workspace) -> None:
    said = run(workspace, "subscribers", "remove", "cara@example.org", "--list", "partners", "--yes")
    assert said.splitlines()[0] == "cara@example.org is not on partners, only on schools."
    assert find_stops(workspace, "cara@example.org") == [one_list("partners")]


def test_an_address_that_is_in_a_file_and_not_synced_yet_is_no_stranger(workspace: Workspace) -> None:
    file = workspace.root / "subscribers" / "schools.csv"
    file.write_text(LISTS["schools"] + "dora@example.org,Dora\n", encoding="utf-8")
    assert "is on no list" not in run(workspace, "subscribers", "remove", "dora@example.org")
    file.write_text("no heading that we know\n", encoding="utf-8")
    assert "eve@example.org is on no list." in run(workspace, "subscribers", "remove", "eve@example.org", "--yes")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--list", "school"), "There is no list “school”. The lists in bulletin.yaml are: partners, schools."),
        (
            ("--bulletin", "weekly"),
            "There is no bulletin “weekly”. The bulletins in bulletin.yaml are: monthly, training.",
        ),
    ],
)
def test_a_list_or_a_bulletin_that_is_not_there_is_refused(
    workspace: Workspace, options: tuple[str, str], words: str
) -> None:
    with pytest.raises(NotFound) as refused:
        run(workspace, "subscribers", "remove", "anna@example.org", *options)
    assert str(refused.value) == words
    assert find_stops(workspace, "anna@example.org") == []


def test_both_at_once_and_an_address_in_the_note_are_refused(workspace: Workspace) -> None:
    both = ("--list", "schools", "--bulletin", "training")
    assert "not both" in run(workspace, "subscribers", "remove", "anna@example.org", *both, code=2)
    with pytest.raises(InvalidAddress, match="The note has an @ in it"):
        run(workspace, "subscribers", "remove", "anna@example.org", "--note", "ask bea@example.org")
    assert find_stops(workspace, "anna@example.org") == []


def test_show_says_of_each_stop_how_far_it_reaches_why_since_when_and_through_what(workspace: Workspace) -> None:
    run(workspace, "subscribers", "remove", "anna@example.org", "--list", "schools", "--note", "rang us")
    run(workspace, "subscribers", "remove", "anna@example.org", "--bulletin", "training")
    run(workspace, "subscribers", "remove", "anna@example.org")
    engine = open_database(workspace)
    with engine.begin() as connection:
        at = 1 + (connection.scalar(select(func.max(subscribers.c.added_at))) or 0) * 2
        come_back(connection, hash_address(connection, "anna@example.org"), one_list("partners"), now=at)
    engine.dispose()
    shown = [line for line in run(workspace, "subscribers", "show", "anna@example.org").splitlines() if "Supp" in line]
    assert len(shown) == 3
    assert shown[0].startswith("  Suppressed: opted out since ")
    assert shown[0].endswith(", from the list schools, by command (rang us).")
    assert shown[1].endswith(
        ", from the bulletin Training news, by command. They have since rejoined the list partners."
    )
    assert shown[2].endswith(", from all email, by command. They have since rejoined the list partners.")


# --- who is sent what


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    add_people(engine, partners=["anna", "ben", "cara"], schools=["anna", "dora"])
    yield engine
    engine.dispose()


def start(engine: Engine, *, issue: str = "2021-05", recipients: Recipients = Recipients.NEW) -> Mailing:
    return start_mailing(
        engine,
        make_edition(issue),
        lists=["partners", "schools"],
        key=issue.replace("/", "-"),
        now=NOON,
        recipients=recipients,
    )


def test_who_left_one_list_gets_it_through_the_other_and_who_left_all_of_theirs_does_not(engine: Engine) -> None:
    opt_out(engine, "anna", "ben", scope=one_list("partners"))
    with engine.begin() as connection:
        counts = count_people(connection, "2021-05", ["partners", "schools"])
    assert (counts.recipients, counts.suppressed) == (3, 1)
    assert counts.by_list == {"partners": 1, "schools": 2}
    start(engine)
    assert read_states(engine).keys() == {"anna", "cara", "dora"}


def test_who_left_one_bulletin_gets_the_other(engine: Engine) -> None:
    opt_out(engine, "ben", scope=one_bulletin(FIRST_BULLETIN))
    opt_out(engine, "cara", scope=one_bulletin("training"))
    for issue, missing in (("2021-05", "ben"), ("training/2021-05", "cara")):
        mailing = start(engine, issue=issue)
        with engine.begin() as connection:
            names = connection.scalars(select(deliveries.c.name).where(deliveries.c.mailing_id == mailing.id))
            assert set(names) == {"anna", "ben", "cara", "dora"} - {missing}


@pytest.mark.parametrize(
    ("scope", "withdrawn"),
    [
        (EVERYTHING, True),
        (one_bulletin(FIRST_BULLETIN), True),
        (one_list("partners"), True),
        (one_bulletin("training"), False),
        (one_list("schools"), False),
    ],
    ids=str,
)
def test_a_stop_during_a_mailing_withdraws_whom_it_is_about_and_nobody_else(
    engine: Engine, scope: Scope, *, withdrawn: bool
) -> None:
    mailing = start(engine)
    with Ledger(engine, mailing, run="r", retries=()) as ledger:
        candidates, _ = ledger.read_fresh(after=0, upto=10**9, most=9, now=NOON)
        opt_out(engine, "ben", scope=scope)
        claimed = ledger.commit([], candidates, now=NOON)
    ben = next(one.id for one in candidates if one.name == "ben")
    assert len(candidates) == 4
    assert (ben not in claimed) is withdrawn
    assert len(claimed) == 4 - withdrawn
    assert read_states(engine)["ben"] == ("withdrawn" if withdrawn else "sending")


def test_a_person_cannot_decide_to_send_again_to_whom_a_stop_is_about(engine: Engine) -> None:
    mailing = start(engine)
    with Ledger(engine, mailing, run="r", retries=()) as ledger:
        candidates, _ = ledger.read_fresh(after=0, upto=10**9, most=9, now=NOON)
        ledger.commit([], candidates, now=NOON)
        refused = {"ben", "cara"}
        fates = {one.name: Fate.REFUSED if one.name in refused else Fate.UNCERTAIN for one in candidates}
        ledger.commit([Result(one, Outcome(fates[one.name], "550 no")) for one in candidates], now=NOON)
    opt_out(engine, "ben", "anna", scope=one_list("partners"))  # anna is on schools too
    opt_out(engine, "dora", scope=one_list("schools"))
    assert {one.name: one.suppressed for one in find_refused(engine, "2021-05")} == {"ben": True, "cara": False}
    assert queue_again(engine, find_refused(engine, "2021-05"), now=NOON) == 1
    resolve_deliveries(engine, "2021-05", None, Decision.RESEND, now=NOON)
    assert read_states(engine) == {"anna": "queued", "ben": "refused", "cara": "queued", "dora": "withdrawn"}
    assert count_left_out(engine, [mailing], [mailing.id]) == 0


def test_who_is_on_none_of_the_lists_any_more_is_withheld_only_if_anything_is_known_of_them(engine: Engine) -> None:
    mailing = start(engine)
    opt_out(engine, "ben", scope=one_list("elsewhere"))
    with engine.begin() as connection:
        for name in ("ben", "cara"):
            leave_all_lists(connection, name)
    with Ledger(engine, mailing, run="r", retries=()) as ledger:
        candidates, _ = ledger.read_fresh(after=0, upto=10**9, most=9, now=NOON)
    assert {one.name for one in candidates} == {"anna", "cara", "dora"}


def leave_all_lists(connection: Connection, name: str) -> None:
    number = select(subscribers.c.id).where(subscribers.c.address == address_of(name)).scalar_subquery()
    connection.execute(memberships.delete().where(memberships.c.subscriber_id == number))


# --- the ways back that are none


WAYS_BACK = {
    "an edit of the file": {
        "partners": "email,name\nanna@example.org,Anna B\nben@example.org,\njosé@bücher.example,J\n"
    },
    "capital letters": {"partners": "email\nANNA@EXAMPLE.ORG\nJosé@BÜCHER.example\n"},
    "another spelling of the domain": {"partners": "email\nAnna@Example.Org\njosé@xn--bcher-kva.example\n"},
    "letters composed otherwise": {"partners": "email\nanna@example.org\njose\u0301@bu\u0308cher.example\n"},
    "a list made anew": {"partners": "email\n", "schools": "email\nanna@example.org\njosé@bücher.example\n"},
    "the former file put back": LISTS,
}


@pytest.mark.parametrize("way", WAYS_BACK)
def test_no_way_of_bringing_an_address_back_revives_it(
    workspace: Workspace, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(workspace, "subscribers", "remove", "anna@example.org", "josé@bücher.example", "--yes")
    run(workspace, "subscribers", "remove", "cara@example.org", "--list", "schools")
    monkeypatch.setenv("BULLETIN_SECRET_KEY", f"another key of links, after {way}")
    for name in LISTS:  # first the file is emptied: what is in it then is new
        (workspace.root / "subscribers" / f"{name}.csv").write_text("email\n", encoding="utf-8")
    run(workspace, "subscribers", "sync", "--yes")
    for name, content in WAYS_BACK[way].items():
        (workspace.root / "subscribers" / f"{name}.csv").write_text(content, encoding="utf-8")
    said = run(workspace, "subscribers", "sync", "--yes")

    engine = open_database(workspace)
    with engine.begin() as connection:
        counts = count_people(connection, "2021-05", ["partners", "schools"])
        names = set(
            connection.scalars(
                select(subscribers.c.address).where(
                    subscribers.c.address.ilike("%anna%") | subscribers.c.address.ilike("%jos%")
                )
            )
        )
    engine.dispose()
    assert len(names) == 2, "each is one person, however it is written"
    assert counts.suppressed >= 2, said
    for address in ("anna@example.org", "josé@bücher.example"):
        assert find_stops(workspace, address) == [EVERYTHING]
    assert "suppressed" in said
