"""Opens a picture of any kind that can be converted, or says in words why it can't be. Pure."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Final

from bulletin.edition.pictures.cropping import Size
from bulletin.errors import BulletinError
from bulletin.workspace.picture_kinds import refuse_content

if TYPE_CHECKING:
    from PIL.Image import Image as OpenPicture

MOST_PIXELS: Final = 90_000_000
"""A phone's photo has 12 to 50 million. A small file may hold thousands of times more, and would fill the memory."""

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "TIFF", "BMP")
# Exif 2.32, 4.6.4 A: 2 to 8 say how to turn or mirror it, 5 to 8 that it lies on its side.
_ORIENTATION, _TURNED, _ON_ITS_SIDE = 0x0112, range(2, 9), range(5, 9)
# Pillow's many ways of saying that the bytes are wrong.
_DAMAGED = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, RuntimeError, EOFError)


@contextmanager
def open_picture(path: str, content: bytes) -> Iterator[OpenPicture]:
    """The picture in `content`, not decoded yet; `path` is for the error. What is done with it may raise as well.

    Raises BulletinError if it is none, is damaged, has too many pixels, or is of a kind that can't be converted.
    """
    from PIL import Image

    if kind := refuse_content(content):
        raise BulletinError(f"The picture “{path}” is {kind.name}.", kind.remedy)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd metadata does no harm; we count the pixels ourselves
            with Image.open(BytesIO(content), formats=_FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise _too_large(path)
                yield image
    except Image.DecompressionBombError:
        raise _too_large(path) from None
    except (*_DAMAGED, struct.error, MemoryError):
        raise BulletinError(
            f"“{path}” is not a picture, or it is damaged.", "Open it in a picture program, and save it as JPEG or PNG."
        ) from None


def _too_large(path: str) -> BulletinError:
    return BulletinError(
        f"The picture “{path}” has too many pixels: {MOST_PIXELS // 1_000_000} million is the most.",
        "Save it smaller: 1,280 pixels wide is enough.",
    )


def moves(image: OpenPicture) -> bool:
    """Whether it is a film of pictures. The further ones of a TIFF or of a phone's JPEG are pages, or other photos."""
    return image.format in ("PNG", "GIF", "WEBP", "AVIF") and bool(getattr(image, "is_animated", False))


def is_turned(image: OpenPicture) -> bool:
    """Whether Exif says to turn or mirror it, which Outlook for Windows does not do."""
    return image.getexif().get(_ORIENTATION, 1) in _TURNED and not moves(image)


def measure_upright(image: OpenPicture) -> Size:
    """Its width and height in pixels, once it is upright."""
    lies = image.getexif().get(_ORIENTATION, 1) in _ON_ITS_SIDE and not moves(image)
    return (image.height, image.width) if lies else image.size
