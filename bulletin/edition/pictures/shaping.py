"""Makes a picture what it is to look like: upright, cropped, scaled, opaque, sRGB, in few bytes. Pure.

A picture that is all that already leaves as it is, without its metadata; any other is made anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulletin.edition.pictures.colours import flatten, is_srgb, is_transparent, spread_colours, to_srgb
from bulletin.edition.pictures.cropping import Cut, PictureShape, Size, plan_cut
from bulletin.edition.pictures.encoding import encode
from bulletin.edition.pictures.metadata import remove_metadata
from bulletin.edition.pictures.opening import is_turned, measure_upright, moves, open_picture
from bulletin.edition.pictures.play_disc import draw_play_disc

if TYPE_CHECKING:
    from PIL.Image import Image as OpenPicture

_SUFFIXES = {"PNG": "png", "JPEG": "jpg", "MPO": "jpg", "GIF": "gif"}  # MPO: a JPEG with others behind it, as phones do


@dataclass(frozen=True, kw_only=True, slots=True)
class Shaped:
    """A picture ready to leave: its bytes, the suffix of its kind, and its size on a page."""

    content: bytes = field(repr=False)
    suffix: str
    shown: Size


def shape_picture(path: str, content: bytes, shape: PictureShape, most: int) -> Shaped:
    """The picture in its shape. `path` is for the error. Raises BulletinError if it can't be made one."""
    with open_picture(path, content) as image:
        size = measure_upright(image)
        cut = plan_cut(size, shape)
        if untouched := _leave_as_it_is(image, content, cut, shape, most):
            return Shaped(content=untouched, suffix=_SUFFIXES[image.format or ""], shown=cut.shown)
        made, suffix = encode(_develop(image, cut, shape), most, exact=image.format not in ("JPEG", "MPO"))
        return Shaped(content=made, suffix=suffix, shown=cut.shown)


def _leave_as_it_is(image: OpenPicture, content: bytes, cut: Cut, shape: PictureShape, most: int) -> bytes:
    """The file without its metadata, if it has its shape, its colours and its size already; else b"".

    One that moves need not have the size: it can't be scaled, but still moves.
    """
    whole = cut.box == (0, 0, *image.size) and not cut.border
    fits = whole if moves(image) else cut.keeps_all(image.size)
    if image.format not in _SUFFIXES or shape.play or not fits or is_turned(image) or _has_deep_colours(image, content):
        return b""
    plain = remove_metadata(content)
    if len(plain) > most:
        return b""
    image.load()  # opening reads the header only; a picture cut short shows here
    return plain if moves(image) or not is_transparent(image) else b""


def _has_deep_colours(image: OpenPicture, content: bytes) -> bool:
    """Whether some mail programs would show other colours than meant: for printing, of 16 bits, of a wide gamut."""
    deep = image.format == "PNG" and content[24:25] == b"\x10"  # W3C PNG, 11.2.1: the bits of a channel
    return deep or image.mode in ("CMYK", "I", "F", "I;16") or not is_srgb(image.info.get("icc_profile"))


def _develop(image: OpenPicture, cut: Cut, shape: PictureShape) -> OpenPicture:
    """The part that is shown, in its size and colours, upright, opaque; with its border or its disc."""
    from PIL import Image, ImageOps

    profile = image.info.get("icc_profile")
    full = measure_upright(image)
    upright = spread_colours(_load(image, cut))
    if is_turned(image):
        upright = ImageOps.exif_transpose(upright)
    scale = upright.width / full[0], upright.height / full[1]  # smaller where it was read smaller
    left, top, right, bottom = cut.box
    box = (
        left * scale[0],
        top * scale[1],
        min(right * scale[0], upright.width),
        min(bottom * scale[1], upright.height),
    )
    scaled = upright.resize(cut.inner, Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
    finished = to_srgb(flatten(scaled), profile)
    if cut.border:
        finished = ImageOps.expand(finished.convert("RGB"), cut.border, "white")
    finished = draw_play_disc(finished, cut.density) if shape.play else finished
    finished.info.clear()  # Pillow would write a comment again
    return finished


def _load(image: OpenPicture, cut: Cut) -> OpenPicture:
    """Decode it. A JPEG is read at a half, a quarter or an eighth of its size if that is enough: it is much faster."""
    left, _, right, _ = cut.box
    needed = 2 * cut.inner[0] / (right - left)  # twice as many pixels as are sent, so that scaling has what it needs
    if needed < 1:
        image.draft(None, (int(image.width * needed), int(image.height * needed)))
    image.load()
    return image
