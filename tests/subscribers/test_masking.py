"""An address as strangers may see it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.subscribers.masking import mask_address


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("jo.bloggs@schools.example.net", "j…\u2060@schools.example.net"),
        ("j@x.example", "j…\u2060@x.example"),
        ('"jo b@home"@x.example', "j…\u2060@x.example"),
        ("_jo@x.example", "j…\u2060@x.example"),
        ("élise@x.example", "é…\u2060@x.example"),
        ("7@x.example", "7…\u2060@x.example"),
        ("--@x.example", "…\u2060@x.example"),
    ],
)
def test_one_letter_and_the_domain_are_left(address: str, masked: str) -> None:
    assert mask_address(address) == masked


@given(st.text(st.characters(categories=("L",)), min_size=2, max_size=30))
def test_the_rest_of_the_name_is_never_shown(local: str) -> None:
    assert mask_address(f"{local}@x.example").partition("…")[0] == local[0]
