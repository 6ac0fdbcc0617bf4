from __future__ import annotations

import re
from email import message_from_bytes, message_from_string, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bulletin.delivery.message.headers import (
    ascii_uri,
    mailto,
    one_line,
    write_disposition,
    write_named,
    write_text,
    write_uris,
    write_value,
)

wild = st.text(st.one_of(st.sampled_from('\r\n\t\0 ,";:<>()@.\\=?_é😀\u202e\u2028'), st.characters()), max_size=320)
ADDRESS = "anna@example.org"


def parse(field: str) -> EmailMessage:
    """What a mail program makes of a message that has this field, and another behind it."""
    content = field.encode() + b"X-Next: here\r\n\r\nbody\r\n"
    message = message_from_bytes(content, policy=policy.default)
    assert len(message.keys()) == 2
    assert message["X-Next"] == "here"
    assert message.get_content() == "body\r\n"
    return message


def lines_of(field: str) -> list[str]:
    assert field.endswith("\r\n")
    assert not re.search(r"\r(?!\n)|(?<!\r)\n", field)
    return field.split("\r\n")[:-1]


@given(wild)
@example("")
@example("=?utf-8?q?Bcc=3A?= x")
@example("word " * 60)
@example("x" * 300)
@example("Agenda\r\nBcc: everyone@example.org")
def test_a_subject_is_read_as_it_was_written_in_one_line(text: str) -> None:
    assert parse(write_text("Subject", text))["Subject"] == one_line(text)


@given(wild)
@example("word " * 60)
@example("é" * 300)
def test_a_subject_is_folded_at_76(text: str) -> None:
    assert all(len(line) <= 76 and line.isascii() for line in lines_of(write_text("Subject", text)))


def test_a_plain_subject_is_not_encoded() -> None:
    assert write_text("Subject", "News for May: 20 places left") == "Subject: News for May: 20 places left\r\n"


def test_a_subject_with_a_dash_is_encoded_so_that_it_can_still_be_made_out() -> None:
    assert write_text("Subject", "News – May") == "Subject: =?utf-8?q?News_=E2=80=93_May?=\r\n"


@given(wild)
@example("Anna\r\nBcc: everyone@example.org")
@example("O'Brien, Anna")
@example('Anna "Nan" Smith')
@example("back\\slash")
@example("anna@example.net")
@example("=?utf-8?q?x?=")
@example("a" * 300)
@example("👩‍👧 " * 100)
def test_a_name_is_read_as_it_was_written_and_names_one_address(name: str) -> None:
    field = write_named("To", name, ADDRESS)
    # The newer parser of Python 3.11 keeps the spaces between encoded-words, which RFC 2047 (6.2) drops.
    phrase, _ = parseaddr(message_from_string(field)["To"])

    assert str(make_header(decode_header(phrase))) == one_line(name)
    assert [address.addr_spec for address in parse(field)["To"].addresses] == [ADDRESS]


@given(wild)
@example("a" * 300)
@example("é" * 300)
def test_lines_with_a_name_have_at_most_76_octets(name: str) -> None:
    assert all(len(line) <= 76 and line.isascii() for line in lines_of(write_named("To", name, ADDRESS)))


@given(wild)
@example("é" * 300)
@example("👩‍👧 " * 100)
def test_encoded_words_have_at_most_75_octets_and_cut_no_character(name: str) -> None:
    for word in re.findall(r"=\?utf-8\?q\?([^? ]*)\?=", write_named("To", f"é{name}", ADDRESS)):
        assert len(word) <= 75 - len("=?utf-8?q??=")
        octets = re.sub("=(..)", lambda match: chr(int(match[1], 16)), word).encode("latin-1")
        octets.decode("utf-8", "strict")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Anna Smith", "Anna Smith <anna@example.org>"),
        ("Seán O'Brien", "=?utf-8?q?Se=C3=A1n_O=27Brien?= <anna@example.org>"),
        ("O'Brien-Smith", "O'Brien-Smith <anna@example.org>"),
        ("Smith, Anna", '"Smith, Anna" <anna@example.org>'),
        ("Anytown S.C.P.", '"Anytown S.C.P." <anna@example.org>'),
        ('Anna "Nan" Smith', '"Anna \\"Nan\\" Smith" <anna@example.org>'),
        ("", "<anna@example.org>"),
    ],
)
def test_a_name_is_quoted_or_encoded_only_where_it_must_be(name: str, written: str) -> None:
    assert write_named("To", name, ADDRESS) == f"To: {written}\r\n"


def test_a_long_address_stands_whole_on_a_line_of_its_own() -> None:
    address = "a" * 64 + "@" + "example." * 20 + "org"

    assert lines_of(write_named("To", "Anna Smith", address)) == ["To: Anna Smith", f" <{address}>"]


def test_an_address_with_letters_beyond_ascii_stands_as_it_is() -> None:
    assert write_named("To", "Jöhn", "jöhn@xn--bcher-kva.example") == (
        "To: =?utf-8?q?J=C3=B6hn?= <jöhn@xn--bcher-kva.example>\r\n"
    )


def test_a_line_break_in_an_address_or_a_value_adds_no_field() -> None:
    assert parse(write_value("Reply-To", "a@example.org\r\nBcc: b@example.org"))["Bcc"] is None
    assert parse(write_named("To", "Anna", "a@example.org\r\nBcc: b@example.org"))["Bcc"] is None
    assert parse(write_uris("List-Archive", "https://example.org/\r\nBcc: b@example.org"))["Bcc"] is None
    assert parse(write_disposition("inline", "a.png\r\nBcc: b@example.org"))["Bcc"] is None


def test_uris_stand_in_one_line_however_long_they_are() -> None:
    long = "https://news.anytown.example.org/" + "bulletin/" * 30 + "unsubscribe/" + "t0ken" * 12

    assert write_uris("List-Unsubscribe", long, "mailto:a@example.org") == (
        f"List-Unsubscribe: <{long}>, <mailto:a@example.org>\r\n"
    )


def test_two_uris_that_one_line_cannot_hold_stand_on_two() -> None:
    long = "https://news.anytown.example.org/" + "x" * 800

    assert lines_of(write_uris("List-Unsubscribe", long, f"{long}y")) == [f"List-Unsubscribe: <{long}>,", f" <{long}y>"]


@given(st.text(max_size=60))
def test_a_web_address_becomes_one_ascii_word_that_needs_no_brackets_escaped(text: str) -> None:
    assert re.fullmatch(r"[!-;=?-~]*", ascii_uri(f"https://bücher.example/{text}"))


def test_a_web_address_keeps_what_it_means() -> None:
    assert ascii_uri("https://bücher.example:8080/sü ß?a=1&b=%20#c") == (
        "https://xn--bcher-kva.example:8080/s%C3%BC%20%C3%9F?a=1&b=%20#c"
    )
    assert ascii_uri("https://straße.example/") == "https://xn--strae-oqa.example/"


def test_a_host_that_has_no_ascii_form_is_percent_encoded() -> None:
    assert ascii_uri("https://☃☃\u200d.example/") == "https://%E2%98%83%E2%98%83%E2%80%8D.example/"


def test_special_characters_of_an_address_are_encoded_in_a_mailto() -> None:
    assert mailto("o'brien+a&b@example.org", subject="Help me") == (
        "mailto:o%27brien%2Ba%26b@example.org?subject=Help%20me"
    )


@given(wild.filter(lambda name: one_line(name).strip("<>")))  # Python's reader takes what stands in <> for an address
@example('a"b\\c.png')
@example("réseau – 1.png")
def test_a_file_name_is_read_as_it_was_written(name: str) -> None:
    assert parse(write_disposition("inline", name)).get_filename() == one_line(name)
