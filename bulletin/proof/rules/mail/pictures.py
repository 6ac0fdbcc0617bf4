"""Email: pictures that are too large, that mail programs don't show, or whose file says where they were taken. Pure.

Pillow loads only for pictures that need it: photographs, and files with camera data.
"""

from __future__ import annotations

import warnings
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO
from zlib import crc32

from bulletin.declaration.source import parse_source
from bulletin.edition.metadata import remove_metadata
from bulletin.issue.item import Image
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

HEAVIEST = 200_000
"""Bytes: about a second on a phone with poor reception, and every reader's copy carries them."""

HEAVIEST_EMAIL = 1_000_000
"""Bytes. Large providers accept 20 MB and more; but each reader loads it, and a thousand readers make it a gigabyte."""

_ENCODED = 78 / 57  # of a picture's size: base64 in lines of 76 (RFC 2045, 6.8)
WIDEST = 2400
"""Pixels: more than four times the width of the widest column, which is 560."""

_SETTINGS = "bulletin.yaml"
_LATITUDE, _LONGITUDE, _POSITION = (
    2,
    4,
    0x8825,
)  # Exif: the tags of the position, and the tag of the block that holds them


@dataclass(frozen=True, kw_only=True)
class PictureFacts:
    """The facts in a picture's file. Sizes are in pixels, 0 if unknown."""

    width: int = 0
    height: int = 0
    printing: bool = False  # in the four colours of printing (CMYK)
    positioned: bool = False


@dataclass(frozen=True, kw_only=True)
class Held:
    """A picture of the issue, or the logo in bulletin.yaml: its path, its bytes, and the place of its name."""

    context: Context
    file: str
    content: bytes
    place: tuple[str | int, ...]

    @property
    def facts(self) -> PictureFacts:
        return read_facts(self.content)

    def violation(self, message: str, remedy: str) -> Violation:
        """A violation at the name of the file."""
        if self.place[0] != "organisation":
            return Violation(span=self.context.span(*self.place), message=message, remedy=remedy)
        source = parse_source((self.context.read_file(_SETTINGS) or b"").decode("utf-8", "replace"), shown_as=_SETTINGS)
        span = source.values.get(self.place) or self.context.span()
        return Violation(span=span, message=message, remedy=remedy, file=_SETTINGS, lines=source.lines)


def _article(file: str) -> str:
    return (
        "- kind: article\n  title: A new garden\n  text: Volunteers have planted lavender.\n"
        f"  image: {{file: issues/images/{file}, alt: Two children water a flower bed}}\n"
    )


_DOT_IN_WEBP = b64decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
# The smallest possible picture, a grey dot, and the same with the position 51.45° north, 0.15° east.
_DOT = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==")
_END = _DOT[-12:]  # its last chunk, IEND


def _fill(size: int) -> bytes:
    """The dot with so many bytes more in it."""
    chunk = b"IDAT" + b"\0" * size
    return _DOT.removesuffix(_END) + size.to_bytes(4) + chunk + crc32(chunk).to_bytes(4) + _END


_DOT_WITH_POSITION = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAAgGVYSWZNTQAqAAAACAABiCUABAAAAAEAAAAaAAAAAAAEAAEAAgAAAAJOAAAAAAIABQAA"
    "AAMAAABQAAMAAgAAAAJFAAAAAAQABQAAAAMAAABoAAAAAAAAADMAAAABAAAAGwAAAAEAAAAAAAAAAQAAAAAAAAABAAAACQAAAAEAAAAAAAAAAevGJYoA"
    "AAAKSURBVHicY2AAAAACAAFIr6RxAAAAAElFTkSuQmCC"
)


@rule(
    "MAIL04",
    "picture-too-heavy",
    severity=Severity.WARNING,
    reason="Every copy carries its pictures. Large ones make an email slow on phones, and some servers refuse it.",
    wrong=[
        Example(
            sections=_article("garden.png"),
            files={"issues/images/garden.png": partial(_fill, HEAVIEST)},
            at="issues/images/garden.png",
        )
    ],
    right=[Example(sections=_article("garden.png"), files={"issues/images/garden.png": _DOT})],
)
def picture_too_heavy(context: Context) -> Iterator[Violation]:
    """A picture of more than 0.2 MB, or far wider than it is shown."""
    for picture in _find_pictures(context):
        size = len(picture.content)
        if size > HEAVIEST:
            yield picture.violation(
                f"This picture is {size / 1_000_000:,.1f} MB.", "Save it smaller: 1,200 pixels wide is enough."
            )
        elif picture.facts.width > WIDEST:
            yield picture.violation(
                f"This picture is {picture.facts.width:,} pixels wide, but is shown at most 560 wide.",
                "Save it smaller: 1,200 pixels wide is enough, even on the sharpest screens.",
            )


@rule(
    "MAIL12",
    "email-too-heavy",
    severity=Severity.ERROR,
    reason="Every reader would get that much: it fills mailboxes, costs money on phones, and some servers refuse it.",
    wrong=[
        Example(
            sections=_article("garden.png"),
            files={"issues/images/garden.png": partial(_fill, HEAVIEST_EMAIL)},
            at="issues/images/garden.png",
        )
    ],
    right=[
        Example(
            sections=_article("garden.png"), files={"issues/images/garden.png": partial(_fill, HEAVIEST_EMAIL // 2)}
        )
    ],
)
def email_too_heavy(context: Context) -> Iterator[Violation]:
    """An email of more than 1 MB, counted as it leaves: a picture takes a third more room than its file."""
    held = list(_find_pictures(context))
    sizes = {picture.content: len(remove_metadata(picture.content)) for picture in held}
    total = sum(sizes.values()) * _ENCODED
    if HEAVIEST_EMAIL * 0.7 < total <= HEAVIEST_EMAIL and context.edition:  # near it, the words count too
        total += len(context.edition.html.encode()) + len(context.edition.text.encode())
    if total <= HEAVIEST_EMAIL:
        return
    heaviest = max(held, key=lambda picture: sizes[picture.content])
    its = sizes[heaviest.content] * _ENCODED / 1_000_000
    yield heaviest.violation(
        f"The email would be {total / 1_000_000:,.1f} MB, of which this picture is {its:,.1f} MB. 1 MB is the most.",
        "Save its pictures smaller: 1,200 pixels wide is enough.",
    )


_KINDS = (
    (b"RIFF", 8, b"WEBP", "WebP"),
    (b"", 4, b"ftypavif", "AVIF"),
    (b"", 4, b"ftypheic", "HEIC, as phones save photos"),
    (b"", 4, b"ftypmif1", "HEIC, as phones save photos"),
    (b"BM", 6, b"\0\0\0\0", "a Windows bitmap"),
    (b"II*\0", 0, b"", "TIFF"),
    (b"MM\0*", 0, b"", "TIFF"),
    (b"%PDF", 0, b"", "PDF"),
)


@rule(
    "MAIL05",
    "picture-not-shown",
    severity=Severity.WARNING,
    reason="Outlook shows PNG, JPEG and GIF. Instead of anything else, readers see an empty box with a cross.",
    wrong=[
        Example(
            sections=_article("garden.png"),
            files={"issues/images/garden.png": _DOT_IN_WEBP},
            at="issues/images/garden.png",
        )
    ],
    right=[Example(sections=_article("garden.png"), files={"issues/images/garden.png": _DOT})],
)
def picture_not_shown(context: Context) -> Iterator[Violation]:
    """A picture that is WebP, AVIF, HEIC, SVG, TIFF, a bitmap or PDF under any name, or a JPEG for printing."""
    for picture in _find_pictures(context):
        if kind := name_kind(picture.content):
            yield picture.violation(
                f"This file is {kind}, under any name, and Outlook doesn’t show that.",
                "Open it in a picture program, and save it as PNG or JPEG.",
            )
        elif picture.facts.printing:
            yield picture.violation(
                "This JPEG is in the four colours of printing (CMYK), which many mail programs show wrongly.",
                "Save it in RGB colours.",
            )


def name_kind(content: bytes) -> str:
    """The kind of a file that Outlook doesn't show; "" for any other."""
    for start, at, words, kind in _KINDS:
        if content.startswith(start) and content.startswith(words, at):
            return kind
    head = content[:500].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "SVG" if head.startswith(b"<svg") or (head.startswith(b"<?xml") and b"<svg" in head) else ""


@rule(
    "MAIL06",
    "camera-position",
    severity=Severity.NOTE,
    reason="A phone stores in each photo where it was taken: a family’s home, a refuge. Emails leave that out.",
    wrong=[
        Example(
            sections=_article("garden.png"),
            files={"issues/images/garden.png": _DOT_WITH_POSITION},
            at="issues/images/garden.png",
        )
    ],
    right=[Example(sections=_article("garden.png"), files={"issues/images/garden.png": _DOT})],
)
def camera_position(context: Context) -> Iterator[Violation]:
    """A picture whose file says where it was taken."""
    for picture in _find_pictures(context):
        if picture.facts.positioned:
            yield picture.violation(
                "This picture’s file says where on the map it was taken. Emails leave that out; the file has it.",
                "Before you pass the file on, save a copy without it (“remove properties and personal information”).",
            )


def _find_pictures(context: Context) -> Iterator[Held]:
    """The pictures that can be read, with the logo, once for each place that names them."""
    hold = partial(Held, context=context)
    if logo := context.settings.organisation.logo:
        yield from _read(context, hold, logo.file, ("organisation", "logo", "file"))
    for record in context.records:
        if isinstance(record.value, Image):
            yield from _read(context, hold, record.value.file, (*record.place, "file"))


def _read(context: Context, hold: partial[Held], file: str, place: tuple[str | int, ...]) -> Iterator[Held]:
    if content := context.read_file(file):
        yield hold(file=file, content=content, place=place)


@lru_cache(maxsize=64)
def read_facts(content: bytes) -> PictureFacts:
    """The facts in a picture's file; none if it can't be read. The picture is never decoded."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and b"eXIf" not in content:
        return PictureFacts(width=int.from_bytes(content[16:20]), height=int.from_bytes(content[20:24]))
    if content.startswith(b"GIF8"):
        return PictureFacts(
            width=int.from_bytes(content[6:8], "little"), height=int.from_bytes(content[8:10], "little")
        )
    return _look_closer(content) if content.startswith((b"\x89PNG", b"\xff\xd8\xff")) else PictureFacts()


def _look_closer(content: bytes) -> PictureFacts:
    import struct

    from PIL import Image as Pictures

    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # the picture is not decoded, so its size is no danger; odd metadata does no harm
            with Pictures.open(BytesIO(content), formats=["PNG", "JPEG"]) as picture:
                where = picture.getexif().get_ifd(_POSITION)
                return PictureFacts(
                    width=picture.width,
                    height=picture.height,
                    printing=picture.mode == "CMYK",
                    positioned=_LATITUDE in where and _LONGITUDE in where,
                )
    except (Pictures.DecompressionBombError, OSError, SyntaxError, ValueError, LookupError, TypeError, struct.error):
        return PictureFacts()  # rendering the issue reports a damaged picture


RULES: tuple[Rule, ...] = (picture_too_heavy, picture_not_shown, camera_position, email_too_heavy)
