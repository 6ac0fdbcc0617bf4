"""The probe: who can prove to be the website for a sender's links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import InvalidToken
from bulletin.subscribers.probe import is_probe, is_proof, make_probe, prove
from bulletin.subscribers.tokens import Purpose, read_token, sign_old_token, sign_token

KEY, OTHER = b"the key of this office", b"the key of another one"
HERE, ELSEWHERE = "a1" * 16, "b2" * 16

numbers = st.integers(min_value=0, max_value=2**64 - 1)


@given(numbers)
def test_a_website_with_the_key_and_the_database_proves_it(number: int) -> None:
    token = make_probe(number, key=KEY)

    assert is_probe(read_token(token, Purpose.UNSUBSCRIBE, [KEY]))
    for keys in ([KEY], [OTHER, KEY]):  # after the key was changed, older links still work
        assert is_proof(prove(token, keys, HERE), token, key=KEY, database_id=HERE)
        assert is_proof(prove(token.upper(), keys, HERE), token, key=KEY, database_id=HERE)


@given(numbers, numbers)
def test_no_other_key_no_other_database_and_no_earlier_answer_proves_it(number: int, other: int) -> None:
    token, earlier = make_probe(number, key=KEY), make_probe(other, key=KEY)

    with pytest.raises(InvalidToken):
        prove(token, [OTHER], HERE)
    with pytest.raises(InvalidToken):
        prove(token, [], HERE)
    assert not is_proof(prove(token, [KEY], ELSEWHERE), token, key=KEY, database_id=HERE)
    assert is_proof(prove(earlier, [KEY], HERE), token, key=KEY, database_id=HERE) == (number == other)
    assert not is_proof(prove(make_probe(number, key=OTHER), [OTHER], HERE), token, key=KEY, database_id=HERE)


@given(numbers, st.text(max_size=80))
def test_nothing_else_is_a_proof(number: int, text: str) -> None:
    token = make_probe(number, key=KEY)
    for wrong in (text, "", token, token[-32:], "é"):
        assert not is_proof(wrong, token, key=KEY, database_id=HERE)


@given(st.integers(min_value=1, max_value=2**64 - 1), numbers)
def test_no_readers_link_is_a_probe(person: int, delivery: int) -> None:
    for token in (sign_token(Purpose.UNSUBSCRIBE, person, delivery, key=KEY), sign_old_token(person, key=KEY)):
        assert not is_probe(read_token(token, Purpose.UNSUBSCRIBE, [KEY]))
