from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, func, select, update

from anytown import NOON, add_people, begin_mailing, make_edition, opt_out, read_states
from bulletin.database.schema import open_database
from bulletin.database.tables import editions, mailings, memberships, subscribers
from bulletin.delivery.ledger.mailing import find_mailed_issues, find_mailings
from bulletin.delivery.ledger.mailing_editions import load_edition, load_template
from bulletin.delivery.ledger.start import count_people, start_mailing
from bulletin.delivery.message.template import Recipient
from bulletin.errors import DatabaseError, MailingError
from conftest import examples


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


def count_rows(engine: Engine) -> tuple[int, int]:
    with engine.begin() as connection:
        return tuple(connection.scalar(select(func.count()).select_from(table)) for table in (mailings, editions))


def test_a_person_on_several_lists_is_written_to_once(engine: Engine) -> None:
    add_people(engine, partners=["anna", "ben"], schools=["ben", "cleo", "anna"])
    start_mailing(engine, make_edition(), lists=["partners", "schools"], key="k", now=NOON)
    assert list(read_states(engine).items()) == [("anna", "queued"), ("ben", "queued"), ("cleo", "queued")]


def test_only_the_lists_that_are_named_are_written_to(engine: Engine) -> None:
    add_people(engine, partners=["anna"], schools=["ben"])
    start_mailing(engine, make_edition(), lists=["schools"], key="k", now=NOON)
    assert list(read_states(engine)) == ["ben"]


def test_the_suppressed_are_left_out(engine: Engine) -> None:
    add_people(engine, partners=["anna", "ben"])
    opt_out(engine, "anna")
    start_mailing(engine, make_edition(), lists=["partners"], key="k", now=NOON)
    assert list(read_states(engine)) == ["ben"]


def test_nobody_gets_an_issue_by_a_second_mailing_of_it(engine: Engine) -> None:
    add_people(engine, partners=["anna", "ben"], schools=["ben", "cleo"])
    start_mailing(engine, make_edition(), lists=["partners"], key="k1", now=NOON)
    start_mailing(engine, make_edition(words="Corrected."), lists=["partners", "schools"], key="k2", now=NOON)
    assert list(read_states(engine)) == ["anna", "ben", "cleo"]


def test_another_issue_goes_to_the_same_people(engine: Engine) -> None:
    add_people(engine, partners=["anna"])
    start_mailing(engine, make_edition("2021-05"), lists=["partners"], key="k1", now=NOON)
    start_mailing(engine, make_edition("training/2021-05"), lists=["partners"], key="k2", now=NOON)
    assert find_mailed_issues(engine) == ("2021-05", "training/2021-05")


def test_what_happens_to_the_lists_later_changes_nothing(engine: Engine) -> None:
    add_people(engine, partners=["anna", "ben"])
    start_mailing(engine, make_edition(), lists=["partners"], key="k", now=NOON)
    with engine.begin() as connection:
        connection.execute(delete(memberships))
        connection.execute(update(subscribers).values(name="somebody else"))
    add_people(engine, partners=["cleo"])
    assert list(read_states(engine)) == ["anna", "ben"]


names = st.lists(st.sampled_from("abcdefgh"), max_size=8)


@examples(40)
@given(partners=names, schools=names, opted_out=names, earlier=names)
def test_the_plan_is_what_the_mailing_then_does(
    tmp_path_factory: pytest.TempPathFactory,
    partners: list[str],
    schools: list[str],
    opted_out: list[str],
    earlier: list[str],
) -> None:
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('plan') / 'ledger.db'}")
    add_people(engine, partners=partners, schools=schools)
    if earlier:
        begin_mailing(engine, *earlier)
    opt_out(engine, *opted_out)
    with engine.begin() as connection:
        plan = count_people(connection, "2021-05", ["partners", "schools"])
    expected = set(partners + schools) - set(opted_out) - set(earlier)
    assert plan.recipients == len(expected)
    assert plan.by_list == {"partners": len(expected & set(partners)), "schools": len(expected & set(schools))}
    assert plan.suppressed == len(set(partners + schools) & set(opted_out))
    assert plan.recipients + plan.suppressed + plan.already == len(set(partners + schools))
    if expected:
        start_mailing(engine, make_edition(), lists=["partners", "schools"], key="k", now=NOON)
        assert set(read_states(engine)) - set(earlier) == expected
    engine.dispose()


def test_a_mailing_to_an_empty_list_is_refused(engine: Engine) -> None:
    with pytest.raises(MailingError, match="There is no one on the lists partners, schools, so 2021-05 has no readers"):
        start_mailing(engine, make_edition(), lists=["partners", "schools"], key="k", now=NOON)
    assert count_rows(engine) == (0, 0)


def test_a_mailing_that_has_nobody_left_says_why(engine: Engine) -> None:
    begin_mailing(engine, "anna", "ben")
    add_people(engine, partners=["anna", "ben", "cleo"])
    opt_out(engine, "cleo")
    with pytest.raises(
        MailingError, match="of 3 on the list partners, 2 are being sent it, or have been, and 1 must not be"
    ):
        start_mailing(engine, make_edition(words="Corrected."), lists=["partners"], key="k", now=NOON)
    assert count_rows(engine) == (1, 1)


def test_a_mailing_is_found_as_it_was_begun(engine: Engine) -> None:
    add_people(engine, partners=["anna"], schools=["ben"])
    first = start_mailing(engine, make_edition(), lists=["partners"], key="k1", now=NOON)
    second = start_mailing(engine, make_edition(), lists=["schools"], key="k2", now=NOON + 1)
    assert find_mailings(engine, "2021-05") == (first, second)
    assert find_mailings(engine, "2021-06") == ()
    assert (second.key, second.issue, second.lists, second.began_at) == ("k2", "2021-05", ("schools",), NOON + 1)


def test_an_edition_is_kept_once_and_comes_back_to_the_byte(engine: Engine) -> None:
    add_people(engine, partners=["anna"], schools=["ben"])
    edition = make_edition(words="“Ünïcode” & <b>markup</b> 🎉")
    start_mailing(engine, edition, lists=["partners"], key="k1", now=NOON)
    mailing = start_mailing(engine, edition, lists=["schools"], key="k2", now=NOON)
    assert load_edition(engine, mailing) == edition
    assert count_rows(engine) == (2, 1)


def alter_words(content: bytes) -> bytes:
    return zlib.compress(zlib.decompress(content).replace(b"Anytown", b"Othertown"))


@pytest.mark.parametrize("alter", [alter_words, lambda _: b"no zlib", lambda _: zlib.compress(b"{}")])
def test_what_was_altered_in_the_database_does_not_leave(engine: Engine, alter: Callable[[bytes], bytes]) -> None:
    mailing = begin_mailing(engine, "anna")
    with engine.begin() as connection:
        content = alter(connection.scalar(select(editions.c.content)))
        connection.execute(update(editions).values(content=content))

    with pytest.raises(DatabaseError, match="is not what its mailing began with: it has been altered"):
        load_template(engine, mailing)


def test_a_message_is_the_same_to_the_byte_whenever_it_is_tried(engine: Engine) -> None:
    mailing = begin_mailing(engine, "anna")
    tokens = dict.fromkeys(("token", "mail_token", "preferences_token", "return_token"), "t0ken")
    anna = Recipient(subscriber_id=1, address="anna@example.org", name="Anna", tag="", **tokens)
    message = load_template(engine, mailing).address_to(anna)
    assert message == load_template(engine, mailing).address_to(anna)
    assert b"Date: Tue, 04 May 2021 11:00:00 +0000\r\n" in message
    assert b"Message-ID: <key2021-05.1@anytown.example.org>\r\n" in message
