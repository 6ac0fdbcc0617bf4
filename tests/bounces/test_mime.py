from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from time import process_time

import pytest
from corpus import make_samples
from hypothesis import given
from hypothesis import strategies as st

from bulletin.bounces.mime import DEEPEST, KEPT, LONGEST, MOST_PARTS, MimePart, decode_words, parse_mime, read_html


def leaves(part: MimePart) -> list[tuple[str, str]]:
    return [(one.media_type, one.read_text().strip()) for one in part.walk() if not one.parts]


def test_it_reads_what_pythons_own_parser_reads() -> None:
    for sample in make_samples(300, seed=9)[0]:
        message = message_from_bytes(sample.message, policy=policy.compat32)
        theirs = [
            (one.get_content_type(), _read(one))
            for one in message.walk()
            if not one.is_multipart()
            and one.get_content_type().startswith("text/")
            and "headers" not in one.get_content_type()
        ]
        ours = [
            (kind, text)
            for kind, text in leaves(parse_mime(sample.message))
            if kind.startswith("text/") and "headers" not in kind
        ]

        # Python takes each group of a report for an empty text.
        assert [one for one in ours if one[1]] == [one for one in theirs if one[1]], sample.maker


def _read(part: object) -> str:
    octets = part.get_payload(decode=True)  # type: ignore[attr-defined]
    return octets.decode(part.get_content_charset() or "utf-8", "replace").replace("\r\n", "\n").strip()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("=?utf-8?q?Ateb_awtomatig=3A?= Newyddion", "Ateb awtomatig: Newyddion"),
        ("=?UTF-8?B?VW5zdWJzY3JpYmU=?=\n =?utf-8?q?_m12?=", "Unsubscribe m12"),
        ("=?iso-8859-1?q?caf=E9?=", "café"),
        ("=?unknown-charset?q?caf=E9?=", "café"),
        ("=?utf-8*en?q?tagged?=", "tagged"),
        ("=?utf-8?b?!!!!?=", ""),
        ("=?utf-8?q?a\u202eb?=", "ab"),
        ("one\n\ttwo   three", "one two three"),
        ("=?hex?q?00?=", "00"),
    ],
)
def test_fields_are_unfolded_and_decoded(field: str, value: str) -> None:
    assert parse_mime(f"Subject: {field}\n\n".encode()).get("Subject".lower()) == value


@pytest.mark.parametrize(
    "charset", ["utf-8", "iso-8859-1", "windows-1252", "koi8-r", "x-unknown", "zlib", "idna", "undefined", ""]
)
def test_any_charset_gives_a_text(charset: str) -> None:
    message = f'Content-Type: text/plain; charset="{charset}"\n\n'.encode() + "naïve café".encode()

    assert parse_mime(message).read_text().startswith("na")


def test_what_lies_too_deep_or_comes_too_late_stays_in_one_piece() -> None:
    message = b"Content-Type: text/plain\n\nthe end"
    for level in range(50):
        message = (
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level)
            + message
            + b"\n--b%d--\n" % level
        )
    assert len([*parse_mime(message).walk()]) == DEEPEST + 1

    many = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 5000
    assert len([*parse_mime(many).walk()]) <= MOST_PARTS


def test_of_a_very_long_message_the_start_is_read() -> None:
    assert len(parse_mime(b"\n" + b"x" * LONGEST).content) == KEPT - 1


@pytest.mark.parametrize(
    "body",
    [
        b"--b\n" * 200_000,
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 20_000,
        b"=?utf-8?q?" * 90_000,
        b"<style" * 150_000,
        b"<" * 1_000_000,
        b"A:b\n" * 250_000,
        b"a@b " * 250_000,
        b"&" * 1_000_000,
        b'; x="' * 200_000,
        b"\\" * 1_000_000,
    ],
)
@pytest.mark.parametrize("kind", ["text/html", "text/plain", "multipart/mixed; boundary=b", "message/rfc822"])
def test_hostile_messages_are_read_quickly(body: bytes, kind: str) -> None:
    begin = process_time()
    part = parse_mime(f"Subject: x\nContent-Type: {kind}\n\n".encode() + body)
    for one in part.walk():
        one.read_text()
        one.get("subject")
    assert process_time() - begin < 3


def test_words_of_a_page_are_read_without_its_tags() -> None:
    html = "<html><head><title>T</title></head><style>p {}</style><header>Hi</header><p>One &amp; two</p><div>three<br>four</div><script>x()"

    assert read_html(html).split() == ["Hi", "One", "&", "two", "three", "four"]


@given(st.binary(max_size=400))
def test_any_bytes_are_a_message(octets: bytes) -> None:
    part = parse_mime(octets)

    assert all(isinstance(one.read_text(), str) for one in part.walk())


def test_a_message_made_by_python_is_read() -> None:
    message = EmailMessage()
    message["Subject"] = "Diolch – thanks"
    message.set_content("Text ŵ", charset="utf-8", cte="base64")
    message.add_alternative("<p>Page ŵ</p>", subtype="html", cte="quoted-printable")

    part = parse_mime(message.as_bytes())

    assert part.get("subject") == "Diolch – thanks"
    assert leaves(part) == [("text/plain", "Text ŵ"), ("text/html", "Page ŵ")]


def test_encoded_words_are_one_line() -> None:
    assert decode_words("a\x00b\u2028c\x1b[31m") == "a b c [31m"
