from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.bounces.masking import LONGEST, mask_text
from bulletin.delivery.smtp.reply_masking import mask_address
from sent_deliveries import sign, sign_old


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("550 5.1.1 <anna@example.org>: User unknown", "550 5.1.1 <a…@example.org>: User unknown"),
        ("to ANNA.Smith@example.org.", "to A…@example.org."),
        ("mailto:anna%40example.org", "mailto:a…@example.org"),
        ('"Anna Smith"@example.org is gone', "…@example.org is gone"),
        ("anna=example.org@lists.example.net", "a…@lists.example.net"),
        ("ünna@exämple.org", "ü…@exämple.org"),
        ("one\r\n two\t three", "one two three"),
        ("a@b@c.org", "a…@c.org"),
        ("no address at all", "no address at all"),
        ("", ""),
    ],
)
def test_an_address_is_shown_as_its_first_letter_and_its_domain(text: str, masked: str) -> None:
    assert mask_text(text) == masked


def test_the_part_before_the_at_is_masked_alone_too() -> None:
    assert mask_text('unknown user: "anna.smith"', names=("anna.smith@example.org",)) == 'unknown user: "a…"'
    assert mask_text("a user", names=("a@example.org",)) == "a user"


@pytest.mark.parametrize("token", [sign("v", 3, 9), sign("u", 12345, 98765).upper(), sign_old(99)])
def test_no_token_is_left(token: str) -> None:
    assert token.lower() not in mask_text(f"see https://news.example.org/unsubscribe/{token} or ask").lower()


@given(st.text(alphabet=st.sampled_from("abc@ <>\"'.,;:\n\t()[]%40é\u202e\x00"), max_size=400))
def test_no_address_is_left_in_any_text(text: str) -> None:
    masked = mask_text(text)

    assert len(masked) <= LONGEST
    assert masked.isprintable() or masked == ""
    assert not re.search(r"[^\s<>()\[\]\"',;:…]{2,}@", masked)


def test_an_address_alone_is_masked() -> None:
    assert mask_address("anna@example.org") == "a…@example.org"
    assert mask_address("nothing") == "…"
