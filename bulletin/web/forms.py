"""The fields of a form that a browser or a mail service sends, in either of the two encodings. Pure.

`application/x-www-form-urlencoded` (WHATWG URL, section 5) and `multipart/form-data` (RFC 7578): RFC 8058 lets a mail
service choose. Files are left out: no form of ours asks for one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qsl

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_LINE_END = b"\r\n"
_LONGEST_BOUNDARY = 70  # characters (RFC 2046, section 5.1.1)


class UnreadableForm(ValueError):
    """What was sent is not a form, or has more fields than any form of ours."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """The fields, in their order. A name may be there several times, once for each ticked box."""

    fields: tuple[tuple[str, str], ...] = ()

    def first(self, name: str) -> str:
        """The first value of a field, without space around it; "" if it isn't there."""
        return next((value.strip() for key, value in self.fields if key == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Each value of a field."""
        return tuple(value for key, value in self.fields if key == name)


def parse_form(body: bytes, content_type: str, *, most_fields: int) -> Form:
    """The form in `body`. Bytes that are not UTF-8 become U+FFFD. Nothing at all is a form without fields.

    Raises UnreadableForm.
    """
    if not body:
        return Form()
    header = _read_header("content-type", content_type)
    kind = header.get_content_type()
    if kind == URLENCODED:
        return Form(fields=tuple(_parse_urlencoded(body, most_fields)))
    if kind == MULTIPART:
        return Form(fields=tuple(_parse_multipart(body, _find_boundary(header), most_fields)))
    raise UnreadableForm("This is not a form.")


def _read_header(name: str, value: str) -> Message:
    """A header with parameters (RFC 2045, section 5.1), for the standard library to read."""
    message = Message()
    message[name] = " ".join(value.split())
    return message


def _parse_urlencoded(body: bytes, most: int) -> list[tuple[str, str]]:
    text = body.decode(errors="replace").rstrip("\r\n")
    try:
        return parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=most)
    except ValueError as error:
        raise UnreadableForm("This form has too many fields.") from error


def _find_boundary(header: Message) -> bytes:
    boundary = header.get_param("boundary")
    if not isinstance(boundary, str) or not 0 < len(boundary) <= _LONGEST_BOUNDARY or not boundary.isascii():
        raise UnreadableForm("This form does not say where its fields end.")
    return boundary.encode()


def _parse_multipart(body: bytes, boundary: bytes, most: int) -> Iterator[tuple[str, str]]:
    _, *parts = (_LINE_END + body).split(_LINE_END + b"--" + boundary)
    end = next((number for number, part in enumerate(parts) if part.startswith(b"--")), None)
    if end is None:
        raise UnreadableForm("This form breaks off.")
    if end > most:
        raise UnreadableForm("This form has too many fields.")
    for part in parts[:end]:
        padding, line_end, rest = part.partition(_LINE_END)
        if padding.strip(b" \t") or not line_end:
            raise UnreadableForm("A field of this form is not on a line of its own.")
        yield from _read_part(rest)


def _read_part(part: bytes) -> Iterator[tuple[str, str]]:
    """A field with its name. A file has none here."""
    head, blank_line, content = part.partition(_LINE_END * 2)
    if not blank_line:
        raise UnreadableForm("A field of this form has no value.")
    for line in head.decode(errors="replace").split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-disposition":
            header = _read_header("content-disposition", value)
            found = header.get_param("name", header="content-disposition")
            is_file = header.get_param("filename", header="content-disposition") is not None
            if isinstance(found, str) and not is_file:
                yield found, content.decode(errors="replace")
