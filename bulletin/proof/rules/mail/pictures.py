"""E-mail: pictures that are too heavy, of a kind that mail programs lack, or that tell where they were taken. Pure.

Pillow loads only for pictures that need it: photographs, and what carries notes of a camera.
"""

from __future__ import annotations

import warnings
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO

from bulletin.declaration.source import parse_source
from bulletin.issue.item import Image
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

HEAVIEST = 200_000
"""Bytes: a second on a phone with little reception; and every reader's copy carries them."""

HEAVIEST_TOGETHER = 1_000_000
WIDEST = 2400
"""Pixels: more than four times the 560 that the widest column has."""

_SETTINGS = "bulletin.yaml"
_LATITUDE, _LONGITUDE, _POSITION = 2, 4, 0x8825  # Exif: the tags inside, and the tag of what tells the position


@dataclass(frozen=True, kw_only=True)
class PictureFacts:
    """What a picture's file says of itself; sizes in pixels, 0 where they are not known."""

    width: int = 0
    height: int = 0
    printing: bool = False  # in the four colours of a printing press
    positioned: bool = False


@dataclass(frozen=True, kw_only=True)
class Held:
    """A picture of the case: its path, its bytes, and whether it is the logo, which bulletin.yaml names."""

    context: Context
    file: str
    content: bytes
    place: tuple[str | int, ...]

    @property
    def facts(self) -> PictureFacts:
        return read_facts(self.content)

    def violation(self, message: str, remedy: str) -> Violation:
        """A violation on the name of the file, where it is written."""
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
# The smallest picture that there is, a grey dot, and the same with 51.45 degrees north, 0.15 east.
_DOT = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==")
_DOT_WITH_POSITION = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAAgGVYSWZNTQAqAAAACAABiCUABAAAAAEAAAAaAAAAAAAEAAEAAgAAAAJOAAAAAAIABQAA"
    "AAMAAABQAAMAAgAAAAJFAAAAAAQABQAAAAMAAABoAAAAAAAAADMAAAABAAAAGwAAAAEAAAAAAAAAAQAAAAAAAAABAAAACQAAAAEAAAAAAAAAAevGJYoA"
    "AAAKSURBVHicY2AAAAACAAFIr6RxAAAAAElFTkSuQmCC"
)


@rule(
    "MAIL04",
    "picture-too-heavy",
    severity=Severity.WARNING,
    reason="Pictures travel inside every copy: heavy ones make a mail slow on phones, and large servers refuse it.",
    wrong=[
        Example(
            sections=_article("garden.png"),
            files={"issues/images/garden.png": _DOT + b"\0" * HEAVIEST},
            at="issues/images/garden.png",
        )
    ],
    right=[Example(sections=_article("garden.png"), files={"issues/images/garden.png": _DOT})],
)
def picture_too_heavy(context: Context) -> Iterator[Violation]:
    """A picture of more than 200 KB, or far larger than it is shown; more than 1 MB of them together."""
    held = list(_find_pictures(context))
    for picture in held:
        size = len(picture.content)
        if size > HEAVIEST:
            yield picture.violation(
                f"This picture has {size / 1000:,.0f} KB.", "Save it smaller: 1,200 pixels wide do."
            )
        elif picture.facts.width > WIDEST:
            yield picture.violation(
                f"This picture is {picture.facts.width:,} pixels wide, and is shown 560 wide at most.",
                "Save it smaller: 1,200 pixels do, on the finest screens as well.",
            )
    total = sum(len(content) for content in {picture.content for picture in held})
    if total > HEAVIEST_TOGETHER:
        heaviest = max(held, key=lambda picture: len(picture.content))
        yield heaviest.violation(
            f"The pictures have {total / 1_000_000:.1f} MB together, and this one most of it.",
            "Save them smaller: 1 MB together is enough for all of them.",
        )


_KINDS = (
    (b"RIFF", 8, b"WEBP", "WebP"),
    (b"", 4, b"ftypavif", "AVIF"),
    (b"", 4, b"ftypheic", "HEIC, as phones take it"),
    (b"", 4, b"ftypmif1", "HEIC, as phones take it"),
    (b"BM", 6, b"\0\0\0\0", "a Windows bitmap"),
    (b"II*\0", 0, b"", "TIFF"),
    (b"MM\0*", 0, b"", "TIFF"),
    (b"%PDF", 0, b"", "PDF"),
)


@rule(
    "MAIL05",
    "picture-not-shown",
    severity=Severity.WARNING,
    reason="Outlook shows PNG, JPEG and GIF; an empty box with a cross stands in the place of anything else.",
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
    """A picture that is WebP, AVIF, HEIC, SVG, TIFF, a bitmap or PDF whatever its name says, or a JPEG for printing."""
    for picture in _find_pictures(context):
        if kind := name_kind(picture.content):
            yield picture.violation(
                f"Whatever its name says, this file is {kind}, which Outlook does not show.",
                "Open it in a picture program, and save it as PNG or JPEG.",
            )
        elif picture.facts.printing:
            yield picture.violation(
                "This JPEG is in the four colours of printing (CMYK), which many mail programs show wrongly.",
                "Save it in RGB colours.",
            )


def name_kind(content: bytes) -> str:
    """What kind of file this is, where it is one that Outlook does not show; "" for any other."""
    for start, at, words, kind in _KINDS:
        if content.startswith(start) and content.startswith(words, at):
            return kind
    head = content[:500].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "SVG" if head.startswith(b"<svg") or (head.startswith(b"<?xml") and b"<svg" in head) else ""


@rule(
    "MAIL06",
    "camera-position",
    severity=Severity.WARNING,
    reason="A phone writes into each photo where it was taken: a family's home, a refuge. Every reader gets that too.",
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
    """A picture that has in it where it was taken."""
    for picture in _find_pictures(context):
        if picture.facts.positioned:
            yield picture.violation(
                "This picture has in it where on the map it was taken, and every reader could look it up.",
                "Save a copy without it (“remove properties and personal information”), and use that.",
            )


def _find_pictures(context: Context) -> Iterator[Held]:
    """The pictures that can be read, each in each of its places; the logo is one of them."""
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
    """What a picture's file says of itself; nothing where it cannot be read. It is never unpacked."""
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
            warnings.simplefilter("ignore")  # it is not unpacked, however large it would be; odd notes are not ours
            with Pictures.open(BytesIO(content), formats=["PNG", "JPEG"]) as picture:
                where = picture.getexif().get_ifd(_POSITION)
                return PictureFacts(
                    width=picture.width,
                    height=picture.height,
                    printing=picture.mode == "CMYK",
                    positioned=_LATITUDE in where and _LONGITUDE in where,
                )
    except (Pictures.DecompressionBombError, OSError, SyntaxError, ValueError, LookupError, TypeError, struct.error):
        return PictureFacts()  # a damaged picture is told of when the issue is rendered


RULES: tuple[Rule, ...] = (picture_too_heavy, picture_not_shown, camera_position)
