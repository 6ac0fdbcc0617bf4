from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from typing import Any, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bulletin.delivery.message.headers import one_line
from bulletin.delivery.message.personal_links import unsubscribe_uris
from bulletin.delivery.message.template import Recipient, build_template
from bulletin.edition.edition import Edition, Letterhead, Picture, Slots

SLOTS = Slots(greeting="slot1f0greeting", unsubscribe="slot1f0unsubscribe", preferences="slot1f0preferences")
LETTERHEAD = Letterhead(
    sender_name="Anytown S.C.P.",
    sender_address="news@anytown.example.org",
    reply_to="hello@anytown.example.org",
    list_id="monthly.anytown.example.org",
    list_title="Anytown news",
    owner="office@anytown.example.org",
    archive="https://news.anytown.example.org/",
    website="https://news.anytown.example.org",
    greeting="Dear {name},",
    greeting_unnamed="Dear colleague,",
)
EDITION = Edition(
    issue="2021-05",
    subject="Anytown news – May 2021",
    html=f'<p>{SLOTS.greeting}</p>\n<a href="{SLOTS.unsubscribe}">Leave</a> – <a href="{SLOTS.preferences}">.</a>',
    text=f"{SLOTS.greeting}\n\n.News – and more. \n\nUnsubscribe:\n{SLOTS.unsubscribe}\n{SLOTS.preferences}\n",
    slots=SLOTS,
    letterhead=LETTERHEAD,
)
LOGO = Picture(
    cid="logo.1f0@bulletin",
    file_name="logo – small.png",
    media_type="image/png",
    content=bytes(range(256)) * 3,
    width=160,
    height=60,
)
ANNA = Recipient(
    subscriber_id=17,
    address="anna@example.org",
    name="Anna Smith",
    token="t0ken-17_x",
    mail_token="m4il-17",
    preferences_token="ch0ice-17",
    return_token="v11g7g",
    tag="",
)
CHOICES = "https://news.anytown.example.org/preferences/ch0ice-17"
HTTPS = "https://news.anytown.example.org/unsubscribe/t0ken-17_x"
MAILTO = "mailto:hello@anytown.example.org?subject=Unsubscribe%20m4il-17"
MAY = datetime(2021, 5, 4, 9, 30, tzinfo=timezone(timedelta(hours=1)))

SLOT_WORDS = (SLOTS.greeting, SLOTS.unsubscribe, SLOTS.preferences)
wild = st.text(st.one_of(st.sampled_from("\r\n.= <>&\"'é😀"), st.characters(codec="utf-8")), max_size=200)
bodies = st.lists(st.one_of(wild, st.sampled_from([*SLOT_WORDS])), max_size=8).map("".join)
names = st.text(max_size=300)


def write(edition: Edition = EDITION, recipient: Recipient = ANNA, **options: Any) -> bytes:
    return build_template(edition, mailing_key="k3y", date=MAY, **options).address_to(recipient)


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    assert part is not None
    assert part.get_content_charset() == "utf-8"
    return str(part.get_content()).replace("\r\n", "\n")


def headers(raw: bytes) -> list[str]:
    return raw.partition(b"\r\n\r\n")[0].decode().split("\r\n")


def with_letterhead(**changes: str) -> Edition:
    return replace(EDITION, letterhead=replace(LETTERHEAD, **changes))


@given(html=bodies, text=bodies, name=names, pictures=st.sampled_from([(), (LOGO,)]))
@example(html="." * 200, text="." * 200, name="." * 200, pictures=())
@example(html="a =", text=f"{SLOTS.greeting} ", name="{name}", pictures=(LOGO,))
@example(html=SLOTS.greeting * 3, text=SLOTS.unsubscribe, name=SLOTS.unsubscribe, pictures=())
@example(html=f"<p>{SLOTS.greeting}", text="", name="<script>alert(1)</script>", pictures=())
def test_readers_get_exactly_the_edition_with_their_own_values_in_place(
    html: str, text: str, name: str, pictures: tuple[Picture, ...]
) -> None:
    edition = replace(EDITION, html=html, text=text, pictures=pictures)
    recipient = ANNA._replace(name=name)
    greeting = f"Dear {one_line(name)}," if one_line(name) else "Dear colleague,"

    message = read(write(edition, recipient))

    values = {SLOTS.greeting: greeting, SLOTS.unsubscribe: HTTPS, SLOTS.preferences: CHOICES}
    assert body(message, "plain") == fill(text, values)
    assert body(message, "html") == fill(html, {slot: escape(value) for slot, value in values.items()})
    plain = read(write(edition, recipient, text_only=True))
    assert plain.get_content_type() == "text/plain"
    assert body(plain, "plain") == fill(text if text.endswith("\n") else f"{text}\n", values)


def fill(text: str, values: dict[str, str]) -> str:
    filled = re.sub("|".join(values), lambda match: values[match[0]], text.replace("\r\n", "\n"))
    return filled.replace("\r\n", "\n")


@given(html=bodies, text=bodies, name=names, subject=wild)
@example(html="x" * 5000, text="é" * 5000, name="a" * 300, subject="word " * 80)
def test_every_line_is_within_the_limits_ends_with_crlf_and_begins_with_no_dot(
    html: str, text: str, name: str, subject: str
) -> None:
    edition = replace(EDITION, html=html, text=text, subject=subject, pictures=(LOGO,))
    for text_only in (False, True):
        raw = write(edition, ANNA._replace(name=name), text_only=text_only)

        assert raw.endswith(b"\r\n")
        assert not re.search(rb"\r(?!\n)|(?<!\r)\n", raw)
        for line in raw.split(b"\r\n"):
            assert not line.startswith(b".")
            assert len(line) <= (998 if line.startswith(b"List-Unsubscribe:") else 76)
            assert line.isascii()


def test_a_reader_who_wants_plain_text_alone_gets_all_headers_and_no_html_and_no_picture() -> None:
    edition = replace(EDITION, pictures=(LOGO,))

    raw, usual = write(edition, text_only=True), write(edition)

    assert headers(raw)[:-2] == headers(usual)[:-2]
    assert headers(raw)[-2:] == [
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
    ]
    assert b"text/html" not in raw
    assert b"logo" not in raw
    assert body(read(raw), "plain") == body(read(usual), "plain")


def test_the_text_comes_first_and_the_html_last() -> None:
    message = read(write())

    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert not message.defects


def test_pictures_travel_inside_the_html_part_and_are_what_they_were() -> None:
    message = read(write(replace(EDITION, pictures=(LOGO, replace(LOGO, cid="other", content=b"GIF")))))

    text, related = message.iter_parts()
    html, logo, other = cast("EmailMessage", related).iter_parts()
    assert (text.get_content_type(), related.get_content_type()) == ("text/plain", "multipart/related")
    assert related.get_param("type") == html.get_content_type() == "text/html"
    assert logo.get_content_type() == "image/png"
    assert logo["Content-ID"] == "<logo.1f0@bulletin>"
    assert cast("EmailMessage", logo).get_content() == LOGO.content
    assert cast("EmailMessage", other).get_content() == b"GIF"
    assert (logo.get_content_disposition(), logo.get_filename()) == ("inline", "logo – small.png")


def test_the_headers_say_from_whom_to_whom_and_for_which_list() -> None:
    raw = write()

    assert headers(raw)[:-2] == [
        "Message-ID: <k3y.17@anytown.example.org>",
        "To: Anna Smith <anna@example.org>",
        "X-Bulletin-Return: v11g7g",
        f"List-Unsubscribe: <{HTTPS}>, <{MAILTO}>",
        "Date: Tue, 04 May 2021 09:30:00 +0100",
        'From: "Anytown S.C.P." <news@anytown.example.org>',
        "Reply-To: hello@anytown.example.org",
        "Subject: =?utf-8?q?Anytown_news_=E2=80=93_May_2021?=",
        "List-Id: Anytown news <monthly.anytown.example.org>",
        "List-Help: <mailto:office@anytown.example.org?subject=Help>",
        "List-Owner: <mailto:office@anytown.example.org>",
        "List-Post: NO",
        "List-Archive: <https://news.anytown.example.org/>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Precedence: bulk",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: OOF, AutoReply",
        "MIME-Version: 1.0",
    ]


@pytest.mark.parametrize("edition", [EDITION, with_letterhead(website="", archive="")])
def test_no_header_stands_twice(edition: Edition) -> None:
    names = [name.lower() for name in read(write(edition))]

    assert len(names) == len(set(names))


def test_a_long_unsubscribe_link_stays_whole_in_one_line() -> None:
    website = "https://news.anytown.example.org/" + "e-bulletin/" * 30
    token = "A1b2_-" * 12

    lines = headers(write(with_letterhead(website=website), ANNA._replace(token=token)))

    link = f"{website}unsubscribe/{token}"
    assert f"List-Unsubscribe: <{link}>, <mailto:hello@anytown.example.org?subject=Unsubscribe%20m4il-17>" in lines
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines


def test_without_a_website_one_unsubscribes_by_mail_and_nothing_promises_one_click() -> None:
    edition = with_letterhead(website="", archive="")

    raw = write(edition)
    message = read(raw)

    assert message["List-Unsubscribe"] == f"<{MAILTO}>"
    assert message["List-Unsubscribe-Post"] is None
    assert message["List-Archive"] is None
    assert "email hello@anytown.example.org with this subject:\nUnsubscribe m4il-17\n" in body(message, "plain")
    ready = "Send%20this%20email%20to%20unsubscribe%20from%20"
    assert f'href="{MAILTO}&amp;body={ready}' in body(message, "html")
    assert unsubscribe_uris(edition.letterhead, "t0ken-17_x", "m4il-17") == (MAILTO,)
    assert "t0ken-17_x" not in raw.decode(), "what opens a page is in no email of those who have none"


def test_one_click_is_promised_over_https_only() -> None:
    message = read(write(with_letterhead(website="http://news.anytown.example.org")))

    assert message["List-Unsubscribe"].startswith("<http://news.anytown.example.org/unsubscribe/t0ken-17_x>, <mailto:")
    assert message["List-Unsubscribe-Post"] is None


def test_a_website_with_letters_beyond_ascii_is_linked_to_in_ascii() -> None:
    link = "https://xn--bcher-kva.example/m%C3%A4rz/unsubscribe/t0ken-17_x"

    message = read(write(with_letterhead(website="https://bücher.example/märz/")))

    assert message["List-Unsubscribe"].startswith(f"<{link}>, ")
    assert link in body(message, "plain")


def test_someone_without_a_name_is_greeted_without_one() -> None:
    raw = write(recipient=ANNA._replace(name=" \r\n "))

    assert "To: <anna@example.org>" in headers(raw)
    assert body(read(raw), "plain").startswith("Dear colleague,\n")


def test_a_name_is_text_in_the_html_and_not_markup() -> None:
    message = read(write(recipient=ANNA._replace(name='<b onclick="x">Anna & {{ 7*7 }}')))

    assert "<p>Dear &lt;b onclick=&quot;x&quot;&gt;Anna &amp; {{ 7*7 }},</p>" in body(message, "html")
    assert body(message, "plain").startswith('Dear <b onclick="x">Anna & {{ 7*7 }},\n')


@pytest.mark.parametrize("field", [name for name in Recipient._fields if name != "subscriber_id"])
def test_a_line_break_in_what_is_known_of_a_person_adds_no_header(field: str) -> None:
    value = getattr(ANNA, field) + "\r\nBcc: everyone@example.org\r\n\r\nbody"

    message = read(write(recipient=ANNA._replace(**{field: value})))

    assert message["Bcc"] is None
    assert message.keys() == read(write()).keys()


@pytest.mark.parametrize("field", [name for name in Letterhead.__slots__ if "greeting" not in name])
def test_a_line_break_in_the_letterhead_adds_no_header(field: str) -> None:
    value = getattr(LETTERHEAD, field) + "\r\nBcc: everyone@example.org\r\n\r\nbody"

    message = read(write(with_letterhead(**{field: value})))

    assert message["Bcc"] is None
    assert message.keys() == read(write()).keys()


def test_the_same_person_in_the_same_mailing_gets_the_same_bytes_again() -> None:
    assert write() == write()


def test_a_message_id_is_the_mailings_and_the_persons_own() -> None:
    for tag, own in (("", "17"), ("0a1b2c3d4e5f6071", "17.0a1b2c3d4e5f6071")):
        message = read(write(recipient=ANNA._replace(tag=tag)))
        assert message["Message-ID"] == f"<k3y.{own}@anytown.example.org>"


@given(name=names, address=names, tokens=st.lists(names, min_size=5, max_size=5), website=st.booleans())
@example(name="a\r\nBcc: x@y.z", address="b\nBcc: x@y.z", tokens=["\r\n\r\nbody"] * 5, website=True)
@example(name="\u2028Bcc: x", address="\x0bBcc: x", tokens=["\x85", "\x00", "\u2029", "\udcff", "="], website=False)
def test_whatever_is_known_of_a_person_is_one_line_of_a_header(
    name: str, address: str, tokens: list[str], *, website: bool
) -> None:
    edition = EDITION if website else with_letterhead(website="", archive="")
    token, mail_token, preferences_token, return_token, tag = (
        word.encode("utf-8", "replace").decode() for word in tokens
    )
    recipient = Recipient(17, address, name, token, mail_token, preferences_token, return_token, tag)
    for text_only in (False, True):
        usual, wild = (headers(write(edition, one, text_only=text_only)) for one in (ANNA, recipient))
        fields, expected = (
            [line.partition(":")[0] for line in lines if line[:1] not in " \t"] for lines in (wild, usual)
        )
        assert fields == expected


def test_what_every_boundary_begins_with_cannot_stand_in_a_body() -> None:
    spiteful = f"--=_alternative_{EDITION.digest[:32]}\n=_related_\n{SLOTS.greeting}{SLOTS.unsubscribe}"
    edition = replace(with_letterhead(greeting="--=_related_{name}"), text=spiteful, html=spiteful, pictures=(LOGO,))

    raw = write(edition)

    # Named in a header, before each of two parts, and at the end: for each of two multiparts.
    assert raw.count(b"=_") == 2 * 4
    assert body(read(raw), "plain").startswith(f"--=_alternative_{EDITION.digest[:32]}\n=_related_\n")


def test_a_test_copy_says_so_in_its_subject() -> None:
    assert read(write(subject_prefix="[Test] "))["Subject"] == "[Test] Anytown news – May 2021"


def test_an_address_with_letters_beyond_ascii_stands_in_the_message_as_it_is() -> None:
    raw = write(recipient=ANNA._replace(address="jöhn@xn--bcher-kva.example"))

    assert "To: Anna Smith <jöhn@xn--bcher-kva.example>" in headers(raw)


def test_the_date_is_given_with_its_time_zone() -> None:
    raw = build_template(EDITION, mailing_key="k3y", date=datetime(2021, 5, 4, tzinfo=UTC)).address_to(ANNA)

    assert "Date: Tue, 04 May 2021 00:00:00 +0000" in headers(raw)
