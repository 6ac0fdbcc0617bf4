"""The pictures of a PDF: each in the shape that its place has, as a file beside the theme. Pure.

At most 1,280 pixels wide on 148 mm are 220 dots an inch: sharp on paper, and light enough to open on a phone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from bulletin.declaration.declared import Declared
from bulletin.edition.pictures.album import take_picture
from bulletin.edition.pictures.cropping import PictureShape
from bulletin.issue.framing import CENTRE, CropRatio, Focus, ImageSize
from bulletin.issue.item import Image
from bulletin.issue.kinds.in_brief import Brief
from bulletin.issue.kinds.people import Person
from bulletin.issue.kinds.video import Video
from bulletin.issue.model import Signature
from bulletin.settings.organisation import Logo

HEAVIEST: Final = 300_000
"""Bytes of a picture: a PDF is fetched once, and not with every email."""

_FULL: Final = 640  # pixels as shown, for the 148 mm of the text
_WIDTHS: Final = {ImageSize.SMALL: 200, ImageSize.HALF: 310, ImageSize.FULL: _FULL}
_MOST_HEIGHT: Final = 320  # 74 mm: a higher one leaves half a page empty before it
_MOST_OF_A_FILM: Final = 260  # its picture stays with its title, its words and its address
_PORTRAIT: Final = 120
_WIDE: Final = CropRatio(16, 9)
_TOP: Final = Focus(50, 0)


@dataclass(frozen=True, kw_only=True)
class PictureFiles:
    """The pictures that a PDF has asked for. `read` gives the bytes of a workspace picture by its path."""

    read: Callable[[str], bytes]
    files: dict[str, bytes] = field(default_factory=dict)

    def add(self, image: Image, owner: Declared) -> dict[str, Any]:
        """A picture of `owner` in its shape: its file, and its size in pixels as shown. Raises BulletinError."""
        return self._add(image.file, _find_shape(image, owner))

    def add_logo(self, logo: Logo) -> dict[str, Any]:
        """The organisation's logo."""
        return {**self._add(logo.file, PictureShape(width=logo.width)), "alt": logo.alt}

    def _add(self, path: str, shape: PictureShape) -> dict[str, Any]:
        picture = take_picture(path, self.read(path), shape, most=HEAVIEST)
        self.files.setdefault(picture.file_name, picture.content)
        return {"file": picture.file_name, "width": picture.width, "height": picture.height}


def _find_shape(image: Image, owner: Declared) -> PictureShape:
    """People are shown square, films and news in brief wide; anything else as its author cut it."""
    if isinstance(owner, Person | Signature):
        square = image.crop or CropRatio(1, 1)
        return PictureShape(width=_PORTRAIT, ratio=square, focus=image.focus or _TOP, most_height=2 * _PORTRAIT)
    wide = image.crop or (_WIDE if isinstance(owner, Brief | Video) else None)
    return PictureShape(
        width=_WIDTHS[image.size],
        ratio=wide,
        focus=image.focus or CENTRE,
        most_height=_MOST_OF_A_FILM if isinstance(owner, Video) else _MOST_HEIGHT,
        play=isinstance(owner, Video),
    )
