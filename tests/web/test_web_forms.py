"""Forms in both encodings: what a browser sends is read as it was typed, and anything else is refused."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.web.forms import MULTIPART, URLENCODED, Form, UnreadableForm, parse_form

BOUNDARY = "----WebKitFormBoundaryX3"
names = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=10)
values = st.text(st.characters(codec="utf-8"), max_size=60)
fields = st.lists(st.tuples(names, values), max_size=20)


def parse(body: bytes, content_type: str = URLENCODED, *, most_fields: int = 100) -> Form:
    return parse_form(body, content_type, most_fields=most_fields)


def write_multipart(given: list[tuple[str, str]], boundary: str = BOUNDARY) -> bytes:
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in given
    ]
    return b"".join([*parts, f"--{boundary}--\r\n".encode()])


@given(fields)
def test_an_urlencoded_form_is_read_as_it_was_written(given: list[tuple[str, str]]) -> None:
    assert parse(urlencode(given).encode()).fields == tuple(given)


@given(fields)
def test_a_multipart_form_is_read_as_it_was_written(given: list[tuple[str, str]]) -> None:
    content_type = f"{MULTIPART}; boundary={BOUNDARY}"

    assert parse(write_multipart(given), content_type).fields == tuple(given)


@given(st.binary(max_size=400), st.sampled_from([URLENCODED, f"{MULTIPART}; boundary=x", "text/plain", "", "a/b; c"]))
def test_wild_bytes_are_a_form_or_refused(body: bytes, content_type: str) -> None:
    try:
        form = parse(body, content_type)
    except UnreadableForm:
        return
    assert all(isinstance(text, str) for field in form.fields for text in field)


@given(st.lists(st.sampled_from([b"--x", b"--x--", b"\r\n", b"a", b": ", b'Content-Disposition: form-data; name="n"'])))
def test_wild_multipart_is_a_form_or_refused(pieces: list[bytes]) -> None:
    try:
        parse(b"".join(pieces), f"{MULTIPART}; boundary=x")
    except UnreadableForm:
        return


@pytest.mark.parametrize("number", [100, 101, 5000])
@pytest.mark.parametrize("multipart", [False, True])
def test_a_form_has_a_hundred_fields_at_most(number: int, *, multipart: bool) -> None:
    given = [(f"n{index}", "v") for index in range(number)]
    body = write_multipart(given) if multipart else urlencode(given).encode()
    content_type = f"{MULTIPART}; boundary={BOUNDARY}" if multipart else URLENCODED
    if number > 100:
        with pytest.raises(UnreadableForm, match="too many fields"):
            parse(body, content_type)
    else:
        assert len(parse(body, content_type).fields) == 100


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"a=b", "application/json"),
        (b"a=b", ""),
        (b"a=b", MULTIPART),
        (write_multipart([("a", "b")]), f"{MULTIPART}; boundary={'x' * 71}"),
        (write_multipart([("a", "b")])[:-20], f"{MULTIPART}; boundary={BOUNDARY}"),
        (write_multipart([("a", "b")]), f"{MULTIPART}; boundary=another"),
        (b"--x\r\nno value\r\n--x--", f"{MULTIPART}; boundary=x"),
        (b"--x nonsense\r\n\r\n\r\n--x--", f"{MULTIPART}; boundary=x"),
    ],
)
def test_what_is_no_form_is_refused(body: bytes, content_type: str) -> None:
    with pytest.raises(UnreadableForm):
        parse(body, content_type)


def test_nothing_at_all_is_a_form_without_fields() -> None:
    assert parse(b"", "").fields == ()


def test_a_file_is_left_out_and_so_is_a_field_without_a_name() -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\nfile\r\n'
        b"--x\r\nContent-Disposition: form-data\r\n\r\nnameless\r\n"
        b'--x\r\ncontent-disposition: FORM-DATA; name="a"\r\nContent-Type: text/plain\r\n\r\nb\r\n--x--\r\n'
    )

    assert parse(body, f'{MULTIPART}; boundary="x"').fields == (("a", "b"),)


def test_bytes_that_are_not_utf_8_are_replaced() -> None:
    assert parse(b"a=%FF&b=\xff").fields == (("a", "\ufffd"), ("b", "\ufffd"))


def test_a_name_may_come_several_times() -> None:
    form = parse(b"list=a&name=+Jo+&list=b")

    assert form.all("list") == ("a", "b")
    assert (form.first("name"), form.first("list"), form.first("none")) == ("Jo", "a", "")
