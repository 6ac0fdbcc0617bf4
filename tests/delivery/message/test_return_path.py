"""The envelope's sender: one for all, or one for each message."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bulletin.delivery.message.return_path import ReturnPath
from bulletin.subscribers.tokens import LinkToken, Purpose, read_token, sign_token

KEY = b"the key of this office"
locals_ = st.from_regex(r"[a-z0-9._-]{1,64}", fullmatch=True)
usual = st.integers(min_value=0, max_value=2**32 - 1)
any_number = st.integers(min_value=0, max_value=2**64 - 1)


def test_without_verp_everything_comes_back_to_one_address() -> None:
    assert ReturnPath(address="returns@example.org").write("v3g1g0011223344556677") == "returns@example.org"


@given(st.from_regex(r"[a-z0-9._-]{1,28}", fullmatch=True), usual, usual)
def test_with_verp_the_address_names_the_delivery(local: str, person: int, delivery: int) -> None:
    """Up to the length that bulletin.yaml allows."""
    token = sign_token(Purpose.RETURN, person, delivery, key=KEY)

    written = ReturnPath(address=f"{local}@example.org", verp=True).write(token)

    assert written == f"{local}+{token}@example.org"
    assert read_token(written.rpartition("@")[0].rpartition("+")[2], Purpose.RETURN, [KEY]) == LinkToken(
        person, delivery
    )


@given(locals_, any_number, any_number)
def test_no_local_part_is_longer_than_64_octets(local: str, person: int, delivery: int) -> None:
    token = sign_token(Purpose.RETURN, person, delivery, key=KEY)

    written = ReturnPath(address=f"{local}@example.org", verp=True).write(token)

    assert len(written.rpartition("@")[0]) <= 64
    assert written in (f"{local}+{token}@example.org", f"{local}@example.org")
