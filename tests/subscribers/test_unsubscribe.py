from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.subscribers.unsubscribe import read_token, sign_token, unsubscribe_url

KEY, OLD_KEY = b"k" * 32, b"o" * 32
LARGEST = 2**63 - 1  # of a BIGINT column

ids = st.integers(min_value=1, max_value=LARGEST)


@given(ids)
def test_a_token_names_the_subscriber_that_it_was_signed_for(subscriber_id: int) -> None:
    assert read_token(sign_token(subscriber_id, key=KEY), keys=[KEY]) == subscriber_id


@given(ids)
def test_a_token_is_short_and_has_nothing_in_it_that_a_mail_program_could_break(subscriber_id: int) -> None:
    assert re.fullmatch(r"[0-9a-f]{33,48}", sign_token(subscriber_id, key=KEY))


def test_a_token_is_the_same_on_every_attempt() -> None:
    assert sign_token(7, key=KEY) == sign_token(7, key=KEY)


def test_tokens_of_neighbours_have_nothing_in_common_to_guess_from() -> None:
    first, second = sign_token(7, key=KEY), sign_token(8, key=KEY)
    assert sum(one == other for one, other in zip(first[2:], second[2:], strict=True)) < 10


def test_a_token_signed_with_an_older_key_is_still_read() -> None:
    assert read_token(sign_token(7, key=OLD_KEY), keys=[KEY, OLD_KEY]) == 7


def test_capital_letters_are_as_good_as_small_ones() -> None:
    assert read_token(sign_token(7, key=KEY).upper(), keys=[KEY]) == 7


@pytest.mark.parametrize("keys", [[], [OLD_KEY], [b""]])
def test_a_token_signed_with_none_of_the_keys_is_refused(keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="not an unsubscribe token of ours"):
        read_token(sign_token(7, key=KEY), keys=keys)


@given(ids, st.data())
def test_a_token_with_any_letter_changed_is_refused(subscriber_id: int, data: st.DataObject) -> None:
    token = sign_token(subscriber_id, key=KEY)
    place = data.draw(st.integers(min_value=0, max_value=len(token) - 1))
    letter = data.draw(st.sampled_from("0123456789abcdef").filter(lambda other: other != token[place]))
    with pytest.raises(ValueError, match="not an unsubscribe token"):
        read_token(token[:place] + letter + token[place + 1 :], keys=[KEY])


@given(st.text(max_size=60))
def test_anything_else_is_refused_and_never_crashes(text: str) -> None:
    with pytest.raises(ValueError, match="not an unsubscribe token"):
        read_token(text, keys=[KEY])


@pytest.mark.parametrize("cut", [slice(1, None), slice(None, -1), slice(0, 0)])
def test_a_token_that_was_cut_is_refused(cut: slice) -> None:
    with pytest.raises(ValueError, match="not an unsubscribe token"):
        read_token(sign_token(7, key=KEY)[cut], keys=[KEY])


@pytest.mark.parametrize("website", ["https://bulletin.example.org", "https://bulletin.example.org/"])
def test_the_link_is_a_page_of_the_website(website: str) -> None:
    assert unsubscribe_url(website, "abc234") == "https://bulletin.example.org/unsubscribe/abc234"
