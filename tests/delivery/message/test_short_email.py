"""Short emails as bytes: what other programs read out of them is what was put in."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import parseaddr

from hypothesis import given
from hypothesis import strategies as st

from bulletin.delivery.message.short_email import ShortEmail, write_short_email

NOON = datetime(2021, 5, 4, 12, tzinfo=UTC)
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn", "Zl", "Zp")), min_size=1, max_size=200)


def make(**values: str) -> ShortEmail:
    given_ = {
        "sender_name": "Anytown",
        "sender_address": "news@anytown.example.org",
        "reply_to": "hello@anytown.example.org",
        "recipient": "jo@example.net",
        "subject": "Confirm",
        "text": "Words\n",
        "html": "<p>Words</p>\n",
        "key": "179.7.outbox",
    }
    return ShortEmail(**(given_ | values), date=NOON)


@given(subject=WORDS, name=WORDS, text=WORDS)
def test_another_program_reads_what_was_written(subject: str, name: str, text: str) -> None:
    source = write_short_email(make(subject=subject, sender_name=name, text=f"{text}\n", html=f"<p>{text}</p>\n"))
    message = message_from_bytes(source, policy=policy.default)

    assert str(message["Subject"]).split() == subject.split()
    assert parseaddr(str(message["From"]))[1] == "news@anytown.example.org"
    plain, html = message.iter_parts()  # type: ignore[attr-defined]  # of EmailMessage
    assert plain.get_content().replace("\r\n", "\n") == f"{text}\n"
    assert html.get_content().replace("\r\n", "\n") == f"<p>{text}</p>\n"
    assert all(len(line) <= 998 and not line.startswith(b".") for line in source.split(b"\r\n"))
    assert b"\n" not in source.replace(b"\r\n", b"")


@given(st.text(max_size=60))
def test_no_value_adds_a_field(words: str) -> None:
    fields = message_from_bytes(write_short_email(make())).keys()
    values = {"subject": f"a{words}", "sender_name": f"b{words}", "reply_to": f"c{words}"}
    assert message_from_bytes(write_short_email(make(**values))).keys() == fields


def test_the_message_id_is_the_same_at_each_attempt() -> None:
    ids = {message_from_bytes(write_short_email(make(text=text)))["Message-ID"] for text in ("one", "two")}
    assert ids == {"<179.7.outbox@anytown.example.org>"}
