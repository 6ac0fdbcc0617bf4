"""Pictures that travel inside the message. This module owns Pillow, which loads with the first picture."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from bulletin.edition.edition import Edition, Picture
from bulletin.edition.metadata import remove_metadata
from bulletin.errors import BulletinError

if TYPE_CHECKING:
    from PIL.Image import Image as OpenPicture

WIDEST = 560  # pixels: the column of 640 less its margins

_FORMATS = ("PNG", "JPEG", "GIF")
_SUFFIXES = {"PNG": "png", "JPEG": "jpg", "MPO": "jpg", "GIF": "gif"}  # MPO: a JPEG with others behind it, as phones do
# Exif 2.32, 4.6.4 A: 2 to 8 say how to turn or mirror it, 5 to 8 that it lies on its side.
_ORIENTATION, _TURNED, _ON_ITS_SIDE = 0x0112, range(2, 9), range(5, 9)


class Album:
    """The pictures of one edition. `read` gives the bytes of a workspace picture by its path."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        self._read = read
        self._pictures: dict[str, Picture] = {}

    def take(self, path: str, *, width: int = WIDEST, **_: object) -> Picture:
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

    It is upright by itself, because Outlook for Windows does not follow Exif; and it says nothing else, such as where
    a photo was taken. Its name and content id depend on its bytes alone, so that the same issue is the same edition
    anywhere.
    """
    suffix, natural_width, natural_height, upright = _measure(path, content)
    content = remove_metadata(upright or content)
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


def _measure(path: str, content: bytes) -> tuple[str, int, int, bytes]:
    """File suffix, upright width and height in pixels, and the upright picture's bytes if these are not upright."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=_FORMATS) as image:
                image.load()  # opening reads the header only; a picture cut short shows here
                upright = _turn(image) if image.getexif().get(_ORIENTATION, 1) in _TURNED else b""
                width, height = _measure_upright(image)
                return _SUFFIXES[image.format or ""], width, height, upright
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise BulletinError(
            f"The picture “{path}” has too many pixels.", f"Make it smaller: it is shown {WIDEST} pixels wide."
        ) from None
    except (OSError, SyntaxError, ValueError):  # Pillow's three ways of saying that the bytes are wrong
        raise BulletinError(
            f"“{path}” is not a picture that mail programs show, or it is damaged.",
            "Save it again as PNG, JPEG or GIF.",
        ) from None


def _measure_upright(image: OpenPicture) -> tuple[int, int]:
    lies = image.getexif().get(_ORIENTATION, 1) in _ON_ITS_SIDE and not _moves(image)
    return (image.height, image.width) if lies else image.size


def _turn(image: OpenPicture) -> bytes:
    """The picture as Exif says that it is to be shown, as good as before; b"" for one that moves.

    A JPEG keeps its quality: it is written with its own tables (ITU-T T.81, B.2.4.1).
    """
    from PIL import ImageOps, JpegImagePlugin

    if _moves(image):
        return b""
    written = BytesIO()
    options: dict[str, Any] = {"icc_profile": image.info.get("icc_profile")}
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        options["qtables"] = image.quantization
        if (sampling := JpegImagePlugin.get_sampling(image)) >= 0:  # -1: one that Pillow can't write
            options["subsampling"] = sampling
    else:
        options["optimize"] = True
    file_format = "PNG" if image.format == "PNG" else "JPEG"
    ImageOps.exif_transpose(image).save(written, format=file_format, **options)
    return written.getvalue()


def _moves(image: OpenPicture) -> bool:
    return image.format in ("PNG", "GIF") and bool(getattr(image, "is_animated", False))


def with_picture_files(html: str, edition: Edition) -> str:
    """`html` with its pictures as files beside it, for reading from a folder and not from a message."""
    for picture in edition.pictures:
        html = html.replace(f"cid:{picture.cid}", picture.file_name)
    return html
