"""Pictures that travel inside the message. This module owns Pillow, which loads with the first picture."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import PurePosixPath

from bulletin.edition.edition import Edition, Picture
from bulletin.errors import BulletinError

WIDEST = 560  # pixels: the column of 640 less its margins

_SUFFIXES = {"PNG": "png", "JPEG": "jpg", "GIF": "gif"}
_ORIENTATION, _TURNED = 0x0112, range(5, 9)  # Exif: values 5 to 8 turn the picture on its side


class Album:
    """The pictures of one edition. `read` gives the bytes of a workspace picture by its path."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        self._read = read
        self._pictures: dict[str, Picture] = {}

    def take(self, path: str, *, width: int = WIDEST) -> Picture:
        """The picture at `path`, shown at most `width` pixels wide. Raises BulletinError if it is none."""
        picture = take_picture(path, self._read(path), width=width)
        self._pictures.setdefault(picture.cid, picture)
        return picture

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Every picture that was taken, each content once, in the order of taking."""
        return tuple(self._pictures.values())


def take_picture(path: str, content: bytes, *, width: int = WIDEST) -> Picture:
    """A picture from its bytes. Raises BulletinError if they are not a whole PNG, JPEG or GIF.

    Its name and content id depend on its bytes alone, so that the same issue is the same edition anywhere.
    """
    suffix, natural_width, natural_height = _measure(path, content)
    shown_width = min(width, natural_width)
    digest = sha256(content).hexdigest()
    stem = re.sub(r"[^a-z0-9]+", "-", PurePosixPath(path).stem.lower()).strip("-") or "picture"
    return Picture(
        cid=f"{digest[:24]}@bulletin",  # RFC 2392: a content id has the form of an address
        file_name=f"{stem}-{digest[:8]}.{suffix}",
        media_type="image/jpeg" if suffix == "jpg" else f"image/{suffix}",
        content=content,
        width=shown_width,
        height=max(1, round(natural_height * shown_width / natural_width)),
    )


def _measure(path: str, content: bytes) -> tuple[str, int, int]:
    """File suffix, and natural width and height in pixels."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=list(_SUFFIXES)) as image:
                image.load()  # opening reads the header only; a picture cut short shows here
                width, height = image.size
                turned = image.getexif().get(_ORIENTATION) in _TURNED
                return _SUFFIXES[image.format or ""], *((height, width) if turned else (width, height))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise BulletinError(
            f"The picture “{path}” has too many pixels.", f"Make it smaller: it is shown {WIDEST} pixels wide."
        ) from None
    except (OSError, SyntaxError, ValueError):  # Pillow's three ways of saying that the bytes are wrong
        raise BulletinError(
            f"“{path}” is not a picture that mail programs show, or it is damaged.",
            "Save it again as PNG, JPEG or GIF.",
        ) from None


def with_picture_files(html: str, edition: Edition) -> str:
    """`html` with its pictures as files beside it, for reading from a folder and not from a message."""
    for picture in edition.pictures:
        html = html.replace(f"cid:{picture.cid}", picture.file_name)
    return html
