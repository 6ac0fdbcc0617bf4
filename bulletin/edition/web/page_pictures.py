"""The pictures of a page: files below `assets/`, named by their content, so that none ever changes. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bulletin.edition.edition import Picture
from bulletin.edition.pictures.album import take_picture
from bulletin.edition.pictures.cropping import PictureShape
from bulletin.issue.framing import CENTRE, CropRatio, Focus, parse_focus, parse_ratio

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

    def show(
        self,
        file: str,
        *,
        width: int = 620,
        crop: CropRatio | str | None = None,
        focus: Focus | str | None = None,
        most_height: int | None = None,
        logo: bool = False,
        play: bool = False,
    ) -> PagePicture:
        """What templates call `picture`. Raises BulletinError if it can't be one."""
        shape = PictureShape(
            width=width,
            ratio=parse_ratio(crop) if isinstance(crop, str) else crop,
            focus=parse_focus(focus) if isinstance(focus, str) else focus or CENTRE,
            most_height=most_height,
            logo=logo,
            play=play,
        )
        return self.take(file, shape)

    def take(self, file: str, shape: PictureShape, *, alt: str = "") -> PagePicture:
        """The picture in its shape."""
        made: Picture = take_picture(file, self.read(file), shape)
        path = f"{ASSETS}{made.file_name}"
        self.files[path] = made.content
        if file not in self.sources:
            self.sources.append(file)
        return PagePicture(address=f"{self.base}/{path}", width=made.width, height=made.height, alt=alt)
