from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from test_template import ANNA, EDITION, LOGO, MAY, SLOTS, bodies, names

from bulletin.delivery.message.dkim import TemplateSigner
from bulletin.delivery.message.signing_key import make_key, prepare_signature, split_record, write_record
from bulletin.delivery.message.template import MessageTemplate, build_template
from bulletin.edition.edition import Picture
from bulletin.errors import BulletinError
from dkim_verifiers import dkimpy_takes, make_signer, make_test_key, opendkim_takes

AT = 1_620_000_000
BLANKS = f"{SLOTS.greeting}  two  spaces\tand a tab \n \n{SLOTS.unsubscribe}\n\n{SLOTS.preferences}  \n\n \n\n"


def build(*, text_only: bool = False, **changes: object) -> MessageTemplate:
    edition = replace(EDITION, **changes)  # type: ignore[arg-type] # as the caller says
    return build_template(edition, mailing_key="k3y", date=MAY, text_only=text_only)


def sign(template: MessageTemplate, *, name: str = "Anna Smith") -> bytes:
    chunks = template.chunks_for(ANNA._replace(name=name))
    return b"".join((TemplateSigner(make_signer(), template).write_field(chunks, at=AT), *chunks))


@given(html=bodies, text=bodies, name=names, pictures=st.sampled_from([(), (LOGO,)]), text_only=st.booleans())
@example(html=BLANKS, text=BLANKS, name="A  B\tC", pictures=(), text_only=True)
@example(html=BLANKS, text=BLANKS, name="", pictures=(LOGO,), text_only=False)
@example(html="", text=f"{SLOTS.unsubscribe}", name="Zoë", pictures=(), text_only=True)
@example(html="", text="\n\n\n", name="", pictures=(), text_only=True)
def test_whatever_an_edition_and_a_name_are_made_of_the_signature_is_taken(
    html: str, text: str, name: str, pictures: tuple[Picture, ...], *, text_only: bool
) -> None:
    template = build(html=html, text=text, pictures=pictures, text_only=text_only)
    signed = sign(template, name=name)

    assert dkimpy_takes(signed)
    alone = make_signer().sign_message(b"".join(template.chunks_for(ANNA._replace(name=name))), at=AT)
    assert signed == alone  # both ways of signing agree to the byte


@pytest.mark.parametrize(
    "change",
    [
        (b"Subject: ", b"Subject: Not "),
        (b"Dear Anna", b"Dear Hanna"),
        (b"From: ", b"From: mallory@example.net\r\nFrom: "),
        (b"\r\nTo: ", b"\r\nTo: ben@example.org\r\nTo: "),
        (b"List-Unsubscribe: ", b"List-Unsubscribe: <https://example.net/>, "),
        (b"List-Unsubscribe-Post: ", b"List-Unsubscribe-Post: List-Unsubscribe=Two-Clicks\r\nList-Unsubscribe-Post: "),
        (b"and more", b"and less"),
        (b"iVBOR", b"iVBOS"),
    ],
)
def test_a_changed_message_is_refused_by_both_verifiers(change: tuple[bytes, bytes], tmp_path: Path) -> None:
    signed = sign(build(pictures=(replace(LOGO, content=b"\x89PNG\r\n\x1a\n" * 30),)))
    changed = signed.replace(*change, 1)
    assert changed != signed

    assert dkimpy_takes(signed)
    assert opendkim_takes(signed, tmp_path)
    assert not dkimpy_takes(changed)
    assert not opendkim_takes(changed, tmp_path)


def test_a_relay_may_wrap_lines_and_add_blanks_without_breaking_the_signature(tmp_path: Path) -> None:
    signed = sign(build())
    wrapped = signed.replace(b"List-Id: Anytown news <", b"LIST-ID:  Anytown news\r\n\t <").replace(b".News", b".News ")
    assert wrapped != signed

    assert dkimpy_takes(wrapped.replace(b".News  ", b".News "))
    assert opendkim_takes(signed.replace(b"List-Id: Anytown news <", b"LIST-ID:  Anytown news\r\n\t <"), tmp_path)


def test_what_must_not_be_added_is_signed_once_more_than_it_is_there() -> None:
    field = re.sub(rb"\r\n ", b" ", sign(build()).partition(b"\r\nMessage-ID")[0]).decode()

    names = re.findall(r"[\w-]+", re.search(r"h=([^;]+);", field)[1])  # type: ignore[index] # it is there
    for closed in ("from", "to", "subject", "date", "message-id", "list-unsubscribe", "list-unsubscribe-post"):
        assert names.count(closed) == 2
    assert names.count("list-id") == 1
    assert "a=rsa-sha256; c=relaxed/relaxed; d=anytown.example.org; s=bulletin; t=1620000000;" in field


def test_no_line_of_a_signature_is_long_or_begins_with_a_dot() -> None:
    lines = sign(build()).partition(b"\r\nMessage-ID")[0].split(b"\r\n")

    assert all(len(line) <= 76 and not line.startswith(b".") for line in lines)


def test_another_key_verifies_nothing(tmp_path: Path) -> None:
    other = make_key()

    assert not dkimpy_takes(sign(build()), key=other)
    assert not opendkim_takes(sign(build()), tmp_path, key=other)


def test_the_record_in_short_strings_is_the_record() -> None:
    record = write_record(make_test_key())

    assert "".join(split_record(record)) == record
    assert max(map(len, split_record(record))) <= 255
    assert record.startswith("v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A")


def make_locked_key() -> bytes:
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        PrivateFormat,
        load_pem_private_key,
    )

    key = load_pem_private_key(make_test_key(), password=None)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))


def make_ed25519_key() -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: b"", "can't be read"),
        (lambda: b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "can't be read"),
        (make_locked_key, "is locked with a password"),
        (make_ed25519_key, "isn't an RSA key"),
    ],
)
def test_a_key_that_signs_nothing_is_told_in_words(make: Callable[[], bytes], words: str) -> None:
    with pytest.raises(BulletinError, match=words) as refused:
        prepare_signature(make())
    assert refused.value.remedy
