"""Unpack aggregate reports: XML as it is, in a .gz or in a .zip, from files and from emails (RFC 9990; RFC 7489, 7.2).

Anyone can send such a file. So everything has bounds: how much is unpacked, and how many files are in it. Pure.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile

from bulletin.bounces.mime import MimePart, parse_mime

MOST_PACKED: Final = 10 << 20  # octets
MOST_UNPACKED: Final = 20 << 20
_MOST_MEMBERS: Final = 10
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_TYPES: Final = frozenset(
    {"application/gzip", "application/x-gzip", "application/zip", "application/x-zip-compressed", "text/xml"}
    | {"application/xml", "application/octet-stream", "application/x-zip"}
)


class ReportUnreadable(Exception):
    """What can't be read as a report, and why, as a clause."""


def unpack_reports(content: bytes) -> Iterator[bytes]:
    """The XML of each report in a file: plain, .gz, .zip, or in an email. Raises ReportUnreadable."""
    if len(content) > MOST_PACKED:
        raise ReportUnreadable("it is larger than 10 MB")
    if content.startswith(_GZIP):
        yield _unpack_gzip(content)
    elif content.startswith(_ZIP):
        yield from _unpack_zip(content)
    elif content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        yield content
    else:
        yield from _unpack_email(content)


def _unpack_gzip(content: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=BytesIO(content)) as file:
            return _bounded(file.read(MOST_UNPACKED + 1))
    except (OSError, EOFError, zlib.error):
        raise ReportUnreadable("it is damaged") from None


def _unpack_zip(content: bytes) -> Iterator[bytes]:
    try:
        with ZipFile(BytesIO(content)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > _MOST_MEMBERS:
                raise ReportUnreadable(f"it has {len(members):,} files in it")
            room = MOST_UNPACKED
            for member in members:
                with archive.open(member) as file:
                    unpacked = _bounded(file.read(room + 1), room)
                room -= len(unpacked)
                yield unpacked
    except (BadZipFile, OSError, EOFError, zlib.error, NotImplementedError, RuntimeError, ValueError):
        raise ReportUnreadable("it is damaged, or locked with a password") from None


def _bounded(unpacked: bytes, most: int = MOST_UNPACKED) -> bytes:
    if len(unpacked) > most:
        raise ReportUnreadable("it would be larger than 20 MB when unpacked")
    return unpacked


def _unpack_email(content: bytes) -> Iterator[bytes]:
    email = parse_mime(content)
    if not email.fields:
        raise ReportUnreadable("it is neither XML, .gz, .zip nor an email")
    parts = [part for part in email.walk(into_emails=False) if is_report_part(part)]
    if not parts:
        raise ReportUnreadable("the email has no report in it")
    for part in parts:
        if part.content.startswith(b"<") or part.content[:2] in (_GZIP, _ZIP[:2]):
            yield from unpack_reports(part.content)


def is_report_part(part: MimePart) -> bool:
    """Whether a part of an email may be an aggregate report."""
    return part.media_type in _TYPES and not part.parts and bool(part.content)
