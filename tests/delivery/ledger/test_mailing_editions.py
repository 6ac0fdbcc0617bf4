"""Each reader gets the edition of their audience: found once, kept, and never changed but to leave something out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from anytown import NOON, add_people, address_of, make_edition, opt_out, take_turn, wish_language
from bulletin.database.schema import open_database
from bulletin.database.tables import deliveries, editions, mailing_editions, memberships, subscribers
from bulletin.delivery.ledger.ledger import Ledger
from bulletin.delivery.ledger.mailing import Mailing
from bulletin.delivery.ledger.mailing_editions import (
    count_by_edition,
    load_edition,
    load_template,
    read_editions,
    rebuild_set,
)
from bulletin.delivery.ledger.reader_signatures import Apart
from bulletin.delivery.ledger.start import count_recipient_signatures, start_mailing
from bulletin.delivery.message.template import Recipient
from bulletin.edition.edition_set import EditionSet
from bulletin.errors import DatabaseError, MailingError
from bulletin.issue.audience import Audience
from bulletin.subscribers.scope import one_list
from edition_sets import make_editions, say_whose

LISTS = ("partners", "schools", "champions")
PEOPLE = {
    "partners": ["anna", "ben", "cleo", "dora"],
    "schools": ["ben", "dora", "emil"],
    "champions": ["cleo", "dora"],
}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


def begin(engine: Engine, kept: EditionSet, *, lists: Sequence[str] = LISTS) -> Mailing:
    return start_mailing(engine, kept, lists=lists, key=f"key{kept.issue}", now=NOON)


def read_numbers(engine: Engine, mailing: Mailing) -> dict[str, int]:
    """The edition of each person, in the order of their deliveries."""
    query = select(deliveries.c.name, deliveries.c.edition).where(deliveries.c.mailing_id == mailing.id)
    with engine.begin() as connection:
        rows = connection.execute(query.order_by(deliveries.c.id)).all()
    assert len({name for name, _ in rows}) == len(rows)
    return dict(rows)


def read_audiences(engine: Engine, mailing: Mailing, kept: EditionSet) -> dict[str, Audience]:
    audiences = {one.number: one.audience for one in kept.editions}
    return {name: audiences[number] for name, number in read_numbers(engine, mailing).items()}


def on(*lists: str, consent: bool = False, language: str = "") -> Audience:
    return Audience(lists=frozenset(lists), consent=consent, language=language)


def set_basis(engine: Engine, list_name: str, basis: str) -> None:
    with engine.begin() as connection:
        connection.execute(update(memberships).where(memberships.c.list == list_name).values(basis=basis))


def claim_all(engine: Engine, mailing: Mailing) -> dict[str, int]:
    """The edition by which each person's message would be written."""
    with Ledger(engine, mailing, run="a", retries=()) as ledger:
        return {one.name: one.edition for one in take_turn(ledger, free=100, now=NOON)}


def test_a_person_on_several_lists_gets_the_union_once(engine: Engine) -> None:
    add_people(engine, **PEOPLE)
    kept = make_editions("schools", "champions")
    mailing = begin(engine, kept)

    assert read_audiences(engine, mailing, kept) == {
        "anna": on(),
        "ben": on("schools"),
        "cleo": on("champions"),
        "dora": on("champions", "schools"),
        "emil": on("schools"),
    }


def test_deliveries_are_in_the_order_of_their_editions_and_then_of_their_readers(engine: Engine) -> None:
    add_people(engine, **PEOPLE)
    mailing = begin(engine, make_editions("schools", "champions"))

    numbers = read_numbers(engine, mailing)
    assert list(numbers.values()) == sorted(numbers.values())
    assert list(numbers) == ["anna", "cleo", "ben", "emil", "dora"]


def test_an_edition_for_everyone_is_the_first_of_one(engine: Engine) -> None:
    add_people(engine, **PEOPLE)
    mailing = start_mailing(engine, make_edition(), lists=LISTS, key="alone", now=NOON)

    assert set(read_numbers(engine, mailing).values()) == {1}
    (kept,) = read_editions(engine, mailing)
    assert (kept.number, kept.readers, kept.signatures, kept.edition) == (1, 5, (on(),), make_edition())


def test_each_edition_is_kept_with_whose_it_is_and_for_how_many(engine: Engine) -> None:
    add_people(engine, **PEOPLE)
    made = make_editions("schools", "champions")
    mailing = begin(engine, made)
    kept = read_editions(engine, mailing)

    assert [one.edition for one in kept] == [one.edition for one in made.editions]
    assert [one.digest for one in kept] == [one.edition.digest for one in made.editions]
    assert [(one.signatures, one.items, one.readers) for one in kept] == [
        ((on(),), (), 1),
        ((on("champions"),), ("champions",), 1),
        ((on("schools"),), ("schools",), 2),
        ((on("champions", "schools"),), ("champions", "schools"), 1),
    ]
    again = rebuild_set(kept)
    assert again is not None
    assert (again.numbers, again.lists) == (made.numbers, made.lists)


def test_the_same_content_in_two_mailings_is_kept_once(engine: Engine) -> None:
    add_people(engine, **PEOPLE)
    made = make_editions("schools")
    first = begin(engine, made, lists=["partners", "schools"])
    add_people(engine, champions=["flo"])
    second = start_mailing(engine, made, lists=["champions"], key="other", now=NOON + 1)

    with engine.begin() as connection:
        assert connection.scalar(select(func.count()).select_from(editions)) == 2
        assert connection.scalar(select(func.count()).select_from(mailing_editions)) == 4
    assert [one.readers for one in read_editions(engine, first)] == [2, 3]
    assert [one.readers for one in read_editions(engine, second)] == [1, 0]


def test_a_change_of_a_list_after_the_start_changes_no_ones_edition(engine: Engine) -> None:
    add_people(engine, **PEOPLE)
    mailing = begin(engine, make_editions("schools", "champions"))
    before = read_numbers(engine, mailing)

    add_people(engine, schools=["anna"], champions=["ben", "gina"])
    with engine.begin() as connection:
        connection.execute(delete(memberships).where(memberships.c.list == "schools"))

    assert read_numbers(engine, mailing) == before
    assert claim_all(engine, mailing) == before


def test_what_comes_through_a_list_that_a_person_left_is_not_for_them(engine: Engine) -> None:
    """They get the issue all the same, through another list."""
    add_people(engine, **PEOPLE)
    opt_out(engine, "dora", scope=one_list("schools"))
    opt_out(engine, "emil", scope=one_list("schools"))
    opt_out(engine, "ben")
    kept = make_editions("schools", "champions")

    audiences = read_audiences(engine, begin(engine, kept), kept)

    assert audiences == {"anna": on(), "cleo": on("champions"), "dora": on("champions")}


def test_the_audiences_are_counted_as_they_will_be_frozen(engine: Engine) -> None:
    add_people(engine, **PEOPLE)
    set_basis(engine, "partners", "public-task")
    opt_out(engine, "dora", scope=one_list("schools"))
    with engine.begin() as connection:
        counted = count_recipient_signatures(
            connection, "2021-05", LISTS, apart=Apart(lists=("champions", "schools"), by_consent=True)
        )
    kept = make_editions("schools", "champions", by_consent=True)
    mailing = begin(engine, kept)
    frozen = list(read_audiences(engine, mailing, kept).values())

    assert counted == {audience: frozen.count(audience) for audience in set(frozen)}
    assert counted[on("champions", consent=True)] == 2


@pytest.mark.parametrize("by_consent", [False, True])
def test_each_reader_gets_their_lists_in_the_language_that_they_chose_last(engine: Engine, by_consent: bool) -> None:  # noqa: FBT001
    add_people(engine, **PEOPLE)
    for name, language in {"anna": "cy", "ben": "en", "dora": "cy", "emil": "de"}.items():
        wish_language(engine, name, language)
    wish_language(engine, "ben", "cy")
    wish_language(engine, "cleo", "en")
    wish_language(engine, "cleo", "")
    kept = make_editions("schools", languages=("cy", "en"), by_consent=by_consent)
    with engine.begin() as connection:
        apart = Apart(lists=("schools",), languages=("cy", "en"), by_consent=by_consent)
        counted = count_recipient_signatures(connection, "2021-05", LISTS, apart=apart)

    mailing = begin(engine, kept)
    audiences = read_audiences(engine, mailing, kept)

    assert audiences == {
        "anna": on(consent=by_consent, language="cy"),
        "ben": on("schools", consent=by_consent, language="cy"),
        "cleo": on(consent=by_consent),
        "dora": on("schools", consent=by_consent, language="cy"),
        "emil": on("schools", consent=by_consent),
    }
    assert counted == {audience: list(audiences.values()).count(audience) for audience in set(audiences.values())}
    assert rebuild_set(read_editions(engine, mailing)).numbers == kept.numbers


def test_a_reader_whose_audience_has_no_edition_stops_the_mailing(engine: Engine) -> None:
    add_people(engine, **PEOPLE)
    whole = make_editions("schools", "champions")
    without_union = EditionSet(editions=whole.editions[:3], lists=whole.lists)

    with pytest.raises(MailingError, match="The lists have changed since the editions of 2021-05 were made"):
        begin(engine, without_union)

    with engine.begin() as connection:
        assert connection.scalar(select(func.count()).select_from(deliveries)) == 0
        assert connection.scalar(select(func.count()).select_from(mailing_editions)) == 0


def test_the_database_keeps_no_delivery_of_an_edition_that_is_not_there(engine: Engine) -> None:
    add_people(engine, **PEOPLE)
    mailing = begin(engine, make_editions("schools"), lists=["partners", "schools"])

    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(update(deliveries).where(deliveries.c.mailing_id == mailing.id).values(edition=3))


# --- consent to marketing


@pytest.mark.parametrize("basis", ["consent", "soft-opt-in", "public-task", "legitimate-interests", "contract"])
def test_only_a_list_by_consent_or_soft_opt_in_brings_marketing(engine: Engine, basis: str) -> None:
    add_people(engine, **PEOPLE)
    for name in LISTS:
        set_basis(engine, name, "public-task")
    set_basis(engine, "champions", basis)
    kept = make_editions(by_consent=True)

    audiences = read_audiences(engine, begin(engine, kept), kept)

    with_consent = {"cleo", "dora"} if basis in ("consent", "soft-opt-in") else set()
    assert {name for name, audience in audiences.items() if audience.consent} == with_consent


def test_consent_to_a_list_that_is_not_of_the_mailing_is_none(engine: Engine) -> None:
    add_people(engine, **PEOPLE)
    set_basis(engine, "partners", "public-task")
    kept = make_editions(by_consent=True)

    audiences = read_audiences(engine, begin(engine, kept, lists=["partners"]), kept)

    assert not any(audience.consent for audience in audiences.values())


def withdraw(engine: Engine, name: str) -> None:
    """They leave the list that they had consented to, and stay on the other."""
    opt_out(engine, name, scope=one_list("champions"))


def begin_with_marketing(engine: Engine) -> tuple[Mailing, EditionSet]:
    add_people(engine, **PEOPLE)
    set_basis(engine, "partners", "public-task")
    set_basis(engine, "schools", "public-task")
    kept = make_editions("schools", by_consent=True)
    return begin(engine, kept), kept


def test_who_withdraws_consent_before_being_read_gets_the_twin(engine: Engine) -> None:
    mailing, kept = begin_with_marketing(engine)
    assert read_audiences(engine, mailing, kept)["dora"] == on("schools", consent=True)
    withdraw(engine, "dora")

    claimed = claim_all(engine, mailing)

    assert claimed["dora"] == kept.numbers[on("schools")]
    assert claimed["cleo"] == kept.numbers[on(consent=True)]
    assert read_numbers(engine, mailing) == claimed


def test_who_withdraws_consent_between_reading_and_claiming_is_not_claimed_for_the_old_edition(engine: Engine) -> None:
    mailing, kept = begin_with_marketing(engine)
    with Ledger(engine, mailing, run="a", retries=()) as ledger:
        read, _ = ledger.read_fresh(after=0, upto=10**9, most=100, now=NOON)
        withdraw(engine, "dora")
        claimed = ledger.commit([], read, now=NOON)
        moved = ledger.take_moved()

        (dora,) = [one for one in read if one.name == "dora"]
        assert claimed == {one.id for one in read} - {dora.id}
        assert moved == {dora.id: dora._replace(edition=kept.numbers[on("schools")])}
        assert ledger.take_moved() == {}
        assert ledger.commit([], [*moved.values()], now=NOON) == {dora.id}
    assert read_numbers(engine, mailing)["dora"] == kept.numbers[on("schools")]


def test_who_is_taken_off_the_list_they_consented_to_gets_the_twin(engine: Engine) -> None:
    mailing, kept = begin_with_marketing(engine)
    with engine.begin() as connection:
        person = select(subscribers.c.id).where(subscribers.c.address == address_of("cleo")).scalar_subquery()
        its = (memberships.c.subscriber_id == person) & (memberships.c.list == "champions")
        connection.execute(delete(memberships).where(its))

    assert claim_all(engine, mailing)["cleo"] == kept.numbers[on()]


def test_consent_given_after_the_start_brings_no_more(engine: Engine) -> None:
    mailing, kept = begin_with_marketing(engine)
    add_people(engine, champions=["anna"])

    assert claim_all(engine, mailing)["anna"] == kept.numbers[on()]


def test_who_leaves_altogether_is_withdrawn_as_ever(engine: Engine) -> None:
    mailing, _ = begin_with_marketing(engine)
    opt_out(engine, "dora")

    assert "dora" not in claim_all(engine, mailing)


# --- what is kept


def test_every_message_of_an_edition_is_the_same_to_the_byte_after_a_restart(engine: Engine) -> None:
    add_people(engine, **PEOPLE)
    kept = make_editions("schools", "champions")
    mailing = begin(engine, kept)
    reader = Recipient(1, "anna@example.org", "Anna", "t", "m", "p", "r", "")

    for one in kept.editions:
        assert load_edition(engine, mailing, one.number) == one.edition
        message = load_template(engine, mailing, one.number).address_to(reader)
        assert message == load_template(engine, mailing, one.number).address_to(reader)
        assert say_whose(one.audience).encode() in message
        assert sum(say_whose(other.audience).encode() in message for other in kept.editions) == 1


def test_an_edition_that_was_altered_is_not_given_out_and_the_others_are(engine: Engine) -> None:
    add_people(engine, **PEOPLE)
    kept = make_editions("schools", "champions")
    mailing = begin(engine, kept)
    with engine.begin() as connection:
        altered = editions.c.digest == kept.editions[2].edition.digest
        connection.execute(update(editions).where(altered).values(content=b"{}"))

    with pytest.raises(DatabaseError, match="it has been altered in the database"):
        load_edition(engine, mailing, 3)
    assert load_edition(engine, mailing, 2) == kept.editions[1].edition
    assert rebuild_set(read_editions(engine, mailing)) is None


def test_the_accepted_are_counted_for_each_edition(engine: Engine) -> None:
    add_people(engine, **PEOPLE)
    mailing = begin(engine, make_editions("schools", "champions"))
    with engine.begin() as connection:
        accepted = deliveries.c.name.in_(["ben", "emil", "anna"])
        connection.execute(update(deliveries).where(accepted).values(state="accepted"))

    assert count_by_edition(engine, mailing) == {1: (1, 1), 2: (1, 0), 3: (2, 2), 4: (1, 0)}
