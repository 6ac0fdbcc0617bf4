"""The pictures of a page: files below `assets/`, named by their content, so that none ever changes. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bulletin.edition.edition import Picture
from bulletin.edition.pictures.album import take_picture
from bulletin.edition.pictures.cropping import PictureShape
from bulletin.issue.framing import parse_ratio

ASSETS = "assets/"
SHARED = PictureShape(width=600, ratio=parse_ratio("40:21"))
"""What other websites show beside a link: 1,200 × 630 pixels on a sharp screen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PagePicture:
    """A picture as a template shows it: its address, and its size as shown, in pixels."""

    address: str
    width: int
    height: int
    alt: str = ""


@dataclass(kw_only=True, slots=True)
class PageAlbum:
    """Takes pictures of the workspace for pages below `base`. `files` has each that was taken, by its path."""

    read: Callable[[str], bytes]
    base: str
    files: dict[str, bytes] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)

    def show(self, file: str, *, width: int = 620, **asked: Any) -> PagePicture:
        """What templates call `picture`. Raises BulletinError if it can't be one."""
        return self.take(file, PictureShape.read(width=width, **asked))

    def take(self, file: str, shape: PictureShape, *, alt: str = "") -> PagePicture:
        """The picture in its shape."""
        made: Picture = take_picture(file, self.read(file), shape)
        path = f"{ASSETS}{made.file_name}"
        self.files[path] = made.content
        if file not in self.sources:
            self.sources.append(file)
        return PagePicture(address=f"{self.base}/{path}", width=made.width, height=made.height, alt=alt)
