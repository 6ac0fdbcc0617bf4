"""Which part of a picture is shown, how large, and with how many pixels. Pure arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf
from typing import Any, Final, Self, TypeAlias

from bulletin.issue.framing import CENTRE, CropRatio, Focus, parse_focus, parse_ratio

WIDEST: Final = 560  # pixels as shown: the column of 640 less its margins
BORDER: Final = 8
"""Pixels of white around a logo, as shown: on a dark page it keeps its ground."""

_DENSITY: Final = 2  # of sharp screens: pixels sent for each pixel shown
_WIDEST_SENT, _HIGHEST_SENT = 1280, 2560  # pixels: no screen shows more of a column of 640

Size: TypeAlias = tuple[int, int]
Box: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureShape:
    """What a picture is to look like: at most `width` and `most_height` pixels as shown, never larger than it is.

    It is cropped to `ratio` around `focus`; without a ratio nothing is cut off. A `logo` gets white around it, within
    its width; `play` draws the disc of a film.
    """

    width: int = WIDEST
    ratio: CropRatio | None = None
    focus: Focus = CENTRE
    most_height: int | None = None
    logo: bool = False
    play: bool = False

    @classmethod
    def read(
        cls, *, width: int, crop: CropRatio | str | None = None, focus: Focus | str | None = None, **others: Any
    ) -> Self:
        """The shape that a template asks for: `crop` and `focus` may be as issues write them."""
        return cls(
            width=width,
            ratio=parse_ratio(crop) if isinstance(crop, str) else crop,
            focus=parse_focus(focus) if isinstance(focus, str) else focus or CENTRE,
            **others,
        )


WHOLE: Final = PictureShape()
"""All of it, as wide as the column."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cut:
    """The part of an upright picture to keep, as a box in its pixels, and the sizes it gets.

    `inner` is the part's size in pixels sent; `border` is added at each side of it; `shown` is the size on a page.
    """

    box: Box
    inner: Size
    border: int
    shown: Size

    @property
    def density(self) -> float:
        """Pixels sent for each pixel shown."""
        return (self.inner[0] + 2 * self.border) / self.shown[0]

    def keeps_all(self, size: Size) -> bool:
        """Whether a picture of this size is kept whole and as large as it is."""
        return self.inner == size and not self.border and self.box == (0, 0, *size)


def plan_cut(size: Size, shape: PictureShape) -> Cut:
    """The cut that gives a picture of `size` (width and height in pixels, upright) its shape."""
    left, top, right, bottom = box = _find_box(size, shape.ratio, shape.focus)
    proportion = shape.ratio.width / shape.ratio.height if shape.ratio else size[0] / size[1]
    margin = 2 * BORDER if shape.logo else 0
    most_height = max(1, shape.most_height - margin) if shape.most_height else inf
    width = max(1, int(min(shape.width - margin, right - left, most_height * proportion)))
    height = max(1, int(min(round(width / proportion), most_height)))
    density = min(
        _DENSITY, (right - left) / width, (bottom - top) / height, _WIDEST_SENT / width, _HIGHEST_SENT / height
    )
    inner_width = max(1, int(width * density + 0.001))  # 2 / 3 * 3 may be a little less than 2
    inner_height = min(round(inner_width / proportion), ceil(bottom - top))
    return Cut(
        box=box,
        inner=(inner_width, max(1, inner_height)),
        border=round(BORDER * density) if shape.logo else 0,
        shown=(width + margin, height + margin),
    )


def _find_box(size: Size, ratio: CropRatio | None, focus: Focus) -> Box:
    """The largest part of that ratio. The point of the focus has the same place in it as in the whole."""
    width, height = float(size[0]), float(size[1])
    if ratio:
        width = min(width, size[1] * ratio.width / ratio.height)
        height = min(height, size[0] * ratio.height / ratio.width)
    left = (size[0] - width) * focus.across / 100
    top = (size[1] - height) * focus.down / 100
    return left, top, left + width, top + height
