"""The disc that says “this is a film”: a white triangle on a dark disc, drawn into the still. Pure."""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.Image import Image as OpenPicture

WIDTH: Final = 85  # pixels as shown
_INK, _WHITE = (0x17, 0x1E, 0x25), (255, 255, 255)
_RING, _TRIANGLE = 0.04, 0.28  # of the disc's width: the white ring, and the triangle from its middle to a corner
_FINER = 4  # times: drawn so much larger and scaled down, the edges are smooth


def draw_play_disc(image: OpenPicture, density: float) -> OpenPicture:
    """The picture with the disc in its middle. `density`: pixels for each pixel shown."""
    from PIL import Image, ImageDraw

    width = max(1, min(round(WIDTH * density), min(image.size) // 2))
    large = width * _FINER
    disc, mask = Image.new("RGB", (large, large), _WHITE), Image.new("L", (large, large), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, large - 1, large - 1), fill=255)
    pen = ImageDraw.Draw(disc)
    pen.ellipse((large * _RING, large * _RING, large * (1 - _RING), large * (1 - _RING)), fill=_INK)
    corners = [
        (large * (0.5 + _TRIANGLE * cos(turn)), large * (0.5 + _TRIANGLE * sin(turn)))
        for turn in (0, 2 * pi / 3, 4 * pi / 3)
    ]
    pen.polygon(corners, fill=_WHITE)
    size, place = (width, width), ((image.width - width) // 2, (image.height - width) // 2)
    drawn = image.convert("RGB")
    drawn.paste(disc.resize(size, Image.Resampling.BOX), place, mask.resize(size, Image.Resampling.BOX))
    return drawn
