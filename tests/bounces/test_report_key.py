from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bulletin.bounces.mime import parse_mime
from bulletin.bounces.report_key import make_report_key

MESSAGE = b"Received: from a by b; Mon, 2 Nov 2026 09:11:12 +0000\nDate: Mon, 2 Nov 2026 09:11:12 +0000\nMessage-ID: <1@example.org>\n\nText\n"


def key(
    message: bytes = MESSAGE, *, delivery: int | None = 7, recipient: str = "anna@example.org", status: str = "5.1.1"
) -> bytes:
    return make_report_key(parse_mime(message), delivery=delivery, recipient=recipient, status=status)


def test_it_has_128_bits_and_is_the_same_each_time() -> None:
    assert len(key()) == 16
    assert key() == key()


def test_it_is_the_same_wherever_the_email_was_read() -> None:
    other = b"Received: by our.own.server\nDelivered-To: x@example.org\n" + MESSAGE.replace(b"\n", b"\r\n")
    mbox = b"From a Mon Nov  2 09:11:12 2026\n" + MESSAGE
    folded = MESSAGE.replace(b"Message-ID: <", b"MESSAGE-ID:\n <")

    assert key() == key(other) == key(mbox) == key(folded)
    assert key() == key(recipient="Anna@Example.org")


def test_without_a_message_id_the_date_and_the_last_hop_tell() -> None:
    bare = MESSAGE.replace(b"Message-ID: <1@example.org>\n", b"")

    assert key(bare) == key(bare.replace(b"\n", b"\r\n"))
    assert (
        len({key(bare), key(bare.replace(b"from a", b"from c")), key(bare.replace(b"Date: Mon", b"Date: Tue")), key()})
        == 4
    )


def test_anything_else_makes_another_key() -> None:
    keys = [
        key(),
        key(MESSAGE.replace(b"<1@", b"<2@")),
        key(delivery=8),
        key(delivery=None),
        key(recipient="b@example.org"),
        key(recipient=""),
        key(status="5.1.2"),
    ]

    assert len(set(keys)) == len(keys)


TEXTS = st.text(max_size=12)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_values_never_run_into_one_another(one: str, other: str, third: str, fourth: str) -> None:
    same = (one.lower(), other) == (third.lower(), fourth)

    assert (key(recipient=one, status=other) == key(recipient=third, status=fourth)) is same
