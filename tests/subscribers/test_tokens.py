from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import InvalidToken
from bulletin.subscribers.tokens import (
    LONGEST,
    LinkToken,
    Purpose,
    is_probe,
    is_proof,
    prepare_signing,
    prove,
    read_confirmation,
    read_token,
    sign_confirmation,
    sign_message,
    sign_old_token,
    sign_probe,
    sign_token,
    unsubscribe_url,
)

KEY, OLD_KEY = b"k" * 32, b"o" * 32
LARGEST = 2**63 - 1  # of a BIGINT column

ids = st.integers(min_value=0, max_value=LARGEST)
NAMING = [purpose for purpose in Purpose if purpose is not Purpose.CONFIRM]
purposes = st.sampled_from(NAMING)
LEAVING = [Purpose.UNSUBSCRIBE, Purpose.MAIL]


def is_refused(token: str, purpose: Purpose, *keys: bytes) -> bool:
    """Whether it is refused, and in words."""
    with pytest.raises(InvalidToken, match="This link doesn't work"):
        read_token(token, purpose, keys or [KEY])
    return True


@given(purposes, ids, ids)
def test_a_token_names_the_subscriber_and_the_delivery_that_it_was_signed_for(
    purpose: Purpose, subscriber_id: int, delivery_id: int
) -> None:
    token = sign_token(purpose, subscriber_id, delivery_id, key=KEY)
    assert read_token(token, purpose, [KEY]) == LinkToken(subscriber_id, delivery_id)
    assert token == sign_token(purpose, subscriber_id, delivery_id, key=KEY), "the same on every attempt"


@given(purposes, ids, ids)
def test_a_token_is_short_and_has_nothing_in_it_that_a_mail_program_could_break(
    purpose: Purpose, subscriber_id: int, delivery_id: int
) -> None:
    token = sign_token(purpose, subscriber_id, delivery_id, key=KEY)
    assert re.fullmatch(r"[g-z][0-9a-f]+g[0-9a-f]+g[0-9a-f]+", token)
    assert len(token) <= LONGEST


def test_tokens_of_small_and_large_offices_are_as_long_as_they_should_be() -> None:
    assert len(sign_token(Purpose.UNSUBSCRIBE, 12, 300, key=KEY)) == 39
    assert len(sign_token(Purpose.UNSUBSCRIBE, 10**7, 10**9, key=KEY)) == 49
    # with `bounces+` before it, within the 64 octets of a local part (RFC 5321, 4.5.3.1.1)
    assert len(sign_token(Purpose.RETURN, 10**7, 10**9, key=KEY)) == 33


@pytest.mark.parametrize("other", Purpose)
@pytest.mark.parametrize("purpose", NAMING)
def test_a_token_of_one_purpose_is_worthless_for_every_other(purpose: Purpose, other: Purpose) -> None:
    token = sign_token(purpose, 7, 9, key=KEY)
    if other is not purpose:
        assert is_refused(token, other)
        assert is_refused(other.value + token[1:], other), "nor with the other's letter"


def test_tokens_of_neighbours_have_nothing_in_common_to_guess_from() -> None:
    first, second = (sign_token(Purpose.UNSUBSCRIBE, 7, number, key=KEY)[-32:] for number in (8, 9))
    assert sum(one == other for one, other in zip(first, second, strict=True)) < 10


@pytest.mark.parametrize("purpose", NAMING)
def test_a_token_signed_with_an_older_key_is_still_read_and_says_the_same(purpose: Purpose) -> None:
    token = sign_token(purpose, 7, 9, key=OLD_KEY)
    assert read_token(token, purpose, [KEY, b"another", OLD_KEY]) == LinkToken(7, 9)


@given(purposes, ids, ids, st.randoms())
def test_capital_letters_are_as_good_as_small_ones(purpose: Purpose, one: int, other: int, random: object) -> None:
    token = sign_token(purpose, one, other, key=KEY)
    mixed = "".join(letter.upper() if random.random() < 0.5 else letter for letter in token)  # type: ignore[attr-defined]
    for spelling in (token.upper(), mixed):
        assert read_token(spelling, purpose, [KEY]) == LinkToken(one, other)


@pytest.mark.parametrize("keys", [[], [OLD_KEY], [b""], [KEY + b" "]])
def test_a_token_signed_with_none_of_the_keys_is_refused(keys: list[bytes]) -> None:
    for token in (sign_token(Purpose.UNSUBSCRIBE, 7, 9, key=KEY), sign_old_token(7, key=KEY)):
        with pytest.raises(InvalidToken):
            read_token(token, Purpose.UNSUBSCRIBE, keys)


LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz-_. é"


@given(purposes, ids, ids, st.data())
def test_a_token_with_any_one_character_changed_is_refused(
    purpose: Purpose, one: int, other: int, data: st.DataObject
) -> None:
    token = sign_token(purpose, one, other, key=KEY)
    place = data.draw(st.integers(min_value=0, max_value=len(token) - 1))
    letter = data.draw(st.sampled_from(LETTERS).filter(lambda letter: letter != token[place]))
    assert is_refused(token[:place] + letter + token[place + 1 :], purpose)


@given(purposes, ids, ids, st.data())
def test_a_token_that_was_cut_or_has_more_at_its_ends_is_refused(
    purpose: Purpose, one: int, other: int, data: st.DataObject
) -> None:
    token = sign_token(purpose, one, other, key=KEY)
    start = data.draw(st.integers(min_value=0, max_value=len(token)))
    end = data.draw(st.integers(min_value=start, max_value=len(token)))
    if token[start:end] != token:
        assert is_refused(token[start:end], purpose)
    more = data.draw(st.text(LETTERS + "\n", min_size=1, max_size=3))
    assert is_refused(token + more, purpose)
    assert is_refused(more + token, purpose)


@given(purposes, ids, ids)
def test_the_numbers_of_one_token_with_the_tag_of_another_are_refused(purpose: Purpose, one: int, other: int) -> None:
    size = 16 if purpose is Purpose.RETURN else 32
    mine, theirs = (sign_token(purpose, one, number, key=KEY) for number in (other, other ^ 1))
    assert is_refused(mine[:-size] + theirs[-size:], purpose)
    if other != one:
        assert is_refused(sign_token(purpose, other, one, key=KEY)[:-size] + mine[-size:], purpose)


@given(st.text(max_size=80), st.sampled_from(list(Purpose)))
def test_anything_else_is_refused_and_never_crashes(text: str, purpose: Purpose) -> None:
    assert is_refused(text, purpose)


@pytest.mark.parametrize("text", ["", "u", "ugg", "u0g0g", "\u212a" * 40, "0" * 48, "f" * 10_000, "u" + "٣" * 40])
def test_what_is_shaped_like_a_token_is_refused(text: str) -> None:
    for purpose in Purpose:
        assert is_refused(text, purpose)
    with pytest.raises(InvalidToken):
        read_confirmation(text, [KEY])


# --- emails sent before


@given(st.integers(min_value=1, max_value=LARGEST))
def test_a_token_of_an_email_sent_before_leaves_everything(subscriber_id: int) -> None:
    token = sign_old_token(subscriber_id, key=OLD_KEY)
    for purpose in LEAVING:
        assert read_token(token.upper(), purpose, [KEY, OLD_KEY]) == LinkToken(subscriber_id, None)


def test_a_token_of_an_email_sent_before_is_to_the_letter_what_was_sent() -> None:
    assert sign_old_token(12345, key=b"a secret of thirty-two octets...") == SENT_BEFORE


SENT_BEFORE = "303909c60f37eb9d3a0c6b4fd10b424a8d64"


@pytest.mark.parametrize("purpose", [one for one in NAMING if one not in LEAVING])
def test_a_token_of_an_email_sent_before_can_do_nothing_but_leave(purpose: Purpose) -> None:
    assert is_refused(sign_old_token(7, key=KEY), purpose)


@given(ids, ids)
def test_no_new_token_reads_as_an_old_one(subscriber_id: int, delivery_id: int) -> None:
    token = sign_token(Purpose.UNSUBSCRIBE, subscriber_id, delivery_id, key=KEY)
    assert is_refused(token[1:], Purpose.UNSUBSCRIBE)
    assert is_refused(token.replace("g", "").removeprefix("u"), Purpose.UNSUBSCRIBE)


# --- sign-ups


@given(st.integers(min_value=0, max_value=2**128 - 1))
def test_a_confirmation_names_its_sign_up_and_nothing_else(number: int) -> None:
    token = sign_confirmation(number, key=OLD_KEY)
    assert read_confirmation(token.upper(), [KEY, OLD_KEY]) == number
    assert len(token) <= LONGEST
    for purpose in Purpose:
        assert is_refused(token, purpose, OLD_KEY)
    with pytest.raises(InvalidToken):
        read_confirmation(sign_token(Purpose.UNSUBSCRIBE, 1, 1, key=KEY), [KEY])


@pytest.mark.parametrize("website", ["https://bulletin.example.org", "https://bulletin.example.org/"])
def test_the_link_is_a_page_of_the_website(website: str) -> None:
    assert unsubscribe_url(website, "abc234") == "https://bulletin.example.org/unsubscribe/abc234"


@given(ids, ids, st.booleans(), st.sampled_from(["", "s0123456789ab"]))
def test_what_a_mailing_signs_is_what_is_signed_one_by_one(
    person: int,
    delivery: int,
    pages: bool,  # noqa: FBT001 -- drawn
    mailing_key: str,
) -> None:
    tokens = prepare_signing(KEY, pages=pages, mailing_key=mailing_key)(person, delivery)

    one_by_one = [sign_token(purpose, person, delivery, key=KEY) for purpose in NAMING]
    unsubscribe, preferences, mail, _watching, returning = one_by_one
    assert tokens.unsubscribe == (unsubscribe if pages else "")
    assert tokens.preferences == (preferences if pages else "")
    assert (tokens.mail, tokens.returning) == (mail, returning)
    assert tokens.tag == (sign_message(mailing_key, person, key=KEY) if mailing_key else "")


HERE, ELSEWHERE = "a1" * 16, "b2" * 16

any_number = st.integers(min_value=0, max_value=2**64 - 1)


@given(any_number)
def test_a_website_with_the_key_and_the_database_proves_it(number: int) -> None:
    token = sign_probe(number, key=KEY)

    assert is_probe(read_token(token, Purpose.UNSUBSCRIBE, [KEY]))
    for keys in ([KEY], [OLD_KEY, KEY]):  # after the key was changed, older links still work
        assert is_proof(prove(token, keys, HERE), token, key=KEY, database_id=HERE)
        assert is_proof(prove(token.upper(), keys, HERE), token, key=KEY, database_id=HERE)


@given(any_number, any_number)
def test_no_other_key_no_other_database_and_no_earlier_answer_proves_it(number: int, other: int) -> None:
    token, earlier = sign_probe(number, key=KEY), sign_probe(other, key=KEY)

    with pytest.raises(InvalidToken):
        prove(token, [OLD_KEY], HERE)
    with pytest.raises(InvalidToken):
        prove(token, [], HERE)
    assert not is_proof(prove(token, [KEY], ELSEWHERE), token, key=KEY, database_id=HERE)
    assert is_proof(prove(earlier, [KEY], HERE), token, key=KEY, database_id=HERE) == (number == other)
    assert not is_proof(prove(sign_probe(number, key=OLD_KEY), [OLD_KEY], HERE), token, key=KEY, database_id=HERE)


@given(any_number, st.text(max_size=80))
def test_nothing_else_is_a_proof(number: int, text: str) -> None:
    token = sign_probe(number, key=KEY)
    for wrong in (text, "", token, token[-32:], "é"):
        assert not is_proof(wrong, token, key=KEY, database_id=HERE)


@given(st.integers(min_value=1, max_value=2**64 - 1), any_number)
def test_no_readers_link_is_a_probe(person: int, delivery: int) -> None:
    for token in (sign_token(Purpose.UNSUBSCRIBE, person, delivery, key=KEY), sign_old_token(person, key=KEY)):
        assert not is_probe(read_token(token, Purpose.UNSUBSCRIBE, [KEY]))
