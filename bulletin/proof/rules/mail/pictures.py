"""Email: pictures that can't be shown, too many, that no longer move, or whose file says where they were taken. Pure.

What leaves counts, and not the file: pictures are scaled and made light when the email is made. Pillow loads only for
pictures that need it: those with camera data, and those that may move.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from io import BytesIO
from random import Random
from typing import Final

from bulletin.declaration.source import parse_source
from bulletin.edition.pictures.album import HEAVIEST, HEAVIEST_TOGETHER, LEAST
from bulletin.edition.pictures.keeping import Keeper
from bulletin.edition.pictures.opening import moves, open_picture
from bulletin.errors import BulletinError
from bulletin.issue.item import Image
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_SETTINGS = "bulletin.yaml"
_LATITUDE, _LONGITUDE, _POSITION = (
    2,
    4,
    0x8825,
)  # Exif: the tags of the position, and the tag of the block that holds them


@dataclass(frozen=True, kw_only=True)
class PictureFacts:
    """The facts in a picture's file: whether it moves, whether it says where on the map it was taken.

    `fault` is why it can't be shown, and what to do.
    """

    moving: bool = False
    positioned: bool = False
    fault: tuple[str, str] | None = None


_KNOWN: Final = Keeper[tuple[str, bytes], PictureFacts](most=128)


@dataclass(frozen=True, kw_only=True)
class Held:
    """A picture of the issue, or the logo in bulletin.yaml: its path, its bytes, and the place of its name."""

    context: Context
    file: str
    content: bytes
    place: tuple[str | int, ...]

    @property
    def facts(self) -> PictureFacts:
        key = (self.file, sha256(self.content).digest())
        return _KNOWN.find(key, partial(_read_facts, self.file, self.content))

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


# The smallest possible picture, a grey dot, and the same with the position 51.45° north, 0.15° east.
_DOT = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==")


def _draw_noise(seed: int) -> bytes:
    """A picture that can't be made light without losing what is in it."""
    from PIL import Image as Pictures

    content = BytesIO()
    Pictures.frombytes("L", (420, 420), Random(seed).randbytes(420 * 420)).save(content, "PNG")  # noqa: S311 -- no secret
    return content.getvalue()


def _draw_film(frames: int) -> bytes:
    """A GIF that moves, of 40 KB for each frame."""
    from PIL import Image as Pictures

    drawn = [Pictures.frombytes("L", (200, 200), Random(seed).randbytes(40_000)) for seed in range(frames)]  # noqa: S311 -- no secret
    content = BytesIO()
    drawn[0].save(content, "GIF", save_all=True, append_images=drawn[1:], duration=500, loop=0)
    return content.getvalue()


_DOT_WITH_POSITION = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAAgGVYSWZNTQAqAAAACAABiCUABAAAAAEAAAAaAAAAAAAEAAEAAgAAAAJOAAAAAAIABQAA"
    "AAMAAABQAAMAAgAAAAJFAAAAAAQABQAAAAMAAABoAAAAAAAAADMAAAABAAAAGwAAAAEAAAAAAAAAAQAAAAAAAAABAAAACQAAAAEAAAAAAAAAAevGJYoA"
    "AAAKSURBVHicY2AAAAACAAFIr6RxAAAAAElFTkSuQmCC"
)


@rule(
    "MAIL04",
    "picture-too-heavy",
    severity=Severity.WARNING,
    reason="Every copy carries its pictures. One that moves can’t be made lighter, so readers get its first frame.",
    wrong=[
        Example(
            sections=_article("garden.gif"),
            files={"issues/images/garden.gif": partial(_draw_film, 6)},
            at="issues/images/garden.gif",
        )
    ],
    right=[Example(sections=_article("garden.gif"), files={"issues/images/garden.gif": partial(_draw_film, 2)})],
)
def picture_too_heavy(context: Context) -> Iterator[Violation]:
    """A picture that moves and is more than 120 KB."""
    for picture in _find_pictures(context):
        size = len(picture.content)
        if size > HEAVIEST and picture.facts.moving:
            yield picture.violation(
                f"This moving picture is {size / 1000:,.0f} KB, so readers get its first frame, which doesn’t move.",
                f"Save it with fewer frames, or smaller: {HEAVIEST // 1000} KB is the most.",
            )


def _garden(number: int) -> str:
    return (
        f"- {{kind: notice, title: Bed {number}, text: It flowers., image: {{file: beds/{number}.png, alt: A bed}}}}\n"
    )


@rule(
    "MAIL12",
    "email-too-heavy",
    severity=Severity.ERROR,
    reason="Every reader would get that much: it fills mailboxes, costs money on phones, and some servers refuse it.",
    wrong=[
        Example(
            sections="".join(_garden(number) for number in range(1, 41)),
            files={f"beds/{number}.png": partial(_draw_noise, number) for number in range(1, 41)},
            at="beds/40.png",
        )
    ],
    right=[
        Example(
            sections="".join(_garden(number) for number in range(1, 5)),
            files={f"beds/{number}.png": partial(_draw_noise, number) for number in range(1, 5)},
        )
    ],
)
def email_too_heavy(context: Context) -> Iterator[Violation]:
    """More pictures than go into 600 KB, however light each is made."""
    held = list(_find_pictures(context))
    number = len({picture.content for picture in held})
    if number * LEAST <= HEAVIEST_TOGETHER or not context.edition:
        return
    size = sum(len(picture.content) for picture in context.edition.pictures)
    if size > HEAVIEST_TOGETHER:
        yield held[-1].violation(
            f"The email’s {number} pictures come to {size / 1000:,.0f} KB, though each is made as light as can be.",
            f"Leave some out. {HEAVIEST_TOGETHER // 1000} KB is the most.",
        )


@rule(
    "MAIL05",
    "picture-not-shown",
    severity=Severity.ERROR,
    reason="Instead of a picture that can’t be opened, readers would see an empty box with a cross.",
    wrong=[
        Example(
            sections=_article("garden.png"),
            files={"issues/images/garden.png": _DOT[:40]},
            at="issues/images/garden.png",
        )
    ],
    right=[Example(sections=_article("garden.png"), files={"issues/images/garden.png": _DOT})],
)
def picture_not_shown(context: Context) -> Iterator[Violation]:
    """A file that is no picture, whatever its name says; is damaged; or has too many pixels."""
    for picture in _find_pictures(context):
        if picture.facts.fault:
            yield picture.violation(*picture.facts.fault)


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
    if logo := context.settings.dress(context.bulletin).organisation.logo:
        yield from _read(context, hold, logo.file, ("organisation", "logo", "file"))
    for record in context.records:
        if isinstance(record.value, Image):
            yield from _read(context, hold, record.value.file, (*record.place, "file"))


def _read(context: Context, hold: partial[Held], file: str, place: tuple[str | int, ...]) -> Iterator[Held]:
    if content := context.read_file(file):
        yield hold(file=file, content=content, place=place)


def _read_facts(file: str, content: bytes) -> PictureFacts:
    """The facts in a picture's file. It is decoded as far as is needed to see that it is whole."""
    try:
        with open_picture(file, content) as picture:
            where = picture.getexif().get_ifd(_POSITION)
            facts = PictureFacts(moving=moves(picture), positioned=_LATITUDE in where and _LONGITUDE in where)
            picture.draft(None, (1, 1))  # an eighth of a JPEG is enough
            picture.load()
            return facts
    except BulletinError as error:
        return PictureFacts(fault=(error.message, error.remedy))


RULES: tuple[Rule, ...] = (picture_too_heavy, picture_not_shown, camera_position, email_too_heavy)
