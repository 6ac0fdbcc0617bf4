"""The pictures of one edition, each in its shape, and all of them light enough for one email. Pure.

What was made is kept for as long as the process lives: the preview renders at every save.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any, Final

from bulletin.edition.edition import Edition, Picture
from bulletin.edition.pictures.cropping import WHOLE, WIDEST, PictureShape
from bulletin.edition.pictures.keeping import Keeper
from bulletin.edition.pictures.shaping import Shaped, shape_picture

HEAVIEST: Final = 120_000
"""Bytes of a picture: half a second on a phone with poor reception."""

HEAVIEST_TOGETHER: Final = 600_000
"""Bytes of all pictures: every reader's copy carries them, and a thousand readers make it 0.6 GB."""

LEAST: Final = 20_000
"""Bytes that a picture may have however many there are: with fewer, little could be seen in it."""

_KEPT: Final = Keeper[tuple[bytes, PictureShape, int], Shaped](most=128)  # an issue has a dozen


@dataclass(frozen=True, kw_only=True, slots=True)
class _Taken:
    """A picture with what it was made of, so that it can be made lighter."""

    picture: Picture
    path: str
    source: bytes = field(repr=False)
    shape: PictureShape


class Album:
    """The pictures of one edition. `read` gives the bytes of a workspace picture by its path."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        self._read = read
        self._taken: dict[str, _Taken] = {}

    def show(self, file: str, *, width: int = WIDEST, **asked: Any) -> Picture:
        """What templates call `picture`: `crop` and `focus` also as issues write them. See `take`."""
        return self.take(file, PictureShape.read(width=width, **asked))

    def take(self, path: str, shape: PictureShape = WHOLE) -> Picture:
        """The picture at `path` in its shape. Raises BulletinError if it can't be one."""
        source = self._read(path)
        picture = take_picture(path, source, shape)
        self._taken.setdefault(picture.cid, _Taken(picture=picture, path=path, source=source, shape=shape))
        return picture

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Every picture that was taken, each content once, in the order of taking; lighter if all were too heavy."""
        most = share_bytes(len(taken.picture.content) for taken in self._taken.values())
        return tuple(_lighten(taken, most) for taken in self._taken.values())


def share_bytes(sizes: Iterable[int]) -> int:
    """How many bytes each picture may have, so that all together have HEAVIEST_TOGETHER; LEAST at least.

    Those that need less than an equal share leave what they don't need to the others.
    """
    left = HEAVIEST_TOGETHER
    ordered = sorted(sizes)
    for at, size in enumerate(ordered):
        share = left // (len(ordered) - at)
        if size > share:
            return max(LEAST, share)
        left -= size
    return HEAVIEST


def _lighten(taken: _Taken, most: int) -> Picture:
    """The picture with at most so many bytes. It keeps its content id: the page that shows it is written already."""
    if len(taken.picture.content) <= most:
        return taken.picture
    lighter = take_picture(taken.path, taken.source, taken.shape, most=most)
    return replace(lighter, cid=taken.picture.cid)


def take_picture(path: str, content: bytes, shape: PictureShape = WHOLE, *, most: int = HEAVIEST) -> Picture:
    """A picture from its bytes, in its shape, with at most `most` bytes. Raises BulletinError if it can't be one.

    It is upright by itself, because Outlook for Windows does not follow Exif; and it says nothing else, such as where
    a photo was taken. Its name and content id depend on its bytes alone, so that the same issue is the same edition
    anywhere.
    """
    key = (sha256(content).digest(), shape, most)
    made = _KEPT.find(key, partial(shape_picture, path, content, shape, most))
    digest = sha256(made.content).hexdigest()
    stem = re.sub(r"[^a-z0-9]+", "-", PurePosixPath(path).stem.lower()).strip("-") or "picture"
    return Picture(
        cid=f"{digest[:24]}@bulletin",  # RFC 2392: a content id has the form of an address
        file_name=f"{stem}-{digest[:8]}.{made.suffix}",
        media_type="image/jpeg" if made.suffix == "jpg" else f"image/{made.suffix}",
        content=made.content,
        width=made.shown[0],
        height=made.shown[1],
    )


def with_picture_files(html: str, edition: Edition) -> str:
    """`html` with its pictures as files beside it, for reading from a folder and not from a message."""
    for picture in edition.pictures:
        html = html.replace(f"cid:{picture.cid}", picture.file_name)
    return html
